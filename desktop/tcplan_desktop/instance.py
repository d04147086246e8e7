"""One window for each person: a second start hands its files to the first and ends."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from PySide6.QtCore import QEvent, QLockFile, QObject, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

_log = logging.getLogger(__name__)

LONGEST = 4096
"""Bytes of a message; more than that is no message of ours."""
_VERBS = ("open", "raise")
_PATIENCE_MILLISECONDS = 2_000
_LONGEST_SOCKET_NAME = 100


class Application(QApplication):
    """The application; on macOS files to open come as events, some before there is a window."""

    opened = Signal(list)

    def __init__(self, words: list[str]) -> None:
        super().__init__(words)
        self._waiting: list[Path] | None = []

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            self._open([Path(event.file())] if event.file() else [])
            return True
        return super().event(event)

    def _open(self, paths: list[Path]) -> None:
        if self._waiting is None:
            self.opened.emit(paths)
        else:
            self._waiting += paths

    def begin(self) -> list[Path]:
        """Return the files that were asked for before the window was there; later ones come by signal."""
        paths, self._waiting = self._waiting or [], None
        return paths


def message(verb: str, path: Path | None = None) -> bytes:
    """Return the bytes of a request."""
    tree = {"version": 1, "verb": verb, "path": "" if path is None else str(path)}
    return json.dumps(tree, ensure_ascii=False).encode(errors="surrogateescape") + b"\n"


def understood(data: bytes) -> tuple[str, Path | None] | None:
    """Return verb and path of a request; None for anything that is not one."""
    if len(data) > LONGEST or not data.endswith(b"\n"):
        return None
    try:
        tree = json.loads(data.decode(errors="surrogateescape"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict) or tree.keys() != {"version", "verb", "path"} or tree["version"] != 1:
        return None
    verb, path = tree["verb"], tree["path"]
    if verb not in _VERBS or not isinstance(path, str):
        return None
    if verb == "raise":
        return verb, None
    fine = Path(path).is_absolute() and "\0" not in path
    return (verb, Path(path)) if fine else None


def _folder() -> Path:
    """Return a folder that only this person may enter."""
    if os.environ.get("XDG_RUNTIME_DIR") or sys.platform != "linux":
        folder = Path(platformdirs.user_runtime_dir("tcplan", appauthor=False))
    else:
        folder = Path(tempfile.gettempdir()) / f"tcplan-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":
        status = folder.lstat()
        if status.st_uid != os.getuid() or status.st_mode & 0o077:
            reason = "the folder is not this user's alone"
            raise PermissionError(reason)
    return folder


def _address(folder: Path) -> str:
    """Return the name of the socket: a path, on Windows the name of a pipe."""
    if sys.platform == "win32":
        return "tcplan-" + hashlib.sha256(str(folder).encode()).hexdigest()[:24]
    return str(folder / "window")


class Instance(QObject):
    """This process among those of the same person."""

    opened = Signal(list)
    """Paths that another start was asked to open."""
    raised = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self._arriving: dict[QLocalSocket, bytes] = {}

    def settle(self, paths: Sequence[Path]) -> bool:
        """Become the one that others hand their files to; return False when one is there and took ours."""
        try:
            folder = _folder()
        except (OSError, RuntimeError) as error:
            _log.warning("no folder for a socket, so each start has its own window: %s", error)
            return True
        address = _address(folder)
        if len(address.encode()) > _LONGEST_SOCKET_NAME:
            return True
        lock = QLockFile(str(folder / "window.lock"))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            # One that holds the lock but does not answer is still starting, or hangs: then we open our own.
            return not handed_over(address, paths)
        self._lock = lock
        self._listen(address)
        return True

    def _listen(self, address: str) -> None:
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._greet)
        # We hold the lock, so a socket that is there was left by one that was killed.
        QLocalServer.removeServer(address)
        if not server.listen(address):
            _log.warning("no socket for other starts: %s", server.errorString())
        self._server = server

    def _greet(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            # Without a parent it would be deleted with its last Python name, inside of its own signal.
            socket.setParent(self)
            self._arriving[socket] = b""
            socket.readyRead.connect(self._hear)
            socket.disconnected.connect(self._sweep)
            limit = QTimer(socket)
            limit.setSingleShot(True)
            limit.timeout.connect(lambda late=socket: late.abort())
            limit.start(_PATIENCE_MILLISECONDS)
        self._hear()

    def _hear(self) -> None:
        for socket in tuple(self._arriving):
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        data = self._arriving.get(socket, b"") + bytes(socket.read(LONGEST + 1).data())
        self._arriving[socket] = data
        if len(data) <= LONGEST and not data.endswith(b"\n"):
            return
        request = understood(data)
        self._arriving[socket] = b""
        if request is None:
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        self._answer(*request)

    def _answer(self, verb: str, path: Path | None) -> None:
        if verb == "open" and path is not None:
            self.opened.emit([path])
        self.raised.emit()

    def _sweep(self) -> None:
        for socket in tuple(self._arriving):
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                del self._arriving[socket]
                socket.deleteLater()

    def close(self) -> None:
        """Leave the place to the next start."""
        if self._server is not None:
            self._server.close()
        for socket in tuple(self._arriving):
            socket.abort()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


def handed_over(address: str, paths: Sequence[Path]) -> bool:
    """Hand paths to the process that listens; return whether it took all of them."""
    requests = [message("open", path) for path in paths] or [message("raise")]
    if any(len(request) > LONGEST for request in requests):
        return False
    return all(_taken(address, request) for request in requests)


def _taken(address: str, request: bytes) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_PATIENCE_MILLISECONDS):
        return False
    socket.write(request)
    socket.flush()
    answered = socket.waitForReadyRead(_PATIENCE_MILLISECONDS) and bytes(socket.readAll().data()) == b"ok\n"
    socket.disconnectFromServer()
    return answered
