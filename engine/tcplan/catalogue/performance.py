"""Performance: what hardware and software reach of rated figures, by generation and precision."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

ANY = "any"
TABLE = Table(
    name="performance",
    columns=("coefficient", "value", "unit", "generation", "precision"),
    words=frozenset(("coefficient", "unit", "generation", "precision")),
    required=frozenset(("coefficient", "value", "unit", "generation", "precision")),
    searched=("coefficient", "generation"),
)


def coefficients(shelf: "Shelf", accelerator: Row | None, precision: str) -> Mapping[str, Row]:
    """Return the row of each coefficient that is nearest to an accelerator and precision.

    Parameters
    ----------
    shelf
        The catalogue.
    accelerator
        The accelerator's row; None and an unknown generation take the rows that hold for any.
    precision
        bf16, fp16 or fp8.

    Returns
    -------
    Mapping
        Rows by the name of the chain's input; `value` is in the coherent `unit`.
    """
    if accelerator is None:
        return _nearest(shelf, ANY, precision)
    found = _nearest(shelf, str(accelerator.get("generation") or ANY), precision)
    narrow, wide = accelerator.number("fp8_tflops"), accelerator.number("bf16_tflops")
    if narrow and wide:
        return {**found, "fp8_speedup": _of_the_row(accelerator, narrow / wide)}
    return found


def _of_the_row(accelerator: Row, value: float) -> Row:
    return Row(
        accelerator.table,
        accelerator.key,
        MappingProxyType({"value": value}),
        accelerator.source,
        accelerator.date,
        accelerator.confidence,
    )


@lru_cache(maxsize=256)
def _nearest(shelf: "Shelf", generation: str, precision: str) -> Mapping[str, Row]:
    family = _families(generation)
    found: dict[str, tuple[tuple[int, int], Row]] = {}
    for row in shelf.rows(TABLE.name):
        if row.get("generation") not in family or row.get("precision") not in (precision, ANY):
            continue
        distance = (family.index(str(row.get("generation"))), int(row.get("precision") == ANY))
        name = str(row.get("coefficient"))
        if name not in found or distance < found[name][0]:
            found[name] = (distance, row)
    return {name: row for name, (_distance, row) in found.items()}


def _families(generation: str) -> list[str]:
    """Return a generation's own name, then wider ones: TPU v5p, TPU; Hopper (export), Hopper; any."""
    plain = generation.removesuffix(" (export)")
    return list(dict.fromkeys((generation, plain, plain.partition(" ")[0], ANY)))
