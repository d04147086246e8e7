"""Power and energy, from the accelerators to the meter of the facility."""

from tcplan.chain.elementwise import clip, maximum, minimum, sqrt
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "1",
    N_("Power activity"),
    source="square root through two measured means: arXiv:2104.10350, table 4 (V100, 330 W at 20 % of peak) "
    "and arXiv:2405.21015 (75 % of server power at about 40 %)",
    path="energy.activity",
    symbol="u",
)
def power_activity(hfu: Numeric) -> Numeric:
    """Where the power of a device lies between idle (0) and rated (1) [1].

    Power rises faster than the share of peak: while the matrix units wait, memory and links work. The square
    root gives the measured means of both sources with an idle share of 0.3.

    Parameters
    ----------
    hfu
        Share of peak that the device computes, recomputation included [1].
    """
    return sqrt(clip(hfu, 0.0, 1.0))


@quantity("W", N_("Power cap"), source="definition: none unless typed", path="hardware.power_cap")
def power_cap(device_power: Numeric) -> Numeric:
    """Power that one device may draw [W].

    Parameters
    ----------
    device_power
        Rated power of the device alone [W].
    """
    return device_power


@quantity(
    "1",
    N_("Clock under the cap"),
    source="arXiv:2205.09646, power caps of training; planning value: rate as power to two thirds",
    path="hardware.clock",
)
def clock(power_cap: Numeric, device_power: Numeric) -> Numeric:
    """Share of its rated clock at which a device computes under a power cap [1].

    Parameters
    ----------
    power_cap, device_power
        Power that the device may draw, and its rated power [W].
    """
    return minimum(power_cap / device_power, 1.0) ** (2.0 / 3.0)


@quantity(
    "W",
    N_("Rated power"),
    source="the server's rated power for each device, at least the device's own, less what the cap withholds",
    path="energy.rated_power",
)
def rated_power(server_power: Numeric, device_power: Numeric, power_cap: Numeric) -> Numeric:
    """Rated power of one device with its share of the server [W].

    Parameters
    ----------
    server_power
        Rated power of the server for each device [W].
    device_power, power_cap
        Rated power of the device alone, and what it may draw [W].
    """
    return maximum(server_power, device_power) - maximum(device_power - power_cap, 0.0 * device_power)


@quantity(
    "W",
    N_("Idle power of a device"),
    source="definition: share of the rated power",
    path="energy.idle_power",
)
def idle_power(rated_power: Numeric, idle_share: Numeric) -> Numeric:
    """Power of one device that waits, with its share of the server [W].

    Parameters
    ----------
    rated_power
        Rated power of device and server share [W].
    idle_share
        Idle power over rated power [1].
    """
    return rated_power * idle_share


@quantity(
    "W",
    N_("Power at work"),
    source="arXiv:2104.10350: from idle to rated power by activity; a metered power stands in for it",
    path="site.mean_power",
)
def mean_power(idle_power: Numeric, rated_power: Numeric, power_activity: Numeric) -> Numeric:
    """Mean power of one device at work with its share of the server, switches and storage apart [W].

    Parameters
    ----------
    idle_power, rated_power
        Power of device and server share without work, and at most [W].
    power_activity
        Where the power lies between idle and rated [1].
    """
    return idle_power + (rated_power - idle_power) * power_activity


@quantity(
    "W",
    N_("Mean device power"),
    source="arXiv:2104.10350: measured average power of a processor with its server; spares stand by idle",
    path="energy.mean_device_power",
    symbol="P",
)
def mean_device_power(mean_power: Numeric, idle_power: Numeric, devices: Numeric, spares: Numeric) -> Numeric:
    """Mean power of the devices that the run holds, at work or standing by [W].

    Parameters
    ----------
    mean_power, idle_power
        Power of one device at work, and of one that stands by [W].
    devices, spares
        Accelerators that work, and those that stand by [1].
    """
    return (mean_power * devices + idle_power * spares) / (devices + spares)


@quantity(
    "J",
    N_("Computers"),
    source="arXiv:2104.10350: time x processors x average power",
    path="energy.computers",
    shown="kWh",
)
def computer_energy(device_time: Numeric, mean_device_power: Numeric) -> Numeric:
    """Energy of accelerators and their servers over the run [J].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    mean_device_power
        Mean power of one device with its server share [W].
    """
    return device_time * mean_device_power


@quantity(
    "J",
    N_("Accelerators"),
    source="the devices' share of the rated power",
    path="energy.devices",
    shown="kWh",
)
def device_energy(
    computer_energy: Numeric, device_power: Numeric, power_cap: Numeric, rated_power: Numeric
) -> Numeric:
    """Energy of the accelerators alone [J]; the server is assumed to follow their load.

    Parameters
    ----------
    computer_energy
        Energy of accelerators and servers [J].
    device_power, power_cap, rated_power
        Rated power of the device alone and with its server share [W].
    """
    return computer_energy * minimum(device_power, power_cap) / rated_power


