"""Bands and the words beside them: from residuals, wider with distance, and of everything that follows."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.plan import Plan
from tcplan.results import RESULTS
from tcplan.validation import carried
from tcplan.validation.bands import band_of, fitted, regime_band
from tcplan.validation.certainty import Certainty, certainty
from tcplan.validation.place import Place, place_at
from tcplan.validation.published import published
from tcplan.validation.steps import predict


def place(**changes: object) -> Place:
    """Return the place of the example plan, with some parts changed."""
    return replace(place_at(evaluate(example("llama3.1-70b").plan)), **changes)  # type: ignore[arg-type]


def sure(plan: Plan) -> Certainty:
    found = certainty(evaluate(plan), RESULTS)
    assert found is not None
    return found


@pytest.mark.parametrize("shift", [-0.2, 0.0, 0.1, 0.4])
def test_a_band_holds_nine_of_ten_and_opens_to_the_slow_side(shift: float) -> None:
    """A band that holds all says nothing, one that holds half lies."""
    ratios = np.exp(np.random.default_rng(7).normal(shift, 0.1, 400))
    low, high = fitted(ratios.tolist())
    inside = ((ratios >= low) & (ratios <= high)).mean()
    assert 0.90 <= inside <= 0.91
    assert log(high) >= -log(low) - 1e-12
    assert low <= 1.0


def test_distance_widens_and_never_without_end() -> None:
    """A plan far from all that was measured would look as sure as one that was."""
    near = place()
    measured = regime_band(near)
    assert (band_of(near).low, band_of(near).high) == (measured.low, measured.high)
    unseen = band_of(replace(near, stack="own-unknown"))
    assert "stack" in unseen.reasons
    assert unseen.low < measured.low
    assert unseen.high > measured.high
    many = band_of(replace(near, devices=1e6))
    assert "devices" in many.reasons
    assert many.high > measured.high
    far = band_of(replace(near, stack="own-unknown", generation="Rubin", devices=1e7, off_grid=True))
    assert {"stack", "generation", "devices"} <= set(far.reasons)
    assert far.low >= 0.4
    assert far.high / far.low > unseen.high / unseen.low
    assert unseen.high < far.high <= 3.0


def test_unseen_hardware_is_expected_to_be_slower_than_its_data_sheet() -> None:
    """Data sheets were optimistic each time: the middle of the band moves, not its ends alone."""
    near = place()
    seen, unseen = band_of(near), band_of(replace(near, generation="Rubin"))
    assert log(unseen.low * unseen.high) > log(seen.low * seen.high)


def test_every_result_that_follows_the_step_has_its_band() -> None:
    """A band on the time beside money without one would say that money is certain."""
    plan = example("llama3.1-70b").plan
    found, estimate = sure(plan), evaluate(plan)
    for path in ("time.step", "time.run", "time.device_hours", "efficiency.mfu", "money.total", "energy.it"):
        low, high = found.results[path]
        assert low < estimate[path].value < high
    for path in ("model.parameters", "compute.model_flop", "memory.peak", "loss.predicted"):
        assert path not in found.results
    low, high = found.results["time.step"]
    value = estimate["time.step"].value
    assert (low / value, high / value) == pytest.approx((found.step.low, found.step.high))
    assert found.run.low <= found.step.low
    assert found.run.high >= found.step.high


def test_a_typed_time_is_not_a_prediction() -> None:
    """Whoever measured the step would be told that it may be half as long again."""
    plan = example("llama3.1-70b").plan
    assert certainty(evaluate(plan.with_value("time.step", 5.0)), RESULTS) is None
    assert "time.run" not in sure(plan.with_value("efficiency.achieved", 4e14)).results


def test_words_say_how_near_published_steps_are() -> None:
    """`Measured` beside hardware that nobody measured would be a lie."""
    row = next(row for row in carried.rows() if row.text("source") == "nvidia_dgxc_benchmarking")
    plan = predict([row], shipped())[0].plan
    assert plan is not None
    measured = sure(plan).confidence
    assert measured.word == "measured"
    assert row.id in {one.key for one in measured.nearest}
    assert sure(plan.with_value("hardware.devices", 6144.0)).confidence.word == "calibrated"
    far = sure(plan.with_value("hardware.accelerator", "gaudi3"))
    assert far.confidence.word == "extrapolated"
    assert far.step.high > sure(plan).step.high


def test_each_published_step_stands_in_a_regime_that_has_a_band() -> None:
    """A regime without a band would be an exception in front of whoever plans such a run."""
    for row in published():
        found = band_of(row.place)
        assert 0.0 < found.low <= 1.0 <= found.high


def test_a_band_of_few_steps_leaves_room_for_the_next() -> None:
    # Catches: nine of ten of the steps that were measured, which holds fewer of those to come.
    drawn = np.random.default_rng(3).normal(0.0, 0.1, (2000, 13))
    inside = []
    for *known, coming in np.exp(drawn).tolist():
        low, high = fitted(known)
        inside.append(low <= coming <= high)
    assert 0.85 <= np.mean(inside) <= 0.95
