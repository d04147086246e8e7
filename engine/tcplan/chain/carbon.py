"""Emissions: of the electricity by place, by contract and by the hour, of making the hardware, by scope."""

from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_MILLION = 1e6
_BILLION = 1e9


@quantity(
    "kg",
    N_("Carbon, location-based"),
    source="GHG Protocol Scope 2 Guidance, chapter 6: grid average, of the hours of the run where known",
    path="carbon.location",
    shown="kgCO2e",
)
def location_carbon(
    facility_energy: Numeric, carbon_location: Numeric, hour_factor: Numeric, season_factor: Numeric
) -> Numeric:
    """Emissions of the electricity by the average of the place [kg of CO2e].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    carbon_location
        Average emissions of the grid [kg/J].
    hour_factor, season_factor
        Those of the run's hours of the day, and months, over the average [1].
    """
    return facility_energy * carbon_location * hour_factor * season_factor


@quantity(
    "kg",
    N_("Carbon of the accelerators"),
    source="arXiv:2302.13971, table 15; arXiv:2211.02001: power of the devices alone x PUE, as papers count",
    path="carbon.devices",
    shown="kgCO2e",
)
def device_carbon(
    metered_device_energy: Numeric, carbon_location: Numeric, hour_factor: Numeric, season_factor: Numeric
) -> Numeric:
    """Emissions of the accelerators' electricity alone: what most publications state [kg of CO2e].

    Parameters
    ----------
    metered_device_energy
        Energy of the accelerators with their share of cooling [J].
    carbon_location
        Average emissions of the grid [kg/J].
    hour_factor, season_factor
        Those of the run's hours of the day, and months, over the average [1].
    """
    return metered_device_energy * carbon_location * hour_factor * season_factor


@quantity(
    "kg",
    N_("Carbon, market-based"),
    source="GHG Protocol Scope 2 Guidance, chapter 6: contracts, residual mix for the rest",
    path="carbon.market",
    shown="kgCO2e",
)
def market_carbon(
    facility_energy: Numeric, contract_share: Numeric, contract_carbon: Numeric, carbon_market: Numeric
) -> Numeric:
    """Emissions of the electricity by contract [kg of CO2e]; offsets are never subtracted.

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    contract_share
        Share under contracts [1].
    contract_carbon, carbon_market
        Emissions of the energy under contracts, and of the residual mix [kg/J].
    """
    return facility_energy * (contract_share * contract_carbon + (1.0 - contract_share) * carbon_market)


@quantity(
    "kg",
    N_("Carbon, matched hourly"),
    source="EnergyTag Granular Certificate Scheme Standard; GHG Protocol Scope 2 revision, 2025: a contract "
    "counts where it delivers in the same hour",
    path="carbon.hourly",
    shown="kgCO2e",
)
def hourly_carbon(
    facility_energy: Numeric,
    contract_share: Numeric,
    hourly_share: Numeric,
    contract_carbon: Numeric,
    carbon_market: Numeric,
) -> Numeric:
    """Emissions by contract where only energy made in the same hour counts [kg of CO2e].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    contract_share, hourly_share
        Share under contracts, and what part of it is matched hour by hour [1].
    contract_carbon, carbon_market
        Emissions of the energy under contracts, and of the residual mix [kg/J].
    """
    matched = contract_share * hourly_share
    return facility_energy * (matched * contract_carbon + (1.0 - matched) * carbon_market)


@quantity(
    "kg",
    N_("Carbon, fuels and losses"),
    source="GHG Protocol Scope 3, category 3: fuel- and energy-related activities",
    path="carbon.upstream",
    shown="kgCO2e",
)
def upstream_emissions(facility_energy: Numeric, upstream_carbon: Numeric) -> Numeric:
    """Emissions of fuels before the power station and of losses in the grid [kg of CO2e].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    upstream_carbon
        What the grid's figure leaves out [kg/J].
    """
    return facility_energy * upstream_carbon


@quantity(
    "1",
    N_("Share of the hardware's life"),
    source="ISO/IEC 21031 (SCI): time reserved over lifespan; arXiv:2211.02001, section 4.1: life in use",
    path="carbon.life_share",
)
def life_share(device_time: Numeric, hardware_life: Numeric, life_use: Numeric) -> Numeric:
    """Lives of a device that the run uses up, over all devices [1].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    hardware_life
        Life of a device [s].
    life_use
        Share of it in which the device works [1].
    """
    return device_time / (hardware_life * life_use)


@quantity(
    "kg",
    N_("Embodied carbon of the building"),
    source="ISO/IEC 21031 (SCI): share of time and of resources",
    path="carbon.building",
    shown="kgCO2e",
)
def building_emissions(
    building_carbon: Numeric, rated_power: Numeric, device_time: Numeric, building_life: Numeric
) -> Numeric:
    """Emissions of building the data centre, by the power and the time that the run has in it [kg of CO2e].

    Parameters
    ----------
    building_carbon
        Emissions for each watt of computers that the building holds [kg/W].
    rated_power
        Rated power of one device with its server share [W].
    device_time
        Device-time of the run [s].
    building_life
        Life of the building [s].
    """
    return building_carbon * rated_power * device_time / building_life


@quantity(
    "kg",
    N_("Embodied carbon"),
    source="ISO/IEC 21031 (SCI); arXiv:2211.02001, section 4.1",
    path="carbon.embodied",
    shown="kgCO2e",
)
def embodied_emissions(life_share: Numeric, embodied_carbon: Numeric, building_emissions: Numeric) -> Numeric:
    """Emissions of making hardware and building, by the share of their life that the run uses [kg of CO2e].

    Parameters
    ----------
    life_share
        Lives of a device that the run uses up [1].
    embodied_carbon
        Emissions of making one device with its share of the server [kg].
    building_emissions
        Share of the building [kg].
    """
    return life_share * embodied_carbon + building_emissions


