"""Recovery entries: which is newer, what is offered, what a damaged one says, how the trash is emptied."""

import os
import platform
import signal
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tcplan.plan import recovery
from tcplan.plan.disk import Fingerprint
from tcplan.plan.file import PlanFileError

BASE = Fingerprint(10, 20, "ab")


def gone_pid() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def entry(
    root: Path, faults: ModuleType, *titles: str, host: str = platform.node(), pid: int | None = None
) -> Path:
    owner = gone_pid() if pid is None else pid
    meta = recovery.Meta("x.tcplan", BASE, ("a", "b"), "0.1.0", host, owner)
    folder = recovery.new_entry(root)
    for title in titles:
        recovery.write(folder, faults.document(title), meta)
    return folder


def test_the_last_snapshot_is_offered_with_all_that_is_known_of_it(
    tmp_path: Path, faults: ModuleType
) -> None:
    entry(tmp_path, faults, "one", "two", "three")
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document == faults.document("three")
    assert orphan.sequence == 3
    assert (orphan.meta.path, orphan.meta.base, orphan.meta.labels) == ("x.tcplan", BASE, ("a", "b"))
    assert not orphan.elsewhere
    assert sorted(path.name for path in orphan.folder.iterdir()) == ["meta.json", "plan.a", "plan.b"]
    assert orphan.folder.stat().st_mode & 0o777 == 0o700


def test_the_sequence_decides_and_not_the_clock(tmp_path: Path, faults: ModuleType) -> None:
    folder = recovery.new_entry(tmp_path)
    clock = faults.StillClock()
    meta = recovery.Meta(host="elsewhere")
    recovery.write(folder, faults.document("one"), meta, clock=clock)
    clock.time -= timedelta(days=400)
    recovery.write(folder, faults.document("two"), meta, clock=clock)
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document == faults.document("two")


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 100, b"{}\n{}", b"x", b'{"sequence": 99, "digest": "ab"}\n{}', b"[]\n"]
)
def test_a_damaged_snapshot_falls_back_to_the_other(
    tmp_path: Path, damage: bytes, faults: ModuleType
) -> None:
    folder = entry(tmp_path, faults, "one", "two")
    (folder / "plan.b").write_bytes(damage)
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document == faults.document("one")
    recovery.write(folder, faults.document("three"), orphan.meta)
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document == faults.document("three")


def test_an_unreadable_entry_is_reported_and_stays(tmp_path: Path, faults: ModuleType) -> None:
    folder = entry(tmp_path, faults, "one", "two")
    for slot in recovery.SLOTS:
        (folder / slot).write_bytes(b"torn")
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document is None
    assert str(folder) in orphan.problem
    assert orphan.meta.path == "x.tcplan"
    with pytest.raises(PlanFileError, match="damaged"):
        recovery.restore(orphan)
    assert (folder / "plan.a").exists()


@pytest.mark.parametrize(
    "damage", [b"", b"null", b"[1]", b'{"pid": "x", "labels": 3, "base": [1, 2], "crashes": {}}']
)
def test_damaged_facts_do_not_hide_the_work(tmp_path: Path, damage: bytes, faults: ModuleType) -> None:
    folder = entry(tmp_path, faults, "one")
    (folder / "meta.json").write_bytes(damage)
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.document == faults.document("one")
    assert orphan.meta.path == "x.tcplan"


def test_work_of_a_living_process_is_not_offered(tmp_path: Path, faults: ModuleType) -> None:
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        entry(tmp_path, faults, "one", pid=child)
        assert recovery.orphans(tmp_path) == ()
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert len(recovery.orphans(tmp_path)) == 1


def test_work_of_another_computer_is_marked(tmp_path: Path, faults: ModuleType) -> None:
    entry(tmp_path, faults, "one", host="another-computer")
    (orphan,) = recovery.orphans(tmp_path)
    assert orphan.elsewhere


def test_each_attempt_to_restore_is_counted_before_the_document_is_used(
    tmp_path: Path, faults: ModuleType
) -> None:
    entry(tmp_path, faults, "one")
    for crashes in range(3):
        (orphan,) = recovery.orphans(tmp_path)
        assert orphan.meta.crashes == crashes
        assert recovery.restore(orphan) == faults.document("one")


def test_what_is_discarded_lies_in_the_trash_for_seven_days(tmp_path: Path, faults: ModuleType) -> None:
    clock = faults.StillClock()
    place = recovery.discard(entry(tmp_path, faults, "one"), clock=clock)
    assert recovery.orphans(tmp_path) == ()
    clock.time += timedelta(days=6, hours=23)
    assert recovery.empty_trash(tmp_path, clock=clock) == []
    assert (place / "plan.a").exists()
    clock.time += timedelta(hours=2)
    assert recovery.empty_trash(tmp_path, clock=clock) == [place.name]
    assert not place.exists()


def test_saved_work_leaves_nothing_behind(tmp_path: Path, faults: ModuleType) -> None:
    recovery.finish(entry(tmp_path, faults, "one", "two"))
    assert list(tmp_path.iterdir()) == []
    recovery.finish(tmp_path / "never was")


def test_foreign_things_in_the_folder_are_left_alone(tmp_path: Path, faults: ModuleType) -> None:
    (tmp_path / "readme").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / recovery.TRASH).mkdir()
    (tmp_path / recovery.TRASH / "not ours").mkdir()
    assert recovery.orphans(tmp_path) == ()
    assert recovery.empty_trash(tmp_path) == []
    assert (tmp_path / recovery.TRASH / "not ours").exists()
    assert recovery.orphans(tmp_path / "missing") == ()


def test_the_facts_of_this_process_name_it() -> None:
    meta = recovery.Meta.here("x.tcplan", None, (), "0.1.0")
    assert (meta.host, meta.pid) == (platform.node(), os.getpid())
