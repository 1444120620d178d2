"""Foreign text made harmless, secrets masked, and near names found."""

from collections.abc import Iterable

LIMIT = 500
"""Characters that a foreign string keeps; no name, ARN or sentence of AWS is longer."""


def clean(text: str, limit: int = LIMIT) -> str:
    r"""`text` as something a terminal cannot act on: what is not printable shows as an escape such as `\x1b`.

    Covers control characters, bidirectional and zero-width marks, lone surrogates, private use and every
    space other than U+0020. Cut to `limit` characters with `…`.
    """
    if text.isprintable() and len(text) <= limit:
        return text
    shown = "".join(c if c.isprintable() else _escaped(c) for c in text[: limit + 1])
    return shown if len(text) <= limit and len(shown) <= limit else shown[: limit - 1] + "…"


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def masked_key_id(access_key_id: str) -> str:
    """`ASIA…R7QX`: the first and last four characters, enough to recognise a key, not to use it."""
    return f"{access_key_id[:4]}…{access_key_id[-4:]}" if len(access_key_id) >= 12 else "…"


MANY = 200
"""Names that are compared with a mistyped one, letter by letter."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names of `known` that look like a typing error of `name`, best first."""
    import difflib
    import heapq

    folded, meant = {k.casefold(): k for k in known}, name.casefold()
    if len(folded) > MANY:
        # Comparing takes 20 microseconds each: only those that share the most pairs of letters are.
        pairs = {meant[n : n + 2] for n in range(len(meant) - 1)}
        shared = heapq.nlargest(MANY, folded, key=lambda text: sum(pair in text for pair in pairs))
    else:
        shared = list(folded)
    found = difflib.get_close_matches(meant, shared, n=most, cutoff=0.6)
    return tuple(folded[f] for f in found)
