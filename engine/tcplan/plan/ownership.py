"""What owned hardware costs besides its devices: place, storage, people, value at the end."""

from math import log
from typing import Annotated

from tcplan.language import N_
from tcplan.plan.contract import Contract
from tcplan.plan.field import Shown
from tcplan.plan.value import Number

_NONE = "not counted unless you type it"


class Ownership(Contract):
    """Everything around devices that are bought."""

    store_price: Annotated[
        Number | None,
        Shown(
            N_("Own storage"),
            N_("Purchase price of storage, for the stored data."),
            unit="USD/B",
            shown="$/TB",
            low=0.0,
            high=1e-3,
            default=0.0,
            default_source=_NONE,
            more=True,
        ),
    ] = None
    colocation: Annotated[
        Number | None,
        Shown(
            N_("Colocation"),
            N_("Rent of a place in a data centre, by rated power of the servers and their network."),
            unit="USD/W/s",
            shown="$/kW/month",
            low=0.0,
            high=1e-2,
            default=0.0,
            default_source=_NONE,
            words=("hosting", "rack"),
            more=True,
        ),
    ] = None
    facility_price: Annotated[
        Number | None,
        Shown(
            N_("Facility"),
            N_("Price of building a data centre, by rated power of the servers and their network."),
            unit="USD/W",
            shown="$/W",
            low=0.0,
            high=1e4,
            default=0.0,
            default_source=_NONE,
            words=("construction", "building"),
            more=True,
        ),
    ] = None
    facility_life: Annotated[
        Number | None,
        Shown(
            N_("Facility life"),
            N_("Years over which the building is spread."),
            unit="s",
            shown="yr",
            low=86_400.0,
            high=1e11,
            default=15 * 31_557_600.0,
            default_source="a planning value: fifteen years of service",
            more=True,
        ),
    ] = None
    resale_share: Annotated[
        Number | None,
        Shown(
            N_("Resale"),
            N_("What the hardware sells for at the end of its life, as a share of its price."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("residual value", "second hand"),
            more=True,
        ),
    ] = None
    operators: Annotated[
        Number | None,
        Shown(
            N_("Operators"),
            N_("People who keep owned hardware running, counted as full time."),
            low=0.0,
            high=1e6,
            default=0.0,
            default_source=_NONE,
            words=("technicians", "maintenance staff"),
            more=True,
        ),
    ] = None
    operator_pay: Annotated[
        Number | None,
        Shown(
            N_("Operator pay"),
            N_("Yearly cost of one operator, loaded with taxes and overheads."),
            unit="USD/s",
            shown="$/yr",
            low=0.0,
            high=10.0,
            default=0.0,
            default_source=_NONE,
            more=True,
        ),
    ] = None
    hardware_age: Annotated[
        Number | None,
        Shown(
            N_("Hardware age"),
            N_(
                "Time from the price of the devices to the start, over which better hardware takes its value."
            ),
            unit="s",
            shown="yr",
            low=0.0,
            high=1e9,
            default=0.0,
            default_source="bought for this run unless you type it",
            words=("depreciation",),
            more=True,
        ),
    ] = None
    progress: Annotated[
        Number | None,
        Shown(
            N_("Progress"),
            N_("How fast hardware of the same price gets better, and what is there loses value."),
            unit="1/s",
            shown="%/yr",
            low=0.0,
            high=1e-6,
            logarithmic=False,
            default=0.14 * log(10.0) / 31_557_600.0,
            default_source="arXiv:2405.21015: 0.14 orders of magnitude a year",
            words=("depreciation", "price-performance"),
            more=True,
        ),
    ] = None
    method_load: Annotated[
        Number | None,
        Shown(
            N_("Load, published method"),
            N_("Mean power over the rated power of the server, as the published method takes it."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.75,
            default_source="arXiv:2405.21015 (0.43 for TPUs)",
            more=True,
        ),
    ] = None
