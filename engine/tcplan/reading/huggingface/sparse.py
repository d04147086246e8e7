"""Decoders with experts in some or all of their layers."""

from tcplan.reading.huggingface.blocks import (
    Attention,
    Both,
    Experts,
    FeedForward,
    LatentAttention,
    Piece,
    Size,
    When,
    head_size,
    of,
)
from tcplan.reading.huggingface.census import NOTHING, Census, linear, rms, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import GATED, TOLD
from tcplan.reading.huggingface.stack import Decoder

ATTENTION = Attention()
LATENT = LatentAttention()
HEAD_NORMED = Attention("attention_bias", "attention_bias", norm="head")


def sparse(config: Config) -> bool:
    """Return whether a layer has experts, in each of the ways in which configurations say it."""
    kinds = config.entries("mlp_layer_types")
    if kinds:
        return config.index < len(kinds) and kinds[config.index] == "sparse"
    first = config.get("first_k_dense_replace", config.get("num_dense_layers"))
    step = config.get("moe_layer_freq", 1) if not isinstance(_raw(config, "moe_layer_freq"), list) else 1
    return bool(config.index >= first and config.index % (step or 1) == 0)


def _raw(config: Config, name: str) -> object:
    return config.raw(name) if config.has(name) else None


def stepped(config: Config) -> bool:
    """Return whether a layer has experts where every n-th one has, as in Qwen's models."""
    step = config.get("decoder_sparse_step", 1)
    dense = config.entries("mlp_only_layers")
    if config.kind == "flint" and not config.has("mlp_only_layers"):
        dense = [0, 1]
    only = config.index in dense
    return bool(step and not only and config.get("num_experts") and (config.index + 1) % step == 0)


def listed(config: Config) -> bool:
    """Return whether a layer of Llama 4 has experts: it is listed, or it is the n-th."""
    chosen = config.entries("moe_layers")
    return config.index in chosen if chosen else (config.index + 1) % config.interleave_moe_layer_step == 0


def ernie(config: Config) -> bool:
    """Return whether a layer of ERNIE 4.5 has experts: it is the n-th between two ends."""
    last = config.get("moe_layer_end_index", -1)
    last = config.num_hidden_layers - 1 if last < 0 else last
    inside = config.get("moe_layer_start_index", 1) <= config.index <= last
    return bool(inside and (config.index + 1) % (config.get("moe_layer_interval", 1) or 1) == 0)


def ernie_vision(config: Config) -> Census:
    """Return the experts of ERNIE 4.5 VL: some for words, and narrower ones for pictures alone."""
    widths = config.numbers("moe_intermediate_size") or [1536, 512]
    common = config.get("moe_num_shared_experts") * widths[0]
    words = Experts("moe_num_experts", "moe_k", widths[0], common, shared_bias="use_bias", router=1)
    pictures = Experts("moe_num_experts", "moe_k", widths[-1], router=1)(config)
    return words(config) + Census(pictures.parameters)


def shared(count: Size, width: Size = "moe_intermediate_size") -> Size:
    """Return the width of shared experts, each as wide as a routed one."""
    return lambda config: of(config, count) * of(config, width)


def deepseek(mixer: Piece = LATENT) -> Decoder:
    """Return a model of the shape of DeepSeek-V2 and V3."""
    experts = Experts("n_routed_experts", shared=shared("n_shared_experts"), shared_bias="mlp_bias")
    return Decoder(mixer, When(sparse, experts, GATED))


def every(experts: Experts, mixer: Piece = ATTENTION, norms: Size = 2) -> Decoder:
    """Return a decoder with experts in each layer."""
    return Decoder(mixer, experts, norms)


QWEN_EXPERTS = Experts(shared="shared_expert_intermediate_size", share_gate=True)
MIXTRAL = Experts("num_local_experts", width="intermediate_size")
GRANITE = Experts("num_local_experts", width="intermediate_size", shared="shared_intermediate_size")


def local(config: Config) -> bool:
    """Return whether a layer of MiMo-V2-Flash sees a window only."""
    kinds = config.entries("layer_types") or config.entries("hybrid_layer_pattern")
    if kinds:
        return config.index < len(kinds) and kinds[config.index] in (1, "sliding_attention")
    return bool(config.index and (config.index + 1) % 6)


def mimo_heads(config: Config) -> float:
    """Return the key-value heads of MiMo-V2-Flash: twice as many where a layer sees a window only."""
    told = config.num_key_value_heads
    return float(config.get("swa_num_key_value_heads") or 2 * told) if local(config) else float(told)


def jetmoe(config: Config) -> Census:
    """Return attention whose queries and outputs are experts."""
    wide = config.num_key_value_heads * config.kv_channels
    hidden, count = config.hidden_size, config.num_local_experts
    chosen = config.visited("num_experts_per_tok", config.num_experts_per_tok, count)
    experts = (linear(hidden, wide) + linear(wide, hidden)).visited(count, chosen)
    whole = experts + linear(hidden, count) + linear(hidden, 2 * wide) + vector(hidden)
    return whole + Census(scores=2 * wide * chosen).known_as(
        heads=config.num_key_value_heads * chosen,
        kv_heads=config.num_key_value_heads,
        head_size=config.kv_channels,
        attention="standard",
        biases="none",
    )


