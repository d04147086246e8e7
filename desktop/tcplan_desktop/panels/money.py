"""The money panel: contract, owned hardware, reserve and budget; the rent stands beside the hardware."""

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan_rows import chosen
from tcplan.report.numbers import figure, share
from tcplan_desktop.panels.outline import Outline, group

_SHOWN = ("programme.contingency", "programme.budget", "purchase.device_price")
_GROUPS = (
    group(
        N_("Price"),
        "purchase",
        "offer discount year price_decline committed_price energy_billed spot_interruptions",
    ),
    group(
        N_("Contract"),
        "purchase",
        "term minimum setup_cost delivery_time availability support_share storage_size storage_price "
        "egress_size egress_price network_fee",
    ),
    group(
        N_("Own hardware"),
        "purchase",
        "server_factor interconnect_share store_price busy_share resale_share interest maintenance operators "
        "operator_pay",
    ),
    group(N_("Own or rented place"), "purchase", "colocation facility_price facility_life"),
    group(N_("Published methods"), "purchase", "hardware_age progress method_load"),
)


def _summary(estimate: Estimate) -> str:
    owned = chosen(estimate.plan, "purchase.way") == "own"
    apart = chosen(estimate.plan, "purchase.energy_billed") == "apart"
    parts = [_("Energy billed apart") if apart else _("Energy in the rent")]
    if owned:
        parts = [_("Hardware owned")]
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
    _GROUPS,
    ("purchase", "money"),
    _summary,
    wide=True,
)
