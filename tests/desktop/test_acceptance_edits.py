"""Every kind of edit, as a strict stranger would try it: undone, redone, reset, and never the wrong one."""

import ast
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

import tcplan_desktop
from tcplan.cli import main as command_line
from tcplan.plan.document import Document as Content
from tcplan.plan.file import to_bytes
from tcplan.plan.plan import Value, descriptions
from tcplan.plan_rows import ROW_FIELDS
from tcplan_desktop.document import UNDO_LIMIT, new_gesture
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.window import Window

TOKENS, DEVICES, PRICE = "training.tokens", "hardware.devices", "purchase.price"


def row_of(window: Window, path: str) -> FieldRow:
    row = window.inputs.reveal(path)
    assert row is not None, path
    return row


def line_of(window: Window, path: str) -> QWidget:
    row_of(window, path).enter()
    held = QApplication.focusWidget()
    assert held is not None
    return held


def type_into(window: Window, path: str, text: str) -> None:
    line = line_of(window, path)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def typed_value(window: Window) -> None:
    type_into(window, TOKENS, "1.4T")


def reset(window: Window) -> None:
    row_of(window, DEVICES).ways_back()[0][1]()


def choice(window: Window) -> None:
    window.edit("training.precision", "fp8")


def chosen_row(window: Window) -> None:
    window.edit("hardware.accelerator", "a100-80g-sxm")


def marker(window: Window) -> None:
    """Drag the marker over 300 ticks, with the curves themselves as the one who tells."""
    curves = window.workbench.centre.curves
    assert curves is not None
    plots = curves.plots
    plots.grabbed.emit()
    for tick in range(300):
        plots.marker_moved.emit(plots.picture.x.low * (1.0 + tick / 300.0))
    plots.dropped.emit()


def threshold(window: Window) -> None:
    curves = window.workbench.centre.curves
    assert curves is not None
    curves.limits[0].click()


def override(window: Window) -> None:
    pane = window.workbench.pane
    window.explain("efficiency.mfu")
    pane.enter_value()
    assert pane.editor is not None
    QTest.keyClicks(pane.editor.line, "41 %")
    QTest.keyClick(pane.editor.line, Qt.Key.Key_Return)


def title(window: Window) -> None:
    window.workbench.centre.words_edited.emit("title", "Grant application")


def model_size(window: Window) -> None:
    window.edit("model.parameters", 13e9)


def range_of_prices(window: Window) -> None:
    type_into(window, PRICE, "2..2.8")


EDITS: tuple[Callable[[Window], None], ...] = (
    *(typed_value, reset, choice, chosen_row, marker, threshold, override, title, model_size),
    range_of_prices,
)


def fingerprint(window: Window) -> str:
    """Return everything that a save would write, but the time."""
    return repr(window.document.content)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_do_undo_redo_undo(window: Window, edit: Callable[[Window], None]) -> None:
    """A kind of edit with a way of its own would not come back exactly, or take two steps of undo."""
    window.edit(DEVICES, 2048.0, "2048")
    stack, before, count = window.document.undo_stack, fingerprint(window), window.document.undo_stack.count()
    edit(window)
    after = fingerprint(window)
    assert after != before
    assert stack.count() == count + 1
    assert stack.undoText()
    seen = []
    for step in (stack.undo, stack.redo, stack.undo, stack.redo):
        step()
        seen.append(fingerprint(window))
    assert seen == [before, after, before, after]


@pytest.mark.parametrize("path", [TOKENS, PRICE, "site.pue", "model.layers"])
def test_a_commit_without_change_is_no_step(window: Window, path: str) -> None:
    """Walking through the fields with Tab or Enter would fill the list of undo with nothing."""
    before = fingerprint(window)
    line = line_of(window, path)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        QTest.keyClick(line, key)
    assert fingerprint(window) == before
    assert window.document.undo_stack.count() == 0


def test_typing_what_is_there_already_is_no_step(window: Window) -> None:
    """An invisible step makes undo look broken."""
    type_into(window, TOKENS, "2T")
    type_into(window, TOKENS, "2e12")
    assert window.document.undo_stack.count() == 1


def test_an_edit_after_undo_drops_what_could_be_redone(window: Window) -> None:
    """Redo would put back a plan that the person has left; a drag in the old gesture would merge into it."""
    gesture = new_gesture()
    window.edit(DEVICES, 1000.0, gesture=gesture)
    window.edit(DEVICES, 1100.0, gesture=gesture)
    window.document.undo_stack.undo()
    window.edit(DEVICES, 1200.0, gesture=gesture)
    stack = window.document.undo_stack
    assert not stack.canRedo()
    stack.undo()
    assert window.document.plan.hardware.devices is None


