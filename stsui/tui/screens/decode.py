"""An encoded authorization message, pasted; and what it says was denied."""

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from stsui.model import denial
from stsui.tui.screens.details import rows_content
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.form import TONES


class DecodeScreen(Dialog[str]):
    """Dismisses with nothing. Asks nothing itself: `decode` does, and calls `show_answer` or `show_error`."""

    DEFAULT_CSS = """
    DecodeScreen {
        #frame { width: 80; padding: 0 2; }
        #say { height: auto; color: $text-muted; }
        TextArea, TextArea:focus { height: 5; border: none; padding: 0; background: $boost; margin-top: 1; }
        #answer { height: auto; margin-top: 1; }
        &.-narrow #frame { padding: 0 1; }
        &.-short { TextArea, TextArea:focus { height: 2; margin-top: 0; } #answer { margin-top: 0; } }
    }
    """
    LEAVES = ""
    AUTO_FOCUS = "TextArea"

    def __init__(self, signer: str, decode: Callable[[str], None]) -> None:
        """`decode` takes the encoded message; `signer` is the session that will ask AWS."""
        super().__init__(Title("Decode ", "an authorization message "))
        self._signer, self._decode = signer, decode
        self._asked = ""

    def compose_body(self) -> Iterator[Widget]:
        """The place to paste, and the answer."""
        yield Static(Content(f"Paste the message or the whole error. {self._signer} asks AWS."), id="say")
        field = TextArea(show_line_numbers=False, soft_wrap=True, tab_behavior="focus")
        field.cursor_blink = False
        yield field
        yield Static(id="answer", markup=False)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("paste", "decodes at once"), ("ctrl+u", "clear"), ("esc", "close")]

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Decoded as soon as it is whole."""
        event.stop()
        text = event.text_area.text
        try:
            message = denial.encoded_in(text)
        except ValueError as error:
            self._asked = ""
            self._say(Content(str(error) if text.strip() else ""))
            return
        if message != self._asked:
            self._asked = message
            self._say(Content("asking AWS …"))
            self._decode(message)

    def show_answer(self, decoded: str) -> None:
        """What AWS decoded."""
        try:
            rows = denial.facts(denial.read(decoded))
        except ValueError as error:
            self.show_error(str(error))
            return
        width = max(20, self.inner_width)
        self._say(rows_content([(label, self.ours(text)) for label, text in rows], width))

    def show_error(self, sentence: str) -> None:
        """Why there is no answer."""
        self._say(Content.styled(f"{self.glyphs.failed} {sentence}", TONES["error"]))

    def _say(self, content: Content) -> None:
        if self.is_attached:
            self.query_one("#answer", Static).update(content)
            self.call_after_refresh(self.fit)
