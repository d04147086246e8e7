"""What each group of published steps reaches, beside its bar and what others published, and why not more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from statistics import fmean

from tcplan.language import N_
from tcplan.validation import carried
from tcplan.validation.groups import GROUPS, Errors, Group, errors_of
from tcplan.validation.judged import Judged
from tcplan.validation.published import published

KNOWN = {
    "a100-nodes": N_("vTrain 14.7 % from profiled kernels, arXiv:2312.12391"),
    "a100-node": N_("vTrain 8.4 % from profiled kernels, arXiv:2312.12391"),
    "a100-recompute": N_("Calculon 3.65 %, largest 8.87 %, doi:10.1145/3581784.3607102"),
    "b200-node": N_("SimuMax 1.2 5.62 % from 686 measured shapes"),
    "memory-megatron": N_("SimuMax 1.2 0.46 % on B200"),
}
"""The smallest mean error that others published for steps of a group."""

REASONS = {
    "blackwell-dense-8-bit": N_(
        "two steps are held out, and of the slower one, Llama 3 70B on GB200 at four stages, the source says "
        "nothing of graphs, recomputation or overlap; the same layout ran faster on B200 in fp8"
    ),
    "h100-dense-16-bit": N_(
        "only Llama 3 8B and 70B are among these steps; the band also holds steps of other models, whose "
        "micro-batch is not published"
    ),
    "tuning": N_("the steps held out are of few models, the band holds those of all"),
    "a100-nodes": N_("the steps held out are those of one model, and the band holds both"),
}
"""Why a group does not reach its bar, or is not inside its band as often as it should be."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The errors of a group, of all its rows and of those held out of every fit.

    `left_out` is the mean error of all its steps, each by constants that were fitted without its model [%].
    """

    group: Group
    every: Errors
    held_out: Errors
    left_out: float = nan

    @property
    def missed(self) -> dict[str, float]:
        """Return the statistics of the rows held out that miss their bar, each by how many points."""
        return self.group.bar.missed(self.held_out)

    @property
    def known(self) -> str:
        """Return the smallest error that others published, empty where none did."""
        return KNOWN.get(self.group.key, "")

    @property
    def reason(self) -> str:
        """Return why the bar is missed, empty where it is not or nothing is known."""
        either = self.missed or self.group.bar.missed(self.every)
        return REASONS.get(self.group.key, "") if either else ""


def reached(judged: Sequence[Judged]) -> tuple[Reached, ...]:
    """Return what each group reaches that has rows here, in the order of the groups."""
    found = []
    for group in GROUPS:
        members = group.of(judged)
        every = errors_of(members, memory=group.memory)
        if every.rows:
            apart = errors_of(held_out(members, memory=group.memory), memory=group.memory)
            found.append(Reached(group, every, apart, nan if group.memory else _left_out(members)))
    return tuple(found)


def _left_out(judged: Sequence[Judged]) -> float:
    names = {one.prediction.row.id for one in judged}
    ratios = [row.honest_s / row.measured_s for row in published() if row.key in names]
    errors = [100.0 * abs(ratio - 1.0) for ratio in ratios if isfinite(ratio)]
    return fmean(errors) if errors else nan


def held_out(judged: Iterable[Judged], *, memory: bool) -> tuple[Judged, ...]:
    """Return the rows that no constant was fitted to.

    Parameters
    ----------
    judged
        The rows.
    memory
        Whether constants of memory are meant, in place of those of times.
    """
    fitted = carried.memory_calibration() if memory else carried.calibration()
    return tuple(one for one in judged if one.prediction.row.id not in fitted)
