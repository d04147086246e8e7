"""The tabs of the base and its scenarios: chosen, renamed in place, dragged, their differences counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QTabBar, QWidget

from tcplan.language import _, plural
from tcplan_desktop.parts.painting import draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import ringed_after
from tcplan_desktop.text import rich
from tcplan_desktop.theme import font, px, theme, themes

WIDEST = 176
"""Width of a name; a longer one is shortened and told whole in its tool tip."""
_PAD, _GAP = 14, 6


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: the scenario's own name, how it is called, and in how many values it differs from the base."""

    name: str
    title: str
    differences: int | None = None


class _NameEdit(QLineEdit):
    """The field in which a tab is renamed."""

    left = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class ScenarioTabs(QTabBar):
    """A tab bar that paints itself; the first tab is the base, which stays where it is and keeps its name."""

    picked = Signal(str)
    """The name of the scenario that a person chose."""
    moved = Signal(str, int)
    """A scenario, and the place among the scenarios to which it was dragged."""
    named = Signal(str, str)
    """A scenario and the new name that was written; `end_rename` or `refuse` answers."""
    menu_asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Scenarios"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self._tabs: tuple[Tab, ...] = ()
        self._by_keyboard = False
        self._under_mouse = self._pressed = self._drop = -1
        self._pressed_at = QPoint()
        self._renaming = ""
        self.editor = _NameEdit(self)
        self.editor.hide()
        self.editor.setAccessibleName(_("Name of the scenario"))
        self.editor.returnPressed.connect(lambda: self._written(stays=True))
        self.editor.left.connect(lambda: self._written(stays=False))
        self.editor.given_up.connect(self.end_rename)
        self.currentChanged.connect(self._picked)
        self.tabBarDoubleClicked.connect(self._double_clicked)
        themes.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        # The font tells Qt the widths; without it a change of text size would keep the old ones.
        self.setFont(font(13, 600))
        self.editor.setFont(font(13, 500))
        self.updateGeometry()
        self.update()

    # what there is

    def show_tabs(self, tabs: Sequence[Tab], chosen: str) -> None:
        """Show the base and the scenarios; only what differs is written."""
        new = tuple(tabs)
        if new != self._tabs:
            self.blockSignals(True)
            while self.count() > len(new):
                self.removeTab(self.count() - 1)
            while self.count() < len(new):
                self.addTab("")
            old, self._tabs = self._tabs, new
            for at, tab in enumerate(new):
                if at >= len(old) or old[at] != tab:
                    self._describe(at, tab)
            self.blockSignals(False)
            self.updateGeometry()
        names = [tab.name for tab in new]
        if chosen in names and self.currentIndex() != names.index(chosen):
            self.blockSignals(True)
            self.setCurrentIndex(names.index(chosen))
            self.blockSignals(False)
        if self._renaming and self._renaming not in names:
            self.end_rename()
        self.update()

    def _describe(self, at: int, tab: Tab) -> None:
        # An ampersand would become a key of the whole window.
        self.setTabText(at, tab.title.replace("&", "&&"))
        count = tab.differences
        if count is None:
            said = _(
                "The plan itself: what is changed here changes in every scenario that says nothing else."
            )
        else:
            words = plural(
                "{count} value differs from the base", "{count} values differ from the base", count
            )
            said = f"{tab.title}\n{words.format(count=count)}"
        self.setTabToolTip(at, rich(said))
        self.setAccessibleTabName(at, _("Scenario {name}").format(name=tab.title))

    def _picked(self, index: int) -> None:
        if 0 <= index < len(self._tabs):
            self.picked.emit(self._tabs[index].name)

    # renaming

    def _double_clicked(self, index: int) -> None:
        if index > 0:
            self.begin_rename()

    def begin_rename(self) -> None:
        """Open the field for the name of the chosen scenario; the base has none to change."""
        index = self.currentIndex()
        if index < 1:
            return
        box = self.tabRect(index).adjusted(px(4), px(6), -px(4), -px(6))
        box.setWidth(max(box.width(), px(120)))
        box.moveRight(min(box.right(), self.width() - 1))
        self._renaming = self._tabs[index].name
        self.editor.setGeometry(box)
        self.editor.setText(self._renaming)
        self.editor.selectAll()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _written(self, *, stays: bool) -> None:
        """Hand on the name; one that is refused stays to be mended, unless the field was left."""
        old = self._renaming
        if not old:
            return
        text = self.editor.text()
        if not stays:
            self.end_rename()
        if text == old:
            self.end_rename()
        else:
            self.named.emit(old, text)

    def end_rename(self) -> None:
        """Close the field."""
        held = self.editor.hasFocus()
        self._renaming = ""
        self.editor.hide()
        if held:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self) -> None:
        """Leave a name that cannot be given to be mended."""
        if self._renaming:
            self.editor.selectAll()

    # hands

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = ringed_after(event.reason(), before=self._by_keyboard)
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.tabAt(event.pos()) if by_mouse else self.currentIndex()
        if index >= 0:
            where = event.globalPos() if by_mouse else self.mapToGlobal(self.tabRect(index).bottomLeft())
            self.menu_asked.emit(self._tabs[index].name, where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._pressed_at = self.tabAt(at), at
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        far = (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._pressed > 0 and event.buttons() & Qt.MouseButton.LeftButton and (far or self._drop >= 0):
            self._drop = self._gap_at(at.x())
            self.update()
        else:
            self._hover(self.tabAt(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, drop = self._pressed, self._drop
        self._pressed = self._drop = -1
        self.update()
        if drop >= 0 and drop not in (pressed, pressed + 1):
            # Among the scenarios the base does not count, and the one that is dragged leaves its place.
            self.moved.emit(self._tabs[pressed].name, drop - 1 - (drop > pressed))

    def _gap_at(self, x: int) -> int:
        """Return before which tab something would be dropped; never before the base."""
        for index in range(1, self.count()):
            if x < self.tabRect(index).center().x():
                return index
        return self.count()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._under_mouse:
            self._under_mouse = index
            self.update()

    # looks

    def tabSizeHint(self, index: int) -> QSize:
        tab = self._tabs[index] if index < len(self._tabs) else Tab("", "")
        words = min(width_of(tab.title, font(13, 600)) + 1, px(WIDEST))
        pill = px(_GAP) + self._pill_width(tab) if tab.differences is not None else 0
        return QSize(int(words + pill + 0.99) + 2 * px(_PAD), px(40))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def _pill_width(self, tab: Tab) -> float:
        return max(width_of(str(tab.differences), font(11, 500)) + px(10), px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        smooth(painter)
        for index, tab in enumerate(self._tabs):
            box = QRectF(self.tabRect(index))
            if box.intersects(QRectF(event.rect())):
                self._draw_tab(painter, index, tab, box.adjusted(px(2), px(6), -px(2), -px(6)))
        if self._drop >= 0:
            last = self._drop == self.count()
            edge = self.tabRect(self.count() - 1).right() if last else self.tabRect(self._drop).left()
            painter.fillRect(QRectF(edge - 1, px(8), 2, self.height() - px(16)), theme().accentline)
        painter.end()

    def _draw_tab(self, painter: QPainter, index: int, tab: Tab, box: QRectF) -> None:
        look, chosen = theme(), index == self.currentIndex()
        if chosen:
            rounded(painter, box, look.surface, look.edge if look.outlined else look.line2, px(6))
        elif index == self._under_mouse:
            rounded(painter, box, look.hover, None, px(6))
        words = box.adjusted(px(_PAD) - px(2), 0, -px(_PAD) + px(2), 0)
        if tab.differences is not None:
            wide = self._pill_width(tab)
            pill = QRectF(words.right() - wide, box.center().y() - px(9), wide, px(18))
            ink, fill = (look.scen, look.scenfill) if chosen and tab.differences else (look.text3, look.hover)
            rounded(painter, pill, fill, ink if look.outlined else None)
            draw_text(painter, str(tab.differences), pill, font(11, 500), ink, Qt.AlignmentFlag.AlignHCenter)
            words.setRight(pill.left() - px(_GAP))
        ink = look.text if chosen or index == self._under_mouse else look.text2
        draw_text(painter, tab.title, words, font(13, 600 if chosen else 500), ink)
        if chosen and self.hasFocus() and self._by_keyboard:
            ring_inside(painter, box, px(6))
