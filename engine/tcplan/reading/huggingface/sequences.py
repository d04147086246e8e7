"""Encoder-decoders: a stack that reads and a stack that writes, which looks at the first."""

from dataclasses import dataclass, replace

from tcplan.reading.huggingface.blocks import Attention, Experts, FeedForward, Piece, Size, When, norm_of, of
from tcplan.reading.huggingface.census import NOTHING, Census, layernorm, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.stack import labels, layered, layers_of


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class Sequences:
    """An encoder and a decoder.

    `reader` and `writer` are attention and feed-forward of their layers, `cross` the attention between them.
    `front` and `final` are norms before and behind each stack, `positions` rows of each one's table. Where
    `loose` and nothing is tied, each stack has a table of words of its own. `read` and `written` are the most
    tokens that each stack takes, where the two differ; `share` is how many are written for each one read.
    """

    reader: Piece
    writer: Piece
    cross: Piece
    reader_layers: Size = "encoder_layers"
    writer_layers: Size = "decoder_layers"
    norm: str = "layernorm"
    front: Size = 0
    final: Size = 0
    reader_positions: Size = 0
    writer_positions: Size = 0
    vocabulary: Size = "vocab_size"
    source: Size = 0
    reader_once: Piece = nothing
    writer_once: Piece = nothing
    once: Piece = nothing
    tied: Size = "tie_word_embeddings"
    loose: bool = False
    read: Size = 0
    written: Size = 0
    share: float = 1

    def count(self, config: Config, purpose: str) -> Census:
        """Return both stacks, or the decoder alone for a model that writes only."""
        hidden = config.hidden_size
        vocabulary, tied = of(config, self.vocabulary), bool(of(config, self.tied))
        ends = norm_of(self.norm, hidden) * (of(config, self.front) + of(config, self.final))
        writer, whole = self._writer(config) + ends, NOTHING
        if purpose != "causal":
            whole += self._reader(config) + ends
        if purpose not in ("encoder", "tokens"):
            whole += writer
        whole += table(vocabulary * (3 if self.loose and not tied and purpose != "causal" else 1), hidden)
        whole += table(of(config, self.source), hidden) + self.once(config)
        if purpose in ("", "words", "causal", "masked", "pretraining"):
            head = linear(hidden, vocabulary)
            whole += head.scaled(0, 0, 1) if tied else head
        elif purpose == "classes":
            whole += linear(hidden, hidden, 1) + linear(hidden, labels(config), 1)
        elif purpose == "tokens":
            whole += linear(hidden, labels(config), 1)
        elif purpose == "spans":
            whole += linear(hidden, 2, 1)
        return whole.known_as(
            hidden=hidden,
            vocabulary=vocabulary,
            norm="layernorm" if self.norm == "layernorm" else "rmsnorm",
            tied_embeddings="yes" if tied else "no",
            learned_positions=of(config, self.reader_positions),
            **self._stacks(config, purpose),
        )

    def _stacks(self, config: Config, purpose: str) -> dict[str, float | str]:
        """Return what the panel says of the two stacks, or of the one that a purpose leaves."""
        reads, writes = layers_of(config, self.reader_layers), layers_of(config, self.writer_layers)
        if purpose == "causal" or not reads:
            return {"layers": writes}
        if purpose in ("encoder", "tokens"):
            return {"layers": reads, "family": "encoder", "masked_share": 1}
        writer = self.writer(config).facts
        return {
            "family": "encoder-decoder",
            "layers": reads,
            "second_layers": writes,
            "second_hidden": config.hidden_size,
            "second_feed_forward": writer.get("feed_forward", writer.get("expert_feed_forward", 0)),
            "second_heads": writer.get("heads", 0),
            "longest_read": of(config, self.read),
            "longest_written": of(config, self.written),
            "written_share": self.share,
        }

    def _reader(self, config: Config) -> Census:
        def layer(inner: Config) -> Census:
            return self.reader(inner) + norm_of(self.norm, inner.hidden_size) * 2

        positions = table(of(config, self.reader_positions), config.hidden_size)
        return layered(config, self.reader_layers, layer) + positions + self.reader_once(config)

    def _writer(self, config: Config) -> Census:
        def layer(inner: Config) -> Census:
            parts = self.writer(inner) + self.cross(inner)
            return parts + norm_of(self.norm, inner.hidden_size) * 3

        positions = table(of(config, self.writer_positions), config.hidden_size)
        return layered(config, self.writer_layers, layer) + positions + self.writer_once(config)


