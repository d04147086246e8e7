"""The sheet as its reader gets it: text that can be searched, vector graphics, the right paper."""

import datetime
import io
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QMarginsF, QPoint, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan import marks
from tcplan.plan.document import Document
from tcplan.report.blocks import Heading, Paragraph, Printout, Table
from tcplan.report.case import Case
from tcplan.report.numbers import figure
from tcplan.report.sheet import Sheet, sheet_of
from tcplan.report.templates.registry import ONE_PAGE, TEMPLATES
from tcplan.validation.on_paper import sureness_of
from tcplan_desktop.paper.pages import Pages, laid_out
from tcplan_desktop.paper.pdf import pdf_bytes
from tcplan_desktop.parts.lines_well import Lines
from tcplan_desktop.print import ask_and_print, print_on
from tcplan_desktop.views.sheet_preview import Page, SheetPreview

TODAY = datetime.date(2026, 11, 24)


def _sheet(document: Document) -> Sheet:
    return sheet_of(document, evaluate(document.plan), TODAY)


def _printed(document: Document, template: str = ONE_PAGE) -> Printout:
    estimate = evaluate(document.plan)
    sureness = sureness_of if template != ONE_PAGE else lambda _estimate: None
    return TEMPLATES[template].make(Case(document, estimate, TODAY, document.in_force, sureness))


@pytest.fixture
def document() -> Document:
    return (
        example("gpt3-175b")
        .with_value("programme.budget", 10e6, "10 M$")
        .with_value("programme.people", 12.0, "12")
        .with_value("programme.pay", 300_000 / 31_557_600, "300 k$/yr")
    )


def _read(document: Document, paper: str = "a4") -> PdfReader:
    return PdfReader(io.BytesIO(pdf_bytes(laid_out(_printed(document), paper), paper)))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_text_holds_every_headline_number(qtbot: QtBot, document: Document) -> None:
    estimate = evaluate(document.plan)
    page = _plain(_read(document).pages[0].extract_text())
    for path in ("money.total", "time.run", "energy.facility", "carbon.location", "water.total"):
        shown = figure(estimate[path].value, estimate[path].unit, digits=2)
        assert shown.text in page, path
        assert shown.unit in page, path
    assert "GPT-3" in page
    raw = _read(document).pages[0].extract_text()
    assert "will cost about" in raw
    assert "\t" not in raw
    assert "24 November 2026" in page
    assert estimate.plan.fingerprint() in page


def test_fonts_are_embedded_and_nothing_is_a_picture(qtbot: QtBot, document: Document) -> None:
    for page in _read(document).pages:
        assert not page.images
        fonts = cast("dict[str, Any]", cast("Any", page)["/Resources"]["/Font"])
        for name, font in fonts.items():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert any(key.startswith("/FontFile") for key in descriptor), name
            assert "/ToUnicode" in font


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_the_paper_is_the_one_that_was_asked_for(
    qtbot: QtBot, document: Document, paper: str, size: tuple[int, int]
) -> None:
    reader = _read(document, paper)
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
    assert f"Page 1 of {len(reader.pages)}" in _plain(reader.pages[0].extract_text())
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in _plain(reader.pages[-1].extract_text())


def test_overleaf_are_formulas_and_sources(qtbot: QtBot, document: Document) -> None:
    text = _plain(" ".join(page.extract_text() for page in _read(document).pages[1:]))
    assert "Device-hours to pay for × Price" in text
    assert "Sources of the figures" in text
    assert "arXiv:" in text


def test_the_breakdown_adds_up_and_says_what_is_not_counted(qtbot: QtBot, document: Document) -> None:
    sheet = _sheet(document)
    assert sum(part.share for part in sheet.parts) == pytest.approx(1.0)
    assert any(part.label == "Staff" for part in sheet.parts)
    assert "contingency" in sheet.not_counted
    assert "staff" not in sheet.not_counted


def test_a_long_list_of_assumptions_goes_on_overleaf(qtbot: QtBot, document: Document) -> None:
    full = document
    for name in ("peak", "memory", "memory_bandwidth", "scale_up_bandwidth", "nic_bandwidth", "server_power"):
        value = evaluate(full.plan).field(f"hardware.{name}").value
        full = full.with_value(f"hardware.{name}", value)
    for name in ("tensor", "pipeline", "micro_batch"):
        full = full.with_value(f"layout.{name}", evaluate(full.plan).layout[name])
    full = full.with_value("failures.restart_time", 900.0).with_value("site.idle_share", 0.2)
    texts = [_plain(page.extract_text()) for page in _read(full).pages]
    whole = " ".join(texts)
    for one in _sheet(full).assumptions:
        assert one.label in whole
    assert "more overleaf" in texts[0]


