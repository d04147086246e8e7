from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.catalogue.shelf import shipped
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import MEMORY_SHARE, NAMES, choose
from tcplan.estimate import evaluate
from tcplan.examples import example, example_keys
from tcplan.given import inputs_of
from tcplan.plan.plan import Plan
from tcplan.study.layouts import PREDICTED, search

IDEAL = {
    "jitter": 0.0,
    "scale_up_latency": 0.0,
    "nic_latency": 0.0,
    "scale_up_bandwidth": 1e30,
    "nic_bandwidth": 1e30,
    "failure_time": 1e30,
    "checkpoint_bandwidth": 1e30,
    "restart_time": 0.0,
}


def plan(preset: str = "llama3.1-70b", **changes: Any) -> tuple[Graph, dict[str, Any]]:  # noqa: ANN401
    inputs = inputs_of(Plan().set("model.preset", preset), shipped())
    return inputs.graph, {**inputs.values(), **changes}


def solved(graph: Graph, inputs: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any]:
    return graph.solve({**inputs, **layout})


@pytest.mark.parametrize("preset", ["gpt2", "llama3.1-8b", "llama3.1-405b", "mixtral-8x7b", "deepseek-v3"])
@pytest.mark.parametrize("devices", [512.0, 4096.0])
def test_a_chosen_layout_fits_and_divides(preset: str, devices: float) -> None:
    # Catches: heads that are cut, more stages than layers, experts on more devices than there are.
    graph, inputs = plan(preset, devices=devices)
    layout = choose(graph, inputs, {})
    assert set(layout) == set(NAMES)
    assert all(isinstance(value, float) for value in layout.values())
    values = solved(graph, inputs, layout)
    assert values["memory_peak"] <= MEMORY_SHARE * inputs["memory"]
    assert inputs["heads"] % layout["tensor"] == 0
    assert layout["tensor"] <= inputs["scale_up_domain"]
    assert layout["pipeline"] * layout["interleave"] <= inputs["layers"]
    assert layout["expert"] <= values["data"] * layout["context"] * layout["tensor"]
    assert inputs["experts"] % layout["expert"] == 0 if inputs["experts"] else layout["expert"] == 1.0


def test_no_other_layout_that_fits_is_faster() -> None:
    # Catches: a search that leaves out a term or mixes up its axes. Every cell one by one, on plain numbers.
    for preset, devices in (("llama3.1-8b", 64.0), ("llama3.1-70b", 256.0)):
        graph, inputs = plan(preset, devices=devices)
        best = solved(graph, inputs, choose(graph, inputs, {}))["step_time"]
        axes = ((1.0, 2.0, 4.0, 8.0), (1.0, 2.0, 4.0, 8.0), (1.0, 2.0), (0.0, 2.0), (1.0, 3.0))
        for tensor, pipeline, micro_batch, recompute, sharding in product(*axes):
            layout = {
                "tensor": tensor,
                "pipeline": pipeline,
                "micro_batch": micro_batch,
                "recompute": recompute,
            }
            layout |= {"sharding": sharding, "context": 1.0, "expert": 1.0, "interleave": 1.0}
            values = solved(graph, inputs, layout)
            if values["memory_peak"] <= MEMORY_SHARE * inputs["memory"]:
                assert best <= values["step_time"] * (1 + 1e-9), layout


def test_what_is_fixed_stays() -> None:
    # Catches: a degree that a person typed and that the search replaces.
    graph, inputs = plan()
    fixed = {"tensor": 2.0, "recompute": 1.0, "sharding": 2.0, "interleave": 3.0, "pipeline": 5.0}
    layout = choose(graph, inputs, fixed)
    assert {name: layout[name] for name in fixed} == fixed
    everything = dict.fromkeys(NAMES, 1.0)
    assert choose(graph, inputs, everything) == everything


@pytest.mark.parametrize("fixed", [{"tensor": 3.0}, {"tensor": 4096.0}, {"pipeline": 500.0}, {"expert": 7.0}])
def test_an_impossible_degree_is_no_error(fixed: dict[str, float]) -> None:
    for preset in ("llama3.1-70b", "deepseek-v3"):
        graph, inputs = plan(preset)
        layout = choose(graph, inputs, fixed)
        assert {name: layout[name] for name in fixed} == fixed
        assert np.isfinite([*layout.values()]).all()


def test_where_nothing_fits_the_layout_needs_least() -> None:
    graph, inputs = plan("llama3.1-405b", devices=8.0)
    layout = choose(graph, inputs, {})
    need = solved(graph, inputs, layout)["memory_peak"]
    assert need > inputs["memory"]
    for tensor, recompute in product((1.0, 8.0), (0.0, 2.0)):
        other = {**layout, "tensor": tensor, "recompute": recompute, "pipeline": 1.0, "interleave": 1.0}
        assert need <= solved(graph, inputs, other)["memory_peak"]


@pytest.mark.parametrize("devices", [1.0, 3.0, 7.0, 384.0, 1000.0, 10_000.0, 1e6])
def test_any_number_of_devices_has_a_layout(devices: float) -> None:
    for preset in ("gpt2", "llama3.1-70b", "deepseek-v3"):
        graph, inputs = plan(preset, devices=devices)
        values = solved(graph, inputs, choose(graph, inputs, {}))
        assert values["data"] >= 1.0
        assert 0.0 < values["mfu"] < 1.0


