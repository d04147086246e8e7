"""Networks of convolutions for small devices: MobileNet and EfficientNet."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from tcplan.language import _
from tcplan.reading.huggingface.census import NOTHING, Census, convolution, linear
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.entry import Entry
from tcplan.reading.huggingface.stack import labels
from tcplan.reading.huggingface.stages import batch_normed
from tcplan.reading.reading import ReadingError

FIRST, LAST = 32, 1280
"""Channels of the first and of the last convolution at the usual width."""
MOST_BLOCKS = 2000


def rounded(channels: float, step: float, least: float) -> int:
    """Return channels as a multiple of a step, never below nine tenths of them."""
    count = max(least, int(channels + step / 2) // step * step)
    return int(count + step if count < 0.9 * channels else count)


def mobilenet_v1(config: Config) -> tuple[Census, float]:
    """Return the first MobileNet, whose layers look at places and at channels in turn, and its last width."""
    depth, wide = FIRST, max(int(FIRST * config.depth_multiplier), config.min_depth)
    whole = batch_normed(config.num_channels, wide, 9)
    for wider in (1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0):
        inputs = wide
        depth *= 1 + wider
        wide = max(int(depth * config.depth_multiplier), config.min_depth)
        whole += batch_normed(inputs, inputs, 9, inputs) + batch_normed(inputs, wide, 1)
    return whole, wide


def mobilenet_v2(config: Config) -> tuple[Census, float]:
    """Return the second MobileNet, whose layers are wide between narrow ends, and its last width."""
    step, least = _step(config.depth_divisible_by), config.min_depth

    def scaled(channels: float) -> int:
        return rounded(round(channels * config.depth_multiplier), step, least)

    stem = scaled(FIRST)
    ends = [scaled(one) for one in (16, *[24] * 2, *[32] * 3, *[64] * 4, *[96] * 3, *[160] * 3, 320)]
    whole = batch_normed(config.num_channels, stem, 9) + batch_normed(stem, stem, 9, stem)
    whole += batch_normed(stem, ends[0], 1)
    if not config.first_layer_is_expansion:
        whole += batch_normed(stem, stem, 1)
    for inputs, outputs in pairwise(ends):
        inner = rounded(round(inputs * config.expand_ratio), step, least)
        whole += batch_normed(inputs, inner, 1) + batch_normed(inner, inner, 9, inner)
        whole += batch_normed(inner, outputs, 1)
    last = LAST if config.finegrained_output and config.depth_multiplier < 1 else scaled(LAST)
    return whole + batch_normed(ends[-1], last, 1), last


def efficientnet(config: Config) -> tuple[Census, float]:
    """Return EfficientNet, whose layers squeeze and excite, and its last width."""
    step = _step(config.depth_divisor)

    def scaled(channels: float) -> int:
        return rounded(channels * config.width_coefficient, step, step)

    names = ("in_channels", "out_channels", "kernel_sizes", "expand_ratios", "num_block_repeats")
    rows = list(zip(*(config.numbers(name) for name in names), strict=False))
    if sum(config.depth_coefficient * row[-1] for row in rows) > MOST_BLOCKS:
        raise ReadingError(_("{key} is beyond what a model can have").format(key="num_block_repeats"))
    whole, outputs = batch_normed(config.num_channels, scaled(FIRST), 9), scaled(FIRST)
    for inputs, ends, taps, expansion, repeats in rows:
        wide, outputs = scaled(inputs), scaled(ends)
        for _place in range(ceil(config.depth_coefficient * repeats)):
            inner = wide * expansion
            small = max(1, int(wide * config.squeeze_expansion_ratio))
            whole += batch_normed(wide, inner, 1) if expansion != 1 else NOTHING
            whole += batch_normed(inner, inner, taps * taps, inner) + batch_normed(inner, outputs, 1)
            whole += convolution(inner, small, 1) + convolution(small, inner, 1)
            wide = outputs
    return whole + batch_normed(outputs, scaled(LAST), 1), config.hidden_dim


def _step(step: float) -> float:
    if step < 1:
        raise ReadingError(_("{key} is no size").format(key="depth_divisor"))
    return step


@dataclass(frozen=True, slots=True)
class Small:
    """A network by its own count of weights and of its last width."""

    body: Callable[[Config], tuple[Census, float]]

    def count(self, config: Config, purpose: str) -> Census:
        """Return the network with a classifier where its purpose asks for one."""
        whole, last = self.body(config)
        if purpose in ("images", "", "words", "classes"):
            whole += linear(last, labels(config), 1)
        return whole.known_as(family="encoder", masked_share=1, layers=1, hidden=FIRST, norm="layernorm")


SMALL: dict[str, Entry] = {
    "mobilenet_v1": Small(mobilenet_v1),
    "mobilenet_v2": Small(mobilenet_v2),
    "efficientnet": Small(efficientnet),
}
