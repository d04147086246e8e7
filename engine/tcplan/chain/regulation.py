"""Where the run stands against the compute at which rules begin; a help, not legal advice."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_GUIDELINES = "Commission guidelines on general-purpose AI models, C(2025) 5045 of 18 July 2025"


@quantity(
    "FLOP",
    N_("Cumulated compute"),
    source="Regulation (EU) 2024/1689 (AI Act), article 51(2): cumulative; recital 111",
    path="compute.cumulated",
)
def cumulated_flop(model_flop: Numeric, earlier_flop: Numeric) -> Numeric:
    """Training compute of the model over all phases and what was spent on it before [FLOP].

    Parameters
    ----------
    model_flop
        Model FLOP of all phases of the run [FLOP].
    earlier_flop
        Compute of earlier training of the same model [FLOP].
    """
    return model_flop + earlier_flop


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
def threshold_share(cumulated_flop: Numeric, systemic_risk_compute: Numeric) -> Numeric:
    """Training compute over the threshold [1]; above 1 the provider must notify the Commission.

    Parameters
    ----------
    cumulated_flop
        Training compute of the model, earlier training included [FLOP].
    systemic_risk_compute
        The threshold [FLOP].
    """
    return cumulated_flop / systemic_risk_compute


@quantity(
    "FLOP",
    N_("General-purpose threshold"),
    source=f"{_GUIDELINES}, section 2.1: indicative criterion",
    path="compute.general_purpose",
)
def general_purpose_compute() -> Numeric:
    """Training compute above which the Commission takes a generative model for general-purpose [FLOP]."""
    return 1e23


@quantity(
    "1",
    N_("Share of the general-purpose threshold"),
    source=f"{_GUIDELINES}, section 2.1: indicative criterion",
    path="compute.general_purpose_share",
)
def general_purpose_share(cumulated_flop: Numeric, general_purpose_compute: Numeric) -> Numeric:
    """Training compute over the indicative threshold of general-purpose models [1].

    Parameters
    ----------
    cumulated_flop
        Training compute of the model, earlier training included [FLOP].
    general_purpose_compute
        The threshold [FLOP].
    """
    return cumulated_flop / general_purpose_compute


@quantity(
    "FLOP",
    N_("Compute that makes a modifier a provider"),
    source=f"{_GUIDELINES}, section 3.2: a third of the original model's, or of the threshold where unknown",
    path="compute.modification_limit",
)
def modification_limit(earlier_flop: Numeric, general_purpose_compute: Numeric) -> Numeric:
    """Compute above which who trains another's model further becomes a provider of its own [FLOP].

    Parameters
    ----------
    earlier_flop
        Compute of the original model; 0 where nobody knows it [FLOP].
    general_purpose_compute
        Threshold of general-purpose models, which stands in for it [FLOP].
    """
    return where(earlier_flop > 0.0 * earlier_flop, earlier_flop, general_purpose_compute) / 3.0


@quantity(
    "1",
    N_("Share of the modifier's limit"),
    source=f"{_GUIDELINES}, section 3.2",
    path="compute.modification_share",
)
def modification_share(model_flop: Numeric, modification_limit: Numeric) -> Numeric:
    """Compute of this run over that which makes a modifier of another's model its provider [1].

    Parameters
    ----------
    model_flop
        Model FLOP of the run [FLOP].
    modification_limit
        A third of the original model's compute [FLOP].
    """
    return model_flop / modification_limit
