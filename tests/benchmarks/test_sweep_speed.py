"""How long a sweep takes: `pytest tests/benchmarks --benchmark-enable` prints the figures."""

from itertools import count

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tcplan.examples import example
from tcplan.plan.plan import Plan
from tcplan.study.sweep import Table, sweep

PLANS = {"dense": Plan(), "sparse": example("deepseek-v3").plan}


@pytest.mark.parametrize("kind", PLANS)
def test_100_000_points_that_keep_the_layout(benchmark: BenchmarkFixture, kind: str) -> None:
    """A loop over points in the place of arrays would take a hundred times as long."""
    vary = {
        "training.tokens": np.linspace(1e12, 15e12, 1000).tolist(),
        "site.pue": np.linspace(1.05, 1.6, 100).tolist(),
    }

    def product() -> Table:
        return sweep(PLANS[kind], vary)

    assert len(benchmark(product)["money.total"]) == 100_000


@pytest.mark.parametrize("kind", PLANS)
def test_500_points_each_with_a_layout_of_its_own(benchmark: BenchmarkFixture, kind: str) -> None:
    """The search for each point is all that such a sweep costs."""
    first = count(64)

    def product() -> Table:
        # Other devices each time: what was searched before is remembered.
        begin = next(first)
        vary = {"hardware.devices": [float(begin + 64 * one) for one in range(500)]}
        return sweep(PLANS[kind], vary, ["money.total", "time.run"])

    assert len(benchmark(product)["money.total"]) == 500
