"""Levers: each changes what physics says, shows what its changes give, or says why it does not apply."""

import json
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.catalogue.shelf import shipped
from tcplan.cli import main
from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example, example_keys
from tcplan.plan.plan import Plan, Value
from tcplan.study.lever_rules import RULES
from tcplan.study.levers import RESULTS, Lever, from_base, in_order, levers

YEAR = 31_557_600.0


def estimate_of(**changes: Value) -> Estimate:
    return evaluate(Plan().with_values({path.replace("__", "."): one for path, one in changes.items()}))


def lever(key: str, estimate: Estimate) -> Lever:
    return next(one for one in levers(estimate) if one.key == key)


def moved(one: Lever) -> dict[str, float]:
    """Return by how much each result moves that moves, over what it is."""
    assert not one.reason
    return {path: effect.relative for path, effect in one.effects.items() if effect.relative != 0.0}


def assert_exact(estimate: Estimate, found: tuple[Lever, ...]) -> None:
    for one in found:
        assert bool(one.reason) != bool(one.changes)
        if one.reason:
            continue
        then = evaluate(estimate.plan.with_values(one.changes), estimate.shelf)
        for path, effect in one.effects.items():
            assert effect.before == pytest.approx(estimate[path].value, nan_ok=True)
            if not isnan(effect.after):
                assert effect.after == then[path].value


@pytest.mark.parametrize("key", example_keys())
def test_the_changes_of_a_lever_give_what_it_shows(key: str) -> None:
    """A person who keeps a lever would find other figures than the preview."""
    document = example(key)
    estimate = evaluate(document.plan, shipped().with_rows(document.rows))
    found = levers(estimate)
    assert [one.key for one in found] == [key for key, _label, _rule in RULES]
    assert_exact(estimate, found)


PRESETS = ("llama3.1-8b", "mixtral-8x7b", "gpt3-175b")
DEVICES = ("a100-sxm-80", "h100-sxm", "tpu-v5p", "mi300x")


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    preset=st.sampled_from(PRESETS),
    accelerator=st.sampled_from(DEVICES),
    devices=st.sampled_from((64.0, 512.0)),
    way=st.sampled_from(("on-demand", "spot", "own")),
    labels=st.sampled_from((0.0, 1e5)),
    grid=st.sampled_from(("FRA", "POL")),
)
def test_any_plan_has_exact_levers(
    preset: str, accelerator: str, devices: float, way: str, labels: float, grid: str
) -> None:
    """A rule would hold for the default plan only."""
    plan: dict[str, Value] = {
        "model.preset": preset,
        "hardware.accelerator": accelerator,
        "hardware.devices": devices,
        "purchase.way": way,
        "programme.labels": labels,
        "site.grid": grid,
    }
    estimate = evaluate(Plan().with_values(plan))
    assert_exact(estimate, levers(estimate))


def test_fp8_saves_time_and_energy_where_there_is_fp8() -> None:
    """An accelerator without fp8 would be offered it, or the loss would move."""
    effects = moved(lever("precision", estimate_of()))
    assert effects["time.run"] < 0.0
    assert effects["energy.facility"] < 0.0
    assert "loss.predicted" not in effects
    assert "no fp8 rate" in lever("precision", estimate_of(hardware__accelerator="a100-sxm-80")).reason
    assert "already" in lever("precision", estimate_of(training__precision="fp8")).reason


def test_levers_on_speed_wait_for_a_typed_speed() -> None:
    """A typed MFU would hold for other hardware too, and a lever would promise its whole peak."""
    estimate = estimate_of(**{"efficiency__mfu": 0.4})
    for key in ("precision", "accelerator", "power-cap"):
        assert "is typed" in lever(key, estimate).reason


def test_fused_attention_and_less_recomputation_undo_what_is_typed() -> None:
    """The two levers would never apply."""
    estimate = estimate_of(training__attention_kernel="unfused", layout__recompute="full")
    assert moved(lever("attention", estimate))["time.run"] < 0.0
    assert moved(lever("recomputation", estimate))["time.run"] < 0.0


def test_sparse_experts_keep_the_run() -> None:
    """The published run of the sparse model would stand in for the plan's tokens."""
    estimate = estimate_of()
    one = lever("experts", estimate)
    then = evaluate(estimate.plan.with_values(one.changes))
    assert then.field("training.tokens").value == estimate.field("training.tokens").value
    assert then.field("model.experts").value > 0.0
    assert "already" in lever("experts", estimate_of(model__preset="deepseek-v3")).reason


def test_fewer_tokens_cost_some_loss() -> None:
    """A cut without a price would look free."""
    effects = moved(lever("tokens", estimate_of()))
    assert effects["money.total"] < 0.0
    assert effects["loss.predicted"] > 0.0
    assert "already" in lever("tokens", estimate_of(training__tokens=1e12)).reason


def test_repeated_tokens_save_what_is_paid_by_the_token() -> None:
    """Cleaning would be paid for each pass."""
    estimate = estimate_of(programme__cleaning_price=1e-6)
    one = lever("repetition", estimate)
    saved = -one.effects["money.total"].delta
    assert saved == pytest.approx(0.75 * estimate["money.cleaning"].value)
    assert "pays nothing" in lever("repetition", estimate_of()).reason


