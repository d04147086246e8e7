"""The curves: what a change along one input does to two results, with the plan and its limits on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tcplan.language import _
from tcplan.plan.units import unit as unit_of
from tcplan_desktop.document import new_gesture
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px
from tcplan_desktop.views.curve_choice import (
    DEVICES,
    UPRIGHTS,
    Across,
    Upright,
    across,
    offered,
    rounded,
    upright,
)
from tcplan_desktop.views.curve_picture import (
    columns_of,
    gap_of,
    height_of,
    line_of,
    marker_of,
    pane_of,
    reading_of,
    scaled,
    x_scale,
)
from tcplan_desktop.views.curve_table import CurveTable
from tcplan_desktop.views.curve_words import Line, Scale, answer, evenly, number, point, reading
from tcplan_desktop.views.plot import Plots
from tcplan_desktop.views.plot_axis import Interval, ticks
from tcplan_desktop.views.plot_title import RangeWell, Title

if TYPE_CHECKING:
    from tcplan.estimate import Estimate
    from tcplan.study.curve import Curve

STICKY = 4.0
"""Pixels within which a pointer means the round value of a tick."""

Values = NDArray[np.float64]


class Curves(QWidget):
    """Two linked plots; it computes nothing and changes nothing, it asks and tells."""

    wanted = Signal(str, float, float, bool, list)
    """Path of x, both ends (coherent), logarithmic, paths of the results: `show_curves` takes the answer."""
    edited = Signal(str, object, int, str)
    """Path, coherent value (None takes it back), gesture, label of the step (empty: the field's own)."""
    asked_why = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate: Estimate | None = None
        self._curve: Curve | None = None
        self._choice: Across = across()[DEVICES]
        self._results: list[Upright] = [upright("money.total"), upright("time.run")]
        self._log = True
        self._interval = Interval(1.0, 2.0)
        self._fitted = True
        self._heights: list[Interval | None] = [None, None]
        self._scale = Scale("")
        self._scales = [Scale(""), Scale("")]
        self._lines: tuple[Line, ...] = ()
        self._reading: float | None = None
        self._held: float | None = None
        self._gesture = 0
        self._stale = False
        self._build()
        self._connect()

    def _build(self) -> None:
        self.sentence = Elided(size=15, weight=600, parent=self)
        self.note = Label(size=12, ink="text3", wrap=True, parent=self)
        self.note.setContentsMargins(6, 0, 0, 0)
        self.note.hide()
        self.log = Button(_("Log"), kind=Kind.TINT, parent=self)
        self.log.setChecked(True)
        self.tabular = Button(kind=Kind.TINT, icon_name="table-2", name=_("Show as table"), parent=self)
        self.copy = Button(_("Copy"), kind=Kind.QUIET, icon_name="copy", parent=self)
        self.copy.hide()
        self.fit_all = Button(kind=Kind.QUIET, icon_name="maximize", name=_("Fit"), key="A", parent=self)
        self.plots = Plots(self)
        self.plots.setAccessibleName(_("Curves"))
        self.table = CurveTable(self)
        self.x_title = Title(_("Along"), self._x_options, self.plots)
        self.y_titles = [Title(_("Shown"), self._y_options, self.plots) for _index in range(2)]
        self.limits = [Button("", kind=Kind.LINK, size=12, ink="text3", parent=self.plots) for _n in range(2)]
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self.sentence, 1)
        for button in (self.log, self.copy, self.tabular, self.fit_all):
            head.addWidget(button)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.plots)
        self._pages.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 8, 4)
        box.setSpacing(2)
        box.addLayout(head)
        box.addWidget(self.note)
        box.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.log.clicked.connect(lambda: self.set_log(self.log.isChecked()))
        self.tabular.clicked.connect(lambda: self.show_table(self.tabular.isChecked()))
        self.copy.clicked.connect(self.table.copy)
        self.fit_all.clicked.connect(self.fit)
        self.x_title.chosen.connect(self.choose_x)
        for index, (title, button) in enumerate(zip(self.y_titles, self.limits, strict=True)):
            title.chosen.connect(lambda path, at=index: self.choose_y(at, path))
            button.clicked.connect(lambda _checked=False, at=index: self._toggle_limit(at))
        plots = self.plots
        plots.laid_out.connect(self._lay_out)
        plots.pointed.connect(self._point)
        plots.left.connect(lambda: self._read(None))
        plots.grabbed.connect(self._grab)
        plots.dropped.connect(self._drop)
        plots.clicked.connect(lambda index: self.asked_why.emit(self._results[index].path))
        plots.marker_moved.connect(self._drag)
        plots.limit_moved.connect(self._move_limit)
        plots.zoomed.connect(lambda centre, factor: self.zoom(factor, centre * self._scale.size))
        plots.range_asked.connect(self._ask_range)

    # What the window tells the view.

    def show_estimate(self, estimate: Estimate) -> None:
        """Show the plan in force; curves are asked for unless the change only moves the plan along them."""
        before, self._estimate = self._estimate, estimate
        self._held = None
        if self._choice.path not in offered(estimate):
            self.choose_x(DEVICES)
        plan = self._plan_x()
        if before is None or (
            not self.plots.dragging and self._fitted and np.isfinite(plan) and not self._interval.holds(plan)
        ):
            self._fit_x()
        self._redraw()
        if not self.plots.dragging:
            self._ask()

    def forget(self) -> None:
        """Forget the plan and its curves; the next plan is another one, and no line of the old is its own."""
        self._curve, self._estimate, self._reading, self._heights = None, None, None, [None, None]

    def show_curves(self, curve: Curve) -> None:
        """Show computed curves; those that nobody waits for any more are left aside."""
        wanted = {result.path for result in self._results}
        if curve.x_path == self._choice.path and wanted <= set(curve.values):
            self._curve = curve
            self._redraw()

    def points(self) -> Values:
        """Return the coherent values of x, about 400, at which the curves are wanted."""
        group = self._choice.group(self._estimate) if self._estimate is not None else 1
        return self._choice.points(self._interval, self._plan_x(), group) * self._choice.factor

    # What a person chooses.

    def choose_x(self, path: str) -> None:
        """Run the curves along another input."""
        if path != self._choice.path:
            self._choice = across()[path]
            self._log = self._choice.logarithmic
            self.log.setChecked(self._log)
            self.log.updateGeometry()
            self._curve, self._reading, self._heights = None, None, [None, None]
            self._fit_x()
            self._redraw()
            self._ask()

    def choose_y(self, index: int, path: str) -> None:
        """Show another result in one of the plots."""
        if path != self._results[index].path:
            self._results[index] = upright(path)
            self._heights[index] = None
            self._redraw()
            self._ask()

    def set_log(self, log: bool) -> None:
        """Make the x axis logarithmic, or linear."""
        self._log = log
        self.log.setChecked(log)
        self.log.updateGeometry()
        if self._fitted or not self._interval.low > 0:
            self._fit_x()
        else:
            self._interval = replace(self._interval, log=log)
        self._redraw()
        self._ask()

    def fit(self) -> None:
        """Show the plan in the middle and all that matters around it."""
        self._heights = [None, None]
        self._fit_x()
        self._redraw()
        self._ask()

    def zoom(self, factor: float, centre: float | None = None) -> None:
        """Show less (above 1) or more of the x axis around a point, by default the plan."""
        middle = centre if centre is not None else self._plan_x()
        zoomed = self._interval.zoomed(middle if np.isfinite(middle) else self._interval.low, factor)
        self._set_interval(zoomed.low, zoomed.high)

    def show_table(self, table: bool) -> None:
        """Show the points as a table, or as plots again."""
        self.tabular.setChecked(table)
        self.tabular.updateGeometry()
        self.copy.setVisible(table)
        self._pages.setCurrentWidget(self.table if table else self.plots)
        self._redraw()

    def _set_interval(self, low: float, high: float) -> None:
        low, high = max(low, self._choice.low), min(high, self._choice.high)
        if self._log and low <= 0:
            low = high / 1e6
        if not (high <= low * (1 + 1e-3) or (self._choice.whole and high - low < 2)):
            self._interval = Interval(low, high, self._log)
            self._fitted = False
            self._redraw()
            self._ask()

    def _fit_x(self) -> None:
        self._interval = self._choice.default(self._plan_x(), log=self._log)
        self._fitted = True

    def _ask(self) -> None:
        self._stale = not self.isVisible()
        if self._estimate is not None and not self._stale:
            low, high = (self._choice.coherent(end) for end in (self._interval.low, self._interval.high))
            paths = [result.path for result in self._results]
            self.wanted.emit(self._choice.path, low, high, self._interval.log, paths)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what changed while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._ask()

    # Drawing.

    def _plan_x(self) -> float:
        if self._held is not None:
            return self._held
        return self._choice.plan_value(self._estimate) if self._estimate is not None else float("nan")

    def _redraw(self) -> None:
        estimate = self._estimate
        if estimate is None:
            return
        self._scale = x_scale(self._choice, self._interval)
        axis = scaled(self._interval, self._scale.size)
        most = min(max(int(self.plots.picture.panes[0].rect.width() // px(72)), 3), 7)
        marks = ticks(axis, binary=self._choice.binary, most=most)
        named = tuple((x, number(x)) for x in marks) if axis.log else evenly(marks)
        self.plots.show_x(axis, named)
        unit = self._choice.factor * self._scale.size
        self._lines = tuple(line_of(estimate, self._curve, result, unit) for result in self._results)
        for index, line in enumerate(self._lines):
            self._draw_pane(index, line, axis, line.result.limit_value(estimate))
        self._title()
        self._mark()
        if not self.table.isHidden():
            self._fill_table()

    def _draw_pane(self, index: int, line: Line, axis: Interval, limit: float | None) -> None:
        old = self.plots.picture.panes[index]
        if self.plots.dragging:
            # The ground stays still while a person pulls at what stands on it.
            height = scaled(old.y, 1.0 / self._scales[index].size)
        else:
            height = self._heights[index] or height_of(line, axis, limit)
        pane, self._scales[index] = pane_of(self._choice, line, axis, self._scale, height, limit)
        most = min(max(int(old.rect.height() // px(22)), 2), 7)
        marks = evenly(ticks(pane.y, most=most))
        self.plots.show_pane(index, pane, marks, line.xs, line.ys / self._scales[index].size)

    def _title(self) -> None:
        unit = self._scale.name
        if self._choice.counted and unit and self._choice.noun != self._choice.title.lower():
            unit = f"{unit} {_(self._choice.noun)}"
        parts = [_(self._choice.title), unit, _("log scale") if self._interval.log else ""]
        self.x_title.show_title(self._choice.path, ", ".join(part for part in parts if part))
        for index, title in enumerate(self.y_titles):
            result, shown = self._results[index], self._scales[index]
            parts = [_(result.title), shown.name]
            title.show_title(result.path, ", ".join(part for part in parts if part))
            button, has = self.limits[index], self.plots.picture.panes[index].limit is not None
            button.setVisible(bool(result.limit))
            if result.limit:
                words = _(result.drop_limit if has else result.add_limit)
                if words != button.text():
                    button.set_text(words)
        self._lay_out_titles()

    def _mark(self) -> None:
        """Put marker, crosshair and the words that go with them in place."""
        size = self._scale.size
        held = self._held is not None
        plan = marker_of(
            self._choice, self._scale, self._plan_x() / size, self._lines, self._scales, held=held
        )
        at = self._sample(self._reading / size) if self._reading is not None else None
        read = (
            reading_of(self._choice, self._scale, at, self._lines, self._scales) if at is not None else None
        )
        self.plots.show_marks(replace(self.plots.picture, marker=plan, reading=read))
        self._say(at)

    def _say(self, at: float | None) -> None:
        if at is not None:
            words = reading(point(self._choice, self._scale, at), self._lines, at)
        elif self._lines[0].xs.size:
            plan = self._plan_x() / self._scale.size
            words = answer(self._choice, self._scale, self._lines, self.plots.picture.x, plan)
        else:
            words = ""
        if words != self.sentence.whole:
            self.sentence.set_whole(words)
            self.plots.setAccessibleDescription(words)
        note = gap_of(self._choice, self._scale, self._curve, self._lines)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _fill_table(self) -> None:
        heads = [title.text() for title in self.y_titles]
        columns = columns_of(self._choice, self._scale, self._lines, self._scales, heads)
        self.table.show_columns(columns, self._plan_x() / self._scale.size)

    def _lay_out(self) -> None:
        self._redraw()
        self._lay_out_titles()

    def _lay_out_titles(self) -> None:
        for index, (title, button) in enumerate(zip(self.y_titles, self.limits, strict=True)):
            place = self.plots.title_place(index)
            size, link = title.sizeHint(), button.sizeHint()
            title.setGeometry(QRect(place.left(), place.top() + 4, size.width(), size.height()))
            right = round(self.plots.picture.panes[index].rect.right())
            button.setGeometry(right - link.width(), place.top() + 5, link.width(), link.height())
        place, size = self.plots.name_place(), self.x_title.sizeHint()
        left = place.center().x() - size.width() // 2
        self.x_title.setGeometry(QRect(left, place.top(), size.width(), size.height()))

    def _x_options(self) -> dict[str, str]:
        return {path: _(choice.title) for path, choice in offered(self._estimate).items()}

    def _y_options(self) -> dict[str, str]:
        return {result.path: _(result.title) for result in UPRIGHTS}

    # Reading and moving; x is in units of the axis, `value` in the unit shown.

    def _sample(self, x: float) -> float | None:
        xs = self._lines[0].xs if self._lines else np.empty(0)
        return float(xs[int(np.argmin(np.abs(xs - x)))]) if xs.size else None

    def _sticky(self, x: float) -> float:
        picture = self.plots.picture
        for tick, _text in picture.x_ticks:
            if abs(picture.across(tick) - picture.across(x)) <= STICKY:
                return tick
        return x

    def _point(self, x: float) -> None:
        self._read(self._sticky(x) * self._scale.size)

    def _read(self, value: float | None) -> None:
        if value != self._reading and self._lines:
            self._reading = value
            self._mark()

    def _read_next(self, steps: int) -> None:
        xs = self._lines[0].xs if self._lines else np.empty(0)
        if xs.size:
            start = self._reading if self._reading is not None else self._plan_x()
            at = int(np.argmin(np.abs(xs - start / self._scale.size)))
            self._read(float(xs[min(max(at + steps, 0), xs.size - 1)]) * self._scale.size)

    def _grab(self) -> None:
        self._gesture = new_gesture()
        self._read(None)

    def _drop(self) -> None:
        self._held = None
        self._gesture = 0
        if self._estimate is not None:
            self.show_estimate(self._estimate)

    def _drag(self, x: float) -> None:
        """Follow the pointer; what comes in whole pieces goes from point to point of the curve."""
        sample = self._sample(x) if self._choice.whole else None
        self._move(self._choice.snapped((self._sticky(x) if sample is None else sample) * self._scale.size))

    def _move(self, value: float) -> None:
        """Tell that the plan is wanted at another x; the marker is there at once."""
        if value == self._plan_x():
            return
        self._held = value
        self._mark()
        self.edited.emit(self._choice.path, self._choice.coherent(value), self._gesture, "")

    def _move_limit(self, index: int, y: float) -> None:
        line = self._lines[index]
        value = rounded(y * self._scales[index].size, 3)
        if self._estimate is not None and value > 0 and value != line.result.limit_value(self._estimate):
            self._set_limit(line, value)

    def _toggle_limit(self, index: int) -> None:
        line = self._lines[index]
        self._gesture = 0
        if self.plots.picture.panes[index].limit is not None:
            self.edited.emit(line.result.limit, None, 0, _(line.result.drop_limit))
        elif np.isfinite(line.plan):
            self._set_limit(line, rounded(1.2 * line.plan, 2))

    def _set_limit(self, line: Line, value: float) -> None:
        coherent = value * float(unit_of(line.unit).factor)
        self.edited.emit(line.result.limit, coherent, self._gesture, "")

    def _ask_range(self, axis: str, place: QRect) -> None:
        interval = self.plots.picture.x if axis == "x" else self.plots.picture.panes[int(axis[1:])].y
        text = f"{number(rounded(interval.low, 4))} … {number(rounded(interval.high, 4))}"
        well = RangeWell(axis, text, self.plots)
        well.ranged.connect(self._range)
        size = QSize(px(200), well.sizeHint().height())
        left = place.left() - size.width() // 2 if axis == "x" else place.left()
        well.setGeometry(QRect(max(left, 0), place.top(), size.width(), size.height()))
        well.show()
        well.setFocus(Qt.FocusReason.OtherFocusReason)

    def _range(self, axis: str, low: float, high: float) -> None:
        if axis == "x":
            self._set_interval(low * self._scale.size, high * self._scale.size)
            return
        index = int(axis[1:])
        size = self._scales[index].size
        self._heights[index] = Interval(low * size, high * size)
        self._redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read, move and zoom from the keyboard."""
        if self._estimate is None or not (self._press_any(event) or self._press_plots(event)):
            super().keyPressEvent(event)

    def _press_any(self, event: QKeyEvent) -> bool:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        match event.text().lower():
            case "l":
                self.set_log(not self._log)
            case "a":
                self.fit()
            case "+" | "=":
                self.zoom(2.0)
            case "-":
                self.zoom(0.5)
            case _:
                return False
        return True

    def _press_plots(self, event: QKeyEvent) -> bool:
        if not self.plots.hasFocus():
            return False
        key, last = Qt.Key(event.key()), max(len(self._lines[0].xs) if self._lines else 0, 1)
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if self.plots.chosen:
            steps |= {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        reads = {Qt.Key.Key_Left: -far, Qt.Key.Key_Right: far, Qt.Key.Key_Home: -last, Qt.Key.Key_End: last}
        if key in steps:
            # Held down, a key is one gesture: one step of undo.
            if not event.isAutoRepeat() or not self._gesture:
                self._gesture = new_gesture()
            self._move(self._choice.stepped(self._plan_x(), steps[key]))
        elif key in reads:
            self._read_next(reads[key])
        elif key == Qt.Key.Key_Escape and (self._reading is not None or self.plots.chosen):
            self.plots.choose(chosen=False)
            self._read(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked_why.emit(self._results[0].path)
        else:
            return False
        return True
