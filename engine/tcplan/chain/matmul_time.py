"""Time of the linear layers of one micro-batch in one layer, on one device; every function broadcasts."""

from tcplan.chain.elementwise import gather, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_LAW = "roofline: doi:10.1145/1498765.1498785; half-efficiency sizes fitted to steps of arXiv:2312.12391"
_TILE = 128.0 * 256.0


@quantity("1/s", N_("Multiply-adds in a second"), source=_LAW, path="hardware.multiply_rate")
def multiply_rate(peak: Numeric, clock: Numeric, gemm_efficiency: Numeric, multiply_add: Numeric) -> Numeric:
    """Multiply-adds that a long matrix product reaches in a second [1/s].

    Parameters
    ----------
    peak
        Dense peak of the training precision [FLOP/s].
    clock, gemm_efficiency
        Share of its clock that the device keeps, and share of the peak that long products reach [1].
    multiply_add
        Operations of one multiply-add [FLOP].
    """
    return peak * clock * gemm_efficiency / multiply_add


@quantity(
    "1",
    N_("Narrow precision"),
    source="definition: 8 and 4 bit formats of matrix products",
    path="hardware.narrow",
)
def narrow(precision: Numeric) -> Numeric:
    """1 where matrix products have fewer than 16 bit, else 0 [1].

    Parameters
    ----------
    precision
        0 bf16, 1 fp16, 2 fp8, 3 mxfp8, 4 nvfp4, 5 tf32, 6 fp32.
    """
    return gather((0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0), precision)


@quantity(
    "FLOP/s",
    N_("Wide peak"),
    source="definition: the peak, in narrow precisions over their speed-up",
    path="hardware.wide_peak",
    shown="TFLOP/s",
)
def wide_peak(peak: Numeric, clock: Numeric, narrow: Numeric, speedup: Numeric) -> Numeric:
    """Dense peak in which attention and the output head stay: 16 bit where the precision is narrow [FLOP/s].

    Parameters
    ----------
    peak
        Dense peak of the training precision [FLOP/s].
    clock
        Share of its clock that the device keeps [1].
    narrow
        1 where matrix products have fewer than 16 bit, else 0.
    speedup
        Peak of the precision over that in 16 bit [1].
    """
    return clock * where(narrow > 0.0, peak / speedup, peak)


@quantity("1", N_("Half-efficiency area"), source=_LAW, path="hardware.half_area")
def half_area(gemm_half_tiles: Numeric, multiprocessors: Numeric) -> Numeric:
    """Output elements that would halve the rate, in tiles of 128 x 256 [1].

    Parameters
    ----------
    gemm_half_tiles
        Tiles for each multiprocessor that would halve the rate [1].
    multiprocessors
        Multiprocessors of a device [1].
    """
    return gemm_half_tiles * multiprocessors * _TILE


@quantity(
    "B/s",
    N_("Achieved memory bandwidth"),
    source="doi:10.1145/1498765.1498785",
    path="hardware.memory_rate",
    shown="GB/s",
)
def memory_rate(memory_bandwidth: Numeric, memory_share: Numeric) -> Numeric:
    """Bytes a second that kernels read and write [B/s].

    Parameters
    ----------
    memory_bandwidth
        Bandwidth of the device's memory [B/s].
    memory_share
        Share of it that is achieved [1].
    """
    return memory_bandwidth * memory_share


@quantity("s", N_("Time to pass one operand"), source="definition", path="hardware.operand_time", shown="s")
def operand_time(element_bytes: Numeric, precision: Numeric, memory_rate: Numeric) -> Numeric:
    """Time to read one operand of a matrix product from memory; half in 8 bit, a quarter in 4 [s].

    Parameters
    ----------
    element_bytes
        Bytes of an activation [B].
    precision
        0 bf16, 1 fp16, 2 fp8, 3 mxfp8, 4 nvfp4, 5 tf32, 6 fp32.
    memory_rate
        Achieved memory bandwidth [B/s].
    """
    return element_bytes * gather((1.0, 1.0, 0.5, 0.5, 0.25, 1.0, 1.0), precision) / memory_rate


