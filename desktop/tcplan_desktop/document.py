"""The open document: one frozen content at a time, the undo stack, and the signal that everything follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import Plan, descriptions
from tcplan_desktop.change_plan import ChangePlan, Words

if TYPE_CHECKING:
    from tcplan.plan.plan import Value

UNDO_LIMIT = 2000

_gestures = count(1)


def new_gesture() -> int:
    """Return the key of one gesture: press to release, or focus-in to focus-out."""
    return next(_gestures)


class Document(QObject):
    """What is open. Only an undo command replaces the content, and every view hears of it the same way."""

    changed = Signal(object, object)
    """The content before and after."""
    returned = Signal(str)
    """A path to which undo or redo went back, so that the window shows and flashes it."""
    opened = Signal()
    """Another document took the place of this one."""
    renamed = Signal()
    """The path or the modified mark changed."""

    def __init__(self, content: Content | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.content = content if content is not None else Content.new()
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.cleanChanged.connect(self._clean_changed)
        self.value_words: Callable[[Content, str], str] = lambda content, path: content.raw.get(path, "")
        """How the words of an undo step show a value; the window knows the values that were not typed."""
        self.subject_words: Callable[[str], str] = subject_of
        """What the words of an undo step call a field; the window knows the labels of results too."""

    @property
    def document(self) -> Content:
        """Return the frozen content."""
        return self.content

    @property
    def plan(self) -> Plan:
        """Return the plan in force."""
        return self.content.plan

    @property
    def modified(self) -> bool:
        """Return whether there is a change since the last save."""
        return not self.undo_stack.isClean()

    def set(self, path: str, value: Value, raw: str | None = None, gesture: int = 0, label: str = "") -> None:
        """Set one value, or take it back when it is None.

        Raises
        ------
        PlanError
            When the field does not allow the value; the content stays as it is.
        """
        after = self.content.with_value(path, value, raw or None, marks.current())
        if label:
            words = Words(label)
        else:
            was, becomes = (self.value_words(content, path) for content in (self.content, after))
            words = Words(self.subject_words(path), was, becomes)
        self._push(after, path, gesture, words)

    def replace(self, content: Content, label: str, path: str = "", gesture: int = 0) -> None:
        """Put a whole content in force as one step."""
        self._push(content, path, gesture, Words(label))

    def _push(self, after: Content, path: str, gesture: int, words: Words) -> None:
        # The same value spelled in another way is no change worth a step.
        if after is self.content or replace(after, raw=self.content.raw) == self.content:
            return
        self.undo_stack.push(ChangePlan(self, after, path, gesture, words))

    def put(self, content: Content) -> None:
        """Replace the content and tell everybody; only an undo command calls this."""
        before = self.content
        # What was saved stays saved, however far back undo goes.
        self.content = replace(content, saves=before.saves)
        self.changed.emit(before, self.content)

    def open(self, content: Content, path: Path | None, *, modified: bool = False) -> None:
        """Show another document; its undo history begins here."""
        before, self.content, self.path = self.content, content, path
        self.undo_stack.clear()
        if modified:
            self.undo_stack.resetClean()
        else:
            # An empty stack that was marked as modified stays so when it is cleared.
            self.undo_stack.setClean()
        self.opened.emit()
        self.changed.emit(before, content)
        self.renamed.emit()

    def saved(self, path: Path, content: Content) -> None:
        """Remember where the document is and that this content is on the disk."""
        before, self.content, self.path = self.content, content, path
        self.undo_stack.setClean()
        self.changed.emit(before, content)
        self.renamed.emit()

    def part_from_file(self) -> None:
        """Go on as a document that was never saved."""
        self.path = None
        self.undo_stack.resetClean()
        self.renamed.emit()

    def _clean_changed(self, _clean: bool) -> None:
        self.renamed.emit()


def subject_of(path: str) -> str:
    """Return what the words of an undo step call a field: its label, else its last segment."""
    shown = descriptions().get(path)
    return in_a_sentence(_(shown.label)) if shown else path.rpartition(".")[2].replace("_", " ")


def in_a_sentence(label: str) -> str:
    """Return a label as it stands within a sentence."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
