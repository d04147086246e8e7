"""What people keep to when they cut a model: the rules that the choice of a layout and a search of all share.

Each takes values by name, numbers or arrays that broadcast, and returns where it holds.
"""

from collections.abc import Mapping

import numpy as np

from tcplan.chain.elementwise import ceil
from tcplan.chain.quantity import Numeric

Values = Mapping[str, Numeric]
PIECE = 4_096.0
"""Tokens that published recipes leave each device at least when they cut a sequence (NeMo: 8,192 by 2)."""
_SPARE = 3.0
"""Layers that stages may lack together where their number is no multiple of four.

Embedding, output head and a prediction layer take their places: 126 layers over 16 stages (arXiv:2407.21783,
section 3.3.2), 61 over 16 (arXiv:2412.19437, section 3.2).
"""


def heads_divide(values: Values) -> Numeric:
    """Return where tensor parallelism divides the heads, of which a network may have none."""
    heads = values.get("heads", 0.0)
    return np.equal(heads % values["tensor"], 0.0) if heads > 0.0 else np.equal(values["tensor"], 1.0)


def kv_heads_divide(values: Values) -> Numeric:
    """Return where tensor parallelism divides the key-value heads, or they divide it."""
    kv_heads, tensor = values.get("kv_heads", 0.0), values["tensor"]
    if not kv_heads > 0.0:
        return True
    return np.equal(kv_heads % tensor, 0.0) | np.equal(tensor % kv_heads, 0.0)


def sequence_divides(values: Values) -> Numeric:
    """Return where a sequence divides into an early and a late piece for each device.

    Under the causal mask some would wait otherwise.
    """
    context = values["context"]
    return np.equal(context, 1.0) | np.equal(values["sequence"] % (2.0 * context), 0.0)


def pieces_are_long(values: Values) -> Numeric:
    """Return where devices that share a sequence hold 4,096 tokens of it at least."""
    context = values["context"]
    return np.equal(context, 1.0) | (values["sequence"] >= PIECE * context)


def experts_divide(values: Values) -> Numeric:
    """Return where expert parallelism divides the experts."""
    expert = values["expert"]
    experts = values.get("experts", 0.0)
    return np.equal(expert, 1.0) | ((expert <= experts) & np.equal(experts % expert, 0.0))


def layers_divide(values: Values) -> Numeric:
    """Return where the layers divide over stages and virtual stages, or nearly."""
    layers, pieces = values.get("layers", 1.0), values["pipeline"] * values["interleave"]
    spare = pieces * ceil(layers / pieces) - layers
    return (pieces <= layers) & (spare <= (_SPARE if layers % 4.0 else 0.0))


def weights_stay(values: Values) -> Numeric:
    """Return where sharded weights need not travel for every micro-batch of a pipeline."""
    return np.less(values["sharding"], 3.0) | np.equal(values["pipeline"], 1.0)


def tensor_stays_near(values: Values) -> Numeric:
    """Return where tensor parallelism stays among devices with fast links, and fills them without a rest."""
    return (values["tensor"] <= values["scale_up_domain"]) & tiles_domain(values["tensor"], values)


def tiles_domain(count: Numeric, values: Values) -> Numeric:
    """Return where groups of so many devices fill whole domains of fast links, or several fill one.

    Of a rack of 72 people use 64, so a power of two need not divide the domain.
    """
    domain = values["scale_up_domain"]
    whole = np.equal(domain % count, 0.0) | np.equal(count % domain, 0.0)
    return whole | np.equal(np.log2(count) % 1.0, 0.0)
