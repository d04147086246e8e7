"""Batches of images and sounds: counted in samples, each of which is a sequence."""

from tcplan.chain.elementwise import maximum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_PUBLISHED = (
    "batches of published runs: arXiv:1512.03385 (256), arXiv:2212.09748 (256), arXiv:2112.10752 (2,048), "
    "arXiv:2010.11929 (4,096), arXiv:2201.03545 (4,096)"
)


@quantity("1", N_("Usual batch"), source=_PUBLISHED, path="training.usual_batch", shown="tokens")
def usual_batch(sequence: Numeric) -> Numeric:
    """Tokens in one step of published runs: 1,024 samples, the middle of their powers of two [1].

    Parameters
    ----------
    sequence
        Tokens of a sample [1].
    """
    return 1024.0 * sequence


@quantity("1", N_("Batch"), source=_PUBLISHED, path="training.batch_tokens", symbol="B s", shown="tokens")
def batch_tokens(usual_batch: Numeric, devices: Numeric, sequence: Numeric) -> Numeric:
    """Tokens in one optimizer step: as usual, and at least eight samples for each device [1].

    Parameters
    ----------
    usual_batch
        Tokens in one step of published runs [1].
    devices, sequence
        Accelerators of the run, and tokens of a sample [1].
    """
    return maximum(usual_batch, 8.0 * sequence * devices)


@quantity("1", N_("Tokens per image"), source="definition", path="training.tokens_per_image", shown="tokens")
def tokens_per_image(sequence: Numeric) -> Numeric:
    """Tokens that an image becomes: those of a sample [1].

    Parameters
    ----------
    sequence
        Tokens of a sample [1].
    """
    return sequence
