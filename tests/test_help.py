"""Topics of `stsui help`: each is found, and every piece of configuration in it is read without a complaint."""

import re
from pathlib import Path

import pytest

import stsui.help
from stsui.config import user_config
from stsui.config.catalog import load
from stsui.help import TOPICS, text
from stsui.help.plain import lines
from tests import documents
from tests.cli.conftest import Shell
from tests.cli.conftest import shell as shell

CODE = re.compile(r"```(\w+)\n(.*?)```", re.S)


def test_help_lists_the_topics_and_finds_near_words(shell: Shell) -> None:
    listed = shell.ok("help")
    assert all(re.search(rf"^  {topic} ", listed, re.M) for topic in TOPICS)
    assert "Did you mean sources" in shell.fails(2, "help", "source")
    assert shell.ok("help", "export") == shell.ok("export", "--help")


def test_a_topic_is_printed_as_text_or_as_it_is_written(shell: Shell) -> None:
    shown = shell.ok("help", "mfa")
    assert "```" not in shown and max(map(len, shown.splitlines())) <= 96
    assert shell.ok("help", "mfa", "--markdown") == text("mfa")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_read_on_any_terminal(topic: str) -> None:
    markdown = text(topic)
    assert markdown.startswith("# ")
    for width in (30, 80, 200):
        shown = lines(markdown, width, bold=True)
        assert shown and not any("<!--" in line or line.startswith(("```", "#", "|")) for line in shown)
    for line in (line for block in documents.blocks(markdown) for line in block.text.splitlines()):
        assert len(line) <= 92, "a line of code is never broken"


def test_every_topic_is_a_file_and_every_file_a_topic() -> None:
    assert {path.stem for path in Path(stsui.help.__file__).parent.glob("*.md")} == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_configuration_of_a_page_works_as_it_stands(topic: str, tmp_path: Path) -> None:
    works(text(topic), tmp_path)


def test_the_shortest_configuration_of_each_source_works_as_the_readme_has_it(tmp_path: Path) -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    chapter = readme.partition("\n## Sources\n")[2].partition("\n## ")[0]
    assert len(CODE.findall(chapter)) == 8
    works(chapter, tmp_path)


def works(markdown: str, tmp_path: Path) -> None:
    """Its blocks are read without a complaint and make the roles that they name."""
    blocks = CODE.findall(markdown)
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
