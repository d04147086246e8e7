"""One finding on one line: icon, sentence, and the words of its fix at the right."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan.language import N_, _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import rounded, smooth
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes

# Level: word for screen readers, icon, colour of the icon and the fix, fill, border where fills vanish.
LEVELS = {
    "error": (N_("Error"), "circle-alert", "err", "errfill", "errline"),
    "warning": (N_("Unusual"), "triangle-alert", "warn", "warnfill", "warnline"),
    "advice": (N_("Advice"), "lightbulb", "accent", "accentfill", "accentline"),
}


class FindingLine(QWidget):
    """A finding; `fixed` asks for its fix."""

    fixed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = "advice"
        self.sentence = Label(size=12, wrap=True)
        self.sentence.setContentsMargins(0, 2, 0, 2)
        self.fix = Button(kind=Kind.LINK, size=12)
        self.fix.clicked.connect(self.fixed)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.sentence, 1)
        self._row.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        themes.changed.connect(self._restyle)
        self._restyle()

    def show_finding(self, level: str, sentence: str, fix: str = "") -> None:
        """Show a finding of level error, warning or advice, with the words of its fix."""
        self._level = level
        self.sentence.setText(sentence)
        self.fix.set_text(fix)
        self.fix.set_icon("", LEVELS[level][2])
        self.fix.setVisible(bool(fix))
        self.setAccessibleName(f"{_(LEVELS[level][0])}: {sentence}")
        self.update()

    def _restyle(self) -> None:
        self._row.setContentsMargins(px(8 + 14 + 8), px(2), px(6), px(2))
        self._row.setSpacing(px(6))
        self.setMinimumHeight(px(28))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        _word, name, ink, fill, line = LEVELS[self._level]
        painter = QPainter(self)
        smooth(painter)
        border = look.token(line) if look.outlined else None
        rounded(painter, QRectF(self.rect()), look.token(fill), border)
        middle = min(self.height(), px(30)) / 2
        draw_icon(painter, name, px(8), middle - px(14) / 2, px(14), look.token(ink))
        painter.end()
