"""Themes leave no trace, the window comes back where it can be seen, and paper does not know the screen."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tcplan.plan.document import Document as Content
from tcplan.plan.file import load, to_bytes
from tcplan.report.templates.registry import TEMPLATES
from tcplan_desktop import settings as store
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.settings import Settings
from tcplan_desktop.text import Label
from tcplan_desktop.theme import CONTRAST, themes
from tcplan_desktop.views.notices import Answer, Notice
from tcplan_desktop.views.recovery_page import FoundPlan, RecoveryPage
from tcplan_desktop.window import Window

SHEET = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
app = QApplication(["tcplan"])
from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.report.templates.registry import TEMPLATES
from tcplan_desktop.paper.pdf import write_pdf
from pathlib import Path
document = example("gpt3-175b").with_value("programme.budget", 10e6, "10 M$")
document = document.with_scenario("Quote", {"purchase.price": 0.001})
estimate = evaluate(document.plan)
for template in TEMPLATES:
    write_pdf(document, estimate, Path(sys.argv[1]) / template, {"paper": sys.argv[2], "template": template})
print(app.devicePixelRatio())
"""


def sheets_at(scale: str, paper: str, place: Path) -> tuple[dict[str, bytes], float]:
    """Write the sheet of each template in a process whose screen has this scale."""
    folder = place / f"{paper}-{scale}"
    folder.mkdir()
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", SHEET, str(folder), paper],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return {file.name: file.read_bytes() for file in folder.iterdir()}, float(done.stdout)


def positions(data: bytes) -> list[tuple[int, str, float, float]]:
    """Return page, text and place of everything written."""
    found: list[tuple[int, str, float, float]] = []
    for number, page in enumerate(PdfReader(io.BytesIO(data)).pages):

        def note(text: str, _user: object, matrix: list[float], *_font: object, on: int = number) -> None:
            if text.strip():
                found.append((on, text.strip(), round(matrix[4], 1), round(matrix[5], 1)))

        page.extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_sheet_is_the_same_whatever_the_scale_of_the_screen(paper: str, tmp_path: Path) -> None:
    """A sheet printed at 125 % would have other lines than the one that was agreed on at 100 %."""
    first, ratio = sheets_at("1", paper, tmp_path)
    assert ratio == 1.0
    assert set(first) == set(TEMPLATES)
    expected = {template: positions(data) for template, data in first.items()}
    assert min(len(texts) for texts in expected.values()) > 100
    for scale in ("1.25", "1.5", "2"):
        found, ratio = sheets_at(scale, paper, tmp_path)
        assert ratio == float(scale)
        for template, data in found.items():
            assert positions(data) == expected[template], (template, scale)
            assert len(data) < 500_000
            for page in PdfReader(io.BytesIO(data)).pages:
                fonts = cast("dict[str, Any]", cast("Any", page)["/Resources"]["/Font"])
                for font in fonts.values():
                    descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
                    assert any(key.startswith("/FontFile") for key in descriptor), scale


# Themes.


def settled(qtbot: QtBot, window: Window) -> QImage:
    """Return the picture of a window in which nothing moves any more."""
    layouts = window.workbench.centre.layouts
    qtbot.waitUntil(lambda: layouts is None or not layouts.working.text())
    pictures = [QImage(), window.grab().toImage()]

    def still() -> bool:
        QApplication.processEvents()
        pictures.append(window.grab().toImage())
        return pictures[-1] == pictures[-2]

    qtbot.waitUntil(still)
    return pictures[-1]


@pytest.mark.parametrize("tab", range(4))
@pytest.mark.parametrize("other", ["dark", "contrast"])
def test_a_theme_and_back_leaves_no_trace(window: Window, qtbot: QtBot, tab: int, other: str) -> None:
    """A part that keeps a colour of the theme before would be black on black until the next start."""
    window.show_tab(tab)
    before = settled(qtbot, window)
    window.actions_by_name[f"theme_{other}"].trigger()
    assert settled(qtbot, window) != before
    window.actions_by_name["theme_light"].trigger()
    assert settled(qtbot, window) == before


@pytest.mark.parametrize("other", ["dark", "contrast"])
def test_the_start_page_in_another_theme_and_back(window: Window, qtbot: QtBot, other: str) -> None:
    """The first page would show it first."""
    window.show_start_page()
    window.title_bar.search.setFocus(Qt.FocusReason.MouseFocusReason)
    before = settled(qtbot, window)
    window.actions_by_name[f"theme_{other}"].trigger()
    assert settled(qtbot, window) != before
    window.actions_by_name["theme_light"].trigger()
    assert settled(qtbot, window) == before


@pytest.mark.parametrize("tab", range(4))
def test_a_window_made_in_a_theme_is_the_one_that_changes_into_it(
    window: Window, qtbot: QtBot, tab: int
) -> None:
    """Colours that a part asks for once, when it is made, are wrong after a change."""
    window.show_tab(tab)
    window.actions_by_name["theme_dark"].trigger()
    made = Window(Settings(theme="dark"), Content.new(title="Test"))
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.settled):
        made.show()
    made.resize(window.size())
    made.show_workbench()
    made.show_tab(tab)
    pictures = []
    for one in (window, made):
        one.activateWindow()
        qtbot.waitUntil(one.isActiveWindow)
        one.workbench.centre.tabs.setFocus(Qt.FocusReason.MouseFocusReason)
        settled(qtbot, one)
        pictures.append(one.workbench.grab().toImage())
    assert pictures[0] == pictures[1]
    made.close()


