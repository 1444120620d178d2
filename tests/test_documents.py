"""Whatever README and help tell somebody to type does what they say: every line is run against the demo."""

from pathlib import Path

import pytest

from stsui.cli import main
from stsui.cli.manual import MANUAL
from stsui.help import TOPICS
from tests import documents
from tests.cli.conftest import Shell
from tests.cli.conftest import shell as shell  # the fixture

ROOT = Path(__file__).parent.parent
FILES = documents.files(ROOT)
SHOWN = sorted(set(main.COMMANDS) - main.HIDDEN)


@pytest.mark.parametrize("name", FILES)
def test_every_line_of_shell_works_in_the_demo(shell: Shell, name: str) -> None:
    script = documents.script(FILES[name].read_text(encoding="utf-8"))
    if not script.strip():
        return
    documents.prepared(shell)
    done = documents.run(shell, script)
    assert not done.stderr, done.stderr
    assert "Traceback" not in done.stdout


def test_the_examples_of_help_work_in_the_demo(shell: Shell) -> None:
    documents.prepared(shell)
    run = [entry for entry in MANUAL.values() if not entry.alone]
    text = "\n".join(f"{one.example}  # exits {one.exits}" for one in run)
    done = documents.run(shell, documents.script(f"```sh\n{text}\n```\n"))
    assert not done.stderr, done.stderr


@pytest.mark.parametrize("name", SHOWN)
def test_help_of_a_command_has_an_example_exit_codes_and_where_to_read_on(name: str) -> None:
    shown = main.command_help(name)
    entry = MANUAL[name]
    assert f"\nexample: {entry.example}\n" in shown and f"stsui {name}" in f"{entry.example} stsui tui"
    assert entry.topic in TOPICS and f"\nread on: stsui help {entry.topic}\n" in shown
    assert main.EXIT_CODES in shown


def test_the_manual_has_every_command_and_no_other() -> None:
    assert set(MANUAL) == set(main.COMMANDS)


@pytest.mark.parametrize("name", FILES)
def test_every_command_in_a_sentence_exists_with_its_flags(name: str) -> None:
    for words in documents.spans(FILES[name].read_text(encoding="utf-8")):
        rest = [word for word in words[1:] if word != "--debug"]
        if not rest or rest[0].startswith("--") or rest[0].isupper():
            assert not rest or rest[0] in ("--help", "--version") or rest[0].isupper(), words
            continue
        assert rest[0] in main.COMMANDS, words
        parser, _ = main.loaded(rest[0])
        known = {flag for action in parser._actions for flag in action.option_strings}
        ours = rest[: rest.index("--")] if "--" in rest else rest
        for word in ours[1:]:
            assert not word.startswith("-") or word in known or word == "-", words


@pytest.mark.parametrize("name", FILES)
def test_topics_that_are_named_exist(name: str) -> None:
    for words in documents.spans(FILES[name].read_text(encoding="utf-8")):
        if words[1:2] == ["help"] and words[2:] and words[2] != "TOPIC":
            assert words[2] in TOPICS or words[2] in main.COMMANDS, words
