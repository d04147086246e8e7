"""Computing time of routed and shared experts; stands in for the dense feed-forward."""

from tcplan.chain.elementwise import maximum, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_SHARED_OUT = "arXiv:2006.16668, section 3"
_GROUPED = "arXiv:2211.15841, section 5"
_RECOMPUTE = "arXiv:2205.05198, section 5"


@quantity("1", N_("Rows of one expert"), source=_SHARED_OUT, path="layout.expert_rows")
def expert_rows(
    local_tokens: Numeric,
    tensor: Numeric,
    expert: Numeric,
    experts_per_token: Numeric,
    experts: Numeric,
    routing_imbalance: Numeric,
) -> Numeric:
    """Tokens that reach one expert of the busiest device, from all devices that share the experts [1].

    Parameters
    ----------
    local_tokens, tensor
        Tokens of a micro-batch on one device, and devices that share each matrix [1].
    expert, experts_per_token, experts
        Devices that share the experts, experts that a token visits, and all experts [1].
    routing_imbalance
        Tokens of the busiest device over the mean [1].
    """
    return local_tokens / tensor * expert * experts_per_token / experts * routing_imbalance


@quantity("1", N_("Grouped over plain"), source=_GROUPED, path="hardware.grouped_rate")
def grouped_rate(graphs: Numeric, grouped_share: Numeric, fused_grouped_gain: Numeric) -> Numeric:
    """Efficiency of the products of many experts in one launch, over that of a plain product [1].

    Parameters
    ----------
    graphs
        2 where whole steps are recorded: kernels then take the rows of each expert from the device, and
        convert and activate as they write.
    grouped_share, fused_grouped_gain
        The efficiency of other grouped kernels, and of these [1].
    """
    return where(graphs >= 2.0, fused_grouped_gain, grouped_share)


@quantity("s", N_("Routed experts, forward"), source=_SHARED_OUT, path="time.routed_forward")
def routed_forward(
    expert_rows: Numeric,
    expert_width: Numeric,
    expert_feed_forward: Numeric,
    gated: Numeric,
    experts: Numeric,
    expert: Numeric,
    grouped_rate: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
) -> Numeric:
    """Forward time of the products of the routed experts on a device, in a sparse layer [s].

    Parameters
    ----------
    expert_rows, expert_width, expert_feed_forward, gated
        Tokens of one expert, their width, the width inside, and 1 when gated [1].
    experts, expert
        Routed experts, and devices that share them [1].
    grouped_rate
        Grouped over plain efficiency [1].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time, experts / expert)
    inward = forward_time(expert_rows, (1.0 + gated) * expert_feed_forward, expert_width, *law)
    return (inward + forward_time(expert_rows, expert_width, expert_feed_forward, *law)) / grouped_rate


@quantity("s", N_("Routed experts, backward"), source=_SHARED_OUT, path="time.routed_backward")
def routed_backward(
    expert_rows: Numeric,
    expert_width: Numeric,
    expert_feed_forward: Numeric,
    gated: Numeric,
    experts: Numeric,
    expert: Numeric,
    grouped_rate: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the products of the routed experts on a device, in a sparse layer [s].

    Parameters
    ----------
    expert_rows, expert_width, expert_feed_forward, gated
        Tokens of one expert, their width, the width inside, and 1 when gated [1].
    experts, expert
        Routed experts, and devices that share them [1].
    grouped_rate
        Grouped over plain efficiency [1].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time, experts / expert, weight_gradients)
    inward = backward_time(expert_rows, (1.0 + gated) * expert_feed_forward, expert_width, *law)
    return (inward + backward_time(expert_rows, expert_width, expert_feed_forward, *law)) / grouped_rate


@quantity("s", N_("Sparse feed-forward, forward"), source=_SHARED_OUT, path="time.sparse_forward")
def sparse_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    shared_width: Numeric,
    expert_width: Numeric,
    experts: Numeric,
    gated: Numeric,
    tensor: Numeric,
    routed_forward: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
) -> Numeric:
    """Forward time of the products of a sparse layer: router, shared and routed experts [s].

    Parameters
    ----------
    local_tokens, hidden, shared_width, expert_width
        Tokens on one device, width, and widths of the shared experts and of what routed ones see [1].
    experts, gated, tensor
        Routed experts, 1 when gated, and devices that share each matrix [1].
    routed_forward
        Time of the routed experts [s].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    width = maximum(shared_width, 1.0) / tensor
    shared = forward_time(local_tokens, (1.0 + gated) * width, hidden, *law)
    shared = shared + forward_time(local_tokens, hidden, width, *law)
    router = forward_time(local_tokens / tensor, experts, hidden, *law)
    compressed = forward_time(local_tokens / tensor, expert_width, hidden, *law)
    compressed = compressed + forward_time(local_tokens / tensor, hidden, expert_width, *law)
    beside = where(shared_width > 0.0, shared, 0.0 * shared) + router
    return beside + where(expert_width < hidden, compressed, 0.0 * compressed) + routed_forward


