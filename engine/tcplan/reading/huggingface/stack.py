"""A stack of transformer layers between a table of tokens and a head: the plan of most models."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tcplan.language import _
from tcplan.reading.huggingface.blocks import Attention, FeedForward, Piece, Size, norm_of, of
from tcplan.reading.huggingface.census import NOTHING, Census, linear, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.windows import window
from tcplan.reading.reading import ReadingError

MOST_LAYERS = 2000
WORDS = ("", "words", "causal", "masked", "pretraining")
"""Purposes of decoders that end in a head for words; a file that names no class is one of these."""
_ATTENTION = Attention()
_FEED_FORWARD = FeedForward()


def labels(config: Config) -> int:
    """Return the classes that a classifier tells apart; two where the file does not say."""
    named = config.raw("id2label") if config.has("id2label") else None
    return len(named) if isinstance(named, dict) and named else int(config.get("num_labels", 2))


def layers_of(config: Config, layers: Size) -> int:
    """Return the number of layers.

    Raises
    ------
    ReadingError
        When no model has so many.
    """
    count = int(of(config, layers))
    if count > MOST_LAYERS:
        raise ReadingError(_("{count} layers are more than a model has").format(count=count))
    return count


def needed(config: Config, size: Size, usual: str) -> float:
    """Return a size that no model of text lacks.

    Parameters
    ----------
    config, size, usual
        Where the size stands, and the key to name where it follows from several.

    Raises
    ------
    ReadingError
        When it is none.
    """
    value = of(config, size)
    if value < 1 or value % 1:
        key = size if isinstance(size, str) else usual
        raise ReadingError(_("{key} is no size").format(key=key))
    return value


def layered(config: Config, layers: Size, piece: Piece) -> Census:
    """Return the layers of a stack together.

    The facts say how many of them have no experts, how many attend, and how many of these see a window.
    """
    whole, dense, attending, near, widest = NOTHING, 0, 0, 0, 0.0
    for index in range(layers_of(config, layers)):
        config.index = index
        one = piece(config)
        if one.scores:
            attending += 1
            wide = window(config)
            if wide:
                near, widest = near + 1, max(widest, wide)
                one = replace(one, near=one.scores)
        dense += "experts" not in one.facts
        whole += one
    config.index = 0
    if attending:
        whole = whole.known_as(attending=attending)
    if near:
        whole = whole.known_as(window=widest, window_layers=near)
    return whole.known_as(dense_layers=dense) if "experts" in whole.facts else whole


@dataclass(frozen=True, slots=True)
class Decoder:
    """A decoder: each layer a mixer and a feed-forward, with norms around them.

    `norms` is how many norms of the hidden size a layer has, `norm` their kind: rms, layernorm, weight or
    none. `positions` is the length of a table of learned positions, `width` that of the table of tokens.
    """

    mixer: Piece = _ATTENTION
    mlp: Piece = _FEED_FORWARD
    norms: Size = 2
    norm: str | Callable[[Config], str] = "rms"
    final: Size = 1
    layers: Size = "num_hidden_layers"
    positions: Size = 0
    width: Size = "hidden_size"
    vocabulary: Size = "vocab_size"
    head_bias: Size = 0
    layer: Piece = lambda _config: NOTHING
    once: Piece = lambda _config: NOTHING
    neck: Piece = lambda _config: NOTHING
    score_bias: bool = False

    def body(self, config: Config) -> Census:
        """Return the model without its head."""
        hidden = needed(config, "hidden_size", "hidden_size")
        needed(config, self.layers, "num_hidden_layers")
        needed(config, self.vocabulary, "vocab_size")
        norm = self.norm(config) if callable(self.norm) else self.norm

        def layer(inner: Config) -> Census:
            parts = self.mixer(inner) + self.mlp(inner) + self.layer(inner)
            return parts + norm_of(norm, hidden) * of(inner, self.norms)

        positions = of(config, self.positions)
        whole = layered(config, self.layers, layer)
        whole += norm_of(norm, hidden) * of(config, self.final) + self.once(config)
        whole += table(of(config, self.vocabulary), of(config, self.width)) + table(positions, hidden)
        layers = layers_of(config, self.layers)
        stateful = layers - float(whole.facts.get("attending", 0))
        if stateful > 0:
            # The panel of this family has no latent attention.
            whole = whole.known_as(family="state-space", state_layers=stateful, attention="standard")
        return whole.known_as(
            layers=layers,
            hidden=hidden,
            vocabulary=of(config, self.vocabulary),
            norm="layernorm" if norm == "layernorm" else "rmsnorm",
            learned_positions=positions,
        )

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        whole = self.body(config)
        tied = bool(config.get("tie_word_embeddings")) or purpose not in WORDS
        return (whole + self.head(config, purpose)).known_as(tied_embeddings="yes" if tied else "no")

    def head(self, config: Config, purpose: str) -> Census:
        """Return the head for words, classes or spans, none for a bare model."""
        width, vocabulary = of(config, self.width), of(config, self.vocabulary)
        if purpose in WORDS:
            neck = self.neck(config)
            head = linear(width, vocabulary)
            shared = bool(config.get("tie_word_embeddings"))
            bias = vector(vocabulary if of(config, self.head_bias) else 0)
            return (head.scaled(0, 0, 1) if shared else head) + bias + neck
        if purpose == "classes":
            return linear(config.hidden_size, labels(config), self.score_bias)
        if purpose in ("tokens", "spans"):
            return linear(config.hidden_size, 2 if purpose == "spans" else labels(config), 1)
        return NOTHING
