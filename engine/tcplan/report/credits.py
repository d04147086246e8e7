"""Whose figures a sheet uses: the credits that their licences ask for."""

import re

from tcplan.catalogue import sources as known
from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.report.blocks import Block, Paragraph

_SHORTEST = 4
"""Shorter parts of a name would be found in any sentence."""


def credits_of(*estimates: Estimate) -> tuple[known.Credit, ...]:
    """Return the sources that ask for credit and whose figures these estimates use."""
    used = " ".join(
        text
        for estimate in estimates
        for row in estimate.inputs.rows.used()
        for text in (row.source, *(str(row.get(name)) for name in row.values if "source" in name))
    ).casefold()
    return tuple(one for one in known.CREDITS if any(mark in used for mark in _marks(one.name)))


def _marks(name: str) -> list[str]:
    parts = (part.strip().casefold() for part in re.split(r"[;,()]", name))
    return [part for part in parts if len(part) >= _SHORTEST]


def credit_blocks(*estimates: Estimate) -> tuple[Block, ...]:
    """Return the credits as a paragraph for the foot of a sheet, nothing where nobody asks for any."""
    found = credits_of(*estimates)
    if not found:
        return ()
    words = "; ".join(f"{one.name}, {_(one.licence)} ({_(one.use)})" for one in found)
    return (Paragraph(_("Credits: {sources}.").format(sources=words), grey=True),)
