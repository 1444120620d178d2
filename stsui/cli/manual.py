"""What the help of each command adds: a line that works as it stands in the demo, and where to read on."""

from collections.abc import Mapping
from typing import NamedTuple


class Entry(NamedTuple):
    """What stands below the flags of a command."""

    example: str
    """A line of shell."""
    topic: str
    """Of `stsui help`."""
    alone: str = ""
    """Why no test runs the example by itself; empty: it is run."""
    exits: int = 0
    """What it ends with in the demo, which has one entry that leads nowhere."""


MANUAL: Mapping[str, Entry] = {
    "tui": Entry("stsui", "start", alone="a screen"),
    "demo": Entry("stsui demo", "start", alone="a screen"),
    "list": Entry("stsui list prod", "start"),
    "status": Entry("stsui status --json", "start"),
    "assume": Entry("stsui assume dev-admin", "start"),
    "login": Entry("stsui login acme-sso --if-needed", "forecast"),
    "logout": Entry("stsui logout acme-sso", "sources"),
    "pick": Entry('stsui exec "$(stsui pick)" -- aws s3 ls', "hand-over", alone="a screen"),
    "export": Entry('eval "$(stsui export dev-admin)"', "hand-over"),
    "exec": Entry("stsui exec dev-admin --need 45m -- aws sts get-caller-identity", "hand-over"),
    "credential-process": Entry("stsui credential-process dev-admin", "clients"),
    "whoami": Entry("stsui whoami dev-admin", "troubleshooting"),
    "explain": Entry("stsui explain prod-deploy", "mfa"),
    "console": Entry("stsui console dev-admin s3 --print", "hand-over"),
    "slot": Entry("stsui slot list", "slots"),
    "serve": Entry("stsui serve --status", "slots"),
    "clear": Entry("stsui clear dev-ro", "guards"),
    "ledger": Entry("stsui ledger --since 8h", "guards"),
    "decode": Entry("stsui decode --with dev-admin < message.txt", "troubleshooting", alone="a file"),
    "whose": Entry("stsui whose AKIADEMOETKLS32Y3JWU --with dev-admin", "troubleshooting"),
    "config": Entry("stsui config check", "configuration", exits=2),
    "import": Entry("stsui import", "sources"),
    "sweep": Entry("stsui sweep", "hand-over"),
    "init": Entry('eval "$(stsui init bash)"', "hand-over"),
    "completion": Entry('eval "$(stsui completion bash)"', "hand-over"),
    "doctor": Entry("stsui doctor", "troubleshooting", exits=2),
    "help": Entry("stsui help mfa", "start"),
}


def below(name: str) -> str:
    """The end of a command's help."""
    entry = MANUAL.get(name)
    if entry is None:
        return ""
    return f"\nexample: {entry.example}\nread on: stsui help {entry.topic}\n"
