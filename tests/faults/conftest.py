"""Disks that fail, die or remember: each call of the real disk passes through one place."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tcplan.plan.disk import Clock, Disk
from tcplan.plan.document import Document
from tcplan.plan.plan import Plan

CALLS = tuple(name for name in vars(Disk) if not name.startswith("_"))


class Watched(Disk):
    """A disk whose calls are numbered from 1; `on_call` may raise, die or write down."""

    def __init__(self, on_call: Callable[[int, str, tuple[Any, ...]], None]) -> None:
        self.on_call = on_call
        self.count = 0

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        return partial(self._passed, name, found) if name in CALLS else found

    def _passed(self, name: str, call: Callable[..., object], *arguments: object) -> object:
        self.count += 1
        self.on_call(self.count, name, arguments)
        return call(*arguments)


class StillClock(Clock):
    """A clock that stands still and does not wait."""

    def __init__(self, time: datetime = datetime(2026, 11, 2, 12, tzinfo=UTC)) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def die_at(number: int) -> Watched:
    """Return a disk that ends the process at a call; half of the bytes of a fatal write still go out."""

    def on_call(count: int, name: str, arguments: tuple[Any, ...]) -> None:
        if count == number:
            if name == "write":
                handle, data = arguments
                os.write(handle, data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

    return Watched(on_call)


def fail_at(number: int, code: int, *, forever: bool = False) -> Watched:
    """Return a disk that reports an error at a call, or from that call on."""

    def on_call(count: int, _name: str, arguments: tuple[Any, ...]) -> None:
        if count == number or (forever and count > number):
            path = next((str(part) for part in arguments if isinstance(part, Path)), None)
            raise OSError(code, os.strerror(code), path)

    return Watched(on_call)


def document(title: str, kilobytes: int = 0) -> Document:
    plan = Plan().with_value("training.tokens", 15e12).with_value("hardware.devices", 2048)
    whole = Document(id="0123456789abcdef0123456789abcdef", title=title, plan=plan)
    letters = "abcdefghijklmnopqrstuvwxyz"
    notes = {f"note.{letters[at % 26]}_{at}": "x" * 16_000 for at in range(kilobytes // 16)}
    return Document(**{**vars(whole), "notes": notes})


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test its own home, so that none touches the user's backups."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))


@pytest.fixture
def faults() -> ModuleType:
    """Return this module: its disks, its clock, its documents and `died`."""
    return sys.modules[__name__]


def died(action: Callable[[], None]) -> bool:
    """Run an action in a child process and return whether it was killed; anything else fails the test."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed in another way than by being killed"
    return False
