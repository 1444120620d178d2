"""Clients of the two services that nobody signs for, sso and sso-oidc: one for each Region and patience."""

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from stsui.aws import endpoint_table
from stsui.aws.boto import neutral_session, patience
from stsui.aws.bounded import bound
from stsui.aws.errors import Place
from stsui.aws.sso_errors import translate
from stsui.model.errors import ConfigError
from stsui.model.roles import Center

SERVICES = dict.fromkeys(("register_client", "start_device_authorization", "create_token"), "sso-oidc")
"""Methods that are not the portal's."""
_VARIABLES = {"sso": "AWS_ENDPOINT_URL_SSO", "sso-oidc": "AWS_ENDPOINT_URL_SSO_OIDC"}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Unsigned:
    """Calls of sso and sso-oidc; thread-safe."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._guard = threading.Lock()
        self._boto_session: botocore.session.Session | None = None
        self._clients: dict[tuple[str, str, str, int], Any] = {}

    def ask(
        self, center: Center, method: str, place: Place, *, attempts: int = 1, **parameters: object
    ) -> dict[str, Any]:
        """The answer of one call to the Identity Center's Region.

        Args:
            method: As boto3 names it, such as `create_token`; it belongs to one of the two services.
            attempts: How often what finds no answer or is throttled is sent in all.

        Raises:
            StsuiError: It was refused or not answered.
        """
        try:
            client = self._client(SERVICES.get(method, "sso"), center, attempts)
            place = place._replace(host=urlsplit(client.meta.endpoint_url).hostname or "")
            answer: dict[str, Any] = getattr(client, method)(**parameters)
            return answer
        except Exception as error:  # parser errors too, of something that is not AWS
            # `from None`: a chained botocore error can carry the raw answer into a traceback.
            raise translate(error, place) from None

    def sign_in_address(self, center: Center) -> str:
        """Where sso-oidc is asked, for links to its pages."""
        address: str = self._client("sso-oidc", center, 1).meta.endpoint_url
        return address.rstrip("/")

    def _client(self, service: str, center: Center, attempts: int) -> Any:
        environ = self._environ
        bundle = environ.get("AWS_CA_BUNDLE") or center.ca_bundle or environ.get("REQUESTS_CA_BUNDLE") or ""
        key = (service, center.region, bundle, attempts)
        with self._guard:
            if key not in self._clients:
                if self._boto_session is None:
                    self._boto_session = neutral_session()
                    endpoint_table.shorten(self._boto_session, environ)
                # Each of these is said, so that nothing of [default] decides it.
                how = Config(
                    signature_version=UNSIGNED,
                    use_fips_endpoint=environ.get("AWS_USE_FIPS_ENDPOINT", "").lower() == "true",
                    use_dualstack_endpoint=environ.get("AWS_USE_DUALSTACK_ENDPOINT", "").lower() == "true",
                )
                client = self._boto_session.create_client(
                    service,
                    region_name=center.region,
                    endpoint_url=self._endpoint_url(service) or None,
                    verify=bundle or True,
                    config=patience(attempts).merge(how),
                )
                bound(client)
                self._clients[key] = client
            return self._clients[key]

    def _endpoint_url(self, service: str) -> str:
        """What the environment says; a token goes unencrypted to this computer at most.

        Raises:
            ConfigError: It would go elsewhere.
        """
        environ = self._environ
        if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
            return ""
        url = environ.get(_VARIABLES[service]) or environ.get("AWS_ENDPOINT_URL") or ""
        if url.startswith("http://") and urlsplit(url).hostname not in _LOOPBACK:
            raise ConfigError(
                f"{_VARIABLES[service]} or AWS_ENDPOINT_URL is {url}: a sign-in is sent to https:// only."
            )
        return url
