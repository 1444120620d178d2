"""A widget that is asked for its picture once a second and gives the one it has made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from textual.containers import Horizontal, Vertical
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    _Base = Widget
else:
    # Textual takes default styles from the first base that is a widget, which is what this is mixed into.
    _Base = object
_Made = tuple[Region, Sequence[LineFilter]]


class Kept(_Base):
    """Textual asks every widget between the first and the last cell that changed; most of them did not."""

    _kept: tuple[_Made, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """What was made before, unless something of it became other."""
        made_of = (crop, self.get_line_filters())
        before = self._kept[1] if self._kept is not None and self._kept[0] == made_of else None
        if before is not None and not self._dirty_regions:
            return before
        strips = self.made_lines(crop, before)
        self._kept = (made_of, strips)
        return strips

    def made_lines(self, crop: Region, before: Sequence[Strip] | None) -> list[Strip]:
        """The lines anew; `before` are the last ones, where only regions of them are to be written again."""
        return super().render_lines(crop)

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """Something is to be written again."""
        if not regions:
            self._kept = None
        return super().refresh(*regions, **options)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._kept = None
        super().notify_style_update()


class KeptVertical(Kept, Vertical):
    """One below the other."""


class KeptHorizontal(Kept, Horizontal):
    """One beside the other."""
