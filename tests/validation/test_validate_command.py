"""`tcplan validate` as its users meet it: tables in, tables out, sentences for what is wrong."""

import json
from pathlib import Path

import pytest
from tests.validation.tables import Tcplan, Write, read, rows_from

from tcplan.validation import carried
from tcplan.validation.groups import GROUPS, Bar, Errors
from tcplan.validation.reached import REASONS

ADDED = {
    *(
        "predicted_step_s",
        "predicted_tokens_per_s_per_device",
        "predicted_mem_gib",
        "p5_step_s",
        "p95_step_s",
    ),
    *("error_pct", "inside_band", "skipped"),
}
Printed = pytest.CaptureFixture[str]


def test_carried_steps_give_one_line_for_each_source_and_hardware(tcplan: Tcplan, capsys: Printed) -> None:
    """Sources that are pooled would hide which of them is predicted badly."""
    assert tcplan("validate", "--json") == 0
    groups = json.loads(capsys.readouterr().out)["groups"]
    pairs = [(one["source"], one["hardware"]) for one in groups]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(row.text("source"), row.text("hardware")) for row in carried.rows()}
    assert sum(one["rows"] + one["skipped"] for one in groups) <= len(carried.rows())
    assert all(one["source"] in carried.origins() for one in groups)


def test_each_bar_is_said_with_what_misses_it(tcplan: Tcplan, capsys: Printed) -> None:
    """Errors without the bar that they were to reach would leave everybody to look it up."""
    assert tcplan("validate") == 0
    text = capsys.readouterr().out
    assert tcplan("validate", "--json") == 0
    bars = {one["group"]: one for one in json.loads(capsys.readouterr().out)["bars"]}
    assert set(bars) == {group.key for group in GROUPS}
    for group in GROUPS:
        one = bars[group.key]
        assert one["held_out_rows"] <= one["rows"]
        missed = one["bar_mape_pct"] is not None and one["held_out_mape_pct"] > one["bar_mape_pct"]
        assert ("mape" in one["missed_held_out"]) == missed
        assert (f"{group.title}, held out: bar missed" in text) == bool(one["missed_held_out"])
        assert all(reason in text for reason in [REASONS.get(group.key, "")] if one["missed_held_out"])


@pytest.mark.parametrize(
    ("rows", "coverage", "by"), [(40, 1.0, 5.0), (40, 0.80, 5.0), (40, 0.90, None), (19, 1.0, None)]
)
def test_a_band_that_holds_all_or_too_few_is_a_miss(rows: int, coverage: float, by: float | None) -> None:
    """A band as wide as the errors ever were would pass as a good one."""
    missed = Bar(mape=9.0).missed(Errors(rows, 0, 1.0, 1.0, 1.0, 0.0, 1.0, coverage))
    assert missed == ({} if by is None else {"coverage": pytest.approx(by)})


def test_rows_come_back_with_what_is_predicted_for_them(tcplan: Tcplan, write: Write, tmp_path: Path) -> None:
    """A column that is not known would be lost, or an error not follow from both times."""
    rows = rows_from("llm_foundry", 6)
    steps = write([{**row, "room": f"rack {at}"} for at, row in enumerate(rows)])
    assert tcplan("validate", "--steps", steps, "--out", tmp_path / "out.csv") == 0
    found = read(tmp_path / "out.csv")
    assert [row["room"] for row in found] == [f"rack {at}" for at in range(6)]
    for row, given in zip(found, rows, strict=True):
        assert set(row) - ADDED == {*given, "room"}
        predicted = float(row["predicted_step_s"])
        tokens = float(row["global_batch"]) * float(row["seq"]) / float(row["n_devices"])
        assert float(row["predicted_tokens_per_s_per_device"]) == pytest.approx(tokens / predicted, rel=1e-4)
        measured = tokens / float(row["tokens_per_s_per_device"])
        assert float(row["error_pct"]) == pytest.approx(100 * (predicted / measured - 1), abs=0.01)
        inside = float(row["p5_step_s"]) <= measured <= float(row["p95_step_s"])
        assert row["inside_band"] == str(int(inside))


MEASURED = ("step_s", "tokens_per_s_per_device", "model_tflops_per_device", "mfu_reported", "peak_mem_gib")


