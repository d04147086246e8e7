"""The lines of a bill: what adds up to the total, as fine as the chain has them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tcplan.estimate import Estimate
from tcplan.language import N_

COMPUTE = ((N_("Compute"), "money.compute"), (N_("Energy"), "money.energy"))
OWNED = (
    (N_("Facility"), "money.facility"),
    (N_("Maintenance"), "money.maintenance"),
    (N_("Operators"), "money.operators"),
    (N_("Capital"), "money.interest"),
)
"""Parts of the compute of owned hardware that have lines of their own, beside the hardware."""
BESIDE = (
    (N_("Energy"), "money.energy"),
    (N_("Contract"), "money.contract"),
    (N_("Earlier runs"), "money.experiments"),
    (N_("Staff"), "money.staff"),
    (N_("Data"), "money.data"),
    (N_("Preference pairs"), "money.labels"),
    (N_("Storage and network"), "money.storage"),
    (N_("Evaluation"), "money.evaluation"),
    (N_("Serving"), "money.serving"),
    (N_("Taxes"), "money.taxes"),
    (N_("Contingency"), "money.contingency"),
)
"""What stands beside the compute of the final run, each as one line; with it they are the total."""
CONTRACT = (
    (N_("Set-up"), "purchase.setup_cost"),
    (N_("Support"), "money.support"),
    (N_("Stored data"), "money.stored_data"),
    (N_("Transfer"), "money.transfer"),
    (N_("Network fee"), "money.network_fee"),
)
_PROGRAMME = (
    (N_("Earlier runs"), "money.experiments"),
    (N_("Evaluation"), "money.evaluation"),
    (N_("Serving"), "money.serving"),
    (N_("Data licences"), "programme.data_cost"),
    (N_("Cleaning"), "money.cleaning"),
    (N_("Synthetic tokens"), "money.synthetic"),
    (N_("Pairs by people"), "money.labels_people"),
    (N_("Pairs by a model"), "money.labels_ai"),
    (N_("Storage and network"), "programme.storage"),
    (N_("Archive"), "money.archive"),
    (N_("Data sent out"), "money.sent"),
    (N_("Researchers"), "money.researchers"),
    (N_("Engineers"), "money.engineers"),
    (N_("Annotators"), "money.annotators"),
    (N_("People"), "money.people"),
    (N_("Taxes"), "money.taxes"),
    (N_("Contingency"), "money.contingency"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its amount in dollars, and the result or the field that it is."""

    label: str
    path: str
    value: float


def bill_lines(estimate: Estimate) -> tuple[Line, ...]:
    """Return every line of the bill; together they are `money.total` where nobody typed that."""
    # A typed amount of the compute has no parts of its own.
    parts = "money.hardware" in estimate and "money.compute" not in estimate.plan.overrides
    hardware = ((N_("Hardware"), "money.hardware"), *OWNED, COMPUTE[1])
    compute = hardware if parts else COMPUTE
    return tuple(lines_of(estimate, (*compute, *CONTRACT, *_PROGRAMME)))


def lines_of(estimate: Estimate, wanted: tuple[tuple[str, str], ...]) -> Iterator[Line]:
    """Yield some lines by label and path."""
    for label, path in wanted:
        value = estimate[path].value if path in estimate else estimate.field(path).value
        yield Line(label, path, value)
