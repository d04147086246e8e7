"""A stack of one's own: what is fitted, what is not, what is kept, and what travels with a plan."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from tests.validation.tables import Tcplan, Write, rows_from

from tcplan.catalogue.shelf import Shelf, shipped
from tcplan.estimate import as_saved, evaluate
from tcplan.examples import example
from tcplan.plan.file import read_bytes, to_bytes
from tcplan.validation import own_stack
from tcplan.validation.calibrate import MOST, Calibration, calibrate
from tcplan.validation.own_stack import OwnStackError
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.steps import Prediction, predict

TRUTH = 0.8
"""What the pretended cluster reaches of the shipped efficiency."""


def measured_by(truth: Shelf, count: int) -> tuple[Prediction, ...]:
    """Return steps of one's own whose measured times are what another catalogue predicts."""
    cells = [{**one, "source": "ours", "date": "2026-11"} for one in rows_from("llm_foundry", count, "h100")]
    blank = dict.fromkeys(("step_s", "tokens_per_s_per_device", "mfu_reported", "hfu_reported"), "")
    rows = [MeasuredRow(MappingProxyType({**one, **blank})) for one in cells]
    times = [one.step_s for one in predict(rows, truth)]
    told = [
        MeasuredRow(MappingProxyType({**row.cells, "step_s": repr(time)}))
        for row, time in zip(rows, times, strict=True)
    ]
    return predict(told, shipped())


def slower_catalogue() -> Shelf:
    """Return a catalogue in which every matrix product is slower than in the shipped one."""
    rows = [row for row in shipped().rows("performance") if row.get("coefficient") == "gemm_efficiency"]
    return shipped().with_rows(
        replace(row, values=MappingProxyType({**row.values, "value": TRUTH * (row.number("value") or 0.0)}))
        for row in rows
    )


@pytest.fixture
def made() -> Calibration:
    return calibrate("Our cluster", measured_by(slower_catalogue(), 12), shipped())


def test_the_constant_that_differs_is_found_and_the_band_is_narrower(made: Calibration) -> None:
    """A fit that finds another constant, or none, would be right on these rows and wrong on the next."""
    found = {one.constant.key.partition("-hopper")[0]: one for one in made.fit.constants}
    efficiency = found["gemm-efficiency"]
    assert efficiency.value / efficiency.constant.prior == pytest.approx(TRUTH, rel=0.04)
    assert efficiency.learned > 0.8
    assert made.mean_error(made.fit.before) > 5.0
    assert made.mean_error(made.fit.after) < 1.5
    assert made.mean_error(made.fit.left_out) < 2.0
    assert made.before[0] < made.low < 1.0 < made.high < made.before[1]


def test_constants_never_pass_what_the_rows_can_say(made: Calibration) -> None:
    """Three steps would move a constant that they hardly depend on to anywhere."""
    few = calibrate("few", measured_by(slower_catalogue(), 3), shipped())
    for calibration in (made, few):
        assert len(calibration.fit.constants) <= MOST
        for one in calibration.fit.constants:
            assert one.spread <= one.constant.sigma * (1 + 1e-9)
            moved = abs(np.log(one.value / one.constant.prior))
            assert moved <= 3.0 * one.constant.sigma * np.sqrt(max(one.learned, 0.0)) + 1e-3
    assert few.fit.constants[0].spread >= made.fit.constants[0].spread


def test_rows_that_agree_leave_every_constant_where_it_is() -> None:
    """A fit that moves without a reason changes plans without a reason."""
    made = calibrate("same", measured_by(shipped(), 6), shipped())
    for one in made.fit.constants:
        assert one.value == pytest.approx(one.constant.prior, rel=1e-3)


def test_rows_far_from_the_usual_stack_find_the_one_that_they_stand_on() -> None:
    """Constants of another software would be bent beyond recognition."""
    rows = [{**one, "source": "ours", "stack": ""} for one in rows_from("qwen_finetune", 30)]
    told = predict([MeasuredRow(MappingProxyType(row)) for row in rows], shipped())
    assert calibrate("tuning", told, shipped()).parent.key == "hf-deepspeed"
    named = [MeasuredRow(MappingProxyType({**row, "stack": "torchtune"})) for row in rows]
    assert calibrate("tuning", predict(named, shipped()), shipped()).parent.key == "torchtune"


