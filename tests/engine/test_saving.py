"""Saving: the old bytes stay until the new ones are there, and those of somebody else stay for good."""

import os
from pathlib import Path

import pytest

from tcplan.plan.document import Document
from tcplan.plan.file import ConflictError, SaveError, load, save, to_bytes
from tcplan.plan.plan import Plan

ID = "0123456789abcdef0123456789abcdef"
FULL = Document(
    id=ID,
    title="Llama, again",
    plan=Plan().with_value("model.preset", "llama3.1-70b").with_value("training.tokens", 16_384.0),
    raw={"training.tokens": "2048*8"},
    notes={"money.total": "signed by the board"},
)


def test_save_and_load_agree_on_the_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "a plan.tcplan"
    fingerprint = save(FULL, path, None, backups=tmp_path / "backups")
    found = load(path)
    assert found.document == FULL
    assert found.fingerprint == fingerprint
    assert found.notices == ()
    assert save(FULL, path, fingerprint, backups=tmp_path / "backups") == fingerprint
    assert [entry.name for entry in tmp_path.iterdir()] == ["a plan.tcplan"]


def test_the_old_version_goes_to_the_backups_and_keeps_its_bits(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(FULL, path, None, backups=tmp_path / "backups")
    path.chmod(0o640)
    save(FULL.with_words(title="second"), path, first, backups=tmp_path / "backups")
    assert path.stat().st_mode & 0o777 == 0o640
    assert load(path).document.title == "second"
    (backup,) = (tmp_path / "backups" / ID).iterdir()
    assert backup.read_bytes() == to_bytes(FULL)
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.tcplan", tmp_path / "link.tcplan"
    first = save(FULL, real, None, backups=tmp_path / "backups")
    link.symlink_to(real)
    save(FULL.with_words(title="second"), link, first, backups=tmp_path / "backups")
    assert link.is_symlink()
    assert load(real).document.title == "second"


def test_a_file_that_somebody_else_changed_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(FULL, path, None, backups=tmp_path / "backups")
    theirs = to_bytes(FULL.with_words(title="Theirs, more")).replace(b"Theirs, more", b"Llama, AGAIN")
    path.write_bytes(theirs)
    os.utime(path, ns=(first.mtime_ns, first.mtime_ns))
    assert len(theirs) == first.size
    with pytest.raises(ConflictError) as conflict:
        save(FULL.with_words(title="mine"), path, first, backups=tmp_path / "backups")
    assert path.read_bytes() == theirs
    mine = FULL.with_words(title="mine")
    save(mine, path, conflict.value.found, backups=tmp_path / "backups")
    assert load(path).document == mine


def test_a_touched_file_with_the_same_bytes_is_no_conflict(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(FULL, path, None, backups=tmp_path / "backups")
    os.utime(path, ns=(0, 0))
    save(FULL.with_words(title="second"), path, first, backups=tmp_path / "backups")
    assert load(path).document.title == "second"


def test_a_new_file_never_replaces_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    path.write_text("something else")
    with pytest.raises(ConflictError):
        save(FULL, path, None, backups=tmp_path / "backups")
    assert path.read_text() == "something else"


def test_a_file_that_was_removed_meanwhile_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(FULL, path, None, backups=tmp_path / "backups")
    path.unlink()
    save(FULL, path, first, backups=tmp_path / "backups")
    assert load(path).document == FULL


def test_a_folder_or_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="folder or a device") as refused:
        save(FULL, tmp_path, None, backups=tmp_path / "backups")
    assert refused.value.untouched
    with pytest.raises(SaveError, match="the folder is gone"):
        save(FULL, tmp_path / "gone" / "plan.tcplan", None, backups=tmp_path / "backups")


@pytest.mark.parametrize(
    "name", ["émoji 🚀.tcplan", "new\nline.tcplan", "dot.", "x" * 255, "é" * 127, "-rf", "CON"]
)
def test_any_name_that_the_disk_allows_is_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    first = save(FULL, path, None, backups=tmp_path / "backups")
    save(FULL.with_words(title="second"), path, first, backups=tmp_path / "backups")
    assert load(path).document.title == "second"
    assert {entry.name for entry in tmp_path.iterdir()} == {name, "backups"}


def test_writing_in_place_keeps_a_copy_first(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(FULL, path, None, backups=tmp_path / "backups")
    number_of_the_file = path.stat().st_ino
    changed = FULL.with_words(title="second")
    save(changed, path, first, backups=tmp_path / "backups", in_place=True)
    assert path.stat().st_ino == number_of_the_file
    assert load(path).document == changed
    kept = {backup.read_bytes() for backup in (tmp_path / "backups" / ID).iterdir()}
    assert kept == {to_bytes(FULL), to_bytes(changed)}


def test_a_document_that_cannot_be_written_is_refused_before_the_disk_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    for document in (Document(id="no id"), Document(id=ID, title="\x00"), Document(id=ID, title="\ud800")):
        with pytest.raises(SaveError, match="cannot be written"):
            save(document, path, None, backups=tmp_path / "backups")
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_would_read_back_otherwise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.tcplan"
    with pytest.raises(SaveError, match="read back"):
        save(Document(id=ID, raw={"training.tokens": "2048*8"}), path, None, backups=tmp_path / "backups")
    assert list(tmp_path.iterdir()) == []
