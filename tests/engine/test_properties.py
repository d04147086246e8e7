"""What holds for any layout: better hardware, more tokens, more sharding, recomputation, many cells."""

from functools import cache
from itertools import pairwise, product
from random import Random
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


SHARES_AND_RATES = (
    *("peak", "memory_bandwidth", "scale_up_bandwidth", "nic_bandwidth", "host_bandwidth", "memory_share"),
    *("nic_share", "scale_up_share", "bus_share", "gemm_efficiency", "wide_efficiency", "attention_share"),
    *("grouped_share", "fused_grouped_gain", "dispatch_share", "dispatch_nic_share", "plain_dispatch_share"),
    *("plain_dispatch_nic_share", "host_update_rate", "sink_share"),
)
COSTS = (
    *("scale_up_latency", "nic_latency", "host_time", "kernel_time", "jitter", "loss_bytes"),
    *("gather_contention", "gemm_half_depth", "gemm_half_tiles", "traffic_factor", "compiled_traffic"),
    *("conversion_bytes", "routing_host_time", "routing_imbalance", "hook_time", "reduce_bytes"),
    *("permute_bytes", "expert_launches", "adapter_bytes", "adapter_kernels", "widening_bytes"),
    *("widening_kernels", "oversubscription"),
)
CHOICES: dict[str, tuple[float, ...]] = {
    "tensor": (1.0, 2.0, 8.0, 16.0),
    "pipeline": (1.0, 2.0, 8.0),
    "context": (1.0, 2.0, 4.0),
    "expert": (1.0, 8.0, 64.0),
    "micro_batch": (1.0, 2.0, 4.0),
    "interleave": (1.0, 2.0, 4.0),
    "recompute": (0.0, 1.0, 2.0),
    "sharding": (0.0, 1.0, 2.0, 3.0, 4.0),
    "devices": (1024.0, 3000.0, 16_384.0),
    "sequence": (1.0, 512.0, 4096.0, 131_072.0),
    "batch_tokens": (4e6, 64e6),
    "sequence_parallel": (0.0, 1.0),
    "schedule": (0.0, 1.0, 2.0),
    "balance": (0.0, 1.0),
    "dispatcher": (0.0, 1.0),
    "dispatch_overlap": (0.0, 1.0),
    "graphs": (0.0, 1.0, 2.0),
    "offload": (0.0, 0.0, 0.0, 1.0, 2.0, 3.0),
    "compiled": (0.0, 1.0),
    "overlap": (0.0, 1.0, 2.0),
    "loss_kernel": (0.0, 1.0, 2.0),
}
TIME, PEAK = "predicted_step_time", "memory_peak"
SAVES_MEMORY = (
    *(("offload", (0.0, 1.0, 2.0)), ("offload", (0.0, 3.0))),
    *(("optimizer", (0.0, 1.0)), ("optimizer", (0.0, 3.0)), ("optimizer", (3.0, 2.0))),
    *(("early_update", (0.0, 1.0)), ("sequence_parallel", (0.0, 1.0)), ("compiled", (0.0, 1.0))),
    *(("loss_kernel", (0.0, 1.0, 2.0)), ("sequence", (4096.0, 2048.0))),
    *(("micro_batch", (4.0, 2.0, 1.0)), ("devices", (2048.0, 4096.0)), ("frozen_bits", (1.0, 2.0))),
)
SAVES_TIME = (
    *(("overlap", (1.0, 0.0, 2.0)), ("dispatch_overlap", (0.0, 1.0)), ("balance", (0.0, 1.0))),
    *(
        ("schedule", (0.0, 1.0)),
        ("graphs", (1.0, 2.0)),
        ("token_drop", (0.0, 1.0)),
        ("window", (0.0, 2048.0)),
    ),
    *(
        ("compiled", (0.0, 1.0)),
        ("recompute", (2.0, 1.0, 0.0)),
        ("offload", (2.0, 0.0)),
        ("offload", (3.0, 0.0)),
    ),
)
PLACES = ("h100-sxm", "a100-sxm-80", "b200-sxm", "gb200", "tpu-v5p", "mi300x", "rtx-4090")
NARROW = frozenset(("h100-sxm", "b200-sxm", "gb200", "mi300x"))


@cache
def drawn(count: int) -> tuple[tuple[Graph, dict[str, Any]], ...]:
    """Return chains of models, devices, stacks and tasks that are drawn by lot, each with a layout."""
    lot = Random(20_261_125)
    stacks = [row.key for row in shipped().rows("stacks")]
    found: list[tuple[Graph, dict[str, Any]]] = []
    while len(found) < count:
        device = lot.choice(PLACES)
        plan = Plan().set("model.preset", lot.choice((*PRESETS, "gpt-oss-120b", "llama3.1-8b")))
        plan = plan.set("hardware.accelerator", device).set("layout.stack", lot.choice(stacks))
        plan = plan.set("training.task", lot.choice(("pretrain", "pretrain", "sft", "lora", "qlora")))
        if device in NARROW:
            plan = plan.set("training.precision", lot.choice(("bf16", "fp8")))
        given_here = inputs_of(plan, shipped())
        names = given_here.graph.inputs | given_here.graph.quantities.keys()
        layout = {name: lot.choice(values) for name, values in CHOICES.items() if name in names}
        found.append((given_here.graph, {**given_here.values(), **layout}))
    return tuple(found)