def dbrx_attention(config: Config) -> Census:
    """Return DBRX's attention, whose sizes stand in a part of its own."""
    attention = config.part("attn_config")
    kv_heads = lambda _config: attention.kv_n_heads  # noqa: E731
    return Attention(kv_heads=kv_heads)(config)


def dbrx_experts(config: Config) -> Census:
    """Return DBRX's experts, whose sizes stand in a part of its own."""
    inner = config.part("ffn_config")
    return Experts(inner.moe_num_experts, "moe_top_k", inner.ffn_hidden_size, hidden=config.hidden_size)(
        inner
    )


def longcat(config: Config) -> Census:
    """Return a layer of LongCat-Flash: twice attention and a dense layer, and experts, some of them empty."""
    empty = config.zero_expert_num
    count = config.n_routed_experts
    share = count / (count + empty)
    experts = Experts(
        "n_routed_experts",
        lambda c: c.moe_topk * share,
        "expert_ffn_hidden_size",
        routed=count + empty,
    )
    twice = LatentAttention()(config) + FeedForward("ffn_hidden_size")(config) + rms(config.hidden_size) * 2
    return twice * 2 + experts(config)


SPARSE: dict[str, Decoder] = {
    "mixtral": every(MIXTRAL),
    "minimax_m2": every(MIXTRAL, Attention(norm="heads")),
    "phimoe": Decoder(TOLD, MIXTRAL, norm="layernorm", head_bias="lm_head_bias"),
    "granitemoe": every(MIXTRAL, TOLD),
    "granitemoeshared": every(GRANITE, TOLD),
    "granitemoe_swa": every(GRANITE, Attention("attention_bias", "attention_bias", sinks=1)),
    "flex_olmo": every(
        Experts(width="intermediate_size"), Attention("attention_bias", "attention_bias", norm="heads")
    ),
    "olmoe": every(
        Experts(width="intermediate_size"), Attention("attention_bias", "attention_bias", norm="heads")
    ),
    "cohere2_moe": Decoder(
        TOLD,
        When(
            lambda c: (
                sparse(c) if c.entries("mlp_layer_types") else c.index >= c.get("first_k_dense_replace")
            ),
            Experts(width="intermediate_size", shared=shared("num_shared_experts", "intermediate_size")),
            FeedForward(lambda c: c.get("prefix_dense_intermediate_size") or c.intermediate_size),
        ),
        norms=1,
        norm="weight",
    ),
    "qwen2_moe": Decoder(Attention("qkv_bias"), When(stepped, QWEN_EXPERTS, FeedForward())),
    "qwen3_moe": Decoder(HEAD_NORMED, When(stepped, Experts(), FeedForward())),
    "qwen3_vl_moe_text": Decoder(HEAD_NORMED, When(stepped, Experts(), FeedForward())),
    "qwen3_omni_moe_text": Decoder(HEAD_NORMED, When(stepped, Experts(), FeedForward())),
    "mellum": Decoder(
        HEAD_NORMED, When(lambda c: not c.entries("mlp_layer_types") or sparse(c), Experts(), FeedForward())
    ),
    "flint": Decoder(
        Attention("attention_bias", "attention_bias", norm="head", sinks=1),
        When(stepped, Experts(shared="shared_expert_intermediate_size"), FeedForward()),
    ),
    "kolibri1": every(
        Experts("num_local_experts", shared="shared_expert_intermediate_size"), Attention(norm="head"), 4
    ),
    "deepseek": Decoder(
        Attention("attention_bias", "attention_bias"),
        When(sparse, Experts("n_routed_experts", shared=shared("n_shared_experts")), FeedForward()),
    ),
    "deepseek_v2": deepseek(),
    "deepseek_v3": deepseek(),
    "deepseek_v32": deepseek(LatentAttention(indexed=True)),
    "glm_moe_dsa": deepseek(LatentAttention(indexed=True)),
    "kimi_k2": deepseek(),
    "sarvam_mla": deepseek(),
    "axk1": Decoder(
        LatentAttention(),
        When(
            lambda c: sparse(c) if c.entries("mlp_layer_types") else c.index > 0,
            Both(
                Experts("n_routed_experts", shared=shared("n_shared_experts")),
                lambda c: rms(c.hidden_size),
            ),
            FeedForward(),
        ),
    ),
    "mistral4": deepseek(),
    "glm4_moe_lite": Decoder(
        LatentAttention(),
        When(
            lambda c: sparse(c) if c.has("mlp_layer_types", "first_k_dense_replace") else c.index > 0,
            Experts("n_routed_experts", shared=shared("n_shared_experts")),
            FeedForward(),
        ),
    ),
    "glm4_moe": Decoder(
        Attention("attention_bias", norm="", extra=lambda c: 2 * head_size(c) * c.use_qk_norm),
        When(sparse, Experts("n_routed_experts", shared=shared("n_shared_experts")), FeedForward()),
    ),
    "glm4v_moe_text": Decoder(
        Attention("attention_bias", norm="", extra=lambda c: 2 * head_size(c) * c.get("use_qk_norm")),
        When(sparse, Experts("n_routed_experts", shared=shared("n_shared_experts")), FeedForward()),
    ),
    "solar_open": Decoder(
        Attention("attention_bias"),
        When(sparse, Experts("n_routed_experts", shared=shared("n_shared_experts")), FeedForward()),
    ),
    "dots1": Decoder(
        HEAD_NORMED,
        When(sparse, Experts("n_routed_experts", shared=shared("n_shared_experts")), FeedForward()),
    ),
    "exaone_moe": Decoder(
        Attention(norm="head"), When(sparse, Experts(shared=shared("num_shared_experts")), FeedForward())
    ),
    "hy_v3": Decoder(
        HEAD_NORMED,
        When(
            lambda c: sparse(c) if c.has("mlp_layer_types", "first_k_dense_replace") else c.index > 0,
            Experts(shared=shared("num_shared_experts"), shared_bias="mlp_bias"),
            GATED,
        ),
    ),
    "afmoe": Decoder(
        Attention("attention_bias", "attention_bias", norm="head", gate="full"),
        When(
            lambda c: c.index >= c.num_dense_layers,
            Experts(shared=shared("num_shared_experts"), router=1),
            FeedForward(),
        ),
        norms=4,
    ),
    "beam": Decoder(
        Attention("attention_bias", "attention_bias", norm="head", gate="full", extra="num_attention_heads"),
        When(
            lambda c: sparse(c) if c.entries("mlp_layer_types") else c.index >= 3,
            Experts(),
            FeedForward(),
        ),
        norms=4,
    ),
    "gpt_oss": every(
        Experts("num_local_experts", width="intermediate_size", bias=1, router=1),
        Attention("attention_bias", "attention_bias", sinks=1),
    ),
    "mimo_v2_flash": Decoder(
        Attention("attention_bias", kv_heads=mimo_heads, value_size="v_head_dim", sinks=local),
        When(
            lambda c: sparse(c) if c.has("mlp_layer_types") else c.index > 0,
            Experts("n_routed_experts"),
            FeedForward(),
        ),
    ),
    "llama4_text": Decoder(
        TOLD,
        When(
            listed,
            Experts("num_local_experts", width="intermediate_size", shared="intermediate_size"),
            FeedForward("intermediate_size_mlp"),
        ),
    ),
    "aria_text": every(
        Experts(
            "moe_num_experts",
            "moe_topk",
            "intermediate_size",
            shared=lambda c: c.moe_num_shared_experts * c.intermediate_size,
            shared_bias="mlp_bias",
        ),
        TOLD,
    ),
    "ernie4_5_moe": Decoder(
        Attention("use_bias", "use_bias"),
        When(
            ernie,
            Experts(
                "moe_num_experts",
                "moe_k",
                shared_bias="use_bias",
                shared=shared("moe_num_shared_experts"),
                router=1,
            ),
            FeedForward(bias="use_bias"),
        ),
    ),
    "ernie4_5_vl_moe_text": Decoder(
        Attention("use_bias", "use_bias"),
        When(ernie, ernie_vision, FeedForward(bias="use_bias")),
    ),
    "hunyuan_v1_moe": every(
        Experts(
            width=lambda c: c.get("moe_intermediate_size") or c.intermediate_size,
            chosen="moe_topk",
            shared=lambda c: (
                c.get("num_shared_expert") * (c.get("moe_intermediate_size") or c.intermediate_size)
            ),
        ),
        HEAD_NORMED,
    ),
    "jetmoe": every(
        Experts("num_local_experts", width="intermediate_size", extra="hidden_size"),
        jetmoe,
    ),
    "dbrx": Decoder(dbrx_attention, dbrx_experts, norm="weight"),
    "longcat_flash": Decoder(longcat, lambda _c: NOTHING, norms=0, layers="num_layers"),
    "minimax_m3_vl_text": every(
        Experts("num_local_experts", width="intermediate_size", shared="shared_intermediate_size"),
        Attention(norm="head"),
    ),
    "arctic": Decoder(),
    "bailing_moe": Decoder(
        Attention(
            lambda c: c.get("use_qkv_bias") or c.get("use_bias"),
            "use_bias",
            norm="",
            extra=lambda c: 2 * head_size(c) * c.get("use_qk_norm"),
        ),
        When(
            lambda c: c.index >= c.get("first_k_dense_replace"),
            Experts(shared=shared("num_shared_experts")),
            FeedForward(),
        ),
    ),
    "grok-1": every(Experts("num_experts", width=lambda c: c.intermediate_size), norms=4),
}
SPARSE["bailing_moe_v2"] = SPARSE["bailing_moe_linear"] = SPARSE["bailing_moe"]
SPARSE["sarvam_moe"] = SPARSE["glm4_moe"]
SPARSE["PanguProMoE"] = every(Experts(shared="shared_expert_intermediate_size"), Attention(1, 1))
del SPARSE["arctic"]
