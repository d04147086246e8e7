"""What holds for any layout: better hardware, more tokens, more sharding, recomputation, many cells."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.catalogue.shelf import shipped
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import NAMES
from tcplan.estimate import evaluate
from tcplan.given import inputs_of
from tcplan.plan.plan import Plan

PRESETS = ("gpt3", "llama3.1-70b", "mixtral-8x7b", "deepseek-v3")
WAYS = ("on-demand", "reserved", "spot", "own")
VARIANTS = [*product(PRESETS, WAYS)]
BETTER_WHEN_HIGHER = (
    *("peak", "memory_bandwidth", "scale_up_bandwidth", "nic_bandwidth", "memory_share", "nic_share"),
    *("scale_up_share", "gemm_efficiency", "attention_share", "grouped_share", "tensor_overlap"),
)
BETTER_WHEN_LOWER = (
    *("scale_up_latency", "nic_latency", "host_time", "kernel_time", "jitter", "gather_contention"),
    *("gemm_half_depth", "gemm_half_tiles", "routing_host_time", "routing_imbalance"),
)
LAYOUTS = st.fixed_dictionaries(
    {
        "tensor": st.sampled_from([1.0, 2.0, 4.0, 8.0, 16.0]),
        "pipeline": st.sampled_from([1.0, 2.0, 3.0, 5.0, 8.0, 16.0]),
        "context": st.sampled_from([1.0, 2.0, 4.0]),
        "expert": st.sampled_from([1.0, 2.0, 8.0]),
        "micro_batch": st.sampled_from([1.0, 2.0, 4.0]),
        "interleave": st.sampled_from([1.0, 2.0, 4.0]),
        "recompute": st.sampled_from([0.0, 1.0, 2.0]),
        "sharding": st.sampled_from([0.0, 1.0, 2.0, 3.0]),
        "sequence_parallel": st.sampled_from([0.0, 1.0]),
        "attention_kernel": st.sampled_from([0.0, 1.0]),
        "devices": st.sampled_from([1024.0, 2048.0, 3000.0, 16_384.0]),
    }
)


def chain(preset: str, way: str = "on-demand") -> tuple[Graph, dict[str, Any]]:
    plan = Plan().set("model.preset", preset).set("purchase.way", way)
    inputs = inputs_of(plan, shipped())
    return inputs.graph, inputs.values()


@settings(max_examples=60, deadline=None)
@given(LAYOUTS, st.sampled_from(PRESETS), st.floats(1.001, 30.0))
def test_better_hardware_never_lengthens_a_step(layout: dict[str, float], preset: str, factor: float) -> None:
    graph, inputs = chain(preset)
    before = graph.solve({**inputs, **layout}, ("predicted_step_time",), keep=False)["predicted_step_time"]
    for names, power in ((BETTER_WHEN_HIGHER, 1.0), (BETTER_WHEN_LOWER, -1.0)):
        for name in set(names) & graph.inputs:
            better = inputs[name] * factor**power
            better = min(better, 1.0) if name == "tensor_overlap" else better
            after = graph.solve({**inputs, **layout, name: better}, ("predicted_step_time",), keep=False)
            assert after["predicted_step_time"] <= before * (1 + 1e-12), name


@settings(max_examples=25, deadline=None)
@given(st.floats(1e9, 1e13), st.sampled_from(VARIANTS))
def test_twice_the_tokens_take_twice_of_everything_that_the_run_uses(
    tokens: float, variant: tuple[str, str]
) -> None:
    preset, way = variant
    plan = Plan().set("model.preset", preset).set("purchase.way", way)
    once, twice = (evaluate(plan.set("training.tokens", each)) for each in (tokens, 2 * tokens))
    assert once.layout == twice.layout
    for path in (
        *("time.run", "time.device_hours", "energy.facility", "carbon.location", "carbon.embodied"),
        *("water.total", "money.compute", "money.energy", "money.total", "compute.model_flop"),
    ):
        assert twice[path].value == pytest.approx(2 * once[path].value, nan_ok=True), path
    assert twice["time.step"].value == pytest.approx(once["time.step"].value)


@settings(max_examples=60, deadline=None)
@given(LAYOUTS, st.sampled_from(PRESETS))
def test_more_sharding_never_needs_more_memory_for_states(layout: dict[str, float], preset: str) -> None:
    graph, inputs = chain(preset)
    names = ("memory_weights", "memory_gradients", "memory_optimizer")
    stages = [
        graph.solve({**inputs, **layout, "sharding": stage}, names, keep=False)
        for stage in (0.0, 1.0, 2.0, 3.0)
    ]
    for less, more in pairwise(stages):
        assert all(more[name] <= less[name] * (1 + 1e-12) for name in names)


@settings(max_examples=60, deadline=None)
@given(LAYOUTS, st.sampled_from(PRESETS))
def test_recomputation_trades_memory_for_time(layout: dict[str, float], preset: str) -> None:
    # Catches: recomputation that costs memory, or that is free, or that is counted as useful work.
    graph, inputs = chain(preset)
    names = ("layer_activation", "predicted_step_time", "hardware_flop", "model_flop", "hfu", "mfu")
    modes = [
        graph.solve({**inputs, **layout, "recompute": mode}, names, keep=False) for mode in (0.0, 1.0, 2.0)
    ]
    for less, more in pairwise(modes):
        assert more["layer_activation"] <= less["layer_activation"] * (1 + 1e-12)
        assert more["predicted_step_time"] >= less["predicted_step_time"] * (1 - 1e-12)
        assert more["hardware_flop"] >= less["hardware_flop"]
        assert more["model_flop"] == less["model_flop"]
    assert all(mode["hfu"] >= mode["mfu"] * (1 - 1e-12) for mode in modes)


@pytest.mark.parametrize("variant", VARIANTS, ids="-".join)
def test_numbers_arrays_and_meshes_give_the_same(variant: tuple[str, str]) -> None:
    # Catches: any quantity that mixes cells, or that takes another way for arrays, in any structure.
    graph, inputs = chain(*variant)
    cells = {
        "tensor": [1.0, 8.0],
        "pipeline": [2.0, 7.0],
        "interleave": [1.0, 2.0],
        "recompute": [0.0, 1.0, 2.0],
        "sharding": [1.0, 3.0],
        "devices": [512.0, 2049.0],
        "tokens": [1e12],
    }
    rest = {"context": 2.0, "expert": 4.0, "micro_batch": 1.0, "batch_tokens": 5e6}
    assert set(NAMES) <= cells.keys() | rest.keys()
    shape = tuple(len(values) for values in cells.values())
    axes = dict(zip(cells, np.ix_(*[np.array(values) for values in cells.values()]), strict=True))
    flat = {name: np.broadcast_to(axis, shape).ravel() for name, axis in axes.items()}
    mesh = graph.solve({**inputs, **rest, **axes})
    array = graph.solve({**inputs, **rest, **flat})
    for index, cell in enumerate(product(*cells.values())):
        single = graph.solve({**inputs, **rest, **dict(zip(cells, cell, strict=True))})
        for name in graph.quantities:
            found = np.broadcast_to(mesh[name], shape).ravel()[index]
            assert found == pytest.approx(single[name], rel=1e-12, nan_ok=True), name
            found = np.broadcast_to(array[name], (len(flat["tensor"]),))[index]
            assert found == pytest.approx(single[name], rel=1e-12, nan_ok=True), name
