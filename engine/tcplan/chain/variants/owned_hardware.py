"""Hardware that is owned: its purchase spread over its life, its upkeep and its electricity."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Price of a device in its cluster"),
    source="arXiv:2405.21015: server overhead and interconnect",
    path="money.cluster_price",
)
def cluster_price(device_price: Numeric, server_factor: Numeric, interconnect_share: Numeric) -> Numeric:
    """Purchase price of one device with its share of server and network [USD].

    Parameters
    ----------
    device_price
        Price of the device alone [USD].
    server_factor
        Price of a server over that of its devices [1].
    interconnect_share
        Share of the network in the price of the cluster [1].
    """
    return device_price * server_factor / (1.0 - interconnect_share)


@quantity(
    "USD",
    N_("Purchase of the cluster"),
    source="arXiv:2405.21015: acquisition cost",
    path="money.acquisition",
)
def acquisition_cost(cluster_price: Numeric, devices: Numeric) -> Numeric:
    """Price of all devices with servers and network, not spread over their life [USD].

    Parameters
    ----------
    cluster_price
        Price of one device in its cluster [USD].
    devices
        Accelerators of the run [1].
    """
    return cluster_price * devices


@quantity(
    "s",
    N_("Device-hours to pay for"),
    source="definition: idle hours of the hardware are paid by the hours in which it works",
    path="money.paid_device_hours",
    shown="h",
)
def paid_device_time(device_time: Numeric, busy_share: Numeric) -> Numeric:
    """Device-time of the run with its share of the hours in which owned hardware waits [s].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    busy_share
        Share of its life in which the hardware works [1].
    """
    return device_time / busy_share


@quantity(
    "USD",
    N_("Hardware"),
    source="arXiv:2405.21015, spread evenly over the life",
    path="money.hardware",
)
def hardware_cost(cluster_price: Numeric, paid_device_time: Numeric, hardware_life: Numeric) -> Numeric:
    """Purchase price, by the share of the hardware's life that the run uses [USD].

    Parameters
    ----------
    cluster_price
        Price of one device in its cluster [USD].
    paid_device_time
        Device-time that the run pays for [s].
    hardware_life
        Life of a device [s].
    """
    return cluster_price * paid_device_time / hardware_life


@quantity(
    "USD",
    N_("Maintenance"),
    source="definition: yearly share of the price x device-hours to pay for",
    path="money.maintenance",
)
def maintenance_cost(cluster_price: Numeric, maintenance: Numeric, paid_device_time: Numeric) -> Numeric:
    """Maintenance and hosting of the hardware while the run pays for it [USD].

    Parameters
    ----------
    cluster_price
        Price of one device in its cluster [USD].
    maintenance
        Share of the price that a unit of time costs [1/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return cluster_price * maintenance * paid_device_time


@quantity(
    "USD",
    N_("Interest"),
    source="definition: even depreciation binds half of the price on average",
    path="money.interest",
)
def interest_cost(cluster_price: Numeric, interest: Numeric, paid_device_time: Numeric) -> Numeric:
    """Interest on the capital that the hardware binds [USD].

    Parameters
    ----------
    cluster_price
        Price of one device in its cluster [USD].
    interest
        Cost of capital [1/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return 0.5 * cluster_price * interest * paid_device_time


@quantity(
    "USD",
    N_("Compute"),
    source="arXiv:2405.21015: amortised hardware, with upkeep and interest",
    path="money.compute",
)
def compute_cost(hardware_cost: Numeric, maintenance_cost: Numeric, interest_cost: Numeric) -> Numeric:
    """Cost of owning the devices for the run, without electricity [USD].

    Parameters
    ----------
    hardware_cost, maintenance_cost, interest_cost
        Its three parts [USD].
    """
    return hardware_cost + maintenance_cost + interest_cost


@quantity(
    "USD",
    N_("Energy"),
    source="arXiv:2405.21015: energy x price",
    path="money.energy",
)
def energy_cost(facility_energy: Numeric, electricity_rate: Numeric) -> Numeric:
    """Electricity of the run [USD].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    electricity_rate
        Price of electricity in the hours of the run [USD/J].
    """
    return facility_energy * electricity_rate