def test_the_two_thousand_and_first_step_forgets_the_first(window: Window) -> None:
    """Without a limit memory grows for ever; with a lower one work cannot be taken back."""
    document = window.document
    document.blockSignals(True)
    for step in range(UNDO_LIMIT + 1):
        document.set(TOKENS, 1e12 + step)
    for _step in range(UNDO_LIMIT + 10):
        document.undo_stack.undo()
    document.blockSignals(False)
    assert UNDO_LIMIT == 2000
    assert document.plan.training.tokens == 1e12


@pytest.mark.parametrize("path", ["programme.people", "layout.tensor", "failures.restart_time", "site.pue"])
def test_undo_opens_what_hides_the_field_and_puts_the_keyboard_there(window: Window, path: str) -> None:
    """A value would change in a closed panel, or behind More, and nobody would see which."""
    window.edit(path, 2.0)
    for panel in window.inputs.panels.values():
        panel.show_more(more=False)
    window.inputs.set_closed(window.inputs.panels)
    window.title_bar.search.setFocus()
    window.actions_by_name["undo"].trigger()
    row = window.inputs.row_of(QApplication.focusWidget())
    assert row is not None
    assert row.path == path
    assert row.isVisible()
    assert (
        window.inputs.scroll_area.viewport()
        .rect()
        .intersects(
            row.visibleRegion().boundingRect().translated(row.mapTo(window.inputs.scroll_area, QPoint(0, 0)))
        )
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (TOKENS, "many"),
        ("site.pue", "0.5"),
        (DEVICES, "12 kWh"),
        (PRICE, "-1"),
        (TOKENS, "NaN"),
        (TOKENS, "1e400"),
    ],
)
def test_garbage_stays_to_be_seen_and_the_old_value_stays_in_force(
    window: Window, path: str, text: str
) -> None:
    """A wrong entry would vanish, be clamped, or become zero."""
    before = fingerprint(window)
    row = row_of(window, path)
    assert isinstance(row.editor, QuantityEdit)
    rest = row.editor.text
    type_into(window, path, text)
    assert fingerprint(window) == before
    states = [row.editor.state]
    assert row.editor.text == text
    assert row.editor.message
    assert row.editor.line.selectedText() in text
    assert row.editor.line.hasSelectedText()
    QTest.keyClick(line_of(window, "training.sequence"), Qt.Key.Key_Return)
    assert row.editor.text == text
    QTest.keyClick(line_of(window, path), Qt.Key.Key_Escape)
    assert row.editor.text == rest
    states.append(row.editor.state)
    assert states[0] is State.REFUSED
    assert states[1] is not State.REFUSED
    assert window.document.undo_stack.count() == 0


ANOTHER = {
    "model.preset": "gpt3-175b",
    "hardware.accelerator": "a100-80g-sxm",
    "site.grid": "SE",
    "site.facility": "",
}


def another_row(window: Window, path: str) -> str:
    """Return the key of a row that is not the one in force."""
    now = window.document.plan.get(path)
    rows = window.evaluator.shelf.rows(ROW_FIELDS[path])
    keys = [row.key for row in rows]
    wanted = ANOTHER[path]
    return wanted if wanted in keys and wanted != now else next(key for key in keys if key != now)


TYPED: dict[str, dict[str, Value]] = {
    "model.preset": {"model.layers": 81.0, "model.hidden": 8192.0},
    "hardware.accelerator": {"hardware.memory": 7e10, "hardware.device_power": 650.0},
    "site.grid": {"site.carbon_location": 1.0 / 3.6e6 * 0.1},
    "site.facility": {"site.pue": 1.31, "site.wue": 1e-6},
}


@pytest.mark.parametrize("path", TYPED)
def test_another_row_keeps_every_typed_field_and_lists_them(window: Window, path: str) -> None:
    """Choosing another accelerator, model or site would throw typed values away without a word."""
    everywhere = {key: value for fields in TYPED.values() for key, value in fields.items()}
    for field, value in everywhere.items():
        window.edit(field, value)
    before = {field: window.document.plan.get(field) for field in everywhere}
    window.edit(path, another_row(window, path))
    assert {field: window.document.plan.get(field) for field in everywhere} == before
    kept = window.inputs.kept
    assert kept.isVisible()
    assert set(kept.paths) <= set(TYPED[path])
    assert kept.paths
    for field in kept.paths:
        assert descriptions()[field].label in kept.sentence.text()
    steps = window.document.undo_stack.count()
    taken = kept.paths
    kept.take.click()
    assert all(window.document.plan.get(field) is None for field in taken)
    others = set(everywhere) - set(taken)
    assert {field: window.document.plan.get(field) for field in others} == {
        field: before[field] for field in others
    }
    assert window.document.undo_stack.count() == steps + 1
    window.document.undo_stack.undo()
    assert {field: window.document.plan.get(field) for field in everywhere} == before


