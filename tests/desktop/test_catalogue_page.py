"""The catalogue in the window: find, sort, compare, plot, use, own rows, data packs, newer rows."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.engine.catalogue_rows import KEY, cleaner_grid, layer, pack_file, price, rows_file

from tcplan.catalogue import overlay, pack, publishers
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.catalogue.signature import new_key
from tcplan.estimate import rows_in_use
from tcplan.plan.document import Document
from tcplan.validation.own_stack import shelf_here
from tcplan_desktop.files.dialogs import Dialogs
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.views.catalogue_pack import PackPage
from tcplan_desktop.views.catalogue_page import CataloguePage
from tcplan_desktop.window import Window


@pytest.fixture(autouse=True)
def own_rows() -> Iterator[None]:
    yield
    overlay.forget()
    publishers.forget()


@pytest.fixture
def page(window: Window) -> CataloguePage:
    window.actions_by_name["catalogue"].trigger()
    made = window.catalogue.page
    assert made is not None
    assert window.stack.currentWidget() is made
    return made


def type_into(page: CataloguePage, text: str) -> None:
    page.search.line.setFocus()
    page.search.line.clear()
    QTest.keyClicks(page.search.line, text)


def shown(page: CataloguePage) -> list[str]:
    return [row.key for row in page.model.rows]


def headline(window: Window) -> tuple[float, float]:
    return window.estimate["money.total"].value, window.estimate["carbon.location"].value


def choose_two(page: CataloguePage, first: int, second: int) -> None:
    page.rows.selectRow(first)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    page.rows.selectionModel().select(page.model.index(second, 0), flags)


def test_typing_finds_rows_without_accents_and_says_how_many(page: CataloguePage) -> None:
    """Nobody would find a country whose name is written in another way."""
    page.show_table("grids")
    type_into(page, "cote d'ivoire")
    assert "CIV" in shown(page)
    page.show_table("prices")
    type_into(page, "h100 azure")
    every = len(shipped().rows("prices"))
    assert 0 < page.model.rowCount() < every
    assert page.sentence.text().startswith(f"{page.model.rowCount()} of {every} rows")
    type_into(page, "no such thing")
    assert page.model.rowCount() == 0
    assert "No row" in page.sentence.text()
    assert not page.use.isEnabled()


def test_every_table_shows_units_sources_and_dates(page: CataloguePage) -> None:
    """A figure without a unit or a source cannot be believed."""
    for option in page.table._options:
        page.show_table(option.key)
        heads = [
            page.model.headerData(at, Qt.Orientation.Horizontal) for at in range(page.model.columnCount())
        ]
        assert {"Name", "Source", "Date", "Confidence"} <= set(heads)
        assert all(page.model.index(0, at).data() is not None for at in range(len(heads)))
    page.show_table("grids")
    heads = [page.model.headerData(at, Qt.Orientation.Horizontal) for at in range(page.model.columnCount())]
    assert "Carbon, g/kWh" in heads
    assert "Price, $/kWh" in heads


def test_a_head_sorts_and_what_is_unknown_comes_last(page: CataloguePage) -> None:
    """A table of a thousand prices in no order answers no question."""
    page.show_table("grids")
    names = [one.name for one in page.model.columns]
    at = names.index("price_usd_per_kwh")
    for order, sign in ((Qt.SortOrder.AscendingOrder, 1), (Qt.SortOrder.DescendingOrder, -1)):
        page.rows.sortByColumn(at, order)
        cells = [row.number("price_usd_per_kwh") for row in page.model.rows]
        known = [sign * cell for cell in cells if cell is not None]
        assert known == sorted(known)
        assert cells[: len(known)].count(None) == 0
        assert len(page.chosen) == 1


def test_the_card_gives_each_figure_its_own_source(page: CataloguePage) -> None:
    """The price of a country's electricity would be credited to who measured its carbon."""
    page.show_table("grids", "USA")
    row = shipped().find("grids", "USA")
    lines = {line[0]: line for line in page.card.model.lines}
    assert lines["Price"][2] == row.get("electricity_price_source")
    assert lines["Carbon"][2] == row.source
    assert "years old" in lines["Price"][3] or lines["Price"][3] == row.get("electricity_price_date")
    recalled = next(row for row in shipped().rows("accelerators") if row.get("basis") == "recalled")
    page.show_table("accelerators", recalled.key)
    assert "from memory" in page.card.warning.text()
    assert "old" in page.card.warning.text()


