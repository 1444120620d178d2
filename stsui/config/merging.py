"""Reads every file and lays our entries over the AWS profiles, and both over what Identity Centers assign."""

from collections.abc import Iterable, Mapping
from typing import Any

from stsui.config import aws_config, centers, discovered, own_roles, user_config
from stsui.config.aws_config import AwsProfiles
from stsui.config.catalog import Catalog, stamp
from stsui.config.entries import RoleEntry, UserConfig
from stsui.config.environment import guessed
from stsui.config.paths import find
from stsui.config.variants import BUILT_IN, FULL
from stsui.model.assigned import Discovery
from stsui.model.roles import Account, Center, Origin, Problem, Role, Rules
from stsui.model.text import clean


def read(environ: Mapping[str, str]) -> Catalog:
    """Everything that the files of `environ` hold. Content is never fatal."""
    paths = find(environ)
    before = stamp(paths)
    user = user_config.read(paths)
    if user.settings.store_dir:
        paths = find(environ, user.settings.store_dir)
    aws = aws_config.read(paths, environ)
    sso = centers.joined(user.sso, aws.sso)
    merged = _Merge(user, aws, clean(paths.config_file), sso)
    found = discovered.read(paths.discovered) if sso else {}
    merged.roles_of_both(found)
    merged.default_variants()
    roles = merged.roles
    return Catalog(
        user.settings,
        roles,
        _accounts(user, aws, roles.values(), found.values()),
        {**BUILT_IN, **user.policies},
        tuple(merged.problems),
        user.keys,
        paths,
        before,
        merged.sources,
        sso,
        user.guards,
        {entry.name: given for entry in user.roles.values() if (given := _rules(entry.fields))},
    )


