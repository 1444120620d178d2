"""What a person can have: accounts, roles, and where the first credentials of a chain come from."""

from typing import Literal, NamedTuple

Guard = Literal["none", "again", "confirm", "type"]
"""What a person has to do first: nothing, a second enter, say yes, type the account's name."""

SourceKind = Literal[
    "static", "process", "web_identity", "sso", "login", "environment", "ec2", "container", "missing"
]

RoleKind = Literal["assume_role", "session", "web_identity", "saml", "federation", "given"]
"""How the session of a role is made: AssumeRole, GetSessionToken, AssumeRoleWithWebIdentity,
AssumeRoleWithSAML, GetFederationToken, or nothing: the source's own credentials (Identity Center,
`aws login`, credential_process)."""


class Origin(NamedTuple):
    """Where in the user's files an entry stands."""

    file: str
    line: int
    """From 1; 0 when unknown."""

    def __str__(self) -> str:
        return f"{self.file} line {self.line}" if self.line else self.file


class Account(NamedTuple):
    """An AWS account as the user calls it."""

    account_id: str
    name: str = ""
    environment: str = ""
    """The badge's word (PROD, STAGE, DEV or free), or empty."""
    environment_guessed: bool = False
    """The word was guessed from the account's name, not configured."""
    name_found: bool = False
    """The name comes from an Identity Center, not from the config."""
    color: str = ""
    browser: tuple[str, ...] = ()
    """What opens its console, an argv with a place for the link; empty: what the settings say."""
    guard: Guard = "none"
    max_duration: int = 0
    idle_limit: int = 0
    default_variant: str = ""
    each_time: bool = False
    reason_required: bool = False
    no_clipboard: bool = False
    no_file: bool = False
    no_background_renewal: bool = False
    allow_noninteractive: bool = False


class Rules(NamedTuple):
    """What has to be done before a session is used, and what may not be done with it.

    Given for an account, for `[guards.PATTERN]` or for a role; `config.guards.rules_of` puts them together.
    """

    guard: Guard = "none"
    max_duration: int = 0
    """Seconds; 0: no cap."""
    idle_limit: int = 0
    """Seconds after which a session is dropped that nobody fetched or touched; 0: never."""
    default_variant: str = ""
    """What a bare name means."""
    each_time: bool = False
    """The guard is passed at every hand-over by a person, not once for a session."""
    reason_required: bool = False
    no_clipboard: bool = False
    no_file: bool = False
    no_background_renewal: bool = False
    allow_noninteractive: bool = False
    """Programs may be the first to ask for a session here."""


class Policy(NamedTuple):
    """A named limit of `[policies.*]`."""

    name: str
    policy: str = ""
    """Inline JSON with `{parameter}` places, or empty."""
    policy_arns: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


class Center(NamedTuple):
    """An Identity Center: where one signs in, and how the AWS CLI names the file of its token."""

    name: str
    """As a person calls it: of [sso.NAME] or [sso-session NAME], else the start URL."""
    start_url: str
    region: str
    role_name: str = "{account_name}/{role_name}"
    """What its roles are called where they are discovered."""
    token_names: tuple[str, ...] = ()
    """Texts whose SHA-1 names a token's file, as written by the user; the first is ours to write."""
    scopes: tuple[str, ...] = ()
    """What a client registers for; empty for profiles without sso-session, as in the AWS CLI: their token
    lasts as long as the sign-in and cannot be refreshed."""
    session_duration: int = 0
    """Seconds that a sign-in is good for, as its administrator has set it; 0: not said."""
    ca_bundle: str = ""
    """Certificates to trust instead of the system's, as its profiles say."""
    lists_roles: bool = False
    """It is an entry of ours, whose assigned roles are listed beside the configured ones."""
    origin: Origin = Origin("", 0)


TEMPORARY = "temporary keys"
"""Detail of a static source whose keys came from STS and end without saying when."""


