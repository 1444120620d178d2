"""`stsui help`: a topic as text for a terminal, a command's own help, or what topics there are."""

import argparse
import shutil
from collections.abc import Mapping

from stsui.cli import main
from stsui.cli.context import Context
from stsui.model.errors import UsageError
from stsui.model.text import clean, nearest

PIPED_WIDTH = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The topic."""
    parser.add_argument("topic", metavar="TOPIC", nargs="?", default="", help="a topic, or a command")
    parser.add_argument("--markdown", action="store_true", help="as it is written")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints it."""
    from stsui.help import TOPICS, text
    from stsui.help.plain import lines

    topic: str = arguments.topic.lower().removesuffix(".md")
    if not topic:
        context.write(_topics(TOPICS))
    elif topic in TOPICS:
        markdown = text(topic)
        width = shutil.get_terminal_size().columns if context.stdout_is_terminal() else PIPED_WIDTH
        shown = (
            markdown if arguments.markdown else "\n".join(lines(markdown, width, bold=_bold(context))) + "\n"
        )
        context.write(shown)
    elif topic in main.COMMANDS:
        context.write(main.command_help(topic))
    else:
        near = nearest(topic[:100], [*TOPICS, *main.COMMANDS], 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(f'There is no help on "{clean(topic, 60)}".{meant}', hint="stsui help")
    return 0


def _topics(topics: Mapping[str, str]) -> str:
    width = max(map(len, topics))
    rows = "".join(f"  {name:{width}}  {about}\n" for name, about in topics.items())
    return f"{rows}\nstsui help TOPIC shows one; stsui --help lists the commands.\n"


def _bold(context: Context) -> bool:
    environ = context.environ
    plain = environ.get("NO_COLOR") or environ.get("TERM", "dumb") == "dumb"
    return context.stdout_is_terminal() and not plain
