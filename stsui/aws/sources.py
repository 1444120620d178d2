"""The first credentials of a chain: keys where they stand, everything else through botocore's own providers.

One provider is asked, the one the catalog says the chain begins with, so that nothing that lies around in
the environment can answer instead of it.
"""

import os
import re
import stat
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import botocore.configloader
import botocore.session
from botocore.credentials import EnvProvider
from botocore.exceptions import BotoCoreError

from stsui.aws import answers, processes, static_keys
from stsui.aws.boto import neutral_session
from stsui.model import errors
from stsui.model.credentials import Credentials, Secret
from stsui.model.roles import Source
from stsui.model.text import clean
from stsui.sessions.actions import Answer
from stsui.sessions.callers import VARIABLE, with_callers

TOKEN_BYTES = 20_000
ASSERTION = 100_000
"""Characters. Source: STS AssumeRoleWithSAML, SAMLAssertion."""
PROCESS_SECONDS = 60.0
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)


def credentials(source: Source, environ: Mapping[str, str], asking: Sequence[str]) -> Answer:
    """What the source gives now.

    Args:
        asking: The sessions that wait for it; a program that is run is told, so that it does not ask us for
            one of them.

    Raises:
        StsuiError: It gives nothing; says why.
        Exception: Whatever botocore raises; the caller translates.
    """
    if source.kind == "static":
        return Answer(_there(static_keys.read(source.name, environ), source))
    if source.kind == "process":
        return _answer(processes.provider(source, environ, asking).load(), source)
    if source.kind == "environment":
        return _answer(EnvProvider(dict(environ)).load(), source)
    if source.kind in ("ec2", "container"):
        resolver = neutral_session().get_component("credential_provider")
        provider = resolver.get_provider("iam-role" if source.kind == "ec2" else "container-role")
        return _answer(provider.load(), source)
    return _answer(botocore.session.Session(profile=source.name).get_credentials(), source)


def web_identity_token(role: str, source: Source) -> str:
    """The identity token in the source's file, read anew each time because it is replaced there.

    Raises:
        NoSource: The file is not there, not a file, or holds no token.
    """
    path = os.path.expanduser(source.detail)
    try:
        with open(path, encoding="ascii", opener=_nonblocking) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise errors.NoSource(f"{role}: {source.detail} is not a file.", role=role)
            token = file.read(TOKEN_BYTES + 1).strip()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise errors.NoSource(
            f"{role}: the identity token {source.detail} cannot be read ({reason}).", role=role
        ) from error
    except UnicodeDecodeError as error:
        raise errors.NoSource(
            f"{role}: {source.detail} does not hold an identity token.", role=role
        ) from error
    if not 4 <= len(token) <= TOKEN_BYTES:
        raise errors.NoSource(f"{role}: {source.detail} does not hold an identity token.", role=role)
    return token


def saml_assertion(role: str, argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """What the user's own command prints: a SAML response in base64, taken anew for each call.

    Raises:
        NoSource: It cannot be run, fails, takes longer than a minute, or prints something else.
    """
    shown = clean(argv[0])
    inner = {**environ, VARIABLE: with_callers(environ, [role])}
    try:
        done = subprocess.run(
            list(argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROCESS_SECONDS,
            env=inner,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise errors.NoSource(f"saml_process {shown} cannot be run: {error}.", role=role) from error
    except subprocess.TimeoutExpired as error:
        reason = f"saml_process {shown} gave no assertion in {PROCESS_SECONDS:.0f} s."
        raise errors.NoSource(reason, role=role) from error
    if done.returncode:
        said = clean(done.stderr.decode("utf-8", "replace").strip(), 200)
        reason = f"saml_process {shown} ended with code {done.returncode}" + (f": {said}" if said else ".")
        raise errors.NoSource(reason, role=role)
    assertion = "".join(done.stdout.decode("ascii", "replace").split())
    if not 4 <= len(assertion) <= ASSERTION or not _BASE64.fullmatch(assertion):
        raise errors.NoSource(
            f"saml_process {shown} did not print a SAML response in base64, and nothing else.", role=role
        )
    return assertion


def refusal(path: str) -> str:
    """Why botocore refuses the config file as a whole; empty when it reads it."""
    try:
        botocore.configloader.load_config(path)
    except BotoCoreError as error:
        return clean(str(error), 200)
    return ""


def _nonblocking(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


Found = TypeVar("Found")


def _there(found: Found | None, source: Source) -> Found:
    if found is None:
        raise errors.NoSource(
            f"{source.name} has no usable credentials.", role=source.name, code="NoCredentials"
        )
    return found


def _answer(found: Any, source: Source) -> Answer:
    """botocore's credentials as ours.

    Their end stands in a private attribute of botocore's refreshable kinds; where it is missing they count
    as credentials that do not say when they end.
    """
    frozen = _there(found, source).get_frozen_credentials()
    expiry = getattr(found, "_expiry_time", None)
    key_id, secret, token = frozen.access_key, frozen.secret_key, frozen.token or ""
    if not answers.plausible(key_id, secret, token):
        raise errors.NoSource(f"What {source.name} gives cannot be credentials.", role=source.name)
    end = int(expiry.timestamp()) if expiry is not None else None
    # Older releases of botocore do not pass the account on.
    account = clean(str(getattr(frozen, "account_id", None) or ""))
    return Answer(Credentials(key_id, Secret(secret), Secret(token), end), account_id=account)
