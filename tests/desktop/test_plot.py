"""The axes, and the plots that are drawn on them."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tcplan_desktop.theme import themes
from tcplan_desktop.views.curve_choice import across
from tcplan_desktop.views.curve_words import evenly, number, scale
from tcplan_desktop.views.plot import CURVE_WIDTH, Plots
from tcplan_desktop.views.plot_axis import Interval, next_round, ticks, upright
from tcplan_desktop.views.plot_overlay import Pane

POSITIVE = st.floats(1e-12, 1e15)


def _mantissa(value: float) -> float:
    return round(abs(value) / 10.0 ** math.floor(math.log10(abs(value)) + 1e-9), 6)


@given(low=st.floats(-1e13, 1e13), width=POSITIVE, most=st.integers(3, 7))
def test_linear_ticks_are_few_round_and_inside(low: float, width: float, most: int) -> None:
    """Fails when ticks crowd, lie outside of the axis or are spaced by other than 1-2-5."""
    assume(width > 1e-6 * abs(low))
    found = ticks(Interval(low, low + width), most=most)
    assert 1 <= len(found) <= most
    slack = 1e-6 * width
    assert low - slack <= found[0]
    assert found[-1] <= low + width + slack
    steps = np.diff(found)
    if steps.size:
        assert np.allclose(steps, steps[0], rtol=1e-6)
        assert min(abs(_mantissa(float(steps[0])) - m) for m in (1, 2, 5, 10)) < 1e-4


@given(low=POSITIVE, ratio=st.floats(1.5, 1e9))
def test_logarithmic_ticks_are_few_and_inside(low: float, ratio: float) -> None:
    """Fails when an axis of less than a decade, or of many, is left without ticks or gets too many."""
    found = ticks(Interval(low, low * ratio, log=True))
    assert 2 <= len(found) <= 7
    assert found == sorted(set(found))
    assert low * (1 - 1e-6) <= found[0]
    assert found[-1] <= low * ratio * (1 + 1e-6)


@given(low=st.integers(0, 16), octaves=st.integers(2, 20))
def test_device_ticks_are_powers_of_two_up_to_the_end(low: int, octaves: int) -> None:
    """Fails when a device axis shows 1000 instead of 1024, or does not name its end."""
    found = ticks(Interval(2.0**low, 2.0 ** (low + octaves), log=True), binary=True)
    assert 2 <= len(found) <= 7
    assert all(math.log2(value).is_integer() for value in found)
    assert found[-1] == 2.0 ** (low + octaves)


@given(value=st.floats(1e-9, 1e13))
def test_steps_up_and_down_are_inverse_on_round_numbers(value: float) -> None:
    """Fails when an arrow key skips a round number or stays where it is."""
    above = next_round(value, 1)
    below = next_round(value, -1)
    assert below < value < above
    assert above / below <= 6.26
    assert next_round(next_round(above, -1), 1) == pytest.approx(above)


@given(plan=st.floats(1e-3, 1e13), spread=st.floats(1.0, 100.0), limit=st.none() | st.floats(1e-3, 1e13))
def test_the_plan_is_always_on_the_upright_axis(plan: float, spread: float, limit: float | None) -> None:
    """Fails when a steep curve pushes the plan off the axis, or to its floor."""
    values = plan * np.geomspace(1.0 / spread, spread, 50)
    found = upright(values, plan, limit)
    assert found.low < plan < found.high
    assert plan - found.low >= 0.05 * (found.high - found.low)


def test_a_flat_curve_looks_flat() -> None:
    """Fails when rounding noise is blown up to a mountain range."""
    assert upright(np.array([10.0, 10.0001, 9.9999]), 10.0, None).low == 0.0


@pytest.mark.parametrize(
    ("unit", "largest", "name"),
    [
        ("USD", 2.2e7, "M$"),
        ("s", 3.2e7, "d"),
        ("kWh", 1e7, "GWh"),
        ("kgCO2e", 9e5, "t"),
        ("L", 2e7, "ML"),
        ("nat/token", 2.0, "nat/token"),
    ],
)
def test_an_axis_is_in_the_unit_that_people_say(unit: str, largest: float, name: str) -> None:
    """Fails when an axis prints 22000000."""
    assert scale(unit, largest).name == name
    assert 1 <= largest / scale(unit, largest).size < 2000


def test_numbers_of_an_axis() -> None:
    """Fails when groups are missing from five digits on, or ticks differ in their decimals."""
    assert number(16384.0) == "16\u202f384"
    assert number(8192.0) == "8192"
    assert [text for _value, text in evenly([1.75, 1.8, 1.85])] == ["1.75", "1.80", "1.85"]


@pytest.mark.parametrize("path", list(across()))
@given(place=st.floats(0.0, 1.0))
def test_a_drag_means_an_allowed_value(path: str, place: float) -> None:
    """Fails when a drag or a key step leads outside of what the field allows, or to half a device."""
    choice = across()[path]
    low = choice.low if choice.low > 0 else choice.high * 1e-12
    value = choice.snapped(low * (choice.high / low) ** place)
    for one in (value, choice.stepped(value, 1), choice.stepped(value, -1)):
        assert choice.low <= one <= choice.high
        assert not choice.whole or one == int(one)


@pytest.mark.parametrize("path", list(across()))
def test_points_hold_the_ends_and_the_plan(path: str) -> None:
    """Fails when the marker would float beside its own curve, or the curve stops before the axis does."""
    choice = across()[path]
    plan = choice.snapped(max(choice.low, min(choice.high, 2000.0)) * 0.6)
    ends = choice.default(plan, log=choice.logarithmic)
    xs = choice.points(ends, plan)
    assert 100 < xs.size <= 400 or choice.whole
    assert np.all(np.diff(xs) > 0)
    assert np.isclose(xs, plan).any()
    assert xs[0] == pytest.approx(ends.low, rel=0.01)
    assert xs[-1] == pytest.approx(ends.high, rel=0.01)


def test_devices_come_in_whole_copies_of_the_model() -> None:
    """Fails when the curve becomes a saw because devices idle between whole groups."""
    xs = across()["hardware.devices"].points(Interval(128.0, 8192.0, log=True), 1000.0, group=16)
    assert xs.size > 200
    assert {x for x in xs.tolist() if x % 16} == {1000.0}


@pytest.fixture
def plots(qtbot: QtBot) -> Plots:
    themes.wear(QApplication.instance(), "light")  # type: ignore[arg-type]
    widget = Plots()
    qtbot.addWidget(widget)
    widget.resize(720, 560)
    widget.show_x(Interval(1.0, 100.0, log=True), ((1.0, "1"), (10.0, "10"), (100.0, "100")))
    return widget


def test_pens_count_pixels_of_the_screen(plots: Plots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when curves are half as thick on a screen of twice the density."""
    monkeypatch.setattr(plots, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(plots, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert plots._curves[0].opts["pen"].widthF() == pytest.approx(2.0 * CURVE_WIDTH)


def test_a_gap_in_the_data_is_a_gap_in_the_curve(plots: Plots) -> None:
    """Fails when missing points are bridged or dropped."""
    ys = np.array([1.0, 2.0, np.nan, 2.0, 1.0])
    plots.show_pane(0, Pane(y=Interval(0.0, 3.0)), ((0.0, "0"),), np.geomspace(1, 100, 5), ys)
    places, heights = plots.drawn(0)
    assert places.tolist() == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0])
    assert np.isnan(heights).tolist() == [False, False, True, False, False]


def test_values_far_beyond_the_axis_stay_near_it(plots: Plots) -> None:
    """Fails when 1e13 reaches a painter, which would draw it anywhere."""
    ys = np.array([1e13, 1.0, -1e13])
    plots.show_pane(0, Pane(y=Interval(0.0, 3.0)), ((0.0, "0"),), np.array([1.0, 10.0, 100.0]), ys)
    assert np.abs(plots.drawn(0)[1]).max() < 100.0


def test_plots_share_one_left_edge_and_one_x_axis(plots: Plots) -> None:
    """Fails when the crosshair would not go straight through both plots."""
    first, second = (pane.rect for pane in plots.picture.panes)
    assert (first.left(), first.right()) == (second.left(), second.right())
    assert plots.picture.across(10.0) == pytest.approx(first.center().x())
    assert plots.picture.along(plots.picture.across(37.0)) == pytest.approx(37.0)
