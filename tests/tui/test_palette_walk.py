"""Every entry of the palette, chosen by its name: it is there, it does what it says, and the board goes on."""

from collections.abc import Callable

import pytest

from stsui.tui.palette import Commands
from tests.tui.boards import Board, board
from tests.worlds import Demo

ENTRIES: dict[str, tuple[str, ...]] = {
    "Fold every group": ("▸ acme-dev",),
    "Unfold every group": ("▾ acme-dev",),
    "Filter roles": ("26 of 26", "esc clear"),
    "Show live": ("Roles: live",),
    "Show needs you": ("Nothing needs you.",),
    "Show pinned": ("Roles: pinned", "dev-data"),
    "Show all": ("26 of 26",),
    "Sort by name": ("by name 26 of 26",),
    "Sort by expiry": ("by expiry 26 of 26",),
    "Sort by last used": ("by last used 26 of 26",),
    "Sort by account": ("acme-dev DEV 333344445555",),
    "Draw the screen anew": ("26 of 26",),
    "Show config problems": ("old-laptop", "1 of 26"),
    "Screen-share mode: hide ids": ("ids hidden",),
    "Renew everything": ("Renewing 1 session.",),
    "Verify every live session": ("Asking AWS who 1 session is.",),
    "Pause or resume renewing": ("renewing paused",),
    "Drop every session": ("1 live session will be forgotten", "enter = keep them"),
    "Shells: slots and copies": ("No shell holds a slot.",),
    "Start the credential server": ("The credential server runs on 127.0.0.1:",),
    "Stop the credential server": ("Slots stay, and are served when it is started again.", "y stop it"),
    "New role": ("Role ARN *", "F2 save"),
    "Activity": ("What renew of dev-admin",),
    "Export activity (redacted)": ("~/stsui-activity-", "account ids hidden."),
    "Roots: sign in, renew early, sign out": ("ana IAM user's keys", "acme-sso Identity Center"),
    "Import roles": ("1 of 3: where from", "Nothing is written before step 3"),
    "Add an Identity Center": ("Start URL *", "only then it is written"),
    "Look for roles at Identity Centers": ("No Identity Center lists its roles",),
    "Decode an authorization message": ("Paste the message or the whole error.",),
    "Keys": ("MOVE", "next row"),
    "Reload config": ("Read the config: 26 roles, 0 problems.",),
    "Settings": ("Theme", "ASCII only", "Bell"),
    "Theme …": ("stsui-blue-orange",),
    "High contrast": (),
    "ASCII glyphs": (),
    "Undo the last change": ("Undone: setting ascii.",),
    "Diagnostics": ("Python 3.", "xterm-256color"),
    "Take a picture (SVG, ids hidden)": ("~/stsui-", "ids hidden."),
    "Look around in the demo": ("The demo cannot be started from here: stsui demo",),
    "About": ("AWS STS sessions in a terminal.",),
    "Open config in editor": ("$EDITOR is not set.",),
    "Close a file to others": ("No file of yours here is open to others.",),
    "Sign in to acme-sso": ("Waiting for the browser", "/device?user_code="),
    "Sign out of acme-sso": ("ends here and at AWS", "y sign out"),
    "Shell hook for bash": ('eval "$(stsui init bash)"', "in ~/.bashrc"),
    "Shell hook for zsh": ('eval "$(stsui init zsh)"', "in ~/.zshrc"),
    "Shell hook for fish": ("stsui init fish | source", "config.fish"),
    "Shell hook for PowerShell": ("stsui init powershell | Out-String", "in $PROFILE"),
    "Shell hook for nushell": ("stsui init nushell",),
    "Use": ("Current DEV", "dev-admin"),
    "Use with …": ("Limit to", "Lasts"),
    "Edit": ("Edit dev-admin", "Role ARN *"),
    "Delete": ("Delete dev-admin", "enter = keep it"),
    "Copy command for": ('eval "$(stsui export dev-admin)"',),
    "Copy live settings for": ("Sent to the terminal",),
    "Hand off": ("Hand off dev-admin", "Without secrets"),
    "tmux pane for": ("stsui does not run in tmux.",),
    "Open console for": (),
    "Renew": (),
    "Use read-only": ("dev-admin@read-only",),
    "Drop": (),
}
"""What stands on the screen then; in an order in which one entry does not take away what the next one needs."""
BECOMES: dict[str, Callable[[Board], object]] = {
    "High contrast": lambda b: b.app.theme == "stsui-contrast",
    "ASCII glyphs": lambda b: b.text.isascii(),
    "Open console for": lambda b: any(event.what == "console" for event in b.app.state.events),
    "Renew": lambda b: b.app.state.sessions["dev-admin"].issued_at == int(b.demo.clock.now()),
    "Drop": lambda b: "dev-admin" not in b.app.state.sessions,
}
"""What is true then, where no word says it."""
TAKEN_BACK = {
    "Show config problems": "Show all",
    "Screen-share mode: hide ids": "Screen-share mode: hide ids",
    "Pause or resume renewing": "Pause or resume renewing",
    "High contrast": "High contrast",
}
"""What would stand in the way of the next ones, and what takes it back."""
ENDS = "Quit"


async def choose(b: Board, title: str, role: str = "") -> None:
    """What enter does after `:` and the entry's name: the best that is found is run."""
    provider = Commands(b.app.screen)
    hits = [hit async for hit in provider.search(f"{title} {role}".strip())]
    assert hits, f"{title} is not found"
    best = max(hits, key=lambda hit: hit.score)
    assert str(best.text).startswith(title) and str(best.text).endswith(role), best.text
    best.command()
    await b.pilot.pause()


async def leave(b: Board) -> None:
    """`esc` until nothing is left to close."""
    for _ in range(4):
        if b.app.screen is not b.app.board or b.app.board.has_class("-filtering"):
            await b.press("escape")
    assert b.app.screen is b.app.board


def offered(b: Board) -> set[str]:
    commands = [name for command in b.app.commands for name in (command.palette, command.verb) if name]
    extras = [extra.title for extra in b.app.palette_extras()]
    return {name for name in [*commands, *extras] if not name.startswith("Help: ")}


def prepare(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    demo.environ["TERM"] = "xterm-256color"
    monkeypatch.setenv("HOME", demo.environ["HOME"])
    # A browser that is no browser: nothing of this computer is opened.
    monkeypatch.setenv("BROWSER", "true")
    demo.environ["BROWSER"] = "true"
    demo.sign_in()
    services = demo.services()
    services.store.assume("dev-admin")
    services.store.set_current("dev-admin")


async def test_each_is_there_and_does_what_it_says(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(demo, monkeypatch)
    async with board(demo, (120, 40)) as b:
        await b.settled()
        assert offered(b) == {*ENTRIES, ENDS}
        verbs = {command.verb for command in b.app.commands if command.verb}
        server = b.app.services.live
        try:
            for title, says in ENTRIES.items():
                b.demo.clock.pass_(1)
                await choose(b, title, "dev-admin" if title in verbs else "")
                await b.sees(*says)
                if title in BECOMES:
                    await b.until(lambda title=title: BECOMES[title](b))
                assert "mistake" not in b.text, title
                await leave(b)
                if title in TAKEN_BACK:
                    await choose(b, TAKEN_BACK[title])
        finally:
            server.stop()
        await b.settled()
        await choose(b, ENDS)
        await b.until(lambda: not b.app.is_running)
        assert b.app.mistake is None and not b.app.return_code
