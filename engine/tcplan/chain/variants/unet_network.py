"""The products of an image in the U-Net of a diffusion model."""

from tcplan.chain.convolution import Product, convolution, listed, widths
from tcplan.chain.elementwise import maximum, where
from tcplan.chain.quantity import Numeric


@listed
def products(
    image_size: Numeric,
    channels: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
    *stages: Numeric,
) -> list[Product]:
    """Return the products of an image: stages down, the middle, stages up with what they get across."""
    blocks, depths = stages[:4], stages[4:]
    width = widths(hidden, largest_width)
    time = 4.0 * hidden
    condition = (cross_width, cross_sequence)
    found = [
        convolution(1.0, image_size, channels, hidden, 3.0, 1.0),
        Product(1.0, 1.0, time, hidden + time, 1.0, 2.0 * time),
        convolution(1.0, image_size, hidden, channels, 3.0, 1.0),
        Product(1.0, 1.0, 0.0 * hidden, 0.0 * hidden, 1.0, 2.0 * hidden),
    ]
    bottom, side_below = width[0], image_size
    for stage, count in enumerate(blocks):
        side = image_size / 2.0**stage
        one = where(count > 0.0, 1.0, 0.0)
        below = where(blocks[stage + 1] > 0.0, 1.0, 0.0) if stage < 3 else 0.0 * one
        before = width[max(stage - 1, 0)]
        after = where(below > 0.0, width[min(stage + 1, 3)], width[stage])
        # The first block widens; up, the last one gets what came from the stage above across.
        found += _residual(one, side, before, width[stage], time)
        found += _residual(count - one, side, width[stage], width[stage], time)
        found += _residual(one, side, after + width[stage], width[stage], time)
        found += _residual(maximum(count - 1.0, 0.0), side, 2.0 * width[stage], width[stage], time)
        found += _residual(one, side, width[stage] + before, width[stage], time)
        found += _transformer((2.0 * count + 1.0) * one, depths[stage], side, width[stage], *condition)
        found.append(convolution(below, side / 2.0, width[stage], width[stage], 3.0, 1.0))
        found.append(convolution(below, side, after, after, 3.0, 1.0))
        bottom = where(one > 0.0, width[stage], bottom)
        side_below = where(one > 0.0, side, side_below)
    deepest = maximum(maximum(depths[0], depths[1]), maximum(depths[2], depths[3]))
    found += _residual(2.0, side_below, bottom, bottom, time)
    return [*found, *_transformer(1.0, deepest, side_below, bottom, *condition)]


def _residual(count: Numeric, side: Numeric, before: Numeric, after: Numeric, time: Numeric) -> list[Product]:
    """Return a block: two convolutions with norms, the time step, and the way round where widths differ."""
    round_it = where(before != after, count, 0.0 * count)
    return [
        convolution(count, side, before, after, 3.0, 1.0),
        Product(count, 1.0, after, time, 1.0, 3.0 * after + 2.0 * before),
        convolution(count, side, after, after, 3.0, 1.0),
        convolution(round_it, side, before, after, 1.0, 1.0),
    ]


def _transformer(
    count: Numeric,
    depth: Numeric,
    side: Numeric,
    width: Numeric,
    cross_width: Numeric,
    cross_sequence: Numeric,
) -> list[Product]:
    """Return transformer layers: self attention, attention to the condition, and a gated feed-forward."""
    around = count * where(depth > 0.0, 1.0, 0.0)
    each = count * depth
    return [
        convolution(2.0 * around, side, width, width, 1.0, 2.0),
        convolution(each, side, width, 3.0 * width, 1.0, 0.0),
        convolution(2.0 * each, side, width, width, 1.0, 4.0),
        convolution(each, side, width, width, 1.0, 0.0),
        Product(each, cross_sequence, 2.0 * width, cross_width, 1.0, 0.0 * width),
        convolution(each, side, width, 8.0 * width, 1.0, 1.0),
        convolution(each, side, 4.0 * width, width, 1.0, 1.0),
    ]


def attention_pairs(
    image_size: Numeric,
    hidden: Numeric,
    largest_width: Numeric,
    cross_sequence: Numeric,
    *stages: Numeric,
) -> Numeric:
    """Return the multiply-adds of scores and weighted values of one image."""
    blocks, depths = stages[:4], stages[4:]
    deepest = maximum(maximum(depths[0], depths[1]), maximum(depths[2], depths[3]))
    total: Numeric = 0.0
    middle: Numeric = 0.0
    for stage, width in enumerate(widths(hidden, largest_width)):
        positions = (image_size / 2.0**stage) ** 2.0
        present = where(blocks[stage] > 0.0, 1.0, 0.0)
        one = 2.0 * width * positions * (positions + cross_sequence)
        total = total + present * (2.0 * blocks[stage] + 1.0) * depths[stage] * one
        middle = where(present > 0.0, deepest * one, middle)
    return total + middle
