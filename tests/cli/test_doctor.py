"""`stsui doctor` finds what is planted, its command mends it, and what it prints can be shown to anybody."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stsui.cli.checkup import threats
from stsui.cli.context import Context
from stsui.cli.main import main
from tests.cli.conftest import RealClock
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home", clock=RealClock()) as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        for name in ("SSH_CONNECTION", "SUDO_USER", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.delenv(name, raising=False)
        # The one entry of the demo that leads nowhere.
        config = Path(demo.environ["AWS_CONFIG_FILE"])
        config.write_text(config.read_text().replace("source_profile = long-gone", "source_profile = ana"))
        yield demo


def doctor(capsys: pytest.CaptureFixture[str], *flags: str) -> list[dict[str, Any]]:
    code = main(["doctor", "--json", *flags], Context(os.environ))
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    assert code == (2 if any(one["level"] == "fix" for one in found) else 0)
    return found


def to_fix(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if one["level"] == "fix"]


def mended(finding: dict[str, Any], demo: Demo) -> None:
    """The command of a finding, as a person pastes it."""
    line = re.sub(r"^stsui ", "python -m stsui ", finding["mend"])
    environ = {**demo.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    subprocess.run(["bash", "-c", line], env=environ, check=True, capture_output=True)


def test_all_is_well_in_a_tidy_home(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    assert not to_fix(doctor(capsys, "--online"))
    assert not to_fix(doctor(capsys, "--security"))
    assert main(["doctor"], Context(os.environ)) == 0
    shown = capsys.readouterr()
    assert "all is well" in shown.err and "26 roles" in shown.out


def test_it_changes_nothing(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    home = Path(demo.environ["HOME"])
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    doctor(capsys, "--online")
    doctor(capsys, "--security")
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before
    assert len(demo.aws.calls) == 1, "one call, only with --online"


def test_nothing_of_it_is_private(
    demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = demo.services().store.assume("dev-admin")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", made.credentials.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", made.credentials.secret_access_key.reveal())
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:password@proxy.example:3128")
    demo.config.write_text(
        demo.config.read_text() + '\n[roles.x]\nrole_arn = "arn:aws:iam::111122223333:r"\n'
    )
    text = ""
    for flags in ([], ["--security"], ["--online"]):
        main(["doctor", *flags], Context(os.environ))
        shown = capsys.readouterr()
        text += shown.out + shown.err
    for private in (
        demo.environ["HOME"],
        *(account.account_id for account in demo.aws.world.accounts),
        *(user.access_key_id for user in demo.aws.world.users),
        made.credentials.access_key_id,
        made.credentials.secret_access_key.reveal(),
        "password",
    ):
        assert private not in text
    assert "config.toml" in text and "~/" in text


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
@pytest.mark.parametrize(
    ("place", "mode", "words"),
    [
        ("AWS_SHARED_CREDENTIALS_FILE", 0o644, "can be read by others"),
        ("AWS_CONFIG_FILE", 0o664, "can be written by others"),
        ("STSUI_CONFIG", 0o666, "can be written by others"),
    ],
)
def test_a_file_that_is_open_to_others(
    demo: Demo, capsys: pytest.CaptureFixture[str], place: str, mode: int, words: str
) -> None:
    os.chmod(demo.environ[place], mode)
    (finding,) = to_fix(doctor(capsys))
    assert words in finding["text"]
    mended(finding, demo)
    assert not to_fix(doctor(capsys))


def test_a_store_that_is_open_to_others(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    demo.services().store.assume("dev-admin")
    os.chmod(demo.services().catalog.paths.sessions_dir, 0o755)
    assert any("chmod 700" in one["text"] for one in to_fix(doctor(capsys)))
    assert any("chmod 700" in one["text"] for one in to_fix(doctor(capsys, "--security")))


def test_an_entry_that_cannot_be_used(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    with demo.config.open("a") as file:
        file.write('[roles.x]\nrole_arn = "nonsense"\n')
    found = to_fix(doctor(capsys))
    assert any("config.toml line" in one["text"] and one["mend"] == "stsui config edit" for one in found)


def test_yesterdays_keys_in_the_shell(
    demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAQWERTYUIOP234567")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
    monkeypatch.setenv("STSUI_ROLE", "dev-admin")
    (finding,) = to_fix(doctor(capsys))
    assert "expired" in finding["text"] and "stsui export dev-admin" in finding["mend"]


def test_a_report_of_a_mistake_is_named(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    Context(os.environ).keep_report("stsui stopped by mistake: KeyError")
    assert any("crash-" in one["text"] for one in doctor(capsys))


def test_a_file_that_is_no_session(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    services = demo.services()
    session = services.store.assume("dev-admin")
    Path(services.store.cache.path(session.key)).write_bytes(b"torn")
    (finding,) = to_fix(doctor(capsys))
    assert "no sessions" in finding["text"]
    mended(finding, demo)
    assert not to_fix(doctor(capsys))


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (1_020, "fix"), (-7_200, "fix")])
def test_how_far_the_clock_is_off(
    demo: Demo, capsys: pytest.CaptureFixture[str], seconds: int, level: str
) -> None:
    demo.aws.date_offset = seconds
    (clock,) = [one for one in doctor(capsys, "--online") if one["about"] == "clock"]
    assert clock["level"] == level
    assert not seconds or ("behind" if seconds > 0 else "ahead") in clock["text"]


def test_aws_does_not_answer(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    demo.aws.stop()
    found = [one for one in doctor(capsys, "--online") if one["about"] == "STS"]
    assert found[0]["level"] == "fix"


def test_an_answer_that_is_not_from_sts(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    demo.aws.answer_next(b"<html>Please sign in to the hotel's network</html>")
    (found,) = [one for one in doctor(capsys, "--online") if one["about"] == "STS"]
    assert found["level"] == "fix" and "hotel" not in found["text"]


def test_every_threat_is_walked(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    names = {one["about"] for one in doctor(capsys, "--security")}
    assert names == {threat.name for threat in threats.THREATS}


def test_an_endpoint_that_is_not_encrypted(
    demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://sts.example")
    assert any("not encrypted" in one["text"] for one in to_fix(doctor(capsys, "--security")))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be root by sudo")
def test_root_by_sudo_keeps_nothing_in_another_home(
    demo: Demo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(demo.environ["HOME"], 1000, 1000)
    monkeypatch.setenv("SUDO_USER", "ana")
    assert main(["assume", "dev-admin"], Context(os.environ)) == 2
    assert "root in the home of ana" in capsys.readouterr().err
    assert not Path(demo.services().catalog.paths.sessions_dir).exists()
    assert any("sudo -H" in one["mend"] for one in to_fix(doctor(capsys, "--security")))
    assert main(["help"], Context(os.environ)) == 0
