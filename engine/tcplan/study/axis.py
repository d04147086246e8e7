"""One varied path and its values, from a text as people type it or from Python's own values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tcplan.catalogue.shelf import Shelf
from tcplan.given import inputs_of
from tcplan.language import _
from tcplan.plan.field import Shown
from tcplan.plan.literal import NumberError
from tcplan.plan.number import read
from tcplan.plan.plan import Plan, PlanError, descriptions, nearest
from tcplan.results import shown_of_quantity

_GROUPS = re.compile(r"(?:^|[\d])[,;]\s*0\d\d(?!\d|\.)")
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Axis:
    """A path and its values in their order: coherent numbers or keys, shown in `unit`."""

    path: str
    values: tuple[float, ...] | tuple[str, ...]
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Return whether the values are numbers."""
        return not isinstance(self.values[0], str)


def axis_of(path: str, given: str | Sequence[float | str], plan: Plan, shelf: Shelf) -> Axis:
    """Return an axis whose every value the plan can hold.

    Parameters
    ----------
    path
        A field or a result that can be typed.
    given
        A list as it is typed on the command line (`1T, 2T`; a comma always parts two values), or values:
        numbers in the coherent unit, texts, keys.
    plan, shelf
        Where the values are tried.

    Raises
    ------
    PlanError
        When there is no such path, or a value is none that it allows.
    RowError
        When the catalogue has no such row.
    """
    shown = _shown(path, plan, shelf)
    if shown.kind == "number":
        values: tuple[float, ...] | tuple[str, ...] = _numbers(path, given, shown)
    else:
        parts = re.split(r"[,;]", given) if isinstance(given, str) else [str(one) for one in given]
        values = tuple(part.strip() for part in parts)
    if not values or len(values) > _MOST:
        raise PlanError(path, _("a list has 1 to {most} values").format(most=f"{_MOST:,}"))
    if len(set(values)) < len(values):
        raise PlanError(path, _("a value comes twice in the list"))
    for value in values:
        if shown.kind == "row":
            shelf.find(shown.table, str(value))
        if value == "":
            raise PlanError(path, _("a value is missing between two separators"))
        plan.with_value(path, value)
    return Axis(path, values, shown.shown)


def _shown(path: str, plan: Plan, shelf: Shelf) -> Shown:
    shown = descriptions().get(path)
    if shown is not None:
        return shown
    paths = inputs_of(plan, shelf).graph.paths
    if path not in paths:
        raise PlanError(path, nearest(path, [*descriptions(), *paths]))
    return shown_of_quantity(paths[path])


def _numbers(path: str, given: str | Sequence[float | str], shown: Shown) -> tuple[float, ...]:
    if isinstance(given, str):
        if _GROUPS.search(given):
            raise PlanError(path, _("a comma parts two values here; write thousands without one"))
        return _read(path, given.replace(",", ";"), shown)
    found: list[float] = []
    for one in given:
        found += _read(path, one, shown) if isinstance(one, str) else (float(one),)
    return tuple(found)


def _read(path: str, text: str, shown: Shown) -> tuple[float, ...]:
    # The bounds of the field are tried by the plan, which says more about them.
    free = replace(shown, low=-1e300, high=1e300)
    try:
        value = read(text, free).value
    except NumberError as error:
        raise PlanError(path, error.sentence) from error
    if isinstance(value, tuple):
        return value
    if not isinstance(value, float):
        raise PlanError(path, _("a list holds single values"))
    return (value,)
