"""A role to be written: fields that are judged while they are typed, a test call, what saving would write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.config.role_draft import STOPS, Draft, Verdict, account_in
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.form import TONES, Changed, Field, Form

KINDS: Mapping[str, str] = {"assume_role": "assume a role", "session": "my own session"}
GUARDS = ("none", "again", "confirm", "type")


class Offers(NamedTuple):
    """What is offered while typing."""

    sources: Sequence[str] = ()
    regions: Sequence[str] = ()
    devices: Sequence[str] = ()
    groups: Sequence[str] = ()
    words: Sequence[str] = ()


class Judge(NamedTuple):
    """What the screen asks about a draft; none of it blocks or writes."""

    verdicts: Callable[[Draft], Mapping[str, Verdict]]
    account: Callable[[str], tuple[str, str]]
    """Word and guard of an account id."""
    says: Callable[[Draft], str]
    """What saving would write, in a sentence."""
    test: Callable[[Draft, Callable[[str, str], None]], None]
    """Makes one call; says what came of it by level and text, when it is there."""


class EditScreen(Dialog[Draft]):
    """Dismisses with the draft to save, or with nothing."""

    DEFAULT_CSS = """
    EditScreen {
        #frame { width: 80; padding: 0 2; }
        #said, #writes { height: auto; margin-top: 1; }
        #writes { color: $text-muted; }
        &.-narrow { #frame { padding: 0 1; } .note { display: none; } Input, Input:focus { width: 1fr; } }
        &.-short { #said, #writes { margin-top: 0; } }
    }
    """
    BINDINGS: ClassVar = [
        Binding("f2", "save", show=False, priority=True),
        Binding("f3", "test", show=False, priority=True),
    ]
    AUTO_FOCUS = "Typed"

    def __init__(self, title: Title, draft: Draft, judge: Judge, offers: Offers, *, renames: bool) -> None:
        """`renames`: whether the name can be another one."""
        super().__init__(title)
        self._before, self._judge, self._offers, self._renames = draft, judge, offers, renames
        self._found: Mapping[str, Verdict] = {}
        self._tested: tuple[str, str] = ("", "")
        self._account = account_in(draft.role_arn)
        self._tried = False
        """Somebody wanted to save or test it: what is missing counts as an error."""

    def compose_body(self) -> Iterator[Widget]:
        """The fields."""
        yield Form(self._fields())

    def compose_foot(self) -> Iterator[Widget]:
        """What stands in the way, and what would be written."""
        yield Static(id="said", markup=False)
        yield Static(id="writes", markup=False)

    def _fields(self) -> list[Field]:
        return list(self._each())

    def _each(self) -> Iterator[Field]:
        draft, offers = self._before, self._offers
        other = draft.kind not in KINDS
        yield Field("name", "Name *", draft.name, fixed=not self._renames)
        if other:
            yield Field("how", "How", draft.kind.removeprefix("other: ").replace("_", " "), fixed=True)
        else:
            yield Field("how", "How *", KINDS[draft.kind], tuple(KINDS.values()), fixed=not self._renames)
            yield Field("role_arn", "Role ARN *", draft.role_arn)
            yield Field("source", "From *", draft.source, offers.sources, free=True)
        yield Field("region", "Region", draft.region, offers.regions, free=True)
        yield Field("duration", "Duration", draft.duration, note="else 1h; 15m to 12h, or max")
        yield Field(
            "mfa_serial", "MFA device", draft.mfa_serial, offers.devices, free=True, note=self._devices
        )
        if not other:
            yield Field("external_id", "External id", draft.external_id)
        yield Field("role_session_name", "Session name", draft.role_session_name, note="{user} unless said")
        yield Field("group", "Group", draft.group, offers.groups, free=True, note="heading; else the account")
        yield Field("auto_refresh", "Auto-renew", draft.auto_refresh)
        yield Field("pin", "Pin", draft.pin, note="among the first rows")
        if not other:
            yield Field("account", "", "The whole account")
            yield Field("environment", "Word", draft.environment, offers.words, free=True, note="its badge")
            yield Field("guard", "Guard", draft.guard, GUARDS, note="before a session is used")

    @property
    def _devices(self) -> str:
        names = [device.rpartition("/")[2] for device in self._offers.devices]
        return f"found: {', '.join(names[:3])}" if names else "none found in the config"

    @property
    def draft(self) -> Draft:
        """What stands in the fields."""
        form, draft = self.query_one(Form), self._before
        changed: dict[str, object] = {}
        for field in self._fields():
            value = form.value(field.id)
            if field.id not in ("how", "account"):
                changed[field.id] = value
            elif field.id == "how" and draft.kind in KINDS:
                changed["kind"] = next(kind for kind, word in KINDS.items() if word == value)
        return draft._replace(**changed)  # type: ignore[arg-type]

    def on_mount(self) -> None:
        """Judged before anything is typed."""
        super().on_mount()
        self.call_after_refresh(self._say)

    def on_changed(self, event: Changed) -> None:
        """Judged at every letter."""
        event.stop()
        self._tested = ("", "")
        if event.field_id == "how" and self._before.kind in KINDS:
            self.query_one(Form).line("role_arn").display = self.draft.kind == "assume_role"
        elif event.field_id == "role_arn":
            self._show_account()
        self._say()

    def _show_account(self) -> None:
        """Word and guard of the account that the ARN is in now."""
        account_id = account_in(self.draft.role_arn)
        if account_id and account_id != self._account:
            self._account = account_id
            word, guard = self._judge.account(account_id)
            self.query_one(Form).line("environment").set_value(word)
            self.query_one(Form).line("guard").set_value(guard)

    def on_descendant_focus(self) -> None:
        """In a narrow window only the field with the focus has its say."""
        if self.is_mounted:
            self._say()

    def _say(self) -> None:
        draft, form = self.draft, self.query_one(Form)
        self._found = self._judge.verdicts(draft)
        if self._tried:
            self._found = {
                id: verdict._replace(level="error") if verdict.level == "missing" else verdict
                for id, verdict in self._found.items()
            }
        for field in self._fields():
            verdict = self._found.get(field.id, Verdict("", ""))
            form.line(field.id).say(verdict.level, verdict.text)
        level, text = self._problem(form.chosen)
        sign = {"error": f"{self.glyphs.failed} ", "warning": f"{self.glyphs.expiring} "}.get(level, "")
        self.query_one("#said", Static).update(Content.styled(self.ours(f"{sign}{text}"), TONES[level]))
        self.query_one("#said").display = bool(text)
        writes = "" if self.errors else self._judge.says(draft)
        self.query_one("#writes", Static).update(Content(writes))
        self.query_one("#writes").display = bool(writes)
        self.call_after_refresh(self.fit)

    def _problem(self, chosen: str) -> tuple[str, str]:
        """What is said below the fields: the test, else the first error, else what concerns the focus."""
        if self._tested[1]:
            return self._tested
        labels = {field.id: field.label.rstrip(" *") for field in self._fields()}
        ranks = {"error": 0, "warning": 1}
        order = sorted(self._found, key=lambda id: (ranks.get(self._found[id].level, 2), id != chosen))
        for id in order:
            verdict = self._found[id]
            if verdict.level in ranks or id == chosen:
                return verdict.level, f"{labels.get(id, id)}: {verdict.text}"
        notes = {field.id: field.note for field in self._fields()}
        return "", notes.get(chosen, "")

    @property
    def errors(self) -> bool:
        """Whether something stands in the way of saving."""
        return any(verdict.level in STOPS for verdict in self._found.values())

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("F2", "save"), ("F3", "test: one call"), ("tab", "next"), ("esc", "cancel")]

    def action_save(self) -> None:
        """Dismisses with the draft, if nothing stands in the way."""
        if self._passes():
            self.dismiss(self.draft)

    def action_test(self) -> None:
        """One call with what stands here; nothing is saved."""
        if self._passes():
            self.tested("", "asking AWS …")
            self._judge.test(self.draft, self.tested)

    def _passes(self) -> bool:
        """Whether nothing stands in the way; else what does is said, and the focus goes there."""
        self._tried, self._tested = True, ("", "")
        self._say()
        for field in self._fields():
            if self._found.get(field.id, Verdict("", "")).level in STOPS:
                self.query_one(Form).focus_on(field.id)
                return False
        return True

    def tested(self, level: str, text: str) -> None:
        """What came of the test."""
        if self.is_attached:
            self._tested = (level, text)
            self._say()
