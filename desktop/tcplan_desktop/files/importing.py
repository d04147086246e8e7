"""Files of other programs that become a plan: a model, a run's arguments, finished jobs, metered energy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tcplan.language import _, plural
from tcplan.reading.document import Imported, document_of
from tcplan.reading.kinds import read_file
from tcplan.reading.reading import ReadingError
from tcplan_desktop.views.notices import Notice

if TYPE_CHECKING:
    from tcplan_desktop.files.open_save import PlanDesk

SUFFIXES = (".json", ".csv", ".tsv", ".txt", ".log", ".out", ".sh", ".sbatch", ".slurm", ".yaml", ".yml")
"""How the files that can become a plan usually end; what is in them decides."""


def importable(paths: Sequence[Path]) -> list[Path]:
    """Return the files that may become a plan."""
    return [path for path in paths if path.suffix.lower() in SUFFIXES]


def ask(desk: PlanDesk) -> None:
    """Let the person choose a file, and make a plan of it."""
    path = desk.dialogs.ask_import(_("Make a plan from a file"), Path.home())
    if path is not None:
        desk.open_path(path)


def show(desk: PlanDesk, path: Path) -> None:
    """Show the plan that a file makes, and say what was assumed; what cannot be read is said."""
    try:
        made = document_of(read_file(path, desk.window.evaluator.shelf), path.name)
    except ReadingError as error:
        sentence = _("{name} was not opened: {reason}.").format(name=path.name, reason=error.sentence)
        desk.say("open", "error", sentence)
        return
    desk.window.notices.drop("open")
    desk.take(made.document)
    desk.window.show_workbench()
    details = "\n".join((*made.missing, *made.notes))
    desk.window.notices.say(Notice("import", "advice", _words(made, path.name), details=details))


def _words(made: Imported, name: str) -> str:
    if not made.missing:
        return _("A new plan with everything that {name} says.").format(name=name)
    sentence = plural(
        "A new plan from {name}. Assumed: {first}.",
        "A new plan from {name}. Assumed: {first}; and {more} more.",
        len(made.missing),
    )
    return sentence.format(name=name, first=made.missing[0].rstrip("."), more=len(made.missing) - 1)
