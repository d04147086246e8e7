"""Emissions: of the electricity by place and by contract, and of making the hardware."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "kg",
    N_("Carbon, location-based"),
    source="GHG Protocol Scope 2 Guidance, chapter 6: grid average",
    path="carbon.location",
    shown="kgCO2e",
)
def location_carbon(facility_energy: Numeric, carbon_location: Numeric) -> Numeric:
    """Emissions of the electricity by the average of the place [kg of CO2e].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    carbon_location
        Average emissions of the grid [kg/J].
    """
    return facility_energy * carbon_location


@quantity(
    "kg",
    N_("Carbon, market-based"),
    source="GHG Protocol Scope 2 Guidance, chapter 6: contracts, residual mix for the rest",
    path="carbon.market",
    shown="kgCO2e",
)
def market_carbon(facility_energy: Numeric, contract_share: Numeric, carbon_market: Numeric) -> Numeric:
    """Emissions of the electricity by contract [kg of CO2e]; offsets are never subtracted.

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    contract_share
        Share under carbon-free contracts, counted as zero [1].
    carbon_market
        Emissions of the residual mix [kg/J].
    """
    return facility_energy * (1.0 - contract_share) * carbon_market


@quantity(
    "1",
    N_("Share of the hardware's life"),
    source="ISO/IEC 21031 (SCI): time reserved over lifespan",
    path="carbon.life_share",
)
def life_share(device_time: Numeric, hardware_life: Numeric) -> Numeric:
    """Lives of a device that the run uses up, over all devices [1].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    hardware_life
        Life of a device [s].
    """
    return device_time / hardware_life


@quantity(
    "kg",
    N_("Embodied carbon"),
    source="ISO/IEC 21031 (SCI); arXiv:2211.02001, section 4.1",
    path="carbon.embodied",
    shown="kgCO2e",
)
def embodied_emissions(life_share: Numeric, embodied_carbon: Numeric) -> Numeric:
    """Emissions of making the hardware, by the share of its life that the run uses [kg of CO2e].

    Parameters
    ----------
    life_share
        Lives of a device that the run uses up [1].
    embodied_carbon
        Emissions of making one device with its share of the server [kg].
    """
    return life_share * embodied_carbon


@quantity(
    "kg",
    N_("Carbon, all"),
    source="ISO/IEC 21031 (SCI): operation and making",
    path="carbon.total",
    shown="kgCO2e",
)
def total_carbon(location_carbon: Numeric, embodied_emissions: Numeric) -> Numeric:
    """Emissions of operation, location-based, and of making the hardware [kg of CO2e].

    Parameters
    ----------
    location_carbon, embodied_emissions
        Its two parts [kg].
    """
    return location_carbon + embodied_emissions
