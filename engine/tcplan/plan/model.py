"""The model panel: what is trained."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Shown
from tcplan.plan.transformer import Transformer
from tcplan.plan.value import Number


class Model(Transformer):
    """What is trained: the sizes of its layers, and what these do not describe."""

    extra_parameters: Annotated[
        Number | None,
        Shown(
            N_("Extra parameters"),
            N_("Parameters that the sizes here do not describe; negative where they count too many."),
            low=-1e15,
            high=1e15,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    extra_active_parameters: Annotated[
        Number | None,
        Shown(
            N_("Extra active parameters"),
            N_("The part of the extra parameters that one token passes through."),
            low=-1e15,
            high=1e15,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    extra_forward_flop: Annotated[
        Number | None,
        Shown(
            N_("Extra forward FLOP"),
            N_("FLOP of one token in the forward pass that the sizes here do not describe."),
            unit="FLOP",
            shown="FLOP",
            low=-1e18,
            high=1e18,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