def test_what_was_measured_has_no_part_in_the_prediction(
    tcplan: Tcplan, write: Write, tmp_path: Path
) -> None:
    """A prediction that looks at the answer is none."""
    rows = [*rows_from("vtrain_multi", 4), *rows_from("simumax_b200", 4)]
    blind = [{name: "" if name in MEASURED else cell for name, cell in row.items()} for row in rows]
    for name, table in (("seen", rows), ("blind", blind)):
        steps = write(table, f"{name}.csv")
        assert tcplan("validate", "--steps", steps, "--out", tmp_path / f"{name}-out.csv") == 0
    for seen, unseen in zip(read(tmp_path / "seen-out.csv"), read(tmp_path / "blind-out.csv"), strict=True):
        for column in ("predicted_step_s", "predicted_mem_gib", "p5_step_s", "p95_step_s"):
            assert seen[column] == unseen[column] != ""
        assert unseen["error_pct"] == unseen["inside_band"] == ""


@pytest.mark.parametrize("column", ["layers", "hidden", "heads", "seq", "hardware"])
def test_a_row_without_what_a_plan_needs_is_skipped_with_the_reason(
    tcplan: Tcplan, write: Write, tmp_path: Path, column: str
) -> None:
    """A missing cell would stop the whole table, or be guessed in silence."""
    rows = rows_from("vtrain_multi", 3)
    rows[1][column] = ""
    assert tcplan("validate", "--steps", write(rows), "--out", tmp_path / "out.csv") == 0
    found = read(tmp_path / "out.csv")
    assert [bool(row["skipped"]) for row in found] == [False, True, False]
    assert found[1]["predicted_step_s"] == ""


def test_no_cell_of_a_stranger_stops_the_table(tcplan: Tcplan, write: Write, tmp_path: Path) -> None:
    """One odd cell of thousands would throw away the rest."""
    whole = rows_from("nemo_megatron_bridge", 1)[0]
    rows = [whole]
    for column in whole:
        for odd in ("abc", "nan", "inf", "-5", "0", "1e400", "\u0661", "=1+1", "x" * 2000):
            rows.append({**whole, column: odd})  # noqa: PERF401 - two loops in one line are no clearer
    assert tcplan("validate", "--steps", write(rows), "--out", tmp_path / "out.csv") == 0
    found = read(tmp_path / "out.csv")
    assert len(found) == len(rows)
    for row in found:
        assert bool(row["skipped"]) != bool(row["predicted_step_s"])
        for column in ADDED - {"skipped"}:
            assert "nan" not in row[column]
            assert "inf" not in row[column]


