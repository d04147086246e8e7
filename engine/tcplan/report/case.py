"""What a template is given, and the parts that several templates share."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from tcplan.estimate import Estimate, evaluate
from tcplan.language import _
from tcplan.plan.document import BASE, Document
from tcplan.report.appendix import Source, explained, row_sources
from tcplan.report.blocks import Amount, Block, Heading, Paragraph, Printout, Table, Worked
from tcplan.report.credits import credit_blocks
from tcplan.report.facts import Fact, fact
from tcplan.report.sheet import Assumption, footer_of, written_date
from tcplan.report.sureness import Sureness


@dataclass(frozen=True, slots=True)
class Case:
    """A document with the estimate of the scenario in force, and what says how sure an estimate is."""

    document: Document
    estimate: Estimate
    today: datetime.date
    scenario: str
    sureness: Callable[[Estimate], Sureness | None]

    @property
    def decimal_year(self) -> float:
        """Return the day of the sheet as a decimal year."""
        return self.today.year + (self.today.timetuple().tm_yday - 1) / 365.25

    def estimate_of(self, name: str) -> Estimate:
        """Return the estimate of a scenario of the document, or of its base."""
        if name == self.scenario:
            return self.estimate
        whole = replace(self.document, plan=self.document.base or self.document.plan, in_force=BASE)
        return evaluate(whole.scenario_plan(name), self.estimate.shelf)


def printout(
    case: Case,
    label: str,
    answer: str,
    lead: str,
    blocks: tuple[Block, ...],
    appendix: tuple[Block, ...],
) -> Printout:
    """Return a sheet of a case with the frame that all sheets share; what is impossible leads."""
    document = case.document
    errors = [one.sentence for one in case.estimate.findings if one.level == "error"]
    return Printout(
        label=_(label),
        title=document.title or _("Untitled plan"),
        author=document.author,
        scenario=case.scenario,
        date=written_date(case.today),
        answer=answer,
        lead=" ".join((*errors, lead)),
        footer=footer_of(case.estimate),
        blocks=blocks,
        appendix=appendix,
    )


def worked_blocks(estimate: Estimate, *paths: str) -> tuple[Block, ...]:
    """Return the formulas of results under their heading."""
    found = tuple(Worked(explained(estimate, path)) for path in paths if path in estimate)
    return (Heading(_("How each number comes about")), *found)


def source_blocks(*estimates: Estimate, beside: tuple[Source, ...] = ()) -> tuple[Block, ...]:
    """Return the sources of the rows that estimates use, others `beside`, and the credits."""
    every = (*row_sources(*estimates), *beside)
    rows = tuple((one.text, one.date, ", ".join(one.used_for[:6])) for one in every)
    table = Table((_("Source"), _("Date"), _("Used for")), rows)
    return (Heading(_("Sources of the figures")), table, *credit_blocks(*estimates))


def assumption_table(assumptions: tuple[Assumption, ...]) -> Table:
    """Return assumptions as a table."""
    rows = tuple((one.label, one.value, one.layer, one.origin, one.note) for one in assumptions)
    return Table((_("Assumption"), _("Value"), _("From"), _("Date"), _("Note")), rows)


def remark_blocks(case: Case, heading: str, if_none: str = "") -> tuple[Block, ...]:
    """Return the remark of the document under a heading, one paragraph a line."""
    lines = [line.strip() for line in case.document.remark.split("\n") if line.strip()]
    if lines:
        return (Heading(heading), *(Paragraph(line) for line in lines))
    return (Heading(heading), Paragraph(if_none, grey=True)) if if_none else ()


def facts_of(case: Case, sure: Sureness | None, *paths: tuple[str, str]) -> tuple[Fact, ...]:
    """Return figures by label and path."""
    return tuple(fact(case.estimate, _(label), path, sure) for label, path in paths if path in case.estimate)


def amount(estimate: Estimate, path: str) -> Amount:
    """Return a result as a cell, with three digits."""
    result = estimate[path]
    return Amount(result.value, result.unit, 3, path)
