"""The sheet of a plan as of today, with what published steps say of its figures."""

import datetime

from tcplan.estimate import Estimate
from tcplan.plan.document import BASE, Document
from tcplan.report.facts import FACTS
from tcplan.report.sheet import Sheet, sheet_of
from tcplan.report.sureness import Sureness
from tcplan.validation.certainty import certainty
from tcplan.validation.published import WORDS


def sheet_today(document: Document, estimate: Estimate, scenario: str = BASE) -> Sheet:
    """Return the sheet of a document with today's date.

    Parameters
    ----------
    document
        Gives title, author and remark.
    estimate
        The estimate of the document's plan.
    scenario
        The name of the scenario that the estimate is of.
    """
    sure = certainty(estimate, [path for _label, path in FACTS])
    word = sure.confidence.word if sure is not None else ""
    said = Sureness(word, WORDS[word], sure.results) if sure is not None else None
    today = datetime.datetime.now().astimezone().date()
    return sheet_of(document, estimate, today, scenario, said)
