"""The three costs of a training run that Epoch AI publishes: cloud, purchase, and amortised with energy."""

from tcplan.chain.elementwise import exp
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Cloud method"),
    source="arXiv:2405.21015: chip-hours x price of a three-year commitment",
    path="money.method_cloud",
)
def cloud_method(device_time: Numeric, committed_price: Numeric) -> Numeric:
    """Cost of the run at the price of a cloud that is taken for three years [USD].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    committed_price
        Rent of one device with a commitment of three years [USD/s].
    """
    return device_time * committed_price


@quantity(
    "USD",
    N_("Up-front method"),
    source="arXiv:2405.21015: chips x price with server and network",
    path="money.method_upfront",
)
def upfront_method(cluster_price: Numeric, devices: Numeric) -> Numeric:
    """Purchase of the whole cluster [USD].

    Parameters
    ----------
    cluster_price
        Price of one device with server and network [USD].
    devices
        Accelerators of the run [1].
    """
    return cluster_price * devices


@quantity(
    "USD",
    N_("Value at the start"),
    source="arXiv:2405.21015: the price falls with the price-performance of hardware",
    path="money.start_value",
)
def start_value(cluster_price: Numeric, progress: Numeric, hardware_age: Numeric) -> Numeric:
    """Worth of one device in its cluster when the run begins [USD].

    Parameters
    ----------
    cluster_price
        Price of one device with server and network [USD].
    progress
        How fast hardware gets better [1/s].
    hardware_age
        Time from the price to the start [s].
    """
    return cluster_price * exp(-progress * hardware_age)


@quantity(
    "USD",
    N_("Hardware, published method"),
    source="arXiv:2405.21015: value at the start x progress x chip-hours",
    path="money.method_hardware",
)
def method_hardware(start_value: Numeric, progress: Numeric, device_time: Numeric) -> Numeric:
    """Cost of hardware that wears out as fast as better hardware comes [USD].

    Parameters
    ----------
    start_value
        Worth of one device in its cluster when the run begins [USD].
    progress
        How fast hardware gets better [1/s].
    device_time
        Device-time of the run [s].
    """
    return start_value * progress * device_time


@quantity(
    "USD",
    N_("Energy, published method"),
    source="arXiv:2405.21015: server power x mean load x PUE x price of electricity",
    path="money.method_energy",
)
def method_energy(
    device_time: Numeric,
    server_power: Numeric,
    method_load: Numeric,
    pue: Numeric,
    electricity_price: Numeric,
) -> Numeric:
    """Electricity by the rule of the published method [USD].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    server_power
        Rated power of a device with its share of the server [W].
    method_load
        Mean power over it [1].
    pue
        Energy of the facility over that of its computers [1].
    electricity_price
        Price of electricity [USD/J].
    """
    return device_time * server_power * method_load * pue * electricity_price


@quantity(
    "USD",
    N_("Amortised method"),
    source="arXiv:2405.21015: amortised hardware and energy",
    path="money.method_amortised",
)
def amortised_method(method_hardware: Numeric, method_energy: Numeric) -> Numeric:
    """Cost of the run on hardware of one's own, by the published method [USD].

    Parameters
    ----------
    method_hardware, method_energy
        Its two parts [USD].
    """
    return method_hardware + method_energy
