"""Gives a session out: what, in which form, to where; every preview is redacted until the person says no."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.handover import formats
from stsui.handover.environ import KEYS
from stsui.model.durations import countdown, spoken
from stsui.model.errors import StsuiError
from stsui.model.roles import Account, Role
from stsui.model.session import Session
from stsui.model.text import clean
from stsui.tui.handed import Around, HandoffChoice, choices_of, handed_text, redacted
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title

REVEALED = 10.0
"""Seconds that secrets show after `v`."""
PICKS = "1234567890abcdefhi"
WIDE = 80
"""Cells of the terminal from which the preview stands beside the list."""


class HandoffScreen(Dialog[HandoffChoice | None]):
    """Opens on the command, which holds no secret. Gives the choice back and keeps nothing."""

    DEFAULT_CSS = """
    HandoffScreen {
        #frame { width: 84; padding: 0 2; }
        &.-narrow #frame { padding: 0 1; }
        &.-tall #frame { padding: 1 2 0 2; }
        #body { overflow: hidden; }
        #both { height: auto; layout: horizontal; }
        #list { width: 27; height: auto; scrollbar-size-vertical: 1; }
        #right { width: 1fr; height: auto; padding-left: 2; scrollbar-size-vertical: 1; }
        #right Static { height: auto; }
        #about, #way { color: $text-muted; margin-top: 1; }
        #right:focus #label { text-style: bold reverse; }
        #label { text-style: bold; color: $text-muted; width: auto; }
        #notice { height: auto; color: $text-warning; margin-top: 1; display: none; }
        #path, #path:focus { height: 1; border: none; padding: 0 1; background: $boost; margin-top: 1; }
        #path { display: none; }
        &.-one #both { layout: vertical; }
        &.-one #list, &.-one #right { width: 100%; padding: 0; }
        &.-one #right { border-top: solid $border-blurred; }
        &.-one.-ascii #right { border-top: ascii $border-blurred; }
        &.-short #about, &.-short #way, &.-short #notice, &.-short #path { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("w", "write", show=False),
        Binding("v", "show_secrets", show=False),
    ]
    AUTO_FOCUS = "Choices"

    def __init__(
        self,
        session: Session,
        role: Role,
        account: Account,
        variables: Mapping[str, str],
        now: Callable[[], float],
        clipboard_way: str,
        around: Around,
        hide_ids: bool,
    ) -> None:
        super().__init__(Title("Hand off ", role.name, account.environment))
        self._session, self._role = session, role
        self._variables = dict(variables)
        self._now, self._way, self._hide_ids = now, clipboard_way, hide_ids
        self._shown_until = 0.0
        self._around = around
        self._rows = choices_of(session, role, around)
        self._byte_counts: dict[str, int] = {}

    def compose_body(self) -> Iterator[Widget]:
        """The list, and beside or below it the preview."""
        picks = iter(PICKS)
        listed = [
            Choice(str(n), row.title, next(picks, ""), row.dead) if row.choice else Choice("", row.title)
            for n, row in enumerate(self._rows)
        ]
        with Container(id="both"):
            with VerticalScroll(id="list", can_focus=False):
                yield Choices(listed)
            with VerticalScroll(id="right"):
                yield Static("Preview", id="label", markup=False)
                yield Static(id="preview", markup=False)
                yield Static(id="about", markup=False)
                yield Static(id="way", markup=False)

    def compose_foot(self) -> Iterator[Widget]:
        """Where a path is typed, and what could not be done."""
        yield Static(id="notice", markup=False)
        field = Input(placeholder="path of a new file; only you will be able to read it", id="path")
        field.cursor_blink = False
        yield field

    def hints(self) -> Sequence[Hint]:
        """What works on the choice under the cursor."""
        if self.query_one("#path").display:
            return [("enter", "write the file"), ("esc", "back")]
        reveal = ("v", "hide" if self._secrets_show else "reveal for 10 s")
        match self._choice.kind:
            case "format":
                return [("enter", "copy"), ("w", "write to file…"), reveal, ("esc", "close")]
            case "section":
                return [("enter", "write it there"), reveal, ("esc", "close")]
            case "pane":
                return [("enter", "choose a pane"), ("esc", "close")]
        return [("enter", "copy"), ("esc", "close")]

    def on_mount(self) -> None:
        """The first preview."""
        super().on_mount()
        self.tick()

    def fit(self) -> None:
        """One column under 80 cells; list and preview share the height there."""
        if not self.is_attached:
            return
        one = self.size.width < WIDE
        self.set_class(one, "-one")
        super().fit()
        self.tick()
        room = int(self.query_one("#body").styles.max_height.value)  # type: ignore[union-attr]
        listed = min(len(self._rows), max(2, room // 2)) if one else room
        self.query_one("#list").styles.max_height = listed
        self.query_one("#right").styles.max_height = max(2, room - listed) if one else room

    @property
    def _choice(self) -> HandoffChoice:
        at = self.query_one(Choices).current
        choice = self._rows[int(at)].choice if at else None
        return choice or HandoffChoice("command")

    @property
    def _secrets_show(self) -> bool:
        return self._now() < self._shown_until and not self._hide_ids

    def tick(self) -> None:
        """To be called every second: the time left, and the end of a reveal."""
        if not self.is_attached:
            return
        left = self._session.left(self._now())
        one = self.has_class("-one")
        word = countdown(left) if one else f"{countdown(left)} left"
        self.heading = self.heading._replace(after=word if left else "expired")
        self.query_one("#frame").border_title = self.title_content()
        size = self._size_text() if one else ""
        label = f"Preview  {size}, {spoken(left)}" if size else "Preview"
        if self._secrets_show:
            label = f"Revealed, {max(1, round(self._shown_until - self._now()))} s more"
        self.query_one("#label", Static).update(label)
        self.query_one("#preview", Static).update(Content(self.ours(self._preview())))
        self.query_one("#about", Static).update(Content(self._about(left)))
        way = self.query_one("#way", Static)
        way.update(Content(self.ours(f"Clipboard: {self._way}")))
        way.display = self._choice.kind not in ("section", "pane")
        self.show_hints()

    def _preview(self) -> str:
        choice = self._choice
        try:
            if not choice.secret:
                text = handed_text(choice, self._session, self._role, {}, self._around)
                hidden = self._hide_ids and choice.kind in ("account_id", "role_arn")
                return "*" * 12 if hidden else clean(text)
            if self._secrets_show and choice.kind != "console":
                return handed_text(choice, self._session, self._role, self._variables).rstrip()
            return redacted(choice, self._public_variables()).rstrip()
        except StsuiError as error:
            return error.sentence

    def _public_variables(self) -> dict[str, str]:
        """The variables as an audience may see them."""
        if not self._hide_ids:
            return self._variables
        return self._variables | {n: formats.STARS for n in (*KEYS, "STSUI_ACCOUNT") if n in self._variables}

    def _about(self, left: float) -> str:
        match self._choice.kind:
            case "pane":
                return "Into a pane of this tmux: the command, or a new pane whose shell holds the role."
            case "profile":
                return "Tools that read ~/.aws/config ask stsui, which renews it. It holds no secret."
            case "console":
                return f"Asked of AWS when you copy it; signs anyone in as {self._role.name} for 15 minutes."
            case "section":
                file = self._around.credentials_file
                return f"Goes into {file}, and is taken out when the session ends, in {spoken(left)}."
            case "command" | "account_id" | "role_arn":
                return "It holds no secret."
        size = self._size_text()
        return size and f"{size}. Anything that reads the clipboard can use it for {spoken(left)}."

    def _size_text(self) -> str:
        """`1 403 bytes` of what would be handed over; empty where it holds no secret or cannot be made."""
        count = self._bytes(self._choice) if self._choice.kind == "format" else 0
        return f"{count:,} bytes".replace(",", " ") if count else ""

    def _bytes(self, choice: HandoffChoice) -> int:
        if choice.format_name not in self._byte_counts:
            try:
                size = len(handed_text(choice, self._session, self._role, self._variables).encode())
            except StsuiError:
                size = 0
            self._byte_counts[choice.format_name] = size
        return self._byte_counts[choice.format_name]

    def _say(self, text: str) -> None:
        notice = self.query_one("#notice", Static)
        notice.update(Content(text))
        notice.display = bool(text)
        self.call_after_refresh(self.fit)

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Another choice begins redacted."""
        event.stop()
        self._shown_until = 0.0
        self._say("")
        self.query_one("#right").scroll_home(animate=False)
        self.tick()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Enter copies."""
        event.stop()
        self._finish("copy", "")

    def on_key(self, event: events.Key) -> None:
        """The sign before a choice sets the cursor on it."""
        if isinstance(self.focused, Input) or not event.character or event.character not in PICKS:
            return
        entries = [n for n, row in enumerate(self._rows) if row.choice]
        at = PICKS.index(event.character)
        if at < len(entries):
            event.stop()
            listed = self.query_one(Choices)
            listed.focus()
            listed.move_to(str(entries[at]))

    def action_show_secrets(self) -> None:
        """Shows the secrets for ten seconds, or hides them again; never to an audience."""
        if not self._choice.secret:
            self._say("There is no secret in it.")
        elif self._choice.kind == "console":
            self._say("There is no link before it is asked for.")
        elif self._hide_ids:
            self._say("Ids are hidden for a shared screen, so secrets stay hidden too. H ends that.")
        else:
            self._shown_until = 0.0 if self._secrets_show else self._now() + REVEALED
            self.tick()

    def action_write(self) -> None:
        """Asks for the path."""
        if self._choice.kind != "format":
            self._say("Choose a format with secrets; that is what a file is for.")
            return
        self._say("")
        field = self.query_one("#path", Input)
        field.display = True
        field.focus()
        self.call_after_refresh(self.fit)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The path is typed; a file that is there is never written over."""
        path = event.value.strip()
        if not path:
            return
        if os.path.lexists(os.path.expanduser(path)):
            self._say("That file is there already. Choose another name.")
            return
        self._finish("write", path)

    def _finish(self, action: str, path: str) -> None:
        if self._choice.kind == "format" and not self._bytes(self._choice):
            self._say("This format cannot carry the session; choose another one.")
            return
        choice = self._choice._replace(action=action, path=path)
        self._forget()
        self.dismiss(choice)

    def _forget(self) -> None:
        self._variables = {}
        self._shown_until = 0.0
        self.query_one("#preview", Static).update("")

    def action_leave(self) -> None:
        """Back from the path, then out."""
        field = self.query_one("#path", Input)
        if field.display:
            field.display = False
            self._say("")
            self.query_one(Choices).focus()
            return
        self._forget()
        super().action_leave()
