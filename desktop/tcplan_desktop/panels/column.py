"""The column of inputs: all panels, the bar of kept values above them, and the way to any field."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.findings import Finding
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.panels.energy import ENERGY
from tcplan_desktop.panels.hardware import HARDWARE
from tcplan_desktop.panels.kept_bar import KeptBar
from tcplan_desktop.panels.model import MODEL
from tcplan_desktop.panels.money import MONEY
from tcplan_desktop.panels.panel import Panel
from tcplan_desktop.panels.programme import PROGRAMME
from tcplan_desktop.theme import theme, themes

OUTLINES = (MODEL, HARDWARE, ENERGY, MONEY, PROGRAMME)
CLOSED_AT_FIRST = ("money", "programme")


class InputColumn(QWidget):
    """Every field of the plan, by panel."""

    edited = Signal(str, object, str, int)
    turned = Signal()
    """A panel was opened or closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Inputs"))
        self.panels = {outline.key: Panel(outline) for outline in OUTLINES}
        self.kept = KeptBar()
        inner = QWidget()
        stack = QVBoxLayout(inner)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        for panel in self.panels.values():
            panel.edited.connect(self.edited)
            panel.opened.connect(lambda _key, _is_open: self.turned.emit())
            stack.addWidget(panel)
        stack.addStretch(1)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addWidget(self.kept)
        whole.addWidget(self.scroll_area, 1)
        self.set_closed(CLOSED_AT_FIRST)
        themes.changed.connect(self.update)

    def show_plan(self, content: Content, estimate: Estimate) -> None:
        """Write what differs; each row gets the worst finding of its field."""
        findings: dict[str, Finding] = {}
        for finding in estimate.findings:
            findings.setdefault(finding.path, finding)
        for panel in self.panels.values():
            panel.show_plan(content, estimate, findings)

    # the way to a field

    def reveal(self, path: str) -> FieldRow | None:
        """Open and scroll to a field; None when it has no row."""
        for panel in self.panels.values():
            row = panel.reveal(path)
            if isinstance(row, FieldRow):
                # A row that was just made has no place until the layouts ran.
                QApplication.sendPostedEvents()
                self.scroll_area.ensureWidgetVisible(row, 0, 40)
                return row
        return None

    def row(self, path: str) -> FieldRow | None:
        """Return the row of a field that was made already."""
        rows = (panel.row(path) for panel in self.panels.values())
        return next((row for row in rows if isinstance(row, FieldRow)), None)

    @staticmethod
    def row_of(widget: QWidget | None) -> FieldRow | None:
        """Return the row that a widget stands in."""
        while widget is not None and not isinstance(widget, FieldRow):
            widget = widget.parentWidget()
        return widget

    # what is open

    def closed(self) -> tuple[str, ...]:
        """Return the keys of the panels that are closed."""
        return tuple(key for key, panel in self.panels.items() if not panel.is_open)

    def set_closed(self, keys: Iterable[str]) -> None:
        """Close these panels and open the others."""
        for key, panel in self.panels.items():
            panel.set_open(key not in tuple(keys))

    def set_compact(self, *, compact: bool) -> None:
        """Show badges without words."""
        for panel in self.panels.values():
            panel.set_compact(compact=compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), look.line)
        painter.end()
