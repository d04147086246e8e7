"""Which layouts there are for a plan, and which of them nobody can or would run: rules with a code each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from tcplan.chain.layout_rules import (
    Values,
    experts_divide,
    heads_divide,
    kv_heads_divide,
    layers_divide,
    pieces_are_long,
    sequence_divides,
    tensor_stays_near,
    tiles_domain,
    weights_stay,
)
from tcplan.chain.quantity import Numeric
from tcplan.language import N_
from tcplan.plan.plan import descriptions
from tcplan.study.layout_mesh import AXES

_LARGER = 1.15
"""How much larger than usual a batch becomes where it would not go round all copies."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Rule:
    """What a layout must satisfy.

    `names` are the degrees that it is about. A rule that is not `hard` keeps to what people do; it does not
    apply where all of these degrees are typed.
    """

    code: str
    sentence: str
    names: tuple[str, ...]
    hard: bool
    holds: Callable[[Values], Numeric]


def _expert_domain(values: Values) -> Numeric:
    return tiles_domain(values["expert"], values)


def _stages(values: Values) -> Numeric:
    return np.equal(values["interleave"], 1.0) | np.greater(values["pipeline"], 1.0)


def _devices(values: Values) -> Numeric:
    return values["replica_devices"] <= values["devices"]


def _expert_devices(values: Values) -> Numeric:
    expert = values["expert"]
    sharing = values["data"] * values["context"] * values["tensor"]
    return np.equal(expert, 1.0) | np.equal(sharing % expert, 0.0)


def _batch(values: Values) -> Numeric:
    at_once = values["data"] * values["micro_batch"]
    return at_once <= values["batch_tokens"] / values["sequence"] * _LARGER


def _whole_batch(values: Values) -> Numeric:
    sequences = np.rint(values["batch_tokens"] / values["sequence"])
    return np.equal(sequences % (values["data"] * values["micro_batch"]), 0.0)


_DOMAIN = Rule(
    "domain",
    N_("Tensor parallelism leaves the devices with fast links."),
    ("tensor",),
    False,
    tensor_stays_near,
)
_RULES = (
    Rule(
        "heads", N_("The tensor-parallel degree does not divide the heads."), ("tensor",), True, heads_divide
    ),
    Rule(
        "kv_heads",
        N_("Tensor parallelism does not divide key-value heads."),
        ("tensor",),
        False,
        kv_heads_divide,
    ),
    _DOMAIN,
    Rule("sequence", N_("The sequence does not divide into pieces."), ("context",), False, sequence_divides),
    Rule(
        "pieces",
        N_("Devices would hold less than 4,096 tokens of a sequence."),
        ("context",),
        False,
        pieces_are_long,
    ),
    Rule(
        "experts",
        N_("The expert-parallel degree does not divide the experts."),
        ("expert",),
        True,
        experts_divide,
    ),
    Rule("expert_domain", N_("Expert parallelism cuts through nodes."), ("expert",), False, _expert_domain),
    Rule("stages", N_("Virtual stages need a pipeline."), ("interleave", "pipeline"), True, _stages),
    Rule(
        "layers",
        N_("The layers do not divide over the stages."),
        ("pipeline", "interleave"),
        False,
        layers_divide,
    ),
    Rule("devices", N_("There are too few devices."), ("tensor", "context", "pipeline"), True, _devices),
    Rule(
        "expert_devices",
        N_("The experts do not divide over the devices of a stage."),
        ("expert", "tensor", "context", "pipeline"),
        False,
        _expert_devices,
    ),
    # Gradients are shared out in pipelines too: arXiv:2407.21783, section 3.3.2.
    Rule(
        "sharding",
        N_("With a pipeline, sharded weights would travel for every micro-batch."),
        ("sharding",),
        False,
        weights_stay,
    ),
)
_BATCH = N_("The batch does not divide over copies and micro-batches.")
_BATCH_NAMES = ("micro_batch", "tensor", "context", "pipeline")
OF_A_RULE = ("replica_devices", "data")
"""Quantities that rules ask for besides degrees and `OF_A_PLAN`."""
OF_A_PLAN = (
    *("layers", "heads", "kv_heads", "experts", "sequence", "batch_tokens"),
    *("devices", "scale_up_domain"),
)
"""What rules and candidates ask for of a plan, be it typed, a row's or computed."""


def rules_for(
    values: Values, fixed: frozenset[str], *, whole_batch: bool, anywhere: bool
) -> tuple[Rule, ...]:
    """Return the rules that a plan's layouts must satisfy, in the order in which they are asked.

    Parameters
    ----------
    values
        `OF_A_PLAN` [1].
    fixed
        Degrees that somebody typed.
    whole_batch
        Whether the batch is what somebody wants exactly; else people take the next one that divides.
    anywhere
        Whether tensor parallelism may leave the fast links.
    """
    sequences = values["batch_tokens"] / values["sequence"]
    exact = whole_batch and isfinite(sequences) and abs(sequences - round(sequences)) < _ROUNDING * sequences
    batch = Rule("batch", _BATCH, _BATCH_NAMES, False, _whole_batch if exact else _batch)
    return tuple(
        [
            rule
            for rule in (*_RULES, batch)
            if (rule.hard or not fixed.issuperset(rule.names)) and not (anywhere and rule is _DOMAIN)
        ]
    )


def candidates_for(values: Values, fixed: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """Return the values that each axis takes: what is typed, else all that could divide, simplest first.

    Degrees are 2^k, 3 x 2^k, and the divisors of what they divide.
    """

    def most(name: str, divided: float = 1.0) -> float:
        value = values.get(name, 1.0)
        return max(value / divided, 1.0) if isfinite(value) else 1.0

    devices, layers, experts = most("devices"), most("layers"), most("experts")
    sequences = most("batch_tokens", values["sequence"])
    found = {
        "tensor": _degrees(min(most("heads"), devices), most("heads")),
        "context": _degrees(min(most("sequence", 2.0), devices)),
        "expert": _degrees(min(experts, devices), experts),
        "pipeline": _degrees(min(layers, devices), layers),
        "interleave": _degrees(layers, layers),
        "micro_batch": _degrees(sequences),
    }
    for name in ("recompute", "sharding"):
        found[name] = tuple([float(code) for code in range(len(descriptions()[f"layout.{name}"].choices))])
    return {name: (fixed[name],) if name in fixed else found[name] for name in AXES}


def _degrees(limit: float, divided: float = 1.0) -> tuple[float, ...]:
    """Return 1, 2, 3, 4, 6, 8, 12, ... and divisors of a number, up to a limit."""
    powers = [2.0**one for one in range(int(limit).bit_length())]
    threes = [3.0 * one for one in powers]
    divisors = [float(one) for one in range(1, int(min(limit, 4096.0)) + 1) if divided % one == 0.0]
    return tuple(sorted({one for one in (*powers, *threes, *divisors) if one <= limit}))
