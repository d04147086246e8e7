"""The sheets of a plan as of today, with what published steps say of its figures."""

import datetime

from tcplan.estimate import Estimate
from tcplan.plan.document import BASE, Document
from tcplan.report.blocks import Printout
from tcplan.report.case import Case
from tcplan.report.facts import FACTS
from tcplan.report.sheet import Sheet, sheet_of
from tcplan.report.sureness import Sureness
from tcplan.report.templates.registry import ONE_PAGE, template
from tcplan.validation.certainty import certainty
from tcplan.validation.published import WORDS

_BANDS = (
    *(path for _label, path in FACTS),
    *("time.until_done", "time.device_hours", "money.compute", "carbon.total", "carbon.embodied"),
)
"""Results whose ranges some sheet prints."""


def sheet_today(document: Document, estimate: Estimate, scenario: str = BASE) -> Sheet:
    """Return what the one-page sheet of a document says, with today's date.

    Parameters
    ----------
    document
        Gives title, author and remark.
    estimate
        The estimate of the document's plan.
    scenario
        The name of the scenario that the estimate is of.
    """
    return sheet_of(document, estimate, _today(), scenario, sureness_of(estimate))


def printout_today(
    document: Document, estimate: Estimate, scenario: str = BASE, name: str = ONE_PAGE
) -> Printout:
    """Return a sheet of a document with today's date.

    Parameters
    ----------
    document
        Gives title, author and remark; a sheet of several scenarios takes them from here.
    estimate
        The estimate of the document's plan.
    scenario
        The name of the scenario that the estimate is of.
    name
        The name of a template.

    Raises
    ------
    TemplateError
        When there is no template of this name.
    """
    return template(name).make(Case(document, estimate, _today(), scenario, sureness_of))


def sureness_of(estimate: Estimate) -> Sureness | None:
    """Return how sure an estimate is, None where nothing predicts its time."""
    sure = certainty(estimate, _BANDS)
    word = sure.confidence.word if sure is not None else ""
    return Sureness(word, WORDS[word], sure.results) if sure is not None else None


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()
