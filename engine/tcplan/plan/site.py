"""The energy panel: where it runs, with what power, carbon and water, and how they are accounted for."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.place import Place
from tcplan.plan.value import Number

_KWH = 3.6e6


class Site(Place):
    """The place, the share of it that the run has, its hours, and the rules of its accounts."""

    region: Annotated[
        str | None,
        Shown(
            N_("Cloud region"),
            N_("A provider's region: it sets location, data centre and price where these are not typed."),
            table="regions",
            more=True,
            words=("aws", "azure", "google cloud", "provider", "availability zone"),
        ),
    ] = None
    mean_power: Annotated[
        Number | None,
        Shown(
            N_("Metered power"),
            N_("Mean power of one device at work with its share of the server, as a meter shows it."),
            unit="W",
            shown="W",
            low=1.0,
            high=1e5,
            computed=N_("from idle to rated power by the share of peak that is used"),
            more=True,
            words=("measured", "average power", "tdp"),
        ),
    ] = None
    cluster_share: Annotated[
        Number | None,
        Shown(
            N_("Share of the cluster"),
            N_("Share of a shared cluster that this run has while it runs."),
            shown="%",
            low=0.0,
            high=1.0,
            above_low=True,
            logarithmic=False,
            default=1.0,
            default_source="the run has its cluster alone unless you share one",
            more=True,
            words=("shared", "attribution", "allocation"),
        ),
    ] = None
    cluster_power: Annotated[
        Number | None,
        Shown(
            N_("Common power"),
            N_("Power that the whole cluster always draws: storage, switches, log-in nodes; shared by use."),
            unit="W",
            shown="kW",
            low=0.0,
            high=1e10,
            default=0.0,
            default_source="none typed: the share for network and storage stands for it",
            more=True,
            words=("storage", "network", "shared"),
        ),
    ] = None
    cluster_use: Annotated[
        Number | None,
        Shown(
            N_("Cluster in use"),
            N_("Share of the reserved devices that work; the power of the idle rest is shared by use."),
            shown="%",
            low=0.0,
            high=1.0,
            above_low=True,
            logarithmic=False,
            default=1.0,
            default_source="every reserved device works unless you know better",
            more=True,
            words=("idle nodes", "utilisation", "reserved"),
        ),
    ] = None
    running: Annotated[
        str | None,
        Shown(
            N_("Running hours"),
            N_("When the run computes; the rest of the time its devices are switched off or given back."),
            choices=(
                Choice("always", N_("round the clock")),
                Choice("nights", N_("nights")),
                Choice("sunny", N_("sunny hours")),
                Choice("windy", N_("windy months")),
            ),
            default="always",
            default_source="runs go on until they end",
            more=True,
            words=("night", "solar", "wind", "time of day", "season"),
        ),
    ] = None
    hours_share: Annotated[
        Number | None,
        Shown(
            N_("Share of the hours"),
            N_("Share of the time in which the run computes; it takes that much longer."),
            shown="%",
            low=0.0,
            high=1.0,
            above_low=True,
            logarithmic=False,
            computed=N_("from the running hours: nights and sunny hours 8 of 24, windy months 6 of 12"),
            more=True,
            words=("pause", "part-time"),
        ),
    ] = None
    hour_factor: Annotated[
        Number | None,
        Shown(
            N_("Carbon of these hours"),
            N_("Grid carbon in the hours of the day in which the run computes, over that of all hours."),
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=1.0,
            default_source="the average of all hours unless you type that of yours",
            more=True,
            words=("hourly", "marginal", "time of day"),
        ),
    ] = None
    season_factor: Annotated[
        Number | None,
        Shown(
            N_("Carbon of this season"),
            N_("Grid carbon in the months in which the run computes, over that of the year."),
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=1.0,
            default_source="the average of the year unless you type that of your months",
            more=True,
            words=("seasonal", "month", "winter", "summer"),
        ),
    ] = None
    price_factor: Annotated[
        Number | None,
        Shown(
            N_("Price of these hours"),
            N_("Price of electricity in the hours and months of the run, over that of the year."),
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=1.0,
            default_source="the average price unless you type that of your hours",
            more=True,
            words=("off-peak", "time of use"),
        ),
    ] = None
    contract_carbon: Annotated[
        Number | None,
        Shown(
            N_("Carbon of contracts"),
            N_("Emissions of the energy under contracts: power purchase agreements and certificates."),
            unit="kg/J",
            shown="g/kWh",
            low=0.0,
            high=3.0 / _KWH,
            default=0.0,
            default_source="GHG Protocol Scope 2 Guidance, chapter 6: wind, sun and water count as zero",
            more=True,
            words=("ppa", "rec", "guarantee of origin", "emission factor"),
        ),
    ] = None
    hourly_share: Annotated[
        Number | None,
        Shown(
            N_("Matched hourly"),
            N_("Share of the energy under contracts that is made in the same hour and on the same grid."),
            shown="%",
            low=0.0,
            high=1.0,
            logarithmic=False,
            default=0.0,
            default_source="none unless your contract shows it hour by hour",
            more=True,
            words=("24/7", "hourly matching", "cfe"),
        ),
    ] = None
    upstream_carbon: Annotated[
        Number | None,
        Shown(
            N_("Upstream carbon"),
            N_("Emissions of fuels before the power station and of losses in the grid (scope 3)."),
            unit="kg/J",
            shown="g/kWh",
            low=0.0,
            high=3.0 / _KWH,
            default=0.0,
            default_source="nothing apart: most grid figures of the catalogue are of the whole life cycle",
            more=True,
            words=("well-to-tank", "losses", "scope 3"),
        ),
    ] = None
    offsets: Annotated[
        Number | None,
        Shown(
            N_("Offsets"),
            N_("Emissions that you pay others to avoid or remove; a line of their own, never subtracted."),
            unit="kg",
            shown="tCO2e",
            low=0.0,
            high=1e12,
            default=0.0,
            default_source="none unless you buy them",
            more=True,
            words=("compensation", "credits"),
        ),
    ] = None
    embodied_low: Annotated[
        Number | None,
        Shown(
            N_("Embodied, lowest"),
            N_("Lowest published emissions of making one device, with its share of the server."),
            unit="kg",
            shown="kgCO2e",
            low=0.0,
            high=1e6,
            computed=N_("embodied carbon, where one figure is published"),
            more=True,
            words=("range", "manufacture"),
        ),
    ] = None
    embodied_high: Annotated[
        Number | None,
        Shown(
            N_("Embodied, highest"),
            N_("Highest published emissions of making one device, with its share of the server."),
            unit="kg",
            shown="kgCO2e",
            low=0.0,
            high=1e6,
            computed=N_("embodied carbon, where one figure is published"),
            more=True,
            words=("range", "manufacture"),
        ),
    ] = None
    life_use: Annotated[
        Number | None,
        Shown(
            N_("Life in use"),
            N_("Share of its life in which the hardware works for anybody; the rest is shared by use."),
            shown="%",
            low=0.0,
            high=1.0,
            above_low=True,
            logarithmic=False,
            default=1.0,
            default_source="ISO/IEC 21031 (SCI): time reserved over lifespan",
            more=True,
            words=("utilisation", "lifetime"),
        ),
    ] = None
    building_carbon: Annotated[
        Number | None,
        Shown(
            N_("Building"),
            N_("Emissions of building the data centre, for each watt of computers that it holds."),
            unit="kg/W",
            shown="kgCO2e/W",
            low=0.0,
            high=1e3,
            default=0.0,
            default_source="not counted unless typed: few operators publish it",
            more=True,
            words=("construction", "concrete", "facility"),
        ),
    ] = None
    building_life: Annotated[
        Number | None,
        Shown(
            N_("Building life"),
            N_("Years over which the making of the building is spread."),
            unit="s",
            shown="yr",
            low=86_400.0,
            high=1e10,
            default=20 * 31_557_600.0,
            default_source="a planning value: twenty years",
            more=True,
        ),
    ] = None
    embodied_water: Annotated[
        Number | None,
        Shown(
            N_("Water of making"),
            N_("Water consumed to make one device with its share of the server."),
            unit="L",
            shown="L",
            low=0.0,
            high=1e9,
            default=0.0,
            default_source="not counted unless typed: makers do not publish it by device",
            more=True,
            words=("manufacture", "chip", "scope 3"),
        ),
    ] = None
    functional_unit: Annotated[
        str | None,
        Shown(
            N_("Functional unit"),
            N_("What the software carbon intensity is counted for."),
            choices=(
                Choice("tokens", N_("million training tokens")),
                Choice("run", N_("the whole run")),
                Choice("parameters", N_("billion parameters")),
            ),
            default="tokens",
            default_source="the size of a training run; ISO/IEC 21031 leaves the unit open",
            more=True,
            words=("sci", "software carbon intensity"),
        ),
    ] = None
    functional_units: Annotated[
        Number | None,
        Shown(
            N_("Functional units"),
            N_("How many functional units the emissions are spread over, such as users or answers."),
            low=0.0,
            high=1e29,
            above_low=True,
            computed=N_("from the functional unit"),
            more=True,
            words=("sci", "software carbon intensity"),
        ),
    ] = None