class _Merge:
    """Lays our entries over the AWS profiles."""

    def __init__(
        self, user: UserConfig, aws: AwsProfiles, config_file: str, sso: Mapping[str, Center]
    ) -> None:
        self.user, self.aws, self.config_file, self.sso = user, aws, config_file, sso
        self.roles: dict[str, Role] = {}
        self.sources: dict[str, Role] = dict(aws.others)
        self.below: dict[str, Role] = {}
        self.problems = [*user.problems]
        self.lost = {problem.name for problem in user.problems if problem.name}

    def roles_of_both(self, found: Mapping[str, Discovery]) -> None:
        """Our entries, the profiles, and below them what was found in Identity Centers."""
        self.below = {name: self._with_center(role) for name, role in self.aws.roles.items()}
        self.below |= self._found(found)
        for entry in self.user.roles.values():
            if entry.whole:
                self._own(entry)
            elif entry.name not in self.below:
                self._loose(entry)
        for name, role in self.below.items():
            laid = self.user.roles.get(name)
            if name in self.roles or name in self.lost or (laid and laid.whole):
                self.sources.setdefault(name, role)
            else:
                self._profile(role, laid)
        for problem in self.aws.problems:
            named = problem.name in self.roles or problem.name in self.lost
            self.problems.append(problem._replace(name="") if named else problem)

    def default_variants(self) -> None:
        """Every default_variant must be a policy: without it nothing is given under the bare name."""
        user = self.user
        wanted = [(f"of {account.account_id}", account.default_variant) for account in user.accounts.values()]
        wanted += [(f"of [guards.{p}]", given.get("default_variant", "")) for p, given in user.guards.items()]
        wanted += [(f"of {e.name}", e.fields.get("default_variant", "")) for e in user.roles.values()]
        known = {**BUILT_IN, **user.policies}
        for whose, variant in wanted:
            policy = known.get(variant.partition(":")[0])
            if variant and variant != FULL and policy is None:
                reason = f"default_variant {whose}: there is no [policies.{variant}]."
                self.problems.append(Problem(Origin(self.config_file, 0), reason))

    def _own(self, entry: RoleEntry) -> None:
        try:
            role = own_roles.role(entry, self.sso)
        except ValueError as error:
            self._lose(entry, f"{error}.")
            return
        region = role.region or self.user.settings.region or self._region_below(role)
        if entry.fields.get("hidden"):
            self.sources[entry.name] = role._replace(region=region)
        else:
            self.roles[entry.name] = role._replace(region=region)

    def _found(self, found: Mapping[str, Discovery]) -> dict[str, Role]:
        """Roles of Identity Centers that nothing else speaks of."""
        if not found:
            return {}
        whole = {name: entry for name, entry in self.user.roles.items() if entry.whole}
        sources = [role.source for role in self.below.values() if role.source and role.source.center]
        known = {
            (discovered.key_of(source.center), source.account_id, source.role_name)
            for source in sources
            if source.center
        }
        for entry in whole.values():
            center = centers.named(self.sso, str(entry.fields.get("sso_session", "")))
            if center is not None:
                account, role = (
                    str(entry.fields.get(key, "")) for key in ("sso_account_id", "sso_role_name")
                )
                known.add((discovered.key_of(center), account, role))
        lost = (problem.name for problem in (*self.aws.problems, *self.user.problems))
        taken = {*whole, *self.below, *self.aws.others, *lost}
        return discovered.roles(self.sso.values(), found, self.user.settings.region, taken, known)

    def _with_center(self, role: Role) -> Role:
        """A profile's role with its Identity Center as the catalog calls it."""
        source = role.source
        center = centers.one_of(self.sso, source.center) if source and source.center else None
        if source is None or center is None:
            return role
        return role._replace(source=source._replace(center=center, detail=center.name))

    def _region_below(self, role: Role) -> str:
        below = self.aws.roles.get(role.source_profile) or self.aws.others.get(role.source_profile)
        return below.region if below else ""

    def _loose(self, entry: RoleEntry) -> None:
        """An entry that says only how a role looks, and there is none."""
        if entry.fields.get("hidden"):
            return
        if any(problem.name == entry.name for problem in self.aws.problems):
            return  # the profile's own problem says more
        if not self.user.settings.aws_profiles and entry.name in self.aws.others:
            return
        self._lose(
            entry,
            f"[roles.{entry.name}] says neither role_arn, session_of, federation_of nor sso_role_name, "
            "and no AWS profile has that name.",
        )

    def _lose(self, entry: RoleEntry, reason: str) -> None:
        self.problems.append(Problem(entry.origin, reason, entry.name))
        self.lost.add(entry.name)

    def _profile(self, role: Role, entry: RoleEntry | None) -> None:
        fields = dict(entry.fields) if entry else {}
        hidden = fields.pop("hidden", False)
        fields = {key: value for key, value in fields.items() if key not in Rules._fields}
        if fields:
            refused = _NOT_ON_PROFILES.intersection(fields)
            if refused:
                self._lose(entry or RoleEntry(role.name, role.origin, {}, False), _refusal(refused))
                self.sources.setdefault(role.name, role)
                return
            role = role._replace(**fields)
        listed = self.user.settings.aws_profiles or not role.from_aws_files
        if hidden or not (listed or entry):
            self.sources[role.name] = role
        else:
            self.roles[role.name] = role


def _rules(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in Rules._fields if name in fields}


_NOT_ON_PROFILES = frozenset(
    {
        *("credential_source", "saml_process", "principal_arn", "web_identity_token_file", "account_id"),
        *("sso_session", "sso_account_id", "sso_role_name"),
    }
)


def _refusal(fields: Iterable[str]) -> str:
    names = ", ".join(sorted(fields))
    return f"{names} cannot be laid over an AWS profile; write the role with its role_arn here."


def _accounts(
    user: UserConfig, aws: AwsProfiles, roles: Iterable[Role], found: Iterable[Discovery]
) -> dict[str, Account]:
    accounts = dict(user.accounts)
    for role in roles:
        if role.account_id and role.account_id not in accounts:
            accounts[role.account_id] = Account(role.account_id)
    for discovery in found:
        for assigned in discovery.accounts:
            account = accounts.get(assigned.account_id)
            if account and not account.name:
                accounts[account.account_id] = account._replace(name=assigned.name, name_found=True)
    for number, color in aws.colors.items():
        account = accounts.get(number)
        if account and not account.color:
            accounts[number] = account._replace(color=color)
    if user.settings.guess_environment:
        for number, account in accounts.items():
            word = guessed(account.name) if account.name and not account.environment else ""
            if word:
                accounts[number] = account._replace(environment=word, environment_guessed=True)
    return accounts
