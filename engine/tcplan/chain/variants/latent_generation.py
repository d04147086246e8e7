"""Generation with latent attention: a token leaves one compressed vector behind."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("1", N_("Cached width"), source="arXiv:2405.04434, section 2.1.2", path="model.cache_width")
def cache_width(kv_rank: Numeric, rope_size: Numeric) -> Numeric:
    """Numbers that a layer keeps of each token while the model writes [1].

    Parameters
    ----------
    kv_rank, rope_size
        Widths of the compressed vector and of the part with position [1].
    """
    return kv_rank + rope_size
