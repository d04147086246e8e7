"""Any list for any path: a table, or one sentence and no file."""

import contextlib
import io
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tcplan import cli
from tcplan.examples import example
from tcplan.plan.file import save
from tcplan.plan.plan import descriptions

LISTS = (
    *(
        "1,2",
        "1;2",
        "1T,2T",
        "0,1",
        "-1,1",
        "1e30,1e31",
        "1e-300,1",
        "nan,1",
        "inf,1",
        "1,1",
        "1,,2",
        ",",
        ";",
    ),
    *("1,000", "0,5", "1..2,3", "1±2", "1/0,1", "9" * 600, "(1,2)", "2*(3,4)", "1 kWh, 2 kWh", "50%,100%"),
    *(
        "none,full",
        "no,yes",
        "bf16,fp8",
        "h100-sxm,b200-sxm",
        "SWE,POL",
        "gpt3,opt-175b",
        "on-demand,spot,own",
    ),
    *(
        "x",
        "\u202e1,2",
        "1\x00,2",
        "😀,1",
        "٣,1",
        "1,2," + ",".join(map(str, range(3, 12_000))),
        "=1+1",
        "\udcff",
    ),
)

Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, in a folder with a plan."""
    monkeypatch.chdir(tmp_path)
    save(example("deepseek-v3"), tmp_path / "plan.tcplan", None)

    def tcplan(*words: str) -> Answer:
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = cli.main(words)
        return code, out.getvalue(), error.getvalue()

    return tcplan


def test_any_list_for_any_field_gives_a_table_or_one_sentence(run: Run, tmp_path: Path) -> None:
    """Fails when a list escapes the grammar, or a value that one plan allows breaks the product."""
    lists, place = itertools.cycle(LISTS), tmp_path / "out.csv"
    wanted = ["--results", "money.total,time.run,memory.peak"]
    for path in descriptions():
        for text in itertools.islice(lists, 4):
            place.unlink(missing_ok=True)
            code, out, error = run(
                "sweep", "plan.tcplan", "--vary", f"{path}={text}", "--out", "out.csv", *wanted
            )
            assert out == "", (path, text)
            assert "Traceback" not in error, (path, text)
            assert all(letter.isprintable() for letter in error.replace("\n", "")), (path, text)
            if code == 2:
                assert error.count("\n") == 1, (path, text, error)
                assert not place.exists(), (path, text)
            else:
                rows = place.read_text("utf-8").splitlines()
                assert len(rows) > 1, (path, text)
                assert not any("nan" in row or "inf" in row for row in rows[1:]), (path, text)
