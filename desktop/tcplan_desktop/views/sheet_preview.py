"""The Sheet tab: the pages as paper, with the template to choose and title, author, remark to edit."""

from PySide6.QtCore import QEvent, QLocale, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.document import Document
from tcplan.report.templates.registry import ONE_PAGE, TEMPLATES
from tcplan.validation.on_paper import printout_today
from tcplan_desktop.paper.pages import Pages, laid_out
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.lines_well import Lines, LinesWell
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes

_GAP = 20
_WIDEST = 900
_ONE_ROW = 900
"""From this width on, words and tools stand beside each other."""
_JUSTIFIED = "grant"
"""The template whose remark is a text of several lines."""


class Page(QWidget):
    """One page of paper, drawn with the ink of the printer."""

    def __init__(self, pages: Pages, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages, self._number = pages, number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Page {number} of {count}").format(number=number + 1, count=pages.count))
        self.setAccessibleDescription(pages.sheet.answer if number == 0 else "")

    def show_pages(self, pages: Pages) -> None:
        """Show the same page of another sheet."""
        self._pages = pages
        self.setAccessibleDescription(pages.sheet.answer if self._number == 0 else "")
        self.update()

    def fit(self, width: int) -> None:
        """Take a width and the height that belongs to it."""
        size = self._pages.size
        self.setFixedSize(QSize(width, round(width * size.height() / size.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, Qt.GlobalColor.white)
        painter.save()
        scale = self.width() / self._pages.size.width()
        painter.scale(scale, scale)
        self._pages.draw(painter, self._number)
        painter.restore()
        painter.setPen(QColor(theme().line2))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.end()


class SheetPreview(QWidget):
    """What will be printed; laid out only while it can be seen."""

    edited = Signal(str, str)
    """`title`, `author` or `remark`, and its new text."""
    print_asked = Signal()
    export_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: Pages | None = None
        self.paper = "letter" if _letter_country() else "a4"
        self._document: Document | None = None
        self._estimate: Estimate | None = None
        self._templates: dict[str, str] = {}
        self._papers: list[Page] = []
        self._stale = True
        self._title = self._well("title", _("Title"))
        self._author = self._well("author", _("Author"))
        self._remark = self._well("remark", _("Remark"))
        self._lines = Lines()
        self._lines.setPlaceholderText(_("Justification: why these resources, what they make possible"))
        self._lines.setAccessibleName(_("Justification"))
        self._lines.installEventFilter(self)
        self._lines_well = LinesWell(self._lines)
        self._lines_well.hide()
        self._template = Choice(_("Template"), notes=False)
        self._template.set_options([Option(key, _(one.label)) for key, one in TEMPLATES.items()])
        self._template.show_key(ONE_PAGE)
        self._template.picked.connect(self.choose_template)
        self._size = Segments(_("Paper"), (("a4", "A4"), ("letter", "Letter")))
        self._size.show_key(self.paper)
        self._size.picked.connect(self._choose_paper)
        self._build()
        themes.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self._size.setFixedWidth(px(132))
        self._template.setMaximumWidth(px(170))
        self._lines_well.setFixedHeight(px(84))
        self.update()

    def _well(self, part: str, label: str) -> Well:
        well = Well(label)
        well.line.setPlaceholderText(label)
        well.line.editingFinished.connect(lambda: self._commit(part, well))
        return well

    def _build(self) -> None:
        words, tools = QHBoxLayout(), QHBoxLayout()
        words.setSpacing(px(4))
        words.addWidget(self._title, 3)
        words.addWidget(self._author, 2)
        words.addWidget(self._remark, 4)
        tools.setSpacing(px(4))
        tools.addWidget(self._template, 4)
        tools.addWidget(self._size)
        tools.addStretch(1)
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.setSpacing(px(4))
        self._head.addLayout(words, 1)
        self._head.addLayout(tools)
        save = Button(kind=Kind.QUIET, icon_name="download", name=_("Save the sheet as a file"))
        save.clicked.connect(self.export_asked)
        print_it = Button(_("Print"), kind=Kind.OUTLINE, icon_name="printer", key=_("Ctrl P"))
        print_it.clicked.connect(self.print_asked)
        tools.addWidget(save)
        tools.addWidget(print_it)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(_("Sheet as it will be printed"))
        self._desk = QWidget()
        self._stack = QVBoxLayout(self._desk)
        self._stack.setContentsMargins(_GAP, 4, _GAP, _GAP)
        self._stack.setSpacing(_GAP)
        self._stack.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._wait = Label(_("The sheet is being laid out."), ink="text3")
        self._stack.addWidget(self._wait)
        self._scroll.setWidget(self._desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(10), px(14), 0)
        column.setSpacing(px(8))
        column.addLayout(self._head)
        column.addWidget(self._lines_well)
        column.addWidget(self._scroll, 1)

    @property
    def template(self) -> str:
        """The template that the document in force was last seen in; none of its content."""
        return self._templates.get(self._document.id, ONE_PAGE) if self._document is not None else ONE_PAGE

    def choose_template(self, key: str) -> None:
        """Show the document in another template, and keep to it while the program runs."""
        if self._document is not None:
            self._templates[self._document.id] = key
        self._show_template()
        self._stale = True
        if self.isVisible():
            self._lay_out()
            self._scroll.verticalScrollBar().setValue(0)

    def _show_template(self) -> None:
        self._template.show_key(self.template)
        justified = self.template == _JUSTIFIED
        self._remark.setVisible(not justified)
        self._lines_well.setVisible(justified)

    def show_sheet(self, document: Document, estimate: Estimate) -> None:
        """Show the sheet of an estimate; hidden, it only remembers what to lay out."""
        self._document, self._estimate, self._stale = document, estimate, True
        self._show_template()
        if not self._lines.hasFocus() and self._lines.toPlainText() != document.remark:
            self._lines.setPlainText(document.remark)
        for well, text in (
            (self._title, document.title),
            (self._author, document.author),
            (self._remark, document.remark),
        ):
            if not well.line.hasFocus() and well.line.text() != text:
                well.line.setText(text)
                well.line.setCursorPosition(0)
        if self.isVisible():
            self._lay_out()

    def current(self) -> Pages | None:
        """Return the pages of the plan in force, laid out now if they are old."""
        if self._stale:
            self._lay_out()
        return self.pages

    def _commit(self, part: str, well: Well) -> None:
        if self._document is not None and getattr(self._document, part) != well.line.text():
            self.edited.emit(part, well.line.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._lines and isinstance(event, QFocusEvent) and event.lostFocus():
            text = self._lines.toPlainText()
            if self._document is not None and self._document.remark != text:
                self.edited.emit("remark", text)
        return False

    def _choose_paper(self, paper: str) -> None:
        self.paper = paper
        self._stale = True
        self._lay_out()

    def _lay_out(self) -> None:
        if self._document is None or self._estimate is None:
            return
        document = self._document
        sheet = printout_today(document, self._estimate, document.in_force, self.template)
        pages = laid_out(sheet, self.paper)
        self._wait.hide()
        while len(self._papers) > pages.count:
            old = self._papers.pop()
            self._stack.removeWidget(old)
            old.deleteLater()
        for page in self._papers:
            page.show_pages(pages)
        while len(self._papers) < pages.count:
            page = Page(pages, len(self._papers), self._desk)
            self._papers.append(page)
            self._stack.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        self.pages, self._stale = pages, False
        self._fit()

    def _fit(self) -> None:
        room = self._scroll.viewport().width() - 2 * _GAP
        for page in self._papers:
            page.fit(max(min(room, _WIDEST), 200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= px(_ONE_ROW)
        sides, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(sides if wide else below)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._lay_out()


def _letter_country() -> bool:
    return QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
