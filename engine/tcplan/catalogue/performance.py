"""Performance: what hardware and software reach of rated figures, by stack, generation and precision."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcplan.catalogue import accelerators
from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

ANY = "any"
TABLE = Table(
    name="performance",
    columns=("coefficient", "value", "unit", "stack", "generation", "precision", "sigma"),
    words=frozenset(("coefficient", "unit", "stack", "generation", "precision")),
    required=frozenset(("coefficient", "value", "unit", "stack", "generation", "precision")),
    searched=("coefficient", "stack", "generation"),
)


_NEXT = {
    "fp16": ("fp16", "bf16"),
    "mxfp8": ("mxfp8", "fp8"),
    "nvfp4": ("nvfp4", "mxfp8", "fp8"),
    "tf32": ("tf32", "bf16"),
    "fp32": ("fp32", "tf32", "bf16"),
}
"""Precisions whose rows hold for one that has none of its own, nearest first."""


def coefficients(
    shelf: "Shelf", accelerator: Row | None, precision: str, stack: str = ANY
) -> Mapping[str, Row]:
    """Return the row of each coefficient that is nearest to a stack, an accelerator and a precision.

    Parameters
    ----------
    shelf
        The catalogue.
    accelerator
        The accelerator's row; None and an unknown generation take the rows that hold for any.
    precision
        Key of the number format, bf16 and so on.
    stack
        Key of the software stack; its own rows go before those of any stack.

    Returns
    -------
    Mapping
        Rows by the name of the chain's input; `value` is in the coherent `unit`.
    """
    stacks = _with_predecessors(shelf, stack)
    generation = str(accelerator.get("generation") or ANY) if accelerator is not None else ANY
    found = dict(_nearest(shelf, generation, precision, stacks))
    wide = _nearest(shelf, generation, "bf16", stacks).get("gemm_efficiency")
    # Rows that came with a file may take the place of all that say it.
    if wide is not None:
        found["wide_efficiency"] = wide
    if accelerator is None:
        return found
    narrow = accelerators.peak(accelerator, precision)
    plain = accelerators.peak(accelerator, "bf16") or accelerators.peak(accelerator, "fp16")
    if narrow and plain:
        found["speedup"] = _of_the_row(accelerator, narrow / plain)
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


@lru_cache(maxsize=64)
def _with_predecessors(shelf: "Shelf", stack: str) -> tuple[str, ...]:
    """Return a stack, the releases that it follows, whose constants hold until measured anew, and any."""
    follows = {row.key: str(row.get("follows") or "") for row in shelf.rows("stacks")}
    found: list[str] = []
    while stack and stack not in found:
        found.append(stack)
        stack = follows.get(stack, "")
    return tuple(dict.fromkeys((*found, ANY)))


@lru_cache(maxsize=512)
def _nearest(shelf: "Shelf", generation: str, precision: str, stacks: tuple[str, ...]) -> Mapping[str, Row]:
    families = _families(generation)
    precisions = (*_NEXT.get(precision, (precision,)), ANY)
    found: dict[str, tuple[tuple[int, int, int], Row]] = {}
    for row in shelf.rows(TABLE.name):
        place = (row.get("stack"), row.get("generation"), row.get("precision"))
        if place[0] not in stacks or place[1] not in families or place[2] not in precisions:
            continue
        distance = (stacks.index(place[0]), families.index(place[1]), precisions.index(place[2]))
        name = str(row.get("coefficient"))
        if name not in found or distance < found[name][0]:
            found[name] = (distance, row)
    return {name: row for name, (_distance, row) in found.items()}


def _families(generation: str) -> list[str]:
    """Return a generation's own name, then wider ones: TPU v5p, TPU; Hopper (export), Hopper; any."""
    words = generation.split(" ")
    wider = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    return [*wider, ANY]
