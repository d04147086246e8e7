"""Encoder-decoders, and decoders that look at an encoder, of shapes that none else has."""

from dataclasses import dataclass, replace

from tcplan.reading.huggingface.blocks import Attention, FeedForward
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
from tcplan.reading.huggingface.encoders import BERT
from tcplan.reading.huggingface.entry import Entry, entry_of
from tcplan.reading.huggingface.pictures import CLIP
from tcplan.reading.huggingface.sequences import bart, bart_attention, t5
from tcplan.reading.huggingface.stack import Decoder, layered

BIASED = Attention(1, 1)


def tail(config: Config, purpose: str, vocabulary: float, hidden: float, **facts: float | str) -> Census:
    """Return the head for words where a purpose asks for one, with what the panel holds of the model."""
    tied = bool(config.get("tie_word_embeddings", 1))
    head = NOTHING
    if purpose in ("", "words", "causal"):
        head = linear(hidden, vocabulary).scaled(0 if tied else 1, 0 if tied else 1, 1)
    return head.known_as(
        vocabulary=vocabulary, hidden=hidden, tied_embeddings="yes" if tied else "no", **facts
    )


@dataclass(frozen=True, slots=True)
class T5Gemma:
    """Gemma 2 as an encoder and a decoder."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return both stacks with the head that the purpose asks for."""
        reader, writer = config.part("encoder"), config.part("decoder")
        mixer, forward = Attention("attention_bias", "attention_bias"), FeedForward()

        def reading(one: Config) -> Census:
            return mixer(one) + forward(one) + rms(one.hidden_size) * 4

        def writing(one: Config) -> Census:
            seen = linear(reader.hidden_size - one.hidden_size, 2 * one.num_key_value_heads * one.head_dim)
            return reading(one) + mixer(one) + seen + rms(one.hidden_size) * 2

        whole = layered(reader, "num_hidden_layers", reading) + layered(writer, "num_hidden_layers", writing)
        whole += rms(reader.hidden_size + writer.hidden_size)
        whole += table(reader.vocab_size, reader.hidden_size) + table(writer.vocab_size, writer.hidden_size)
        layers = reader.num_hidden_layers + writer.num_hidden_layers
        return whole + tail(config, purpose, writer.vocab_size, writer.hidden_size, layers=layers)


@dataclass(frozen=True, slots=True)
class T5Gemma2:
    """Gemma 3 as an encoder, with its tower, and a decoder whose attention sees both sides at once."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return both stacks, which share their table, with the head that the purpose asks for."""
        side, writer = config.part("encoder"), config.part("decoder")
        reader, tower = side.part("text_config"), side.part("vision_config")
        mixer, forward = Attention("attention_bias", "attention_bias", norm="head"), FeedForward()

        def layer(one: Config) -> Census:
            return mixer(one) + forward(one) + rms(one.hidden_size) * 4

        whole = layered(reader, "num_hidden_layers", layer) + layered(writer, "num_hidden_layers", layer)
        hidden, seen = reader.hidden_size, tower.hidden_size
        beside = entry_of(tower.kind).count(tower, "tower") + linear(seen, hidden) + rms(seen)
        whole += rms(hidden) * 2 + table(reader.vocab_size, hidden) + vector(hidden)
        if not config.get("tie_word_embeddings", 1):
            whole += table(writer.vocab_size, hidden) + vector(hidden)
        layers = reader.num_hidden_layers + writer.num_hidden_layers
        whole += tail(config, purpose, writer.vocab_size, writer.hidden_size, layers=layers)
        return whole + replace(beside.aside(), facts={})


@dataclass(frozen=True, slots=True)
class Moonshine:
    """Moonshine: three convolutions of a waveform, an encoder, and a decoder with gates."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return both stacks with the head that the purpose asks for."""
        c, hidden, inner = config, config.hidden_size, config.intermediate_size
        bias = c.attention_bias

        def attention(side: str) -> Census:
            heads = c.get(f"{side}_num_attention_heads")
            keys = c.get(f"{side}_num_key_value_heads") or heads
            return Attention(bias, 0, heads=heads, kv_heads=keys, size=lambda one: one.hidden_size / heads)(c)

        reading = attention("encoder") + linear(hidden, inner, 1) + linear(inner, hidden, 1)
        writing = attention("decoder") * 2 + linear(hidden, 2 * inner, 1) + linear(inner, hidden, 1)
        whole = (reading + rms(hidden) * 2) * c.encoder_num_hidden_layers + rms(hidden) * 2
        whole += (writing + rms(hidden) * 3) * c.decoder_num_hidden_layers
        whole += convolution(1, hidden, 127, 0) + convolution(hidden, 2 * hidden, 7)
        whole += convolution(2 * hidden, hidden, 3) + layernorm(hidden) + table(c.vocab_size, hidden)
        layers = c.encoder_num_hidden_layers + c.decoder_num_hidden_layers
        return whole + tail(c, purpose, c.vocab_size, hidden, layers=layers, feed_forward=inner)


@dataclass(frozen=True, slots=True)
class ProphetNet:
    """ProphetNet, whose decoder predicts several words at once."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return both stacks with the head that the purpose asks for."""
        c, hidden = config, config.hidden_size
        attention = linear(hidden, hidden, 1) * 4
        reading = attention + linear(hidden, c.encoder_ffn_dim, 1) + linear(c.encoder_ffn_dim, hidden, 1)
        writing = attention + linear(hidden, c.decoder_ffn_dim, 1) + linear(c.decoder_ffn_dim, hidden, 1)
        writing += linear(hidden, c.num_buckets * c.num_decoder_attention_heads, 1) + layernorm(hidden) * 2
        writing += attention + layernorm(hidden) if c.add_cross_attention else NOTHING
        ends = table(c.max_position_embeddings, hidden) + layernorm(hidden)
        whole = writing * c.num_decoder_layers + ends + table(c.ngram + c.vocab_size, hidden)
        if purpose != "causal":
            whole += (reading + layernorm(hidden) * 2) * c.num_encoder_layers + ends
        scores = Census(scores=2 * hidden * (c.num_encoder_layers + 2 * c.num_decoder_layers))
        layers = c.num_encoder_layers + c.num_decoder_layers
        return whole + scores + tail(c, purpose, c.vocab_size, hidden, layers=layers, norm="layernorm")


