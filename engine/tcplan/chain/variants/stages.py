"""Networks in stages of convolutions: an image is one token, a block is one layer.

What a block is, the variants `residual`, `convnext` and `unet` say.
"""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_IMAGE = "definition: one image is one token"
_NONE = "definition: none in a network of convolutions"
_IMPLICIT = "arXiv:1410.0759, section 3: convolutions as implicit matrix products"


@quantity("1", N_("Sequence"), source=_IMAGE, path="training.sequence", symbol="s", shown="tokens")
def sequence() -> Numeric:
    """Tokens of an image: the whole image counts as one [1]."""
    return 1.0


@quantity("1", N_("Layers"), source="definition: its blocks", path="model.layers", symbol="L")
def layers(
    first_blocks: Numeric, second_blocks: Numeric, third_blocks: Numeric, fourth_blocks: Numeric
) -> Numeric:
    """Blocks of all stages [1].

    Parameters
    ----------
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each [1].
    """
    return first_blocks + second_blocks + third_blocks + fourth_blocks


@quantity("1", N_("Feed-forward parameters"), source=_NONE, path="model.feed_forward_parameters")
def feed_forward_parameters() -> Numeric:
    """Feed-forward parameters apart from those of the blocks [1]."""
    return 0.0


@quantity(
    "1",
    N_("Parameters outside the feed-forward layers"),
    source="definition: blocks and head",
    path="model.other_parameters",
)
def other_parameters(network_parameters: Numeric, table_parameters: Numeric) -> Numeric:
    """Parameters of blocks and head [1].

    Parameters
    ----------
    network_parameters, table_parameters
        Parameters of the blocks with what joins them, and of the head [1].
    """
    return network_parameters + table_parameters


@quantity(
    "1", N_("Layer weights that a token is multiplied with"), source=_IMAGE, path="compute.layer_products"
)
def layer_products(network_products: Numeric) -> Numeric:
    """Multiply-adds of one image without the head [1].

    Parameters
    ----------
    network_products
        Multiply-adds of one image in the blocks [1].
    """
    return network_products


@quantity("FLOP", N_("Attention FLOP of a token"), source=_NONE, path="compute.attention_flop")
def attention_flop(companion_attention_flop: Numeric) -> Numeric:
    """FLOP of attention scores of one image, three passes [FLOP].

    Parameters
    ----------
    companion_attention_flop
        Those of the attention inside of blocks, 0 without any [FLOP].
    """
    return companion_attention_flop


@quantity("s", N_("Attention, forward"), source=_NONE, path="time.attention_forward")
def attention_forward() -> Numeric:
    """Time of an attention core apart from the blocks [s]."""
    return 0.0


@quantity(
    "s",
    N_("Element-wise kernels, forward"),
    source="arXiv:2007.00072: element-wise kernels are bound by memory; planning value: passes",
    path="time.traffic_forward",
)
def traffic_forward(
    element_bytes: Numeric,
    local_tokens: Numeric,
    network_outputs: Numeric,
    layers: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Norms, activation functions and sums of an average block, six and a half passes over each output [s].

    A norm reads twice and writes once, an activation function reads and writes, and a sum, which every second
    output meets, reads two and writes one.

    Parameters
    ----------
    element_bytes, local_tokens
        Bytes of a number, and images on one device [B, 1].
    network_outputs, layers
        Values that the products of an image give, and blocks [1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    """
    return 6.5 * element_bytes * local_tokens * network_outputs / (layers * memory_rate) + 6.0 * kernel_time


@quantity("s", N_("Computing, forward"), source=_IMPLICIT, path="time.compute_forward")
def compute_forward(
    network_forward: Numeric, layers: Numeric, traffic_forward: Numeric, companion_forward: Numeric
) -> Numeric:
    """Device time of an average block and micro-batch, forward [s].

    Parameters
    ----------
    network_forward, layers
        Products of all blocks, and their number [s, 1].
    traffic_forward, companion_forward
        Norms and activation functions, and what was given as extra [s].
    """
    return network_forward / layers + traffic_forward + companion_forward


@quantity("s", N_("Computing, backward"), source=_IMPLICIT, path="time.compute_backward")
def compute_backward(
    network_backward: Numeric, layers: Numeric, traffic_forward: Numeric, companion_backward: Numeric
) -> Numeric:
    """Device time of an average block and micro-batch, backward [s].

    Parameters
    ----------
    network_backward, layers
        Products of all blocks, and their number [s, 1].
    traffic_forward, companion_backward
        Forward time of norms and activation functions, and what was given as extra [s].
    """
    return network_backward / layers + 1.6 * traffic_forward + companion_backward


@quantity("s", N_("Context parallel, forward"), source=_NONE, path="time.context_forward")
def context_forward() -> Numeric:
    """Time of passing keys and values on [s]."""
    return 0.0


@quantity("s", N_("Context parallel, backward"), source=_NONE, path="time.context_backward")
def context_backward() -> Numeric:
    """Time of passing keys and values on [s]."""
    return 0.0


@quantity("s", N_("Output head"), source=_IMPLICIT, path="time.head")
def head_time(
    local_tokens: Numeric, embedding_parameters: Numeric, multiply_rate: Numeric, kernel_time: Numeric
) -> Numeric:
    """Forward and backward time of the classes' head, a small part of the network [s].

    Parameters
    ----------
    local_tokens, embedding_parameters
        Images on one device, and weights of the head [1].
    multiply_rate, kernel_time
        Multiply-adds in a second, and fixed time of a kernel [1/s, s].
    """
    return 3.0 * (local_tokens * embedding_parameters / multiply_rate + kernel_time)


@quantity("1", N_("Parameters of a layer"), source="definition", path="memory.layer_parameters")
def layer_parameters(network_parameters: Numeric, companion_parameters: Numeric, layers: Numeric) -> Numeric:
    """Parameters of an average block [1].

    Parameters
    ----------
    network_parameters, companion_parameters, layers
        Parameters of all blocks, those given as extra, and blocks [1].
    """
    return (network_parameters + companion_parameters) / layers


@quantity("1", N_("Residual width"), source=_IMPLICIT, path="memory.residual_width")
def residual_width(network_outputs: Numeric, layers: Numeric) -> Numeric:
    """Values of an image that enter an average block: a third of what its products give [1].

    Parameters
    ----------
    network_outputs, layers
        Values that the products of an image give, and blocks [1].
    """
    return network_outputs / (3.0 * layers)


@quantity("B", N_("Attention scores kept"), source=_NONE, path="memory.score_activation")
def score_activation() -> Numeric:
    """Bytes of an attention core kept for an image and block [B]."""
    return 0.0


@quantity("B", N_("Gradient of attention scores"), source=_NONE, path="memory.score_gradient")
def score_gradient() -> Numeric:
    """Bytes of the gradient of attention scores for an image at work [B]."""
    return 0.0


@quantity("B", N_("Activations of a token and layer"), source=_IMPLICIT, path="memory.token_activation")
def token_activation(element_bytes: Numeric, network_outputs: Numeric, layers: Numeric) -> Numeric:
    """Bytes kept for an image in an average block: the output of each product, before and after its norm [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    network_outputs, layers
        Values that the products of an image give, and blocks [1].
    """
    return 2.0 * element_bytes * network_outputs / layers


@quantity("1", N_("Positions of the head"), source=_IMAGE, path="compute.head_share")
def head_share(embedding_parameters: Numeric) -> Numeric:
    """1 where the network has a head of classes, else 0.

    Parameters
    ----------
    embedding_parameters
        Weights of the head [1].
    """
    return where(embedding_parameters > 0.0, 1.0, 0.0)
