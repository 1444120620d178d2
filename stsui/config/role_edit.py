"""Which files of conf.d a drafted role, or one that goes, changes, and how. The user's own files stay."""

from collections.abc import Mapping
from typing import NamedTuple

from stsui.config.catalog import Catalog
from stsui.config.role_draft import Draft, account_in, draft_of, fields_of, own_word
from stsui.config.user_config_edit import BOARD, ROLES, own_file, write_entry
from stsui.model.roles import Role

Table = dict[str, object]


class Edit(NamedTuple):
    """What is to be written."""

    tables: Mapping[str, Table]
    """Laid over each file of conf.d, by its name; None in it removes a key or an entry."""
    says: str
    """One sentence, to be shown before."""

    @property
    def names(self) -> list[str]:
        """The files."""
        return list(self.tables)

    def write(self, conf_dir: str) -> None:
        """Writes them.

        Raises:
            ConfigError: As `write_entry`.
        """
        for name, table in self.tables.items():
            write_entry(conf_dir, name, table)


def saved(catalog: Catalog, before: Role | None, draft: Draft) -> Edit:
    """What saving the draft writes: an entry of the app's own is changed, one of the user's is laid over."""
    name = draft.name.strip()
    if before is None:
        entry: Table = {**fields_of(draft), **_switches(draft, Draft())}
        return _with_account(catalog, draft, {ROLES: {"roles": {name: entry}}}, f"Writes {_lines(entry)}")
    old = draft_of(catalog, before)
    was, now = fields_of(old), fields_of(draft)
    changed: Table = {key: value for key, value in now.items() if was.get(key) != value}
    changed |= _switches(draft, old)
    gone = [key for key in was if key not in now]
    file = own_file(catalog.paths.conf_dir, before.origin.file)
    if file and name != before.name:
        whole: Table = {**_rest(before), **now, **_switches(draft, Draft())}
        return _with_account(
            catalog,
            draft,
            {file: {"roles": {before.name: None, name: whole}}, BOARD: {"roles": {before.name: None}}},
            f"Writes {_lines(whole)} under the new name",
        )
    if file:
        table: Table = {**changed, **dict.fromkeys(gone)}
        says = f"Changes {_lines(table)} of the entry" if table else ""
        return _with_account(catalog, draft, {file: {"roles": {name: table}}}, says)
    if gone or {"role_arn", "source_profile", "session_of"} & changed.keys():
        whole = {**_rest(before), **now, **_switches(draft, Draft())}
        says = f"Writes {_lines(whole)} that stand for {before.origin} from now on"
        return _with_account(catalog, draft, {ROLES: {"roles": {name: whole}}}, says)
    says = f"Lays {_lines(changed)} over {before.origin}" if changed else ""
    return _with_account(catalog, draft, {BOARD: {"roles": {name: changed}}}, says)


def deleted(catalog: Catalog, role: Role) -> Edit:
    """What deleting writes: an entry of the app's own goes, one of the user's is hidden and stays."""
    file = own_file(catalog.paths.conf_dir, role.origin.file)
    if file:
        gone: Table = {"roles": {role.name: None}}
        return Edit({file: gone, BOARD: gone}, f"Its entry in conf.d/{file} is removed.")
    hidden: Table = {"roles": {role.name: {"hidden": True}}}
    return Edit({BOARD: hidden}, f"It stands in {role.origin} and stays there; stsui lists it no more.")


def chained_from(catalog: Catalog, name: str) -> list[str]:
    """Roles that name it as their source."""
    return [role.name for role in catalog.roles.values() if role.source_profile == name != role.name]


def _with_account(catalog: Catalog, draft: Draft, tables: dict[str, Table], says: str) -> Edit:
    """The account's word and guard too, where they were changed."""
    account_id = account_in(draft.role_arn)
    account = catalog.accounts.get(account_id)
    keys: Table = {}
    if draft.environment.strip() != own_word(account):
        keys["environment"] = draft.environment.strip() or None
    if draft.guard != (account.guard if account else "none"):
        keys["guard"] = draft.guard
    if account_id and keys:
        file = next(iter(tables))
        tables[file] = {**tables[file], "accounts": {account_id: keys}}
        of_account = f"{' and '.join(keys)} of the whole account"
        says = f"{says}, and {of_account}" if says else f"Changes {of_account}"
    return Edit(tables, f"{says}; your own files are not touched." if says else "Nothing is changed.")


def _switches(draft: Draft, before: Draft) -> Table:
    found: Table = {}
    for key in ("auto_refresh", "pin"):
        if getattr(draft, key) != getattr(before, key):
            found[key] = getattr(draft, key)
    return found


def _rest(role: Role) -> Table:
    """Keys of the role that the form does not have."""
    found: Table = {
        "source_identity": role.source_identity,
        "tags": dict(role.tags),
        "transitive_tags": list(role.transitive_tags),
        "policy": role.policy,
        "policy_arns": list(role.policy_arns),
        "endpoint_url": role.endpoint_url,
        "mfa_process": list(role.mfa_process),
    }
    return {key: value for key, value in found.items() if value}


def _lines(table: Table) -> str:
    return f"{len(table)} line{'' if len(table) == 1 else 's'}"
