"""Sweeps: each row is what `evaluate` says of its plan, and no row depends on what else is computed."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tcplan
from tcplan import cli
from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan.plan.file import save
from tcplan.plan.plan import Plan, PlanError, descriptions
from tcplan.plan.units import unit
from tcplan.study.axis import axis_of
from tcplan.study.sweep import DEFAULT_RESULTS, Sweep, Table, computed, joined, sweep_of

PLAN = example("llama3.1-70b").plan
SPARSE = example("deepseek-v3").plan

VARIED: dict[str, tuple[Plan, dict[str, str]]] = {
    "numbers": (PLAN, {"training.tokens": "1T,2T,15T", "site.pue": "1.1,1.4", "purchase.price": "2,3 $/h"}),
    "numbers that choose the layout": (
        PLAN,
        {"hardware.devices": "256,1000,4096", "training.sequence": "2048,32k"},
    ),
    "rows and choices": (
        PLAN,
        {
            "hardware.accelerator": "h100-sxm,a100-sxm-80",
            "purchase.way": "on-demand,spot,own",
            "site.grid": "SWE,POL",
        },
    ),
    "numbers that choose functions": (
        PLAN.set("model.experts_per_token", 2),
        {"model.experts": "0,8", "training.tokens": "1T,3T"},
    ),
    "a number that another follows": (PLAN, {"hardware.device_power": "400,700", "site.idle_share": "20,40"}),
    "a run in phases": (
        PLAN.set("training.second_phase_tokens", 800e9).set("training.third_phase_tokens", 40e9),
        {
            "training.second_phase_sequence": "32k,128k",
            "hardware.devices": "1024,4096",
            "site.pue": "1.1,1.2",
        },
    ),
    "data in another unit": (
        PLAN.set("training.data_unit", "words"),
        {
            "training.data_amount": "1T,4T",
            "training.tokens_per_word": "1.2,1.5",
            "training.passes_over_data": "1,2",
        },
    ),
    "results": (PLAN, {"efficiency.mfu": "0.3,0.5", "time.goodput": "0.8,0.95"}),
    "a fixed layout": (
        SPARSE,
        {"layout.tensor": "1,4", "layout.expert": "8,64", "layout.recompute": "none,full"},
    ),
    "precisions of a sparse model": (
        SPARSE,
        {"training.precision": "bf16,fp8", "hardware.devices": "1024,2048"},
    ),
}


def plan_of_row(plan: Plan, table: Table, paths: dict[str, str], row: int) -> Plan:
    for path in paths:
        value = table[path][row]
        shown = descriptions().get(path)
        if isinstance(value, str):
            plan = plan.set(path, str(value))
        else:
            plan = plan.set(path, float(value) * float(unit(shown.shown).factor if shown else 1.0))
    return plan


@pytest.mark.parametrize(("plan", "vary"), VARIED.values(), ids=VARIED.keys())
def test_each_row_is_what_evaluate_says_of_its_plan(plan: Plan, vary: dict[str, str]) -> None:
    """An array in the place of a number, a layout of another point, or rows out of order would show."""
    table = tcplan.sweep(plan, vary)
    size = len(table["money.total"])
    for row in range(size):
        estimate = evaluate(plan_of_row(plan, table, vary, row))
        for path in DEFAULT_RESULTS:
            assert table[path][row] == pytest.approx(estimate[path].value, rel=1e-12, nan_ok=True), (
                row,
                path,
            )


def test_the_last_path_turns_fastest() -> None:
    """A table in another order would be taken for the product that was asked for."""
    table = tcplan.sweep(
        PLAN, {"training.tokens": [1e12, 2e12], "site.pue": "1.1; 1.2; 1.3"}, ["money.total"]
    )
    assert list(table) == ["training.tokens", "site.pue", "money.total", "problem"]
    assert table["training.tokens"].tolist() == [1e12] * 3 + [2e12] * 3
    assert table["site.pue"].tolist() == [1.1, 1.2, 1.3] * 2


def large(plan: Plan) -> Sweep:
    axes = [
        axis_of("hardware.devices", "64,512,1000", plan, shipped()),
        axis_of("hardware.accelerator", "h100-sxm,mi300x", plan, shipped()),
        axis_of("training.tokens", [float(one) for one in np.linspace(1e12, 15e12, 13)], plan, shipped()),
        axis_of("purchase.price", "1.5,2,2.5 $/h", plan, shipped()),
    ]
    return sweep_of(Document.new(plan), axes, [*DEFAULT_RESULTS, "layout.pipeline"], shipped())


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
@pytest.mark.parametrize("plan", [PLAN, SPARSE], ids=["dense", "sparse"])
def test_pieces_of_any_size_give_the_same_digits(plan: Plan, size: int) -> None:
    """A search or a rounding that depends on its neighbours would give other digits on another cluster."""
    one = large(plan)
    whole = computed(one, 0, one.size)
    pieces = joined([computed(one, start, min(start + size, 120)) for start in range(0, 120, size)][:200])
    for path, column in pieces.items():
        assert column.tobytes() == whole[path][: len(column)].tobytes(), path


def test_a_number_is_not_parted_in_two_and_a_key_must_exist() -> None:
    """`1,000` would be read as one and nought, a preset that is not there as the default."""
    for path, text, words in (
        ("training.tokens", "1,000", "write thousands without one"),
        ("training.tokens", "1T,,2T", "missing"),
        ("training.tokens", "1T..2T", "single values"),
        ("training.tokens", "1T,1T", "twice"),
        ("training.tokens", "-1", "1 or more"),
        ("training.precision", "bf16,fp99", "fp99"),
        ("training.precision", "bf16,", "missing"),
        ("training.token", "1", "did you mean training.tokens"),
        ("hardware.devices", "1e400", "too large"),
    ):
        with pytest.raises(PlanError) as refused:
            tcplan.sweep(PLAN, {path: text})
        assert words in refused.value.sentence, text
    with pytest.raises(RowError):
        tcplan.sweep(PLAN, {"hardware.accelerator": "h100-sxm,h1000"})
    with pytest.raises(PlanError, match="more than"):
        tcplan.sweep(
            PLAN, {"training.tokens": list(range(1, 9000)), "hardware.devices": list(range(1, 9000))}
        )
    with pytest.raises(PlanError, match="no field or result"):
        tcplan.sweep(PLAN, {"training.tokens": "1T"}, ["money.totals"])
    with pytest.raises(PlanError, match="name what varies"):
        tcplan.sweep(PLAN, {})


def test_a_result_that_only_some_structures_have_is_unknown_in_the_others() -> None:
    """A quantity of sparse models would stop a sweep that begins with one and goes on with a dense one."""
    table = tcplan.sweep(SPARSE, {"model.experts": "256,0"}, ["model.expert_width", "model.parameters"])
    assert np.isfinite(table["model.expert_width"]).tolist() == [True, False]
    assert np.isfinite(table["model.parameters"]).all()


def test_the_layout_that_was_chosen_can_be_asked_for() -> None:
    """A row without its layout cannot be repeated."""
    table = tcplan.sweep(PLAN, {"hardware.devices": "64,1024"}, ["layout.tensor", "layout.recompute"])
    for row, devices in enumerate((64.0, 1024.0)):
        estimate = evaluate(PLAN.set("hardware.devices", devices))
        assert table["layout.tensor"][row] == estimate.layout["tensor"]
        assert table["layout.recompute"][row] == estimate.field("layout.recompute").key


# The command.


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a plan."""
    monkeypatch.chdir(tmp_path)
    save(example("llama3.1-70b"), tmp_path / "plan.tcplan", None)
    return tmp_path


