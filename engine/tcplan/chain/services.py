"""Services beside compute: evaluation, what is kept and sent, and the tax on what is bought."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Evaluation"),
    source="definition: share of the final run, and what is paid beside it",
    path="money.evaluation",
)
def evaluation_cost(evaluation_share: Numeric, run_cost: Numeric, evaluation_amount: Numeric) -> Numeric:
    """Cost of evaluating the model [USD].

    Parameters
    ----------
    evaluation_share
        Compute over that of the final run [1].
    run_cost
        Cost of the final run [USD].
    evaluation_amount
        Testers and services [USD].
    """
    return evaluation_share * run_cost + evaluation_amount


@quantity("USD", N_("Archive"), source="definition: data x time x price", path="money.archive")
def archive_cost(archive_size: Numeric, archive_time: Numeric, archive_price: Numeric) -> Numeric:
    """Cost of keeping data over the programme [USD].

    Parameters
    ----------
    archive_size
        What is kept [B].
    archive_time
        How long [s].
    archive_price
        Its price [USD/B/s].
    """
    return archive_size * archive_time * archive_price


@quantity("USD", N_("Data sent out"), source="definition: data x price", path="money.sent")
def sent_cost(sent_size: Numeric, sent_price: Numeric) -> Numeric:
    """Cost of data that leave a provider [USD].

    Parameters
    ----------
    sent_size
        What leaves [B].
    sent_price
        Its price [USD/B].
    """
    return sent_size * sent_price


@quantity("USD", N_("Storage"), source="definition: what is typed, kept and sent", path="money.storage")
def storage_cost(storage: Numeric, archive_cost: Numeric, sent_cost: Numeric) -> Numeric:
    """Storage, transfer and other services [USD].

    Parameters
    ----------
    storage
        As typed [USD].
    archive_cost, sent_cost
        By amount and price [USD].
    """
    return storage + archive_cost + sent_cost


@quantity(
    "USD", N_("Taxes"), source="definition: share of what is bought, or of everything", path="money.taxes"
)
def tax_cost(tax_share: Numeric, tax_basis: Numeric, bought_cost: Numeric, staff_cost: Numeric) -> Numeric:
    """Value-added or sales tax that is not recovered [USD].

    Parameters
    ----------
    tax_share
        Rate of the tax [1].
    tax_basis
        0 on what is bought, 1 on everything [1].
    bought_cost
        Everything but staff [USD].
    staff_cost
        Own staff [USD].
    """
    return tax_share * (bought_cost + tax_basis * staff_cost)
