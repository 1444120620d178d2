"""The door: finds the command's module, and turns every error into one line on stderr and an exit code."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from stsui.cli.context import Context, let_go_of_stdout
from stsui.model.errors import StsuiError, Unavailable, UsageError
from stsui.model.text import clean, nearest

if TYPE_CHECKING:
    import argparse

COMMANDS: Mapping[str, tuple[str, str]] = {
    # name: (module below stsui.cli, one line for --help)
    "tui": ("tui", "the board of roles and sessions; what stsui alone does"),
    "demo": ("demo", "the board against a made-up AWS on this computer"),
    "list": ("list", "every role with its account and state"),
    "status": ("status", "the current session"),
    "assume": ("assume", "get a role's session and make it current"),
    "login": ("login", "sign in, or type the code, before it is needed"),
    "logout": ("logout", "sign out of an Identity Center, at AWS too"),
    "pick": ("pick", "choose a role below the prompt; prints its name"),
    "export": ("export", "a session as variables for a shell, a file or a program"),
    "exec": ("exec", "run a command, or a shell, with a role's credentials"),
    "credential-process": ("credential_process", "a session as JSON for credential_process of ~/.aws/config"),
    "whoami": ("whoami", "which credentials are used here, and who AWS says that is"),
    "explain": ("explain", "every call that would be made for a role, without making one"),
    "import": (
        "import_roles",
        "take over roles from AWS profiles, an Identity Center or a shared file, as a review",
    ),
    "console": ("console", "open the AWS console as a role"),
    "slot": ("slot", "what live shells hold: list, point at another role, cut off"),
    "serve": ("serve", "the credential server of live shells, on this computer alone"),
    "clear": ("clear", "forget sessions; for a role, the policy that revokes what is already out"),
    "ledger": ("ledger", "who had which session and who was given it"),
    "decode": ("decode", "what AWS denied, out of an encoded authorization message"),
    "whose": ("whose", "the account of an access key"),
    "config": ("config", "where the files are, what is wrong in them, profiles for other tools"),
    "sweep": ("sweep", "take away copies whose time is over"),
    "init": ("init", "the shell function sts, completion and a prompt segment"),
    "completion": ("completion", "completion for a shell, without the function sts"),
    "doctor": ("doctor", "what could be in the way, and what mends it; made to be pasted"),
    "help": ("help", "a topic: how it works, with lines to try"),
}
HIDDEN = frozenset({"sweep"})
FILELESS = frozenset({"help", "init", "completion", "doctor", "demo"})
"""They keep nothing in a home."""
EXIT_CODES = (
    "exit codes: 0 done · 1 AWS refused · 2 usage or configuration · 3 a person is needed ·\n"
    "            4 no answer, or nothing can be stored · 130 interrupted; exec gives the command's own"
)


def main(argv: Sequence[str], context: Context | None = None) -> int:
    """Runs one command line and gives its exit code; nothing is raised."""
    context = context or Context(os.environ)
    context.argv = list(argv)
    try:
        return _uncovered(list(argv), context)
    except StsuiError as error:
        context.tell_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        context.say("")
        # CPython ends by the signal, whatever we return, where that came while source text was being run, as
        # libraries do when they are loaded; it remembers the last text only (run_eval_code_obj).
        exec("")  # noqa: S102
        return 130
    except BrokenPipeError:
        let_go_of_stdout()
        return Unavailable.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    except Exception as error:
        return _stopped_by_mistake(error, context)


def _uncovered(argv: list[str], context: Context) -> int:
    try:
        return _run(argv, context)
    except BaseException:
        # A sentence must not be said behind the last picture of the board.
        shown = sys.modules.get("stsui.first_frame")
        if shown is not None:
            shown.leave()
        raise


def _run(argv: list[str], context: Context) -> int:
    if argv and argv[0] in ("--version", "-V"):
        from stsui import __version__

        context.write(f"stsui {__version__}\n")
        return 0
    if argv and argv[0] in ("--help", "-h"):
        context.write(help_text())
        return 0
    if argv and argv[0] == "--debug":
        argv.pop(0)
        context.debug = True
        if not argv or argv[0] in ("tui", "demo"):
            raise UsageError("--debug goes with a command; on the board, i on a row shows what happened.")
    name = argv.pop(0) if argv and not argv[0].startswith("-") else "tui"
    if name not in COMMANDS:
        near = nearest(name, COMMANDS, 1)
        raise UsageError(
            f'There is no command "{clean(name)}".' + (f" Did you mean {near[0]}?" if near else ""),
            hint="stsui --help",
        )
    if name == "completion" and argv and argv[0] in ("--line", "--next"):
        # Of another command line, whose flags argparse would take for ours; and a key waits for it.
        from stsui.cli.words import answer

        context.write(answer(argv, context.environ))
        return 0
    # What follows -- is another program's and none of argparse's business.
    ours, command = _split(argv) if name == "exec" else (argv, [])
    module = _module(name)
    arguments = _parsed(name, module, ours)
    arguments.command = command
    context.keep_nothing = getattr(arguments, "no_cache", False)
    context.revives = name != "serve"
    if name not in FILELESS:
        _refuse_borrowed_home(context.environ)
    result: int = module.run(arguments, context)
    return result


def _refuse_borrowed_home(environ: Mapping[str, str]) -> None:
    from stsui.config.paths import borrowed_from

    owner = borrowed_from(environ)
    if owner:
        raise UsageError(
            f"This is root in the home of {clean(owner)}, who could not read what root keeps there. "
            "Run stsui without sudo, or as root's own with sudo -H.",
        )


def _module(name: str) -> Any:
    import importlib

    return importlib.import_module(f"stsui.cli.{COMMANDS[name][0]}")


def _parsed(name: str, module: Any, argv: list[str]) -> Any:
    """The values of a command's arguments."""
    if not argv:
        from stsui.cli.unworded import Unworded

        unworded = Unworded(name)
        module.add_arguments(unworded)
        if unworded.enough:
            return unworded.values
    return loaded(name)[0].parse_args(argv)