def test_the_command_writes_the_table_and_nothing_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number without all its digits, or a message on standard output, would break what reads the table."""
    words = [
        "sweep",
        "plan.tcplan",
        "--vary",
        "training.tokens=1T,2T",
        "hardware.accelerator=h100-sxm,h200-sxm",
    ]
    assert cli.main([*words, "--out", "out.csv", "--set", "hardware.devices=1024"]) == 0
    assert capsys.readouterr() == ("", "")
    with (here / "out.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["training.tokens", "hardware.accelerator", *DEFAULT_RESULTS, "problem"]
    table = tcplan.sweep(
        PLAN.set("hardware.devices", 1024),
        {"training.tokens": "1T,2T", "hardware.accelerator": "h100-sxm,h200-sxm"},
    )
    for row, cells in enumerate(rows):
        assert cells["hardware.accelerator"] == table["hardware.accelerator"][row]
        assert float(cells["money.total"]) == table["money.total"][row]


def test_parquet_holds_the_same_figures(here: Path) -> None:
    """The two formats would part, or an unknown figure become a number."""
    import pyarrow.parquet

    words = [
        "sweep",
        "plan.tcplan",
        "--vary",
        "model.experts=0,8",
        "--set",
        "model.experts_per_token=2",
        "--results",
        "money.total,model.expert_width",
    ]
    assert cli.main([*words, "--out", "out.parquet"]) == 0
    assert cli.main([*words, "--out", "out.csv"]) == 0
    table = pyarrow.parquet.read_table(here / "out.parquet")
    with (here / "out.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert table.column_names == list(rows[0])
    assert [float(row["money.total"]) for row in rows] == table["money.total"].to_pylist()
    assert table["model.expert_width"].to_pylist()[0] is None
    assert rows[0]["model.expert_width"] == ""
    words = ["--vary", "layout.tensor=5,8", "--results", "money.total,layout.recompute"]
    assert cli.main(["sweep", "plan.tcplan", *words, "--out", "out.parquet"]) == 0
    columns = pyarrow.parquet.read_table(here / "out.parquet").to_pydict()
    assert [columns[path][0] for path in ("layout.tensor", "money.total", "layout.recompute")] == [
        5.0,
        None,
        None,
    ]
    assert columns["problem"][1] is None


def test_what_cannot_be_done_is_said_and_nothing_is_written(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing library or a wrong list would end in a traceback, or leave an empty table."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "distributed", None)
    tokens = ["--vary", "training.tokens=1T,2T"]
    for words, said in (
        ([*tokens, "--out", "out.parquet"], ".parquet needs the library pyarrow"),
        ([*tokens, "--out", "out.csv", "--scheduler", "tcp://127.0.0.1:9"], "needs the library distributed"),
        ([*tokens, "--out", "out.txt"], "a table can be written as .csv, .parquet"),
        ([*tokens, "--out", "no/out.csv"], "no/out.csv"),
        (["--vary", "training.tokens", "--out", "out.csv"], "write PATH=LIST"),
        (["--vary", "training.tokens=1,000", "--out", "out.csv"], "--vary training.tokens: "),
        (["--vary", "hardware.accelerator=h1000", "--out", "out.csv"], "--vary hardware.accelerator: "),
        (["--vary", "training.tokens=1", "training.tokens=2", "--out", "out.csv"], "varied twice"),
        ([*tokens, "--out", "out.csv", "--results", "money"], "no field or result"),
        (["--out", "out.csv"], "--vary"),
        (tokens, "--out"),
    ):
        assert cli.main(["sweep", "plan.tcplan", *words]) == 2
        out, error = capsys.readouterr()
        assert (out, error.count("\n")) == ("", 1)
        assert said in error, error
    assert [path.name for path in here.iterdir()] == ["plan.tcplan"]
    (here / "plan.csv").write_bytes((here / "plan.tcplan").read_bytes())
    assert cli.main(["sweep", "plan.csv", *tokens, "--out", "plan.csv"]) == 2
    assert "the plan itself" in capsys.readouterr().err


def test_a_sweep_in_which_nothing_fits_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cluster that is too small would pass for an answer."""
    words = ["sweep", "plan.tcplan", "--out", "out.csv", "--vary"]
    assert cli.main([*words, "hardware.devices=1,2"]) == 1
    assert "2 of 2 points do not fit" in capsys.readouterr().err
    assert len((here / "out.csv").read_text().splitlines()) == 3
    assert cli.main([*words, "hardware.devices=1,1024"]) == 0
    assert "1 of 2 points do not fit" in capsys.readouterr().err


