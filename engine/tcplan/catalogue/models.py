"""Models: the sizes of published decoder-only transformers, and their published parameter counts."""

from tcplan.catalogue.row import Row, Table

SIZES = (
    "layers",
    "hidden",
    "feed_forward",
    "heads",
    "kv_heads",
    "head_size",
    "vocabulary",
    "gated",
    "tied_embeddings",
    "biases",
    "norm",
    "learned_positions",
    "attention",
    "q_rank",
    "kv_rank",
    "nope_size",
    "rope_size",
    "value_size",
    "experts",
    "experts_per_token",
    "expert_feed_forward",
    "shared_experts",
    "shared_feed_forward",
    "dense_layers",
)

TABLE = Table(
    name="models",
    columns=("publisher", "year", *SIZES, "parameters", "active_parameters"),
    words=frozenset(("publisher", "gated", "tied_embeddings", "biases", "norm", "attention")),
    required=frozenset(("publisher", "year", *SIZES, "parameters")),
    searched=("publisher",),
)


def inputs(row: Row) -> dict[str, float | str]:
    """Return the sizes by field name of the model panel."""
    return {size: row.values[size] for size in SIZES if size in row.values}
