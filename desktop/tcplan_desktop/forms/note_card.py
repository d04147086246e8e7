"""The card on which a person writes why a value is what it is, with a link to the source."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.lines_well import Lines, LinesWell
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px

_SCHEMES = ("http://", "https://", "doi:", "arxiv:")
_WIDTH, _HEIGHT = 360, 264


def split(note: str) -> tuple[str, str]:
    """Return the text of a note and the link that is its last line, empty when it ends with none."""
    text, _break, last = note.rpartition("\n")
    is_link = last.lower().startswith(_SCHEMES) and " " not in last
    return (text, last) if is_link else (note, "")


def joined(text: str, link: str) -> str:
    """Return one note of a text and a link."""
    return "\n".join(part for part in (text.strip(), " ".join(link.split())) if part)


class NoteCard(Popover):
    """A floating card at what the note is on; leaving it keeps what was written, Esc does not."""

    written = Signal(str, str)
    """The path and the whole note, empty to take it away; only when it differs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, tail=True)
        self.path = ""
        self._note = ""
        self.title = Label("", weight=600)
        self.text = Lines()
        self.text.setPlaceholderText(_("Why this value, who said so, what to check"))
        self.link = Well(_("Link to the source"), placeholder=_("Link to the source"), notes=False)
        self.link.line.returnPressed.connect(self.close_card)
        self.done = Button(_("Keep"), kind=Kind.SOLID, key=_("Ctrl Enter"))
        self.done.clicked.connect(self.close_card)
        self.remove = Button(_("Remove the note"), kind=Kind.LINK, size=12)
        self.remove.clicked.connect(self._remove)
        self._build()
        self.closed.connect(self.keep)

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self.done)
        self.content.setSpacing(px(6))
        self.content.addWidget(self.title)
        self.content.addWidget(LinesWell(self.text), 1)
        self.content.addWidget(self.link)
        self.content.addLayout(foot)

    def show_note(self, path: str, name: str, note: str, anchor: QWidget) -> None:
        """Open the note on a field or result for writing."""
        self.keep()
        self.path, self._note = path, note
        self.title.setText(_("Note on {name}").format(name=name))
        self.text.setAccessibleName(self.title.text())
        text, link = split(note)
        self.text.setPlainText(text)
        self.link.show_text(link)
        self.remove.setVisible(bool(note))
        self.open_at(anchor, size=QSize(px(_WIDTH), px(_HEIGHT)))
        self.text.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def note(self) -> str:
        """The note as it is written now."""
        return joined(self.text.toPlainText(), self.link.text)

    def keep(self) -> None:
        """Hand on what was written, if it says anything new."""
        if self.path and self.note != self._note:
            self._note = self.note
            self.written.emit(self.path, self._note)

    def drop(self) -> None:
        """Close without taking over what was written."""
        self.path = ""
        self.close_card()

    def _remove(self) -> None:
        self.text.setPlainText("")
        self.link.show_text("")
        self.close_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.drop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.close_card()
        else:
            super().keyPressEvent(event)
