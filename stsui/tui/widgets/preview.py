"""Three rows as the settings of now would show them: the hardest to read in any theme."""

from textual.content import Content

from stsui.model.durations import countdown
from stsui.tui.rows import bar
from stsui.tui.state import State
from stsui.tui.widgets.badge import badge

_ENDS = {
    "left": (countdown(3_130), countdown(271)),
    "minutes": ("52 min", "4 min"),
    "ends": ("15:24", "14:36"),
}


def preview(state: State) -> Content:
    """A current session, one of production that ends soon, and a role that AWS refused."""
    glyphs = state.glyphs
    late, soon = _ENDS[state.settings.time]
    return Content("\n").join(
        [
            Content.assemble(
                f"{glyphs.current} ",
                (f"{glyphs.active} ", "$text-success"),
                "dev-admin    ",
                (f"active    {late:>7} {bar(0.87, 10, glyphs.full, glyphs.empty)}", "$text-success"),
                (f"  {glyphs.auto}", "$foreground 66%"),
            ),
            Content.assemble(
                "  ",
                (f"{glyphs.expiring} ", "bold $text-warning"),
                "prod-ro      ",
                (f"expiring  {soon:>7} {bar(0.07, 10, glyphs.full, glyphs.empty)} ", "bold $text-warning"),
                badge("PROD"),
            ),
            Content.assemble(
                "  ",
                (f"{glyphs.failed} ", "$text-error"),
                "prod-deploy  ",
                ("failed    ", "$text-error"),
                ("AccessDenied", "$foreground 66%"),
            ),
        ]
    )
