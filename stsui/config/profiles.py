"""The profiles of `~/.aws/config` and `credentials`, put together as botocore does; not what they mean."""

import re
import shlex
from typing import NamedTuple

from stsui.config import files, ini
from stsui.config.ini import Section
from stsui.config.paths import Paths
from stsui.model.roles import Center, Origin, Problem
from stsui.model.text import clean

MANAGER = ("x_managed_by", "stsui")
"""The key that marks a section of the credentials file as stsui's own, and its value."""
_KINDS = ("profile", "sso-session", "services")
_SIMPLE_NAME = re.compile(r"""[^\s'"\\]+""")


class Profile:
    """One profile: the keys of both files together, those of the credentials file winning."""

    __slots__ = ("config", "credentials", "name", "values")

    def __init__(self, name: str, config: Section | None, credentials: Section | None) -> None:
        self.name = name
        self.config = config
        self.credentials = credentials
        first, second = config or credentials, credentials
        self.values: dict[str, str] = first.values if first else {}
        if config and second:
            self.values = config.values | second.values

    def at(self, key: str = "") -> Origin:
        """Where a key stands, or the profile's first line."""
        if self.credentials and (self.config is None or key in self.credentials.lines):
            return self.credentials.at(key)
        return self.config.at(key) if self.config else Origin("", 0)

    @property
    def error(self) -> Problem | None:
        """Why one of its sections cannot be used."""
        return (self.config and self.config.error) or (self.credentials and self.credentials.error) or None

    @property
    def notes(self) -> list[str]:
        """What its sections were read with."""
        return [note for section in (self.config, self.credentials) if section for note in section.notes]


class Profiles(NamedTuple):
    """What both files hold, by cleaned name, in the order of the files."""

    profiles: dict[str, Profile]
    sso_sessions: dict[str, Section]
    services: dict[str, Section]
    legacy_centers: dict[str, Center]
    """Identity Centers that stand in profiles themselves, by start URL; filled when the profiles are read."""
    problems: list[Problem]


def read(paths: Paths) -> Profiles:
    """The profiles of both files. A file that is not there holds none.

    Source: botocore, configloader.build_profile_map and session.full_config.
    """
    found = Profiles({}, {}, {}, {}, [])
    for section in _sections(paths.aws_config, found.problems):
        _place(section.header, section, found)
    for section in _sections(paths.aws_credentials, found.problems):
        if section.values.get(MANAGER[0]) == MANAGER[1]:
            continue  # a copy of a session, which has a row of its own
        name = clean(section.header)
        before = found.profiles.get(name)
        if before and before.credentials and before.credentials.error:
            found.problems.append(before.credentials.error)
        if section.header.startswith("profile "):
            section.notes.append("a section of the credentials file is named without the word profile")
        found.profiles[name] = Profile(name, before.config if before else None, section)
    return found


def names(config: str, credentials: str) -> set[str]:
    """The names of the profiles in the texts of both files, ours in the credentials aside."""
    found = Profiles({}, {}, {}, {}, [])
    for section in ini.parse(config, "").by_header.values():
        _place(section.header, section, found)
    for header, section in ini.parse(credentials, "").by_header.items():
        if section.values.get(MANAGER[0]) != MANAGER[1]:
            found.profiles.setdefault(clean(header), Profile(clean(header), None, section))
    return set(found.profiles)


def _sections(path: str, problems: list[Problem]) -> list[Section]:
    text = files.read(path)
    problems.extend(text.problems)
    sections = ini.parse(text.text, clean(path))
    problems.extend(sections.problems)
    defaults = sections.by_header.pop("DEFAULT", None)
    if defaults is not None:  # configparser's own: its keys hold for every section
        for section in sections.by_header.values():
            section.values = defaults.values | section.values
        if defaults.error:
            problems.append(defaults.error)
    return list(sections.by_header.values())


def _place(header: str, section: Section, found: Profiles) -> None:
    """Puts a section of the config file where it belongs; what no one knows is left alone."""
    kind = ""
    if header.startswith(_KINDS):
        kind = next(kind for kind in _KINDS if header.startswith(kind))
    name = header if header == "default" else _named(header, kind, section) if kind else ""
    if name and kind in ("profile", ""):
        before = found.profiles.get(name)
        if before and before.config:
            reason = f"The profile {name} stands twice, here and in line {before.config.line}"
            section.notes.append(f"{reason}; the later one is used")
            if before.config.error:
                found.problems.append(before.config.error)
            found.problems.append(Problem(section.at(), f"{reason}. The later one is used; keep one."))
        found.profiles[name] = Profile(name, section, None)
        return
    if section.error:
        found.problems.append(section.error)
    if name:
        (found.sso_sessions if kind == "sso-session" else found.services)[name] = section


def _named(header: str, kind: str, section: Section) -> str:
    """What follows the word; empty, with the section marked, where AWS's tools would not see a name."""
    rest = header[len(kind) :]
    if rest[:1] in (" ", "\t") and _SIMPLE_NAME.fullmatch(rest, 1):
        return clean(rest[1:])
    try:
        parts = shlex.split(header)
    except ValueError:
        parts = []
    if len(parts) == 2 and parts[1]:
        return clean(parts[1])
    if len(parts) != 1:  # [profile] alone names nothing, and means nothing
        section.error = section.error or Problem(
            section.at(),
            f"[{clean(header)}] is not seen by AWS's tools: put a name with spaces in quotes, "
            f'[{kind} "{clean(rest).strip() or "NAME"}"].',
            name=clean(rest).strip(" \"'"),
        )
    return ""
