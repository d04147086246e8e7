"""TCPlan: what it costs to train an AI model, in money, time, energy, carbon and water.

>>> import tcplan
>>> plan = tcplan.open("run.tcplan")  # doctest: +SKIP
>>> tcplan.evaluate(plan.set("training.tokens", 15e12))["money.total"].value  # doctest: +SKIP
"""

from pathlib import Path

from tcplan.estimate import Estimate, Result, evaluate
from tcplan.plan.file import load
from tcplan.plan.plan import Plan, PlanError
from tcplan.study.curve import Curve, curve
from tcplan.study.sweep import sweep
from tcplan.version import VERSION

__version__ = VERSION
__all__ = [
    "Curve",
    "Estimate",
    "Plan",
    "PlanError",
    "Result",
    "__version__",
    "curve",
    "evaluate",
    "open",
    "sweep",
]


def open(path: str | Path) -> Plan:  # noqa: A001
    """Return the plan in a `.tcplan` file.

    Raises
    ------
    PlanFileError
        When the file cannot be read as a plan; the sentence says where and why.
    """
    return load(Path(path)).document.plan
