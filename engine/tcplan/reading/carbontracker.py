"""Log files of carbontracker, its results and its protocol -> time, device-hours, energy and carbon."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tcplan.catalogue.shelf import Shelf
from tcplan.language import _, plural
from tcplan.reading.draft import Draft
from tcplan.reading.reading import Reading, ReadingError
from tcplan.reading.text import LARGEST_AMOUNT

_JOULES_PER_KWH = 3.6e6
_TIME = r"(\d{1,9}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)"
_BLOCK = re.compile(
    r"(Actual|Predicted) consumption for (\d{1,9}) epoch\(s\):\s*"
    r"Time:[ \t]*(?:(\d{1,9}) days?, )?" + _TIME + r"\s*"
    r"Energy:[ \t]*(\S+) kWh\s*CO2(?:eq)?:[ \t]*(\S+) g",
    re.IGNORECASE,
)
_EVIDENT = re.compile(
    r"(?:Actual|Predicted) consumption for \d+ epoch|carbontracker version|Average power usage \(W\)"
)
_DURATION = re.compile(r"Duration:[ \t]*(?:(\d{1,9}) days?, )?" + _TIME)
_POWER = re.compile(r"Average power usage \(W\) for \w+:[ \t]*\[([^\]]*)\]")
_COMPONENTS = re.compile(r"The following components were found:(.*)")
_GPUS = re.compile(r"\bGPU with device\(s\) (.+?)\.(?=\s+\w+ with device|\s*$)", re.IGNORECASE)
_PUE = re.compile(r"multiplied by a PUE coefficient of (\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class _Consumption:
    """Time [s], energy [J] and emissions [kg] of so many epochs, PUE included."""

    actual: bool
    epochs: int
    seconds: float
    joules: float
    kilograms: float


def is_carbontracker(text: str) -> bool:
    """Return whether a text is a log of carbontracker."""
    return _EVIDENT.search(text) is not None


def read(text: str, shelf: Shelf) -> Reading:
    """Return what carbontracker measured.

    Parameters
    ----------
    text
        `..._carbontracker_output.log` with the results, `..._carbontracker.log` with device names and powers,
        or both after each other.
    shelf
        The catalogue, in which accelerators are looked up.

    Raises
    ------
    ReadingError
        When no epoch was measured to its end.
    """
    consumption = _consumption(text)
    draft = Draft()
    draft.missing.append(_("model and tokens: carbontracker does not know them; the plan has its defaults"))
    pue = _pue(text)
    if consumption is not None:
        seconds = consumption.seconds
        _take_result(consumption, pue, draft)
    else:
        seconds = _take_protocol(text, draft)
        draft.missing.append(
            _("carbon: this log has powers and no emissions; the plan has those of its location")
        )
    if pue is not None:
        draft.fields["site.pue"] = pue
    _take_devices(text, seconds, shelf, draft)
    return draft.reading("energy", "")


def _consumption(text: str) -> _Consumption | None:
    """Return the result of most epochs that were measured, else the prediction, else nothing."""
    found = [_block(match) for match in _BLOCK.finditer(text)]
    measured = [one for one in found if one.actual]
    return max(measured or found, key=lambda one: one.epochs, default=None)


def _block(match: re.Match[str]) -> _Consumption:
    energy, grams = _number(match[7], "Energy"), _number(match[8], "CO2eq")
    measured, epochs = match[1].lower() == "actual", int(match[2])
    return _Consumption(
        measured, epochs, _time(match.groups()[2:6]), energy * _JOULES_PER_KWH, grams / 1000.0
    )


def _time(parts: Sequence[str | None]) -> float:
    days, hours, minutes, seconds = (float(part or 0.0) for part in parts)
    return days * 86400.0 + hours * 3600.0 + minutes * 60.0 + seconds


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ReadingError(_("{name}: {text} is not a number").format(name=name, text=text)) from error
    # Without a network carbontracker may not know the carbon; that is no energy without end.
    if math.isnan(value) and name == "CO2eq":
        return 0.0
    if not 0.0 <= value <= LARGEST_AMOUNT:
        sentence = _("{name}: {text} is no amount that can be measured")
        raise ReadingError(sentence.format(name=name, text=text))
    return value


def _pue(text: str) -> float | None:
    found = _PUE.search(text)
    pue = float(found[1]) if found else 0.0
    return pue if pue >= 1.0 else None


def _take_result(one: _Consumption, pue: float | None, draft: Draft) -> None:
    if one.joules <= 0.0 or one.seconds <= 0.0:
        raise ReadingError(_("this log counts no time or no energy"))
    words = (
        plural("Measured: {count} epoch", "Measured: {count} epochs", one.epochs)
        if one.actual
        else plural("Predicted there: {count} epoch", "Predicted there: {count} epochs", one.epochs)
    )
    amounts = _("{hours:,.2f} h, {energy:,.3f} kWh with cooling, {carbon:,.3f} kg CO₂e.").format(
        hours=one.seconds / 3600.0, energy=one.joules / _JOULES_PER_KWH, carbon=one.kilograms
    )
    draft.notes.append(f"{words.format(count=one.epochs)}, {amounts}")
    if pue is not None:
        draft.fields["energy.computers"] = one.joules / pue
    else:
        draft.fields["energy.facility"] = one.joules
        draft.missing.append(_("PUE: carbontracker's energy contains one that only its other log names"))
    if one.kilograms > 0.0:
        draft.fields["site.carbon_location"] = one.kilograms / one.joules


def _take_protocol(text: str, draft: Draft) -> float:
    """Take mean powers times durations, epoch by epoch; return all time [s]."""
    epochs = list(_DURATION.finditer(text))
    ends = [*(epoch.start() for epoch in epochs), len(text)][1:]
    seconds = joules = 0.0
    for epoch, end in zip(epochs, ends, strict=True):
        time = _time(epoch.groups())
        powers = [
            _number(figure, "power")
            for found in _POWER.finditer(text, epoch.end(), end)
            for figure in found[1].replace(",", " ").split()
        ]
        seconds += time
        joules += time * sum(powers)
    if seconds <= 0.0 or joules <= 0.0:
        raise ReadingError(_("no epoch of this log was measured to its end"))
    draft.fields["energy.computers"] = joules
    words = plural(
        "Measured: {count} epoch, {hours:,.2f} h, {energy:,.3f} kWh without cooling.",
        "Measured: {count} epochs, {hours:,.2f} h, {energy:,.3f} kWh without cooling.",
        len(epochs),
    )
    draft.notes.append(
        words.format(count=len(epochs), hours=seconds / 3600.0, energy=joules / _JOULES_PER_KWH)
    )
    return seconds


def _take_devices(text: str, seconds: float, shelf: Shelf, draft: Draft) -> None:
    components = _COMPONENTS.search(text)
    gpus = _GPUS.search(components[1]) if components else None
    if gpus is None:
        draft.fields["time.run"] = seconds
        draft.missing.append(
            _("devices and accelerator: this log does not name them; the plan has its defaults")
        )
        return
    names = [name.strip() for name in gpus[1].split(",")]
    draft.fields["hardware.devices"] = float(len(names))
    draft.fields["time.device_hours"] = seconds * len(names)
    draft.take_accelerator(names[0], shelf)