@quantity("s", N_("Sparse feed-forward, backward"), source=_SHARED_OUT, path="time.sparse_backward")
def sparse_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    shared_width: Numeric,
    expert_width: Numeric,
    experts: Numeric,
    gated: Numeric,
    tensor: Numeric,
    routed_backward: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the products of a sparse layer: router, shared and routed experts [s].

    Parameters
    ----------
    local_tokens, hidden, shared_width, expert_width
        Tokens on one device, width, and widths of the shared experts and of what routed ones see [1].
    experts, gated, tensor
        Routed experts, 1 when gated, and devices that share each matrix [1].
    routed_backward
        Time of the routed experts [s].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time, 1.0, weight_gradients)
    width = maximum(shared_width, 1.0) / tensor
    shared = backward_time(local_tokens, (1.0 + gated) * width, hidden, *law)
    shared = shared + backward_time(local_tokens, hidden, width, *law)
    router = backward_time(local_tokens / tensor, experts, hidden, *law)
    compressed = backward_time(local_tokens / tensor, expert_width, hidden, *law)
    compressed = compressed + backward_time(local_tokens / tensor, hidden, expert_width, *law)
    beside = where(shared_width > 0.0, shared, 0.0 * shared) + router
    return beside + where(expert_width < hidden, compressed, 0.0 * compressed) + routed_backward


@quantity("s", N_("Feed-forward, forward"), source=_SHARED_OUT, path="time.feed_forward_forward")
def feed_forward_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    dense_layers: Numeric,
    feed_forward: Numeric,
    sparse_share: Numeric,
    sparse_forward: Numeric,
    gated: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of the products of the feed-forward of an average layer, dense or sparse [s].

    Parameters
    ----------
    local_tokens, hidden, gated, tensor
        Tokens on one device, width, 1 when gated, and devices that share each matrix [1].
    dense_layers, feed_forward
        Dense layers and their width [1].
    sparse_share, sparse_forward
        Share of sparse layers, and the time of one [1, s].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    width = maximum(feed_forward, 1.0) / tensor
    dense = forward_time(local_tokens, (1.0 + gated) * width, hidden, *law)
    dense = dense + forward_time(local_tokens, hidden, width, *law)
    dense = where((dense_layers > 0.0) & (feed_forward > 0.0), dense, 0.0 * dense)
    return (1.0 - sparse_share) * dense + sparse_share * sparse_forward + 7.0 * kernel_time


@quantity("s", N_("Feed-forward, backward"), source=_SHARED_OUT, path="time.feed_forward_backward")
def feed_forward_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    dense_layers: Numeric,
    feed_forward: Numeric,
    sparse_share: Numeric,
    sparse_backward: Numeric,
    gated: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the products of the feed-forward of an average layer, dense or sparse [s].

    Parameters
    ----------
    local_tokens, hidden, gated, tensor
        Tokens on one device, width, 1 when gated, and devices that share each matrix [1].
    dense_layers, feed_forward
        Dense layers and their width [1].
    sparse_share, sparse_backward
        Share of sparse layers, and the time of one [1, s].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time, 1.0, weight_gradients)
    width = maximum(feed_forward, 1.0) / tensor
    dense = backward_time(local_tokens, (1.0 + gated) * width, hidden, *law)
    dense = dense + backward_time(local_tokens, hidden, width, *law)
    dense = where((dense_layers > 0.0) & (feed_forward > 0.0), dense, 0.0 * dense)
    return (1.0 - sparse_share) * dense + sparse_share * sparse_backward + 14.0 * kernel_time


