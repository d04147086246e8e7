"""Layers, tables and heads of encoders that are made unlike BERT's."""

from tcplan.reading.huggingface.blocks import Attention, FeedForward
from tcplan.reading.huggingface.census import (
    NOTHING,
    Census,
    convolution,
    layernorm,
    linear,
    table,
    together,
    vector,
)
from tcplan.reading.huggingface.config import Config

BIASED = Attention(1, 1)
PLAIN = FeedForward(bias=1, gated=0)


def deberta_positions(config: Config) -> Census:
    """Return the tables of relative positions of DeBERTa, and the projections that share none."""
    if not config.relative_attention:
        return NOTHING
    buckets = config.get("position_buckets", -1)
    longest = config.get("max_relative_positions", -1)
    longest = longest if longest > 0 else config.max_position_embeddings
    rows = 2 * (buckets if buckets > 0 else longest)
    normed = layernorm(config.hidden_size) if "layer_norm" in config.text("norm_rel_ebd") else NOTHING
    return table(rows, config.hidden_size) + normed


def disentangled(config: Config) -> Census:
    """Return the projections of positions of a layer of DeBERTa."""
    told = config.entries("pos_att_type") or config.text("pos_att_type").split("|")
    hidden = config.hidden_size
    if not config.relative_attention or config.get("share_att_key"):
        return NOTHING
    keys = linear(hidden, hidden, config.kind == "deberta-v2") if "c2p" in told else NOTHING
    return keys + (linear(hidden, hidden, 1) if "p2c" in told else NOTHING)


def deberta_convolution(config: Config) -> Census:
    """Return the convolution beside the first layer of DeBERTa-v2."""
    taps = config.get("conv_kernel_size")
    hidden = config.hidden_size
    return (
        convolution(hidden, hidden, taps, 1, config.get("conv_groups", 1)) + layernorm(hidden)
        if taps
        else NOTHING
    )


def squeezed(config: Config) -> Census:
    """Return a layer of SqueezeBERT, whose linear layers are grouped convolutions."""
    hidden, inner = config.hidden_size, config.intermediate_size
    groups = (config.q_groups, config.k_groups, config.v_groups, config.post_attention_groups)
    whole = together(convolution(hidden, hidden, 1, 1, one) for one in groups)
    whole += convolution(hidden, inner, 1, 1, config.intermediate_groups)
    whole += convolution(inner, hidden, 1, 1, config.output_groups)
    return whole + Census(scores=2 * hidden).known_as(
        heads=config.num_attention_heads,
        kv_heads=config.num_attention_heads,
        head_size=hidden // config.num_attention_heads,
        feed_forward=inner,
        biases="all",
    )


