"""The sheet for those who decide: the answer and its range, the limits, three risks, what was left out."""

from collections.abc import Iterator
from math import erf, log, sqrt

from tcplan.catalogue.age import age_in_words
from tcplan.language import N_, _
from tcplan.report.blocks import Amount, Bars, Block, Cell, Facts, Heading, Paragraph, Printout, Table
from tcplan.report.case import Case, facts_of, printout, remark_blocks, source_blocks, worked_blocks
from tcplan.report.numbers import band, figure, probability, share
from tcplan.report.sheet import answer, concerns_of, levers_of, money_parts, not_counted
from tcplan.report.sureness import Sureness

LABEL = N_("Board")
_FACTS = (
    (N_("Money"), "money.total"),
    (N_("Time"), "time.run"),
    (N_("Energy"), "energy.facility"),
    (N_("CO₂e, location"), "carbon.location"),
)
_LIMITS = (
    (N_("Budget"), "programme.budget", "money.total", "USD"),
    (N_("Deadline"), "programme.deadline", "time.run", "s"),
)
_RISKS = 3
_SIGMAS = 2.0 * 1.6449
"""Standard deviations between 5 and 95 of 100."""
_SCENARIOS = 8


def board(case: Case) -> Printout:
    """Return the sheet for a board."""
    estimate = case.estimate
    sure = case.sureness(estimate)
    parts, total = money_parts(estimate)
    left_out = not_counted(estimate) or _("Every line of the bill has an amount.")
    limits = (_("Limit"), _("Set"), _("This plan"), _("Nine of ten cases"), _("Held"))
    blocks: tuple[Block, ...] = (
        Facts(facts_of(case, sure, *_FACTS)),
        Heading(_("Limits")),
        Table(limits, tuple(_limits(case, sure))),
        Heading(_("Three risks")),
        *(Paragraph(f"{number}. {text}") for number, text in enumerate(_risks(case, sure), start=1)),
        Heading(_("Where the money goes")),
        Bars(parts, total),
        Heading(_("What was left out")),
        Paragraph(left_out),
        *_others(case),
        *remark_blocks(case, _("Remark")),
    )
    plain = _("All figures are middle estimates; none of them is a quote.")
    appendix = (
        *worked_blocks(estimate, "money.total", "money.compute", "time.run"),
        *source_blocks(estimate),
    )
    lead = sure.sentence if sure is not None else plain
    return printout(case, LABEL, answer(estimate), lead, blocks, appendix)


def _limits(case: Case, sure: Sureness | None) -> Iterator[tuple[Cell, ...]]:
    for label, path, result, unit in _LIMITS:
        found = case.estimate[result]
        ends = sure.ends.get(result) if sure is not None else None
        reach = str(band(*ends, found.value, found.unit)) if ends is not None else _("not known")
        plan = Amount(found.value, found.unit, path=result)
        limit = case.estimate.given.get(path)
        if limit is None:
            yield _(label), _("none set"), plan, reach, ""
        else:
            yield _(label), str(figure(limit.value, unit, 3)), plan, reach, _held(limit.value, found.si, ends)


def _held(limit: float, value: float, ends: tuple[float, float] | None) -> str:
    """Return whether a limit is held, and with which chance where a range is known."""
    word = _("yes") if value <= limit else _("no")
    if ends is None or not 0.0 < ends[0] < ends[1] or not value > 0.0:
        return word
    away = log(limit / value) / (log(ends[1] / ends[0]) / _SIGMAS)
    chance = 0.5 * (1.0 + erf(away / sqrt(2.0)))
    return _("{word}, chance {chance}").format(word=word, chance=probability(chance))


def _risks(case: Case, sure: Sureness | None) -> list[str]:
    """Return three risks: what is wrong first, then the width of the range, then what moves the money."""
    found = list(concerns_of(case.estimate))[: _RISKS - 1]
    ends = sure.ends.get("money.total") if sure is not None else None
    if sure is not None and ends is not None:
        money = case.estimate["money.total"]
        words = _("The money may lie anywhere in {range} ({word}: {reason}).")
        reach = str(band(*ends, money.value, money.unit))
        found.append(words.format(range=reach, word=_(sure.word), reason=_(sure.reason)))
    for path, label, change in levers_of(case.estimate):
        words = _("{label}: 10 % more of it changes the money by {change}. {origin}")
        moved = f"{'+' if change > 0.0 else '−'}{share(abs(change))}"
        found.append(words.format(label=label, change=moved, origin=_origin(case, path)).strip())
    return found[:_RISKS]


def _origin(case: Case, path: str) -> str:
    """Return where the value behind a risk comes from, with its age when it is old."""
    given = case.estimate.given.get(path)
    if given is None:
        return ""
    if given.layer == "typed":
        return _("It is what this plan states.")
    if given.layer != "catalogue":
        return _("It is a usual value that nobody has confirmed for this plan.")
    age = age_in_words(given.date, case.decimal_year)
    about = ", ".join(part for part in (given.date, age) if part)
    return _("It is a published figure ({about}), no quote.").format(about=about)


def _others(case: Case) -> tuple[Block, ...]:
    """Return the scenarios of the plan beside each other, nothing where there are none."""
    names = case.document.scenario_names[: _SCENARIOS + 1]
    if len(names) < 2:
        return ()
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        estimate = case.estimate_of(name)
        shown = _("{name} (this sheet)").format(name=name) if name == case.scenario else name
        results = [estimate[path] for path in ("money.total", "time.run", "carbon.location")]
        rows.append((shown, *(Amount(one.value, one.unit) for one in results)))
    heads = (_("Scenario"), _("Money"), _("Time"), _("CO₂e, location"))
    return (Heading(_("The choices")), Table(heads, tuple(rows)))
