"""A reading while it is being made: what was found so far, and the words about it."""

from dataclasses import dataclass, field

from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.reading.device_names import accelerator_of, counted_twice, taken_for
from tcplan.reading.reading import Reading


@dataclass(slots=True)
class Draft:
    """Fields by path in coherent units, what is missing, and notes; see `Reading`."""

    fields: dict[str, float | str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take_accelerator(self, name: str, shelf: Shelf) -> None:
        """Take the accelerator that is called by a name, or say that the catalogue has none."""
        row = accelerator_of(name, shelf)
        if row is None:
            sentence = _("accelerator: the catalogue has none called {name}; the plan has its default")
            self.missing.append(sentence.format(name=name.strip() or "“”"))
            return
        self.fields["hardware.accelerator"] = row.key
        self.notes.append(taken_for(name, row))
        doubt = counted_twice(row)
        if doubt:
            self.notes.append(doubt)

    def reading(self, kind: str, title: str) -> Reading:
        """Return what was found."""
        return Reading(kind, title, self.fields, tuple(self.missing), tuple(self.notes))
