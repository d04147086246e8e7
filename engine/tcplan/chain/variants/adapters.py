"""Adapters beside frozen weights (LoRA, QLoRA): what they add, and what frozen weights save."""

from tcplan.chain.elementwise import gather, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_LORA = "arXiv:2106.09685, section 4"
_QLORA = "arXiv:2305.14314, section 3"
_ALL_LINEAR = 2.0
_TABLES = 3.0


@quantity("1", N_("Adapted width of attention"), source=_LORA, path="model.attention_adapter_width")
def attention_adapter_width(
    adapter_targets: Numeric,
    hidden: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
) -> Numeric:
    """Sum of inputs and outputs of the adapted matrices around attention in one layer [1].

    Parameters
    ----------
    adapter_targets
        0 queries and values, 1 attention, 2 all linear layers, 3 those and the tables.
    hidden, query_width, key_width, value_width, output_width
        Widths of the projections [1].
    """
    some = 2.0 * hidden + query_width + value_width
    return some + where(adapter_targets >= 1.0, 2.0 * hidden + key_width + output_width, 0.0)


@quantity("1", N_("Adapted width of the feed-forward"), source=_LORA, path="model.feed_forward_adapter_width")
def feed_forward_adapter_width(
    adapter_targets: Numeric, hidden: Numeric, feed_forward_width: Numeric, gated: Numeric
) -> Numeric:
    """Sum of inputs and outputs of the feed-forward adapters that a token passes in an average layer [1].

    Parameters
    ----------
    adapter_targets
        0 queries and values, 1 attention, 2 all linear layers, 3 those and the tables.
    hidden, feed_forward_width, gated
        Widths, and 1 when gated [1].
    """
    matrices = 2.0 + gated
    return where(adapter_targets >= _ALL_LINEAR, matrices, 0.0) * (hidden + feed_forward_width)


@quantity("1", N_("Adapters of all experts"), source=_LORA, path="model.expert_adapter_width")
def expert_adapter_width() -> Numeric:
    """Sum of inputs and outputs of the adapters that a token does not pass, in an average layer [1]."""
    return 0.0


@quantity("1", N_("Trained tables"), source="definition", path="model.trained_tables")
def trained_tables(adapter_targets: Numeric, table_parameters: Numeric) -> Numeric:
    """Weights of embedding and head that are trained as a whole [1].

    Parameters
    ----------
    adapter_targets
        3 when the tables are trained too.
    table_parameters
        Weights of embedding, head and positions [1].
    """
    return where(adapter_targets >= _TABLES, 1.0, 0.0) * table_parameters


@quantity("1", N_("Trained parameters"), source=_LORA, path="model.trainable_parameters")
def trainable_parameters(
    layers: Numeric,
    adapter_rank: Numeric,
    attention_adapter_width: Numeric,
    feed_forward_adapter_width: Numeric,
    expert_adapter_width: Numeric,
    trained_tables: Numeric,
) -> Numeric:
    """Parameters of the adapters, r (inputs + outputs) a matrix, and of the tables that are trained [1].

    Parameters
    ----------
    layers, adapter_rank
        Transformer blocks, and width of an adapter [1].
    attention_adapter_width, feed_forward_adapter_width, expert_adapter_width
        Inputs and outputs of the adapted matrices of a layer [1].
    trained_tables
        Weights of tables that are trained as a whole [1].
    """
    width = attention_adapter_width + feed_forward_adapter_width + expert_adapter_width
    return layers * adapter_rank * width + trained_tables


@quantity("B", N_("A weight that is read"), source=_QLORA, path="memory.frozen_bytes")
def frozen_bytes(element_bytes: Numeric, frozen_bits: Numeric) -> Numeric:
    """Bytes in which a frozen weight lies in memory and is gathered, with the scales of its blocks [B].

    8 bit with a 32-bit scale for each 64 weights, 4 bit with scales that are themselves in 8 bit.

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    frozen_bits
        0 16 bit, 1 8 bit, 2 4 bit.
    """
    return element_bytes * gather((1.0, 0.53125, 0.258), frozen_bits)


