"""An Identity Center that stsui does not know yet: its address, where it is, what it is called."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.form import TONES, Changed, Field, Form


class Typed(NamedTuple):
    """What stands in the fields."""

    start_url: str
    region: str
    name: str


class CenterScreen(Dialog[Typed]):
    """Dismisses with what was typed once nothing is wrong with it, or with nothing."""

    DEFAULT_CSS = """
    CenterScreen {
        #frame { width: 78; padding: 0 2; }
        #about, #said { height: auto; }
        #about { color: $text-muted; margin-bottom: 1; }
        #said { margin-top: 1; }
        #form Input { width: 1fr; }
        .note { display: none; }
        &.-narrow #frame { padding: 0 1; }
        &.-short { #about { margin-bottom: 0; } #said { margin-top: 0; } }
    }
    """
    BINDINGS: ClassVar = [Binding("enter", "sign_in", show=False, priority=True)]
    AUTO_FOCUS = "Typed"

    def __init__(
        self,
        regions: Sequence[str],
        wrong: Callable[[Typed], Mapping[str, str]],
        offered: Callable[[str], tuple[str, str]],
    ) -> None:
        """`wrong`: what is wrong, by field; `offered`: the Region and the name that an address suggests."""
        super().__init__(Title("Identity Center"))
        self._regions, self._wrong, self._offered = regions, wrong, offered
        self._tried = False

    def compose_body(self) -> Iterator[Widget]:
        """The fields."""
        yield Static(
            "The address of your access portal, as in the browser. You sign in first; only then it is "
            "written, to a file of its own in conf.d/, and all that is yours there is listed.",
            id="about",
            markup=False,
        )
        yield Form(
            [
                Field("start_url", "Start URL *"),
                Field("region", "Region *", choices=self._regions, free=True),
                Field("name", "Name"),
            ]
        )

    def compose_foot(self) -> Iterator[Widget]:
        """What is wrong, or what would be."""
        yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Nothing is typed yet."""
        super().on_mount()
        self.call_after_refresh(self._say)

    @property
    def typed(self) -> Typed:
        """What stands in the fields, with what the address suggests for the empty ones."""
        form = self.query_one(Form)
        url, region, name = (str(form.value(id)).strip() for id in Typed._fields)
        offered = self._offered(url)
        return Typed(url, region or offered[0], name or offered[1])

    def on_changed(self, event: Changed) -> None:
        """Judged at every letter."""
        event.stop()
        self._say()

    def _say(self) -> None:
        typed = self.typed
        wrong = self._wrong(typed)
        labels = {"start_url": "Start URL", "region": "Region", "name": "Name"}
        first = next((f"{labels[key]} {sentence}" for key, sentence in wrong.items()), "")
        if first and (self._tried or typed.start_url):
            level, text = ("error" if self._tried else "missing"), f"{first}."
        elif first:
            level, text = "", ""
        else:
            level, text = "ok", f"[sso.{typed.name}] in {typed.region}"
        said = self.query_one("#said", Static)
        said.update(Content.styled(self.ours(text), TONES[level]))
        said.display = bool(text)
        self.call_after_refresh(self.fit)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "sign in"), ("tab", "next"), ("esc", "cancel")]

    def action_sign_in(self) -> None:
        """If nothing is wrong; else the focus goes to what is."""
        wrong = self._wrong(self.typed)
        if not wrong:
            self.dismiss(self.typed)
            return
        self._tried = True
        self.query_one(Form).focus_on(next(iter(wrong)))
        self._say()
