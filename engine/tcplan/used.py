"""Which fields count in a plan by its family, data, task, phases and other fields; the rest is hidden."""

from functools import cache

from tcplan.chain.inputs import INPUTS
from tcplan.chain.links import ADAPTED, DATA, LANGUAGE, LATENT, SPARSE, graph_for
from tcplan.chain.quantity import described
from tcplan.estimate import Estimate
from tcplan.findings import Finding
from tcplan.language import _
from tcplan.plan.data import Data
from tcplan.plan.model import Model
from tcplan.plan.phases import FIELDS, LATER
from tcplan.switches import SWITCHES

_ALWAYS = frozenset(("preset", "family"))
_PREDICTING = frozenset(("decoder", "state-space"))
_OF_TASKS = frozenset(
    ("adapter_rank", "adapter_targets", "frozen_bits", "response_share", "rollout_reuse", "judge_parameters")
)
_OF_EXPERTS = frozenset(
    (
        "expert",
        "dispatcher",
        "dispatch_overlap",
        "routing_imbalance",
        "token_drop",
        "recompute_experts",
        "recompute_activation",
    )
)
_OF_LATENT = frozenset(("recompute_projections",))
_WHOLE = frozenset(("pretrain", "continued"))
"""Tasks that nobody does with adapters."""
_ASKED = frozenset(("data_unit", "data_amount"))


def is_used(path: str, estimate: Estimate) -> bool:
    """Return whether a field is shown: what counts in this plan is, and what was typed always is."""
    return estimate.plan.get(path) is not None or counts(path, estimate)


def counts(path: str, estimate: Estimate) -> bool:
    """Return whether a field can change a result of this plan."""
    if not _belongs(path, estimate):
        return False
    switch = SWITCHES.get(path)
    return switch is None or switch.is_on(estimate)


def idle(path: str, estimate: Estimate) -> Finding | None:
    """Return what to say about a field that is shown although it changes nothing, None where it counts."""
    switch = SWITCHES.get(path)
    if switch is not None and not switch.is_on(estimate):
        reason = switch.sentence()
    elif not _is_in_graph(path, estimate):
        reason = _("Networks of this family do not have it.")
    else:
        return None
    words = (
        _("Spares only cost here. {reason}") if path == "failures.spares" else _("No effect here. {reason}")
    )
    return Finding("advice", path, words.format(reason=reason))


def _is_in_graph(path: str, estimate: Estimate) -> bool:
    """Return whether a quantity takes a field, or whether it is one of those that choose the quantities."""
    panel, _dot, name = path.rpartition(".")
    if panel == "model" or path == "training.task" or name not in INPUTS:
        return True
    if name in _OF_TASKS or name in Data.model_fields:
        return True
    return name in estimate.graph.inputs or name in estimate.graph.quantities


def _belongs(path: str, estimate: Estimate) -> bool:
    """Return whether the structure of the plan has what a field describes."""
    panel, _dot, name = path.rpartition(".")
    if panel == "model":
        return name in sizes_of(estimate.given["model.family"].key, *_structure(estimate))
    if panel == "layout" and (name in _OF_EXPERTS or name in _OF_LATENT):
        sparse, latent = _structure(estimate)
        return sparse if name in _OF_EXPERTS else latent
    if panel == "training" and name in Data.model_fields:
        return name in conversions_of(estimate.given["training.data_unit"].key)
    if panel == "training" and name in FIELDS:
        return _is_next(name, estimate)
    if panel == "training" and name in _OF_TASKS:
        return _belongs_to_task(name, estimate)
    if path == "training.task":
        return estimate.given["model.family"].key in ADAPTED
    return _is_in_graph(path, estimate)


def _is_next(name: str, estimate: Estimate) -> bool:
    """Return whether a phase is there, or would be the next: its tokens are asked for first."""
    at = next(index for index, phase in enumerate(LATER) if name.startswith(phase))
    there = [estimate.plan.get(f"training.{phase}_tokens") is not None for phase in LATER]
    return there[at] or (name.endswith("_tokens") and all(there[:at]))


def _belongs_to_task(name: str, estimate: Estimate) -> bool:
    task = estimate.given["training.task"].key
    if name == "adapter_rank":
        return task not in _WHOLE
    if name == "judge_parameters" and task == "dpo":
        return False
    return name in estimate.graph.inputs or name in estimate.graph.quantities


def _structure(estimate: Estimate) -> tuple[bool, bool]:
    """Return whether the model has experts, and whether its attention is latent."""
    experts, attention = estimate.given.get("model.experts"), estimate.given.get("model.attention")
    return experts is not None and experts.value > 0, attention is not None and attention.value == 1


@cache
def sizes_of(family: str, sparse: bool, latent: bool) -> frozenset[str]:
    """Return the fields of the model panel that a family has with these experts and this attention."""
    graph = graph_for(sparse, latent, "on-demand", family)
    found = _ALWAYS | graph.inputs | graph.quantities.keys()
    if family not in _PREDICTING:
        found -= {"predicted_tokens"}
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