def some_value(window: Window, path: str) -> Value:
    """Return a value that the field allows and that is not the one in force."""
    shown = descriptions()[path]
    if path in ROW_FIELDS:
        return window.evaluator.shelf.rows(ROW_FIELDS[path])[0].key
    if shown.choices:
        return shown.choices[-1].key
    low = max(shown.low, 0.0)
    value = max(2.0 * low, 1.0) if shown.whole else (low + min(shown.high, low + 1.0)) / 2.0
    return float(min(value, shown.high))


def test_every_field_can_be_reset_by_mouse_and_by_keyboard(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typed value that cannot be taken out again is the oldest complaint about layers of settings."""
    opened: list[list[QAction]] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _where: opened.append(menu.actions()))
    fresh = window.document.plan
    window.show_tab(1)
    # All rows are of one class: each field has its turn with one of the ways.
    for path, way in zip(descriptions(), itertools.cycle(("mouse", "keyboard")), strict=False):
        window.edit(path, some_value(window, path))
        assert window.document.plan.get(path) is not None, path
        row = row_of(window, path)
        if way == "mouse":
            row.badge.click()
        else:
            row.enter()
            held = QApplication.focusWidget()
            assert held is not None
            reason = QContextMenuEvent.Reason.Keyboard
            QApplication.sendEvent(held, QContextMenuEvent(reason, QPoint(0, 0), QPoint(0, 0)))
        assert opened, (path, way)
        first = opened.pop()[0]
        assert first.isEnabled()
        assert first.text().startswith(("Reset to", "Remove")), first.text()
        first.trigger()
        assert window.document.plan.get(path) is None, (path, way)
    assert window.document.plan == fresh


def test_every_field_can_be_reset_by_the_command_line(
    window: Window, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script could set what it cannot take back."""
    content = Content.new()
    for path in descriptions():
        content = content.with_value(path, some_value(window, path))
    typed, fresh = tmp_path / "typed.tcplan", tmp_path / "fresh.tcplan"
    typed.write_bytes(to_bytes(content))
    fresh.write_bytes(to_bytes(Content.new()))
    words = [word for path in descriptions() for word in ("--set", f"{path}=")]
    said = []
    for place, more in ((fresh, []), (typed, words)):
        assert command_line(["evaluate", str(place), "--csv", *more]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


# One edit, one way.

SOURCES = Path(tcplan_desktop.__file__).parent
SHOWING = ("views", "forms", "panels", "parts", "paper")
MAY_CHANGE = {"window.py", "document.py", "change_plan.py", "notes.py", "evaluator.py"}


def attributes_called(tree: ast.AST) -> set[tuple[str, str]]:
    """Return pairs of the last name before the dot and the name behind it, for each call."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = node.func.value
            name = holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")
            found.add((name, node.func.attr))
    return found


def test_nothing_that_shows_changes_or_computes_the_plan() -> None:
    """A view with a way of its own to the document would skip undo, findings and recovery."""
    for place in sorted(SOURCES.rglob("*.py")):
        inside = place.relative_to(SOURCES)
        tree = ast.parse(place.read_text(encoding="utf-8"))
        called = attributes_called(tree)
        if str(inside) not in MAY_CHANGE:
            assert not called & {("document", "set"), ("document", "put"), ("undo_stack", "push")}, inside
        if inside.parts[0] in SHOWING:
            names = {
                alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            assert not names & {"evaluate", "curve", "QUndoCommand", "QUndoStack"}, inside
            assert not {name for _holder, name in called} & {"with_value", "with_values"}, inside


def test_whatever_a_view_says_reaches_the_document_through_the_window(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that is connected past the window would edit without saying what the plan refuses."""
    seen: list[str] = []
    real = window.document.set

    def spied(path: str, value: Value, raw: str = "", gesture: int = 0, label: str = "") -> None:
        seen.append(path)
        real(path, value, raw, gesture, label)

    monkeypatch.setattr(window.document, "set", spied)
    said: tuple[tuple[Callable[..., object], tuple[object, ...]], ...] = (
        (window.inputs.edited.emit, (TOKENS, 1e12, "1T", 0)),
        (window.workbench.centre.edited.emit, (TOKENS, 2e12, 0, "")),
        (window.workbench.pane.edited.emit, (TOKENS, 3e12, "3T", 0)),
        (window.problems.fixed.emit, (TOKENS, 4e12)),
    )
    for signal, words in said:
        signal(*words)
    assert seen == [TOKENS] * 4
    assert window.document.plan.training.tokens == 4e12
    window.workbench.centre.edited.emit(DEVICES, -5.0, 0, "")
    assert window.document.plan.hardware.devices is None
    assert window.problems.message.text()
