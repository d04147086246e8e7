"""A second stack of layers: the decoder beside an encoder, or the text tower beside an image tower.

Its layers are counted and timed beside those of the first stack, each layer of which carries its share.
"""

from tcplan.chain.elementwise import maximum, smooth_maximum
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_CROSS = "arXiv:1706.03762, section 3.2.3"
_LAW = "the products of a layer by the law of the first stack; arXiv:1706.03762, section 3.2.3"
_FLASH = "arXiv:2205.14135, section 3"
_KERNELS = 32.0


@quantity("1", N_("Attends to the first stack"), source=_CROSS, path="model.crosses")
def crosses() -> Numeric:
    """1 where the second stack attends to the first, as a decoder does to its encoder, else 0."""
    return 1.0


@quantity("1", N_("Second over first sequence"), source="definition", path="model.second_share")
def second_share(second_sequence: Numeric, sequence: Numeric) -> Numeric:
    """Tokens of the second stack for each token of the first [1].

    Parameters
    ----------
    second_sequence, sequence
        Tokens of a sequence in either stack [1].
    """
    return second_sequence / sequence


@quantity("1", N_("Weights met in the second stack"), source=_CROSS, path="model.second_weights")
def second_weights(
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    crosses: Numeric,
) -> Numeric:
    """Weights of one layer that its own tokens meet: attention, cross attention, feed-forward [1].

    Parameters
    ----------
    second_hidden, second_heads, head_size, second_feed_forward
        Sizes of the layer [1].
    gated, crosses
        1 when gated, and 1 when it attends to the first stack.
    """
    attention = (4.0 + 2.0 * crosses) * second_heads * head_size
    return second_hidden * (attention + (2.0 + gated) * second_feed_forward)


@quantity("1", N_("Weights of crossing keys and values"), source=_CROSS, path="model.crossing_weights")
def crossing_weights(hidden: Numeric, second_heads: Numeric, head_size: Numeric, crosses: Numeric) -> Numeric:
    """Weights of one layer that the tokens of the first stack meet: keys and values of cross attention [1].

    Parameters
    ----------
    hidden, second_heads, head_size
        Width of the first stack, and heads of the second with the width of one [1].
    crosses
        1 when the second stack attends to the first.
    """
    return crosses * 2.0 * hidden * second_heads * head_size


@quantity("1", N_("Parameters of the second stack"), source=_CROSS, path="model.second_parameters")
def second_parameters(
    second_layers: Numeric,
    second_weights: Numeric,
    crossing_weights: Numeric,
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    biases: Numeric,
    norm: Numeric,
    crosses: Numeric,
) -> Numeric:
    """Parameters of all layers of the second stack, with two or three norms each and one at the end [1].

    Parameters
    ----------
    second_layers, second_weights, crossing_weights
        Layers, and the weights of one [1].
    second_hidden, second_heads, head_size, second_feed_forward
        Sizes of a layer [1].
    gated, biases, norm, crosses
        1 when gated, 2 when every linear layer has a bias, 1 for layer norm, 1 with cross attention.
    """
    inner = (1.0 + crosses) * (3.0 * second_heads * head_size + second_hidden)
    vectors = maximum(biases - 1.0, 0.0) * (inner + (1.0 + gated) * second_feed_forward + second_hidden)
    norms = (1.0 + norm) * second_hidden
    layer = second_weights + crossing_weights + vectors + (2.0 + crosses) * norms
    return second_layers * layer + norms


@quantity("FLOP", N_("Forward FLOP of the second stack"), source=_CROSS, path="compute.second_flop")
def second_flop(
    multiply_add: Numeric,
    second_layers: Numeric,
    second_share: Numeric,
    second_weights: Numeric,
    crossing_weights: Numeric,
) -> Numeric:
    """Forward FLOP in weights of the second stack for a token of the first, attention scores apart [FLOP].

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    second_layers, second_share
        Layers, and tokens of the second stack for one of the first [1].
    second_weights, crossing_weights
        Weights that tokens of the second and of the first stack meet in a layer [1].
    """
    return multiply_add * second_layers * (second_share * second_weights + crossing_weights)


@quantity(
    "FLOP", N_("Attention FLOP beside the layers"), source=_CROSS, path="compute.companion_attention_flop"
)
def companion_attention_flop(
    multiply_add: Numeric,
    second_layers: Numeric,
    second_share: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_sequence: Numeric,
    sequence: Numeric,
    crosses: Numeric,
) -> Numeric:
    """Attention FLOP of the second stack for a token of the first, three passes, full matrix [FLOP].

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    second_layers, second_share, second_heads, head_size
        Layers, tokens for one of the first stack, heads and the width of one [1].
    second_sequence, sequence, crosses
        Keys in the second and in the first stack, and 1 when the first is attended to.
    """
    keys = second_sequence + crosses * sequence
    return 6.0 * multiply_add * second_layers * second_share * second_heads * head_size * keys


