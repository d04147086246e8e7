"""Every command of the window, once: its words, its keys, its icon and its menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from tcplan.language import N_, _


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the window can do."""

    name: str
    label: str
    keys: str = ""
    icon: str = ""
    group: str = ""
    words: tuple[str, ...] = ()
    other_keys: str = ""
    """What does the same for who comes from another system; menus name the first keys."""


COMMANDS: tuple[Command, ...] = (
    Command("new", N_("New plan"), "Ctrl+N", "file-text"),
    Command("open", N_("Open…"), "Ctrl+O", "folder-open", words=("file", "load")),
    Command("import", N_("Import…"), "Ctrl+I", "download", words=("config", "sacct", "csv", "log")),
    Command("open_recent", N_("Open recent"), "", "clock", words=("history", "last")),
    Command("save", N_("Save"), "Ctrl+S", "save"),
    Command("save_as", N_("Save as…"), "Ctrl+Shift+S", "save"),
    Command("revert", N_("Revert to backup"), "", "history", words=("older", "version", "restore")),
    Command("show_in_folder", N_("Show in folder"), "", "folder-open", words=("file", "explorer", "finder")),
    Command("print", N_("Print the sheet…"), "Ctrl+P", "printer", words=("pdf", "paper")),
    Command(
        "export", N_("Save the sheet as a file…"), "", "download", words=("export", "pdf", "xlsx", "html")
    ),
    Command("sheet_one-page", N_("Sheet: one page"), icon="file-text", words=("summary", "director")),
    Command("sheet_board", N_("Sheet: board"), icon="file-text", words=("decision", "risks", "template")),
    Command("sheet_grant", N_("Sheet: grant"), icon="file-text", words=("justification", "resources")),
    Command("sheet_ai-act", N_("Sheet: EU AI Act"), icon="file-text", words=("annex", "threshold", "law")),
    Command("sheet_carbon", N_("Sheet: carbon and water"), icon="file-text", words=("scope", "csrd", "sci")),
    Command("sheet_quotes", N_("Sheet: quotes"), icon="file-text", words=("offers", "vendors", "compare")),
    Command(
        "calibrate",
        N_("Calibrate to my measurements…"),
        "",
        "sliders-horizontal",
        words=("fit", "validation", "own cluster", "stack", "csv"),
    ),
    Command("start_page", N_("Start page"), "Alt+Home", "house", words=("home", "recent", "examples")),
    Command("quit", N_("Quit"), "Ctrl+Q", "x", words=("exit", "close")),
    Command("undo", N_("Undo"), "Ctrl+Z", "undo-2"),
    Command("redo", N_("Redo"), "Ctrl+Y", "redo-2", other_keys="Ctrl+Shift+Z"),
    Command("find", N_("Find or set anything"), "Ctrl+K", "search", words=("palette", "search")),
    Command("why", N_("Why this number"), "F4", "circle-question-mark", words=("formula", "explain")),
    Command("note", N_("Write a note"), "Ctrl+Shift+N", "sticky-note", words=("comment", "remark", "source")),
    Command("tab_1", N_("Curves"), "Ctrl+1", "chart-line", words=("plot", "graph")),
    Command("tab_2", N_("Breakdown"), "Ctrl+2", "chart-bar-stacked", words=("parts", "share")),
    Command("tab_3", N_("Sheet"), "Ctrl+3", "file-text", words=("report", "preview")),
    Command("tab_4", N_("Layouts"), "Ctrl+4", "layers", words=("parallel", "tensor", "pipeline", "search")),
    Command("tab_5", N_("Compare"), "Ctrl+5", "git-compare", words=("difference", "waterfall", "scenarios")),
    Command("tab_6", N_("Levers"), "Ctrl+7", "sliders-horizontal", words=("save", "cheaper", "greener")),
    Command("scenario_new", N_("New scenario"), "Ctrl+T", "plus", words=("add", "variant", "case")),
    Command("scenario_duplicate", N_("Duplicate scenario"), "Ctrl+D", "copy", words=("variant", "case")),
    Command("scenario_rename", N_("Rename scenario"), "F2", "pencil", words=("name",)),
    Command("scenario_left", N_("Move scenario to the left"), "Ctrl+Shift+PgUp", "arrow-left"),
    Command("scenario_right", N_("Move scenario to the right"), "Ctrl+Shift+PgDown", "arrow-right"),
    Command("scenario_base", N_("Make scenario the base"), icon="layers", words=("adopt", "promote")),
    Command("scenario_detach", N_("Detach scenario from the base"), icon="link", words=("copy all",)),
    Command("scenario_delete", N_("Delete scenario"), icon="x", words=("remove",)),
    Command("scenario_previous", N_("Previous scenario"), "Ctrl+PgUp", "arrow-left"),
    Command("scenario_next", N_("Next scenario"), "Ctrl+PgDown", "arrow-right"),
    Command(
        "catalogue",
        N_("Catalogue"),
        "Ctrl+6",
        "book-open",
        words=("table", "price", "row", "source", "own rows", "data pack"),
    ),
    Command("next_bar", N_("Next bar"), "F6", "arrow-right"),
    Command("previous_bar", N_("Previous bar"), "Shift+F6", "arrow-left"),
    Command("theme_system", N_("Theme of the system"), icon="settings", group="theme"),
    Command("theme_light", N_("Light theme"), icon="settings", group="theme"),
    Command("theme_dark", N_("Dark theme"), icon="settings", group="theme", words=("night",)),
    Command("theme_contrast", N_("High contrast"), icon="settings", group="theme"),
    Command("text_100", N_("Text 100 %"), icon="settings", group="text", words=("font", "size")),
    Command("text_125", N_("Text 125 %"), icon="settings", group="text", words=("font", "size", "larger")),
    Command("text_150", N_("Text 150 %"), icon="settings", group="text", words=("font", "size", "larger")),
    Command("reduced_motion", N_("Reduced motion"), icon="settings", group="+", words=("animation",)),
    Command("reset_layout", N_("Reset layout"), icon="rotate-ccw"),
    Command(
        "validation",
        N_("How good are these numbers?"),
        "",
        "target",
        words=("validation", "accuracy", "error", "measured", "confidence"),
    ),
    Command("help", N_("Help on the focused field"), "F1", "circle-question-mark"),
    Command("about", N_("About TCPlan"), icon="info", words=("version", "licence")),
)

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("&File"),
        (
            *("new", "open", "open_recent", "import", "", "save", "save_as", "revert", "show_in_folder", ""),
            *("print", "export", "", "calibrate", "start_page", "quit"),
        ),
    ),
    (N_("&Edit"), ("undo", "redo", "", "note", "find")),
    (
        N_("&Scenario"),
        (
            *("scenario_new", "scenario_duplicate", "scenario_rename", "scenario_delete", ""),
            *("scenario_base", "scenario_detach", "", "scenario_left", "scenario_right", ""),
            *("scenario_previous", "scenario_next"),
        ),
    ),
    (
        N_("&View"),
        (
            *("tab_1", "tab_2", "tab_3", "tab_4", "tab_5", "catalogue", "tab_6", "why", ""),
            *(
                "sheet_one-page",
                "sheet_board",
                "sheet_grant",
                "sheet_ai-act",
                "sheet_carbon",
                "sheet_quotes",
                "",
            ),
            *("theme_system", "theme_light", "theme_dark", "theme_contrast", ""),
            *("text_100", "text_125", "text_150", "", "reduced_motion", "reset_layout"),
        ),
    ),
    (N_("&Help"), ("help", "validation", "about")),
)
"""The menus by command name; an empty name is a line between groups."""


def actions(window: QWidget, slots: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """Make the actions of a window, connected and with their keys; each command needs a slot."""
    made: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for command in COMMANDS:
        slot = slots[command.name]
        action = QAction(_(command.label), window)
        action.setObjectName(command.name)
        if command.keys:
            keys = (command.keys, command.other_keys)
            action.setShortcuts([QKeySequence(one) for one in keys if one])
        if command.group:
            action.setCheckable(True)
        if command.group not in ("", "+"):
            group = groups.setdefault(command.group, QActionGroup(window))
            group.addAction(action)
        action.triggered.connect(lambda _checked=False, slot=slot: slot())
        window.addAction(action)
        made[command.name] = action
    return made
