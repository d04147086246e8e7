"""Python and Qt must agree about who holds None and True.

PySide6 6.12.0 on Python 3.11 loses a reference to one of them at each call from Qt; the program aborts when
the last is gone, in the middle of somebody's work.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPixmap, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

CALLS = 20_000
DRIFT = 80
# From Python 3.12 on these objects cannot die; their counts start here and say nothing.
IMMORTAL = 2**31


class Listener(QObject):
    heard = Signal(bool)
    rang = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return True

    def event(self, event: QEvent) -> bool:
        return True


class Face(QWidget):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


class Rows(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 1

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        return None


class Step(QUndoCommand):
    def undo(self) -> None:
        return None

    def redo(self) -> None:
        return None


def paint() -> Callable[[], object]:
    face, canvas = Face(), QPixmap(8, 8)
    face.resize(8, 8)
    return lambda: face.render(canvas)


def send_event() -> Callable[[], object]:
    listener, event = Listener(), QEvent(QEvent.Type.User)
    return lambda: QApplication.sendEvent(listener, event)


def filter_event() -> Callable[[], object]:
    listener, watched, event = Listener(), QObject(), QEvent(QEvent.Type.User)
    watched.installEventFilter(listener)
    return lambda: (QApplication.sendEvent(watched, event), listener)[0]


def read_data() -> Callable[[], object]:
    rows = Rows()
    index = rows.index(0)
    return lambda: (index.data(), rows)[0]


def undo_and_redo() -> Callable[[], object]:
    stack = QUndoStack()
    stack.push(Step("a step"))

    def both() -> None:
        stack.undo()
        stack.redo()

    return both


def emit_with_receiver() -> Callable[[], object]:
    listener = Listener()
    listener.heard.connect(lambda loud: None)
    return lambda: listener.heard.emit(True)


def emit_without_receiver() -> Callable[[], object]:
    listener = Listener()
    return lambda: listener.rang.emit()


def references() -> list[int]:
    return [min(sys.getrefcount(each), IMMORTAL) for each in (None, True, False)]


@pytest.mark.parametrize(
    "call",
    [paint, send_event, filter_event, read_data, undo_and_redo, emit_with_receiver, emit_without_receiver],
    ids=lambda call: call.__name__,
)
def test_calls_from_qt_lose_no_reference(qtbot: QtBot, call: Callable[[], Callable[[], object]]) -> None:
    act = call()
    act()
    before = references()
    # Looked at often, so that a loss is a failed test before it is an aborted one.
    for _ in range(CALLS // DRIFT):
        for _ in range(DRIFT):
            act()
        after = references()
        assert all(abs(late - early) < DRIFT for early, late in zip(before, after, strict=True)), (
            before,
            after,
        )
