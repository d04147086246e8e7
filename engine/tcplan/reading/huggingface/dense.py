"""Decoders whose layers are all alike: attention and one feed-forward."""

from tcplan.reading.huggingface.blocks import (
    Attention,
    Both,
    FeedForward,
    LatentAttention,
    Repeated,
    When,
    head_size,
)
from tcplan.reading.huggingface.census import Census, layernorm, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.stack import Decoder

TOLD = Attention("attention_bias", "attention_bias")
BIASED = Attention(1, 1)
GATED = FeedForward(bias="mlp_bias")
PLAIN = FeedForward(bias=1, gated=0)
LLAMA = Decoder(TOLD, GATED)
MISTRAL = Decoder()
QWEN2 = Decoder(Attention(qkv=1))


def four_times(config: Config) -> float:
    """Return the told inner width, or four times the hidden size where it is null."""
    return float(config.get("n_inner") or 4 * config.hidden_size)


def normed_heads(config: Config) -> float:
    """Return the width of all queries and keys of a token."""
    heads = config.num_attention_heads
    size = config.get("head_dim") or config.hidden_size // heads
    return float((heads + (config.get("num_key_value_heads") or heads)) * size)


def falcon_heads(config: Config) -> float:
    """Return the key-value heads of Falcon's three layouts."""
    if config.new_decoder_architecture:
        return float(config.get("num_kv_heads") or config.num_attention_heads)
    return 1.0 if config.multi_query else float(config.num_attention_heads)


def falcon_norms(config: Config) -> float:
    """Return the norms of a layer of Falcon: two in the newest layout and the oldest, else one."""
    if config.new_decoder_architecture:
        return float(config.get("num_ln_in_parallel_attn") or 2)
    return 1.0 if config.parallel_attn else 2.0


