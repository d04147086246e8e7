"""What the whole programme costs: the final run, earlier ones, people, data, labels and a reserve."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


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
    "USD",
    N_("Earlier runs"),
    source="definition: share of the final run, and device-hours at its rate",
    path="money.experiments",
)
def experiment_cost(
    experiments: Numeric, run_cost: Numeric, earlier_runs: Numeric, device_rate: Numeric
) -> Numeric:
    """Cost of experiments and failed runs [USD].

    Parameters
    ----------
    experiments
        Their compute over that of the final run [1].
    run_cost
        Cost of the final run [USD].
    earlier_runs
        Their device-time, as a list [s].
    device_rate
        Cost of one device [USD/s].
    """
    share = experiments * run_cost
    return where(earlier_runs > 0.0, share + earlier_runs * device_rate, share)


@quantity(
    "USD", N_("Bought"), source="definition: everything but staff, tax and reserve", path="money.bought"
)
def bought_cost(
    run_cost: Numeric,
    experiment_cost: Numeric,
    data_cost_total: Numeric,
    label_cost: Numeric,
    evaluation_cost: Numeric,
    storage_cost: Numeric,
    contract_cost: Numeric,
    serving_cost: Numeric,
) -> Numeric:
    """Cost of what is bought: everything but own staff [USD].

    Parameters
    ----------
    run_cost, experiment_cost, evaluation_cost, serving_cost
        What is computed [USD].
    data_cost_total, label_cost, storage_cost, contract_cost
        What is bought beside it [USD].
    """
    compute = run_cost + experiment_cost + evaluation_cost + serving_cost
    return compute + data_cost_total + label_cost + storage_cost + contract_cost


@quantity(
    "USD", N_("Before contingency"), source="definition: sum of the parts", path="money.before_contingency"
)
def planned_cost(bought_cost: Numeric, staff_cost: Numeric, tax_cost: Numeric) -> Numeric:
    """Cost of the programme without its reserve [USD].

    Parameters
    ----------
    bought_cost, staff_cost, tax_cost
        Its parts [USD].
    """
    return bought_cost + staff_cost + tax_cost


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
