"""Encoders: stacks that see a sequence as a whole, with tables and heads of many kinds."""

from dataclasses import dataclass, replace

from tcplan.reading.huggingface.blocks import (
    Attention,
    Both,
    FeedForward,
    Piece,
    Size,
    norm_of,
    of,
)
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
from tcplan.reading.huggingface.stack import labels, layered, needed

BIASED = Attention(1, 1)
PLAIN = FeedForward(bias=1, gated=0)


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class Encoder:
    """A stack of layers over tables of tokens, positions and types, which are normed together.

    `width` is that of the tables, and a linear layer leads to the hidden size where they differ. `pooled` are
    the purposes for which the first token passes a linear layer; `classed` those whose classifier has a
    layer of its own. `transform` is whether the head for words has a layer before it.
    """

    mixer: Piece = BIASED
    mlp: Piece = PLAIN
    norms: Size = 2
    norm: str = "layernorm"
    final: Size = 0
    layers: Size = "num_hidden_layers"
    positions: Size = "max_position_embeddings"
    types: Size = "type_vocab_size"
    vocabulary: Size = "vocab_size"
    width: Size = "hidden_size"
    front: Size = 1
    mapped: bool = False
    repeated: Size = 0
    pooled: tuple[str, ...] = ("bare", "classes", "choices", "pretraining", "pairs")
    classed: tuple[str, ...] = ()
    judged: bool = False
    transform: bool = True
    transform_bias: Size = 1
    head_norm: str = "layernorm"
    head_bias: Size = 1
    head_width: Size = 0
    once: Piece = nothing
    layer: Piece = nothing
    top_layer: Piece = nothing

    def count(self, config: Config, purpose: str) -> Census:
        """Return the encoder with what its purpose asks for."""
        hidden = needed(config, "hidden_size", "hidden_size")
        width, layers = of(config, self.width), int(needed(config, self.layers, "num_hidden_layers"))
        positions, vocabulary = of(config, self.positions), of(config, self.vocabulary)
        whole = self.stack(config)
        whole += table(vocabulary + positions + of(config, self.types), width)
        whole += norm_of(self.norm, width) * of(config, self.front) + self.once(config)
        if width != hidden or self.mapped:
            whole += linear(width, hidden, 1)
        tied = bool(config.get("tie_word_embeddings", 1))
        return (whole + self.top(config, purpose or "masked", tied)).known_as(
            family="encoder",
            masked_share=1,
            layers=layers,
            hidden=hidden,
            vocabulary=vocabulary,
            norm="layernorm",
            learned_positions=positions,
            tied_embeddings="yes" if tied else "no",
        )

    def stack(self, config: Config) -> Census:
        """Return the layers and the norm behind them."""

        def layer(inner: Config) -> Census:
            parts = self.mixer(inner) + self.mlp(inner) + self.layer(inner)
            return parts + norm_of(self.norm, inner.hidden_size) * of(inner, self.norms)

        times = of(config, self.repeated)
        if times:
            kinds = config.get("num_hidden_groups", 1) * config.get("inner_group_num", 1)
            one = layer(config)
            whole = one.scaled(kinds, kinds, times * config.get("inner_group_num", 1))
        else:
            whole = layered(config, self.layers, layer)
        return whole + norm_of(self.norm, config.hidden_size) * of(config, self.final)

    def top(self, config: Config, purpose: str, tied: bool) -> Census:
        """Return what stands on top of the layers."""
        hidden = config.hidden_size
        whole = linear(hidden, hidden, 1) if purpose in self.pooled else NOTHING
        if purpose == "pretraining" and self.judged:
            return whole + linear(hidden, hidden, 1) + linear(hidden, 1, 1)
        if purpose in ("masked", "causal", "words", "pretraining"):
            whole += self.words(config, tied)
        if purpose in self.classed:
            whole += linear(hidden, hidden, 1)
        outputs = {"classes": labels(config), "tokens": labels(config), "spans": 2, "choices": 1}
        if purpose in outputs:
            whole += linear(hidden, outputs[purpose], 1)
        return whole + (linear(hidden, 2, 1) if purpose in ("pretraining", "pairs") else NOTHING)

    def words(self, config: Config, tied: bool) -> Census:
        """Return the head that predicts words."""
        width = of(config, self.head_width) or of(config, self.width)
        vocabulary = of(config, self.vocabulary)
        head = linear(width, vocabulary)
        apart = not tied and self.head_bias == 1
        whole = head.scaled(0, 0, 1) if tied and width == of(config, self.width) else head
        whole += vector(vocabulary if apart else 0)
        if self.transform:
            whole += linear(config.hidden_size, width, of(config, self.transform_bias))
            whole += norm_of(self.head_norm, width)
        return whole + vector(vocabulary if of(config, self.head_bias) else 0) + self.top_layer(config)


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


