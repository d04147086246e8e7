"""Points of a sweep that cannot exist: a reason in the place of figures, in the words of `evaluate`."""

import csv
from pathlib import Path

import numpy as np
import pytest
from tests.engine.test_sweep import plan_of_row

import tcplan
from tcplan import cli
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.file import save
from tcplan.plan.plan import Plan
from tcplan.study.sweep import DEFAULT_RESULTS

PLAN = example("llama3.1-70b").plan
SPARSE = example("deepseek-v3").plan
THERE_ARE_MORE = "There are more pipeline stages than layers."


HINDERED: dict[str, tuple[Plan, dict[str, str]]] = {
    "degrees": (
        PLAN,
        {
            "layout.tensor": "1,2,5,999",
            "layout.pipeline": "1,7,100",
            "layout.micro_batch": "1,7",
            "hardware.devices": "8,512",
        },
    ),
    "experts": (
        SPARSE,
        {"layout.expert": "8,7,64", "model.experts_per_token": "0,8,300", "model.dense_layers": "3,70"},
    ),
    "heads": (PLAN, {"model.kv_heads": "0,7,8", "model.heads": "0,64,72"}),
    "positions": (example("gpt3-175b").plan, {"training.sequence": "1024,2048,4096"}),
    "more taken away than there is": (PLAN, {"model.extra_parameters": "-1e15,0", "site.pue": "1.1,1.2"}),
    "convolutions": (
        Plan().set("model.preset", "resnet-50").set("hardware.devices", 64),
        {"layout.tensor": "1,2", "layout.context": "1,4"},
    ),
    "precisions": (PLAN.set("hardware.accelerator", "a100-sxm-80"), {"training.precision": "bf16,fp8"}),
    "a result of nothing": (PLAN, {"time.goodput": "0,0.9"}),
    "shares that do not fit": (PLAN, {"hardware.devices": "1,2,1024", "training.sequence": "2048,32k"}),
}


@pytest.mark.parametrize(("plan", "vary"), HINDERED.values(), ids=HINDERED.keys())
def test_a_row_has_a_problem_where_evaluate_reports_an_error(plan: Plan, vary: dict[str, str]) -> None:
    """A layout that cannot exist would have figures, the cheapest of all perhaps, and nobody would know."""
    table = tcplan.sweep(plan, vary)
    hindered = 0
    for row in range(len(table["problem"])):
        estimate = evaluate(plan_of_row(plan, table, vary, row))
        errors = [one.sentence for one in estimate.findings if one.level == "error"]
        problem = str(table["problem"][row])
        hindered += bool(errors)
        assert (problem in errors) if errors else (problem == ""), (row, problem, errors)
        impossible = problem != "" and not any(
            words in problem for words in ("Needs", "cannot be computed", "has no", "No figure")
        )
        for path in DEFAULT_RESULTS:
            value = table[path][row]
            if impossible:
                assert np.isnan(value), (row, path)
            else:
                assert value == pytest.approx(estimate[path].value, rel=1e-12, nan_ok=True), (row, path)
    assert 0 < hindered < len(table["problem"])


def test_a_point_that_cannot_exist_keeps_its_inputs() -> None:
    """A row without the values that it stands for could not be found again."""
    table = tcplan.sweep(PLAN, {"layout.tensor": "8,5"}, ["layout.tensor", "layout.recompute", "money.total"])
    assert table["layout.tensor"].tolist() == [8.0, 5.0]
    assert table["layout.recompute"].tolist()[1] == ""
    assert table["problem"].tolist() == ["", "The tensor-parallel degree must divide the 64 heads."]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a plan."""
    monkeypatch.chdir(tmp_path)
    save(example("llama3.1-70b"), tmp_path / "plan.tcplan", None)
    return tmp_path


def test_points_that_cannot_exist_are_counted_with_a_reason(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight rows of which six mean nothing would end like eight good ones."""
    words = ["sweep", "plan.tcplan", "--out", "out.csv", "--results", "money.total", "--vary"]
    reason = "The tensor-parallel degree must divide the 64 heads."
    assert cli.main([*words, "layout.tensor=1,2,5,999", "layout.pipeline=8,100"]) == 0
    out, error = capsys.readouterr()
    assert (out, error.splitlines()[0]) == ("", "tcplan: 6 of 8 points cannot exist: " + THERE_ARE_MORE)
    rows = list(csv.DictReader((here / "out.csv").read_text().splitlines()))
    assert [row["problem"] for row in rows[:2]] == ["", THERE_ARE_MORE]
    assert [bool(row["money.total"]) for row in rows] == [not row["problem"] for row in rows]
    assert cli.main([*words, "layout.tensor=5,999"]) == 1
    assert capsys.readouterr().err == f"tcplan: 2 of 2 points cannot exist: {reason}\n"
    assert cli.main([*words, "time.goodput=0,0.9"]) == 0
    assert "1 of 2 points have a result that cannot be computed: " in capsys.readouterr().err
