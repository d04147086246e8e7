"""Gemma 3n and Gemma 4, whose layers have inputs of their own and share keys and values."""

from tcplan.reading.huggingface.blocks import Attention, Experts, FeedForward, Size
from tcplan.reading.huggingface.census import NOTHING, Census, convolution, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.entry import Entry
from tcplan.reading.huggingface.joint import AUDIO, VISION, Joint, vision, width
from tcplan.reading.huggingface.stack import Decoder, layered

MOBILENET_V5 = 294_126_912
"""Parameters of `mobilenetv5_300m_enc`, the one tower for pictures that Gemma 3n has."""
EXPERTS = Experts(chosen="top_k_experts", router=1, extra="hidden_size")


def shared(config: Config) -> bool:
    """Return whether a layer takes keys and values from one before it."""
    return bool(config.index >= config.num_hidden_layers - config.get("num_kv_shared_layers"))


def far(config: Config) -> bool:
    """Return whether a layer of Gemma 4 sees the whole sequence; the last one always does."""
    kinds = config.entries("layer_types")
    if config.index == config.num_hidden_layers - 1:
        return True
    return (
        kinds[config.index] == "full_attention" if config.index < len(kinds) else (config.index + 1) % 6 == 0
    )


def attention(config: Config, size: float, kv_heads: float, values: bool = True) -> Census:
    """Return attention with normed heads, of queries alone where a layer shares the rest."""
    whole = Attention("attention_bias", "attention_bias", size=size, kv_heads=kv_heads, norm="head")(config)
    keys = linear(config.hidden_size, kv_heads * size, config.get("attention_bias"))
    if shared(config):
        return whole + keys * -2 + vector(-size)
    return whole + (NOTHING if values else keys * -1)


def inputs_of_layer(config: Config) -> Census:
    """Return what gives a layer an input of its own."""
    narrow, hidden = config.get("hidden_size_per_layer_input"), config.hidden_size
    return linear(hidden, narrow) + linear(narrow, hidden) + rms(hidden) if narrow else NOTHING


def inputs_of_layers(config: Config) -> Census:
    """Return the table from which the layers have their own inputs, and what mixes it with the others."""
    narrow = config.get("hidden_size_per_layer_input")
    if not narrow:
        return NOTHING
    wide = config.num_hidden_layers * narrow
    whole = table(config.get("vocab_size_per_layer_input") or config.vocab_size, wide)
    return whole + linear(config.hidden_size, wide) + rms(narrow)


def three_attention(config: Config) -> Census:
    """Return attention of a layer of Gemma 3n."""
    return attention(config, config.head_dim, config.num_key_value_heads)


def three_width(config: Config) -> float:
    """Return the feed-forward width of a layer, told for all or for each."""
    told = config.raw("intermediate_size")
    return float(
        config.size("intermediate_size", config.index) if isinstance(told, list) else config.intermediate_size
    )


def three_layer(config: Config) -> Census:
    """Return what a layer of Gemma 3n has beside others: parallel streams and a low-rank detour."""
    hidden, streams, rank = config.hidden_size, config.altup_num_inputs, config.laurel_rank
    whole = rms(hidden) * 2 + linear(streams, streams) + linear(streams, streams**2) + linear(hidden, streams)
    whole += linear(hidden, rank) + linear(rank, hidden) + rms(hidden)
    return whole + inputs_of_layer(config)


def three_once(config: Config) -> Census:
    """Return what Gemma 3n has once: inputs of layers, and maps between its streams."""
    streams = linear(config.hidden_size, config.hidden_size) * (2 * (config.altup_num_inputs - 1))
    return inputs_of_layers(config) + streams


