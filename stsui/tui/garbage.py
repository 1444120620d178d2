"""When garbage is looked for: not on the way to the first picture, and not again in what stays all day."""

import gc

USUAL = (1_000, 10, 10)
"""Thresholds from the first picture on; the way there made little of it, dialogs do."""


class Garbage:
    """Does nothing where nobody has turned it off before (`run.py` has), such as in a test."""

    def __init__(self) -> None:
        self._off = not gc.isenabled()
        self._called = False

    def drawn(self) -> None:
        """The first picture stands. What there is stays: to look through it takes as long as two pictures."""
        if self._off:
            gc.freeze()
            gc.set_threshold(*USUAL)
            gc.enable()

    def quiet(self) -> None:
        """The first keys are answered: now it is looked through once, so that botocore gets what is free."""
        if self._off:
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def called(self) -> None:
        """What the first call has loaded stays too."""
        if self._off and not self._called:
            self._called = True
            gc.freeze()
