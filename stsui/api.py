"""`stsui.session("prod-admin")`: a role for Python programs.

This and `stsui.StsuiError` are what other programs may rely on; every other name may change.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from stsui.model.errors import MfaRequired, StsuiError, UsageError

if TYPE_CHECKING:
    import boto3

    from stsui.model.session import Session
    from stsui.wiring import Services

__all__ = ["StsuiError", "session"]


def session(
    role: str = "", *, region_name: str | None = None, code: Callable[[str], str] | None = None
) -> "boto3.Session":
    """A boto3 session that is the role and stays so: its credentials are renewed before they end.

    The session is the one that every other program of yours has of that role: AWS is asked only when none
    is held, or it is about to end. Guards and limits of the config hold as for `credential_process`.

    Args:
        role: Its whole name, or `NAME@VARIANT`; nothing is guessed. Empty: the current session's.
        region_name: Of clients that name none; else the role's Region, else what boto3 finds.
        code: Asks a person for the MFA code of the device it is given. Without it, and at every later
            renewal, nobody is asked.

    Raises:
        StsuiError: The session cannot be had. Its text says why, `hint` what to type, `exit_code` is that
            of the command line: 3 where a person is needed. A renewal that fails raises it out of the
            boto3 call, once the credentials have less than ten minutes left.
    """
    from stsui.wiring import open_services

    return boto_session(open_services(os.environ), role, region_name or "", code)


def boto_session(
    services: "Services", role: str, region: str, code: Callable[[str], str] | None = None
) -> "boto3.Session":
    """As `session`, of services that are open."""
    from stsui.wiring import boto_session as wired

    name = role or services.store.current()
    if not name:
        raise UsageError("No current session. Name a role, or use one first.", hint="stsui assume ROLE")
    asking = _Asking(services, services.store.named(name).name)
    if code is not None:
        asking.with_code(code)
    return wired(services, asking.now, region)


class _Asking:
    """One role's session, again and again, as a program that nobody sits at."""

    def __init__(self, services: "Services", name: str) -> None:
        self._services = services
        self._name = name
        self._handed = ""

    def now(self) -> "Session":
        return self._had(None)

    def with_code(self, code: Callable[[str], str]) -> None:
        """Once, so that the session is there, or the one below it that the code is for."""
        try:
            self._had(None)
        except MfaRequired as error:
            self._had(code(error.serial).strip())

    def _had(self, code: str | None) -> "Session":
        services = self._services
        passed = services.gate.admit(self._name, "process", person=False)
        made = services.store.assume(self._name, code=code, passed=passed)
        if made.credentials.access_key_id != self._handed:
            self._handed = made.credentials.access_key_id
            services.gate.handed(
                made, "process", f"{os.path.basename(sys.argv[0]) or 'python'} {os.getpid()}"
            )
        else:
            services.gate.touch(made)
        return made
