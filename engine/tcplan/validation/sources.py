"""Where measured rows come from: the software stack and the habits of each source."""

import csv
import io
from functools import cache
from importlib import resources
from typing import NamedTuple

from tcplan.validation.rows import MeasuredRow


class Source(NamedTuple):
    """A source from a date on, or a part of it whose place says `where`: its stack and its habits.

    `logged` is the pipeline stage whose memory it prints, empty for the fullest.
    """

    key: str
    since: str
    where: str
    stack: str
    sharding: str
    recompute: str
    logged: str


@cache
def sources() -> tuple[Source, ...]:
    """Return the known sources, each in the order of its dates."""
    text = (resources.files("tcplan_resources") / "validation" / "sources.csv").read_text("utf-8")
    return tuple(
        Source(**{name: line[name] for name in Source._fields}) for line in csv.DictReader(io.StringIO(text))
    )


def source_of(row: MeasuredRow) -> Source:
    """Return the source of a row; a table of one's own may name a stack itself."""
    stack = row.text("stack")
    key, date = row.text("source"), row.text("date")
    place = row.text("where").lower()
    found = [one for one in sources() if one.key == key and one.since <= date and one.where in place]
    if not found:
        return Source(key, "", "", stack, "", "", "")
    return found[-1]._replace(stack=stack) if stack else found[-1]
