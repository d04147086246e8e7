"""Which functions form the chain: the steps, and the variants that a structure of the plan asks for."""

from functools import cache
from types import ModuleType

from tcplan.chain import (
    activations,
    architecture,
    attention_time,
    carbon,
    communication,
    companion,
    efficiency,
    energy,
    flop,
    goodput,
    loss,
    matmul_time,
    memory,
    money,
    pipeline,
    prediction,
    programme,
    recompute,
    regulation,
    step_time,
    trainable,
    water,
)
from tcplan.chain.graph import Graph
from tcplan.chain.inputs import INPUTS
from tcplan.chain.quantity import Quantity, quantities
from tcplan.chain.variants import (
    expert_dispatch,
    expert_time,
    latent_attention,
    mixture_of_experts,
    owned_hardware,
    spot,
)

STEPS = (
    architecture,
    companion,
    trainable,
    flop,
    pipeline,
    activations,
    memory,
    matmul_time,
    attention_time,
    communication,
    prediction,
    recompute,
    step_time,
    efficiency,
    goodput,
    energy,
    carbon,
    water,
    money,
    programme,
    loss,
    regulation,
)
WAYS: dict[str, tuple[ModuleType, ...]] = {"spot": (spot,), "own": (owned_hardware,)}
"""Variants by way of getting the hardware; a way that is not named rents it."""


@cache
def graph_for(sparse: bool, latent: bool, way: str) -> Graph:
    """Return the chain for a structure: a function of a variant stands in for the step's of the same name.

    Parameters
    ----------
    sparse
        Whether the model has routed experts.
    latent
        Whether attention compresses keys and values.
    way
        How the hardware is got: on-demand, reserved, spot or own.
    """
    experts = (mixture_of_experts, expert_time, expert_dispatch)
    variants = [latent_attention] * latent + [*experts] * sparse + [*WAYS.get(way, ())]
    chosen: dict[str, Quantity] = {}
    for module in (*STEPS, *variants):
        chosen.update({one.name: one for one in quantities(module)})
    used = {name for one in chosen.values() for name in one.parameters}
    return Graph(chosen.values(), INPUTS.keys() & used)
