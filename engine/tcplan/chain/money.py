"""What the compute of the final run costs when it is rented; `variants/owned_hardware.py` is its twin."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Compute"),
    source="arXiv:2405.21015: chip-hours x price",
    path="money.compute",
)
def compute_cost(device_time: Numeric, price: Numeric) -> Numeric:
    """Rent of the devices over the run [USD].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    price
        Rent of one device [USD/s].
    """
    return device_time * price


@quantity("USD", N_("Energy"), source="the rent includes electricity", path="money.energy")
def energy_cost() -> Numeric:
    """Electricity apart from the rent: none, the rent includes it [USD]."""
    return 0.0
