"""Every theme by name; the whole screen shows the one under the cursor, until it is taken or left."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title


class ThemeScreen(Dialog[str]):
    """Dismisses with the name of a theme, or with nothing."""

    DEFAULT_CSS = """
    ThemeScreen {
        #frame { width: 62; padding: 0 2; }
        #preview { height: auto; margin-top: 1; }
        &.-narrow #frame { padding: 0 1; }
        &.-short #preview { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar = [Binding("q", "leave", show=False)]
    LEAVES = ""
    HARMLESS = True
    AUTO_FOCUS = "Choices"

    def __init__(
        self, names: Sequence[str], now: str, show: Callable[[str], None], preview: Callable[[], Content]
    ) -> None:
        """`show` looks like a theme at once; `preview` are some rows as they look."""
        super().__init__(Title("Theme"))
        self._names, self._now, self._show, self._preview = names, now, show, preview

    def compose_body(self) -> Iterator[Widget]:
        """The names."""
        yield Choices([Choice(name, name) for name in self._names])

    def compose_foot(self) -> Iterator[Widget]:
        """The hardest rows."""
        yield Static(id="preview", markup=False)

    def on_mount(self) -> None:
        """Begins at the theme of now."""
        super().on_mount()
        self.call_after_refresh(self.query_one(Choices).move_to, self._now)
        self.tick()

    def tick(self) -> None:
        """To be called every second and after every change."""
        if self.is_attached:
            self.query_one("#preview", Static).update(self._preview())

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("j k", "look at"), ("enter", "take"), ("esc", "as it was")]

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Looked at."""
        event.stop()
        if event.id:
            self._show(event.id)
            self.tick()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Taken."""
        event.stop()
        self.dismiss(event.id)
