"""What the window asks of the files: it knows no disk itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tcplan.plan.document import Document as Content

if TYPE_CHECKING:
    from tcplan_desktop.views.start_list import RecentItem


COMMANDS = {
    "open": "open",
    "import": "import_file",
    "save": "save",
    "save_as": "save_as",
    "open_recent": "choose_recent",
    "revert": "choose_version",
    "show_in_folder": "show_in_folder",
    "print": "print_sheet",
    "export": "export_sheet",
}
"""The commands of the window that the desk carries out, with what does so."""


class Desk(Protocol):
    """The files and the printer, as the window sees them."""

    def take(self, content: Content) -> None:
        """Show another document that was never saved; what was open is kept."""

    def open(self) -> None:
        """Let the person choose a file and show it."""

    def import_file(self) -> None:
        """Let the person choose a file of another program, and make a plan of it."""

    def ask_plan(self) -> Path | None:
        """Let the person choose the file of another plan."""

    def open_path(self, path: Path) -> None:
        """Show the document of a file."""

    def save(self) -> bool:
        """Save where the document is; return whether it is on the disk."""

    def save_as(self) -> bool:
        """Let the person choose where to save."""

    def choose_recent(self) -> None:
        """Show the list of plans of late, to open one."""

    def choose_version(self) -> None:
        """Show the older versions of the plan, to go back to one."""

    def show_in_folder(self) -> None:
        """Show where the file lies."""

    def locate(self, path: str) -> None:
        """Let the person say where a missing plan is now."""

    def recent(self) -> Sequence[RecentItem]:
        """Return the plans of late, the last one first."""

    def print_sheet(self) -> None:
        """Print the sheet."""

    def export_sheet(self) -> None:
        """Save the sheet as a file."""

    def may_close(self) -> bool:
        """Return whether the window may go; what was not saved is kept."""
