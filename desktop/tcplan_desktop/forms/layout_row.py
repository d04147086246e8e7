"""The layout in one line, "TP 8 · PP 4 · DP 64": read here, fixed degree by degree under More."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tcplan.chain.layout_choice import NAMES
from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop.forms.field_label import FieldLabel
from tcplan_desktop.forms.field_row import BADGE_COMPACT, BADGE_WIDTH, LABEL_WIDTH
from tcplan_desktop.parts.badge import Badge
from tcplan_desktop.parts.well_frame import WellFrame
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import px, themes

_SHORT = (("tensor", "TP"), ("pipeline", "PP"), ("context", "CP"), ("expert", "EP"))


def layout_words(estimate: Estimate) -> str:
    """Return the degrees of parallelism that are more than one, data parallelism last."""
    parts = [
        f"{short} {estimate.layout[name]:.0f}"
        for name, short in _SHORT
        if name in estimate.layout and isfinite(estimate.layout[name]) and estimate.layout[name] > 1
    ]
    data = estimate.values.get("data", float("nan"))
    if isfinite(data):
        parts.append(f"DP {data:.0f}")
    return " · ".join(parts)


class LayoutRow(QWidget):
    """A row that is read; pressing its badge leads to the degrees."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = FieldLabel(_("Layout"), scrubs=False, parent=self)
        self.well = WellFrame(_("Layout"), self)
        self.well.line.setReadOnly(True)
        self.badge = Badge("computed", parent=self)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        top = Qt.AlignmentFlag.AlignTop
        across.addWidget(self.label, 0, top)
        across.addWidget(self.well, 1, top)
        across.addSpacing(2)
        across.addWidget(self.badge, 0, top | Qt.AlignmentFlag.AlignLeft)
        tooltip(self.well, _("Chosen: memory first, then time. Fix any degree under More."))
        self.badge.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.badge.asked.connect(lambda _where: self.asked.emit())
        self.well.line.returnPressed.connect(self.asked)
        self.label.pressed.connect(self.well.setFocus)
        self._compact = False
        themes.changed.connect(self._resize)
        self._resize()

    def show_layout(self, content: Content, estimate: Estimate) -> None:
        """Show the layout in force and whether a person fixed part of it."""
        text = layout_words(estimate)
        if text != self.well.line.text():
            self.well.line.setText(text)
            self.well.line.setCursorPosition(0)
        fixed = bool(estimate.inputs.fixed)
        said = _("some degrees are fixed") if fixed else _("chosen: the fastest layout that fits")
        degrees = (f"layout.{name}" for name in NAMES)
        scenario = any(content.overrides_base(path) for path in degrees)
        self.badge.set_layer("scenario" if scenario else "typed" if fixed else "computed", said)

    def set_compact(self, *, compact: bool) -> None:
        """Show the badge without its word, for narrow windows."""
        self._compact = compact
        self._resize()

    def _resize(self) -> None:
        self.label.setFixedSize(px(LABEL_WIDTH), px(28) + 4)
        self.badge.set_compact(self._compact)
        self.badge.setFixedWidth(px(BADGE_COMPACT if self._compact else BADGE_WIDTH) + 4)
