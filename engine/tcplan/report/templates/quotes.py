"""The sheet on quotes: the lines of each, brought to one basis, and which is cheaper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.document import BASE
from tcplan.plan.plan import descriptions
from tcplan.plan.units import from_coherent
from tcplan.report.bill_lines import COMPUTE, CONTRACT, lines_of
from tcplan.report.blocks import Amount, Block, Cell, Heading, Paragraph, Printout, Table
from tcplan.report.case import Case, printout, remark_blocks, source_blocks, worked_blocks
from tcplan.report.numbers import band, figure, probability
from tcplan.study.compare import UNCLEAR, Column, chance_lower

LABEL = N_("Quotes")
_TOTAL = "money.total"
_ACROSS = 4
"""Quotes side by side; more go into a table below."""
_TERMS = (
    "hardware.devices",
    "purchase.way",
    "purchase.price",
    "purchase.discount",
    "purchase.term",
    "purchase.minimum",
    "purchase.delivery_time",
    "purchase.availability",
    "purchase.energy_billed",
    "purchase.support_share",
    "purchase.storage_price",
    "purchase.egress_price",
    "site.pue",
    "programme.tax_share",
)
_ON_ONE_BASIS = (
    (N_("Goodput"), "time.goodput"),
    (N_("Device-hours of the run"), "time.device_hours"),
    (N_("Useful device-hours"), "time.useful_device_hours"),
    (N_("Device-hours to pay for"), "money.paid_device_hours"),
    (N_("From order to end"), "time.until_done"),
    (N_("CO₂e, location"), "carbon.location"),
)


@dataclass(frozen=True, slots=True)
class _Quote:
    name: str
    column: Column

    @property
    def estimate(self) -> Estimate:
        return self.column.estimate


def quotes(case: Case) -> Printout:
    """Return the sheet that compares the scenarios marked as quotes, or all where fewer than two are."""
    found = [_quote(case, name) for name in names_of(case.document.scenario_names)]
    ranked = sorted(found, key=_money)
    blocks: list[Block] = []
    for group in (found[start : start + _ACROSS] for start in range(0, len(found), _ACROSS)):
        heads = ("", *(one.name for one in group))
        blocks += [Heading(_("What each quote says")), Table((_("Line"), *heads[1:]), tuple(_terms(group)))]
        costs = Table((_("Cost"), *heads[1:]), tuple(_costs(group)), total=True)
        basis = Table((_("Basis"), *heads[1:]), tuple(_basis(group)))
        blocks += [Heading(_("On one basis")), costs, basis]
    blocks += [Heading(_("Which is cheaper"))]
    blocks += [Paragraph(text) for text in _verdicts(ranked)]
    blocks += list(remark_blocks(case, _("Remark")))
    estimates = tuple(one.estimate for one in found)
    explained = worked_blocks(
        ranked[0].estimate, "money.compute", "money.paid_device_hours", "time.until_done"
    )
    appendix = (*explained, *source_blocks(*estimates))
    return printout(case, LABEL, _answer(ranked), _lead(found), tuple(blocks), appendix)


def names_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the scenarios to compare: those whose name begins with Quote, or all where there are no two."""
    marks = {"quote", _("Quote").casefold()}
    marked = tuple(name for name in names if name.casefold().startswith(tuple(marks)))
    return marked if len(marked) > 1 else tuple(names)


def _quote(case: Case, name: str) -> _Quote:
    estimate = case.estimate_of(name)
    sure = case.sureness(estimate)
    shown = _("Base") if name == BASE else name
    return _Quote(shown, Column(shown, estimate, sure.ends if sure is not None else {}))


def _money(quote: _Quote) -> float:
    value = quote.estimate[_TOTAL].value
    return value if isfinite(value) else float("inf")


def _answer(ranked: Sequence[_Quote]) -> str:
    first = ranked[0]
    words = {"name": first.name, "money": _shown(first, _TOTAL), "time": _shown(first, "time.until_done")}
    if not isfinite(first.estimate[_TOTAL].value):
        return _("None of these offers has a cost that can be computed.")
    if len(ranked) == 1:
        return _("There is one offer only: {name} costs {money} and ends after {time}.").format(**words)
    chance = chance_lower(first.column, ranked[1].column, _TOTAL)
    words |= {"other": ranked[1].name, "second": _shown(ranked[1], _TOTAL)}
    if UNCLEAR[0] < chance < UNCLEAR[1]:
        return _("{name} at {money} and {other} at {second} cannot be told apart.").format(**words)
    sentence = _("{name} is the cheapest: {money} in all, against {second} of {other}; it ends after {time}.")
    return sentence.format(**words)


def _lead(found: Sequence[_Quote]) -> str:
    if len(found) == 1:
        return _(
            "Make a scenario for each quote, with the lines of its vendor; this sheet then compares them."
        )
    return _(
        "The same training run under each offer: what its utilisation, failures, set-up, support, storage "
        "and electricity make of the price by the hour."
    )