@pytest.mark.parametrize("key", ["distillation", "adaptation"])
def test_no_loss_is_predicted_for_what_does_not_train_from_scratch(key: str) -> None:
    """The law of pre-training would call a fine-tuned model hopeless."""
    one = lever(key, estimate_of())
    assert isnan(one.effects["loss.predicted"].after)
    assert one.effects["money.total"].relative < -0.9
    assert "from scratch" in lever(key, estimate_of(training__task="sft")).reason


def test_a_model_compares_the_same_pairs() -> None:
    """Pairs would get lost, or be paid twice."""
    one = lever("feedback", estimate_of(programme__labels=1e5, programme__ai_pairs=1e4))
    assert one.changes == {"programme.labels": 0.0, "programme.ai_pairs": 1.1e5}
    assert set(moved(one)) == {"money.total"}


def test_ways_to_buy_move_money_and_spot_moves_time() -> None:
    """Spot capacity would come without its interruptions."""
    estimate = estimate_of()
    years = {key: moved(lever(key, estimate))["money.total"] for key in ("reserved", "reserved-3y", "own")}
    assert years["reserved-3y"] < years["reserved"] < 0.0
    assert years["own"] < 0.0
    assert moved(lever("spot", estimate))["time.run"] > 0.0
    assert "holds for each way" in lever("spot", estimate_of(purchase__price=0.001)).reason
    assert "already" in lever("spot", estimate_of(purchase__way="spot")).reason


def test_newer_hardware_does_not_keep_figures_of_the_old() -> None:
    """The price or power typed for the old device would be paid for the new one."""
    estimate = estimate_of(purchase__price=0.001, hardware__device_power=650.0)
    one = lever("accelerator", estimate)
    assert one.changes["purchase.price"] is None
    assert one.changes["hardware.device_power"] is None
    assert moved(one)["time.run"] < 0.0


def test_a_region_stays_with_its_provider() -> None:
    """A customer of one provider would be sent to another, or to where they are."""
    estimate = estimate_of(site__region="gcp-us-central1")
    assert estimate.inputs.rows.region is not None
    one = lever("region", estimate)
    assert str(one.changes["site.region"]).startswith("gcp")
    assert moved(one)["carbon.location"] < 0.0
    there = evaluate(estimate.plan.with_values(one.changes))
    assert "less carbon" in lever("region", there).reason


def test_contracts_change_the_market_figure_only() -> None:
    """A contract would seem to clean the grid."""
    assert moved(lever("contract", estimate_of(site__grid="POL"))) == {"carbon.market": -1.0}


def test_low_carbon_hours_need_a_figure() -> None:
    """A saving would be made up where nobody knows the carbon of these hours."""
    assert "not known" in lever("hours", estimate_of()).reason
    assert moved(lever("hours", estimate_of(site__hour_factor=0.7)))["time.run"] == pytest.approx(2.0)


def test_a_cap_trades_time_for_energy() -> None:
    """A cap would save energy at no cost."""
    effects = moved(lever("power-cap", estimate_of()))
    assert effects["energy.facility"] < 0.0 < effects["time.run"]


def test_better_cooling_saves_energy_and_a_longer_life_embodied_carbon() -> None:
    """The two would reach results that they have nothing to do with."""
    estimate = estimate_of(site__pue=1.6)
    assert moved(lever("cooling", estimate))["energy.facility"] < 0.0
    assert moved(lever("life", estimate)) == {"carbon.embodied": pytest.approx(5.0 / 6.0 - 1.0)}
    assert "already" in lever("life", estimate_of(site__hardware_life=7 * YEAR)).reason


def test_levers_sort_by_a_result_with_idle_ones_last() -> None:
    """A lever that does not apply would stand among savings."""
    for path in RESULTS:
        found = in_order(levers(estimate_of()), path)
        idle = [bool(one.reason) for one in found]
        assert idle == sorted(idle)
        shown = [one.effects[path].relative for one in found if not one.reason]
        known = [one for one in shown if not isnan(one)]
        assert known == sorted(known)
        assert all(isnan(one) for one in shown[len(known) :])


def test_a_lever_on_a_scenario_comes_on_top_of_it() -> None:
    """Keeping it would lose what the scenario changed."""
    base = Plan().with_value("site.grid", "POL")
    scenario = base.with_values({"hardware.devices": 512.0, "site.grid": None})
    changes = from_base(base, scenario, {"purchase.way": "spot"})
    assert base.with_values(changes) == scenario.with_value("purchase.way", "spot")
    assert changes == {"hardware.devices": 512.0, "site.grid": None, "purchase.way": "spot"}


def test_an_answer_that_nobody_wants_ends() -> None:
    """An edit would wait for the levers of the plan before."""

    class UnwantedError(Exception):
        pass

    def check() -> None:
        raise UnwantedError

    with pytest.raises(UnwantedError):
        levers(estimate_of(), check)


def test_the_command_prints_all_levers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs would get other levers than people, or NaN, which is no JSON."""
    file = tmp_path / "plan.tcplan"
    assert main(["new", "--from", "llama3.1-70b", str(file)]) == 0
    capsys.readouterr()
    assert main(["levers", str(file), "--json", "--by", "water.total"]) == 0
    text = capsys.readouterr().out
    assert "NaN" not in text
    found = json.loads(text)
    assert {one["key"] for one in found} == {key for key, _label, _rule in RULES}
    assert main(["levers", str(file)]) == 0
    text = capsys.readouterr().out
    assert all(one["label"] in text for one in found)
