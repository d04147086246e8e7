"""The catalogue: choose a table, find rows, read one with its sources, compare two, plot two columns."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tcplan.catalogue.age import is_old
from tcplan.catalogue.cells import FACTS
from tcplan.catalogue.overlay import layer_of
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES, Shelf
from tcplan.language import _, plural
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.table import FULL
from tcplan_desktop.parts.well import Well
from tcplan_desktop.text import Label, tooltip
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.catalogue_card import RowCard
from tcplan_desktop.views.catalogue_editor import RowEditor
from tcplan_desktop.views.catalogue_lines import LinesTable, compare_model, show_comparison
from tcplan_desktop.views.catalogue_model import RowsModel, RowsTable
from tcplan_desktop.views.catalogue_words import TABLE_NAMES, today
from tcplan_desktop.views.plot_rows import RowsPlot

ROW, COMPARE, PLOT, EDIT = range(4)
_SIDES = ("row", "compare", "plot")


class CataloguePage(QWidget):
    """The page; it tells what is wanted and changes nothing itself."""

    used = Signal(object)
    copied = Signal(object)
    deleted = Signal(object)
    kept = Signal(object)
    export_asked = Signal()
    import_asked = Signal()
    pack_asked = Signal()
    newer_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Catalogue"))
        self._shelf: Shelf | None = None
        self._can_use: frozenset[str] = frozenset()
        self._everything: tuple[Row, ...] = ()
        self._turned = False
        """Whether the comparison is shown because a second row was chosen."""
        self.head = Label(_("Catalogue"), size=15, weight=600)
        self.sentence = Label(ink="text2", wrap=True)
        self.back = Button(_("Back to the plan"))
        self.table = Choice(_("Table"), notes=False)
        self.search = Well(_("Find rows"), placeholder=_("type to find rows"), notes=False)
        self.use = Button(_("Use in plan"), kind=Kind.SOLID)
        self.copy_row = Button(_("Copy as own row"))
        self.more = Button(_("More"), icon_name="ellipsis")
        self.model = RowsModel()
        self.rows = RowsTable(_("Rows of the catalogue"), self.model)
        self.side = Segments(
            _("Beside the table"), (("row", _("Row")), ("compare", _("Compare")), ("plot", _("Plot")))
        )
        self.card = RowCard()
        self.comparison = compare_model()
        self.compared = LinesTable(_("Two rows"), self.comparison, wide=(1, 2))
        self.compare_words = Label(ink="text2", wrap=True)
        self.plot = RowsPlot()
        self.editor = RowEditor()
        self.places = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top, words = QHBoxLayout(), QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self.head)
        words.addWidget(self.sentence)
        top.addLayout(words, 1)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        bar = QHBoxLayout()
        bar.setSpacing(px(6))
        self.table.setFixedWidth(px(190))
        bar.addWidget(self.table)
        bar.addWidget(self.search, 1)
        for button in (self.use, self.copy_row, self.more):
            bar.addWidget(button)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(px(8), 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self.side)
        both = QWidget()
        below = QVBoxLayout(both)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.compare_words)
        below.addWidget(self.compared, 1)
        for place in (self.card, both, self.plot, self.editor):
            self.places.addWidget(place)
        column.addWidget(self.places, 1)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self.rows)
        across.addWidget(beside)
        across.setChildrenCollapsible(False)
        across.setSizes([px(760), px(480)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(12), px(20), px(8))
        whole.setSpacing(px(8))
        whole.addLayout(top)
        whole.addLayout(bar)
        whole.addWidget(across, 1)

    def _connect(self) -> None:
        self.table.set_options([Option(name, _(TABLE_NAMES[name])) for name in TABLES])
        self.table.show_key(next(iter(TABLES)))
        self.table.picked.connect(lambda _key: self._show_table())
        self.side.show_key("row")
        self.side.picked.connect(self._turn)
        self.search.typing.connect(lambda _text: self._show_found())
        self.search.committed.connect(self.search.show_text)
        self.search.restored.connect(self._show_found)
        self.back.clicked.connect(self.closed)
        self.use.clicked.connect(self._use)
        self.copy_row.clicked.connect(self._copy)
        self.more.clicked.connect(
            lambda: self._open_menu(self.more.mapToGlobal(QPoint(0, self.more.height())))
        )
        self.rows.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.rows.doubleClicked.connect(lambda _index: self._use())
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.rows.customContextMenuRequested.connect(
            lambda point: self._open_menu(self.rows.viewport().mapToGlobal(point))
        )
        self.plot.dots.taken.connect(lambda at: self.choose(self.plot.points[at].key))
        self.card.newer.clicked.connect(self.newer_asked)
        self.editor.kept.connect(self.kept)
        self.editor.left.connect(lambda: self._turn(self.side.key))
        themes.changed.connect(self.update)

    # what is shown

    def show_shelf(self, shelf: Shelf, can_use: frozenset[str]) -> None:
        """Show a catalogue; `can_use` are the tables of which a plan can use a row."""
        self._shelf, self._can_use = shelf, can_use
        chosen = [row.key for row in self.chosen]
        self._show_table()
        for key in chosen[:1]:
            self.choose(key)

    def show_table(self, table: str, key: str = "") -> None:
        """Show a table, and one of its rows."""
        self.table.show_key(table)
        self.search.show_text("")
        self.search.restore()
        self._show_table()
        self.choose(key)

    def choose(self, key: str) -> None:
        """Choose the row of a key, where it is shown."""
        at = self.model.place_of(key)
        if at >= 0:
            self.rows.selectRow(at)
            self.rows.scrollTo(self.model.index(at, 0))

    @property
    def chosen(self) -> tuple[Row, ...]:
        """The rows that are chosen in the table."""
        places = sorted({index.row() for index in self.rows.selectionModel().selectedRows()})
        return tuple(self.model.rows[at] for at in places if at < len(self.model.rows))

    def _show_table(self) -> None:
        if self._shelf is None:
            return
        name = self.table.key
        self._everything = self._shelf.rows(name)
        self.rows.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.model.show_rows(name, self._everything, self._found())
        self.rows.fit()
        self._after_finding()

    def _found(self) -> tuple[Row, ...]:
        return self._shelf.search(self.table.key, self.search.text) if self._shelf is not None else ()

    def _show_found(self) -> None:
        self.model.find(self._found())
        self._after_finding()

    def _after_finding(self) -> None:
        rows = self.model.rows
        if rows:
            self.rows.selectRow(0)
            self.rows.scrollToTop()
        else:
            self._show_chosen()
        if self.places.currentIndex() == PLOT:
            self._show_plot()
        self._say()

    def _say(self) -> None:
        count, all_of_them = len(self.model.rows), len(self._everything)
        said = _("{count} of {every} rows").format(count=count, every=all_of_them)
        if count == all_of_them:
            said = plural("{count} row", "{count} rows", count).format(count=count)
        old = sum(is_old(row, today()) for row in self._everything)
        if old:
            said += "; " + plural(
                "{count} is older than a year", "{count} are older than a year", old
            ).format(count=old)
        mine = sum(layer_of(row) == "own" for row in self._everything)
        if mine:
            said += "; " + plural("{count} is your own", "{count} are your own", mine).format(count=mine)
        if not count:
            said += ". " + _("No row holds every typed word.")
        self.sentence.setText(said)

    def _turn(self, side: str) -> None:
        self.places.setCurrentIndex(_SIDES.index(side))
        if side == "plot":
            self._show_plot()
        else:
            self._show_chosen()

    def _show_plot(self) -> None:
        self.plot.show_rows(self.table.key, self._everything, self.model.rows)

    def _show_chosen(self) -> None:
        rows = self.chosen
        if self.places.currentIndex() == EDIT:
            self.places.setCurrentIndex(_SIDES.index(self.side.key))
        self.card.show_row(rows[0] if rows else None)
        two = len(rows) == 2
        if two:
            show_comparison(self.comparison, *rows)
            if self.side.key == "row":
                self._turned = True
                self.side.show_key("compare")
                self.places.setCurrentIndex(COMPARE)
        elif self._turned and self.side.key == "compare":
            self.side.show_key("row")
            self.places.setCurrentIndex(ROW)
        self._turned = self._turned and two
        self.compared.setVisible(two)
        words = _("Choose two rows of the table, the second with Ctrl held, to see them side by side.")
        self.compare_words.setText("" if two else words)
        self.compare_words.setVisible(not two)
        one = len(rows) == 1
        usable = self.table.key in self._can_use
        self.use.setEnabled(one and usable)
        tooltip(self.use, "" if usable else _("No field of a plan takes a row of this table."))
        self.copy_row.setEnabled(one and self.table.key in FACTS)

    def edit_row(self, row: Row) -> None:
        """Offer the cells of an own row."""
        self.editor.edit(row)
        self.places.setCurrentIndex(EDIT)
        self.editor.enter()

    # asking

    def _use(self) -> None:
        if self.use.isEnabled():
            self.used.emit(self.chosen[0])

    def _copy(self) -> None:
        if self.copy_row.isEnabled():
            self.copied.emit(self.chosen[0])

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def menu(self) -> QMenu:
        """Return what can be done with the chosen rows and with one's own rows."""
        menu = QMenu(self)
        rows, index = self.chosen, self.rows.currentIndex()
        for words, run, possible in (
            (_("Use in plan"), self._use, self.use.isEnabled()),
            (_("Copy as own row"), self._copy, self.copy_row.isEnabled()),
            (_("Edit this own row"), lambda: self.edit_row(rows[0]), self._is_own(rows)),
            (_("Delete this own row"), lambda: self.deleted.emit(rows[0]), self._is_own(rows)),
            ("", None, True),
            (_("Copy the cell"), lambda: self._copy_cell(index), index.isValid()),
            (_("Copy the rows"), self.rows.copy, bool(rows)),
            (_("Sort by this column"), lambda: self._sort_by(index.column()), index.isValid()),
            ("", None, True),
            (_("Export own rows…"), self.export_asked.emit, True),
            (_("Import rows of a colleague…"), self.import_asked.emit, True),
            (_("Open a data pack…"), self.pack_asked.emit, True),
        ):
            if run is None:
                menu.addSeparator()
            else:
                action = menu.addAction(words)
                action.setEnabled(possible)
                action.triggered.connect(lambda _checked=False, run=run: run())
        return menu

    def _is_own(self, rows: tuple[Row, ...]) -> bool:
        return len(rows) == 1 and layer_of(rows[0]) == "own"

    def _copy_cell(self, index: QModelIndex) -> None:
        QGuiApplication.clipboard().setText(str(index.data(FULL) or ""))

    def _sort_by(self, section: int) -> None:
        head = self.rows.horizontalHeader()
        again = head.sortIndicatorSection() == section
        rises = not again or head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        order = Qt.SortOrder.AscendingOrder if rises else Qt.SortOrder.DescendingOrder
        self.rows.sortByColumn(section, order)

    def enter(self) -> None:
        """Give the keyboard to the field that finds rows."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().surface)
        painter.end()
