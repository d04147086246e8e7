"""How long a matrix product takes: the one law behind every linear layer, forward and backward."""

from tcplan.chain.elementwise import maximum
from tcplan.chain.quantity import Numeric


def forward_time(
    rows: Numeric,
    columns: Numeric,
    depth: Numeric,
    multiply_rate: Numeric,
    half_depth: Numeric,
    half_area: Numeric,
    element_time: Numeric,
    batch: Numeric = 1.0,
) -> Numeric:
    """Time of `batch` products (rows x depth) by (depth x columns), without the launch [s].

    2 m n k / (peak x efficiency) x (1 + k0/k) x (1 + w0 SM / tiles) equals (k + k0)(m n + half area) over the
    rate of multiply-adds; the product also waits for its operands and its result to pass through memory.
    Broadcasts.

    Parameters
    ----------
    rows, columns, depth
        m, n and k [1].
    multiply_rate
        Multiply-adds in a second that long products reach [1/s].
    half_depth, half_area
        Depth and output elements that would halve the rate [1].
    element_time
        Time to read or write one element [s].
    batch
        Products in one launch [1].
    """
    area = rows * (batch * columns)
    traffic = (rows + columns) * (batch * depth) + area
    return maximum((area + half_area) * ((depth + half_depth) / multiply_rate), traffic * element_time)


def backward_time(
    rows: Numeric,
    columns: Numeric,
    depth: Numeric,
    multiply_rate: Numeric,
    half_depth: Numeric,
    half_area: Numeric,
    element_time: Numeric,
    batch: Numeric = 1.0,
    weights: Numeric = 1.0,
) -> Numeric:
    """Time of the two transposed products of the backward pass, each with its own shape [s].

    Parameters as in `forward_time`, of the forward product; `weights` is 0 where the weights are
    frozen and need no gradient. Broadcasts.
    """
    inner = rows * (batch * depth)
    outer = columns * (batch * depth)
    traffic = (inner + outer + rows * (batch * columns)) * element_time
    inputs = maximum((inner + half_area) * ((columns + half_depth) / multiply_rate), traffic)
    outward = maximum((outer + half_area) * ((rows + half_depth) / multiply_rate), traffic)
    return inputs + weights * outward
