"""Every template by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tcplan.language import _
from tcplan.report.blocks import Printout
from tcplan.report.case import Case
from tcplan.report.templates import ai_act, board, carbon, grant, one_page, quotes

ONE_PAGE = "one-page"


@dataclass(frozen=True, slots=True)
class Template:
    """What a template is called, and what turns a case into its sheet."""

    label: str
    make: Callable[[Case], Printout]


TEMPLATES: Mapping[str, Template] = {
    ONE_PAGE: Template(one_page.LABEL, one_page.one_page),
    "board": Template(board.LABEL, board.board),
    "grant": Template(grant.LABEL, grant.grant),
    "ai-act": Template(ai_act.LABEL, ai_act.ai_act),
    "carbon": Template(carbon.LABEL, carbon.carbon),
    "quotes": Template(quotes.LABEL, quotes.quotes),
}
"""Templates by the name that the command line takes."""


class TemplateError(ValueError):
    """There is no template of a name; the text is a sentence that lists those that there are."""


def template(name: str) -> Template:
    """Return the template of a name.

    Raises
    ------
    TemplateError
        When there is none.
    """
    if name not in TEMPLATES:
        message = _("there is no template “{name}”; there are: {names}")
        raise TemplateError(message.format(name=name, names=", ".join(TEMPLATES)))
    return TEMPLATES[name]
