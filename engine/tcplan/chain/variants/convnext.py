"""ConvNeXt: blocks of a depthwise convolution and two products, in four stages."""

from tcplan.chain.convolution import (
    Product,
    backward,
    convolution,
    forward,
    listed,
    multiply_adds,
    outputs,
    parameters,
)
from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_CONVNEXT = "arXiv:2201.03545, section 2"
_IMPLICIT = "arXiv:1410.0759, section 3: convolutions as implicit matrix products"
_TAPS = 49.0


@listed
def products(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    *blocks: Numeric,
) -> list[Product]:
    """Return the convolutions of an image: stem, blocks of four stages, and what joins these, with norms."""
    found = [convolution(1.0, image_size / 4.0, channels, hidden, 4.0, 3.0)]
    last = hidden
    for stage, count in enumerate(blocks):
        side = image_size / (4.0 * 2.0**stage)
        width = hidden * 2.0**stage
        inner = expansion * width
        if stage:
            join = where(count > 0.0, 1.0, 0.0)
            # The norm before the join is half as wide as what the join gives.
            found.append(convolution(join, side, 0.5 * width, width, 2.0, 2.0))
        found += [
            # Each channel by itself; bias, norm and the scale of the layer beside it.
            Product(count, side * side, width, _TAPS, _TAPS, 4.0 * width),
            convolution(count, side, width, inner, 1.0, 1.0),
            convolution(count, side, inner, width, 1.0, 1.0),
        ]
        last = where(count > 0.0, width, last)
    return [*found, Product(1.0, 1.0, 0.0 * last, 0.0 * last, 1.0, 2.0 * last)]


def last_width(hidden: Numeric, *blocks: Numeric) -> Numeric:
    """Return the channels of the last stage."""
    width = hidden
    for stage, count in enumerate(blocks):
        width = where(count > 0.0, hidden * 2.0**stage, width)
    return width


@quantity("1", N_("Parameters of the blocks"), source=_CONVNEXT, path="model.network_parameters")
def network_parameters(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Parameters of stem, blocks and what joins them [1].

    Parameters
    ----------
    image_size, channels
        Points across an image, and its colours [1].
    hidden, expansion
        Channels of the first stage, and inner over outer channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return parameters(products(image_size, channels, hidden, expansion, *blocks))


@quantity("1", N_("Multiply-adds of an image"), source=_CONVNEXT, path="compute.network_products")
def network_products(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Multiply-adds of one image without the head [1].

    Parameters
    ----------
    image_size, channels
        Points across an image, and its colours [1].
    hidden, expansion
        Channels of the first stage, and inner over outer channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return multiply_adds(products(image_size, channels, hidden, expansion, *blocks))


@quantity("1", N_("Values that products give"), source=_CONVNEXT, path="model.network_outputs")
def network_outputs(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Values that all products of one image give [1].

    Parameters
    ----------
    image_size, channels
        Points across an image, and its colours [1].
    hidden, expansion
        Channels of the first stage, and inner over outer channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return outputs(products(image_size, channels, hidden, expansion, *blocks))


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
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Forward time of all products of one micro-batch [s].

    Parameters
    ----------
    local_tokens
        Images on one device [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    image_size, channels
        Points across an image, and its colours [1].
    hidden, expansion
        Channels of the first stage, and inner over outer channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return forward(
        products(image_size, channels, hidden, expansion, *blocks),
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
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Backward time of all products of one micro-batch [s].

    Parameters
    ----------
    local_tokens
        Images on one device [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    image_size, channels
        Points across an image, and its colours [1].
    hidden, expansion
        Channels of the first stage, and inner over outer channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return backward(
        products(image_size, channels, hidden, expansion, *blocks),
        local_tokens,
        multiply_rate,
        gemm_half_depth,
        half_area,
        operand_time,
        kernel_time,
    )


@quantity("1", N_("Embedding"), source=_CONVNEXT, path="model.embedding_parameters")
def embedding_parameters(
    vocabulary: Numeric,
    hidden: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Weights of the classes' head [1].

    Parameters
    ----------
    vocabulary, hidden
        Classes, and channels of the first stage [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    return vocabulary * last_width(hidden, first_blocks, second_blocks, third_blocks, fourth_blocks)


@quantity("1", N_("Embedding, head and positions"), source=_CONVNEXT, path="model.table_parameters")
def table_parameters(embedding_parameters: Numeric, vocabulary: Numeric) -> Numeric:
    """Weights and biases of the classes' head [1].

    Parameters
    ----------
    embedding_parameters, vocabulary
        Weights of the head, and classes [1].
    """
    return embedding_parameters + vocabulary


@quantity("1", N_("Expansion"), source=_CONVNEXT, path="model.expansion")
def expansion() -> Numeric:
    """Inner width over outer, as published [1]."""
    return 4.0
