"""How sure a sheet is of its figures: the word for it, why, and the range of each result."""

from collections.abc import Mapping
from dataclasses import dataclass

from tcplan.language import _


@dataclass(frozen=True, slots=True)
class Sureness:
    """What somebody who knows the published steps says of a plan.

    `ends` are 5 and 95 of 100 of each result, by path, in the unit shown.
    """

    word: str
    reason: str
    ends: Mapping[str, tuple[float, float]]

    @property
    def sentence(self) -> str:
        """Return what a reader of the figures is to know about them."""
        said = _("Middle estimates, no quote; nine of ten cases lie in the ranges below ({word}: {reason}).")
        return said.format(word=_(self.word), reason=_(self.reason))
