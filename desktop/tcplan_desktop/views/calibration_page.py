"""Calibrate to one's own measurements: what was read and fitted, how much better it is, the new band."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QHeaderView, QSizePolicy, QVBoxLayout, QWidget

from tcplan.language import _, plural
from tcplan.report.numbers import NARROW
from tcplan.validation.calibrate import Calibration
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.centred_page import centre_page
from tcplan_desktop.parts.painting import smooth
from tcplan_desktop.parts.table import Index, Table
from tcplan_desktop.parts.table_model import SHOWN, SIDE, TableModel
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes

_WIDEST = 900
_SHOWN_REASONS = 3


class ConstantModel(TableModel):
    """The constants that were fitted: before, now, and what the rows say of each."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.heads = (_("Constant"), _("Before"), _("Now"), _("Known to"), _("Said by the rows"))

    def show_fit(self, made: Calibration) -> None:
        """Show the constants of a calibration."""
        self.beginResetModel()
        self._rows = tuple(
            (
                made.label(one),
                f"{made.written(one, one.constant.prior)} ± {100 * one.constant.sigma:.0f}{NARROW}%",
                made.written(one, one.value),
                f"± {100 * one.spread:.0f}{NARROW}%",
                f"{100 * one.learned:.0f}{NARROW}%",
            )
            for one in made.fit.constants
        )
        self.count = len(self._rows)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        if role == SHOWN:
            return self._rows[index.row()][index.column()]
        return self.side(index.column()) if role == SIDE else None


