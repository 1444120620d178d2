"""Pages of `stsui help`: each is there, and every piece of configuration in it is read without a complaint."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stsui.cli import help as pages
from stsui.config import user_config
from stsui.config.catalog import load

CODE = re.compile(r"```(\w+)\n(.*?)```", re.S)


@pytest.mark.parametrize("topic", pages.topics())
def test_a_topic_is_listed_and_printed(topic: str) -> None:
    run = [sys.executable, "-m", "stsui", "help"]
    listed = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^  {topic} ", listed, re.M)
    printed = subprocess.run([*run, topic], capture_output=True, text=True, check=True).stdout
    assert printed == pages.page(topic) and printed.startswith("# ")
    assert max(map(len, printed.splitlines())) <= 120


def test_a_topic_that_is_none_is_named() -> None:
    run = [sys.executable, "-m", "stsui", "help", "source"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Did you mean sources" in done.stderr


@pytest.mark.parametrize("topic", pages.topics())
def test_configuration_of_a_page_works_as_it_stands(topic: str, tmp_path: Path) -> None:
    blocks = CODE.findall(pages.page(topic))
    aws = tmp_path / ".aws"
    aws.mkdir()
    profiles = "\n".join(text for kind, text in blocks if kind == "ini")
    keys = "[corp]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
    (aws / "config").write_text(profiles)
    (aws / "credentials").write_text(keys)
    config = tmp_path / "config.toml"
    config.write_text("\n".join(text for kind, text in blocks if kind == "toml"))
    assert user_config.check(config.read_text(), "page") == ()
    catalog = load({"HOME": str(tmp_path), "STSUI_CONFIG": str(config)})
    assert catalog.problems == ()
    named = {
        name for kind, text in blocks for name in re.findall(r"^\[(?:profile |roles\.)([^\]]+)\]", text, re.M)
    }
    assert named <= set(catalog.roles)
