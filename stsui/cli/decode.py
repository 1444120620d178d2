"""`stsui decode`: what was denied, for whom and by what, out of an encoded authorization message."""

import argparse
import json

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.model import denial
from stsui.model.errors import UsageError
from stsui.sessions import asking_aws

MOST = 100_000
"""Characters that are read of what somebody pastes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "message",
        metavar="MESSAGE",
        nargs="*",
        help="the message, or the whole error it came in; none: from stdin",
    )
    parser.add_argument(
        "--with", dest="signer", default="", metavar="ROLE", help="the live session that asks AWS"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, as AWS gives it")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the facts, one a line."""
    text = " ".join(arguments.message)
    if not text or text == "-":
        text = context.stdin.read(MOST) if context.stdin else ""
    try:
        message = denial.encoded_in(text)
    except ValueError as error:
        raise UsageError(str(error)) from error
    decoded = asking_aws.decoded(context.services.store, arguments.signer, message)
    if arguments.json:
        context.write(describe.as_json({"decoded": json.loads(decoded)}))
        return 0
    try:
        found = denial.facts(denial.read(decoded))
    except ValueError as error:
        raise UsageError(str(error), hint="stsui decode --json") from error
    context.write("".join(f"{label:8}{text}\n" if label else f"{text}\n" for label, text in found))
    return 0
