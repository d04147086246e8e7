"""Notes on fields and results: where one is written, and the one undoable step that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from tcplan.language import _
from tcplan_desktop import keyboard
from tcplan_desktop.document import in_a_sentence
from tcplan_desktop.forms.note_card import NoteCard

if TYPE_CHECKING:
    from tcplan_desktop.window import Window


class Notes(QObject):
    """The notes of the window's document; the card is made when the first is wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.card: NoteCard | None = None
        window.document.opened.connect(self._leave)

    def named(self) -> dict[str, tuple[str, str]]:
        """Return by path what each note is on and its text."""
        document = self._window.document
        return {path: (document.subject_words(path), text) for path, text in document.content.notes.items()}

    def write_here(self) -> None:
        """Open the note on the field or result that has the keyboard, else on the one explained."""
        window = self._window
        held = QApplication.focusWidget()
        row = window.inputs.row_of(held)
        path = row.path if row is not None else keyboard.path_at(window, held)
        if not path and window.why_place.is_open:
            path = window.workbench.pane.path
        if path:
            self.write(path)
        else:
            window.problems.say(
                _("Go to a field or a result, then press Ctrl+Shift+N to write a note on it.")
            )

    def write(self, path: str) -> None:
        """Open the note on a field or result."""
        window = self._window
        window.show_workbench()
        row = window.inputs.reveal(path)
        if row is None:
            window.explain(path)
        anchor: QWidget = row.editor if row is not None else window.workbench.pane.note
        if self.card is None:
            self.card = NoteCard(window)
            self.card.written.connect(self._keep)
        note = window.document.content.notes.get(path, "")
        self.card.show_note(path, window.document.subject_words(path), note, anchor)

    def take(self) -> None:
        """Take over what is being written, as closing the card would."""
        if self.card is not None and self.card.is_open:
            self.card.keep()

    def _leave(self) -> None:
        """Close the card of a document that is no longer open."""
        if self.card is not None:
            self.card.drop()

    def _keep(self, path: str, note: str) -> None:
        document = self._window.document
        words = _("note on {name}").format(name=in_a_sentence(document.subject_words(path)))
        document.edit(document.document.with_note(path, note), words, path)
