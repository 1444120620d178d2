"""`stsui help`: the commands, and a page for each topic."""

import argparse
import os

import stsui.help
from stsui.cli.context import Context
from stsui.model.errors import UsageError
from stsui.model.text import clean, nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "topic", metavar="TOPIC", nargs="?", default="", help="one of: " + ", ".join(topics())
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the page, or which pages there are."""
    from stsui.cli.main import help_text

    if not arguments.topic:
        context.write(help_text())
        return 0
    if arguments.topic not in topics():
        near = nearest(arguments.topic, topics(), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f'There is no topic "{clean(arguments.topic)}".{hint}', hint="stsui help")
    context.write(page(arguments.topic))
    return 0


def topics() -> list[str]:
    """Every topic, by name."""
    names = sorted(name for name in os.listdir(_directory()) if name.endswith(".md"))
    return [name.removesuffix(".md") for name in names]


def page(topic: str) -> str:
    """A topic's text, in Markdown."""
    with open(os.path.join(_directory(), f"{topic}.md"), encoding="utf-8") as file:
        return file.read()


def title(topic: str) -> str:
    """What it is about, in a line."""
    return page(topic).partition("\n")[0].removeprefix("# ")


def _directory() -> str:
    return os.path.dirname(stsui.help.__file__)
