"""The first credentials of a chain, through botocore's own providers.

One provider is asked, the one the catalog says the chain begins with, so that nothing that lies around in
the environment can answer instead of it.
"""

import os
import re
import stat
import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import botocore.configloader
import botocore.session
from botocore.credentials import ConfigProvider, EnvProvider, ProcessProvider, SharedCredentialProvider
from botocore.exceptions import BotoCoreError

from stsui.aws.boto import neutral_session
from stsui.handover.environ import RUNNING, running
from stsui.model import errors
from stsui.model.credentials import Credentials, Secret
from stsui.model.roles import Source
from stsui.model.text import clean

TOKEN_BYTES = 20_000
ASSERTION = 100_000
"""Characters. Source: STS AssumeRoleWithSAML, SAMLAssertion."""
PROCESS_SECONDS = 60.0
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)


def credentials(source: Source, environ: Mapping[str, str]) -> Credentials:
    """What the source gives now.

    Raises:
        StsuiError: It gives nothing; says why.
        Exception: Whatever botocore raises; the caller translates.
    """
    if source.kind == "environment":
        return _frozen(EnvProvider(dict(environ)).load(), source)
    if source.kind in ("ec2", "container"):
        resolver = neutral_session().get_component("credential_provider")
        provider = resolver.get_provider("iam-role" if source.kind == "ec2" else "container-role")
        return _frozen(provider.load(), source)
    session = botocore.session.Session(profile=source.name)
    if source.kind == "static":
        return _frozen(_static(session, source.name), source)
    if source.kind == "process":
        inner = {**environ, RUNNING: "\n".join((*running(environ), source.name))}
        popen = partial(subprocess.Popen, env=inner)
        return _frozen(ProcessProvider(source.name, lambda: session.full_config, popen).load(), source)
    return _frozen(session.get_credentials(), source)


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
    inner = {**environ, RUNNING: "\n".join((*running(environ), role))}
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


def _static(session: botocore.session.Session, profile: str) -> Any:
    """The keys written in a profile; the credentials file wins, as in botocore."""
    for provider in (
        SharedCredentialProvider(session.get_config_variable("credentials_file"), profile),
        ConfigProvider(session.get_config_variable("config_file"), profile),
    ):
        found = provider.load()
        if found is not None:
            return found
    return None


def _frozen(found: Any, source: Source) -> Credentials:
    """botocore's credentials as ours.

    Their end stands in a private attribute of botocore's refreshable kinds; where it is missing they count
    as credentials that do not say when they end.
    """
    if found is None:
        raise errors.NoSource(
            f"{source.name} has no usable credentials.", role=source.name, code="NoCredentials"
        )
    frozen = found.get_frozen_credentials()
    expiry = getattr(found, "_expiry_time", None)
    return Credentials(
        frozen.access_key,
        Secret(frozen.secret_key),
        Secret(frozen.token or ""),
        int(expiry.timestamp()) if expiry is not None else None,
    )
