"""Identity Centers of the AWS files and of our own, under one name each."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stsui.model.roles import Center, Origin
from stsui.model.text import clean

if TYPE_CHECKING:
    from stsui.config.ini import Section

SCOPES = ("sso:account:access",)
"""With it a sign-in gives a refresh token. Source: IAM Identity Center OIDC, "Scopes"."""


def with_bundle(center: Center, others: Iterable[Center]) -> Center:
    """The Identity Center with the certificates that one of its profiles trusts."""
    said = (other.ca_bundle for other in others if other.ca_bundle and one_of({"": other}, center))
    return center._replace(ca_bundle=center.ca_bundle or next(said, ""))


def shows_nothing(center: Center) -> str:
    """What there is to do where somebody is signed in and has nothing."""
    return f"{center.name} shows you no accounts. Ask who runs it for an assignment."


def plain(start_url: str) -> str:
    """A start URL without the ends in which people write it differently."""
    return start_url.rstrip("/#")


def of_session(name: str, section: "Section") -> Center | None:
    """The Identity Center of an `[sso-session NAME]`; None where it cannot be one."""
    start_url, region = section.values.get("sso_start_url", ""), section.values.get("sso_region", "")
    if section.error or not start_url or not region:
        return None
    return from_session(name, start_url, region, section.values, section.at())


def from_session(name: str, start_url: str, region: str, values: Mapping[str, str], origin: Origin) -> Center:
    """One whose token's file is named by the session. Source: AWS CLI, sso/utils.py."""
    said = values.get("sso_registration_scopes", "").split(",")
    scopes = tuple(scope.strip() for scope in said if scope.strip())
    names = (name, start_url)
    return Center(
        clean(name),
        start_url,
        region,
        token_names=names,
        scopes=scopes or SCOPES,
        ca_bundle=values.get("ca_bundle", ""),
        origin=origin,
    )


def from_profile(start_url: str, region: str, values: Mapping[str, str], origin: Origin) -> Center:
    """One that stands in profiles themselves, where the token's file is named by the start URL."""
    bundle = values.get("ca_bundle", "")
    return Center(
        clean(start_url), start_url, region, token_names=(start_url,), ca_bundle=bundle, origin=origin
    )


def from_entry(name: str, values: Mapping[str, Any], origin: Origin) -> Center:
    """One of our own, by its checked values; `joined` says which file holds its token.

    Raises:
        ValueError: A key is missing.
    """
    for key in ("start_url", "region"):
        if key not in values:
            raise ValueError(f"needs {key}")
    center = Center(name, values["start_url"], values["region"], lists_roles=True, origin=origin)
    given = {"role_name": values["name"]} if "name" in values else {}
    return center._replace(session_duration=values.get("session_duration", 0), **given)


def joined(own: Mapping[str, Center], aws: Mapping[str, Center]) -> dict[str, Center]:
    """One for each Identity Center, by name. Ours stands for the AWS files' one too and shares its token.

    Where two organisations bear one name, ours keeps it and the other is called by its start URL.
    """
    found: dict[str, Center] = {}
    for name, center in own.items():
        if one_of(found, center) is None:
            same = one_of(aws, center)
            names = same.token_names if same else (center.start_url,)
            scopes, bundle = (same.scopes, same.ca_bundle) if same else (SCOPES, "")
            found[name] = center._replace(token_names=names, scopes=scopes, ca_bundle=bundle)
    for name, center in aws.items():
        if one_of(found, center) is None:
            called = clean(center.start_url) if name in found else name
            found[called] = center._replace(name=called)
    return found


def one_of(centers: Mapping[str, Center], center: Center) -> Center | None:
    """The same Identity Center among others: by address and Region, a named session before a profile's."""
    url = plain(center.start_url)
    same = [o for o in centers.values() if plain(o.start_url) == url and o.region == center.region]
    return next((other for other in same if other.scopes), same[0] if same else None)


def named(centers: Mapping[str, Center], text: str) -> Center | None:
    """The one that is meant by a name: its own, that of its sso-session, or its start URL."""
    if text in centers:
        return centers[text]
    fitting = (c for c in centers.values() if text in c.token_names or plain(text) == plain(c.start_url))
    return next(fitting, None)
