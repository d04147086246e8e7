"""Residual networks (ResNet): blocks of two convolutions, or of three with a bottleneck."""

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

_RESNET = "arXiv:1512.03385, table 1"
_IMPLICIT = "arXiv:1410.0759, section 3: convolutions as implicit matrix products"


@listed
def products(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    *blocks: Numeric,
) -> list[Product]:
    """Return the convolutions of an image: stem, and the blocks of four stages, each with its batch norm."""
    found = [convolution(1.0, image_size / 2.0, channels, hidden, 7.0, 2.0)]
    narrow = where(expansion > 1.0, 1.0, 0.0)
    wide = 1.0 - narrow
    before = hidden
    for stage, count in enumerate(blocks):
        side = image_size / (4.0 * 2.0**stage)
        inner = hidden * 2.0**stage
        outer = expansion * inner
        first = where(count > 0.0, 1.0, 0.0)
        rest = count - first
        into = side * (2.0 if stage else 1.0)
        found += [
            convolution(narrow * first, into, before, inner, 1.0, 2.0),
            convolution(narrow * rest, side, outer, inner, 1.0, 2.0),
            convolution(narrow * count, side, inner, inner, 3.0, 2.0),
            convolution(narrow * count, side, inner, outer, 1.0, 2.0),
            convolution(wide * first, side, before, inner, 3.0, 2.0),
            convolution(wide * (count + rest), side, inner, inner, 3.0, 2.0),
            convolution(where(before != outer, first, 0.0), side, before, outer, 1.0, 2.0),
        ]
        before = where(count > 0.0, outer, before)
    return found


def last_width(hidden: Numeric, expansion: Numeric, *blocks: Numeric) -> Numeric:
    """Return the channels that the last stage gives."""
    width = hidden
    for stage, count in enumerate(blocks):
        width = where(count > 0.0, expansion * hidden * 2.0**stage, width)
    return width


@quantity("1", N_("Parameters of the blocks"), source=_RESNET, path="model.network_parameters")
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
        Channels of the stem, and outer over inner channels of a block, 1 for plain blocks [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return parameters(products(image_size, channels, hidden, expansion, *blocks))


@quantity("1", N_("Multiply-adds of an image"), source=_RESNET, path="compute.network_products")
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
        Channels of the stem, and outer over inner channels of a block, 1 for plain blocks [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    blocks = (first_blocks, second_blocks, third_blocks, fourth_blocks)
    return multiply_adds(products(image_size, channels, hidden, expansion, *blocks))


@quantity("1", N_("Values that products give"), source=_RESNET, path="model.network_outputs")
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
        Channels of the stem, and outer over inner channels of a block, 1 for plain blocks [1].
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
        Channels of the stem, and outer over inner channels of a block, 1 for plain blocks [1].
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
        Channels of the stem, and outer over inner channels of a block, 1 for plain blocks [1].
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


@quantity("1", N_("Embedding"), source=_RESNET, path="model.embedding_parameters")
def embedding_parameters(
    vocabulary: Numeric,
    hidden: Numeric,
    expansion: Numeric,
    first_blocks: Numeric,
    second_blocks: Numeric,
    third_blocks: Numeric,
    fourth_blocks: Numeric,
) -> Numeric:
    """Weights of the classes' head [1].

    Parameters
    ----------
    vocabulary, hidden, expansion
        Classes, and channels of the stem, and outer over inner channels of a block [1].
    first_blocks, second_blocks, third_blocks, fourth_blocks
        Blocks of each stage [1].
    """
    return vocabulary * last_width(
        hidden, expansion, first_blocks, second_blocks, third_blocks, fourth_blocks
    )


@quantity("1", N_("Embedding, head and positions"), source=_RESNET, path="model.table_parameters")
def table_parameters(embedding_parameters: Numeric, vocabulary: Numeric) -> Numeric:
    """Weights and biases of the classes' head [1].

    Parameters
    ----------
    embedding_parameters, vocabulary
        Weights of the head, and classes [1].
    """
    return embedding_parameters + vocabulary


@quantity("1", N_("Expansion"), source=_RESNET, path="model.expansion")
def expansion() -> Numeric:
    """Inner width over outer, as published [1]."""
    return 4.0