def test_two_rows_stand_beside_each_other(page: CataloguePage) -> None:
    """Two accelerators could be compared on paper only."""
    page.show_table("accelerators")
    choose_two(page, 2, 20)
    first, second = page.chosen
    assert page.compared.isVisible()
    assert page.comparison.heads[1:3] == (first.name, second.name)
    lines = {line[0]: line for line in page.comparison.lines}
    same = first.get("vendor") == second.get("vendor")
    assert (lines["Vendor"][3] == "=") is same
    assert any("%" in line[3] for line in page.comparison.lines)
    page.rows.selectRow(3)
    assert page.card.isVisible()


def test_any_two_columns_are_plotted_and_a_point_is_a_row(page: CataloguePage, qtbot: QtBot) -> None:
    """A plot whose points say nothing of their rows is a picture, not an answer."""
    page.show_table("accelerators")
    plot = page.plot
    segment = next(one for one in page.side.findChildren(Pressable) if one.text() == "Plot")
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
    assert plot.isVisible()
    plot.across.show_key("memory_bandwidth_gb_per_s")
    plot.up.show_key("bf16_tflops")
    plot.up.picked.emit("bf16_tflops")
    assert plot.dots.titles == ("Memory bandwidth, GB/s", "Peak bf16, TFLOP/s")
    assert all(axis.log for axis in plot.dots._axes)
    assert all(row.number("bf16_tflops") is not None for row in plot.points)
    QTest.mouseMove(plot.dots, plot.dots.place(5).toPoint())
    qtbot.waitUntil(lambda: plot.dots.read >= 0)
    read = plot.dots.dots[plot.dots.read]
    assert read.words[0] in {row.name for row in plot.points}
    # The plot takes its final size only when it is painted first.
    spot = plot.dots.place(plot.dots.read).toPoint()
    QTest.mouseClick(plot.dots, Qt.MouseButton.LeftButton, pos=spot)
    assert page.chosen[0].name == read.words[0]


@pytest.mark.parametrize(
    ("table", "key", "path"),
    [
        ("accelerators", "a100-80gb-sxm", "hardware.accelerator"),
        ("models", "gpt3-175b", "model.preset"),
        ("grids", "FRA", "site.grid"),
    ],
)
def test_a_row_is_used_in_the_plan_as_one_step(
    window: Window, page: CataloguePage, table: str, key: str, path: str
) -> None:
    """The row would have to be looked for again in a field."""
    keys = [row.key for row in shipped().rows(table)]
    key = key if key in keys else next(one for one in keys if one.startswith(key[:4]))
    page.show_table(table, key)
    page.use.click()
    assert window.document.plan.get(path) == key
    assert window.stack.currentWidget() is window.workbench
    window.actions_by_name["undo"].trigger()
    assert window.document.plan.get(path) is None


def test_a_price_brings_its_device(window: Window, page: CataloguePage) -> None:
    """The price of one device would be paid for another."""
    others = (row for row in shipped().rows("prices") if row.get("way") == "on-demand")
    row = next(row for row in others if str(row.get("accelerator")).startswith("a100"))
    page.show_table("prices", row.key)
    page.use.click()
    assert window.document.plan.get("purchase.offer") == row.key
    assert window.document.plan.get("hardware.accelerator") == row.get("accelerator")
    assert window.estimate.inputs.rows.price == row
    window.actions_by_name["undo"].trigger()
    assert window.document.plan.get("hardware.accelerator") is None


def test_a_published_run_opens_as_a_plan(window: Window, page: CataloguePage) -> None:
    page.show_table("runs", "bloom-176b")
    page.use.click()
    assert window.document.plan.get("model.preset") == "bloom-176b"


def test_what_no_field_takes_says_so(page: CataloguePage) -> None:
    """A button that does nothing looks like a fault."""
    page.show_table("equivalences")
    assert not page.use.isEnabled()
    assert "No field" in page.use.toolTip()
    page.show_table("performance")
    assert not page.copy_row.isEnabled()


