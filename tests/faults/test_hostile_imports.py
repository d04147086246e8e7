"""Files of other programs in hostile hands: cut off, flipped, endless, of another kind, or no files."""

import contextlib
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tcplan import cli
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.plan.file import load
from tcplan.reading.document import document_of
from tcplan.reading.kinds import read
from tcplan.reading.reading import ReadingError

GOOD = {
    "params.json": json.dumps(
        {
            "dim": 4096,
            "n_layers": 32,
            "n_heads": 32,
            "multiple_of": 256,
            "vocab_size": 32000,
            "norm_eps": 1e-5,
        }
    ),
    "train.sh": (
        "N=4\ntorchrun --nnodes $N --nproc_per_node 8 p.py --num-layers 32 --hidden-size 4096 \\\n"
        "  --num-attention-heads 32 --seq-length 2048 --global-batch-size 512 --train-iters 1000 --bf16 \\\n"
        "  --tokenizer-type GPT2BPETokenizer --tensor-model-parallel-size 4 --sequence-parallel\n"
    ),
    "model.yaml": "model:\n  num_layers: 4\n  hidden_size: 64\n  num_attention_heads: 4\n  seq_length: 128\n",
    "jobs.txt": (
        "JobID|State|Elapsed|AllocTRES|ConsumedEnergyRaw\n"
        "7|COMPLETED|1-00:00:00|cpu=64,gres/gpu:h100=8,node=1|300000000\n7.0|COMPLETED|23:59:00|gres/gpu=8|1\n"
    ),
    "emissions.csv": (
        "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_iso_code,gpu_count,gpu_model,pue\n"
        "2025-10-11T10:00:00,lab,a,3600,0.2,0.5,DEU,8,8 x NVIDIA A100-SXM4-80GB,1.1\n"
    ),
    "output.log": (
        "CarbonTracker:\nActual consumption for 2 epoch(s):\n"
        "\tTime:\t0:10:00\n\tEnergy:\t60.0 kWh\n\tCO2eq:\t150.0 g\n"
    ),
}

Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def tcplan(*words: str) -> Answer:
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = cli.main(words)
        return code, out.getvalue(), error.getvalue()

    return tcplan


def refused(answer: Answer, words: str = "") -> None:
    """Hold an answer to the rule: code 2, one printable sentence, nothing on standard output."""
    code, out, error = answer
    assert (code, out) == (2, "")
    assert error.startswith("tcplan: ")
    assert error.count("\n") == 1
    assert all(letter.isprintable() for letter in error[:-1])
    assert len(error) < 500
    assert words in error, error


def taken_or_refused(data: bytes) -> None:
    """Read bytes as the command does: a plan whose figures can be printed, or one sentence."""
    made, sentence = None, ""
    try:
        made = document_of(read(data, shipped()), "file")
    except ReadingError as error:
        sentence = error.sentence
    if made is None:
        assert sentence.strip()
        assert sentence.isprintable()
        return
    evaluate(made.document.plan)
    said = " ".join((*made.notes, *made.missing))
    assert " nan " not in said
    assert " inf " not in said


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_becomes_a_plan_and_says_what_it_assumed(run: Run, tmp_path: Path, name: str) -> None:
    """Each kind would be known by its name only, or written without the words on standard error."""
    (tmp_path / "x.dat").write_text(GOOD[name])
    code, out, error = run("import", "x.dat", "out.tcplan")
    assert (code, out) == (0, "")
    document = load(tmp_path / "out.tcplan").document
    assert document.remark.startswith("Read from x.dat.")
    if name != "params.json":
        assert "tcplan: assumed: " in error
    assert run("evaluate", "out.tcplan")[0] in (0, 1)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_was_cut_off_is_read_or_refused(name: str) -> None:
    """A download that broke off would end in a traceback."""
    data = GOOD[name].encode()
    for end in range(0, len(data), 5):
        taken_or_refused(data[:end])


