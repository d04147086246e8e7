"""What interrupts a run, and what it costs."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number


class Failures(Panel):
    """The team's practice, failures, checkpoints and restarts."""

    practice: Annotated[
        str | None,
        Shown(
            N_("Practice"),
            N_("What a run takes beyond its steps: loading data, evaluating, restarting, untuned layouts."),
            choices=(
                Choice("tuned", N_("tuned laboratory")),
                Choice("typical", N_("typical team")),
                Choice("first", N_("first large run")),
            ),
            default="typical",
            default_source="calibration on published runs, runs.csv",
            words=("run factor", "laboratory", "efficiency"),
        ),
    ] = None
    failure_time: Annotated[
        Number | None,
        Shown(
            N_("Failure interval"),
            N_("Device-hours between two unexpected interruptions."),
            unit="s",
            shown="h",
            low=3600.0,
            high=1e13,
            default=16_384 * 54 * 86_400 / 419,
            default_source="arXiv:2407.21783, section 3.3.4: 419 interruptions of 16,384 devices in 54 days",
            more=True,
            words=("mtbf", "reliability"),
        ),
    ] = None
    checkpoint_bandwidth: Annotated[
        Number | None,
        Shown(
            N_("Checkpoint rate"),
            N_("Bytes a second that each node writes to storage."),
            unit="B/s",
            shown="GB/s",
            above_low=True,
            high=1e14,
            default=1e9,
            default_source="arXiv:2407.21783, section 3.3.1: 2 TB/s sustained for about 2,000 nodes",
            more=True,
        ),
    ] = None
    checkpoint_interval: Annotated[
        Number | None,
        Shown(
            N_("Checkpoint interval"),
            N_("Time between two checkpoints."),
            unit="s",
            shown="min",
            above_low=True,
            high=1e8,
            computed=N_("the interval that loses least (Young/Daly)"),
            more=True,
        ),
    ] = None
    restart_time: Annotated[
        Number | None,
        Shown(
            N_("Restart time"),
            N_("Time from a failure until the run computes again."),
            unit="s",
            shown="min",
            low=0.0,
            high=1e7,
            default=600.0,
            default_source="a planning value: detect, replace, load and warm up",
            more=True,
        ),
    ] = None
    spares: Annotated[
        Number | None,
        Shown(
            N_("Spares"),
            N_("Devices that are paid for and stand by to replace failed ones."),
            low=0,
            high=1e6,
            whole=True,
            default=0,
            default_source="none unless typed",
            more=True,
            words=("hot spares",),
        ),
    ] = None
    repair_time: Annotated[
        Number | None,
        Shown(
            N_("Repair time"),
            N_("Time until a failed device is replaced where no spare stands by; the run waits for it."),
            unit="s",
            shown="min",
            low=0.0,
            high=1e7,
            default=0.0,
            default_source="a planning value: the operator replaces nodes at once",
            more=True,
        ),
    ] = None
