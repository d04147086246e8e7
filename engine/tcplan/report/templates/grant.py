"""The sheet for a grant: what is asked for, how each amount comes about, and where each price is from."""

from collections.abc import Iterator
from math import isclose, isfinite

from tcplan.catalogue.age import age_in_words
from tcplan.estimate import Estimate
from tcplan.language import N_, _, plural
from tcplan.report.bill_lines import Line, bill_lines
from tcplan.report.blocks import Amount, Block, Cell, Facts, Heading, Paragraph, Printout, Table
from tcplan.report.case import (
    Case,
    assumption_table,
    facts_of,
    printout,
    remark_blocks,
    source_blocks,
    worked_blocks,
)
from tcplan.report.facts import short
from tcplan.report.sheet import assumptions_of, model_name, not_counted
from tcplan.why import WhyInput, why

LABEL = N_("Grant")
_FACTS = (
    (N_("Asked for"), "money.total"),
    (N_("Device-hours"), "money.paid_device_hours"),
    (N_("Time"), "time.run"),
    (N_("CO₂e, location"), "carbon.location"),
)
_SAME = 1e-9
_EXPLAINED = ("money.paid_device_hours", "time.device_hours", "efficiency.achieved", "compute.model_flop")


def grant(case: Case) -> Printout:
    """Return the sheet for a grant."""
    estimate = case.estimate
    lines = [line for line in bill_lines(estimate) if line.value != 0.0]
    prices = list(_prices(estimate, lines))
    resources = (_("Resource"), _("Amount"), _("Formula"), _("With numbers"))
    left_out = not_counted(estimate)
    none = _("No justification is written yet: it is the remark of this plan.")
    blocks: tuple[Block, ...] = (
        Facts(facts_of(case, case.sureness(estimate), *_FACTS)),
        *remark_blocks(case, _("Justification"), none),
        Heading(_("Resources asked for")),
        Table(resources, tuple(_resources(estimate, lines)), total=True),
        *((Paragraph(left_out, grey=True),) if left_out else ()),
        Heading(_("Where the prices come from")),
        Table(
            (_("Price"), _("Value"), _("Source"), _("Date"), _("Age"), _("Note")),
            tuple(_price_row(case, one) for one in prices),
        ),
        Paragraph(_stale(case, prices)),
        Heading(_("How the compute is estimated")),
        assumption_table(tuple(assumptions_of(case.document, estimate))),
    )
    appendix = (*worked_blocks(estimate, *_EXPLAINED), *source_blocks(estimate))
    return printout(case, LABEL, _answer(estimate), _lead(estimate), blocks, appendix)


def _answer(estimate: Estimate) -> str:
    if not isfinite(estimate["money.total"].value):
        return _("What is to be asked for cannot be computed from this plan.")
    row = estimate.inputs.rows.accelerator
    words = {
        "money": short(estimate, "money.total", 3),
        "hours": short(estimate, "money.paid_device_hours", 3),
        "model": model_name(estimate),
        "device": row.name if row is not None else _("accelerators"),
    }
    return _("{money} are asked for, with {hours} of {device}, to train {model}.").format(**words)


def _lead(estimate: Estimate) -> str:
    share = Amount(100.0 * estimate["efficiency.mfu"].value, "%", 2)
    goodput = Amount(100.0 * estimate["time.goodput"].value, "%", 2)
    sentence = _(
        "The devices reach {mfu} of their peak, and {goodput} of the time is useful work. Each amount stands "
        "below with its formula, each price with its source and date."
    )
    return sentence.format(mfu=share, goodput=goodput)


def _resources(estimate: Estimate, lines: list[Line]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        names, numbers = _("as stated in the plan"), ""
        if line.path in estimate:
            reason = why(estimate, line.path)
            names, numbers = (
                reason.text_formula().partition("\n")[0],
                reason.text_numbers().partition("\n")[0],
            )
        yield _(line.label), Amount(line.value, "USD", 3, line.path), names, numbers
    total = estimate["money.total"]
    adds_up = isclose(sum(line.value for line in lines), total.value, rel_tol=_SAME)
    words = _("sum of the lines") if adds_up else _("as stated in the plan")
    yield _("Total"), Amount(total.value, total.unit, 3, total.path), words, ""


def _prices(estimate: Estimate, lines: list[Line]) -> Iterator[WhyInput]:
    """Yield each price under the lines once: money for something that no other quantity gives."""
    told: set[str] = set()
    ahead = [line.path for line in reversed(lines) if line.path in estimate]
    while ahead:
        for one in why(estimate, ahead.pop()).inputs:
            if one.name in told or not ("$" in one.unit or "USD" in one.unit):
                continue
            told.add(one.name)
            if one.followable and one.layer == "computed":
                ahead.append(one.path)
            elif isfinite(one.value) and one.value:
                yield one


def _age(case: Case, one: WhyInput) -> str:
    return "" if one.layer == "typed" else age_in_words(one.date, case.decimal_year)


def _price_row(case: Case, one: WhyInput) -> tuple[Cell, ...]:
    note = case.document.notes.get(one.path, "")
    return one.label, Amount(one.value, one.unit, 4), one.source, one.date, _age(case, one), note


def _stale(case: Case, prices: list[WhyInput]) -> str:
    """Return what a reviewer would ask about the prices: old ones, and typed ones without a word of proof."""
    old = [one.label for one in prices if _age(case, one)]
    bare = [one.label for one in prices if one.layer == "typed" and not case.document.notes.get(one.path)]
    sentences = []
    if old:
        words = plural(
            "This price is older than a year or has no date and should be asked for anew: {names}.",
            "These prices are older than a year or have no date and should be asked for anew: {names}.",
            len(old),
        )
        sentences.append(words.format(names=", ".join(old)))
    if bare:
        words = _("Typed without a note that says whose offer it is: {names}.")
        sentences.append(words.format(names=", ".join(bare)))
    return " ".join(sentences) or _("No price is older than a year.")
