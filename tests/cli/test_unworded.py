"""Where nothing was typed behind a command, its arguments are what argparse would have made of nothing."""

import argparse

import pytest

from stsui.cli import main
from stsui.cli.unworded import Unworded
from stsui.model.errors import UsageError


def unworded(name: str) -> Unworded:
    found = Unworded(name)
    main._module(name).add_arguments(found)
    return found


@pytest.mark.parametrize("name", main.COMMANDS)
def test_a_command_without_words_has_the_values_that_argparse_gives_it(name: str) -> None:
    found = unworded(name)
    try:
        parsed = main.loaded(name)[0].parse_args([])
    except UsageError:
        assert not found.enough
    else:
        assert found.enough and vars(found.values) == vars(parsed)


def test_every_way_to_declare_an_argument_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    found, parser = Unworded("list"), argparse.ArgumentParser()
    for declared in (found, parser):
        declared.add_argument("role", nargs="?", type=str.upper, default="one")
        declared.add_argument("more", nargs="*")
        declared.add_argument("-q", "--quiet-now", action="store_true")
        declared.add_argument("--no-mouse", dest="mouse", action="store_false")
        declared.add_argument("-n", type=int, default="4")
        declared.add_argument("--count", action="append", default=[])
        declared.add_argument("--as", dest="as_what", action="store_const", const=3)
        some = declared.add_mutually_exclusive_group()
        some.add_argument("--left")
        declared.add_argument_group("right").add_argument("--right", default="r")
    assert found.enough and vars(found.values) == vars(parser.parse_args([]))
    for needed in ({"nargs": None}, {"nargs": "+"}):
        found = Unworded("list")
        found.add_argument("role", **needed)
        assert not found.enough
    found = Unworded("list")
    found.add_argument("--needed", required=True)
    assert not found.enough
    found = Unworded("list")
    found.add_mutually_exclusive_group(required=True)
    assert not found.enough
