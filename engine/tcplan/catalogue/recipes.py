"""Recipes: how a stack's published benchmarks run a model on an accelerator, as choices of the layout."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

SPARSE = "sparse"
"""Stands for every model with experts in the column of models."""
_WHERE = ("models", "accelerators", "precisions", "stacks")
_LAYOUT = (
    "balance",
    "dispatcher",
    "dispatch_overlap",
    "graphs",
    "token_drop",
    "recompute_core",
    "recompute_projections",
    "recompute_experts",
    "recompute_activation",
    "recompute_norms",
)
TABLE = Table(
    name="recipes",
    columns=(*_WHERE, *_LAYOUT),
    words=frozenset((*_WHERE, *_LAYOUT)),
    required=frozenset(("models",)),
    searched=_WHERE,
)


@lru_cache(maxsize=256)
def matching(
    shelf: "Shelf",
    model: Row | None,
    sparse: bool,
    accelerator: Row | None,
    precision: str,
    stack: Row | None,
) -> tuple[Row, ...]:
    """Return the recipes that hold for a plan, the most particular last.

    A recipe holds where each of its columns of models, accelerators, precisions and stacks is empty or names
    the plan's. The model counts more than the accelerator, this more than the precision, and this more than
    the stack.

    Parameters
    ----------
    shelf
        The catalogue.
    model, sparse
        The preset's row, None without one, and whether the model has experts.
    accelerator, precision, stack
        Row of the accelerator, key of the number format, and row of the software stack.
    """
    names = (
        _keys(model) | ({SPARSE} if sparse else frozenset()),
        _keys(accelerator),
        frozenset((precision,)),
        _keys(stack),
    )
    found = []
    for row in shelf.rows(TABLE.name):
        wanted = [frozenset(str(row.get(column) or "").split("; ")) - {""} for column in _WHERE]
        if all(not one or one & own for one, own in zip(wanted, names, strict=True)):
            place = [bool(one) and one != {SPARSE} for one in wanted]
            found.append((place, row))
    return tuple(row for _place, row in sorted(found, key=lambda one: one[0]))


def inputs(row: Row) -> Mapping[str, str]:
    """Return what a recipe does by the name of the layout's field; what it does not say is absent."""
    found = {name: row.get(name) for name in _LAYOUT}
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def _keys(row: Row | None) -> frozenset[str]:
    return frozenset((row.key,)) if row is not None else frozenset()
