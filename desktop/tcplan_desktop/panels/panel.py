"""A panel on screen: head with summary, fields, More, and the results that were typed by hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.findings import Finding
from tcplan.language import _, plural
from tcplan.plan.document import Document as Content
from tcplan_desktop.forms.form import Form
from tcplan_desktop.forms.layout_row import LayoutRow
from tcplan_desktop.forms.typed_results import TypedResults
from tcplan_desktop.panels.outline import Outline
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.panel_head import PanelHead
from tcplan_desktop.theme import px, theme, themes


class Panel(QWidget):
    """One panel of the inputs; it hands on what its rows hand on."""

    edited = Signal(str, object, str, int)
    opened = Signal(str, bool)
    """The panel's key, and whether it is open now."""

    def __init__(self, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outline = outline
        self.head = PanelHead(_(outline.title), is_open=True)
        self.form = Form(outline.fields, wide=outline.wide)
        self.more_form: Form | None = None
        self.typed_results = TypedResults()
        self.layout_row = LayoutRow() if outline.layout_after else None
        self._more = Button(_("More"), kind=Kind.LINK, icon_name="chevron-right", size=12)
        self._body = QWidget()
        self._compact = False
        self._shown: tuple[Content, Estimate, dict[str, Finding]] | None = None
        self._lay_out()
        self.head.opened.connect(self._turned)
        self.form.edited.connect(self.edited)
        self.typed_results.edited.connect(self.edited)
        self._more.clicked.connect(lambda: self.show_more(not self.more_open))
        themes.changed.connect(self._resize)
        self._resize()

    def _lay_out(self) -> None:
        if self.layout_row is not None:
            self.form.insert_after(self.outline.layout_after, self.layout_row)
            self.layout_row.asked.connect(lambda: self.reveal("layout.tensor"))
        self._column = QVBoxLayout(self._body)
        self._column.setSpacing(0)
        self._column.addWidget(self.form)
        self._column.addWidget(self.typed_results)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._more.setVisible(bool(self.outline.more))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, px(3), 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self._body)

    def _resize(self) -> None:
        self._column.setContentsMargins(px(16), 0, 0, px(8))

    # what is to be seen

    @property
    def is_open(self) -> bool:
        """Whether the fields are to be seen."""
        return self.head.isChecked()

    @property
    def more_open(self) -> bool:
        """Whether the further fields are to be seen."""
        return self.more_form is not None and not self.more_form.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Open or close the panel."""
        self.head.setChecked(is_open)

    def _turned(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self.opened.emit(self.outline.key, is_open)

    def show_more(self, more: bool) -> None:
        """Show or hide the further fields; they are made when they are first wanted."""
        if more and self.more_form is None:
            self.more_form = Form(wide=True)
            for group in self.outline.groups:
                self.more_form.add_group(_(group.title) if group.title else "", group.fields)
            self.more_form.edited.connect(self.edited)
            self._column.insertWidget(1, self.more_form)
            self.more_form.set_compact(compact=self._compact)
            self._write(self.more_form)
        if self.more_form is not None:
            self.more_form.setVisible(more)
        self._name_more()

    def _name_more(self) -> None:
        typed = 0
        if self._shown is not None:
            typed = sum(self._shown[0].plan.get(path) is not None for path in self.outline.more)
        text = _("Less") if self.more_open else _("More")
        if typed and not self.more_open:
            counted = plural("{count} typed", "{count} typed", typed).format(count=typed)
            text = f"{text} · {counted}"
        self._more.set_icon("chevron-down" if self.more_open else "chevron-right")
        self._more.set_text(text)

    def reveal(self, path: str) -> QWidget | None:
        """Open what hides a field and return its row; None when the panel has no such field."""
        if path in self.outline.more:
            self.show_more(more=True)
        for form in (self.form, self.more_form):
            if form is not None and path in form.rows:
                form.reveal(path)
                self._write(form)
        row = self.row(path)
        if row is not None:
            self.set_open(is_open=True)
        return row

    def row(self, path: str) -> QWidget | None:
        """Return the row of a field that was made already."""
        forms = [self.form, self.typed_results.form] + ([self.more_form] if self.more_form else [])
        return next((form.rows[path] for form in forms if path in form.rows), None)

    # what the document says

    def show_plan(self, content: Content, estimate: Estimate, findings: dict[str, Finding]) -> None:
        """Write what differs."""
        self._shown = (content, estimate, findings)
        self.head.set_summary(self.outline.summary(estimate))
        self.form_pass()
        if self.layout_row is not None:
            self.layout_row.show_layout(content, estimate)
        self.typed_results.show_results(content, estimate, self.outline.rooms, findings)
        if self.more_form is None and any(path in findings for path in self.outline.more):
            self.show_more(more=True)
        self._name_more()

    def form_pass(self) -> None:
        """Write what differs into the forms that were made."""
        self._write(self.form)
        if self.more_form is not None:
            self._write(self.more_form)

    def _write(self, form: Form) -> None:
        if self._shown is not None:
            form.show_plan(*self._shown)

    def set_compact(self, *, compact: bool) -> None:
        """Show badges without words."""
        self._compact = compact
        self.form.set_compact(compact=compact)
        self.typed_results.form.set_compact(compact=compact)
        if self.more_form is not None:
            self.more_form.set_compact(compact=compact)
        if self.layout_row is not None:
            self.layout_row.set_compact(compact=compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)
        painter.end()
