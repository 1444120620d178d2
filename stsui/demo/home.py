"""A throw-away home for the demo: AWS files as people write them, and a stsui config beside them."""

import os

from stsui.demo.world import DEV, DEVICE, IDENTITY_ACCOUNT, PARTNER, PROD, SANDBOX, STAGING, World

_CONFIG = f"""\
# ~/.aws/config of the demo. Everything in it is made up.
[default]
region = eu-west-1
output = json

[profile ana]
region = eu-west-1
mfa_serial = {DEVICE}

[profile bob]
region = eu-west-1

[profile hub]
role_arn = arn:aws:iam::{IDENTITY_ACCOUNT}:role/Hub
source_profile = ana
region = eu-west-1

[profile dev-admin]
role_arn = arn:aws:iam::{DEV}:role/AdministratorAccess
source_profile = ana
region = eu-west-1

[profile dev-ro]
role_arn = arn:aws:iam::{DEV}:role/ReadOnly
source_profile = ana
region = eu-west-1

[profile dev-ci]
role_arn = arn:aws:iam::{DEV}:role/CiRunner
web_identity_token_file = TOKEN_FILE
role_session_name = ci-runner
region = eu-west-1

[profile dev-deploy]
role_arn = arn:aws:iam::{DEV}:role/Deploy
source_profile = hub
region = eu-west-1

[profile prod-ro]
role_arn = arn:aws:iam::{PROD}:role/ReadOnly
source_profile = ana
mfa_serial = {DEVICE}
region = eu-west-1
s3 =
    max_concurrent_requests = 20

[profile prod-billing]
role_arn = arn:aws:iam::{PROD}:role/finance/Billing
source_profile = ana
mfa_serial = {DEVICE}
region = eu-west-1

[profile prod-deploy]
role_arn = arn:aws:iam::{PROD}:role/Deploy
source_profile = hub
region = eu-west-1

[profile stg-ro]
role_arn = arn:aws:iam::{STAGING}:role/ReadOnly
source_profile = ana
region = eu-central-1

[profile stg-deploy]
role_arn = arn:aws:iam::{STAGING}:role/Deploy
source_profile = hub
region = eu-central-1

[sso-session acme-sso]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile team-play]
sso_session = acme-sso
sso_account_id = {SANDBOX}
sso_role_name = PowerUser
region = eu-west-1

[profile old-laptop]
role_arn = arn:aws:iam::{SANDBOX}:role/Legacy
source_profile = long-gone
"""
_TOML = f"""\
# The demo's config.toml: names and badges for accounts, and roles that the AWS files do not have.
[accounts.{PROD}]
name = "acme-prod"
environment = "PROD"
guard = "again"

[accounts.{STAGING}]
name = "acme-staging"
environment = "STAGE"

[accounts.{DEV}]
name = "acme-dev"
environment = "DEV"

[accounts.{SANDBOX}]
name = "sandbox"

[accounts.{PARTNER}]
name = "partner-eu"

[accounts.{IDENTITY_ACCOUNT}]
name = "acme-users"

[policies.one-bucket]       # stsui exec prod-admin@one-bucket:reports --duration 15m -- aws s3 ls s3://reports
policy = '''{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:*",
  "Resource": ["arn:aws:s3:::{{bucket}}", "arn:aws:s3:::{{bucket}}/*"]}}]}}'''
parameters = ["bucket"]

[roles.prod-admin]
role_arn = "arn:aws:iam::{PROD}:role/AdministratorAccess"
source_profile = "ana"
mfa_serial = "{DEVICE}"
region = "eu-west-1"

[roles.prod-breakglass]     # twelve hours for one code: it goes with AssumeRole itself
role_arn = "arn:aws:iam::{PROD}:role/BreakGlass"
source_profile = "ana"
mfa_serial = "{DEVICE}"
duration = "12h"
region = "eu-west-1"

[roles.stg-admin]
role_arn = "arn:aws:iam::{STAGING}:role/AdministratorAccess"
source_profile = "ana"
duration = "max"            # this role allows 8h
region = "eu-central-1"

[roles.stg-busy]            # AWS throttles it
role_arn = "arn:aws:iam::{STAGING}:role/Busy"
source_profile = "ana"
region = "eu-central-1"

[roles.dev-data]            # lasts two and a half minutes, so that a renewal can be watched
role_arn = "arn:aws:iam::{DEV}:role/DataEngineer"
source_profile = "ana"
region = "eu-west-1"
pin = true

[roles.dev-nightly]         # lasts forty seconds
role_arn = "arn:aws:iam::{DEV}:role/Nightly"
source_profile = "ana"
auto_refresh = false
region = "eu-west-1"

[roles.play]
role_arn = "arn:aws:iam::{SANDBOX}:role/PowerUser"
source_profile = "ana"
duration = "4h"
region = "eu-west-1"

[roles.mixed]               # another account answers: nothing is handed over
role_arn = "arn:aws:iam::{SANDBOX}:role/Mixed"
source_profile = "ana"
region = "eu-west-1"

[roles.far-away]            # its Region is not enabled
role_arn = "arn:aws:iam::{SANDBOX}:role/FarAway"
source_profile = "ana"
region = "ap-east-1"

[roles.partner-support]
role_arn = "arn:aws:iam::{PARTNER}:role/Support"
source_profile = "hub"
external_id = "acme/4711"
region = "eu-west-1"

[roles.partner-audit]
role_arn = "arn:aws:iam::{PARTNER}:role/third-party/Audit"
source_profile = "hub"
external_id = "acme/4711"
region = "eu-west-1"

[roles.partner-forgotten]   # its external_id is missing here
role_arn = "arn:aws:iam::{PARTNER}:role/Forgotten"
source_profile = "hub"
region = "eu-west-1"
"""


