"""One row of the catalogue: whose it is, how sure, how old, and every figure with its own source."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan.catalogue.overlay import layer_of
from tcplan.catalogue.row import Row
from tcplan.language import N_, _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px
from tcplan_desktop.views.catalogue_lines import LinesTable, card_model, show_card
from tcplan_desktop.views.catalogue_words import age, is_recalled

_WHOSE = {"own": N_("your own row"), "pack": N_("from a data pack"), "shipped": N_("shipped with TCPlan")}
_CONFIDENCE = {
    "high": N_("high confidence"),
    "medium": N_("medium confidence"),
    "low": N_("low confidence"),
}


class RowCard(QWidget):
    """The card of a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label(size=15, weight=600, wrap=True)
        self.about = Label(size=12, ink="text2", wrap=True)
        self.warning = Label(size=12, ink="warn", wrap=True)
        self.notes = Label(size=12, ink="text2", wrap=True)
        self.newer = Button(_("The plan keeps an older copy: use the newer rows"), kind=Kind.LINK)
        self.newer.hide()
        self.model = card_model()
        self.table = LinesTable(_("Figures of the row"), self.model, wide=(2,))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(4))
        for part in (self.name, self.about, self.warning, self.newer):
            whole.addWidget(part)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.notes)

    def show_row(self, row: Row | None) -> None:
        """Show a row, or nothing."""
        for part in (self.name, self.about, self.table):
            part.setVisible(row is not None)
        if row is None:
            self.warning.hide()
            self.notes.hide()
            return
        self.name.setText(row.name)
        dated = f"{row.source}, {row.date}" if row.date else row.source
        basis = str(row.get("basis") or "")
        about = (row.key, _(_WHOSE[layer_of(row)]), _(_CONFIDENCE[row.confidence]), basis, dated)
        self.about.setText(" · ".join(word for word in about if word))
        old = age(row.date)
        warnings = (
            _("This row is {age}.").format(age=old) if old else "",
            _("It was written from memory and agrees with no page that was read.")
            if is_recalled(row) and "read" not in basis and "agrees" not in basis
            else _("Part of it was written from memory.")
            if is_recalled(row)
            else "",
        )
        said = " ".join(word for word in warnings if word)
        self.warning.setText(said)
        self.warning.setVisible(bool(said))
        notes = str(row.get("notes") or "")
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        show_card(self.model, row)

    def offer_newer(self, *, there_is: bool) -> None:
        """Offer the newer rows where the plan keeps an older copy of the one that is shown."""
        self.newer.setVisible(there_is)
