"""Preference pairs: by people, by a model, and what the same pairs would cost the other way."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("USD", N_("Pairs by people"), source="definition: pairs x price", path="money.labels_people")
def people_label_cost(labels: Numeric, label_price: Numeric) -> Numeric:
    """Cost of pairs that people compare [USD].

    Parameters
    ----------
    labels
        Compared pairs [1].
    label_price
        Price of one [USD].
    """
    return labels * label_price


@quantity(
    "USD",
    N_("Pairs by a model"),
    source="arXiv:2212.08073: a model compares in place of people; pairs x tokens x price",
    path="money.labels_ai",
)
def ai_label_cost(ai_pairs: Numeric, pair_tokens: Numeric, feedback_price: Numeric) -> Numeric:
    """Cost of pairs that a model compares [USD].

    Parameters
    ----------
    ai_pairs
        Compared pairs [1].
    pair_tokens
        Tokens read and written for one [1].
    feedback_price
        Price of a token [USD].
    """
    return ai_pairs * pair_tokens * feedback_price


@quantity("USD", N_("Labels"), source="definition: pairs by people and by a model", path="money.labels")
def label_cost(people_label_cost: Numeric, ai_label_cost: Numeric) -> Numeric:
    """Cost of preference pairs [USD].

    Parameters
    ----------
    people_label_cost, ai_label_cost
        Its parts [USD].
    """
    return people_label_cost + ai_label_cost


@quantity(
    "USD",
    N_("All pairs by people"),
    source="definition: all pairs x price of people",
    path="money.labels_if_people",
)
def labels_by_people(labels: Numeric, ai_pairs: Numeric, label_price: Numeric) -> Numeric:
    """Cost of the same pairs if people compared them all [USD].

    Parameters
    ----------
    labels, ai_pairs
        Pairs by people and by a model [1].
    label_price
        Price of one by people [USD].
    """
    return (labels + ai_pairs) * label_price


@quantity(
    "USD",
    N_("All pairs by a model"),
    source="definition: all pairs x tokens x price of a model",
    path="money.labels_if_ai",
)
def labels_by_model(
    labels: Numeric, ai_pairs: Numeric, pair_tokens: Numeric, feedback_price: Numeric
) -> Numeric:
    """Cost of the same pairs if a model compared them all [USD].

    Parameters
    ----------
    labels, ai_pairs
        Pairs by people and by a model [1].
    pair_tokens
        Tokens read and written for one [1].
    feedback_price
        Price of a token [USD].
    """
    return (labels + ai_pairs) * pair_tokens * feedback_price
