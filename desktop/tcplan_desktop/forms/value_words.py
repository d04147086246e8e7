"""A field's value in the words of an undo step: "1.4T", "H100 SXM", "bf16"."""

from __future__ import annotations

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.document import Document as Content
from tcplan.plan.number import translate, write
from tcplan.plan.plan import descriptions
from tcplan.results import shown_of_quantity
from tcplan_desktop.forms.form import name_of, stand_in, text_of
from tcplan_desktop.forms.quantity_edit import text_at_rest

LONGEST = 24


def value_words(content: Content, path: str, estimate: Estimate) -> str:
    """Return the value that a document gives a field; `estimate` knows what applies when none is typed."""
    words = _words(content, path, estimate)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _words(content: Content, path: str, estimate: Estimate) -> str:
    shown = descriptions().get(path)
    typed = content.plan.get(path)
    if shown is None:
        if path not in estimate:
            return ""
        shown = shown_of_quantity(estimate.graph.paths[path])
        if typed is None:
            known = path in estimate.given
            return text_at_rest(estimate.alternative(path) if known else estimate[path].si, shown)
    if shown.kind == "row":
        key = typed if isinstance(typed, str) else stand_in(path, estimate) or str(shown.default or "")
        return name_of(path, key, estimate) or _("none")
    if isinstance(typed, str):
        return next((_(choice.label) for choice in shown.choices if choice.key == typed), typed)
    if typed is not None:
        raw = content.raw.get(path)
        return translate(raw, "en", marks.current()) if raw else write(typed, shown, marks.current())
    given = estimate.field(path)
    untyped = given.alternative if given.layer == "typed" else given
    if untyped is None:
        return _("none typed")
    if shown.kind == "number":
        return text_at_rest(untyped.value, shown) or _("none")
    return text_of(untyped, shown)
