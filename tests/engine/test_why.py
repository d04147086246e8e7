import json
import math
from functools import cache

import pytest

from tcplan.estimate import Estimate, evaluate
from tcplan.expression import Name, nodes, number_of
from tcplan.formulas import FILE, every_quantity, key, shipped, written
from tcplan.plan.plan import Plan
from tcplan.why import Why, sensitivities, why

HOUR = 3600.0

PLANS: dict[str, dict[str, float | str]] = {
    "dense": {"model.preset": "llama3.1-70b"},
    "sparse": {"model.preset": "deepseek-v3", "hardware.devices": 2048.0},
    "sparse, standard attention": {"model.preset": "deepseek-v3", "model.attention": "standard"},
    "owned": {"purchase.way": "own", "purchase.device_price": 3e4, "site.electricity_price": 2e-8},
    "spot": {"purchase.way": "spot", "purchase.price": 1.0 / HOUR},
    "old": {
        "model.preset": "gpt3",
        "hardware.accelerator": "v100-sxm2-32",
        "training.attention_kernel": "unfused",
        "purchase.price": 1.0 / HOUR,
    },
}


@cache
def _estimate(name: str, *typed: tuple[str, float]) -> Estimate:
    plan = Plan()
    for path, value in (*PLANS[name].items(), *typed):
        plan = plan.set(path, value)
    return evaluate(plan)


def _row(reason: Why, name: str) -> str:
    return next(row for row in reason.text().splitlines() if row.startswith(name))


@pytest.mark.parametrize("name", PLANS)
def test_every_formula_gives_the_value_that_it_explains(name: str) -> None:
    # Catches: a reason that lies: another formula, another input, another branch than the chain took.
    estimate = _estimate(name)
    for path, quantity in estimate.graph.paths.items():
        reason = why(estimate, path)
        expected = estimate.values[quantity.name]
        assert number_of(reason.expression) == pytest.approx(expected, rel=1e-12, nan_ok=True), path
        shown = {one.name for one in nodes(reason.expression) if isinstance(one, Name)}
        for part, tree in reason.formula.parts:
            shown.discard(part.name)
            shown |= {one.name for one in nodes(tree) if isinstance(one, Name)} - {part.name}
        shown -= {part.name for part, _tree in reason.formula.parts}
        assert shown <= set(quantity.parameters), path


@pytest.mark.parametrize("name", PLANS)
def test_every_input_can_be_followed_or_has_its_source(name: str) -> None:
    # Catches: a reason that ends in a number from nowhere.
    estimate = _estimate(name)
    for path in estimate.graph.paths:
        for one in why(estimate, path).inputs:
            assert one.label, (path, one.name)
            assert one.layer in ("typed", "catalogue", "computed", "default"), (path, one.name)
            if one.followable:
                assert why(estimate, one.path).path == one.path
            elif math.isfinite(one.value):
                assert one.source, (path, one.name)


def test_the_shipped_formulas_are_those_of_the_functions() -> None:
    # Catches: a function of the chain that changed while the shipped text did not.
    table = shipped()
    assert {key(one.function) for one in every_quantity()} == set(table)
    stale = "run `python -m tcplan.formulas`"
    assert json.loads(written()) == table, f"{FILE} is out of date: {stale}"


def test_rent_in_words_numbers_and_latex() -> None:
    # Catches: a changed order, a unit that does not multiply out, brackets gone astray.
    estimate = _estimate("dense", ("time.device_hours", 2.788e6 * HOUR), ("purchase.price", 2.0 / HOUR))
    reason = why(estimate, "money.compute")
    assert reason.text_formula() == "Device-hours to pay for × Price × Price left"
    assert reason.text_numbers() == "2\u202f788\u202f000\u00a0h × 2\u00a0$/h × 100\u00a0%"
    assert reason.latex() == (
        "\\begin{aligned}\n\\text{Compute} &= \\text{Device-hours to pay for}"
        " \\times \\text{Price} \\times \\text{Price left}\n\\end{aligned}"
    )
    assert reason.value == pytest.approx(5.576e6)
    shortened = reason.text_numbers(lambda value, unit: f"<{value:.0f} {unit}>")
    assert shortened == "<2788000 h> × <2 $/h> × <100 %>"
    assert "your plan" in _row(reason, "Price")
    assert "money.run" in reason.used_by


