"""The energy panel: where it runs, with what power, carbon and water."""

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan_rows import chosen
from tcplan.report.numbers import figure
from tcplan_desktop.panels.outline import Outline, group

_SHOWN = ("site.grid", "site.facility", "site.pue", "site.carbon_location")
_GROUPS = (
    group(N_("Place"), "site", "region wue grid_water electricity_price"),
    group(N_("Power"), "site", "mean_power idle_share network_share"),
    group(N_("Shared cluster"), "site", "cluster_share cluster_power cluster_use"),
    group(N_("Hours and season"), "site", "running hours_share hour_factor season_factor price_factor"),
    group(
        N_("Contracts and offsets"),
        "site",
        "carbon_market contract_share contract_carbon hourly_share upstream_carbon offsets",
    ),
    group(
        N_("Making of hardware and building"),
        "site",
        "embodied_carbon embodied_low embodied_high hardware_life life_use building_carbon building_life "
        "embodied_water",
    ),
    group(N_("Software carbon intensity"), "site", "functional_unit functional_units"),
)


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
    _GROUPS,
    ("site", "energy", "carbon", "water"),
    _summary,
)
