"""U-Nets of diffusion models: residual blocks and transformer layers, down and up again."""

from tcplan.chain.convolution import backward, forward, multiply_adds, outputs, parameters
from tcplan.chain.quantity import Numeric, quantity
from tcplan.chain.variants.unet_network import attention_pairs, products
from tcplan.language import N_

_UNET = "arXiv:2112.10752, section 3.3 and appendix E"
_IMPLICIT = "arXiv:1410.0759, section 3: convolutions as implicit matrix products"
_FLASH = "arXiv:2205.14135, section 3"


@quantity("1", N_("Parameters of the blocks"), source=_UNET, path="model.network_parameters")
def network_parameters(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Parameters of stem, blocks and what joins them [1].

    Parameters
    ----------
    image_size, channels
        Points across a compressed image, and values of each [1].
    hidden, largest_width, cross_width, cross_sequence
        Channels of the first and of the widest stage, width and length of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage on the way down; one more on the way up [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers behind each block of a stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    attention = (first_attention, second_attention, third_attention, fourth_attention)
    return parameters(
        products(
            image_size, channels, hidden, largest_width, cross_width, cross_sequence, *blocks, *attention
        )
    )


@quantity("1", N_("Multiply-adds of an image"), source=_UNET, path="compute.network_products")
def network_products(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Multiply-adds of one image without the head [1].

    Parameters
    ----------
    image_size, channels
        Points across a compressed image, and values of each [1].
    hidden, largest_width, cross_width, cross_sequence
        Channels of the first and of the widest stage, width and length of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage on the way down; one more on the way up [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers behind each block of a stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    attention = (first_attention, second_attention, third_attention, fourth_attention)
    return multiply_adds(
        products(
            image_size, channels, hidden, largest_width, cross_width, cross_sequence, *blocks, *attention
        )
    )


@quantity("1", N_("Values that products give"), source=_UNET, path="model.network_outputs")
def network_outputs(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Values that all products of one image give [1].

    Parameters
    ----------
    image_size, channels
        Points across a compressed image, and values of each [1].
    hidden, largest_width, cross_width, cross_sequence
        Channels of the first and of the widest stage, width and length of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage on the way down; one more on the way up [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers behind each block of a stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    attention = (first_attention, second_attention, third_attention, fourth_attention)
    return outputs(
        products(
            image_size, channels, hidden, largest_width, cross_width, cross_sequence, *blocks, *attention
        )
    )


@quantity("s", N_("Products of the blocks, forward"), source=_IMPLICIT, path="time.network_forward")
def network_forward(
    local_tokens: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Forward time of all products of one micro-batch [s].

    Parameters
    ----------
    local_tokens, multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        Images on one device, and the law of a matrix product [1, 1/s, 1, 1, s, s].
    image_size, channels
        Points across a compressed image, and values of each [1].
    hidden, largest_width, cross_width, cross_sequence
        Channels of the first and of the widest stage, width and length of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage down, one more up [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers of each block [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    attention = (first_attention, second_attention, third_attention, fourth_attention)
    return forward(
        products(
            image_size, channels, hidden, largest_width, cross_width, cross_sequence, *blocks, *attention
        ),
        local_tokens,
        multiply_rate,
        gemm_half_depth,
        half_area,
        operand_time,
        kernel_time,
    )


@quantity("s", N_("Products of the blocks, backward"), source=_IMPLICIT, path="time.network_backward")
def network_backward(
    local_tokens: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Backward time of all products of one micro-batch [s].

    Parameters
    ----------
    local_tokens, multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        Images on one device, and the law of a matrix product [1, 1/s, 1, 1, s, s].
    image_size, channels
        Points across a compressed image, and values of each [1].
    hidden, largest_width, cross_width, cross_sequence
        Channels of the first and of the widest stage, width and length of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage down, one more up [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers of each block [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    attention = (first_attention, second_attention, third_attention, fourth_attention)
    return backward(
        products(
            image_size, channels, hidden, largest_width, cross_width, cross_sequence, *blocks, *attention
        ),
        local_tokens,
        multiply_rate,
        gemm_half_depth,
        half_area,
        operand_time,
        kernel_time,
    )


@quantity("1", N_("Attention of an image"), source=_UNET, path="compute.attention_products")
def attention_products(
    image_size: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_sequence: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
    first_attention: Numeric,
    second_attention: Numeric,
    third_attention: Numeric,
    fourth_attention: Numeric,
) -> Numeric:
    """Multiply-adds of scores and weighted values of one image [1].

    Parameters
    ----------
    image_size, hidden, largest_width, cross_sequence
        Points across, channels of the first and of the widest stage, and tokens of the condition [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    first_attention, second_attention, third_attention, fourth_attention
        Transformer layers behind each of its blocks [1].
    """
    return attention_pairs(
        image_size,
        hidden,
        largest_width,
        cross_sequence,
        first_blocks,
        second_blocks,
        third_blocks,
        fourth_blocks,
        first_attention,
        second_attention,
        third_attention,
        fourth_attention,
    )


@quantity(
    "FLOP", N_("Attention FLOP beside the layers"), source=_UNET, path="compute.companion_attention_flop"
)
def companion_attention_flop(multiply_add: Numeric, attention_products: Numeric) -> Numeric:
    """FLOP of attention scores of one image, three passes [FLOP].

    Parameters
    ----------
    multiply_add
        Operations of one multiply-add [FLOP].
    attention_products
        Multiply-adds of scores and weighted values [1].
    """
    return 3.0 * multiply_add * attention_products


@quantity("s", N_("Attention, forward"), source=_FLASH, path="time.attention_forward")
def attention_forward(
    local_tokens: Numeric,
    attention_products: Numeric,
    layers: Numeric,
    multiply_add: Numeric,
    wide_peak: Numeric,
    attention_share: Numeric,
) -> Numeric:
    """Forward time of the fused attention cores of an average block [s].

    Parameters
    ----------
    local_tokens, attention_products, layers
        Images on one device, multiply-adds of each in attention cores, and blocks [1].
    multiply_add
        Operations of one multiply-add [FLOP].
    wide_peak, attention_share
        16-bit peak, and the share that the kernel reaches [FLOP/s, 1].
    """
    work = multiply_add * local_tokens * attention_products / layers
    return work / (wide_peak * attention_share)


@quantity("s", N_("Computing, forward"), source=_IMPLICIT, path="time.compute_forward")
def compute_forward(
    network_forward: Numeric,
    layers: Numeric,
    attention_forward: Numeric,
    traffic_forward: Numeric,
    companion_forward: Numeric,
) -> Numeric:
    """Device time of an average block and micro-batch, forward [s].

    Parameters
    ----------
    network_forward, layers
        Products of all blocks, and their number [s, 1].
    attention_forward, traffic_forward, companion_forward
        Attention cores, norms and activation functions, and what was given as extra [s].
    """
    return network_forward / layers + attention_forward + traffic_forward + companion_forward


@quantity("s", N_("Computing, backward"), source=_IMPLICIT, path="time.compute_backward")
def compute_backward(
    network_backward: Numeric,
    layers: Numeric,
    attention_forward: Numeric,
    traffic_forward: Numeric,
    companion_backward: Numeric,
) -> Numeric:
    """Device time of an average block and micro-batch, backward [s].

    Parameters
    ----------
    network_backward, layers
        Products of all blocks, and their number [s, 1].
    attention_forward, traffic_forward, companion_backward
        Forward times of attention cores and of norms, and what was given as extra [s].
    """
    cores = 3.125 * attention_forward
    return network_backward / layers + cores + 1.6 * traffic_forward + companion_backward


@quantity("1", N_("Embedding"), source=_UNET, path="model.embedding_parameters")
def embedding_parameters() -> Numeric:
    """Weights of a head of classes: none, the last convolution gives an image [1]."""
    return 0.0


@quantity("1", N_("Output width of the head"), source=_UNET, path="model.head_width")
def head_width() -> Numeric:
    """Classes of a head: none [1]."""
    return 0.0


@quantity("1", N_("Embedding, head and positions"), source=_UNET, path="model.table_parameters")
def table_parameters() -> Numeric:
    """Parameters of a head of classes: none [1]."""
    return 0.0


@quantity("1", N_("Largest width"), source=_UNET, path="model.largest_width")
def largest_width(hidden: Numeric) -> Numeric:
    """Channels of the widest stage, four times those of the first [1].

    Parameters
    ----------
    hidden
        Channels of the first stage [1].
    """
    return 4.0 * hidden
