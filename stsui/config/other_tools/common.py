"""What the readers share: Identity Centers under one name each, files, texts."""

from collections.abc import Iterator, Mapping
from typing import Any

from stsui.config import centers, files
from stsui.config.catalog import Catalog
from stsui.config.discovered import key_of
from stsui.config.import_sources import Candidate
from stsui.config.yaml_lines import parse
from stsui.model.errors import ConfigError
from stsui.model.roles import Center, Origin
from stsui.model.text import clean

Table = Mapping[str, Any]


class Centers:
    """Identity Centers by address: those that are here keep their name, others get one and an entry."""

    def __init__(self, catalog: Catalog) -> None:
        self._known = dict(catalog.sso)
        self.added: dict[str, Candidate] = {}

    def of(self, start_url: str, region: str, wanted: str = "") -> Center:
        name = wanted or _host_name(start_url)
        made = centers.from_entry(name, {"start_url": start_url, "region": region}, Origin("", 0))
        same = centers.one_of(self._known, made)
        if same is not None:
            return same
        number = 1
        while made.name in self._known:
            number += 1
            made = made._replace(name=f"{name}-{number}")
        self._known[made.name] = made
        entry = {"start_url": start_url, "region": region}
        self.added[made.name] = Candidate(
            "sso", f"sso {made.name}", made.name, "Identity Center", entry=entry
        )
        return made


def role_of(
    center: Center, account: str, role: str, name: str, *, covers: bool = False, **more: str
) -> Candidate:
    """A role of an Identity Center."""
    identity = f"sso {key_of(center)} {account} {role}"
    entry = {"sso_session": center.name, "sso_account_id": account, "sso_role_name": role}
    entry |= {key: value for key, value in more.items() if value}
    return Candidate("roles", identity, name, "sso", account, role, entry, covers=covers)


def tables(value: object) -> Iterator[tuple[str, Table]]:
    """The entries of a mapping that are mappings themselves; one that is empty counts as such."""
    for name, entry in value.items() if isinstance(value, dict) else ():
        if isinstance(entry, dict):
            yield name, entry
        elif entry == "":
            yield name, {}


def read(path: str) -> str:
    """The text of a file.

    Raises:
        ConfigError: It is not there, or no text.
    """
    text = files.read(path)
    if not text.found or text.problems:
        reason = text.problems[0].reason if text.problems else "There is no such file."
        raise ConfigError(f"{clean(path)}: {reason}")
    return text.text


def yaml(path: str) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        ConfigError: It is not there, or more than a simple mapping.
    """
    try:
        return dict(parse(read(path)))
    except ValueError as error:
        raise ConfigError(f"{clean(path)} cannot be read: {error}.") from None


def _host_name(start_url: str) -> str:
    """`acme` of https://acme.awsapps.com/start."""
    host = start_url.partition("://")[2].partition("/")[0]
    return clean(host.partition(".")[0]) or "sso"
