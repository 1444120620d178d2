"""Organizations in miniature: the names of all accounts, for the management account alone.

Source: API reference of Organizations, ListAccounts.
"""

import re

from stsui.demo.operations import Refused, Sts
from stsui.demo.wire import Reply, Request, as_error, as_json
from stsui.demo.world import IDENTITY_ACCOUNT

_KEY = re.compile(r"Credential=([^/,\s]+)/")
_TARGET = "AWSOrganizationsV20161128."


class Organizations:
    """Whose key it is is checked, signatures are not: STS does that here."""

    def __init__(self, sts: Sts) -> None:
        self._sts = sts
        self.page_size = 20
        """AWS gives 20 at most."""
        self.names = {account.account_id: account.name for account in sts.world.accounts}
        self.names[IDENTITY_ACCOUNT] = "acme-users"

    def operation(self, request: Request) -> str:
        """What is asked."""
        target = request.headers.get("x-amz-target", "")
        return target.removeprefix(_TARGET) if target.startswith(_TARGET) else ""

    def answer(self, operation: str, request: Request) -> Reply:
        """ListAccounts, page by page."""
        key = _KEY.search(request.headers.get("authorization", ""))
        try:
            caller = self._sts.holder(key[1] if key else "", request.headers.get("x-amz-security-token", ""))
        except Refused as refused:
            return as_error(refused.status, refused.code, refused.message)
        if operation != "ListAccounts":
            return as_error(400, "UnknownOperationException", operation)
        if caller.account_id != IDENTITY_ACCOUNT:
            message = "You don't have permissions to access this resource."
            return as_error(400, "AccessDeniedException", message)._replace(caller_arn=caller.arn)
        mark = str(request.document().get("NextToken") or "0")
        begin = int(mark) if mark.isdigit() else 0
        entries = [
            {"Id": number, "Name": name, "Status": "ACTIVE", "Email": f"aws+{name}@acme.example"}
            for number, name in self.names.items()
        ]
        document: dict[str, object] = {"Accounts": entries[begin : begin + self.page_size]}
        if begin + self.page_size < len(entries):
            document["NextToken"] = str(begin + self.page_size)
        return as_json(document)._replace(caller_arn=caller.arn)
