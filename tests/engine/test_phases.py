"""Runs of several phases: each through the same formulas, with tokens, sequence and batch of its own."""

import numpy as np
import pytest

from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan.study.curve import curve

ONE = Plan().set("model.preset", "llama3.1-8b").set("hardware.devices", 256.0).set("training.tokens", 1e12)
TWO = ONE.set("training.second_phase_tokens", 1e11).set("training.second_phase_sequence", 32_768.0)
THREE = TWO.set("training.third_phase_tokens", 5e10).set("training.third_phase_precision", "fp8")
ALONE = ONE.set("training.tokens", 1e11).set("training.sequence", 32_768.0)
LAST = ONE.set("training.tokens", 5e10).set("training.precision", "fp8")
ADDED = ("time.run", "time.device_hours", "compute.model_flop", "compute.hardware_flop", "training.steps")


@pytest.mark.parametrize("path", ADDED)
def test_phases_add_up(path: str) -> None:
    # Catches: a phase that is counted twice, at the rate of another, or with its sequence.
    parts = [evaluate(plan)[path].value for plan in (ONE, ALONE, LAST)]
    assert evaluate(TWO)[path].value == pytest.approx(parts[0] + parts[1])
    assert evaluate(THREE)[path].value == pytest.approx(sum(parts))


@pytest.mark.parametrize("path", ["time.step", "efficiency.mfu", "efficiency.achieved", "memory.peak"])
def test_the_first_phase_keeps_its_own_step(path: str) -> None:
    # Catches: later phases that change the rate of the first.
    assert evaluate(THREE)[path].value == pytest.approx(evaluate(ONE)[path].value)


def test_what_follows_from_the_time_follows_from_all_phases() -> None:
    # Catches: money, energy or loss of the first phase alone.
    one, two = evaluate(ONE), evaluate(TWO)
    time = two["time.device_hours"].value / one["time.device_hours"].value
    assert two["money.compute"].value / one["money.compute"].value == pytest.approx(time)
    assert two["energy.it"].value / one["energy.it"].value == pytest.approx(time, rel=0.02)
    assert two["loss.predicted"].value < one["loss.predicted"].value


def test_a_typed_step_holds_for_the_first_phase_alone() -> None:
    # Catches: an override that hides the later phases.
    typed = TWO.set("time.step", 2.0 * evaluate(ONE)["time.step"].si)
    later = evaluate(TWO).values["later_device_time"]
    assert evaluate(typed).values["later_device_time"] == pytest.approx(later)
    used = TWO.set("efficiency.mfu", 0.2)
    assert evaluate(used).later[0]["efficiency.mfu"].value == pytest.approx(0.2)


@pytest.mark.parametrize("path", ["hardware.devices", "training.tokens", "training.sequence"])
def test_a_curve_passes_through_plans_of_two_phases(path: str) -> None:
    # Catches: later phases that stand still while devices change, or that follow the sequence of the first.
    base = evaluate(TWO).field(path).value
    xs = np.array([0.5 * base, base])
    drawn = curve(evaluate(TWO), path, xs, ("time.run", "money.total"))
    for at, x in enumerate(xs):
        there = evaluate(TWO.set(path, float(x)))
        for result in ("time.run", "money.total"):
            assert drawn.values[result][at] == pytest.approx(there[result].value), (path, x)


def test_a_phase_says_what_it_takes_over() -> None:
    # Catches: a later phase whose batch and precision look as if they were none.
    two = evaluate(TWO)
    assert two.field("training.second_phase_sequence").value == 32_768.0
    assert two.field("training.second_phase_precision").key == "bf16"
    assert two.field("training.second_phase_precision").layer == "computed"
    batch = two.field("training.second_phase_batch").value
    assert batch == two.later[0].values["batch_tokens"]
