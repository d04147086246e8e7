"""Adapters of latent attention: beside its down- and up-projections."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "1",
    N_("Adapted width of attention"),
    source="arXiv:2106.09685, section 4; arXiv:2405.04434, section 2.1",
    path="model.attention_adapter_width",
)
def attention_adapter_width(
    adapter_targets: Numeric,
    hidden: Numeric,
    q_rank: Numeric,
    kv_rank: Numeric,
    rope_size: Numeric,
    nope_size: Numeric,
    heads: Numeric,
    query_width: Numeric,
    output_width: Numeric,
) -> Numeric:
    """Sum of inputs and outputs of the adapted matrices around attention in one layer [1].

    Parameters
    ----------
    adapter_targets
        0 queries and values, 1 attention, 2 all linear layers, 3 those and the tables.
    hidden, q_rank, kv_rank, rope_size, nope_size, heads, query_width, output_width
        Widths of the projections; without a query rank the queries have one matrix [1].
    """
    queries = query_width + where(q_rank > 0.0, hidden + 2.0 * q_rank, hidden)
    down = hidden + kv_rank + rope_size
    up = kv_rank + heads * nope_size + output_width
    outward = where(adapter_targets >= 1.0, output_width + hidden, 0.0 * hidden)
    return queries + down + up + outward
