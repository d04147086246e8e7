"""Software stacks: the training software by release, and what it does unless somebody says otherwise."""

from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

_LAYOUT = (
    "recompute",
    "sequence_parallel",
    "schedule",
    "balance",
    "dispatcher",
    "dispatch_overlap",
    "graphs",
    "token_drop",
    "loss_kernel",
)
_TRAINING = ("attention_kernel", "adapter_targets")
_NUMBERS = ("adapter_rank", "dropout")
_DECODER = "decoder"
TABLE = Table(
    name="stacks",
    columns=("year", "generations", "follows", *_TRAINING, *_NUMBERS, *_LAYOUT),
    words=frozenset(("generations", "follows", *_TRAINING, *_LAYOUT)),
    required=frozenset(("year",)),
    searched=("year",),
)


def inputs(row: Row, family: str = _DECODER) -> dict[str, float | str]:
    """Return what a stack does by the path of the plan's field; what it does not decide is absent.

    That all layers were computed again is said of large decoders, so it holds for no other family.
    """
    found = {f"layout.{name}": row.get(name) for name in _LAYOUT}
    if family != _DECODER:
        del found["layout.recompute"]
    found.update({f"training.{name}": row.get(name) for name in (*_TRAINING, *_NUMBERS)})
    return {path: value for path, value in found.items() if value not in (None, "")}


def usual(shelf: "Shelf", accelerator: Row | None) -> Row | None:
    """Return the usual stack of an accelerator: the first in the table that names its generation.

    The longest name counts: Ada Lovelace GeForce, Ada Lovelace, Ada, then any.
    """
    words = str(accelerator.get("generation") or "").split(" ") if accelerator is not None else []
    for name in (*(" ".join(words[:count]) for count in range(len(words), 0, -1)), "any"):
        for row in shelf.rows(TABLE.name):
            if name in str(row.get("generations") or "").split("; "):
                return row
    return None


_TYPICAL = ((2022.0, "typical-2022"), (2023.0, "typical-2023"))
_TYPICAL_TODAY = "typical-2024"


def typical(year: float) -> str:
    """Return the key of the stack that stands for typical training in a year."""
    return next((key for last, key in _TYPICAL if year <= last), _TYPICAL_TODAY)
