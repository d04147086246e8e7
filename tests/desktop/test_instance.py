"""A second start hands its files to the first; nothing else that arrives at the socket has an effect."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tcplan_desktop import instance, program
from tcplan_desktop.instance import LONGEST, Instance, handed_over, message, understood

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the socket a folder with a short name, as the systems do."""
    made = Path(tempfile.mkdtemp(prefix="tc", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(made))
    yield made / "tcplan"
    shutil.rmtree(made)


@pytest.fixture
def first(folder: Path) -> Iterator[Instance]:
    """Be the process that was there first."""
    made = Instance()
    assert made.settle([])
    yield made
    made.close()


def second(*words: str) -> "subprocess.Popen[bytes]":
    """Start the program again."""
    command = [sys.executable, "-m", "tcplan_desktop.program", *words]
    path = os.pathsep.join(sys.path)
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path})


def test_a_second_start_hands_over_its_file_and_ends(first: Instance, qtbot: QtBot, tmp_path: Path) -> None:
    """A double click would open a second window, or lose a name with spaces, accents or 300 letters."""
    long = "/".join(["a folder with a long name é ü 中"] * 9)
    place = tmp_path / long / "plan & plan.tcplan"
    place.parent.mkdir(parents=True)
    place.write_text("{}")
    assert len(str(place)) > 300
    with (
        qtbot.waitSignal(first.raised, timeout=30_000),
        qtbot.waitSignal(first.opened, timeout=30_000) as seen,
    ):
        other = second(str(place))
    assert seen.args == [[place]]
    assert other.wait(30) == 0


def test_a_second_start_without_files_raises_the_first(first: Instance, qtbot: QtBot) -> None:
    """Clicking the icon again would do nothing that anybody sees."""
    with qtbot.waitSignal(first.raised, timeout=30_000):
        other = second()
    assert other.wait(30) == 0


def test_a_socket_of_a_killed_process_is_replaced(folder: Path, qtbot: QtBot) -> None:
    """After a crash no start would listen any more."""
    folder.mkdir(mode=0o700)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(folder / "window"))
    stale.close()
    made = Instance()
    assert made.settle([])
    with qtbot.waitSignal(made.opened, timeout=30_000):
        other = second("/a.tcplan")
    assert other.wait(30) == 0
    made.close()


def test_a_folder_that_others_may_enter_is_not_used(folder: Path) -> None:
    """Another user of the computer could listen to which files are opened, or have some opened."""
    folder.mkdir()
    folder.chmod(0o777)
    made = Instance()
    assert made.settle([Path("/a.tcplan")])
    assert not (folder / "window").exists()
    made.close()


def test_the_socket_is_this_users_alone(first: Instance, folder: Path) -> None:
    """Another user of the computer could have files opened."""
    assert (folder / "window").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_only_our_requests_are_understood() -> None:
    """A message could name a verb or a path that does something else."""
    assert understood(message("open", Path("/a b/é.tcplan"))) == ("open", Path("/a b/é.tcplan"))
    assert understood(message("raise")) == ("raise", None)
    good = {"version": 1, "verb": "open", "path": "/a.tcplan"}
    for change in (
        {"version": 2},
        {"verb": "quit"},
        {"verb": ["open"]},
        {"path": "a.tcplan"},
        {"path": 3},
        {"path": "/a\0b"},
        {"more": 1},
    ):
        assert understood(json.dumps(good | change).encode() + b"\n") is None, change
    assert understood(json.dumps(good).encode()) is None
    assert understood(b"[" * 2000 + b"\n") is None


def test_random_messages_do_nothing() -> None:
    """Some message would raise an error in the window, or pass for a request."""
    chance = random.Random(7)
    good = message("open", Path("/home/ada/plan.tcplan"))
    for _turn in range(5000):
        data = bytearray(good if chance.random() < 0.5 else chance.randbytes(chance.randrange(200)))
        for _change in range(chance.randrange(1, 5)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        request = understood(bytes(data))
        assert request is None or request[0] in ("open", "raise")


def test_what_is_too_long_or_never_ends_is_cut_off(first: Instance, folder: Path, qtbot: QtBot) -> None:
    """One program could fill the memory of the window through its socket."""
    opened: list[object] = []
    first.opened.connect(opened.append)
    other = socket.socket(socket.AF_UNIX)
    other.connect(str(folder / "window"))
    other.setblocking(False)
    other.send(b"x" * (LONGEST + 1))

    def closed() -> bool:
        try:
            return other.recv(10) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True

    qtbot.waitUntil(closed)
    other.close()
    assert opened == []
    assert not handed_over(str(folder / "window"), [Path("/" + "a" * LONGEST)])


def test_a_first_start_that_does_not_answer_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that hangs would keep every other start from opening anything."""
    monkeypatch.setattr(instance, "_PATIENCE_MILLISECONDS", 50)
    one, other = Instance(), Instance()
    assert one.settle([])
    # Nobody answers here: the first one's events are not handled while this call waits.
    assert other.settle([Path("/a.tcplan")])
    other.close()
    one.close()


def test_files_that_come_before_the_window_wait() -> None:
    """On macOS the file of the double click that started the program would be lost."""
    script = (
        "import sys\n"
        "from PySide6.QtCore import QCoreApplication, QUrl\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "from tcplan_desktop.instance import Application\n"
        "app = Application([])\n"
        "app.opened.connect(lambda paths: print('later', *paths))\n"
        "QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/early.tcplan')))\n"
        "print('before', *app.begin())\n"
        "QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/late.tcplan')))\n"
    )
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script]
    told = subprocess.run(
        command, env=os.environ | path, check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.split("\n")[:2] == ["before /early.tcplan", "later /late.tcplan"]


def test_a_window_of_its_own_is_asked_for_by_a_word() -> None:
    """The word for it would be taken for a command."""
    assert program._for_window(["--new-instance", "plan.tcplan"])
    assert not program._for_window(["--version"])
