"""The sheet on paper and in files, at the wish of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplan.language import N_, _
from tcplan.writers import WRITERS, Writer
from tcplan_desktop.files import headline
from tcplan_desktop.files.dialogs import Dialogs, plans_folder
from tcplan_desktop.views.notices import Answer, Notice

if TYPE_CHECKING:
    from pathlib import Path

    from tcplan_desktop.window import Window

_KINDS = (
    (N_("PDF"), ".pdf"),
    (N_("Web page"), ".html"),
    (N_("Workbook"), ".xlsx"),
    (N_("Markdown"), ".md"),
    (N_("LaTeX"), ".tex"),
    (N_("Table"), ".csv"),
)


def print_sheet(window: Window) -> None:
    """Show the print dialog of the system with the sheet of the plan in force."""
    from tcplan_desktop.print import ask_and_print

    view = window.workbench.centre.made_sheet()
    pages = view.current()
    if pages is not None and ask_and_print(pages, view.paper, window):
        window.problems.say(_("The sheet was sent to the printer."))


def export_sheet(window: Window, dialogs: Dialogs) -> None:
    """Ask for a place and a format and write the sheet there."""
    document = window.document
    folder = document.path.parent if document.path else plans_folder()
    name = document.path.stem if document.path else headline.file_name(window.estimate)
    kinds = tuple((_(kind), suffix) for kind, suffix in _KINDS)
    path = dialogs.ask_place(_("Save the sheet as"), folder / f"{name}.pdf", kinds)
    if path is not None:
        _write(window, dialogs, path)


def _write(window: Window, dialogs: Dialogs, path: Path) -> None:
    from tcplan_desktop.paper.pdf import write_pdf

    writers: dict[str, Writer] = {".pdf": write_pdf, **WRITERS}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        allowed = ", ".join(writers)
        sentence = _("A sheet is written as {allowed}; {name} is none of these.")
        _say(window, dialogs, sentence.format(allowed=allowed, name=path.name))
        return
    view = window.workbench.centre.made_sheet()
    options = {"paper": view.paper, "scenario": window.document.scenario, "template": view.template}
    try:
        writer(window.document.document, window.estimate, path, options)
    except OSError as error:
        sentence = _("The sheet was not written in {folder}: {reason}.")
        _say(window, dialogs, sentence.format(folder=path.parent, reason=error.strerror or error))
        return
    window.notices.drop("sheet")
    window.problems.say(_("The sheet is in {name}.").format(name=path.name))


def _say(window: Window, dialogs: Dialogs, sentence: str) -> None:
    answers = (Answer(_("Choose another place"), lambda: export_sheet(window, dialogs)),)
    window.notices.say(Notice("sheet", "error", sentence, answers))
