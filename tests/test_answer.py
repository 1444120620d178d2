"""A finished answer is the very answer that the ordinary way would give now, or none."""

import contextlib
import os
import random
import shutil
import time as real_time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui import answer
from stsui.cli import finished
from stsui.cli.context import Context
from stsui.cli.main import main
from stsui.config import paths
from stsui.model.durations import countdown
from stsui.model.errors import StsuiError
from stsui.wiring import Services, open_services
from tests.worlds import Demo, demo_world

COMMANDS = (
    ("credential-process", "dev-ro"),
    ("credential-process", "--current"),
    ("credential-process", "dev-r"),
    ("credential-process", "prod-ro"),
    ("export", "dev-ro"),
    ("export", "dev-ro", "--format", "fish"),
    ("export", "--format", "json", "stg-ro"),
    ("export",),
    ("export", "dev-ro", "--min-ttl", "10m"),
    ("export", "dev-data"),
    ("credential-process", "from-here"),
    ("status",),
    ("status", "--prompt"),
    ("status", "--json"),
)


class Apart:
    """This computer's clocks: the wall clock is some seconds away from AWS's."""

    def __init__(self, demo: Demo) -> None:
        self._demo, self.away, self.started = demo, 0.0, 0.0

    def now(self) -> float:
        return self._demo.clock.now() + self.away

    def boot(self) -> float:
        return self._demo.clock.boot() - self.started


class Clocks:
    """`time` as the door sees it."""

    def __init__(self, clock: Apart) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.now()

    def clock_gettime(self, which: int) -> float:
        return self._clock.boot()

    def __getattr__(self, name: str) -> Any:
        return getattr(real_time, name)


