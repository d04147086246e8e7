"""Constants of a stack fitted to steps measured on one's own cluster.

The stack is a copy of the one that the rows stand on, with at most five constants of its own for each
generation and precision, and a band from rows that were left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log, log1p, sqrt
from statistics import median
from types import MappingProxyType

import numpy as np

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.estimate import evaluate
from tcplan.language import _, plural
from tcplan.plan.plan import Plan
from tcplan.validation.bands import regime_band
from tcplan.validation.fit import Array, Constant, Fit, Fitted, comparable, fit, sensitivities
from tcplan.validation.own_stack import PREFIX, OwnStackError
from tcplan.validation.place import Place, place_at
from tcplan.validation.steps import Prediction

FEWEST = 3
MOST = 5
"""Constants of one generation and precision that are fitted; more would follow the noise."""
_PRIORS = {
    "gemm_efficiency": 0.15,
    "host_time": 0.5,
    "gather_contention": 0.5,
    "tensor_overlap": 0.4,
    "scale_up_share": 0.2,
    "nic_share": 0.2,
    "attention_share": 0.3,
    "memory_share": 0.15,
    "grouped_share": 0.15,
    "routing_host_time": 0.5,
    "kernel_time": 0.3,
}
"""Sigma, in log, of constants between stacks on the same hardware; for others that of their row."""
_SEPARATOR = re.compile(r"[_ ]+")
_REASONS = 2
_OTHER_UNIT = 100.0
"""Times apart from which on a step was not measured in seconds, or not of this run."""
_SILENT = 0.02
_SAMPLE = 24
_WRONG, _CLEARLY = 0.3, 0.5
"""The log error from which on rows stand on the wrong stack, and how much less another one must err."""
_PSEUDO_ROWS = 5.0
_SIDE = 1.645
"""Standard deviations that leave 5 of 100 beyond."""


@dataclass(frozen=True)
class Calibration:
    """Constants fitted to one's own steps.

    `rows` are those of the tables `stacks` and `performance` that make the stack; `low` and `high` are its
    band, measured over predicted; `skipped` are the rows that had no part.
    """

    name: str
    parent: Row
    rows: tuple[Row, ...]
    fit: Fit
    low: float
    high: float
    before: tuple[float, float]
    skipped: tuple[Prediction, ...]

    def label(self, one: Fitted) -> str:
        """Return what a person calls a constant, with the hardware and precision that it is for."""
        row = self._row(one)
        return f"{_(row.name)}, {row.get('generation')} {row.get('precision')}"

    def written(self, one: Fitted, value: float) -> str:
        """Return a value of a constant with its unit; times of kernels and hooks in microseconds."""
        unit = str(self._row(one).get("unit") or "1")
        if unit == "1":
            return f"{value:.3g}"
        return f"{1e6 * value:.4g} µs" if unit == "s" else f"{value:.3g} {unit}"

    def _row(self, one: Fitted) -> Row:
        return next(row for row in self.rows if row.key == one.constant.key)

    @staticmethod
    def mean_error(residual: Array) -> float:
        """Return the mean of the absolute errors in per cent for logs of measured over predicted."""
        return 100.0 * float(np.abs(np.expm1(-residual)).mean())


def calibrate(name: str, predictions: Sequence[Prediction], shelf: Shelf) -> Calibration:
    """Fit the constants of a stack of this name to measured steps.

    Parameters
    ----------
    name
        What the person calls the stack.
    predictions
        Rows with what the shipped constants predict.
    shelf
        The catalogue.

    Raises
    ------
    OwnStackError
        When fewer than three rows can be compared, or the name holds no letter.
    """
    usable = comparable(predictions)
    skipped = tuple(one for one in predictions if not one.error_pct > -100.0)
    if len(usable) < FEWEST:
        sentence = plural(
            "{count} row can be compared with a prediction; a calibration needs three at least",
            "{count} rows can be compared with a prediction; a calibration needs three at least",
            len(usable),
        )
        raise OwnStackError("; ".join([sentence.format(count=len(usable)), *_reasons(predictions)]))
    _refuse_other_units(usable)
    parent = _parent(usable, shelf)
    stack = _stack_row(name, parent, usable)
    drafts = [_draft(row, stack) for row in _constants_in_force(usable, parent, shelf)]
    inherited = [
        _inherited(row, stack) for row in shelf.rows("performance") if row.get("stack") == parent.key
    ]
    own = {row.key: row for row in (*inherited, *drafts)}
    trial = shelf.with_rows([stack, *own.values()])
    placed = [_placed(one, stack.key, trial) for one in usable]
    chosen = _chosen(drafts, placed, trial)
    found = fit(placed, chosen, trial)
    fitted = {one.constant.key: one.value for one in found.constants}
    rows = [_with_value(row, fitted[row.key]) if row.key in fitted else row for row in own.values()]
    before = regime_band(_places(usable)[0])
    low, high = _band(found.left_out, before.low, before.high)
    stack = _with_band(stack, low, high, placed)
    kept = tuple(row for row in rows if row.key in fitted or row not in drafts)
    return Calibration(name, parent, (stack, *kept), found, low, high, (before.low, before.high), skipped)


def _reasons(predictions: Sequence[Prediction]) -> list[str]:
    """Return why rows cannot be compared, what most of them lack first, and no more than two reasons."""
    found = [
        one.skipped or _("neither step_s nor tokens_per_s_per_device is stated")
        for one in predictions
        if not one.error_pct > -100.0
    ]
    return sorted(dict.fromkeys(found), key=found.count, reverse=True)[:_REASONS]


def _refuse_other_units(usable: Sequence[Prediction]) -> None:
    for one in usable:
        measured = one.measured_step_s
        if abs(log(measured / one.step_s)) > log(_OTHER_UNIT):
            sentence = _("{row}: {measured} s a step where {predicted} s are predicted; is it in seconds?")
            raise OwnStackError(
                sentence.format(
                    row=one.row.id or _("a row"), measured=f"{measured:.3g}", predicted=f"{one.step_s:.3g}"
                )
            )


def key_of(name: str) -> str:
    """Return the key of a stack of this name.

    Raises
    ------
    OwnStackError
        When the name holds neither letter nor digit.
    """
    key = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60]
    if not key:
        raise OwnStackError(_("give the stack a name with a letter from A to Z or a digit"))
    return PREFIX + key


def _parent(usable: Sequence[Prediction], shelf: Shelf) -> Row:
    """Return the stack that most rows stand on, or the nearest one where none is named and it is far off."""
    keys = [one.estimate.inputs.rows.stack for one in usable if one.estimate is not None]
    named = [row.key for row in keys if row is not None]
    if not named:
        raise OwnStackError(_("no stack is known for these rows"))
    usual = max(named, key=named.count)
    if any(one.row.text("stack") for one in usable):
        return shelf.find("stacks", usual)
    some = usable[:: -(-len(usable) // _SAMPLE)]
    error = _error_on(usual, some, shelf)
    if error < _WRONG:
        return shelf.find("stacks", usual)
    others = [row.key for row in shelf.rows("stacks") if not row.key.startswith(PREFIX)]
    errors = {key: _error_on(key, some, shelf) for key in others}
    best = min(errors, key=lambda key: errors[key])
    return shelf.find("stacks", best if errors[best] < _CLEARLY * error else usual)


def _error_on(stack: str, rows: Sequence[Prediction], shelf: Shelf) -> float:
    """Return the median size of the log errors of rows on a stack, infinite where it cannot predict them."""
    placed = [_placed(one, stack, shelf) for one in rows]
    errors = [abs(log1p(one.error_pct / 100.0)) for one in placed if one.error_pct > -100.0]
    return median(errors) if len(errors) == len(rows) else inf


def _stack_row(name: str, parent: Row, usable: Sequence[Prediction]) -> Row:
    days = [one.row.text("date") for one in usable if one.row.text("date")]
    values = {key: value for key, value in parent.values.items() if key not in ("generations", "notes")}
    values |= {"name": name, "basis": "measured", "parent": parent.key}
    source = _("{count} steps measured on one's own cluster").format(count=len(usable))
    return Row("stacks", key_of(name), MappingProxyType(values), source, max(days, default=""), "medium")


def _constants_in_force(usable: Sequence[Prediction], parent: Row, shelf: Shelf) -> list[Row]:
    """Return the row of each constant that may be fitted, made narrow to a generation and a precision."""
    found: dict[str, Row] = {}
    for one in usable:
        estimate = evaluate(_on(one.plan, parent.key), shelf)
        place = place_at(estimate)
        for given in estimate.given.values():
            table, _slash, key = given.row.partition("/")
            if table != "performance" or not given.value > 0.0:
                continue
            row = shelf.find(table, key)
            sigma = _PRIORS.get(given.name) or row.number("sigma")
            if sigma:
                name = f"{given.name}-{place.generation}-{place.precision}"
                where: dict[str, float | str] = {"generation": place.generation, "precision": place.precision}
                where["sigma"] = sigma
                own = replace(
                    row,
                    key=_SEPARATOR.sub("-", name.lower()),
                    values=MappingProxyType({**row.values, **where}),
                )
                found.setdefault(own.key, own)
    return list(found.values())


def _draft(row: Row, stack: Row) -> Row:
    values = {**row.values, "stack": stack.key}
    return replace(
        row,
        key=f"{row.key}-{stack.key}",
        values=MappingProxyType(values),
        source=stack.source,
        date=stack.date,
    )


def _inherited(row: Row, stack: Row) -> Row:
    values = {**row.values, "stack": stack.key}
    return replace(row, key=f"{row.key}-{stack.key}", values=MappingProxyType(values))


def _with_value(row: Row, value: float) -> Row:
    return replace(row, values=MappingProxyType({**row.values, "value": value}))


def _on(plan: Plan | None, stack: str) -> Plan:
    return (plan or Plan()).with_value("layout.stack", stack)


def _placed(one: Prediction, stack: str, shelf: Shelf) -> Prediction:
    plan = _on(one.plan, stack)
    estimate = evaluate(plan, shelf)
    return replace(one, plan=plan, estimate=estimate, step_s=float(estimate.values["predicted_step_time"]))


def _places(rows: Sequence[Prediction]) -> list[Place]:
    return [place_at(one.estimate) for one in rows if one.estimate is not None]


def _chosen(drafts: Sequence[Row], placed: Sequence[Prediction], shelf: Shelf) -> list[Constant]:
    """Return the five constants of each generation and precision of which the rows say most."""
    constants = [Constant(row.key, row.number("value") or 0.0, row.number("sigma") or 0.0) for row in drafts]
    told = sensitivities(placed, constants, shelf)
    by_place: dict[tuple[object, object], list[tuple[float, int]]] = {}
    for at, row in enumerate(drafts):
        if told[at] > _SILENT:
            place = row.get("generation"), row.get("precision")
            by_place.setdefault(place, []).append((float(told[at]), at))
    best = [at for members in by_place.values() for _told, at in sorted(members, reverse=True)[:MOST]]
    return [constants[at] for at in sorted(best)]


def _band(left_out: Array, low: float, high: float) -> tuple[float, float]:
    """Return the band of rows that were left out, with that of the regime counting as a few rows more."""
    sides = -log(low) / _SIDE, log(high) / _SIDE
    many = len(left_out)
    spread = float((left_out**2).sum())
    found = [sqrt((_PSEUDO_ROWS * side**2 + spread) / (_PSEUDO_ROWS + many)) for side in sides]
    below = min(found[0], sides[0]) * _SIDE
    above = max(min(found[1], sides[1]) * _SIDE, below)
    return exp(-below), exp(above)


def _with_band(stack: Row, low: float, high: float, placed: Sequence[Prediction]) -> Row:
    places = _places(placed)
    hardware = dict.fromkeys(f"{place.generation} {place.precision}" for place in places)
    devices = max(place.devices for place in places)
    band: dict[str, float | str] = {"band_low": low, "band_high": high, "band_devices": devices}
    band["band_hardware"] = "; ".join(hardware)
    return replace(stack, values=MappingProxyType({**stack.values, **band}))