class DropField(QWidget):
    """Where a table of measured steps is dropped, or chosen with a button."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Table of measured steps"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choose = Button(_("Choose a file…"), kind=Kind.SOLID)
        self.words = Label(_("Drop a CSV of measured steps here"), weight=600)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), px(16), px(20), px(16))
        row.addWidget(self.words, 1)
        row.addWidget(self.choose)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        painter.setBrush(look.surface)
        painter.setPen(QPen(look.edge, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class CalibrationPage(QWidget):
    """The page; it tells what is wanted and computes nothing itself."""

    chosen = Signal(object)
    choose_asked = Signal()
    import_asked = Signal()
    named = Signal(str)
    kept = Signal()
    used = Signal()
    exported = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Calibrate to my measurements"))
        self.setAcceptDrops(True)
        self.field = DropField()
        self.field.choose.clicked.connect(self.choose_asked)
        self.bring = Button(_("Import a stack…"))
        self.bring.clicked.connect(self.import_asked)
        self.back = Button(_("Back to the plan"))
        self.back.clicked.connect(self.closed)
        self.read = Label(ink="text2", wrap=True)
        self.refusal = Label(ink="err", wrap=True)
        self.name = Well(_("Name of the stack"), placeholder=_("Name of the stack"), notes=False)
        self.name.committed.connect(self._rename)
        self.constants = ConstantModel()
        self.table = Table(_("Fitted constants"))
        self.table.setModel(self.constants)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.figures = {
            name: Label(weight=600) for name in ("before", "after", "left_out", "band", "old_band")
        }
        self.keep = Button(_("Keep this stack"), kind=Kind.SOLID)
        self.keep.clicked.connect(self.kept)
        self.use = Button(_("Use it in the plan"))
        self.use.clicked.connect(self.used)
        self.export = Button(_("Export…"))
        self.export.clicked.connect(self.exported)
        self.said = Label(ink="text2", wrap=True)
        self.found = QWidget()
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        page = QVBoxLayout()
        page.setSpacing(px(10))
        page.addSpacing(px(20))
        page.addWidget(Label(_("Calibrate to my measurements"), size=24, weight=600))
        explanation = _(
            "A table with a row for each measured step, three at least: hardware, n_devices, layers, hidden, "
            "heads, vocab, seq, micro_batch, global_batch, tp, pp, precision, and step_s or "
            "tokens_per_s_per_device. Constants of the software are fitted to it, each held to what is known "
            "unless the rows say otherwise; the table stays on this computer."
        )
        page.addWidget(Label(explanation, ink="text2", wrap=True))
        page.addWidget(self.field)
        page.addWidget(self.refusal)
        page.addWidget(self.read)
        page.addWidget(self.found)
        page.addWidget(self.said)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addWidget(self.bring)
        foot.addStretch(1)
        page.addLayout(foot)
        page.addStretch(1)
        centre_page(self, page, px(_WIDEST))
        inner = QVBoxLayout(self.found)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(8))
        inner.addWidget(Label(_("Constants"), weight=600))
        inner.addWidget(self.table)
        inner.addLayout(self._figure_grid())
        inner.addWidget(Label(_("Name of the stack"), size=11, ink="text3"))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(self.name, 1)
        for button in (self.keep, self.use, self.export):
            row.addWidget(button)
        inner.addLayout(row)

    def _figure_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(20))
        heads = {
            "before": _("Mean error before"),
            "after": _("Mean error after"),
            "left_out": _("Each row left out"),
            "old_band": _("90 % band before"),
            "band": _("90 % band now"),
        }
        for column, (name, head) in enumerate(heads.items()):
            grid.addWidget(Label(head, size=11, ink="text3"), 0, column)
            grid.addWidget(self.figures[name], 1, column)
        return grid

    # what is shown

    def show_nothing(self) -> None:
        """Wait for a table."""
        for part in (self.found, self.read, self.refusal, self.said):
            part.hide()

    def show_reading(self, path: Path) -> None:
        """Say that a table is being read."""
        self.show_nothing()
        self.read.setText(_("Reading {name}…").format(name=path.name))
        self.read.show()

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing can be fitted."""
        self.show_nothing()
        self.refusal.setText(sentence)
        self.refusal.show()

    def show_calibration(self, made: Calibration, source: str, older: str) -> None:
        """Show what a table gave; `older` is the day of a stack of this name, empty where there is none."""
        self.show_nothing()
        self.read.setText(_read_words(made, source))
        self.constants.show_fit(made)
        rows = max(self.constants.rowCount(), 1)
        self.table.setFixedHeight(px(32) + rows * px(28) + 2)
        for name, residual in (
            ("before", made.fit.before),
            ("after", made.fit.after),
            ("left_out", made.fit.left_out),
        ):
            self.figures[name].setText(f"{made.mean_error(residual):.1f}{NARROW}%")
        self.figures["old_band"].setText(_band_words(*made.before))
        self.figures["band"].setText(_band_words(made.low, made.high))
        self.name.show_text(made.name)
        for part in (self.read, self.found):
            part.show()
        self.keep.set_text(
            _("Replace the stack of {day}").format(day=older) if older else _("Keep this stack")
        )
        self.keep.setEnabled(True)
        self.use.setEnabled(False)

    def show_kept(self, name: str, replaced: str) -> None:
        """Say where the stack is offered from now on, and what became of the one that it replaced."""
        self.keep.setEnabled(False)
        self.use.setEnabled(True)
        sentence = _("{name} is kept on this computer and offered under Software.").format(name=name)
        self.said.setText(f"{sentence} {replaced}".rstrip())
        self.said.show()

    def show_imported(self, name: str, replaced: str) -> None:
        """Say that a stack of a colleague is here, and what became of the one that it replaced."""
        self.show_nothing()
        sentence = _("{name} was imported; it is offered under Software.").format(name=name)
        self.said.setText(f"{sentence} {replaced}".rstrip())
        self.said.show()

    def _rename(self, name: str) -> None:
        self.name.show_text(name)
        self.named.emit(name)

    def enter(self) -> None:
        """Give the keyboard to what comes first."""
        self.field.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    # dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _table_in(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _table_in(event)
        if path is not None:
            event.acceptProposedAction()
            self.chosen.emit(path)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().window)
        painter.end()


def _table_in(event: QDropEvent) -> Path | None:
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if urls else None


def _band_words(low: float, high: float) -> str:
    return _("{low} – {high} times").format(low=f"{low:.2f}", high=f"{high:.2f}")


def _read_words(made: Calibration, source: str) -> str:
    count = len(made.fit.predictions)
    said = plural("{name}: {count} row was compared,", "{name}: {count} rows were compared,", count)
    text = said.format(name=source, count=count)
    text += " " + _("by the constants of {parent}.").format(parent=made.parent.name)
    for one in made.skipped[:_SHOWN_REASONS]:
        reason = one.skipped or _("no measured time")
        text += " " + _("{row} left out: {reason}.").format(row=one.row.id or "–", reason=reason)
    left = len(made.skipped) - _SHOWN_REASONS
    if left > 0:
        text += " " + plural("{count} more left out.", "{count} more left out.", left).format(count=left)
    return text