@pytest.mark.parametrize("name", GOOD)
def test_a_file_with_flipped_bytes_is_read_or_refused(name: str) -> None:
    """A damaged disk would end in a traceback, an endless number, or a plan that cannot be computed."""
    dice = random.Random(name)
    letters = b'0123456789-+.eE,;|"{}[]:=\n\t\r\0\xff naif$()'
    for _turn in range(400):
        data = bytearray(GOOD[name].encode())
        for _flip in range(dice.randint(1, 4)):
            data[dice.randrange(len(data))] = dice.choice(letters)
        taken_or_refused(bytes(data))


@pytest.mark.parametrize("name", GOOD)
def test_numbers_of_any_size_are_read_or_refused(name: str) -> None:
    """A number of 5,000 digits would take minutes or overflow, an infinite one would be shown."""
    for number in ("9" * 5000, "1e308", "-1", "nan", "inf", "0", "0x10", "1_000", "٣", "1e-300", "9" * 20):
        for old in ("32", "4096", "64", "8", "3600", "0.5", "60.0", "0:10", "1-00", "300000000", "4"):
            taken_or_refused(GOOD[name].replace(old, number).encode())


@pytest.mark.parametrize("name", GOOD)
def test_the_marks_of_other_systems_change_nothing(name: str) -> None:
    """A byte order mark or the line ends of Windows would be read into the first column."""
    plain = read(GOOD[name].encode(), shipped()).fields
    assert read(b"\xef\xbb\xbf" + GOOD[name].replace("\n", "\r\n").encode(), shipped()).fields == plain
    assert read(GOOD[name].encode("utf-16"), shipped()).fields == plain


def test_what_is_no_such_file_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    """A pipe would be waited for, a file of a gigabyte read into memory, a picture shown on the terminal."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x1b[31m")
    (tmp_path / "latin.csv").write_bytes(b"JobID|Elapsed|AllocTRES\n\xe9|1:00:00|gres/gpu=8\n")
    (tmp_path / "page.html").write_text("<html></html>")
    (tmp_path / "prose.txt").write_text("Dear all,\n\nplease find attached.\n")
    (tmp_path / "steps.csv").write_text("id,hardware,layers,step_s\na,h100,12,0.5\n")
    (tmp_path / "zero.csv").write_bytes(b"\0" * 5000)
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "object.json").write_text('{"a": 1}')
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "sparse.csv").open("wb") as large:
        large.truncate(1 << 30)
    for name, words in (
        ("picture.png", "binary file"),
        ("latin.csv", "line 2: this is not UTF-8"),
        ("page.html", "web page"),
        ("prose.txt", "none of the files that can be read"),
        ("zero.csv", "empty"),
        ("steps.csv", "these are measured steps"),
        ("deep.json", "none of the files"),
        ("object.json", ""),
        ("pipe", "not a file"),
        (".", "not a file"),
        ("/dev/zero", "not a file"),
        ("no.json", "there is no such file"),
        ("x" * 300, ""),
        ("sparse.csv", "larger than"),
        ("b\udcff.json", ""),
    ):
        refused(run("import", name, "out.tcplan"), words)
    assert not (tmp_path / "out.tcplan").exists()


def test_no_file_is_written_over(run: Run, tmp_path: Path) -> None:
    """The plan of yesterday would be lost to the import of today."""
    (tmp_path / "params.json").write_text(GOOD["params.json"])
    (tmp_path / "old.tcplan").write_text("old")
    refused(run("import", "params.json", "old.tcplan"), "exists already")
    refused(run("import", "params.json", "params.json"), "exists already")
    refused(run("import", "params.json", "no/such/folder.tcplan"))
    refused(run("import", "params.json"))
    assert (tmp_path / "old.tcplan").read_text() == "old"


def test_words_of_a_file_cannot_reach_the_terminal_as_commands(run: Run, tmp_path: Path) -> None:
    """A project name or a device name with an escape sequence would change the title of the terminal."""
    text = GOOD["emissions.csv"].replace("lab", "\x1b]0;owned\x07").replace("NVIDIA A100", "\x1b[31mX")
    (tmp_path / "emissions.csv").write_text(text)
    code, _out, error = run("import", "emissions.csv", "out.tcplan")
    assert code == 0
    assert all(letter.isprintable() or letter == "\n" for letter in error)
    assert "\x1b" not in (tmp_path / "out.tcplan").read_text("utf-8")
