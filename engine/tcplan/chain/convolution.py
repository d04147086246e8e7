"""Convolutions and matrix products of networks in stages, and what a list of them comes to."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import NamedTuple

import numpy as np

from tcplan.chain.elementwise import maximum, minimum
from tcplan.chain.quantity import Numeric

_SPLIT = 2048.0


class Product(NamedTuple):
    """`count` equal convolutions of an image: positions x depth by depth x columns, with `vectors` beside.

    `depth` is the input channels times the `taps` of the kernel, which read each input again on the chip.
    A `count` of 0 stands for a product that this network does not have.
    """

    count: Numeric
    positions: Numeric
    columns: Numeric
    depth: Numeric
    taps: float = 1.0
    vectors: Numeric = 0.0


def convolution(
    count: Numeric, side: Numeric, before: Numeric, after: Numeric, across: float, vectors: Numeric
) -> Product:
    """Return square convolutions from `before` to `after` channels with `vectors` for each of these."""
    taps = across * across
    return Product(count, side * side, after, before * taps, taps, vectors * after)


def listed(build: Callable[..., Iterable[Product]]) -> Callable[..., tuple[Product, ...]]:
    """Return a function that lists the products which a network has; of plain sizes it does so once."""

    def products(*sizes: Numeric) -> tuple[Product, ...]:
        found = build(*sizes)
        return tuple(one for one in found if isinstance(one.count, np.ndarray) or one.count != 0.0)

    remembered = lru_cache(maxsize=32)(products)

    @wraps(build)
    def either(*sizes: Numeric) -> tuple[Product, ...]:
        return products(*sizes) if any(isinstance(one, np.ndarray) for one in sizes) else remembered(*sizes)

    return either


def widths(base: Numeric, largest: Numeric) -> tuple[Numeric, ...]:
    """Return the channels of four stages: doubled from each to the next, up to the largest."""
    return tuple(minimum(base * 2.0**stage, largest) for stage in range(4))


def parameters(products: Iterable[Product]) -> Numeric:
    """Return the parameters of a list of products."""
    return sum(one.count * (one.columns * one.depth + one.vectors) for one in products)


def multiply_adds(products: Iterable[Product]) -> Numeric:
    """Return the multiply-adds of one image."""
    return sum(one.count * one.positions * one.columns * one.depth for one in products)


def outputs(products: Iterable[Product]) -> Numeric:
    """Return the values that the products of one image give."""
    return sum(one.count * one.positions * one.columns for one in products)


def forward(
    products: Iterable[Product],
    images: Numeric,
    rate: Numeric,
    half_depth: Numeric,
    half_area: Numeric,
    element_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Return the forward time of a list of products as implicit matrix products [s]."""
    law = (rate, half_depth, half_area, element_time)
    total: Numeric = 0.0
    for one in products:
        area = images * one.positions * one.columns
        total = total + one.count * (_time(area, one.depth, _traffic(one, images), *law) + kernel_time)
    return total


def backward(
    products: Iterable[Product],
    images: Numeric,
    rate: Numeric,
    half_depth: Numeric,
    half_area: Numeric,
    element_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Return the backward time: of each product those of the inputs and of the weights [s]."""
    law = (rate, half_depth, half_area, element_time)
    total: Numeric = 0.0
    for one in products:
        rows = images * one.positions
        inner = one.depth / one.taps
        traffic = _traffic(one, images)
        inputs = _time(rows * inner, one.columns * one.taps, traffic, *law)
        # Few weights, many positions: kernels split the sum over positions to fill the device.
        split = maximum(rows / _SPLIT, 1.0)
        weights = _time(
            one.columns * one.depth, rows, traffic, rate, half_depth, half_area / split, element_time
        )
        total = total + one.count * (inputs + weights + 2.0 * kernel_time)
    return total


def _traffic(one: Product, images: Numeric) -> Numeric:
    rows = images * one.positions
    return rows * (one.depth / one.taps + one.columns) + one.depth * one.columns


def _time(
    area: Numeric,
    depth: Numeric,
    traffic: Numeric,
    rate: Numeric,
    half_depth: Numeric,
    half_area: Numeric,
    element_time: Numeric,
) -> Numeric:
    return maximum((area + half_area) * ((depth + half_depth) / rate), traffic * element_time)
