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
    layernorm,
    linear,
    table,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.encoder_parts import (
    BIASED,
    PLAIN,
    canine,
    convolved,
    deberta_convolution,
    deberta_positions,
    disentangled,
    funnel_layer,
    funnel_layers,
    luke,
    luke_heads,
    mobile,
    mobile_front,
    roc_bert,
    squeezed,
    tapas_types,
)
from tcplan.reading.huggingface.stack import labels, layered, needed


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
