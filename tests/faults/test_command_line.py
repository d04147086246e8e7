"""The command line in hostile hands: any text for any field, any name for any file, output that fails."""

import contextlib
import io
import itertools
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tcplan import cli
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.file import save
from tcplan.plan.plan import descriptions
from tcplan.report import output

Answer = tuple[int, str, str]
Run = Callable[..., Answer]

TEXTS = (
    *("", "nan", "inf", "-inf", "1e400", "-1e400", "1e-400", "-0", "-0.0", "0", "1", "-1", "1e308", "1e30"),
    *("9" * 500, "9" * 6000, "1+" * 3000 + "1", "(" * 50 + "1" + ")" * 50, "(" * 5000, "(1", "1)", "1/0"),
    *("1/3", "2*", "*2", "2**3", "2^1e9", "10^400", "٣", "１２", "²", "½", "\u202e12", "\u200f5", "\x00"),
    *("😀", "5 😀", "50%", "-5%", "%", "1;2;3", "1, 2, 3", "1;;2", "1;", ";1", "3..2", "2..2", "2..3", "2.."),
    *("..2", "..", "1..2..3", "1,000", "1.000,5", "0,5", "1,2,3", "3 kWh", "3 kg", "2 $/h", "2 €/h", "T"),
    *("6 weeks", "80 GB", "80 GiB", "1.5k", "0x10", "1_000", "abc", "__import__('os')", "1e5e5", "--1"),
    *(
        "-" * 100 + "1",
        "1±2",
        "1±10%",
        "±1",
        "null",
        "=1+1",
        "line\nbreak",
        "1 W/W/W/W",
        "a" * 1000,
        "\udcff",
    ),
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, in a folder with two plans."""
    monkeypatch.chdir(tmp_path)
    for key, name in (("gpt3-175b", "plan.tcplan"), ("deepseek-v3", "sparse.tcplan")):
        save(example(key), tmp_path / name, None)

    def tcplan(*words: str) -> Answer:
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = cli.main(words)
        return code, out.getvalue(), error.getvalue()

    return tcplan


def check(answer: Answer, words: object) -> None:
    """Hold an answer to the rule: 0 and a result, 1 with a reason, or 2 with one sentence and no result."""
    code, out, error = answer
    assert code in (0, 1, 2), words
    assert "Traceback" not in error, words
    assert "Warning" not in error, words
    if code == 2:
        assert out == "", words
        assert error.count("\n") == 1, (words, error)
        assert error.startswith("tcplan: "), (words, error)
        assert all(letter.isprintable() for letter in error[:-1]), (words, error)
        assert len(error) < 400, (words, error)
    if code == 1:
        assert out, words
        assert error, words


def test_any_text_for_any_field_gives_a_result_or_one_sentence(run: Run) -> None:
    """Fails when a text escapes the grammar: a traceback, two lines, a control letter sent to a terminal."""
    texts = itertools.cycle(TEXTS)
    for path in descriptions():
        for text in itertools.islice(texts, 7):
            answer = run("evaluate", "plan.tcplan", "--set", f"{path}={text}")
            check(answer, (path, text))
            if answer[0] == 2:
                assert path in answer[2]


@pytest.mark.parametrize("plan", ["plan.tcplan", "sparse.tcplan"])
def test_any_text_for_any_result_gives_a_result_or_one_sentence(run: Run, plan: str) -> None:
    """Fails when a typed quantity of 0 or 1e30 divides by zero, overflows or is indexed as an array."""
    texts = itertools.cycle(("0", "-1", "1e-30", "1e30", "1e31", "1", "2..3", "1;2", "nan", "x"))
    key = "gpt3-175b" if plan == "plan.tcplan" else "deepseek-v3"
    for path in evaluate(example(key).plan).graph.paths:
        for text in itertools.islice(texts, 3):
            answer = run("evaluate", plan, "--set", f"{path}={text}")
            check(answer, (path, text))
            assert answer[0] or "–" not in [word for line in answer[1].split("\n") for word in line.split()]


def test_a_negative_result_is_refused(run: Run) -> None:
    """Fails when somebody can plan a run that pays money back."""
    code, _out, error = run("evaluate", "plan.tcplan", "--set", "money.total=-5")
    assert (code, "0 or more" in error) == (2, True)


@pytest.mark.parametrize(
    ("assignment", "allowed"),
    [
        ("purchase.price=4000 $/h", "0 or more and 3600 $/h or less"),
        ("site.pue=0.5", "1 or more and 5 or less"),
        ("site.pue=1;9", "1 or more and 5 or less"),
        ("hardware.memory=0", "more than 0 and 931\u202f300 GiB or less"),
        ("site.contract_share=120 %", "0 or more and 100 % or less"),
        (
            "training.tokens=0.5",
            "1 or more and 1\u202f000\u202f000\u202f000\u202f000\u202f000\u202f000 tokens",
        ),
        ("model.layers=2.5", "whole number"),
        ("purchase.way=buy", "on-demand, reserved, spot, own"),
    ],
)
def test_a_refusal_names_what_is_allowed_in_the_unit_shown(run: Run, assignment: str, allowed: str) -> None:
    """Fails when bounds are told in units that nobody typed, such as USD/s."""
    _code, _out, error = run("evaluate", "plan.tcplan", "--set", assignment)
    assert allowed.replace("\u202f", " ") in error


ODD = (
    *(["--set", "=5"], ["--set", "a"], ["--set", ""], ["--set", "a=5"], ["--set", "a.b=5"], ["--set"]),
    *(
        ["--scenario", ""],
        ["--scenario", "\u202e"],
        ["--json", "--csv"],
        ["extra"],
        ["--bogus"],
        ["--json=1"],
    ),
)


@pytest.mark.parametrize("words", ODD, ids=[" ".join(words) or "empty" for words in ODD])
def test_odd_options_get_one_sentence(run: Run, words: list[str]) -> None:
    answer = run("evaluate", "plan.tcplan", *words)
    check(answer, words)
    assert answer[0] == 2


LONG = "x" * 300
PLACES = (
    *(
        ["sheet", "plan.tcplan", place]
        for place in ("", ".", "folder.md", f"{LONG}.md", "/dev/full", "x.MDX")
    ),
    *(["sheet", "plan.tcplan", place] for place in ("no/x.md", "plan.tcplan/x.html", "full.md", "plan.md")),
    *(["new", "--from", "gpt3-175b", place] for place in ("", ".", "folder.md", f"{LONG}.tcplan", "plan.md")),
    *(
        ["new", "--from", "gpt3-175b", place]
        for place in ("plan.tcplan/x.tcplan", "/dev/full", "no/x.tcplan")
    ),
    *(["evaluate", name] for name in ("", ".", LONG, "no.tcplan", "b\udcff.tcplan", "/dev/zero", "a\nb")),
    *(["explain", "plan.tcplan", name] for name in ("", "training.tokens", "\x1b[31m", LONG)),
    *(["catalogue", "show", table, "\x1b[31m"] for table in ("models", "examples")),
)


@pytest.mark.parametrize("words", PLACES, ids=[ascii(" ".join(words))[:60] for words in PLACES])
def test_odd_places_get_one_sentence_and_nothing_is_written(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    """Fails when a long name, a folder or a full disk ends in a traceback or in part of a file."""
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "full.md").symlink_to("/dev/full")
    command = list(words)
    (tmp_path / "plan.md").write_bytes((tmp_path / "plan.tcplan").read_bytes())
    if command[-1] == "plan.md" and command[0] == "sheet":
        command[1] = "plan.md"
    before = {entry: entry.stat() for entry in tmp_path.iterdir()}
    answer = run(*command)
    check(answer, command)
    assert answer[0] == 2
    after = {entry: entry.stat() for entry in tmp_path.iterdir()}
    assert [one.st_mtime_ns for one in after.values()] == [one.st_mtime_ns for one in before.values()]


def test_a_sheet_is_replaced_whole_through_a_link(run: Run, tmp_path: Path) -> None:
    """Fails when a link is replaced by a file, or the mode of the old sheet is lost."""
    old = tmp_path / "old.md"
    old.write_text("old")
    old.chmod(0o640)
    (tmp_path / "link.md").symlink_to(old)
    assert run("sheet", "plan.tcplan", "link.md")[0] == 0
    assert (tmp_path / "link.md").is_symlink()
    assert old.read_text("utf-8").startswith("# ")
    assert old.stat().st_mode & 0o777 == 0o640


def test_an_error_at_any_call_leaves_the_old_sheet(tmp_path: Path, faults: ModuleType) -> None:
    """Fails when a full disk leaves half a sheet, or none where one was."""
    place = tmp_path / "sheet.html"
    place.write_bytes(b"old")
    number, disk = 1, faults.fail_at(1, 28)
    while True:
        with contextlib.suppress(OSError):
            output.write_whole(b"new" * 1000, place, disk)
        assert place.read_bytes() in (b"old", b"new" * 1000)
        assert [entry.name for entry in tmp_path.iterdir()] == ["sheet.html"]
        if disk.count < number:
            break
        place.write_bytes(b"old")
        number += 1
        disk = faults.fail_at(number, 28)
    assert number > 4


def test_ctrl_c_at_any_call_leaves_no_part_of_a_sheet(tmp_path: Path, faults: ModuleType) -> None:
    """Fails when Ctrl+C leaves a temporary file, or half of a sheet in the place of the old one."""
    place = tmp_path / "sheet.html"
    for number in range(1, 9):
        place.write_bytes(b"old")

        def on_call(count: int, _name: str, _arguments: object, number: int = number) -> None:
            if count == number:
                raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            output.write_whole(b"new" * 1000, place, faults.Watched(on_call))
        assert place.read_bytes() in (b"old", b"new" * 1000)
        assert [entry.name for entry in tmp_path.iterdir()] == ["sheet.html"]


def test_a_limit_on_file_sizes_leaves_the_old_sheet(run: Run, tmp_path: Path, faults: ModuleType) -> None:
    """Fails when a writer opens the file that is there before it has the whole new one."""
    for suffix in (".html", ".md", ".tex", ".xlsx"):
        place = tmp_path / f"sheet{suffix}"
        place.write_bytes(b"old")

        def small(place: Path = place) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
            assert run("sheet", "plan.tcplan", str(place))[0] == 2

        assert not faults.died(small)
        assert place.read_bytes() == b"old"
    assert not [entry for entry in tmp_path.iterdir() if entry.name.endswith(".tmp")]


def _process(tmp_path: Path, words: str, **encoding: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of the shell with the program as `$T`."""
    environment = {**os.environ, "HOME": str(tmp_path), "T": f"{sys.executable} -m tcplan.cli", **encoding}
    return subprocess.run(
        ["bash", "-c", words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("ulimit -f 0; $T schema > out", 2, "tcplan: standard output: File too large\n"),
        ("$T evaluate plan.tcplan >&-", 0, ""),
        ("$T evaluate no.tcplan 2>&-", 2, ""),
        ("$T schema | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}", 0, ""),
        ("$T evaluate $'b\\xff.tcplan'", 2, "tcplan: b�.tcplan: there is no such file\n"),
        ("$T evaluate plan.tcplan --set $'model.norm=\\xff'", 2, "tcplan: --set model.norm: a text holds"),
    ],
)
def test_output_that_fails_and_bytes_that_are_no_text(
    run: Run, tmp_path: Path, words: str, code: int, said: str
) -> None:
    """Fails when a closed or full output ends in a traceback, or in code 0 although the result is lost."""
    answer = _process(tmp_path, words)
    told = answer.stderr.replace("tcplan: hardware.devices: 16 of the 10000 devices", "").partition(" have")[
        0
    ]
    assert answer.returncode == code, answer.stderr
    assert told.startswith(said) if said else "Traceback" not in told


def test_an_output_without_the_letters_of_a_result_shows_the_rest(run: Run, tmp_path: Path) -> None:
    """Fails when × or a narrow space ends the program on a terminal of another encoding."""
    answer = _process(tmp_path, "$T explain plan.tcplan money.total", PYTHONIOENCODING="ascii")
    assert answer.returncode == 0
    assert "Total cost" in answer.stdout


WRONG_FILES = (
    (b"", "the file is empty"),
    (b"{}", "format"),
    (b"<html></html>", "web page"),
    (b'{"format": 1,\n"readable_from": 1,\n"id": 5}', "line 3, id: this must be a text"),
    (b'{"format": 1,\n"readable_from": 1,\n"x": NaN}', "line 3: NaN is not a number"),
    (b'{"format": 1,\n"format": 1}', "line 2: the key format occurs twice"),
    (b'{"format": 9,\n"readable_from": 9}', "line 2, readable_from: a newer version wrote this file"),
    (b"[" * 9999, "nested too deeply"),
    (b"\xff\xfe{}", "UTF-16"),
)


@pytest.mark.parametrize(("data", "words"), WRONG_FILES, ids=[words for _data, words in WRONG_FILES])
def test_a_damaged_file_is_refused_by_line_and_field(
    run: Run, tmp_path: Path, data: bytes, words: str
) -> None:
    """Fails when a damaged file ends in a traceback, or in a sentence that leads nowhere."""
    (tmp_path / "wrong.tcplan").write_bytes(data)
    for command in (["evaluate"], ["explain"], ["sheet"]):
        rest = {"evaluate": [], "explain": ["money.total"], "sheet": ["out.md"]}[command[0]]
        answer = run(*command, "wrong.tcplan", *rest)
        check(answer, data[:20])
        assert answer[0] == 2
        assert answer[2].startswith("tcplan: wrong.tcplan: ")
        assert words in answer[2]
    assert not (tmp_path / "out.md").exists()
