"""State-space layers (Mamba, Mamba-2) in the place of some or all attention layers."""

from tcplan.chain.elementwise import ceil, minimum, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_MAMBA = "arXiv:2312.00752, section 3.4 (Mamba); arXiv:2405.21060, section 7 (Mamba-2)"
_SCAN = "arXiv:2312.00752, section 3.3: the scan reads and writes each value once; planning value: its bytes"
_WINDOW = "arXiv:2004.05150, section 3.1; arXiv:2310.06825, section 2"


@quantity("1", N_("Share of state-space layers"), source="definition", path="model.state_share")
def state_share(state_layers: Numeric, layers: Numeric) -> Numeric:
    """Share of the layers that have a state in the place of attention [1].

    Parameters
    ----------
    state_layers, layers
        Those layers, and all [1].
    """
    return minimum(state_layers / layers, 1.0)


@quantity("1", N_("Expansion"), source=_MAMBA, path="model.expansion")
def expansion() -> Numeric:
    """Inner width over outer, as published [1]."""
    return 2.0


@quantity("1", N_("Inner width of the state"), source=_MAMBA, path="model.state_width")
def state_width(expansion: Numeric, hidden: Numeric) -> Numeric:
    """Channels of a state-space layer [1].

    Parameters
    ----------
    expansion, hidden
        Inner over outer width, and width of the residual stream [1].
    """
    return expansion * hidden


@quantity("1", N_("Width of what the state takes in"), source=_MAMBA, path="model.state_inputs")
def state_inputs(
    state_width: Numeric, state_head_size: Numeric, state_groups: Numeric, state_size: Numeric
) -> Numeric:
    """Further columns of the first product in Mamba-2: input, output and step of the state [1].

    Parameters
    ----------
    state_width, state_head_size
        Channels, and those that share a decay; 0 in Mamba, which has another product for them [1].
    state_groups, state_size
        Groups that share input and output weights, and values of the state for each channel [1].
    """
    return where(
        state_head_size > 0.0,
        2.0 * state_groups * state_size
        + state_width / (state_head_size + where(state_head_size > 0.0, 0, 1)),
        0.0,
    )


@quantity("1", N_("Rank of the step"), source=_MAMBA, path="model.state_rank")
def state_rank(hidden: Numeric, state_head_size: Numeric) -> Numeric:
    """Rank of the step of the state in Mamba, a sixteenth of the width; none in Mamba-2 [1].

    Parameters
    ----------
    hidden, state_head_size
        Width of the residual stream, and channels that share a decay, 0 in Mamba [1].
    """
    return where(state_head_size > 0.0, 0.0, ceil(hidden / 16.0))


@quantity("1", N_("Weights of a state-space layer"), source=_MAMBA, path="model.state_weights")
def state_weights(
    hidden: Numeric,
    state_width: Numeric,
    state_inputs: Numeric,
    state_rank: Numeric,
    state_size: Numeric,
) -> Numeric:
    """Weights in the products of one state-space layer [1].

    Parameters
    ----------
    hidden, state_width, state_inputs
        Widths of the residual stream, of the layer, and of what the state takes in [1].
    state_rank, state_size
        Rank of the step, 0 in Mamba-2, and values of the state for each channel [1].
    """
    step = where(state_rank > 0.0, state_width * (2.0 * state_rank + 2.0 * state_size), 0.0)
    return hidden * (3.0 * state_width + state_inputs) + step


@quantity("1", N_("Vectors of a state-space layer"), source=_MAMBA, path="model.state_vectors")
def state_vectors(
    state_width: Numeric,
    state_head_size: Numeric,
    state_groups: Numeric,
    state_size: Numeric,
    convolution: Numeric,
) -> Numeric:
    """Convolution, decay, step and skip of one state-space layer, and the inner norm of Mamba-2 [1].

    Parameters
    ----------
    state_width, state_head_size, state_groups, state_size, convolution
        Channels, those that share a decay (0 in Mamba), groups, values of the state, and taps [1].
    """
    taps = convolution + 1.0
    mamba = state_width * (taps + state_size + 2.0)
    shared = 3.0 * state_width / (state_head_size + where(state_head_size > 0.0, 0.0, 1.0))
    mamba2 = taps * (state_width + 2.0 * state_groups * state_size) + shared + state_width
    return where(state_head_size > 0.0, mamba2, mamba)


@quantity("1", N_("Attention weights of a layer"), source=_MAMBA, path="model.attention_weights")
def attention_weights(
    state_share: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    state_weights: Numeric,
) -> Numeric:
    """Weights of the attention or the state of an average layer [1].

    Parameters
    ----------
    state_share
        Share of the layers with a state [1].
    hidden, query_width, key_width, value_width, output_width
        Width, and widths of the attention projections [1].
    state_weights
        Weights of a state-space layer [1].
    """
    attention = hidden * (query_width + key_width + value_width + output_width)
    return (1.0 - state_share) * attention + state_share * state_weights


