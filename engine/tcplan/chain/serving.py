"""What the model costs when it writes and reads for users: an option beside its training."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "USD",
    N_("Token of this model"),
    source="arXiv:2001.08361, section 2.1: 2 FLOP for each active parameter, at the rate of this hardware",
    path="money.model_token",
    shown="$/Mtok",
)
def model_token_cost(
    multiply_add: Numeric,
    active_parameters: Numeric,
    peak: Numeric,
    serving_use: Numeric,
    device_rate: Numeric,
) -> Numeric:
    """Cost of one token that this model reads or writes on this hardware [USD].

    Parameters
    ----------
    multiply_add
        FLOP of one multiply-add [FLOP].
    active_parameters
        Parameters that a token meets [1].
    peak
        Peak rate of a device [FLOP/s].
    serving_use
        Share of it that serving reaches [1].
    device_rate
        Cost of a device [USD/s].
    """
    return multiply_add * active_parameters / (peak * serving_use) * device_rate


@quantity(
    "USD",
    N_("Price of serving"),
    source="definition: what this hardware takes for a token",
    path="programme.serving_price",
    shown="$/Mtok",
)
def serving_price(model_token_cost: Numeric) -> Numeric:
    """Price of one served token [USD].

    Parameters
    ----------
    model_token_cost
        Cost of a token on this hardware [USD].
    """
    return model_token_cost


@quantity("USD", N_("Serving"), source="definition: tokens x price", path="money.serving")
def serving_cost(served_tokens: Numeric, serving_price: Numeric, run_cost: Numeric) -> Numeric:
    """Cost of serving the model over its life [USD].

    Parameters
    ----------
    served_tokens
        Tokens read and written for users [1].
    serving_price
        Price of one [USD].
    run_cost
        Cost of the final run: a run without hours has no rate, and serving nothing costs nothing [USD].
    """
    return where(served_tokens > 0.0, served_tokens * serving_price, 0.0 * run_cost)
