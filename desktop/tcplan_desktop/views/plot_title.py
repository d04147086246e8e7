"""The name of an axis that is also the choice of what the axis shows."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from tcplan.language import _
from tcplan.plan.field import Shown
from tcplan.plan.marks import current
from tcplan.plan.number import NumberError, read
from tcplan.plan.value import Range
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.parts.well_frame import State, WellFrame
from tcplan_desktop.theme import font, px, theme

_PAD = 6
_ICON = 12


class Title(Pressable):
    """A name in words with a small chevron; pressing it opens the other names."""

    chosen = Signal(str)

    def __init__(
        self, name: str, options: Callable[[], dict[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._name = name
        self.key = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def show_title(self, key: str, text: str) -> None:
        """Show what the axis shows now."""
        if (key, text) != (self.key, self.text()):
            self.key = key
            self.setText(text)
            self.setAccessibleName(_("{name}: {text}").format(name=self._name, text=text))
            self.restyle()

    def menu(self) -> QMenu:
        """Return the menu of names, the present one checked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, text in self._options().items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(key == self.key)
            action.triggered.connect(lambda _checked, chosen=key: self.chosen.emit(chosen))
        return menu

    def _open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def sizeHint(self) -> QSize:
        words = width_of(self.text(), font(12, 600))
        return QSize(int(words + 0.99) + px(_ICON) + px(4) + 2 * px(_PAD), px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        shape = QRectF(self.rect())
        if self.hovered or self.isDown():
            rounded(painter, shape, look.hover)
        pad, icon = px(_PAD), px(_ICON)
        box = QRectF(pad, 0, self.width() - 2 * pad - icon, self.height())
        draw_text(painter, self.text(), box, font(12, 600), look.text)
        top = (self.height() - icon) / 2
        draw_icon(painter, "chevron-down", self.width() - pad - icon, top, icon, look.text3)
        if self.ringed:
            ring_inside(painter, shape)
        painter.end()


class RangeWell(WellFrame):
    """A well in which one types the ends of an axis; it closes with Enter, Escape or when one goes away."""

    ranged = Signal(str, float, float)
    closed = Signal()

    def __init__(self, axis: str, text: str, parent: QWidget) -> None:
        super().__init__(_("Range of the axis"), parent)
        self._axis = axis
        self.line.setText(text)
        self.line.returnPressed.connect(self._take)
        self.line.left.connect(self.close)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _take(self) -> None:
        try:
            value = read(self.line.text(), Shown(_("Range"), "", low=-1e30), current()).value
        except NumberError as error:
            self._refuse(error.sentence)
            return
        if not isinstance(value, Range):
            self._refuse(_("Type both ends, for instance 256 … 4096."))
            return
        self.ranged.emit(self._axis, value.low, value.high)
        self.close()

    def _refuse(self, sentence: str) -> None:
        self.set_state(State.REFUSED)
        self.set_message(sentence, "err")
        self.resize(self.sizeHint())

    def editor(self) -> QLineEdit:
        """Return the line of text."""
        return self.line
