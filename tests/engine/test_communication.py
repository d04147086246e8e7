from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN, ROUTED

from tcplan.chain.collective import bus, half_ring, latency
from tcplan.chain.links import graph_for

INPUTS: dict[str, Any] = {
    "precision": 0.0,
    **PLAIN,
    "layers": 32.0,
    "hidden": 4096.0,
    "feed_forward": 16384.0,
    "heads": 32.0,
    "kv_heads": 8.0,
    "head_size": 128.0,
    "vocabulary": 32000.0,
    "gated": 1.0,
    "tied_embeddings": 0.0,
    "biases": 0.0,
    "norm": 0.0,
    "learned_positions": 0.0,
    "sequence": 4096.0,
    "devices": 1024.0,
    "tensor": 8.0,
    "pipeline": 1.0,
    "context": 1.0,
    "expert": 1.0,
    "micro_batch": 1.0,
    "interleave": 1.0,
    "sharding": 1.0,
    "sequence_parallel": 0.0,
    "scale_up_domain": 8.0,
    "scale_up_bandwidth": 400e9,
    "scale_up_share": 0.75,
    "nic_bandwidth": 50e9,
    "nic_share": 0.8,
    "scale_up_latency": 0.0,
    "nic_latency": 0.0,
    "tensor_overlap": 0.0,
    "gather_contention": 0.5,
}
SPARSE: dict[str, Any] = {
    **ROUTED,
    "experts": 64.0,
    "experts_per_token": 4.0,
    "expert_feed_forward": 2048.0,
    "shared_experts": 0.0,
    "shared_feed_forward": 0.0,
    "dense_layers": 0.0,
    "routing_imbalance": 1.0,
}
INSIDE, OUTSIDE = 300e9, 40e9