@quantity("1", N_("Weight gradients"), source=_LORA, path="compute.weight_gradients")
def weight_gradients() -> Numeric:
    """Frozen weights need no gradient; that of the adapters is part of their own time [1]."""
    return 0.0


@quantity("1", N_("Weight gradients of the head"), source=_LORA, path="compute.head_gradients")
def head_gradients(adapter_targets: Numeric) -> Numeric:
    """1 where embedding and head are trained, else 0 [1].

    Parameters
    ----------
    adapter_targets
        3 when the tables are trained too.
    """
    return where(adapter_targets >= _TABLES, 1.0, 0.0)


@quantity(
    "s",
    N_("Adapters, forward"),
    source="arXiv:2106.09685, section 4; bytes for each input and output by calibration",
    path="time.adapter_forward",
)
def adapter_forward(
    adapter_bytes: Numeric,
    compiled: Numeric,
    compiled_traffic: Numeric,
    adapter_rank: Numeric,
    local_tokens: Numeric,
    attention_adapter_width: Numeric,
    feed_forward_adapter_width: Numeric,
    tensor: Numeric,
    memory_rate: Numeric,
    multiply_rate: Numeric,
) -> Numeric:
    """Device time of the adapters of one layer and micro-batch, forward [s].

    Parameters
    ----------
    adapter_bytes
        Bytes that are moved for each input and output of an adapted matrix [B].
    compiled, compiled_traffic
        1 where a compiler fuses kernels, and what is left of their bytes then [1].
    adapter_rank
        Width of an adapter [1].
    local_tokens, tensor
        Tokens on one device, and devices that share each matrix [1].
    attention_adapter_width, feed_forward_adapter_width
        Inputs and outputs of the adapted matrices that a token passes [1].
    memory_rate, multiply_rate
        Achieved memory bandwidth, and multiply-adds in a second [B/s, 1/s].
    """
    values = local_tokens * (attention_adapter_width + feed_forward_adapter_width) / tensor
    moved = adapter_bytes * where(compiled > 0.0, compiled_traffic, 1.0)
    return values * (moved / memory_rate + adapter_rank / multiply_rate)


@quantity("s", N_("Making weights wide again"), source=_QLORA, path="time.widening")
def widening_time(
    frozen_bits: Numeric,
    widening_bytes: Numeric,
    device_layer_parameters: Numeric,
    held_experts: Numeric,
    stage_layers: Numeric,
    memory_rate: Numeric,
) -> Numeric:
    """Time to turn the narrow weights of a layer into 16 bit, once in each pass [s].

    Parameters
    ----------
    frozen_bits
        0 16 bit, 1 8 bit, 2 4 bit.
    widening_bytes
        Bytes that the stack's kernel moves for each weight [B].
    device_layer_parameters, held_experts, stage_layers
        Parameters of a layer on the device, of routed experts on it, and layers of the stage [1].
    memory_rate
        Achieved memory bandwidth [B/s].
    """
    weights = device_layer_parameters + held_experts / stage_layers
    return where(frozen_bits > 0.0, widening_bytes, 0.0 * widening_bytes) * weights / memory_rate


@quantity(
    "1",
    N_("Launches for adapters"),
    source="two products, a dropout, a scaling and a sum beside each matrix; by calibration",
    path="time.adapter_launches",
)
def adapter_launches(
    adapter_kernels: Numeric,
    adapter_targets: Numeric,
    gated: Numeric,
    widening_kernels: Numeric,
    frozen_bits: Numeric,
) -> Numeric:
    """Kernels that adapters and narrow weights add, for each kernel of the layer, of which there are 22 [1].

    Parameters
    ----------
    adapter_kernels
        Kernels beside each adapted matrix [1].
    adapter_targets, gated
        Which matrices are adapted, and 1 when gated.
    widening_kernels, frozen_bits
        Kernels that make one matrix wide again, and 0 where all are wide [1].
    """
    all_of_them = 6.0 + gated
    adapted = gather((2.0, 4.0, 6.0, 6.0), adapter_targets)
    adapted = adapted + where(adapter_targets >= _ALL_LINEAR, gated, 0.0 * gated)
    widened = where(frozen_bits > 0.0, all_of_them, 0.0 * gated)
    return (adapter_kernels * adapted + widening_kernels * widened) / 22.0
