"""Every key there is, made from the command table: found by typing, run from under the cursor."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.tui.commands import Command, key_name
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.key_table import KeyTable, merged


class HelpScreen(Dialog[str]):
    """Dismisses with the id of a command to run, or with nothing."""

    DEFAULT_CSS = """
    HelpScreen {
        #frame { width: 120; padding: 0 2; }
        #find { height: 1; border: none; padding: 0; background: $boost; margin-bottom: 1; }
        #reasons { height: auto; color: $text-muted; margin-top: 1; }
        &.-narrow #frame { padding: 0 1; }
        &.-short #find { margin-bottom: 0; }
        &.-ascii #find { border: none; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("left", "beside(-1)", show=False, priority=True),
        Binding("right", "beside(1)", show=False, priority=True),
    ]
    LEAVES = ""
    HARMLESS = True
    AUTO_FOCUS = "#find"

    def __init__(self, commands: Sequence[Command], greyed: Mapping[str, str]) -> None:
        """`greyed`: why a command does nothing now, by its id."""
        super().__init__(Title("Keys"))
        self._commands, self._greyed = merged(commands), dict(greyed)

    def compose_head(self) -> Iterator[Widget]:
        """The place to type."""
        field = Input(placeholder="find a key or a word", id="find")
        field.cursor_blink = False
        yield field

    def compose_body(self) -> Iterator[Widget]:
        """The keys, and what is greyed."""
        yield KeyTable(self._commands, self._greyed)
        yield Static(self._reasons(), id="reasons")

    def _reasons(self) -> Content:
        lines = []
        for command in self._commands:
            if command.id in self._greyed:
                key = key_name(command.key, ascii_only=self.ascii_only)
                lines.append(f"{key} {command.title}: {self._greyed[command.id]}")
        return Content(
            "\n".join(f"{' ' * 13 if n else 'Greyed now:  '}{line}" for n, line in enumerate(lines))
        )

    def on_mount(self) -> None:
        """Everything is shown."""
        super().on_mount()
        self.query_one("#reasons").display = bool(self._greyed)

    def hints(self) -> Sequence[Hint]:
        """The keys of the keys."""
        arrows = "up down" if self.ascii_only else "↓ ↑"
        return [("type", "to find"), (arrows, "move"), ("enter", "run it"), ("esc", "close")]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Shows what fits the words."""
        self.query_one(KeyTable).find(event.value)
        self.query_one("#body").scroll_home(animate=False)

    def on_input_submitted(self) -> None:
        """Runs what is under the cursor."""
        self._run()

    def on_key_table_clicked(self) -> None:
        """By mouse."""
        self._run()

    def _run(self) -> None:
        current = self.query_one(KeyTable).current
        why = self._greyed.get(current, "")
        if current and why:
            self.query_one("#hints", Static).update(Content(f"Not now: {why}"))
        elif current:
            self.dismiss(current)

    def action_move(self, by: int) -> None:
        """The cursor up or down."""
        self.query_one(KeyTable).move(by)
        self.show_hints()

    def action_beside(self, by: int) -> None:
        """The cursor into the column beside; while words are typed, the text's own."""
        field = self.query_one(Input)
        if field.value:
            if by < 0:
                field.action_cursor_left()
            else:
                field.action_cursor_right()
        else:
            self.query_one(KeyTable).move(0, by)

    def action_leave(self) -> None:
        """Clears the words first."""
        field = self.query_one(Input)
        if field.value:
            field.value = ""
        else:
            super().action_leave()
