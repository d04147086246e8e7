"""The strip at the foot: how many findings there are, the first with its fix, catalogue and saved state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan.findings import Finding
from tcplan.language import _, plural
from tcplan.plan.plan import descriptions
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px, theme, themes

_ICONS = {
    "error": ("circle-alert", "err"),
    "warning": ("triangle-alert", "warn"),
    "advice": ("lightbulb", "accent"),
}


def _counted(level: str, count: int) -> str:
    if level == "error":
        return plural("{count} error", "{count} errors", count).format(count=count)
    if level == "warning":
        return plural("{count} unusual value", "{count} unusual values", count).format(count=count)
    return plural("{count} hint", "{count} hints", count).format(count=count)


def sentence_of(finding: Finding) -> str:
    """Return a finding's sentence with the field that it is about, as it reads far from the field."""
    shown = descriptions().get(finding.path)
    return f"{_(shown.label)}: {finding.sentence}" if shown is not None else finding.sentence


class Problems(QWidget):
    """The status bar: findings at the left, catalogue and saved state at the right."""

    asked = Signal(str)
    """The path of a finding whose field is wanted."""
    fixed = Signal(str, object)
    """Path and value of a fix."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Problems and status"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._findings: tuple[Finding, ...] = ()
        self.counts = {level: self._count_button(level) for level in _ICONS}
        self.sentence = Elided(size=12, ink="text2")
        self.fix = Button(kind=Kind.LINK, size=12)
        self.fix.clicked.connect(self._fix)
        self.message = Label(size=12, ink="text2")
        self.working = Label(size=12, ink="text3")
        self.catalogue = Label(size=12, ink="text3")
        self.saved = Label(size=12, ink="text3")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(px(10))
        middle = Qt.AlignmentFlag.AlignVCenter
        self._row.addWidget(self.message, 0, middle)
        for level in ("error", "warning"):
            self._row.addWidget(self.counts[level], 0, middle)
        self._row.addWidget(self.sentence, 0, middle)
        self._row.addWidget(self.fix, 0, middle)
        self._row.addWidget(self.counts["advice"], 0, middle)
        self._row.addStretch(1)
        for label in (self.working, self.catalogue, self.saved):
            self._row.addWidget(label, 0, middle)
            self._row.addSpacing(px(6))
        themes.changed.connect(self._restyle)
        self._restyle()
        self.show_findings(())

    def _count_button(self, level: str) -> Button:
        icon_name, ink = _ICONS[level]
        button = Button("", kind=Kind.LINK, icon_name=icon_name, size=12, ink=ink)
        button.clicked.connect(lambda: self._ask(level))
        return button

    def _restyle(self) -> None:
        self._row.setContentsMargins(px(14), 0, px(8), 0)
        self.setFixedHeight(px(32))
        self.update()

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Count the findings and repeat the first."""
        self._findings = findings
        for level, button in self.counts.items():
            count = sum(one.level == level for one in findings)
            button.set_text(_counted(level, count))
            button.setVisible(count > 0)
        first = self._first()
        self.sentence.set_whole(sentence_of(first) if first else "")
        self.sentence.setVisible(first is not None)
        self.fix.set_text(first.fix_label if first and first.fix else "")
        self.fix.setVisible(bool(first and first.fix))

    def _first(self) -> Finding | None:
        return next((one for one in self._findings if one.level != "advice"), None)

    def _ask(self, level: str) -> None:
        """Lead to the findings of a level, one after the other."""
        paths = [one.path for one in self._findings if one.level == level]
        if paths:
            self._turn = (getattr(self, "_turn", -1) + 1) % len(paths)
            self.asked.emit(paths[self._turn])

    def _fix(self) -> None:
        first = self._first()
        if first is not None and first.fix is not None:
            self.fixed.emit(*first.fix)

    def show_state(self, catalogue: str, saved: str) -> None:
        """Show the edition of the catalogue and whether the document is on the disk."""
        self.catalogue.setText(catalogue)
        self.saved.setText(saved)

    def show_work(self, name: str) -> None:
        """Say what is being computed; nothing when all is there."""
        self.working.setText(name)

    def say(self, text: str) -> None:
        """Show a sentence until the next one; it is announced too."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def set_compact(self, *, compact: bool) -> None:
        """Leave out the sentence of the first finding, which stands at its field anyway."""
        first = self._first()
        self.sentence.setVisible(first is not None and not compact)
        self.fix.setVisible(bool(first and first.fix) and not compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRectF(0, 0, self.width(), 1), look.line)
        painter.end()
