"""Parameters and FLOP of a decoder-only transformer; every function broadcasts.

The variants `mixture_of_experts` and `latent_attention` stand in for some of these functions.
"""

from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_TRANSFORMER = "arXiv:1706.03762, section 3"
_GROUPED = "arXiv:2305.13245, section 2.2"
_SCALING = "arXiv:2001.08361, section 2.1"
_PALM = "arXiv:2204.02311, appendix B"


@quantity("1", N_("Query width"), source=_TRANSFORMER, path="model.query_width", symbol="q")
def query_width(heads: Numeric, head_size: Numeric) -> Numeric:
    """Width of all queries of a token [1].

    Parameters
    ----------
    heads, head_size
        Query heads and the width of one [1].
    """
    return heads * head_size


@quantity("1", N_("Key width"), source=_GROUPED, path="model.key_width")
def key_width(kv_heads: Numeric, head_size: Numeric) -> Numeric:
    """Width of all keys of a token [1].

    Parameters
    ----------
    kv_heads, head_size
        Key-value heads and the width of one [1].
    """
    return kv_heads * head_size


@quantity("1", N_("Value width"), source=_GROUPED, path="model.value_width")
def value_width(kv_heads: Numeric, head_size: Numeric) -> Numeric:
    """Width of all values of a token [1].

    Parameters
    ----------
    kv_heads, head_size
        Key-value heads and the width of one [1].
    """
    return kv_heads * head_size


@quantity("1", N_("Attention output width"), source=_TRANSFORMER, path="model.output_width")
def output_width(heads: Numeric, head_size: Numeric) -> Numeric:
    """Width of what attention returns for a token before the output projection [1].

    Parameters
    ----------
    heads, head_size
        Heads and the width of one [1].
    """
    return heads * head_size


@quantity("1", N_("Score width"), source=_TRANSFORMER, path="model.score_width")
def score_width(head_size: Numeric) -> Numeric:
    """Multiply-adds of one head for one pair of tokens: one score and one weighted value [1].

    Parameters
    ----------
    head_size
        Width of a head in queries and keys, and in values [1].
    """
    return 2.0 * head_size


@quantity("1", N_("Attention weights of a layer"), source=_TRANSFORMER, path="model.attention_weights")
def attention_weights(
    hidden: Numeric, query_width: Numeric, key_width: Numeric, value_width: Numeric, output_width: Numeric
) -> Numeric:
    """Weights of the four attention projections of one layer [1].

    Parameters
    ----------
    hidden
        Width of the residual stream [1].
    query_width, key_width, value_width, output_width
        Widths of queries, keys, values and of the result [1].
    """
    return hidden * (query_width + key_width + value_width + output_width)


@quantity("1", N_("Attention biases of a layer"), source=_TRANSFORMER, path="model.attention_vectors")
def attention_vectors(
    biases: Numeric, hidden: Numeric, query_width: Numeric, key_width: Numeric, value_width: Numeric
) -> Numeric:
    """Biases of the attention projections of one layer [1].

    Parameters
    ----------
    biases
        0 none, 1 on queries, keys and values, 2 on every linear layer.
    hidden, query_width, key_width, value_width
        Widths of the projections [1].
    """
    return (
        minimum(biases, 1.0) * (query_width + key_width + value_width) + maximum(biases - 1.0, 0.0) * hidden
    )


@quantity("1", N_("Norm weights"), source="arXiv:1607.06450; arXiv:1910.07467", path="model.norm_width")
def norm_width(hidden: Numeric, norm: Numeric) -> Numeric:
    """Parameters of one norm: a weight, and a bias in layer norm [1].

    Parameters
    ----------
    hidden
        Width of the residual stream [1].
    norm
        0 for RMS norm, 1 for layer norm.
    """
    return hidden * (1.0 + norm)


@quantity(
    "1", N_("Feed-forward weights of a dense layer"), source="arXiv:2002.05202", path="model.dense_weights"
)
def dense_weights(hidden: Numeric, feed_forward: Numeric, gated: Numeric) -> Numeric:
    """Weights of one dense feed-forward layer: two matrices, three when gated [1].

    Parameters
    ----------
    hidden, feed_forward
        Widths of the residual stream and of the layer [1].
    gated
        1 when gated, else 0.
    """
    return (2.0 + gated) * hidden * feed_forward


