"""Operations of a token and of the run; every function broadcasts."""

from tcplan.chain.elementwise import minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_SCALING = "arXiv:2001.08361, section 2.1"
_PALM = "arXiv:2204.02311, appendix B"
_WINDOW = "arXiv:2004.05150, section 3.1; arXiv:2310.06825, section 2"


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


@quantity(
    "1",
    N_("Positions of the head"),
    source="definition: it predicts at every position",
    path="compute.head_share",
)
def head_share() -> Numeric:
    """Positions that pass the output head, for each token [1]."""
    return 1.0


@quantity("1", N_("Head weights in products"), source=_SCALING, path="compute.head_products")
def head_products(embedding_parameters: Numeric, head_share: Numeric) -> Numeric:
    """Weights of the output head in the products of one token [1].

    Parameters
    ----------
    embedding_parameters, head_share
        Weights of the head, and the positions of each token that pass it [1].
    """
    return head_share * embedding_parameters


@quantity("FLOP", N_("Model FLOP of a token"), source=_SCALING, path="compute.token_flop")
def token_flop(
    multiply_add: Numeric,
    layer_products: Numeric,
    head_products: Numeric,
    prediction_products: Numeric,
    companion_flop: Numeric,
    passes: Numeric,
) -> Numeric:
    """FLOP of one token, forward and backward (three forward passes), by the 6 N convention [FLOP].

    4 N where the weights are frozen and only adapters are trained.

    The output head counts, the embedding look-up does not; attention scores are apart, as in the published
    compute of GPT-3, Llama 3 and most others. The modules of multi-token prediction count, as they are
    trained, although published parameter counts leave them out.

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    layer_products, head_products, prediction_products
        Weights in the products of a token: layers, output head, and what predicts further tokens [1].
    companion_flop
        Forward FLOP of a token beside the layers [FLOP].
    passes
        Forward passes that a step is worth [1].
    """
    products = layer_products + head_products + prediction_products
    return passes * (multiply_add * products + companion_flop)


@quantity(
    "1",
    N_("Layers with a window"),
    source="definition: all of them unless a number is typed",
    path="model.window_layers",
)
def window_layers(layers: Numeric) -> Numeric:
    """Layers in which attention sees a window; of no effect where there is none [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    """
    return layers


@quantity("1", N_("Keys in a window"), source=_WINDOW, path="compute.near")
def near(window: Numeric, sequence: Numeric) -> Numeric:
    """Keys that a query of a layer with a window sees at most [1].

    Parameters
    ----------
    window, sequence
        Tokens of a window, 0 for none, and of a sequence [1].
    """
    return where(window > 0.0, minimum(window, sequence), sequence)


@quantity("1", N_("Attended keys"), source=_PALM, path="compute.attended")
def attended(sequence: Numeric, near: Numeric, window_layers: Numeric, layers: Numeric) -> Numeric:
    """Keys of a query by the convention of MFU, mean over the layers: the mask is not taken off [1].

    Parameters
    ----------
    sequence, near
        Keys in a layer without and with a window [1].
    window_layers, layers
        Layers with a window, and all layers [1].
    """
    return sequence + minimum(window_layers / layers, 1.0) * (near - sequence)


@quantity("1", N_("Tokens of a text"), source="arXiv:2107.02027, section 4", path="compute.span")
def span(packed_length: Numeric, sequence: Numeric) -> Numeric:
    """Tokens that see each other: of a sequence, or of one of the texts that are packed into it [1].

    Parameters
    ----------
    packed_length, sequence
        Tokens of a packed text, 0 for none, and of a sequence [1].
    """
    return where(packed_length > 0.0, minimum(packed_length, sequence), sequence)


@quantity("1", N_("Visited keys"), source=_WINDOW, path="compute.visited")
def visited(span: Numeric, near: Numeric, window_layers: Numeric, layers: Numeric) -> Numeric:
    """Keys of a query that a causal fused kernel computes, mean over queries and layers [1].

    The first w queries of a window of w see half of it on average, the others all: w - w^2 / (2 s).

    Parameters
    ----------
    span, near
        Tokens that see each other, and keys in a layer with a window [1].
    window_layers, layers
        Layers with a window, and all layers [1].
    """
    inside = minimum(near, span)
    seen = inside - 0.5 * inside * inside / span
    return 0.5 * span + minimum(window_layers / layers, 1.0) * (seen - 0.5 * span)


