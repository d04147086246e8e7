"""An encoder and a decoder that share one embedding; the decoder attends to the encoder and has the head."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_T5 = "arXiv:1910.10683, section 2.1"


@quantity("1", N_("Parameters beside the layers"), source=_T5, path="model.companion_parameters")
def companion_parameters(second_parameters: Numeric, extra_parameters: Numeric) -> Numeric:
    """Parameters of the decoder and what was given as extra [1].

    Parameters
    ----------
    second_parameters, extra_parameters
        Parameters of the second stack, and what was given as extra [1].
    """
    return second_parameters + extra_parameters


@quantity(
    "1", N_("Active parameters beside the layers"), source=_T5, path="model.companion_active_parameters"
)
def companion_active_parameters(second_parameters: Numeric, extra_active_parameters: Numeric) -> Numeric:
    """Parameters of the decoder and what was given as extra and active [1].

    Parameters
    ----------
    second_parameters, extra_active_parameters
        Parameters of the second stack, and what was given as extra [1].
    """
    return second_parameters + extra_active_parameters


@quantity("FLOP", N_("Forward FLOP beside the layers"), source=_T5, path="compute.companion_flop")
def companion_flop(second_flop: Numeric, extra_forward_flop: Numeric) -> Numeric:
    """Forward FLOP of the decoder for a token of the encoder, and what was given as extra [FLOP].

    Parameters
    ----------
    second_flop, extra_forward_flop
        Forward FLOP of the second stack, and what was given as extra [FLOP].
    """
    return second_flop + extra_forward_flop


@quantity("1", N_("Positions of the head"), source=_T5, path="compute.head_share")
def head_share(second_share: Numeric) -> Numeric:
    """Positions that pass the output head, for each token of the encoder: those of the decoder [1].

    Parameters
    ----------
    second_share
        Tokens of the decoder for each of the encoder [1].
    """
    return second_share
