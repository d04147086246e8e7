"""Types whose code lies beside their weights: what they hold by default, and how they are made."""

from tcplan.reading.huggingface.blocks import Attention, Experts, FeedForward, LatentAttention, When
from tcplan.reading.huggingface.census import (
    NOTHING,
    Census,
    convolution,
    layernorm,
    linear,
    rms,
    table,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import DENSE, GATED, QWEN2, TOLD, four_times
from tcplan.reading.huggingface.entry import Entry
from tcplan.reading.huggingface.joint import Joint, vision, width
from tcplan.reading.huggingface.pictures import Pictures, patches
from tcplan.reading.huggingface.sparse import deepseek
from tcplan.reading.huggingface.stack import Decoder


def elm_step(config: Config, key: str) -> float:
    """Return the entry of a list for the layer, or the one number for all."""
    told = config.raw(key)
    return config.size(key, config.index) if isinstance(told, list) else config.get(key)


def elm_width(config: Config) -> float:
    """Return the feed-forward width of a layer of OpenELM: a multiple of the hidden size, in steps."""
    step, wanted = config.ffn_dim_divisor, elm_step(config, "ffn_multipliers") * config.hidden_size
    rounded = max(step, int(wanted + step / 2) // step * step)
    return rounded + step if rounded < 0.9 * wanted else rounded


def elm_attention(config: Config) -> Census:
    """Return attention of a layer of OpenELM, whose heads grow with the layers."""
    heads, keys = elm_step(config, "num_query_heads"), elm_step(config, "num_kv_heads")
    norm = 2 * config.head_dim if config.get("normalize_qk_projections") else 0
    return Attention(heads=heads, kv_heads=keys, size="head_dim", extra=norm)(config)


class OpenElm(Decoder):
    """OpenELM, whose configuration has a word of its own for tied embeddings."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        config.tied = bool(config.get("share_input_output_layers", 1))
        return Decoder.count(self, config, purpose)


def arctic(config: Config) -> Census:
    """Return a layer of Arctic: a dense feed-forward of the hidden size beside the experts."""
    dense = FeedForward("hidden_size")(config)
    experts = Experts("num_local_experts", width="intermediate_size")(config)
    return experts + dense + rms(config.hidden_size)


def block_of(config: Config, name: str) -> Config:
    """Return what a layer of a pruned model says of one of its halves."""
    blocks = config.entries("block_configs")
    one = blocks[config.index] if config.index < len(blocks) else {}
    half = one.get(name) if isinstance(one, dict) else {}
    return Config(half if isinstance(half, dict) else {}, "", {})


def pruned_attention(config: Config) -> Census:
    """Return attention of a layer of a pruned Llama: with fewer keys, one matrix, or none."""
    half, hidden = block_of(config, "attention"), config.hidden_size
    if half.get("no_op"):
        return NOTHING
    if half.get("replace_with_linear"):
        return linear(hidden, hidden) + rms(hidden)
    group = half.get("n_heads_in_group") or 1
    return Attention("attention_bias", "attention_bias", kv_heads=config.num_attention_heads // group)(
        config
    ) + rms(hidden)


def pruned_forward(config: Config) -> Census:
    """Return the feed-forward of a layer of a pruned Llama: narrower, one matrix, or none."""
    half, hidden = block_of(config, "ffn"), config.hidden_size
    if half.get("no_op"):
        return NOTHING
    if half.get("replace_with_linear"):
        return linear(hidden, hidden) + rms(hidden)
    wide: float = int(2 * half.get("ffn_mult") * hidden / 3)
    wide = half.get("intermediate_size") or (wide + 255) // 256 * 256
    return FeedForward(wide)(config) + rms(hidden)


def intern_bridge(config: Config) -> Census:
    """Return the bridge of InternVL as its own code has it."""
    wide = vision(config).hidden_size * int(1 / config.downsample_ratio) ** 2
    return layernorm(wide) + linear(wide, width(config), 1) + linear(width(config), width(config), 1)


class MoonVit:
    """The tower of Kimi-VL, with positions of a grid."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower; its purpose changes nothing."""
        c, hidden, inner = config, config.hidden_size, config.intermediate_size
        layer = linear(hidden, 3 * hidden, 1) + linear(hidden, hidden, 1) + layernorm(hidden) * 2
        layer += linear(hidden, inner, 1) + linear(inner, hidden, 1)
        whole = layer * c.num_hidden_layers + layernorm(hidden) + convolution(3, hidden, c.patch_size**2)
        del purpose
        return whole + table(c.init_pos_emb_height * c.init_pos_emb_width, hidden)


def moon_bridge(config: Config) -> Census:
    """Return the bridge of Kimi-VL."""
    part = vision(config)
    sides = part.numbers("merge_kernel_size") or [2, 2]
    wide = part.hidden_size * sides[0] * sides[-1]
    return layernorm(part.hidden_size) + linear(wide, wide, 1) + linear(wide, width(config), 1)


INTERN_VIT = Pictures(
    Attention(
        "qkv_bias",
        1,
        kv_heads=0,
        extra=lambda c: 2 * c.hidden_size if c.qk_normalization else 0,
    ),
    positions=lambda c: patches(c) + 1,
    norms=0,
    scales=2,
    final=0,
    layer=lambda c: vector((4 if c.text("norm_type", "layer_norm") == "layer_norm" else 2) * c.hidden_size),
)
FOREIGN: dict[str, Entry] = {
    "RefinedWeb": DENSE["falcon"],
    "RefinedWebModel": DENSE["falcon"],
    "stablelm_epoch": DENSE["stablelm"],
    "mixformer-sequential": DENSE["phi-msft"],
    "jais": Decoder(
        Attention(1, 1),
        FeedForward(four_times, 1, lambda c: c.text("activation_function") == "swiglu"),
        norm="layernorm",
        positions=lambda c: c.n_positions if c.text("position_embedding_type") == "learned" else 0,
    ),
    "openelm": OpenElm(elm_attention, FeedForward(elm_width)),
    "arctic": Decoder(TOLD, arctic),
    "nemotron-nas": Decoder(pruned_attention, pruned_forward, norms=0),
    "deci": Decoder(pruned_attention, pruned_forward, norms=0),
    "mimo": QWEN2,
    "motif": Decoder(Attention(), FeedForward(gated=1)),
    "solar": Decoder(TOLD, GATED),
    "codeshell": Decoder(
        Attention(
            1, 1, kv_heads=lambda c: c.num_query_groups if c.get("group_query_attention") else c.n_head
        ),
        FeedForward(four_times, 1, 0),
        norm="layernorm",
    ),
    "kimi_vl": Joint(bridge=moon_bridge),
    "moonvit": MoonVit(),
    "internvl_chat": Joint(bridge=intern_bridge),
    "intern_vit_6b": INTERN_VIT,
    "deepseek_vl_v2_text": deepseek(LatentAttention()),
    "hunyuan": Decoder(
        Attention("attention_bias", "attention_bias", norm="head"),
        When(
            lambda c: c.get("num_experts") > 1,
            Experts(
                chosen="moe_topk",
                width=lambda c: c.get("moe_intermediate_size") or c.intermediate_size,
                shared=lambda c: c.get("num_shared_expert") * c.intermediate_size,
            ),
            GATED,
        ),
    ),
}
