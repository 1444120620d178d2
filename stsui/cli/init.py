"""`stsui init`: the function `sts`, completion and a prompt segment for a shell's start-up file."""

import argparse

from stsui.cli.context import Context
from stsui.handover.shells import SHELLS, startup

_HELP = """
Then, in that shell:
  sts          pick a role here
  sts ROLE     its session in this shell; takes the flags of stsui export
  sts -        the role before this one
  sts --unset  out again, and back what was there before

--prompt puts [role PROD 42m] before your prompt. Or place the segment yourself: ${STS_PROMPT} in PS1 of bash
or zsh (setopt prompt_subst), sts_prompt in fish_prompt, Get-StsPrompt in PowerShell, sts-prompt in nushell.
It starts no process.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", metavar="SHELL", help=", ".join(SHELLS))
    parser.add_argument("--prompt", action="store_true", help="also put the segment before the prompt")
    lines = [
        f"  {shell.take_in.format(command=f'stsui init {name}')}   {shell.place}"
        for name, shell in SHELLS.items()
    ]
    parser.epilog = "\n".join(lines) + f"\n{_HELP}\n{parser.epilog}"


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the text."""
    context.write(startup(arguments.shell, prompt=arguments.prompt))
    return 0