def solved(graph: Graph, inputs: dict[str, Any], name: str) -> float:
    return float(graph.solve(inputs, (name,), keep=False)[name])


@pytest.mark.parametrize(("names", "better"), [(SHARES_AND_RATES, 2.0), (COSTS, 0.5)], ids=["rates", "costs"])
def test_no_figure_gets_better_and_makes_a_step_longer(names: tuple[str, ...], better: float) -> None:
    # Catches: a wrong sign, a minimum for a maximum, a rate that multiplies, in any task and stack.
    told = set()
    for graph, inputs in drawn(200):
        before = solved(graph, inputs, TIME)
        for name in set(names) & graph.inputs:
            if inputs[name] > 0.0:
                # Less attention hides less dispatch, which is sent again where experts are computed again.
                slack = 1e-3 if name in ("attention_share", "sink_share") else 1e-9
                after = solved(graph, {**inputs, name: better * inputs[name]}, TIME)
                assert after <= before * (1 + slack), name
                told |= {name} if after < before else set()
    assert told == set(names)


@pytest.mark.parametrize(
    ("what", "saved"), [(PEAK, SAVES_MEMORY), (TIME, SAVES_TIME)], ids=["memory", "time"]
)
def test_what_is_meant_to_save_never_costs(
    what: str, saved: tuple[tuple[str, tuple[float, ...]], ...]
) -> None:
    # Catches: a choice that is read the wrong way round, never read, or that saves what it should cost.
    told = set()
    for graph, inputs in drawn(200):
        for name, ways in saved:
            if name not in graph.inputs | graph.quantities.keys():
                continue
            figures = [solved(graph, {**inputs, name: way}, what) for way in ways]
            for more, less in pairwise(figures):
                assert less <= more * (1 + 1e-9), (name, ways)
                told |= {name} if less < more else set()
    assert told == {name for name, _ways in saved}


def test_one_device_waits_for_nobody() -> None:
    # Catches: latency of a group of one, a bubble of one stage, gradients that are sent to oneself.
    names = ("step_communication", "bubble_time", "exposed_gradients", "exposed_gather", "dispatch_time")
    alone = dict.fromkeys(("tensor", "pipeline", "context", "expert", "devices", "interleave"), 1.0)
    for graph, inputs in drawn(200):
        for sharding in (0.0, 1.0, 2.0, 3.0, 4.0):
            cell = {**inputs, **alone, "sharding": sharding, "offload": 0.0}
            values = graph.solve(cell, names, keep=False)
            assert [float(values[name]) for name in names] == [0.0] * len(names)


def test_a_window_as_long_as_the_sequence_is_none() -> None:
    for graph, inputs in drawn(200):
        names = (TIME, "full_model_flop")
        plain = graph.solve({**inputs, "window": 0.0}, names, keep=False)
        for window in (1.0, 7.0):
            whole = graph.solve({**inputs, "window": window * inputs["sequence"]}, names, keep=False)
            assert [whole[name] for name in names] == [plain[name] for name in names]


def test_steps_stay_finite_at_the_edges() -> None:
    # Catches: a division by a size that may be one, and overflow far beyond what anybody runs.
    edges = (
        {"sequence": 1.0},
        {"sequence": 1e7},
        {"batch_tokens": 1e12},
        {"devices": 1e7},
        {"micro_batch": 1e4},
    )
    for graph, inputs in drawn(200):
        for edge in edges:
            for what in (TIME, PEAK, "mfu"):
                value = solved(graph, {**inputs, **edge}, what)
                assert 0.0 < value < 1e30, (edge, what)


@pytest.mark.parametrize("device", ["h100-sxm", "b200-sxm", "gb300"])
@pytest.mark.parametrize("preset", ["llama3.1-70b", "llama3.1-405b", "gpt3"])
def test_eight_bits_are_no_slower_where_conversion_is_small(device: str, preset: str) -> None:
    # Catches: a peak, an efficiency or a conversion that is taken for the wrong precision.
    plan = Plan().set("model.preset", preset).set("hardware.accelerator", device)
    fixed = {"tensor": 8.0, "pipeline": 8.0, "context": 1.0, "micro_batch": 2.0, "devices": 1024.0}
    for stack in ("nemo-2024", "bridge-2026"):
        times = []
        for precision in ("bf16", "fp8"):
            found = inputs_of(plan.set("layout.stack", stack).set("training.precision", precision), shipped())
            layout = {"sharding": 1.0, "recompute": 0.0, "interleave": 1.0, "expert": 1.0, **fixed}
            times.append(solved(found.graph, {**found.values(), **layout}, TIME))
        assert times[1] < times[0]


def test_more_memory_never_spoils_a_plan() -> None:
    # Catches: a choice of layouts that misses the best one, or that fits by another measure than it shows.
    for preset in PRESETS:
        plan = Plan().set("model.preset", preset).set("hardware.devices", 512.0)
        steps = [evaluate(plan.set("hardware.memory", size * 1e9)) for size in (20, 40, 80, 160, 320)]
        for less, more in pairwise(steps):
            assert more.fits or not less.fits
            if less.fits:
                assert more.values[TIME] <= less.values[TIME] * (1 + 1e-9)
