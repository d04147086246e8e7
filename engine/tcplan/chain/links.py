"""Which functions form the chain: the steps, and the variants that a structure of the plan asks for."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from functools import cache
from types import ModuleType

from tcplan.chain import (
    activations,
    architecture,
    attention_time,
    carbon,
    communication,
    companion,
    contract,
    corpus,
    efficiency,
    energy,
    flop,
    goodput,
    host,
    labels,
    logits,
    loss,
    matmul_time,
    memory,
    models_beside,
    money,
    offload,
    ownership,
    phases,
    pipeline,
    prediction,
    programme,
    published_methods,
    recompute,
    regulation,
    services,
    serving,
    staff,
    states,
    step_time,
    trainable,
    water,
)
from tcplan.chain.graph import Graph
from tcplan.chain.inputs import INPUTS
from tcplan.chain.quantity import Numeric, Quantity, described, quantities
from tcplan.chain.variants import (
    adapters,
    bidirectional,
    convnext,
    data,
    diffusion,
    encoder,
    encoder_decoder,
    energy_apart,
    expert_dispatch,
    expert_time,
    frozen_states,
    generation,
    latent_adapters,
    latent_attention,
    latent_generation,
    mixture_of_experts,
    owned_hardware,
    owned_site,
    reference,
    residual,
    samples,
    second_stack,
    sparse_adapters,
    speech,
    spot,
    stages,
    state_space,
    tables,
    unet,
    vision,
)

STEPS = (
    architecture,
    companion,
    trainable,
    phases,
    flop,
    pipeline,
    logits,
    activations,
    states,
    memory,
    matmul_time,
    attention_time,
    offload,
    communication,
    prediction,
    recompute,
    host,
    models_beside,
    step_time,
    efficiency,
    goodput,
    energy,
    carbon,
    water,
    ownership,
    money,
    contract,
    published_methods,
    staff,
    corpus,
    labels,
    serving,
    services,
    programme,
    loss,
    regulation,
)
APART = "-apart"
"""Ends a way of renting whose electricity is billed apart."""
WAYS: dict[str, tuple[ModuleType, ...]] = {
    "spot": (spot,),
    "own": (owned_hardware, energy_apart, owned_site),
    "on-demand-apart": (energy_apart,),
    "reserved-apart": (energy_apart,),
    "reserved-3y-apart": (energy_apart,),
    "spot-apart": (spot, energy_apart),
}
"""Variants by way of getting the hardware; a way that is not named rents it, energy included."""

FAMILIES: dict[str, tuple[ModuleType, ...]] = {
    "decoder": (),
    "encoder": (bidirectional, encoder),
    "encoder-decoder": (bidirectional, second_stack, encoder_decoder),
    "vision": (bidirectional, second_stack, vision, tables, samples),
    "diffusion": (bidirectional, diffusion, tables, samples),
    "unet": (stages, unet, tables, samples),
    "state-space": (state_space,),
    "residual": (stages, residual, tables, samples),
    "convnext": (stages, convnext, tables, samples),
    "speech": (bidirectional, second_stack, speech, tables, samples),
}
"""Variants by family of the model; later ones stand in for earlier ones."""
SPARSE = frozenset(("decoder", "encoder", "encoder-decoder", "vision", "state-space"))
"""Families whose feed-forward layers may have experts."""
LATENT = frozenset(("decoder",))
"""Families whose attention may compress keys and values."""
ADAPTED = frozenset(("decoder", "encoder", "encoder-decoder"))
"""Families of which adapters can be trained alone, and which learn from other models."""
METHODS: dict[str, tuple[ModuleType, ...]] = {
    "dpo": (reference,),
    "ppo": (reference, generation),
    "grpo": (reference, generation),
    "distillation": (reference,),
}
"""Variants by training task, where other models take part in a step."""


DATA: dict[str, Callable[..., Numeric]] = {
    "tokens": data.token_tokens,
    "words": data.word_tokens,
    "books": data.book_tokens,
    "bytes": data.byte_tokens,
    "images": data.image_tokens,
    "audio": data.audio_tokens,
    "video": data.video_tokens,
    "samples": data.sample_tokens,
}
"""What one piece of data becomes, by unit, where the tokens follow from an amount of data."""
LANGUAGE: dict[str, Callable[..., Numeric]] = {
    "tokens_per_word": data.tokens_per_word,
    "bytes_per_token": data.bytes_per_token,
}
"""What depends on the language of the data, by name."""


@cache
def graph_for(
    sparse: bool,
    latent: bool,
    way: str,
    family: str = "decoder",
    adapted: bool = False,
    unit: str = "",
    task: str = "",
) -> Graph:
    """Return the chain for a structure: a function of a variant stands in for the step's of the same name.

    Parameters
    ----------
    sparse
        Whether the model has routed experts.
    latent
        Whether attention compresses keys and values.
    way
        How the hardware is got: on-demand, reserved, reserved-3y, spot or own; ends in `APART` where
        energy is billed beside the rent.
    family
        Kind of network, a key of `FAMILIES`.
    adapted
        Whether adapters are trained beside frozen weights.
    unit
        What the amount of data counts, a key of `DATA`; empty where the tokens are given themselves.
    task
        What is trained for; a key of `METHODS` where other models take part.
    """
    steps = _chosen(STEPS)
    experts = (mixture_of_experts, expert_time, expert_dispatch) if sparse and family in SPARSE else ()
    heads = (latent_attention,) if latent and family in LATENT else ()
    beside = _adapters(experts, heads) if adapted and family in ADAPTED else ()
    others = _others(task, heads) if family in ADAPTED else ()
    chosen = steps | _chosen((*heads, *experts, *FAMILIES[family], *beside, *others, *WAYS.get(way, ())))
    if unit:
        chosen["tokens"] = described(data.tokens)
        each = chosen["tokens_of_each"] = replace(described(DATA[unit]), name="tokens_of_each")
        chosen.update({name: described(LANGUAGE[name]) for name in each.parameters if name in LANGUAGE})
    if family != "decoder":
        _leave_out_unused(chosen, ends=steps.keys() - _used(steps))
    return Graph(chosen.values(), INPUTS.keys() & _used(chosen))


def _adapters(experts: tuple[ModuleType, ...], heads: tuple[ModuleType, ...]) -> tuple[ModuleType, ...]:
    further = ((latent_adapters,) if heads else ()) + ((sparse_adapters,) if experts else ())
    return (adapters, frozen_states, *further)


def _others(task: str, heads: tuple[ModuleType, ...]) -> tuple[ModuleType, ...]:
    modules = METHODS.get(task, ())
    return (*modules, latent_generation) if heads and generation in modules else modules


def _chosen(modules: Iterable[ModuleType]) -> dict[str, Quantity]:
    return {one.name: one for module in modules for one in quantities(module)}


def _used(chosen: Mapping[str, Quantity]) -> set[str]:
    return {name for one in chosen.values() for name in one.parameters}


def _leave_out_unused(chosen: dict[str, Quantity], ends: Set[str]) -> None:
    """Remove what only steps needed that a variant stands in for; `ends` are results that nothing needs."""
    while unused := chosen.keys() - _used(chosen) - ends:
        for name in unused:
            del chosen[name]
