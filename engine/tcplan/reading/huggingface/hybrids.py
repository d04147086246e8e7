"""Decoders of state spaces, linear attention, recurrences, and mixtures of these with attention."""

from collections.abc import Callable

from tcplan.reading.huggingface.blocks import (
    Attention,
    Experts,
    FeedForward,
    Kinds,
    LatentAttention,
    Size,
    When,
    of,
)
from tcplan.reading.huggingface.census import (
    NOTHING,
    Census,
    convolution,
    layernorm,
    linear,
    rms,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import GATED, TOLD, lfm2_width
from tcplan.reading.huggingface.mixers import (
    DeltaNet,
    GatedRecurrence,
    KimiDelta,
    LightningAttention,
    Mamba,
    Mamba2,
    ShortConvolution,
    stateful,
)
from tcplan.reading.huggingface.sparse import GRANITE, MIXTRAL, QWEN_EXPERTS, shared, sparse, stepped
from tcplan.reading.huggingface.stack import Decoder, layers_of


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


def named(key: str, otherwise: Callable[[Config], str]) -> Callable[[Config], str]:
    """Return the kind of a layer: listed under a key, or by a rule where there is no list."""

    def name(config: Config) -> str:
        kinds = config.entries(key)
        return kind_of(str(kinds[config.index])) if config.index < len(kinds) else otherwise(config)

    return name


def kind_of(name: str) -> str:
    """Return attention or linear for the many names of layers of these kinds, other names as they are."""
    if name in ("linear_attention", "mamba", "recurrent", "conv", "kda"):
        return "linear"
    return "attention" if name.endswith("attention") else name


def every_nth(key: str, default: int, nth: str, others: str) -> Callable[[Config], str]:
    """Return the rule by which every n-th layer is of one kind."""
    return lambda c: nth if (c.index + 1) % int(c.get(key, default) or default) == 0 else others


def expanded(expand: str) -> Size:
    """Return an inner width that is a multiple of the hidden size."""
    return lambda c: int(c.get(expand) * c.hidden_size)


def rounded_rank(key: str, hidden: str = "hidden_size") -> Size:
    """Return the rank of the time step: told, or a sixteenth of the hidden size, rounded up."""

    def rank(config: Config) -> float:
        if config.text(key) == "auto":
            return float(-(-config.get(hidden) // 16))
        return float(config.get(key) or -(-config.get(hidden) // 16))

    return rank


BAMBA = Mamba2(
    "mamba_n_heads",
    expanded("mamba_expand"),
    "mamba_n_groups",
    "mamba_d_state",
    "mamba_d_conv",
    "mamba_proj_bias",
    "mamba_conv_bias",
)
FALCON_H1 = Mamba2(
    "mamba_n_heads",
    lambda c: c.get("mamba_d_ssm") or int(c.mamba_expand * c.hidden_size),
    "mamba_n_groups",
    "mamba_d_state",
    "mamba_d_conv",
    "mamba_proj_bias",
    "mamba_conv_bias",
    "mamba_rms_norm",
    out="projectors_bias",
)
NEMOTRON_H = Mamba2(
    "mamba_num_heads",
    lambda c: c.mamba_num_heads * c.mamba_head_dim,
    "n_groups",
    "ssm_state_size",
    "conv_kernel",
    lambda c: c.get("mamba_proj_bias") or c.get("use_bias"),
    "use_conv_bias",
)
MAMBA2 = Mamba2(
    "num_heads", expanded("expand"), "n_groups", "state_size", "conv_kernel", "use_bias", "use_conv_bias"
)
MAMBA = Mamba(
    lambda c: c.get("intermediate_size") or int(c.expand * c.hidden_size),
    "state_size",
    "conv_kernel",
    rounded_rank("time_step_rank"),
    "use_bias",
    "use_conv_bias",
)
JAMBA = Mamba(
    expanded("mamba_expand"),
    "mamba_d_state",
    "mamba_d_conv",
    rounded_rank("mamba_dt_rank"),
    "mamba_proj_bias",
    "mamba_conv_bias",
    normed=True,
)


def jamba_kind(config: Config) -> str:
    """Return whether a layer of Jamba has attention."""
    return "attention" if config.index % config.attn_layer_period == config.attn_layer_offset else "linear"


def jamba_sparse(config: Config) -> bool:
    """Return whether a layer of Jamba has experts."""
    inside = config.index % config.expert_layer_period == config.expert_layer_offset
    return bool(inside and config.num_experts > 1)


def bamba_kind(config: Config) -> str:
    """Return whether a layer of Bamba has attention."""
    return "attention" if config.index in config.entries("attn_layer_indices") else "linear"


def griffin_kind(config: Config) -> str:
    """Return whether a layer of Griffin has attention: its kinds are a pattern that repeats."""
    pattern = config.entries("block_types") or ["recurrent", "recurrent", "attention"]
    return kind_of(str(pattern[config.index % len(pattern)]))


def lfm3_kind(config: Config) -> str:
    """Return whether a layer of LFM3 has attention: each even one but the first."""
    return "attention" if config.index and config.index % 2 == 0 else "linear"


def lara_kind(config: Config) -> str:
    """Return whether a layer of Lara mini has attention: three of five."""
    return "linear" if config.index % 5 in (0, 2) else "attention"


def lfm2_kind(config: Config) -> str:
    """Return whether a layer of LFM2 has attention: it is listed, or none is."""
    chosen = config.entries("full_attn_idxs")
    return "attention" if not chosen or config.index in chosen else "linear"


def listed_kind(config: Config) -> str:
    """Return whether a layer of MiniMax-01 has full attention: numbers tell it."""
    kinds = config.numbers("attn_type_list")
    return "attention" if config.index < len(kinds) and kinds[config.index] == 1 else "linear"


def kimi_kind(config: Config) -> str:
    """Return whether a layer of Kimi Linear has full attention."""
    if config.has("linear_attn_config"):
        chosen = config.part("linear_attn_config").entries("full_attn_layers")
        return "attention" if config.index + 1 in chosen else "linear"
    return "attention" if config.index and config.index % 4 == 0 else "linear"


def kimi_delta(config: Config) -> Census:
    """Return Kimi's delta attention, whose sizes stand in a part of its own in the first files."""
    if not config.has("linear_attn_config"):
        return KimiDelta()(config)
    inner = config.part("linear_attn_config")
    heads, size, taps = inner.num_heads, inner.head_dim, inner.short_conv_kernel_size
    hidden, wide = config.hidden_size, heads * size
    gate = linear(hidden, size) + linear(size, wide)
    whole = linear(hidden, wide) * 3 + linear(wide, hidden) + gate * 2 + linear(hidden, heads)
    whole += convolution(3 * wide, 3 * wide, taps, 0, 3 * wide)
    return stateful(whole + vector(heads + wide) + rms(size), wide / hidden, size, size, heads, taps)


def rwkv_mixer(config: Config) -> Census:
    """Return the time mixing of RWKV-4."""
    hidden, wide = config.hidden_size, config.get("attention_hidden_size") or config.hidden_size
    return linear(hidden, wide) * 3 + linear(wide, hidden) + vector(2 * wide + 3 * hidden)


def rwkv_feed_forward(config: Config) -> Census:
    """Return the channel mixing of RWKV-4."""
    hidden = config.hidden_size
    wide = config.get("intermediate_size") or 4 * hidden
    whole = linear(hidden, wide) + linear(wide, hidden) + linear(hidden, hidden) + vector(2 * hidden)
    return whole.known_as(feed_forward=wide, gated="no")


def zamba(config: Config) -> Census:
    """Return Zamba's layers: Mamba of two heads each, and one block of attention that some of them share."""
    c, hidden = config, config.hidden_size
    inner = c.mamba_expand * hidden
    state, rank = c.mamba_d_state, of(c, rounded_rank("mamba_dt_rank"))
    mamba = linear(hidden, 2 * inner, c.mamba_proj_bias) + linear(inner, hidden, c.mamba_proj_bias)
    mamba += convolution(inner, inner, c.mamba_d_conv, c.mamba_conv_bias, inner)
    mamba += linear(inner, rank + 2 * state) + linear(rank, inner, 1) + vector(inner * state + inner)
    whole = (mamba + rms(hidden)) * c.num_hidden_layers
    count = sum(kind == "hybrid" for kind in zamba_kinds(c))
    wide = c.get("attention_hidden_size") or 2 * hidden
    size = c.get("attention_head_dim") or 2 * hidden // c.num_attention_heads
    queries = c.num_attention_heads * size
    keys = (c.get("num_key_value_heads") or c.num_attention_heads) * size
    block = linear(wide, queries + 2 * keys) + linear(queries, hidden) + rms(wide) + rms(hidden)
    block += FeedForward()(c) + Census(scores=2 * queries)
    facts = {"heads": c.num_attention_heads, "head_size": size, "attending": count}
    return (whole + block.repeated(count) + linear(hidden, hidden) * count).known_as(**facts)


def zamba_kinds(config: Config) -> list[str]:
    """Return the kinds of Zamba's layers."""
    listed = config.entries("layers_block_type")
    if listed:
        return [str(kind) for kind in listed]
    period, offset = config.get("attn_layer_period", 6), config.get("attn_layer_offset", 4)
    layers = layers_of(config, "num_hidden_layers")
    first = ["mamba", "mamba", "hybrid"]
    later = ["hybrid" if i % period == offset else "mamba" for i in range(layers - 3)]
    return (first + later)[:layers]


def zamba2(config: Config) -> Census:
    """Return Zamba2's layers: Mamba-2, and blocks of attention that some of them share in turn."""
    c, hidden = config, config.hidden_size
    mamba = Mamba2(
        "n_mamba_heads",
        expanded("mamba_expand"),
        "mamba_ngroups",
        "mamba_d_state",
        "mamba_d_conv",
        "add_bias_linear",
        1,
    )
    whole = (mamba(c) + rms(hidden)) * c.num_hidden_layers
    kinds = c.entries("layers_block_type")
    count = sum(kind == "hybrid" for kind in kinds) if kinds else len(c.entries("hybrid_layer_ids")) or 9
    wide, heads = 2 * hidden, c.num_attention_heads
    size = 2 * hidden // heads
    bias, rank, inner = c.add_bias_linear, c.adapter_rank, c.get("intermediate_size") or 4 * hidden
    queries = heads * size
    block = linear(wide, queries) * 3 + linear(queries, hidden) + rms(wide) + rms(hidden)
    block += FeedForward(inner, bias="add_bias_linear")(c) + Census(scores=2 * queries)
    blocks = block.scaled(c.num_mem_blocks, c.num_mem_blocks, count)
    adapters = (linear(hidden, rank) + linear(rank, 2 * inner)) * count
    if c.use_shared_attention_adapter:
        adapters += (linear(wide, rank) + linear(rank, queries)) * (3 * count)
    facts = {"heads": heads, "head_size": size, "biases": "all" if bias else "none", "attending": count}
    return (whole + blocks + adapters + linear(hidden, hidden) * count).known_as(**facts)


def nemotron_kinds(config: Config) -> list[str]:
    """Return the kinds of Nemotron-H's layers: listed, or letters of a pattern."""
    listed = config.entries("layers_block_type")
    names = {"M": "linear", "*": "attention", "-": "mlp", "E": "moe"}
    if listed:
        return [kind_of(str(kind)) for kind in listed]
    pattern = config.text("hybrid_override_pattern", "ME*-")
    return [names.get(letter, "") for letter in pattern]


def nemotron_experts(config: Config) -> Census:
    """Return Nemotron-H's experts, which may work at a narrower width than the layers around them."""
    c, latent = config, config.get("moe_latent_size")
    hidden = latent or c.hidden_size
    one = linear(hidden, c.moe_intermediate_size, c.mlp_bias) + linear(
        c.moe_intermediate_size, hidden, c.mlp_bias
    )
    chosen = c.visited("num_experts_per_tok", c.num_experts_per_tok, c.n_routed_experts)
    whole = one.visited(c.n_routed_experts, chosen)
    whole += linear(c.hidden_size, c.n_routed_experts)
    width = c.moe_shared_expert_intermediate_size * c.get("n_shared_experts", 1)
    whole += linear(c.hidden_size, width, c.mlp_bias) + linear(width, c.hidden_size, c.mlp_bias)
    if latent:
        whole += linear(c.hidden_size, latent) + linear(latent, c.hidden_size)
    return whole.known_as(
        experts=c.n_routed_experts,
        experts_per_token=chosen,
        expert_feed_forward=c.moe_intermediate_size,
        shared_experts=1,
        shared_feed_forward=width,
        gated="no",
    )


NEMOTRON = Kinds(
    lambda c: nemotron_kinds(c)[c.index],
    {
        "linear": NEMOTRON_H,
        "attention": TOLD,
        "mlp": FeedForward(bias="mlp_bias", gated=0),
        "moe": nemotron_experts,
    },
)


def xlstm(config: Config) -> Census:
    """Return a layer of xLSTM: a matrix memory and a gated feed-forward."""
    c, hidden, heads = config, config.hidden_size, config.num_heads
    keys = int(hidden * c.get("qk_dim_factor", 0.5))
    values = int(hidden * c.get("v_dim_factor", 1.0))
    step = c.get("ffn_round_up_to_multiple_of", 64)
    inner = step * -(-int(hidden * c.get("ffn_proj_factor", 2.667)) // step)
    mixer = linear(hidden, 2 * keys + 2 * values, c.use_bias) + linear(hidden, 2 * heads, 1)
    mixer += linear(values, hidden, c.use_bias) + vector(values)
    forward = linear(hidden, 2 * inner, c.use_bias) + linear(inner, hidden, c.use_bias)
    mixer += vector(3 * hidden if c.use_bias else 0)
    return mixer + forward.known_as(feed_forward=inner, gated="yes")


DELTA = Kinds(
    named("layer_types", every_nth("full_attention_interval", 4, "attention", "linear")),
    {
        "attention": Attention("attention_bias", "attention_bias", norm="head", gate="full"),
        "linear": DeltaNet(),
    },
)
HYBRIDS: dict[str, Decoder] = {
    "mamba": Decoder(MAMBA, nothing, norms=1),
    "falcon_mamba": Decoder(MAMBA, nothing, norms=1),
    "mamba2": Decoder(MAMBA2, nothing, norms=1),
    "jamba": Decoder(
        Kinds(named("layers_block_type", jamba_kind), {"attention": Attention(), "linear": JAMBA}),
        When(jamba_sparse, Experts(width="intermediate_size"), FeedForward()),
    ),
    "bamba": Decoder(
        Kinds(named("layers_block_type", bamba_kind), {"attention": TOLD, "linear": BAMBA}), GATED
    ),
    "granitemoehybrid": Decoder(
        Kinds(named("layer_types", lambda _c: "linear"), {"attention": TOLD, "linear": BAMBA}),
        When(
            "num_local_experts",
            GRANITE,
            FeedForward("shared_intermediate_size"),
        ),
    ),
    "falcon_h1": Decoder(
        lambda c: TOLD(c) + FALCON_H1(c),
        GATED,
    ),
    "zamba": Decoder(nothing, nothing, norms=0, once=zamba),
    "zamba2": Decoder(nothing, nothing, norms=0, once=zamba2),
    "nemotron_h": Decoder(NEMOTRON, nothing, norms=1, layers=lambda c: len(nemotron_kinds(c))),
    "qwen3_next": Decoder(DELTA, When(stepped, QWEN_EXPERTS, FeedForward())),
    "qwen3_5_text": Decoder(DELTA, FeedForward()),
    "qwen3_5_moe_text": Decoder(DELTA, QWEN_EXPERTS),
    "lara_mini": Decoder(
        Kinds(
            named("layer_types", lara_kind),
            {
                "attention": Attention("attention_bias", "attention_bias", norm="head"),
                "linear": DeltaNet(),
            },
        ),
        Experts(shared="shared_expert_intermediate_size"),
    ),
    "olmo_hybrid": Decoder(
        Kinds(
            named("layer_types", every_nth("full_attention_interval", 4, "attention", "linear")),
            {
                "attention": Attention("attention_bias", "attention_bias", norm="heads"),
                "linear": DeltaNet(),
            },
        ),
        FeedForward(),
    ),
    "kimi_linear": Decoder(
        Kinds(
            named("layer_types", kimi_kind),
            {"attention": LatentAttention(), "linear": kimi_delta},
        ),
        When(
            lambda c: sparse(c) if c.has("mlp_layer_types", "first_k_dense_replace") else c.index > 0,
            Experts(
                "num_experts",
                lambda c: c.get("num_experts_per_tok") or c.get("num_experts_per_token"),
                shared=shared("num_shared_experts"),
            ),
            FeedForward(),
        ),
    ),
    "bailing_hybrid": Decoder(
        Kinds(
            named("layer_types", every_nth("layer_group_size", 6, "attention", "linear")),
            {"attention": LatentAttention(gate="head"), "linear": KimiDelta(full=True)},
        ),
        When(
            sparse,
            Experts(chosen="num_experts_per_token", shared=shared("num_shared_experts")),
            FeedForward(),
        ),
    ),
    "minimax": Decoder(
        Kinds(
            named("layer_types", lambda c: "attention" if c.index % 2 == 0 else "linear"),
            {"attention": Attention(), "linear": LightningAttention()},
        ),
        MIXTRAL,
    ),
    "minimax_text_01": Decoder(
        Kinds(listed_kind, {"attention": Attention(), "linear": LightningAttention()}), MIXTRAL
    ),
    "lfm2": Decoder(
        Kinds(
            named("layer_types", lfm2_kind),
            {"attention": Attention(norm="head"), "linear": ShortConvolution()},
        ),
        FeedForward(lfm2_width),
    ),
    "lfm2_moe": Decoder(
        Kinds(
            named("layer_types", lfm2_kind),
            {"attention": Attention(norm="head"), "linear": ShortConvolution()},
        ),
        When(lambda c: c.index >= c.num_dense_layers, Experts(), FeedForward()),
    ),
    "lfm3": Decoder(
        Kinds(
            named("layer_types", lfm3_kind),
            {
                "attention": Attention("attention_bias", "attention_bias", norm="head", gate="head"),
                "linear": ShortConvolution(),
            },
        ),
        FeedForward(),
        norms=lambda c: 4 if c.use_sandwich_norm else 2,
    ),
    "recurrent_gemma": Decoder(
        Kinds(
            griffin_kind,
            {"attention": Attention("attention_bias", 1), "linear": GatedRecurrence()},
        ),
        FeedForward(lambda c: c.intermediate_size / 2, 1),
    ),
    "rwkv": Decoder(
        rwkv_mixer,
        rwkv_feed_forward,
        norm="layernorm",
        once=lambda c: layernorm(c.hidden_size),
    ),
    "xlstm": Decoder(xlstm, nothing),
}
HYBRIDS["minimax_m1"] = HYBRIDS["minimax_text_01"]
