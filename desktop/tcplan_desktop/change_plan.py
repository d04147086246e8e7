"""The only undo command: it holds the two frozen documents on either side of a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from tcplan.language import _

if TYPE_CHECKING:
    from tcplan.plan.document import Document as Content
    from tcplan_desktop.document import Document


@dataclass(frozen=True, slots=True)
class Words:
    """What a change is called: "tokens 1.4 T → 15 T", or one whole phrase such as "fill from file"."""

    subject: str
    was: str = ""
    becomes: str = ""

    def followed_by(self, later: Words) -> Words:
        """Return the words of this change and a later one of the same gesture, taken together."""
        return Words(later.subject, self.was, later.becomes)

    def text(self) -> str:
        """Return the phrase that stands behind "Undo" and "Redo"."""
        if not self.becomes:
            return self.subject
        return _("{subject} {was} → {becomes}").format(
            subject=self.subject, was=self.was, becomes=self.becomes
        )


class ChangePlan(QUndoCommand):
    """A step from one document to another; steps of one gesture on one field become one step.

    It knows the scenarios that are chosen on either side, so that a person sees what undo changes.
    """

    def __init__(
        self, document: Document, after: Content, scenario: str, path: str, gesture: int, words: Words
    ) -> None:
        super().__init__(words.text())
        self._document = document
        self.before = document.content
        self.after = after
        self._scenarios = (document.scenario, scenario)
        self.path = path
        self.gesture = gesture
        self.words = words
        self._done_before = False

    def id(self) -> int:
        """Return one number for all, so that Qt asks `mergeWith`; a step without gesture never merges."""
        return 1 if self.gesture else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Swallow a later step of the same gesture; vanish when the gesture ends where it began."""
        if not isinstance(other, ChangePlan) or (other.path, other.gesture) != (self.path, self.gesture):
            return False
        self.after = other.after
        self.words = self.words.followed_by(other.words)
        self.setText(self.words.text())
        self.setObsolete(
            self.after.plan == self.before.plan and self.after.scenarios == self.before.scenarios
        )
        return True

    def redo(self) -> None:
        """Put the later document in force; only a real redo leads the person back to the field."""
        self._document.put(self.after, self._scenarios[1])
        if self._done_before:
            self._document.returned.emit(self.path)
        self._done_before = True

    def undo(self) -> None:
        """Put the earlier document in force."""
        self._document.put(self.before, self._scenarios[0])
        self._document.returned.emit(self.path)
