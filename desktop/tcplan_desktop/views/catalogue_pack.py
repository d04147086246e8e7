"""A data pack before anything is taken: who says it, each row that differs, what it does to the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from tcplan.catalogue.difference import Difference
from tcplan.catalogue.pack import Pack
from tcplan.catalogue.signature import fingerprint
from tcplan.language import N_, _, plural
from tcplan.report.numbers import change, figure
from tcplan.study.newer_rows import HEADLINE, Effect
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.table import FULL, INK, SECOND, WEIGHT, Index, Table
from tcplan_desktop.parts.table_model import SHOWN, SIDE, TableModel
from tcplan_desktop.text import Label, rich
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.catalogue_words import TABLE_NAMES, column, shown

_KINDS = {"added": N_("new row"), "changed": N_("changed"), "removed": N_("removed")}
_UNITS = {"money.total": "USD", "time.run": "s", "carbon.location": "kgCO2e"}


class DifferenceModel(TableModel):
    """The rows that differ, with old and new cells and the effect of each on the headline."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = (_("Row"), _("What differs"), _("Money"), _("Time"), _("Carbon"))
        self.differences: tuple[Difference, ...] = ()
        self.effects: tuple[Effect, ...] = ()

    def show_differences(self, differences: Sequence[Difference], effects: Sequence[Effect]) -> None:
        """Show rows, and their effects where they are known already."""
        self.beginResetModel()
        self.differences, self.effects = tuple(differences), tuple(effects)
        self.count = len(self.differences)
        self.endResetModel()

    def side(self, column: int) -> Qt.AlignmentFlag:
        """Return the side to which a column is set."""
        return Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        one, section = self.differences[index.row()], index.column()
        if role in (SHOWN, FULL):
            return self._text(index.row(), section)
        if role == SECOND and section == 0:
            return f"{_(TABLE_NAMES[one.table])} · {_(_KINDS[one.kind])} · {one.key}"
        if role == SECOND and section > 1 and self.effects and self.effects[index.row()].used:
            path = HEADLINE[section - 2]
            return str(figure(self.effects[index.row()].after[path], _UNITS[path], digits=3))
        if role == Qt.ItemDataRole.ToolTipRole and section == 1:
            return rich("\n".join(cell_words(one)))
        if role == WEIGHT:
            return 600 if section == 0 else 400
        if role == INK:
            quiet = section > 1 and not (self.effects and self.effects[index.row()].used)
            return "text3" if quiet else "text"
        return self.side(section) if role == SIDE else None

    def _text(self, at: int, section: int) -> str:
        one = self.differences[at]
        if section == 0:
            return one.name
        if section == 1:
            return "; ".join(cell_words(one))
        if not self.effects:
            return "…"
        effect = self.effects[at]
        if one.kind == "removed" and effect.used:
            return _("keeps its copy") if section == 2 else "="
        if not effect.used:
            return _("not used") if section == 2 else ""
        path = HEADLINE[section - 2]
        return change(effect.after[path], effect.before[path])


def cell_words(one: Difference) -> list[str]:
    """Return what differs in a row: each cell, old and new."""
    if one.kind == "removed":
        return [_("the row is taken out of the catalogue")]
    words = []
    # What moves the plan is a number: those are read first.
    for name, old, new in sorted(one.cells, key=lambda cell: not isinstance(cell[2], float)):
        head = column(one.table, name).head
        is_new = one.kind == "added"
        values = shown(name, new) if is_new else f"{shown(name, old)} → {shown(name, new)}"
        words.append(f"{head} {values}")
    return words


def effect_words(effect: Effect) -> str:
    """Return an effect as one phrase: money, time and carbon with their signs."""
    names = dict(zip(HEADLINE, (_("money"), _("time"), _("carbon")), strict=True))
    return ", ".join(f"{names[path]} {change(effect.after[path], effect.before[path])}" for path in HEADLINE)


