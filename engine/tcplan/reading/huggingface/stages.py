"""Networks of stages that grow wider and coarser: convolutions and windowed attention."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import nan

from tcplan.reading.huggingface.census import NOTHING, Census, convolution, layernorm, linear, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.stack import labels


def batch_normed(inputs: float, outputs: float, taps: float, groups: float = 1) -> Census:
    """Return a convolution without bias and the batch norm behind it."""
    return convolution(inputs, outputs, taps, 0, groups) + vector(2 * outputs)


def resnet(config: Config) -> Census:
    """Return ResNet."""
    widths, depths = config.numbers("hidden_sizes"), config.numbers("depths")
    narrow = config.text("layer_type", "bottleneck") == "bottleneck"
    whole = batch_normed(config.num_channels, config.embedding_size, 49)
    inputs = config.embedding_size
    for index, (width, depth) in enumerate(zip(widths, depths, strict=False)):
        coarser = index > 0 or config.get("downsample_in_first_stage")
        for place in range(int(depth)):
            inner = width // 4
            if place == 0 and (inputs != width or coarser):
                whole += batch_normed(inputs, width, 1)
            if narrow:
                whole += batch_normed(inputs, inner, 1) + batch_normed(inner, inner, 9)
                whole += batch_normed(inner, width, 1)
            else:
                whole += batch_normed(inputs, width, 9) + batch_normed(width, width, 9)
            inputs = width
    return whole


def regnet(config: Config) -> Census:
    """Return RegNet, with squeeze and excitation in its layers of the kind y."""
    widths, depths = config.numbers("hidden_sizes"), config.numbers("depths")
    squeezed = config.text("layer_type", "y") == "y"
    whole, inputs = batch_normed(config.num_channels, config.embedding_size, 9), config.embedding_size
    for width, depth in zip(widths, depths, strict=False):
        for place in range(int(depth)):
            groups = max(1, width // config.groups_width)
            if place == 0:
                whole += batch_normed(inputs, width, 1)
            whole += batch_normed(inputs, width, 1) + batch_normed(width, width, 9, groups)
            whole += batch_normed(width, width, 1)
            if squeezed:
                small = round(inputs / 4)
                whole += convolution(width, small, 1) + convolution(small, width, 1)
            inputs = width
    return whole


def convnext(config: Config) -> Census:
    """Return ConvNeXt, of which the second version norms responses in place of scaling layers."""
    second = config.kind == "convnextv2"
    stages = config.get("num_stages", 4)
    widths = config.numbers("hidden_sizes") or [96, 192, 384, 768][: int(stages)]
    depths = config.numbers("depths") or [3, 3, 9, 3][: int(stages)]
    patch = config.patch_size
    whole = convolution(config.num_channels, widths[0], patch * patch) + layernorm(widths[0])
    inputs = widths[0]
    for index, (width, depth) in enumerate(zip(widths, depths, strict=False)):
        if index:
            whole += layernorm(inputs) + convolution(inputs, width, 4)
        one = convolution(width, width, 49, 1, width) + layernorm(width)
        one += linear(width, 4 * width, 1) + linear(4 * width, width, 1)
        scaled = config.get("layer_scale_init_value") > 0
        one += vector(8 * width if second else width if scaled else 0)
        whole += one * depth
        inputs = width
    return whole + layernorm(inputs)


def dinov3_convnext(config: Config) -> Census:
    """Return the ConvNeXt of DINOv3."""
    widths = config.numbers("hidden_sizes") or [96, 192, 384, 768]
    depths = config.numbers("depths") or [3, 3, 9, 3]
    whole, inputs = convolution(config.num_channels, widths[0], 16) + layernorm(widths[0]), widths[0]
    for index, (width, depth) in enumerate(zip(widths, depths, strict=False)):
        if index:
            whole += layernorm(inputs) + convolution(inputs, width, 4)
        one = convolution(width, width, 49, 1, width) + layernorm(width) + vector(width)
        whole += (one + linear(width, 4 * width, 1) + linear(4 * width, width, 1)) * depth
        inputs = width
    return whole + layernorm(inputs)


def swin(config: Config) -> Census:
    """Return Swin, of which the second version makes its biases of positions with a small network."""
    c, second = config, config.kind == "swinv2"
    heads, depths, patch = c.numbers("num_heads"), c.numbers("depths"), c.size("patch_size")
    width = c.embed_dim
    whole = convolution(c.num_channels, width, patch * patch) + layernorm(width)
    if c.get("use_absolute_embeddings"):
        whole += table((c.size("image_size") // patch) ** 2, width)
    for index, (depth, count) in enumerate(zip(depths, heads, strict=False)):
        one = linear(width, width) * 3 + linear(width, width, 1) + layernorm(width) * 2
        one += vector((2 if second else 3) * width if c.qkv_bias else 0)
        inner = int(c.mlp_ratio * width)
        one += linear(width, inner, 1) + linear(inner, width, 1)
        if second:
            one += linear(2, 512, 1) + linear(512, count) + vector(count)
        else:
            one += vector((2 * c.window_size - 1) ** 2 * count)
        whole += one * depth
        if index < len(depths) - 1:
            whole += linear(4 * width, 2 * width) + layernorm(2 * width if second else 4 * width)
            width *= 2
    return whole + layernorm(width)


def segformer(config: Config) -> Census:
    """Return the encoder of SegFormer."""
    c, whole, inputs = config, NOTHING, config.num_channels
    stages = zip(
        c.numbers("hidden_sizes"),
        c.numbers("depths"),
        c.numbers("sr_ratios"),
        c.numbers("patch_sizes"),
        c.numbers("mlp_ratios"),
        strict=False,
    )
    for width, depth, ratio, patch, expansion in stages:
        whole += convolution(inputs, width, patch * patch) + layernorm(width) * 2
        one = linear(width, width, 1) * 4 + layernorm(width) * 2
        if ratio > 1:
            one += convolution(width, width, ratio * ratio) + layernorm(width)
        inner = int(width * expansion)
        one += linear(width, inner, 1) + convolution(inner, inner, 9, 1, inner) + linear(inner, width, 1)
        whole += one * depth
        inputs = width
    return whole


def donut(config: Config) -> Census:
    """Return Donut's Swin, which has no norm at its end."""
    return swin(config) + layernorm(last_width(config)) * -1


