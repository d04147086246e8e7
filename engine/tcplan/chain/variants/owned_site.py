"""Accounts of owned hardware: its electricity is bought (scope 2), and it stays reserved in pauses."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_OWNER = "GHG Protocol Scope 2 Guidance, chapter 6: electricity that the owner of the machines buys"
_MADE = "GHG Protocol Scope 3, categories 2 and 3: capital goods, fuels and losses"


@quantity(
    "1",
    N_("Share of the hardware's life"),
    source="ISO/IEC 21031 (SCI): time reserved over lifespan, pauses included",
    path="carbon.life_share",
)
def life_share(
    device_time: Numeric, hours_share: Numeric, hardware_life: Numeric, life_use: Numeric
) -> Numeric:
    """Lives of a device that the run uses up, over all devices [1].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    hours_share
        Share of the time in which the run computes [1].
    hardware_life
        Life of a device [s].
    life_use
        Share of it in which the device works [1].
    """
    return device_time / hours_share / (hardware_life * life_use)


@quantity("kg", N_("Scope 2, location-based"), source=_OWNER, path="carbon.scope2_location", shown="kgCO2e")
def scope2_location(location_carbon: Numeric) -> Numeric:
    """Bought electricity by the average of the place [kg of CO2e].

    Parameters
    ----------
    location_carbon
        Emissions of the electricity by the average of the place [kg].
    """
    return location_carbon


@quantity("kg", N_("Scope 2, market-based"), source=_OWNER, path="carbon.scope2_market", shown="kgCO2e")
def scope2_market(market_carbon: Numeric) -> Numeric:
    """Bought electricity by contract [kg of CO2e].

    Parameters
    ----------
    market_carbon
        Emissions of the electricity by contract [kg].
    """
    return market_carbon


@quantity("kg", N_("Scope 3"), source=_MADE, path="carbon.scope3", shown="kgCO2e")
def scope3(embodied_emissions: Numeric, upstream_emissions: Numeric) -> Numeric:
    """Emissions of making the hardware, and of fuels and losses before the meter [kg of CO2e].

    Parameters
    ----------
    embodied_emissions, upstream_emissions
        Its two parts [kg].
    """
    return embodied_emissions + upstream_emissions


@quantity("kg", N_("Scope 3, market-based"), source=_MADE, path="carbon.scope3_market", shown="kgCO2e")
def scope3_market(embodied_emissions: Numeric, upstream_emissions: Numeric) -> Numeric:
    """Emissions as in scope 3, since the electricity is in scope 2 [kg of CO2e].

    Parameters
    ----------
    embodied_emissions, upstream_emissions
        Its two parts [kg].
    """
    return embodied_emissions + upstream_emissions
