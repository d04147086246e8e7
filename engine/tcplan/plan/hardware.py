"""The hardware panel: which accelerator, how many, and what each can do."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number


class Hardware(Panel):
    """What computes; each figure that is not typed comes from the accelerator's row."""

    accelerator: Annotated[
        str | None,
        Shown(
            N_("Accelerator"),
            N_("The chip or card. Rates are dense, without sparsity."),
            table="accelerators",
            default="h100-sxm",
            default_source="arXiv:2407.21783, section 3.3.1",
            words=("gpu", "tpu", "chip", "card"),
        ),
    ] = None
    devices: Annotated[
        Number | None,
        Shown(
            N_("Devices"),
            N_("How many accelerators work on the run at the same time."),
            symbol="n",
            low=1,
            high=1e7,
            whole=True,
            usual=(1, 100_000),
            default=1024,
            default_source="a round number to begin with",
            words=("gpus", "count"),
        ),
    ] = None
    peak: Annotated[
        Number | None,
        Shown(
            N_("Peak rate"),
            N_("Dense peak of one device at the chosen precision."),
            unit="FLOP/s",
            shown="TFLOP/s",
            symbol="R",
            above_low=True,
            high=1e20,
            more=True,
        ),
    ] = None
    memory: Annotated[
        Number | None,
        Shown(
            N_("Memory"),
            N_("Memory of one device."),
            unit="B",
            shown="GiB",
            above_low=True,
            high=1e15,
            more=True,
        ),
    ] = None
    memory_bandwidth: Annotated[
        Number | None,
        Shown(
            N_("Memory bandwidth"),
            N_("Bytes a second between a device and its memory."),
            unit="B/s",
            shown="GB/s",
            above_low=True,
            high=1e16,
            more=True,
        ),
    ] = None
    scale_up_domain: Annotated[
        Number | None,
        Shown(
            N_("Fast-link group"),
            N_("Devices that share fast links (NVLink, Infinity Fabric, a torus)."),
            low=1,
            high=1e6,
            whole=True,
            more=True,
        ),
    ] = None
    scale_up_bandwidth: Annotated[
        Number | None,
        Shown(
            N_("Fast-link bandwidth"),
            N_("All fast links of one device together, one direction."),
            unit="B/s",
            shown="GB/s",
            above_low=True,
            high=1e15,
            more=True,
        ),
    ] = None
    nic_bandwidth: Annotated[
        Number | None,
        Shown(
            N_("Network bandwidth"),
            N_("Network of one device between nodes, one direction."),
            unit="B/s",
            shown="GB/s",
            above_low=True,
            high=1e15,
            more=True,
        ),
    ] = None
    devices_per_node: Annotated[
        Number | None,
        Shown(N_("Devices per node"), N_("Devices in one server."), low=1, high=1e5, whole=True, more=True),
    ] = None
    device_power: Annotated[
        Number | None,
        Shown(
            N_("Device power"),
            N_("Rated power of one device (TDP)."),
            unit="W",
            shown="W",
            above_low=True,
            high=1e6,
            more=True,
            words=("tdp",),
        ),
    ] = None
    server_power: Annotated[
        Number | None,
        Shown(
            N_("Server power"),
            N_("Rated power of the server for each of its devices, the device included."),
            unit="W",
            shown="W",
            above_low=True,
            high=1e6,
            more=True,
        ),
    ] = None
    power_cap: Annotated[
        Number | None,
        Shown(
            N_("Power cap"),
            N_("Power that one device may draw; below its rated power it runs slower."),
            unit="W",
            shown="W",
            above_low=True,
            high=1e6,
            computed=N_("the device's rated power"),
            more=True,
            words=("power limit", "tdp"),
        ),
    ] = None
    oversubscription: Annotated[
        Number | None,
        Shown(
            N_("Oversubscription"),
            N_("Bandwidth of all network ports over that of the switches between nodes; 1 is none."),
            low=1,
            high=100,
            default=1,
            default_source="arXiv:2407.21783, section 3.3.1: full bisection inside a pod",
            more=True,
            words=("bisection", "network"),
        ),
    ] = None
