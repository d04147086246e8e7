"""The curves as a person uses them: read, drag, step, limit, zoom, tabulate."""

import gc
import weakref
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tcplan.plan.plan import Plan
from tcplan_desktop.theme import themes
from tcplan_desktop.views.curves import Curves
from tcplan_desktop.views.plot_title import RangeWell

UNITS = {
    "money.total": "USD",
    "time.run": "s",
    "energy.facility": "kWh",
    "carbon.location": "kgCO2e",
    "carbon.market": "kgCO2e",
    "water.total": "L",
    "time.device_hours": "h",
    "loss.predicted": "nat/token",
}
PLAIN = {"hardware.devices": 2048.0, "training.tokens": 15e12, "purchase.price": 2.3 / 3600, "site.pue": 1.2}


def results(plan: Plan, moved: dict[str, Any]) -> dict[str, Any]:
    """Return a cluster's results in their printed units: rent falls and overheads rise with devices."""
    values = {path: plan.get(path) or plain for path, plain in PLAIN.items()} | moved
    devices, tokens = values["hardware.devices"], values["training.tokens"]
    hours = tokens * 2.2e-7 * (1.0 + devices / 9000.0)
    days = hours / devices / 24.0
    energy = hours * 1.1 * values["site.pue"]
    return {
        "money.total": hours * values["purchase.price"] * 3600.0 + days * 30_000.0,
        "time.run": days * 86_400.0,
        "energy.facility": energy,
        "carbon.location": energy * 0.05,
        "carbon.market": energy * 0.02,
        "water.total": energy * 2.0,
        "time.device_hours": hours,
        "loss.predicted": 1.69 + 410.0 / tokens**0.28,
    }


@dataclass
class Cluster:
    """What the view reads of an estimate."""

    plan: Plan = field(default_factory=Plan)
    layout: dict[str, float] = field(default_factory=lambda: {"tensor": 8.0, "pipeline": 2.0})

    def __getitem__(self, path: str) -> SimpleNamespace:
        if path == "model.parameters":
            return SimpleNamespace(si=70e9)
        return SimpleNamespace(value=float(results(self.plan, {})[path]), unit=UNITS[path])

    def field(self, path: str) -> SimpleNamespace:
        return SimpleNamespace(value=self.plan.get(path) or PLAIN.get(path, 0.0))


class Engine:
    """Answers the view as the window does, and keeps what it said."""

    def __init__(self, view: Curves) -> None:
        self.view = view
        self.plan = Plan()
        self.asked: list[tuple[str, float, float, bool, list[str]]] = []
        self.edits: list[tuple[str, Any, int, str]] = []
        self.missing: NDArray[np.bool_] | None = None
        view.wanted.connect(self.answer)
        view.edited.connect(self.edit)

    def answer(self, path: str, low: float, high: float, log: bool, results_: list[str]) -> None:
        self.asked.append((path, low, high, log, results_))
        self.view.show_curves(self.curve(path, results_))  # type: ignore[arg-type]

    def curve(self, path: str, wanted: list[str]) -> SimpleNamespace:
        xs = self.view.points()
        every = results(self.plan, {path: xs})
        values = {one: np.broadcast_to(np.asarray(every[one], float), xs.shape) for one in wanted}
        gaps = {"fits": np.ones(xs.shape, dtype=bool), "problems": np.full(xs.shape, "")}
        return SimpleNamespace(x_path=path, xs=xs, values=values, **gaps)

    def edit(self, path: str, value: float | None, gesture: int, label: str) -> None:
        self.edits.append((path, value, gesture, label))
        if path != "model.parameters":
            self.plan = self.plan.with_value(path, value)
        self.view.show_estimate(Cluster(self.plan))  # type: ignore[arg-type]


@pytest.fixture
def engine(qtbot: QtBot) -> Engine:
    view = Curves()
    qtbot.addWidget(view)
    made = Engine(view)
    view.resize(760, 680)
    with qtbot.waitExposed(view):
        view.show()
    view.show_estimate(Cluster(made.plan))  # type: ignore[arg-type]
    view.plots.setFocus(Qt.FocusReason.TabFocusReason)
    return made


