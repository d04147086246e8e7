"""What the summary sheet says: the answer first, then figures, curve, breakdown, assumptions, formulas."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tcplan.catalogue.shelf import edition
from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.document import BASE, Document
from tcplan.plan.marks import current, decimal_mark, grouped
from tcplan.plan.number import write
from tcplan.plan.plan import descriptions
from tcplan.plan.units import from_coherent
from tcplan.report.appendix import Explained, explained
from tcplan.report.bill_lines import BESIDE, OWNED
from tcplan.report.data_words import seen
from tcplan.report.facts import FACTS, Fact, fact, short
from tcplan.report.numbers import figure, probability, share
from tcplan.report.sureness import Sureness
from tcplan.study.curve import curve, drawn_curve
from tcplan.version import VERSION
from tcplan.why import LAYERS, sensitivities


def _percent(part: float) -> str:
    """Return a share in whole per cent, open where it is nearly nothing or nearly all."""
    return probability(part) if part < 1.0 else str(share(part))


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a breakdown: `share` of the total."""

    label: str
    text: str
    share: float

    @property
    def percent(self) -> str:
        """Return the share in words, open at its ends."""
        return _percent(self.share)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value that the answer rests on, with the layer that it comes from and its date or source."""

    label: str
    value: str
    layer: str
    origin: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Money over devices; `ticks` are device counts with the seconds that the run takes on them."""

    heading: str
    y_label: str
    x_label: str
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    ticks: tuple[tuple[float, float], ...]
    plan: tuple[float, float]
    budget: float | None

    def marked(self) -> Iterator[tuple[float, float, float]]:
        """Yield devices, seconds and money at each tick."""
        for devices, seconds in self.ticks:
            yield devices, seconds, float(np.interp(devices, self.xs, self.ys))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a sheet shows, in words and numbers, for any format."""

    title: str
    author: str
    scenario: str
    date: str
    answer: str
    lead: str
    facts: tuple[Fact, ...]
    chart: Chart | None
    parts_heading: str
    parts: tuple[Part, ...]
    total: Part
    not_counted: str
    energy_parts: tuple[Part, ...]
    assumptions: tuple[Assumption, ...]
    levers: tuple[tuple[str, float], ...]
    levers_heading: str
    remark: str
    concerns: tuple[str, ...]
    footer: str
    formulas: tuple[Explained, ...]


_DEVICES = "hardware.devices"
_EXPLAINED = (
    "money.total",
    "money.compute",
    "time.run",
    "time.device_hours",
    "time.goodput",
    "efficiency.achieved",
    "compute.model_flop",
    "energy.facility",
    "energy.it",
    "energy.mean_device_power",
    "carbon.location",
    "carbon.market",
    "carbon.embodied",
    "water.total",
    "loss.predicted",
)
_COUNTED = (BESIDE[0], *OWNED, *BESIDE[1:])
_ASSUMED = (
    "training.task",
    "model.family",
    "training.tokens",
    "training.sequence",
    "training.precision",
    "hardware.devices",
    "failures.practice",
    "purchase.price",
    "purchase.device_price",
    "site.pue",
    "site.carbon_location",
    "hardware.device_power",
    "failures.failure_time",
    "site.carbon_market",
    "site.wue",
    "site.grid_water",
    "site.embodied_carbon",
)


def sheet_of(
    document: Document,
    estimate: Estimate,
    today: datetime.date,
    scenario: str = BASE,
    sure: Sureness | None = None,
) -> Sheet:
    """Return the one-page sheet of a document, with its appendix.

    Parameters
    ----------
    document
        Gives title, author and remark.
    estimate
        The estimate of the document's plan.
    today
        The date to print.
    scenario
        The name of the scenario that the estimate is of.
    sure
        How sure the figures are, None where nothing predicts them.
    """
    formulas = tuple(explained(estimate, path) for path in _EXPLAINED if path in estimate)
    parts, total = money_parts(estimate)
    return Sheet(
        title=document.title or _("Untitled plan"),
        author=document.author,
        scenario=scenario,
        date=written_date(today),
        answer=answer(estimate),
        lead=lead_of(estimate, sure),
        facts=tuple(fact(estimate, _(label), path, sure) for label, path in FACTS),
        chart=_chart(estimate),
        parts_heading=_("Where the money goes"),
        parts=parts,
        total=total,
        not_counted=not_counted(estimate),
        energy_parts=energy_parts(estimate),
        assumptions=tuple(assumptions_of(document, estimate)),
        levers=tuple((label, change) for _path, label, change in levers_of(estimate)),
        levers_heading=_("If an input rises by 10 %, the money changes by"),
        remark=document.remark,
        concerns=tuple(concerns_of(estimate))[:3],
        footer=footer_of(estimate),
        formulas=formulas,
    )


def levers_of(estimate: Estimate) -> list[tuple[str, str, float]]:
    """Return the five inputs that move the money most, apart from the engine's own coefficients.

    Each has its path, its label and the relative change of the money for 10 % more of it.
    """
    fixed = ("training.batch_tokens", "performance.")
    rows = sensitivities(estimate, "money.total", top=60)
    return [row for row in rows if not row[0].startswith(fixed)][:5]


def concerns_of(estimate: Estimate) -> Iterator[str]:
    """Yield what is impossible or unusual in a plan, worst first."""
    for one in estimate.findings:
        if one.level != "advice":
            shown = descriptions().get(one.path)
            label = _(shown.label) if shown else one.path
            yield f"{label}: {one.sentence}"


def answer(estimate: Estimate) -> str:
    """Return the answer of a plan in one sentence: cost, time, devices."""
    money = short(estimate, "money.total")
    amount, sentence = seen(estimate)
    devices = figure(estimate.field("hardware.devices").value, "1", digits=6)
    row = estimate.inputs.rows.accelerator
    words = {
        "model": model_name(estimate),
        "data": sentence.format(amount=_plain(amount, "1")),
        "money": money,
        "days": short(estimate, "time.run"),
        "devices": f"{devices.text} {devices.unit}".strip(),
        "accelerator": row.name if row else _("accelerators"),
    }
    if not estimate.fits:
        return _("{model} does not fit on {devices} × {accelerator}.").format(**words)
    return _(
        "Training {model} on {data} will cost about {money} and take {days} on {devices} × {accelerator}."
    ).format(**words)


def has_own_sizes(estimate: Estimate) -> bool:
    """Return whether sizes of the model were typed, so that it is no longer the preset."""
    return any(path.startswith("model.") and path != "model.preset" for path in estimate.plan.typed())


def model_name(estimate: Estimate) -> str:
    """Return what the model is called: the preset while its sizes are untouched, its size otherwise."""
    row = estimate.inputs.rows.model
    if row is not None and not has_own_sizes(estimate):
        return row.name
    size = figure(estimate["model.parameters"].value, "1", digits=2)
    return _("a model of {size} parameters").format(size=f"{size.text} {size.unit}".strip())


def _plain(value: float, unit: str, digits: int = 4) -> str:
    """Return a figure without the zeros that only say how exact it is."""
    shown = figure(value, unit, digits=digits)
    mark = decimal_mark(current())
    text = shown.text.rstrip("0").removesuffix(mark) if mark in shown.text else shown.text
    return str(replace(shown, text=text))


def lead_of(estimate: Estimate, sure: Sureness | None) -> str:
    """Return what stands under the answer: the limits, utilisation, and how sure the figures are."""
    sentences = []
    for path, result, under, over in (
        (
            "programme.budget",
            "total_cost",
            N_("It stays under the budget of {limit}."),
            N_("It passes the budget of {limit}."),
        ),
        (
            "programme.deadline",
            "run_time",
            N_("It ends before the deadline of {limit}."),
            N_("It misses the deadline of {limit}."),
        ),
    ):
        given = estimate.given.get(path)
        if given is not None:
            limit = _plain(given.value, "s" if path.endswith("deadline") else "USD")
            sentence = under if estimate.values[result] <= given.value else over
            sentences.append(_(sentence).format(limit=limit))
    sentences.append(
        _("The devices reach {mfu} of their peak, and {goodput} of the time is useful work.").format(
            mfu=share(estimate["efficiency.mfu"].value), goodput=_percent(estimate["time.goodput"].value)
        )
    )
    plain = _("All figures are middle estimates; none of them is a quote.")
    sentences.append(sure.sentence if sure is not None else plain)
    return " ".join(sentences)


def money_parts(estimate: Estimate) -> tuple[tuple[Part, ...], Part]:
    """Return where the money goes, and the total that the parts add up to."""
    total = estimate["money.total"].value
    compute = estimate["money.compute"].value
    # A typed amount of the compute has no parts of its own.
    within = (
        [] if "money.compute" in estimate.plan.overrides else [one for one in OWNED if one[1] in estimate]
    )
    devices = compute - sum(estimate[path].value for _label, path in within)
    run = estimate.values["run_time"]
    lines: list[tuple[str, float]] = []
    for label, path in (
        (N_("Devices, useful work"), "time.productive"),
        (N_("Devices, run factor"), "time.practice"),
        (N_("Devices, checkpoints"), "time.checkpoints"),
        (N_("Devices, failures and restarts"), "time.lost"),
    ):
        if path in estimate:
            lines.append((_(label), devices * estimate[path].si / run if run else 0.0))
    if not lines:
        lines.append((_("Devices"), devices))
    beside = [one for one in _COUNTED if one[1] in estimate and (one not in OWNED or one in within)]
    lines.extend((_(label), estimate[path].value) for label, path in beside)
    parts = tuple(_part(label, value, total) for label, value in lines if value > 0.0)
    return parts, _part(_("Total"), total, total)


def _part(label: str, value: float, total: float) -> Part:
    shown = figure(value, "USD", digits=3)
    return Part(label, f"{shown.text} {shown.unit}", value / total if total else 0.0)


def not_counted(estimate: Estimate) -> str:
    """Return the sentence that names what costs nothing in this plan, empty where all is counted."""
    names = [_(label).lower() for label, path in _COUNTED if path in estimate and estimate[path].value == 0.0]
    if not names:
        return ""
    return _("Not counted, 0 in this plan: {names}.").format(names=", ".join(names))


def energy_parts(estimate: Estimate) -> tuple[Part, ...]:
    """Return where the energy goes."""
    total = estimate["energy.facility"].value
    parts = []
    for path in ("energy.devices", "energy.servers", "energy.idle", "energy.network", "energy.cooling"):
        # Only a cluster that is shared has devices that wait.
        if path in estimate and (estimate[path].si or path != "energy.idle"):
            result = estimate[path]
            shown = figure(result.value, result.unit, digits=3)
            share = result.value / total if total else 0.0
            parts.append(Part(result.label, f"{shown.text} {shown.unit}", share))
    return tuple(parts)


def _chart(estimate: Estimate) -> Chart | None:
    devices = estimate.field(_DEVICES).value
    copy = math.prod(estimate.layout[name] for name in ("tensor", "pipeline", "context"))
    step = copy if devices % copy == 0 else 1.0
    ticks = [devices * 2.0**power for power in range(-3, 4)]
    ticks = [tick for tick in ticks if tick >= 1.0 and tick == int(tick)]
    marks = np.unique(np.round(np.geomspace(max(ticks[0], step), ticks[-1], 241) / step)) * step
    found = drawn_curve(estimate, _DEVICES, np.union1d(marks, devices), ("money.total",))
    money = np.where(found.fits, found.values["money.total"], np.nan)
    if np.isfinite(money).sum() < 2 or not np.nanmax(money) > 0.0:
        return None
    times = curve(estimate, _DEVICES, ticks, ("time.run",)).values["time.run"]
    budget = estimate.given.get("programme.budget")
    return Chart(
        heading=_chart_heading(estimate, devices),
        y_label=_("Money"),
        x_label=_("Devices, duration under them"),
        xs=found.xs,
        ys=money,
        ticks=tuple((tick, float(time)) for tick, time in zip(ticks, times, strict=True)),
        plan=(devices, estimate["money.total"].value),
        budget=budget.value if budget else None,
    )


def _chart_heading(estimate: Estimate, devices: float) -> str:
    ends = curve(estimate, _DEVICES, [devices, 2.0 * devices], ("money.total", "time.run"))
    money, seconds = ends.values["money.total"], ends.values["time.run"]
    saved, more = float(seconds[0] - seconds[1]), float(money[1] / money[0] - 1.0)
    if not (ends.fits.all() and math.isfinite(more) and saved > 0.0):
        return _("Money and duration over devices")
    if abs(more) < 0.005:
        return _("Twice the devices: {time} sooner for the same money").format(time=figure(saved, "s"))
    word = _("dearer") if more > 0 else _("cheaper")
    return _("Twice the devices: {time} sooner, {percent} {word}").format(
        time=figure(saved, "s"), percent=share(abs(more)), word=word
    )


def assumptions_of(document: Document, estimate: Estimate) -> Iterator[Assumption]:
    """Yield the values that an answer rests on, those with a note among them."""
    told: list[str] = []
    for path, assumption in _valued(document, estimate):
        told.append(path)
        yield assumption
    for path, note in document.notes.items():
        if path not in told:
            yield from _noted(document, estimate, path, note)


def _noted(document: Document, estimate: Estimate, path: str, note: str) -> Iterator[Assumption]:
    """Yield the value that a note is on and that nothing else makes the sheet show."""
    shown = descriptions().get(path)
    if shown is None and path in estimate:
        result = estimate[path]
        text = str(figure(result.value, result.unit, digits=3))
        yield Assumption(result.label, text, _("computed"), "", note)
    elif shown is not None and (shown.kind == "row" or math.isnan(estimate.field(path).value)):
        yield Assumption(_(shown.label), _("none"), "", "", note)
    elif shown is not None:
        yield _assumption(document, estimate, path)


def _valued(document: Document, estimate: Estimate) -> Iterator[tuple[str, Assumption]]:
    """Yield the values that every reader asks for and the typed ones, each with its path."""
    rows = estimate.inputs.rows
    for label, path, row in (
        (N_("Model"), "model.preset", rows.model),
        (N_("Accelerator"), "hardware.accelerator", rows.accelerator),
        (N_("Software"), "layout.stack", rows.stack),
        (N_("Location"), "site.grid", rows.grid),
        (N_("Data centre"), "site.facility", rows.facility),
    ):
        note = document.notes.get(path, "")
        if path == "model.preset" and not estimate.plan.get(path) and has_own_sizes(estimate):
            # The preset that nobody chose has no part in a model whose sizes were typed.
            yield path, Assumption(_(label), model_name(estimate), _("typed"), "", note)
        elif row is not None:
            yield path, Assumption(_(label), row.name, _("catalogue"), row.date, note)
    layout = estimate.layout
    degrees = _("TP {tensor:.0f} · PP {pipeline:.0f} · DP {data:.0f}").format(
        data=estimate.values["data"], **layout
    )
    yield "", Assumption(_("Layout"), degrees, _("computed"), "", "")
    own = estimate.field("purchase.way").key == "own"
    typed = [path for path in estimate.plan.typed() if path in descriptions() and path not in _ASSUMED]
    for path in (*_ASSUMED, *typed):
        if path == ("purchase.price" if own else "purchase.device_price"):
            continue
        shown = descriptions()[path]
        if shown.kind == "row" or (shown.kind == "number" and math.isnan(estimate.field(path).value)):
            continue
        yield path, _assumption(document, estimate, path)
    for path in estimate.plan.overrides:
        if path in estimate:
            result = estimate[path]
            text = document.raw.get(path) or f"{result.value:g} {result.unit}"
            yield path, Assumption(result.label, text, _("typed"), "", document.notes.get(path, ""))


def _assumption(document: Document, estimate: Estimate, path: str) -> Assumption:
    shown = descriptions()[path]
    given = estimate.field(path)
    typed = estimate.plan.get(path)
    unit = shown.shown if shown.shown not in ("", "1") else ""
    if shown.kind == "choice":
        value = next((_(one.label) for one in shown.choices if one.key == given.key), given.key)
    elif typed is not None and not isinstance(typed, str):
        text = write(typed, shown, current())
        value = text if not unit or unit in text else f"{text} {_(unit)}"
    else:
        value = _untyped(from_coherent(given.value, shown.shown or "1"), unit)
    return Assumption(_(shown.label), value, _(LAYERS[given.layer]), given.date, document.notes.get(path, ""))


def _untyped(value: float, unit: str) -> str:
    # Hours are read as hours however many they are; other units take the prefix that fits.
    return f"{grouped(f'{value:.0f}', current())} {unit}" if unit == "h" else _plain(value, unit or "1")


def written_date(day: datetime.date) -> str:
    """Return a day in words."""
    return f"{day.day} {day:%B %Y}"


def footer_of(estimate: Estimate) -> str:
    """Return the foot of each page: program, catalogue and plan."""
    return _("TCPlan {version} · Catalogue {edition} · Plan {fingerprint}").format(
        version=VERSION, edition=edition(), fingerprint=estimate.plan.fingerprint()
    )