@pytest.mark.parametrize("preset", ["llama3.1-70b", "deepseek-v3"])
@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("devices", [1.0, 3.0, 16.0, 100.0, 1000.0, 1024.0, 5000.0, 65_536.0]),
        ("sequence", [1024.0, 8192.0, 65_536.0, 131_072.0]),
        ("memory", [1e10, 4e10, 8e10, 2e11]),
        ("batch_tokens", [1e5, 1e6, 3e7]),
        ("scale_up_domain", [1.0, 4.0, 72.0]),
        ("peak", [1e14, 1e15]),
    ],
)
def test_a_curve_chooses_what_each_of_its_points_chooses(preset: str, name: str, points: list[float]) -> None:
    # Catches: a marker on the curve that does not lie on the headline.
    graph, inputs = plan(preset)
    together = choose(graph, {**inputs, name: np.array(points)}, {})
    for index, point in enumerate(points):
        alone = choose(graph, {**inputs, name: point}, {})
        assert {one: float(value[index]) for one, value in together.items()} == alone


def test_a_degree_may_be_the_axis_of_a_curve() -> None:
    graph, inputs = plan()
    degrees = np.array([1.0, 2.0, 4.0, 8.0])
    layout = choose(graph, inputs, {"tensor": degrees})
    np.testing.assert_array_equal(layout["tensor"], degrees)
    for index, degree in enumerate(degrees):
        alone = choose(graph, inputs, {"tensor": float(degree)})
        assert layout["pipeline"][index] == alone["pipeline"]
        assert layout["recompute"][index] == alone["recompute"]


def test_many_points_are_searched_in_pieces() -> None:
    # Catches: points at the border of a piece that are lost or doubled.
    graph, inputs = plan()
    devices = np.round(np.geomspace(8.0, 65_536.0, 400))
    layout = choose(graph, {**inputs, "devices": devices}, {})
    assert {value.shape for value in layout.values()} == {(400,)}
    for index in (0, 63, 64, 65, 127, 128, 399):
        assert layout["tensor"][index] == choose(graph, {**inputs, "devices": devices[index]}, {})["tensor"]


@pytest.mark.parametrize("preset", ["llama3.1-70b", "deepseek-v3"])
@pytest.mark.parametrize(
    ("name", "low", "high"), [("sequence", 512.0, 131_072.0), ("memory", 1e9, 1e12), ("devices", 1.0, 5000.0)]
)
def test_each_of_many_points_gets_the_layout_that_it_gets_alone(
    preset: str, name: str, low: float, high: float
) -> None:
    # Catches: layouts left out for one point that another needs, and points where nothing fits.
    graph, inputs = plan(preset, devices=512.0)
    points = np.round(np.geomspace(low, high, 230))
    layout = choose(graph, {**inputs, name: points}, {})
    for index in range(0, 230, 9):
        alone = choose(graph, {**inputs, name: float(points[index])}, {})
        assert {key: value[index] for key, value in layout.items()} == alone, points[index]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(1, 40_000), min_size=2, max_size=40),
    st.sampled_from(["llama3.1-8b", "llama3.1-70b", "deepseek-v3"]),
)
def test_more_devices_never_lengthen_an_ideal_run(counts: list[int], preset: str) -> None:
    # Without failures, latency and limits of links, and with the same batch.
    graph, inputs = plan(preset, **IDEAL, batch_tokens=2e8)
    devices = np.sort(np.array(counts, dtype=np.float64))
    with np.errstate(all="ignore"):
        values = solved(
            graph, {**inputs, "devices": devices}, choose(graph, {**inputs, "devices": devices}, {})
        )
    fits = values["memory_peak"] <= MEMORY_SHARE * inputs["memory"]
    duration = values["run_time"][fits]
    assert (duration[1:] <= duration[:-1] * (1 + 1e-9)).all()


def test_long_sequences_are_shared() -> None:
    graph, inputs = plan(sequence=131_072.0)
    assert choose(graph, inputs, {})["context"] > 1.0


def gap(typed: Plan) -> float:
    """Return how much longer a step takes with the chosen layout than with the best of a search of all."""
    found = search(evaluate(typed), top=1)
    if not found.layouts or found.current.values["memory_peak"] > found.limit:
        # Where people's rules leave nothing, the choice may have something all the same, never the other way.
        assert not found.layouts
        return 0.0
    return found.current.values[PREDICTED] / found.layouts[0].values[PREDICTED] - 1.0


ROWS = [row.key for row in shipped().rows("models")]


@pytest.mark.parametrize(
    ("accelerator", "devices", "first"),
    [
        ("h100-sxm", 8.0, 0),
        ("h100-sxm", 512.0, 1),
        ("h100-sxm", 2048.0, 2),
        ("a100-sxm-80", 64.0, 3),
        ("a100-sxm-80", 1024.0, 4),
        ("gb200", 576.0, 5),
        ("v100-sxm2-32", 256.0, 6),
        ("l40s", 32.0, 7),
    ],
)
def test_a_search_of_all_layouts_finds_none_that_is_much_faster(
    accelerator: str, devices: float, first: int
) -> None:
    # Catches: a choice without selective recomputation, many virtual stages or shared sequences.
    cluster = Plan().set("hardware.accelerator", accelerator).set("hardware.devices", devices)
    gaps = {key: gap(cluster.set("model.preset", key)) for key in ROWS[first::8]}
    assert len(gaps) > 15
    assert max(gaps.values()) < 0.03, gaps
    assert float(np.mean([*gaps.values()])) < 0.01


def test_the_examples_of_published_runs_have_nearly_the_best_layout_too() -> None:
    for key in example_keys():
        typed = example(key).plan
        for name in NAMES:
            typed = typed.with_value(f"layout.{name}", None)
        assert gap(typed) < 0.03, key
