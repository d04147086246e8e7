"""Results that a person knows better than the chain: a row for each, with the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.findings import Finding
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan.results import shown_of_quantity
from tcplan_desktop.forms.field_row import Shows
from tcplan_desktop.forms.form import Form, beside_base
from tcplan_desktop.forms.quantity_edit import text_at_rest, unit_words
from tcplan_desktop.text import Label


class TypedResults(QWidget):
    """The typed results of a panel; without any it is not to be seen."""

    edited = Signal(str, object, str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Form(wide=True)
        self.form.edited.connect(self.edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(_("Typed results"), size=12, weight=600, ink="text2"))
        column.addWidget(self.form)
        self.hide()

    def show_results(
        self, content: Content, estimate: Estimate, rooms: tuple[str, ...], findings: dict[str, Finding]
    ) -> None:
        """Show the overrides whose path begins with one of these rooms."""
        paths = [
            path
            for path in content.plan.overrides
            if path.partition(".")[0] in rooms and path in estimate.graph.paths
        ]
        for path in set(self.form.rows) - set(paths):
            self.form.remove(path)
        for path in paths:
            if path not in self.form.rows:
                self.form.add(path, shown_of_quantity(estimate.graph.paths[path]))
            shown = self.form.rows[path].shown
            computed = estimate.alternative(path)
            text = f"{text_at_rest(computed, shown)} {unit_words(shown)}".strip()
            shows = Shows(
                content.plan.overrides[path],
                content.raw.get(path, ""),
                estimate[path].si,
                "",
                "typed",
                _("computed: {value}").format(value=text),
                "computed",
                text,
                content.notes.get(path, ""),
            )
            shows = beside_base(shows, path, shown, content, estimate)
            self.form.rows[path].show_field(shows, findings.get(path), estimate.shelf)
        self.setVisible(bool(paths))
