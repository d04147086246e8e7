"""Plans side by side: what differs, who is likely lower, and a difference that is shared out without rest."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tcplan import compare_words
from tcplan.cli import main
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan.plan.file import to_bytes
from tcplan.plan.plan import Plan, Value
from tcplan.plan.value import Range
from tcplan.study.compare import Column, chance_lower, compare
from tcplan.study.waterfall import EXACT, groups_of, waterfall
from tcplan.validation.columns import column_of

MONEY, TIME = "money.total", "time.run"
BASE = example("llama3.1-70b").plan
CHANGES: dict[str, Value] = {
    "hardware.accelerator": "b200-sxm",
    "hardware.devices": 1024.0,
    "purchase.price": 4.2 / 3600.0,
}


def column(changes: Mapping[str, Value], name: str = "other") -> Column:
    return column_of(name, evaluate(BASE.with_values(changes)))


def test_only_what_somebody_typed_and_what_differs_is_an_input_that_differs() -> None:
    """Rows for every figure that follows from another accelerator, or for a default that was only typed."""
    made = compare([column({}, "base"), column({**CHANGES, "purchase.way": "on-demand"})])
    assert [row.path for row in made.inputs if row.differs] == [
        "hardware.accelerator",
        "hardware.devices",
        "purchase.price",
    ]
    assert "purchase.way" in [row.path for row in made.inputs]


def test_ranges_and_typed_results_are_inputs() -> None:
    """A range that is taken for its middle value, or a typed result that is left out."""
    low = BASE.with_value("purchase.price", 4.0 / 3600.0)
    wide = BASE.with_value("purchase.price", Range(low=2.0 / 3600.0, high=8.0 / 3600.0))
    fast = wide.with_value("efficiency.mfu", 0.5)
    made = compare([Column(name, evaluate(plan)) for name, plan in (("a", low), ("b", wide), ("c", fast))])
    rows = {row.path: row for row in made.inputs if row.differs}
    assert set(rows) == {"purchase.price", "efficiency.mfu"}
    texts = [
        compare_words.text_of("purchase.price", cell, one.estimate)
        for cell, one in zip(rows["purchase.price"].cells, made.columns, strict=True)
    ]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts] == ["4", "2 … 8", "2 … 8"]


def test_a_dearer_price_of_one_and_the_same_run_is_certainly_dearer() -> None:
    """Bands of one shared error that are compared as if they were independent."""
    base = column({})
    assert chance_lower(column({"purchase.price": 9.0 / 3600.0}), base, MONEY) == pytest.approx(0.0, abs=1e-9)
    assert chance_lower(column({"purchase.price": 1.0 / 3600.0}), base, MONEY) == pytest.approx(1.0, abs=1e-9)
    assert chance_lower(column({}), base, MONEY) == 0.5


def test_bands_that_overlap_hide_a_small_change() -> None:
    """A few per cent between two predicted runs that are sold as a fact."""
    few, many = column({"hardware.devices": 1024.0}), column({"hardware.devices": 2048.0})
    made = compare([many, few])
    cell = next(row for row in made.results if row.path == "time.device_hours").cells[1]
    assert cell.unclear
    assert compare_words.chance_words(cell) == "within bands"
    time = next(row for row in made.results if row.path == TIME).cells[1]
    assert not time.unclear
    assert chance_lower(few, many, TIME) == pytest.approx(1.0 - chance_lower(many, few, TIME))


def test_the_parts_of_a_waterfall_are_the_average_over_all_orders() -> None:
    """Shapley weights that are off, seen against every order walked one by one."""
    one, other = column({}, "base"), column(CHANGES)
    found = waterfall(one, other, MONEY)
    groups = groups_of(one.estimate.plan, other.estimate.plan)
    totals = [0.0] * len(groups)
    orders = list(itertools.permutations(range(len(groups))))
    for order in orders:
        plan = one.estimate.plan
        before = evaluate(plan)[MONEY].value
        for at in order:
            plan = plan.with_values(groups[at])
            after = evaluate(plan)[MONEY].value
            totals[at] += (after - before) / len(orders)
            before = after
    assert [part.change for part in found.parts] == pytest.approx(totals)
    assert found.start + sum(part.change for part in found.parts) == pytest.approx(found.end)
    assert found.residual == pytest.approx(0.0, abs=1e-6 * found.end)
    assert found.orders == 0


def test_many_changes_are_drawn_alike_each_time_and_leave_no_rest() -> None:
    """Another waterfall at each repaint, or parts that do not add up."""
    many: dict[str, Value] = {
        **CHANGES,
        "training.tokens": 9e12,
        "training.precision": "fp8",
        "site.grid": "SWE",
        "site.pue": 1.1,
        "purchase.way": "spot",
        "programme.contingency": 0.2,
    }
    one, other = column({}, "base"), column(many)
    found = waterfall(one, other, MONEY)
    assert len(found.parts) == len(many) > EXACT
    assert found.orders > 0
    assert found == waterfall(one, other, MONEY)
    assert found.start + sum(part.change for part in found.parts) == pytest.approx(found.end)


def test_what_no_change_explains_is_the_residual() -> None:
    """A published figure whose distance from the prediction is blamed on an input."""
    one = column({}, "base")
    stated = column_of("published", evaluate(BASE.with_values(CHANGES)), {MONEY: 1e6})
    found = waterfall(one, stated, MONEY)
    assert found.end == 1e6
    assert found.residual == pytest.approx(1e6 - stated.estimate[MONEY].value)
    assert compare_words.residual_words(found, one, stated) == "published figure against computed"


def test_a_combination_without_result_is_left_out_of_the_average() -> None:
    """A waterfall of nothing but NaN because one order passes a plan that cannot be."""
    sizes: dict[str, Value] = {"layout.tensor": 7.0}
    one, other = column({}, "base"), column({**sizes, "hardware.devices": 1024.0})
    found = waterfall(one, other, MONEY)
    assert len(found.parts) == 2
    assert all(part.change == part.change for part in found.parts)


def test_the_sizes_of_a_model_change_as_one() -> None:
    """Half a model in an order, which means nothing."""
    other = Plan().with_values({"model.layers": 32.0, "model.hidden": 4096.0, "hardware.devices": 64.0})
    assert [set(group) for group in groups_of(Plan(), other)] == [
        {"model.layers", "model.hidden"},
        {"hardware.devices"},
    ]


def test_the_sentence_says_money_and_time() -> None:
    made = compare([column({}, "Now"), column(CHANGES, "B200 lease")])
    assert compare_words.verdict(made, 1).startswith("B200 lease costs ")
    assert "less and ends" in compare_words.verdict(made, 1)
    assert "likely to be cheaper" in compare_words.likely(made, 1)
    assert compare_words.why_title(made, 1, MONEY).startswith("Why B200 lease costs ")


# the command


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Return two plans, the first with scenarios."""
    first = Document.new(BASE).with_scenario("B200", CHANGES).with_scenario("Spot", {"purchase.way": "spot"})
    second = Document.new(BASE.with_values(CHANGES))
    places = (tmp_path / "one.tcplan", tmp_path / "two.tcplan")
    for place, document in zip(places, (first, second), strict=True):
        place.write_bytes(to_bytes(document))
    return str(places[0]), str(places[1])


