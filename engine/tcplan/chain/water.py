"""Water: evaporated at the site, and consumed where the electricity is made."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("L", N_("Site water"), source="arXiv:2304.03271 (scope 1)", path="water.site")
def site_water(it_energy: Numeric, wue: Numeric) -> Numeric:
    """Water evaporated on site [L].

    Parameters
    ----------
    it_energy
        IT energy [J].
    wue
        Water usage effectiveness [L/J].
    """
    return it_energy * wue


@quantity("L", N_("Grid water"), source="arXiv:2304.03271 (scope 2)", path="water.grid")
def grid_water_use(facility_energy: Numeric, grid_water: Numeric) -> Numeric:
    """Water consumed by the power stations [L].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    grid_water
        Water consumed for each unit of electricity [L/J].
    """
    return facility_energy * grid_water


@quantity("L", N_("Water"), source="arXiv:2304.03271", path="water.total")
def total_water(site_water: Numeric, grid_water_use: Numeric) -> Numeric:
    """Water of site and grid together [L].

    Parameters
    ----------
    site_water, grid_water_use
        Its two parts [L].
    """
    return site_water + grid_water_use