@quantity("s", N_("Attention of the second stack"), source=_FLASH, path="time.second_attention")
def second_attention_time(
    local_tokens: Numeric,
    second_share: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_sequence: Numeric,
    sequence: Numeric,
    crosses: Numeric,
    tensor: Numeric,
    multiply_add: Numeric,
    wide_peak: Numeric,
    attention_share: Numeric,
) -> Numeric:
    """Forward time of the fused cores of one layer: causal among themselves, full across [s].

    Parameters
    ----------
    local_tokens, second_share
        Tokens of the first stack on one device, and those of the second for each [1].
    second_heads, head_size, second_sequence, sequence, crosses, tensor
        Heads, width, keys of both stacks, 1 with cross attention, devices that share the heads [1].
    multiply_add
        Operations of one multiply-add [FLOP].
    wide_peak, attention_share
        16-bit peak, and the share that the kernel reaches [FLOP/s, 1].
    """
    pairs = local_tokens * second_share * (0.5 * second_sequence + crosses * sequence)
    work = 2.0 * multiply_add * pairs * second_heads * head_size / tensor
    return work / (wide_peak * attention_share)


@quantity("s", N_("Element-wise kernels of the second stack"), source=_LAW, path="time.second_traffic")
def second_traffic(
    element_bytes: Numeric,
    local_tokens: Numeric,
    second_share: Numeric,
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    crosses: Numeric,
    tensor: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of norms, residuals and activation function of one layer [s].

    Parameters
    ----------
    element_bytes, local_tokens, second_share
        Bytes of a number, tokens of the first stack, and those of the second for each [B, 1, 1].
    second_hidden, second_heads, head_size, second_feed_forward, gated, crosses, tensor
        Sizes of the layer, 1 when gated, 1 with cross attention, and devices that share each matrix [1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    """
    split = (6.0 + 2.0 * crosses) * second_heads * head_size + (2.0 + gated) * second_feed_forward
    width = (11.0 + 5.0 * crosses) * second_hidden + split / tensor
    return element_bytes * local_tokens * second_share * width / memory_rate + 14.0 * kernel_time


@quantity("s", N_("A second-stack layer, forward"), source=_LAW, path="time.second_forward")
def second_forward(
    local_tokens: Numeric,
    second_share: Numeric,
    hidden: Numeric,
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    crosses: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    second_attention_time: Numeric,
    second_traffic: Numeric,
    host_time: Numeric,
) -> Numeric:
    """Forward time of one micro-batch in one layer of the second stack [s].

    Parameters
    ----------
    local_tokens, second_share
        Tokens of the first stack on one device, and those of the second for each [1].
    hidden, second_hidden, second_heads, head_size, second_feed_forward, gated, crosses, tensor
        Sizes, 1 when gated, 1 with cross attention, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    second_attention_time, second_traffic, host_time
        Attention cores, element-wise kernels, and the host's time for a kernel [s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    rows = local_tokens * second_share
    width = second_heads * head_size / tensor
    inner = second_feed_forward / tensor
    inward = forward_time(rows, 3.0 * width, second_hidden, *law)
    outward = (1.0 + crosses) * forward_time(rows, second_hidden, width, *law)
    query = crosses * forward_time(rows, width, second_hidden, *law)
    keys = crosses * forward_time(local_tokens, 2.0 * width, hidden, *law)
    up = forward_time(rows, (1.0 + gated) * inner, second_hidden, *law)
    down = forward_time(rows, second_hidden, inner, *law)
    device = inward + outward + query + keys + up + down + second_attention_time + second_traffic
    return smooth_maximum(device, _KERNELS * host_time)


@quantity("s", N_("A second-stack layer, backward"), source=_LAW, path="time.second_backward")
def second_backward(
    local_tokens: Numeric,
    second_share: Numeric,
    hidden: Numeric,
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    crosses: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    second_attention_time: Numeric,
    second_traffic: Numeric,
    host_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of one micro-batch in one layer of the second stack [s].

    Parameters
    ----------
    local_tokens, second_share
        Tokens of the first stack on one device, and those of the second for each [1].
    hidden, second_hidden, second_heads, head_size, second_feed_forward, gated, crosses, tensor
        Sizes, 1 when gated, 1 with cross attention, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time
        The law of a matrix product [1/s, 1, 1, s].
    second_attention_time, second_traffic, host_time
        Forward times of attention and element-wise kernels, and the host's time for a kernel [s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    rows = local_tokens * second_share
    width = second_heads * head_size / tensor
    inner = second_feed_forward / tensor
    inward = backward_time(rows, 3.0 * width, second_hidden, *law, 1.0, weight_gradients)
    outward = (1.0 + crosses) * backward_time(rows, second_hidden, width, *law, 1.0, weight_gradients)
    query = crosses * backward_time(rows, width, second_hidden, *law, 1.0, weight_gradients)
    keys = crosses * backward_time(local_tokens, 2.0 * width, hidden, *law, 1.0, weight_gradients)
    up = backward_time(rows, (1.0 + gated) * inner, second_hidden, *law, 1.0, weight_gradients)
    down = backward_time(rows, second_hidden, inner, *law, 1.0, weight_gradients)
    products = inward + outward + query + keys + up + down
    device = products + 3.125 * second_attention_time + 1.6 * second_traffic
    return smooth_maximum(device, 2.0 * _KERNELS * host_time)


@quantity(
    "s",
    N_("Beside the layers, forward"),
    source="definition: the share of the second stack, and the rest at the rate of long matrix products",
    path="time.companion_forward",
)
def companion_forward(
    second_layers: Numeric,
    layers: Numeric,
    second_forward: Numeric,
    companion_flop: Numeric,
    second_flop: Numeric,
    multiply_add: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
) -> Numeric:
    """Forward time for each layer of the first stack of what stands beside the layers [s].

    Parameters
    ----------
    second_layers, layers, second_forward
        Layers of both stacks, and the time of one of the second [1, 1, s].
    companion_flop, second_flop, multiply_add
        Forward FLOP of a token beside the layers, those of the second stack, and one multiply-add [FLOP].
    local_tokens, tensor, multiply_rate
        Tokens on one device, devices that share each matrix, multiply-adds in a second [1, 1, 1/s].
    """
    rest = (companion_flop - second_flop) / multiply_add * local_tokens / (tensor * multiply_rate)
    return (second_layers * second_forward + rest) / layers


@quantity(
    "s",
    N_("Beside the layers, backward"),
    source="definition: the share of the second stack, and twice the forward pass of the rest",
    path="time.companion_backward",
)
def companion_backward(
    second_layers: Numeric,
    layers: Numeric,
    second_forward: Numeric,
    second_backward: Numeric,
    companion_forward: Numeric,
) -> Numeric:
    """Backward time for each layer of the first stack of what stands beside the layers [s].

    Parameters
    ----------
    second_layers, layers
        Layers of both stacks [1].
    second_forward, second_backward
        Time of a layer of the second stack, each way [s].
    companion_forward
        Forward time of all that stands beside the layers [s].
    """
    share = second_layers / layers
    return share * second_backward + 2.0 * (companion_forward - share * second_forward)


@quantity(
    "B",
    N_("Activations kept beside a layer"),
    source="arXiv:2205.05198, section 4",
    path="memory.companion_activation",
)
def companion_activation(
    element_bytes: Numeric,
    second_layers: Numeric,
    layers: Numeric,
    second_share: Numeric,
    second_hidden: Numeric,
    second_heads: Numeric,
    head_size: Numeric,
    second_feed_forward: Numeric,
    gated: Numeric,
    crosses: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of the second stack kept for a token and layer of the first [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    second_layers, layers, second_share
        Layers of both stacks, and tokens of the second for each of the first [1].
    second_hidden, second_heads, head_size, second_feed_forward, gated, crosses, tensor
        Sizes of a layer, 1 when gated, 1 with cross attention, and devices that share each matrix [1].
    """
    width = second_heads * head_size / tensor
    own = (4.0 + 2.0 * crosses) * (second_hidden + width) + (2.0 + gated) * second_feed_forward / tensor
    kept = second_share * own + crosses * 2.0 * width
    return element_bytes * second_layers / layers * kept


@quantity(
    "1",
    N_("Values summed over devices"),
    source="arXiv:1909.08053, section 3",
    path="layout.reduced_width",
)
def reduced_width(
    hidden: Numeric,
    second_layers: Numeric,
    layers: Numeric,
    second_share: Numeric,
    second_hidden: Numeric,
    crosses: Numeric,
) -> Numeric:
    """Values of a token that devices sum twice in a layer, with the share of the second stack [1].

    Parameters
    ----------
    hidden, second_hidden
        Widths of both residual streams [1].
    second_layers, layers, second_share
        Layers of both stacks, and tokens of the second for each of the first [1].
    crosses
        1 where cross attention adds a third sum to a layer of the second stack.
    """
    beside = second_layers / layers * second_share * second_hidden
    return hidden + (1.0 + 0.5 * crosses) * beside
