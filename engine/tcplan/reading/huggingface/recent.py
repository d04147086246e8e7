"""Recent decoders with several streams, gates, convolutions or two kinds of attention in one model."""

from tcplan.reading.huggingface.blocks import (
    Attention,
    Both,
    Experts,
    FeedForward,
    LatentAttention,
    When,
    indexer,
)
from tcplan.reading.huggingface.census import Census, convolution, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import DENSE
from tcplan.reading.huggingface.entry import Entry
from tcplan.reading.huggingface.gemma import GEMMA
from tcplan.reading.huggingface.sparse import shared, sparse
from tcplan.reading.huggingface.stack import Decoder

LATENT = LatentAttention()
SHARED = Experts("n_routed_experts", shared=shared("n_shared_experts"))


def kind(config: Config, key: str, otherwise: str) -> str:
    """Return the kind of a layer that a list tells, or what it is without one."""
    kinds = config.entries(key)
    return str(kinds[config.index]) if config.index < len(kinds) else otherwise


def first_dense(config: Config) -> bool:
    """Return whether a layer has experts: listed, or all but the first have."""
    if config.has("mlp_layer_types", "first_k_dense_replace"):
        return sparse(config)
    return config.index > 0


def streams(config: Config, outputs: float) -> Census:
    """Return what mixes the parallel streams of the residual around one half of a layer."""
    rows = outputs * config.hc_mult
    return linear(config.hc_mult * config.hidden_size, rows) + vector(rows)


def joined_streams(config: Config) -> Census:
    """Return what makes one stream of several behind the last layer."""
    return linear(config.hc_mult * config.hidden_size, config.hc_mult) + vector(config.hc_mult + 1)


def hy_attention(config: Config) -> Census:
    """Return attention of a layer of Hunyuan 4: latent, gated, some layers with an indexer of their own."""
    wide = config.num_attention_heads * config.v_head_dim
    whole = LATENT(config) + vector(config.num_attention_heads) + linear(config.hidden_size, wide)
    usual = "full" if config.index == 0 or (config.index - 1) % 4 == 0 else "shared"
    if kind(config, "indexer_types", usual) == "full":
        whole += indexer(config, config.q_lora_rank)
    return whole


def hy_layer(config: Config) -> Census:
    """Return the streams around both halves of a layer of Hunyuan 4."""
    return (streams(config, 2) + vector(2)) * 2


def axk_attention(config: Config) -> Census:
    """Return attention of a layer of A.X K2: latent, its queries gated, with an indexer."""
    c = config
    rank, heads = c.q_lora_rank, c.num_attention_heads
    queries = heads * (c.qk_nope_head_dim + c.qk_rope_head_dim)
    gate = linear(2 * rank, queries + heads * c.v_head_dim)
    return LATENT(c) + linear(rank, queries) * -1 + gate + indexer(c, rank)


def axk_norms(config: Config) -> Census:
    """Return the norms of a layer, gated through a narrow place; that before a dense layer is plain."""
    hidden = config.hidden_size
    gate = linear(hidden, config.gated_norm_rank) + linear(config.gated_norm_rank, hidden)
    return rms(hidden) * 2 + gate * (2 if first_dense(config) else 1)


def four_attention(config: Config) -> Census:
    """Return attention of a layer of DeepSeek-V4: one key for all heads, compressed over the sequence."""
    c, hidden, heads, size = config, config.hidden_size, config.num_attention_heads, config.head_dim
    rank, groups, out = c.q_lora_rank, c.o_groups, c.o_lora_rank
    whole = linear(hidden, rank) + rms(rank) + linear(rank, heads * size) + linear(hidden, size) + rms(size)
    whole += linear(heads * size / groups, out * groups) + linear(groups * out, hidden) + vector(heads)
    near = kind(c, "layer_types", "compressed_sparse_attention" if four_sparse(c) else "heavily")
    if near == "sliding_attention":
        return whole + Census(scores=2 * heads * size)
    if near == "compressed_sparse_attention":
        inner, count = c.index_head_dim, c.index_n_heads
        whole += linear(hidden, 4 * size) + vector(4 * 2 * size + size)
        whole += linear(hidden, 4 * inner) + vector(4 * 2 * inner + inner)
        whole += linear(rank, count * inner) + linear(hidden, count)
    else:
        whole += linear(hidden, 2 * size) + vector(128 * size + size)
    return (whole + Census(scores=2 * heads * size)).known_as(
        heads=heads, kv_heads=1, head_size=size, biases="none"
    )


def four_sparse(config: Config) -> bool:
    """Return whether a layer of DeepSeek-V4 chooses among compressed keys; the first two do not."""
    return config.index > 1 and config.index % 2 == 1


def four_layer(config: Config) -> Census:
    """Return the streams around both halves of a layer of DeepSeek-V4."""
    return (streams(config, 2 + config.hc_mult) + vector(3)) * 2


def doge_layer(config: Config) -> Census:
    """Return the scales of the residual of a layer of Doge, and the step of its mask."""
    heads = config.get("num_key_value_heads") or config.num_attention_heads
    size = config.hidden_size // config.num_attention_heads
    return vector(2 * config.hidden_size + heads + 2 * size) + linear(heads * size, heads)


def laguna_attention(config: Config) -> Census:
    """Return attention of a layer of Laguna, whose heads may differ by layer."""
    told = config.numbers("num_attention_heads_per_layer")
    heads = told[config.index] if config.index < len(told) else config.num_attention_heads
    gate = "head" if config.get("gating", 1) else "full"
    return Attention("attention_bias", "attention_bias", heads=heads, norm="head", gate=gate)(config)