@quantity("FLOP", N_("Attention FLOP of a token"), source=_PALM, path="compute.attention_flop")
def attention_flop(
    multiply_add: Numeric,
    layers: Numeric,
    predicted_tokens: Numeric,
    attended: Numeric,
    heads: Numeric,
    score_width: Numeric,
    companion_attention_flop: Numeric,
) -> Numeric:
    """FLOP of scores and weighted values of one token, forward and backward, full matrix counted [FLOP].

    12 L s a d_h, the convention of PaLM and Megatron for MFU: the causal mask is not taken off, windows are.

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    layers, predicted_tokens
        Blocks, and further ones that predict further tokens [1].
    attended, heads, score_width
        Keys of a query, heads, and multiply-adds of one head for a pair of tokens [1].
    companion_attention_flop
        Attention FLOP beside the layers [FLOP].
    """
    blocks = layers + predicted_tokens
    return 3.0 * multiply_add * blocks * attended * heads * score_width + companion_attention_flop


@quantity("FLOP", N_("Model compute"), source=_SCALING, path="compute.model_flop", symbol="C")
def model_flop(token_flop: Numeric, tokens: Numeric, later_model_flop: Numeric) -> Numeric:
    """Model FLOP of the run, 6 x weights x tokens: head counted, attention scores not [FLOP].

    Parameters
    ----------
    token_flop
        Model FLOP of one token [FLOP].
    tokens, later_model_flop
        Training tokens, and model FLOP of later phases [1, FLOP].
    """
    return token_flop * tokens + later_model_flop


@quantity(
    "FLOP",
    N_("Model compute with attention scores"),
    source=_PALM,
    path="compute.model_flop_with_attention",
)
def full_model_flop(
    token_flop: Numeric, attention_flop: Numeric, tokens: Numeric, later_full_flop: Numeric
) -> Numeric:
    """Model FLOP of the run with attention scores in full, the convention of MFU [FLOP].

    Parameters
    ----------
    token_flop, attention_flop
        FLOP of one token in weights and in attention scores [FLOP].
    tokens, later_full_flop
        Training tokens, and the same of later phases [1, FLOP].
    """
    return (token_flop + attention_flop) * tokens + later_full_flop


@quantity(
    "FLOP", N_("Recomputed FLOP of a token"), source="arXiv:2205.05198, section 5", path="compute.recomputed"
)
def recomputed_flop(
    recompute: Numeric,
    recompute_share: Numeric,
    recompute_core: Numeric,
    attention_flop: Numeric,
    multiply_add: Numeric,
    layer_products: Numeric,
    companion_flop: Numeric,
) -> Numeric:
    """FLOP of one token that the backward pass computes again [FLOP].

    Parameters
    ----------
    recompute, recompute_share
        0 none, 1 what is selected, 2 whole layers; and the share of layers repeated as a whole [1].
    recompute_core
        1 where the attention core is selected; other selected parts are not counted [1].
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
    return where(recompute >= 2.0, recompute_share * layer, minimum(recompute, 1.0) * recompute_core * core)


@quantity("FLOP", N_("Hardware compute"), source=_PALM, path="compute.hardware_flop")
def hardware_flop(
    full_model_flop: Numeric,
    recomputed_flop: Numeric,
    beside_flop: Numeric,
    tokens: Numeric,
    later_full_flop: Numeric,
    later_hardware_flop: Numeric,
) -> Numeric:
    """FLOP of the run with attention scores and everything that is computed again [FLOP].

    Parameters
    ----------
    full_model_flop
        Model FLOP of the run with attention scores [FLOP].
    recomputed_flop, beside_flop
        FLOP of one token that are computed again, and of other models and generation [FLOP].
    tokens
        Training tokens [1].
    later_full_flop, later_hardware_flop
        Later phases without and with what is computed again [FLOP].
    """
    again = (recomputed_flop + beside_flop) * tokens + later_hardware_flop - later_full_flop
    return full_model_flop + again
