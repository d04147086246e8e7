"""What the remarks of a measured row say of its recipe: dispatcher, graphs, modules computed again."""

import re
from collections.abc import Iterator

from tcplan.validation.rows import MeasuredRow

_MODULES = {
    "core_attn": "recompute_core",
    "mla_up_proj": "recompute_projections",
    "moe": "recompute_experts",
    "moe_act": "recompute_activation",
    "layernorm": "recompute_norms",
}
_DROPPED = ("tokendrop", "capacity factor")
_PLAIN = ("alltoall", "dispatcher-type allgather", *_DROPPED)
"""Words for the plain dispatcher, the only one that can drop tokens."""
_READ = re.compile(r"recipe \S+ at tag v0\.[0-5]\.|recipe known")
"""The graphs that a table names are then all that there are."""


def recipe_of(row: MeasuredRow) -> Iterator[tuple[str, float | str]]:
    """Yield the fields of the plan that the remarks decide, with the key of the choice."""
    words = f"{row.text('notes')}; {row.text('flags')}".lower()
    yield from _dispatch(words)
    if "cuda graph full_iteration" in words or "local:full_iteration" in words:
        yield "layout.graphs", "full"
    elif "cuda graph transformer_engine" in words or "cuda-graph-impl transformer_engine" in words:
        yield "layout.graphs", "partial"
    elif _READ.search(words):
        yield "layout.graphs", "none"
    modules = re.search(r"recompute (?:modules |\[)([a-z_]+(?:[+ ][a-z_]+)*)", words)
    layers = re.search(r"full recompute of (\d+) layers", words)
    if layers:
        stage = (row.number("layers") or 1.0) / (row.number("pp") or 1.0)
        yield "layout.recompute_share", min(float(layers[1]) / stage, 1.0)
    if modules:
        named = re.split(r"[+ ]", modules[1])
        for name, field in _MODULES.items():
            yield f"layout.{field}", "yes" if name in named else "no"
    for word, field, key in (
        ("muon optimizer", "training.optimizer", "muon"),
        ("8-bit adamw", "training.optimizer", "adam8"),
    ):
        if word in words and "techniques cumulative" not in words:
            yield field, key


def _dispatch(words: str) -> Iterator[tuple[str, str]]:
    if "dispatcher hybridep" in words or "dispatcher-type flex" in words:
        yield "layout.dispatcher", "deduplicating"
    elif any(word in words for word in _PLAIN):
        yield "layout.dispatcher", "plain"
    if any(word in words for word in _DROPPED):
        yield "layout.token_drop", "yes"
