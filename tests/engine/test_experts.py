"""Routed experts: dispatch, host, graphs and what is computed again, each worked out by hand."""

from typing import Any

import pytest
from tests.engine.plain import PLAIN, ROUTED

from tcplan.chain.links import graph_for

TOKENS, WIDTH, INSIDE = 4096.0, 4096.0, 2048.0
LAYER: dict[str, Any] = {
    **PLAIN,
    **ROUTED,
    "layers": 32.0,
    "hidden": WIDTH,
    "feed_forward": 16384.0,
    "heads": 32.0,
    "kv_heads": 8.0,
    "head_size": 128.0,
    "vocabulary": 32000.0,
    "gated": 1.0,
    "biases": 0.0,
    "norm": 0.0,
    "learned_positions": 0.0,
    "tied_embeddings": 0.0,
    "experts": 64.0,
    "experts_per_token": 4.0,
    "expert_feed_forward": INSIDE,
    "shared_experts": 0.0,
    "shared_feed_forward": 0.0,
    "dense_layers": 0.0,
    "routing_imbalance": 1.0,
    "sequence": TOKENS,
    "micro_batch": 1.0,
    "context": 1.0,
    "tensor": 1.0,
    "expert": 32.0,
    "sequence_parallel": 0.0,
    "precision": 2.0,
    "scale_up_domain": 8.0,
    "scale_up_bandwidth": 400e9,
    "nic_bandwidth": 50e9,
    "scale_up_latency": 0.0,
    "nic_latency": 0.0,
    "memory_bandwidth": 4e12,
    "memory_share": 0.75,
    "conversion_bytes": 5.0,
    "host_time": 1e-5,
    "kernel_time": 0.0,
}


def solve(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(True, False, "on-demand").solve({**LAYER, **inputs}, want)
    return [solved[name] for name in want]


def test_a_plain_dispatch_sends_a_copy_for_each_expert() -> None:
    # Catches: the plain all-to-all that sends once to each node, or reaches the rates of the other.
    (time,) = solve("dispatch_time", dispatcher=0.0)
    size = 2 * TOKENS * WIDTH
    outside, inside = size * 4 * 3 / 4 / (50e9 * 0.6), size * 4 * 7 / 8 / (400e9 * 0.45)
    assert time == pytest.approx(2 * max(outside, inside))
    assert solve("token_copies", "device_copies", dispatcher=0.0) == [4.0, 4.0]


def test_a_router_that_is_limited_to_some_nodes_sends_to_no_more() -> None:
    # arXiv:2412.19437, section 2.1.2. Catches: a limit without effect, or on the plain dispatcher.
    assert solve("token_copies") == [pytest.approx(4 * (1 - (3 / 4) ** 4))]
    assert solve("token_copies", routed_nodes=2.0) == [pytest.approx(2 * (1 - (1 / 2) ** 4))]
    assert solve("token_copies", routed_nodes=9.0) == solve("token_copies")
    assert solve("token_copies", routed_nodes=2.0, dispatcher=0.0) == [4.0]


def test_one_rack_of_fast_links_needs_no_network() -> None:
    # NVL72: 64 devices share experts inside one group. Catches: nodes counted in eights.
    (nodes, time) = solve("expert_nodes", "dispatch_time", scale_up_domain=72.0, expert=64.0)
    assert nodes == 1.0
    copies = 64 * (1 - (63 / 64) ** 4)
    assert time == pytest.approx(2 * 2 * TOKENS * WIDTH * copies * 63 / 64 / (400e9 * 0.75))


def test_dispatch_hides_under_computing_but_for_a_part() -> None:
    # Catches: an overlap that hides all, that hides nothing, or that hides when it is turned off.
    parts = {
        "attention_forward": 1.0,
        "projections_forward": 1.0,
        "feed_forward_forward": 1.0,
        "permute_time": 0.0,
    }
    shown = "exposed_dispatch_forward"
    assert solve(shown, dispatch_time=5.0, dispatch_overlap=1.0, **parts) == [pytest.approx(2.0)]
    assert solve(shown, dispatch_time=2.0, dispatch_overlap=1.0, **parts) == [pytest.approx(0.3)]
    assert solve(shown, dispatch_time=5.0, **parts) == [5.0]
    half = solve(shown, dispatch_time=5.0, dispatch_overlap=1.0, dispatch_hiding=0.5, **parts)
    assert half == [pytest.approx(3.5)]


def test_the_host_works_for_each_expert_and_less_when_tokens_are_dropped() -> None:
    # Catches: host time that ignores local experts, dropped tokens or recorded graphs.
    routing = 0.0013 * (1 + 0.157 * 2)
    assert solve("routing_host") == [pytest.approx(routing)]
    assert solve("routing_host", token_drop=1.0) == [pytest.approx(0.36 * routing)]
    launches = 22 * 1e-5
    assert solve("host_forward") == [pytest.approx(launches + routing)]
    assert solve("host_forward", graphs=1.0) == [pytest.approx(0.8 * (launches + routing))]
    assert solve("host_forward", graphs=2.0) == [pytest.approx(0.05 * (launches + routing))]


def test_recorded_steps_sort_and_convert_in_fused_kernels() -> None:
    # Catches: fused kernels that move as many bytes as those of their own.
    values = TOKENS * 4 * WIDTH
    assert solve("permute_time") == [pytest.approx(22 * values / 3e12)]
    assert solve("permute_time", graphs=2.0) == [pytest.approx(4 * values / 3e12)]
    plain, fused = solve("conversion_time")[0], solve("conversion_time", graphs=2.0)[0]
    assert fused / plain == pytest.approx(1.8 / 5.0)
    # Entering: 2 h around attention, half of 4096 + 2 x 1024 + 4096, 4 x (h + 1.5 f) in experts.
    entering = 2 * WIDTH + 0.5 * (4096 + 2048 + 4096) + 4 * (WIDTH + 1.5 * INSIDE)
    assert plain == pytest.approx(5 * TOKENS * entering / 3e12)
    assert solve("conversion_time", precision=0.0) == [0.0]
    assert solve("grouped_rate", graphs=1.0) == [0.85]
    assert solve("grouped_rate", graphs=2.0) == [1.1]


def test_experts_may_see_less_than_the_stream() -> None:
    # Latent experts: compression is two products that every token meets. Catches: experts as wide as the
    # stream, or a compression that costs nothing.
    wide, narrow = (
        solve("expert_weights", "common_weights", **change) for change in ({}, {"expert_width": 1024.0})
    )
    assert narrow[0] == wide[0] / 4
    assert narrow[1] == wide[1] + 2 * WIDTH * 1024
    assert solve("dispatch_time", expert_width=1024.0)[0] == pytest.approx(solve("dispatch_time")[0] / 4)


AGAIN: dict[str, Any] = {
    "compute_forward": 10.0,
    "attention_forward": 1.0,
    "norms_forward": 0.25,
    "sparse_forward": 4.0,
    "permute_time": 0.5,
    "activation_forward": 0.125,
}


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ({"recompute_core": 1.0}, 1.0),
        ({"recompute_norms": 1.0}, 0.25),
        ({"recompute_activation": 1.0}, 0.125),
        ({"recompute_experts": 1.0}, 4.0 + 0.5 + 0.125),
        ({"recompute_experts": 1.0, "recompute_activation": 1.0}, 4.0 + 0.5 + 0.125),
        ({"recompute_core": 1.0, "recompute_norms": 1.0}, 1.25),
    ],
)
def test_only_what_is_selected_is_computed_again(selected: dict[str, float], expected: float) -> None:
    # Catches: a module that is left out, counted twice, or computed again without being selected.
    chosen = {"recompute_core": 0.0, **selected}
    assert solve("recomputed_compute", recompute=1.0, **AGAIN, **chosen) == [pytest.approx(expected)]
    assert solve("recomputed_compute", recompute=0.0, **AGAIN, **chosen) == [0.0]
    assert solve("recomputed_compute", recompute=2.0, **AGAIN, **chosen) == [10.0]