def _shown(quote: _Quote, path: str, digits: int = 3) -> str:
    result = quote.estimate[path]
    return str(figure(result.value, result.unit, digits))


def _row(label: str, group: Sequence[_Quote], cell: Callable[[_Quote], Cell]) -> tuple[Cell, ...]:
    return (label, *(cell(one) for one in group))


def _terms(group: Sequence[_Quote]) -> Iterator[tuple[Cell, ...]]:
    yield _row(_("Accelerator"), group, _accelerator)
    for path in _TERMS:
        row = _row(_(descriptions()[path].label), group, lambda one, path=path: _field(one, path))  # type: ignore[misc]
        if path in ("hardware.devices", "purchase.way", "purchase.price") or any(row[1:]):
            yield row
    yield _row(_("Location"), group, _place)


def _accelerator(quote: _Quote) -> str:
    row = quote.estimate.inputs.rows.accelerator
    return row.name if row is not None else _("typed")


def _place(quote: _Quote) -> str:
    rows = quote.estimate.inputs.rows
    row = rows.region or rows.grid
    return row.name if row is not None else ""


def _field(quote: _Quote, path: str) -> Cell:
    """Return what a quote says in a field, nothing where it says nothing."""
    shown = descriptions()[path]
    given = quote.estimate.field(path)
    if shown.kind == "choice":
        return next((_(one.label) for one in shown.choices if one.key == given.key), "")
    if not isfinite(given.value) or given.layer == "default":
        return ""
    unit = shown.shown or shown.unit or "1"
    return str(figure(from_coherent(given.value, unit), unit, 6 if path == "hardware.devices" else 3))


def _costs(group: Sequence[_Quote]) -> Iterator[tuple[Cell, ...]]:
    every = [list(lines_of(one.estimate, (*COMPUTE, *CONTRACT))) for one in group]
    sums = [sum(line.value for line in lines) for lines in every]
    for same in zip(*every, strict=True):
        yield (_(same[0].label), *(Amount(line.value, "USD") for line in same))
    totals = [one.estimate[_TOTAL].value for one in group]
    rest = [total - run for total, run in zip(totals, sums, strict=True)]
    yield (
        _("Rest of the programme, with taxes"),
        *(Amount(_clean(part, run), "USD") for part, run in zip(rest, sums, strict=True)),
    )
    yield (_("Total"), *(Amount(total, "USD") for total in totals))


def _clean(part: float, whole: float) -> float:
    """Return what is left of a sum, nothing where only rounding is."""
    return 0.0 if abs(part) < 1e-9 * abs(whole) else part


def _basis(group: Sequence[_Quote]) -> Iterator[tuple[Cell, ...]]:
    yield (_("Total, for each useful device-hour"), *(Amount(_by_the_hour(one), "$/h") for one in group))
    for label, path in _ON_ONE_BASIS:
        yield _row(_(label), group, lambda one, path=path: _result(one, path))  # type: ignore[misc]
    yield _row(_("Total, nine of ten cases"), group, _range)


def _result(quote: _Quote, path: str) -> Amount:
    result = quote.estimate[path]
    return Amount(result.value, result.unit)


def _by_the_hour(quote: _Quote) -> float:
    hours = quote.estimate["time.useful_device_hours"].value
    return quote.estimate[_TOTAL].value / hours if hours > 0.0 else float("nan")


def _range(quote: _Quote) -> str:
    result = quote.estimate[_TOTAL]
    ends = quote.column.bands.get(_TOTAL)
    return str(band(*ends, result.value, result.unit, 3)) if ends is not None else _("not known")


def _verdicts(ranked: Sequence[_Quote]) -> Iterator[str]:
    """Yield for each dearer offer how sure it is that it is dearer than the cheapest."""
    first = ranked[0]
    for other in ranked[1:]:
        chance = chance_lower(first.column, other.column, _TOTAL)
        words = {"name": first.name, "other": other.name, "chance": probability(chance)}
        if not isfinite(chance):
            yield _("{other}: its cost is not known.").format(**words)
            continue
        low, high = first.column.band(_TOTAL)
        other_low, other_high = other.column.band(_TOTAL)
        overlap = (
            _("their ranges overlap")
            if high >= other_low and other_high >= low
            else _("their ranges are apart")
        )
        told = (
            _("cannot be told apart")
            if UNCLEAR[0] < chance < UNCLEAR[1]
            else _("{name} is cheaper").format(**words)
        )
        sentence = _("{name} and {other}: {told}; chance {chance} that {name} is cheaper, {overlap}.")
        yield sentence.format(**words, told=told, overlap=overlap)
    if len(ranked) > 1:
        yield _(
            "Where two offers share the predicted time, an error of it moves both; only prices part them."
        )
