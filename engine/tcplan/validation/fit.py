"""Constants from measured steps: the likeliest values, held to their priors where the rows say nothing.

A constant is a row of the performance table. Its value enters every step that this row is nearest to, so one
fit serves rows of several models, sizes and layouts; nothing belongs to a model or to a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tcplan.catalogue.shelf import Shelf
from tcplan.chain.graph import Graph
from tcplan.estimate import evaluate
from tcplan.validation.steps import Prediction

Array = NDArray[np.float64]

NOISE = 0.06
"""Scatter of measured steps about a perfect prediction, in log: layouts read from their own neighbours."""
_SHARP = 1.5
_SHARES = ("_efficiency", "_share")
_STEP = 1e-3
_ROUNDS = 40
_SETTLED = 1e-6
_TIME = "predicted_step_time"


@dataclass(frozen=True, slots=True)
class Constant:
    """A row of the performance table that is to be fitted: its prior value, and how sure that is, in log."""

    key: str
    prior: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A constant after the fit; `spread` is what is left of its sigma, `rows` how many steps use it."""

    constant: Constant
    value: float
    spread: float
    rows: int

    @property
    def learned(self) -> float:
        """Return how much of the prior's variance the rows removed: 0 when they say nothing [1]."""
        return 1.0 - (self.spread / self.constant.sigma) ** 2


@dataclass(frozen=True)
class Fit:
    """A fit: its constants, and for each row in order the log of measured over predicted time.

    `left_out` is what the error of each row would be had the fit not seen it, to first order; `without` gives
    the same for rows left out together.
    """

    constants: tuple[Fitted, ...]
    predictions: tuple[Prediction, ...]
    before: Array
    after: Array
    _share: Array = field(repr=False)

    @property
    def left_out(self) -> Array:
        """Return the residual of each row by constants fitted to the others."""
        return self.after / np.maximum(1.0 - np.diag(self._share), 0.05)

    def without(self, labels: Sequence[str]) -> Array:
        """Return the residual of each row by constants fitted to the rows of other labels only."""
        found = np.empty_like(self.after)
        names = np.asarray(labels)
        for name in dict.fromkeys(labels):
            at = np.flatnonzero(names == name)
            rest = np.eye(len(at)) - self._share[np.ix_(at, at)]
            found[at] = np.linalg.lstsq(rest, self.after[at], rcond=0.05)[0]
        return found


class _Batch(NamedTuple):
    """Rows of one graph with the same names given and one quantity measured: an array for each name."""

    graph: Graph
    target: str
    at: NDArray[np.intp]
    inputs: dict[str, Array]


class FitError(ValueError):
    """Rows from which nothing can be fitted, with the reason in a sentence."""


def fit(
    predictions: Sequence[Prediction],
    constants: Sequence[Constant],
    shelf: Shelf,
    held: Sequence[float] | None = None,
    *,
    memory: bool = False,
) -> Fit:
    """Return the likeliest constants given measured steps and priors.

    Rows far from all others count less (Huber), and a constant that no row depends on stays where it was.

    Parameters
    ----------
    predictions
        Rows with a plan and a measured time; others have no part.
    constants
        What to fit; the shelf has their rows.
    shelf
        The catalogue.
    held
        Values of the constants that are to be judged as they stand; the likeliest ones when None.
    memory
        Whether peak memory was measured, in place of the time of a step.
    """
    rows = comparable(predictions, memory=memory)
    problem = _Problem(rows, constants, shelf, memory=memory)
    start = problem.priors.copy()
    if held is None:
        found, jacobian, residual = problem.solve(start)
    else:
        found = np.log(np.asarray(held, np.float64))
        jacobian, residual = problem.jacobian(found), problem.residual(found)
    weights = _weights(residual)
    precision = jacobian.T @ (jacobian * weights[:, None]) / NOISE**2 + np.diag(problem.stiffness)
    covariance = np.linalg.inv(precision) if constants else np.zeros((0, 0))
    share = jacobian @ covariance @ (jacobian * weights[:, None]).T / NOISE**2
    fitted = tuple(
        Fitted(one, exp(value), sqrt(variance), int(count))
        for one, value, variance, count in zip(
            constants, found, np.diag(covariance), problem.uses.sum(axis=1), strict=True
        )
    )
    return Fit(fitted, rows, problem.residual(start), residual, share)


def sensitivities(predictions: Sequence[Prediction], constants: Sequence[Constant], shelf: Shelf) -> Array:
    """Return what the rows say of each constant: their information over that of its prior."""
    rows = comparable(predictions)
    problem = _Problem(rows, constants, shelf)
    jacobian = problem.jacobian(problem.priors)
    return np.asarray((jacobian**2).sum(axis=0) / NOISE**2 / problem.stiffness)


def comparable(predictions: Sequence[Prediction], *, memory: bool = False) -> tuple[Prediction, ...]:
    """Return the rows that have a predicted and a measured time, or peak memory."""

    def error(one: Prediction) -> float:
        return one.memory_error_pct if memory else one.error_pct

    return tuple(one for one in predictions if one.plan is not None and error(one) > -100.0)