def test_the_command_prints_inputs_results_and_why(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *files]) == 0
    text = capsys.readouterr().out
    for words in ("H100 SXM5 80GB", "Devices", "Money", "Why two costs", "Residual", "2048 → 1024"):
        assert words in text
    assert "Sequence" not in text
    assert main(["compare", *files, "--all", "--result", TIME]) == 0
    text = capsys.readouterr().out
    assert "Sequence" in text
    assert "Why two ends" in text


def test_for_programs_it_is_what_the_engine_says(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Digits that differ from `evaluate`, or a scenario that is not the one of the file."""
    assert main(["compare", files[0], "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert [column["name"] for column in tree["columns"]] == ["Base", "B200", "Spot"]
    b200 = evaluate(BASE.with_values(CHANGES))
    row = tree["results"][MONEY]
    assert row["unit"] == "USD"
    assert row["columns"][1]["value"] == b200[MONEY].value
    change = 100.0 * (b200[MONEY].value / evaluate(BASE)[MONEY].value - 1.0)
    assert row["columns"][1]["change_pct"] == pytest.approx(change)
    assert row["columns"][0].keys() == {"value", "p5", "p95"}
    fall = tree["waterfalls"][0]
    assert (fall["from"], fall["to"], fall["orders"]) == ("Base", "B200", "all")
    assert fall["start"] + sum(part["change"] for part in fall["parts"]) == pytest.approx(fall["end"])
    assert [one["path"] for one in tree["inputs"]] == [
        "hardware.accelerator",
        "hardware.devices",
        "purchase.way",
        "purchase.price",
    ]


def test_scenarios_of_the_first_file_stand_beside_another(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *files, "--scenario", "Spot", "--json"]) == 0
    names = [column["name"] for column in json.loads(capsys.readouterr().out)["columns"]]
    assert names == ["one", "one: Spot", "two"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["two"], "there is nothing to compare it with"),
        (["one", "missing"], "there is no such file"),
        (["one", "--scenario", "Sport"], "there is no scenario Sport; there are: Base, B200, Spot"),
        (["one", "two", "--result", "money.totla"], "money.totla"),
        (["one", "broken"], "broken.tcplan"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(
    files: tuple[str, str],
    tmp_path: Path,
    words: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "broken.tcplan").write_bytes(b"{\x00")
    plans = ("one", "two", "missing", "broken")
    line = [str(tmp_path / f"{word}.tcplan") if word in plans else word for word in words]
    assert main(["compare", *line]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert said.err.count("\n") == 1
