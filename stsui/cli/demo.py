"""`stsui demo`: the real program against the demo world, in a home that is thrown away."""

import argparse
import os
import shlex
import signal
import sys
import tempfile
import time
from types import FrameType
from typing import NoReturn

from stsui.cli.context import Context
from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts
from stsui.demo.world import CODE_STEP, DEVICE, make_world
from stsui.handover.environ import SCRUB

ENDS = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
ALLOWS_AFTER = 8
"""Seconds after which the made-up person allows a sign-in, where nobody visits its page."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--roles", type=int, default=24, metavar="N", help="how many roles (24)")
    parser.add_argument("--serve", action="store_true", help="only the made-up AWS, until Ctrl-C")
    parser.add_argument("--screenshot", metavar="FILE", help="draw the screen as SVG after --keys, and leave")
    parser.add_argument("--keys", default="", metavar='"j enter"', help="keys to press for the picture")
    parser.add_argument("--size", default="120x35", metavar="WxH", help="of the picture")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Starts the world, runs the board in it, and removes both."""
    with tempfile.TemporaryDirectory(prefix="sts-") as home:
        world = make_world(arguments.roles)
        with DemoSts(world) as aws:
            ours = write_home(home, world, aws.url)
            shell_file = os.path.join(home, "env")
            _write_shell_file(shell_file, ours)

            aws.sign_in.allows_after = ALLOWS_AFTER

            def code() -> str:
                return world.code(DEVICE)

            if arguments.serve:
                for number in ENDS:
                    if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                        signal.signal(number, _end)
                try:
                    return _serve(context, shell_file, code)
                finally:
                    _stop_server(ours)
            before = dict(os.environ)
            for name in [name for name in os.environ if name.startswith(("AWS_", "STSUI_")) or name in SCRUB]:
                if name != "STSUI_ASCII":
                    del os.environ[name]
            os.environ.update(ours)
            inner = Context(os.environ)
            inner.services.banner = lambda: f"code {code()}  shell . {shell_file}"
            inner.services.demo_code = code
            from stsui.tui.run import run as run_tui

            width, _, height = arguments.size.partition("x")
            size = (int(width), int(height)) if width.isdigit() and height.isdigit() else (120, 35)
            try:
                return run_tui(
                    inner.services, screenshot=arguments.screenshot, keys=arguments.keys, size=size
                )
            finally:
                _stop_server(ours)
                os.environ.clear()
                os.environ.update(before)  # a report of a mistake is not kept in what is thrown away


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """A signal ends the demo as Ctrl-C does: its home and its server go with it."""
    raise KeyboardInterrupt


def _stop_server(ours: dict[str, str]) -> None:
    """The credential server that live shells of the demo had, if any."""
    from stsui.server.background import Background
    from stsui.server.place import find

    inner = Context({**os.environ, **ours})
    inner.revives = False
    place = find(inner.services.catalog.paths, inner.environ)
    if place.last() is not None:
        Background(place, "").stop()


def _write_shell_file(path: str, ours: dict[str, str]) -> None:
    """Lines that take another shell into the demo, fish too; no secret is in them."""
    lines = [
        line
        for name in SCRUB
        for line in (
            f'test -z "$FISH_VERSION" && unset {name}',
            f'test -n "$FISH_VERSION" && set -e {name}',
        )
    ]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in ours.items()]
    # Out of a clone, stsui is on no other shell's PATH.
    directory = os.path.dirname(sys.executable)
    if os.path.exists(os.path.join(directory, "stsui")):
        lines.append(f'command -v stsui >/dev/null 2>&1 || export PATH="$PATH":{shlex.quote(directory)}')
    # Shells with "stop at errors" do not stop at the last test.
    lines.append("true")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _serve(context: Context, shell_file: str, code: object) -> int:
    context.write(f". {shell_file}\n")
    context.say("stsui: the demo's AWS runs until Ctrl-C. Take the line above into other shells.")
    assert callable(code)
    while True:
        context.say(f"stsui: the code is {code()}")
        time.sleep(CODE_STEP - time.time() % CODE_STEP)