class _Problem:
    """Residuals of rows as a function of the logs of the constants."""

    def __init__(
        self, rows: Sequence[Prediction], constants: Sequence[Constant], shelf: Shelf, *, memory: bool = False
    ) -> None:
        self.priors = np.log(np.array([one.prior for one in constants], dtype=np.float64))
        self.stiffness = np.array([one.sigma**-2 for one in constants])
        measured = [one.measured_memory if memory else one.measured_step_s for one in rows]
        self._measured = np.log(measured) if rows else np.zeros(0)
        self._names = [str(shelf.find("performance", one.key).get("coefficient")) for one in constants]
        self.uses = np.zeros((len(constants), len(rows)), dtype=np.bool_)
        shares = np.array([name.endswith(_SHARES) for name in self._names], dtype=np.bool_)
        # A share passes one only where its prior says that the rated figure is not the limit.
        self.ceiling = np.where(shares, np.maximum(self.priors, 0.0), np.inf)
        self._batches = self._stacked(rows, [one.key for one in constants], shelf, memory)

    def _stacked(
        self, rows: Sequence[Prediction], keys: list[str], shelf: Shelf, memory: bool
    ) -> list[_Batch]:
        found: dict[tuple[Graph, str, frozenset[str]], list[tuple[int, dict[str, float]]]] = {}
        for at, row in enumerate(rows):
            if row.plan is None:
                continue
            estimate = evaluate(row.plan, shelf)
            for which, key in enumerate(keys):
                given = estimate.given.get(f"performance.{self._names[which]}")
                self.uses[which, at] = given is not None and given.row == f"performance/{key}"
            inputs = {**estimate.inputs.values(), **estimate.layout}
            target = row.held if memory else _TIME
            found.setdefault((estimate.graph, target, frozenset(inputs)), []).append((at, inputs))
        return [
            _Batch(
                graph,
                target,
                np.array([at for at, _inputs in members]),
                {name: np.array([inputs[name] for _at, inputs in members]) for name in names},
            )
            for (graph, target, names), members in found.items()
        ]

    def residual(self, logs: Array) -> Array:
        """Return the log of measured over predicted time of each row."""
        found = np.zeros(len(self._measured))
        for batch in self._batches:
            self._predict(batch, logs, found)
        return self._measured - found

    def jacobian(self, logs: Array) -> Array:
        """Return how the log of each predicted time moves with the log of each constant."""
        still = self._measured - self.residual(logs)
        found = np.zeros((len(self._measured), len(logs)))
        for which in range(len(logs)):
            moved = logs.copy()
            moved[which] += _STEP
            column = still.copy()
            for batch in self._batches:
                if self.uses[which, batch.at].any():
                    self._predict(batch, moved, column)
            found[:, which] = (column - still) / _STEP
        return found

    def _predict(self, batch: _Batch, logs: Array, into: Array) -> None:
        inputs: dict[str, float | Array] = dict(batch.inputs)
        for which, name in enumerate(self._names):
            used = self.uses[which, batch.at]
            if used.any():
                inputs[name] = np.where(used, exp(logs[which]), inputs[name])
        found = batch.graph.solve(inputs, (batch.target,), keep=False)[batch.target]
        with np.errstate(all="ignore"):
            into[batch.at] = np.log(np.broadcast_to(np.asarray(found, np.float64), batch.at.shape))

    def solve(self, start: Array) -> tuple[Array, Array, Array]:
        """Return the minimum by damped steps of Gauss and Newton, with Jacobian and residual there."""
        logs, damping = start.copy(), 1e-3
        residual = self.residual(logs)
        cost = self._cost(logs, residual)
        jacobian = self.jacobian(logs)
        for _round in range(_ROUNDS if len(logs) else 0):
            weighted = jacobian * _weights(residual)[:, None]
            downhill = weighted.T @ residual / NOISE**2 - self.stiffness * (logs - self.priors)
            curvature = weighted.T @ jacobian / NOISE**2 + np.diag(self.stiffness)
            held = (logs >= self.ceiling) & (downhill > 0.0)
            curvature[held, :] = curvature[:, held] = 0.0
            curvature[held, held] = 1.0
            downhill[held] = 0.0
            move = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), downhill)
            move = np.minimum(logs + move, self.ceiling) - logs
            trial = self.residual(logs + move)
            lower = self._cost(logs + move, trial)
            if lower >= cost:
                damping *= 10.0
                if damping > 1e6:
                    break
                continue
            settled = cost - lower < _SETTLED * cost
            logs, residual, cost, damping = logs + move, trial, lower, damping / 10.0
            jacobian = self.jacobian(logs)
            if settled:
                break
        return logs, jacobian, residual

    def _cost(self, logs: Array, residual: Array) -> float:
        size = np.abs(residual) / NOISE
        rows = np.where(size <= _SHARP, 0.5 * size**2, _SHARP * (size - 0.5 * _SHARP))
        return float(rows.sum() + 0.5 * (self.stiffness * (logs - self.priors) ** 2).sum())


def _weights(residual: Array) -> Array:
    return np.minimum(1.0, _SHARP * NOISE / np.maximum(np.abs(residual), 1e-12))