def mouse(kind: QEvent.Type, view: Curves, x: float, y: float) -> None:
    """Send one mouse event to the plots, with the button down except while it only moves."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    at, pressed = QPointF(x, y), none if kind == QEvent.Type.MouseMove else left
    there = view.plots.mapToGlobal(at)
    event = QMouseEvent(kind, at, there, pressed, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.plots, event)


press = partial(mouse, QEvent.Type.MouseButtonPress)
move = partial(mouse, QEvent.Type.MouseMove)
release = partial(mouse, QEvent.Type.MouseButtonRelease)


def disc(view: Curves) -> QPointF:
    picture = view.plots.picture
    assert picture.marker is not None
    return QPointF(picture.across(picture.marker.x), picture.panes[0].down(picture.marker.ys[0]))


def key(view: Curves, which: Qt.Key, text: str = "", *, repeated: bool = False) -> None:
    no_modifier = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, which, no_modifier, text, repeated)
    QApplication.sendEvent(view.plots, event)


def test_a_drag_is_one_gesture_of_whole_devices(engine: Engine) -> None:
    """Fails when a drag makes many undo steps, fractions of devices or a marker that runs back."""
    view, start = engine.view, disc(engine.view)
    before = len(engine.asked)
    press(view, start.x(), start.y())
    for step in range(1, 30):
        move(view, start.x() + 6.0 * step, start.y())
    assert len(engine.asked) == before
    release(view, start.x() + 174.0, start.y())
    paths, values, gestures, _labels = zip(*engine.edits, strict=True)
    assert set(paths) == {"hardware.devices"}
    assert len(set(gestures)) == 1
    assert gestures[0] != 0
    assert list(values) == sorted(set(values))
    assert values[-1] > 5900
    assert all(value == int(value) for value in values)
    assert len(engine.asked) == before + 1


def test_the_next_drag_is_another_gesture(engine: Engine) -> None:
    """Fails when undo would take two drags back at once."""
    for distance in (40.0, -40.0):
        start = disc(engine.view)
        press(engine.view, start.x(), start.y())
        move(engine.view, start.x() + distance, start.y())
        release(engine.view, start.x() + distance, start.y())
    assert len({gesture for _path, _value, gesture, _label in engine.edits}) == 2


def test_the_marker_is_where_the_estimate_is(engine: Engine) -> None:
    """Fails when marker and headline disagree."""
    marker = engine.view.plots.picture.marker
    assert marker is not None
    assert (marker.x, marker.pill) == (2048.0, "2048")
    assert marker.ys[0] * 1e6 == pytest.approx(results(engine.plan, {})["money.total"])
    assert marker.values[1].endswith("\u00a0d")


def test_a_click_on_the_marker_asks_why(engine: Engine, qtbot: QtBot) -> None:
    """Fails when a click edits the plan, or tells nothing."""
    start = disc(engine.view)
    with qtbot.waitSignal(engine.view.asked_why) as asked:
        press(engine.view, start.x(), start.y())
        release(engine.view, start.x(), start.y())
    assert asked.args == ["money.total"]
    assert not engine.edits


def test_keys_step_through_round_numbers_as_one_gesture_while_held(engine: Engine) -> None:
    """Fails when a held key fills the undo history or leaves 1-2-5."""
    key(engine.view, Qt.Key.Key_Up)
    key(engine.view, Qt.Key.Key_Up, repeated=True)
    key(engine.view, Qt.Key.Key_Down)
    assert [value for _path, value, _gesture, _label in engine.edits] == [5000.0, 10000.0, 5000.0]
    gestures = [gesture for _path, _value, gesture, _label in engine.edits]
    assert gestures[0] == gestures[1] != gestures[2]


def test_arrows_move_a_clicked_marker_until_escape(engine: Engine) -> None:
    """Fails when arrows do not follow what was clicked."""
    start = disc(engine.view)
    press(engine.view, start.x(), start.y())
    release(engine.view, start.x(), start.y())
    key(engine.view, Qt.Key.Key_Left)
    assert engine.edits[-1][1] == 2000.0
    key(engine.view, Qt.Key.Key_Escape)
    key(engine.view, Qt.Key.Key_Left)
    assert len(engine.edits) == 1
    assert engine.view.plots.picture.reading is not None


def test_the_crosshair_reads_the_data(engine: Engine) -> None:
    """Fails when a readout is interpolated, or the two plots read at different places."""
    picture = engine.view.plots.picture
    move(engine.view, picture.across(4096.0) + 2.0, picture.panes[1].rect.center().y())
    reading = engine.view.plots.picture.reading
    assert reading is not None
    assert (reading.x, reading.pill) == (4096.0, "4096")
    there = results(engine.plan, {"hardware.devices": 4096.0})
    assert reading.ys[0] * 1e6 == pytest.approx(there["money.total"], rel=1e-12)
    assert reading.ys[1] * 86_400 == pytest.approx(there["time.run"], rel=1e-12)
    assert engine.view.sentence.whole.startswith("4096 devices: ")
    assert "sooner" in engine.view.sentence.whole


def test_arrow_keys_read_the_curves(engine: Engine) -> None:
    """Fails when the curves cannot be read without a mouse."""
    xs = engine.view.points()
    for which, expected in (
        (Qt.Key.Key_Home, xs[0]),
        (Qt.Key.Key_Right, xs[1]),
        (Qt.Key.Key_End, xs[-1]),
        (Qt.Key.Key_Left, xs[-2]),
    ):
        key(engine.view, which)
        reading = engine.view.plots.picture.reading
        assert reading is not None
        assert reading.x == expected
        assert reading.pill.replace("\u202f", "") in engine.view.plots.accessibleDescription().replace(
            "\u202f", ""
        )
    key(engine.view, Qt.Key.Key_Escape)
    assert engine.view.plots.picture.reading is None


def test_the_sentence_answers_before_anybody_points(engine: Engine) -> None:
    """Fails when the view has no answer, or tells the direction the wrong way round."""
    there, here = results(engine.plan, {"hardware.devices": 4096.0}), results(engine.plan, {})
    assert there["money.total"] > here["money.total"]
    words = engine.view.sentence.whole
    assert words.startswith("Twice the devices: ")
    assert " sooner, " in words
    assert words.endswith("more.")
    assert engine.view.plots.accessibleDescription() == words


def test_what_does_not_depend_on_x_is_said_to_be_the_same(engine: Engine) -> None:
    """Fails when a flat curve is given a direction."""
    engine.view.choose_x("site.pue")
    assert engine.view.sentence.whole == "PUE 1.5: same money and same time."


def test_a_limit_is_added_dragged_and_taken_back(engine: Engine) -> None:
    """Fails when the budget line is not the budget, or its drag is not one step of undo."""
    view = engine.view
    view.limits[0].click()
    path, value, _gesture, _label = engine.edits.pop()
    assert path == "programme.budget"
    assert value == pytest.approx(1.2 * results(engine.plan, {})["money.total"], rel=0.05)
    pane = view.plots.picture.panes[0]
    assert pane.limit is not None
    x, y = pane.rect.left() + 30.0, pane.down(pane.limit.y)
    press(view, x, y)
    for step in range(1, 8):
        move(view, x, y + 5.0 * step)
    release(view, x, y + 35.0)
    assert {edit[0] for edit in engine.edits} == {"programme.budget"}
    assert len({edit[2] for edit in engine.edits}) == 1
    values = [edit[1] for edit in engine.edits]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(pane.up(y + 35.0) * 1e6, rel=0.01)
    view.limits[0].click()
    assert engine.edits[-1][:2] == ("programme.budget", None)
    assert view.plots.picture.panes[0].limit is None


def test_the_deadline_is_kept_in_seconds(engine: Engine) -> None:
    """Fails when days reach the plan as seconds."""
    engine.view.limits[1].click()
    path, value, _gesture, _label = engine.edits[-1]
    assert path == "programme.deadline"
    assert value == pytest.approx(1.2 * results(engine.plan, {})["time.run"], rel=0.05)
    limit = engine.view.plots.picture.panes[1].limit
    assert limit is not None
    assert limit.text.startswith("Deadline ")
    assert limit.text.endswith("\u00a0d")


def test_the_cheapest_point_is_marked(engine: Engine) -> None:
    """Fails when the optimum is missing, or is claimed where a curve only falls."""
    money, time = (pane.best for pane in engine.view.plots.picture.panes)
    xs = engine.view.points()
    assert money is not None
    assert money.x == xs[np.argmin(results(engine.plan, {"hardware.devices": xs})["money.total"])]
    assert money.text.startswith("cheapest ")
    assert time is None


def test_log_is_toggled_by_key_and_button(engine: Engine) -> None:
    """Fails when the axis, its ticks and the request do not go together."""
    view = engine.view
    key(view, Qt.Key.Key_L, "l")
    assert not view.log.isChecked()
    assert np.ptp(np.diff([tick for tick, _text in view.plots.picture.x_ticks])) < 1e-6
    QTest.mouseClick(view.log, Qt.MouseButton.LeftButton)
    assert [log for _path, _low, _high, log, _results in engine.asked[-2:]] == [False, True]
    assert [text for _tick, text in view.plots.picture.x_ticks][:3] == ["256", "512", "1024"]
    assert view.x_title.text() == "Devices, log scale"


def test_large_values_are_drawn_in_the_unit_of_the_axis(engine: Engine) -> None:
    """Fails when 1e13 tokens reach the plotting library, which draws them wrong."""
    engine.view.choose_x("training.tokens")
    engine.view.set_log(False)
    places, heights = engine.view.plots.drawn(0)
    assert engine.view.x_title.text() == "Tokens, T"
    assert places.max() == pytest.approx(30.0)
    assert heights.max() < 1000
    marker = engine.view.plots.picture.marker
    assert marker is not None
    assert marker.pill == "15 T"


def test_points_that_do_not_fit_are_a_gap_with_a_note(engine: Engine) -> None:
    """Fails when the curve goes on where the model does not fit, or nobody says why it stops."""
    curve = engine.curve("hardware.devices", ["money.total", "time.run"])
    curve.fits = curve.xs >= 600
    engine.view.show_curves(curve)  # type: ignore[arg-type]
    places, heights = engine.view.plots.drawn(0)
    assert np.array_equal(np.isnan(heights), 10**places < 599.5)
    edge = int(curve.xs[curve.fits][0])
    assert engine.view.note.text().startswith(f"No curve below {edge} devices")
    assert engine.view.note.isVisible()
    key(engine.view, Qt.Key.Key_Home)
    reading = engine.view.plots.picture.reading
    assert reading is not None
    assert reading.values == ("no value", "no value")


def test_a_plan_that_cannot_be_computed_is_shown_as_such(engine: Engine) -> None:
    """Fails when NaN breaks the view."""
    curve = engine.curve("hardware.devices", ["money.total", "time.run"])
    curve.values = {path: np.full_like(values, np.nan) for path, values in curve.values.items()}
    engine.view.show_curves(curve)  # type: ignore[arg-type]
    assert engine.view.sentence.whole == "No point of these curves can be computed."
    assert not engine.view.grab().isNull()


def test_curves_that_nobody_waits_for_are_left_aside(engine: Engine) -> None:
    """Fails when a late answer replaces the curve of another axis."""
    late = engine.curve("hardware.devices", ["money.total", "time.run"])
    engine.view.choose_x("training.tokens")
    shown = engine.view.plots.drawn(0)[0].copy()
    engine.view.show_curves(late)  # type: ignore[arg-type]
    assert np.array_equal(engine.view.plots.drawn(0)[0], shown)


def test_a_hidden_view_asks_when_it_is_shown(engine: Engine) -> None:
    """Fails when curves are computed for nobody, or are old when the tab is opened."""
    engine.view.hide()
    before = len(engine.asked)
    engine.view.show_estimate(Cluster(Plan().with_value("purchase.price", 0.001)))  # type: ignore[arg-type]
    assert len(engine.asked) == before
    engine.view.show()
    assert len(engine.asked) == before + 1


def test_results_are_chosen_for_each_plot(engine: Engine) -> None:
    """Fails when a choice reaches the other plot, or the axis keeps its old unit."""
    engine.view.y_titles[1].chosen.emit("carbon.market")
    assert engine.asked[-1][4] == ["money.total", "carbon.market"]
    assert [title.text() for title in engine.view.y_titles] == ["Money, M$", "CO₂e, market-based, t"]
    assert not engine.view.limits[1].isVisible()
    menu = engine.view.y_titles[1].menu()
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["CO₂e, market-based"]


@pytest.mark.parametrize(("text", "factor"), [("+", 2.0), ("-", 0.5)])
def test_zoom_keeps_the_plan_in_place_and_fit_undoes_it(engine: Engine, text: str, factor: float) -> None:
    """Fails when zoom drifts, or there is no way back."""
    before = engine.asked[-1]
    key(engine.view, Qt.Key.Key_unknown, text)
    _path, low, high, _log, _results = engine.asked[-1]
    assert np.log(high / low) == pytest.approx(np.log(before[2] / before[1]) / factor, rel=0.2)
    assert np.sqrt(low * high) == pytest.approx(2048.0, rel=0.5)
    key(engine.view, Qt.Key.Key_A, "a")
    assert engine.asked[-1] == before


def test_a_range_is_typed_at_the_axis(engine: Engine) -> None:
    """Fails when a double click on an axis opens nothing, or nonsense is taken."""
    view = engine.view
    foot = view.plots.picture.panes[1].rect
    mouse(QEvent.Type.MouseButtonDblClick, view, foot.center().x(), foot.bottom() + 10)
    well = view.plots.findChild(RangeWell)
    assert well is not None
    well.editor().setText("fifty")
    QTest.keyClick(well.editor(), Qt.Key.Key_Return)
    assert well.message
    well.editor().setText("500 … 8k")
    QTest.keyClick(well.editor(), Qt.Key.Key_Return)
    assert engine.asked[-1][1:3] == (500.0, 8000.0)


def test_the_range_of_an_upright_axis_is_typed_in_its_unit(engine: Engine) -> None:
    """Fails when a height typed in M$ is taken as dollars."""
    pane = engine.view.plots.picture.panes[0]
    mouse(QEvent.Type.MouseButtonDblClick, engine.view, 10.0, pane.rect.center().y())
    well = engine.view.plots.findChild(RangeWell)
    assert well is not None
    well.editor().setText("5 … 10")
    QTest.keyClick(well.editor(), Qt.Key.Key_Return)
    assert engine.view.plots.picture.panes[0].y.ends == pytest.approx((5.0, 10.0))


def test_the_table_holds_the_same_points(engine: Engine) -> None:
    """Fails when the table rounds what is copied, or loses the gaps."""
    view = engine.view
    curve = engine.curve("hardware.devices", ["money.total", "time.run"])
    curve.fits = curve.xs >= 600
    view.show_curves(curve)  # type: ignore[arg-type]
    QTest.mouseClick(view.tabular, Qt.MouseButton.LeftButton)
    view.copy.click()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0] == ["Devices", "Money, M$", "Time, d"]
    assert len(lines) == curve.xs.size + 1
    assert lines[1] == ["256", "", ""]
    row = next(line for line in lines if line[0] == "4096")
    assert float(row[1]) * 1e6 == pytest.approx(
        results(engine.plan, {"hardware.devices": 4096.0})["money.total"], rel=1e-14
    )


def test_a_theme_and_back_is_the_same_picture(engine: Engine, qtbot: QtBot) -> None:
    """Fails when a part keeps the colours of the theme before."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    first = engine.view.grab().toImage()
    themes.wear(application, "dark")
    dark = engine.view.grab().toImage()
    themes.wear(application, "light")
    assert engine.view.grab().toImage() == first
    corner = QPoint(first.width() // 2, first.height() // 2)
    assert dark.pixelColor(corner).lightness() < 60 < first.pixelColor(corner).lightness()


def test_a_value_typed_elsewhere_moves_the_plan_into_sight(engine: Engine) -> None:
    """Fails when the marker leaves the axis after an edit in the form."""
    engine.plan = engine.plan.with_value("hardware.devices", 100_000.0)
    engine.view.show_estimate(Cluster(engine.plan))  # type: ignore[arg-type]
    picture = engine.view.plots.picture
    assert picture.marker is not None
    assert picture.x.holds(picture.marker.x)


def test_only_dense_models_are_scaled_by_their_size(engine: Engine) -> None:
    """Fails when a curve over dense models is shown for a plan with experts."""
    view = engine.view
    view.choose_x("model.parameters")
    assert view.x_title.text() == "Model size, B parameters, log scale"
    engine.plan = engine.plan.with_value("model.experts", 8.0)
    view.show_estimate(Cluster(engine.plan))  # type: ignore[arg-type]
    assert view.x_title.key == "hardware.devices"
    assert "Model size" not in [action.text() for action in view.x_title.menu().actions()]


def test_the_focus_ring_is_for_the_keyboard(engine: Engine) -> None:
    """Fails when somebody who uses the keyboard does not see where they are."""
    rings = []
    for widget, reason in (
        (engine.view.plots, Qt.FocusReason.TabFocusReason),
        (engine.view.log, Qt.FocusReason.TabFocusReason),
        (engine.view.plots, Qt.FocusReason.MouseFocusReason),
    ):
        widget.setFocus(reason)
        rings.append(engine.view.plots.picture.ring)
    assert rings == [True, False, False]


def test_a_closed_view_leaves_nothing_behind(engine: Engine, qtbot: QtBot) -> None:
    """Fails when the scene, a signal or a closure keeps a closed view alive."""
    view = Curves()
    gone = weakref.ref(view)
    view.show_estimate(Cluster(engine.plan))  # type: ignore[arg-type]
    with qtbot.waitSignal(view.destroyed):
        view.deleteLater()
        del view
    gc.collect()
    assert gone() is None
