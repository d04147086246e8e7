"""After another row was chosen: which typed values were kept against it, and the way to take the row's."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import _, plural
from tcplan.plan.plan import descriptions
from tcplan.plan_rows import ROW_FIELDS
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes

_NAMED = 4


def kept_against(path: str, estimate: Estimate) -> tuple[str, ...]:
    """Return the paths of typed values for which the row chosen at `path` has a figure of its own."""
    table = ROW_FIELDS.get(path)
    if table is None:
        return ()
    return tuple(
        given.path
        for given in estimate.given.values()
        if given.layer == "typed"
        and given.path in descriptions()
        and given.alternative is not None
        and given.alternative.row.startswith(f"{table}/")
    )


class KeptBar(QWidget):
    """A quiet bar above the panels; without kept values it is not to be seen."""

    taken = Signal(tuple)
    """The paths whose typed values should give way to the row's."""
    reviewed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths: tuple[str, ...] = ()
        self.sentence = Label("", size=12, wrap=True)
        self.take = Button(_("Use the row's"), kind=Kind.LINK, size=12)
        self.review = Button(_("Review"), kind=Kind.LINK, size=12)
        self.shut = Button(kind=Kind.QUIET, icon_name="x", name=_("Close"), size=12)
        self.take.clicked.connect(lambda: self.taken.emit(self.paths))
        self.review.clicked.connect(self._review)
        self.shut.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.take)
        row.addWidget(self.review)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        column.addWidget(self.sentence)
        column.addLayout(row)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(px(16), px(8), px(4), px(8))
        whole.addLayout(column, 1)
        whole.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        themes.changed.connect(self.update)
        self.hide()

    def show_kept(self, paths: tuple[str, ...]) -> None:
        """List the typed values that were kept."""
        self.paths = paths
        self._turn = -1
        if not paths:
            self.hide()
            return
        labels = [_(descriptions()[path].label) for path in paths]
        named = ", ".join(labels[:_NAMED]) + (", …" if len(labels) > _NAMED else "")
        text = plural("{count} typed value kept: {names}.", "{count} typed values kept: {names}.", len(paths))
        self.sentence.setText(text.format(count=len(paths), names=named))
        self.show()

    def _review(self) -> None:
        self._turn = (self._turn + 1) % len(self.paths)
        self.reviewed.emit(self.paths[self._turn])

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.accentfill)
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.line)
        painter.end()
