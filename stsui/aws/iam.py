"""The one thing that is ever changed at AWS, and only after a person said yes: what revokes sessions."""

from typing import Any

from botocore.config import Config

from stsui.aws.boto import neutral_session
from stsui.aws.errors import Place, translate
from stsui.model.credentials import Credentials
from stsui.sessions.revoke import POLICY_NAME, Revocation


def revoke(revocation: Revocation, signer: Credentials, signed_by: str, region: str) -> None:
    """Attaches the policy to the role (iam:PutRolePolicy).

    Raises:
        StsuiError: AWS refused it or did not answer.
    """
    place = Place("PutRolePolicy", signed_by, signed_by, revocation.role_name, region=region)
    try:
        client: Any = neutral_session().create_client(
            "iam",
            region_name=region,
            aws_access_key_id=signer.access_key_id,
            aws_secret_access_key=signer.secret_access_key.reveal(),
            aws_session_token=signer.session_token.reveal() or None,
            config=Config(
                connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 2}
            ),
        )
        client.put_role_policy(
            RoleName=revocation.role_name, PolicyName=POLICY_NAME, PolicyDocument=revocation.policy
        )
    except Exception as error:
        # `from None`: a chained botocore error can carry the raw answer into a traceback.
        raise translate(error, place) from None
