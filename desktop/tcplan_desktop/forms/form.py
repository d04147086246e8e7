"""From fields to widgets: walk the descriptions, make an editor for each, write what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.findings import Finding
from tcplan.given import Given
from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.document import Document as Content
from tcplan.plan.field import Shown
from tcplan.plan.number import write
from tcplan.plan.plan import Value, descriptions
from tcplan.plan_rows import chosen
from tcplan.report.sheet import has_own_sizes
from tcplan.used import idle, is_used
from tcplan_desktop.forms.field_row import LABEL_WIDE, LABEL_WIDTH, Editor, FieldRow, Shows
from tcplan_desktop.forms.quantity_edit import QuantityEdit, text_at_rest
from tcplan_desktop.forms.row_picker import RowPicker
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.segments import Segments, fits
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px

SEGMENTS = 3
"""Up to so many fixed choices stand side by side."""
_ROOM, _ROOM_WIDE = 162, 118
"""Width of a well beside a label of either width."""


def editor_for(shown: Shown, room: float = _ROOM) -> Editor:
    """Return the editor of a field by its kind; choices whose words have no room side by side are a list."""
    if shown.kind == "row":
        return RowPicker(shown)
    if shown.kind == "number":
        return QuantityEdit(shown)
    name = _(shown.label)
    labels = [(choice.key, _(choice.label)) for choice in shown.choices]
    if len(labels) <= SEGMENTS and fits([label for _key, label in labels], px(room)):
        return Segments(name, labels)
    made = Choice(name)
    made.set_options([Option(choice.key, _(choice.label)) for choice in shown.choices])
    return made


def shows_of(path: str, shown: Shown, content: Content, estimate: Estimate) -> Shows:
    """Return what a field's row shows of a document and its estimate."""
    return beside_base(_shows_of(path, shown, content, estimate), path, shown, content, estimate)


def beside_base(shows: Shows, path: str, shown: Shown, content: Content, estimate: Estimate) -> Shows:
    """Return what a row shows with the mark of a scenario where it says something else than the base."""
    if content.base is None or not content.overrides_base(path):
        return shows
    base = content.base.get(path)
    text = words_of(base, path, shown, estimate) if base is not None else shows.back_text or _("not typed")
    said = _("base: {value}").format(value=text)
    return replace(shows, layer="scenario", explanation=said, base=base, base_text=text)


def words_of(value: Value, path: str, shown: Shown, estimate: Estimate) -> str:
    """Return a typed value as a person reads it, with its unit."""
    if isinstance(value, str):
        if shown.kind == "row":
            return name_of(path, value, estimate)
        return next((_(choice.label) for choice in shown.choices if choice.key == value), value)
    if value is None:
        return ""
    unit = shown.shown if shown.shown != "1" else ""
    return f"{write(value, shown, marks.current())} {_(unit) if unit else ''}".strip()


def _shows_of(path: str, shown: Shown, content: Content, estimate: Estimate) -> Shows:
    typed = content.plan.get(path)
    if shown.kind == "row":
        untyped = stand_in(path, estimate) if typed is None else ""
        key = untyped or chosen(content.plan, path)
        if path == "model.preset" and typed is None and has_own_sizes(estimate):
            key = ""
        layer = "typed" if typed is not None else "default"
        default = untyped or str(shown.default or "") or stand_in(path, estimate)
        name = name_of(path, default, estimate)
        note = content.notes.get(path, "")
        return Shows(typed, "", 0.0, key, layer, shown.default_source, "default", name, note)
    given = estimate.field(path)
    back = given.alternative if typed is not None else given
    none = typed is None and given.value != given.value
    layer = back.layer if back is not None else _layer_below(shown)
    return Shows(
        typed,
        content.raw.get(path, ""),
        given.value,
        given.key or _key(shown, given.value),
        "default" if none else given.layer,
        _("none typed") if none else explanation_of(given, shown),
        layer,
        _("none") if none else text_of(back, shown) if back is not None else "",
        content.notes.get(path, ""),
    )


def stand_in(path: str, estimate: Estimate) -> str:
    """Return the key of the row that stands in where none is chosen."""
    rows = estimate.inputs.rows
    row = {"site.grid": rows.grid, "site.facility": rows.facility, "layout.stack": rows.stack}.get(path)
    return row.key if row is not None else ""


