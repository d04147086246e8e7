"""The parts of which transformers are made; each is described by the keys that hold its sizes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tcplan.reading.huggingface.census import NOTHING, Census, layernorm, linear, rms, together, vector
from tcplan.reading.huggingface.config import Config

Piece = Callable[[Config], Census]
"""What stands at one place of a network; `config.index` is the layer in which it stands."""
Size = float | str | Callable[[Config], float]
"""A number, the key that holds it, or how it follows from several keys."""


def of(config: Config, size: Size) -> float:
    """Return a size; 0 where nobody knows its key."""
    if isinstance(size, str):
        return float(config.get(size)) if size else 0
    return size(config) if callable(size) else size


def head_size(config: Config) -> float:
    """Return the width of a head: told, or the hidden size over the heads."""
    return float(config.get("head_dim") or config.hidden_size // config.num_attention_heads)


def norm_of(kind: str, width: float) -> Census:
    """Return a norm: rms or weight (a layer norm without bias), layernorm, or none."""
    if kind == "none":
        return NOTHING
    return layernorm(width) if kind == "layernorm" else rms(width)


@dataclass(frozen=True, slots=True)
class Attention:
    """Queries, keys, values and the projection out of them.

    `norm` says what is normed in queries and keys: head (one weight for a head), heads (one for each head),
    head-layernorm, or nothing. `gate` is what scales the result: full (a number for each), head (for each
    head) or nothing.
    """

    qkv: Size = 0
    out: Size = 0
    heads: Size = "num_attention_heads"
    kv_heads: Size = "num_key_value_heads"
    size: Size = head_size
    value_size: Size = 0
    norm: str = ""
    gate: str = ""
    sinks: Size = 0
    hidden: Size = "hidden_size"
    extra: Size = 0
    scored: bool = True

    def __call__(self, config: Config) -> Census:
        """Return what attention of one layer holds."""
        hidden, heads, size = (of(config, one) for one in (self.hidden, self.heads, self.size))
        kv_heads = of(config, self.kv_heads) or heads
        value_size = of(config, self.value_size) or size
        biased, out = of(config, self.qkv), of(config, self.out)
        queries, keys, values = heads * size, kv_heads * size, kv_heads * value_size
        whole = together(linear(hidden, width, biased) for width in (queries, keys, values))
        whole += linear(heads * value_size, hidden, out)
        norms = {"head": 2 * size, "heads": queries + keys, "head-layernorm": 4 * size, "": 0}
        whole += vector(norms[self.norm] + (heads if of(config, self.sinks) else 0) + of(config, self.extra))
        if self.gate:
            whole += linear(hidden, heads * value_size if self.gate == "full" else heads)
        scores = heads * (size + value_size) if self.scored else 0
        return whole + Census(scores=scores).known_as(
            attention="standard",
            heads=heads,
            kv_heads=kv_heads,
            head_size=(size + value_size) / 2,
            biases="none" if not biased else "all" if out else "qkv",
            sinks="yes" if of(config, self.sinks) else "no",
        )


@dataclass(frozen=True, slots=True)
class LatentAttention:
    """Attention whose queries, keys and values pass a narrow place, as in DeepSeek-V2."""

    bias: Size = "attention_bias"
    gate: str = ""
    indexed: bool = False

    def __call__(self, config: Config) -> Census:
        """Return what attention of one layer holds."""
        c, bias = config, of(config, self.bias)
        rank, narrow, heads = c.get("q_lora_rank"), c.kv_lora_rank, c.num_attention_heads
        key_size = c.qk_nope_head_dim + c.qk_rope_head_dim
        value_size = c.get("v_head_dim") or c.hidden_size // heads
        queries = heads * key_size
        if rank:
            whole = linear(c.hidden_size, rank, bias) + rms(rank) + linear(rank, queries)
        else:
            whole = linear(c.hidden_size, queries)
        whole += linear(c.hidden_size, narrow + c.qk_rope_head_dim, bias) + rms(narrow)
        whole += linear(narrow, heads * (c.qk_nope_head_dim + value_size))
        whole += linear(heads * value_size, c.hidden_size, bias)
        if self.gate:
            whole += linear(c.hidden_size, heads)
        if self.indexed:
            whole += indexer(c, rank)
        return whole + Census(scores=heads * (key_size + value_size)).known_as(
            attention="latent",
            heads=heads,
            kv_heads=heads,
            head_size=(key_size + value_size) / 2,
            q_rank=rank,
            kv_rank=narrow,
            nope_size=c.qk_nope_head_dim,
            rope_size=c.qk_rope_head_dim,
            value_size=value_size,
            biases="none",
        )


def indexer(config: Config, rank: float) -> Census:
    """Return what chooses the tokens to look at in sparse attention, as in DeepSeek-V3.2."""
    heads, size = config.index_n_heads, config.index_head_dim
    whole = linear(rank, heads * size) + linear(config.hidden_size, size) + layernorm(size)
    return whole + linear(config.hidden_size, heads)


@dataclass(frozen=True, slots=True)
class FeedForward:
    """A feed-forward layer: three matrices where it is gated, else two."""

    width: Size = "intermediate_size"
    bias: Size = 0
    gated: Size = 1
    hidden: Size = "hidden_size"
    extra: Size = 0

    def __call__(self, config: Config) -> Census:
        """Return what the layer holds."""
        hidden, width, bias = (of(config, one) for one in (self.hidden, self.width, self.bias))
        gated = of(config, self.gated)
        whole = linear(hidden, width, bias) * (2 if gated else 1) + linear(width, hidden, bias)
        whole += vector(of(config, self.extra))
        return whole.known_as(feed_forward=width, gated="yes" if gated else "no")


@dataclass(frozen=True, slots=True)
class Experts:
    """A router, routed experts of which a token visits some, and shared ones.

    `shared` is the width of all shared experts together, `share_gate` whether a gate scales them; `router`
    are vectors beside the router's weights for each expert.
    """

    count: Size = "num_experts"
    chosen: Size = "num_experts_per_tok"
    width: Size = "moe_intermediate_size"
    shared: Size = 0
    share_gate: bool = False
    bias: Size = 0
    router: Size = 0
    routed: Size = 0
    gated: Size = 1
    hidden: Size = "hidden_size"
    shared_bias: Size = 0
    extra: Size = 0

    def __call__(self, config: Config) -> Census:
        """Return what the layer holds."""
        hidden, width, count = (of(config, one) for one in (self.hidden, self.width, self.count))
        chosen, bias, shared = (of(config, one) for one in (self.chosen, self.bias, self.shared))
        gated = of(config, self.gated)
        chosen = config.visited(self.chosen, chosen, count) if isinstance(self.chosen, str) else chosen
        chosen = min(chosen, count)

        def network(inner: float, biased: float) -> Census:
            return linear(hidden, inner, biased) * (2 if gated else 1) + linear(inner, hidden, biased)

        doors = of(config, self.routed) or count
        whole = network(width, bias).visited(count, chosen) + linear(hidden, doors)
        whole += vector(doors * of(config, self.router) + of(config, self.extra))
        if shared:
            whole += network(shared, of(config, self.shared_bias) or bias)
            whole += linear(hidden, 1) if self.share_gate else NOTHING
        return whole.known_as(
            experts=count,
            experts_per_token=chosen,
            expert_feed_forward=width,
            shared_experts=1 if shared else 0,
            shared_feed_forward=shared,
            gated="yes" if gated else "no",
            **({"routed_nodes": config.get("topk_group")} if config.get("n_group") > 1 else {}),
        )


@dataclass(frozen=True, slots=True)
class When:
    """One of two parts, by what the configuration says of the layer."""

    told: Size
    yes: Piece
    no: Piece = lambda _config: NOTHING

    def __call__(self, config: Config) -> Census:
        """Return what the chosen part holds."""
        return self.yes(config) if of(config, self.told) else self.no(config)


@dataclass(frozen=True, slots=True)
class Kinds:
    """One of several parts, by the name that the configuration gives the layer; others hold nothing."""

    name: Callable[[Config], str]
    pieces: Mapping[str, Piece]

    def __call__(self, config: Config) -> Census:
        """Return what the named part holds."""
        piece = self.pieces.get(self.name(config)) or self.pieces.get("")
        return piece(config) if piece else NOTHING


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part that a token passes several times."""

    piece: Piece
    times: Size

    def __call__(self, config: Config) -> Census:
        """Return what the part holds, with the products of every pass."""
        return self.piece(config).repeated(of(config, self.times))


@dataclass(frozen=True, slots=True)
class Both:
    """Parts that stand together."""

    pieces: tuple[Piece, ...]

    def __init__(self, *pieces: Piece) -> None:
        object.__setattr__(self, "pieces", pieces)

    def __call__(self, config: Config) -> Census:
        """Return what they hold together."""
        return together(piece(config) for piece in self.pieces)
