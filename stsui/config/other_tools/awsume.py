"""awsume: the AWS files, but for the profiles that it writes itself; settings of its own."""

import os
from collections.abc import Iterator, Mapping

from stsui.config.catalog import Catalog
from stsui.config.import_sources import Offer, from_aws
from stsui.config.other_tools.common import Table, yaml
from stsui.config.paths import find, home
from stsui.config.profiles import Profile, read
from stsui.model.text import clean


def offer(environ: Mapping[str, str], catalog: Catalog, file: str) -> Offer:
    """The profiles of the AWS files, without those that awsume wrote itself; its settings as notes.

    Source: awsume's documentation, "Config" and "AWS file configuration".
    """
    shown = from_aws(environ, catalog)
    found = read(find(environ))
    kept = [c for c in shown.candidates if not _is_awsumes(c.name, found.profiles.get(c.name))]
    path = file or os.path.join(home(environ), ".awsume", "config.yaml")
    settings = yaml(path) if file or os.path.exists(path) else {}
    return shown._replace(
        file="import-awsume", candidates=tuple(kept), notes=tuple(_notes(settings, clean(path)))
    )


def _is_awsumes(name: str, profile: Profile | None) -> bool:
    return name.startswith("autoawsume-") or (
        profile is not None and profile.values.get("manager") == "awsume"
    )


def _notes(settings: Table, path: str) -> Iterator[str]:
    seconds = str(settings.get("role-duration", ""))
    if seconds.isdigit() and int(seconds):
        yield f"role-duration of {path}: write duration = {seconds} in [settings], or duration at roles."
    for theirs, ours in (("region", "region"), ("role-session-name", "role_session_name")):
        if isinstance(settings.get(theirs), str) and settings[theirs]:
            yield f'{theirs} of {path}: write {ours} = "{clean(settings[theirs], 80)}" in [settings].'
    yield "Cached sessions and plug-ins of awsume are not taken over."