def _layer_below(shown: Shown) -> str:
    return "computed" if shown.computed else "default"


def _key(shown: Shown, value: float) -> str:
    if not shown.choices or value != value:
        return ""
    return shown.choices[int(value)].key


def name_of(path: str, key: str, estimate: Estimate) -> str:
    """Return what a person calls a row by its key."""
    for row in estimate.shelf.rows(descriptions()[path].table):
        if row.key == key:
            return row.name
    return key


def text_of(given: Given, shown: Shown) -> str:
    """Return the value of a field as a person reads it, with its unit."""
    if shown.kind == "choice":
        key = given.key or _key(shown, given.value)
        return next((_(choice.label) for choice in shown.choices if choice.key == key), key)
    if given.value != given.value:
        return ""
    unit = shown.shown if shown.shown != "1" else ""
    return f"{text_at_rest(given.value, shown)} {unit}".strip()


def explanation_of(given: Given, shown: Shown) -> str:
    """Return where a value comes from, for the badge's tool tip."""
    if given.layer == "computed":
        return _(shown.computed or given.source)
    if given.layer == "typed":
        if given.alternative is None:
            return ""
        return _("without it: {value}").format(value=text_of(given.alternative, shown))
    parts = (given.row.rpartition("/")[2], _(given.source) if given.source else "", given.date)
    return " · ".join(part for part in parts if part)


class Form(QWidget):
    """Rows of fields, one under the other."""

    edited = Signal(str, object, str, int)

    def __init__(
        self, paths: Iterable[str] = (), *, wide: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label_width = LABEL_WIDE if wide else LABEL_WIDTH
        self._room = _ROOM_WIDE if wide else _ROOM
        self.rows: dict[str, FieldRow] = {}
        self._revealed: set[str] = set()
        self._heads: list[tuple[Label, tuple[str, ...]]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for path in paths:
            self.add(path, descriptions()[path])

    def add(self, path: str, shown: Shown) -> FieldRow:
        """Add the row of a field at the end."""
        row = FieldRow(path, shown, editor_for(shown, self._room), self)
        row.set_label_width(self._label_width)
        row.edited.connect(self.edited)
        self.rows[path] = row
        self._column.addWidget(row)
        return row

    def add_group(self, title: str, paths: tuple[str, ...]) -> None:
        """Add rows that belong together at the end, under a title unless it is empty."""
        if title:
            head = Label(title, size=12, weight=600, ink="text2")
            head.setContentsMargins(0, px(10), 0, px(2))
            self._heads.append((head, paths))
            self._column.addWidget(head)
        for path in paths:
            self.add(path, descriptions()[path])

    def _show_heads(self) -> None:
        """Show the titles of those groups that have a row in this plan."""
        for head, paths in self._heads:
            head.setVisible(any(not self.rows[path].isHidden() for path in paths))

    def reveal(self, path: str) -> FieldRow:
        """Show a row from now on, although this plan may not have what it says."""
        self._revealed.add(path)
        row = self.rows[path]
        row.setVisible(True)
        self._show_heads()
        return row

    def insert_after(self, path: str, widget: QWidget) -> None:
        """Put another widget below the row of a field."""
        self._column.insertWidget(self._column.indexOf(self.rows[path]) + 1, widget)

    def remove(self, path: str) -> None:
        """Take a row away."""
        row = self.rows.pop(path)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def show_plan(self, content: Content, estimate: Estimate, findings: dict[str, Finding]) -> None:
        """Write what differs, hide the rows that this plan does not have, say which of the rest are idle."""
        for path, row in self.rows.items():
            used = path in self._revealed or is_used(path, estimate)
            if row.isHidden() is used:
                row.setVisible(used)
            said = findings.get(path) or (idle(path, estimate) if used else None)
            row.show_field(shows_of(path, row.shown, content, estimate), said, estimate.shelf)
        self._show_heads()

    def set_compact(self, *, compact: bool) -> None:
        """Show badges without words."""
        for row in self.rows.values():
            row.set_compact(compact=compact)
