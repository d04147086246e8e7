from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcplan.chain.elementwise import smooth_maximum
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan

PARTS = ("step_compute", "step_communication", "step_bubble", "step_host", "beside_time", "step_spread")
LAYOUT: dict[str, float | str] = {
    "layout.tensor": 8.0,
    "layout.pipeline": 4.0,
    "layout.context": 1.0,
    "layout.expert": 1.0,
    "layout.micro_batch": 1.0,
    "layout.interleave": 1.0,
    "layout.recompute": "none",
    "layout.sharding": "zero1",
}

ALONE: dict[str, float | str] = {"layout.tensor": 1.0, "layout.pipeline": 1.0, "hardware.devices": 1.0}


def estimate(
    preset: str = "llama3.1-70b", changes: Mapping[str, float | str] = MappingProxyType({})
) -> Estimate:
    plan = Plan().set("model.preset", preset)
    for path, value in {**LAYOUT, **changes}.items():
        plan = plan.set(path, value)
    return evaluate(plan)


def test_parts_of_a_step_add_up_to_it() -> None:
    # Catches: time that is in the step and in no part of the breakdown, or in two.
    plans: tuple[dict[str, float | str], ...] = (
        {},
        {"layout.sharding": "zero3", "layout.pipeline": 1.0},
        {"layout.recompute": "full", "layout.interleave": 5.0},
        {"layout.context": 4.0, "training.sequence": 65536.0},
    )
    for changes in plans:
        values = estimate(changes=changes).values
        assert sum(values[part] for part in PARTS) == pytest.approx(values["step_time"])
        assert min(values[part] for part in PARTS) >= 0.0
    sparse = estimate("deepseek-v3", {"layout.expert": 32.0, "training.precision": "fp8"}).values
    assert sum(sparse[part] for part in PARTS) == pytest.approx(sparse["step_time"])


def test_utilisation_is_model_flop_over_what_the_devices_could_do() -> None:
    # PaLM, arXiv:2204.02311, appendix B: tokens in a second x (6 N + 12 L h s) over the peak.
    result = estimate()
    values = result.values
    flop = values["token_flop"] + 12 * 80 * 8192 * 8192
    throughput = values["batch_tokens"] / values["step_time"]
    assert result["efficiency.mfu"].value == pytest.approx(throughput * flop / (1024 * 989.4e12))
    rate = values["model_flop"] / (values["steps"] * values["step_time"] * 1024)
    assert result["efficiency.achieved"].si == pytest.approx(rate)
    assert values["hfu"] == pytest.approx(values["mfu"])


def test_recomputing_layers_costs_a_forward_pass() -> None:
    # Catches: recomputation that is free, or that repeats more than the forward pass with its collectives.
    none, full = estimate(), estimate(changes={"layout.recompute": "full"})
    forward = none.values["compute_forward"] + none.values["communication_forward"]
    assert full.values["layer_time"] - none.values["layer_time"] == pytest.approx(forward, rel=0.01)
    assert full.values["mfu"] < none.values["mfu"]
    assert full.values["hfu"] / full.values["mfu"] == pytest.approx(4 / 3, rel=0.05)


def test_a_small_model_waits_for_its_host() -> None:
    # Catches: launches that cost nothing.
    small = estimate("gpt2", {**ALONE, "training.sequence": 256.0})
    assert small.values["step_host"] > 0.2 * small.values["step_time"]
    tiny: dict[str, float | str] = {"model.hidden": 128.0, "model.feed_forward": 512.0, "model.heads": 2.0}
    tiny |= {"model.kv_heads": 2.0, "model.vocabulary": 1000.0, "hardware.accelerator": "v100-sxm2-32"}
    assert estimate("gpt2", {**ALONE, **tiny, "training.sequence": 128.0}).values["step_limited_by"] == 3.0
    assert small.values["layer_time"] >= small.values["host_forward"] + small.values["host_backward"]


def test_few_micro_batches_in_a_long_pipeline_wait() -> None:
    long = estimate(changes={"layout.pipeline": 16.0, "training.batch_tokens": 8192.0 * 8})
    assert long.values["step_limited_by"] == 2.0


