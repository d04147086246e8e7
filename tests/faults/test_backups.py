"""Backups: how many, which are thinned, and that want of room for one never stops a save."""

import errno
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tcplan.plan import backups
from tcplan.plan.backups import Backup, keep, kept, thinned
from tcplan.plan.disk import Disk
from tcplan.plan.file import load, save, to_bytes

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"


def at(*ages: timedelta) -> list[Backup]:
    return [Backup(Path(str(number)), NOON - age, str(number)) for number, age in enumerate(ages)]


def left(ages: list[timedelta]) -> list[timedelta]:
    everything = at(*ages)
    gone = thinned(everything, NOON)
    return [NOON - backup.time for backup in everything if backup not in gone]


def test_all_of_today_stay() -> None:
    ages = [timedelta(minutes=10 * step) for step in range(70)]
    assert left(ages) == ages


def test_one_a_day_one_a_week_and_one_a_month_stay() -> None:
    ages = [timedelta(hours=3 * step) for step in range(8 * 500)]
    stay = left(ages)
    before_today = [age for age in stay if age > timedelta(hours=12)]
    assert len([age for age in before_today if age < timedelta(days=7)]) in (6, 7, 8)
    assert 17 <= len(before_today) <= 30
    assert max(stay) < timedelta(days=31 * 12)


def test_the_newest_three_stay_whatever_their_age_and_whatever_the_clock_says() -> None:
    ancient = [timedelta(days=4000 + step) for step in range(5)]
    assert left(ancient) == ancient[:3]
    future = [timedelta(days=-400 - step) for step in range(5)]
    assert left(future) == future


def test_thinning_day_by_day_keeps_a_bounded_number() -> None:
    chance = random.Random(7)
    times: list[datetime] = []
    now = NOON
    for _day in range(800):
        now += timedelta(hours=chance.uniform(1, 30))
        times.append(now)
        everything = [Backup(Path(str(time)), time, str(time)) for time in times]
        gone = {backup.time for backup in thinned(everything, now)}
        times = [time for time in times if time not in gone]
        assert times[-3:] == sorted(times)[-3:]
    assert len(times) < 40
    assert now - times[0] > timedelta(days=300)


def test_versions_within_five_minutes_share_one_backup(tmp_path: Path, faults: ModuleType) -> None:
    clock = faults.StillClock(NOON)
    for number in range(4):
        keep(b"%d" % number, ID, Disk(), clock, tmp_path)
        clock.time += timedelta(minutes=2)
    assert [backup.path.read_bytes() for backup in kept(ID, root=tmp_path)] == [b"3", b"0"]


def test_the_same_version_is_kept_once(tmp_path: Path, faults: ModuleType) -> None:
    clock = faults.StillClock(NOON)
    first = keep(b"same", ID, Disk(), clock, tmp_path)
    clock.time += timedelta(hours=2)
    assert keep(b"same", ID, Disk(), clock, tmp_path, always=True) == first


def test_a_clock_that_goes_back_still_keeps_the_version(tmp_path: Path, faults: ModuleType) -> None:
    clock = faults.StillClock(NOON)
    keep(b"first", ID, Disk(), clock, tmp_path)
    clock.time -= timedelta(hours=1)
    keep(b"second", ID, Disk(), clock, tmp_path)
    assert len(kept(ID, root=tmp_path)) == 2


def test_backups_of_all_documents_share_a_limit(
    tmp_path: Path, faults: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "LARGEST_FOLDER", 5000)
    clock = faults.StillClock(NOON)
    for number in range(10):
        clock.time += timedelta(minutes=6)
        keep(bytes([number]) * 1000, ID, Disk(), clock, tmp_path)
        keep(bytes([number + 100]) * 1000, "f" * 32, Disk(), clock, tmp_path)
    sizes = [backup.path.stat().st_size for name in (ID, "f" * 32) for backup in kept(name, root=tmp_path)]
    assert sum(sizes) <= 6000
    assert len(kept(ID, root=tmp_path)) >= 3
    assert kept(ID, root=tmp_path)[0].path.read_bytes()[0] == 9


def test_a_save_goes_on_without_room_for_a_backup(tmp_path: Path, faults: ModuleType) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(faults.document("old"), path, None)

    def on_call(_count: int, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "make_folder":
            raise OSError(errno.ENOSPC, "full")

    save(faults.document("new"), path, first, faults.Watched(on_call))
    assert load(path).document.title == "new"


def test_backups_lie_in_the_data_folder_of_the_user(tmp_path: Path, faults: ModuleType) -> None:
    path = tmp_path / "plan.tcplan"
    first = save(faults.document("old"), path, None)
    save(faults.document("new"), path, first)
    (backup,) = kept(ID)
    assert backup.path.is_relative_to(tmp_path / "home")
    assert backup.path.read_bytes() == to_bytes(faults.document("old"))
    assert backup.path.parent.stat().st_mode & 0o777 == 0o700
