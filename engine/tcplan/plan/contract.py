"""The lines of a contract for hardware: price, commitment, delivery, support, storage, transfer, network."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number

_NONE = "not counted unless you type it"


class Contract(Panel):
    """What a quote says besides the price of a device-hour."""

    offer: Annotated[
        str | None,
        Shown(
            N_("Offer"),
            N_("A published price that you choose; until then the nearest in place and date is taken."),
            table="prices",
            words=("quote", "provider", "price list"),
            more=True,
        ),
    ] = None
    committed_price: Annotated[
        Number | None,
        Shown(
            N_("Price, 3 years"),
            N_("Rent of one device with a commitment of three years; the published cloud method takes it."),
            unit="USD/s",
            shown="$/h",
            low=0.0,
            high=1.0,
            words=("committed use", "savings plan"),
            more=True,
        ),
    ] = None
    discount: Annotated[
        Number | None,
        Shown(
            N_("Discount"),
            N_("What was negotiated off the price."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("negotiated", "rebate"),
            more=True,
        ),
    ] = None
    year: Annotated[
        Number | None,
        Shown(
            N_("Start"),
            N_("Year in which the run begins, such as 2027.25: the price nearest to it in date is taken."),
            low=2000.0,
            high=2100.0,
            logarithmic=False,
            computed=N_("the date of the price"),
            words=("date", "start year"),
            more=True,
        ),
    ] = None
    price_decline: Annotated[
        Number | None,
        Shown(
            N_("Price decline"),
            N_("How much rents fall in a year, from the date of the price to the start."),
            unit="1/s",
            shown="%/yr",
            low=0.0,
            high=1e-7,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            words=("forecast",),
            more=True,
        ),
    ] = None
    term: Annotated[
        Number | None,
        Shown(
            N_("Term"),
            N_("The whole cluster is paid for at least this long."),
            unit="s",
            shown="d",
            low=0.0,
            high=1e10,
            default=0.0,
            default_source=_NONE,
            words=("commitment", "lease"),
            more=True,
        ),
    ] = None
    minimum: Annotated[
        Number | None,
        Shown(
            N_("Minimum"),
            N_("Device-hours that are paid at least."),
            unit="s",
            shown="h",
            low=0.0,
            high=1e16,
            default=0.0,
            default_source=_NONE,
            words=("commitment",),
            more=True,
        ),
    ] = None
    setup_cost: Annotated[
        Number | None,
        Shown(
            N_("Set-up"),
            N_("Paid once for installation and onboarding."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e12,
            default=0.0,
            default_source=_NONE,
            words=("installation",),
            more=True,
        ),
    ] = None
    delivery_time: Annotated[
        Number | None,
        Shown(
            N_("Delivery"),
            N_("Time until the first device can be used."),
            unit="s",
            shown="d",
            low=0.0,
            high=1e10,
            default=0.0,
            default_source="at once unless you type it",
            words=("lead time", "waiting"),
            more=True,
        ),
    ] = None
    support_share: Annotated[
        Number | None,
        Shown(
            N_("Support"),
            N_("Support contract, as a share of the compute that is paid."),
            shown="%",
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=0.0,
            default_source=_NONE,
            more=True,
        ),
    ] = None
    storage_size: Annotated[
        Number | None,
        Shown(
            N_("Stored data"),
            N_("Data, checkpoints and logs that are kept while the hardware is paid for."),
            unit="B",
            shown="TB",
            low=0.0,
            high=1e21,
            default=0.0,
            default_source=_NONE,
            more=True,
        ),
    ] = None
    storage_price: Annotated[
        Number | None,
        Shown(
            N_("Storage price"),
            N_("Price of keeping data."),
            unit="USD/B/s",
            shown="$/TB/month",
            low=0.0,
            high=1e-9,
            default=0.0,
            default_source=_NONE,
            words=("object store", "s3"),
            more=True,
        ),
    ] = None
    egress_size: Annotated[
        Number | None,
        Shown(
            N_("Transferred data"),
            N_("Data that leave the provider."),
            unit="B",
            shown="TB",
            low=0.0,
            high=1e21,
            default=0.0,
            default_source=_NONE,
            words=("egress",),
            more=True,
        ),
    ] = None
    egress_price: Annotated[
        Number | None,
        Shown(
            N_("Transfer price"),
            N_("Price of data that leave the provider."),
            unit="USD/B",
            shown="$/TB",
            low=0.0,
            high=1e-3,
            default=0.0,
            default_source=_NONE,
            words=("egress",),
            more=True,
        ),
    ] = None
    network_fee: Annotated[
        Number | None,
        Shown(
            N_("Network fee"),
            N_("Price of the cluster’s network, where it is billed apart."),
            unit="USD/s",
            shown="$/month",
            low=0.0,
            high=1e6,
            default=0.0,
            default_source=_NONE,
            more=True,
        ),
    ] = None
    availability: Annotated[
        Number | None,
        Shown(
            N_("Availability"),
            N_("Share of the paid time in which hardware can be used; the rest prolongs the run."),
            shown="%",
            low=0.0,
            above_low=True,
            high=1.0,
            logarithmic=False,
            default=1.0,
            default_source="always there unless you type it",
            words=("sla", "uptime"),
            more=True,
        ),
    ] = None
    energy_billed: Annotated[
        str | None,
        Shown(
            N_("Energy"),
            N_("Whether the rent includes electricity."),
            choices=(Choice("included", N_("in the rent")), Choice("apart", N_("billed apart"))),
            default="included",
            default_source="cloud prices include electricity",
            words=("electricity",),
            more=True,
        ),
    ] = None