@quantity("1", N_("Values that are converted"), source="arXiv:2209.05433", path="compute.entering")
def entering_width(
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    dense_width: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    expert_width: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
    gated: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Values of a token that are converted in a pass: mean of what enters products, and of gradients [1].

    Parameters
    ----------
    hidden, query_width, key_width, value_width, output_width
        Widths around attention [1].
    dense_width, sparse_share, shared_width
        Dense width of an average layer, share of sparse layers, and width of their shared experts [1].
    expert_width, experts_per_token, expert_feed_forward
        Width of what experts see, experts of a token, and their width inside [1].
    gated, tensor
        1 when gated, and devices that share each matrix [1].
    """
    attention = 2.0 * hidden + 0.5 * (query_width + key_width + value_width + output_width) / tensor
    inside = 0.5 * (2.0 + gated)
    dense = inside * (dense_width + sparse_share * shared_width) / tensor
    routed = sparse_share * experts_per_token * (expert_width + inside * expert_feed_forward) / tensor
    return attention + dense + routed


@quantity(
    "B",
    N_("Bytes to convert one value"),
    source="arXiv:2209.05433, section 3: values are scaled before each product",
    path="compute.value_conversion",
)
def value_conversion(
    graphs: Numeric,
    scaling: Numeric,
    conversion_bytes: Numeric,
    row_conversion_bytes: Numeric,
    fused_conversion_bytes: Numeric,
) -> Numeric:
    """Bytes that are read and written to make one value narrow [B].

    Parameters
    ----------
    graphs
        2 where whole steps are recorded, with kernels that convert while they write.
    scaling
        0 one scale for a tensor or a block, 1 one for each row.
    conversion_bytes, row_conversion_bytes, fused_conversion_bytes
        Bytes for each value, with a scale for each row, and by kernels that convert while they write [B].
    """
    apart = where(scaling > 0.0, row_conversion_bytes, conversion_bytes)
    return where(graphs >= 2.0, fused_conversion_bytes, apart)


@quantity("s", N_("Activation function, forward"), source="arXiv:2007.00072", path="time.expert_activation")
def activation_forward(
    sparse_share: Numeric,
    element_bytes: Numeric,
    gated: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Time of the activation function of routed experts in an average layer [s].

    Parameters
    ----------
    sparse_share, element_bytes, gated
        Share of sparse layers, bytes of a 16-bit number, and 1 when gated [1, B, 1].
    local_tokens, tensor, experts_per_token, expert_feed_forward
        Tokens on one device, devices that share each matrix, experts of a token and their width [1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    """
    values = (2.0 + gated) * local_tokens / tensor * experts_per_token * expert_feed_forward
    return sparse_share * (element_bytes * values / memory_rate + kernel_time)


@quantity("s", N_("Experts computed again"), source=_RECOMPUTE, path="time.recomputed_experts")
def recomputed_experts(
    recompute_experts: Numeric,
    sparse_share: Numeric,
    sparse_forward: Numeric,
    permute_time: Numeric,
    recompute_activation: Numeric,
    activation_forward: Numeric,
) -> Numeric:
    """Device time of the selected parts of experts in an average layer [s].

    Parameters
    ----------
    recompute_experts, sparse_share, sparse_forward, permute_time
        1 where experts are selected, share of sparse layers, times of products and sorting [1, 1, s, s].
    recompute_activation, activation_forward
        1 where the activation function of experts is selected, and its time [1, s].
    """
    whole = sparse_share * sparse_forward + permute_time + activation_forward
    return maximum(recompute_experts * whole, recompute_activation * activation_forward)