def loaded(name: str) -> tuple["argparse.ArgumentParser", Any]:
    """A command's parser with its arguments, and its module."""
    module, parser = _module(name), parser_of(name)
    module.add_arguments(parser)
    return parser, module


def command_help(name: str) -> str:
    """What `stsui NAME --help` prints."""
    return loaded(name)[0].format_help()


def _split(argv: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in argv:
        return argv, []
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


def help_text() -> str:
    """What `stsui --help` prints."""
    width = max(map(len, COMMANDS))
    rows = [f"  {name:{width}}  {line}" for name, (_, line) in COMMANDS.items() if name not in HIDDEN]
    return "\n".join(
        [
            "usage: stsui [COMMAND] …",
            "",
            "AWS STS sessions in a terminal: list, assume, count down, renew, hand over.",
            "",
            *rows,
            "",
            "ROLE is a name, letters that fit only one, account/role, or an ARN with --from SOURCE.",
            "stsui COMMAND --help tells more of one, with an example; stsui help lists the topics to read.",
            "stsui --debug COMMAND tells each call, without secrets.",
            EXIT_CODES,
            "",
        ]
    )


def parser_of(name: str) -> "argparse.ArgumentParser":
    """The parser of a command, before the command declares its arguments."""
    import argparse
    from functools import partial

    class Parser(argparse.ArgumentParser):
        """Errors of usage go the way of every other error."""

        def error(self, message: str) -> NoReturn:
            raise UsageError(f"{name}: {clean(message)}", hint=f"{self.prog} --help")

        def format_help(self) -> str:
            from stsui.cli.manual import below

            self.formatter_class = argparse.RawDescriptionHelpFormatter
            return super().format_help() + below(name)

    return Parser(
        prog=f"stsui {name}",
        description=COMMANDS[name][1][0].upper() + COMMANDS[name][1][1:] + ".",
        epilog=EXIT_CODES,
        allow_abbrev=False,
        # Made once more for every argument, and only to look at it: by itself it would measure the terminal.
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=80),
    )


def _stopped_by_mistake(error: Exception, context: Context) -> int:
    """A mistake of ours: where it happened goes to a private file, without values that may be secret."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    text = "\n".join([f"stsui stopped by mistake: {type(error).__name__}", *lines, ""])
    path = context.keep_report(text)
    where = f" Please report {path} (no secrets in it)." if path else f" It happened at {lines[-1]}."
    context.say(f"stsui: stopped by mistake ({type(error).__name__}). Sessions are safe.{where}")
    return 1