class PackPage(QWidget):
    """The page; `taken` carries the differences that are wanted."""

    taken = Signal(object)
    accepted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Data pack"))
        self._known = False
        self.head = Label(_("Data pack"), size=15, weight=600)
        self.about = Label(ink="text2", wrap=True)
        self.warning = Label(ink="warn", wrap=True)
        self.accept = Button(_("Accept this publisher"))
        self.accept.clicked.connect(self.accepted)
        self.model = DifferenceModel()
        self.table = Table(_("Rows that differ"))
        self.table.setModel(self.model)
        self.table.setSelectionMode(self.table.SelectionMode.ExtendedSelection)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.together = Label(weight=600, wrap=True)
        self.all = Button(_("Take all"), kind=Kind.SOLID)
        self.some = Button(_("Take the chosen rows"))
        self.none = Button(_("Take none"))
        self.all.clicked.connect(lambda: self.taken.emit(self.model.differences))
        self.some.clicked.connect(lambda: self.taken.emit(self.chosen))
        self.none.clicked.connect(self.closed)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self._lay_out()
        self._pitch()
        themes.changed.connect(self._pitch)

    def _lay_out(self) -> None:
        warning = QHBoxLayout()
        warning.addWidget(self.warning, 1)
        warning.addWidget(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(px(6))
        foot.addWidget(self.together, 1)
        for button in (self.none, self.some, self.all):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(12), px(20), px(8))
        whole.setSpacing(px(8))
        whole.addWidget(self.head)
        whole.addWidget(self.about)
        whole.addLayout(warning)
        whole.addWidget(self.table, 1)
        whole.addLayout(foot)

    def _pitch(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(px(44))
        for section, width in ((0, 320), (2, 120), (3, 120), (4, 120)):
            self.table.setColumnWidth(section, px(width))
        self.update()

    @property
    def chosen(self) -> tuple[Difference, ...]:
        """The rows that are chosen in the table."""
        places = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return tuple(self.model.differences[at] for at in places)

    def show_pack(self, found: Pack, differences: Sequence[Difference], *, known: bool) -> None:
        """Show a pack; its effects follow."""
        self.model.show_differences(differences, ())
        count = plural("{count} row differs", "{count} rows differ", len(differences))
        said = _("{publisher}, edition of {edition}, signed with the key {key}. {count} from your catalogue.")
        self.about.setText(
            said.format(
                publisher=found.publisher,
                edition=found.edition,
                key=fingerprint(found.key),
                count=count.format(count=len(differences)),
            )
        )
        asked = _(
            "You have taken nothing of {publisher} before. Ask them whether this is the fingerprint of their "
            "key; anybody can call himself so."
        )
        self.warning.setText(asked.format(publisher=found.publisher))
        self.together.setText(_("Computing what each row does to the plan…"))
        self.show_known(known=known)

    def show_known(self, *, known: bool) -> None:
        """Show whether the publisher is trusted: nothing is taken from anybody else."""
        self._known = known
        self.warning.setVisible(not known)
        self.accept.setVisible(not known)
        self._allow()

    def show_effects(self, effects: Sequence[Effect], together: Effect) -> None:
        """Show what each row, and all together, would do to a plan that used them."""
        self.model.show_differences(self.model.differences, effects)
        if not self.model.differences:
            said = _("Your catalogue has all of this already.")
        elif together.used:
            said = _("All of it in this plan: {effect}.").format(effect=effect_words(together))
        else:
            said = _("This plan uses none of these rows.")
        self.together.setText(said)
        self._allow()

    def _allow(self) -> None:
        ready = self._known and len(self.model.effects) == len(self.model.differences) > 0
        self.all.setEnabled(ready)
        self.some.setEnabled(ready and bool(self.table.selectionModel().selectedRows()))

    def enter(self) -> None:
        """Give the keyboard to the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().surface)
        painter.end()
