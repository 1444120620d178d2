"""A chain turned into the calls STS will see: pure, made before any network; what `explain` prints.

The rules are AWS's. From long-term keys one hop may last up to twelve hours; every hop from temporary
credentials, those of GetSessionToken included, lasts one hour at most and asking for more is an error.
Source: STS API, AssumeRole ("role chaining", DurationSeconds) and GetSessionToken.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from stsui.config.catalog import Catalog
from stsui.config.chain import Chain, resolve
from stsui.config.guards import rules_of
from stsui.config.variants import Limit
from stsui.model.arn import DEFAULT_REGIONS, parse_role_arn
from stsui.model.durations import short_duration
from stsui.model.endpoints import is_open
from stsui.model.errors import ConfigError, InvalidParameter
from stsui.model.roles import TEMPORARY, Role, Source, Transport
from stsui.sessions.plan import CHAINED_MAXIMUM, LONGEST, Plan, Step
from stsui.sessions.wanted import Occasion, refuse_limit

SHORTEST = 900
MFA_SESSION = 43_200
FEDERATED_NAME = 32
"""Characters of a federated user's name. Source: STS GetFederationToken, Name."""
_NOT_IN_SESSION_NAME = re.compile(r"[^\w+=,.@-]+", re.ASCII)
KEY_SCHEMA = 1


class Setting(NamedTuple):
    """What a plan depends on beside the catalog: the machine's user and the environment's endpoint."""

    user: str = "stsui"
    host: str = "localhost"
    region: str = ""
    """AWS_REGION or AWS_DEFAULT_REGION: where to ask STS when no file says."""
    endpoint_url: str = ""
    """AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL."""
    fips: bool | None = None
    """AWS_USE_FIPS_ENDPOINT; None: the files decide. So below."""
    dualstack: bool | None = None
    ca_bundle: str = ""
    """AWS_CA_BUNDLE."""
    environment_key: str = ""
    """AWS_ACCESS_KEY_ID: which user's keys `credential_source = Environment` means here."""
    container: str = ""
    """The address of container credentials, likewise."""
    callers: tuple[str, ...] = ()
    """The sessions that wait for this process to end, as a credential process of theirs."""


def make_plan(
    catalog: Catalog,
    name: str,
    setting: Setting,
    *,
    ceilings: Mapping[str, int] | None = None,
    session: str = "",
    limit: Limit = Limit(),  # noqa: B008 - a value, never changed
    occasion: Occasion = Occasion(),  # noqa: B008 - likewise
) -> Plan:
    """The calls for the role `name`.

    Args:
        ceilings: Longest duration in seconds that each role ARN was seen to allow.
        session: What the session is called where that is not the role's name.
        limit: The session policy of its last hop; those above it stay whole, or they could not sign.
        occasion: What was asked for this once; of the last hop too.

    Raises:
        ConfigError: The chain leads nowhere, or a parameter would be refused by STS.
    """
    chain = resolve(catalog, name)
    maker = _Maker(catalog, chain, setting, ceilings or {})
    maker.begin()
    for hop in chain.hops[:-1]:
        maker.add(hop)
    maker.add_last(chain.hops[-1], session or name, limit, occasion)
    steps, notes = tuple(maker.steps), tuple(maker.notes)
    return Plan(chain.hops[-1], chain, steps, notes, maker.shared_with(), session or name, occasion)


