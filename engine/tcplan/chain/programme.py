"""What the whole programme costs: the final run, earlier ones, people, data, labels and a reserve."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Earlier runs"),
    source="definition: share of the final run's compute and energy",
    path="money.experiments",
)
def experiment_cost(experiments: Numeric, compute_cost: Numeric, energy_cost: Numeric) -> Numeric:
    """Cost of experiments and failed runs [USD].

    Parameters
    ----------
    experiments
        Their compute over that of the final run [1].
    compute_cost, energy_cost
        Cost of the final run [USD].
    """
    return experiments * (compute_cost + energy_cost)


@quantity("USD", N_("Staff"), source="definition: people x time x pay", path="money.staff")
def staff_cost(people: Numeric, work_time: Numeric, pay: Numeric) -> Numeric:
    """Cost of the people [USD].

    Parameters
    ----------
    people
        Full-time people [1].
    work_time
        How long they work [s].
    pay
        Loaded cost of one [USD/s].
    """
    return people * work_time * pay


@quantity("USD", N_("Data"), source="as typed", path="money.data")
def data_cost_total(data_cost: Numeric) -> Numeric:
    """Licences, collection and cleaning of the training data [USD].

    Parameters
    ----------
    data_cost
        The same, from the plan [USD].
    """
    return data_cost


@quantity("USD", N_("Labels"), source="definition: pairs x price", path="money.labels")
def label_cost(labels: Numeric, label_price: Numeric) -> Numeric:
    """Cost of preference pairs, from people or from a model [USD].

    Parameters
    ----------
    labels
        Compared pairs [1].
    label_price
        Price of one [USD].
    """
    return labels * label_price


@quantity("USD", N_("Storage"), source="as typed", path="money.storage")
def storage_cost(storage: Numeric) -> Numeric:
    """Storage, transfer and other services [USD].

    Parameters
    ----------
    storage
        The same, from the plan [USD].
    """
    return storage


@quantity("USD", N_("Final run"), source="definition: compute and energy", path="money.run")
def run_cost(compute_cost: Numeric, energy_cost: Numeric) -> Numeric:
    """Cost of the final run alone [USD].

    Parameters
    ----------
    compute_cost, energy_cost
        Its two parts [USD].
    """
    return compute_cost + energy_cost


@quantity(
    "USD", N_("Before contingency"), source="definition: sum of the parts", path="money.before_contingency"
)
def planned_cost(
    run_cost: Numeric,
    experiment_cost: Numeric,
    staff_cost: Numeric,
    data_cost_total: Numeric,
    label_cost: Numeric,
    storage_cost: Numeric,
    contract_cost: Numeric,
) -> Numeric:
    """Cost of the programme without its reserve [USD].

    Parameters
    ----------
    run_cost, experiment_cost, staff_cost, data_cost_total, label_cost, storage_cost, contract_cost
        Its parts [USD].
    """
    programme = run_cost + experiment_cost + staff_cost + data_cost_total + label_cost + storage_cost
    return programme + contract_cost


@quantity("USD", N_("Contingency"), source="definition: share of everything else", path="money.contingency")
def contingency_cost(contingency: Numeric, planned_cost: Numeric) -> Numeric:
    """Reserve on top of everything [USD].

    Parameters
    ----------
    contingency
        Its share [1].
    planned_cost
        Everything else [USD].
    """
    return contingency * planned_cost


@quantity("USD", N_("Total cost"), source="definition: sum of the parts", path="money.total")
def total_cost(planned_cost: Numeric, contingency_cost: Numeric) -> Numeric:
    """Cost of the whole programme [USD].

    Parameters
    ----------
    planned_cost, contingency_cost
        Its two parts [USD].
    """
    return planned_cost + contingency_cost


@quantity("USD", N_("Cost per token"), source="definition: total cost over tokens", path="money.per_token")
def token_cost(total_cost: Numeric, run_tokens: Numeric) -> Numeric:
    """Cost of the programme for each training token [USD].

    Parameters
    ----------
    total_cost
        Cost of the programme [USD].
    run_tokens
        Training tokens [1].
    """
    return total_cost / run_tokens


@quantity(
    "USD/s",
    N_("Cost per device-hour"),
    source="definition: final run over device-hours",
    path="money.rate",
    shown="$/h",
)
def device_rate(run_cost: Numeric, device_time: Numeric) -> Numeric:
    """Cost of one device in a unit of time, rented or owned [USD/s].

    Parameters
    ----------
    run_cost
        Cost of the final run [USD].
    device_time
        Its device-time [s].
    """
    return run_cost / device_time