@quantity("1", N_("Feed-forward biases of a dense layer"), source=_TRANSFORMER, path="model.dense_vectors")
def dense_vectors(biases: Numeric, hidden: Numeric, feed_forward: Numeric, gated: Numeric) -> Numeric:
    """Biases of one dense feed-forward layer [1].

    Parameters
    ----------
    biases
        2 when every linear layer has one.
    hidden, feed_forward
        Widths of the residual stream and of the layer [1].
    gated
        1 when gated, else 0.
    """
    return maximum(biases - 1.0, 0.0) * ((1.0 + gated) * feed_forward + hidden)


@quantity(
    "1",
    N_("Feed-forward parameters"),
    source="definition: layers x one",
    path="model.feed_forward_parameters",
)
def feed_forward_parameters(layers: Numeric, dense_weights: Numeric, dense_vectors: Numeric) -> Numeric:
    """Feed-forward parameters of all layers [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    dense_weights, dense_vectors
        Weights and biases of one [1].
    """
    return layers * (dense_weights + dense_vectors)


@quantity(
    "1",
    N_("Feed-forward parameters that a token visits"),
    source="definition: all of them in a dense model",
    path="model.active_feed_forward_parameters",
)
def active_feed_forward_parameters(feed_forward_parameters: Numeric) -> Numeric:
    """Feed-forward parameters that one token passes through [1].

    Parameters
    ----------
    feed_forward_parameters
        Feed-forward parameters of all layers [1].
    """
    return feed_forward_parameters


@quantity(
    "1",
    N_("Feed-forward weights that a token is multiplied with"),
    source="definition: layers x one",
    path="model.feed_forward_products",
)
def feed_forward_products(layers: Numeric, dense_weights: Numeric) -> Numeric:
    """Feed-forward weights in the matrix products of one token, biases apart [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    dense_weights
        Weights of one dense feed-forward layer [1].
    """
    return layers * dense_weights


@quantity("1", N_("Embedding"), source=_TRANSFORMER, path="model.embedding_parameters")
def embedding_parameters(vocabulary: Numeric, hidden: Numeric) -> Numeric:
    """Weights of the input embedding, and of the output head [1].

    Parameters
    ----------
    vocabulary, hidden
        Different tokens, and the width of the residual stream [1].
    """
    return vocabulary * hidden


@quantity(
    "1",
    N_("Parameters outside the feed-forward layers"),
    source=_TRANSFORMER,
    path="model.other_parameters",
)
def other_parameters(
    layers: Numeric,
    attention_weights: Numeric,
    attention_vectors: Numeric,
    norm_width: Numeric,
    embedding_parameters: Numeric,
    tied_embeddings: Numeric,
    learned_positions: Numeric,
    hidden: Numeric,
) -> Numeric:
    """Attention, norms (two a layer and one at the end), embedding, head and learned positions [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    attention_weights, attention_vectors, norm_width
        Parameters of one layer's attention and of one norm [1].
    embedding_parameters
        Weights of the embedding, counted again for the head unless tied [1].
    tied_embeddings
        1 when the head shares the embedding's weights, else 0.
    learned_positions, hidden
        Length and width of the table of positions [1].
    """
    blocks = layers * (attention_weights + attention_vectors + 2.0 * norm_width)
    tables = (2.0 - tied_embeddings) * embedding_parameters + learned_positions * hidden
    return blocks + norm_width + tables


@quantity(
    "1", N_("Parameters"), source="definition: every trained number", path="model.parameters", symbol="N"
)
def parameters(
    other_parameters: Numeric, feed_forward_parameters: Numeric, companion_parameters: Numeric
) -> Numeric:
    """Parameters of the model [1].

    Parameters
    ----------
    other_parameters, feed_forward_parameters
        Parameters outside and inside the feed-forward layers [1].
    companion_parameters
        Parameters beside the layers [1].
    """
    return other_parameters + feed_forward_parameters + companion_parameters


@quantity(
    "1",
    N_("Active parameters"),
    source="definition: those that one token passes through",
    path="model.active_parameters",
    symbol="N_a",
)
def active_parameters(
    other_parameters: Numeric, active_feed_forward_parameters: Numeric, companion_active_parameters: Numeric
) -> Numeric:
    """Parameters that one token passes through, embeddings included [1].

    Parameters
    ----------
    other_parameters, active_feed_forward_parameters
        Parameters outside and inside the feed-forward layers [1].
    companion_active_parameters
        Parameters beside the layers that a token passes through [1].
    """
    return other_parameters + active_feed_forward_parameters + companion_active_parameters


@quantity("FLOP", N_("One multiply-add"), source=_SCALING, path="compute.multiply_add")
def multiply_add() -> Numeric:
    """Operations of one multiply-add [FLOP]."""
    return 2.0


