"""What an earlier session left unsaved: a page to read, with a way for each plan and no question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.language import _, plural
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.centred_page import centre_page
from tcplan_desktop.parts.painting import rounded, smooth
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme

_WIDEST = 860
_LISTED = 8


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """Unsaved work: what it is called, what is known of it, and what may be done with it."""

    key: str
    name: str
    sentence: str
    changes: tuple[str, ...] = ()
    headline: str = ""
    warning: str = ""
    readable: bool = True
    has_file: bool = False
    risky: bool = False


class FoundCard(QWidget):
    """One plan of the page."""

    def __init__(self, plan: FoundPlan, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self.setAccessibleName(plan.name)
        self.setAccessibleDescription(plan.sentence)
        wanted = Kind.SOLID if first and not plan.risky else Kind.OUTLINE
        self.restore = Button(_("Open recovered copy"), kind=wanted)
        self.saved = Button(_("Open saved"))
        self.discard = Button(_("Discard"), kind=Kind.QUIET)
        # Shown before it has its place, a button would be a window of its own for a moment.
        if not plan.readable:
            self.restore.hide()
        if not plan.has_file:
            self.saved.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(16), px(12))
        column.setSpacing(px(4))
        column.addWidget(Label(plan.name, size=16, weight=600))
        column.addWidget(Label(plan.sentence, ink="text2", wrap=True))
        if plan.headline:
            column.addWidget(Label(plan.headline, weight=600))
        if plan.warning:
            column.addWidget(Label(plan.warning, ink="warn", wrap=True))
        if plan.changes:
            column.addSpacing(px(4))
            column.addWidget(Label("\n".join(_listed(plan.changes)), size=12, ink="text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        for button in (self.restore, self.saved, self.discard):
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(px(6))
        column.addLayout(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        rounded(painter, QRectF(self.rect()), look.surface, look.line2, 8)
        painter.end()


def _listed(changes: tuple[str, ...]) -> list[str]:
    """Return the last changes, the latest first, and how many came before."""
    lines = list(reversed(changes[-_LISTED:]))
    before = len(changes) - len(lines)
    if before:
        lines.append(plural("and {count} before", "and {count} before", before).format(count=before))
    return lines


class RecoveryPage(QWidget):
    """The page; it tells what was chosen and changes nothing itself."""

    restored = Signal(str)
    saved_wanted = Signal(str)
    discarded = Signal(str)
    later = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Recovered work"))
        self.cards: list[FoundCard] = []
        self.not_now = Button(_("Later"))
        self.not_now.clicked.connect(self.later)
        page = QVBoxLayout()
        page.setSpacing(px(12))
        page.addSpacing(px(28))
        page.addWidget(Label(_("Work that was not saved"), size=24, weight=600))
        explanation = _(
            "The last session ended unexpectedly. Nothing here touches your files: "
            "a recovered copy opens as a plan that is not saved yet."
        )
        page.addWidget(Label(explanation, ink="text2", wrap=True))
        self._column = QVBoxLayout()
        self._column.setSpacing(px(12))
        page.addLayout(self._column)
        foot = QHBoxLayout()
        foot.addWidget(self.not_now)
        foot.addWidget(Label(_("Keeps everything; it stays in the list of recent plans."), ink="text3"))
        foot.addStretch(1)
        page.addLayout(foot)
        page.addStretch(1)
        centre_page(self, page, px(_WIDEST))

    def show_plans(self, plans: Sequence[FoundPlan]) -> None:
        """Show these plans, the latest work first."""
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [FoundCard(plan, first=at == 0) for at, plan in enumerate(plans)]
        for card in self.cards:
            key = card.plan.key
            card.restore.clicked.connect(lambda _checked=False, key=key: self.restored.emit(key))
            card.saved.clicked.connect(lambda _checked=False, key=key: self.saved_wanted.emit(key))
            card.discard.clicked.connect(lambda _checked=False, key=key: self.discarded.emit(key))
            self._column.addWidget(card)

    def enter(self) -> None:
        """Give the keyboard to the way that is safest."""
        first = self.cards[0].restore if self.cards else self.not_now
        risky = bool(self.cards) and (self.cards[0].plan.risky or not self.cards[0].plan.readable)
        (self.not_now if risky else first).setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().window)
        painter.end()
