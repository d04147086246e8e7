"""The only place that makes labels, tool tips and message boxes, because Qt guesses rich text in all three.

A plan's title is a stranger's text: guessed as rich text it could paint a file of this computer.
"""

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QSizePolicy, QWidget

from tcplan_desktop.theme import font, px, theme, themes

_ENDLESS = re.compile(r"\S{120,}")
_PIECE = 24
_WIDEST_WORD = 200
_MAY_BREAK = "\u200b"


def _broken(word: re.Match[str]) -> str:
    return _MAY_BREAK.join(word[0][at : at + _PIECE] for at in range(0, len(word[0]), _PIECE))


def rich(text: str) -> str:
    """Return text as the rich text that shows exactly it, for tool tips, which know no plain mode."""
    if not text:
        return ""
    return f"<qt>{escape(text, quote=False).replace(chr(10), '<br>')}</qt>"


def tooltip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or an action a tool tip."""
    target.setToolTip(rich(text))


class Label(QLabel):
    """Plain text in a size, weight and colour token of the look."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = 13,
        weight: int = 400,
        ink: str = "text",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)
        self._size, self._weight, self._ink = size, weight, ink
        self._restyle()
        themes.changed.connect(self._restyle)

    def setText(self, text: str) -> None:
        """Show a text; in one that wraps, words of great length may break anywhere."""
        super().setText(_ENDLESS.sub(_broken, text) if self.wordWrap() else text)

    def minimumSizeHint(self) -> QSize:
        """Return the least size; a long word is no reason to widen a window."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), px(_WIDEST_WORD)), least.height()) if self.wordWrap() else least

    def set_ink(self, ink: str) -> None:
        """Set the colour token of the text."""
        if ink != self._ink:
            self._ink = ink
            self._restyle()

    def _restyle(self) -> None:
        self.setFont(font(self._size, self._weight))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().token(self._ink))
        self.setPalette(palette)

    def showEvent(self, event: QShowEvent) -> None:
        # Under a style sheet Qt dresses what is shown first in the palette that it was made with.
        if self.palette().color(QPalette.ColorRole.WindowText) != theme().token(self._ink):
            self._restyle()
        super().showEvent(event)


class Elided(Label):
    """A label that shortens what does not fit and tells the whole in its tool tip and to screen readers."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = 13,
        weight: int = 400,
        ink: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        self._whole = text
        super().__init__(text, size=size, weight=weight, ink=ink, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    @property
    def whole(self) -> str:
        """The text before shortening."""
        return self._whole

    def set_whole(self, text: str) -> None:
        """Show this text, shortened where it must be."""
        self._whole = text
        self.setAccessibleName(text)
        self._shorten()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(int(metrics.horizontalAdvance(self._whole)) + 2, px(16))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(24), px(16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._shorten()

    def _shorten(self) -> None:
        shown = QFontMetricsF(self.font()).elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1)
        )
        self.setText(shown)
        tooltip(self, self._whole if shown != self._whole else "")


def message_box(
    parent: QWidget | None, title: str, sentence: str, detail: str = "", answers: Sequence[str] = ()
) -> tuple[QMessageBox, list[QPushButton]]:
    """Return a plain-text box and its buttons, the first of them the default; the caller opens it.

    Without answers it has one button, that of the platform for "OK".
    """
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(sentence)
    box.setInformativeText(detail)
    # Older Qt leaves the second text guessing whatever the box is told.
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
    buttons = [box.addButton(answer, QMessageBox.ButtonRole.ActionRole) for answer in answers]
    if not answers:
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
    elif isinstance(buttons[0], QPushButton):
        box.setDefaultButton(buttons[0])
    return box, buttons