BAD_FILES = {
    "empty": b"",
    "a head alone": b"id,layers\n",
    "no text": bytes(range(256)) * 20,
    "one name twice": b"layers,layers\n1,2\n",
    "too many cells": b"layers,hidden\n1,2,3\n",
    "a quote that never ends": b'layers,hidden\n"1,2\n',
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_what_is_no_table_is_refused_in_one_sentence(
    tcplan: Tcplan, tmp_path: Path, capsys: Printed, data: bytes
) -> None:
    """A traceback says nothing to the person who chose the wrong file."""
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    assert tcplan("validate", "--steps", path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("tcplan: ")
    assert printed.err.count("\n") == 1
    assert "bad.csv" in printed.err


def test_columns_that_no_plan_needs_are_no_table_of_steps(
    tcplan: Tcplan, write: Write, tmp_path: Path, capsys: Printed
) -> None:
    """A list of invoices would be steps that are all skipped, and the exit code that of success."""
    steps = write([{"invoice": "7", "amount": "12"}])
    assert tcplan("validate", "--steps", steps, "--out", tmp_path / "out.csv") == 2
    assert "hardware" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_a_table_with_semicolons_and_decimal_commas_says_the_same(
    tcplan: Tcplan, write: Write, tmp_path: Path
) -> None:
    """What a German spreadsheet writes would be one column without a name."""
    rows = rows_from("simumax_b200", 2)
    assert tcplan("validate", "--steps", write(rows), "--out", tmp_path / "plain.csv") == 0
    lines = [";".join(f'"{cell.replace(".", ",")}"' for cell in row.values()) for row in rows]
    steps = tmp_path / "german.csv"
    steps.write_text("\n".join([";".join(rows[0]), *lines]), encoding="utf-8-sig")
    assert tcplan("validate", "--steps", steps, "--out", tmp_path / "out.csv") == 0
    for plain, german in zip(read(tmp_path / "plain.csv"), read(tmp_path / "out.csv"), strict=True):
        assert [german[column] for column in sorted(ADDED)] == [plain[column] for column in sorted(ADDED)]


BAD_CELLS = {
    "hidden": ("4,096", "number"),
    "step_s": ("-1", "above 0"),
    "n_devices": ("0", "above 0"),
    "layers": ("1e400", "number"),
    "sharding": ("magic", "zero3"),
    "task": ("juggling", "lora"),
    "tp": ("5", "divide"),
    "hardware": ("", "not stated"),
}


@pytest.mark.parametrize("column", BAD_CELLS)
def test_a_cell_that_cannot_be_is_named_and_not_passed_over(
    tcplan: Tcplan, write: Write, tmp_path: Path, column: str
) -> None:
    """A misprint would be predicted as something that the row does not say."""
    cell, word = BAD_CELLS[column]
    steps = write([{**rows_from("llm_foundry", 1)[0], column: cell}])
    assert tcplan("validate", "--steps", steps, "--out", tmp_path / "out.csv") == 0
    found = read(tmp_path / "out.csv")[0]
    assert word in found["skipped"]
    assert not found["predicted_step_s"]


def test_more_expert_parallelism_than_experts_is_no_layout(
    tcplan: Tcplan, write: Write, tmp_path: Path
) -> None:
    """Sixteen ranks would share eight experts."""
    row = {**rows_from("llm_foundry", 1)[0], "experts": "8", "top_k": "2", "moe_ffn": "1024", "ep": "16"}
    assert tcplan("validate", "--steps", write([row]), "--out", tmp_path / "out.csv") == 0
    assert "8 experts" in read(tmp_path / "out.csv")[0]["skipped"]


def test_a_device_is_no_table(tcplan: Tcplan, capsys: Printed) -> None:
    """Reading would never end."""
    assert tcplan("validate", "--steps", "/dev/zero") == 2
    assert "zero" in capsys.readouterr().err


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written(
    tcplan: Tcplan, write: Write, tmp_path: Path, capsys: Printed
) -> None:
    """The reason would be lost, or half a table left behind."""
    assert tcplan("validate", "--steps", tmp_path / "none.csv") == 2
    assert "none.csv" in capsys.readouterr().err
    steps = write(rows_from("vtrain_multi", 1))
    before = steps.read_bytes()
    assert tcplan("validate", "--steps", steps, "--out", steps) == 2
    assert steps.read_bytes() == before
    assert tcplan("validate", "--steps", steps, "--out", tmp_path / "no" / "out.csv") == 2


def test_a_fit_needs_steps_and_enough_of_them(tcplan: Tcplan, write: Write, capsys: Printed) -> None:
    """A stack would be fitted to the published steps, or to nothing."""
    assert tcplan("validate", "--fit", "ours") == 2
    assert "--steps" in capsys.readouterr().err
    assert tcplan("validate", "--steps", write(rows_from("llm_foundry", 2)), "--fit", "ours") == 2
    assert "three" in capsys.readouterr().err
    assert tcplan("validate", "--steps", write(rows_from("llm_foundry", 3)), "--fit", "!!") == 2
    assert "name" in capsys.readouterr().err


def test_a_fit_says_why_rows_have_no_part_in_it(tcplan: Tcplan, write: Write, capsys: Printed) -> None:
    """“0 rows can be compared” would leave the person to guess what is wrong with the table."""
    rows = [{**row, "hardware": "zx81"} for row in rows_from("llm_foundry", 4)]
    assert tcplan("validate", "--steps", write(rows), "--fit", "ours") == 2
    assert "zx81" in capsys.readouterr().err


def test_steps_in_milliseconds_are_not_fitted(tcplan: Tcplan, write: Write, capsys: Printed) -> None:
    """Constants would follow a misprint by a factor of a thousand as far as they can."""
    rows = [{**row, "step_s": "9000000"} for row in rows_from("llm_foundry", 4)]
    assert tcplan("validate", "--steps", write(rows), "--fit", "ours") == 2
    assert "in seconds" in capsys.readouterr().err