def layer(attention: Piece, feed_forward: Piece) -> Piece:
    """Return attention and feed-forward of a layer together."""
    return lambda config: attention(config) + feed_forward(config)


def bart_attention(side: str, bias: Size = 1, out: Size = 1) -> Attention:
    """Return the attention of one side of BART."""
    return Attention(bias, out, heads=f"{side}_attention_heads", kv_heads=0, size=_bart_size(side))


def _bart_size(side: str) -> Size:
    return lambda config: config.hidden_size / config.get(f"{side}_attention_heads")


def bart(bias: Size = 1, offset: float = 0, **others: Size | Piece | str | bool) -> Sequences:
    """Return a model of the shape of BART.

    Parameters
    ----------
    bias
        Whether attention has biases.
    offset
        Rows of the tables of positions beyond the longest sequence.
    others
        What else differs.
    """
    made = Sequences(
        layer(bart_attention("encoder", bias, bias), FeedForward("encoder_ffn_dim", 1, 0)),
        layer(bart_attention("decoder", bias, bias), FeedForward("decoder_ffn_dim", 1, 0)),
        bart_attention("decoder", bias, bias),
        reader_positions=lambda c: c.max_position_embeddings + offset,
        writer_positions=lambda c: c.max_position_embeddings + offset,
        loose=True,
    )
    return replace(made, **others)  # type: ignore[arg-type]


CORRUPTED = 114 / 512
"""Tokens that T5 writes for each one that it reads while it learns to fill gaps (arXiv:1910.10683, 3.1.4)."""
T5_ATTENTION = Attention(heads="num_heads", kv_heads=0, size="d_kv", hidden="d_model")


def gated(config: Config) -> bool:
    """Return whether the feed-forward of T5 is gated."""
    told = config.get("is_gated_act", -1)
    name = config.text("feed_forward_proj", "relu")
    return bool(told) if told in (0, 1) and not config.has("feed_forward_proj") else name.startswith("gated")


T5_FORWARD = FeedForward("d_ff", gated=gated, hidden="d_model")


