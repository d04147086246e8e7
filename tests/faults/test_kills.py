"""A process killed at each file-system call of a save or a recovery snapshot: old or new, never neither."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tcplan.plan import recovery
from tcplan.plan.atomic import remove_leftovers
from tcplan.plan.backups import kept
from tcplan.plan.disk import Disk
from tcplan.plan.file import load, read_bytes, save, to_bytes


@dataclass(frozen=True)
class Scene:
    """How the folder looks before the save."""

    name: str = "plan.tcplan"
    exists: bool = True
    linked: bool = False
    mode: int = 0o644
    in_place: bool = False
    kilobytes: int = 0


SCENES = {
    "new": Scene(exists=False),
    "overwrite": Scene(),
    "overwrite 20 kB": Scene(kilobytes=20),
    "overwrite 1 MB": Scene(kilobytes=1000),
    "symbolic link": Scene(linked=True),
    "mode 0640": Scene(mode=0o640),
    "longest name": Scene(name="x" * 255),
    "in place": Scene(in_place=True, kilobytes=20),
}


def prepared(folder: Path, scene: Scene, faults: ModuleType) -> Callable[[Disk], None]:
    """Make the folder of a scene and return the save to be killed."""
    folder.mkdir()
    real = folder / "elsewhere" / scene.name if scene.linked else folder / scene.name
    real.parent.mkdir(exist_ok=True)
    expected = None
    if scene.exists:
        expected = save(faults.document("old"), real, None, backups=folder / "backups")
        real.chmod(scene.mode)
    path = folder / scene.name
    if scene.linked:
        path.symlink_to(real)
    new = faults.document("new", scene.kilobytes)

    def run(disk: Disk) -> None:
        clock = faults.StillClock()
        save(new, path, expected, disk, clock=clock, backups=folder / "backups", in_place=scene.in_place)

    return run


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_a_kill_at_any_call_leaves_the_old_or_the_new_file(
    tmp_path: Path, scene: Scene, faults: ModuleType
) -> None:
    old, new = to_bytes(faults.document("old")), to_bytes(faults.document("new", scene.kilobytes))
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        run = prepared(folder, scene, faults)
        killed = faults.died(lambda run=run, number=number: run(faults.die_at(number)))
        path = folder / scene.name
        found = path.read_bytes() if path.exists() else None
        allowed = {new} | ({old} if scene.exists else {None})
        if found not in allowed:
            assert scene.in_place, f"call {number} left a damaged file"
            assert new in {
                backup.path.read_bytes() for backup in kept(read_bytes(new).id, root=folder / "backups")
            }
        assert path.is_symlink() == scene.linked
        if not killed:
            assert found == new
            assert path.stat().st_mode & 0o777 == (
                scene.mode if scene.exists else path.stat().st_mode & 0o777
            )
            break
        later = faults.StillClock(faults.StillClock().time + timedelta(days=365_000))
        remove_leftovers(path.resolve().parent, clock=later)
        names = {entry.name for entry in path.resolve().parent.iterdir()}
        assert names <= {scene.name, "backups", "elsewhere"}, f"call {number} left {names}"
        if found in allowed and found is not None:
            expected = load(path).fingerprint
            save(faults.document("again"), path, expected, backups=folder / "backups")
    assert number > 10


def test_a_kill_at_any_call_of_a_snapshot_loses_at_most_that_snapshot(
    tmp_path: Path, faults: ModuleType
) -> None:
    number = 0
    killed = True
    while killed:
        number += 1
        folder = recovery.new_entry(tmp_path / str(number))
        meta = recovery.Meta("x.tcplan", None, ("tokens 1.4T -> 15T",), "0.1.0", "elsewhere", 1)
        for title in ("first", "second"):
            recovery.write(folder, faults.document(title), meta)

        def run(folder: Path = folder, meta: recovery.Meta = meta, number: int = number) -> None:
            recovery.write(folder, faults.document("third"), meta, faults.die_at(number))

        killed = faults.died(run)
        (orphan,) = recovery.orphans(tmp_path / str(number))
        assert orphan.document is not None
        assert (orphan.document.title, orphan.sequence) in {("second", 2), ("third", 3)}
        assert orphan.meta.labels == ("tokens 1.4T -> 15T",)
        if not killed:
            assert orphan.sequence == 3
    assert number > 10