def convolved(config: Config) -> Census:
    """Return the mixer of ConvBERT: attention of fewer heads beside convolutions made for each token."""
    hidden, taps = config.hidden_size, config.conv_kernel_size
    heads = max(config.num_attention_heads // config.head_ratio, 1)
    wide = heads * (hidden // heads // 2)
    whole = linear(hidden, wide, 1) * 3 + convolution(hidden, hidden, taps, 0, hidden)
    whole += linear(hidden, wide, 1) + linear(wide, heads * taps, 1) + linear(hidden, wide, 1)
    return (
        whole
        + linear(hidden, hidden, 1)
        + Census(scores=2 * wide).known_as(heads=heads, kv_heads=heads, head_size=wide / heads, biases="all")
    )


def mobile(config: Config) -> Census:
    """Return a layer of MobileBERT, which works at a narrower width between two bottlenecks."""
    c, hidden = config, config.hidden_size
    narrow = c.intra_bottleneck_size if c.use_bottleneck else hidden
    value = narrow if c.use_bottleneck_attention else hidden
    whole = linear(narrow, narrow, 1) * 2 + linear(value, narrow, 1) + linear(narrow, narrow, 1)
    forward = (
        linear(narrow, c.intermediate_size, 1) + linear(c.intermediate_size, narrow, 1) + vector(2 * narrow)
    )
    whole += vector(2 * narrow) + forward * c.num_feedforward_networks
    if c.use_bottleneck:
        whole += (linear(hidden, narrow, 1) + vector(2 * narrow)) * (1 + c.key_query_shared_bottleneck)
        whole += linear(narrow, hidden, 1) + vector(2 * hidden)
    return whole + Census(scores=2 * narrow).known_as(
        heads=c.num_attention_heads,
        kv_heads=c.num_attention_heads,
        head_size=narrow // c.num_attention_heads,
        feed_forward=c.intermediate_size,
        biases="all",
    )


def mobile_front(config: Config) -> Census:
    """Return the tables of MobileBERT, of which that of the tokens alone is narrow."""
    wide = config.hidden_size
    whole = table(config.max_position_embeddings + config.type_vocab_size, wide) + vector(2 * wide)
    return whole + linear(config.embedding_size * (3 if config.trigram_input else 1), wide, 1)


def funnel_layer(config: Config) -> Census:
    """Return a layer of Funnel, whose attention is relative."""
    hidden, heads, size = config.d_model, config.n_head, config.d_head
    wide = heads * size
    whole = (
        linear(hidden, wide) + linear(hidden, wide, 1) * 2 + linear(wide, hidden, 1) + linear(hidden, wide)
    )
    whole += vector(5 * wide) + linear(hidden, config.d_inner, 1) + linear(config.d_inner, hidden, 1)
    return (
        whole
        + layernorm(hidden) * 2
        + Census(scores=2 * wide).known_as(
            heads=heads, kv_heads=heads, head_size=size, feed_forward=config.d_inner, biases="all"
        )
    )


def funnel_layers(config: Config) -> float:
    """Return the layers of Funnel's blocks, those that share weights counted once, and of its decoder."""
    return float(sum(config.numbers("block_sizes")) + config.num_decoder_layers)


def tapas_types(config: Config) -> float:
    """Return the rows of all tables of types of TAPAS."""
    sizes = config.numbers("type_vocab_sizes") or [3, 256, 256, 2, 256, 256, 10]
    return float(sum(sizes))


def roc_bert(config: Config) -> Census:
    """Return the tables of sounds and shapes of RoCBert, and what brings them to the hidden size."""
    c, hidden = config, config.hidden_size
    whole = table(c.pronunciation_vocab_size, c.pronunciation_embed_dim)
    whole += table(c.shape_vocab_size, c.shape_embed_dim)
    width = hidden + c.pronunciation_embed_dim * c.enable_pronunciation + c.shape_embed_dim * c.enable_shape
    return whole + (linear(width, hidden, 1) if c.concat_input else NOTHING)


def luke(config: Config) -> Census:
    """Return the table of entities of LUKE, its own pooler, and the head that predicts entities."""
    c, hidden, narrow = config, config.hidden_size, config.entity_emb_size
    whole = table(c.entity_vocab_size, narrow) + (linear(narrow, hidden) if narrow != hidden else NOTHING)
    return whole + table(c.max_position_embeddings + c.type_vocab_size, hidden) + layernorm(hidden)


def luke_heads(config: Config) -> Census:
    """Return the head that predicts entities, and the part of that for words which is not tied."""
    narrow = config.entity_emb_size
    entities = linear(config.hidden_size, narrow, 1) + layernorm(narrow)
    return entities + table(config.vocab_size, config.hidden_size) + vector(config.entity_vocab_size)


def canine(config: Config) -> Census:
    """Return what stands around the layers of CANINE: hashed tables, and layers over single letters."""
    c, hidden = config, config.hidden_size
    whole = table(c.num_hash_buckets, hidden)  # each of the hash functions has its part of the width
    whole += table(c.max_position_embeddings + c.type_vocab_size, hidden) + layernorm(hidden) * 3
    layer = BIASED(c) + PLAIN(c) + layernorm(hidden) * 2
    whole += layer * 2 + convolution(hidden, hidden, c.get("downsampling_rate", 4))
    return whole + convolution(2 * hidden, hidden, c.upsampling_kernel_size)
