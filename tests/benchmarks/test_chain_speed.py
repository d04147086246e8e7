"""One estimate within a millisecond, curves of 400 points within twenty."""

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tcplan.catalogue.shelf import shipped
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import choose
from tcplan.given import inputs_of
from tcplan.plan.plan import Plan

RESULTS = ("total_cost", "run_time", "facility_energy", "location_carbon")


@pytest.fixture(scope="module")
def chain() -> tuple[Graph, dict[str, Any]]:
    inputs = inputs_of(Plan(), shipped())
    return inputs.graph, inputs.values()


def within(benchmark: BenchmarkFixture, seconds: float) -> None:
    if benchmark.stats is not None:
        assert benchmark.stats.stats.min < seconds


def new_estimate(graph: Graph, inputs: dict[str, Any]) -> Callable[[], float]:
    devices = count(1024)

    def compute() -> float:
        point = {**inputs, "devices": float(next(devices))}
        return float(graph.solve({**point, **choose(graph, point, {})})["total_cost"])

    return compute


def test_one_estimate_with_a_new_layout_takes_1_ms(
    benchmark: BenchmarkFixture, chain: tuple[Graph, dict[str, Any]]
) -> None:
    assert benchmark(new_estimate(*chain)) > 0
    within(benchmark, 0.001)


def test_one_estimate_with_a_known_layout_takes_a_fifth_of_it(
    benchmark: BenchmarkFixture, chain: tuple[Graph, dict[str, Any]]
) -> None:
    graph, inputs = chain
    assert benchmark(lambda: graph.solve({**inputs, **choose(graph, inputs, {})})["total_cost"]) > 0
    within(benchmark, 0.0002)


def test_four_curves_over_devices_take_20_ms(
    benchmark: BenchmarkFixture, chain: tuple[Graph, dict[str, Any]]
) -> None:
    graph, inputs = chain
    points = {**inputs, "devices": np.round(np.geomspace(64.0, 65_536.0, 400))}

    def compute() -> dict[str, Any]:
        with np.errstate(all="ignore"):
            return graph.solve({**points, **choose(graph, points, {})}, RESULTS, keep=False)

    curves = benchmark(compute)
    assert {one.shape for one in curves.values()} == {(400,)}
    within(benchmark, 0.020)


def test_ten_thousand_layouts_on_an_open_mesh_take_10_ms(
    benchmark: BenchmarkFixture, chain: tuple[Graph, dict[str, Any]]
) -> None:
    graph, inputs = chain
    degrees = 2.0 ** np.arange(5)
    axes = np.ix_(degrees[:4], degrees, degrees[:4], np.arange(128.0, 256.0))
    names = ("tensor", "pipeline", "micro_batch", "devices")
    rest = {"context": 1.0, "expert": 1.0, "interleave": 1.0, "recompute": 0.0, "sharding": 1.0}
    mesh = {**inputs, **rest, **dict(zip(names, axes, strict=True))}
    steps = benchmark(lambda: graph.solve(mesh, ("step_time",), keep=False)["step_time"])
    assert steps.size == 10_240
    within(benchmark, 0.010)
