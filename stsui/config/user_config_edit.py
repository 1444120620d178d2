"""Writes conf.d files: what the app itself adds or changes. config.toml is the user's, and never written."""

import os
import re
from collections.abc import Mapping
from typing import Any

from stsui.config import files, keys, user_config
from stsui.model.errors import ConfigError
from stsui.model.text import clean

_FILE_NAME = re.compile(r"[\w][\w.-]{0,80}\.toml")
_KEY_LIKE = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_TOKEN_LIKE = re.compile(r"[A-Za-z0-9/+=]{200,}")
_NEVER_SECRET = frozenset(
    {"role_arn", "principal_arn", "policy_arns", "web_identity_token_file", "endpoint_url", "start_url"}
)
"""Keys whose own form is checked and that can be long, such as a path."""
ROLES, BOARD, SETTINGS = "roles", "zz-board", "zz-settings"
"""The app's own files: roles made on the screen; what is laid over entries of the user's files, so read after
them; settings."""
_HEAD = "# Written by stsui; `stsui config edit` and the screen change it. Comments here are not kept.\n\n"


def write_entry(conf_dir: str | os.PathLike[str], file_name: str, table: Mapping[str, Any]) -> str:
    """Lays `table` over `conf_dir/file_name` and writes the file anew, as a whole and private.

    Tables are laid over each other key by key, so other entries stay; None removes a key or an entry, and a
    file with nothing in it goes.

    Raises:
        ConfigError: The name is not one of conf.d, the file cannot be read or written, a value looks like a
            secret, or stsui could not use the result.
    """
    target = file_path(conf_dir, file_name)
    _refuse_secrets(table, ())
    text = files.read(target)
    merged = _laid_over(_parsed(target, text), table)
    _write_or_remove(target, merged, text)
    return target


def remove_entry(conf_dir: str | os.PathLike[str], file_name: str, section: str, name: str) -> bool:
    """Takes `[section.name]` out of a conf.d file; whether it was there. An empty file is removed.

    Raises:
        ConfigError: As `write_entry`.
    """
    target = file_path(conf_dir, file_name)
    text = files.read(target)
    present = _parsed(target, text)
    entries = present.get(section)
    if not isinstance(entries, dict) or name not in entries:
        return False
    _write_or_remove(target, _laid_over(present, {section: {name: None}}), text)
    return True


def own_file(conf_dir: str | os.PathLike[str], file: str) -> str:
    """The name of a file of conf.d that the app wrote, so that writing it anew loses nobody's comments.

    Empty for any other file.
    """
    directory, name = os.path.split(file)
    ours = directory == os.fspath(conf_dir) and files.read(file).text.startswith(_HEAD.partition("\n")[0])
    return name if ours else ""


def file_path(conf_dir: str | os.PathLike[str], file_name: str) -> str:
    """Where a file of conf.d is.

    Raises:
        ConfigError: That cannot be its name.
    """
    if not file_name.endswith(".toml"):
        file_name += ".toml"
    if not _FILE_NAME.fullmatch(file_name):
        raise ConfigError(f'"{clean(file_name, 80)}" cannot be the name of a file in conf.d.')
    return os.path.join(conf_dir, file_name)


def _parsed(target: str, text: files.Text) -> dict[str, Any]:
    if text.problems:
        raise ConfigError(f"{text.problems[0]} It was left as it is.")
    if not text.text.strip():
        return {}
    import tomllib

    try:
        return tomllib.loads(text.text)
    except (ValueError, RecursionError):
        raise ConfigError(
            f"{clean(target)} is not TOML and was left as it is. Correct or remove it.",
            hint="stsui config check",
        ) from None


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            before = merged.get(key)
            merged[key] = _laid_over(before if isinstance(before, dict) else {}, value)
        else:
            merged[key] = list(value) if isinstance(value, tuple) else value
    return {key: value for key, value in merged.items() if value != {} or below.get(key) == {}}


def _refuse_secrets(value: object, path: tuple[str, ...]) -> None:
    where = ".".join(clean(part, 60) for part in path)
    if path and path[-1] in keys.SECRET_NAMES:
        raise ConfigError(f"{where} was not written: stsui keeps no long-term keys in its config.")
    if isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_secrets(part, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_secrets(part, path)
    elif isinstance(value, str) and path[-1] not in _NEVER_SECRET and _looks_secret(value):
        raise ConfigError(f"{where} was not written: its value looks like a secret access key.")


def _looks_secret(value: str) -> bool:
    """Forty characters of base64, or as many as a session token has. A hash in hexadecimal is neither."""
    if _TOKEN_LIKE.search(value):
        return True
    return any(
        any(c.islower() for c in word) and any(c.isupper() for c in word) and any(c.isdigit() for c in word)
        for word in _KEY_LIKE.findall(value)
    )


def _write_or_remove(target: str, table: dict[str, Any], before: files.Text) -> None:
    """An empty file says nothing and goes; a link to one stays a link."""
    if table or os.path.islink(target):
        _write(target, table, before.text)
    elif before.found:
        try:
            os.unlink(target)
        except OSError as error:
            raise _failed(target, error) from None


def _write(target: str, table: dict[str, Any], before: str) -> None:
    import tomli_w

    try:
        text = _HEAD + tomli_w.dumps(table, multiline_strings=True)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"The entry cannot be written as TOML: {clean(str(error), 200)}.") from None
    known = {problem.reason for problem in user_config.check(before, "")}
    for problem in user_config.check(text, ""):
        if problem.reason not in known:
            raise ConfigError(f"Nothing was written: {problem.reason}")
    try:
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        files.replace(os.path.realpath(target), text.encode())
    except OSError as error:
        raise _failed(target, error) from None


def _failed(target: str, error: OSError) -> ConfigError:
    reason = clean(error.strerror or str(error))
    return ConfigError(f"{clean(target)} cannot be written: {reason}.")
