"""What failures and checkpoints cost: from the time of an ideal run to the time on the clock."""

from tcplan.chain.elementwise import gather, maximum, sqrt, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_NEVER_ZERO = 1e-30


@quantity(
    "B",
    N_("Checkpoint of one parameter"),
    source="arXiv:1910.02054, section 3.1: 16-bit weight, 32-bit weight and two Adam moments",
    path="failures.parameter_bytes",
)
def parameter_bytes() -> Numeric:
    """Bytes that a checkpoint holds for each parameter: 2 for the weight, 12 for the optimizer."""
    return 14.0


@quantity(
    "B",
    N_("Checkpoint size"),
    source="every parameter with its optimizer state, once",
    path="failures.checkpoint_size",
    shown="GiB",
)
def checkpoint_size(parameters: Numeric, parameter_bytes: Numeric) -> Numeric:
    """Size of one checkpoint of the whole model [B].

    Parameters
    ----------
    parameters
        Parameters of the model [1].
    parameter_bytes
        Bytes for each [B].
    """
    return parameters * parameter_bytes


@quantity(
    "s",
    N_("Checkpoint time"),
    source="every node writes its share at the same time; the run waits",
    path="failures.checkpoint_time",
    symbol="q",
)
def checkpoint_time(
    checkpoint_size: Numeric, checkpoint_bandwidth: Numeric, devices: Numeric, devices_per_node: Numeric
) -> Numeric:
    """Time to write one checkpoint [s]; a part of a node counts as one node.

    Parameters
    ----------
    checkpoint_size
        Bytes to write [B].
    checkpoint_bandwidth
        Rate of one node [B/s].
    devices, devices_per_node
        Accelerators of the run and of a node [1].
    """
    return checkpoint_size / (checkpoint_bandwidth * maximum(devices / devices_per_node, 1.0))


@quantity(
    "s",
    N_("Time between failures of the run"),
    source="arXiv:2407.21783, section 3.3.4: the failure of one device interrupts all",
    path="failures.between_failures",
    symbol="M",
    shown="h",
)
def between_failures(failure_time: Numeric, devices: Numeric) -> Numeric:
    """Mean time between two interruptions of the whole run [s].

    Parameters
    ----------
    failure_time
        Device-time between two failures [s].
    devices
        Accelerators of the run [1].
    """
    return failure_time / devices


@quantity(
    "s",
    N_("Checkpoint interval"),
    source="Young 1974, doi:10.1145/361147.361115; Daly 2006, doi:10.1016/j.future.2004.11.016",
    path="failures.checkpoint_interval",
    symbol="τ",
    shown="min",
)
def checkpoint_interval(checkpoint_time: Numeric, between_failures: Numeric) -> Numeric:
    """Interval between checkpoints that loses least, the square root of 2 q M [s].

    Parameters
    ----------
    checkpoint_time
        Time to write one checkpoint, q [s].
    between_failures
        Mean time between failures of the run, M [s].
    """
    return sqrt(2.0 * checkpoint_time * between_failures)


@quantity(
    "1",
    N_("Writing checkpoints, over computing time"),
    source="Daly 2006, doi:10.1016/j.future.2004.11.016: q over the interval",
    path="time.checkpoint_share",
)
def checkpoint_share(checkpoint_time: Numeric, checkpoint_interval: Numeric) -> Numeric:
    """Time that checkpoints take for each unit of computing time [1].

    Parameters
    ----------
    checkpoint_time, checkpoint_interval
        Time of one checkpoint and from one to the next [s].
    """
    return checkpoint_time / checkpoint_interval


@quantity(
    "1",
    N_("Work lost in failures, over computing time"),
    source="Daly 2006, doi:10.1016/j.future.2004.11.016: half an interval at each failure",
    path="time.lost_share",
)
def lost_share(checkpoint_interval: Numeric, between_failures: Numeric) -> Numeric:
    """Work since the last checkpoint that is done again, for each unit of computing time [1].

    Parameters
    ----------
    checkpoint_interval, between_failures
        Time from one checkpoint to the next, and from one failure to the next [s].
    """
    return 0.5 * checkpoint_interval / between_failures


