"""An encoder that is trained to restore masked tokens."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("1", N_("Positions of the head"), source="arXiv:1810.04805, section 3.1", path="compute.head_share")
def head_share(masked_share: Numeric) -> Numeric:
    """Positions that pass the output head, for each token: the masked ones [1].

    Parameters
    ----------
    masked_share
        Share of the tokens that are masked [1].
    """
    return masked_share