def zaya_attention(config: Config) -> Census:
    """Return attention of a layer of ZAYA1: queries and keys pass convolutions, half of a value is late."""
    c, size = config, config.head_dim
    queries, keys = c.num_attention_heads * size, c.num_key_value_heads * size
    wide = queries + keys
    whole = Attention("attention_bias", "attention_bias")(c) + vector(c.num_key_value_heads)
    whole += convolution(wide, wide, c.cca_time0, 1, wide)
    return whole + convolution(wide, wide, c.cca_time1, 1, c.num_attention_heads + c.num_key_value_heads)


def zaya_layer(config: Config) -> Census:
    """Return experts of a layer of ZAYA1 with a router of several layers, and scales of the residual."""
    c, hidden, narrow = config, config.hidden_size, config.router_hidden_size
    routed = Experts("num_experts", "num_experts_per_tok", routed=1)(c) + linear(hidden, 1) * -1
    router = linear(hidden, narrow, 1) + rms(narrow) + linear(narrow, narrow, 1) * 2
    router += linear(narrow, c.num_experts + 1) + vector(narrow if c.index else 0)
    return routed + router + vector(8 * hidden)


def inkling_attention(config: Config) -> Census:
    """Return attention of a layer of Inkling, of other sizes where it sees a window."""
    c, hidden, rel = config, config.hidden_size, config.d_rel
    near = (
        kind(c, "layer_types", "hybrid" if (c.index + 1) % 6 == 0 else "hybrid_sliding") == "hybrid_sliding"
    )
    side = "swa_" if near else ""
    heads, keys, size = (
        c.get(f"{side}{key}") for key in ("num_attention_heads", "num_key_value_heads", "head_dim")
    )
    wide = keys * size
    whole = Attention(heads=heads, kv_heads=keys, size=size, norm="head")(c)
    whole += linear(hidden, heads * rel) + convolution(wide, wide, c.conv_kernel_size, 0, wide) * 2
    return whole + vector(rel * (c.sliding_window_size if near else c.rel_extent))


def inkling_layer(config: Config) -> Census:
    """Return experts of a layer of Inkling, whose router sees the shared ones too, and two convolutions."""
    c, hidden, count = config, config.hidden_size, config.n_shared_experts
    usual = "dense" if c.index < c.get("dense_mlp_idx") else "sparse"
    short = convolution(hidden, hidden, c.conv_kernel_size, 0, hidden) * 2
    if kind(c, "mlp_layer_types", usual) == "dense":
        return short + FeedForward()(c)
    experts = Experts(
        "n_routed_experts", shared=count * c.moe_intermediate_size, routed=c.n_routed_experts + count
    )
    return short + experts(c) + vector(1)


DOTS = LatentAttention(gate="head")


def dots_attention(config: Config) -> Census:
    """Return attention of a layer of dots3: latent, of other sizes where it sees a window."""
    c, hidden = config, config.hidden_size
    usual = "indexed_attention" if c.index < 2 or c.index % 4 == 1 else "sliding_attention"
    if kind(c, "layer_types", usual) == "sliding_attention":
        heads, rank, narrow = (
            c.get("swa_num_attention_heads", 64),
            c.get("swa_q_lora_rank", 1024),
            c.get("swa_kv_lora_rank", 1024),
        )
        nope, rope, value = (
            c.get("swa_qk_nope_head_dim", 192),
            c.get("swa_qk_rope_head_dim", 64),
            c.get("swa_v_head_dim", 128),
        )
        whole = linear(hidden, rank) + rms(rank) + linear(rank, heads * (nope + rope))
        whole += linear(hidden, narrow + rope) + rms(narrow) + linear(narrow, heads * (nope + value))
        whole += linear(heads * value, hidden) + linear(hidden, heads) + rms(rope)
        return whole + Census(scores=heads * (nope + rope + value))
    return DOTS(c) + rms(c.qk_rope_head_dim) + indexer(c, c.q_lora_rank)


RECENT: dict[str, Entry] = {
    "apertus1p5_text": DENSE["apertus"],
    "gemma4_unified_text": GEMMA["gemma4_text"],
    "doge": Decoder(
        Attention("attention_bias", "attention_bias"),
        When(
            "is_moe",
            Both(
                FeedForward(bias="mlp_bias"),
                lambda c: (
                    table(2 * c.num_experts, c.hidden_size)
                    + linear(c.hidden_size, 2 * int(c.num_experts**0.5))
                ),
            ),
            FeedForward(bias="mlp_bias"),
        ),
        layer=doge_layer,
    ),
    "laguna": Decoder(
        laguna_attention,
        When(first_dense, Experts(shared="shared_expert_intermediate_size", router=1), FeedForward()),
    ),
    "zaya": Decoder(
        zaya_attention, zaya_layer, once=lambda c: vector(2 * c.hidden_size), head_bias="lm_head_bias"
    ),
    "hy_v4": Decoder(
        hy_attention, When(first_dense, SHARED, FeedForward()), layer=hy_layer, once=joined_streams
    ),
    "axk2": Decoder(axk_attention, When(first_dense, SHARED, FeedForward()), norms=0, layer=axk_norms),
    "deepseek_v4": Decoder(four_attention, SHARED, layer=four_layer, once=joined_streams),
    "inkling_text": Decoder(inkling_attention, inkling_layer, once=lambda c: rms(c.hidden_size)),
    "dots3_note_text": Decoder(
        dots_attention,
        When(
            first_dense,
            Experts(
                "n_routed_experts", shared=shared("n_shared_experts", "shared_experts_intermediate_size")
            ),
            FeedForward(),
        ),
    ),
}
