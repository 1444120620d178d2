"""Our marked block in `~/.aws/config`, byte for byte nothing else.

The block stands at the end and belongs to stsui; whatever is outside of it is kept as it is, down to line
ends and a missing last one. A link is written through, so that a dotfiles repository keeps its file.
"""

import itertools
import os
import re
import shlex
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stsui.config.shadow import LIVE_PROFILE
from stsui.model.errors import ConfigError, StoreError
from stsui.model.roles import Role
from stsui.model.text import clean

BEGIN = b"# >>> stsui >>> written by `stsui config profiles --write`; changes in here are overwritten"
END = b"# <<< stsui <<<"
_BLOCK = re.compile(
    rb"(?:^|(?<=\n))# >>> stsui >>>[^\n]*\n(?:(?!# >>> stsui >>>)[^\n]*\n)*?# <<< stsui <<<[^\n]*(?:\n|\Z)"
)
CURRENT_PROFILE = "stsui-current"
_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


class Profile(NamedTuple):
    """A profile of our block, whose credentials are asked of stsui."""

    name: str
    role: str
    """What `stsui credential-process` is given; `--current` follows the current session. Empty: the profile
    has no credentials, so that an SDK goes on to a slot."""
    region: str


def profiles(roles: Iterable[Role], taken: Iterable[str], region: str = "") -> list[Profile]:
    """One profile for each role; named like the role unless the AWS files have that name already.

    Args:
        region: Of the profile that follows the current session, whichever that is.
    """
    names = {name.casefold() for name in (*taken, CURRENT_PROFILE, LIVE_PROFILE)}
    found = [Profile(CURRENT_PROFILE, "--current", region)]
    for role in roles:
        wanted = (*(() if role.from_aws_files else (role.name,)), f"stsui-{role.name}")
        more = (f"stsui-{role.name}-{n}" for n in itertools.count(2))
        name = next(name for name in itertools.chain(wanted, more) if name.casefold() not in names)
        names.add(name.casefold())
        found.append(Profile(name, role.name, role.region))
    return found


def block(found: Iterable[Profile], command: str, newline: bytes = b"\n") -> bytes:
    """The block's text.

    Args:
        command: The absolute path of `stsui`; programs without our PATH run it.

    Raises:
        ConfigError: A name cannot be written so that every SDK reads it as it is.
    """
    lines = [BEGIN]
    for profile in found:
        section = profile.name if _PLAIN.fullmatch(profile.name) else shlex.quote(profile.name)
        if "\n" in section or "]" in section:
            raise ConfigError(
                f'The role "{clean(profile.name)}" cannot be an AWS profile: rename it.', role=profile.name
            )
        lines.append(f"[profile {section}]".encode())
        if profile.role:
            argv = " ".join(_word(word) for word in (command, "credential-process", profile.role))
            lines.append(f"credential_process = {argv}".encode())
        if profile.region:
            lines.append(f"region = {profile.region}".encode())
    return newline.join([*lines, END, b""])


def with_block(text: bytes, new: bytes) -> bytes:
    """`text` with our block replaced by `new`, or with `new` at its end; an empty one takes it out.

    What was put in is taken out without a trace: the rest has the very bytes it had before.
    """
    found = _BLOCK.search(text)
    if found:
        before, after = text[: found.start()], _BLOCK.sub(b"", text[found.end() :])
        if not new:
            return _without_joint(before) + after
        return before + new + after
    if not new:
        return text
    return text + _joint(text) + new


def with_live_profile(text: bytes, region: str) -> bytes:
    """`text` with the profile `stsui-live` in our block, which is made where there is none."""
    newline = newline_of(text)
    lines = block([Profile(LIVE_PROFILE, "", region)], "", newline)
    found = _BLOCK.search(text)
    if found is None:
        return with_block(text, lines)
    if has_live_profile(text):
        return text
    profile = lines[len(BEGIN + newline) : -len(END + newline)]
    at = text.index(END, found.start())
    return text[:at] + profile + text[at:]


def has_live_profile(text: bytes) -> bool:
    """Whether our block has that profile."""
    found = _BLOCK.search(text)
    return found is not None and f"[profile {LIVE_PROFILE}]".encode() in found[0]


def newline_of(text: bytes) -> bytes:
    """The line end that the file uses."""
    return b"\r\n" if b"\r\n" in text else b"\n"


def read(path: str) -> bytes:
    """The file's bytes; empty when there is none.

    Raises:
        ConfigError: It is there and cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).") from error


def write(path: str, new: bytes, accepts: Callable[[str], str], old: bytes | None = None) -> str:
    """Replaces the file and gives the path of the backup, empty when there was nothing to keep.

    Args:
        accepts: Reads the new file as AWS's tools would, before it replaces the old one; gives the reason
            why it is refused, or an empty text.
        old: What `new` was made of; a file that is another one by now is left alone.

    Raises:
        ConfigError: It would be refused, or is another one by now; the file is as it was.
        StoreError: It cannot be written; the file is as it was.
    """
    target = os.path.realpath(path)
    there = read(target)
    if old is not None and there != old:
        raise ConfigError(f"{path} was changed by another program meanwhile. Nothing was written; try again.")
    old = there
    temporary, backup = f"{target}.stsui-{os.getpid()}", ""
    try:
        mode = os.stat(target).st_mode & 0o777 if old else 0o600
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
        _write_new(temporary, new, mode)
        reason = accepts(temporary)
        if reason:
            raise ConfigError(f"{path} stays as it is: AWS's tools would refuse the new one ({reason}).")
        if old:
            backup = f"{target}.before-stsui"
            if not os.path.lexists(backup):
                _write_new(backup, old, mode)
        os.replace(temporary, target)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from error
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)
    return backup


def _write_new(path: str, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _word(word: str) -> str:
    """One word as every SDK splits it; Windows paths have no quotes to lose."""
    return word if _PLAIN.fullmatch(word) or (os.name == "nt" and " " not in word) else shlex.quote(word)


_JOINT = b"# stsui: the line end before this block is ours"


def _joint(text: bytes) -> bytes:
    """What has to stand between the user's last byte and our block."""
    if not text or text.endswith(b"\n"):
        return b""
    return newline_of(text) + _JOINT + newline_of(text)


def _without_joint(before: bytes) -> bytes:
    for newline in (b"\r\n", b"\n"):
        ending = newline + _JOINT + newline
        if before.endswith(ending):
            return before[: -len(ending)]
    return before


def profile_of(text: bytes, role: str) -> str:
    """The profile of our block that asks for that role; empty while there is none."""
    found = _BLOCK.search(text)
    name = ""
    for line in found[0].decode("utf-8", "replace").splitlines() if found else ():
        try:
            words = shlex.split(line.strip("[]") if line.startswith("[profile ") else line)
        except ValueError:
            continue
        if line.startswith("[profile "):
            name = words[1]
        elif words[:1] == ["credential_process"] and words[-2:] == ["credential-process", role]:
            return name
    return ""