def test_the_marks_are_those_of_the_system(qtbot: QtBot, document: Document) -> None:
    marks.use("de_DE")
    try:
        text = _read(document.with_value("site.pue", 1.25)).pages[0].extract_text()
    finally:
        marks.use("en")
    assert "1,25" in text
    assert "1.25" not in text
    assert "300 B tokens" in _plain(text)


def test_hostile_text_is_text(qtbot: QtBot, document: Document) -> None:
    title = "<b>plan</b> {0} %s & =1+1 " + "W" * 200
    text = _read(Document.new(title=title)).pages[0].extract_text()
    assert "<b>plan</b> {0} %s & =1+1" in _plain(text)


def test_two_prints_of_one_plan_draw_the_same_pixels(qtbot: QtBot, document: Document) -> None:
    assert _image(document) == _image(document)


def _image(document: Document) -> QImage:
    pages = laid_out(_printed(document), "a4")
    image = QImage(600, 850, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    pages.draw(painter, 0)
    painter.end()
    return image


def test_nothing_reaches_into_the_margin(qtbot: QtBot, document: Document) -> None:
    image = _image(document)
    for x in (*range(40), *range(556, 595)):
        column = {image.pixelColor(QPoint(x, y)).name() for y in range(0, 842, 2)}
        assert column == {"#ffffff"}, x


def test_the_printer_gets_all_pages(qtbot: QtBot, document: Document, tmp_path: Path) -> None:
    pages = laid_out(_printed(document), "a4")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    print_on(pages, printer)
    reader = PdfReader(tmp_path / "out.pdf")
    assert len(reader.pages) == pages.count
    assert "GPT-3" in reader.pages[0].extract_text()


@pytest.mark.parametrize("accepted", [True, False])
def test_the_dialog_of_the_system_prints_or_does_not(
    qtbot: QtBot, document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    def answered(dialog: QPrintDialog) -> int:
        printer = dialog.printer()
        assert printer.docName() == document.title
        assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.Letter
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        return int(QDialog.DialogCode.Accepted if accepted else QDialog.DialogCode.Rejected)

    monkeypatch.setattr(QPrintDialog, "exec", answered)
    parent = QWidget()
    qtbot.addWidget(parent)
    pages = laid_out(_printed(document), "letter")
    assert ask_and_print(pages, "letter", parent) is accepted
    assert (tmp_path / "printed.pdf").exists() is accepted
    if accepted:
        assert len(PdfReader(tmp_path / "printed.pdf").pages) == pages.count


def test_the_preview_lays_out_when_it_is_seen_and_follows_the_plan(qtbot: QtBot, document: Document) -> None:
    preview = SheetPreview()
    qtbot.addWidget(preview)
    preview.show_sheet(document, evaluate(document.plan))
    assert not preview.findChildren(Page)
    preview.resize(720, 560)
    with qtbot.waitExposed(preview):
        preview.show()
    first = preview.findChildren(Page)[0].accessibleDescription()
    dearer = document.with_value("training.tokens", 3e12)
    preview.show_sheet(dearer, evaluate(dearer.plan))
    assert preview.findChildren(Page)[0].accessibleDescription() != first


def test_the_title_is_edited_in_place(qtbot: QtBot, document: Document) -> None:
    preview = SheetPreview()
    qtbot.addWidget(preview)
    preview.show_sheet(document, evaluate(document.plan))
    preview._title.line.setText("For the board")
    with qtbot.waitSignal(preview.edited) as caught:
        preview._title.line.editingFinished.emit()
    assert caught.args == ["title", "For the board"]


def test_positions_do_not_depend_on_the_scale_of_the_page(qtbot: QtBot, document: Document) -> None:
    pages = laid_out(_printed(document), "a4")
    assert pages.size == QSizeF(595, 842)
    sizes = set()
    for scale in (1.0, 1.25, 2.0):
        image = QImage(round(595 * scale), round(842 * scale), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.scale(scale, scale)
        pages.draw(painter, 0)
        painter.end()
        dark = [x for x in range(image.width()) if image.pixelColor(x, round(50 * scale)).lightness() < 128]
        sizes.add(round(max(dark) / scale / 4) if dark else 0)
    assert len(sizes) == 1


@pytest.fixture
def offers(document: Document) -> Document:
    """Return a plan with quotes, long words, a long title and a remark of several lines."""
    title = "Rechenzentrumsbeschaffungsgenehmigung pour l’anticonstitutionnellement longue phase " * 2
    full = document.with_words(title=title, author="Élodie Grandjean-Villeneuve", remark="First.\nSecond.")
    for name in (
        "Quote North",
        "Quote of a vendor with an extraordinarily long name, second round",
        "Quote C",
    ):
        price = (2.0 + len(name) / 20.0) / 3600.0
        full = full.with_scenario(name, {"purchase.price": price, "purchase.setup_cost": 1e5})
    return full.with_note("purchase.price", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk " * 4)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_is_whole_pages_with_fonts(
    qtbot: QtBot, offers: Document, template: str, paper: str
) -> None:
    """Fails when a template prints on the wrong paper, without its fonts, or as large as a picture."""
    data = pdf_bytes(laid_out(_printed(offers, template), paper), paper)
    assert len(data) < 500_000
    reader = PdfReader(io.BytesIO(data))
    size = {"a4": (595, 842), "letter": (612, 792)}[paper]
    for number, page in enumerate(reader.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
        assert not page.images
        text = _plain(page.extract_text())
        assert f"Page {number} of {len(reader.pages)}" in text
        fonts = cast("dict[str, Any]", cast("Any", page)["/Resources"]["/Font"])
        for font in fonts.values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert any(key.startswith("/FontFile") for key in descriptor)


@pytest.mark.parametrize("template", [name for name in TEMPLATES if name != ONE_PAGE])
def test_no_text_of_a_template_is_cut_or_leaves_its_page(
    qtbot: QtBot, offers: Document, template: str
) -> None:
    """Fails when a cell is shortened, a heading stands alone at the foot, or a line runs into the margin."""
    sheet = _printed(offers, template)
    pages = laid_out(sheet, "letter")
    whole = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_bytes(pages, "letter"))).pages)
    shown = "".join(whole.split())
    for block in (*sheet.blocks, *sheet.appendix):
        texts = []
        if isinstance(block, Heading | Paragraph):
            texts = [block.text]
        elif isinstance(block, Table):
            texts = [*block.heads, *(str(cell) for row in block.rows for cell in row)]
        for text in texts:
            for word in text.split():
                assert word in shown or len(word) > 20, (word, text)
    for flow in pages.flow:
        assert not flow[-1].leads
        assert sum(piece.height for piece in flow) <= pages.size.height() - 53.0 - 54.0
    for number in range(pages.count):
        image = _drawn(pages, number)
        for x in (*range(48), *range(image.width() - 48, image.width())):
            column = {image.pixelColor(QPoint(x, y)).name() for y in range(0, image.height(), 2)}
            assert column == {"#ffffff"}, (number, x)


def _drawn(pages: Pages, number: int) -> QImage:
    image = QImage(round(pages.size.width()), round(pages.size.height()), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    pages.draw(painter, number)
    painter.end()
    return image


def test_the_heads_of_a_long_table_come_again(qtbot: QtBot, offers: Document) -> None:
    """Fails when the second page of a table has columns without names."""
    pages = laid_out(_printed(offers, "grant"), "letter")
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_bytes(pages, "letter"))).pages]
    continued = [text for text in texts[1:] if "Assumption" in text and "How the compute" not in text]
    assert continued