def test_high_contrast_draws_borders_and_only_its_own_colours(window: Window) -> None:
    """High contrast that keeps one pale grey is none."""
    window.actions_by_name["theme_contrast"].trigger()
    assert themes.theme is CONTRAST
    QApplication.processEvents()
    picture = window.headline.grab().toImage()
    grounds = {picture.pixelColor(x, 4).name() for x in range(0, picture.width(), 7)}
    assert grounds <= {CONTRAST.surface.name(), CONTRAST.window.name(), CONTRAST.accentfill.name()}


# Where the window comes back.


@pytest.mark.parametrize(
    "kept",
    [(5000, 200, 1440, 900), (-3000, -2000, 1200, 800), (100, 100, 9000, 9000), (0, 0, 10, 10)],
)
def test_a_window_whose_screen_is_gone_is_to_be_seen_whole(
    qtbot: QtBot, kept: tuple[int, int, int, int]
) -> None:
    """After the second screen was taken away the program would seem not to start."""
    made = Window(Settings(theme="light", geometry=kept), Content.new())
    qtbot.addWidget(made)
    room = QGuiApplication.primaryScreen().availableGeometry()
    place = made.geometry()
    smallest = made.minimumSize()
    assert room.contains(place.topLeft())
    if room.width() >= smallest.width() and room.height() >= smallest.height():
        assert room.contains(QRect(place.topLeft(), place.size()))
    made.close()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"theme": 3}', '{"geometry": [1]}', '{"geometry": "x"}', "\x00" * 100]
)
def test_damaged_settings_cost_nothing_but_the_settings(own_home: Path, tmp_path: Path, text: str) -> None:
    """A broken file of preferences would keep the program from starting, or touch a plan."""
    plan = tmp_path / "a.tcplan"
    plan.write_bytes(to_bytes(Content.new()))
    before = plan.read_bytes()
    place = store.settings_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    kept, notice = store.load()
    assert kept == Settings()
    assert notice
    assert plan.read_bytes() == before


# What is opened from outside.


@pytest.mark.parametrize(
    "name",
    [
        "a plan.tcplan",
        "coût d’énergie (été).tcplan",
        "計画.tcplan",
        "x" * 240 + ".tcplan",
        "100% & #1.tcplan",
    ],
)
def test_paths_of_every_kind_open_and_save(window: Window, tmp_path: Path, name: str) -> None:
    """A double click on a plan with an accent or a long name would open an empty window."""
    deep = tmp_path / ("d" * 60)
    deep.mkdir()
    place = deep / name
    place.write_bytes(to_bytes(Content.new(title="Outside").with_value("training.tokens", 2e12, "2T")))
    desk = PlanDesk(window)
    window.desk = desk
    desk.open_paths([place])
    assert window.document.path == place
    assert window.document.plan.training.tokens == 2e12
    window.edit("training.tokens", 3e12, "3T")
    assert desk.save()
    assert load(place).document.plan.training.tokens == 3e12
    assert name in window.windowTitle()


def wrong_inks(window: Window) -> list[tuple[str, str]]:
    """Return the texts to be seen that have another colour than their token has in the theme in force."""
    role, look = QPalette.ColorRole, themes.theme
    labels = [one for one in window.findChildren(Label) if one.isVisible()]
    wrong = [
        (one.text(), one._ink)
        for one in labels
        if one.palette().color(role.WindowText) != look.token(one._ink)
    ]
    lines = [one for one in window.findChildren(QLineEdit) if one.isVisible()]
    wrong += [(one.text(), "text") for one in lines if one.palette().color(role.Text) != look.text]
    return wrong


def test_what_was_hidden_while_the_theme_changed_is_in_its_colours_too(window: Window) -> None:
    """A panel that was closed, or a part that was just made, would be black on black when it is opened."""
    window.inputs.panels["money"].show_more(more=True)
    window.inputs.set_closed(window.inputs.panels)
    window.show_tab(1)
    window.actions_by_name["theme_dark"].trigger()
    window.inputs.set_closed(())
    for panel in window.inputs.panels.values():
        panel.show_more(more=True)
    window.edit("site.pue", 1.2)
    window.edit("hardware.devices", 1.0)
    window.explain("money.total")
    for tab in range(4):
        window.show_tab(tab)
        QApplication.processEvents()
        assert wrong_inks(window) == []
    window.show_start_page()
    QApplication.processEvents()
    assert wrong_inks(window) == []


class Flashes(QObject):
    """What was shown as a window of its own, be it for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_part_flashes_as_a_window_of_its_own(qtbot: QtBot, qapp: QApplication) -> None:
    """A part that is shown before it has its place is a window for a moment, and takes the keyboard away."""
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    made = Window(Settings(theme="light"), Content.new())
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.settled):
        made.show()
    made.show_workbench()
    for tab in (1, 2, 0):
        made.show_tab(tab)
    for panel in made.inputs.panels.values():
        panel.show_more(more=True)
    made.edit("site.pue", 1.2)
    made.edit("efficiency.mfu", 0.4)
    made.edit("hardware.memory", 7e10)
    made.edit("hardware.accelerator", "a100-80g-sxm")
    made.explain("efficiency.mfu")
    made.workbench.pane.enter_value()
    made.open_palette()
    made.notices.say(
        Notice("one", "warning", "Something happened.", (Answer("Look", made.close),), "Details")
    )
    page = RecoveryPage()
    made.stack.addWidget(page)
    page.show_plans([FoundPlan("one", "Lab", "Saved 10:02.", ("tokens",), "9.9 M$", has_file=True)])
    made.show_page(page)
    QApplication.processEvents()
    qapp.removeEventFilter(flashes)
    assert flashes.seen == ["Window"], flashes.seen
    made.close()