@quantity(
    "J",
    N_("Servers"),
    source="definition: computers without their accelerators",
    path="energy.servers",
    shown="kWh",
)
def server_energy(computer_energy: Numeric, device_energy: Numeric) -> Numeric:
    """Energy of processors, memory and fans of the servers [J].

    Parameters
    ----------
    computer_energy, device_energy
        Energy of the computers and of their accelerators [J].
    """
    return computer_energy - device_energy


@quantity(
    "J",
    N_("Idle devices"),
    source="GHG Protocol Scope 3, chapter 8: allocation by use; arXiv:2211.02001, section 4.3",
    path="energy.idle",
    shown="kWh",
)
def idle_energy(device_time: Numeric, cluster_use: Numeric, idle_power: Numeric) -> Numeric:
    """Energy of reserved devices that wait, by this run's part of those that work [J].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    cluster_use
        Share of the reserved devices that work [1].
    idle_power
        Power of one that waits [W].
    """
    return device_time * (1.0 / cluster_use - 1.0) * idle_power


@quantity(
    "J",
    N_("Common to the cluster"),
    source="GHG Protocol Scope 3, chapter 8: allocation by share",
    path="energy.common",
    shown="kWh",
)
def common_energy(cluster_power: Numeric, cluster_share: Numeric, run_time: Numeric) -> Numeric:
    """Share of what the whole cluster always draws, which the run answers for [J].

    Parameters
    ----------
    cluster_power
        Power of storage, switches and log-in nodes of the cluster [W].
    cluster_share
        Share of the cluster that the run has [1].
    run_time
        Duration [s].
    """
    return cluster_power * cluster_share * run_time


@quantity(
    "J",
    N_("IT energy"),
    source="arXiv:2104.10350, with switches, storage and what waits",
    path="energy.it",
    shown="kWh",
)
def it_energy(
    computer_energy: Numeric, idle_energy: Numeric, network_share: Numeric, common_energy: Numeric
) -> Numeric:
    """Energy of everything that computes, waits, sends or stores [J].

    Parameters
    ----------
    computer_energy, idle_energy
        Energy of accelerators and servers at work, and of those that wait [J].
    network_share
        Power of switches and storage over that of the computers [1].
    common_energy
        Share of what the whole cluster always draws [J].
    """
    return (computer_energy + idle_energy) * (1.0 + network_share) + common_energy


@quantity(
    "J",
    N_("Network and storage"),
    source="definition: IT energy without the computers",
    path="energy.network",
    shown="kWh",
)
def network_energy(it_energy: Numeric, computer_energy: Numeric, idle_energy: Numeric) -> Numeric:
    """Energy of switches and storage [J].

    Parameters
    ----------
    it_energy, computer_energy, idle_energy
        All IT energy, that of the computers at work, and of those that wait [J].
    """
    return it_energy - computer_energy - idle_energy


@quantity(
    "J",
    N_("Facility energy"),
    source="ISO/IEC 30134-2 (PUE)",
    path="energy.facility",
    shown="kWh",
)
def facility_energy(it_energy: Numeric, pue: Numeric) -> Numeric:
    """Energy at the facility's meter [J].

    Parameters
    ----------
    it_energy
        IT energy [J].
    pue
        Power usage effectiveness [1].
    """
    return it_energy * pue


@quantity(
    "J",
    N_("Cooling and losses"),
    source="definition: facility energy without IT energy",
    path="energy.cooling",
    shown="kWh",
)
def cooling_energy(facility_energy: Numeric, it_energy: Numeric) -> Numeric:
    """Energy of cooling, conversion and light [J].

    Parameters
    ----------
    facility_energy, it_energy
        Energy of the facility and of its computers [J].
    """
    return facility_energy - it_energy


@quantity(
    "W",
    N_("Facility power"),
    source="definition: facility energy over duration",
    path="energy.power",
    shown="kW",
)
def facility_power(facility_energy: Numeric, run_time: Numeric) -> Numeric:
    """Mean power of the facility during the run [W].

    Parameters
    ----------
    facility_energy
        Energy at the meter [J].
    run_time
        Duration [s].
    """
    return facility_energy / run_time


@quantity(
    "J",
    N_("Accelerators at the meter"),
    source="arXiv:2302.13971, table 15; arXiv:2211.02001: power of the devices alone x PUE, as papers count",
    path="energy.devices_metered",
    shown="kWh",
)
def metered_device_energy(device_energy: Numeric, pue: Numeric) -> Numeric:
    """Energy of the accelerators alone with their share of cooling: what most publications state [J].

    Parameters
    ----------
    device_energy
        Energy of the accelerators alone [J].
    pue
        Power usage effectiveness [1].
    """
    return device_energy * pue


@quantity(
    "USD/J",
    N_("Electricity price of the run"),
    source="definition: yearly price x factor of the hours and months of the run",
    path="energy.price",
    shown="$/kWh",
)
def electricity_rate(electricity_price: Numeric, price_factor: Numeric) -> Numeric:
    """Price of electricity in the hours in which the run computes [USD/J].

    Parameters
    ----------
    electricity_price
        Mean price of the year [USD/J].
    price_factor
        Price of these hours over the mean [1].
    """
    return electricity_price * price_factor
