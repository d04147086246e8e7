"""Models: the sizes of published networks, and their published parameter counts."""

from tcplan.catalogue.row import Row, Table

DECODER = (
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
"""Sizes that every decoder has."""
SIZES = (
    "family",
    *DECODER,
    "window",
    "window_layers",
    "predicted_tokens",
    "expert_width",
    "routed_nodes",
    "sinks",
    "second_layers",
    "second_hidden",
    "second_feed_forward",
    "second_heads",
    "second_sequence",
    "second_vocabulary",
    "image_size",
    "patch_size",
    "channels",
    "expansion",
    "first_blocks",
    "second_blocks",
    "third_blocks",
    "fourth_blocks",
    "first_attention",
    "second_attention",
    "third_attention",
    "fourth_attention",
    "largest_width",
    "cross_width",
    "cross_sequence",
    "state_layers",
    "state_size",
    "state_head_size",
    "state_groups",
    "convolution",
    "block",
    "front",
    "masked_share",
    "extra_parameters",
    "extra_active_parameters",
    "extra_forward_flop",
)
"""What a row says of the model panel; an empty cell is what its field holds without a row."""
RUN = ("sequence", "tokens")
"""What the published run of a row was trained on: tokens of a sequence and of the whole run."""

TABLE = Table(
    name="models",
    columns=("publisher", "year", *SIZES, *RUN, "parameters", "active_parameters"),
    words=frozenset(
        (
            *("publisher", "family", "gated", "tied_embeddings", "biases", "norm", "attention"),
            *("block", "front", "sinks"),
        )
    ),
    required=frozenset(("publisher", "year", "family", "parameters")),
    searched=("publisher",),
)


def inputs(row: Row) -> dict[str, float | str]:
    """Return the sizes by field name of the model panel."""
    return {size: row.values[size] for size in SIZES if size in row.values}


def run(row: Row) -> dict[str, float | str]:
    """Return what the published run was trained on, by field name of the training panel."""
    return {name: row.values[name] for name in RUN if name in row.values}