@quantity(
    "s",
    N_("Standstill after a failure"),
    source="definition: the restart, and the repair where no spare stands by",
    path="failures.standstill",
)
def standstill(restart_time: Numeric, spares: Numeric, repair_time: Numeric) -> Numeric:
    """Time from a failure until the run computes again [s].

    Parameters
    ----------
    restart_time
        Time to detect, load and warm up [s].
    spares, repair_time
        Devices that stand by, and time to replace a failed one without them [1, s].
    """
    return restart_time + where(spares >= 1.0, 0.0, 1.0) * repair_time


@quantity(
    "1",
    N_("Restarts, over computing time"),
    source="Daly 2006, doi:10.1016/j.future.2004.11.016: one restart at each failure",
    path="time.restart_share",
)
def restart_share(standstill: Numeric, between_failures: Numeric) -> Numeric:
    """Time that restarts take for each unit of computing time [1].

    Parameters
    ----------
    standstill, between_failures
        Time of one restart, and from one failure to the next [s].
    """
    return standstill / between_failures


@quantity(
    "1",
    N_("Overhead of failures"),
    source="the three shares together",
    path="time.overhead",
    symbol="w",
)
def overhead(checkpoint_share: Numeric, lost_share: Numeric, restart_share: Numeric) -> Numeric:
    """Time lost for each unit of computing time [1].

    Parameters
    ----------
    checkpoint_share, lost_share, restart_share
        Its three parts [1].
    """
    return checkpoint_share + lost_share + restart_share


@quantity(
    "1",
    N_("Useful time (goodput)"),
    source="Daly 2006, doi:10.1016/j.future.2004.11.016, to first order in the overhead",
    path="time.goodput",
    symbol="g",
)
def goodput(overhead: Numeric) -> Numeric:
    """Share of the time on the clock in which the run computes something that is kept [1], above 0.

    1 / (1 + w) equals 1 - w to first order, and stays above zero where failures come faster than restarts.

    Parameters
    ----------
    overhead
        Time lost for each unit of computing time, w [1].
    """
    return 1.0 / (1.0 + overhead)


@quantity(
    "s",
    N_("Device-hours without failures"),
    source="definition: model FLOP over the rate that one device achieves",
    path="time.useful_device_hours",
    shown="h",
)
def useful_device_time(
    model_flop: Numeric, later_model_flop: Numeric, achieved: Numeric, later_device_time: Numeric
) -> Numeric:
    """Device-time of a run that nothing interrupts [s].

    Parameters
    ----------
    model_flop, later_model_flop
        Model FLOP of the run, and of its later phases [FLOP].
    achieved
        Model FLOP that one device achieves in a second in the first phase [FLOP/s].
    later_device_time
        Device time of later phases [s].
    """
    return (model_flop - later_model_flop) / achieved + later_device_time


@quantity(
    "1",
    N_("Run factor"),
    source="calibration on published runs, runs.csv: device-hours over those of the steps alone",
    path="time.run_factor",
    symbol="R",
)
def run_factor(practice: Numeric) -> Numeric:
    """Device-hours of a whole run over those of its predicted steps, failures apart [1].

    Loading data, evaluation, restarts of their own making and untuned layouts together; between laboratories
    it differs more than layouts do.

    Parameters
    ----------
    practice
        0 a tuned laboratory, 1 a typical team, 2 a first large run.
    """
    return gather((1.0, 1.3, 1.6), practice)


@quantity(
    "s",
    N_("Device-hours"),
    source="definition: device-hours without failures, times the run factor, over goodput",
    path="time.device_hours",
    shown="h",
)
def device_time(
    useful_device_time: Numeric, run_factor: Numeric, goodput: Numeric, devices: Numeric, spares: Numeric
) -> Numeric:
    """Device-time of the run with everything that interrupts it, spares included [s].

    Parameters
    ----------
    useful_device_time
        Device-time without failures [s].
    run_factor
        Device-hours of a whole run over those of its steps [1].
    goodput
        Share of the time that is kept [1].
    devices, spares
        Accelerators that work, and those that stand by [1].
    """
    return useful_device_time * run_factor / goodput * (1.0 + spares / devices)


