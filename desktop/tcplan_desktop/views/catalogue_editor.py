"""The editor of an own row: a field for each cell, refused where the table does not allow it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tcplan.catalogue.cells import CellError, columns, value_of
from tcplan.catalogue.overlay import edited
from tcplan.catalogue.row import CONFIDENCES, Row
from tcplan.catalogue.shelf import TABLES
from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px
from tcplan_desktop.views.catalogue_words import column


class RowEditor(QWidget):
    """The fields; `kept` carries the row when every cell is allowed."""

    kept = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self.wells: dict[str, Well] = {}
        self.confidence: Choice | None = None
        self.title = Elided(weight=600)
        self.refusal = Label(ink="err", wrap=True)
        self.save = Button(_("Keep this row"), kind=Kind.SOLID)
        self.save.clicked.connect(self._save)
        self.leave = Button(_("Cancel"))
        self.leave.clicked.connect(self.left)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QHBoxLayout()
        foot.addWidget(self.save)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(6))
        whole.addWidget(self.title)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.refusal)
        whole.addLayout(foot)

    def edit(self, row: Row) -> None:
        """Offer the cells of a row, those first that each row needs."""
        self._row = row
        self.title.set_whole(_("Own row {name}").format(name=row.name))
        self.refusal.hide()
        self.wells = {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, px(8), 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(2))
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for place, name in enumerate(columns(TABLES[row.table])):
            one = column(row.table, name)
            grid.addWidget(Elided(one.head, size=12, ink="text2"), place, 0)
            grid.addWidget(self._field(row, name, one.head), place, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(inner)

    def _field(self, row: Row, name: str, label: str) -> QWidget:
        if name == "confidence":
            choice = self.confidence = Choice(label, notes=False)
            choice.set_options([Option(one, _(one)) for one in CONFIDENCES])
            choice.show_key(row.confidence)
            return choice
        well = Well(label, notes=False)
        well.show_text(_text(row, name))
        well.committed.connect(partial(self._check, name))
        self.wells[name] = well
        return well

    def enter(self) -> None:
        """Give the keyboard to the name of the row."""
        self.wells["name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _check(self, name: str, text: str) -> bool:
        """Answer a cell: take it, or say why the table does not."""
        if self._row is None:
            return False
        try:
            value_of(TABLES[self._row.table], self.wells["key"].text, name, text)
        except CellError as error:
            self.wells[name].refuse(error.sentence)
            return False
        self.wells[name].show_text(text)
        return True

    def _save(self) -> None:
        if self._row is None or self.confidence is None:
            return
        form = TABLES[self._row.table]
        wrong = [name for name, well in self.wells.items() if not self._check(name, well.text)]
        if wrong:
            self._scroll.ensureWidgetVisible(self.wells[wrong[0]])
            self.wells[wrong[0]].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        key = self.wells["key"].text.strip()
        typed = {name: value_of(form, key, name, well.text) for name, well in self.wells.items()}
        typed["confidence"] = self.confidence.key
        cells = {name: cell for name, cell in typed.items() if cell is not None}
        try:
            row = edited(self._row, cells)
        except CellError as error:
            self.refuse(str(error))
            return
        self.kept.emit(row)

    def refuse(self, sentence: str) -> None:
        """Say why the row as a whole cannot be kept."""
        self.refusal.setText(sentence)
        self.refusal.show()


def _text(row: Row, name: str) -> str:
    told = {"key": row.key, "source": row.source, "source_date": row.date}
    cell = told.get(name, row.get(name))
    if cell is None:
        return ""
    return f"{cell:.15g}" if isinstance(cell, float) else cell
