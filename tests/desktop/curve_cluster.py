"""A made-up cluster with a known optimum, in the shapes of estimate and curve that the view is given."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tcplan.plan.plan import Plan

UNITS = {
    "money.total": "USD",
    "time.run": "s",
    "energy.facility": "kWh",
    "carbon.location": "kgCO2e",
    "carbon.market": "kgCO2e",
    "water.total": "L",
    "time.device_hours": "h",
    "loss.predicted": "nat/token",
}
DEFAULTS = {
    "hardware.devices": 2048.0,
    "training.tokens": 15e12,
    "training.sequence": 8192.0,
    "purchase.price": 2.3 / 3600,
    "site.pue": 1.2,
}


def results(x_path: str, x: Any, plan: Plan) -> dict[str, Any]:  # noqa: ANN401
    """Return every result in its printed unit; money has its lowest point at 930 devices."""
    values = {path: central(plan, path) for path in DEFAULTS} | {x_path: x}
    devices, tokens = values["hardware.devices"], values["training.tokens"]
    price = values["purchase.price"] * 3600
    share = 0.72 / (1 + (devices / 9000.0) ** 1.1)
    hours = tokens * 4.2e11 * 1.05 / (4.2e14 * share) / 3600.0 / 1.35
    days = hours / devices / 24.0
    money = hours * price + days * 35_000.0
    energy = hours * 1.1 * values["site.pue"]
    return {
        "money.total": money,
        "time.run": days * 86_400.0,
        "energy.facility": energy,
        "carbon.location": energy * 0.05,
        "carbon.market": energy * 0.02,
        "water.total": energy * 2.0,
        "time.device_hours": hours,
        "loss.predicted": 1.69 + 410.0 / tokens**0.28,
    }


def central(plan: Plan, path: str) -> float:
    value = plan.get(path)
    return float(value) if isinstance(value, float) else DEFAULTS[path]


@dataclass
class FakeEstimate:
    """What the view reads of an estimate."""

    plan: Plan = field(default_factory=Plan)

    def __getitem__(self, path: str) -> SimpleNamespace:
        if path == "model.parameters":
            return SimpleNamespace(path=path, si=70e9, value=70e9, unit="1")
        value = float(results("none", 0.0, self.plan)[path])
        return SimpleNamespace(path=path, value=value, unit=UNITS[path])

    def field(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(path=path, value=central(self.plan, path))


@dataclass
class FakeCurve:
    """What the view reads of a curve."""

    x_path: str
    xs: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    units: dict[str, str]
    fits: NDArray[np.bool_]


def computed(estimate: FakeEstimate, x_path: str, xs: NDArray[np.float64], paths: list[str]) -> FakeCurve:
    """Return the curves of an estimate; everything fits."""
    every = results(x_path, xs, estimate.plan)
    values = {path: np.broadcast_to(np.asarray(every[path], float), xs.shape) for path in paths}
    return FakeCurve(x_path, xs, values, UNITS, np.ones(xs.shape, dtype=bool))
