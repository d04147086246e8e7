"""Curves of everything along everything, on real plans: each is drawn, and all there is to read is words."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tcplan.examples import example
from tcplan.plan.document import Document as Content
from tcplan.study.curve import Curve
from tcplan_desktop.lanes import Turn
from tcplan_desktop.views.curve_choice import UPRIGHTS, offered
from tcplan_desktop.views.curves import Curves
from tcplan_desktop.window import Window

NO_WORD = re.compile(r"\b(?:nan|NaN|inf|null|NotImplemented)\b|\bNone\b|object at 0x|\{[a-z_]*\}")
"""What Python calls a missing value, and places in a sentence that were not filled."""


def plans() -> dict[str, Content]:
    owned = Content.new().with_value("purchase.way", "own").with_value("site.pue", 1.3)
    impossible = Content.new().with_value("hardware.devices", 1.0)
    named = {key: example(key) for key in ("gpt3-175b", "deepseek-v3", "llama3.1-405b")}
    return {**named, "own": owned, "impossible": impossible}


PLANS = ("gpt3-175b", "deepseek-v3", "llama3.1-405b", "own", "impossible")


def texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """Return every text that is to be seen or heard in a window, with where it stands."""
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        name = f"{type(widget).__name__} {widget.objectName()}"
        yield name, widget.accessibleName()
        yield name, widget.accessibleDescription()
        yield name, widget.toolTip()
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield name, widget.text()
        if isinstance(widget, QLineEdit):
            yield name, widget.placeholderText()
    for action in window.findChildren(QAction):
        yield "action", action.text()


def assert_words(window: QWidget) -> None:
    """Fail on a text that a person could not read aloud as an answer."""
    for where, text in texts(window):
        assert not NO_WORD.search(text), (where, text)


def wait(qtbot: QtBot, curves: Curves, x: str, ys: set[str]) -> None:
    """Wait until the curves that are wanted are drawn; they may be computed on a worker."""

    def there() -> bool:
        shown = curves._curve
        return shown is not None and shown.x_path == x and ys <= set(shown.values)

    qtbot.waitUntil(there)


@pytest.mark.parametrize("plan", PLANS)
def test_every_result_along_every_input(window: Window, qtbot: QtBot, plan: str) -> None:
    """One pair out of a hundred would fail, and only the person who picks it would know."""
    window.take(plans()[plan])
    curves = window.workbench.centre.curves
    assert curves is not None
    along = list(offered(window.estimate))
    assert len(along) >= 8
    pairs = [(UPRIGHTS[at].path, UPRIGHTS[(at + 1) % len(UPRIGHTS)].path) for at in range(len(UPRIGHTS))]
    for x in along:
        curves.choose_x(x)
        for first, second in pairs:
            curves.choose_y(0, first)
            curves.choose_y(1, second)
            wait(qtbot, curves, x, {first, second})
            assert curves.sentence.whole, (x, first, second)
            assert not NO_WORD.search(curves.sentence.whole), curves.sentence.whole
            picture = curves.plots.picture
            words = [text for _value, text in picture.x_ticks]
            words += [word for word in (picture.marker.values if picture.marker else ()) if word]
            assert not any(NO_WORD.search(word) for word in words), (x, words)
        for log in (False, True):
            curves.set_log(log)
            assert curves.sentence.whole, (x, log)
        assert not curves.plots.grab().isNull()
    assert_words(window)


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_to_be_read_anywhere_is_no_word(qtbot: QtBot, window: Window, plan: str) -> None:
    """A missing value would be shown as "nan", or as the name that Python gives to nothing."""
    window.take(plans()[plan])
    window.inputs.set_closed(())
    for panel in window.inputs.panels.values():
        panel.show_more(more=True)
    for tab in range(4):
        window.show_tab(tab)
        assert_words(window)
    for path in window.estimate.graph.paths:
        window.workbench.pane.ask(path)
        assert_words(window.workbench.pane)
    curves = window.workbench.centre.curves
    assert curves is not None
    window.show_tab(0)
    curves.show_table(True)
    model = curves.table.model()

    def cells_of_table() -> list[str]:
        return [
            str(model.index(row, column).data() or "")
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]

    # Another plan begins without the curve of the one before.
    qtbot.waitUntil(lambda: len(cells_of_table()) >= 24)
    cells = cells_of_table()
    assert not [cell for cell in cells if NO_WORD.search(cell)]
    window.show_start_page()
    assert_words(window)


def test_thresholds_appear_go_and_are_steps(window: Window) -> None:
    """A line that one can put on but not take away would stay on every sheet."""
    curves = window.workbench.centre.curves
    assert curves is not None
    for index, path in enumerate(("programme.budget", "programme.deadline")):
        button = curves.limits[index]
        assert curves.plots.picture.panes[index].limit is None
        button.click()
        limit = curves.plots.picture.panes[index].limit
        assert limit is not None
        assert not NO_WORD.search(limit.text)
        assert window.document.plan.get(path) is not None
        button.click()
        assert curves.plots.picture.panes[index].limit is None
        assert window.document.plan.get(path) is None
    assert window.document.undo_stack.count() == 4


def drag(plots: QWidget, kind: QEvent.Type, at: QPointF) -> None:
    """Send what the mouse does with its left button held."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    place = QPointF(plots.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(plots, QMouseEvent(kind, at, place, button, held, Qt.KeyboardModifier.NoModifier))


