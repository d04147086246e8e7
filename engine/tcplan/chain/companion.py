"""What a model has beside its layers, by layer: what its sizes do not describe; every function broadcasts.

Families with a second stack of layers put it here, so that the steps know of one kind of layer alone.
"""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_EXTRA = "definition: what was given as extra"


@quantity("1", N_("Parameters beside the layers"), source=_EXTRA, path="model.companion_parameters")
def companion_parameters(extra_parameters: Numeric) -> Numeric:
    """Parameters that the sizes of the layers do not describe [1].

    Parameters
    ----------
    extra_parameters
        What was given as extra, negative where the sizes count too many [1].
    """
    return extra_parameters


@quantity(
    "1", N_("Active parameters beside the layers"), source=_EXTRA, path="model.companion_active_parameters"
)
def companion_active_parameters(extra_active_parameters: Numeric) -> Numeric:
    """Parameters beside the layers that one token passes through [1].

    Parameters
    ----------
    extra_active_parameters
        What was given as extra [1].
    """
    return extra_active_parameters


@quantity("FLOP", N_("Forward FLOP beside the layers"), source=_EXTRA, path="compute.companion_flop")
def companion_flop(extra_forward_flop: Numeric) -> Numeric:
    """Forward FLOP of one token that the sizes of the layers do not describe [FLOP].

    Parameters
    ----------
    extra_forward_flop
        What was given as extra [FLOP].
    """
    return extra_forward_flop


@quantity(
    "FLOP",
    N_("Attention FLOP beside the layers"),
    source="definition: none without a second stack",
    path="compute.companion_attention_flop",
)
def companion_attention_flop() -> Numeric:
    """Attention FLOP of one token beside the layers, three passes [FLOP]."""
    return 0.0


@quantity(
    "s",
    N_("Beside the layers, forward"),
    source="definition: its FLOP at the rate of long matrix products",
    path="time.companion_forward",
)
def companion_forward(
    companion_flop: Numeric,
    layers: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    multiply_add: Numeric,
) -> Numeric:
    """Forward time for each layer of what stands beside the layers [s].

    Parameters
    ----------
    companion_flop, multiply_add
        Forward FLOP of a token, and of one multiply-add [FLOP].
    layers, local_tokens, tensor
        Layers, tokens of a micro-batch on one device, and devices that share each matrix [1].
    multiply_rate
        Multiply-adds in a second [1/s].
    """
    return companion_flop / multiply_add * local_tokens / (layers * tensor * multiply_rate)


@quantity(
    "s",
    N_("Beside the layers, backward"),
    source="arXiv:2001.08361, section 2.1: twice the forward pass",
    path="time.companion_backward",
)
def companion_backward(companion_forward: Numeric) -> Numeric:
    """Backward time for each layer of what stands beside the layers [s].

    Parameters
    ----------
    companion_forward
        Forward time [s].
    """
    return 2.0 * companion_forward


@quantity(
    "B",
    N_("Activations kept beside a layer"),
    source="definition: none without a second stack",
    path="memory.companion_activation",
)
def companion_activation() -> Numeric:
    """Bytes kept for a token and layer of what stands beside the layers [B]."""
    return 0.0


@quantity(
    "1",
    N_("Values summed over devices"),
    source="arXiv:1909.08053, section 3",
    path="layout.reduced_width",
)
def reduced_width(hidden: Numeric) -> Numeric:
    """Values of a token that the devices which share matrices sum twice in a layer [1].

    Parameters
    ----------
    hidden
        Width of the residual stream [1].
    """
    return hidden
