"""Leapp: its sessions are encrypted for one computer; its command line prints its Identity Centers."""

import json
import re
from collections.abc import Mapping

from stsui.config.catalog import Catalog
from stsui.config.import_sources import Candidate, Offer
from stsui.config.other_tools.common import Centers, read
from stsui.model.errors import ConfigError, UsageError
from stsui.model.text import clean


def offer(environ: Mapping[str, str], catalog: Catalog, file: str) -> Offer:
    """The Identity Centers that `leapp integration list --output json` prints.

    Source: Leapp's CLI reference; its issue tracker on Leapp-lock.json, which is encrypted for one computer.
    """
    del environ
    if not file:
        raise UsageError(
            "Leapp keeps its sessions encrypted for this computer, and stsui does not open them. "
            "Let Leapp print its Identity Centers first.",
            hint="leapp integration list --output json > leapp.json; stsui import --from leapp leapp.json",
        )
    known = Centers(catalog)
    try:
        rows = json.loads(read(file))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{clean(file)} is not JSON: {clean(str(error), 120)}.") from None
    problems = []
    for row in rows if isinstance(rows, list) else []:
        values = (
            {re.sub("[^a-z]", "", key.lower()): str(value) for key, value in row.items()}
            if isinstance(row, dict)
            else {}
        )
        name, url, region = (values.get(key, "") for key in ("integrationname", "portalurl", "region"))
        if url and region:
            known.of(url, region, clean(name).replace(" ", "-"))
        else:
            problems.append(
                Candidate("sso", "", clean(name) or "?", "Identity Center", problem="no portal URL or Region")
            )
    notes = (
        "IAM users, federated and chained roles of Leapp are not in that list: n on the board adds a role.",
        "While a session of Leapp runs, its profile in ~/.aws/credentials is listed like any other.",
    )
    return Offer(clean(file), "import-leapp", (*known.added.values(), *problems), notes=notes)
