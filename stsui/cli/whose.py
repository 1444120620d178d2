"""`stsui whose`: the account of an access key, and which of our own sessions it was."""

import argparse
import re

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.cli.ledger import line
from stsui.config.catalog import Catalog
from stsui.model.errors import UsageError
from stsui.model.roles import Account
from stsui.model.text import clean, masked_key_id
from stsui.sessions import asking_aws

_KEY_ID = re.compile(r"\w{16,128}", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("key", metavar="KEYID", help="AKIA… or ASIA…; never the secret")
    parser.add_argument(
        "--with", dest="signer", default="", metavar="ROLE", help="the live session that asks AWS"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """The key's account, ours by the ledger, anybody's by GetAccessKeyInfo; and what became of ours."""
    key: str = arguments.key
    if not _KEY_ID.fullmatch(key):
        raise UsageError(f"{clean(key[:4])}… is no access key id: 16 to 128 letters and digits (AKIA…).")
    services = context.services
    ours = [event for event in services.store.ledger.read() if event.access_key_id == key]
    known = next((event.account_id for event in ours if event.account_id), "")
    number = known or asking_aws.account_of_key(services.store, arguments.signer, key)
    account = _account(services.catalog, number)
    if arguments.json:
        sessions = sorted({event.role for event in ours})
        document = {"account_id": number, "account_name": account.name, "environment": account.environment}
        context.write(describe.as_json({**document, "sessions": sessions}))
        return 0
    context.write(f"{masked_key_id(key)}  {describe.place(account)}\n")
    context.write("".join(f"  {line(event)}\n" for event in ours))
    return 0


def _account(catalog: Catalog, number: str) -> Account:
    return catalog.accounts.get(number) or Account(number)
