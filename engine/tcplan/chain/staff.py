"""What people cost, by role, and how pay rises until they work."""

from tcplan.chain.elementwise import exp
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Researchers"),
    source="definition: people x time x pay, risen to the middle of the work",
    path="money.researchers",
)
def researcher_cost(
    researchers: Numeric,
    researcher_time: Numeric,
    researcher_pay: Numeric,
    pay_rise: Numeric,
    pay_gap: Numeric,
) -> Numeric:
    """Cost of researchers [USD].

    Parameters
    ----------
    researchers
        How many [1].
    researcher_time
        How long one works [s].
    researcher_pay
        What one costs [USD/s].
    pay_rise
        How fast pay rises [1/s].
    pay_gap
        From the year of the pay to the start [s].
    """
    return researchers * researcher_time * researcher_pay * exp(pay_rise * (pay_gap + researcher_time / 2.0))


@quantity(
    "USD",
    N_("Engineers"),
    source="definition: people x time x pay, risen to the middle of the work",
    path="money.engineers",
)
def engineer_cost(
    engineers: Numeric, engineer_time: Numeric, engineer_pay: Numeric, pay_rise: Numeric, pay_gap: Numeric
) -> Numeric:
    """Cost of engineers [USD].

    Parameters
    ----------
    engineers
        How many [1].
    engineer_time
        How long one works [s].
    engineer_pay
        What one costs [USD/s].
    pay_rise
        How fast pay rises [1/s].
    pay_gap
        From the year of the pay to the start [s].
    """
    return engineers * engineer_time * engineer_pay * exp(pay_rise * (pay_gap + engineer_time / 2.0))


@quantity(
    "USD",
    N_("Annotators"),
    source="definition: people x time x pay, risen to the middle of the work",
    path="money.annotators",
)
def annotator_cost(
    annotators: Numeric, annotator_time: Numeric, annotator_pay: Numeric, pay_rise: Numeric, pay_gap: Numeric
) -> Numeric:
    """Cost of people paid by the hour [USD].

    Parameters
    ----------
    annotators
        How many [1].
    annotator_time
        Paid hours of one [s].
    annotator_pay
        What one costs [USD/s].
    pay_rise
        How fast pay rises [1/s].
    pay_gap
        From the year of the pay to the start [s].
    """
    return annotators * annotator_time * annotator_pay * exp(pay_rise * pay_gap)


@quantity(
    "USD",
    N_("People"),
    source="definition: people x time x pay, risen to the middle of the work",
    path="money.people",
)
def people_cost(
    people: Numeric, work_time: Numeric, pay: Numeric, pay_rise: Numeric, pay_gap: Numeric
) -> Numeric:
    """Cost of people whose pay is typed [USD].

    Parameters
    ----------
    people
        Full-time people [1].
    work_time
        How long they work [s].
    pay
        Loaded cost of one [USD/s].
    pay_rise
        How fast pay rises [1/s].
    pay_gap
        From the year of the pay to the start [s].
    """
    return people * work_time * pay * exp(pay_rise * (pay_gap + work_time / 2.0))


@quantity("USD", N_("Staff"), source="definition: sum over the roles", path="money.staff")
def staff_cost(
    people_cost: Numeric, researcher_cost: Numeric, engineer_cost: Numeric, annotator_cost: Numeric
) -> Numeric:
    """Cost of all people [USD].

    Parameters
    ----------
    people_cost, researcher_cost, engineer_cost, annotator_cost
        Its parts [USD].
    """
    return people_cost + researcher_cost + engineer_cost + annotator_cost
