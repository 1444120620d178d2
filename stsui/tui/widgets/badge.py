"""The environment's word, as it stands in lines, panels and titles."""

from textual.content import Content

from stsui.tui.state import is_prod


def badge(environment: str) -> Content:
    """The word; that of production stands out."""
    if not environment:
        return Content("")
    if is_prod(environment):
        return Content.styled(f" {environment} ", "bold auto on $error")
    return Content.styled(environment, "bold $text-accent")
