"""What a programme costs beyond the final run; each entry is 0 until you type it, and is said to be 0."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Shown
from tcplan.plan.services import Services
from tcplan.plan.value import Number

_NONE = N_("not counted unless you type it")


class Programme(Services):
    """People, data, earlier runs, and the limits that the plan must hold."""

    experiments: Annotated[
        Number | None,
        Shown(
            N_("Earlier runs"),
            N_("Compute of experiments and failed runs, as a share of the final run."),
            shown="%",
            low=0.0,
            high=100.0,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("ablations", "exploratory", "failed runs"),
        ),
    ] = None
    people: Annotated[
        Number | None,
        Shown(
            N_("People"),
            N_("Full-time people on the programme."),
            low=0.0,
            high=1e6,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("staff", "team"),
        ),
    ] = None
    work_time: Annotated[
        Number | None,
        Shown(
            N_("Work time"),
            N_("How long these people work on it."),
            unit="s",
            shown="months",
            low=0.0,
            high=1e10,
            default=31_557_600.0,
            default_source="one year",
        ),
    ] = None
    pay: Annotated[
        Number | None,
        Shown(
            N_("Pay"),
            N_("Yearly cost of one person, loaded with taxes and overheads."),
            unit="USD/s",
            shown="$/yr",
            low=0.0,
            high=10.0,
            default=0.0,
            default_source=_NONE,
            words=("salary", "wage"),
        ),
    ] = None
    data_cost: Annotated[
        Number | None,
        Shown(
            N_("Data"),
            N_("Licences, collection and cleaning of the training data."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e12,
            default=0.0,
            default_source=_NONE,
        ),
    ] = None
    labels: Annotated[
        Number | None,
        Shown(
            N_("Preference pairs"),
            N_("Pairs of answers that people compare."),
            low=0.0,
            high=1e12,
            default=0.0,
            default_source=_NONE,
            words=("feedback", "rlhf", "annotation"),
        ),
    ] = None
    label_price: Annotated[
        Number | None,
        Shown(
            N_("Price per pair"),
            N_("Price of one pair compared by people; a published one of its kind until you type it."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e4,
        ),
    ] = None
    storage: Annotated[
        Number | None,
        Shown(
            N_("Storage and network"),
            N_("Storage, data transfer and other services over the programme."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e12,
            default=0.0,
            default_source=_NONE,
            words=("egress",),
        ),
    ] = None
    contingency: Annotated[
        Number | None,
        Shown(
            N_("Contingency"),
            N_("Reserve on top of everything, as a share."),
            shown="%",
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("reserve", "buffer"),
        ),
    ] = None
    budget: Annotated[
        Number | None,
        Shown(
            N_("Budget"),
            N_("A limit for the total, drawn on the curves."),
            unit="USD",
            shown="$",
            above_low=True,
            high=1e15,
            words=("limit",),
        ),
    ] = None
    deadline: Annotated[
        Number | None,
        Shown(
            N_("Deadline"),
            N_("A limit for the duration of the run, drawn on the curves."),
            unit="s",
            shown="d",
            above_low=True,
            high=1e11,
            words=("limit", "duration"),
        ),
    ] = None
