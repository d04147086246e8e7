"""The place of a run: its electricity, its data centre, and what its hardware draws and embodies."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number

_KWH = 3.6e6


class Place(Panel):
    """The place, its data centre and its electricity."""

    grid: Annotated[
        str | None,
        Shown(
            N_("Location"),
            N_("Country or grid region whose electricity the run uses."),
            table="grids",
            default="USA",
            default_source="where the default example ran",
            words=("country", "region", "site", "grid"),
        ),
    ] = None
    facility: Annotated[
        str | None,
        Shown(
            N_("Data centre"),
            N_("A data centre whose PUE and water figures are published."),
            table="sites",
            words=("site", "operator"),
        ),
    ] = None
    pue: Annotated[
        Number | None,
        Shown(
            N_("PUE"),
            N_("Power usage effectiveness: energy of the facility over energy of its computers."),
            low=1.0,
            high=5.0,
            usual=(1.03, 2.0),
            logarithmic=False,
            words=("cooling", "power usage effectiveness"),
        ),
    ] = None
    carbon_location: Annotated[
        Number | None,
        Shown(
            N_("Grid carbon"),
            N_("Average emissions of the location's electricity (location-based)."),
            unit="kg/J",
            shown="g/kWh",
            low=0.0,
            high=3.0 / _KWH,
            usual=(0.005 / _KWH, 1.2 / _KWH),
            words=("carbon intensity", "emission factor", "co2"),
        ),
    ] = None
    carbon_market: Annotated[
        Number | None,
        Shown(
            N_("Residual mix"),
            N_("Emissions of electricity without a contract of its own (market-based)."),
            unit="kg/J",
            shown="g/kWh",
            low=0.0,
            high=3.0 / _KWH,
            more=True,
            words=("market-based",),
        ),
    ] = None
    contract_share: Annotated[
        Number | None,
        Shown(
            N_("Clean contracts"),
            N_("Share of the energy under carbon-free contracts; it changes the market figure only."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.0,
            default_source="none unless you have them",
            more=True,
            words=("ppa", "renewable", "green power"),
        ),
    ] = None
    wue: Annotated[
        Number | None,
        Shown(
            N_("Site water"),
            N_("Water usage effectiveness: water evaporated on site per energy of the computers."),
            unit="L/J",
            shown="L/kWh",
            low=0.0,
            high=20.0 / _KWH,
            usual=(0.0, 3.0 / _KWH),
            logarithmic=False,
            more=True,
            words=("water usage effectiveness",),
        ),
    ] = None
    grid_water: Annotated[
        Number | None,
        Shown(
            N_("Grid water"),
            N_("Water consumed where the electricity is made."),
            unit="L/J",
            shown="L/kWh",
            low=0.0,
            high=100.0 / _KWH,
            logarithmic=False,
            more=True,
        ),
    ] = None
    electricity_price: Annotated[
        Number | None,
        Shown(
            N_("Electricity price"),
            N_("Price of electricity for a large consumer, without taxes; counts when you own the hardware."),
            unit="USD/J",
            shown="$/kWh",
            low=0.0,
            high=5.0 / _KWH,
            usual=(0.01 / _KWH, 0.5 / _KWH),
            more=True,
        ),
    ] = None
    idle_share: Annotated[
        Number | None,
        Shown(
            N_("Idle power"),
            N_("Power of a device that waits, as a share of its rated power."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.3,
            default_source="a planning value: about a third of the rated power",
            more=True,
        ),
    ] = None
    network_share: Annotated[
        Number | None,
        Shown(
            N_("Network and storage"),
            N_("Power of switches and storage, as a share of the servers' power."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.05,
            default_source="a planning value for a cluster's switches and storage",
            more=True,
        ),
    ] = None
    embodied_carbon: Annotated[
        Number | None,
        Shown(
            N_("Embodied carbon"),
            N_("Emissions of making one device, with its share of the server."),
            unit="kg",
            shown="kgCO2e",
            low=0.0,
            high=1e6,
            more=True,
            words=("manufacture", "scope 3"),
        ),
    ] = None
    hardware_life: Annotated[
        Number | None,
        Shown(
            N_("Hardware life"),
            N_("Years over which the hardware's making and its purchase are spread."),
            unit="s",
            shown="yr",
            low=86_400.0,
            high=1e10,
            default=5 * 31_557_600.0,
            default_source="a planning value: five years of service",
            more=True,
        ),
    ] = None
