"""Multi-token prediction: modules that training adds behind the last layer; every function broadcasts.

Each has a projection of 2 h by h, one layer and the shared head. They stand on the last pipeline stage.
"""

from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_DEPTH = "arXiv:2412.19437, section 2.2"


@quantity(
    "1", N_("Weights of a prediction module in products"), source=_DEPTH, path="compute.prediction_products"
)
def prediction_products(
    predicted_tokens: Numeric,
    hidden: Numeric,
    layer_products: Numeric,
    layers: Numeric,
    head_products: Numeric,
) -> Numeric:
    """Weights that the further modules multiply a token with: projection, an average layer and the head [1].

    Parameters
    ----------
    predicted_tokens, hidden
        Further tokens that are predicted, and the width of the residual stream [1].
    layer_products, layers
        Layer weights that a token is multiplied with, and layers [1].
    head_products
        Weights of the output head in the products of a token [1].
    """
    return predicted_tokens * (2.0 * hidden * hidden + layer_products / layers + head_products)


@quantity("s", N_("Projections for further tokens"), source=_DEPTH, path="time.prediction_projection")
def prediction_projection(
    predicted_tokens: Numeric,
    local_tokens: Numeric,
    hidden: Numeric,
    tensor: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Time of both passes through the projections of 2 h by h of one micro-batch [s].

    Parameters
    ----------
    predicted_tokens, local_tokens, hidden, tensor
        Further tokens, tokens on one device, width, and devices that share each matrix [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    shape = (local_tokens, hidden / tensor, 2.0 * hidden)
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    return predicted_tokens * (forward_time(*shape, *law) + backward_time(*shape, *law) + 3.0 * kernel_time)


@quantity("s", N_("Head and further predictions"), source=_DEPTH, path="time.tail")
def tail_time(
    head_time: Numeric, predicted_tokens: Numeric, block_time: Numeric, prediction_projection: Numeric
) -> Numeric:
    """Time of one micro-batch behind the last layer, both passes: the head, and what predicts further [s].

    Parameters
    ----------
    head_time
        Time of the output head [s].
    predicted_tokens
        Further tokens that are predicted, with one layer and the head for each [1].
    block_time, prediction_projection
        Time of one layer, and of the projections [s].
    """
    return head_time + predicted_tokens * (block_time + head_time) + prediction_projection