def test_ctrl_c_leaves_the_old_table(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a table would take the place of the one of yesterday."""
    (here / "out.csv").write_text("old")

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tcplan.commands.sweep.computed", interrupted)
    assert cli.main(["sweep", "plan.tcplan", "--vary", "site.pue=1.1,1.2", "--out", "out.csv"]) == 130
    assert (here / "out.csv").read_text() == "old"
    assert sorted(path.name for path in here.iterdir()) == ["out.csv", "plan.tcplan"]


# A cluster.


class Future:
    """A task of the cluster that stands in for a real one."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def exception(self) -> BaseException | None:
        return self._answer if isinstance(self._answer, BaseException) else None

    def result(self) -> object:
        return self._answer


class Cluster:
    """Stands in for the library: a client whose workers give one answer to every task."""

    def __init__(self, answer: object, workers: int = 1) -> None:
        self.answer, self.workers, self.closed = answer, workers, False

    def Client(self, address: str, timeout: str) -> "Cluster":
        if address == "nobody":
            raise OSError(timeout)
        return self

    def scheduler_info(self) -> dict[str, list[int]]:
        return {"workers": [0] * self.workers}

    def submit(self, *_words: object, **_options: object) -> Future:
        return Future(self.answer)

    def as_completed(self, futures: list[Future]) -> list[Future]:
        return futures

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("cluster", "address", "words"),
    [
        (Cluster(None), "nobody", "no scheduler of Dask answers at nobody"),
        (Cluster(None, workers=0), "here", "the scheduler at here has no worker"),
        (Cluster(("0.0.1", {})), "here", "a worker has TCPlan 0.0.1"),
        (Cluster(ModuleNotFoundError("No module named 'tcplan'")), "here", "a worker has no TCPlan"),
        (Cluster(MemoryError("\x1b[31mfull")), "here", "a worker failed: MemoryError"),
    ],
)
def test_a_cluster_that_cannot_help_is_named(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    cluster: Cluster,
    address: str,
    words: str,
) -> None:
    """Digits of another version would be mixed with ours, or an error of a worker end in its traceback."""
    monkeypatch.setitem(sys.modules, "distributed", cluster)
    command = [
        "sweep",
        "plan.tcplan",
        "--vary",
        "site.pue=1.1,1.2",
        "--out",
        "out.csv",
        "--scheduler",
        address,
    ]
    assert cli.main(command) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error[:-1].isprintable()
    assert cluster.closed == (address != "nobody")
    assert not (here / "out.csv").exists()


