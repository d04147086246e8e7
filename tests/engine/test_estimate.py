"""From a plan to an estimate: layers, overrides, findings, and nothing that raises."""

from math import isnan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tcplan
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.field import Shown
from tcplan.plan.plan import Plan, Value, descriptions
from tcplan.plan.value import Range
from tcplan.results import RESULTS

KWH = 3.6e6


def _plan(**values: Value) -> Plan:
    plan = Plan()
    for path, value in values.items():
        plan = plan.with_value(path.replace("__", "."), value)
    return plan


def _sentences(estimate: Estimate, path: str) -> list[tuple[str, str]]:
    return [(one.level, one.sentence) for one in estimate.findings if one.path == path]


def test_an_empty_plan_is_a_whole_estimate_without_a_finding() -> None:
    estimate = evaluate(Plan())
    assert estimate.findings == ()
    assert all(not isnan(estimate[path].value) for path in RESULTS)
    assert estimate.fits


def test_layers_say_where_a_value_comes_from() -> None:
    estimate = evaluate(_plan(site__pue=1.2))
    pue = estimate.field("site.pue")
    assert (pue.layer, pue.value) == ("typed", 1.2)
    assert pue.alternative is not None
    assert pue.alternative.layer == "catalogue"
    price = estimate.field("purchase.price")
    assert price.layer == "catalogue"
    assert price.source
    assert price.date
    assert estimate.field("failures.restart_time").layer == "default"
    assert estimate.field("layout.tensor").layer == "computed"
    assert estimate.field("layout.recompute").key in ("none", "selective", "full")


def test_a_typed_value_taken_back_leaves_no_trace() -> None:
    plan = _plan(site__pue=1.2).with_value("site.pue", None)
    assert evaluate(plan).values == evaluate(Plan()).values


def test_an_override_wins_and_its_alternative_is_what_we_would_compute() -> None:
    free = evaluate(Plan())
    typed = evaluate(_plan(time__goodput=0.5))
    assert typed["time.goodput"].value == 0.5
    assert typed["time.device_hours"].value == pytest.approx(
        free["time.device_hours"].value * free["time.goodput"].value / 0.5
    )
    assert typed.alternative("time.goodput") == pytest.approx(free["time.goodput"].value)


@pytest.mark.parametrize(
    ("path", "value"), [("efficiency.mfu", 0.2), ("efficiency.achieved", 100e12), ("time.step", 10.0)]
)
def test_rate_step_and_utilisation_agree_whichever_was_measured(path: str, value: float) -> None:
    # What was measured is that of a whole run, so the run factor adds nothing to it unless somebody says so.
    free, typed = evaluate(_plan(failures__practice="tuned")), evaluate(Plan().with_value(path, value))
    assert typed[path].si == pytest.approx(value)
    assert (typed.field("failures.practice").key, typed.field("failures.practice").layer) == (
        "tuned",
        "computed",
    )
    assert typed.layout == free.layout
    ratio = free["efficiency.mfu"].value / typed["efficiency.mfu"].value
    for other in ("time.step", "time.device_hours"):
        assert typed[other].value / free[other].value == pytest.approx(ratio), other
    assert free["efficiency.achieved"].value / typed["efficiency.achieved"].value == pytest.approx(ratio)
    assert typed.alternative(path) == pytest.approx(free[path].si)
    said = evaluate(_plan(failures__practice="typical").with_value(path, value))
    factor = said.values["run_factor"]
    assert factor > 1.1
    assert said["time.device_hours"].value == pytest.approx(factor * typed["time.device_hours"].value)


def test_a_range_computes_at_its_median_and_a_list_at_its_first_value() -> None:
    ranged = evaluate(_plan(purchase__price=Range(low=1 / 3600, high=4 / 3600)))
    assert ranged["money.compute"].value == pytest.approx(2 * ranged["time.device_hours"].value)
    assert ("advice", "A range computes at its median.") in _sentences(ranged, "purchase.price")
    listed = evaluate(_plan(hardware__devices=(512.0, 1024.0)))
    assert listed.values["devices"] == 512.0
    assert ("advice", "A list computes at its first value.") in _sentences(listed, "hardware.devices")


def test_a_power_cap_of_the_device_lowers_the_energy() -> None:
    free, capped = evaluate(Plan()), evaluate(_plan(hardware__device_power=350.0))
    assert capped["energy.it"].value < 0.8 * free["energy.it"].value


FINDINGS: list[tuple[dict[str, Value], str, str, str]] = [
    ({"site.pue": 1.2}, "site.pue", "warning", "Below the average site's"),
    ({"site.facility": "azure-swedencentral", "site.pue": 1.01}, "site.pue", "warning", "Below the site's"),
    ({"site.pue": 3.0}, "site.pue", "warning", "Unusual"),
    ({"site.facility": "azure-swedencentral"}, "site.facility", "warning", "is in SWE"),
    ({"hardware.devices": 1.0}, "hardware.devices", "error", "GiB a device"),
    ({"hardware.devices": 1001.0}, "hardware.devices", "warning", "no place in the layout"),
    ({"layout.tensor": 3.0}, "layout.tensor", "error", "must divide the 64 heads"),
    ({"layout.pipeline": 100.0}, "layout.pipeline", "error", "more pipeline stages than layers"),
    ({"layout.tensor": 8.0, "hardware.devices": 4.0}, "hardware.devices", "error", "The layout needs"),
    ({"model.kv_heads": 7.0}, "model.kv_heads", "error", "must divide"),
    ({"model.heads": 0.0}, "model.heads", "error", "at least one head"),
    ({"model.kv_heads": 0.0}, "model.kv_heads", "error", "at least one head"),
    ({"model.experts": 8.0}, "model.experts_per_token", "error", "at least one expert"),
    ({"model.dense_layers": 90.0}, "model.dense_layers", "error", "more dense layers"),
    ({"hardware.accelerator": "h1000"}, "hardware.accelerator", "error", "no h1000"),
    ({"site.grid": "nowhere"}, "site.grid", "error", "no nowhere"),
    ({"programme.budget": 1e6}, "programme.budget", "warning", "more than the budget"),
    ({"programme.deadline": 86_400.0}, "programme.deadline", "warning", "longer than the deadline"),
    ({"model.preset": "gpt3", "training.sequence": 4096.0}, "training.sequence", "error", "positions"),
    ({"no.such": 1.0}, "no.such", "warning", "not a result"),
]