@quantity("s", N_("Attention projections, forward"), source=_LAW, path="time.projections_forward")
def projections_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of the two products around attention [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, query_width, key_width, value_width, output_width, tensor
        Widths of the projections, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    inward = forward_time(local_tokens, (query_width + key_width + value_width) / tensor, hidden, *law)
    outward = forward_time(local_tokens, hidden, output_width / tensor, *law)
    return inward + outward + 2.0 * kernel_time


@quantity("s", N_("Attention projections, backward"), source=_LAW, path="time.projections_backward")
def projections_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the two products around attention, each with its transposed shapes [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, query_width, key_width, value_width, output_width, tensor
        Widths of the projections, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    inward = backward_time(
        local_tokens, (query_width + key_width + value_width) / tensor, hidden, *law, weights=weight_gradients
    )
    outward = backward_time(local_tokens, hidden, output_width / tensor, *law, weights=weight_gradients)
    return inward + outward + (2.0 + 2.0 * weight_gradients) * kernel_time


@quantity("s", N_("Feed-forward, forward"), source=_LAW, path="time.feed_forward_forward")
def feed_forward_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    feed_forward: Numeric,
    gated: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of the matrix products of the feed-forward of an average layer, 0 where there is none [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, feed_forward, gated, tensor
        Widths, 1 when gated, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    width = feed_forward / tensor
    up = forward_time(local_tokens, (1.0 + gated) * width, hidden, *law)
    both = up + forward_time(local_tokens, hidden, width, *law) + 2.0 * kernel_time
    return where(feed_forward > 0.0, both, 0.0 * both)


@quantity("s", N_("Feed-forward, backward"), source=_LAW, path="time.feed_forward_backward")
def feed_forward_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    feed_forward: Numeric,
    gated: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the matrix products of the feed-forward of an average layer [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, feed_forward, gated, tensor
        Widths, 1 when gated, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    width = feed_forward / tensor
    up = backward_time(local_tokens, (1.0 + gated) * width, hidden, *law, weights=weight_gradients)
    down = backward_time(local_tokens, hidden, width, *law, weights=weight_gradients)
    both = up + down + (2.0 + 2.0 * weight_gradients) * kernel_time
    return where(feed_forward > 0.0, both, 0.0 * both)


@quantity("s", N_("Output head"), source=_LAW, path="time.head")
def head_time(
    local_tokens: Numeric,
    head_share: Numeric,
    head_width: Numeric,
    hidden: Numeric,
    tensor: Numeric,
    wide_peak: Numeric,
    wide_efficiency: Numeric,
    multiply_add: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    element_bytes: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
    head_gradients: Numeric,
    loss_bytes: Numeric,
) -> Numeric:
    """Forward and backward time of the output head and its loss, in 16 bit [s].

    Parameters
    ----------
    local_tokens, head_share, head_width, hidden, tensor
        Tokens on one device, those that pass the head for each, widths, devices that share each matrix [1].
    wide_peak, wide_efficiency, multiply_add
        16-bit peak, the share that long products reach, and one multiply-add [FLOP/s, 1, FLOP].
    gemm_half_depth, half_area, kernel_time
        The law of a matrix product [1, 1, s].
    element_bytes, memory_rate
        Bytes of a 16-bit number, and achieved memory bandwidth [B, B/s].
    head_gradients, loss_bytes
        1 where gradients of the head are computed, and bytes that the loss moves for each logit [1, B].
    """
    rows = head_share * local_tokens
    columns = head_width / tensor
    law = (
        wide_peak * wide_efficiency / multiply_add,
        gemm_half_depth,
        half_area,
        element_bytes / memory_rate,
    )
    forward = forward_time(rows, columns, hidden, *law)
    products = forward + backward_time(rows, columns, hidden, *law, weights=head_gradients)
    loss = loss_bytes * rows * columns / memory_rate
    return products + loss + 6.0 * kernel_time


@quantity("1", N_("Values that enter forward products"), source="arXiv:2209.05433", path="compute.entering")
def entering_width(
    hidden: Numeric, output_width: Numeric, feed_forward_width: Numeric, tensor: Numeric
) -> Numeric:
    """Activations of a token that enter the products of a layer on one device [1].

    Parameters
    ----------
    hidden, output_width, feed_forward_width, tensor
        Widths of the layer, and devices that share each matrix [1].
    """
    return 2.0 * hidden + (output_width + feed_forward_width) / tensor


@quantity(
    "1", N_("Feed-forward width of an average layer"), source="definition", path="model.feed_forward_width"
)
def feed_forward_width(feed_forward: Numeric) -> Numeric:
    """Feed-forward width that a token passes in an average layer [1].

    Parameters
    ----------
    feed_forward
        Width of the dense layer [1].
    """
    return feed_forward


@quantity(
    "B",
    N_("Bytes to convert one value"),
    source="arXiv:2209.05433, section 3: values are scaled before each product",
    path="compute.value_conversion",
)
def value_conversion(scaling: Numeric, conversion_bytes: Numeric, row_conversion_bytes: Numeric) -> Numeric:
    """Bytes that are read and written to make one value narrow [B].

    Parameters
    ----------
    scaling
        0 one scale for a tensor or a block, 1 one for each row.
    conversion_bytes, row_conversion_bytes
        Bytes for each value, and with a scale for each row [B].
    """
    return where(scaling > 0.0, row_conversion_bytes, conversion_bytes)


@quantity(
    "s",
    N_("Conversion to narrow numbers, forward"),
    source="arXiv:2209.05433, section 3: values are scaled before each product",
    path="time.conversion",
)
def conversion_time(
    narrow: Numeric,
    value_conversion: Numeric,
    local_tokens: Numeric,
    entering_width: Numeric,
    memory_rate: Numeric,
) -> Numeric:
    """Time to scale and convert what enters the forward products of a layer, 0 in wide precisions [s].

    Parameters
    ----------
    narrow
        1 where matrix products have fewer than 16 bit, else 0.
    value_conversion
        Bytes that are read and written for each value [B].
    local_tokens, entering_width
        Tokens on one device, and values of each that enter products [1].
    memory_rate
        Achieved memory bandwidth [B/s].
    """
    return narrow * value_conversion * local_tokens * entering_width / memory_rate
