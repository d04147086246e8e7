"""The summary on one page: the answer, six figures, curve, breakdown, assumptions; formulas overleaf."""

from dataclasses import replace

from tcplan.language import N_, _
from tcplan.report.appendix import default_sources
from tcplan.report.blocks import Bars, Block, Facts, Heading, Paragraph, Picture, Printout, Table, Worked
from tcplan.report.case import Case, assumption_table, printout, source_blocks
from tcplan.report.sheet import Sheet, sheet_of

LABEL = N_("One page")


def one_page(case: Case) -> Printout:
    """Return the one-page sheet of a case, with its appendix."""
    sure = case.sureness(case.estimate)
    sheet = sheet_of(case.document, case.estimate, case.today, case.scenario, sure)
    made = printout(case, LABEL, sheet.answer, sheet.lead, _blocks(sheet), _appendix(case, sheet))
    return replace(made, lead=sheet.lead, one_page=sheet)


def _blocks(sheet: Sheet) -> tuple[Block, ...]:
    blocks: list[Block] = [Facts(sheet.facts)]
    if sheet.chart is not None:
        blocks += [Heading(sheet.chart.heading), Picture(sheet.chart)]
    blocks += [Heading(sheet.parts_heading), Bars(sheet.parts, sheet.total)]
    blocks += [Paragraph(sheet.not_counted, grey=True)] if sheet.not_counted else []
    blocks += [Heading(_("Where the energy goes")), Bars(sheet.energy_parts)]
    blocks += [Heading(_("What we assumed")), assumption_table(sheet.assumptions)]
    if sheet.concerns or sheet.remark:
        blocks += [Heading(_("To bear in mind"))]
        blocks += [Paragraph(sentence) for sentence in (*sheet.concerns, sheet.remark) if sentence]
    return tuple(blocks)


def _appendix(case: Case, sheet: Sheet) -> tuple[Block, ...]:
    formulas = tuple(Worked(one) for one in sheet.formulas)
    notes = tuple((one.label, one.note) for one in sheet.assumptions if one.note)
    noted = (Heading(_("Notes")), Table((_("Assumption"), _("Note")), notes)) if notes else ()
    return (
        Heading(_("How each number comes about")),
        *formulas,
        *noted,
        *source_blocks(case.estimate, beside=default_sources(case.estimate)),
    )