def test_each_document_keeps_its_template_while_the_program_runs(qtbot: QtBot, document: Document) -> None:
    """Fails when choosing a template for one plan changes another, or the choice becomes part of a plan."""
    preview = SheetPreview()
    qtbot.addWidget(preview)
    estimate = evaluate(document.plan)
    preview.show_sheet(document, estimate)
    preview.choose_template("board")
    board = preview.current()
    assert board is not None
    assert board.sheet.label == "Board"
    other = Document.new(document.plan, "Other")
    preview.show_sheet(other, estimate)
    assert preview.template == ONE_PAGE
    preview.show_sheet(document, estimate)
    assert preview.template == "board"


def test_the_justification_of_a_grant_is_written_in_lines(qtbot: QtBot, document: Document) -> None:
    """Fails when the text that a reviewer reads has to fit into one line, or leaving it loses it."""
    preview = SheetPreview()
    qtbot.addWidget(preview)
    preview.show_sheet(document, evaluate(document.plan))
    preview.choose_template("grant")
    preview.resize(720, 560)
    with qtbot.waitExposed(preview):
        preview.show()
    lines = preview.findChild(Lines)
    assert lines is not None
    assert lines.isVisible()
    lines.setFocus()
    lines.setPlainText("First.\nSecond.")
    with qtbot.waitSignal(preview.edited) as caught:
        lines.clearFocus()
    assert caught.args == ["remark", "First.\nSecond."]