class _Maker:
    """Walks a chain and keeps what the next hop starts from."""

    def __init__(self, catalog: Catalog, chain: Chain, setting: Setting, ceilings: Mapping[str, int]) -> None:
        self.catalog, self.chain, self.setting, self.ceilings = catalog, chain, setting, ceilings
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.long_term = _is_long_term(chain.source)
        self.session = self.last = ""
        self.occasion = Occasion()

    def add_last(self, hop: Role, session: str, limit: Limit, occasion: Occasion) -> None:
        """The steps of the role itself, limited and as asked for."""
        if hop.kind in ("given", "session"):
            if limit.size:
                raise refuse_limit(self.catalog, hop, session.rpartition("@")[2])
            if occasion.duration or occasion.tags:
                raise InvalidParameter(
                    hop.name, "", "takes neither a duration nor tags: its credentials come as they are."
                )
        elif hop.kind == "web_identity" and occasion.tags:
            raise InvalidParameter(
                hop.name, "tags", "come with the web identity's token and cannot be added."
            )
        self.session, self.last, self.occasion = session, hop.name, occasion
        if limit.size:
            hop = hop._replace(policy=limit.policy, policy_arns=limit.policy_arns)
        if occasion.duration:
            hop = hop._replace(duration_seconds=occasion.duration)
            asked = short_duration(occasion.duration)
            self.notes.append(f"Asked for {asked}: it ends then, and nothing renews it.")
        self.add(self._with_tags(self._with_source_identity(hop)))

    def _with_tags(self, hop: Role) -> Role:
        """What this once is tagged with, over the tags that the role always has."""
        tags = self.occasion.tags
        if self.occasion.reason and "tag" in self.catalog.settings.reason_in:
            tags = (*tags, ("reason", legal_tag_value(self.occasion.reason)))
        taken = {key.lower() for key, _ in tags}
        kept = tuple((key, value) for key, value in hop.tags if key.lower() not in taken)
        return hop._replace(tags=(*kept, *tags))

    def _with_source_identity(self, hop: Role) -> Role:
        """The reason as source identity, where that is wanted and nobody on the way has set one: it stays."""
        wanted = self.occasion.reason and "source-identity" in self.catalog.settings.reason_in
        if not wanted or any(above.source_identity for above in self.chain.hops):
            return hop
        return hop._replace(source_identity=self._session_name(hop))

    def begin(self) -> None:
        """Lent credentials that everything above shares are a session of their own."""
        name = self.chain.source.name
        owner = self.catalog.roles.get(name) or self.catalog.sources.get(name)
        if self.chain.source.kind in ("sso", "login") and owner and self.chain.hops[0].kind != "given":
            self.take(owner)

    def add(self, hop: Role) -> None:
        """The steps for one hop."""
        if hop.kind == "given":
            self.take(hop)
        elif hop.kind == "session":
            self._session_token(hop, hop.mfa_serial)
        elif hop.kind == "web_identity":
            self._web_identity(hop)
        elif hop.kind == "saml":
            self._saml(hop)
        elif hop.kind == "federation":
            self._federation(hop)
        else:
            self._assume(hop)

    def take(self, role: Role) -> None:
        """The source's own credentials are the session."""
        self._append("Source", role.name, {}, self._region(role))
        self.long_term = False

    def shared_with(self) -> tuple[str, ...]:
        """Other roles that the MFA session on the way serves."""
        shared = next((s.mfa_serial for s in self.steps if s.operation == "GetSessionToken"), "")
        if not shared:
            return ()
        mine = self.chain.hops[-1].name
        return tuple(
            role.name
            for role in self.catalog.roles.values()
            if role.mfa_serial == shared and role.name != mine and self._shares(role)
        )

    def _shares(self, role: Role) -> bool:
        """Whether a role with the same device hangs under the same session: it does not take its own code."""
        seconds = role.duration_seconds or self.catalog.settings.duration
        if role.kind != "session" and not 0 < seconds <= CHAINED_MAXIMUM:
            return False
        try:
            return resolve(self.catalog, role.name).source == self.chain.source
        except ConfigError:
            return False

    def _session_token(self, owner: Role, serial: str) -> None:
        """The session of an IAM user, one for each device: every role below shares it."""
        wanted = owner.session_duration or self._session_duration()
        parameters: dict[str, object] = {"DurationSeconds": wanted}
        if serial:
            parameters["SerialNumber"] = serial
        name = owner.name if owner.kind == "session" else self.chain.source.name
        region = self._region_of_source()
        self._append("GetSessionToken", name, parameters, region, asker=owner, mfa_serial=serial)
        self.long_term = False

    def _session_duration(self) -> int:
        for role in self.catalog.roles.values():
            own = role.kind == "session" and self.chain.source.name in (role.name, role.source_profile)
            if own and role.session_duration:
                return role.session_duration
        return MFA_SESSION

    def _web_identity(self, hop: Role) -> None:
        parameters = self._role_parameters(hop)
        parameters["DurationSeconds"] = self._duration(hop, LONGEST)
        for refused in ("ExternalId", "Tags", "TransitiveTagKeys", "SourceIdentity"):
            parameters.pop(refused, None)
        region = self._region(hop)
        self._append(
            "AssumeRoleWithWebIdentity", hop.name, parameters, region, role_arn=hop.role_arn, signed=False
        )
        self.long_term = False

    def _saml(self, hop: Role) -> None:
        """The assertion itself says who comes; STS takes no session name with it."""
        given = self._role_parameters(hop)
        kept = ("RoleArn", "Policy", "PolicyArns")
        parameters: dict[str, object] = {name: given[name] for name in kept if name in given}
        parameters["PrincipalArn"] = hop.principal_arn
        parameters["DurationSeconds"] = self._duration(hop, LONGEST)
        region = self._region(hop)
        self._append("AssumeRoleWithSAML", hop.name, parameters, region, role_arn=hop.role_arn, signed=False)
        self.long_term = False

    def _federation(self, hop: Role) -> None:
        """The user's own permissions, cut down to a policy, for up to a day and a half."""
        given = self._role_parameters(hop)
        kept = ("Policy", "PolicyArns", "Tags")
        parameters: dict[str, object] = {name: given[name] for name in kept if name in given}
        parameters["Name"] = self._session_name(hop)[:FEDERATED_NAME]
        seconds = (max(0, hop.duration_seconds), hop.session_duration, MFA_SESSION)
        wanted = next(value for value in seconds if value)
        cap = rules_of(self.catalog, hop).max_duration
        parameters["DurationSeconds"] = min(wanted, cap) if cap else wanted
        self._append("GetFederationToken", hop.name, parameters, self._region(hop))
        self.long_term = False

    def _assume(self, hop: Role) -> None:
        limit = LONGEST if self.long_term else CHAINED_MAXIMUM
        wanted = self._duration(hop, limit)
        serial = hop.mfa_serial
        if serial and self.steps and self.steps[-1].role_arn:
            signer = self.steps[-1].role
            self.notes.append(
                f"mfa_serial of {hop.name} is not used: {signer} signs, and a role has no device."
            )
            serial = ""
        if serial and self.long_term and wanted <= CHAINED_MAXIMUM and self.chain.source.kind == "static":
            self._session_token(hop, serial)
            self.notes.append(f"One code of {serial} serves every role below {self.chain.source.name}.")
            serial = ""
        elif serial and wanted > CHAINED_MAXIMUM:
            self.notes.append(
                f"{hop.name} asks for {short_duration(wanted)}, so the code goes with AssumeRole itself: "
                "a role assumed from a shared MFA session lasts one hour at most."
            )
        parameters = self._role_parameters(hop)
        parameters["DurationSeconds"] = wanted
        if serial:
            parameters["SerialNumber"] = serial
        region = self._region(hop)
        self._append(
            "AssumeRole", hop.name, parameters, region, asker=hop, mfa_serial=serial, role_arn=hop.role_arn
        )
        self.long_term = False

    def _duration(self, hop: Role, limit: int) -> int:
        """Seconds to ask for: what is configured, within the account's cap, AWS's ceiling and `limit`."""
        configured = hop.duration_seconds or self.catalog.settings.duration
        wanted = LONGEST if configured < 0 else configured
        cap = rules_of(self.catalog, hop).max_duration
        if cap and wanted > cap:
            wanted = cap
            if configured > 0:
                self.notes.append(f"{hop.name}: max_duration is {short_duration(cap)}.")
        ceiling = self.ceilings.get(hop.role_arn, 0)
        if ceiling and wanted > ceiling:
            wanted = ceiling
            self.notes.append(f"{hop.name} allows {short_duration(ceiling)} at most, as AWS said before.")
        if wanted > limit:
            if configured > 0:
                asked = short_duration(configured)
                self.notes.append(f"{hop.name}: chained roles get at most 1h ({asked} was asked). Used 1h.")
            wanted = limit
        return wanted

    def _role_parameters(self, hop: Role) -> dict[str, object]:
        parameters: dict[str, object] = {
            "RoleArn": hop.role_arn,
            "RoleSessionName": self._session_name(hop),
        }
        if hop.external_id:
            parameters["ExternalId"] = hop.external_id
        if hop.policy:
            parameters["Policy"] = hop.policy
        if hop.policy_arns:
            parameters["PolicyArns"] = [{"arn": arn} for arn in hop.policy_arns]
        if hop.tags:
            parameters["Tags"] = [{"Key": key, "Value": value} for key, value in hop.tags]
        if hop.transitive_tags:
            parameters["TransitiveTagKeys"] = list(hop.transitive_tags)
        if hop.source_identity:
            parameters["SourceIdentity"] = hop.source_identity
        return parameters

    def _session_name(self, hop: Role) -> str:
        template = hop.role_session_name or self.catalog.settings.role_session_name
        reason = self.occasion.reason if "session-name" in self.catalog.settings.reason_in else ""
        if reason and "{reason}" not in template:
            template += "-{reason}"
        try:
            filled = template.format(
                user=self.setting.user, host=self.setting.host, role=hop.name, reason=reason
            )
        except (KeyError, IndexError, ValueError) as error:
            raise InvalidParameter(
                hop.name, "role_session_name", f'"{template}": use {{user}}, {{host}}, {{role}} or {{reason}}'
            ) from error
        return legal_session_name(filled)

    def _region(self, role: Role) -> str:
        partition = parse_role_arn(role.role_arn).partition if role.role_arn else "aws"
        named = role.region or self.catalog.settings.region or self.setting.region
        return named or self.chain.source.region or DEFAULT_REGIONS.get(partition, "us-east-1")

    def _region_of_source(self) -> str:
        """The same for every role below it, so that one code serves all of them."""
        arn = next((hop.role_arn for hop in self.chain.hops if hop.role_arn), "")
        partition = parse_role_arn(arn).partition if arn else "aws"
        named = self.chain.source.region or self.catalog.settings.region or self.setting.region
        return named or DEFAULT_REGIONS.get(partition, "us-east-1")

    def _transport(self, role: Role | None, endpoint_url: str) -> Transport:
        """The environment's word over the files', as in botocore."""
        setting = self.setting
        fips = setting.fips if setting.fips is not None else bool(role and role.use_fips_endpoint)
        dualstack = (
            setting.dualstack if setting.dualstack is not None else bool(role and role.use_dualstack_endpoint)
        )
        if is_open(endpoint_url):
            raise InvalidParameter(
                role.name if role else self.chain.source.name,
                "endpoint_url",
                f"is {endpoint_url}: what is sent there can be read by everybody on the way. Use https://.",
            )
        if endpoint_url and (fips or dualstack):
            key = "use_fips_endpoint" if fips else "use_dualstack_endpoint"
            raise InvalidParameter(
                role.name if role else self.chain.source.name,
                key,
                f"does not go with an endpoint of one's own ({endpoint_url}): take one of them away.",
            )
        return Transport(fips, dualstack, setting.ca_bundle or (role.ca_bundle if role else ""))

    def _fingerprint(self) -> str:
        """What tells the source from another one; what a process finds around it is not always the same."""
        source = self.chain.source
        found = {"environment": self.setting.environment_key, "container": self.setting.container}
        return source.fingerprint or found.get(source.kind, "")

    def _append(
        self,
        operation: str,
        name: str,
        parameters: Mapping[str, object],
        region: str,
        *,
        asker: Role | None = None,
        mfa_serial: str = "",
        role_arn: str = "",
        signed: bool = True,
    ) -> None:
        import hashlib

        first = not self.steps
        upstream = self._fingerprint() if first else self.steps[-1].key
        role = self.catalog.roles.get(name)
        endpoint_url = (role.endpoint_url if role else "") or self.setting.endpoint_url
        transport = self._transport(role, endpoint_url)
        shape = [KEY_SCHEMA, operation, region, endpoint_url, parameters, upstream, self.chain.source.kind]
        if not upstream:
            shape.append(self.chain.source.name)
        if transport.fips or transport.dualstack:
            shape.append([transport.fips, transport.dualstack])
        if _is_global(endpoint_url):
            self.notes.append(f"{endpoint_url} is the global endpoint: opt-in Regions may refuse its tokens.")
        key = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:32]
        source = self.chain.source if first else None
        self.steps.append(
            Step(
                operation,
                self.session if name == self.last else name,
                parameters,
                region,
                endpoint_url,
                key,
                source=source,
                mfa_serial=mfa_serial,
                mfa_process=asker.mfa_process if asker and mfa_serial else (),
                role_arn=role_arn,
                signed=signed,
                caller=self.chain.source.name if first else self.steps[-1].role,
                handover_region=role.region if role else "",
                transport=transport,
            )
        )


def _is_global(endpoint_url: str) -> bool:
    """Source: IAM user guide, "Manage AWS STS in an AWS Region"."""
    return endpoint_url.rstrip("/").endswith("//sts.amazonaws.com")


def legal_session_name(text: str) -> str:
    """`text` made a RoleSessionName: 2 to 64 characters of `[\\w+=,.@-]`."""
    name = _NOT_IN_SESSION_NAME.sub("-", text).strip("-")[:64]
    return name if len(name) >= 2 else f"stsui-{name}" if name else "stsui"


def legal_tag_value(text: str) -> str:
    """`text` made the value of a session tag: at most 256 letters, digits, spaces and `_.:/=+-@`."""
    import unicodedata

    kept = (c if c in "_.:/=+-@" or unicodedata.category(c)[0] in "LZN" else "-" for c in text)
    return "".join(kept)[:256]


def _is_long_term(source: Source) -> bool:
    """Whether the chain begins with an IAM user's own keys, as far as the files tell.

    What a process or the environment gives is known only when it is asked; it counts as temporary, because
    asking for more than an hour would then be refused.
    """
    return source.kind == "static" and source.detail != TEMPORARY