def test_an_override_says_what_would_be_computed() -> None:
    # Catches: "you typed 0.9" without "we would compute 0.98".
    free, typed = _estimate("dense"), _estimate("dense", ("time.goodput", 0.9))
    reason = why(typed, "time.goodput")
    assert reason.layer == "typed"
    assert reason.value == pytest.approx(0.9)
    assert reason.alternative == pytest.approx(free["time.goodput"].value)
    assert "You typed 0.9." in reason.text()
    followed = {one.name: one for one in why(typed, "time.device_hours").inputs}
    assert followed["goodput"].layer == "typed"
    assert followed["useful_device_time"].layer == "computed"


def test_rows_carry_layer_source_and_date() -> None:
    # Catches: a catalogue value that is shown as if it were typed, a typed one that hides the row's.
    row = {one.name: one for one in why(_estimate("dense"), "carbon.location").inputs}["carbon_location"]
    assert row.layer == "catalogue"
    assert row.source
    assert row.date
    assert row.unit == "g/kWh"
    typed = _estimate("dense", ("site.carbon_location", 0.1 / 3.6e6))
    other = {one.name: one for one in why(typed, "carbon.location").inputs}["carbon_location"]
    assert other.layer == "typed"
    assert other.value == pytest.approx(100.0)
    assert other.alternative == pytest.approx(row.value)


def test_an_input_with_the_words_of_the_result_is_told_apart() -> None:
    # Catches: "Contingency = Contingency × Before contingency".
    assert (
        why(_estimate("dense"), "money.contingency").text_formula() == "Contingency (%) × Before contingency"
    )


def test_powers_of_ten_and_units_are_bracketed_in_powers_and_quotients() -> None:
    # Catches: "2 085.43 / 1.5 × 10¹³ tokens^0.3658", which is another number.
    numbers = why(_estimate("dense"), "loss.data").text_numbers()
    assert numbers == "2\u202f085.43 / (1.5 × 10¹³\u00a0tokens)^0.3658"


def test_a_constant_is_one_line_with_its_unit() -> None:
    # Catches: "Systemic-risk threshold = 10²⁵ = 10²⁵".
    lines = why(_estimate("dense"), "compute.threshold").text().splitlines()
    assert lines[0] == "Systemic-risk threshold = 10²⁵\u00a0FLOP"
    assert lines[1] == ""


def test_a_choice_is_named() -> None:
    # Catches: "Scaling law: 0" in front of a person.
    law = {one.name: one for one in why(_estimate("dense"), "loss.data").inputs}["scaling_law"]
    assert law.choice == "Besiroglu 2024"


def test_an_unknown_path_names_the_nearest() -> None:
    # Catches: a bare KeyError of a mistyped result.
    with pytest.raises(KeyError, match=r"money\.total"):
        why(_estimate("dense"), "money.totl")


def test_price_is_what_moves_a_rented_run() -> None:
    # Catches: an elasticity that is off, or an input that the layout or a choice moves.
    estimate = _estimate("dense")
    top = sensitivities(estimate, "money.compute", top=30)
    found = {path: change for path, _label, change in top}
    assert found["purchase.price"] == pytest.approx(0.1)
    assert found["training.tokens"] == pytest.approx(0.1, abs=0.02)
    sizes = [abs(change) for _path, _label, change in top]
    assert sizes == sorted(sizes, reverse=True)
    assert not any(path.startswith("layout.") for path in found)
    assert "training.scaling_law" not in found


def test_sensitivities_are_those_of_a_second_estimate() -> None:
    # Catches: a short cut that gives another answer than typing the value.
    estimate = _estimate("dense")
    changes = {path: change for path, _label, change in sensitivities(estimate, "carbon.location", top=50)}
    before = estimate["carbon.location"].value
    for path in ("site.pue", "site.carbon_location", "site.network_share", "failures.failure_time"):
        plan = estimate.plan.set(path, estimate.field(path).value * 1.1)
        after = evaluate(plan)["carbon.location"].value
        assert changes[path] == pytest.approx(after / before - 1.0, rel=1e-6), path


def test_an_overridden_result_depends_on_nothing_and_its_users_on_it() -> None:
    # Catches: sensitivities to inputs that an override has cut off.
    estimate = _estimate("dense", ("time.device_hours", 1e6 * HOUR))
    assert sensitivities(estimate, "time.device_hours") == []
    paths = [path for path, _label, _change in sensitivities(estimate, "money.compute", top=50)]
    assert sorted(paths) == ["purchase.price", "time.device_hours"]