ON_CLUSTER = """
import json, os, signal, sys
from pathlib import Path
from tcplan.catalogue.shelf import shipped
from tcplan.plan.file import load
from tcplan.study.axis import axis_of
from tcplan.study.cluster import swept
from tcplan.study.sweep import sweep_of, together

address, victim = sys.argv[1], int(sys.argv[2])
document = load(Path("plan.tcplan")).document
axes = [
    axis_of("hardware.devices", "64,128,256,512,1000,2048", document.plan, shipped()),
    axis_of("training.tokens", "1T,2T,4T,8T,15T", document.plan, shipped()),
    axis_of("hardware.accelerator", "h100-sxm,a100-sxm-80", document.plan, shipped()),
]
one = sweep_of(document, axes, ("money.total", "time.run", "memory.peak"), shipped())
shares = []

def done(share):
    shares.append(share)
    if len(shares) == 10:
        os.kill(victim, signal.SIGKILL)

table = swept(address, one, done, piece=2)
alike = {path: column.tobytes() == together(one)[path].tobytes() for path, column in table.items()}
print(json.dumps({"alike": alike, "pieces": len(shares), "last": shares[-1]}))
"""


def started(here: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    with (here / "log.txt").open("ab") as log:
        return subprocess.Popen([sys.executable, *words], cwd=here, env=environment, stderr=log, stdout=log)


def test_two_workers_of_which_one_dies_give_the_same_digits(here: Path) -> None:
    """A piece that died with its worker would be missing, twice or out of place, or rounded otherwise."""
    place = "scheduler.json"
    scheduler = [
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        place,
    ]
    worker = ["-m", "distributed.cli.dask_worker", "--scheduler-file", place, "--nthreads", "1", "--no-nanny"]
    running = [started(here, *scheduler)]
    try:
        own = ("--no-dashboard", "--local-directory", str(here / "scratch"))
        running += [started(here, *worker, *own) for _one in range(2)]
        answer = subprocess.run(
            [sys.executable, "-c", WAIT_FOR_TWO + ON_CLUSTER, place, str(running[1].pid)],
            cwd=here,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr + (here / "log.txt").read_text()
        told = json.loads(answer.stdout.splitlines()[-1])
        assert (told["pieces"], told["last"]) == (30, 1.0)
        assert told["alike"]
        assert all(told["alike"].values())
        assert running[1].wait(timeout=30) == -9
    finally:
        for process in running:
            process.kill()
            process.wait()


WAIT_FOR_TWO = """
import sys
from distributed import Client
client = Client(scheduler_file=sys.argv[1], timeout="60s", set_as_default=False)
client.wait_for_workers(2, timeout=60)
sys.argv[1] = client.scheduler_info()["address"]
client.close()
"""
