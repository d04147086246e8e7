"""Predicted loss by two published fits of the same law: L = E + A / N^alpha + B / D^beta."""

from tcplan.chain.elementwise import gather
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_SOURCE = "arXiv:2404.10102 (Besiroglu) or arXiv:2203.15556, approach 3 (Hoffmann)"

# In the order of the choices of `scaling_law`: Besiroglu 2024, Hoffmann 2022.
FLOOR = (1.8172, 1.69)
MODEL_SCALE = (482.01, 406.4)
MODEL_POWER = (0.3478, 0.34)
DATA_SCALE = (2085.43, 410.7)
DATA_POWER = (0.3658, 0.28)


@quantity("1", N_("Loss that remains"), source=_SOURCE, path="loss.floor", symbol="E", shown="nat/token")
def loss_floor(scaling_law: Numeric) -> Numeric:
    """Loss of an endless model on endless data [nat/token].

    Parameters
    ----------
    scaling_law
        Which fit: 0 Besiroglu 2024, 1 Hoffmann 2022.
    """
    return gather(FLOOR, scaling_law)


@quantity("1", N_("Loss from model size"), source=_SOURCE, path="loss.model", shown="nat/token")
def model_loss(active_parameters: Numeric, scaling_law: Numeric) -> Numeric:
    """Loss that a larger model would remove [nat/token].

    The law was fitted on dense models: a sparse one counts with its active parameters, which is cautious.

    Parameters
    ----------
    active_parameters
        Parameters that each token meets, N [1].
    scaling_law
        Which fit: 0 Besiroglu 2024, 1 Hoffmann 2022.
    """
    return gather(MODEL_SCALE, scaling_law) / active_parameters ** gather(MODEL_POWER, scaling_law)


@quantity("1", N_("Loss from data"), source=_SOURCE, path="loss.data", shown="nat/token")
def data_loss(run_tokens: Numeric, scaling_law: Numeric) -> Numeric:
    """Loss that more data would remove [nat/token].

    Parameters
    ----------
    run_tokens
        Training tokens, D [1].
    scaling_law
        Which fit: 0 Besiroglu 2024, 1 Hoffmann 2022.
    """
    return gather(DATA_SCALE, scaling_law) / run_tokens ** gather(DATA_POWER, scaling_law)


@quantity("1", N_("Predicted loss"), source=_SOURCE, path="loss.predicted", symbol="L", shown="nat/token")
def predicted_loss(loss_floor: Numeric, model_loss: Numeric, data_loss: Numeric) -> Numeric:
    """Loss on held-out text after the run [nat/token].

    Parameters
    ----------
    loss_floor, model_loss, data_loss
        Its three parts [nat/token].
    """
    return loss_floor + model_loss + data_loss