def three_audio(config: Config) -> Census:
    """Return Gemma 3n's tower for sound: two convolutions, then Conformer layers."""
    c, hidden = config, config.hidden_size
    first, second = (c.numbers("sscp_conv_channel_size") or [128, 32])[:2]
    whole = convolution(1, first, 9, 0) + rms(first) + convolution(first, second, 9, 0) + rms(second)
    whole += linear(second * c.input_feat_size // 4, hidden)
    one = (linear(hidden, 4 * hidden) * 2 + rms(hidden) * 2) * 2 + rms(hidden) * 2
    one += linear(hidden, hidden) * 5 + vector(hidden / c.conf_num_attention_heads)
    one += linear(hidden, 2 * hidden) + linear(hidden, hidden) + rms(hidden) * 3
    one += convolution(hidden, hidden, c.conf_conv_kernel_size, 0, hidden)
    return whole + one * c.conf_num_hidden_layers


def three_bridge(config: Config) -> Census:
    """Return the towers of Gemma 3n and what leads from them to the text."""
    seen, heard = vision(config), config.part(*AUDIO)
    whole = vector(MOBILENET_V5) + three_audio(heard)
    for part in (seen, heard):
        hidden = part.hidden_size
        whole += table(part.vocab_size, hidden) + rms(hidden) * 2 + linear(hidden, width(config))
    return whole


def four_attention(config: Config) -> Census:
    """Return attention of a layer of Gemma 4, of other sizes where it sees the whole sequence."""
    size, kv_heads, values = config.head_dim, config.num_key_value_heads, True
    if far(config):
        size = config.get("global_head_dim") or 512
        if config.get("attention_k_eq_v"):
            kv_heads, values = config.get("num_global_key_value_heads") or kv_heads, False
    layers = config.raw("per_layer_config") if config.has("per_layer_config") else None
    told = layers.get(str(config.index)) if isinstance(layers, dict) else None
    if isinstance(told, dict):
        one = Config(told, "", {})
        size, kv_heads = one.get("head_dim", size), one.get("num_key_value_heads", kv_heads)
    elif isinstance(layers, dict):
        size = config.head_dim
    return attention(config, size, kv_heads, values)


def four_width(config: Config) -> float:
    """Return the feed-forward width of a layer of Gemma 4."""
    return float(
        config.intermediate_size * (2 if config.get("use_double_wide_mlp") and shared(config) else 1)
    )


def four_layer(config: Config) -> Census:
    """Return what a layer of Gemma 4 has beside others: experts, and an input of its own."""
    whole = inputs_of_layer(config)
    if config.get("enable_moe_block"):
        whole += EXPERTS(config) + rms(config.hidden_size) * 3
    return whole


def clipped(size: Size) -> Attention:
    """Return attention with normed heads of a tower of Gemma 4."""
    return Attention("attention_bias", "attention_bias", size=size, norm="head")


class FourVision:
    """Gemma 4's tower for pictures."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower; its purpose changes nothing."""
        c, hidden = config, config.hidden_size
        mixer, forward = clipped("head_dim"), FeedForward()

        def layer(one: Config) -> Census:
            return mixer(one) + forward(one) + rms(hidden) * 4

        del purpose
        whole = layered(c, "num_hidden_layers", layer) + table(2 * c.position_embedding_size, hidden)
        whole += vector(2 * hidden if c.get("standardize") else 0)
        return whole + linear(3 * c.patch_size**2, hidden)


class FourAudio:
    """Gemma 4's tower for sound."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower; its purpose changes nothing."""
        c, hidden = config, config.hidden_size
        first, second = (c.numbers("subsampling_conv_channels") or [128, 32])[:2]
        whole = convolution(1, first, 9, 0) + rms(first) + convolution(first, second, 9, 0) + rms(second)
        whole += linear(second * (first // 4), hidden)
        one = (linear(hidden, 4 * hidden) * 2 + rms(hidden) * 2) * 2 + rms(hidden) * 3
        one += linear(hidden, hidden) * 5 + vector(hidden / c.num_attention_heads)
        one += linear(hidden, 2 * hidden) + linear(hidden, hidden) + rms(hidden) * 2
        one += convolution(hidden, hidden, c.conv_kernel_size, 0, hidden)
        del purpose
        return whole + one * c.num_hidden_layers + linear(hidden, c.output_proj_dims, 1)


def four_bridge(config: Config) -> Census:
    """Return what leads from the towers of Gemma 4 to the text, and those towers."""
    whole = NOTHING
    if config.parted("vision_config"):
        part = config.part(*VISION)
        whole += FourVision().count(part, "tower") + linear(part.hidden_size, width(config))
    if config.parted("audio_config"):
        part = config.part(*AUDIO)
        whole += FourAudio().count(part, "tower") + linear(part.output_proj_dims, width(config))
    return whole


GEMMA: dict[str, Entry] = {
    "gemma3n_text": Decoder(
        three_attention, FeedForward(three_width), norms=4, layer=three_layer, once=three_once
    ),
    "gemma3n": Joint((), three_bridge),
    "gemma4_text": Decoder(
        four_attention, FeedForward(four_width), norms=4, layer=four_layer, once=inputs_of_layers
    ),
    "gemma4_vision": FourVision(),
    "gemma4_audio": FourAudio(),
    "gemma4": Joint((), four_bridge),
}
