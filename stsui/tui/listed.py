"""The lines of the list as values: headings, and the roles below them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple, overload


class Line(NamedTuple):
    """A heading (`role` is empty) or a role under it."""

    group: str
    role: str = ""


class Lines(Sequence[Line]):
    """Groups of lines, one after the other. A line is made when it is looked at: there may be thousands."""

    def __init__(
        self, roles: Sequence[str] = (), begins: Sequence[int] = (), groups: Sequence[str] = ()
    ) -> None:
        """`roles` has an empty one for a heading; `begins` are the groups' first lines, from 0 on."""
        self.roles, self.begins, self.groups = tuple(roles), begins, groups

    def __len__(self) -> int:
        return len(self.roles)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        role = self.roles[index]
        return Line(self.groups[bisect_right(self.begins, index % len(self)) - 1], role)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lines):
            return NotImplemented
        same = self.roles == other.roles and self.begins == other.begins
        return same and self.groups == other.groups

    __hash__ = None  # type: ignore[assignment]

    def of(self, heading: int) -> tuple[str, ...]:
        """Roles that stand below the heading on that line."""
        return self.roles[heading + 1 : self.begin(bisect_right(self.begins, heading))]

    def begin(self, group: int) -> int:
        """The first line of a group, by its number; behind the last one, the end."""
        return self.begins[group] if group < len(self.begins) else len(self)


class View(NamedTuple):
    """The lines, and how many roles are among them."""

    lines: Lines = Lines()
    shown: int = 0
    total: int = 0
    sizes: Mapping[str, int] = {}
    """Roles in each group, folded or not."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each line, empty for a heading."""
        return self.lines.roles

    def place(self, role: str) -> int:
        """The line of a role; -1 where it has none."""
        try:
            return self.roles.index(role) if role else -1
        except ValueError:
            return -1


def flat(names: Sequence[str], total: int, group: str) -> View:
    """A view without headings."""
    return View(Lines(names, [0], [group]), len(names), total, {group: len(names)})
