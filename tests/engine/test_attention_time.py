from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN

from tcplan.chain.links import graph_for

INPUTS: dict[str, Any] = {
    **PLAIN,
    "layers": 32.0,
    "peak": 1e15,
    "precision": 0.0,
    "gemm_efficiency": 0.75,
    "wide_efficiency": 0.75,
    "speedup": 2.0,
    "conversion_bytes": 5.0,
    "gemm_half_depth": 100.0,
    "gemm_half_tiles": 0.3,
    "multiprocessors": 100.0,
    "memory_bandwidth": 3e12,
    "memory_share": 0.8,
    "attention_share": 0.5,
    "kernel_time": 0.0,
    "attention_kernel": 0.0,
    "heads": 32.0,
    "head_size": 128.0,
    "micro_batch": 2.0,
    "sequence": 4096.0,
    "tensor": 4.0,
    "context": 1.0,
}
CORE = ("attention_forward", "attention_backward")


def solve(*want: str, latent: bool = False, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(False, latent, "on-demand").solve({**INPUTS, **inputs}, want)
    return [solved[name] for name in want]


def test_a_fused_kernel_worked_out_by_hand() -> None:
    # Catches: the masked half, FLOP of a multiply-add, the heads of the other devices.
    flop = 2 * (2 * 32 / 4) * 4096 * 4096 * (128 + 128) / 2
    forward, backward = solve(*CORE)
    assert forward == pytest.approx(flop / (1e15 * 0.5))
    assert backward == pytest.approx(2.5 * flop / (1e15 * 0.5 * 0.8))


def test_an_unfused_core_writes_its_scores() -> None:
    # 9 bytes for each score forward and 11 backward, beside two products over the full matrix.
    unlimited: dict[str, Any] = {"gemm_half_depth": 0.0, "gemm_half_tiles": 0.0, "attention_kernel": 1.0}
    scores = 2 * 32 / 4 * 4096 * 4096
    products = 2 * 2 * scores * 128 / 0.75e15
    written = scores * 2 * (1 + 256 / 4096) / (3e12 * 0.8)
    forward, backward = solve(*CORE, **unlimited)
    least = 2 * max(products / 2, written)
    assert forward == pytest.approx(least + 9 * scores / (3e12 * 0.8), rel=0.05)
    assert backward == pytest.approx(2 * least + 11 * scores / (3e12 * 0.8), rel=0.05)


def test_the_fused_kernel_is_the_faster_one() -> None:
    fused, unfused = solve(*CORE), solve(*CORE, attention_kernel=1.0)
    assert all(a < b for a, b in zip(fused, unfused, strict=True))


def test_fp8_recipes_keep_attention_in_16_bit() -> None:
    assert solve(*CORE, precision=2.0, peak=2e15) == pytest.approx(solve(*CORE))


def test_latent_heads_score_wider_than_they_weigh() -> None:
    # Scores over 192, values over 128: 320 instead of 256 multiply-adds for a pair of tokens.
    wide = solve("attention_forward", latent=True, nope_size=128.0, rope_size=64.0, value_size=128.0)
    assert wide[0] == pytest.approx(solve("attention_forward")[0] * 320 / 256)


@given(st.sampled_from(["tensor", "context"]), st.floats(1.0, 64.0), st.sampled_from([0.0, 1.0]))
def test_devices_that_share_the_heads_or_the_sequence_share_the_time(
    name: str, degree: float, kernel: float
) -> None:
    ideal: dict[str, Any] = {"gemm_half_tiles": 0.0, "gemm_half_depth": 0.0, "memory_bandwidth": 1e30}
    ideal |= {"tensor": 1.0, "attention_kernel": kernel}
    alone, shared = solve(*CORE, **ideal), solve(*CORE, **{**ideal, name: degree})
    assert shared == pytest.approx([one / degree for one in alone])


@given(st.floats(128.0, 1e6))
def test_twice_the_sequence_takes_four_times_as_long(sequence: float) -> None:
    once, twice = solve(*CORE, sequence=sequence), solve(*CORE, sequence=2 * sequence)
    assert twice == pytest.approx([4 * one for one in once])


def test_a_window_leaves_out_what_is_too_far_away() -> None:
    # Catches: a window that changes nothing, or that halves again what the mask has halved. Every query of a
    # window of 1,024 in 4,096 tokens sees 1,024 keys, but the first 1,024, which see half of them.
    for window_layers, share in ((32.0, 1.0), (24.0, 0.75), (0.0, 0.0)):
        near = (1024 * 512 + 3072 * 1024) / 4096
        visited, attended = solve("visited", "attended", window=1024.0, window_layers=window_layers)
        assert visited == pytest.approx(share * near + (1 - share) * 2048)
        assert attended == pytest.approx(share * 1024 + (1 - share) * 4096)


def test_a_window_as_long_as_the_sequence_is_none() -> None:
    none = solve("visited", "attended", "attention_forward")
    assert solve("visited", "attended", "attention_forward", window=4096.0) == pytest.approx(none)
    assert solve("visited", "attended", "attention_forward", window=1e6) == pytest.approx(none)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_a_wider_window_never_sees_less(first: int, second: int) -> None:
    low, high = sorted((first, second))
    less, more = (solve("visited", window=float(one))[0] for one in (low, high))
    assert 0 < less <= more <= 2048


def test_narrow_heads_reach_less_of_the_peak() -> None:
    # arXiv:2407.08608, section 4.1: heads of 64 reach two thirds of the rate of 128; half the work takes 3/4.
    whole, half = solve("fused_forward")[0], solve("fused_forward", head_size=64.0)[0]
    assert half == pytest.approx(0.75 * whole)
    assert solve("fused_forward", head_size=256.0)[0] == pytest.approx(2 * whole)


def test_kernels_with_sinks_skip_no_window() -> None:
    # Catches: a model with learned sinks and windows as fast as one with windows alone.
    plain = solve("fused_forward")[0]
    sinks = solve("fused_forward", sinks=1.0, window=128.0, window_layers=16.0)[0]
    assert sinks == pytest.approx(plain / 0.65)
    assert solve("fused_forward", sinks=1.0)[0] == pytest.approx(plain / 0.65)