@quantity(
    "1",
    N_("Share of the hours"),
    source="nights: eight off-peak hours a day, as French tariffs have them; sunny hours: eight around noon; "
    "windy months: October to March",
    path="site.hours_share",
)
def hours_share(running: Numeric) -> Numeric:
    """Share of the time in which the run computes [1].

    Parameters
    ----------
    running
        0 round the clock, 1 nights, 2 sunny hours, 3 windy months.
    """
    return gather((1.0, 8.0 / 24.0, 8.0 / 24.0, 6.0 / 12.0), running)


@quantity("s", N_("Duration"), source="definition: device-hours over devices and hours", path="time.run")
def run_time(device_time: Numeric, devices: Numeric, spares: Numeric, hours_share: Numeric) -> Numeric:
    """Time on the clock from start to end [s].

    Parameters
    ----------
    device_time
        Device-time of the run [s].
    devices, spares
        Accelerators that work at the same time, and those that stand by [1].
    hours_share
        Share of the time in which the run computes [1].
    """
    return device_time / (devices + spares) / hours_share


@quantity("s", N_("Paused"), source="definition: hours in which the run does not compute", path="time.paused")
def paused_time(run_time: Numeric, hours_share: Numeric) -> Numeric:
    """Part of the duration in which the run waits for its hours [s].

    Parameters
    ----------
    run_time
        Duration [s].
    hours_share
        Share of the time in which the run computes [1].
    """
    return run_time * (1.0 - hours_share)


@quantity(
    "s",
    N_("Computing"),
    source="definition: duration without pauses x goodput, over the run factor",
    path="time.productive",
)
def productive_time(
    run_time: Numeric, paused_time: Numeric, goodput: Numeric, run_factor: Numeric
) -> Numeric:
    """Part of the duration in which the run computes something that is kept [s].

    Parameters
    ----------
    run_time, paused_time
        Duration, and its pauses [s].
    goodput, run_factor
        Share of it that failures leave, and device-hours of a run over those of its steps [1].
    """
    return (run_time - paused_time) * goodput / run_factor


@quantity(
    "s", N_("Data, evaluation, tuning"), source="definition: what the run factor adds", path="time.practice"
)
def practice_time(productive_time: Numeric, run_factor: Numeric) -> Numeric:
    """Part of the duration that the run factor adds to the steps [s].

    Parameters
    ----------
    productive_time
        Part that is computed and kept [s].
    run_factor
        Device-hours of a run over those of its steps [1].
    """
    return productive_time * (run_factor - 1.0)


@quantity(
    "s",
    N_("Checkpoints"),
    source="the rest of the duration, by the shares of the overhead",
    path="time.checkpoints",
)
def checkpoints_time(
    run_time: Numeric,
    paused_time: Numeric,
    productive_time: Numeric,
    practice_time: Numeric,
    checkpoint_share: Numeric,
    overhead: Numeric,
) -> Numeric:
    """Part of the duration in which checkpoints are written [s]; 0 where there is no overhead.

    Parameters
    ----------
    run_time, paused_time, productive_time, practice_time
        Duration, its pauses, its part that is kept, and what the run factor adds [s].
    checkpoint_share, overhead
        Checkpoints and all overhead, over computing time [1].
    """
    waiting = run_time - paused_time - productive_time - practice_time
    return waiting * checkpoint_share / maximum(overhead, _NEVER_ZERO)


@quantity(
    "s",
    N_("Failures and restarts"),
    source="definition: what remains of the duration",
    path="time.lost",
)
def lost_time(
    run_time: Numeric,
    paused_time: Numeric,
    productive_time: Numeric,
    practice_time: Numeric,
    checkpoints_time: Numeric,
) -> Numeric:
    """Part of the duration in which lost work is done again or the run restarts [s].

    Parameters
    ----------
    run_time, paused_time, productive_time, practice_time, checkpoints_time
        Duration and its four other parts [s].
    """
    return run_time - paused_time - productive_time - practice_time - checkpoints_time
