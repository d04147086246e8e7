"""What a run sees, in what its family is trained on: tokens, images or hours of sound."""

from tcplan.estimate import Estimate
from tcplan.language import _

_IMAGES = frozenset(("vision", "diffusion", "unet", "residual", "convnext"))


def seen(estimate: Estimate) -> tuple[float, str]:
    """Return how much a run sees, every repetition counted, and the sentence that takes this `{amount}`."""
    tokens = estimate.field("training.tokens").value
    family = estimate.given["model.family"].key
    if family in _IMAGES:
        return tokens / estimate.field("training.sequence").value, _("{amount} images")
    if family == "speech":
        rate = estimate.field("training.audio_rate").value
        return tokens / (3600.0 * rate), _("{amount} hours of sound")
    return tokens, _("{amount} tokens")
