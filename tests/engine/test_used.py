"""Each field that the form shows moves a result, and one that is said to change nothing does not."""

from collections.abc import Iterator
from math import isclose, isnan

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.chain.links import FAMILIES, graph_for
from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example
from tcplan.plan.field import Shown
from tcplan.plan.plan import Plan, PlanError, Value, descriptions
from tcplan.results import RESULTS
from tcplan.switches import SWITCHES
from tcplan.used import idle, is_used


def made(**typed: Value) -> Plan:
    plan = Plan()
    for path, value in typed.items():
        plan = plan.set(path.replace("__", "."), value)
    return plan


PLANS = {
    "gpt3": example("gpt3-175b").plan,
    "palm": example("palm-540b").plan,
    "deepseek": example("deepseek-v3").plan,
    "published": example("gpt3-175b-published").plan,
    "resnet": made(model__preset="resnet-50"),
    "whisper": made(model__preset="whisper-large-v3"),
    "u-net": made(model__preset="stable-diffusion-1.5"),
    "states": made(model__preset="mamba2-2.7b"),
    "vision": made(model__preset="vit-l16"),
    "mixture": made(model__preset="mixtral-8x7b", layout__recompute="selective"),
    "lora": made(model__preset="llama3-8b", training__task="qlora", hardware__devices=8.0),
    "phases": made(model__preset="llama3-8b", training__second_phase_tokens=1e11),
    "owned": made(purchase__way="own", failures__repair_time=3600.0, purchase__storage_size=1e15),
    "spot": made(
        purchase__way="spot",
        programme__people=5.0,
        programme__pay=3e-3,
        programme__researchers=2.0,
    ),
}
_LEADERS = frozenset(path for switch in SWITCHES.values() for path in switch.by)
_STEPS = (1.0, 0.5, 10.0, 100.0, 1e4, 1e6, 1e8, 1e10, 1e13)


def other_values(path: str, shown: Shown, estimate: Estimate) -> Iterator[Value]:
    """Yield values of a field other than the one in force, within what it allows."""
    given = estimate.field(path)
    if shown.kind == "row":
        yield from [row.key for row in estimate.shelf.rows(shown.table)][::3]
    elif shown.kind == "choice":
        yield from (choice.key for choice in shown.choices if choice.key != given.key)
    elif shown.kind == "number":
        at = given.value
        wanted = (
            _STEPS if isnan(at) or not at else (2 * at, at / 2, 1.3 * at, at + 1, at - 1, 100 * at, at / 100)
        )
        for one in wanted:
            value = min(max(one, shown.low), shown.high)
            yield float(round(value)) if shown.whole else value


def estimates_with(path: str, estimate: Estimate) -> Iterator[Estimate]:
    """Yield the estimates of a plan with other values of one field."""
    for value in other_values(path, descriptions()[path], estimate):
        try:
            yield evaluate(estimate.plan.set(path, value), shipped())
        except PlanError:
            continue


def same(first: float, second: float) -> bool:
    return isclose(first, second, rel_tol=1e-12) or (isnan(first) and isnan(second))


def moves(path: str, estimate: Estimate) -> bool:
    """Return whether some value of a field changes a quantity or what is found."""
    name = path.rpartition(".")[2]
    found = [finding.sentence for finding in estimate.findings]
    for other in estimates_with(path, estimate):
        if [finding.sentence for finding in other.findings] != found:
            return True
        for one in other.graph.quantities.keys() - {name}:
            if not same(float(other.values[one]), float(estimate.values.get(one, float("nan")))):
                return True
    return False


@pytest.mark.parametrize("key", PLANS)
def test_each_field_that_is_shown_moves_a_result_or_opens_others(key: str) -> None:
    # Catches: a field in the form that nothing reads, so that whoever types into it is misled.
    estimate = evaluate(PLANS[key], shipped())
    asked = [path for path in descriptions() if estimate.plan.get(path) is None and is_used(path, estimate)]
    waiting = [path for path in asked if path not in _LEADERS]
    assert [path for path in waiting if not moves(path, estimate)] == []


@pytest.mark.parametrize("key", PLANS)
def test_a_field_that_is_said_to_change_nothing_changes_nothing(key: str) -> None:
    # Catches: a hidden field that would count, and a sentence that calls a working figure idle.
    estimate = evaluate(PLANS[key], shipped())
    # A degree that is typed takes part in the choice of the layout, whose share its effect then is.
    wrong = [
        (path, other.plan.get(path))
        for path in descriptions()
        if estimate.plan.get(path) is None and path != "failures.spares"
        for other in estimates_with(path, estimate)
        if other.layout == estimate.layout and idle(path, other) and not same_results(estimate, other)
    ]
    assert wrong == []


def same_results(first: Estimate, second: Estimate) -> bool:
    shared = [path for path in RESULTS if path in first and path in second]
    return all(same(first[path].si, second[path].si) for path in shared)


@pytest.mark.parametrize(
    ("path", "switch", "value"),
    [
        ("layout.recompute_core", "layout.recompute", "selective"),
        ("layout.recompute_share", "layout.recompute", "full"),
        ("layout.interleave", "layout.pipeline", 4.0),
        ("layout.schedule", "layout.pipeline", 4.0),
        ("failures.spares", "failures.repair_time", 3600.0),
        ("programme.pay", "programme.people", 3.0),
        ("purchase.spot_interruptions", "purchase.way", "spot"),
    ],
)
def test_a_switch_brings_the_field_and_the_sentence_names_it(path: str, switch: str, value: Value) -> None:
    # Catches: options of what a plan does not do, and no way to learn what would make them count.
    plan = made(layout__pipeline=1.0, layout__recompute="none")
    off, on = evaluate(plan, shipped()), evaluate(plan.set(switch, value), shipped())
    assert not is_used(path, off)
    assert is_used(path, on)
    assert idle(path, on) is None
    said = idle(path, off)
    assert said is not None
    assert descriptions()[switch].label in said.sentence


@pytest.mark.parametrize("family", FAMILIES)
def test_a_quantity_that_is_called_like_a_field_is_that_field(family: str) -> None:
    # Catches: seconds in the form of a model, and a typed size that a family takes for seconds.
    paths = {path.rpartition(".")[2]: path for path in descriptions()}
    for name, one in graph_for(True, False, "on-demand", family).quantities.items():
        assert paths.get(name, one.path) == one.path


def test_what_was_typed_stays_although_it_is_idle() -> None:
    # Catches: a figure that is out of sight and comes into force with another field.
    plan = made(layout__recompute="none", layout__recompute_norms="yes", failures__spares=8.0)
    estimate = evaluate(plan, shipped())
    for path in ("layout.recompute_norms", "failures.spares"):
        assert is_used(path, estimate)
        assert idle(path, estimate) is not None
    assert "Spares only cost" in idle_words("failures.spares", estimate)


def idle_words(path: str, estimate: Estimate) -> str:
    said = idle(path, estimate)
    return said.sentence if said is not None else ""
