"""What granted, aws-vault, awsume, aws-sso-cli and Leapp know of roles, as far as their files can be read.

No secret of theirs is opened. What cannot be taken over is said: on its row, or in a note.
"""

import importlib
from collections.abc import Mapping

from stsui.config import user_config
from stsui.config.catalog import Catalog
from stsui.config.import_sources import Candidate, Offer

TOOLS: Mapping[str, str] = {
    "aws-vault": "aws_vault",
    "granted": "granted",
    "awsume": "awsume",
    "leapp": "leapp",
    "aws-sso-cli": "aws_sso_cli",
}
"""What somebody comes from, and the module here that reads it."""


def from_tool(tool: str, environ: Mapping[str, str], catalog: Catalog, file: str = "") -> Offer:
    """What the files of a tool have.

    Args:
        file: Another one than its usual.

    Raises:
        ConfigError: There is no such file, or it cannot be read.
        UsageError: The tool has none, or has to be asked for one first.
    """
    module = importlib.import_module(f"{__name__}.{TOOLS[tool]}")
    found: Offer = module.offer(environ, catalog, file)
    return found._replace(candidates=tuple(map(_judged, found.candidates)))


def _judged(candidate: Candidate) -> Candidate:
    """With the reason why its entry would be refused here, where it would."""
    import tomli_w

    if candidate.problem:
        return candidate
    text = tomli_w.dumps({candidate.section: {candidate.name: dict(candidate.entry)}})
    reasons = [problem.reason for problem in user_config.check(text, "")]
    return candidate._replace(identity="", problem=reasons[0]) if reasons else candidate
