"""What the remarks of a measured row say of a hybrid: its layers with a state, attention and experts."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tcplan.validation.rows import MeasuredRow

_PATTERN = re.compile(r"pattern ([ME*-]{6,})((?:/[ME*-]+)*)")
_HEADS = re.compile(r"mamba (?:heads )?(\d+)(?: x (\d+))?")
_STATE = re.compile(r"state (\d+)")
_ATTENTION_EVERY = 9.0
_HEAD_SIZE = 64.0
_STATE_SIZE = 128.0
_GROUPS = 8.0
_TAPS = 4.0
_EXPANSION = 2.0
_VOCABULARY = 131_072.0
"""Of Nemotron-H and Nemotron 3, the hybrids that are benchmarked."""


class Mix(NamedTuple):
    """Layers of a hybrid by kind, each of which mixes tokens or has a feed-forward, not both."""

    states: float
    attention: float
    sparse: float
    dense: float

    @property
    def blocks(self) -> float:
        """Return the blocks of one mixer and at most one feed-forward that the layers form."""
        return max(self.states + self.attention, self.sparse + self.dense)


def mix_of(row: MeasuredRow) -> Mix | None:
    """Return the layers of a hybrid by kind; None where the remarks speak of no state.

    Where a pattern is not given, every ninth layer has attention and the others alternate.
    """
    words = _words(row)
    if "mamba" not in words.lower():
        return None
    pattern = _PATTERN.search(words)
    if pattern:
        return Mix(*(float(pattern[1].count(kind)) for kind in "M*E-"))
    layers = row.number("layers") or 0.0
    attention = float(round(layers / _ATTENTION_EVERY))
    rest = 0.5 * (layers - attention)
    sparse = bool(row.number("experts"))
    return Mix(rest, attention, rest if sparse else 0.0, 0.0 if sparse else rest)


def hybrid_of(row: MeasuredRow, mix: Mix) -> Iterator[tuple[str, float | str]]:
    """Yield the fields of the plan that describe a hybrid of Mamba-2 and attention layers."""
    words = _words(row)
    heads = _HEADS.search(words)
    size = float(heads[2]) if heads and heads[2] else _HEAD_SIZE
    state = _STATE.search(words)
    hidden = row.number("hidden") or 1.0
    yield "model.family", "state-space"
    yield "model.layers", mix.blocks
    yield "model.state_layers", mix.states
    yield "model.expansion", float(heads[1]) * size / hidden if heads else _EXPANSION
    yield "model.state_head_size", size
    yield "model.state_size", float(state[1]) if state else _STATE_SIZE
    yield "model.state_groups", _GROUPS
    yield "model.convolution", _TAPS
    if not row.number("vocab"):
        yield "model.vocabulary", _VOCABULARY
    if row.number("experts"):
        yield "model.dense_layers", mix.blocks - mix.sparse
        yield "model.feed_forward", (row.number("ffn") or 0.0) if mix.dense else 0.0


def further_of(row: MeasuredRow) -> Iterator[tuple[str, float]]:
    """Yield fields for modules that predict further tokens, and for the width that experts work in."""
    words = _words(row)
    pattern = _PATTERN.search(words)
    stated = re.search(r"\+ (\d+) MTP|mtp-num-layers (\d+)", words)
    if stated:
        yield "model.predicted_tokens", float(stated[1] or stated[2])
    elif pattern and pattern[2]:
        yield "model.predicted_tokens", float(pattern[2].count("/"))
    latent = re.search(r"latent(?: |-)size (\d+)", words)
    if latent:
        yield "model.expert_width", float(latent[1])


def _words(row: MeasuredRow) -> str:
    return f"{row.text('notes')}; {row.text('flags')}"
