"""One field on screen: label, editor, badge with the ways back, and the finding below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tcplan.catalogue.shelf import Shelf
from tcplan.findings import Finding
from tcplan.language import _
from tcplan.plan.field import Shown
from tcplan.plan.plan import Value
from tcplan_desktop.forms.field_label import FieldLabel
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.forms.row_picker import RowPicker
from tcplan_desktop.parts.badge import Badge
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.finding import FindingLine
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.well_frame import NOTE_ROOM, WellFrame
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import px, themes

Editor = QuantityEdit | Choice | RowPicker | Segments
# The well has room for the dot of a note at its left, which counts to the label.
LABEL_WIDTH, LABEL_WIDE, BADGE_WIDTH, BADGE_COMPACT = 84 - NOTE_ROOM, 136 - NOTE_ROOM, 82, 28


@dataclass(frozen=True, slots=True)
class Shows:
    """What a row shows: the typed value, the effective one, and where it comes from.

    `back` is the layer that a reset leads to, `back_text` the value that it would give. Where a scenario says
    something else than the base, `base` and `base_text` are the base's value as typed and in words.
    """

    typed: Value
    raw: str
    effective: float
    key: str
    layer: str
    explanation: str
    back: str
    back_text: str
    note: str = ""
    base: Value = None
    base_text: str = ""


class FieldRow(QWidget):
    """A row of a form; it changes nothing itself."""

    edited = Signal(str, object, str, int)
    """Path, value (None takes it back), text as typed, gesture."""

    def __init__(self, path: str, shown: Shown, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.shown = shown
        self.editor = editor
        self._shows: Shows | None = None
        self._finding: Finding | None = None
        self._label_width = LABEL_WIDTH
        self._compact = False
        self.label = FieldLabel(_(shown.label), scrubs=shown.kind == "number", parent=self)
        self.badge = Badge(parent=self)
        self.line = FindingLine(parent=self)
        self.line.hide()
        self._lay_out()
        self._describe()
        self._connect()
        themes.changed.connect(self._resize)
        self._resize()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        top = Qt.AlignmentFlag.AlignTop
        across.addWidget(self.label, 0, top)
        across.addWidget(self.editor, 1, top)
        across.addSpacing(2)
        across.addWidget(self.badge, 0, top | Qt.AlignmentFlag.AlignLeft)
        column.addLayout(across)
        self._below = QHBoxLayout()
        self._below.addWidget(self.line, 1)
        column.addLayout(self._below)

    def _describe(self) -> None:
        help_text = _(self.shown.help)
        if self.shown.symbol:
            help_text = _("{help} Symbol {symbol}.").format(help=help_text, symbol=self.shown.symbol)
        unit = self.shown.shown if self.shown.shown not in ("", "1") else ""
        name = _(self.shown.label) + (f", {unit}" if unit else "")
        if isinstance(self.editor, Segments):
            self.editor.setAccessibleDescription(help_text)
        else:
            self.editor.set_name(name, help_text)
        tooltip(self.editor, help_text)
        self.help = help_text
        self.label.setBuddy(self.editor)
        self.setObjectName(self.path)

    def _connect(self) -> None:
        self.label.pressed.connect(self.enter)
        if isinstance(self.editor, QuantityEdit):
            self.editor.edited.connect(self._hand_on)
            self.label.dragged.connect(self.editor.scrub)
            self.label.released.connect(self.editor.end_scrub)
        else:
            self.editor.picked.connect(self._picked)
        # Tab goes from value to value; the Menu key in the field opens what the badge opens.
        self.badge.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.badge.asked.connect(self._ask_layer)
        watched = self.editor.line if isinstance(self.editor, WellFrame) else self.editor
        watched.installEventFilter(self)
        self.line.fixed.connect(self._fix)

    def _picked(self, key: str) -> None:
        if self._shows is None or key != self._shows.key:
            self.edited.emit(self.path, key, "", 0)

    def _hand_on(self, value: Value, raw: str, gesture: int) -> None:
        self.edited.emit(self.path, value, raw, gesture)

    def set_label_width(self, width: int) -> None:
        """Give the labels of a form with long names more room."""
        self._label_width = width
        self._resize()

    def _resize(self) -> None:
        self.label.setFixedWidth(px(self._label_width))
        self.label.setFixedHeight(px(28) + 4)
        self.set_compact(compact=self._compact)
        self._below.setContentsMargins(px(self._label_width) + NOTE_ROOM, 0, 2, 0)

    def set_compact(self, *, compact: bool) -> None:
        """Show the badge without its word, for narrow windows."""
        self._compact = compact
        self.badge.set_compact(compact)
        self.badge.setFixedWidth(px(BADGE_COMPACT if compact else BADGE_WIDTH) + 4)

    # what the document says

    def show_field(self, shows: Shows, finding: Finding | None, shelf: Shelf) -> None:
        """Show a field's value, layer and finding; only what differs is written."""
        if shows != self._shows:
            self._shows = shows
            if isinstance(self.editor, QuantityEdit):
                number = None if isinstance(shows.typed, str) else shows.typed
                self.editor.show_value(number, shows.raw, shows.effective, shows.back_text)
            elif isinstance(self.editor, RowPicker):
                self.editor.show_row(shows.key, shelf)
            else:
                self.editor.show_key(shows.key)
            self.badge.set_layer(shows.layer, shows.explanation)
            self._show_note(shows.note)
        if finding != self._finding:
            self._finding = finding
            self._show_finding()

    def _show_note(self, note: str) -> None:
        self.editor.set_note(bool(note))
        said = _("Note: {note}").format(note=note) if note else ""
        tooltip(self.editor, "\n\n".join(part for part in (said, self.help) if part))

    def _show_finding(self) -> None:
        finding = self._finding
        unusual = finding is not None and finding.level == "warning"
        if isinstance(self.editor, QuantityEdit):
            self.editor.set_unusual(unusual)
        self.line.setVisible(finding is not None)
        if finding is not None:
            self.line.show_finding(finding.level, finding.sentence, finding.fix_label if finding.fix else "")

    def _fix(self) -> None:
        finding = self._finding
        if finding is not None and finding.fix is not None:
            self.edited.emit(finding.fix[0], finding.fix[1], "", 0)

    def refuse(self, sentence: str, text: str = "") -> None:
        """Say why the plan does not hold the value of this text, wherever it was typed."""
        if isinstance(self.editor, QuantityEdit):
            if text and self.editor.text.strip() != text:
                self.editor.line.setText(text)
            self.editor.refuse(sentence, 0, len(self.editor.text))

    # the ways back

    def ways_back(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the entries of the badge's menu: each names the layer and the value that it would give."""
        shows = self._shows
        if shows is None:
            return []
        ways: list[tuple[str, Callable[[], None]]] = []
        if shows.layer == "scenario":
            back = _("Reset to base: {value}").format(value=shows.base_text)
            ways.append((back, lambda: self.edited.emit(self.path, shows.base, "", 0)))
        if shows.typed is None or (ways and shows.base is None):
            return ways
        words = {
            "catalogue": _("Reset to catalogue: {value}"),
            "computed": _("Reset to computed: {value}"),
            "default": _("Reset to default: {value}"),
        }
        text = words.get(shows.back, _("Remove")).format(value=shows.back_text)
        if not shows.back_text:
            text = text.rpartition(": ")[0] or text
        return [*ways, (text, lambda: self.edited.emit(self.path, None, "", 0))]

    def _ask_layer(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in self.ways_back():
            menu.addAction(text).triggered.connect(lambda _checked=False, run=run: run())
        if menu.isEmpty() and self._shows is not None:
            said = menu.addAction(self._shows.explanation or _("Nothing typed: nothing to take back"))
            said.setEnabled(False)
        menu.popup(where)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._ask_layer(self.badge.mapToGlobal(QPoint(0, self.badge.height())))
            return True
        return super().eventFilter(watched, event)

    def enter(self) -> None:
        """Give the editor the keyboard."""
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def flash(self) -> None:
        """Draw the eye to the field."""
        if isinstance(self.editor, WellFrame):
            self.editor.flash()
