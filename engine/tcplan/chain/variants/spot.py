"""Interruptible capacity: the provider takes devices back, and each time the run restarts."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "s",
    N_("Time between failures of the run"),
    source="rates add: failures of devices, and devices that the provider takes back",
    path="failures.between_failures",
    symbol="M",
    shown="h",
)
def between_failures(failure_time: Numeric, devices: Numeric, spot_interruptions: Numeric) -> Numeric:
    """Mean time between two interruptions of the whole run on spot capacity [s].

    Parameters
    ----------
    failure_time
        Device-time between two failures [s].
    devices
        Accelerators of the run [1].
    spot_interruptions
        Rate at which one device is taken back [1/s].
    """
    return 1.0 / (devices * (1.0 / failure_time + spot_interruptions))