class Desk:
    """A person's computer, on which both ways can be asked."""

    def __init__(
        self, demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.demo, self.monkeypatch, self.capsys = demo, monkeypatch, capsys
        self.given: list[tuple[bytes, bytes]] = []
        self.connect = demo.services().store._maker._connect
        self.actions: Any = None
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        self.clock = Apart(demo)
        monkeypatch.setattr(answer, "time", Clocks(self.clock))
        monkeypatch.setattr(answer, "_give", self._give)
        monkeypatch.setattr(finished, "SETTLED", 0.0)

    def _give(self, data: bytes, speech: bytes) -> bool:
        self.given.append((data, speech))
        return True

    def finished(self, *argv: str) -> tuple[bytes, bytes] | None:
        """What the door prints; None where it leaves it to the ordinary way."""
        self.given.clear()
        try:
            printed = answer._print_finished(list(argv))
        except (OSError, ValueError, IndexError):
            return None
        return self.given[0] if printed else None

    def services(self) -> Services:
        """What a new process has; only boto3 is loaded and set up once for all of them."""
        services = open_services(self.demo.environ, self.clock)
        services.store._maker._connect = self._connected
        return services

    def _connected(self) -> Any:
        if self.actions is None:
            self.actions = self.connect()
        return self.actions

    def ordinary(self, *argv: str) -> tuple[int, bytes, bytes]:
        """Exit code, stdout and stderr of a new process that finds no finished answer."""
        context = Context(os.environ)
        context.services = self.services()  # type: ignore[misc]
        self.capsys.readouterr()
        code = main(argv, context)
        said = self.capsys.readouterr()
        return code, said.out.encode(), said.err.encode()


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    with demo_world(tmp_path / "home") as demo:
        with demo.config.open("a") as file:
            file.write(
                '[roles.from-here]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\n'
                'credential_source = "Environment"\n'
            )
        yield Desk(demo, monkeypatch, capsys)


@pytest.mark.parametrize(
    "argv", [c for c in COMMANDS if c[-1] not in ("10m", "--json", "dev-r", "prod-ro", "from-here")]
)
def test_the_second_time_it_is_there_and_the_same(desk: Desk, argv: tuple[str, ...]) -> None:
    store = desk.demo.services().store
    store.assume("dev-admin")
    store.set_current("dev-admin")
    assert desk.finished(*argv) is None
    first = desk.ordinary(*argv)
    assert first[0] == 0
    assert desk.finished(*argv) == first[1:]
    desk.demo.clock.pass_(7)
    assert desk.finished(*argv) == desk.ordinary(*argv)[1:], "its times are those of now"


@pytest.mark.parametrize(
    "argv",
    [
        ("credential-process", "dev-r"),
        ("credential-process", "prod-ro"),
        ("credential-process", "from-here"),
        ("export", "dev-ro", "--min-ttl", "10m"),
        ("credential-process", "dev-ro", "--refresh"),
        ("credential-process", "dev-ro", "--no-cache"),
        ("status", "--json"),
        ("list",),
    ],
)
def test_what_is_guessed_guarded_or_asked_anew_is_never_kept(desk: Desk, argv: tuple[str, ...]) -> None:
    desk.demo.services().store.assume("prod-ro", code=desk.demo.code())
    desk.ordinary(*argv)
    assert desk.finished(*argv) is None


def _edit(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


class Day:
    """What happens to a computer, one thing after the other."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.demo, self.chance = desk, desk.demo, random.Random(seed)
        self.conf_d = self.demo.config.parent / "conf.d"
        self.aws_config = Path(self.demo.environ["AWS_CONFIG_FILE"])

    def happen(self) -> str:
        name = self.chance.choice([n for n in dir(self) if n.startswith("it_")])
        getattr(self, name)()
        return name

    def it_passes_time(self) -> None:
        self.demo.clock.pass_(self.chance.choice([1, 60, 700, 2_400, 3_600, 90_000]))

    def it_sets_the_wall_clock(self) -> None:
        self.desk.clock.away += self.chance.choice([-86_400, -3_600, -5, 5, 3_600])

    def it_starts_the_computer_anew(self) -> None:
        self.desk.clock.started = self.demo.clock.boot() - self.chance.choice([1.0, 20_000.0])

    def it_renews(self) -> None:
        self.desk.services().store.assume("dev-ro", refresh=True)

    def it_verifies(self) -> None:
        store = self.desk.services().store
        store.assume("dev-ro")
        with contextlib.suppress(StsuiError):
            store.verify("dev-ro")

    def it_drops(self) -> None:
        self.desk.services().store.drop(self.chance.choice(["dev-ro", "dev-data"]))

    def it_drops_all(self) -> None:
        self.desk.services().store.drop_all()

    def it_chooses(self) -> None:
        self.desk.services().store.set_current(self.chance.choice(["dev-ro", "stg-ro", "dev-data", ""]))

    def it_edits_the_config(self) -> None:
        word = self.chance.choice(["DEV", "TEST", "PROD"])
        text = f'\n[accounts.333344445555]\nenvironment = "{word}"\n'
        self.conf_d.mkdir(exist_ok=True)
        (self.conf_d / "a.toml").write_text(text)

    def it_guards_the_account(self) -> None:
        self.conf_d.mkdir(exist_ok=True)
        _edit(self.conf_d / "b.toml", '[accounts.333344445555]\nguard = "confirm"\n')

    def it_takes_the_guard_away(self) -> None:
        shutil.rmtree(self.conf_d, ignore_errors=True)

    def it_edits_the_role(self) -> None:
        path = self.aws_config
        path.write_text(path.read_text().replace("region = eu-west-1\n", "region = eu-west-3\n", 1))

    def it_replaces_the_keys(self) -> None:
        path = Path(self.demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
        path.write_text(f"{path.read_text()}\n# {self.chance.random()}\n")

    def it_opens_the_files_to_others(self) -> None:
        for path in self._kept():
            path.chmod(0o644)

    def it_damages_an_answer(self) -> None:
        for path in self._kept():
            content = path.read_bytes()
            path.write_bytes(content[: self.chance.randrange(len(content) + 1)])

    def it_plants_links(self) -> None:
        for path in self._kept():
            moved = path.with_name(f"moved-{path.name}")
            path.rename(moved)
            path.symlink_to(moved)

    def it_sets_a_variable(self) -> None:
        name = self.chance.choice(["AWS_REGION", "AWS_PROFILE", "STSUI_ROLE", "AWS_USE_FIPS_ENDPOINT"])
        self._set(name, self.chance.choice(["eu-west-1", "false", "x"]))

    def it_moves_to_another_directory(self) -> None:
        """Where a relative path means another file."""
        for name, account in (("here", "333344445555"), ("there", "222233334444")):
            directory = Path(self.demo.environ["HOME"], name)
            directory.mkdir(exist_ok=True)
            text = (
                f"[profile dev-ro]\nrole_arn = arn:aws:iam::{account}:role/ReadOnly\nsource_profile = ana\n"
            )
            (directory / "aws.cfg").write_text(text)
        chosen = Path(self.demo.environ["HOME"], self.chance.choice(["here", "there"]))
        self.desk.monkeypatch.chdir(chosen)
        self._set("PROJECT", str(chosen))
        self._set(
            "AWS_CONFIG_FILE", self.chance.choice(["aws.cfg", "$PROJECT/aws.cfg", str(chosen / "aws.cfg")])
        )

    def it_takes_another_users_keys(self) -> None:
        """For roles that begin in the environment."""
        user = self.chance.choice(self.demo.aws.world.users)
        self._set("AWS_ACCESS_KEY_ID", user.access_key_id)
        self._set("AWS_SECRET_ACCESS_KEY", user.secret_access_key)

    def _set(self, name: str, value: str) -> None:
        self.desk.monkeypatch.setenv(name, value)
        self.demo.environ[name] = value

    def it_asks(self) -> None:
        self.desk.ordinary(*self.chance.choice(COMMANDS))

    def _kept(self) -> list[Path]:
        run = Path(self.demo.environ["XDG_RUNTIME_DIR"], "stsui")
        return [path for path in run.rglob("*") if path.is_file() and path.suffix not in (".json", ".lock")]


@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_it_is_the_ordinary_answer_or_none(desk: Desk, seed: int) -> None:
    day = Day(desk, seed)
    story = []
    for argv in COMMANDS:
        desk.ordinary(*argv)
    for _ in range(12):
        story.append(day.happen())
        argv = day.chance.choice(COMMANDS)
        given = desk.finished(*argv)
        if given is not None:
            assert (0, *given) == desk.ordinary(*argv), f"{argv} after {story}"


def test_the_stories_above_are_not_all_refusals(desk: Desk) -> None:
    for argv in COMMANDS:
        desk.ordinary(*argv)
    assert sum(desk.finished(*argv) is not None for argv in COMMANDS) >= 6


def test_an_answer_of_another_user_is_not_read(desk: Desk) -> None:
    desk.ordinary("credential-process", "dev-ro")
    assert desk.finished("credential-process", "dev-ro")
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    for path in Path(desk.demo.environ["XDG_RUNTIME_DIR"], "stsui", "sessions").glob("*.done"):
        os.chown(path, 12_345, -1)
    assert desk.finished("credential-process", "dev-ro") is None


def test_a_config_touched_just_now_is_not_trusted_to_stay(desk: Desk) -> None:
    desk.monkeypatch.setattr(finished, "SETTLED", 2.0)
    desk.ordinary("credential-process", "dev-ro")
    assert desk.finished("credential-process", "dev-ro") is None


def test_what_is_forgotten_leaves_no_answer_behind(desk: Desk) -> None:
    desk.ordinary("credential-process", "dev-ro")
    desk.ordinary("export", "dev-ro")
    store = desk.demo.services().store
    assert list(Path(store.cache.directory).glob("*.done"))
    store.drop("dev-ro")
    assert not list(Path(store.cache.directory).glob("*.done"))


def test_secrets_of_the_environment_are_on_no_ticket(desk: Desk) -> None:
    for name in (
        "AWS_SECRET_ACCESS_KEY",
        "AWS_VAULT_FILE_PASSPHRASE",
        "AWS_BEARER_TOKEN_BEDROCK",
        "STSUI_NEW",
    ):
        desk.monkeypatch.setenv(name, "VERYSECRET")
    desk.ordinary("credential-process", "dev-ro")
    tickets = Path(desk.demo.environ["XDG_RUNTIME_DIR"], "stsui", "answers")
    assert list(tickets.iterdir())
    assert not any(b"VERYSECRET" in path.read_bytes() for path in tickets.iterdir())


def test_tickets_lie_where_paths_says(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    for environ in (
        {"HOME": str(tmp_path)},
        {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "c")},
        {"HOME": str(tmp_path), "XDG_CACHE_HOME": "relative"},
        {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")},
        {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "gone")},
    ):
        found = answer.answers_directory(environ)
        assert Path(found) == Path(paths.find(environ).sessions_dir).parent / "answers"


@given(st.floats(-1e5, 1e6))
def test_its_countdown_is_the_models(seconds: float) -> None:
    assert answer.countdown(seconds) == countdown(seconds)


def test_a_closed_stdout_is_not_printed_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    reading, writing = os.pipe()
    os.close(reading)
    kept = os.dup(1)
    os.dup2(writing, 1)
    try:
        with pytest.raises(BrokenPipeError):
            answer._give(b"x" * 10, b"")
    finally:
        os.dup2(kept, 1)
        for handle in (kept, writing):
            os.close(handle)