def solve(*want: str, sparse: bool = False, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(sparse, False, "on-demand").solve({**INPUTS, **inputs}, want)
    return [solved[name] for name in want]


def test_an_all_reduce_moves_twice_its_bytes_less_one_part() -> None:
    # Ring: 2 (n-1)/n of the bytes pass each device; an all-reduce is two half rings.
    assert 2 * half_ring(4.0, 1e9, 1e9) == pytest.approx(2 * 3 / 4)
    assert half_ring(1.0, 1e9, 1e9) == 0.0


@pytest.mark.parametrize(
    ("count", "stride", "expected"),
    [
        (8.0, 1.0, INSIDE),
        (4.0, 2.0, INSIDE),
        (16.0, 1.0, INSIDE),
        (128.0, 8.0, OUTSIDE),
        (128.0, 4.0, 2 * OUTSIDE),
        (128.0, 2.0, 4 * OUTSIDE),
        (2.0, 64.0, OUTSIDE),
        (12.0, 1.0, 6 * OUTSIDE),
        (9.0, 1.0, 4.5 * OUTSIDE),
    ],
)
def test_a_group_uses_the_network_cards_of_its_members(count: float, stride: float, expected: float) -> None:
    # Catches: a group over nodes at the speed of one card, or at that of the fast links; a last node that is
    # filled in part (12 devices over two nodes of 8 are 6 and 6).
    assert bus(count, stride, 8.0, INSIDE, OUTSIDE) == pytest.approx(expected)


def test_latency_grows_with_doublings_and_leaves_the_node() -> None:
    assert latency(8.0, 1.0, 8.0, 1.0, 10.0) == 3.0
    assert latency(16.0, 1.0, 8.0, 1.0, 10.0) == 40.0
    assert latency(1.0, 64.0, 8.0, 1.0, 10.0) == 0.0


def test_tensor_parallel_layers_reduce_their_activations_twice() -> None:
    # arXiv:1909.08053: two all-reduces of T h 16-bit numbers in each pass.
    expected = 2 * 2 * 7 / 8 * (4096 * 4096 * 2) / INSIDE
    assert solve("tensor_forward", "tensor_backward") == pytest.approx([expected, expected])
    assert solve("tensor_backward", sequence_parallel=1.0) == pytest.approx([1.25 * expected])
    assert solve("tensor_forward", tensor_overlap=0.5) == pytest.approx([expected / 2])
    assert solve("tensor_forward", "tensor_backward", tensor=1.0) == [0.0, 0.0]


def test_keys_and_values_hide_under_attention() -> None:
    # Catches: a ring that counts queries, or one that is never hidden.
    sent = 3 * 2 * (1024 * 2 * 1024 / 8) / OUTSIDE
    ring: dict[str, Any] = {"context": 4.0, "attention_forward": 0.0, "attention_backward": 0.0}
    assert solve("context_forward", "context_backward", **ring) == pytest.approx([sent, 2 * sent])
    assert solve("context_forward", context=4.0, attention_forward=1.0) == [0.0]


def test_stages_hand_over_each_micro_batch_both_ways() -> None:
    expected = 2 * (2 * 4096 * 4096 / 8) / OUTSIDE
    assert solve("point_to_point", pipeline=4.0) == pytest.approx([expected])
    assert solve("point_to_point", pipeline=4.0, interleave=3.0) == pytest.approx([3 * expected])
    assert solve("point_to_point", pipeline=4.0, devices=8.0) == pytest.approx([expected * OUTSIDE / INSIDE])
    assert solve("point_to_point") == [0.0]


@pytest.mark.parametrize(("sharding", "each"), [(0.0, 8.0), (1.0, 6.0), (2.0, 6.0), (3.0, 0.0)])
def test_gradients_are_summed_once_a_step(sharding: float, each: float) -> None:
    # An all-reduce of 32-bit gradients, or a reduce-scatter of them and an all-gather of 16-bit weights.
    time, held = solve("gradient_time", "held_parameters", sharding=sharding)
    assert time == pytest.approx(127 / 128 * each * held / OUTSIDE)


def test_some_of_the_gradients_never_hides() -> None:
    assert solve("exposed_gradients", gradient_time=1.0, slowest_stage=10.0) == [0.15]
    assert solve("exposed_gradients", gradient_time=1.0, slowest_stage=0.5) == pytest.approx([0.6])


def test_zero_3_gathers_each_layer_twice_and_reduces_it_once() -> None:
    gather, layer = solve("gather_time", "layer_parameters", tensor=1.0)
    assert gather == pytest.approx(1023 / 1024 * 8 * layer / INSIDE)
    contended = solve("exposed_gather", gather_time=1.0, layer_time=1.0, sharding=3.0)
    assert contended == pytest.approx([0.2 + 0.5])
    assert solve("exposed_gather", gather_time=1.0, layer_time=1.0) == [0.0]


def test_a_token_crosses_the_network_once_for_each_node() -> None:
    # arXiv:2412.19437, section 3.2.2. Catches: one copy for each expert.
    group: dict[str, Any] = {"tensor": 1.0, "expert": 32.0}
    (time,) = solve("dispatch_time", sparse=True, **SPARSE, **group)
    nodes, size = 4, 4096 * 4096 * 2
    copies = nodes * (1 - (1 - 1 / nodes) ** 4)
    devices = 32 * (1 - (1 - 1 / 32) ** 4)
    assert time == pytest.approx(2 * max(size * copies * 3 / 4 / OUTSIDE, size * devices * 7 / 8 / INSIDE))
    assert copies < devices < 4


def test_experts_on_one_device_need_no_dispatch() -> None:
    assert solve("dispatch_time", sparse=True, **SPARSE) == [0.0]
    assert solve("dispatch_time") == [0.0]
    (inside,) = solve("dispatch_time", sparse=True, **SPARSE, **{"tensor": 1.0, "expert": 8.0})
    assert inside == pytest.approx(2 * 4096 * 4096 * 2 * 8 * (1 - (7 / 8) ** 4) * 7 / 8 / INSIDE)


def test_the_busiest_device_sets_the_pace_of_a_dispatch() -> None:
    # Catches: an uneven router that costs nothing.
    group: dict[str, Any] = {**SPARSE, "tensor": 1.0, "expert": 32.0}
    (even,) = solve("dispatch_time", sparse=True, **group)
    (uneven,) = solve("dispatch_time", sparse=True, **{**group, "routing_imbalance": 1.2})
    assert uneven == pytest.approx(1.2 * even)


def test_experts_that_nobody_else_holds_are_not_gathered() -> None:
    # Catches: ZeRO-3 gathering experts over all devices, also over those that hold other experts.
    group: dict[str, Any] = {**SPARSE, "tensor": 1.0, "sharding": 3.0, "devices": 64.0}
    time, held = solve("expert_gather_time", "held_experts", sparse=True, **{**group, "expert": 16.0})
    assert time == pytest.approx(3 / 4 * 8 * held / 32 / OUTSIDE)
    assert solve("expert_gather_time", sparse=True, **{**group, "expert": 64.0}) == [0.0]
    gather, layer = solve("gather_time", "layer_parameters", sparse=True, **{**group, "expert": 64.0})
    assert gather == pytest.approx(63 / 64 * 8 * layer / INSIDE)


def test_gradients_of_an_expert_stay_with_the_devices_that_hold_it() -> None:
    time, held = solve("expert_gradient_time", "held_experts", sparse=True, **SPARSE, **{"expert": 16.0})
    assert held == 32 * 64 / 16 * 3 * 4096 * 2048
    assert time == pytest.approx(63 / 64 * 6 * held / OUTSIDE)


@given(st.integers(1, 4096), st.integers(1, 64), st.integers(1, 72))
def test_no_group_is_faster_than_the_fast_links(count: int, stride: int, domain: int) -> None:
    rate = bus(float(count), float(stride), float(domain), INSIDE, OUTSIDE)
    assert min(INSIDE, OUTSIDE) <= rate <= INSIDE


@given(st.integers(1, 10_000), st.floats(1.0, 1e12))
def test_faster_links_never_take_longer(count: int, size: float) -> None:
    assert half_ring(float(count), size, 2e9) <= half_ring(float(count), size, 1e9)
