"""config.toml and conf.d as entries: each checked by itself, so that a wrong one costs only itself.

What roles become together with the AWS profiles is `catalog`'s to say.
"""

import re
from collections.abc import Mapping
from typing import Any

from stsui.config import centers, files, keys
from stsui.config.entries import KINDS, RoleEntry, UserConfig
from stsui.config.paths import Paths, conf_files
from stsui.config.variants import FULL, NOT_IN_A_NAME
from stsui.model.arn import ACCOUNT_ID
from stsui.model.roles import Account, Center, Origin, Policy, Problem, Settings
from stsui.model.text import clean, nearest

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def read(paths: Paths) -> UserConfig:
    """config.toml, then conf.d in the order of names."""
    reading = _Reading()
    for file in (paths.config_file, *conf_files(paths.conf_dir)):
        text = files.read(file)
        reading.problems.extend(text.problems)
        if text.text.strip():
            reading.file(text.text, clean(file))
    return reading.done()


def check(text: str, file: str) -> tuple[Problem, ...]:
    """What reading `text` would complain of."""
    reading = _Reading()
    reading.file(text, file)
    return reading.done().problems


class _Reading:
    """Collects entries over the files."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.roles: dict[str, RoleEntry] = {}
        self.policies: dict[str, Policy] = {}
        self.guards: dict[str, dict[str, Any]] = {}
        self.sso: dict[str, Center] = {}
        self.keys: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []
        self.broken: dict[str, Problem] = {}
        self.file_name = ""
        self.lines: dict[tuple[str, ...], int] = {}

    def done(self) -> UserConfig:
        return UserConfig(
            Settings(**self.settings),
            {number: Account(number, **fields) for number, fields in self.accounts.items()},
            self.roles,
            self.policies,
            self.guards,
            self.sso,
            self.keys,
            (*self.problems, *self.broken.values()),
        )

    def file(self, text: str, name: str) -> None:
        """Takes in one file; a syntax error costs the whole of it."""
        from stsui.config import toml_lines

        self.file_name = name
        table = self._parsed(text)
        if table is None:
            return
        self.lines = toml_lines.lines(text)
        for section, content in table.items():
            if section not in keys.SECTIONS:
                self._problem((section,), _unknown(section, keys.SECTIONS, "section"))
            elif not isinstance(content, dict):
                self._problem((section,), f"{section} must be a table: [{section}] or [{section}.NAME].")
            elif section == "settings":
                self.settings.update(self._each((section,), content, keys.SETTINGS))
            elif section == "keys":
                self._keys(content)
            else:
                for entry, fields in content.items():
                    self._entry(section, entry, fields)

    def _parsed(self, text: str) -> dict[str, Any] | None:
        import tomllib

        try:
            return tomllib.loads(text)
        except RecursionError:
            reason, line = "It is nested too deeply", 0
        except ValueError as error:
            message = str(error)
            at = _AT.search(message)
            line = int(at[1]) if at and at[1] else text.count("\n") + 1 if at else 0
            reason = clean(_AT.sub("", message), 200)
        sentence = f"It is not TOML: {reason}. Nothing of this file is used until that is corrected."
        self.problems.append(Problem(Origin(self.file_name, line), sentence))
        return None

    def _entry(self, section: str, raw_name: str, fields: object) -> None:
        name, path = clean(raw_name), (section, raw_name)
        if not isinstance(fields, dict):
            self._problem(path, f"[{section}.{name}] must be a table.", name if section == "roles" else "")
        elif section == "accounts":
            self._account(path, name, fields)
        elif section == "guards":
            self.guards.setdefault(name, {}).update(self._rules(path, fields, keys.RULES))
        elif section == "roles":
            self._role(path, name, fields)
        else:
            values = self._all(path, fields, keys.SECTIONS[section])
            if values is None:
                return
            try:
                if section == "policies":
                    self.policies[name] = _policy(name, values)
                else:
                    self.sso[name] = centers.from_entry(name, values, self._origin(path))
            except ValueError as error:
                self._problem(path, f"[{section}.{name}] {error}.")

    def _account(self, path: tuple[str, str], name: str, fields: dict[str, Any]) -> None:
        """A wrong value costs only itself."""
        if not ACCOUNT_ID.fullmatch(name):
            self._problem(path, f'"{name}" is not an account id: twelve digits, [accounts.111122223333].')
            return
        values = self._rules(path, fields, keys.ACCOUNTS)
        self.accounts.setdefault(name, {}).update(values)

    def _rules(
        self, path: tuple[str, ...], fields: dict[str, Any], known: Mapping[str, keys.Key]
    ) -> dict[str, Any]:
        """As `_each`; but a rule that nobody can read is as strict as it could be."""
        values = self._each(path, fields, known)
        unread = {name: keys.STRICT[name] for name in keys.RULES if name in fields and name not in values}
        return {**values, **unread}

    def _role(self, path: tuple[str, str], name: str, fields: dict[str, Any]) -> None:
        before = self.roles.pop(name, None)
        if not name.strip():
            self._problem(path, "A role needs a name: [roles.NAME].")
            return
        values = self._all(path, fields, keys.ROLES, name)
        if values is None:
            return
        whole = any(kind in fields for kind in KINDS)
        if name in self.broken and not whole:
            return  # what it would be laid over cannot be used, and its problem says why
        covered = self.broken.pop(name, None)
        if covered:
            self.problems.append(covered._replace(name=""))
        origin = self._origin(path)
        if before and not whole:
            values, whole, origin = {**before.fields, **values}, before.whole, before.origin
        self.roles[name] = RoleEntry(name, origin, values, whole)

    def _keys(self, content: dict[str, Any]) -> None:
        for name, value in content.items():
            try:
                self.keys[clean(name)] = keys.take(clean(name), keys.BINDING, value)
            except ValueError as error:
                self._problem(("keys", name), f"{error}.")

    def _each(
        self, path: tuple[str, ...], fields: dict[str, Any], known: Mapping[str, keys.Key]
    ) -> dict[str, Any]:
        """The values that can be used; a problem for each of the others."""
        values = {}
        for key, value in fields.items():
            try:
                values[known[key].field or key] = keys.take(key, known[key], value)
            except KeyError:
                self._problem((*path, key), _unknown(key, known, "key"))
            except ValueError as error:
                self._problem((*path, key), f"{error}.")
        return values

    def _all(
        self, path: tuple[str, str], fields: dict[str, Any], known: Mapping[str, keys.Key], role: str = ""
    ) -> dict[str, Any] | None:
        """Every value, or None and the first problem: half an entry could give more than the whole would."""
        values: dict[str, Any] = {}
        for key, value in fields.items():
            try:
                definition = known[key]
                field = definition.field or key
                if field in values:
                    raise ValueError("duration and duration_seconds say the same thing; keep one of them")
                values[field] = keys.take(key, definition, value)
            except KeyError:
                self._problem((*path, key), _unknown(key, known, "key"), role)
                return None
            except ValueError as error:
                self._problem((*path, key), f"{error}.", role)
                return None
        return values

    def _problem(self, path: tuple[str, ...], reason: str, role: str = "") -> None:
        problem = Problem(self._origin(path), reason, role)
        if role:
            self.broken[role] = problem
        else:
            self.problems.append(problem)

    def _origin(self, path: tuple[str, ...]) -> Origin:
        while path and path not in self.lines:
            path = path[:-1]
        return Origin(self.file_name, self.lines.get(path, 0))


def _unknown(name: str, known: Mapping[str, object], what: str) -> str:
    if name in keys.SECRET_NAMES:
        return f"{name} does not belong here: stsui keeps no long-term keys. Move it to ~/.aws/credentials."
    near = nearest(name[:100], known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}."
    return f'No {what} is called "{clean(name, 60)}"; {hint}'


def _policy(name: str, values: dict[str, Any]) -> Policy:
    if not values.get("policy") and not values.get("policy_arns"):
        raise ValueError("needs policy or policy_arns")
    if name == FULL:
        raise ValueError(f"cannot be called {FULL}: that stands for all that a role allows")
    wrong = next((sign for sign in name if sign in NOT_IN_A_NAME), "")
    if wrong:
        raise ValueError(f'has "{wrong}" in its name; it is typed as ROLE@NAME:parameter=value')
    return Policy(name, **values)
