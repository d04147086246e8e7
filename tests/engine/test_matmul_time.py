from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN, ROUTED

from tcplan.chain.links import graph_for
from tcplan.chain.matrix_product import backward_time, forward_time

DEVICE = {
    "peak": 1e15,
    "gemm_efficiency": 0.75,
    "wide_efficiency": 0.75,
    "speedup": 2.0,
    "conversion_bytes": 5.0,
    "gemm_half_depth": 100.0,
    "gemm_half_tiles": 0.3,
    "multiprocessors": 100.0,
    "memory_bandwidth": 3e12,
    "memory_share": 0.8,
    "kernel_time": 5e-6,
    "precision": 0.0,
}
LAYER = {
    **PLAIN,
    "layers": 32.0,
    "hidden": 4096.0,
    "feed_forward": 16384.0,
    "heads": 32.0,
    "kv_heads": 8.0,
    "head_size": 128.0,
    "vocabulary": 32000.0,
    "gated": 1.0,
    "micro_batch": 1.0,
    "sequence": 8192.0,
    "context": 1.0,
    "tensor": 1.0,
}


def solve(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(False, False, "on-demand").solve({**DEVICE, **LAYER, **inputs}, want)
    return [solved[name] for name in want]


def law(**inputs: Any) -> tuple[float, float, float, float]:  # noqa: ANN401
    rate, area, element = solve("multiply_rate", "half_area", "operand_time", **inputs)
    return rate, 100.0, area, element


def test_a_product_worked_out_by_hand() -> None:
    # Catches: the half-efficiency factors, tiles of another size, 1 instead of 2 FLOP.
    m, n, k = 8192.0, 4096.0, 2048.0
    tiles = m * n / (128 * 256)
    expected = 2 * m * n * k / (1e15 * 0.75) * (1 + 100 / k) * (1 + 0.3 * 100 / tiles)
    assert forward_time(m, n, k, *law()) == pytest.approx(expected)


def test_a_product_as_deep_as_the_half_depth_runs_at_half_the_rate() -> None:
    values = (solve("multiply_rate")[0], 100.0, 0.0, 0.0)
    ideal = 8192.0 * 8192.0 * 100.0 / values[0]
    assert forward_time(8192.0, 8192.0, 100.0, *values) == pytest.approx(2 * ideal)


def test_a_thin_product_waits_for_memory() -> None:
    # One row: the weights must be read once, whatever the peak.
    expected = (4096.0 + 4096.0 + 4096.0**2) * 2 / (3e12 * 0.8)
    assert forward_time(1.0, 4096.0, 4096.0, *law(gemm_half_tiles=0.0)) == pytest.approx(expected)


def test_backward_products_have_their_own_shapes() -> None:
    # Catches: backward as twice the forward product.
    values = law()
    m, n, k = 8192.0, 512.0, 4096.0
    inputs, weights = forward_time(m, k, n, *values), forward_time(k, n, m, *values)
    assert backward_time(m, n, k, *values) == pytest.approx(inputs + weights)
    assert inputs + weights != pytest.approx(2 * forward_time(m, n, k, *values), rel=0.01)


def test_a_batch_of_small_products_fills_the_device() -> None:
    # Catches: the batch outside of the tiles.
    values = law()
    many, one = (
        forward_time(512.0, 128.0, 512.0, *values, batch=64.0),
        forward_time(512.0, 128.0, 512.0, *values),
    )
    assert one < many < 64 * one


def test_layers_take_the_time_of_their_four_products() -> None:
    values = law()
    t = 8192.0
    attention = forward_time(t, 4096.0 + 2 * 1024.0, 4096.0, *values) + forward_time(
        t, 4096.0, 4096.0, *values
    )
    inside = forward_time(t, 2 * 16384.0, 4096.0, *values) + forward_time(t, 4096.0, 16384.0, *values)
    times = solve("projections_forward", "feed_forward_forward")
    assert times == [pytest.approx(attention + 2 * 5e-6), pytest.approx(inside + 2 * 5e-6)]


def test_fp8_halves_operands_and_leaves_the_head_at_16_bit() -> None:
    # Catches: a head that doubles its rate with the recipe.
    wide, narrow = (
        solve("operand_time", "head_time"),
        solve("operand_time", "head_time", precision=2.0, peak=2e15),
    )
    assert narrow[0] == wide[0] / 2
    assert narrow[1] == pytest.approx(wide[1])
    assert solve("conversion_time") == [0.0]
    assert solve("conversion_time", precision=2.0)[0] > 0


def test_a_sparse_layer_multiplies_with_visited_experts_only() -> None:
    # Catches: rows of an expert without the tokens that other devices send. 16 experts of a quarter of the
    # width, four for each token, are one dense layer's work.
    sparse = {
        **ROUTED,
        "experts": 16.0,
        "experts_per_token": 4.0,
        "expert_feed_forward": 4096.0,
        "shared_experts": 0.0,
        "shared_feed_forward": 0.0,
        "dense_layers": 0.0,
        "grouped_share": 1.0,
        "routing_imbalance": 1.0,
    }
    ideal = {"gemm_half_depth": 0.0, "gemm_half_tiles": 0.0, "memory_bandwidth": 1e30, "kernel_time": 0.0}
    names = ("feed_forward_forward", "feed_forward_backward")
    graph = graph_for(True, False, "on-demand")
    dense = solve(*names, **ideal)
    for expert in (1.0, 8.0):
        solved = graph.solve({**DEVICE, **LAYER, **sparse, **ideal, "expert": expert}, names)
        router = 8192.0 * 16 * 4096 * 2 / 0.75e15
        assert solved[names[0]] == pytest.approx(dense[0] + router)
        assert solved[names[1]] == pytest.approx(dense[1] + 2 * router)


@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5), st.floats(1.0, 1e5), st.floats(1.01, 10.0))
def test_more_work_takes_longer_and_never_more_than_in_proportion(
    rows: float, columns: float, depth: float, factor: float
) -> None:
    values = law()
    before, after = (
        forward_time(rows, columns, depth, *values),
        forward_time(factor * rows, columns, depth, *values),
    )
    assert before < after <= before * factor * (1 + 1e-12)


@given(st.floats(1e12, 1e16))
def test_no_product_beats_the_peak(peak: float) -> None:
    rate = solve("multiply_rate", peak=peak)[0]
    seconds = forward_time(65536.0, 65536.0, 65536.0, rate, 100.0, 1e6, 0.0)
    assert 2 * 65536.0**3 / seconds < 0.75 * peak
