"""Where the run stands against the compute at which rules begin."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "FLOP",
    N_("Systemic-risk threshold"),
    source="Regulation (EU) 2024/1689 (AI Act), article 51(2)",
    path="compute.threshold",
)
def systemic_risk_compute() -> Numeric:
    """Training compute above which the EU presumes systemic risk [FLOP]."""
    return 1e25


@quantity(
    "1",
    N_("Share of the systemic-risk threshold"),
    source="Regulation (EU) 2024/1689 (AI Act), article 51(2)",
    path="compute.threshold_share",
)
def threshold_share(model_flop: Numeric, systemic_risk_compute: Numeric) -> Numeric:
    """Training compute over the threshold [1]; above 1 the provider must notify the Commission.

    Parameters
    ----------
    model_flop
        Model FLOP of the run [FLOP].
    systemic_risk_compute
        The threshold [FLOP].
    """
    return model_flop / systemic_risk_compute