def poolformer(config: Config) -> Census:
    """Return PoolFormer, whose layers mix places by taking means."""
    c, whole, inputs = config, NOTHING, config.num_channels
    stages = zip(c.numbers("hidden_sizes"), c.numbers("depths"), c.numbers("patch_sizes"), strict=False)
    for width, depth, patch in stages:
        inner = int(width * c.mlp_ratio)
        whole += convolution(inputs, width, patch * patch)
        one = linear(width, inner, 1) + linear(inner, width, 1) + layernorm(width) * 2
        whole += (one + vector(2 * width if c.use_layer_scale else 0)) * depth
        inputs = width
    return whole + layernorm(inputs)


@dataclass(frozen=True, slots=True)
class Stages:
    """A network of stages by its own count, and its family where the panel has one."""

    body: Callable[[Config], Census]
    family: str = ""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the network with a classifier where its purpose asks for one."""
        whole = self.body(config)
        last = last_width(config)
        if purpose in ("images", "", "words", "classes"):
            whole += linear(last, labels(config), 1)
        return replace(whole, products=self.products(whole)).known_as(
            layers=sum(config.numbers("depths") or [18]),
            norm="layernorm",
            **{"hidden": last, **self.staged(config)},
        )

    def products(self, whole: Census) -> float:
        """Return the products of a token, not a number where the chain counts those of its family."""
        return nan if self.family else whole.products

    def staged(self, config: Config) -> dict[str, float | str]:
        """Return what the panel says of the stages of a family that it has."""
        if not self.family:
            return {"family": "encoder", "masked_share": 1}
        widths = config.numbers("hidden_sizes") or [96, 192, 384, 768]
        depths = config.numbers("depths") or [3, 3, 9, 3]
        wide = 4 if config.text("layer_type", "bottleneck") == "bottleneck" else 1
        names = ("first_blocks", "second_blocks", "third_blocks", "fourth_blocks")
        return {
            "family": self.family,
            "hidden": widths[0] if self.family == "convnext" else widths[0] / wide,
            "expansion": wide,
            "image_size": config.get("image_size") or 224,
            "channels": config.num_channels,
            "vocabulary": labels(config),
            **dict(zip(names, [*depths, 0, 0, 0, 0], strict=False)),
        }


def last_width(config: Config) -> float:
    """Return the width of the last stage."""
    widths = config.numbers("hidden_sizes")
    if widths:
        return float(widths[-1])
    if "convnext" in config.kind:
        return 768.0
    return float(config.embed_dim * 2 ** (len(config.numbers("depths")) - 1))


STAGES: dict[str, Stages] = {
    "resnet": Stages(resnet, "residual"),
    "regnet": Stages(regnet),
    "convnext": Stages(convnext, "convnext"),
    "convnextv2": Stages(convnext, "convnext"),
    "dinov3_convnext": Stages(dinov3_convnext, "convnext"),
    "swin": Stages(swin),
    "swinv2": Stages(swin),
    "segformer": Stages(segformer),
    "donut-swin": Stages(donut),
    "poolformer": Stages(poolformer),
}
