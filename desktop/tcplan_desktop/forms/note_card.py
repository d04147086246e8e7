"""The card on which a person writes why a value is what it is, with a link to the source."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.painting import RING, ring_outside, rounded, smooth
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Label
from tcplan_desktop.theme import font, px, theme, themes

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


class _Text(QPlainTextEdit):
    """Plain lines of text in a painted well; Tab leads on instead of indenting."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(px(4))
        self.restyle()
        themes.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take the size and colours of the theme in force."""
        look = theme()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, look.field)
        palette.setColor(QPalette.ColorRole.Text, look.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, look.text3)
        self.setPalette(palette)
        self.setFont(font(13))


class _TextWell(QWidget):
    """The well around the text, with the ring while it has the keyboard."""

    def __init__(self, text: _Text) -> None:
        super().__init__()
        self._text = text
        column = QVBoxLayout(self)
        column.setContentsMargins(QMargins(RING, RING, RING, RING))
        column.addWidget(text)
        text.installEventFilter(self)
        themes.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        well = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        rounded(painter, well, look.field, look.edge if look.outlined else None)
        painter.fillRect(QRectF(well.x(), well.bottom() - 1, well.width(), 1), look.edge)
        if self._text.hasFocus():
            ring_outside(painter, well)
        painter.end()


class NoteCard(Popover):
    """A floating card at what the note is on; leaving it keeps what was written, Esc does not."""

    written = Signal(str, str)
    """The path and the whole note, empty to take it away; only when it differs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, tail=True)
        self.path = ""
        self._note = ""
        self.title = Label("", weight=600)
        self.text = _Text()
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
        self.content.addWidget(_TextWell(self.text), 1)
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
