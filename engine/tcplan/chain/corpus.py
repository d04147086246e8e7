"""What the training data cost: licences, cleaning, and tokens that a model writes."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "1", N_("Cleaned tokens"), source="definition: the tokens of the run", path="programme.cleaned_tokens"
)
def cleaned_tokens(tokens: Numeric) -> Numeric:
    """Tokens that collection and cleaning leave [1].

    Parameters
    ----------
    tokens
        Training tokens [1].
    """
    return tokens


@quantity("USD", N_("Cleaning"), source="definition: tokens x price", path="money.cleaning")
def cleaning_cost(cleaned_tokens: Numeric, cleaning_price: Numeric) -> Numeric:
    """Cost of collecting and cleaning text [USD].

    Parameters
    ----------
    cleaned_tokens
        Tokens that are kept [1].
    cleaning_price
        Price of one [USD].
    """
    return cleaned_tokens * cleaning_price


@quantity(
    "USD",
    N_("Synthetic tokens"),
    source="definition: tokens x price of a service, or x cost of this model",
    path="money.synthetic",
)
def synthetic_cost(
    synthetic_tokens: Numeric, synthetic_by: Numeric, synthetic_price: Numeric, model_token_cost: Numeric
) -> Numeric:
    """Cost of training tokens that a model writes [USD].

    Parameters
    ----------
    synthetic_tokens
        How many [1].
    synthetic_by
        0 a service, 1 this model on this hardware [1].
    synthetic_price
        What a service takes for one [USD].
    model_token_cost
        What this model takes for one [USD].
    """
    price = where(synthetic_by > 0.5, model_token_cost, synthetic_price)
    return synthetic_tokens * price


@quantity("USD", N_("Data"), source="definition: licences, cleaning and synthetic tokens", path="money.data")
def data_cost_total(data_cost: Numeric, cleaning_cost: Numeric, synthetic_cost: Numeric) -> Numeric:
    """Cost of the training data [USD].

    Parameters
    ----------
    data_cost
        Licences and collection, as typed [USD].
    cleaning_cost, synthetic_cost
        Its other parts [USD].
    """
    return data_cost + cleaning_cost + synthetic_cost