@quantity("1", N_("Attention biases of a layer"), source=_MAMBA, path="model.attention_vectors")
def attention_vectors(
    state_share: Numeric, state_vectors: Numeric, feed_forward: Numeric, norm_width: Numeric
) -> Numeric:
    """Vectors of the state of an average layer, less the second norm where no feed-forward follows [1].

    Parameters
    ----------
    state_share, state_vectors
        Share of the layers with a state, and the vectors of one [1].
    feed_forward, norm_width
        Width of the feed-forward, 0 for none, and parameters of a norm [1].
    """
    return state_share * state_vectors - where(feed_forward > 0.0, 0.0, norm_width)


@quantity(
    "1",
    N_("Layers with a window"),
    source="definition: all layers with attention unless a number is typed",
    path="model.window_layers",
)
def window_layers(layers: Numeric, state_layers: Numeric) -> Numeric:
    """Layers in which attention sees a window; of no effect where there is none [1].

    Parameters
    ----------
    layers, state_layers
        All layers, and those with a state [1].
    """
    return layers - state_layers


@quantity("1", N_("Attended keys"), source=_WINDOW, path="compute.attended")
def attended(
    sequence: Numeric, near: Numeric, window_layers: Numeric, layers: Numeric, state_share: Numeric
) -> Numeric:
    """Keys of a query by the convention of MFU, mean over all layers: none in a state-space layer [1].

    Parameters
    ----------
    sequence, near
        Keys in an attention layer without and with a window [1].
    window_layers, layers, state_share
        Layers with a window, all layers, and the share of those with a state [1].
    """
    return (1.0 - state_share) * sequence + minimum(window_layers / layers, 1.0) * (near - sequence)


@quantity("1", N_("Visited keys"), source=_WINDOW, path="compute.visited")
def visited(
    span: Numeric, near: Numeric, window_layers: Numeric, layers: Numeric, state_share: Numeric
) -> Numeric:
    """Keys of a query that a causal fused kernel computes, mean over queries and all layers [1].

    Parameters
    ----------
    span, near
        Tokens that see each other, and keys in an attention layer with a window [1].
    window_layers, layers, state_share
        Layers with a window, all layers, and the share of those with a state [1].
    """
    inside = minimum(near, span)
    seen = inside - 0.5 * inside * inside / span
    windows = minimum(window_layers / layers, 1.0) * (seen - 0.5 * span)
    return (1.0 - state_share) * 0.5 * span + windows


@quantity(
    "FLOP", N_("Attention FLOP beside the layers"), source=_MAMBA, path="compute.companion_attention_flop"
)
def companion_attention_flop(
    multiply_add: Numeric, state_layers: Numeric, state_width: Numeric, state_size: Numeric
) -> Numeric:
    """FLOP of the states of one token, three passes: decay, input and output of each value [FLOP].

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    state_layers, state_width, state_size
        Layers with a state, channels, and values of the state for each [1].
    """
    return 9.0 * multiply_add * state_layers * state_width * state_size


