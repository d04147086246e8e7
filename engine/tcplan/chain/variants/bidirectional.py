"""Attention without a causal mask: every token sees every other one."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("1", N_("Visited keys"), source="arXiv:1810.04805, section 3", path="compute.visited")
def visited(attended: Numeric) -> Numeric:
    """Keys of a query that a fused kernel computes: all that it attends to, nothing is masked [1].

    Parameters
    ----------
    attended
        Keys of a query, mean over the layers [1].
    """
    return attended
