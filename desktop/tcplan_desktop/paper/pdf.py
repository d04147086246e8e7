"""The sheet as a PDF file: vector graphics, embedded fonts, text that can be searched."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from tcplan.estimate import Estimate
from tcplan.plan.document import Document
from tcplan.report.output import write_whole
from tcplan.version import VERSION
from tcplan.writers import chosen_sheet
from tcplan_desktop.paper.pages import PAPERS, Pages, laid_out

_POINTS = 72


def pdf_bytes(pages: Pages, paper: str) -> bytes:
    """Return the pages as the bytes of a PDF file."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_POINTS)
    writer.setPageLayout(
        QPageLayout(QPageSize(PAPERS[paper]), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    writer.setTitle(pages.sheet.title)
    writer.setCreator(f"TCPlan {VERSION}")
    painter = QPainter(writer)
    for number in range(pages.count):
        if number:
            writer.newPage()
        pages.draw(painter, number)
    painter.end()
    buffer.close()
    return bytes(store.data())


def write_pdf(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
    """Write the sheet of a document as PDF; needs no display.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if sys.platform == "linux" else "")
        _keep.append(QGuiApplication(["tcplan"]))
    pages = laid_out(chosen_sheet(document, estimate, options), options["paper"])
    write_whole(pdf_bytes(pages, options["paper"]), path)


# The application object must outlive the fonts that it registered.
_keep: list[QGuiApplication] = []
