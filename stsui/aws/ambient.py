"""Who a program started here would be: botocore's whole chain, as it stands in this environment."""

from collections.abc import Mapping
from typing import Any

import botocore.session

from stsui.aws.boto import ATTEMPTS, patience
from stsui.aws.bounded import bound
from stsui.aws.errors import SHELL, Place, not_sts, translate
from stsui.model.identity import Identity
from stsui.model.text import clean


def identity(environ: Mapping[str, str]) -> Identity:
    """The answer of GetCallerIdentity to this environment's own credentials.

    Raises:
        StsuiError: There are none, or AWS refused or did not answer.
    """
    place = Place("GetCallerIdentity", "", SHELL)
    try:
        region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
        session = botocore.session.Session()
        region = region or session.get_config_variable("region") or "us-east-1"
        client: Any = session.create_client("sts", region_name=region, config=patience(ATTEMPTS))
        bound(client)
        answer = client.get_caller_identity()
        return Identity(clean(answer["Account"]), clean(answer["Arn"]), clean(answer["UserId"]))
    except KeyError:
        raise not_sts(place) from None
    except Exception as error:
        raise translate(error, place) from None
