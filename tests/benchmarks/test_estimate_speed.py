"""How long a person waits: `pytest tests/benchmarks --benchmark-enable` prints the figures."""

from itertools import count

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example
from tcplan.plan.plan import Plan
from tcplan.study.curve import Curve, curve

RESULTS = ("money.total", "time.run", "energy.facility", "carbon.location")
PLANS = {
    "dense": Plan(),
    "sparse": example("deepseek-v3").plan,
    "U-Net": Plan().set("model.preset", "stable-diffusion-1.5"),
}


@pytest.mark.parametrize("kind", PLANS)
def test_one_estimate_after_an_edit_that_keeps_the_layout(benchmark: BenchmarkFixture, kind: str) -> None:
    tokens = count(10**12)

    def edit() -> Estimate:
        return evaluate(PLANS[kind].with_value("training.tokens", float(next(tokens))))

    assert benchmark(edit)["money.total"].value > 0


@pytest.mark.parametrize("kind", PLANS)
def test_one_estimate_with_a_new_layout(benchmark: BenchmarkFixture, kind: str) -> None:
    devices = count(2048)

    def edit() -> Estimate:
        return evaluate(PLANS[kind].with_value("hardware.devices", float(next(devices))))

    assert benchmark(edit)["money.total"].value > 0


@pytest.mark.parametrize("path", ["hardware.devices", "training.tokens"])
@pytest.mark.parametrize("kind", PLANS)
def test_four_curves_of_400_points(benchmark: BenchmarkFixture, kind: str, path: str) -> None:
    estimate = evaluate(PLANS[kind])
    middle = estimate.field(path).value
    shifts = count(1)

    def draw() -> Curve:
        xs = np.round(np.geomspace(middle / 8, middle * 8, 400)) + next(shifts)
        return curve(estimate, path, xs, RESULTS)

    assert np.isfinite(benchmark(draw).values["money.total"]).any()
