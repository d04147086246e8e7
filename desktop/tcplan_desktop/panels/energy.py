"""The energy panel: where it runs, with what power, carbon and water."""

from tcplan.estimate import Estimate
from tcplan.given import chosen
from tcplan.language import N_, _
from tcplan.report.numbers import figure
from tcplan_desktop.panels.outline import Group, Outline, rest_of

_SHOWN = ("site.grid", "site.facility", "site.pue", "site.carbon_location")


def _summary(estimate: Estimate) -> str:
    row = estimate.inputs.rows.grid
    name = row.name if row is not None else chosen(estimate.plan, "site.grid")
    pue = figure(estimate.field("site.pue").value, "", 3)
    carbon = figure(estimate.field("site.carbon_location").value * 3.6e9, "", 3)
    return _("{name} · PUE {pue} · {carbon} g/kWh").format(name=name, pue=pue, carbon=carbon)


ENERGY = Outline(
    "energy",
    N_("Energy"),
    _SHOWN,
    (Group("", rest_of(("site",), without=_SHOWN)),),
    ("site", "energy", "carbon", "water"),
    _summary,
)
