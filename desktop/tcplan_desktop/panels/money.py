"""The money panel: owned hardware, reserve and budget; the rent stands beside the hardware."""

from tcplan.estimate import Estimate
from tcplan.given import chosen
from tcplan.language import N_, _
from tcplan.report.numbers import figure, share
from tcplan_desktop.panels.outline import Group, Outline, rest_of

_SHOWN = ("programme.contingency", "programme.budget", "purchase.device_price")
_ELSEWHERE = (*_SHOWN, "purchase.way", "purchase.price")


def _summary(estimate: Estimate) -> str:
    owned = chosen(estimate.plan, "purchase.way") == "own"
    parts = [_("Hardware owned") if owned else _("Energy in the rent")]
    contingency = estimate.field("programme.contingency").value
    parts.append(
        _("contingency {share}").format(share=share(contingency)) if contingency else _("no contingency")
    )
    budget = estimate.field("programme.budget").value
    if budget == budget:
        parts.append(_("budget {budget}").format(budget=figure(budget, "USD", 3)))
    return " · ".join(parts)


MONEY = Outline(
    "money",
    N_("Money"),
    _SHOWN,
    (Group("", rest_of(("purchase",), without=_ELSEWHERE)),),
    ("purchase", "money"),
    _summary,
    wide=True,
)
