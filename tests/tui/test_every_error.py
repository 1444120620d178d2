"""Whatever can go wrong with a role stands on its row: a word there, a sentence beside it, and a key."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

import stsui.aws
from stsui.model import errors
from stsui.model.errors import StsuiError
from tests.tui.boards import Board, board
from tests.worlds import Demo


class Case(NamedTuple):
    """A role that is used once the world is arranged, and what the board says then."""

    error: type[StsuiError]
    says: tuple[str, ...]
    """Beside the row, or on its screen of details: what happened, and the key."""
    word: str = "failed"
    """On the row."""
    role: str = "dev-admin"
    arrange: Callable[[Demo], object] = lambda demo: None
    dialog: str = ""
    """The title of the question that comes, where the error is one."""
    alone: bool = False
    """Nothing else can be tried in such a world."""
    planned: bool = False
    """It is known without a call, and enter says so."""


def refuses(
    code: str, message: str = "", status: int = 400, operation: str = "AssumeRole"
) -> Callable[[Demo], object]:
    return lambda demo: demo.aws.fail_next(code, 9, operation, status, message)


def configured(text: str) -> Callable[[Demo], object]:
    return lambda demo: demo.config.write_text(demo.config.read_text() + text)


def role(name: str, source: str, more: str = "") -> str:
    return (
        f'\n[roles.{name}]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\n'
        f'source_profile = "{source}"\nregion = "eu-west-1"\n{more}'
    )


def loses_its_keys(demo: Demo) -> None:
    with open(demo.environ["AWS_SHARED_CREDENTIALS_FILE"], "w", encoding="utf-8") as file:
        file.write("")
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("\n[profile lost]\ncredential_process = false\n")
    configured(role("from-lost", "lost"))(demo)


def aws_login(demo: Demo) -> None:
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            "\n[profile daily]\nlogin_session = arn:aws:iam::333344445555:user/ana\nregion = eu-west-1\n"
        )
    configured(role("of-daily", "daily"))(demo)


def speaks_no_tls(demo: Demo) -> None:
    demo.environ["AWS_ENDPOINT_URL_STS"] = demo.aws.url.replace("http:", "https:")


def goes_down(demo: Demo) -> None:
    demo.aws.down = True


EXPIRED = "The security token included in the request is expired"
E = errors
CASES = (
    Case(E.MfaRequired, ("enter code",), "needs MFA", "prod-ro", dialog="MFA code for prod-ro"),
    Case(E.SignInRequired, ("enter sign in",), "sign in", "team-play", dialog="Sign in to acme-sso"),
    Case(
        E.AwsLoginRequired,
        ("daily is signed out of aws login.", "enter sign in"),
        word="sign in",
        role="of-daily",
        arrange=aws_login,
    ),
    Case(
        E.ConfirmationRequired,
        ("gets its credentials from a command. Run it from now on?", "enter look"),
        word="confirm",
        role="from-lost",
        arrange=loses_its_keys,
        dialog="asks first",
    ),
    Case(
        E.ChainLoop,
        ("The chain round > about > round goes round in a circle.", "e edit"),
        word="problem",
        role="round",
        arrange=configured(role("round", "about") + role("about", "round")),
        planned=True,
    ),
    Case(
        E.SourceMissing,
        ("adrift > nobody: no role or profile has that name.", "e edit"),
        word="problem",
        role="adrift",
        arrange=configured(role("adrift", "nobody")),
        planned=True,
    ),
    Case(
        E.InvalidParameter,
        ("does not go with an endpoint of one's own", "e edit"),
        word="failed",
        role="strange",
        arrange=configured(role("strange", "ana", "use_fips_endpoint = true\n")),
    ),
    Case(
        E.AccessDenied,
        ("may not assume Deploy (AccessDenied)", "enter retry", "L log"),
        role="prod-deploy",
    ),
    Case(
        E.DeviceUnknown,
        ("AWS does not know the MFA device", "Check mfa_serial.", "enter retry", "e edit"),
        arrange=refuses("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code."),
    ),
    Case(
        E.DurationTooLong,
        ("is more than dev-admin allows (MaxSessionDuration)", "enter retry", "e edit"),
        arrange=refuses(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ),
    ),
    Case(
        E.SourceExpired,
        ("The credentials of ana have expired.", "enter retry"),
        arrange=refuses("ExpiredToken", "The security token included in the request is expired"),
    ),
    Case(
        E.KeysUnknown,
        ("AWS does not know the keys of ana (InvalidClientTokenId). They were deleted", "e edit"),
        arrange=refuses("InvalidClientTokenId", "The security token is invalid."),
    ),
    Case(
        E.ClockOff,
        ("This computer's clock is 7 min behind AWS's", "nothing can be signed until then."),
        arrange=refuses(
            "SignatureDoesNotMatch",
            "Signature expired: 20261124T000000Z is now earlier than 20261124T000200Z "
            "(20261124T000700Z - 5 min.)",
        ),
    ),
    Case(
        E.RegionDisabled,
        ("ap-east-1 is not enabled for STS in this account (RegionDisabled)", "e edit"),
        role="far-away",
    ),
    Case(
        E.TokenRefused,
        ("The identity provider's token for dev-ci was refused", "e edit"),
        role="dev-ci",
        arrange=refuses("IDPRejectedClaim", "No.", operation="AssumeRoleWithWebIdentity"),
    ),
    Case(
        E.PolicyRefused,
        ("Tags and policy of dev-admin together are too large (PackedPolicyTooLarge)", "e edit"),
        arrange=refuses("PackedPolicyTooLarge", "Packed policy consumes 118%"),
    ),
    Case(E.IdentityMismatch, ("AWS says this is", "the config says", "Session dropped."), role="mixed"),
    Case(
        E.NoSource,
        ("The credential process of lost failed", "e edit"),
        role="from-lost",
        arrange=loses_its_keys,
        dialog="asks first",
    ),
    Case(
        E.RefusedByAws,
        ("AWS refused AssumeRole for dev-admin (SomethingNew)", "enter retry"),
        arrange=refuses("SomethingNew", "What nobody has seen yet."),
    ),
    Case(
        E.Unreachable,
        ("cannot be reached. Offline, VPN or proxy?", "enter retry"),
        arrange=goes_down,
        alone=True,
    ),
    Case(
        E.TlsRefused,
        ("The TLS certificate of", "is not trusted. Behind a proxy: set AWS_CA_BUNDLE.", "enter retry"),
        arrange=speaks_no_tls,
        alone=True,
    ),
    Case(
        E.NotSts,
        ("was not from STS (captive portal or proxy?)", "enter retry"),
        arrange=lambda demo: [demo.aws.answer_next(b"<html>Welcome to the hotel</html>") for _ in range(3)],
    ),
    Case(
        E.ServiceFailing,
        ("STS in eu-west-1 is not answering properly.", "enter retry"),
        arrange=refuses("ServiceUnavailable", status=503),
    ),
    Case(E.Throttled, ("AWS asked to slow down.", "enter retry"), arrange=refuses("Throttling")),
)
ELSEWHERE = {
    errors.CodeRefused: "the question for a code says it, and asks again: test_mfa, test_board",
    errors.StoreError: "the head says it while it is so: test_notices",
    errors.GuardRefused: "the answer to the key that would give a session out: test_guards",
    errors.SessionDropped: "of a slot, told to the program that fetches: tests/server",
    errors.RoleNotFound: "of the command line; a row has a role",
    errors.AmbiguousRole: "of the command line",
    errors.SlotNotFound: "of the command line",
    errors.Shadowed: "of the command line",
    errors.UsageError: "of the command line",
    errors.ConfigError: "of files, which are rows: test_palette",
    errors.PersonNeeded: "only what is below it is raised",
    errors.Unavailable: "of the server of slots: test_notices",
}
"""Where the rest is said."""


def every(kind: type[StsuiError]) -> Iterator[type[StsuiError]]:
    for below in kind.__subclasses__():
        yield below
        yield from every(below)


def test_nothing_goes_wrong_without_a_word_for_it() -> None:
    for module in pkgutil.iter_modules(stsui.aws.__path__):
        importlib.import_module(f"stsui.aws.{module.name}")
    known = {case.error for case in CASES} | ELSEWHERE.keys()
    made = {kind for kind in every(StsuiError) if kind.__module__ == "stsui.model.errors"}
    assert made == known
    # What only waits for a browser is no error of a row.
    assert {kind.__name__ for kind in every(StsuiError) if kind.__module__.startswith("stsui.aws")} == {
        "Pending"
    }


FROM_AWS = tuple(case for case in CASES if case.role in ("dev-admin", "dev-ci") and not case.alone)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case not in FROM_AWS], ids=lambda case: case.error.__name__
)
async def test_a_row_says_what_went_wrong_and_what_to_press(demo: Demo, case: Case) -> None:
    demo.environ["AWS_MAX_ATTEMPTS"] = "1"
    case.arrange(demo)
    async with board(demo, (80, 45)) as it:
        await go_wrong(it, case)


async def test_so_it_does_with_whatever_aws_answers(demo: Demo) -> None:
    demo.environ["AWS_MAX_ATTEMPTS"] = "1"
    async with board(demo, (80, 45)) as it:
        for case in FROM_AWS:
            case.arrange(demo)
            await go_wrong(it, case)
            await it.press("escape")
            demo.aws.mend()
            await it.tick(120)


async def go_wrong(it: Board, case: Case) -> None:
    await it.go_to(case.role)
    await it.press(*["enter"] * (2 if case.role.startswith("prod") else 1))
    if case.dialog:
        await it.sees(case.dialog)
        await it.press("y" if case.error is errors.NoSource else "escape")
    if case.planned:
        assert case.word in it.row(case.role)
        with pytest.raises(case.error):
            it.app.services.store.plan(case.role)
    else:
        await it.until(lambda: type(error_of(it, case.role)) is case.error)
        await it.until(lambda: case.word in it.row(case.role))
        await it.press("i")
    await it.sees(*case.says)


def error_of(it: Board, role: str) -> StsuiError | None:
    trouble = it.app.state.troubles.get(role)
    return trouble.error if trouble else None