def test_a_kept_stack_is_offered_and_changes_the_plan(
    tcplan: Tcplan, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack that is fitted and not found again would have been fitted for nothing."""
    rows = [dict(one.row.cells) for one in measured_by(slower_catalogue(), 8)]
    assert tcplan("validate", "--steps", write(rows), "--fit", "Our cluster", "--json") == 0
    told = json.loads(capsys.readouterr().out)["fit"]
    assert told["stack"] == "own-our-cluster"
    assert told["mape_left_out_pct"] < told["mape_before_pct"]
    plan = tmp_path / "plan.tcplan"
    assert tcplan("new", "--from", "llama3.1-70b", plan) == 0
    times = []
    for stack in (told["parent"], told["stack"]):
        assert tcplan("evaluate", plan, "--json", "--set", f"layout.stack={stack}") == 0
        result = json.loads(capsys.readouterr().out)["results"]["time.step"]
        times.append(result["value"])
        assert result["p5"] < result["value"] < result["p95"]
    assert times[1] > 1.05 * times[0]


def test_a_stack_of_a_used_name_sets_the_older_one_aside(
    tcplan: Tcplan, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Weeks of measurements would be gone because somebody took the same name twice."""
    slower = [dict(one.row.cells) for one in measured_by(slower_catalogue(), 8)]
    place = own_stack.own_folder() / "own-our-cluster.json"
    assert tcplan("validate", "--steps", write(slower), "--fit", "Our cluster") == 0
    assert "replaced" not in capsys.readouterr().err
    first = place.read_bytes()
    assert tcplan("validate", "--steps", write(slower), "--fit", "Our cluster") == 0
    assert "replaced" not in capsys.readouterr().err, "the very same stack was set aside"
    contents = [first]
    for count in (5, 6):
        assert tcplan("validate", "--steps", write(slower[:count]), "--fit", "our cluster!") == 0
        error = capsys.readouterr().err
        before = "Our cluster" if count == 5 else "our cluster!"
        day = datetime.fromtimestamp(place.stat().st_mtime, UTC).date().isoformat()
        number = "" if count == 5 else "-2"
        aside = place.with_name(f"own-our-cluster-{day}{number}.bak")
        assert f"It replaced the stack {before} of {day}, which was saved as {aside}." in error
        assert aside.read_bytes() == contents[-1]
        contents.append(place.read_bytes())
    stacks = [row.key for row in own_stack.own_rows() if row.table == "stacks"]
    assert stacks == ["own-our-cluster"]
    own_stack.keep(own_stack.read_bytes(first))
    assert place.read_bytes() == first


def test_a_plan_on_such_a_stack_means_the_same_where_the_stack_is_not(made: Calibration) -> None:
    """A colleague would open the plan and read another time, without a word."""
    own_stack.keep(made.rows)
    document = example("llama3.1-70b").with_value("layout.stack", made.rows[0].key)
    here = evaluate(document.plan, own_stack.shelf_here())
    saved = to_bytes(as_saved(document, here, datetime(2026, 11, 25, tzinfo=UTC)))
    opened = read_bytes(saved)
    there = evaluate(opened.plan, shipped().with_rows(opened.rows))
    assert there["time.step"].value == here["time.step"].value
    assert here["time.step"].value != evaluate(example("llama3.1-70b").plan)["time.step"].value


def test_the_file_of_a_stack_comes_back_whole(made: Calibration) -> None:
    """An export that loses a constant would be another stack at the colleague's."""
    again = own_stack.read_bytes(own_stack.to_bytes(made.rows))
    assert again[0] == made.rows[0]
    assert [(row.key, dict(row.values)) for row in again] == [
        (row.key, dict(row.values)) for row in made.rows
    ]


def test_a_file_cannot_take_the_place_of_what_is_shipped(made: Calibration) -> None:
    """A stranger's file could change every plan of this person."""
    stack, *constants = made.rows
    hostile = {
        "a shipped stack": (replace(stack, key="bridge-2026"), *constants),
        "a shipped constant": (stack, replace(constants[0], key="gemm-efficiency")),
        "a constant of another stack": (
            stack,
            replace(constants[0], values=MappingProxyType({**constants[0].values, "stack": "any"})),
        ),
        "another table": (stack, shipped().find("accelerators", "h100-sxm")),
        "two stacks": (stack, replace(stack, key="own-second")),
    }
    for rows in hostile.values():
        with pytest.raises(OwnStackError):
            own_stack.read_bytes(own_stack.to_bytes(rows))
    for data in (b"", b"\0\0", b"{}", b"[1]", b'{"format": 1, "rows": [1]}', b'{"format": 9, "rows": []}'):
        with pytest.raises(OwnStackError):
            own_stack.read_bytes(data)


def test_a_damaged_file_among_the_kept_ones_is_left_out(made: Calibration) -> None:
    """One bad file would keep the program from starting."""
    own_stack.keep(made.rows)
    place = own_stack.own_folder() / f"{made.rows[0].key}.json"
    (place.parent / "own-broken.json").write_text("{", encoding="utf-8")
    own_stack.forget()
    assert {row.key for row in own_stack.own_rows()} == {row.key for row in made.rows}
