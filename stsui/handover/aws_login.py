"""`aws login`: a sign-in that the AWS CLI makes and keeps, and that stsui can only have made."""

import shutil
from collections.abc import Mapping

from stsui.handover import browser


def command(profile: str, environ: Mapping[str, str]) -> list[str]:
    """What signs a profile in; empty where the AWS CLI is not there.

    Without a browser here it is made on another device. Source: AWS CLI, `aws login help`.
    """
    program = shutil.which("aws", path=environ.get("PATH"))
    elsewhere = [] if browser.available(environ) else ["--remote"]
    return [program, "login", "--profile", profile, *elsewhere] if program else []
