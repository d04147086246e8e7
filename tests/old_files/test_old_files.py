"""Files that released versions wrote: they open for ever. A file here is never edited and never deleted."""

import hashlib
from pathlib import Path

import pytest

from tcplan.plan.document import FORMAT, READABLE_FROM, Document
from tcplan.plan.file import opened, read_bytes, to_bytes
from tcplan.plan.migrations import STEPS
from tcplan.plan.plan import PANELS
from tcplan.plan.value import Range
from tcplan.version import VERSION

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.tcplan"))
DIGESTS = {
    "0.1.0/maximal.tcplan": "b81c1e59481d63f288fa37cfb0847f83d920e30a61b0bd088aaf490ddbdbc10f",
    "0.1.0/minimal.tcplan": "528a870104bf1bb4a9fd73c12a2e36154bccb5becec4e2582f1d689b3f911363",
}


def name(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


def test_no_file_was_edited_or_lost() -> None:
    found = {name(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert found == DIGESTS


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_opens_and_what_it_holds_survives_the_next_save(path: Path) -> None:
    document, _notices = opened(path.read_bytes())
    data = to_bytes(document)
    assert read_bytes(data) == document
    assert to_bytes(read_bytes(data)) == data


@pytest.mark.parametrize(
    "path", [path for path in FILES if f'"format": {FORMAT},' in path.read_text()], ids=name
)
def test_a_file_of_this_format_keeps_its_bytes(path: Path) -> None:
    document, notices = opened(path.read_bytes())
    assert notices == ()
    assert to_bytes(document) == path.read_bytes()


def test_every_format_and_this_version_left_files() -> None:
    formats = {read_format(path) for path in FILES}
    assert formats >= set(range(1, FORMAT + 1))
    assert set(STEPS) <= formats
    ours = {path.stem for path in FILES if path.parent.name == VERSION}
    assert ours >= {"minimal", "maximal"}


def read_format(path: Path) -> int:
    line = next(line for line in path.read_text().splitlines() if '"format"' in line)
    return int(line.strip(' ,"format:'))


def test_the_maximal_file_has_every_kind_of_part() -> None:
    newest = [path for path in FILES if path.stem == "maximal"][-1]
    document = read_bytes(newest.read_bytes())
    typed = document.plan.typed()
    assert {path.partition(".")[0] for path in typed} >= set(PANELS)
    assert {type(value) for value in typed.values()} == {float, str, Range, tuple}
    empty = [key for key, part in vars(document).items() if not part]
    # What only a scenario in force has is never written.
    assert empty == ["unknown", "base"]


def test_the_minimal_file_is_a_plan_in_which_nothing_was_typed() -> None:
    newest = [path for path in FILES if path.stem == "minimal"][-1]
    document = read_bytes(newest.read_bytes())
    assert document == Document(id=document.id, format=FORMAT, readable_from=READABLE_FROM)
