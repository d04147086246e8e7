"""A curve is the estimate at many points: the same numbers, each with its own layout."""

import numpy as np
import pytest

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.plan import Plan, PlanError, descriptions
from tcplan.plan.shape import STRUCTURE, shape_for
from tcplan.study.curve import MODEL_SIZE, curve, drawn_curve

RESULTS = ("money.total", "time.run", "energy.facility", "carbon.location", "water.total")
AXES = {
    "hardware.devices": (512.0, 1024.0, 2048.0),
    "training.tokens": (1e12, 15e12, 40e12),
    "purchase.price": (0.0002, 0.0006, 0.002),
    "site.pue": (1.0, 1.3, 2.0),
    "site.carbon_location": (0.0, 1e-8, 2e-7),
    "training.sequence": (2048.0, 8192.0, 32768.0),
    "hardware.memory": (4e10, 8e10, 2e11),
    "model.layers": (40.0, 80.0, 120.0),
    "layout.micro_batch": (1.0, 2.0, 4.0),
    "layout.tensor": (2.0, 4.0, 8.0),
}


@pytest.mark.parametrize("path", AXES)
def test_each_point_is_the_estimate_of_its_plan(path: str) -> None:
    found = curve(evaluate(Plan()), path, AXES[path], RESULTS)
    for index, x in enumerate(AXES[path]):
        alone = evaluate(Plan().with_value(path, x))
        for result in RESULTS:
            assert found.values[result][index] == pytest.approx(alone[result].value, rel=1e-9), (result, x)
        assert bool(found.fits[index]) == alone.fits


def test_the_point_of_the_plan_agrees_with_the_plan_for_sparse_and_latent_models() -> None:
    estimate = evaluate(example("deepseek-v3").plan)
    devices = estimate.field("hardware.devices").value
    found = curve(estimate, "hardware.devices", [devices / 2, devices, devices * 2], RESULTS)
    for result in RESULTS:
        assert found.values[result][1] == pytest.approx(estimate[result].value, rel=1e-9)


def test_a_fixed_layout_stays_fixed_along_the_axis() -> None:
    plan = Plan().with_value("layout.tensor", 2.0).with_value("layout.pipeline", 8.0)
    found = curve(evaluate(plan), "hardware.devices", [512.0, 2048.0], ("time.run",))
    alone = evaluate(plan.with_value("hardware.devices", 2048.0))
    assert alone.layout["tensor"] == 2.0
    assert found.values["time.run"][1] == pytest.approx(alone["time.run"].value)


def test_what_cannot_exist_is_a_gap_with_a_reason() -> None:
    """A curve would run through degrees that nobody can have, and promise a low price there."""
    plan = Plan().with_value("layout.tensor", 8.0).with_value("layout.pipeline", 16.0)
    for path, xs in (
        ("hardware.devices", [64.0, 96.0, 512.0]),
        ("layout.tensor", [5.0, 6.0, 8.0]),
        ("layout.pipeline", [100.0, 200.0, 8.0]),
    ):
        found = curve(evaluate(plan), path, xs, RESULTS)
        for index, x in enumerate(xs):
            errors = {one.sentence for one in evaluate(plan.with_value(path, x)).findings}
            assert (str(found.problems[index]) in errors) == (index < 2), (path, x)
            for result in RESULTS:
                assert np.isfinite(found.values[result][index]) == (index == 2), (path, x, result)
    drawn = drawn_curve(evaluate(plan), "hardware.devices", [64.0, 128.0, 256.0, 512.0], RESULTS)
    assert [bool(problem) for problem in drawn.problems] == [True, False, False, False]


def test_a_typed_result_is_an_axis_too() -> None:
    found = curve(evaluate(Plan()), "time.goodput", [0.5, 1.0], ("time.run",))
    assert found.values["time.run"][0] == pytest.approx(2 * found.values["time.run"][1])


def test_model_size_is_an_axis_in_published_proportions() -> None:
    sizes = np.array([1e9, 8e9, 70e9, 405e9])
    found = curve(evaluate(Plan()), MODEL_SIZE, sizes, ("money.total", "model.parameters"))
    assert np.allclose(found.values["model.parameters"], sizes, rtol=0.01)
    assert (np.diff(found.values["money.total"]) > 0).all()


@pytest.mark.parametrize("preset", ["gpt3", "bloom-176b", "deepseek-v3", "gpt2"])
def test_models_of_other_sizes_have_them_whatever_the_plan_begins_with(preset: str) -> None:
    # Catches: a plain feed-forward or tied embeddings of the plan in models that are counted without.
    plan = Plan().with_value("model.preset", preset)
    found = curve(evaluate(plan), MODEL_SIZE, [7e10, 1.75e11], ("model.parameters", "money.total"))
    assert found.values["model.parameters"] == pytest.approx([7e10, 1.75e11], rel=0.01)
    for name, value in {**shape_for(7e10), **STRUCTURE}.items():
        plan = plan.with_value(f"model.{name}", value)
    assert evaluate(plan)["model.parameters"].value == pytest.approx(7e10, rel=0.03)


def test_shapes_of_a_wanted_size_have_it_and_whole_heads() -> None:
    for size in (1e8, 1e9, 8e9, 70e9, 405e9, 1e12):
        plan = Plan()
        for name, value in shape_for(size).items():
            plan = plan.with_value(f"model.{name}", value)
        estimate = evaluate(plan)
        assert estimate["model.parameters"].value == pytest.approx(size, rel=0.03)
        assert not [one for one in estimate.findings if one.path.startswith("model.")]


@pytest.mark.parametrize("path", ["no.such", "model.preset", "training.precision"])
def test_what_is_no_axis_is_refused_by_name(path: str) -> None:
    with pytest.raises(PlanError, match=path):
        curve(evaluate(Plan()), path, [1.0, 2.0], RESULTS)
    assert path in descriptions() or path == "no.such"


def test_a_drawn_curve_over_devices_has_no_point_at_which_some_wait() -> None:
    estimate = evaluate(example("llama3.1-405b").plan)
    # The published layout takes 8 x 16 devices for each copy: at every second of these counts some wait.
    xs = np.arange(2048.0, 40_000.0, 64.0)
    drawn = drawn_curve(estimate, "hardware.devices", xs, RESULTS)
    assert estimate.field("hardware.devices").value in drawn.xs
    assert list(drawn.xs) == list(xs[::2])
    whole = curve(estimate, "hardware.devices", drawn.xs, (*RESULTS, "layout.placed_share"))
    assert (whole.values["layout.placed_share"] == 1.0).all()
    for path in RESULTS:
        assert (whole.values[path] == drawn.values[path]).all()
    other = drawn_curve(estimate, "site.pue", [1.0, 1.5], RESULTS)
    assert len(other.xs) == 2