def test_experts_that_are_computed_again_are_reached_again() -> None:
    # Catches: recomputed experts whose tokens travel for nothing, and a host that does not see them.
    parts = {"communication_forward": 3.0, "exposed_dispatch_forward": 2.0}
    again = {"recompute": 1.0, "recompute_experts": 1.0}
    assert solve("recomputed_communication", **parts, **again) == [2.0]
    assert solve("recomputed_communication", **parts, recompute=2.0) == [3.0]
    assert solve("recomputed_communication", **parts, recompute=1.0) == [0.0]
    assert solve("recomputed_communication", **parts, recompute=2.0, recompute_share=0.5) == [1.5]
    host, more = solve("host_backward")[0], solve("host_backward", **again)[0]
    assert more - host == pytest.approx(solve("routing_host")[0])


def test_latent_projections_that_are_computed_again_are_the_two_that_widen() -> None:
    # DeepSeek-V3: 1536 to 24576 and 512 to 32768. Catches: the down projections repeated as well.
    latent = {"q_rank": 1536.0, "kv_rank": 512.0, "nope_size": 128.0, "rope_size": 64.0, "value_size": 128.0}
    ideal = {"gemm_half_depth": 0.0, "half_area": 0.0, "multiply_rate": 1e15, "operand_time": 0.0}
    graph = graph_for(True, True, "on-demand")
    solved = graph.solve({**LAYER, **latent, **ideal, "heads": 128.0}, ("expansion_forward",))
    products = TOKENS * (1536 * 128 * 192 + 512 * 128 * 256)
    assert solved["expansion_forward"] == pytest.approx(products / 1e15)
    assert (
        graph_for(True, False, "on-demand").solve(LAYER, ("expansion_forward",))["expansion_forward"] == 0.0
    )
