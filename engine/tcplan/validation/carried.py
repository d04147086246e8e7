"""The published steps that the program carries, and where they come from."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from tcplan.validation.rows import MeasuredRow, rows_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from."""

    key: str
    title: str
    address: str
    edition: str
    date: str
    licence: str


def text(name: str) -> str:
    """Return the text of a carried table."""
    return (resources.files("tcplan_resources") / "validation" / name).read_text("utf-8")


@cache
def rows() -> tuple[MeasuredRow, ...]:
    """Return the published steps."""
    return rows_of(text("steps.csv"), "steps.csv")


@cache
def origins() -> Mapping[str, Origin]:
    """Return where the rows of each source come from, by the key of the source."""
    table = csv.DictReader(io.StringIO(text("origins.csv")))
    return MappingProxyType({row["key"]: Origin(**row) for row in table})


@cache
def calibration() -> frozenset[str]:
    """Return the names of the rows that the constants were fitted to; all others are held out."""
    return frozenset(row["id"] for row in csv.DictReader(io.StringIO(text("calibration.csv"))))


@cache
def memory_calibration() -> frozenset[str]:
    """Return the names of the rows that the constants of memory were fitted to."""
    return frozenset(row["id"] for row in csv.DictReader(io.StringIO(text("memory_calibration.csv"))))
