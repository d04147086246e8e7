"""Speech: convolutions make tokens of sound, an encoder of plain or Conformer layers, perhaps a decoder."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_FRONT = "arXiv:2212.04356, section 2.2 (spectrogram); arXiv:2006.11477, section 4.2 (waveform)"
_CONFORMER = "arXiv:2005.08100, section 2"
# Seven convolutions of 512 channels with steps of 5, 2, 2, 2, 2, 2, 2 and 10, 3, 3, 3, 3, 2, 2 taps.
_WIDTH = 512.0
_WAVE_WEIGHTS = 10.0 * _WIDTH + (4.0 * 3.0 + 2.0 * 2.0) * _WIDTH * _WIDTH
_WAVE_VECTORS = 7.0 * 3.0 * _WIDTH + 2.0 * _WIDTH
_WAVE_PRODUCTS = 64.0 * 10.0 * _WIDTH + (60.0 * 3.0 + 3.0 * 2.0) * _WIDTH * _WIDTH
# A convolution of 128 taps in 16 groups tells positions apart.
_POSITION_TAPS = 128.0 / 16.0


@quantity("1", N_("Parameters of the front end"), source=_FRONT, path="model.front_parameters")
def front_parameters(front: Numeric, channels: Numeric, hidden: Numeric) -> Numeric:
    """Parameters of the convolutions that make tokens of sound, norms and biases included [1].

    Parameters
    ----------
    front
        0 for two convolutions of a spectrogram, 1 for seven of the waveform and one for positions.
    channels, hidden
        Bands of the spectrogram, and width of the encoder [1].
    """
    bands = 3.0 * channels * hidden + 3.0 * hidden * hidden + 2.0 * hidden
    projection = (_WIDTH + 1.0) * hidden
    wave = _WAVE_WEIGHTS + _WAVE_VECTORS + projection + (_POSITION_TAPS * hidden + 1.0) * hidden
    return where(front >= 1.0, wave, bands)


@quantity("1", N_("Multiply-adds of the front end"), source=_FRONT, path="compute.front_products")
def front_products(front: Numeric, channels: Numeric, hidden: Numeric) -> Numeric:
    """Multiply-adds in the front end for one token of the encoder [1].

    Parameters
    ----------
    front
        0 for two convolutions of a spectrogram (the first at twice the positions), 1 for the waveform.
    channels, hidden
        Bands of the spectrogram, and width of the encoder [1].
    """
    bands = 6.0 * channels * hidden + 3.0 * hidden * hidden
    wave = _WAVE_PRODUCTS + _WIDTH * hidden + _POSITION_TAPS * hidden * hidden
    return where(front >= 1.0, wave, bands)


@quantity("1", N_("Weights that a Conformer layer adds"), source=_CONFORMER, path="model.conformer_weights")
def conformer_weights(
    block: Numeric, hidden: Numeric, feed_forward: Numeric, gated: Numeric, convolution: Numeric
) -> Numeric:
    """Weights of a layer beside attention and one feed-forward: the other half, convolution, positions [1].

    Parameters
    ----------
    block
        0 for a plain layer, 1 for a Conformer layer.
    hidden, feed_forward, gated, convolution
        Widths, 1 when gated, and taps of the convolution in the layer [1].
    """
    half = (2.0 + gated) * hidden * feed_forward
    return block * (half + 4.0 * hidden * hidden + convolution * hidden)


@quantity("1", N_("Vectors that a Conformer layer adds"), source=_CONFORMER, path="model.conformer_vectors")
def conformer_vectors(block: Numeric, hidden: Numeric, feed_forward: Numeric, norm: Numeric) -> Numeric:
    """Biases and norms of a layer beside those of attention and one feed-forward [1].

    Parameters
    ----------
    block
        0 for a plain layer, 1 for a Conformer layer.
    hidden, feed_forward, norm
        Widths, and 1 for layer norm.
    """
    norms = 3.0 * (1.0 + norm) * hidden + 2.0 * hidden
    return block * (norms + feed_forward + 7.0 * hidden)


@quantity("1", N_("Embedding, head and positions"), source=_FRONT, path="model.table_parameters")
def table_parameters(
    front_parameters: Numeric, embedding_parameters: Numeric, learned_positions: Numeric, hidden: Numeric
) -> Numeric:
    """Front end, embedding shared with the head, and learned positions [1].

    Parameters
    ----------
    front_parameters, embedding_parameters
        Parameters of the front end, and of the embedding [1].
    learned_positions, hidden
        Length and width of the table of positions [1].
    """
    return front_parameters + embedding_parameters + learned_positions * hidden


@quantity("1", N_("Parameters beside the layers"), source=_CONFORMER, path="model.companion_parameters")
def companion_parameters(
    second_parameters: Numeric,
    layers: Numeric,
    conformer_weights: Numeric,
    conformer_vectors: Numeric,
    extra_parameters: Numeric,
) -> Numeric:
    """Parameters of the decoder, what Conformer layers add, and what was given as extra [1].

    Parameters
    ----------
    second_parameters, layers
        Parameters of the second stack, and layers of the first [1].
    conformer_weights, conformer_vectors, extra_parameters
        What a Conformer layer adds, and what was given as extra [1].
    """
    return second_parameters + layers * (conformer_weights + conformer_vectors) + extra_parameters


@quantity(
    "1",
    N_("Active parameters beside the layers"),
    source=_CONFORMER,
    path="model.companion_active_parameters",
)
def companion_active_parameters(
    second_parameters: Numeric,
    layers: Numeric,
    conformer_weights: Numeric,
    conformer_vectors: Numeric,
    extra_active_parameters: Numeric,
) -> Numeric:
    """Parameters of the decoder, what Conformer layers add, and what was given as extra and active [1].

    Parameters
    ----------
    second_parameters, layers
        Parameters of the second stack, and layers of the first [1].
    conformer_weights, conformer_vectors, extra_active_parameters
        What a Conformer layer adds, and what was given as extra [1].
    """
    return second_parameters + layers * (conformer_weights + conformer_vectors) + extra_active_parameters


@quantity("FLOP", N_("Forward FLOP beside the layers"), source=_CONFORMER, path="compute.companion_flop")
def companion_flop(
    multiply_add: Numeric,
    second_flop: Numeric,
    layers: Numeric,
    conformer_weights: Numeric,
    front_products: Numeric,
    extra_forward_flop: Numeric,
) -> Numeric:
    """Forward FLOP of a token beside the layers: front end, decoder, Conformer parts and extra [FLOP].

    Parameters
    ----------
    multiply_add, second_flop, extra_forward_flop
        One multiply-add, forward FLOP of the second stack, and what was given as extra [FLOP].
    layers, conformer_weights, front_products
        Layers, what a Conformer layer adds, and multiply-adds of the front end [1].
    """
    return second_flop + multiply_add * (layers * conformer_weights + front_products) + extra_forward_flop


@quantity("1", N_("Positions of the head"), source=_FRONT, path="compute.head_share")
def head_share(second_layers: Numeric, second_share: Numeric) -> Numeric:
    """Positions that pass the output head, for each token: those of the decoder where there is one [1].

    Parameters
    ----------
    second_layers, second_share
        Layers of the decoder, and its tokens for each of the encoder [1].
    """
    return where(second_layers > 0.0, second_share, 1.0)