@quantity(
    "1", N_("Layer weights that a token is multiplied with"), source=_SCALING, path="compute.layer_products"
)
def layer_products(layers: Numeric, attention_weights: Numeric, feed_forward_products: Numeric) -> Numeric:
    """Weights in the matrix products of one token, all layers, without the output head [1].

    Parameters
    ----------
    layers, attention_weights
        Transformer blocks, and the attention weights of one [1].
    feed_forward_products
        Feed-forward weights that a token is multiplied with, all layers [1].
    """
    return layers * attention_weights + feed_forward_products


@quantity("FLOP", N_("Model FLOP of a token"), source=_SCALING, path="compute.token_flop")
def token_flop(
    multiply_add: Numeric, layer_products: Numeric, embedding_parameters: Numeric, companion_flop: Numeric
) -> Numeric:
    """FLOP of one token, forward and backward (three forward passes), by the 6 N convention [FLOP].

    The output head counts, the embedding look-up does not; attention scores are apart, as in the published
    compute of GPT-3, Llama 3 and most others.

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    layer_products, embedding_parameters
        Weights in the products of a token: layers, and output head [1].
    companion_flop
        Forward FLOP of a token beside the layers [FLOP].
    """
    return 3.0 * (multiply_add * (layer_products + embedding_parameters) + companion_flop)


@quantity("FLOP", N_("Attention FLOP of a token"), source=_PALM, path="compute.attention_flop")
def attention_flop(
    multiply_add: Numeric,
    layers: Numeric,
    sequence: Numeric,
    heads: Numeric,
    score_width: Numeric,
    companion_attention_flop: Numeric,
) -> Numeric:
    """FLOP of scores and weighted values of one token, forward and backward, full matrix counted [FLOP].

    12 L s a d_h, the convention of PaLM and Megatron for MFU: the causal mask is not taken off.

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    layers, sequence, heads, score_width
        Blocks, tokens of a sequence, heads, and multiply-adds of one head for a pair of tokens [1].
    companion_attention_flop
        Attention FLOP beside the layers [FLOP].
    """
    return 3.0 * multiply_add * layers * sequence * heads * score_width + companion_attention_flop


@quantity("FLOP", N_("Model compute"), source=_SCALING, path="compute.model_flop", symbol="C")
def model_flop(token_flop: Numeric, tokens: Numeric) -> Numeric:
    """Model FLOP of the run, 6 x weights x tokens: head counted, attention scores not [FLOP].

    Parameters
    ----------
    token_flop
        Model FLOP of one token [FLOP].
    tokens
        Training tokens [1].
    """
    return token_flop * tokens


@quantity(
    "FLOP",
    N_("Model compute with attention scores"),
    source=_PALM,
    path="compute.model_flop_with_attention",
)
def full_model_flop(token_flop: Numeric, attention_flop: Numeric, tokens: Numeric) -> Numeric:
    """Model FLOP of the run with attention scores in full, the convention of MFU [FLOP].

    Parameters
    ----------
    token_flop, attention_flop
        FLOP of one token in weights and in attention scores [FLOP].
    tokens
        Training tokens [1].
    """
    return (token_flop + attention_flop) * tokens


@quantity(
    "FLOP", N_("Recomputed FLOP of a token"), source="arXiv:2205.05198, section 5", path="compute.recomputed"
)
def recomputed_flop(
    recompute: Numeric,
    attention_flop: Numeric,
    multiply_add: Numeric,
    layer_products: Numeric,
    companion_flop: Numeric,
) -> Numeric:
    """FLOP of one token that the backward pass computes again [FLOP].

    Parameters
    ----------
    recompute
        0 none, 1 the attention core, 2 whole layers.
    attention_flop
        Attention FLOP of one token, three passes [FLOP].
    multiply_add
        Operations of one multiply-add [FLOP].
    layer_products
        Layer weights that a token is multiplied with [1].
    companion_flop
        Forward FLOP of a token beside the layers [FLOP].
    """
    core = attention_flop / 3.0
    layer = core + multiply_add * layer_products + companion_flop
    return where(recompute >= 2.0, layer, minimum(recompute, 1.0) * core)


@quantity("FLOP", N_("Hardware compute"), source=_PALM, path="compute.hardware_flop")
def hardware_flop(full_model_flop: Numeric, recomputed_flop: Numeric, tokens: Numeric) -> Numeric:
    """FLOP of the run with attention scores and everything that is computed again [FLOP].

    Parameters
    ----------
    full_model_flop
        Model FLOP of the run with attention scores [FLOP].
    recomputed_flop
        FLOP of one token that are computed again [FLOP].
    tokens
        Training tokens [1].
    """
    return full_model_flop + recomputed_flop * tokens