def test_cells_and_rows_are_copied_as_text(page: CataloguePage) -> None:
    """Figures would be typed off the screen."""
    page.show_table("accelerators", "h100-sxm")
    section = [one.name for one in page.model.columns].index("bf16_tflops")
    page.rows.setCurrentIndex(page.model.index(page.model.place_of("h100-sxm"), section))
    actions = {action.text(): action for action in page.menu().actions()}
    actions["Copy the cell"].trigger()
    assert float(QGuiApplication.clipboard().text()) == shipped().find("accelerators", "h100-sxm").get(
        "bf16_tflops"
    )
    actions["Copy the rows"].trigger()
    assert "h100-sxm" in QGuiApplication.clipboard().text()


def test_a_copy_is_edited_kept_used_and_deleted(window: Window, page: CataloguePage) -> None:
    """A negotiated device could be entered nowhere, or a typing error would be in every plan."""
    page.show_table("accelerators", "h100-sxm")
    page.copy_row.click()
    wells = page.editor.wells
    assert wells["key"].text == "own-h100-sxm"
    wells["device_power_w"].line.setText("-5")
    page.editor.save.click()
    assert "zero or more" in wells["device_power_w"].message
    assert overlay.own().rows == ()
    wells["device_power_w"].line.setText("650")
    wells["name"].line.setText("Our H100")
    page.editor.save.click()
    (row,) = overlay.own().rows
    assert (row.key, row.name, row.get("device_power_w")) == ("own-h100-sxm", "Our H100", 650.0)
    assert page.chosen == (row,)
    whose = [one.label for one in page.model.columns].index("Whose")
    assert page.model.index(page.model.place_of(row.key), whose).data() == "own"
    page.use.click()
    assert window.estimate.field("hardware.device_power").value == 650.0
    window.actions_by_name["catalogue"].trigger()
    page.choose(row.key)
    {action.text(): action for action in page.menu().actions()}["Delete this own row"].trigger()
    assert overlay.own().rows == ()
    assert row.key not in shown(page)
    # The plan that uses it goes on with its copy.
    assert window.estimate.field("hardware.device_power").value == 650.0


