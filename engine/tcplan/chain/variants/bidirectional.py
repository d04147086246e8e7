"""Attention without a causal mask: every token sees every other one."""

from tcplan.chain.elementwise import minimum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("1", N_("Visited keys"), source="arXiv:1810.04805, section 3", path="compute.visited")
def visited(attended: Numeric, span: Numeric) -> Numeric:
    """Keys that a fused kernel computes for a query: all that it attends to in its text, none masked [1].

    Parameters
    ----------
    attended, span
        Keys of a query, mean over the layers, and tokens that see each other [1].
    """
    return minimum(attended, span)
