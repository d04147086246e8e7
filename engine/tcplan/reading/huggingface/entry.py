"""What a description of a model type does, and where the others are found that it is made of."""

from typing import Protocol

from tcplan.language import _
from tcplan.reading.huggingface.census import Census
from tcplan.reading.huggingface.config import Config
from tcplan.reading.reading import ReadingError


class Entry(Protocol):
    """A description of a model type."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return what a model of this type holds, with the head that its purpose asks for."""
        ...


ENTRIES: dict[str, Entry] = {}
"""Descriptions by model type; the inventory fills it."""


def entry_of(kind: str) -> Entry:
    """Return the description of a model type.

    Raises
    ------
    ReadingError
        When there is none.
    """
    if kind not in ENTRIES:
        raise ReadingError(_("models of the type {kind} are not known").format(kind=kind or "?"))
    return ENTRIES[kind]