@quantity(
    "kg",
    N_("Embodied carbon, lowest"),
    source="ISO/IEC 21031 (SCI), with the lowest figure published",
    path="carbon.embodied_low",
    shown="kgCO2e",
)
def least_embodied(
    life_share: Numeric, embodied_low: Numeric, embodied_carbon: Numeric, building_emissions: Numeric
) -> Numeric:
    """Emissions of making hardware and building by the lowest published figure [kg of CO2e].

    Parameters
    ----------
    life_share
        Lives of a device that the run uses up [1].
    embodied_low, embodied_carbon
        Lowest and central emissions of making one device [kg].
    building_emissions
        Share of the building [kg].
    """
    return life_share * minimum(embodied_low, embodied_carbon) + building_emissions


@quantity(
    "kg",
    N_("Embodied carbon, highest"),
    source="ISO/IEC 21031 (SCI), with the highest figure published",
    path="carbon.embodied_high",
    shown="kgCO2e",
)
def most_embodied(
    life_share: Numeric, embodied_high: Numeric, embodied_carbon: Numeric, building_emissions: Numeric
) -> Numeric:
    """Emissions of making hardware and building by the highest published figure [kg of CO2e].

    Parameters
    ----------
    life_share
        Lives of a device that the run uses up [1].
    embodied_high, embodied_carbon
        Highest and central emissions of making one device [kg].
    building_emissions
        Share of the building [kg].
    """
    return life_share * maximum(embodied_high, embodied_carbon) + building_emissions


@quantity(
    "kg",
    N_("Carbon, all"),
    source="ISO/IEC 21031 (SCI): operation and making; fuels and losses where they are apart",
    path="carbon.total",
    shown="kgCO2e",
)
def total_carbon(
    location_carbon: Numeric, embodied_emissions: Numeric, upstream_emissions: Numeric
) -> Numeric:
    """Emissions of operation, location-based, and of making the hardware [kg of CO2e].

    Parameters
    ----------
    location_carbon, embodied_emissions, upstream_emissions
        Its parts [kg].
    """
    return location_carbon + embodied_emissions + upstream_emissions


@quantity(
    "kg",
    N_("Offsets, never subtracted"),
    source="as typed; ISO/IEC 21031 (SCI): offsets do not lower the figure",
    path="carbon.offsets",
    shown="kgCO2e",
)
def bought_offsets(offsets: Numeric) -> Numeric:
    """Emissions that others are paid to avoid or remove; part of no total [kg of CO2e].

    Parameters
    ----------
    offsets
        The same, from the plan [kg].
    """
    return offsets


@quantity(
    "1",
    N_("Functional units"),
    source="ISO/IEC 21031 (SCI): functional unit R",
    path="site.functional_units",
    symbol="R",
)
def functional_units(functional_unit: Numeric, run_tokens: Numeric, parameters: Numeric) -> Numeric:
    """Functional units that the emissions are spread over [1].

    Parameters
    ----------
    functional_unit
        0 million training tokens, 1 the run, 2 billion parameters.
    run_tokens, parameters
        Training tokens of the run, and parameters of the model [1].
    """
    run_or_size = where(functional_unit == 1.0, 1.0, parameters / _BILLION)
    return where(functional_unit == 0.0, run_tokens / _MILLION, run_or_size)


@quantity(
    "kg",
    N_("Software carbon intensity"),
    source="ISO/IEC 21031 (SCI): ((E x I) + M) per R, location-based",
    path="carbon.sci",
    symbol="SCI",
    shown="kgCO2e",
)
def software_carbon_intensity(
    location_carbon: Numeric, embodied_emissions: Numeric, functional_units: Numeric
) -> Numeric:
    """Emissions of operation and making for each functional unit [kg of CO2e].

    Parameters
    ----------
    location_carbon, embodied_emissions
        E x I and M [kg].
    functional_units
        R [1].
    """
    return (location_carbon + embodied_emissions) / functional_units


_CUSTOMER = "GHG Protocol Scope 3, category 1: what a customer rents is all scope 3"


@quantity(
    "kg", N_("Scope 2, location-based"), source=_CUSTOMER, path="carbon.scope2_location", shown="kgCO2e"
)
def scope2_location() -> Numeric:
    """Bought electricity, location-based: none, the provider buys it [kg of CO2e]."""
    return 0.0


@quantity("kg", N_("Scope 2, market-based"), source=_CUSTOMER, path="carbon.scope2_market", shown="kgCO2e")
def scope2_market() -> Numeric:
    """Bought electricity, market-based: none, the provider buys it [kg of CO2e]."""
    return 0.0


@quantity("kg", N_("Scope 3"), source=_CUSTOMER, path="carbon.scope3", shown="kgCO2e")
def scope3(total_carbon: Numeric) -> Numeric:
    """Everything, since others own the machines: electricity, fuels and losses, making [kg of CO2e].

    Parameters
    ----------
    total_carbon
        Emissions of operation, location-based, and of making [kg].
    """
    return total_carbon


@quantity("kg", N_("Scope 3, market-based"), source=_CUSTOMER, path="carbon.scope3_market", shown="kgCO2e")
def scope3_market(
    market_carbon: Numeric, embodied_emissions: Numeric, upstream_emissions: Numeric
) -> Numeric:
    """Everything with the electricity by contract, since others own the machines [kg of CO2e].

    Parameters
    ----------
    market_carbon, embodied_emissions, upstream_emissions
        Its parts [kg].
    """
    return market_carbon + embodied_emissions + upstream_emissions
