"""Whether STS answers, and what its clock says: one call that nobody signs, so that it is refused."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from stsui.aws.answers import server_time
from stsui.aws.boto import neutral_session, patience
from stsui.aws.bounded import bound
from stsui.aws.errors import Place, translate


def look(environ: Mapping[str, str], region: str) -> tuple[str, float]:
    """The host that answered, and its Unix time; 0 where it does not say.

    Raises:
        StsuiError: Nothing answered, or something that is not STS.
    """
    client: Any = neutral_session().create_client(
        "sts",
        region_name=region,
        endpoint_url=environ.get("AWS_ENDPOINT_URL_STS") or environ.get("AWS_ENDPOINT_URL") or None,
        config=patience(1).merge(Config(signature_version=UNSIGNED)),
    )
    bound(client)
    host = urlsplit(client.meta.endpoint_url).hostname or ""
    try:
        answer = client.get_caller_identity()
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) < 500:
            return host, server_time(error.response)
        raise translate(error, Place("GetCallerIdentity", "", "nobody", region=region)) from None
    except Exception as error:
        raise translate(error, Place("GetCallerIdentity", "", "nobody", region=region, host=host)) from None
    return host, server_time(answer)
