"""The names of an organisation's accounts, for whoever may list them."""

from collections.abc import Mapping

from stsui.aws.boto import ATTEMPTS, neutral_session, patience
from stsui.aws.bounded import bound
from stsui.aws.errors import Place, not_sts, translate
from stsui.model import errors
from stsui.model.arn import ACCOUNT_ID, DEFAULT_REGIONS
from stsui.model.session import Session
from stsui.model.text import clean

_REFUSED = ("AccessDenied", "AccessDeniedException")


def account_names(session: Session, partition: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Every account's name by its id, as Organizations ListAccounts gives them.

    Raises:
        StsuiError: The session may not list them, or there was no answer.
    """
    place = Place("organizations:ListAccounts", session.role, session.role)
    names: dict[str, str] = {}
    try:
        credentials = session.credentials
        client = neutral_session().create_client(
            "organizations",
            region_name=DEFAULT_REGIONS.get(partition, "us-east-1"),
            endpoint_url=environ.get("AWS_ENDPOINT_URL_ORGANIZATIONS") or environ.get("AWS_ENDPOINT_URL"),
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key.reveal(),
            aws_session_token=credentials.session_token.reveal(),
            verify=environ.get("AWS_CA_BUNDLE") or True,
            config=patience(ATTEMPTS),
        )
        bound(client)
        for page in client.get_paginator("list_accounts").paginate():
            for account in page["Accounts"]:
                number, name = account.get("Id"), account.get("Name")
                if isinstance(number, str) and ACCOUNT_ID.fullmatch(number) and isinstance(name, str):
                    names[number] = clean(name, 120).strip()
    except (KeyError, TypeError):
        raise not_sts(place) from None
    except Exception as error:
        raise _said(translate(error, place), session.role) from None
    return names


def _said(error: errors.StsuiError, role: str) -> errors.StsuiError:
    """The general sentence, but for the two answers that Organizations alone gives."""
    if error.code in _REFUSED:
        return errors.AccessDenied(
            f"{role} may not list the accounts of its organisation ({error.code}). "
            "Take a role of the management account or of a delegated administrator.",
            role=role,
            code=error.code,
            details=error.details,
        )
    if error.code == "AWSOrganizationsNotInUseException":
        reason = f"The account of {role} belongs to no organisation."
        return errors.RefusedByAws(reason, role=role, code=error.code)
    return error