def write_home(directory: str | os.PathLike[str], world: World, url: str) -> dict[str, str]:
    """Writes the home into an existing empty directory.

    Returns:
        The environment variables with which stsui and AWS's own tools live in it and ask `url`.
    """
    home = os.fspath(directory)
    aws, config, run = (os.path.join(home, name) for name in (".aws", ".config/stsui", "run"))
    for path in (aws, os.path.dirname(config), config, run):
        os.mkdir(path, 0o700)
    token_file = os.path.join(aws, "ci-token")
    keys = "".join(
        f"[{user.name}]\naws_access_key_id = {user.access_key_id}\n"
        f"aws_secret_access_key = {user.secret_access_key}\n\n"
        for user in world.users
    )
    files = {
        os.path.join(aws, "config"): _CONFIG.replace("TOKEN_FILE", token_file),
        os.path.join(aws, "credentials"): keys,
        token_file: world.web_identity_token(lives=30 * 86_400),
        os.path.join(config, "config.toml"): _TOML + _further(world),
    }
    for path, text in files.items():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
    return {
        "HOME": home,
        "USER": "ana",
        "XDG_CONFIG_HOME": os.path.join(home, ".config"),
        "XDG_STATE_HOME": os.path.join(home, ".local", "state"),
        "XDG_CACHE_HOME": os.path.join(home, ".cache"),
        "XDG_RUNTIME_DIR": run,
        "AWS_CONFIG_FILE": os.path.join(aws, "config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.path.join(aws, "credentials"),
        "AWS_ENDPOINT_URL": url,
        "AWS_ENDPOINT_URL_STS": url,
        "AWS_ENDPOINT_URL_SIGNIN": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "STSUI_CONFIG": os.path.join(config, "config.toml"),
    }


def _further(world: World) -> str:
    """Entries for the accounts and roles beyond the first ones."""
    text = []
    for account in world.accounts:
        if account.name.startswith("team-"):
            badge = f'environment = "{account.environment}"\n' if account.environment else ""
            text.append(f'\n[accounts.{account.account_id}]\nname = "{account.name}"\n{badge}')
    names = {account.account_id: account.name for account in world.accounts}
    for role in world.roles.values():
        name = names.get(role.account_id, "")
        if name.startswith("team-"):
            text.append(
                f'\n[roles.{name}-{role.name.lower()}]\nrole_arn = "{role.arn}"\n'
                'source_profile = "ana"\nregion = "eu-west-1"\n'
            )
    return "".join(text)
