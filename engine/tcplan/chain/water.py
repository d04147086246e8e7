"""Water: evaporated at the site, consumed where the electricity is made, and to make the hardware."""

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


@quantity(
    "L",
    N_("Water of making"),
    source="arXiv:2304.03271 (scope 3): share of the hardware's life",
    path="water.manufacture",
)
def made_water(life_share: Numeric, embodied_water: Numeric) -> Numeric:
    """Water consumed to make the hardware, by the share of its life that the run uses [L].

    Parameters
    ----------
    life_share
        Lives of a device that the run uses up [1].
    embodied_water
        Water to make one device with its share of the server [L].
    """
    return life_share * embodied_water


@quantity("L", N_("Water"), source="arXiv:2304.03271", path="water.total")
def total_water(site_water: Numeric, grid_water_use: Numeric, made_water: Numeric) -> Numeric:
    """Water of site, grid and making together [L].

    Parameters
    ----------
    site_water, grid_water_use, made_water
        Its parts [L].
    """
    return site_water + grid_water_use + made_water
