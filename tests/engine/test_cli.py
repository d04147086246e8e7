"""The command line as its users meet it: a process, its output, its exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import Scenario
from tcplan.plan.file import load, to_bytes
from tcplan.results import RESULTS
from tcplan.version import VERSION

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    places = {name: str(tmp_path / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}

    def tcplan(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tcplan_desktop.program", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return tcplan


@pytest.fixture
def plan(run: Run) -> str:
    assert run("new", "--from", "gpt3-175b", "plan.tcplan").returncode == 0
    return "plan.tcplan"


def test_new_writes_the_example_that_was_asked_for(run: Run, plan: str, tmp_path: Path) -> None:
    document = load(tmp_path / plan).document
    assert document.plan == example("gpt3-175b").plan
    assert document.id != example("gpt3-175b").id
    tables = {"accelerators", "grids", "models", "prices", "sites", "stacks"}
    assert {row.table for row in document.rows} == tables
    assert document.saves[-1].headline["money.total"] == evaluate(document.plan)["money.total"].value


def test_new_takes_a_model_preset(run: Run, tmp_path: Path) -> None:
    assert run("new", "--from", "mixtral-8x7b", "m.tcplan").returncode == 0
    assert load(tmp_path / "m.tcplan").document.plan.model.preset == "mixtral-8x7b"


def test_new_never_writes_over_a_file(run: Run, plan: str, tmp_path: Path) -> None:
    before = (tmp_path / plan).read_bytes()
    again = run("new", "--from", "deepseek-v3", plan)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert (tmp_path / plan).read_bytes() == before


def test_json_has_every_result_and_the_digits_of_the_engine(run: Run, plan: str, tmp_path: Path) -> None:
    answer = run("evaluate", plan, "--json")
    assert answer.returncode == 0
    found = json.loads(answer.stdout)
    estimate = evaluate(load(tmp_path / plan).document.plan)
    assert (found["format"], found["engine"], found["scenario"]) == (1, VERSION, "Base")
    assert found["plan"] == estimate.plan.fingerprint()
    assert set(RESULTS) <= set(found["results"])
    for path in RESULTS:
        assert found["results"][path]["value"] == estimate[path].value
        assert found["results"][path]["unit"] == estimate[path].unit
    assert found["layout"]["tensor"] == estimate.layout["tensor"]


def test_set_reads_the_grammar_of_the_window_and_leaves_the_file_alone(
    run: Run, plan: str, tmp_path: Path
) -> None:
    before = (tmp_path / plan).read_bytes()
    answer = run(
        "evaluate", plan, "--json", "--set", "training.tokens=2*300e9", "--set", "purchase.price=2 $/h"
    )
    once = json.loads(run("evaluate", plan, "--json", "--set", "purchase.price=2 $/h").stdout)["results"]
    twice = json.loads(answer.stdout)["results"]
    assert twice["compute.model_flop"]["value"] == pytest.approx(2 * once["compute.model_flop"]["value"])
    assert twice["money.compute"]["value"] == pytest.approx(2 * twice["time.device_hours"]["value"])
    assert (tmp_path / plan).read_bytes() == before


def test_set_overrides_a_result_by_its_path(run: Run, plan: str) -> None:
    answer = run("evaluate", plan, "--json", "--set", "energy.mean_device_power=1 kW")
    found = json.loads(answer.stdout)["results"]
    hours = found["time.device_hours"]["value"]
    assert found["energy.it"]["value"] == pytest.approx(hours * 1.05)


def test_a_scenario_of_the_plan_is_evaluated_and_named(run: Run, plan: str, tmp_path: Path) -> None:
    """The base would be printed under the name of the scenario."""
    file = tmp_path / plan
    twice = Scenario("Twice the data", {"training.tokens": 600e9, "purchase.price": None})
    document = replace(load(file).document, scenarios=(twice,))
    file.write_bytes(to_bytes(document))
    answer = run("evaluate", plan, "--json", "--scenario", "Twice the data")
    found = json.loads(answer.stdout)
    assert found["scenario"] == "Twice the data"
    assert found["plan"] == document.scenario_plan("Twice the data").fingerprint()
    base = json.loads(run("evaluate", plan, "--json", "--scenario", "Base").stdout)
    flop = [one["results"]["compute.model_flop"]["value"] for one in (base, found)]
    assert flop[1] == pytest.approx(2 * flop[0])
    assert run("sheet", plan, "out.md", "--scenario", "Twice the data").returncode == 0
    assert "Scenario: Twice the data" in (tmp_path / "out.md").read_text("utf-8")
    assert run("evaluate", plan, "--scenario", "Thrice").returncode == 2


def test_csv_is_a_table_with_units(run: Run, plan: str) -> None:
    lines = run("evaluate", plan, "--csv").stdout.splitlines()
    assert lines[0] == "path,value,unit"
    assert any(line.startswith("energy.facility,") and line.endswith(",kWh") for line in lines)


def test_a_plan_that_does_not_fit_says_so_and_still_prints(run: Run, plan: str) -> None:
    answer = run("evaluate", plan, "--json", "--set", "hardware.devices=1")
    assert answer.returncode == 1
    assert "GiB a device" in answer.stderr
    assert json.loads(answer.stdout)["problems"][0]["level"] == "error"


def test_explain_shows_formula_numbers_and_source(run: Run, plan: str) -> None:
    answer = run("explain", plan, "money.compute")
    assert answer.returncode == 0
    for part in ("Device-hours to pay for × Price", "$/h", "catalogue", "Source: arXiv:2405.21015"):
        assert part in answer.stdout


def test_a_sheet_of_what_cannot_be_computed_holds_no_bare_nan(run: Run, plan: str, tmp_path: Path) -> None:
    """The bar of each part would be nan per cent wide."""
    fields = {"hardware.accelerator": "v100-sxm2-32", "training.precision": "fp8"}
    words = [word for path, text in fields.items() for word in ("--set", f"{path}={text}")]
    assert run("sheet", plan, "out.html", *words).returncode == 1
    assert ":nan%" not in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".md", ".tex", ".xlsx", ".csv"])
def test_sheet_writes_each_format_without_a_display(run: Run, plan: str, tmp_path: Path, suffix: str) -> None:
    answer = run("sheet", plan, f"out{suffix}", "--paper", "letter")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert (tmp_path / f"out{suffix}").stat().st_size > 2000


@pytest.mark.parametrize("template", ["board", "grant", "ai-act", "carbon", "quotes"])
def test_sheet_writes_each_template(run: Run, plan: str, tmp_path: Path, template: str) -> None:
    """Fails when a template that the help names is not to be had, or is another one."""
    answer = run("sheet", plan, "out.html", "--template", template)
    assert (answer.returncode, answer.stdout) == (0, "")
    heads = {
        "board": "What was left out",
        "grant": "Resources asked for",
        "ai-act": "Compute against the thresholds",
        "carbon": "Emissions, both bases side by side",
        "quotes": "On one basis",
    }
    found = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert [name for name, head in heads.items() if f"<h2>{head}</h2>" in found] == [template]


def test_schema_is_a_json_schema_of_the_file(run: Run, plan: str, tmp_path: Path) -> None:
    schema = json.loads(run("schema").stdout)
    assert set(json.loads((tmp_path / plan).read_text("utf-8"))) <= set(schema["properties"])


def test_catalogue_lists_rows_with_source_and_date(run: Run) -> None:
    rows = json.loads(run("catalogue", "list", "accelerators", "--json").stdout)
    assert len(rows) >= 25
    assert all(next(iter(row)) == "key" and row["source"] and row["date"] for row in rows)
    assert "H100" in run("catalogue", "show", "accelerators", "h100-sxm").stdout
    keys = [row["key"] for row in json.loads(run("catalogue", "list", "examples", "--json").stdout)]
    assert {"gpt3-175b", "gpt3-175b-published", "deepseek-v3-published"} <= set(keys)


BAD_LINES = [
    (["--bogus"], "COMMAND"),
    (["evaluat"], "evaluat"),
    (["evaluate"], "FILE"),
    (["evaluate", "missing.tcplan"], "missing.tcplan"),
    (["evaluate", "plan.tcplan", "--set", "training.tokens"], "PATH=TEXT"),
    (["evaluate", "plan.tcplan", "--set", "training.tokens=many"], "training.tokens"),
    (["evaluate", "plan.tcplan", "--set", "training.tokens=3 kWh"], "training.tokens"),
    (["evaluate", "plan.tcplan", "--set", "training.tokens=-1"], "training.tokens"),
    (["evaluate", "plan.tcplan", "--set", "training.tokens=1e400"], "training.tokens"),
    (["evaluate", "plan.tcplan", "--set", "training.tokns=1"], "training.tokens"),
    (["evaluate", "plan.tcplan", "--set", "hardware.accelerator=h1000"], "h1000"),
    (["evaluate", "plan.tcplan", "--set", "layout.recompute=some"], "selective"),
    (["evaluate", "plan.tcplan", "--scenario", "Other"], "Other"),
    (["evaluate", "plan.tcplan", "--json", "--csv"], "--csv"),
    (["explain", "plan.tcplan", "money.totl"], "money.total"),
    (["sheet", "plan.tcplan", "out.docx"], ".pdf"),
    (["sheet", "plan.tcplan", "no/such/folder/out.md"], "no/such/folder"),
    (["sheet", "plan.tcplan", "out.pdf", "--paper", "a3"], "a3"),
    (
        ["sheet", "plan.tcplan", "out.pdf", "--template", "bord"],
        "one-page, board, grant, ai-act, carbon, quotes",
    ),
    (["new", "--from", "gpt3-175", "x.tcplan"], "gpt3-175b"),
    (["new", "--from", "gpt3-175b", "no/such/folder/x.tcplan"], "no/such/folder"),
    (["catalogue", "list", "pries"], "prices"),
    (["catalogue", "show", "models", "gtp3"], "gpt3"),
]


@pytest.mark.parametrize(("words", "part"), BAD_LINES, ids=[" ".join(words) for words, _part in BAD_LINES])
def test_a_wrong_line_gets_one_sentence_and_code_2(run: Run, plan: str, words: list[str], part: str) -> None:
    answer = run(*words)
    assert answer.returncode == 2, answer.stderr
    assert answer.stdout == ""
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert lines[0].startswith("tcplan: ")
    assert part in lines[0]
    assert "Traceback" not in answer.stderr


def test_interrupt_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    # The command waits inside a read of a pipe that nobody writes to, so that the signal finds it at work.
    pipe = tmp_path / "waiting"
    os.mkfifo(pipe)
    program = (
        # A test run in the background hands down that interrupts are ignored.
        "import pathlib, signal, tcplan.cli as cli, tcplan.commands.plan_file as place\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"place.load = lambda _path: (print('ready', flush=True), pathlib.Path({str(pipe)!r}).read_text())\n"
        "raise SystemExit(cli.main(['evaluate', 'any.tcplan']))"
    )
    command = subprocess.Popen([sys.executable, "-c", program], stdout=-1, stderr=-1, text=True)
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    command.send_signal(signal.SIGINT)
    _out, error = command.communicate(timeout=20)
    assert (command.returncode, error) == (130, "")