class Source(NamedTuple):
    """Where the first credentials of a chain come from. Nothing is read or run to make one."""

    kind: SourceKind
    name: str
    """The AWS profile, or for `environment`, `ec2` and `container` AWS's own word (Ec2InstanceMetadata)."""
    fingerprint: str = ""
    """What makes it this source: access key id, start URL + account + role, hash of the argv; no secret."""
    detail: str = ""
    """For people: the start URL's session name, the first word of the process, the token file."""
    argv: tuple[str, ...] = ()
    """The process to run, for `process`; asked about once before its first run."""
    region: str = ""
    account_id: str = ""
    """If the profile says so (sso_account_id, aws_account_id)."""
    center: Center | None = None
    """For `sso`."""
    role_name: str = ""
    """For `sso`: of the permission set."""


class Transport(NamedTuple):
    """How STS is reached, beside its Region and endpoint."""

    fips: bool = False
    dualstack: bool = False
    ca_bundle: str = ""


class Role(NamedTuple):
    """One row: something that can be had. Texts are cleaned; what is not there is empty or 0."""

    name: str
    kind: RoleKind
    origin: Origin
    role_arn: str = ""
    account_id: str = ""
    """Twelve digits, from the ARN or the entry; empty when only AWS can say."""
    source_profile: str = ""
    """The role or profile below it in the chain; for `session` and `federation` the one it belongs to."""
    source: Source | None = None
    """Set where the chain begins at this role: no source_profile, or its own keys."""
    mfa_serial: str = ""
    mfa_process: tuple[str, ...] = ()
    external_id: str = ""
    duration_seconds: int = 0
    """0: the settings' duration; -1: "max"."""
    session_duration: int = 0
    """Seconds asked of GetSessionToken; 0: 43,200."""
    region: str = ""
    role_session_name: str = ""
    source_identity: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tags: tuple[str, ...] = ()
    policy: str = ""
    policy_arns: tuple[str, ...] = ()
    web_identity_token_file: str = ""
    saml_process: tuple[str, ...] = ()
    principal_arn: str = ""
    endpoint_url: str = ""
    use_fips_endpoint: bool = False
    use_dualstack_endpoint: bool = False
    ca_bundle: str = ""
    """File of the certificates that STS's is checked against; empty: the usual ones."""
    group: str = ""
    """Heading to stand under instead of the account's."""
    pin: bool = False
    auto_refresh: bool = True
    from_aws_files: bool = False
    """It is a profile of the AWS files, not an entry of stsui's own."""
    aws_role_name: str = ""
    """The role's name at AWS, without its path."""
    notes: tuple[str, ...] = ()
    """What was read and not used as written, such as a duration that is not a number."""


class Problem(NamedTuple):
    """Something in a file that could not be used; it costs only itself."""

    origin: Origin
    reason: str
    """One sentence: what is wrong and what to do."""
    name: str = ""
    """The row it belongs to; empty for a whole file or a setting."""

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


class Settings(NamedTuple):
    """The keys of `[settings]`, with their defaults."""

    aws_profiles: bool = True
    region: str = ""
    duration: int = 3_600
    """Seconds; -1: "max"."""
    role_session_name: str = "{user}"
    reason_in: tuple[str, ...] = ("session-name",)
    """Where AWS sees the reason: session-name, tag, source-identity."""
    auto_refresh: bool = True
    export_format: str = "auto"
    theme: str = "stsui-dark"
    transparent: bool = False
    ascii: bool = False
    spinner: bool = False
    instant_start: bool = True
    """The last picture of the board stands there while the next one starts."""
    time: Literal["left", "minutes", "ends"] = "left"
    """What stands in the column of time: `52:10`, `52 min`, or when it ends, `15:24`."""
    mouse: bool = True
    bell: bool = True
    desktop_notices: bool = False
    title: bool = True
    clipboard: bool = True
    browser: tuple[str, ...] = ()
    """What opens the console, an argv with a place for the link; empty: the system's browser."""
    guess_environment: bool = True
    hide_ids: bool = False
    store_dir: str = ""
    store: Literal["disk", "memory"] = "disk"
