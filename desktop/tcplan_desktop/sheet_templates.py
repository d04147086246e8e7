"""The templates of the sheet as commands of the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tcplan_desktop.shortcuts import COMMANDS
from tcplan_desktop.views.centre import SHEET

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcplan_desktop.window import Window

_PREFIX = "sheet_"
"""Before the name of a template in that of its command."""


def slots(window: Window) -> dict[str, Callable[[], object]]:
    """Return what the commands do that show the sheet in a template."""
    names = (command.name for command in COMMANDS if command.name.startswith(_PREFIX))
    return {name: partial(show, window, name.removeprefix(_PREFIX)) for name in names}


def show(window: Window, key: str) -> None:
    """Show the sheet of the plan in force in a template."""
    window.show_tab(SHEET)
    window.workbench.centre.made_sheet().choose_template(key)
