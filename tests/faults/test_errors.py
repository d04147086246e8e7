"""Each call of the disk fails, once or for ever, with each error: the old file stays or a copy is named."""

import contextlib
import errno
import os
import resource
import secrets
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tcplan.plan import recovery
from tcplan.plan.disk import Disk
from tcplan.plan.file import PlanFileError, SaveError, load, save, to_bytes

CODES = (
    *(errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EXDEV),
    *(errno.EBUSY, errno.EINVAL, errno.ENAMETOOLONG, errno.ESTALE, errno.ETIMEDOUT),
)


def outcome(
    folder: Path, disk: Disk, faults: ModuleType, *, in_place: bool = False
) -> tuple[SaveError | None, bytes]:
    folder.mkdir(parents=True)
    path = folder / "plan.tcplan"
    expected = save(faults.document("old"), path, None, backups=folder / "backups")
    error = None
    try:
        save(
            faults.document("new"),
            path,
            expected,
            disk,
            clock=faults.StillClock(),
            backups=folder / "backups",
            in_place=in_place,
        )
    except SaveError as caught:
        error = caught
    return error, path.read_bytes()


@pytest.mark.parametrize("forever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("in_place", [False, True], ids=["replaced", "in place"])
@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
def test_an_error_at_any_call_keeps_the_old_file_or_names_a_copy(
    tmp_path: Path, code: int, in_place: bool, forever: bool, faults: ModuleType
) -> None:
    old, new = to_bytes(faults.document("old")), to_bytes(faults.document("new"))
    number = 0
    while True:
        number += 1
        disk = faults.fail_at(number, code, forever=forever)
        error, found = outcome(tmp_path / str(number), disk, faults, in_place=in_place)
        if error is None:
            assert found == new
        elif error.untouched:
            assert found == old
            assert "as it was" in error.sentence
        elif error.copy is not None:
            assert error.copy.read_bytes() == new
            assert str(error.copy) in error.sentence
        else:
            assert "no copy" in error.sentence
        if error is not None:
            assert str(tmp_path / str(number)) in error.sentence
            assert error.cause
        if disk.count < number:
            break
    assert number > 10


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        (errno.EXDEV, True),
        (errno.EACCES, True),
        (errno.ENOSPC, False),
        (errno.EIO, False),
        (errno.EROFS, False),
    ],
)
def test_writing_in_place_is_offered_only_where_it_may_help(
    tmp_path: Path, code: int, offered: bool, faults: ModuleType
) -> None:
    def on_call(_count: int, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "replace" and arguments[1].name == "plan.tcplan":
            raise OSError(code, os.strerror(code))

    error, _found = outcome(tmp_path / "x", faults.Watched(on_call), faults)
    assert error is not None
    assert error.in_place is offered
    assert sorted(entry.name for entry in (tmp_path / "x").iterdir()) == ["backups", "plan.tcplan"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_planted_at_the_temporary_name_is_not_written_to(
    tmp_path: Path, kind: str, faults: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _count: "0" * 16)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    planted = tmp_path / f".plan.tcplan.{os.getpid()}.{'0' * 16}.tmp"
    planted.symlink_to(victim) if kind == "link" else planted.hardlink_to(victim)
    with pytest.raises(SaveError):
        save(faults.document("new"), tmp_path / "plan.tcplan", None)
    assert victim.read_text() == "precious"
    assert planted.exists()


def test_a_file_held_by_another_program_for_a_moment_is_waited_for(
    tmp_path: Path, faults: ModuleType
) -> None:
    tries = []

    def on_call(_count: int, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "replace" and arguments[1].name == "plan.tcplan":
            tries.append(name)
            if len(tries) < 4:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    error, found = outcome(tmp_path / "x", faults.Watched(on_call), faults)
    assert error is None
    assert found == to_bytes(faults.document("new"))
    assert len(tries) == 4


def test_after_a_failed_sync_everything_is_written_again(tmp_path: Path, faults: ModuleType) -> None:
    calls: list[str] = []

    def on_call(_count: int, name: str, _arguments: tuple[Any, ...]) -> None:
        calls.append(name)
        if name == "sync" and calls.count("sync") == 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    error, found = outcome(tmp_path / "x", faults.Watched(on_call), faults)
    assert error is None
    assert found == to_bytes(faults.document("new"))
    assert calls.count("create") == 3
    assert sorted(entry.name for entry in (tmp_path / "x").iterdir()) == ["backups", "plan.tcplan"]


def test_a_disk_that_keeps_zeros_is_found_out(tmp_path: Path, faults: ModuleType) -> None:
    class Zeros(Disk):
        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target.name == "plan.tcplan":
                target.write_bytes(bytes(target.stat().st_size))

    error, _found = outcome(tmp_path / "x", Zeros(), faults)
    assert error is not None
    assert error.copy is not None
    assert error.copy.read_bytes() == to_bytes(faults.document("new"))


def test_a_full_disk_is_named_and_retrying_works_when_there_is_room(
    tmp_path: Path, faults: ModuleType
) -> None:
    class Full(Disk):
        def write(self, handle: int, data: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    error, found = outcome(tmp_path / "x", Full(), faults)
    assert error is not None
    assert "the disk is full" in error.sentence
    assert found == to_bytes(faults.document("old"))
    path = tmp_path / "x" / "plan.tcplan"
    save(faults.document("new"), path, load(path).fingerprint, backups=tmp_path / "x" / "backups")
    assert load(path).document.title == "new"
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["backups", "plan.tcplan"]


def test_a_limit_on_file_sizes_never_leaves_a_part(tmp_path: Path, faults: ModuleType) -> None:
    size = len(to_bytes(faults.document("new")))
    for room in range(0, size + 40, 20):
        folder = tmp_path / str(room)
        path = folder / "plan.tcplan"
        folder.mkdir()
        save(faults.document("old"), path, None, backups=folder / "backups")

        def run(room: int = room, path: Path = path) -> None:
            expected = load(path).fingerprint
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            if room >= size:
                save(faults.document("new"), path, expected, backups=path.parent / "backups")
                return
            with pytest.raises(SaveError, match="a file of this size"):
                save(faults.document("new"), path, expected, backups=path.parent / "backups")

        assert not faults.died(run)
        assert load(path).document.title == ("new" if room >= size else "old")


@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
def test_an_error_while_reading_is_one_sentence(tmp_path: Path, code: int, faults: ModuleType) -> None:
    path = tmp_path / "plan.tcplan"
    save(faults.document("old"), path, None)
    for number in (1, 2):
        with pytest.raises(PlanFileError, match="cannot be read"):
            load(path, faults.fail_at(number, code))


def test_an_error_at_any_call_of_a_snapshot_leaves_a_whole_one(tmp_path: Path, faults: ModuleType) -> None:
    meta = recovery.Meta("x.tcplan", None, (), "0.1.0", "elsewhere", 1)
    number, disk = 0, faults.fail_at(0, errno.ENOSPC)
    while disk.count >= number:
        number += 1
        folder = recovery.new_entry(tmp_path / str(number))
        for title in ("first", "second"):
            recovery.write(folder, faults.document(title), meta)
        disk = faults.fail_at(number, errno.ENOSPC)
        with contextlib.suppress(OSError):
            recovery.write(folder, faults.document("third"), meta, disk)
        (orphan,) = recovery.orphans(tmp_path / str(number))
        assert orphan.document is not None
        assert orphan.document.title in {"second", "third"}
    assert number > 10
