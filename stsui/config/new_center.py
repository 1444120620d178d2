"""An Identity Center that is not in any file yet, from what a person types or pastes."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from stsui.config import centers, checks
from stsui.model.roles import Center
from stsui.model.text import clean

FILE = "sso"
"""The file of conf.d that has those which the app was told."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,62}", re.ASCII)
_REGION = re.compile(r"(?:^|\.)([a-z]{2}(?:-[a-z]+){1,2}-\d)\.")
_SHARED = frozenset({"identitycenter", "start", "www"})
"""First words of addresses that say nothing of whose they are."""


def address(text: str) -> str:
    """A start URL as it was pasted from a browser, without what the browser adds.

    Raises:
        ValueError: It is none.
    """
    text = text.strip()
    if not text:
        raise ValueError("is needed: https://…awsapps.com/start")
    if "://" not in text:
        text = f"https://{text}"
    checks.url(text)
    parts = urlsplit(text)
    if not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc, re.ASCII):
        raise ValueError("is not the address of an access portal")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def name_of(start_url: str) -> str:
    """What it may be called: `acme` for https://acme.awsapps.com/start."""
    parts = urlsplit(start_url)
    first = (parts.hostname or "").partition(".")[0]
    if first in _SHARED or first.isdigit():
        first = parts.path.strip("/").partition("/")[0]
    return first if _NAME.fullmatch(first) else "sso"


def region_of(start_url: str) -> str:
    """The Region that an address names; empty where it names none."""
    found = _REGION.search(urlsplit(start_url).hostname or "")
    return found.group(1) if found else ""


def verdicts(known: Mapping[str, Center], start_url: str, region: str, name: str) -> dict[str, str]:
    """What is wrong, by `start_url`, `region` and `name`; nothing where it can be used."""
    found: dict[str, str] = {}
    url = ""
    try:
        url = address(start_url)
    except ValueError as error:
        found["start_url"] = str(error)
    try:
        checks.region(region.strip() or region_of(url))
    except ValueError as error:
        found["region"] = (
            str(error) if region.strip() else "is needed: where the Identity Center is, eu-west-1"
        )
    called = name.strip() or name_of(url)
    if not _NAME.fullmatch(called):
        found["name"] = f'"{clean(called, 40)}" may have letters, digits, - and _'
    if url and not found:
        center = Center(called, url, region.strip() or region_of(url))
        same = centers.one_of(known, center)
        if same is not None and same.lists_roles:
            found["start_url"] = f"is {same.name} already"
        elif called in known and same is not known[called]:
            found["name"] = f'another Identity Center is called "{called}"'
    return found


def made(known: Mapping[str, Center], start_url: str, region: str, name: str) -> Center:
    """The Identity Center, with the token of the AWS files' one where they know it.

    Raises:
        ValueError: Something is wrong; the first of `verdicts`.
    """
    for key, sentence in verdicts(known, start_url, region, name).items():
        raise ValueError(f"{key} {sentence}")
    url = address(start_url)
    center = Center(name.strip() or name_of(url), url, region.strip() or region_of(url), lists_roles=True)
    aws = {key: one for key, one in known.items() if not one.lists_roles}
    return centers.joined({center.name: center}, aws)[center.name]


def table(center: Center) -> dict[str, dict[str, Any]]:
    """What is written of it."""
    return {"sso": {center.name: {"start_url": center.start_url, "region": center.region}}}
