"""What a panel holds, said once: its fields, those under More, the results typed by hand, and its summary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tcplan.estimate import Estimate
from tcplan.plan.plan import descriptions


@dataclass(frozen=True)
class Outline:
    """A panel's content by field path.

    `rooms` are the first segments of result paths whose typed values appear in this panel. `layout_after`
    names the field below which the layout stands in one line; `wide` gives long labels their room.
    """

    key: str
    title: str
    fields: tuple[str, ...]
    more: tuple[str, ...]
    rooms: tuple[str, ...]
    summary: Callable[[Estimate], str]
    layout_after: str = ""
    wide: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every field of the panel."""
        return self.fields + self.more


def rest_of(rooms: tuple[str, ...], *, without: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of some rooms of the plan in their own order, without those named."""
    return tuple(path for path in descriptions() if path.partition(".")[0] in rooms and path not in without)