@pytest.mark.parametrize(
    ("values", "path", "level", "part"), FINDINGS, ids=[one[1] + one[3] for one in FINDINGS]
)
def test_what_cannot_or_should_not_be_is_a_finding(
    values: dict[str, Value], path: str, level: str, part: str
) -> None:
    plan = Plan()
    for key, value in values.items():
        plan = plan.with_value(key, value)
    found = _sentences(evaluate(plan), path)
    assert any(one == level and part in sentence for one, sentence in found), found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("site.facility", "azure-swedencentral"),
        ("layout.tensor", 3.0),
        ("hardware.devices", 1001.0),
        ("model.kv_heads", 7.0),
    ],
)
def test_fixes_settle_their_finding(path: str, value: Value) -> None:
    plan = Plan().with_value(path, value)
    fixable = [one for one in evaluate(plan).findings if one.fix is not None]
    assert fixable
    for one in fixable[:1]:
        assert one.fix is not None
        mended = evaluate(plan.with_value(*one.fix))
        assert one.sentence not in [other.sentence for other in mended.findings]


def test_a_model_with_learned_positions_trains_on_sequences_of_their_length() -> None:
    assert evaluate(_plan(model__preset="gpt3")).field("training.sequence").value == 2048.0
    assert evaluate(Plan()).field("training.sequence").value == 8192.0


def test_precision_without_a_rate_is_said_and_nothing_raises() -> None:
    estimate = evaluate(_plan(hardware__accelerator="a100-sxm-80", training__precision="fp8"))
    assert any("no fp8 rate" in text for _level, text in _sentences(estimate, "training.precision"))
    assert isnan(estimate["money.total"].value)
    assert not isnan(estimate["model.parameters"].value)


def test_more_devices_never_lengthen_an_ideal_run() -> None:
    ideal = _plan(failures__failure_time=1e13, failures__restart_time=0.0)
    times = [
        evaluate(ideal.with_value("hardware.devices", float(2**power)))["time.run"].value
        for power in range(6, 14)
    ]
    assert times == sorted(times, reverse=True)


def test_every_preset_and_accelerator_gives_an_estimate() -> None:
    for row in shipped().rows("models"):
        estimate = evaluate(_plan(model__preset=row.key))
        assert estimate["compute.model_flop"].value > 0, row.key
    for row in shipped().rows("accelerators"):
        assert evaluate(_plan(hardware__accelerator=row.key))["time.run"].value > 0, row.key


def _values(shown: Shown) -> st.SearchStrategy[float]:
    low = shown.low * 1.000001 + 1e-12 if shown.above_low else shown.low
    high = min(shown.high, 1e12)
    numbers = st.floats(low, high, allow_nan=False) if high > low else st.just(low)
    return numbers.map(lambda x: max(float(round(x)), low)) if shown.whole else numbers


NUMBERS = [path for path, shown in descriptions().items() if shown.kind == "number"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_values_inside_the_bounds_give_an_estimate_not_an_exception(data: st.DataObject) -> None:
    plan = Plan()
    for path in data.draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4, unique=True)):
        plan = plan.with_value(path, data.draw(_values(descriptions()[path])))
    for path, shown in descriptions().items():
        if shown.kind == "choice" and data.draw(st.booleans()):
            plan = plan.with_value(path, data.draw(st.sampled_from([one.key for one in shown.choices])))
    estimate = evaluate(plan)
    assert estimate["model.parameters"].value > 0
    for one in estimate.findings:
        assert one.sentence


def test_notebooks_use_the_names_of_the_package() -> None:
    plan = tcplan.Plan().set("training.tokens", 15e12)
    result = tcplan.evaluate(plan)["money.total"]
    assert (result.unit, result.value > 0) == ("USD", True)
    assert "Total cost" in tcplan.evaluate(plan).why("money.total")
    with pytest.raises(KeyError, match=r"money\.total"):
        tcplan.evaluate(plan)["money.totl"]


@pytest.mark.parametrize(
    ("extra", "unknown"),
    [
        ("extra_parameters", "money.total"),
        ("extra_active_parameters", "model.active_parameters"),
        ("extra_forward_flop", "time.run"),
    ],
)
def test_a_model_with_less_than_nothing_has_no_cost(extra: str, unknown: str) -> None:
    # Catches: negative money and hours beside the sentence that says that they are impossible.
    estimate = evaluate(Plan().set("model.preset", "llama3-8b").set(f"model.{extra}", -1e15))
    assert [one.path for one in estimate.findings if one.level == "error"] == [f"model.{extra}"]
    rooms = ("money.", "time.", "energy.", "carbon.", "water.", "memory.")
    shown = [path for path in RESULTS if path.startswith(rooms) and path in estimate]
    assert [path for path in shown if estimate[path].value < 0.0] == []
    assert isnan(estimate[unknown].value)
    assert estimate.field(f"model.{extra}").value == -1e15
