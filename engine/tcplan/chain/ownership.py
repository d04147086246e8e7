"""What one owned device costs in a unit of time, part by part, and from which utilisation on it pays."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_NEVER = float("nan")


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
    N_("Storage of a device"),
    source="definition: stored data x price, over devices",
    path="money.store_price",
)
def device_store(store_price: Numeric, storage_size: Numeric, devices: Numeric) -> Numeric:
    """Purchase price of the storage, for each device [USD].

    Parameters
    ----------
    store_price
        Price of storage [USD/B].
    storage_size
        What is stored [B].
    devices
        Accelerators of the run [1].
    """
    return store_price * storage_size / devices


@quantity(
    "1/s",
    N_("Loss of value"),
    source="definition: even depreciation down to the resale value",
    path="money.depreciation",
    shown="%/yr",
)
def depreciation(resale_share: Numeric, hardware_life: Numeric) -> Numeric:
    """Share of its price that hardware loses in a unit of time [1/s].

    Parameters
    ----------
    resale_share
        What it sells for in the end, over its price [1].
    hardware_life
        Its life [s].
    """
    return (1.0 - resale_share) / hardware_life


@quantity(
    "USD/s",
    N_("Place of a device"),
    source="definition: rated power x (colocation + construction over the life of the building)",
    path="money.place_rate",
    shown="$/h",
)
def place_rate(
    server_power: Numeric,
    network_share: Numeric,
    colocation: Numeric,
    facility_price: Numeric,
    facility_life: Numeric,
) -> Numeric:
    """Colocation or building for one device, with its network and storage [USD/s].

    Parameters
    ----------
    server_power
        Rated power of a device with its share of the server [W].
    network_share
        Power of network and storage over that of servers [1].
    colocation
        Rent of a place [USD/W/s].
    facility_price
        Price of building a place [USD/W].
    facility_life
        Life of the building [s].
    """
    return server_power * (1.0 + network_share) * (colocation + facility_price / facility_life)


@quantity(
    "USD/s",
    N_("Capital of a device"),
    source="definition: even depreciation binds the middle of first price and resale value on average",
    path="money.capital_rate",
    shown="$/h",
)
def capital_rate(
    cluster_price: Numeric,
    device_store: Numeric,
    resale_share: Numeric,
    server_power: Numeric,
    network_share: Numeric,
    facility_price: Numeric,
    interest: Numeric,
) -> Numeric:
    """Interest on what one device binds: itself, its storage and its building [USD/s].

    Parameters
    ----------
    cluster_price, device_store
        Price of a device with server and network, and of its storage [USD].
    resale_share
        What hardware sells for in the end, over its price; a building for nothing [1].
    server_power
        Rated power of a device with its share of the server [W].
    network_share
        Power of network and storage over that of servers [1].
    facility_price
        Price of building a place [USD/W].
    interest
        Cost of capital [1/s].
    """
    hardware = (cluster_price + device_store) * (1.0 + resale_share)
    building = server_power * (1.0 + network_share) * facility_price
    return 0.5 * (hardware + building) * interest


@quantity(
    "USD/s",
    N_("Cost of an owned device"),
    source="definition: depreciation, place, capital, maintenance and operators",
    path="money.standing_rate",
    shown="$/h",
)
def standing_rate(
    cluster_price: Numeric,
    device_store: Numeric,
    depreciation: Numeric,
    maintenance: Numeric,
    place_rate: Numeric,
    capital_rate: Numeric,
    operators: Numeric,
    operator_pay: Numeric,
    devices: Numeric,
) -> Numeric:
    """Cost of one owned device while it is there, busy or not [USD/s].

    Parameters
    ----------
    cluster_price, device_store
        Price of a device with server and network, and of its storage [USD].
    depreciation, maintenance
        Shares of it that are lost and that upkeep takes [1/s].
    place_rate, capital_rate
        Place and interest [USD/s].
    operators
        People who keep the cluster running [1].
    operator_pay
        Cost of one of them [USD/s].
    devices
        Accelerators of the run [1].
    """
    hardware = (cluster_price + device_store) * depreciation + cluster_price * maintenance
    return hardware + place_rate + capital_rate + operators * operator_pay / devices


@quantity(
    "1",
    N_("Break-even utilisation"),
    source="definition: standing cost over utilisation, plus energy, equals the rent",
    path="money.break_even",
    shown="%",
)
def break_even(
    standing_rate: Numeric,
    rent_alternative: Numeric,
    facility_energy: Numeric,
    electricity_rate: Numeric,
    device_time: Numeric,
    availability: Numeric,
) -> Numeric:
    """Utilisation of owned hardware at which owning costs what renting costs [1].

    NaN where owning never wins: not even hardware that always works costs less than the rent.

    Parameters
    ----------
    standing_rate
        Cost of one owned device, busy or not [USD/s].
    rent_alternative
        The final run, rented [USD].
    facility_energy
        Energy at the meter [J].
    electricity_rate
        Price of electricity [USD/J].
    device_time
        Device-time of the run [s].
    availability
        Share of the time in which hardware can be used [1].
    """
    left = rent_alternative - facility_energy * electricity_rate
    always_busy = standing_rate * device_time / availability
    return where(left >= always_busy, always_busy / left, _NEVER * left / left)
