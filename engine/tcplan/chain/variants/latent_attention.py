"""Latent attention (DeepSeek-V2): low-rank queries, keys and values; stands in for the standard widths."""

from tcplan.chain.elementwise import maximum, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_LATENT = "arXiv:2405.04434, section 2.1 and appendix C"


@quantity("1", N_("Query width"), source=_LATENT, path="model.query_width", symbol="q")
def query_width(heads: Numeric, nope_size: Numeric, rope_size: Numeric) -> Numeric:
    """Width of all queries of a token, with and without position [1].

    Parameters
    ----------
    heads, nope_size, rope_size
        Heads, and the two parts of one [1].
    """
    return heads * (nope_size + rope_size)


@quantity("1", N_("Key width"), source=_LATENT, path="model.key_width")
def key_width(heads: Numeric, nope_size: Numeric, rope_size: Numeric) -> Numeric:
    """Width of all keys of a token once they are expanded [1].

    Parameters
    ----------
    heads, nope_size, rope_size
        Heads, and the two parts of one [1].
    """
    return heads * (nope_size + rope_size)


@quantity("1", N_("Value width"), source=_LATENT, path="model.value_width")
def value_width(heads: Numeric, value_size: Numeric) -> Numeric:
    """Width of all values of a token once they are expanded [1].

    Parameters
    ----------
    heads, value_size
        Heads, and the width of a value head [1].
    """
    return heads * value_size


@quantity("1", N_("Attention output width"), source=_LATENT, path="model.output_width")
def output_width(heads: Numeric, value_size: Numeric) -> Numeric:
    """Width of what attention returns for a token before the output projection [1].

    Parameters
    ----------
    heads, value_size
        Heads, and the width of a value head [1].
    """
    return heads * value_size


@quantity("1", N_("Score width"), source=_LATENT, path="model.score_width")
def score_width(nope_size: Numeric, rope_size: Numeric, value_size: Numeric) -> Numeric:
    """Multiply-adds of one head for one pair of tokens: one score and one weighted value [1].

    Parameters
    ----------
    nope_size, rope_size, value_size
        Widths of a head in queries and keys, and in values [1].
    """
    return nope_size + rope_size + value_size


@quantity("1", N_("Attention weights of a layer"), source=_LATENT, path="model.attention_weights")
def attention_weights(
    hidden: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    nope_size: Numeric,
    heads: Numeric,
    query_width: Numeric,
    output_width: Numeric,
) -> Numeric:
    """Weights of the down and up projections and of the output of one layer [1].

    Parameters
    ----------
    hidden, q_rank, kv_rank
        Width, and ranks of queries (0 when not compressed) and of keys and values [1].
    rope_size, nope_size, heads
        The two parts of a head, and heads [1].
    query_width, output_width
        Widths of queries and of the result [1].
    """
    queries = where(q_rank > 0.0, q_rank * (hidden + query_width), hidden * query_width)
    keys_values = hidden * (kv_rank + rope_size) + kv_rank * (heads * nope_size + output_width)
    return queries + keys_values + hidden * output_width


@quantity("1", N_("Attention norms of a layer"), source=_LATENT, path="model.attention_vectors")
def attention_vectors(q_rank: Numeric, kv_rank: Numeric) -> Numeric:
    """Norm weights of the compressed queries, keys and values of one layer; there are no biases [1].

    Parameters
    ----------
    q_rank, kv_rank
        Ranks of queries, and of keys and values [1].
    """
    return q_rank + kv_rank


