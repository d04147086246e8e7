"""What the compute of the final run costs when it is rented; `variants/owned_hardware.py` is its twin."""

from tcplan.chain.elementwise import exp, maximum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "1",
    N_("Price left"),
    source="definition: what the discount leaves, and what prices keep until the start",
    path="money.price_share",
    shown="%",
)
def price_share(discount: Numeric, price_decline: Numeric, price_gap: Numeric) -> Numeric:
    """Share of the published or quoted price that is paid [1].

    Parameters
    ----------
    discount
        What was negotiated off it [1].
    price_decline
        How fast rents fall [1/s].
    price_gap
        Time from the date of the price to the start [s].
    """
    return (1.0 - discount) * exp(-price_decline * price_gap)


@quantity(
    "s",
    N_("Device-hours to pay for"),
    source="definition: the run on the clock of the contract, at least the minimum and the term",
    path="money.paid_device_hours",
    shown="h",
)
def paid_device_time(
    device_time: Numeric,
    availability: Numeric,
    minimum: Numeric,
    term: Numeric,
    devices: Numeric,
    spares: Numeric,
) -> Numeric:
    """Device-time that the contract bills: outages are paid, and so is what was committed and not used [s].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    availability
        Share of the paid time in which devices can be used [1].
    minimum
        Device-time that is paid at least [s].
    term
        How long the whole cluster is paid for at least [s].
    devices, spares
        Accelerators that work, and those that stand by [1].
    """
    return maximum(maximum(device_time / availability, minimum), term * (devices + spares))


@quantity(
    "USD",
    N_("Compute"),
    source="arXiv:2405.21015: chip-hours x price",
    path="money.compute",
)
def compute_cost(paid_device_time: Numeric, price: Numeric, price_share: Numeric) -> Numeric:
    """Rent of the devices over the run [USD].

    Parameters
    ----------
    paid_device_time
        Device-time to pay for [s].
    price
        Rent of one device, as published or quoted [USD/s].
    price_share
        Share of it that is paid [1].
    """
    return paid_device_time * price * price_share


@quantity("USD", N_("Energy"), source="the rent includes electricity", path="money.energy")
def energy_cost() -> Numeric:
    """Electricity apart from the rent: none, the rent includes it [USD]."""
    return 0.0


@quantity(
    "USD",
    N_("If rented"),
    source="definition: compute, energy and support as the rent has them",
    path="money.rent_alternative",
)
def rent_alternative(compute_cost: Numeric, energy_cost: Numeric, support_cost: Numeric) -> Numeric:
    """Cost of the final run on rented hardware, to set beside owning it [USD].

    Parameters
    ----------
    compute_cost, energy_cost, support_cost
        Its parts [USD].
    """
    return compute_cost + energy_cost + support_cost


@quantity(
    "USD",
    N_("If owned"),
    source="definition: what owned hardware costs by the hour, idle hours included, and its electricity",
    path="money.own_alternative",
)
def own_alternative(
    standing_rate: Numeric,
    device_time: Numeric,
    availability: Numeric,
    busy_share: Numeric,
    facility_energy: Numeric,
    electricity_rate: Numeric,
) -> Numeric:
    """Cost of the final run on owned hardware, to set beside renting it [USD].

    Parameters
    ----------
    standing_rate
        Cost of one owned device, busy or not [USD/s].
    device_time
        Device-time of the run [s].
    availability, busy_share
        Share of the time in which hardware can be used, and share of its life in which it works [1].
    facility_energy
        Energy at the meter [J].
    electricity_rate
        Price of electricity [USD/J].
    """
    paid = device_time / availability / busy_share
    return standing_rate * paid + facility_energy * electricity_rate
