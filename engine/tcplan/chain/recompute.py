"""What is computed and sent again in backward, because it was not kept; every function broadcasts."""

from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_RECOMPUTE = "arXiv:2205.05198, section 5"


@quantity("s", N_("Norms, forward"), source="arXiv:2007.00072, table A.1", path="time.norms_forward")
def norms_forward(
    element_bytes: Numeric,
    local_tokens: Numeric,
    residual_width: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Time of the two norms of a layer: each reads and writes the residual stream once [s].

    Parameters
    ----------
    element_bytes, local_tokens, residual_width
        Bytes of a number, tokens on one device, and width of the residual stream on it [B, 1, 1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    """
    return 4.0 * element_bytes * local_tokens * residual_width / memory_rate + 2.0 * kernel_time


@quantity(
    "s",
    N_("Up-projections, forward"),
    source="definition: none where attention does not compress",
    path="time.expansion",
)
def expansion_forward() -> Numeric:
    """Time of the products that expand compressed queries, keys and values of a layer [s]."""
    return 0.0


@quantity("1", N_("Whole layers again"), source=_RECOMPUTE, path="layout.layers_again")
def layers_again(recompute: Numeric, recompute_share: Numeric) -> Numeric:
    """Share of the layers that are computed again as a whole, 0 without full recomputation [1].

    Parameters
    ----------
    recompute
        0 none, 1 what is selected, 2 whole layers.
    recompute_share
        Share of the layers that full recomputation repeats [1].
    """
    return where(recompute >= 2.0, recompute_share, 0.0)


@quantity("1", N_("Experts again"), source=_RECOMPUTE, path="layout.routed_again")
def routed_again(layers_again: Numeric, recompute: Numeric, recompute_experts: Numeric) -> Numeric:
    """Share of the layers whose routed experts are computed again, with their dispatch [1].

    Parameters
    ----------
    layers_again
        Share of the layers that are repeated as a whole [1].
    recompute
        0 none, 1 what is selected, 2 whole layers.
    recompute_experts
        1 where routed experts are selected, else 0.
    """
    return where(recompute >= 2.0, layers_again, minimum(recompute, 1.0) * recompute_experts)


@quantity(
    "s",
    N_("Experts computed again"),
    source="definition: none in a dense model",
    path="time.recomputed_experts",
)
def recomputed_experts() -> Numeric:
    """Device time of the selected parts of experts in an average layer [s]."""
    return 0.0


@quantity("s", N_("Computing again"), source=_RECOMPUTE, path="time.recomputed_compute")
def recomputed_compute(
    recompute: Numeric,
    layers_again: Numeric,
    compute_forward: Numeric,
    recompute_core: Numeric,
    attention_forward: Numeric,
    recompute_projections: Numeric,
    expansion_forward: Numeric,
    recompute_norms: Numeric,
    norms_forward: Numeric,
    recomputed_experts: Numeric,
    selective_share: Numeric,
) -> Numeric:
    """Device time that recomputation adds to the backward pass of a layer [s].

    Parameters
    ----------
    recompute, layers_again
        0 none, 1 what is selected, 2 whole layers; and the share of the layers in the last case [1].
    compute_forward
        Forward time of the layer [s].
    recompute_core, attention_forward
        1 where the attention core is selected, and its time [1, s].
    recompute_projections, expansion_forward
        1 where the up-projections of latent attention are selected, and their time [1, s].
    recompute_norms, norms_forward
        1 where norms are selected, and their time [1, s].
    recomputed_experts
        Selected parts of experts [s].
    selective_share
        Share of the forward pass that the stack's own selection repeats at least [1].
    """
    selected = recompute_core * attention_forward + recompute_projections * expansion_forward
    selected = selected + recompute_norms * norms_forward + recomputed_experts
    selected = maximum(selected, selective_share * compute_forward)
    return where(recompute >= 2.0, layers_again * compute_forward, minimum(recompute, 1.0) * selected)


@quantity("s", N_("Communicating again"), source=_RECOMPUTE, path="time.recomputed_communication")
def recomputed_communication(layers_again: Numeric, communication_forward: Numeric) -> Numeric:
    """Communication that recomputing whole layers repeats [s].

    Parameters
    ----------
    layers_again
        Share of the layers that are repeated as a whole [1].
    communication_forward
        Communication of the forward pass [s].
    """
    return layers_again * communication_forward