@dataclass(frozen=True, slots=True)
class Git:
    """GIT: BERT's layers over words and what CLIP's tower sees."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        hidden, tower = config.hidden_size, config.part("vision_config")
        seen = CLIP.count(tower, "tower") + linear(tower.hidden_size, hidden, 1) + layernorm(hidden)
        seen += vector(hidden * (config.get("num_image_with_embedding")))
        whole = BERT.stack(config) + layernorm(hidden) + replace(seen.aside(), facts={})
        whole += table(config.vocab_size + config.max_position_embeddings, hidden)
        whole += vector(config.vocab_size) if purpose in ("", "words", "causal") else NOTHING
        return whole + tail(
            config, purpose, config.vocab_size, hidden, layers=config.num_hidden_layers, norm="layernorm"
        )


@dataclass(frozen=True, slots=True)
class Kosmos2:
    """Kosmos-2: a decoder with norms inside its parts, and questions that look at CLIP's tower."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        part, tower = config.part("text_config"), config.part("vision_config")
        hidden, inner, vocabulary = part.embed_dim, part.ffn_dim, part.vocab_size
        layer = linear(hidden, hidden, 1) * 4 + linear(hidden, inner, 1) + linear(inner, hidden, 1)
        layer += layernorm(hidden) * 3 + layernorm(inner) + Census(scores=2 * hidden)
        layer += (
            linear(hidden, hidden, 1) * 4 + layernorm(hidden) * 2 if part.add_cross_attention else NOTHING
        )
        bridge = table(config.latent_query_num, hidden) + linear(tower.hidden_size, hidden, 1)
        bridge += linear(hidden, hidden, 1) * 4 + CLIP.count(tower, "tower")
        whole = layer * part.layers + layernorm(hidden) + table(vocabulary, hidden)
        whole += replace(bridge.aside(), facts={})
        facts = {"heads": part.attention_heads, "head_size": hidden // part.attention_heads}
        return whole + tail(
            config,
            purpose,
            vocabulary,
            hidden,
            layers=part.layers,
            feed_forward=inner,
            norm="layernorm",
            biases="all",
            **facts,
        )


@dataclass(frozen=True, slots=True)
class Composed:
    """Any encoder before any decoder that looks at it."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return both, with the attention between them."""
        reader, writer = config.part("encoder"), config.part("decoder")
        first = entry_of(reader.kind).count(reader, "bare")
        whole = entry_of(writer.kind).count(writer, "causal") + replace(first, facts={})
        hidden, seen = writer.hidden_size, reader.get("hidden_size") or float(first.facts.get("hidden", 0))
        if writer.get("add_cross_attention") and writer.kind in CROSSLESS:
            whole += (linear(hidden, hidden, 1) * 4 + layernorm(hidden)) * writer.num_hidden_layers
        narrow = seen != hidden and not writer.get("cross_attention_hidden_size")
        del purpose
        return whole + (linear(seen, hidden, 1) if narrow else NOTHING)


CROSSLESS = ("bert", "roberta", "xlm-roberta", "camembert", "electra")
"""Decoders whose own count knows of no attention to an encoder."""


def placed(config: Config) -> Census:
    """Return what UDOP has beside T5: patches for both stacks, and places on the page."""
    c, hidden = config, config.d_model
    patches = convolution(c.num_channels, hidden, c.patch_size**2) * 2
    biases = vector(2 * 2 * c.relative_attention_num_buckets * c.num_heads)
    return patches + table(2 * c.max_2d_position_embeddings, hidden) + biases


def trocr_front(config: Config) -> float:
    """Return whether TrOCR norms its table of words."""
    return config.layernorm_embedding


def trocr_positions(config: Config) -> float:
    """Return the rows of TrOCR's table of positions."""
    return (config.max_position_embeddings + 2) * config.use_learned_position_embeddings


def trocr_cross(config: Config) -> Census:
    """Return the attention with which TrOCR looks at an encoder that may be wider or narrower."""
    width = config.get("cross_attention_hidden_size") or config.d_model
    return bart_attention("decoder")(config) + linear(width - config.d_model, config.d_model) * 2


TROCR = bart(
    front=trocr_front, writer_positions=trocr_positions, cross=trocr_cross, reader_layers=0, loose=False
)
SEAMLESS = bart(reader_positions=0, writer_positions=0, final=1, loose=False)
DUOS: dict[str, Entry] = {
    "t5gemma": T5Gemma(),
    "t5gemma2": T5Gemma2(),
    "moonshine": Moonshine(),
    "prophetnet": ProphetNet(),
    "git": Git(),
    "kosmos-2": Kosmos2(),
    "trocr": TROCR,
    "seamless_m4t": SEAMLESS,
    "seamless_m4t_v2": SEAMLESS,
    "encoder-decoder": Composed(),
    "vision-encoder-decoder": Composed(),
    "speech-encoder-decoder": Composed(),
    "udop": t5(once=placed),
    "imagegpt": Decoder(
        BIASED,
        FeedForward(lambda c: c.get("n_inner") or 4 * c.hidden_size, 1, 0),
        norm="weight",
        positions="n_positions",
    ),
}
