"""The headline: seven results that stay in sight, each of them a door to its why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions
from tcplan.report.numbers import band, change, figure, share
from tcplan.validation.published import WORDS
from tcplan_desktop.parts.headline_cell import Change, Headline, HeadlineCell, Scale
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.likeness import likened

if TYPE_CHECKING:
    from tcplan.validation.certainty import Certainty

Sure = Callable[[Estimate], "Certainty | None"]
"""What tells how sure the results of a plan are."""

_GIB = 2.0**30
_SYSTEMIC = N_(
    "Above 10²⁵ FLOP the EU AI Act presumes systemic risk: the provider notifies the Commission (Article 52)."
)

LABELS: Mapping[str, str] = {
    "money.total": N_("Money"),
    "time.run": N_("Time"),
    "energy.facility": N_("Energy"),
    "carbon.location": N_("CO₂e"),
    "water.total": N_("Water"),
    "compute.model_flop": N_("Compute"),
    "memory.peak": N_("Fits"),
}


def _figures(estimate: Estimate, path: str) -> tuple[str, str]:
    result = estimate[path]
    shown = figure(result.value, result.unit)
    return shown.text, shown.unit


def _with(estimate: Estimate, path: str, words: str) -> str:
    result = estimate[path]
    return words.format(figure(result.value, result.unit)) if isfinite(result.value) else ""


def _money(estimate: Estimate) -> Headline:
    value, unit = _figures(estimate, "money.total")
    hours = estimate.values["device_time"] / 3600.0
    rate = estimate.values["total_cost"] / hours if hours else nan
    said = _("{0} $ a device-hour").format(figure(rate, "")) if isfinite(rate) else ""
    return Headline(_(LABELS["money.total"]), value, unit, band=said)


def _time(estimate: Estimate) -> Headline:
    value, unit = _figures(estimate, "time.run")
    said = _with(estimate, "time.step", _("{0} a step"))
    mfu = estimate.values["mfu"]
    used = _("MFU {0}").format(share(mfu)) if isfinite(mfu) else ""
    return Headline(_(LABELS["time.run"]), value, unit, secondary=used, band=said)


def _energy(estimate: Estimate) -> Headline:
    value, unit = _figures(estimate, "energy.facility")
    return Headline(
        _(LABELS["energy.facility"]),
        value,
        unit,
        band=_with(estimate, "energy.power", _("{0} on average")),
        about=_with(
            estimate, "energy.devices_metered", _("{0} with accelerators alone, as most papers count")
        ),
    )


def _carbon(estimate: Estimate) -> Headline:
    value, unit = _figures(estimate, "carbon.location")
    return Headline(
        _(LABELS["carbon.location"]),
        value,
        unit,
        secondary=_("location"),
        band=_with(estimate, "carbon.market", _("{0} market")),
    )


def _water(estimate: Estimate) -> Headline:
    value, unit = _figures(estimate, "water.total")
    return Headline(
        _(LABELS["water.total"]), value, unit, band=_with(estimate, "water.site", _("{0} on site"))
    )


def _compute(estimate: Estimate) -> Headline:
    flop = estimate["compute.model_flop"].value
    shown = figure(flop, "FLOP")
    # The power of ten is set with the unit, in the smaller type.
    mantissa, times, power = shown.text.partition("\u00a0×")
    part = estimate.values["threshold_share"]
    powers = f"{times.strip()}{power}".strip()
    above = isfinite(part) and part >= 1.0
    said = (_("{0}, over 10²⁵") if above else _("{0} of 10²⁵")).format(share(part)) if isfinite(part) else ""
    return Headline(
        _(LABELS["compute.model_flop"]),
        mantissa,
        f"{powers} {shown.unit}".strip(),
        band=said,
        share=_finite(part),
        brief=powers,
        concern="warn" if above else "",
        about=_(_SYSTEMIC) if above else "",
    )


def _fits(estimate: Estimate) -> Headline:
    need, there = estimate["memory.peak"].si / _GIB, estimate.field("hardware.memory").value / _GIB
    if not (isfinite(need) and isfinite(there)):
        return Headline(_(LABELS["memory.peak"]), "–", band="")
    said = _("{need} of {there} GiB").format(need=figure(need, ""), there=figure(there, ""))
    made = Headline(_(LABELS["memory.peak"]), _("Yes"), band=said, share=need / there, icon="circle-check")
    if estimate.fits:
        return made
    return replace(made, value=_("No"), icon="circle-alert", icon_ink="err", concern="err")


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


CELLS: Mapping[str, Callable[[Estimate], Headline]] = {
    "money.total": _money,
    "time.run": _time,
    "energy.facility": _energy,
    "carbon.location": _carbon,
    "water.total": _water,
    "compute.model_flop": _compute,
    "memory.peak": _fits,
}
"""What each cell says, by the path that its why explains."""

_ANNOUNCED = ("money.total", "time.run")
_LESS_IS_BETTER = ("money.total", "time.run", "energy.facility", "carbon.location", "water.total")


def since_saved(estimate: Estimate, path: str, saved: Mapping[str, float]) -> Change | None:
    """Return the change of a result since the last save; None when nothing was saved or nothing changed."""
    reference = saved.get(path)
    if reference is None or path not in _LESS_IS_BETTER:
        return None
    text = change(estimate[path].value, reference)
    if text in ("=", "–"):
        return None
    rises = estimate[path].value > reference
    return Change(text, 1 if rises else -1, "bad" if rises else "good")


def without_value(made: Headline, estimate: Estimate) -> Headline:
    """Return a cell that has no value with the reason: the first field that stands in the way."""
    first = next((finding for finding in estimate.findings if finding.level == "error"), None)
    if first is None:
        return made
    shown = descriptions().get(first.path)
    label = _(shown.label) if shown is not None else first.path
    about = _("No value. {label}: {reason}").format(label=label, reason=first.sentence)
    return replace(made, secondary="", band=label, share=None, scale=None, change=None, about=about)


def with_band(made: Headline, estimate: Estimate, path: str, sure: Certainty) -> Headline:
    """Return a cell with its band, the word for how near published steps are, and what the band displaced."""
    result, (low, high) = estimate[path], sure.results[path]
    shown = band(low, high, result.value, result.unit)
    parts = (
        made.band,
        _("90 % of such plans lie between {0}.").format(shown),
        confidence_words(sure),
        made.about,
    )
    return replace(
        made,
        confidence=sure.confidence.word,
        band=shown.text,
        scale=Scale(result.value, low, high),
        about="\n".join(part for part in parts if part),
    )


def confidence_words(sure: Certainty) -> str:
    """Return how near published steps are, and how large the error is at the nearest."""
    said, error = _(WORDS[sure.confidence.word]), sure.confidence.error
    if not isfinite(error):
        return said
    nearest = sure.confidence.nearest
    near = _("{words}; mean error at the nearest {count}: {error}")
    return near.format(words=said, count=len(nearest), error=share(error))


class HeadlineBar(QWidget):
    """Seven cells with hairlines between them."""

    asked_why = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Headline"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cells: dict[str, HeadlineCell] = {}
        self._said = ""
        self._sure: Sure | None = None
        self._shown: tuple[Estimate, Mapping[str, float]] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 1)
        self._row.setSpacing(1)
        for path in CELLS:
            cell = HeadlineCell(Headline(_(LABELS[path]), "", ""), self)
            cell.clicked.connect(lambda _checked=False, path=path: self.asked_why.emit(path))
            self.cells[path] = cell
            self._row.addWidget(cell, 1)
        themes.changed.connect(self.update)

    def show_estimate(self, estimate: Estimate, saved: Mapping[str, float]) -> None:
        """Show the results; `saved` are those of the last save, by path in the unit shown."""
        self._shown = (estimate, saved)
        sure = self._sure(estimate) if self._sure is not None else None
        for path, cell in self.cells.items():
            made = CELLS[path](estimate)
            alike = likened(estimate, path)
            made = replace(made, about="\n".join(part for part in (made.about, alike) if part))
            if sure is not None and path in sure.results:
                made = with_band(made, estimate, path, sure)
            changed = since_saved(estimate, path, saved)
            if changed is not None:
                scale = made.scale or Scale(estimate[path].value)
                made = replace(made, change=changed, scale=replace(scale, reference=saved[path]))
            if not isfinite(estimate[path].value):
                made = without_value(made, estimate)
            if made != cell.headline:
                cell.show_headline(made)
        self._announce()

    def be_sure(self, sure: Sure) -> None:
        """Show bands from now on: what tells how sure a plan is has become ready."""
        self._sure = sure
        if self._shown is not None:
            self.show_estimate(*self._shown)

    def _announce(self) -> None:
        """Let screen readers say what an edit did to money and time."""
        said = ", ".join(self.cells[path].accessibleName() for path in _ANNOUNCED)
        if said != self._said and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        self._said = said

    def mark(self, path: str) -> None:
        """Mark the cell that the why explains; none when it has no cell."""
        for own, cell in self.cells.items():
            cell.set_chosen(own == path)

    def set_compact(self, *, compact: bool) -> None:
        """Use less room."""
        for cell in self.cells.values():
            cell.set_compact(compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        top = px(12)
        for cell in list(self.cells.values())[1:]:
            painter.fillRect(QRectF(cell.x() - 1, top, 1, self.height() - 2 * top), look.line)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.line)
        painter.end()
