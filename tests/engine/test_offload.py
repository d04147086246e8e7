"""What hosts keep, what passes over PCIe, and what a slice of a torus shares: worked out by hand."""

import pytest

from tcplan.chain.communication import exposed_gather, linked_devices, scale_up_rate
from tcplan.chain.flop import span, visited
from tcplan.chain.matmul_time import value_conversion
from tcplan.chain.offload import host_optimizer_time, host_rate, loading_time
from tcplan.chain.pipeline import shards
from tcplan.chain.step_time import spread
from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.sharding_words import tuning_of


def test_loading_by_hand() -> None:
    # Catches: shards that are loaded once a step, whole layers loaded by each device. 800 million weights
    # over 8 devices, twice 2 bytes and 2 of a gradient, at 20 GB/s.
    group = (8e8, 8.0, 0.0, 32.0, 1.0, 20e9)
    assert loading_time(2.0, 2.0, 1.0, 2.0, 3.0, *group) == pytest.approx(6e8 / 20e9)
    assert loading_time(2.0, 2.0, 1.0, 2.0, 1.0, *group) == pytest.approx(48e8 / 20e9)
    assert loading_time(1.0, 2.0, 1.0, 2.0, 3.0, *group) == 0.0
    # 1.6 billion weights of experts in each of 32 layers, which four devices share.
    experts = (0.0, 8.0, 32 * 1.6e9, 32.0, 4.0, 20e9)
    assert loading_time(2.0, 2.0, 1.0, 2.0, 3.0, *experts) == pytest.approx(24e8 / 20e9)
    assert host_rate(32e9, 0.6) == pytest.approx(19.2e9)


def test_an_update_by_the_host_by_hand() -> None:
    # Catches: an optimizer in the host that runs at the speed of the device. 3e9 parameters: 2 s at 1.5e9 a
    # second, and 4 bytes each over 24 GB/s.
    found = host_optimizer_time(0.002, 1.0, 3.0, 3e9, 24e9, 0.0, 1.5e9, 2.0, 24e9)
    assert found == pytest.approx(0.002 + 2.0 + 0.5)


def test_offloading_costs_time() -> None:
    # Catches: a choice that changes nothing.
    plan = Plan().set("model.preset", "llama3.1-70b").set("hardware.devices", 8.0).set("training.task", "sft")
    plan = plan.set("hardware.accelerator", "a100-sxm-80").set("layout.sharding", "zero3")
    plan = plan.set("training.batch_tokens", 65_536.0)
    times = [
        evaluate(plan.set("layout.offload", key)).values["predicted_step_time"]
        for key in ("none", "optimizer", "parameters")
    ]
    assert times[0] < times[1] < times[2]


def test_cards_without_fast_links_use_pcie_inside_a_node() -> None:
    # Catches: two cards of one workstation that talk over the network.
    assert linked_devices(1.0, 4.0) == 4.0
    assert linked_devices(8.0, 4.0) == 8.0
    assert scale_up_rate(32e9, 0.77, 1.0, 0.25) == pytest.approx(8e9)
    assert scale_up_rate(450e9, 0.8, 8.0, 0.25) == pytest.approx(360e9)


def test_gathers_that_do_not_hide_and_gathers_that_disturb() -> None:
    # Catches: gathers that hide freely. 4 ms beside a layer of 10 ms at half contention, then 20 ms.
    assert exposed_gather(3.0, 0.004, 0.0, 0.010, 0.5) == pytest.approx(0.002)
    assert exposed_gather(3.0, 0.020, 0.0, 0.010, 0.5) == pytest.approx(0.012 + 0.005)
    assert exposed_gather(1.0, 0.020, 0.0, 0.010, 0.5) == 0.0
    assert exposed_gather(1.0, 0.024, 0.004, 0.010, 0.5) == pytest.approx(0.002)


def test_a_slice_shares_its_states() -> None:
    # Catches: states that are shared over the slow network between slices, or inside one host alone.
    assert shards(512.0, 1.0, 4.0, 4.0, 256.0, 1.0) == 256.0
    assert shards(512.0, 1.0, 4.0, 8.0, 8.0, 2.0) == 4.0
    assert shards(512.0, 1.0, 3.0, 4.0, 256.0, 1.0) == 512.0
    assert spread(0.0, 4096.0, 4.0, 0.02, 16.0) == pytest.approx(1.08)


def test_packed_texts_see_themselves_alone() -> None:
    # Catches: attention across packed texts. 4096 tokens of texts of 256: 128 keys on average, not 2048.
    assert span(256.0, 4096.0) == 256.0
    assert span(0.0, 4096.0) == 4096.0
    assert visited(256.0, 4096.0, 32.0, 32.0) == 128.0
    assert visited(4096.0, 4096.0, 32.0, 32.0) == 2048.0


def test_scales_by_row_cost_more() -> None:
    # Catches: a choice of scales without effect.
    assert value_conversion(0.0, 5.0, 31.0) == 5.0
    assert value_conversion(1.0, 5.0, 31.0) == 31.0


def test_rows_say_slices_compilers_and_links() -> None:
    # Catches: remarks of rows that change nothing.
    torus = MeasuredRow(
        {"hardware": "tpu-v5e-16", "n_devices": "1024", "notes": "4 slice(s); per device batch 6"}
    )
    assert dict(tuning_of(torus)) == {"hardware.scale_up_domain": 256.0, "layout.sharding": "hybrid"}
    titan = MeasuredRow({"hardware": "h100", "flags": "async tp; selective ac; compile; float8 rowwise"})
    assert dict(tuning_of(titan)) == {
        "layout.compiled": "yes",
        "layout.overlap": "split",
        "training.scaling": "row",
        "layout.recompute": "full",
        "layout.recompute_share": 0.5,
    }
    card = MeasuredRow({"hardware": "rtx-3090", "notes": "CPU parameter offload; no NVLink"})
    assert dict(tuning_of(card))["layout.offload"] == "parameters"
    assert dict(tuning_of(card))["hardware.scale_up_domain"] == 1.0
