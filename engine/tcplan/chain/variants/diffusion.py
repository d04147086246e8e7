"""Diffusion transformers: patches of a noisy image, and norms whose weights come from time and class."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_DIT = "arXiv:2212.09748, section 3.2"
_WAVES = 256.0


@quantity("1", N_("Sequence"), source=_DIT, path="training.sequence", symbol="s", shown="tokens")
def sequence(image_size: Numeric, patch_size: Numeric) -> Numeric:
    """Tokens of an image: its patches [1].

    Parameters
    ----------
    image_size, patch_size
        Points across a compressed image and across a patch [1].
    """
    across = image_size / patch_size
    return across * across


@quantity("1", N_("Norm weights"), source=_DIT, path="model.norm_width")
def norm_width() -> Numeric:
    """Parameters of one norm: none, they come from the condition [1]."""
    return 0.0


@quantity("1", N_("Output width of the head"), source=_DIT, path="model.head_width")
def head_width(channels: Numeric, patch_size: Numeric) -> Numeric:
    """Values that the last layer gives for each token: noise and its variance in a patch [1].

    Parameters
    ----------
    channels, patch_size
        Values of a compressed point, and points across a patch [1].
    """
    return 2.0 * channels * patch_size * patch_size


@quantity("1", N_("Embedding"), source=_DIT, path="model.embedding_parameters")
def embedding_parameters(head_width: Numeric, hidden: Numeric) -> Numeric:
    """Weights of the output head, twice those of the patch projection [1].

    Parameters
    ----------
    head_width, hidden
        Outputs of a token, and width of the residual stream [1].
    """
    return head_width * hidden


@quantity("1", N_("Weights of the conditioned norms"), source=_DIT, path="model.condition_weights")
def condition_weights(layers: Numeric, hidden: Numeric) -> Numeric:
    """Weights that an image's time and class meet: six vectors for each layer, two at the end [1].

    Parameters
    ----------
    layers, hidden
        Layers, and width of the residual stream [1].
    """
    return (6.0 * layers + 2.0) * hidden * hidden + (_WAVES + hidden) * hidden


@quantity("1", N_("Embedding, head and positions"), source=_DIT, path="model.table_parameters")
def table_parameters(
    embedding_parameters: Numeric, head_width: Numeric, hidden: Numeric, vocabulary: Numeric
) -> Numeric:
    """Patch projection and head with biases, and a vector for each class and for none [1].

    Parameters
    ----------
    embedding_parameters, head_width
        Weights and outputs of the head, twice those of the patch projection [1].
    hidden, vocabulary
        Width of the residual stream, and classes [1].
    """
    return 1.5 * embedding_parameters + head_width + (vocabulary + 2.0) * hidden


@quantity("1", N_("Parameters beside the layers"), source=_DIT, path="model.companion_parameters")
def companion_parameters(
    condition_weights: Numeric, layers: Numeric, hidden: Numeric, extra_parameters: Numeric
) -> Numeric:
    """Weights and biases of the conditioned norms, and what was given as extra [1].

    Parameters
    ----------
    condition_weights, layers, hidden
        Weights of the conditioned norms, layers, and width [1].
    extra_parameters
        What was given as extra [1].
    """
    return condition_weights + (6.0 * layers + 4.0) * hidden + extra_parameters


@quantity(
    "1", N_("Active parameters beside the layers"), source=_DIT, path="model.companion_active_parameters"
)
def companion_active_parameters(
    condition_weights: Numeric, layers: Numeric, hidden: Numeric, extra_active_parameters: Numeric
) -> Numeric:
    """Weights and biases of the conditioned norms, and what was given as extra and active [1].

    Parameters
    ----------
    condition_weights, layers, hidden
        Weights of the conditioned norms, layers, and width [1].
    extra_active_parameters
        What was given as extra [1].
    """
    return condition_weights + (6.0 * layers + 4.0) * hidden + extra_active_parameters


@quantity("FLOP", N_("Forward FLOP beside the layers"), source=_DIT, path="compute.companion_flop")
def companion_flop(
    multiply_add: Numeric,
    condition_weights: Numeric,
    sequence: Numeric,
    embedding_parameters: Numeric,
    extra_forward_flop: Numeric,
) -> Numeric:
    """Forward FLOP of a token beside the layers: its patch, its share of the condition, and extra [FLOP].

    Parameters
    ----------
    multiply_add, extra_forward_flop
        Operations of one multiply-add, and what was given as extra [FLOP].
    condition_weights, sequence
        Weights that an image meets once, and its tokens [1].
    embedding_parameters
        Weights of the head, twice those of the patch projection [1].
    """
    products = condition_weights / sequence + 0.5 * embedding_parameters
    return multiply_add * products + extra_forward_flop