def t5_sparse(sparse: str, step: str, layers: str) -> Size:
    """Return whether a layer of Switch has experts: every n-th one, n told or from their number.

    Parameters
    ----------
    sparse, step, layers
        Keys of the layers with experts, of n, and of all layers.
    """

    def told(config: Config) -> bool:
        count, every = config.get(sparse), config.get(step)
        every = every or (config.get(layers) // count if count else config.get(layers))
        return bool(count and (config.index % every == 1 or every == 1))

    return told


def t5(each: bool = False, **others: Size | Piece | str | bool) -> Sequences:
    """Return a model of the shape of T5.

    Parameters
    ----------
    each
        Whether each layer has its own table of relative positions, not the first alone.
    others
        What else differs.
    """

    def buckets(config: Config) -> Census:
        return vector(config.relative_attention_num_buckets * config.num_heads)

    def reading(config: Config) -> Census:
        return buckets(config) * (of(config, "num_layers") if each else 1)

    def writing(config: Config) -> Census:
        return buckets(config) * (of(config, t5_writer_layers) if each else 1)

    made = Sequences(
        layer(T5_ATTENTION, T5_FORWARD),
        layer(T5_ATTENTION, T5_FORWARD),
        T5_ATTENTION,
        reader_layers="num_layers",
        writer_layers=t5_writer_layers,
        norm="rms",
        final=1,
        reader_once=reading,
        writer_once=writing,
        tied=lambda c: c.get("tie_word_embeddings") if c.has("tie_word_embeddings") else 1,
        share=CORRUPTED,
    )
    return replace(made, **others)  # type: ignore[arg-type]


def t5_writer_layers(config: Config) -> float:
    """Return the layers of T5's decoder: told, or as many as of the encoder."""
    return float(config.get("num_decoder_layers") or config.num_layers)


def longt5_once(config: Config) -> Census:
    """Return the tables of relative positions of LongT5, one more where it looks at global tokens."""
    globally = config.text("encoder_attention_type", "local") == "transient-global"
    row = vector(config.relative_attention_num_buckets * config.num_heads)
    return row * (2 if globally else 1) + (rms(config.d_model) * config.num_layers if globally else NOTHING)


SWITCH = Experts("num_experts", 1, "d_ff", gated=0, hidden="d_model")
SWITCHED = FeedForward("d_ff", gated=0, hidden="d_model")


def nllb_sparse(key: str) -> Size:
    """Return whether a layer of NLLB-MoE has experts: every n-th one."""

    def told(config: Config) -> bool:
        step = config.get(key)
        return bool(step and (config.index + 1) % step == 0)

    return told


def nllb(side: str, step: str) -> Piece:
    """Return a layer of one side of NLLB-MoE."""
    width = f"{side}_ffn_dim"
    experts = Experts("num_experts", 2, width, bias=1, gated=0, router="router_bias")
    return layer(bart_attention(side), When(nllb_sparse(step), experts, FeedForward(width, 1, 0)))


def longformer(config: Config) -> Census:
    """Return the projections of global tokens of a layer of LED."""
    hidden = config.hidden_size
    return linear(hidden, hidden, 1).scaled(3, 3, 0)


def marian_words(config: Config) -> float:
    """Return the vocabulary that Marian writes in."""
    return config.get("decoder_vocab_size") or config.vocab_size


def marian_source(config: Config) -> float:
    """Return the vocabulary that Marian reads in, where it has a table of its own."""
    return 0 if config.get("share_encoder_decoder_embeddings", 1) else config.vocab_size


SEQUENCES: dict[str, Sequences] = {
    "bart": bart(offset=2, front=1),
    "mbart": bart(offset=2, front=1, final=1),
    "plbart": bart(offset=2, front=1),
    "mvp": bart(offset=2, front=1),
    "blenderbot": bart(final=1),
    "blenderbot-small": bart(front=1),
    "pegasus": bart(final=1),
    "marian": bart(vocabulary=marian_words, source=marian_source),
    "m2m_100": bart(final=1, reader_positions=0, writer_positions=0),
    "bigbird_pegasus": bart("use_bias", front=1),
    "pegasus_x": bart(
        0,
        final=1,
        reader_positions=0,
        writer_positions=0,
        reader_once=lambda c: (
            table(c.num_global_tokens, c.hidden_size) + layernorm(c.hidden_size) * c.encoder_layers
        ),
    ),
    "led": bart(
        front=1,
        reader=layer(
            lambda c: bart_attention("encoder")(c) + longformer(c), FeedForward("encoder_ffn_dim", 1, 0)
        ),
        reader_positions="max_encoder_position_embeddings",
        writer_positions="max_decoder_position_embeddings",
        read="max_encoder_position_embeddings",
        written="max_decoder_position_embeddings",
    ),
    "fsmt": bart(offset=2, loose=False, vocabulary="tgt_vocab_size", source="src_vocab_size"),
    "nllb-moe": bart(
        reader=nllb("encoder", "encoder_sparse_step"),
        writer=nllb("decoder", "decoder_sparse_step"),
        final=1,
        reader_positions=0,
        writer_positions=0,
    ),
    "t5": t5(),
    "mt5": t5(),
    "umt5": t5(each=True),
    "longt5": t5(reader_once=longt5_once),
    "switch_transformers": t5(
        reader=layer(
            T5_ATTENTION,
            When(
                t5_sparse("num_sparse_encoder_layers", "encoder_sparse_step", "num_layers"), SWITCH, SWITCHED
            ),
        ),
        writer=layer(
            T5_ATTENTION,
            When(
                t5_sparse("num_sparse_decoder_layers", "decoder_sparse_step", "num_decoder_layers"),
                SWITCH,
                SWITCHED,
            ),
        ),
    ),
    "pop2piano": t5(tied=0, once=lambda c: table(c.composer_vocab_size, c.d_model)),
}
