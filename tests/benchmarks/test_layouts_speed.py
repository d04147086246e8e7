"""How fast layouts are examined, through the functions of the chain and from the command line."""

import subprocess
import sys
import time
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tcplan.chain.layout_choice import NAMES
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.file import to_bytes
from tcplan.study.layout_mesh import LEADING, PLACE, Mesh
from tcplan.study.layouts import CELLS, PREDICTED, Found, search

RATE = 20e6
WHOLE = 2.0
CANCEL = 0.1
MEMORY = 300e6
KEYS = ["gpt3-175b", "deepseek-v3"]


def within(benchmark: BenchmarkFixture, seconds: float) -> None:
    if benchmark.stats is not None:
        assert benchmark.stats.stats.min < seconds


def mesh_of(key: str) -> Mesh:
    """Ten million layouts, none of which any rule leaves out."""
    estimate = evaluate(example(key).plan)
    inputs = {name: value for name, value in estimate.inputs.values().items() if name not in NAMES}
    sparse = inputs["experts"] > 0
    counts = {"micro_batch": 16, "interleave": 8, "context": 8, "tensor": 8}
    axes = {name: tuple(np.arange(1.0, count + 1)) for name, count in counts.items()}
    axes["expert"] = (1.0, 2.0, 4.0, 8.0) if sparse else (1.0,)
    axes["pipeline"] = tuple(np.arange(1.0, 25.0 if sparse else 97.0))
    axes |= {"recompute": (0.0, 1.0, 2.0), "sharding": (0.0, 1.0, 2.0, 3.0, 4.0)}
    return Mesh(estimate.graph, inputs, axes)


@pytest.mark.parametrize("key", KEYS)
def test_twenty_million_layouts_a_second_on_one_core(benchmark: Any, key: str) -> None:  # noqa: ANN401
    """Memory and step of every layout, nothing left out: what the search does at worst."""
    mesh = mesh_of(key)
    count = prod(mesh.shape[len(LEADING) :])
    size = CELLS // prod(mesh.shape[: len(LEADING)])

    def evaluate_all() -> float:
        least = np.inf
        for start in range(0, count, size):
            places = np.unravel_index(np.arange(start, min(start + size, count)), mesh.shape[-len(PLACE) :])
            found = mesh.block(np.array(places), ("memory_peak", PREDICTED))
            least = min(least, float(np.fmin.reduce(found[PREDICTED], axis=None)))
        return least

    assert benchmark.pedantic(evaluate_all, rounds=3 if benchmark.enabled else 1) > 0.0
    within(benchmark, prod(mesh.shape) / RATE)


@pytest.mark.parametrize("key", KEYS)
def test_the_search_for_the_window(benchmark: Any, key: str) -> None:  # noqa: ANN401
    """With rules and reasons, and with all digits of the best fifty."""
    estimate = evaluate(example(key).plan)
    assert benchmark(lambda: search(estimate, top=50)).layouts
    within(benchmark, 0.2)


def test_ten_million_layouts_of_gpt3_from_the_command_line(benchmark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """The start of the process included; it stays below 300 MB."""
    plan = tmp_path / "plan.tcplan"
    plan.write_bytes(to_bytes(example("gpt3-175b")))
    # The process tells its own peak: what the system tells of a child counts the parent that forked it.
    told = "import sys; from tcplan.cli import main; code = main(sys.argv[1:]); "
    told += "lines = open('/proc/self/status').read().splitlines(); "
    told += "print(next(one for one in lines if 'VmHWM' in one).split()[1], file=sys.stderr); sys.exit(code)"
    command = [sys.executable, "-c", told, "layouts", str(plan), "--json"]

    def ask() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, check=True, capture_output=True)

    done = benchmark.pedantic(ask, rounds=3 if benchmark.enabled else 1)
    assert b'"examined": 1' in done.stdout
    within(benchmark, WHOLE)
    assert float(done.stderr.split()[-1]) * 1024.0 < MEMORY


def test_a_search_ends_within_a_tenth_of_a_second(benchmark: Any) -> None:  # noqa: ANN401
    """Where every layout is examined: no block may hold up somebody who wants to stop."""
    estimate = evaluate(example("deepseek-v3").plan.with_value("layout.recompute", "full"))
    gaps: list[float] = []

    def ask() -> Found:
        last = time.perf_counter()

        def between(_share: float) -> None:
            nonlocal last
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

        return search(estimate, between=between, anywhere=True)

    assert benchmark.pedantic(ask, rounds=3 if benchmark.enabled else 1).layouts
    if benchmark.stats is not None:
        assert max(gaps) < CANCEL