@quantity("s", N_("Attention projections, forward"), source=_MAMBA, path="time.projections_forward")
def projections_forward(
    state_share: Numeric,
    local_tokens: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    state_width: Numeric,
    state_inputs: Numeric,
    state_rank: Numeric,
    state_size: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of the products around the attention or the state of an average layer [s].

    Parameters
    ----------
    state_share, local_tokens
        Share of the layers with a state, and tokens of a micro-batch on one device [1].
    hidden, query_width, key_width, value_width, output_width, tensor
        Widths of the attention projections, and devices that share each matrix [1].
    state_width, state_inputs, state_rank, state_size
        Sizes of a state-space layer [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    inward = forward_time(local_tokens, (query_width + key_width + value_width) / tensor, hidden, *law)
    outward = forward_time(local_tokens, hidden, output_width / tensor, *law)
    inner = state_width / tensor
    into = forward_time(local_tokens, 2.0 * inner + state_inputs / tensor, hidden, *law)
    step = forward_time(local_tokens, state_rank + 2.0 * state_size, inner, *law)
    widen = forward_time(local_tokens, inner, state_rank, *law)
    steps = where(state_rank > 0.0, step + widen + 2.0 * kernel_time, 0.0 * kernel_time)
    out_of = forward_time(local_tokens, hidden, inner, *law)
    attention = inward + outward + 2.0 * kernel_time
    state = into + steps + out_of + 2.0 * kernel_time
    return (1.0 - state_share) * attention + state_share * state


@quantity("s", N_("Attention projections, backward"), source=_MAMBA, path="time.projections_backward")
def projections_backward(
    state_share: Numeric,
    local_tokens: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    state_width: Numeric,
    state_inputs: Numeric,
    state_rank: Numeric,
    state_size: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the products around the attention or the state of an average layer [s].

    Parameters
    ----------
    state_share, local_tokens
        Share of the layers with a state, and tokens of a micro-batch on one device [1].
    hidden, query_width, key_width, value_width, output_width, tensor
        Widths of the attention projections, and devices that share each matrix [1].
    state_width, state_inputs, state_rank, state_size
        Sizes of a state-space layer [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    inward = backward_time(
        local_tokens, (query_width + key_width + value_width) / tensor, hidden, *law, 1.0, weight_gradients
    )
    outward = backward_time(local_tokens, hidden, output_width / tensor, *law, 1.0, weight_gradients)
    inner = state_width / tensor
    launches = (2.0 + 2.0 * weight_gradients) * kernel_time
    into = backward_time(
        local_tokens, 2.0 * inner + state_inputs / tensor, hidden, *law, 1.0, weight_gradients
    )
    step = backward_time(local_tokens, state_rank + 2.0 * state_size, inner, *law, 1.0, weight_gradients)
    widen = backward_time(local_tokens, inner, state_rank, *law, 1.0, weight_gradients)
    steps = where(state_rank > 0.0, step + widen + launches, 0.0 * kernel_time)
    out_of = backward_time(local_tokens, hidden, inner, *law, 1.0, weight_gradients)
    attention = inward + outward + launches
    state = into + steps + out_of + launches
    return (1.0 - state_share) * attention + state_share * state


@quantity("s", N_("Scan of the states"), source=_SCAN, path="time.scan")
def scan_time(
    state_share: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    state_width: Numeric,
    state_inputs: Numeric,
    tensor: Numeric,
    scan_passes: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of convolution, scan and gate of an average layer [s].

    Parameters
    ----------
    state_share
        Share of the layers with a state [1].
    element_bytes, local_tokens, state_width, state_inputs, tensor
        Bytes of a number, tokens on one device, widths, and devices that share each matrix [B, 1, 1, 1, 1].
    scan_passes
        Times that the kernels read or write the channels of a layer, or wait as long [1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    """
    passes = scan_passes * (state_width + state_inputs) / tensor
    return state_share * (element_bytes * local_tokens * passes / memory_rate + 4.0 * kernel_time)


@quantity(
    "s",
    N_("Beside the layers, forward"),
    source="definition: scan, and the rest at the rate of long matrix products",
    path="time.companion_forward",
)
def companion_forward(
    scan_time: Numeric,
    companion_flop: Numeric,
    layers: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    multiply_add: Numeric,
) -> Numeric:
    """Forward time for each layer of the scan and of what was given as extra [s].

    Parameters
    ----------
    scan_time
        Scan of an average layer [s].
    companion_flop, multiply_add
        Forward FLOP of a token beside the layers, and of one multiply-add [FLOP].
    layers, local_tokens, tensor, multiply_rate
        Layers, tokens on one device, devices that share each matrix, multiply-add rate [1, 1, 1, 1/s].
    """
    return scan_time + companion_flop / multiply_add * local_tokens / (layers * tensor * multiply_rate)


@quantity(
    "B",
    N_("Activations kept beside a layer"),
    source="arXiv:2312.00752, section 3.3.2: inputs are kept, states are computed again",
    path="memory.companion_activation",
)
def companion_activation(
    element_bytes: Numeric,
    state_share: Numeric,
    state_width: Numeric,
    state_inputs: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of the state-space part kept for a token of an average layer: five inner vectors [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    state_share, state_width, state_inputs, tensor
        Share of the layers with a state, its widths, and devices that share each matrix [1].
    """
    return element_bytes * state_share * (5.0 * state_width + state_inputs) / tensor


@quantity(
    "B",
    N_("Projections kept"),
    source=f"arXiv:2205.05198, section 4; {_MAMBA}",
    path="memory.projection_activation",
)
def projection_activation(
    element_bytes: Numeric,
    state_share: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of queries, keys, values and the result kept for a token of an average layer [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    state_share
        Share of the layers with a state in the place of attention [1].
    query_width, key_width, value_width, output_width, tensor
        Widths that are kept, and devices that share each matrix [1].
    """
    attention = query_width + key_width + value_width + output_width
    return element_bytes * (1.0 - state_share) * attention / tensor


@quantity(
    "B",
    N_("Attention scores kept"),
    source="arXiv:2205.05198, equation 1; arXiv:2205.14135, section 3.1",
    path="memory.score_activation",
)
def score_activation(
    element_bytes: Numeric,
    attention_kernel: Numeric,
    dropout: Numeric,
    state_share: Numeric,
    heads: Numeric,
    sequence: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of the attention core kept for a token of an average layer; layers with a state have none [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    attention_kernel
        0 fused, 1 unfused.
    dropout
        Share of values that dropout sets to nothing [1].
    state_share
        Share of the layers with a state in the place of attention [1].
    heads, sequence, tensor
        Heads, tokens of a sequence, and devices that share each matrix [1].
    """
    unfused = where(dropout > 0.0, 2.5, 1.0) * sequence
    kept = where(attention_kernel >= 1.0, unfused, 2.0)
    return element_bytes * (1.0 - state_share) * heads / tensor * kept
