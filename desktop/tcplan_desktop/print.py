"""The print dialog of the system, and the sheet on a printer."""

from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from tcplan.language import _
from tcplan_desktop.paper.pages import PAPERS, Pages


def ask_and_print(pages: Pages, paper: str, parent: QWidget) -> bool:
    """Show the system's dialog and print; return whether something was printed."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(PAPERS[paper]))
    printer.setDocName(pages.sheet.title)
    printer.setFromTo(1, pages.count)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(_("Print the sheet"))
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    print_on(pages, printer)
    return True


def print_on(pages: Pages, printer: "QPrinter") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Draw the pages that the printer was asked for."""
    printer.setFullPage(True)
    painter = QPainter(printer)
    first = max(printer.fromPage(), 1)
    last = printer.toPage() or pages.count
    whole = printer.pageLayout().fullRect(QPageLayout.Unit.Point)
    scale = printer.resolution() / 72.0
    fit = min(whole.width() / pages.size.width(), whole.height() / pages.size.height(), 1.0)
    for number in range(first - 1, min(last, pages.count)):
        if number > first - 1:
            printer.newPage()
        painter.save()
        painter.scale(scale * fit, scale * fit)
        pages.draw(painter, number)
        painter.restore()
    painter.end()
