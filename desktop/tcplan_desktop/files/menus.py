"""The two lists in the File menu that are made when they are opened: recent plans and older versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from tcplan.language import _
from tcplan_desktop.files import backups

if TYPE_CHECKING:
    from tcplan_desktop.files.open_save import PlanDesk

_MOST = 10


class RecentMenu(QMenu):
    """The plans of late."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what can be opened, the last one first."""
        self.clear()
        items = [item for item in self._desk.recent() if not item.missing][:_MOST]
        for item in items:
            # An ampersand in a name is a letter, not the mark of a key.
            words = "   ".join(part for part in (item.name, item.money, item.when) if part)
            action = self.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, key=item.path: self._desk.open_path(Path(key)))
        if not items:
            self.addAction(_("No plan was open lately")).setEnabled(False)


class VersionMenu(QMenu):
    """The older versions of the plan that is open, the newest first."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List the versions with what each said."""
        self.clear()
        versions = backups.versions(self._desk.document.content.id)
        for version in versions:
            action = self.addAction(version.words)
            action.triggered.connect(lambda _checked=False, version=version: self._desk.revert(version))
        if not versions:
            self.addAction(_("No older version is kept")).setEnabled(False)
