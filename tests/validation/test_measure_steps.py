"""The script that measures: what it says where nothing can be measured, and that its rows are understood."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.validation.rows import read_rows
from tcplan.validation.steps import predict

SCRIPT = Path(__file__).with_name("measure_steps.py")
NO_TORCH = "raise ImportError('not here')\n"
NO_DEVICE = """
class nn:
    RMSNorm = None
class cuda:
    @staticmethod
    def is_available():
        return False
"""
TOO_OLD = "__version__ = '2.3'\nclass nn:\n    pass\n"

# As little of PyTorch as the script touches before it measures, and one measurement that it could have made.
WRITE_A_ROW = """
import sys
from pathlib import Path
from measure_steps import Case, Measured, Place, append, row_of
place = Place("cuda:0", "NVIDIA A100-SXM4-80GB", 8, 8, 0, 0, "PyTorch 2.9, CUDA 12.8")
for number, (name, again) in enumerate((("125m", False), ("1.3b", True)), start=1):
    case = Case(name, 2048, 4, "bf16", again)
    row = row_of(case, Measured((0.2, 0.1, 0.3), 10.5, 1), place, "200 Gb/s per device", number)
    append(Path(sys.argv[1]), row)
"""


def started(tmp_path: Path, torch: str, *words: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "torch.py").write_text(torch)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(SCRIPT.parent)))}
    return subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("torch", "words"),
    [(NO_TORCH, "PyTorch is not"), (TOO_OLD, "2.4 or newer"), (NO_DEVICE, "no NVIDIA device")],
)
def test_where_nothing_can_be_measured_it_says_so(tmp_path: Path, torch: str, words: str) -> None:
    """A traceback, or an empty table with code 0, would pass for a measurement."""
    answer = started(tmp_path, torch, str(SCRIPT), "--out", "steps.csv")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert words in answer.stderr
    assert not (tmp_path / "steps.csv").exists()


def test_its_rows_are_those_that_validate_predicts(tmp_path: Path) -> None:
    """A column of another name, or the driver's name of a device, would leave every row out."""
    answer = started(tmp_path, NO_TORCH, "-c", WRITE_A_ROW, "steps.csv")
    assert answer.returncode == 0, answer.stderr
    rows = read_rows(tmp_path / "steps.csv")
    assert len(rows[0].cells) == 48
    small, large = predict(rows, shipped())
    assert [one.skipped for one in (small, large)] == ["", ""]
    assert small.plan is not None
    assert small.plan.hardware.accelerator == "a100-sxm-80"
    assert small.plan.layout.sharding == "zero0"
    assert large.plan is not None
    assert large.plan.layout.recompute == "full"
    assert small.measured_step_s == 0.2
    assert 0.0 < small.step_s < large.step_s


def test_rows_are_added_only_to_a_table_of_its_own(tmp_path: Path) -> None:
    """A second start would write a header into the middle, or rows into a table of something else."""
    for _turn in range(2):
        assert started(tmp_path, NO_TORCH, "-c", WRITE_A_ROW, "steps.csv").returncode == 0
    with (tmp_path / "steps.csv").open(newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 4
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    answer = started(tmp_path, NO_DEVICE.replace("False", "True"), str(SCRIPT), "--out", "other.csv")
    assert (answer.returncode, "something else" in answer.stderr) == (2, True)
    assert (tmp_path / "other.csv").read_text() == "a,b\n1,2\n"
