"""Adapters of a model with routed experts: each expert has its own; a token passes those of its experts."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_LORA = "arXiv:2106.09685, section 4"
_ALL_LINEAR = 2.0


@quantity("1", N_("Adapted width of the feed-forward"), source=_LORA, path="model.feed_forward_adapter_width")
def feed_forward_adapter_width(
    adapter_targets: Numeric,
    hidden: Numeric,
    feed_forward: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
    gated: Numeric,
) -> Numeric:
    """Sum of inputs and outputs of the feed-forward adapters that a token passes in an average layer [1].

    Parameters
    ----------
    adapter_targets
        0 queries and values, 1 attention, 2 all linear layers, 3 those and the tables.
    hidden, feed_forward, gated
        Widths of a dense layer, and 1 when gated [1].
    sparse_share, shared_width, experts_per_token, expert_feed_forward
        Share of sparse layers, width of their shared experts, experts of a token, and width of one [1].
    """
    shared = where(shared_width > 0.0, hidden + shared_width, 0.0 * hidden)
    routed = shared + experts_per_token * (hidden + expert_feed_forward)
    width = sparse_share * routed + (1.0 - sparse_share) * (hidden + feed_forward)
    return where(adapter_targets >= _ALL_LINEAR, 2.0 + gated, 0.0) * width


@quantity("1", N_("Adapters of all experts"), source=_LORA, path="model.expert_adapter_width")
def expert_adapter_width(
    adapter_targets: Numeric,
    hidden: Numeric,
    sparse_share: Numeric,
    experts: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
    gated: Numeric,
) -> Numeric:
    """Sum of the widths of adapters of experts that a token does not visit, in an average layer [1].

    Parameters
    ----------
    adapter_targets
        0 queries and values, 1 attention, 2 all linear layers, 3 those and the tables.
    hidden, expert_feed_forward, gated
        Widths of an expert, and 1 when gated [1].
    sparse_share, experts, experts_per_token
        Share of sparse layers, their experts, and those that a token visits [1].
    """
    others = sparse_share * (experts - experts_per_token)
    width = others * (hidden + expert_feed_forward)
    return where(adapter_targets >= _ALL_LINEAR, 2.0 + gated, 0.0) * width
