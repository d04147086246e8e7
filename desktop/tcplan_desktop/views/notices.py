"""What the program has to say without asking: bars below the headline, each with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.finding import LEVELS
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes


@dataclass(frozen=True, slots=True)
class Answer:
    """A button of a notice; the notice goes when it is pressed, unless it stays."""

    words: str
    run: Callable[[], object]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say; a later notice with the same key takes its place."""

    key: str
    level: str
    sentence: str
    answers: tuple[Answer, ...] = ()
    details: str = ""
    """Lines that are shown when they are asked for."""


class NoticeBar(QWidget):
    """One notice across the window."""

    done = Signal()

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self.sentence = Label(notice.sentence, wrap=True)
        self.buttons = [self._button(answer) for answer in notice.answers]
        self.shut = Button(kind=Kind.QUIET, icon_name="x", name=_("Close"), size=12)
        self.shut.clicked.connect(self.done)
        self.details = Label(notice.details, size=12, ink="text2", wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setIndent(0)
        self.details.hide()
        self.more = Button(_("Details"), kind=Kind.LINK, size=12)
        self.more.clicked.connect(lambda: self.details.setVisible(self.details.isHidden()))
        self._lay_out()
        self.more.setVisible(bool(notice.details))
        self.setAccessibleName(f"{_(LEVELS[notice.level][0])}: {notice.sentence}")
        themes.changed.connect(self._resize)
        self._resize()

    def show_details(self, text: str) -> None:
        """Show lines below the sentence."""
        self.details.setText(text)
        self.details.show()

    def _button(self, answer: Answer) -> Button:
        button = Button(answer.words, kind=Kind.LINK)

        def pressed() -> None:
            if not answer.stays:
                self.done.emit()
            answer.run()

        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.sentence, 1)
        for button in (*self.buttons, self.more, self.shut):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(px(4))
        self._whole.addLayout(row)
        self._whole.addWidget(self.details)

    def _resize(self) -> None:
        self._whole.setContentsMargins(px(42), px(4), px(8), px(4))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        _word, name, ink, fill, _line = LEVELS[self.notice.level]
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.token(fill))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)
        middle = self.sentence.geometry().center().y()
        draw_icon(painter, name, px(16), middle - px(8), px(16), look.token(ink))
        painter.end()


class Notices(QWidget):
    """The bars of the moment, the latest at the foot; without any it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Notices"))
        self.bars: dict[str, NoticeBar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def say(self, notice: Notice) -> None:
        """Show a notice, in the place of one with the same key."""
        before = self.bars.get(notice.key)
        if before is not None and before.notice == notice:
            return
        place = self._column.indexOf(before) if before is not None else self._column.count()
        self.drop(notice.key)
        bar = NoticeBar(notice)
        bar.done.connect(lambda: self.drop(notice.key, bar))
        self.bars[notice.key] = bar
        self._column.insertWidget(place, bar)
        self.show()

    def drop(self, key: str, bar: NoticeBar | None = None) -> None:
        """Take a notice away; with `bar`, only if that one is still shown."""
        if key in self.bars and bar in (None, self.bars[key]):
            gone = self.bars.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.setVisible(bool(self.bars))

    def drop_all(self, keys: tuple[str, ...]) -> None:
        """Take several notices away, those that are there."""
        for key in keys:
            self.drop(key)
