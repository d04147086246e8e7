"""The money panel: how the hardware is paid for."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.ownership import Ownership
from tcplan.plan.value import Number


class Purchase(Ownership):
    """Rented by the hour, or owned."""

    way: Annotated[
        str | None,
        Shown(
            N_("Purchase"),
            N_("Rent on demand, reserve for years, take interruptible capacity, or own the hardware."),
            choices=(
                Choice("on-demand", N_("on demand")),
                Choice("reserved", N_("reserved, 1 year")),
                Choice("spot", N_("spot")),
                Choice("own", N_("own")),
                Choice("reserved-3y", N_("reserved, 3 years")),
            ),
            default="on-demand",
            default_source="the price that anybody can get",
            words=("buy", "rent", "lease"),
        ),
    ] = None
    price: Annotated[
        Number | None,
        Shown(
            N_("Price"),
            N_("Rent of one device; the nearest published price in date and region until you type yours."),
            unit="USD/s",
            shown="$/h",
            low=0.0,
            high=1.0,
            usual=(0.1 / 3600, 30.0 / 3600),
            words=("rent", "hourly rate", "quote"),
        ),
    ] = None
    device_price: Annotated[
        Number | None,
        Shown(
            N_("Device price"),
            N_("Purchase price of one device, for hardware of your own and for the comparison with it."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e8,
            more=True,
        ),
    ] = None
    server_factor: Annotated[
        Number | None,
        Shown(
            N_("Server factor"),
            N_("Price of a whole server over the price of its devices."),
            low=1.0,
            high=10.0,
            logarithmic=False,
            default=1.64,
            default_source="arXiv:2405.21015 (server overhead)",
            more=True,
        ),
    ] = None
    interconnect_share: Annotated[
        Number | None,
        Shown(
            N_("Interconnect share"),
            N_("Share of the cluster's price that the network between servers takes."),
            shown="%",
            low=0.0,
            high=0.9,
            logarithmic=False,
            default=0.19,
            default_source="arXiv:2405.21015 (interconnect)",
            more=True,
        ),
    ] = None
    busy_share: Annotated[
        Number | None,
        Shown(
            N_("Utilisation, owned"),
            N_("Share of its life in which owned hardware works for somebody."),
            shown="%",
            low=0.0,
            above_low=True,
            high=1.0,
            logarithmic=False,
            default=0.8,
            default_source="a planning value",
            more=True,
        ),
    ] = None
    interest: Annotated[
        Number | None,
        Shown(
            N_("Interest"),
            N_("Yearly cost of capital on owned hardware."),
            unit="1/s",
            shown="%/yr",
            low=0.0,
            high=1e-7,
            logarithmic=False,
            default=0.0,
            default_source="not counted unless you type it",
            more=True,
        ),
    ] = None
    maintenance: Annotated[
        Number | None,
        Shown(
            N_("Maintenance"),
            N_("Yearly maintenance and hosting of owned hardware, as a share of its price."),
            unit="1/s",
            shown="%/yr",
            low=0.0,
            high=1e-7,
            logarithmic=False,
            default=0.0,
            default_source="not counted unless you type it",
            more=True,
        ),
    ] = None
    spot_interruptions: Annotated[
        Number | None,
        Shown(
            N_("Spot interruptions"),
            N_("Interruptions of one spot device in a day."),
            unit="1/s",
            shown="1/d",
            low=0.0,
            high=1.0,
            default=0.001 / 86_400,
            default_source="AWS Spot Advisor, May 2025: at most 20 % of H100 servers a month",
            more=True,
        ),
    ] = None
