"""`emissions.csv` of CodeCarbon, old and new -> device-hours, energy and the carbon of its electricity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tcplan.catalogue.shelf import Shelf
from tcplan.language import _, plural
from tcplan.reading.draft import Draft
from tcplan.reading.reading import Reading, ReadingError
from tcplan.reading.text import Line, header_of, table

_JOULES_PER_KWH = 3.6e6
_MODEL = re.compile(r"^(?:\d+\s*x\s+)?(.+)$")
_MEASURED = ("duration", "energy_consumed", "emissions")


@dataclass(frozen=True, slots=True)
class _Run:
    """The last line of one run, in coherent units: CodeCarbon writes totals since its start each time."""

    line: Line
    seconds: float
    joules: float
    kilograms: float
    devices: float
    pue: float


def is_codecarbon(text: str) -> bool:
    """Return whether a text begins as a table of CodeCarbon does."""
    columns = {name.strip() for name in re.split(r"[,;\t]", header_of(text))}
    return set(_MEASURED) <= columns


def read(text: str, shelf: Shelf) -> Reading:
    """Return what CodeCarbon measured.

    Parameters
    ----------
    text
        The table, of version 1.0 or newer.
    shelf
        The catalogue, in which accelerators and places are looked up.

    Raises
    ------
    ReadingError
        When the table is damaged or nothing was measured.
    """
    runs = _runs(table(text, ",;\t"))
    if sum(run.joules for run in runs) <= 0.0:
        raise ReadingError(_("no run of this table used any energy"))
    draft = Draft()
    draft.missing.append(_("model and tokens: CodeCarbon does not know them; the plan has its defaults"))
    draft.notes.append(_measured_words(runs))
    largest = max(runs, key=lambda run: run.joules)
    _take_devices(runs, shelf, draft)
    _take_energy(runs, largest, draft)
    _take_place(runs, largest, shelf, draft)
    if _overlap(runs):
        sentence = _(
            "Runs overlap in time: if processes of one run each wrote a line, hours and energy count twice."
        )
        draft.notes.append(sentence)
    return draft.reading("energy", largest.line.text("project_name"))


def _runs(lines: Sequence[Line]) -> list[_Run]:
    last: dict[str, Line] = {}
    for line in lines:
        name = line.text("run_id") or line.text("experiment_id") or str(line.number)
        # The tasks of a run have a file of their own, in which each line counts for itself.
        last[f"{name} {line.text('task_name')}"] = line
    return [_run(line) for line in last.values()]


def _run(line: Line) -> _Run:
    amounts = []
    for column in _MEASURED:
        amount = line.amount(column)
        if amount is None:
            raise line.refusal(_("nothing was measured"), column)
        amounts.append(amount)
    pue = line.amount("pue") or 1.0
    if pue < 1.0:
        raise line.refusal(_("a PUE is 1 or more"), "pue")
    seconds, energy, kilograms = amounts
    return _Run(line, seconds, energy * _JOULES_PER_KWH, kilograms, line.amount("gpu_count") or 0.0, pue)


def _measured_words(runs: Sequence[_Run]) -> str:
    words = plural(
        "Measured: {count} run, {hours:,.2f} h, {energy:,.3f} kWh, {carbon:,.3f} kg CO₂e.",
        "Measured: {count} runs, {hours:,.2f} h, {energy:,.3f} kWh, {carbon:,.3f} kg CO₂e.",
        len(runs),
    )
    return words.format(
        count=len(runs),
        hours=sum(run.seconds for run in runs) / 3600.0,
        energy=sum(run.joules for run in runs) / _JOULES_PER_KWH,
        carbon=sum(run.kilograms for run in runs),
    )


def _take_devices(runs: Sequence[_Run], shelf: Shelf, draft: Draft) -> None:
    largest = max(runs, key=lambda run: (run.devices, run.joules))
    if not largest.devices:
        draft.fields["time.run"] = sum(run.seconds for run in runs)
        draft.missing.append(
            _("accelerators: the table names none; devices and accelerator are the plan's defaults")
        )
        return
    draft.fields["hardware.devices"] = largest.devices
    draft.fields["time.device_hours"] = sum(run.seconds * run.devices for run in runs)
    found = _MODEL.match(largest.line.text("gpu_model").partition(" + ")[0])
    draft.take_accelerator(found[1] if found else "", shelf)


def _take_energy(runs: Sequence[_Run], largest: _Run, draft: Draft) -> None:
    total = sum(run.joules for run in runs)
    computers = sum(run.joules / run.pue for run in runs)
    draft.fields["energy.computers"] = computers
    draft.notes.append(
        _("CodeCarbon meters accelerators, processors and memory, not fans and power supplies.")
    )
    if total > computers:
        draft.fields["site.pue"] = total / computers
    else:
        draft.missing.append(_("PUE: none was given to CodeCarbon; the plan has that of its data centre"))
    water = largest.line.amount("wue")
    if water:
        draft.fields["site.wue"] = water / _JOULES_PER_KWH
    draft.fields["site.carbon_location"] = sum(run.kilograms for run in runs) / total


def _take_place(runs: Sequence[_Run], largest: _Run, shelf: Shelf, draft: Draft) -> None:
    provider = largest.line.text("cloud_provider").lower()
    region = largest.line.text("cloud_region").lower()
    country = _country(largest)
    row = shelf.get("grids", f"{provider}-{region}") or shelf.get("grids", country)
    if row is None:
        sentence = _("location: {name} is not in the catalogue; the plan has its default")
        draft.missing.append(sentence.format(name=country or "“”"))
        return
    draft.fields["site.grid"] = row.key
    places = sorted({_country(run) for run in runs})
    if len(places) > 1:
        sentence = _("The runs were in {places}; the plan has the place of the largest.")
        draft.notes.append(sentence.format(places=", ".join(places)))


def _country(run: _Run) -> str:
    return run.line.text("country_iso_code").upper()


def _overlap(runs: Sequence[_Run]) -> bool:
    """Return whether two runs of one project went on at the same time; a line is written at its end."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for run in runs:
        try:
            end = datetime.fromisoformat(run.line.text("timestamp")).replace(tzinfo=None)
            begin = end - timedelta(seconds=run.seconds)
        except (ValueError, OverflowError):
            continue
        spans.setdefault(run.line.text("project_name"), []).append((begin, end))
    second = timedelta(seconds=1)
    return any(
        later[0] + second < earlier[1]
        for found in spans.values()
        for earlier, later in pairwise(sorted(found))
    )
