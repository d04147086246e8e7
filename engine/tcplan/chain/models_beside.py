"""Other models that a step of training needs: none, unless a variant puts them there."""

from tcplan.chain.quantity import quantity
from tcplan.language import N_

_NONE = "definition: none where the model learns from text alone"


@quantity("s", N_("Step: other models"), source=_NONE, path="time.step_beside")
def beside_time() -> float:
    """Part of a step in which other models read, and the model writes what it learns from [s]."""
    return 0.0


@quantity("FLOP", N_("Other models, FLOP of a token"), source=_NONE, path="compute.beside")
def beside_flop() -> float:
    """FLOP of other models and of generation for each trained token [FLOP]."""
    return 0.0


@quantity("B", N_("Other models"), source=_NONE, path="memory.beside", shown="GiB")
def beside_memory() -> float:
    """Memory of other models on one device [B]."""
    return 0.0
