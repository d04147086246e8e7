"""What a panel holds, said once: its fields, those under More, the results typed by hand, and its summary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tcplan.estimate import Estimate
from tcplan.plan.plan import descriptions


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a title; without a title they just follow."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """A panel's content by field path.

    `groups` stand under More. `rooms` are the first segments of result paths whose typed values appear in
    this panel. `layout_after` names the field below which the layout stands in one line; `wide` gives long
    labels their room.
    """

    key: str
    title: str
    fields: tuple[str, ...]
    groups: tuple[Group, ...]
    rooms: tuple[str, ...]
    summary: Callable[[Estimate], str]
    layout_after: str = ""
    wide: bool = False

    @property
    def more(self) -> tuple[str, ...]:
        """Return the fields under More."""
        return tuple(path for group in self.groups for path in group.fields)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every field of the panel."""
        return self.fields + self.more


def group(title: str, room: str, names: str) -> Group:
    """Return the fields of a room of the plan with these names, set apart by spaces."""
    return Group(title, tuple(f"{room}.{name}" for name in names.split()))


def rest_of(rooms: tuple[str, ...], *, without: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of some rooms of the plan in their own order, without those named."""
    return tuple(path for path in descriptions() if path.partition(".")[0] in rooms and path not in without)