@dataclass(frozen=True, slots=True)
class MobileEncoder:
    """MobileBERT, whose head adds a table beside that of the tokens."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the encoder with what its purpose asks for."""
        hidden, narrow, vocabulary = config.hidden_size, config.embedding_size, config.vocab_size
        whole = (
            layered(config, "num_hidden_layers", mobile) + table(vocabulary, narrow) + mobile_front(config)
        )
        words = linear(hidden, hidden, 1) + layernorm(hidden) + vector(vocabulary)
        words += Census(products=vocabulary * narrow) + linear(hidden - narrow, vocabulary)
        plain = replace(BERT, transform=False)
        top = plain.top(config, "pairs" if purpose == "pretraining" else purpose, tied=True)
        if purpose in ("", "masked", "causal", "words"):
            top = words
        elif purpose == "pretraining":
            top += words
        return (whole + top).known_as(
            family="encoder",
            masked_share=1,
            layers=config.num_hidden_layers,
            hidden=hidden,
            vocabulary=vocabulary,
            norm="layernorm",
            learned_positions=config.max_position_embeddings,
            tied_embeddings="yes",
        )


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


BERT = Encoder()
ROBERTA = Encoder(
    pooled=("bare", "choices", "pairs"),
    classed=("classes",),
)
MODERN = Encoder(
    Attention("attention_bias", "attention_bias"),
    FeedForward(bias="mlp_bias"),
    positions=0,
    types=0,
    pooled=(),
)
ENCODERS: dict[str, Encoder | MobileEncoder] = {
    "bert": BERT,
    "ernie": replace(
        BERT, once=lambda c: table(c.task_type_vocab_size if c.use_task_id else 0, c.hidden_size)
    ),
    "megatron-bert": replace(BERT, front=0, final=1),
    "bert-generation": replace(BERT, types=0, transform=False, pooled=()),
    "big_bird": replace(
        BERT,
        mixer=Attention("use_bias", 1),
        pooled=("bare", "masked", "causal", "words", "tokens", "classes", "pretraining"),
        classed=("classes",),
    ),
    "layoutlm": replace(
        BERT,
        once=lambda c: table(4 * c.max_2d_position_embeddings, c.hidden_size),
        pooled=("bare", "classes", "masked", "tokens", "spans"),
    ),
    "nystromformer": replace(
        BERT,
        layer=lambda c: vector(c.num_attention_heads * (c.get("conv_kernel_size") or 0)),
        positions=lambda c: c.max_position_embeddings + 2,
        pooled=(),
        classed=("classes",),
    ),
    "mra": replace(BERT, positions=lambda c: c.max_position_embeddings + 2, pooled=(), classed=("classes",)),
    "yoso": replace(BERT, positions=lambda c: c.max_position_embeddings + 2, pooled=(), classed=("classes",)),
    "roformer": replace(
        BERT,
        positions=0,
        width=lambda c: c.get("embedding_size") or c.hidden_size,
        once=lambda c: vector(c.max_position_embeddings * c.hidden_size / c.num_attention_heads),
        pooled=(),
        classed=("classes",),
    ),
    "rembert": replace(
        BERT, width="input_embedding_size", mapped=True, head_width="output_embedding_size", head_bias=2
    ),
    "tapas": replace(BERT, types=tapas_types, pooled=("bare", "classes", "spans")),
    "roc_bert": replace(BERT, once=roc_bert),
    "fnet": replace(
        BERT,
        mixer=nothing,
        once=lambda c: linear(c.hidden_size, c.hidden_size, 1),
        pooled=("bare", "classes", "masked", "pretraining", "pairs", "choices", "tokens", "spans"),
    ),
    "squeezebert": replace(
        BERT, mixer=squeezed, mlp=nothing, pooled=("bare", "classes", "masked", "choices", "tokens", "spans")
    ),
    "convbert": replace(
        BERT, mixer=convolved, width="embedding_size", pooled=(), classed=("classes",), head_bias=2
    ),
    "electra": replace(
        BERT, width="embedding_size", pooled=(), classed=("classes",), judged=True, head_bias=2
    ),
    "albert": replace(
        BERT,
        width="embedding_size",
        mapped=True,
        repeated="num_hidden_layers",
        pooled=("bare", "classes", "choices", "pretraining"),
    ),
    "distilbert": replace(
        BERT,
        types=0,
        mlp=FeedForward("hidden_dim", 1, 0),
        pooled=(),
        classed=("classes", "choices"),
        head_bias=2,
    ),
    "deberta": replace(
        BERT,
        mixer=Both(Attention(0, 1, extra=lambda c: 2 * c.hidden_size), disentangled),
        positions=lambda c: c.max_position_embeddings * c.get("position_biased_input", 1),
        once=deberta_positions,
        pooled=("classes",),
    ),
    "deberta-v2": replace(
        BERT,
        mixer=Both(BIASED, disentangled),
        positions=lambda c: c.max_position_embeddings * c.get("position_biased_input", 1),
        once=Both(deberta_positions, deberta_convolution),
        pooled=("classes",),
    ),
    "funnel": replace(
        BERT,
        mixer=funnel_layer,
        mlp=nothing,
        norms=0,
        layers=funnel_layers,
        positions=0,
        types=0,
        transform=False,
        pooled=(),
        classed=("classes",),
        judged=True,
    ),
    "mobilebert": MobileEncoder(),
    "canine": replace(
        BERT,
        vocabulary=0,
        positions=0,
        types=0,
        once=canine,
        front=0,
        transform=False,
        pooled=("bare", "classes", "tokens", "spans", "choices"),
    ),
    "roberta": ROBERTA,
    "xlm-roberta": ROBERTA,
    "camembert": ROBERTA,
    "data2vec-text": ROBERTA,
    "ibert": ROBERTA,
    "roberta-prelayernorm": replace(ROBERTA, final=1),
    "xlm-roberta-xl": replace(ROBERTA, front=0, final=1),
    "longformer": replace(
        ROBERTA, mixer=Both(BIASED, lambda c: linear(c.hidden_size, c.hidden_size, 1).scaled(3, 3, 0))
    ),
    "luke": replace(
        ROBERTA,
        mixer=Both(BIASED, lambda c: linear(c.hidden_size, c.hidden_size, 1).scaled(3, 3, 0)),
        once=luke,
        pooled=("bare", "masked", "classes"),
        top_layer=luke_heads,
    ),
    "xmod": replace(
        ROBERTA,
        layer=lambda c: (
            (
                linear(c.hidden_size, c.hidden_size // (c.get("adapter_reduction_factor") or 2), 1)
                + linear(c.hidden_size // (c.get("adapter_reduction_factor") or 2), c.hidden_size, 1)
            )
            * (len(c.entries("languages")) or 1)
        ),
    ),
    "mpnet": replace(
        ROBERTA,
        types=0,
        once=lambda c: table(c.relative_attention_num_buckets, c.num_attention_heads),
    ),
    "esm": replace(
        ROBERTA,
        types=0,
        front=lambda c: c.get("emb_layer_norm_before"),
        final=1,
        positions=lambda c: (
            c.max_position_embeddings if c.text("position_embedding_type", "absolute") == "absolute" else 0
        ),
    ),
    "gte": replace(ROBERTA, mlp=FeedForward(extra="hidden_size"), positions=0, pooled=(), head_bias=2),
    "jina_embeddings_v3": replace(ROBERTA, positions=0),
    "nomic_bert": replace(BERT, mixer=Attention(), mlp=FeedForward(), positions=0, pooled=("classes",)),
    "modernbert": replace(
        MODERN,
        norm="weight",
        norms=lambda c: 2 if c.index else 1,
        final=1,
        transform_bias="classifier_bias",
        head_norm="weight",
        head_bias="decoder_bias",
        classed=("classes", "tokens", "spans"),
    ),
    "eurobert": replace(
        MODERN, norm="rms", front=0, final=1, transform=False, head_bias=0, classed=("classes",)
    ),
    "esmc": replace(
        MODERN,
        mixer=Attention("attention_bias", "attention_bias", norm="heads"),
        norm="weight",
        norms=2,
        front=0,
        final=1,
        layer=lambda c: vector(2 * c.hidden_size),
        head_bias=2,
    ),
}
