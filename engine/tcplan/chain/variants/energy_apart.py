"""Hardware that is rented without its electricity."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Energy"),
    source="arXiv:2405.21015: energy x price",
    path="money.energy",
)
def energy_cost(facility_energy: Numeric, electricity_rate: Numeric) -> Numeric:
    """Electricity of the run, billed beside the rent or paid by the owner [USD].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    electricity_rate
        Price of electricity [USD/J].
    """
    return facility_energy * electricity_rate
