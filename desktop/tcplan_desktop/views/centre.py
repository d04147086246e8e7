"""The middle of the window: its tabs, each made when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop.parts.tabs import Tabs
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.breakdown import Breakdown

if TYPE_CHECKING:
    from tcplan.study.curve import Curve
    from tcplan.study.layouts import Found
    from tcplan.study.levers import Lever
    from tcplan_desktop.views.compare import Compare
    from tcplan_desktop.views.curves import Curves
    from tcplan_desktop.views.layouts import Layouts
    from tcplan_desktop.views.levers import Levers
    from tcplan_desktop.views.sheet_preview import SheetPreview

CURVES, BREAKDOWN, SHEET, LAYOUTS, COMPARE, LEVERS = range(6)


class Centre(QWidget):
    """Curves, Breakdown, Sheet, Layouts, Compare and Levers; it hands on what they ask."""

    edited = Signal(str, object, int, str)
    asked_why = Signal(str)
    curves_wanted = Signal(str, float, float, bool, list)
    layouts_wanted = Signal(str)
    layout_taken = Signal(object)
    levers_wanted = Signal()
    lever_kept = Signal(object)
    words_edited = Signal(str, str)
    print_asked = Signal()
    export_asked = Signal()
    compare_made = Signal(object)
    """The tab that compares, when it is first wanted."""
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Content, Estimate] | None = None
        self._ready = False
        self.curves: Curves | None = None
        self.sheet: SheetPreview | None = None
        self.layouts: Layouts | None = None
        self.compare: Compare | None = None
        self.levers: Levers | None = None
        self.breakdown = Breakdown()
        self.breakdown.asked_why.connect(self.asked_why)
        self.tabs = Tabs(_("Views"))
        for name in (_("Curves"), _("Breakdown"), _("Sheet"), _("Layouts"), _("Compare"), _("Levers")):
            self.tabs.addTab(name)
        self._places = [QWidget(), self.breakdown, QWidget(), QWidget(), QWidget(), QWidget()]
        self.pages = QStackedWidget()
        for place in self._places:
            self.pages.addWidget(place)
        head = QHBoxLayout()
        head.setContentsMargins(px(20), 0, px(8), 0)
        head.addWidget(self.tabs, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addSpacing(1)
        whole.addWidget(self.pages, 1)
        self.tabs.currentChanged.connect(self._turn)
        themes.changed.connect(self.update)

    @property
    def tab(self) -> int:
        """The number of the tab that is shown."""
        return self.tabs.currentIndex()

    def choose(self, tab: int) -> None:
        """Show a tab."""
        self.tabs.setCurrentIndex(tab)

    def _turn(self, tab: int) -> None:
        if self._ready:
            self._make(tab)
        self.pages.setCurrentIndex(tab)
        self.turned.emit(tab)

    def make_ready(self) -> None:
        """Make the tab in sight; until now the window was to appear first."""
        self._ready = True
        self._make(self.tab)

    def _make(self, tab: int) -> None:
        if tab == CURVES and self.curves is None:
            from tcplan_desktop.views.curves import Curves

            self.curves = Curves()
            self.curves.wanted.connect(self.curves_wanted)
            self.curves.edited.connect(self.edited)
            self.curves.asked_why.connect(self.asked_why)
            self._put(tab, _scrolled(self.curves))
            if self._shown is not None:
                self.curves.show_estimate(self._shown[1])
        elif tab == SHEET and self.sheet is None:
            from tcplan_desktop.views.sheet_preview import SheetPreview

            self.sheet = SheetPreview()
            self.sheet.edited.connect(self.words_edited)
            self.sheet.print_asked.connect(self.print_asked)
            self.sheet.export_asked.connect(self.export_asked)
            self._put(tab, self.sheet)
            if self._shown is not None:
                self.sheet.show_sheet(*self._shown)
        elif tab == LAYOUTS and self.layouts is None:
            from tcplan_desktop.views.layouts import Layouts

            self.layouts = Layouts()
            self.layouts.wanted.connect(self.layouts_wanted)
            self.layouts.taken.connect(self.layout_taken)
            self._put(tab, _scrolled(self.layouts))
            if self._shown is not None:
                self.layouts.show_estimate(self._shown[1])

        elif tab == COMPARE and self.compare is None:
            from tcplan_desktop.views.compare import Compare

            self.compare = Compare()
            self._put(tab, _scrolled(self.compare))
            self.compare_made.emit(self.compare)
        elif tab == LEVERS and self.levers is None:
            self._make_levers()

    def _make_levers(self) -> None:
        from tcplan_desktop.views.levers import Levers

        self.levers = Levers()
        self.levers.wanted.connect(self.levers_wanted)
        self.levers.kept.connect(self.lever_kept)
        self._put(LEVERS, _scrolled(self.levers))
        if self._shown is not None:
            self.levers.show_estimate(self._shown[1])

    def _put(self, tab: int, view: QWidget) -> None:
        place = QVBoxLayout(self._places[tab])
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(view)

    def made_sheet(self) -> SheetPreview:
        """Return the sheet, made now if nobody has looked at it yet."""
        self._make(SHEET)
        if self.sheet is None:
            message = "the sheet was not made"
            raise RuntimeError(message)
        return self.sheet

    def show_plan(self, content: Content, estimate: Estimate) -> None:
        """Show the plan in force in every view that was made."""
        other = self._shown is not None and self._shown[0].id != content.id
        self._shown = (content, estimate)
        if other and self.curves is not None:
            self.curves.forget()
        self.breakdown.show_estimate(estimate)
        if self.curves is not None:
            self.curves.show_estimate(estimate)
        if self.sheet is not None:
            self.sheet.show_sheet(content, estimate)
        if self.layouts is not None:
            self.layouts.show_estimate(estimate)
        if self.compare is not None:
            self.compare.mark_stale()
        if self.levers is not None:
            self.levers.show_estimate(estimate)

    def show_curves(self, curve: Curve) -> None:
        """Hand computed curves to their view."""
        if self.curves is not None:
            self.curves.show_curves(curve)

    def show_layouts(self, found: Found, estimate: Estimate) -> None:
        """Hand what a search found to its view."""
        if self.layouts is not None:
            self.layouts.show_found(found, estimate)

    def show_levers(self, found: tuple[Lever, ...], estimate: Estimate) -> None:
        """Hand the levers of a plan to their view."""
        if self.levers is not None:
            self.levers.show_levers(found, estimate)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        painter.fillRect(0, self.tabs.geometry().bottom() + 1, self.width(), 1, look.line)
        painter.end()


def _scrolled(view: QWidget) -> QScrollArea:
    """Return a place in which a view that needs more height than there is can be scrolled."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(view)
    return scroll