def lfm2_width(config: Config) -> float:
    """Return the inner width of LFM2, two thirds of the told one rounded up."""
    width = config.get("block_ff_dim") or config.intermediate_size
    if config.block_auto_adjust_ff_dim:
        width = int(int(2 * width / 3) * (config.get("block_ffn_dim_multiplier") or 1))
        step = config.block_multiple_of
        width = step * -(-width // step)
    return float(width)


def hrm_layers(config: Config) -> float:
    """Return the layers of each of HRM's two stacks."""
    return config.get("num_layers_per_stack") or config.num_hidden_layers


def hrm_passes(config: Config) -> float:
    """Return how often a token passes a layer of HRM: the quick stack several times for each of the slow."""
    return config.H_cycles * (config.L_cycles if config.index < hrm_layers(config) else 1)


def dory_layers(config: Config) -> float:
    """Return the layers of Dory, whose first files list both halves of each."""
    return config.num_hidden_layers // (2 if "mlp" in config.entries("layer_types") else 1)


def dory_passes(config: Config) -> float:
    """Return how often a token passes a layer of Dory: those in the middle are a loop."""
    halves = 2 if "mlp" in config.entries("layer_types") else 1
    first, last = config.n_input_layers // halves, config.n_output_layers // halves
    within = first <= config.index < dory_layers(config) - last
    return config.n_recurrent_loops if within else 1


def doubled(key: str) -> FeedForward:
    """Return a gated feed-forward that is told as the width of both of its entries together."""
    return FeedForward(lambda c: c.get(key) / 2)


DENSE: dict[str, Decoder] = {
    "llama": LLAMA,
    "smollm3": LLAMA,
    "granite": LLAMA,
    "granite_swa": Decoder(Attention("attention_bias", "attention_bias", sinks=1), GATED),
    "arcee": Decoder(TOLD, FeedForward(bias="mlp_bias", gated=0)),
    "hyperclovax": Decoder(TOLD, GATED, norms=lambda c: 4 if c.use_post_norm else 2),
    "helium": Decoder(
        Both(
            Attention("attention_bias"),
            lambda c: linear(c.hidden_size - c.num_attention_heads * head_size(c), c.hidden_size),
        ),
        GATED,
    ),
    "cwm": Decoder(Attention(), GATED),
    "yi": LLAMA,
    "aquila": LLAMA,
    "xverse": LLAMA,
    "skywork": LLAMA,
    "internlm": Decoder(Attention("bias", "bias")),
    "internlm2": Decoder(Attention("bias", "bias")),
    "internlm3": Decoder(Attention("qkv_bias", "bias"), FeedForward(bias="bias")),
    "iquestcoder": LLAMA,
    "orion": Decoder(TOLD, GATED, norm="layernorm"),
    "exaone": LLAMA,
    "exaone4": Decoder(Attention(norm="head")),
    "baichuan": MISTRAL,
    "minicpm": Decoder(TOLD, GATED),
    "minicpm3": Decoder(LatentAttention(), GATED),
    "youtu": Decoder(LatentAttention(), GATED),
    "telechat": Decoder(Attention(0, 1), FeedForward(extra="hidden_size")),
    "mistral": MISTRAL,
    "ministral": MISTRAL,
    "ministral3": MISTRAL,
    "phi3": MISTRAL,
    "phi3small": Decoder(Attention(1, 1), FeedForward("ff_intermediate_size", bias=1), norm="layernorm"),
    "qwen": Decoder(Attention(qkv=1), doubled("intermediate_size")),
    "qwen2": QWEN2,
    "qwen2_5_vl_text": QWEN2,
    "qwen2_vl_text": QWEN2,
    "qwen2_5_omni_text": QWEN2,
    "qwen3": Decoder(Attention("attention_bias", "attention_bias", norm="head")),
    "qwen3_vl_text": Decoder(Attention("attention_bias", "attention_bias", norm="head")),
    "hunyuan_v1_dense": Decoder(Attention("attention_bias", "attention_bias", norm="head"), GATED),
    "hunyuan_vl_text": Decoder(Attention("attention_bias", "attention_bias", norm="head"), GATED),
    "gemma": Decoder(TOLD),
    "gemma2": Decoder(TOLD, norms=4),
    "gemma3_text": Decoder(Attention("attention_bias", "attention_bias", norm="head"), norms=4),
    "vaultgemma": Decoder(TOLD, norms=2),
    "glm": Decoder(Attention("attention_bias")),
    "glm4": Decoder(Attention("attention_bias"), norms=4),
    "glm4v_text": Decoder(Attention(lambda c: c.get("attention_bias", 1)), norms=4),
    "glm_ocr_text": Decoder(Attention(), norms=4),
    "chatglm": Decoder(
        Attention(
            qkv=lambda c: c.get("add_qkv_bias") or c.get("add_bias_linear"),
            out="add_bias_linear",
            kv_heads=lambda c: c.multi_query_group_num if c.multi_query_attention else c.num_attention_heads,
            size="kv_channels",
        ),
        FeedForward("ffn_hidden_size", bias="add_bias_linear"),
        layers="num_layers",
        vocabulary="padded_vocab_size",
    ),
    "olmo": Decoder(TOLD, norm="none"),
    "olmo2": Decoder(Attention("attention_bias", "attention_bias", norm="heads")),
    "olmo3": Decoder(Attention("attention_bias", "attention_bias", norm="heads")),
    "cohere": Decoder(
        Attention(
            "attention_bias", "attention_bias", extra=lambda c: normed_heads(c) if c.use_qk_norm else 0
        ),
        norms=1,
        norm="weight",
    ),
    "cohere2": Decoder(TOLD, norms=1, norm="weight"),
    "nemotron": Decoder(TOLD, FeedForward(bias="mlp_bias", gated=0), norm="layernorm"),
    "stablelm": Decoder(
        Attention("use_qkv_bias", extra=lambda c: normed_heads(c) if c.qk_layernorm else 0),
        norms=lambda c: 1 if c.use_parallel_residual else 2,
        norm="layernorm",
    ),
    "starcoder2": Decoder(
        Attention("use_bias", "use_bias"), FeedForward(bias="use_bias", gated=0), norm="layernorm"
    ),
    "seed_oss": Decoder(Attention("attention_bias", "attention_out_bias"), GATED),
    "jais2": Decoder(TOLD, FeedForward(bias="mlp_bias", gated=0), norm="layernorm"),
    "ernie4_5": Decoder(Attention("use_bias", "use_bias"), FeedForward(bias="use_bias")),
    "paddleocr_vl_text": Decoder(Attention("use_bias", "use_bias"), FeedForward(bias="use_bias")),
    "bitnet": Decoder(
        Attention("attention_bias", "attention_bias", extra="hidden_size"),
        FeedForward(extra="intermediate_size"),
    ),
    "apertus": Decoder(
        Attention("attention_bias", "attention_bias", norm="head"), FeedForward(gated=0, extra=2)
    ),
    "nanochat": Decoder(TOLD, FeedForward(gated=0), norm="none"),
    "diffllama": Decoder(Attention("attention_bias", "attention_bias", extra=lambda c: 4 * head_size(c))),
    "dory": Decoder(
        Repeated(
            Attention(
                "attention_bias",
                "attention_bias",
                gate="full",
                extra=lambda c: 2 * c.num_attention_heads * c.head_dim,
            ),
            dory_passes,
        ),
        Repeated(FeedForward(bias="mlp_bias", extra=lambda c: 2 * c.intermediate_size), dory_passes),
        norm="none",
        layers=dory_layers,
        layer=lambda c: vector(2 * c.hidden_size),
        neck=lambda c: vector(c.vocab_size),
    ),
    "persimmon": Decoder(
        Attention(1, 1, norm="", extra=lambda c: 4 * c.hidden_size / c.num_attention_heads * c.qk_layernorm),
        PLAIN,
        norm="layernorm",
    ),
    "phi": Decoder(
        Attention(1, 1, extra=lambda c: 4 * c.hidden_size / c.num_attention_heads * c.qk_layernorm),
        PLAIN,
        norms=1,
        norm="layernorm",
        head_bias=1,
    ),
    "phi-msft": Decoder(BIASED, FeedForward(four_times, 1, 0), norms=1, norm="layernorm", head_bias=1),
    "gptj": Decoder(mlp=FeedForward(four_times, 1, 0), norms=1, norm="layernorm", head_bias=1),
    "codegen": Decoder(mlp=FeedForward(four_times, 1, 0), norms=1, norm="layernorm", head_bias=1),
    "gpt2": Decoder(
        Both(BIASED, When("add_cross_attention", Both(BIASED, lambda c: layernorm(c.hidden_size)))),
        FeedForward(four_times, 1, 0),
        norm="layernorm",
        positions="n_positions",
    ),
    "gpt_bigcode": Decoder(
        Attention(1, 1, kv_heads=lambda c: 1 if c.multi_query else c.num_attention_heads),
        FeedForward(four_times, 1, 0),
        norm="layernorm",
        positions="n_positions",
    ),
    "openai-gpt": Decoder(
        BIASED,
        FeedForward(lambda c: 4 * c.hidden_size, 1, 0),
        norm="layernorm",
        final=0,
        positions="n_positions",
    ),
    "gpt_neo": Decoder(
        Attention(0, 1),
        FeedForward(lambda c: c.get("intermediate_size") or 4 * c.hidden_size, 1, 0),
        norm="layernorm",
        positions="max_position_embeddings",
    ),
    "gpt_neox": Decoder(TOLD, PLAIN, norm="layernorm"),
    "gpt_neox_japanese": Decoder(
        mlp=FeedForward(lambda c: c.intermediate_multiple_size * c.hidden_size, 0, 0),
        norm="layernorm",
        once=lambda c: vector(c.hidden_size),
    ),
    "bloom": Decoder(
        BIASED,
        FeedForward(lambda c: 4 * c.hidden_size, 1, 0),
        norm="layernorm",
        once=lambda c: layernorm(c.hidden_size),
    ),
    "mpt": Decoder(
        mlp=FeedForward(lambda c: c.get("expansion_ratio", 4) * c.hidden_size, 0, 0), norm="weight"
    ),
    "falcon": Decoder(
        Attention("bias", "bias", kv_heads=falcon_heads),
        FeedForward(lambda c: c.get("ffn_hidden_size") or 4 * c.hidden_size, "bias", 0),
        norms=falcon_norms,
        norm="layernorm",
    ),
    "opt": Decoder(
        Attention("enable_bias", "enable_bias"),
        FeedForward("ffn_dim", "enable_bias", 0),
        norms=lambda c: 2 * c.layer_norm_elementwise_affine,
        norm="layernorm",
        final=lambda c: (
            c.layer_norm_elementwise_affine * c.do_layer_norm_before * (1 - c.get("_remove_final_layer_norm"))
        ),
        positions=lambda c: c.max_position_embeddings + 2,
        width=lambda c: c.get("word_embed_proj_dim") or c.hidden_size,
        once=lambda c: (
            linear(c.word_embed_proj_dim, c.hidden_size)
            * (2 if (c.get("word_embed_proj_dim") or c.hidden_size) != c.hidden_size else 0)
        ),
    ),
    "xglm": Decoder(
        Both(BIASED, When("add_cross_attention", Both(BIASED, lambda c: layernorm(c.hidden_size)))),
        FeedForward("ffn_dim", 1, 0),
        norm="layernorm",
    ),
    "biogpt": Decoder(BIASED, PLAIN, norm="layernorm", positions=lambda c: c.max_position_embeddings + 2),
    "ctrl": Decoder(BIASED, FeedForward("dff", 1, 0), norm="layernorm", head_bias=1),
    "cpmant": Decoder(
        Attention(size="dim_head"),
        FeedForward("dim_ff"),
        neck=lambda c: vector(c.vocab_size * c.hidden_size * c.tie_word_embeddings),
        once=lambda c: (
            table(c.segment_types + c.prompt_types * c.prompt_length, c.hidden_size)
            + table(c.position_bias_num_buckets + c.segment_types**2, c.num_attention_heads)
        ),
    ),
    "xlnet": Decoder(
        Both(
            Attention(extra=lambda c: 5 * c.hidden_size),
            lambda c: linear(c.hidden_size, c.hidden_size),
        ),
        FeedForward("d_inner", 1, 0),
        norm="layernorm",
        final=0,
        once=lambda c: vector(c.hidden_size),
        head_bias=1,
    ),
    "xlm": Decoder(
        BIASED,
        FeedForward(lambda c: 4 * c.hidden_size, 1, 0),
        norm="layernorm",
        positions="max_position_embeddings",
        once=lambda c: table(c.n_langs if c.n_langs > 1 and c.use_lang_emb else 0, c.hidden_size),
        head_bias=1,
    ),
    "flaubert": Decoder(
        BIASED,
        FeedForward(lambda c: 4 * c.hidden_size, 1, 0),
        norm="layernorm",
        positions="max_position_embeddings",
        once=lambda c: table(c.n_langs if c.n_langs > 1 and c.use_lang_emb else 0, c.hidden_size),
        head_bias=1,
    ),
    "modernbert-decoder": Decoder(
        TOLD,
        GATED,
        norm=lambda c: "layernorm" if c.norm_bias else "weight",
        norms=lambda c: 2 if c.index else 1,
        final=2,
        neck=lambda c: linear(c.hidden_size, c.hidden_size, c.classifier_bias) + rms(c.hidden_size),
        head_bias="decoder_bias",
    ),
    "hrm_text": Decoder(
        Repeated(Attention(gate="full"), hrm_passes),
        Repeated(GATED, hrm_passes),
        layers=lambda c: 2 * hrm_layers(c),
        norm="none",
        once=lambda c: vector(c.hidden_size),
    ),
}


def hashed(config: Config) -> bool:
    """Return whether a layer of Reformer hashes queries and keys alike."""
    kinds = config.entries("attn_layers") or ["local", "lsh"]
    return bool(kinds[config.index % len(kinds)] == "lsh")


def axial(config: Config) -> Census:
    """Return Reformer's tables of positions: of a grid, or of each place."""
    if not config.axial_pos_embds:
        return table(config.max_position_embeddings, config.hidden_size)
    sides = config.numbers("axial_pos_shape") or [64, 64]
    widths = config.numbers("axial_pos_embds_dim") or [64, 192]
    return vector(sum(side * wide for side, wide in zip(sides, widths, strict=False)))


DENSE["reformer"] = Decoder(
    When(
        hashed,
        lambda c: (
            Attention(size="attention_head_size", kv_heads=0)(c)
            + linear(c.hidden_size, c.num_attention_heads * c.attention_head_size) * -1
        ),
        Attention(size="attention_head_size", kv_heads=0),
    ),
    FeedForward("feed_forward_size", 1, 0),
    norm="layernorm",
    final=2,
    layers=lambda c: len(c.entries("attn_layers")) or 6,
    once=axial,
    neck=lambda c: linear(c.hidden_size, c.vocab_size) + vector(c.vocab_size),
)
DENSE["gpt-sw3"] = DENSE["gpt2"]