def test_slow_links_limit_a_step() -> None:
    slow = estimate(changes={"hardware.scale_up_bandwidth": 1e9})
    assert slow.values["step_limited_by"] == 1.0
    assert estimate().values["step_limited_by"] == 0.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hardware.peak", 2e15),
        ("hardware.memory_bandwidth", 6e12),
        ("hardware.scale_up_bandwidth", 900e9),
        ("hardware.nic_bandwidth", 100e9),
    ],
)
def test_better_hardware_never_takes_longer(name: str, value: float) -> None:
    assert estimate(changes={name: value}).values["step_time"] < estimate().values["step_time"]


@pytest.mark.parametrize("preset", ["llama3.1-70b", "deepseek-v3"])
def test_fp8_is_faster_and_reaches_less_of_its_peak(preset: str) -> None:
    layout = {"layout.expert": 32.0 if preset == "deepseek-v3" else 1.0}
    wide, narrow = (estimate(preset, {**layout, "training.precision": one}) for one in ("bf16", "fp8"))
    assert narrow.values["step_time"] < wide.values["step_time"]
    assert narrow.values["mfu"] < wide.values["mfu"]


def test_published_runs_are_in_reach() -> None:
    # Llama 3.1 405B, arXiv:2407.21783, table 4: 41 % on 16,384 devices in the layout of the time.
    frontier = Plan().set("model.preset", "llama3.1-405b").set("hardware.devices", 16384)
    frontier = frontier.set("training.batch_tokens", 16.0 * 2**20)
    published = frontier.set("layout.stack", "typical-2024").set("layout.sharding", "zero2")
    published = published.set("layout.tensor", 8).set("layout.pipeline", 16).set("layout.context", 1)
    assert 0.36 < evaluate(published)["efficiency.mfu"].value < 0.46
    # A layout and a stack of today do better, but no dense model of 70 B or more was measured above 54.5 % in
    # 16 bit on H100: steps of nvidia_dgxc_benchmarking, 70 B on 64 to 2,048 devices.
    assert 0.41 < evaluate(frontier)["efficiency.mfu"].value < 0.545
    llama = Plan().set("model.preset", "llama-65b").set("hardware.accelerator", "a100-sxm-80")
    llama = llama.set("hardware.devices", 2048).set("training.sequence", 2048)
    llama = llama.set("layout.stack", "typical-2023")
    # arXiv:2302.13971: 380 tokens a second are 50 %; 64.2 % is the most that was measured on A100 in 16 bit,
    # steps of llm_foundry.
    assert 0.5 < evaluate(llama)["efficiency.mfu"].value < 0.642


def test_a_known_utilisation_reaches_the_duration() -> None:
    # Catches: an override that is shown and changes nothing.
    plan = Plan()
    half = evaluate(plan.set("efficiency.mfu", evaluate(plan).values["mfu"] / 2))
    assert half["time.useful_device_hours"].si == pytest.approx(
        2 * evaluate(plan)["time.useful_device_hours"].si
    )


@given(st.floats(1e-6, 1.0), st.floats(1e-6, 1.0))
def test_the_slower_of_device_and_host_sets_the_pace(device: float, host: float) -> None:
    both = smooth_maximum(device, host)
    assert max(device, host) <= both * (1 + 1e-12) <= 1.13 * max(device, host)


def test_all_quantities_give_for_arrays_what_they_give_for_numbers() -> None:
    # Catches: a function that decides by the first element, or that mixes points.
    for preset in ("llama3.1-70b", "deepseek-v3"):
        result = estimate(preset)
        inputs = {**result.inputs.values(), **result.layout}
        devices, tokens = np.array([256.0, 1000.0, 4096.0]), np.array([1e12, 5e12, 2e13])
        together = result.graph.solve({**inputs, "devices": devices, "tokens": tokens})
        for index in range(3):
            point = {"devices": float(devices[index]), "tokens": float(tokens[index])}
            for name, value in result.graph.solve({**inputs, **point}).items():
                alone = np.broadcast_to(np.asarray(together[name]), (3,))[index]
                assert alone == pytest.approx(value, rel=1e-12, nan_ok=True), name
