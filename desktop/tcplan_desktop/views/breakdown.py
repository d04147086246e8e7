"""Where it goes: money, time, energy, carbon, water and memory in parts that sum to their total."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.bill_lines import BESIDE
from tcplan.report.numbers import figure, share
from tcplan_desktop.document import in_a_sentence
from tcplan_desktop.parts.bars import Bar, Bars
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px

_OWNED = (
    *("money.devices", "money.servers", "money.network", "money.own_storage", "money.facility"),
    *("money.maintenance", "money.operators", "money.interest"),
)
_BESIDE_RUN = tuple(path for _label, path in BESIDE)
_METHOD = ("money.method_hardware", "money.method_energy")
_STEP = (
    ("step_compute", "time.step_compute", N_("Computing")),
    ("step_communication", "time.step_communication", N_("Exchange between devices")),
    ("step_bubble", "time.step_bubble", N_("Pipeline bubble")),
    ("step_host", "time.step_host", N_("Waiting for the host")),
    ("beside_time", "time.step_beside", N_("Other models, generation")),
    ("step_spread", "time.step_spread", N_("Stragglers")),
)
_CARBON = ("carbon.location", "carbon.embodied", "carbon.upstream")
_WATER = ("water.site", "water.grid", "water.manufacture")
_MEASURED = ("efficiency.achieved", "efficiency.mfu", "time.step", "time.device_hours", "time.run")
_TWO_COLUMNS = 640
_NOTHING = 5e-7
"""A part below this share of its total rounds to nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a total, in the coherent unit; `path` has its why."""

    label: str
    path: str
    value: float


@dataclass(frozen=True, slots=True)
class Whole:
    """A total and its parts."""

    title: str
    path: str
    parts: tuple[Part, ...]
    rest: str


def _parts(estimate: Estimate, paths: tuple[str, ...]) -> tuple[Part, ...]:
    found = [estimate[path] for path in paths if path in estimate]
    return tuple(Part(result.label, result.path, result.si) for result in found)


def money_parts(estimate: Estimate) -> tuple[Part, ...]:
    """Return what the total cost consists of; owned hardware stands for the rent."""
    run = _OWNED if "money.hardware" in estimate else ("money.compute",)
    return _parts(estimate, (*run, *_BESIDE_RUN))


def time_parts(estimate: Estimate) -> tuple[Part, ...]:
    """Return what the duration consists of; a typed speed has no parts below it."""
    productive = estimate["time.productive"].si
    # Laboratories differ more than layouts: the line is called by the choice that it comes from.
    practice = Part(_("Run factor"), "time.practice", estimate["time.practice"].si)
    after = (practice, *_parts(estimate, ("time.checkpoints", "time.lost", "time.paused")))
    step = sum(estimate.values[name] for name, _path, _label in _STEP)
    if any(path in estimate.plan.overrides for path in _MEASURED) or not step > 0:
        return (Part(estimate["time.productive"].label, "time.productive", productive), *after)
    parts = tuple(
        Part(_(label), path, estimate.values[name] / step * productive) for name, path, label in _STEP
    )
    return (*parts, *after)


def wholes(estimate: Estimate) -> tuple[Whole, ...]:
    """Return the totals of the tab with their parts."""
    energy = ("energy.devices", "energy.servers", "energy.idle", "energy.network", "energy.cooling")
    memory = ("memory.weights", "memory.gradients", "memory.optimizer", "memory.activations", "memory.beside")
    other = _("Other")
    return (
        Whole(_("Money"), "money.total", money_parts(estimate), other),
        Whole(_("Time"), "time.run", time_parts(estimate), other),
        Whole(_("Energy"), "energy.facility", _parts(estimate, energy), other),
        Whole(_("CO₂e"), "carbon.total", _parts(estimate, _CARBON), other),
        Whole(_("Water"), "water.total", _parts(estimate, _WATER), other),
        Whole(_("Memory of one device"), "memory.peak", _parts(estimate, memory), _("Buffers")),
        Whole(_("Amortised method, published"), "money.method_amortised", _parts(estimate, _METHOD), other),
    )


def bars_of(whole: Whole, estimate: Estimate) -> list[Bar]:
    """Return the parts as bars, and what they leave of the total as the last one."""
    total = estimate[whole.path]
    if not isfinite(total.si):
        return []
    scale = total.value / total.si if total.si else 0.0
    parts = list(whole.parts)
    rest = total.si - sum(part.value for part in parts)
    if abs(rest) > 1e-6 * abs(total.si):
        parts.append(Part(whole.rest, whole.path, rest))
    bars = []
    for part in parts:
        of_total = part.value / total.si if total.si else 0.0
        if abs(of_total) > _NOTHING:
            text = str(figure(part.value * scale, total.unit, 3))
            bars.append(Bar(part.label, of_total, text, str(share(of_total, 2)), part.path))
    return bars


def nothing_of(whole: Whole, estimate: Estimate) -> str:
    """Return which parts are nothing, in a sentence; empty when each is something."""
    total = estimate[whole.path].si
    names = [part.label for part in whole.parts if abs(part.value) <= _NOTHING * abs(total)]
    if not names or not isfinite(total):
        return ""
    words = _("Not counted: {names}.") if whole.path == "money.total" else _("Next to nothing: {names}.")
    return words.format(names=", ".join(in_a_sentence(name) for name in names))


def largest(whole: Whole) -> Part | None:
    """Return the largest part of a total."""
    known = [part for part in whole.parts if isfinite(part.value) and part.value > 0]
    return max(known, key=lambda part: part.value, default=None)


def sentence(estimate: Estimate) -> str:
    """Return the sentence that answers the question of the tab."""
    money, time = wholes(estimate)[:2]
    said: list[str] = []
    for whole, words in (
        (money, _("{part} is {share} of the money")),
        (time, _("{part} takes {share} of the time")),
    ):
        part, total = largest(whole), estimate[whole.path].si
        if part is not None and total > 0:
            name = part.label if not said else in_a_sentence(part.label)
            said.append(words.format(part=name, share=share(part.value / total)))
    return _("{0}.").format("; ".join(said)) if said else _("There is nothing to divide yet.")


class _Group(QWidget):
    """A total with the bars of its parts."""

    asked_why = Signal(str)

    def __init__(self, title: str, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.total = Button("", kind=Kind.LINK)
        self.total.clicked.connect(lambda: self.asked_why.emit(path))
        self.bars = Bars(title)
        self.bars.pressed.connect(self.asked_why)
        self._title = title
        head = QHBoxLayout()
        head.addWidget(Label(title, weight=600), 1)
        head.addWidget(self.total)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.bars)
        self.nothing = Label("", size=12, ink="text3", wrap=True)
        self.nothing.setContentsMargins(0, px(6), 0, 0)
        column.addWidget(self.nothing)
        column.addStretch(1)

    def show_whole(self, whole: Whole, estimate: Estimate) -> None:
        """Show the total and its parts."""
        total = estimate[whole.path]
        text = str(figure(total.value, total.unit, 3))
        self.total.set_text(text)
        self.total.setAccessibleName(f"{self._title}: {text}")
        self.bars.show_bars(bars_of(whole, estimate))
        words = nothing_of(whole, estimate)
        self.nothing.setText(words)
        self.nothing.setVisible(bool(words))


class Breakdown(QWidget):
    """The tab."""

    asked_why = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = Label("", size=15, weight=600, wrap=True)
        self.groups: dict[str, _Group] = {}
        self._estimate: Estimate | None = None
        self._stale = False
        self._columns = 0
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(px(20), px(8), px(20), px(20))
        self._grid.setHorizontalSpacing(px(40))
        self._grid.setVerticalSpacing(px(20))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.setContentsMargins(px(20), px(4), px(20), px(4))
        head.addWidget(self.head)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def show_estimate(self, estimate: Estimate) -> None:
        """Show where everything goes; hidden, it only remembers."""
        self._estimate, self._stale = estimate, True
        if self.isVisible():
            self._write()

    def _write(self) -> None:
        if self._estimate is None or not self._stale:
            return
        self._stale = False
        self.head.setText(sentence(self._estimate))
        for whole in wholes(self._estimate):
            if whole.path not in self.groups:
                group = _Group(whole.title, whole.path)
                group.asked_why.connect(self.asked_why)
                self.groups[whole.path] = group
            self.groups[whole.path].show_whole(whole, self._estimate)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= px(_TWO_COLUMNS) else 1
        if (columns, len(self.groups)) == (self._columns, self._grid.count()):
            return
        self._columns = columns
        for index, group in enumerate(self.groups.values()):
            self._grid.addWidget(group, index // columns, index % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        self._grid.setRowStretch(len(self.groups), 1)

    def showEvent(self, event: object) -> None:
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
