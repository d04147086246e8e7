"""What a result is as much as, in the lines that stand beside it."""

from tcplan.estimate import Estimate
from tcplan.report.equivalences import equivalences


def likened(estimate: Estimate, path: str) -> str:
    """Return a line for each equivalence of a result, with its source; empty where there is none."""
    return "\n".join(one.sentence for one in equivalences(estimate, path))
