"""The kept catalog is the very one that the files would give now, or none."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from stsui.config import catalog
from stsui.sessions import catalogs
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(catalogs, "SETTLED", 0.0)
    with demo_world(tmp_path / "home", roles=60) as demo:
        yield demo


def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often the files are read."""
    counted: list[int] = []
    real: Callable[..., catalog.Catalog] = catalogs.read

    def counting(environ: dict[str, str]) -> catalog.Catalog:
        counted.append(1)
        return real(environ)

    monkeypatch.setattr(catalogs, "read", counting)
    return counted


def test_unchanged_files_are_read_once(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = reads(monkeypatch)
    first = catalogs.load(demo.environ)
    assert catalogs.load(demo.environ) == first == catalog.load(demo.environ)
    assert len(counted) == 1
    assert all(type(role).__name__ == "Role" for role in catalogs.load(demo.environ).roles.values())


def test_all_kinds_of_entries_come_back_as_they_were(demo: Demo) -> None:
    example = Path(__file__).parents[2] / "config.example.toml"
    demo.config.write_text(example.read_text() + '\n[roles.broken]\nrole_arn = "x"\n')
    for _ in range(2):
        assert catalogs.load(demo.environ) == catalog.load(demo.environ)


def test_a_config_touched_just_now_is_read_again(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "SETTLED", 2.0)
    counted = reads(monkeypatch)
    for _ in range(2):
        catalogs.load(demo.environ)
    assert len(counted) == 2


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_to_the_files(demo: Demo, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    aws, conf_d = Path(demo.environ["AWS_CONFIG_FILE"]), demo.config.parent / "conf.d"
    kept = Path(demo.environ["XDG_RUNTIME_DIR"], "stsui", "catalogs")

    def damage() -> None:
        for path in kept.glob("*"):
            content = bytearray(path.read_bytes())
            if content:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(
                content[: chance.randrange(len(content) + 1)] if chance.random() < 0.5 else content
            )

    def another_place() -> None:
        other = tmp_path / f"other-{chance.random()}"
        other.write_text(aws.read_text())
        demo.environ["AWS_CONFIG_FILE"] = str(other)

    def endpoint() -> None:
        demo.environ["AWS_ENDPOINT_URL"] = chance.choice(["", "https://sts.example.com"])

    happenings: list[Callable[[], object]] = [
        lambda: aws.write_text(aws.read_text() + f"[profile p{chance.random()}]\nregion = x\n"),
        lambda: conf_d.mkdir(exist_ok=True),
        lambda: (
            conf_d.is_dir() and (conf_d / "a.toml").write_text(f'[settings]\ntheme = "t{chance.random()}"\n')
        ),
        lambda: demo.config.write_text(demo.config.read_text() + "\n# more\n"),
        lambda: [path.chmod(0o644) for path in kept.glob("*")],
        lambda: aws.rename(aws.with_suffix(".gone")) if aws.exists() and chance.random() < 0.2 else None,
        damage,
        another_place,
        endpoint,
        lambda: catalogs.load(demo.environ),
    ]
    for _ in range(30):
        try:
            chance.choice(happenings)()
        except FileNotFoundError:
            aws.write_text("")
        assert catalogs.load(demo.environ) == catalog.load(demo.environ)


def test_another_users_file_is_not_trusted(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root gives files away")
    counted = reads(monkeypatch)
    catalogs.load(demo.environ)
    for path in Path(demo.environ["XDG_RUNTIME_DIR"], "stsui", "catalogs").glob("*"):
        os.chown(path, 12_345, -1)
    catalogs.load(demo.environ)
    assert len(counted) == 2
