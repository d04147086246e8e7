"""Sizes of a dense transformer of a wanted number of parameters, on the proportions of published models."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

HEAD_SIZE = 128.0
KV_HEADS = 8.0
_ASPECT = 115.0
_EXPANSION = 3.5
STRUCTURE: Mapping[str, float | str] = {
    "family": "decoder",
    "gated": "yes",
    "tied_embeddings": "no",
    "biases": "none",
    "norm": "rmsnorm",
    "learned_positions": 0.0,
    "attention": "standard",
    "experts": 0.0,
}
"""What the models of these sizes are, by field name of the model panel; their parameters count on it."""

Sizes = NDArray[np.float64]


def _vocabulary(parameters: Sizes) -> Sizes:
    return np.where(parameters >= 3e9, 128_256.0, 32_000.0)


def _count(hidden: Sizes, layers: Sizes, feed_forward: Sizes, kv_heads: Sizes, vocabulary: Sizes) -> Sizes:
    attention = 2.0 * hidden**2 + 2.0 * kv_heads * HEAD_SIZE * hidden
    return layers * (attention + 3.0 * hidden * feed_forward) + 2.0 * vocabulary * hidden


def proportions(parameters: Sizes) -> dict[str, Sizes]:
    """Return the sizes of models with these numbers of parameters, as real numbers.

    Proportions of the Llama 3 family (arXiv:2407.21783, table 3): hidden size 102 to 130 times the layers,
    feed-forward 3.5 times the hidden size, heads of 128, 8 key-value heads, 128,256 tokens; under 3 billion
    parameters the 32,000 tokens of Llama 2 (arXiv:2307.09288). Broadcasts.
    """
    vocabulary = _vocabulary(parameters)
    kv_heads = np.full_like(parameters, KV_HEADS)
    low = np.full_like(parameters, 1.0)
    high = np.full_like(parameters, 1e6)
    for _step in range(60):
        middle = np.sqrt(low * high)
        count = _count(middle, middle / _ASPECT, _EXPANSION * middle, kv_heads, vocabulary)
        high = np.where(count > parameters, middle, high)
        low = np.where(count > parameters, low, middle)
    hidden = np.sqrt(low * high)
    return {
        "hidden": hidden,
        "layers": np.maximum(hidden / _ASPECT, 1.0),
        "feed_forward": _EXPANSION * hidden,
        "heads": np.maximum(hidden / HEAD_SIZE, 1.0),
        "kv_heads": kv_heads,
        "head_size": np.full_like(parameters, HEAD_SIZE),
        "vocabulary": vocabulary,
        "gated": np.ones_like(parameters),
        **{name: np.zeros_like(parameters) for name in ("tied_embeddings", "biases", "norm")},
        "learned_positions": np.zeros_like(parameters),
    }


def shape_for(parameters: float) -> dict[str, float]:
    """Return whole sizes for a dense model of about this many parameters, by field name of the model panel.

    The feed-forward width takes up what rounding the hidden size and the layers leaves.
    """
    sizes = {name: float(value[0]) for name, value in proportions(np.array([parameters])).items()}
    step = 1024.0 if sizes["hidden"] >= 2048.0 else 256.0
    hidden = max(round(sizes["hidden"] / step), 1) * step
    layers = max(2.0 * round(hidden / _ASPECT / 2.0), 2.0)
    heads = hidden / HEAD_SIZE
    kv_heads = max(size for size in range(1, int(KV_HEADS) + 1) if heads % size == 0)
    rest = parameters - 2.0 * sizes["vocabulary"] * hidden
    rest = rest / layers - 2.0 * hidden**2 - 2.0 * kv_heads * HEAD_SIZE * hidden
    feed_forward = max(round(rest / (3.0 * hidden) / 256.0), 1) * 256.0
    return {
        "layers": layers,
        "hidden": hidden,
        "feed_forward": feed_forward,
        "heads": heads,
        "kv_heads": float(kv_heads),
        "head_size": HEAD_SIZE,
        "vocabulary": sizes["vocabulary"],
    }
