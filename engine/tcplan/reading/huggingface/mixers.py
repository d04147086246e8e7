"""What stands where attention would: state spaces, linear attention, recurrences and convolutions."""

from dataclasses import dataclass

from tcplan.reading.huggingface.blocks import Size, of
from tcplan.reading.huggingface.census import NOTHING, Census, convolution, linear, rms, vector
from tcplan.reading.huggingface.config import Config


def stateful(
    whole: Census, expansion: float, state: float, head: float, groups: float, taps: float
) -> Census:
    """Return a mixer with what the panel says of layers with a state; the nearest that it has."""
    return whole.known_as(
        expansion=min(max(expansion, 1), 64),
        state_size=state,
        state_head_size=head,
        state_groups=groups,
        convolution=taps,
    )


@dataclass(frozen=True, slots=True)
class Mamba:
    """The selective state space of Mamba."""

    inner: Size
    state: Size
    taps: Size
    rank: Size
    bias: Size = 0
    taps_bias: Size = 0
    normed: bool = False

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, inner = config.hidden_size, of(config, self.inner)
        state, rank, bias = (of(config, one) for one in (self.state, self.rank, self.bias))
        whole = linear(hidden, 2 * inner, bias) + linear(inner, hidden, bias)
        whole += convolution(inner, inner, of(config, self.taps), of(config, self.taps_bias), inner)
        whole += linear(inner, rank + 2 * state) + linear(rank, inner, 1) + vector(inner * state + inner)
        whole += rms(rank + 2 * state) if self.normed else NOTHING
        return stateful(whole, inner / hidden, state, 0, 0, of(config, self.taps))


@dataclass(frozen=True, slots=True)
class Mamba2:
    """The state space of Mamba-2, whose heads share their scales."""

    heads: Size
    inner: Size
    groups: Size
    state: Size
    taps: Size
    bias: Size = 0
    taps_bias: Size = 0
    norm: Size = 1
    out: Size = ""

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, heads, inner = config.hidden_size, of(config, self.heads), of(config, self.inner)
        bias, wide = of(config, self.bias), inner + 2 * of(config, self.groups) * of(config, self.state)
        whole = linear(hidden, inner + wide + heads, bias)
        whole += linear(inner, hidden, of(config, self.out) if self.out else bias)
        whole += convolution(wide, wide, of(config, self.taps), of(config, self.taps_bias), wide)
        whole += vector(3 * heads) + (rms(inner) if of(config, self.norm) else NOTHING)
        groups, state = of(config, self.groups), of(config, self.state)
        return stateful(whole, inner / hidden, state, inner / heads, groups, of(config, self.taps))


@dataclass(frozen=True, slots=True)
class DeltaNet:
    """The gated delta rule: queries, keys, values and a gate through a short convolution."""

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, heads = config.hidden_size, config.get("linear_num_value_heads") or config.num_attention_heads
        key_heads = config.get("linear_num_key_heads") or config.num_attention_heads
        key_size = config.get("linear_key_head_dim") or int(0.75 * hidden / key_heads)
        size = config.get("linear_value_head_dim") or 2 * key_size
        keys, values = key_heads * key_size, heads * size
        wide = 2 * keys + values
        whole = linear(hidden, wide + values) + linear(hidden, 2 * heads) + linear(values, hidden)
        taps = config.linear_conv_kernel_dim
        whole += convolution(wide, wide, taps, 0, wide) + vector(2 * heads) + rms(size)
        return stateful(whole, values / hidden, key_size, size, key_heads, taps)


@dataclass(frozen=True, slots=True)
class KimiDelta:
    """Kimi's delta attention, whose gates pass a narrow place unless they are `full`."""

    full: bool = False

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, heads = config.hidden_size, config.get("linear_num_heads") or config.num_attention_heads
        size, taps = config.get("linear_head_dim") or config.head_dim, config.get("linear_conv_kernel_dim")
        taps = taps or config.short_conv_kernel_size
        wide = heads * size
        gate = linear(hidden, wide) if self.full else linear(hidden, size) + linear(size, wide)
        whole = linear(hidden, wide) * 3 + linear(wide, hidden) + gate * 2 + linear(hidden, heads)
        whole += convolution(3 * wide, 3 * wide, taps, 0, 3 * wide)
        return stateful(whole + vector(heads + wide) + rms(size), wide / hidden, size, size, heads, taps)


@dataclass(frozen=True, slots=True)
class LightningAttention:
    """Linear attention with a gate on its result, as in MiniMax-01."""

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, size = config.hidden_size, config.get("head_dim")
        heads = config.num_attention_heads
        wide = heads * (size or hidden // heads)
        whole = linear(hidden, 3 * wide) + linear(wide, hidden) + linear(hidden, wide) + rms(wide)
        return stateful(whole, wide / hidden, wide / heads, wide / heads, heads, 0)


@dataclass(frozen=True, slots=True)
class ShortConvolution:
    """A gated short convolution, as in LFM2."""

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, bias = config.hidden_size, config.get("conv_bias")
        whole = linear(hidden, 3 * hidden, bias) + linear(hidden, hidden, bias)
        whole += convolution(hidden, hidden, config.conv_L_cache, bias, hidden)
        return stateful(whole, 1, 1, 0, 0, config.conv_L_cache)


@dataclass(frozen=True, slots=True)
class GatedRecurrence:
    """The recurrence of Griffin: two branches, one through a convolution and a gated linear recurrence."""

    def __call__(self, config: Config) -> Census:
        """Return what the mixer of one layer holds."""
        hidden, heads = config.hidden_size, config.num_attention_heads
        width = config.get("lru_width") or hidden
        whole = linear(hidden, width, 1) * 2 + linear(width, hidden, 1)
        whole += convolution(width, width, config.conv1d_width, 1, width)
        gate = linear(width / heads, width / heads, 1) * heads
        return stateful(whole + gate * 2 + vector(width), width / hidden, 1, 0, 0, config.conv1d_width)
