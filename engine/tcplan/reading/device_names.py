"""The name by which a driver, a scheduler or a log calls an accelerator -> its row in the catalogue."""

import re
from collections.abc import Iterable

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.language import _

_FORMS = frozenset(("sxm", "pcie", "nvl"))
_SLICE = re.compile(r"(?<![a-z0-9])\d+g\.\d+gb")
_LARGEST_MEMORY = 512
_SPOKEN = (
    (r"(?<=\d) ti\b", "ti"),
    (r"\brtx(?=\d)", "rtx "),
    (r"\bascend (?=\d)", "ascend"),
    (r"\bworkstation\b", "ws"),
    (r"\bsxm\d\b", "sxm"),
    (r"\b(\d+)gi?b?\b", r"\1"),
    (r"\b480\b", "96"),
)
"""Spellings made alike; a GH200 is sold by the 480 GB of its processor and has 96 GB of its own."""


def accelerator_of(name: str, shelf: Shelf) -> Row | None:
    """Return the row of an accelerator that is called by a name, None when none fits.

    Parameters
    ----------
    name
        Such as `NVIDIA A100-SXM4-80GB`, `Tesla V100-PCIE-16GB`, `h100` or `mi250x`.
    shelf
        The catalogue.

    Returns
    -------
    Row or None
        Where the name leaves form or memory open, the row with the fast links, then the one with most memory.
        A slice of a device is none of them.
    """
    if _SLICE.search(name.lower()):
        return None
    said = set(_words(name))
    fitting = [row for row in shelf.rows("accelerators") if _identity(row) and _identity(row) <= said]
    if not fitting:
        return None
    most = max(len(_identity(row)) for row in fitting)
    return max((row for row in fitting if len(_identity(row)) == most), key=lambda row: _likeness(row, said))


def taken_for(name: str, row: Row) -> str:
    """Return the sentence that says which row a name was taken for."""
    return _("“{name}” is taken for {row}; its figures are those of the catalogue.").format(
        name=name.strip(), row=row.name
    )


def counted_twice(row: Row) -> str:
    """Return a warning for cards whose two halves many systems count as two devices, else nothing."""
    if not row.key.startswith("mi250"):
        return ""
    return _("Many systems count each half of an {row} as a device; halve the devices if yours does.").format(
        row=row.name
    )


def _words(name: str) -> Iterable[str]:
    plain = re.sub(r"[^a-z0-9]+", " ", name.lower())
    for pattern, other in _SPOKEN:
        plain = re.sub(pattern, other, plain)
    return plain.split()


def _is_memory(word: str) -> bool:
    return word.isdigit() and int(word) <= _LARGEST_MEMORY


def _identity(row: Row) -> frozenset[str]:
    """Return the words of a row's key without its form, memory and the name of its series."""
    words = [word for word in _words(row.key) if word not in _FORMS and not _is_memory(word)]
    return frozenset(words if len(words) == 1 else [word for word in words if word != "rtx"])


def _likeness(row: Row, said: set[str]) -> tuple[int, bool, bool, int, float]:
    details = set(_words(row.key)) - _identity(row) - {"rtx"}
    contrary = (said & _FORMS) - details if details & _FORMS else set()
    plain = -len(details)
    memory = row.number("memory_gib") or 0.0
    return len(details & said) - len(contrary), "sxm" in details, "pcie" not in details, plain, memory
