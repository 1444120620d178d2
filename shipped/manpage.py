"""stsui(1): the commands with their flags as argparse knows them, files, variables, exit codes."""

import argparse
from collections.abc import Iterable, Iterator

from stsui.cli import main
from stsui.cli.manual import MANUAL
from stsui.help import TOPICS

FILES = (
    ("~/.config/stsui/config.toml", "Accounts, roles, guards and settings. Never written by stsui."),
    ("~/.config/stsui/conf.d/*.toml", "What the program itself saved; read after it."),
    (
        "~/.aws/config, ~/.aws/credentials",
        "Profiles. stsui config profiles --write and stsui export --write change only their own sections.",
    ),
    ("$XDG_RUNTIME_DIR/stsui/sessions", "One private file for each session; else below ~/.cache/stsui."),
    ("~/.local/state/stsui", "Ledger, slots, what is current."),
)
VARIABLES = (
    ("STSUI_CONFIG", "Another config.toml."),
    ("STSUI_ASCII", "1: nothing outside ASCII is drawn."),
    ("NO_COLOR", "No colour."),
    ("AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE", "Other files of AWS's."),
    ("AWS_REGION, AWS_DEFAULT_REGION", "For roles that name no Region."),
    ("AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, AWS_CA_BUNDLE, HTTPS_PROXY", "As for every AWS tool."),
    (
        "STSUI_ROLE, STSUI_ACCOUNT, STSUI_ENVIRONMENT",
        "Set for shells and programs that were given a session.",
    ),
)


def page() -> str:
    """The page in man(7)."""
    return "\n".join(
        [
            '.\\" Made by `python -m shipped`; do not edit.',
            '.TH STSUI 1 "" stsui "User Commands"',
            ".SH NAME",
            "stsui \\- AWS STS sessions in a terminal: list, assume, count down, renew, hand over",
            ".SH SYNOPSIS",
            ".B stsui",
            ".RI [ COMMAND ]",
            ".RI [ ARGUMENT \\&...]",
            ".SH DESCRIPTION",
            "Without a command, the board: every role and account, with a live countdown on each session.",
            ".PP",
            _text(
                "ROLE is a name, letters that fit only one, account/role, or an ARN with --from SOURCE; "
                "@VARIANT limits it. Data goes to stdout, speech to stderr; stdout is empty on failure."
            ),
            ".SH COMMANDS",
            *(line for name in main.COMMANDS if name not in main.HIDDEN for line in _command(name)),
            ".SH EXIT STATUS",
            *_exit_codes(),
            ".SH ENVIRONMENT",
            *_listed(VARIABLES),
            ".SH FILES",
            *_listed(FILES),
            ".SH TOPICS",
            "Each is shown by",
            ".B stsui help",
            ".IR TOPIC .",
            *_listed(TOPICS.items()),
            ".SH SEE ALSO",
            ".BR aws (1)",
            "",
        ]
    )


def _command(name: str) -> Iterator[str]:
    parser, _ = main.loaded(name)
    places = " ".join(_place(action) for action in parser._actions if not action.option_strings)
    yield f'.SS "stsui {_text(name)}{" " + _text(places) if places else ""}"'
    yield _text(parser.description or "")
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        yield ".TP"
        yield _flag(action) if action.option_strings else f".I {_text(_place(action))}"
        yield _text(parser._get_formatter()._expand_help(action) if action.help else "")
    if name in MANUAL:
        yield ".PP"
        yield f"Example: {_text(MANUAL[name].example)}"


def _place(action: argparse.Action) -> str:
    name = str(
        action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    )
    return f"[{name}]" if action.nargs in ("?", "*") else name


def _flag(action: argparse.Action) -> str:
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in action.option_strings)
    value = str(action.metavar or action.dest.upper()) if action.nargs != 0 else ""
    return f"{names} \\fI{_text(value)}\\fR" if value else names


def _exit_codes() -> Iterator[str]:
    said = main.EXIT_CODES.removeprefix("exit codes:").partition(";")[0]
    for part in said.replace("\n", " ").split("·"):
        code, _, meaning = part.strip().partition(" ")
        yield from (".TP", f".B {code}", _text(meaning[0].upper() + meaning[1:] + "."))
    yield from (".PP", _text("stsui exec gives the command's own."))


def _listed(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", f".B {_text(name)}", _text(text))


def _text(text: str) -> str:
    """Safe in man(7): nothing is taken for a request or an escape, and hyphens can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{text}" if text[:1] in (".", "'") else text