def test_a_colleagues_rows_ask_before_they_replace(
    window: Window, page: CataloguePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing would lose one's own row of the same key."""
    overlay.keep(layer(price()).rows)
    file = rows_file(tmp_path, price(price_usd_per_h=9.0))
    monkeypatch.setattr(Dialogs, "ask_import", lambda *_: file)
    actions = {action.text(): action for action in page.menu().actions()}
    actions["Import rows of a colleague…"].trigger()
    bar = window.notices.bars["own rows"]
    assert [button.text() for button in bar.buttons] == ["Keep both", "Replace mine"]
    assert len(overlay.own().rows) == 1
    bar.buttons[0].click()
    assert [row.get("price_usd_per_h") for row in overlay.own().rows] == [1.0, 9.0]
    out = tmp_path / "out.json"
    monkeypatch.setattr(Dialogs, "ask_place", lambda *_: out)
    actions["Export own rows…"].trigger()
    assert overlay.read_bytes(out.read_bytes()) == overlay.own()


def test_a_bad_file_of_rows_is_refused_in_a_sentence(
    window: Window, page: CataloguePage, tmp_path: Path
) -> None:
    """Half of the rows would be in the catalogue."""
    window.catalogue.import_rows(rows_file(tmp_path, price(key="good"), price(price_usd_per_h=-1.0)))
    assert "price_usd_per_h" in window.notices.bars["own rows"].notice.sentence
    assert overlay.own().rows == ()


# data packs


def drop(window: Window, path: Path) -> None:
    desk = window.desk
    assert isinstance(desk, PlanDesk)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at, none = QPointF(window.rect().center()), Qt.KeyboardModifier.NoModifier
    left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(at.toPoint(), copy, data, left, none)
    desk._veil.dragEnterEvent(entered)
    assert "before anything is taken" in desk._veil.second
    desk._veil.dropEvent(QDropEvent(at, copy, data, left, none))


def opened(window: Window, qtbot: QtBot, path: Path) -> PackPage:
    if window.desk is None:
        window.desk = PlanDesk(window)
    drop(window, path)
    page = window.catalogue.packs.page
    assert page is not None
    assert window.stack.currentWidget() is page
    qtbot.waitUntil(lambda: len(page.model.effects) == len(page.model.differences))
    return page


def test_a_dropped_pack_changes_nothing_until_it_is_taken(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    """A pack would move the headline of an open plan by itself."""
    before = headline(window)
    page = opened(window, qtbot, pack_file(tmp_path))
    assert page.accept.isVisible()
    assert not page.all.isEnabled()
    assert "−" in page.model.index(0, 4).data()
    assert "carbon −" in page.together.text()
    page.accept.click()
    assert page.all.isEnabled()
    page.all.click()
    assert overlay.packs().rows == (cleaner_grid(),)
    assert headline(window) == before
    assert not window.document.modified
    bar = window.notices.bars["newer rows"]
    assert "carbon −" in bar.notice.sentence
    bar.buttons[0].click()
    assert headline(window)[1] < before[1]
    assert window.document.undo_stack.count() == 1
    window.actions_by_name["undo"].trigger()
    assert headline(window) == before
    window.actions_by_name["redo"].trigger()
    assert headline(window)[1] < before[1]
    window.actions_by_name["new"].trigger()
    assert headline(window)[1] < before[1]


def test_some_rows_of_a_pack_are_taken(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    """Whoever wants one row of a pack would have to take them all."""
    publishers.accept(pack.read(pack_file(tmp_path)))
    page = opened(window, qtbot, pack_file(tmp_path, (cleaner_grid(), *layer(price()).rows)))
    assert not page.accept.isVisible()
    assert not page.some.isEnabled()
    at = next(at for at, one in enumerate(page.model.differences) if one.table == "prices")
    page.table.selectRow(at)
    page.some.click()
    assert overlay.packs().rows == layer(price()).rows


def test_none_of_a_pack_is_taken(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(window, qtbot, pack_file(tmp_path))
    page.accept.click()
    page.none.click()
    assert overlay.packs().rows == ()
    assert window.stack.currentWidget() is window.workbench


def test_a_saved_plan_keeps_its_rows_and_is_offered_newer_ones(window: Window) -> None:
    """An old offer would say another price when it is opened."""
    content = Document.new(window.document.plan)
    content = content.with_rows(rows_in_use(content, window.estimate))
    before = headline(window)
    overlay.take([cleaner_grid()], [])
    window.evaluator.take_catalogue()
    window.take(content)
    assert headline(window) == before
    assert "newer rows" in window.notices.bars
    window.actions_by_name["catalogue"].trigger()
    page = window.catalogue.page
    assert page is not None
    page.show_table("grids", "USA")
    assert page.card.newer.isVisible()
    page.card.newer.click()
    assert headline(window)[1] < before[1]
    assert not page.card.newer.isVisible()
    assert "newer rows" not in window.notices.bars


@pytest.mark.parametrize("kind", ["changed", "cut", "pipe", "folder", "large", "forged", "negative", "empty"])
def test_a_bad_pack_is_refused_in_a_sentence(window: Window, tmp_path: Path, kind: str) -> None:
    """A forged pack would be half taken, or a pipe would hang the window."""
    path = pack_file(tmp_path)
    data = path.read_bytes()
    if kind == "forged":
        publishers.accept(pack.read(path))
        data = pack.signed((cleaner_grid(),), (), "2026-11-26", new_key(KEY.publisher))
    elif kind == "negative":
        bad = Row(
            "prices", "x", {**layer(price()).rows[0].values, "price_usd_per_h": -1.0}, "s", "2026", "low"
        )
        data = pack.signed((bad,), (), "2026-11-26", KEY)
    path.write_bytes(
        {"changed": data.replace(b"100.0", b"10.0"), "cut": data[:200], "empty": b""}.get(kind, data)
    )
    if kind in ("pipe", "folder", "large"):
        path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "large":
        with path.open("wb") as out:
            out.truncate(1_000_000_000)
    before = headline(window)
    window.catalogue.packs.open(path)
    sentence = window.notices.bars["pack"].notice.sentence
    assert sentence.startswith("acme.tcdata was not opened: ")
    assert sentence.count("\n") == 0
    assert window.stack.currentWidget() is window.workbench
    assert overlay.packs().rows == ()
    assert shelf_here() is shipped()
    assert headline(window) == before