@quantity(
    "1", N_("Parameters of a layer on one device"), source=_LATENT, path="memory.device_layer_parameters"
)
def device_layer_parameters(
    layer_parameters: Numeric,
    hidden: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Parameters of an average layer that one device holds; the down projections are not split [1].

    Parameters
    ----------
    layer_parameters
        Parameters of a layer, routed experts apart [1].
    hidden, q_rank, kv_rank, rope_size
        Width, ranks of queries and of keys and values, and the part of a head with position [1].
    tensor
        Devices that share each of the other matrices [1].
    """
    down = hidden * (q_rank + kv_rank + rope_size)
    return (layer_parameters - down) / tensor + down


@quantity("B", N_("Latent projections freed"), source=_LATENT, path="memory.expansion_activation")
def expansion_activation(
    element_bytes: Numeric, query_width: Numeric, key_width: Numeric, value_width: Numeric, tensor: Numeric
) -> Numeric:
    """Bytes for a token that computing the up-projections again frees: queries, keys and values [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    query_width, key_width, value_width, tensor
        Widths of what is expanded, and devices that share each matrix [1].
    """
    return element_bytes * (query_width + key_width + value_width) / tensor


@quantity("B", N_("Projections kept"), source=_LATENT, path="memory.projection_activation")
def projection_activation(
    element_bytes: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    residual_width: Numeric,
    hidden: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes kept for a token around attention: compressed before and after their norms, and expanded [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    q_rank, kv_rank, rope_size
        Ranks of queries and of keys and values, and the part of a head with position [1].
    query_width, key_width, value_width, output_width
        Widths that are expanded, and of the result [1].
    residual_width, hidden, tensor
        Widths of the residual stream on the device and in all, whose ratio is the share of the sequence that
        the device keeps compressed, and devices that share each matrix [1].
    """
    compressed = (2.0 * (q_rank + kv_rank) + rope_size) * residual_width / hidden
    return element_bytes * (compressed + (query_width + key_width + value_width + output_width) / tensor)


@quantity("s", N_("Attention projections, forward"), source=_LATENT, path="time.projections_forward")
def projections_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    nope_size: Numeric,
    heads: Numeric,
    query_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of the five products around attention; the down projections are not split [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, q_rank, kv_rank, rope_size, nope_size, heads, query_width, output_width, tensor
        Widths of the projections, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    depth = where(q_rank > 0.0, q_rank, hidden)
    down = forward_time(local_tokens, q_rank + kv_rank + rope_size, hidden, *law)
    queries = forward_time(local_tokens, query_width / tensor, depth, *law)
    keys_values = forward_time(local_tokens, (heads * nope_size + output_width) / tensor, kv_rank, *law)
    outward = forward_time(local_tokens, hidden, output_width / tensor, *law)
    return down + queries + keys_values + outward + 5.0 * kernel_time


@quantity("s", N_("Attention projections, backward"), source=_LATENT, path="time.projections_backward")
def projections_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    nope_size: Numeric,
    heads: Numeric,
    query_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    weight_gradients: Numeric,
) -> Numeric:
    """Backward time of the five products around attention, each with its transposed shapes [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    hidden, q_rank, kv_rank, rope_size, nope_size, heads, query_width, output_width, tensor
        Widths of the projections, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    depth = where(q_rank > 0.0, q_rank, hidden)
    down = backward_time(local_tokens, q_rank + kv_rank + rope_size, hidden, *law, weights=weight_gradients)
    queries = backward_time(local_tokens, query_width / tensor, depth, *law, weights=weight_gradients)
    keys_values = backward_time(
        local_tokens, (heads * nope_size + output_width) / tensor, kv_rank, *law, weights=weight_gradients
    )
    outward = backward_time(local_tokens, hidden, output_width / tensor, *law, weights=weight_gradients)
    return down + queries + keys_values + outward + 5.0 * (1.0 + weight_gradients) * kernel_time


@quantity("s", N_("Up-projections, forward"), source=_LATENT, path="time.expansion")
def expansion_forward(
    local_tokens: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    nope_size: Numeric,
    heads: Numeric,
    query_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Time of the products that expand compressed queries, keys and values of a layer [s].

    Parameters
    ----------
    local_tokens
        Tokens of a micro-batch on one device [1].
    q_rank, kv_rank, nope_size, heads, query_width, output_width, tensor
        Ranks, widths of the projections, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    queries = forward_time(local_tokens, query_width / tensor, maximum(q_rank, 1.0), *law)
    queries = where(q_rank > 0.0, queries, 0.0 * queries)
    keys_values = forward_time(local_tokens, (heads * nope_size + output_width) / tensor, kv_rank, *law)
    return queries + keys_values + 2.0 * kernel_time
