"""The editor of a numeric field: text in, value in coherent units out; what cannot be read stays there."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.at_rest import at_rest
from tcplan.plan.field import Shown
from tcplan.plan.number import Alternative, NumberError, echo, read, translate, write
from tcplan.plan.units import from_coherent
from tcplan.plan.value import Number, Range, central
from tcplan_desktop.document import new_gesture
from tcplan_desktop.forms.steps import Stride, scrubbed, stepped
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State

_MULTIPLIERS = re.compile(
    r"(?<![A-Za-z])(?:[kKMGTBPEm]|bn|mn|thousand|million|billion|trillion|mille|milliard)(?![A-Za-z/])"
)
_STRIDES = {"fine": Stride.FINE, "step": Stride.STEP, "decade": Stride.TENFOLD}


def names_unit(text: str) -> bool:
    """Return whether a text says its unit itself, so that one more in the well would be doubled or wrong."""
    bare = re.sub(r"(?<=\d)[eE](?=[-+\d])", "", text)
    return re.search(r"[^\W\d_]|[%‰$€]", _MULTIPLIERS.sub("", bare)) is not None


def unit_words(shown: Shown) -> str:
    """Return the unit that stands in the well, empty for a plain number."""
    return "" if shown.shown in ("", "1") else _(shown.shown)


def text_at_rest(value: float, shown: Shown) -> str:
    """Return a value that nobody typed with as many digits as it deserves."""
    return at_rest(value, shown, marks.current())


class QuantityEdit(Well):
    """A well that reads numbers, ranges and lists.

    Text that cannot be read, or that the plan refuses, stays with its wrong part marked and a sentence below
    while the old value stays in force; Esc brings the value back.
    """

    edited = Signal(object, str, int)
    """The value, None to take it back; the text as typed; the gesture."""

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(_(shown.label), parent=parent)
        self._shown = shown
        self._value: Number | None = None
        self._effective = float("nan")
        self._rest = ""
        self._gesture = 0
        self._scrubbing: float | None = None
        self._unusual = False
        self._doubt: Alternative | None = None
        self.committed.connect(self._read)
        self.typing.connect(self._follow)
        self.restored.connect(self._follow)
        self.stepped.connect(lambda direction, size: self.step(direction, _STRIDES[size]))
        self.focused.connect(self._focus_changed)
        self.fixed.connect(self._take_other)

    # what the document says

    def show_value(self, value: Number | None, raw: str, effective: float, untyped: str) -> None:
        """Show the value in force, as it was typed where it was; `untyped` is what clearing would bring."""
        self._value, self._effective = value, effective
        typed = translate(raw, "en", marks.current())
        self._rest = typed or write(value, self._shown, marks.current()) if value is not None else ""
        if value is None:
            self._rest = text_at_rest(effective, self._shown)
        self.line.setPlaceholderText(untyped)
        self.show_text(self._rest)
        self._show_unit()

    def set_unusual(self, unusual: bool) -> None:
        """Underline the value as worth a second look."""
        self._unusual = unusual
        self._calm()

    def _calm(self) -> None:
        if self.state is not State.REFUSED:
            self.set_state(State.UNUSUAL if self._unusual else State.REST)

    # what the person does

    def _read(self, text: str) -> None:
        self._doubt = None
        if not text.strip():
            self._hand_on(None, "")
            return
        try:
            reading = read(text, self._shown, marks.current())
        except NumberError as error:
            self.refuse(error.sentence, error.start, error.end)
            return
        self._doubt = reading.doubt
        self._hand_on(reading.value, text.strip())
        if self._doubt is not None and self.state is not State.REFUSED:
            self.set_message(
                _("read as {reading}").format(reading=self._doubt.read),
                "text2",
                _("use {other}").format(other=self._doubt.use),
            )

    def _hand_on(self, value: Number | None, raw: str) -> None:
        self._gesture = new_gesture()
        self.edited.emit(value, raw, self._gesture)
        self._calm()
        # An edit that changes nothing brings no answer from the document.
        self.show_text(self._rest)
        self._follow()

    def _take_other(self) -> None:
        if self._doubt is not None:
            other, self._doubt = self._doubt.value, None
            self._hand_on(other, "")

    def _focus_changed(self, focused: bool) -> None:
        self._gesture = new_gesture() if focused else 0
        if focused:
            self._follow()
        elif self.state is not State.REFUSED and self._doubt is None:
            self.set_message("")

    def _follow(self, _text: str = "") -> None:
        """Say in full, below the field, what the text means while it is being written."""
        self._show_unit()
        if self.state is State.REFUSED or self._doubt is not None:
            return
        self._calm()
        self.set_message(self._meaning() if self.line.hasFocus() else "", "text3")

    def _meaning(self) -> str:
        try:
            value = read(self.text, self._shown, marks.current()).value
        except NumberError:
            return ""
        if isinstance(value, Range):
            middle = central(value, logarithmic=self._shown.logarithmic)
            text = f"{text_at_rest(middle, self._shown)} {unit_words(self._shown)}".strip()
            return _("range; computes at its median, {value}").format(value=text)
        if isinstance(value, tuple):
            text = f"{write(value[0], self._shown, marks.current())} {unit_words(self._shown)}".strip()
            return _("list of {count}; computes at its first value, {value}").format(
                count=len(value), value=text
            )
        return echo(value, self._shown, marks.current())

    def _show_unit(self) -> None:
        self.set_unit("" if names_unit(self.text) else unit_words(self._shown))

    # steps and scrubbing

    def step(self, direction: int, stride: Stride) -> None:
        """Go one step up or down from what the text says, or from the value in force."""
        if self.editing:
            self._commit()
            if self.state is State.REFUSED:
                return
        at = self._in_unit()
        if at is not None:
            moved = stepped(
                at, direction, stride, logarithmic=self._shown.logarithmic, whole=self._shown.whole
            )
            self._move(moved, self._gesture or new_gesture())

    def scrub(self, pixels: float, gesture: int) -> None:
        """Follow a drag of the label: so many pixels from where it began."""
        if self._scrubbing is None:
            self._scrubbing = self._in_unit()
        if self._scrubbing is not None:
            moved = scrubbed(
                self._scrubbing, pixels, logarithmic=self._shown.logarithmic, whole=self._shown.whole
            )
            self._move(moved, gesture)

    def end_scrub(self) -> None:
        """End a drag of the label."""
        self._scrubbing = None

    def _in_unit(self) -> float | None:
        if isinstance(self._value, (Range, tuple)) or self._effective != self._effective:
            return None
        return from_coherent(self._effective, self._shown.shown)

    def _move(self, in_unit: float, gesture: int) -> None:
        try:
            value = read(f"{in_unit:.15g}", self._shown).value
        except NumberError:
            return
        if isinstance(value, float) and self._allowed(value):
            self.edited.emit(value, "", gesture)
            self._follow()

    def _allowed(self, value: float) -> bool:
        above = value > self._shown.low if self._shown.above_low else value >= self._shown.low
        return above and value <= self._shown.high
