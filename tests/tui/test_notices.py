"""What nobody asked for and everybody should know: said while it is so, whole at each size, and no longer."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.demo.identity_center import START_URL
from stsui.demo.world import DEVICE
from stsui.sessions.cache import Cache
from tests.tui.boards import Board, board
from tests.tui.test_centers import nothing_configured
from tests.tui.test_shells import Shells
from tests.worlds import Demo

SIZES = [(44, 14), (80, 24), (120, 35), (200, 50)]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def shells(demo: Demo) -> Iterator[Shells]:
    found = Shells(demo)
    yield found
    found.taken.release()


@pytest.fixture
def open_directory(demo: Demo) -> Iterator[Path]:
    """The config where everyone on the computer may go."""
    if os.name != "posix" or not os.path.isdir("/tmp") or os.stat("/tmp").st_mode & 0o001 == 0:
        pytest.skip("no directory here that everyone may enter")
    directory = Path(tempfile.mkdtemp(dir="/tmp"))
    directory.chmod(0o755)
    demo.environ["STSUI_CONFIG"] = str(shutil.copy(demo.config, directory / "config.toml"))
    demo.config = directory / "config.toml"
    yield directory
    shutil.rmtree(directory)


def set_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


def other_device(demo: Demo) -> None:
    aws = Path(demo.environ["AWS_CONFIG_FILE"])
    aws.write_text(aws.read_text().replace(DEVICE, DEVICE.rpartition("/")[0] + "/old-phone"))


async def looks(b: Board) -> None:
    """The board has looked around twice."""
    for _ in range(4):
        await b.tick()
        await b.settled()


@pytest.mark.parametrize("size", SIZES)
async def test_a_changed_config_says_so_for_some_seconds(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as b:
        await b.settled()
        demo.config.write_text(demo.config.read_text() + '\n[accounts.999900001119]\nname = "x"\n')
        await b.tick()
        await b.sees("Config changed on disk. Reloaded: ")
        await b.tick(7)
        assert "Reloaded" not in b.text


async def test_what_was_saved_here_is_no_news(demo: Demo) -> None:
    async with board(demo) as b:
        await b.go_to("dev-ro")
        await b.press("p")
        await b.until(lambda: not b.app.state.pins and b.app.state.pinned("dev-ro"))
        await b.settled()
        await b.press("u")
        await b.until(lambda: not b.app.state.pinned("dev-ro"))
        await b.settled()
        assert not b.app.state.said[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_config_that_everyone_reads_is_closed_by_f(
    demo: Demo, open_directory: Path, size: tuple[int, int]
) -> None:
    demo.config.chmod(0o644)
    async with board(demo, size) as b:
        await looks(b)
        await b.sees(
            "config.toml can be read by everyone (mode 644). It holds no secrets. f closes it: chmod 600"
        )
        await b.press("f")
        await b.until(lambda: demo.config.stat().st_mode & 0o777 == 0o600)
        await looks(b)
        assert "by everyone" not in b.words
        await b.press("f")
        await b.sees("No file of yours here is open to")


async def test_one_that_everyone_changes_comes_first(demo: Demo, open_directory: Path) -> None:
    demo.config.chmod(0o666)
    async with board(demo) as b:
        await looks(b)
        await b.sees("can be changed by everyone (mode 666) and decides which programs run.")


async def test_in_a_closed_directory_nobody_can_read_it(demo: Demo, open_directory: Path) -> None:
    demo.config.chmod(0o644)
    set_mode(open_directory, 0o700)
    async with board(demo) as b:
        await looks(b)
        assert "by everyone" not in b.words


@pytest.mark.parametrize("size", [(44, 14), (80, 24), (120, 35)])
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.chmod(0o644), "is open to other users (mode 644). Remove it; stsui skips it."),
        pytest.param(
            lambda path: os.chown(path, 12_345, -1),
            "belongs to another user (uid 12345), probably from sudo. Remove it or chown it; stsui skips it.",
            marks=pytest.mark.skipif(not IS_ROOT, reason="only root gives files away"),
        ),
    ],
)
async def test_a_session_file_that_is_not_ours_alone_is_named(
    demo: Demo, spoil: object, says: str, size: tuple[int, int]
) -> None:
    store = demo.services().store
    session = store.assume("dev-ro")
    path = Path(store.cache.path(session.key))
    assert isinstance(store.cache, Cache) and callable(spoil)
    spoil(path)
    async with board(demo, size) as b:
        await looks(b)
        # A path is broken where a line ends.
        await b.until(lambda: "".join(says.split()) in "".join(b.words.split()))
        assert b.app.state.live("dev-ro") is None
        os.unlink(path)
        await looks(b)
        assert "skips" not in b.words


@pytest.mark.parametrize("size", [(44, 14), (120, 35)])
async def test_a_server_that_cannot_come_back_is_said_while_it_is_so(
    demo: Demo, shells: Shells, size: tuple[int, int]
) -> None:
    shells.slot("term-3", "dev-ro")
    shells.slot("term-4", "dev-ro")
    shells.taken.release()
    directory = Path(shells.live.place.files.path)
    set_mode(directory, 0o777)
    async with board(demo, size) as b:
        await looks(b)
        await looks(b)
        await b.until(
            lambda: "Thecredentialserverstoppedandcouldnotbestartedagain:" in "".join(b.words.split())
        )
        await b.until(lambda: "2shellsgetnonewcredentialsuntilitruns." in "".join(b.words.split()))
        assert not [event for event in b.app.state.events if event.what == "credential server"]
        set_mode(directory, 0o700)
        shells.taken = shells.live.take()
        await looks(b)
        assert "credential server" not in b.words


async def test_a_device_that_aws_does_not_know_is_named_with_what_to_do(demo: Demo) -> None:
    other_device(demo)
    async with board(demo) as b:
        await b.go_to("prod-ro")
        await b.press("enter", "enter")
        await b.sees("MFA code for prod-ro")
        await b.type("123456")
        await b.sees(
            "AWS does not know the MFA device",
            "for ana (AccessDenied). Check mfa_serial.",
            "e edit",
        )
        assert "failed" in b.row("prod-ro")
        await b.press("e")
        await b.sees("MFA device", "old-phone")


async def test_where_nothing_takes_a_copy_that_is_said(demo: Demo) -> None:
    demo.environ["TERM"] = "linux"
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("y")
        await b.sees("Could not copy: there is no clipboard tool", "Y then w writes a file.")


async def test_an_identity_center_that_shows_nothing_says_whom_to_ask(demo: Demo) -> None:
    says = "acme shows you no accounts. Ask who runs it for an assignment."
    demo.aws.center.assigned[START_URL] = []
    nothing_configured(demo)
    async with board(demo) as b:
        await b.sees("Welcome to stsui")
        await b.press("1")
        await b.type(START_URL)
        await b.press("tab")
        await b.type("eu-west-1")
        await b.press("enter")
        await b.sees("Waiting for the browser")
        await b.until(lambda: demo.aws.sign_in.allow())
        await b.sees(says)
        await b.until(lambda: "acme" in b.app.services.catalog.sso)
        await b.tick(7)
        await b.sees(says)
        await b.press("I", "2", "enter")
        await b.sees("Import roles", says)
