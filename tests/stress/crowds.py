"""One flight on the machine: a crowd that wants the same, different things, or what it will not get."""

import json
import threading
import time

from stsui.demo.identity_center import START_URL, many
from stsui.wiring import open_services
from tests.stress.crowd import Place, crowd, environment
from tests.stress.lines import Line, plural, show_failures

ROUND = 5
"""Seconds for which a refusal is remembered."""


def cold(there: Place, count: int, role: str, delay: float, hops: int, what: str) -> Line:
    """Everybody wants the same session, and nobody has it."""
    there.forget()
    there.aws.delay = delay
    outcomes = crowd(there, [("credential-process", role)] * count)
    there.aws.delay = 0.0
    failed = show_failures(outcomes)
    keys = {json.loads(outcome.stdout)["AccessKeyId"] for outcome in outcomes if outcome.code == 0}
    calls = there.aws.count()
    return Line(
        f"{count:,} cold callers of {what}, STS answers in {delay:g} s",
        f"{plural(hops, 'call')}, 0 failures, 1 set of credentials",
        f"{plural(calls, 'call')}, {failed} failures, {len(keys)} set of credentials",
        calls == hops and not failed and len(keys) == 1,
    )


def different(there: Place, count: int) -> Line:
    """Every caller wants another session."""
    there.forget()
    listed = json.loads(there.stsui("list", "--json").stdout)["roles"]
    roles = [role["role"] for role in listed if role["role"].startswith("team-") and not role["mfa_serial"]]
    roles = [name for name in roles if name != "team-play"][:count]
    failed = show_failures(crowd(there, [("credential-process", role) for role in roles]))
    held = json.loads(there.stsui("list", "--live", "--json").stdout)["roles"]
    stored = {role["role"] for role in held}
    return Line(
        f"{count} different roles at once",
        f"{count} sessions stored, 0 failures",
        f"{len(stored & set(roles))} sessions stored, {failed} failures",
        len(stored & set(roles)) == count and not failed,
    )


def threads(there: Place, count: int) -> Line:
    """The same within one process."""
    there.forget()
    there.aws.delay = 0.2
    keys: list[str] = []
    with environment(there.environ):
        store = open_services(there.environ).store
        some = [
            threading.Thread(
                target=lambda: keys.append(store.assume("dev-ro").credentials.access_key_id), daemon=True
            )
            for _ in range(count)
        ]
        for thread in some:
            thread.start()
        for thread in some:
            thread.join(60)
    there.aws.delay = 0.0
    calls = there.aws.count()
    return Line(
        f"{count} threads of one process",
        f"1 call, {count} answers, 1 set of credentials",
        f"{plural(calls, 'call')}, {len(keys)} answers, {len(set(keys))} set of credentials",
        calls == 1 and len(keys) == count and len(set(keys)) == 1,
    )


def refused(there: Place, count: int, role: str, word: str, attempts: int) -> Line:
    """AWS says no to everybody."""
    there.forget()
    if word == "503":
        there.aws.fail_next("ServiceUnavailable", n=100_000, status=503, operation="AssumeRole")
    outcomes = crowd(there, [("credential-process", role)] * count)
    seconds = max(outcome.seconds for outcome in outcomes)
    calls = sum(bool(call.error_code) for call in there.aws.calls)
    there.aws.mend()
    most = attempts * (1 + int(seconds // ROUND))
    served = sum(outcome.code == 0 or bool(outcome.stdout) for outcome in outcomes)
    return Line(
        f"{count:,} callers refused with {word}",
        f"at most {plural(most, 'refused call')} in {seconds:.0f} s, stdout empty",
        f"{calls} refused, {served} wrote to stdout",
        calls <= most and not served,
    )


def new_token(there: Place, count: int) -> Line:
    """Every caller wants another role of one Identity Center, whose token has run out and can be renewed."""
    there.aws.center.assigned[START_URL] = many(count, 1)
    with open(there.environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
        config.write(f'\n[sso.acme]\nstart_url = "{START_URL}"\nregion = "eu-west-1"\n')
    with environment(there.environ):
        services = open_services(there.environ)
        center = services.catalog.sso["acme"]
        begun = services.centers.begin(center, browser=False)
        there.aws.sign_in.say(begun.invitation.user_code, "allow")
        token = begun.wait(lambda seconds: True)
        assert token is not None
        services.centers.finish(center, token)
        services.discover(center)
        over = token._replace(expires_at=int(time.time()) - 60)
        services.sign_ins.files.write(center, over)
        roles = [name for name, role in services.reload().roles.items() if role.source and role.source.center]
    there.aws.calls.clear()
    there.aws.delay = 0.2
    failed = show_failures(crowd(there, [("credential-process", role) for role in roles if "/" in role]))
    there.aws.delay = 0.0
    tokens, given = there.aws.count("CreateToken"), there.aws.count("GetRoleCredentials")
    return Line(
        f"{count} processes want as many roles of an Identity Center whose token has run out",
        f"1 CreateToken, {count} sessions, 0 failures",
        f"{tokens} CreateToken, {given} sessions, {failed} failures",
        tokens == 1 and given == count and not failed,
    )
