"""The file dialogs of the system, with the folder and name that they begin with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from tcplan.catalogue.pack import SUFFIX as PACK
from tcplan.language import _
from tcplan.plan.backups import user_folder

SUFFIX = ".tcplan"


def plans_folder() -> Path:
    """Return the folder for plans of people who have no better one; it is made when it is not there."""
    folder = user_folder() / "plans"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path.home()
    return folder


def with_suffix(path: Path) -> tuple[Path, bool]:
    """Return a path that ends as plans do, and whether it is the one that the dialog asked about."""
    if path.suffix == SUFFIX:
        return path, True
    return path.with_name(path.name + SUFFIX), False


class Dialogs:
    """Asks for paths; each answer is None when the person thought better of it."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def ask_open(self, title: str, folder: Path) -> Path | None:
        """Ask for a plan that exists."""
        filters = _("Plans and data packs (*{suffix} *{pack})").format(suffix=SUFFIX, pack=PACK)
        name, _filter = QFileDialog.getOpenFileName(self._parent, title, str(folder), filters)
        return Path(name) if name else None

    def ask_import(self, title: str, folder: Path) -> Path | None:
        """Ask for a file of another program; their endings say little, so all are shown."""
        name, _filter = QFileDialog.getOpenFileName(self._parent, title, str(folder))
        return Path(name) if name else None

    def ask_save(self, title: str, proposal: Path) -> Path | None:
        """Ask where to save a plan."""
        return self.ask_place(title, proposal, ((_("Plans"), SUFFIX),))

    def ask_place(self, title: str, proposal: Path, kinds: Sequence[tuple[str, str]]) -> Path | None:
        """Ask where to save a file of one of several kinds, each with its name and suffix."""
        dialog = QFileDialog(self._parent, title, str(proposal.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{name} (*{suffix})" for name, suffix in kinds])
        suffixes = {f"{name} (*{suffix})": suffix.lstrip(".") for name, suffix in kinds}
        dialog.setDefaultSuffix(kinds[0][1].lstrip("."))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(suffixes.get(chosen, "")))
        dialog.selectFile(proposal.name)
        accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(chosen[0]) if accepted and chosen else None
