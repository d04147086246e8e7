"""Parameters of a decoder-only transformer; every function broadcasts.

The variants `mixture_of_experts` and `latent_attention` stand in for some of these functions.
"""

from tcplan.chain.elementwise import maximum, minimum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_TRANSFORMER = "arXiv:1706.03762, section 3"
_GROUPED = "arXiv:2305.13245, section 2.2"


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


@quantity("1", N_("Output width of the head"), source=_TRANSFORMER, path="model.head_width")
def head_width(vocabulary: Numeric) -> Numeric:
    """Values that the output head gives at each position that it predicts [1].

    Parameters
    ----------
    vocabulary
        Different tokens [1].
    """
    return vocabulary


@quantity("1", N_("Embedding, head and positions"), source=_TRANSFORMER, path="model.table_parameters")
def table_parameters(
    embedding_parameters: Numeric, tied_embeddings: Numeric, learned_positions: Numeric, hidden: Numeric
) -> Numeric:
    """Weights before the first and behind the last layer [1].

    Parameters
    ----------
    embedding_parameters
        Weights of the embedding, counted again for the head unless tied [1].
    tied_embeddings
        1 when the head shares the embedding's weights, else 0.
    learned_positions, hidden
        Length and width of the table of positions [1].
    """
    return (2.0 - tied_embeddings) * embedding_parameters + learned_positions * hidden


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
    table_parameters: Numeric,
) -> Numeric:
    """Attention, norms (two a layer and one at the end), embedding, head and learned positions [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    attention_weights, attention_vectors, norm_width
        Parameters of one layer's attention and of one norm [1].
    table_parameters
        Embedding, head and learned positions [1].
    """
    blocks = layers * (attention_weights + attention_vectors + 2.0 * norm_width)
    return blocks + norm_width + table_parameters


@quantity(
    "1", N_("Parameters"), source="definition: every trained number", path="model.parameters", symbol="N"
)
def parameters(
    other_parameters: Numeric, feed_forward_parameters: Numeric, companion_parameters: Numeric
) -> Numeric:
    """Parameters of the model, at least one whatever is taken away [1].

    Parameters
    ----------
    other_parameters, feed_forward_parameters
        Parameters outside and inside the feed-forward layers [1].
    companion_parameters
        Parameters beside the layers [1].
    """
    return maximum(other_parameters + feed_forward_parameters + companion_parameters, 1.0)


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
    return maximum(other_parameters + active_feed_forward_parameters + companion_active_parameters, 1.0)
