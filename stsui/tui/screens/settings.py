"""Settings: each is tried at once, saved when it is left in peace, and can be taken back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from stsui.config import keys
from stsui.model.durations import short_duration
from stsui.model.roles import Settings
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.form import TONES, Changed, Field, Form, Typed

PEACE = 0.8
"""Seconds without a change after which what was changed is saved."""
NEXT_START = "from the next start on"
_ROWS: tuple[tuple[str, str, str, Sequence[str], str], ...] = (
    # key of [settings] or nothing for a heading, label, what it is, choices, note
    ("", "Look", "", (), ""),
    ("theme", "Theme", "", ("themes",), ""),
    ("transparent", "See-through", "", (), "the terminal's own background"),
    ("ascii", "ASCII only", "", (), ""),
    ("time", "Time", "", ("left", "minutes", "ends"), "52:10, 52 min, or 15:24"),
    ("spinner", "Spinner", "", (), "for a role that is being assumed"),
    ("instant_start", "Instant start", "", (), "the last screen, without states"),
    ("title", "Title", "", (), "of the terminal's window"),
    ("bell", "Bell", "", (), "when a person is needed"),
    ("desktop_notices", "Notices", "", (), "of the desktop (OSC 9)"),
    ("mouse", "Mouse", "", (), NEXT_START),
    ("", "Sessions", "", (), ""),
    ("auto_refresh", "Auto-renew", "", (), "before sessions end"),
    ("duration", "Duration", "", (), "15m to 12h, or max"),
    ("region", "Region", "", (), "for roles that name none"),
    ("role_session_name", "Session name", "", (), "{user} {host} {role} {reason}"),
    ("", "Hand-off and safety", "", (), ""),
    ("clipboard", "Clipboard", "", (), "off: nothing is ever put there"),
    ("hide_ids", "Hide ids", "", (), "at the start; H at any time"),
    ("guess_environment", "Guess PROD", "", (), "from the names of accounts"),
    ("aws_profiles", "AWS profiles", "", (), "list those of ~/.aws/config too"),
    ("", "Files", "", (), ""),
    ("store", "Store", "", ("disk", "memory"), NEXT_START),
)


class SettingsScreen(Dialog[str]):
    """Dismisses with the id of a command to run (`app.editor`), or with nothing."""

    DEFAULT_CSS = """
    SettingsScreen {
        #frame { width: 80; padding: 0 2; }
        Input, Input:focus { width: 20; }
        #preview { height: auto; margin-top: 1; border: round $foreground 35%; padding: 0 1; }
        #preview { border-title-color: $foreground 66%; }
        #said { height: auto; }
        &.-ascii #preview { border: ascii $foreground 35%; }
        &.-short #preview { display: none; }
        &.-narrow { #frame { padding: 0 1; } .note { display: none; } }
    }
    """
    BINDINGS: ClassVar = [
        Binding("u", "undo", show=False),
        Binding("e", "edit", show=False),
        Binding("q", "leave", show=False),
    ]
    LEAVES = ""
    AUTO_FOCUS = "Turn"

    def __init__(
        self,
        themes: Sequence[str],
        files: Mapping[str, str],
        current: Callable[[], Settings],
        attempt: Callable[[Settings], None],
        save: Callable[[Mapping[str, object]], None],
        undo: Callable[[], None],
        preview: Callable[[], Content],
    ) -> None:
        """What is handed in.

        Args:
            current: The settings as they are by now.
            attempt: Shows settings at once.
            save: Writes keys of `[settings]`.
            files: Paths to show, by what they are.
            undo: Takes back what was saved last.
            preview: Some rows as they look.
        """
        super().__init__(Title("Settings"))
        self._settings, self._themes, self._files = current(), themes, files
        self._current, self._attempt, self._save, self._undo, self._preview = (
            current,
            attempt,
            save,
            undo,
            preview,
        )
        self._unsaved: dict[str, object] = {}
        self._timer: Timer | None = None
        self._wrong: dict[str, str] = {}

    def compose_body(self) -> Iterator[Widget]:
        """The settings, then where the files are."""
        yield Form(self._fields())

    def compose_foot(self) -> Iterator[Widget]:
        """How it looks, and what is wrong."""
        box = Static(id="preview", markup=False)
        box.border_title = "preview"
        yield box
        yield Static(id="said", markup=False)

    def _fields(self) -> list[Field]:
        fields = []
        for n, (key, label, _, choices, note) in enumerate(_ROWS):
            if not key:
                fields.append(Field(f"heading-{n}", "", label))
                continue
            offered = self._themes if choices == ("themes",) else choices
            fields.append(Field(key, label, self._shown(key), offered, note=note))
        for n, (label, path) in enumerate(self._files.items()):
            fields.append(Field(f"path-{n}", label, path, fixed=True))
        return fields

    def _shown(self, key: str) -> str | bool:
        value = getattr(self._settings, key)
        if key == "duration":
            return "max" if value < 0 else short_duration(value)
        return value if isinstance(value, bool) else str(value)

    def on_mount(self) -> None:
        """The first preview."""
        super().on_mount()
        self.query_one("#said").display = False
        self.tick()

    def tick(self) -> None:
        """To be called every second and after every change."""
        if not self.is_attached:
            return
        if self._current() != self._settings and not self._unsaved:
            self._take(self._current())
        self.query_one("#preview", Static).update(self._preview())

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        if isinstance(self.focused, Typed):
            return [("tab", "next"), ("esc", "back")]
        arrows = "< >" if self.ascii_only else "← →"
        return [(arrows, "turn"), ("tab", "next"), ("u", "undo"), ("e", "edit config.toml"), ("esc", "back")]

    def on_descendant_focus(self) -> None:
        """Letters are text where something is typed."""
        if self.is_mounted:
            self.show_hints()

    def on_changed(self, event: Changed) -> None:
        """Tried at once."""
        event.stop()
        key = event.field_id
        if key not in keys.SETTINGS:
            return
        value = self.query_one(Form).value(key)
        try:
            taken = keys.take(key, keys.SETTINGS[key], value)
        except ValueError as error:
            self._wrong[key] = str(error)
            self._unsaved.pop(key, None)
        else:
            self._wrong.pop(key, None)
            if getattr(self._settings, key) != taken:
                self._unsaved[key] = value
                self._settings = self._settings._replace(**{key: taken})
                self._attempt(self._settings)
                self._wait()
        self._say()

    def _say(self) -> None:
        text = next(iter(self._wrong.values()), "")
        sign = f"{self.glyphs.failed} " if text else ""
        said = self.query_one("#said", Static)
        said.update(Content.styled(f"{sign}{text}", TONES["error"]))
        said.display = bool(text)
        self.set_class(self.ascii_only, "-ascii")
        self.tick()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PEACE, self.flush)

    def flush(self) -> None:
        """Saves what is not saved yet."""
        if self._unsaved:
            unsaved, self._unsaved = self._unsaved, {}
            self._save(unsaved)

    def _take(self, settings: Settings) -> None:
        """They are others by now: somebody wrote a file, or a change was taken back."""
        self._settings = settings
        form = self.query_one(Form)
        for key, *_ in _ROWS:
            if key and form.value(key) != self._shown(key):
                form.line(key).set_value(self._shown(key))

    def action_undo(self) -> None:
        """Takes the last change back."""
        self.flush()
        self._undo()

    def action_edit(self) -> None:
        """The person's own file, in their editor."""
        self.flush()
        self.dismiss("app.editor")

    def action_leave(self) -> None:
        """Everything is saved."""
        self.flush()
        super().action_leave()
