"""stsui's own themes: dark, light, high contrast, without a red-green pair, and the terminal's sixteen."""

from textual.theme import BUILTIN_THEMES, Theme

from stsui.model.text import clean, nearest

DEFAULT = "stsui-dark"
THEMES = (
    Theme(
        "stsui-dark",
        primary="#5fa8d3",
        secondary="#8ab17d",
        accent="#e9c46a",
        warning="#f4a261",
        error="#e5484d",
        success="#57b894",
        foreground="#d8dee9",
        background="#14181f",
        surface="#1a1f28",
        panel="#222936",
        dark=True,
        variables={"block-cursor-foreground": "#14181f", "block-cursor-background": "#9cc9e6"},
    ),
    Theme(
        "stsui-light",
        primary="#1f6fa5",
        secondary="#3d7a52",
        accent="#8a5a00",
        warning="#9a5b00",
        error="#b42318",
        success="#1a7f4b",
        foreground="#1d232b",
        background="#fbfbf9",
        surface="#f3f3ef",
        panel="#e7e7e1",
        dark=False,
        variables={"block-cursor-foreground": "#ffffff", "block-cursor-background": "#1f6fa5"},
    ),
    Theme(
        "stsui-contrast",
        primary="#00ffff",
        secondary="#ffffff",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff6b6b",
        success="#00ffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        dark=True,
        variables={"block-cursor-foreground": "#000000", "block-cursor-background": "#ffff00"},
    ),
    Theme(
        "stsui-blue-orange",
        primary="#5b9bd5",
        secondary="#a5a5a5",
        accent="#ffc65c",
        warning="#ffb000",
        error="#fe6100",
        success="#648fff",
        foreground="#e6e6e6",
        background="#12161c",
        surface="#181d25",
        panel="#202733",
        dark=True,
        variables={"block-cursor-foreground": "#12161c", "block-cursor-background": "#ffc65c"},
    ),
    Theme(
        # The terminal's own sixteen, whatever they are.
        "stsui-16",
        ansi=True,
        primary="ansi_cyan",
        secondary="ansi_blue",
        accent="ansi_bright_yellow",
        warning="ansi_bright_yellow",
        error="ansi_bright_red",
        success="ansi_bright_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=True,
        variables={
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
            "border-blurred": "ansi_bright_black",
            "block-cursor-foreground": "ansi_black",
            "block-cursor-background": "ansi_bright_cyan",
            "input-cursor-background": "ansi_white",
            "input-cursor-foreground": "ansi_black",
        },
    ),
)


def wrong(name: str) -> list[str]:
    """A sentence where there is no theme of that name."""
    known = [*(theme.name for theme in THEMES), *BUILTIN_THEMES]
    if name in known:
        return []
    near = nearest(name, known, 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return [f'[settings]: there is no theme "{clean(name, 40)}".{meant}']
