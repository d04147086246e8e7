"""Which fields of a plan its family and its unit of data have; the others are hidden."""

from functools import cache
from itertools import product

from tcplan.chain.links import DATA, LANGUAGE, LATENT, SPARSE, graph_for
from tcplan.chain.quantity import described
from tcplan.estimate import Estimate
from tcplan.plan.data import Data
from tcplan.plan.model import Model

_ALWAYS = frozenset(("preset", "family"))
_PREDICTING = frozenset(("decoder", "state-space"))
_ASKED = frozenset(("data_unit", "data_amount"))


def is_used(path: str, estimate: Estimate) -> bool:
    """Return whether a field says something about this plan: what was typed always does."""
    panel, _dot, name = path.rpartition(".")
    if estimate.plan.get(path) is not None:
        return True
    if panel == "model":
        return name in sizes_of(estimate.given["model.family"].key)
    if panel == "training" and name in Data.model_fields:
        return name in conversions_of(estimate.given["training.data_unit"].key)
    return True


@cache
def sizes_of(family: str) -> frozenset[str]:
    """Return the fields of the model panel that a family has, whatever its attention and experts."""
    found = set(_ALWAYS)
    for sparse, latent in product((False, True), (False, True)):
        graph = graph_for(sparse, latent, "on-demand", family)
        found |= graph.inputs | graph.quantities.keys()
    if family not in _PREDICTING:
        found.discard("predicted_tokens")
    found |= {"experts"} if family in SPARSE else set()
    found |= {"attention"} if family in LATENT else set()
    return frozenset(found & Model.model_fields.keys())


@cache
def conversions_of(unit: str) -> frozenset[str]:
    """Return the fields that turn data of a unit into tokens."""
    if unit == "tokens":
        return _ASKED | {"passes_over_data"}
    found = _ASKED | {"passes_over_data", *described(DATA[unit]).parameters}
    return found | {"data_language"} if found & LANGUAGE.keys() else found
