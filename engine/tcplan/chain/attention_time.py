"""Time of the attention core of one micro-batch in one layer, on one device; every function broadcasts."""

from tcplan.chain.elementwise import maximum, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_FLASH = "arXiv:2205.14135, section 3; arXiv:2407.08608, section 4.1: heads of 64, 128 and 256"
_UNFUSED = "arXiv:2205.05198, section 3; planning value: 9 and 11 bytes for each score"
_FULL_WIDTH = 256.0
"""Multiply-adds of a pair from which a fused kernel reaches its share: heads of 128."""
_FUSED_BACKWARD = 2.5 / 0.8


@quantity("1", N_("Scores"), source="arXiv:1706.03762, section 3.2", path="compute.scores")
def scores(
    micro_batch: Numeric, heads: Numeric, sequence: Numeric, tensor: Numeric, context: Numeric
) -> Numeric:
    """Pairs of tokens and heads of one micro-batch on one device, the mask not taken off [1].

    Parameters
    ----------
    micro_batch, heads, sequence
        Sequences, heads, and tokens of a sequence [1].
    tensor, context
        Devices that share the heads, and each sequence [1].
    """
    return micro_batch * heads * sequence * sequence / (tensor * context)


@quantity("s", N_("Fused attention, forward"), source=_FLASH, path="time.fused_forward")
def fused_forward(
    scores: Numeric,
    visited: Numeric,
    sequence: Numeric,
    score_width: Numeric,
    multiply_add: Numeric,
    wide_peak: Numeric,
    attention_share: Numeric,
    sinks: Numeric,
    sink_share: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of a fused kernel, which skips what is masked or outside of a window [s].

    Heads narrower than 128 reach less: the exponentials of a pair take as long however narrow it is. Kernels
    with learned sinks skip no windows.

    Parameters
    ----------
    scores, visited, sequence
        Pairs of tokens and heads, and the keys that the kernel computes of a sequence [1].
    score_width
        Multiply-adds of one pair [1].
    multiply_add
        Operations of one multiply-add [FLOP].
    wide_peak, attention_share
        16-bit peak, and the share that the kernel reaches [FLOP/s, 1].
    sinks, sink_share
        1 where a learned sink takes part in each softmax, and the rate of such kernels over others [1].
    kernel_time
        Fixed time of a kernel [s].
    """
    pairs = scores * where(sinks >= 1.0, maximum(visited, 0.5 * sequence), visited) / sequence
    worth = maximum(score_width, 0.5 * (score_width + _FULL_WIDTH))
    rate = wide_peak * attention_share * where(sinks >= 1.0, sink_share, 1.0)
    return multiply_add * pairs * worth / rate + kernel_time


@quantity("s", N_("Unfused attention, forward"), source=_UNFUSED, path="time.unfused_forward")
def unfused_forward(
    attention_kernel: Numeric,
    scores: Numeric,
    sequence: Numeric,
    context: Numeric,
    score_width: Numeric,
    wide_peak: Numeric,
    gemm_efficiency: Numeric,
    multiply_add: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    element_bytes: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of two batched products, softmax and dropout (9 bytes a score) [s].

    Parameters
    ----------
    attention_kernel
        1 when this kernel is used; else the time is that of no scores.
    scores, sequence, context, score_width
        Pairs of tokens and heads, tokens of a sequence, devices that share it, multiply-adds of a pair [1].
    wide_peak, gemm_efficiency, multiply_add
        16-bit peak, the share that long products reach, and one multiply-add [FLOP/s, 1, FLOP].
    gemm_half_depth, half_area, kernel_time
        The law of a matrix product [1, 1, s].
    element_bytes, memory_rate
        Bytes of a 16-bit number, and achieved memory bandwidth [B, B/s].
    """
    law = (
        wide_peak * gemm_efficiency / multiply_add,
        gemm_half_depth,
        half_area,
        element_bytes / memory_rate,
    )
    rows = sequence / context
    width = 0.5 * score_width
    pairs = where(attention_kernel >= 1.0, scores, 0.0)
    batch = pairs / (rows * sequence)
    products = forward_time(rows, sequence, width, *law, batch) + forward_time(
        rows, width, sequence, *law, batch
    )
    return products + 4.5 * element_bytes * pairs / memory_rate + 4.0 * kernel_time


@quantity("s", N_("Unfused attention, backward"), source=_UNFUSED, path="time.unfused_backward")
def unfused_backward(
    attention_kernel: Numeric,
    scores: Numeric,
    sequence: Numeric,
    context: Numeric,
    score_width: Numeric,
    wide_peak: Numeric,
    gemm_efficiency: Numeric,
    multiply_add: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    element_bytes: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Backward time of the two batched products, softmax and dropout (11 bytes a score) [s].

    Parameters
    ----------
    attention_kernel
        1 when this kernel is used; else the time is that of no scores.
    scores, sequence, context, score_width
        Pairs of tokens and heads, tokens of a sequence, devices that share it, multiply-adds of a pair [1].
    wide_peak, gemm_efficiency, multiply_add
        16-bit peak, the share that long products reach, and one multiply-add [FLOP/s, 1, FLOP].
    gemm_half_depth, half_area, kernel_time
        The law of a matrix product [1, 1, s].
    element_bytes, memory_rate
        Bytes of a 16-bit number, and achieved memory bandwidth [B, B/s].
    """
    law = (
        wide_peak * gemm_efficiency / multiply_add,
        gemm_half_depth,
        half_area,
        element_bytes / memory_rate,
    )
    rows = sequence / context
    width = 0.5 * score_width
    pairs = where(attention_kernel >= 1.0, scores, 0.0)
    batch = pairs / (rows * sequence)
    inner = backward_time(rows, sequence, width, *law, batch)
    outer = backward_time(rows, width, sequence, *law, batch)
    return inner + outer + 5.5 * element_bytes * pairs / memory_rate + 6.0 * kernel_time


@quantity("s", N_("Attention, forward"), source=_FLASH, path="time.attention_forward")
def attention_forward(attention_kernel: Numeric, unfused_forward: Numeric, fused_forward: Numeric) -> Numeric:
    """Forward time of the attention core with the kernel that is used [s].

    Parameters
    ----------
    attention_kernel
        0 fused, 1 unfused.
    unfused_forward, fused_forward
        Time of each [s].
    """
    return where(attention_kernel >= 1.0, unfused_forward, fused_forward)


@quantity("s", N_("Attention, backward"), source=_FLASH, path="time.attention_backward")
def attention_backward(
    attention_kernel: Numeric, unfused_backward: Numeric, fused_forward: Numeric
) -> Numeric:
    """Backward time of the attention core; the fused kernel does 2.5 times the work at 0.8 of the rate [s].

    Parameters
    ----------
    attention_kernel
        0 fused, 1 unfused.
    unfused_backward, fused_forward
        Backward time of the unfused, forward time of the fused kernel [s].
    """
    return where(attention_kernel >= 1.0, unfused_backward, _FUSED_BACKWARD * fused_forward)
