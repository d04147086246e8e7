"""The top row: way home, name of the plan, menus, the search field, undo with its words, and redo."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QSizePolicy, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.shortcuts import MENUS
from tcplan_desktop.text import Elided
from tcplan_desktop.theme import font, px, theme, themes

_KEY = "Ctrl K"


class SearchButton(Pressable):
    """Looks like a field and opens the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("Find or set anything"))
        self.setAccessibleName(self.text())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(360), px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect())
        rounded(painter, box, look.hover if self.hovered else look.surface, look.line2, px(6))
        draw_icon(painter, "search", px(10), box.center().y() - px(16) / 2, px(16), look.text3)
        cap_width = width_of(_KEY, font(11, 500)) + px(12)
        cap = QRectF(box.right() - cap_width - px(5), box.center().y() - px(9), cap_width, px(18))
        rounded(painter, cap, look.hover, look.line2 if look.outlined else None)
        draw_text(painter, _KEY, cap, font(11, 500), look.text2, Qt.AlignmentFlag.AlignHCenter)
        words = QRectF(px(34), 0, cap.x() - px(42), box.height())
        draw_text(painter, self.text(), words, font(13), look.text3)
        if self.ringed:
            ring_inside(painter, box)
        painter.end()


class _FileName(Elided):
    """The name of the plan, with a dot when it has changes that are not saved."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(weight=600, parent=parent)
        self.modified = False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + px(18), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.modified:
            painter = QPainter(self)
            smooth(painter)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().text3)
            x = min(width_of(self.text(), self.font()) + px(7), self.width() - px(6))
            painter.drawEllipse(QRectF(x, self.height() / 2 - px(2), px(5), px(5)))
            painter.end()


class TitleBar(QWidget):
    """What stands above everything, on the start page too."""

    searched = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Title bar"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._actions = actions
        self._compact = False
        self.home = Button(kind=Kind.QUIET, icon_name="house", name=_("Start page"))
        self.home.clicked.connect(actions["start_page"].trigger)
        self.name = _FileName(self)
        self.menus = QMenuBar(self)
        self.menus.setNativeMenuBar(False)
        self.search = SearchButton(self)
        self.search.clicked.connect(self.searched)
        self.undo = Button(kind=Kind.QUIET, icon_name="undo-2", name=_("Undo"))
        self.undo.clicked.connect(actions["undo"].trigger)
        self.redo = Button(kind=Kind.QUIET, icon_name="redo-2", name=_("Redo"))
        self.redo.clicked.connect(actions["redo"].trigger)
        self._fill_menus()
        self._lay_out()
        themes.changed.connect(self._restyle)
        self._restyle()
        self.show_undo("", "")

    def _fill_menus(self) -> None:
        for title, names in MENUS:
            menu = QMenu(_(title), self.menus)
            for name in names:
                if name:
                    menu.addAction(self._actions[name])
                else:
                    menu.addSeparator()
            self.menus.addMenu(menu)

    def _lay_out(self) -> None:
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(px(6))
        right.setSpacing(px(4))
        left.addWidget(self.home)
        left.addSpacing(px(8))
        left.addWidget(self.name)
        left.addSpacing(px(6))
        left.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        left.addStretch(1)
        right.addStretch(1)
        right.addWidget(self.undo)
        right.addWidget(self.redo)
        self._row = QHBoxLayout(self)
        self._row.addLayout(left, 5)
        self._row.addWidget(self.search, 4)
        self._row.addLayout(right, 5)

    def _restyle(self) -> None:
        look = theme()
        self.setFixedHeight(px(44))
        self._row.setContentsMargins(px(10), 0, px(10), 0)
        self._row.setSpacing(px(8))
        # Fusion underlines the bar, which no colour of the palette takes away.
        self.menus.setStyleSheet(
            f"QMenuBar {{ background: transparent; border: 0; color: {look.text2.name()} }}\n"
            "QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px }\n"
            f"QMenuBar::item:selected {{ background: {look.hover.name()} }}"
        )
        self.menus.setFont(font(13))
        self.update()

    def show_name(self, name: str, *, modified: bool) -> None:
        """Show the name of the plan and whether it has changes that are not saved."""
        self.name.modified = modified
        self.name.set_whole(name)
        said = _("{name}, modified").format(name=name) if modified else name
        self.name.setAccessibleName(said)
        self.name.update()

    def show_undo(self, undo: str, redo: str) -> None:
        """Show what undo and redo would do."""
        self._words = (undo, redo)
        text = _("Undo {change}").format(change=undo) if undo else ""
        wide = text if not self._compact else ""
        self.undo.set_text(wide)
        self.undo.setAccessibleName(text or _("Undo"))
        self.undo.setEnabled(bool(undo))
        again = _("Redo {change}").format(change=redo) if redo else _("Redo")
        self.redo.setAccessibleName(again)
        self.redo.setEnabled(bool(redo))

    def set_compact(self, *, compact: bool) -> None:
        """Leave out the words of undo."""
        self._compact = compact
        for place, stretch in enumerate((0, 1, 0) if compact else (5, 4, 5)):
            self._row.setStretch(place, stretch)
        self.show_undo(*self._words)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.line)
        x = self.home.geometry().right() + px(6)
        painter.fillRect(QRectF(x, px(13), 1, self.height() - px(26)), look.line2)
        painter.end()
