"""Help on a field from its own description: what it is, what it is read in, where its value comes from."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.field import Shown
from tcplan.plan.number import write
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import unit_words
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px


def help_lines(shown: Shown, path: str) -> list[str]:
    """Return the sentences that explain a field."""
    lines = [_(shown.help)]
    unit = unit_words(shown)
    if unit:
        lines.append(_("Read in {unit} unless you name another unit.").format(unit=unit))
    if shown.usual is not None:
        low, high = (write(end, shown, marks.current()) for end in shown.usual)
        lines.append(_("Usual: {low} to {high}.").format(low=low, high=high))
    if shown.computed:
        lines.append(_("Computed when you type nothing: {how}.").format(how=_(shown.computed)))
    elif shown.default is not None:
        lines.append(_("Default from {source}.").format(source=_(shown.default_source)))
    if shown.kind == "number":
        lines.append(_("A number, a range (2..2.8) or a list (256; 512). Arrows step, Page keys times ten."))
    lines.append(_("The Menu key, or the badge, takes a typed value back."))
    lines.append(_("Name in files and on the command line: {path}").format(path=path))
    return lines


class HelpCard(Popover):
    """A floating card at the field."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, tail=True)
        self.title = Label("", weight=600)
        self.lines = Label("", size=12, ink="text2", wrap=True)
        self.content.setSpacing(px(6))
        self.content.addWidget(self.title)
        self.content.addWidget(self.lines)

    def show_row(self, row: FieldRow) -> None:
        """Explain the field of a row."""
        self.title.setText(_(row.shown.label))
        text = "\n".join(help_lines(row.shown, row.path))
        self.lines.setText(text)
        width = px(340)
        inner = width - 32
        height = self.title.sizeHint().height() + px(6) + self.lines.heightForWidth(inner) + 34
        self.open_at(row.editor, size=QSize(width, height), take_focus=False)
