"""Hardware that is owned: its purchase spread over its life, its place, its upkeep and its people."""

from tcplan.chain.elementwise import maximum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Purchase"),
    source="arXiv:2405.21015: acquisition cost; with storage and building where they are bought",
    path="money.acquisition",
)
def acquisition_cost(
    cluster_price: Numeric,
    device_store: Numeric,
    devices: Numeric,
    server_power: Numeric,
    network_share: Numeric,
    facility_price: Numeric,
) -> Numeric:
    """Price of all devices with servers, network, storage and building, not spread over their life [USD].

    Parameters
    ----------
    cluster_price, device_store
        Price of one device with server and network, and of its storage [USD].
    devices
        Accelerators of the run [1].
    server_power
        Rated power of a device with its share of the server [W].
    network_share
        Power of network and storage over that of servers [1].
    facility_price
        Price of building a place [USD/W].
    """
    building = server_power * (1.0 + network_share) * facility_price
    return (cluster_price + device_store + building) * devices


@quantity(
    "s",
    N_("Device-hours to pay for"),
    source="definition: idle hours and outages are paid by the hours in which the hardware works",
    path="money.paid_device_hours",
    shown="h",
)
def paid_device_time(device_time: Numeric, availability: Numeric, busy_share: Numeric) -> Numeric:
    """Device-time of the run with its share of the hours in which owned hardware waits [s].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    availability
        Share of the time in which the hardware can be used [1].
    busy_share
        Share of its life in which the hardware works [1].
    """
    return device_time / availability / busy_share


@quantity(
    "USD",
    N_("Devices"),
    source="arXiv:2405.21015, spread evenly over the life",
    path="money.devices",
)
def devices_cost(device_price: Numeric, depreciation: Numeric, paid_device_time: Numeric) -> Numeric:
    """Loss of value of the devices alone [USD].

    Parameters
    ----------
    device_price
        Price of a device [USD].
    depreciation
        Share of the price that is lost in a unit of time [1/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return device_price * depreciation * paid_device_time


@quantity(
    "USD",
    N_("Servers"),
    source="arXiv:2405.21015: server overhead, spread evenly over the life",
    path="money.servers",
)
def servers_cost(devices_cost: Numeric, server_factor: Numeric) -> Numeric:
    """Loss of value of the servers around the devices [USD].

    Parameters
    ----------
    devices_cost
        What the devices lose [USD].
    server_factor
        Price of a server over that of its devices [1].
    """
    return devices_cost * (server_factor - 1.0)


@quantity(
    "USD",
    N_("Network"),
    source="arXiv:2405.21015: interconnect, spread evenly over the life",
    path="money.network",
)
def interconnect_cost(devices_cost: Numeric, servers_cost: Numeric, interconnect_share: Numeric) -> Numeric:
    """Loss of value of the network between servers [USD].

    Parameters
    ----------
    devices_cost, servers_cost
        What devices and servers lose [USD].
    interconnect_share
        Share of the network in the price of the cluster [1].
    """
    return (devices_cost + servers_cost) * interconnect_share / (1.0 - interconnect_share)


@quantity(
    "USD",
    N_("Own storage"),
    source="definition: purchase, spread evenly over the life",
    path="money.own_storage",
)
def store_cost(device_store: Numeric, depreciation: Numeric, paid_device_time: Numeric) -> Numeric:
    """Loss of value of the storage [USD].

    Parameters
    ----------
    device_store
        Price of the storage of one device [USD].
    depreciation
        Share of the price that is lost in a unit of time [1/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return device_store * depreciation * paid_device_time


@quantity(
    "USD",
    N_("Hardware"),
    source="definition: devices, servers, network and storage",
    path="money.hardware",
)
def hardware_cost(
    devices_cost: Numeric, servers_cost: Numeric, interconnect_cost: Numeric, store_cost: Numeric
) -> Numeric:
    """Purchase price, by the share of the hardware's life that the run uses [USD].

    Parameters
    ----------
    devices_cost, servers_cost, interconnect_cost, store_cost
        Its parts [USD].
    """
    return devices_cost + servers_cost + interconnect_cost + store_cost


@quantity(
    "USD",
    N_("Facility"),
    source="definition: place of a device x device-hours to pay for",
    path="money.facility",
)
def facility_cost(place_rate: Numeric, paid_device_time: Numeric) -> Numeric:
    """Colocation or building while the run pays for it [USD].

    Parameters
    ----------
    place_rate
        Place of one device [USD/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return place_rate * paid_device_time


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
    N_("Operators"),
    source="definition: people x pay x time for which the cluster is paid",
    path="money.operators",
)
def operator_cost(
    operators: Numeric, operator_pay: Numeric, devices: Numeric, paid_device_time: Numeric
) -> Numeric:
    """People who keep the hardware running, while the run pays for it [USD].

    Parameters
    ----------
    operators
        How many for the whole cluster [1].
    operator_pay
        Cost of one of them [USD/s].
    devices
        Accelerators of the cluster [1].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return operators * operator_pay * paid_device_time / devices


@quantity(
    "USD",
    N_("Interest"),
    source="definition: capital of a device x device-hours to pay for",
    path="money.interest",
)
def interest_cost(capital_rate: Numeric, paid_device_time: Numeric) -> Numeric:
    """Interest on the capital that hardware and building bind [USD].

    Parameters
    ----------
    capital_rate
        Interest on one device [USD/s].
    paid_device_time
        Device-time that the run pays for [s].
    """
    return capital_rate * paid_device_time


@quantity(
    "USD",
    N_("Compute"),
    source="arXiv:2405.21015: amortised hardware, with its place, upkeep, people and interest",
    path="money.compute",
)
def compute_cost(
    hardware_cost: Numeric,
    facility_cost: Numeric,
    maintenance_cost: Numeric,
    operator_cost: Numeric,
    interest_cost: Numeric,
) -> Numeric:
    """Cost of owning the devices for the run, without electricity [USD].

    Parameters
    ----------
    hardware_cost, facility_cost, maintenance_cost, operator_cost, interest_cost
        Its parts [USD].
    """
    return hardware_cost + facility_cost + maintenance_cost + operator_cost + interest_cost


@quantity(
    "USD",
    N_("If rented"),
    source="definition: compute and support as the rent has them",
    path="money.rent_alternative",
)
def rent_alternative(
    device_time: Numeric,
    availability: Numeric,
    minimum: Numeric,
    term: Numeric,
    devices: Numeric,
    spares: Numeric,
    price: Numeric,
    price_share: Numeric,
    support_share: Numeric,
) -> Numeric:
    """Cost of the final run on rented hardware, to set beside owning it [USD].

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
    price
        Rent of one device, as published or quoted [USD/s].
    price_share
        Share of it that is paid [1].
    support_share
        Support, as a share of the compute [1].
    """
    paid = maximum(maximum(device_time / availability, minimum), term * (devices + spares))
    return paid * price * price_share * (1.0 + support_share)
