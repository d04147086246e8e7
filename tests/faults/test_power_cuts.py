"""Every state of the disk that a power cut during a save can leave: unsynced writes in any subset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import ModuleType

from tcplan.plan import recovery
from tcplan.plan.disk import Disk
from tcplan.plan.file import save, to_bytes

Names = dict[str, int]
Blocks = tuple[bytes, ...]
State = dict[str, bytes]


@dataclass
class Machine:
    """A model disk: file contents in blocks, names apart, and what of both is certain."""

    blocks: int
    certain: dict[int, bytes] = field(default_factory=dict)
    written: dict[int, bytes] = field(default_factory=dict)
    sure_names: Names = field(default_factory=dict)
    changes: list[Names] = field(default_factory=list)

    @property
    def names(self) -> Names:
        return self.changes[-1] if self.changes else self.sure_names

    def states(self) -> Iterator[State]:
        """Yield what a cut now may leave: any subset of unsynced blocks, any prefix of name changes."""
        for names in [self.sure_names, *self.changes]:
            choices = [self._contents(number) for number in names.values()]
            for contents in product(*choices):
                yield dict(zip(names, contents, strict=True))

    def _contents(self, number: int) -> list[bytes]:
        old, new = self.certain.get(number, b""), self.written[number]
        if old == new:
            return [new]
        size = max(1, -(-len(new) // self.blocks))
        pieces = [(bytes(len(new[at : at + size])), new[at : at + size]) for at in range(0, len(new), size)]
        return sorted({b"".join(choice) for choice in product(*pieces)} | {b""})


class Recorder(Disk):
    """A real disk that repeats its calls on a model disk and looks at every state after each."""

    def __init__(
        self, machine: Machine, look: Callable[[State], None], *, lies: tuple[str, ...] = ()
    ) -> None:
        self.machine = machine
        self.look = look
        self.lies = lies
        self.files: dict[int, int] = {}
        self.next = 1000

    def _seen(self) -> None:
        for state in self.machine.states():
            self.look(state)

    def create(self, path: Path) -> int:
        handle = super().create(path)
        self.next += 1
        self.files[handle] = self.next
        self.machine.written[self.next] = b""
        self.machine.changes.append(self.machine.names | {str(path): self.next})
        self._seen()
        return handle

    def overwrite(self, path: Path) -> int:
        handle = super().overwrite(path)
        self.files[handle] = self.machine.names[str(path)]
        self.machine.written[self.files[handle]] = b""
        self._seen()
        return handle

    def write(self, handle: int, data: bytes) -> int:
        count = super().write(handle, data)
        self.machine.written[self.files[handle]] += data[:count]
        self._seen()
        return count

    def sync(self, handle: int) -> None:
        super().sync(handle)
        if "sync" not in self.lies:
            number = self.files[handle]
            self.machine.certain[number] = self.machine.written[number]
        self._seen()

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        names = dict(self.machine.names)
        names[str(target)] = names.pop(str(source))
        self.machine.changes.append(names)
        self._seen()

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        if "sync_folder" not in self.lies:
            self.machine.sure_names, self.machine.changes = self.machine.names, []
        self._seen()


def saved_states(
    folder: Path, faults: ModuleType, *, lies: tuple[str, ...] = (), in_place: bool = False
) -> tuple[set[bytes | None], set[bytes | None]]:
    """Return what the file may hold after a power cut during, and after, a save over an old version."""
    path = folder / "plan.tcplan"
    expected = save(faults.document("old"), path, None, backups=folder / "backups")
    machine = Machine(8)
    machine.certain[1] = machine.written[1] = path.read_bytes()
    machine.sure_names = {str(path): 1}
    during: set[bytes | None] = set()
    disk = Recorder(machine, lambda state: during.add(state.get(str(path))), lies=lies)
    clock = faults.StillClock()
    save(
        faults.document("new"),
        path,
        expected,
        disk,
        clock=clock,
        backups=folder / "backups",
        in_place=in_place,
    )
    return during, {state.get(str(path)) for state in machine.states()}


def test_no_power_cut_leaves_anything_but_the_old_or_the_new_file(tmp_path: Path, faults: ModuleType) -> None:
    during, after = saved_states(tmp_path, faults)
    old, new = to_bytes(faults.document("old")), to_bytes(faults.document("new"))
    assert during == {old, new}
    assert after == {new}


def test_the_model_finds_a_missing_sync_of_the_file(tmp_path: Path, faults: ModuleType) -> None:
    during, _after = saved_states(tmp_path, faults, lies=("sync",))
    assert len(during) > 200


def test_the_model_finds_a_missing_sync_of_the_folder(tmp_path: Path, faults: ModuleType) -> None:
    _during, after = saved_states(tmp_path, faults, lies=("sync_folder",))
    assert to_bytes(faults.document("old")) in after


def test_the_model_finds_the_danger_of_writing_in_place(tmp_path: Path, faults: ModuleType) -> None:
    during, after = saved_states(tmp_path, faults, in_place=True)
    assert len(during) > 200
    assert after == {to_bytes(faults.document("new"))}


def test_a_power_cut_during_a_snapshot_leaves_the_one_before(tmp_path: Path, faults: ModuleType) -> None:
    folder = recovery.new_entry(tmp_path / "recovery")
    meta = recovery.Meta("x.tcplan", None, (), "0.1.0", "elsewhere", 1)
    for title in ("first", "second"):
        recovery.write(folder, faults.document(title), meta)
    machine = Machine(4)
    for number, path in enumerate(sorted(folder.iterdir()), start=1):
        machine.certain[number] = machine.written[number] = path.read_bytes()
        machine.sure_names[str(path)] = number
    mirror = tmp_path / "mirror" / "entry"
    mirror.mkdir(parents=True)
    seen: set[tuple[tuple[str, bytes], ...]] = set()

    def look(state: State) -> None:
        kept = {name: data for name, data in state.items() if not name.endswith(".tmp")}
        key = tuple(sorted(kept.items()))
        if key in seen:
            return
        seen.add(key)
        for path in mirror.iterdir():
            path.unlink()
        for name, data in kept.items():
            (mirror / Path(name).name).write_bytes(data)
        (orphan,) = recovery.orphans(mirror.parent)
        assert orphan.document is not None
        assert orphan.document.title in {"second", "third"}

    recovery.write(folder, faults.document("third"), meta, Recorder(machine, look))
    assert len(seen) >= 2
    assert all(str(folder / "plan.a") in state for state in machine.states())