def test_a_drag_of_three_hundred_moves_of_the_mouse_is_one_step(window: Window) -> None:
    """Undo after a drag would go back by one pixel."""
    curves = window.workbench.centre.curves
    assert curves is not None
    picture = curves.plots.picture
    marker = picture.marker
    assert marker is not None
    at = QPointF(picture.across(marker.x), picture.panes[0].down(marker.ys[0]))
    drag(curves.plots, QEvent.Type.MouseButtonPress, at)
    seen = set()
    for tick in range(300):
        drag(curves.plots, QEvent.Type.MouseMove, at + QPointF(5.0 + tick / 3.0, 0.0))
        seen.add(window.headline.cells["time.run"].headline.value)
    drag(curves.plots, QEvent.Type.MouseButtonRelease, at + QPointF(105.0, 0.0))
    assert len(seen) > 5
    assert window.document.undo_stack.count() == 1
    assert window.document.undo_stack.undoText().startswith("devices ")
    window.document.undo_stack.undo()
    assert window.document.plan.hardware.devices is None


def test_a_slow_curve_of_an_older_plan_is_never_drawn(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curve of the plan before would be painted beside the headline of the new one."""
    lane, curves = window.evaluator.curves, window.workbench.centre.curves
    assert curves is not None
    real = lane.request
    waiting: list[Callable[[Turn], Curve]] = []
    made: list[Curve] = []

    def slow(work: Callable[[Turn], Curve]) -> None:
        """Keep the lane from computing at once, as on a machine that is busy."""
        lane._cost = 1.0
        waiting.append(work)
        real(work)

    monkeypatch.setattr(lane, "request", slow)
    lane.done.connect(made.append)
    tokens = [1e12, 2e12, 4e12]
    for value in tokens:
        window.edit("training.tokens", value)
        assert window.estimate.plan.training.tokens == value
        assert window.headline.cells["time.run"].headline.value
    qtbot.waitUntil(lambda: bool(made))
    qtbot.waitUntil(lambda: not window.problems.working.text())
    assert len(waiting) == len(tokens)
    assert len(made) == 1
    last = waiting[-1](Turn(lane, lane._generation))
    drawn = curves._curve
    assert drawn is made[0]
    assert drawn is not None
    assert list(drawn.values["money.total"]) == list(last.values["money.total"])


def test_where_the_model_cannot_be_the_curve_stops_and_says_why(window: Window, qtbot: QtBot) -> None:
    """Money would be promised for sequences that the positions of the model do not reach."""
    window.take(example("gpt3-175b"))
    curves = window.workbench.centre.curves
    assert curves is not None
    curves.choose_x("training.sequence")
    qtbot.waitUntil(lambda: curves.note.text().startswith("No curve from "))
    assert curves.note.text().endswith("The model has learned positions for 2048 tokens only.")
    places, heights = curves.plots.drawn(0)
    assert any(place > np.log10(2048.0) for place in places)
    assert all(
        np.isnan(height) == (place > np.log10(2048.5)) for place, height in zip(places, heights, strict=True)
    )


def test_the_best_point_is_marked_and_said(window: Window, qtbot: QtBot) -> None:
    """The one question that a curve answers best would be left to the eye."""
    curves = window.workbench.centre.curves
    assert curves is not None
    # Where a device fails every 100 hours, more of them first shorten the run and then only interrupt it.
    window.edit("failures.failure_time", 100 * 3600.0)
    qtbot.waitUntil(lambda: any(pane.best is not None for pane in curves.plots.picture.panes))
    best = [pane.best for pane in curves.plots.picture.panes if pane.best is not None]
    assert not any(NO_WORD.search(one.text) for one in best)


def test_each_plot_has_a_table_that_can_be_reached_and_copied_by_keyboard(window: Window) -> None:
    """Somebody who cannot see the curve would have nothing."""
    curves = window.workbench.centre.curves
    assert curves is not None
    curves.tabular.setFocus()
    QTest.keyClick(curves.tabular, Qt.Key.Key_Space)
    assert curves.table.isVisible()
    curves.table.setFocus()
    QTest.keyClick(curves.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(curves.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().text()
    assert copied.count("\t") > 50
    assert not NO_WORD.search(copied)


def test_another_plan_has_no_line_of_the_old_one(qtbot: QtBot, window: Window) -> None:
    """A new plan's marker would stand beside the curve of the plan that was open before."""
    window.document.open(example("llama3.1-405b"), None)
    centre = window.workbench.centre
    centre.make_ready()
    curves = centre.curves
    assert curves is not None
    wait(qtbot, curves, "hardware.devices", {"money.total", "time.run"})
    centre.curves_wanted.disconnect()
    window.document.open(example("gpt3-175b"), None)
    assert not any(line.xs.size for line in curves._lines)
    assert curves._interval.holds(10_000.0)
