"""Why one plan costs more than another: the difference shared out among the inputs that changed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import factorial, isfinite, nan

from tcplan.estimate import evaluate
from tcplan.plan.document import differences
from tcplan.plan.plan import Plan, Value
from tcplan.study.compare import Column

EXACT = 8
"""Up to so many groups every order counts; above, some are drawn."""
TOGETHER = ("model", "layout")
"""Panels whose fields mean nothing one by one: they change as one group."""
_EVALUATIONS = 800
_FEWEST, _MOST = 4, 64

Between = Callable[[float], object]
"""Called between two estimates with the share that is done; it may raise to give up."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a group of changed inputs does to the result, in the unit shown."""

    paths: tuple[str, ...]
    change: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The way from the result of one plan to that of another, in the unit shown.

    `residual` is what no group explains: other catalogue rows, figures that were published, and combinations
    that cannot be computed. `orders` is how many orders were drawn, 0 when all of them count.
    """

    path: str
    unit: str
    start: float
    end: float
    parts: tuple[Part, ...]
    residual: float
    orders: int = 0


def groups_of(one: Plan, other: Plan) -> tuple[dict[str, Value], ...]:
    """Return what changes from one plan to another: groups that change together, in the order of the forms.

    The fields of the model are one group, and those of the layout; every other field is one by itself.
    """
    groups: dict[str, dict[str, Value]] = {}
    for path, value in differences(one, other).items():
        panel = path.partition(".")[0]
        key = panel if panel in TOGETHER and path not in one.overrides | other.overrides else path
        groups.setdefault(key, {})[path] = value
    return tuple(groups.values())


def waterfall(one: Column, other: Column, path: str, between: Between | None = None) -> Waterfall:
    """Share the difference of a result between two plans out among what changed.

    A group's part is what it does when it changes, averaged over all orders in which the groups could change
    (the Shapley value); above `EXACT` groups over orders drawn with a fixed seed, each with its reverse.

    Parameters
    ----------
    one, other
        The plans; changes are applied to the first, with its catalogue.
    path
        The result.
    between
        Called between two estimates.
    """
    groups = groups_of(one.estimate.plan, other.estimate.plan)
    values = _Values(one, path, groups, between or (lambda _share: None))
    count = len(groups)
    if count <= EXACT:
        orders, parts = 0, _exact(values, count)
    else:
        orders = 2 * (min(max(_EVALUATIONS // count, _FEWEST), _MOST) // 2)
        parts = _drawn(values, count, orders)
    start, end = one.value(path), other.value(path)
    made = tuple(Part(tuple(group), change) for group, change in zip(groups, parts, strict=True))
    known = one.estimate if path in one.estimate else other.estimate
    return Waterfall(path, known[path].unit, start, end, made, end - start - sum(parts), orders)


class _Values:
    """The result after some of the groups have changed, each set of them computed once."""

    def __init__(
        self, one: Column, path: str, groups: tuple[Mapping[str, Value], ...], between: Between
    ) -> None:
        self._one, self._path, self._groups, self._between = one, path, groups, between
        self._known: dict[int, float] = {}
        self.expected = 1

    def __getitem__(self, changed: int) -> float:
        """Return the result after the groups whose bits are set have changed, NaN where there is none."""
        if changed not in self._known:
            self._between(min(len(self._known) / self.expected, 1.0))
            values: dict[str, Value] = {}
            for at, group in enumerate(self._groups):
                values |= group if changed >> at & 1 else {}
            estimate = evaluate(self._one.estimate.plan.with_values(values), self._one.estimate.shelf)
            self._known[changed] = estimate[self._path].value if self._path in estimate else nan
        return self._known[changed]

    def step(self, changed: int, group: int) -> float:
        """Return what one more group does, NaN where it cannot be computed."""
        return self[changed | 1 << group] - self[changed]


def _exact(values: _Values, count: int) -> list[float]:
    values.expected = 1 << count
    parts = []
    for group in range(count):
        total = weight = 0.0
        for changed in range(1 << count):
            if changed >> group & 1:
                continue
            size = changed.bit_count()
            share = factorial(size) * factorial(count - size - 1) / factorial(count)
            step = values.step(changed, group)
            if isfinite(step):
                total, weight = total + share * step, weight + share
        parts.append(total / weight if weight else 0.0)
    return parts


def _drawn(values: _Values, count: int, orders: int) -> list[float]:
    values.expected = orders * count
    drawn = random.Random(0)  # noqa: S311  # the same orders each time, nothing secret
    totals, counts = [0.0] * count, [0] * count
    for _pair in range(orders // 2):
        order = list(range(count))
        drawn.shuffle(order)
        for way in (order, order[::-1]):
            changed = 0
            for group in way:
                step = values.step(changed, group)
                changed |= 1 << group
                if isfinite(step):
                    totals[group] += step
                    counts[group] += 1
    return [total / times if times else 0.0 for total, times in zip(totals, counts, strict=True)]
