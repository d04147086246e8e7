"""Published steps as the page shows them: each with its prediction, its groups, and how it is filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

from tcplan.language import _
from tcplan.plan.plan import Plan
from tcplan.report.numbers import MINUS, NARROW, figure
from tcplan.validation import carried
from tcplan.validation.groups import GROUPS, Errors, Group, Summary, errors_of, summaries
from tcplan.validation.judged import Judged, judge
from tcplan.validation.own_stack import shelf_here
from tcplan.validation.reached import KNOWN, REASONS
from tcplan.validation.steps import predicted
from tcplan.validation.table import MISSED
from tcplan_desktop.views.plot_scatter import Dot

COLUMNS = ("source", "hardware", "precision", "family", "task")


@dataclass(frozen=True, slots=True)
class Step:
    """One published step; `fits` names what it was used to fit: time, memory, both or neither.

    `groups` are those of the accuracy table that it belongs to.
    """

    judged: Judged
    fits: frozenset[str]
    groups: frozenset[str]

    def fitted(self, *, memory: bool) -> bool:
        """Return whether constants of what is compared were fitted to the step; else it was held out."""
        return ("memory" if memory else "time") in self.fits

    @property
    def plan(self) -> Plan | None:
        """The plan that describes the step."""
        return self.judged.prediction.plan

    @property
    def title(self) -> str:
        """What a person calls the step."""
        row = self.judged.prediction.row
        return _("{model} on {count} × {hardware}").format(
            model=row.text("model"), count=row.text("n_devices") or "?", hardware=row.text("hardware")
        )

    def pair(self, *, memory: bool) -> tuple[float, float] | None:
        """Return the measured and the predicted value, None where one is missing."""
        error = self.judged.memory_error if memory else self.judged.error
        if not isfinite(error):
            return None
        found = self.judged.prediction.mem_gib if memory else self.judged.prediction.step_s
        return found / (1.0 + error / 100.0), found


def compared(check: Callable[[], None]) -> tuple[Step, ...]:
    """Predict every published step that the program carries.

    Parameters
    ----------
    check
        Asked between two rows; it raises when the answer is no longer wanted.
    """
    used = {"time": carried.calibration(), "memory": carried.memory_calibration()}
    shelf, made = shelf_here(), []
    for row in carried.rows():
        check()
        judged = judge((predicted(row, shelf),))[0]
        groups = frozenset(group.key for group in GROUPS if group.holds(row))
        fits = frozenset(what for what, names in used.items() if row.id in names)
        made.append(Step(judged, fits, groups))
    return tuple(made)


def chosen(steps: Iterable[Step], wanted: Mapping[str, str], *, memory: bool) -> tuple[Step, ...]:
    """Return the steps whose cells are those wanted; an empty word wants all."""
    conditions = [(column, word) for column, word in wanted.items() if word and column in COLUMNS]
    part = wanted.get("part", "")
    return tuple(
        step
        for step in steps
        if (not part or (part == "fitted") == step.fitted(memory=memory))
        and all(step.judged.prediction.row.text(column) == word for column, word in conditions)
    )


def words_in(steps: Iterable[Step], column: str) -> list[str]:
    """Return the words that a column holds."""
    return sorted({step.judged.prediction.row.text(column) for step in steps} - {""})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of groups: `group` is None for a source and its hardware."""

    title: str
    errors: Errors
    group: Group | None = None
    cells: tuple[str, ...] = ()


def group_lines(steps: Sequence[Step], *, memory: bool) -> tuple[Line, ...]:
    """Return the groups that have a bar, with the errors of those of their rows that are shown."""
    lines = []
    for group in GROUPS:
        if group.memory == memory:
            members = [step.judged for step in steps if group.key in step.groups]
            lines.append(Line(_(group.title), errors_of(members, memory=memory), group))
    return tuple(line for line in lines if line.errors.rows)


def source_lines(steps: Sequence[Step], *, memory: bool) -> tuple[Line, ...]:
    """Return each source and hardware with the errors of its rows."""
    found: tuple[Summary, ...] = summaries([step.judged for step in steps], memory=memory)
    lines = (Line(", ".join(one.cells), one.errors, None, one.cells) for one in found)
    return tuple(line for line in lines if line.errors.rows)


def about(line: Line) -> str:
    """Return the whole title of a line, and where the rows of a source come from or what others reach."""
    if line.group is not None:
        return "\n".join((line.title, *_beside(line.group)))
    origin = carried.origins().get(line.cells[0]) if line.cells else None
    if origin is None:
        return line.title
    return "\n".join((line.title, origin.title, f"{origin.address}, {origin.edition}", origin.licence))


def _beside(group: Group) -> Iterator[str]:
    """Yield the best error that others published of a group, and why its bar may be missed."""
    if group.key in KNOWN:
        yield _("Best published elsewhere: {known}").format(known=_(KNOWN[group.key]))
    if group.key in REASONS:
        yield _("If it is missed: {reason}.").format(reason=_(REASONS[group.key]))


def per_cent(value: float, *, signed: bool = False, decimals: int = 1) -> str:
    """Return a share that is in per cent already."""
    if not isfinite(value):
        return "–"
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    return text.replace("-", MINUS) + f"{NARROW}%"


def missed(line: Line) -> str:
    """Return by how many points a group misses its bar most, empty when it reaches it or has none."""
    if line.group is None:
        return ""
    found = line.group.bar.missed(line.errors)
    name = max(found, key=lambda one: found[one], default="")
    return f"{_(MISSED[name])} {found[name]:.1f}" if name else ""


def dot_of(step: Step, *, memory: bool) -> Dot | None:
    """Return the point of a step, None where there is nothing to compare."""
    pair = step.pair(memory=memory)
    if pair is None:
        return None
    return Dot(*pair, step.fitted(memory=memory), partial(words_of, step, "GiB" if memory else "s", *pair))


def words_of(step: Step, unit: str, measured: float, predicted: float) -> tuple[str, ...]:
    """Return the lines that are read at a point."""
    source = step.judged.prediction.row.text("source")
    origin = carried.origins().get(source)
    texts = (str(figure(value, unit, digits=3)) for value in (measured, predicted))
    return (
        step.title,
        _("measured {0}, predicted {1}").format(*texts),
        _("error {error}").format(error=per_cent(100.0 * (predicted / measured - 1.0), signed=True)),
        origin.title if origin else source,
    )
