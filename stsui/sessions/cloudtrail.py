"""Where CloudTrail shows what was done with a session: a link to its event history, filtered by the key."""

from stsui.sessions.ledger import Event

_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}


def lookup_url(event: Event, region: str, partition: str = "aws") -> str:
    """The event history of one Region, filtered by the session's access key id. No secret is in it.

    Source: CloudTrail, "Viewing recent management events with the console" (90 days, one Region at a time).
    """
    host = _CONSOLES.get(partition, _CONSOLES["aws"])
    page = f"https://{region}.{host}/cloudtrailv2/home?region={region}"
    return f"{page}#/events?AccessKeyId={event.access_key_id}"
