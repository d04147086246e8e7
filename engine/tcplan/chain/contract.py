"""What a contract bills besides device-hours and energy, and when the run is done."""

from tcplan.chain.elementwise import maximum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "s",
    N_("Duration with delivery"),
    source="definition: delivery, then the run over availability",
    path="time.until_done",
)
def until_done(delivery_time: Numeric, run_time: Numeric, availability: Numeric) -> Numeric:
    """Time from the order to the end of the run [s].

    Parameters
    ----------
    delivery_time
        Time until the first device can be used [s].
    run_time
        Duration of the run [s].
    availability
        Share of the time in which the hardware can be used [1].
    """
    return delivery_time + run_time / availability


@quantity(
    "s",
    N_("Time under contract"),
    source="definition: the run over availability, at least the term",
    path="money.contract_time",
    shown="d",
)
def contract_time(run_time: Numeric, availability: Numeric, term: Numeric) -> Numeric:
    """Time for which storage and network are paid [s].

    Parameters
    ----------
    run_time
        Duration of the run [s].
    availability
        Share of the time in which the hardware can be used [1].
    term
        How long the cluster is paid for at least [s].
    """
    return maximum(run_time / availability, term)


@quantity("USD", N_("Support"), source="definition: share of the compute", path="money.support")
def support_cost(support_share: Numeric, compute_cost: Numeric) -> Numeric:
    """Support contract [USD].

    Parameters
    ----------
    support_share
        Its share of the compute [1].
    compute_cost
        Compute that is paid [USD].
    """
    return support_share * compute_cost


@quantity(
    "USD",
    N_("Stored data"),
    source="definition: stored data x price x time under contract",
    path="money.stored_data",
)
def kept_cost(storage_size: Numeric, storage_price: Numeric, contract_time: Numeric) -> Numeric:
    """Storage by the month [USD].

    Parameters
    ----------
    storage_size
        What is stored [B].
    storage_price
        Its price [USD/B/s].
    contract_time
        How long it is stored [s].
    """
    return storage_size * storage_price * contract_time


@quantity("USD", N_("Transfer"), source="definition: transferred data x price", path="money.transfer")
def egress_cost(egress_size: Numeric, egress_price: Numeric) -> Numeric:
    """Cost of data that leave the provider [USD].

    Parameters
    ----------
    egress_size
        How many [B].
    egress_price
        Their price [USD/B].
    """
    return egress_size * egress_price


@quantity("USD", N_("Network fee"), source="definition: fee x time under contract", path="money.network_fee")
def network_cost(network_fee: Numeric, contract_time: Numeric) -> Numeric:
    """Network of the cluster where it is billed apart [USD].

    Parameters
    ----------
    network_fee
        Fee of the whole cluster [USD/s].
    contract_time
        How long it is paid [s].
    """
    return network_fee * contract_time


@quantity(
    "USD",
    N_("Contract"),
    source="definition: set-up, support, storage, transfer and network",
    path="money.contract",
)
def contract_cost(
    setup_cost: Numeric,
    support_cost: Numeric,
    kept_cost: Numeric,
    egress_cost: Numeric,
    network_cost: Numeric,
) -> Numeric:
    """Bill for all but device-hours and energy [USD].

    Parameters
    ----------
    setup_cost, support_cost, kept_cost, egress_cost, network_cost
        Its lines [USD].
    """
    return setup_cost + support_cost + kept_cost + egress_cost + network_cost
