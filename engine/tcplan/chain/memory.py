"""What one device holds, on the fullest pipeline stage; every function broadcasts."""

from tcplan.chain.elementwise import ceil, gather, maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_ZERO = "arXiv:1910.02054, section 3.1 and 5"
_MEGATRON = "arXiv:1909.08053, section 3"


@quantity("B", N_("A 16-bit number"), source="definition", path="memory.half")
def half_bytes() -> Numeric:
    """Bytes of a 16-bit number [B]."""
    return 2.0


@quantity("B", N_("One activation"), source="definition", path="memory.element")
def element_bytes(half_bytes: Numeric, precision: Numeric) -> Numeric:
    """Bytes of an activation and of a weight: narrow recipes keep both in 16 bit, wide ones in 32 [B].

    Parameters
    ----------
    half_bytes
        Bytes of a 16-bit number [B].
    precision
        0 bf16, 1 fp16, 2 fp8, 3 mxfp8, 4 nvfp4, 5 tf32, 6 fp32.
    """
    return half_bytes * gather((1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0), precision)


@quantity(
    "B",
    N_("Framework"),
    source="measured by stack: context, communication and work space",
    path="memory.framework",
    shown="GiB",
)
def framework_memory(base_memory: Numeric) -> Numeric:
    """Memory that driver, communication library and framework take before training [B].

    Parameters
    ----------
    base_memory
        What the stack was measured to take [B].
    """
    return base_memory


@quantity("1", N_("Parameters of a layer"), source="definition", path="memory.layer_parameters")
def layer_parameters(
    layers: Numeric,
    attention_weights: Numeric,
    attention_vectors: Numeric,
    norm_width: Numeric,
    feed_forward_parameters: Numeric,
    companion_parameters: Numeric,
) -> Numeric:
    """Parameters of an average layer, routed experts apart [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    attention_weights, attention_vectors, norm_width
        Parameters of one layer's attention and of one norm [1].
    feed_forward_parameters, companion_parameters
        Feed-forward parameters of all layers, and parameters beside the layers [1].
    """
    attention = attention_weights + attention_vectors + 2.0 * norm_width
    return attention + (feed_forward_parameters + companion_parameters) / layers


@quantity(
    "1", N_("Parameters of a layer on one device"), source=_MEGATRON, path="memory.device_layer_parameters"
)
def device_layer_parameters(layer_parameters: Numeric, tensor: Numeric) -> Numeric:
    """Parameters of an average layer that one device holds before sharding, routed experts apart [1].

    Parameters
    ----------
    layer_parameters, tensor
        Parameters of a layer, and devices that share each matrix [1].
    """
    return layer_parameters / tensor


@quantity(
    "1", N_("Routed experts held"), source="definition: none in a dense model", path="memory.held_experts"
)
def held_experts() -> Numeric:
    """Parameters of routed experts that one device holds before sharding [1]."""
    return 0.0


@quantity("1", N_("Devices with the same experts"), source="definition", path="memory.expert_shards")
def expert_shards() -> Numeric:
    """Devices that share the states of a routed expert [1]; no expert, no sharing."""
    return 1.0


@quantity(
    "1",
    N_("Padding of the vocabulary"),
    source="arXiv:1909.08053, section 3: a multiple of 128 for each device",
    path="memory.padded_share",
)
def padded_share(vocabulary: Numeric, vocabulary_multiple: Numeric, tensor: Numeric) -> Numeric:
    """Rows of a table with its padding, for each entry of the vocabulary [1].

    Parameters
    ----------
    vocabulary
        Entries of the vocabulary [1].
    vocabulary_multiple
        What the rows on each device are a multiple of [1].
    tensor
        Devices that share a table [1].
    """
    rows = vocabulary_multiple * tensor
    return ceil(maximum(vocabulary, 1.0) / rows) * rows / maximum(vocabulary, 1.0)


@quantity("1", N_("Embedding and head held"), source="arXiv:2104.04473, section 3", path="memory.held_tables")
def held_tables(
    embedding_parameters: Numeric,
    padded_share: Numeric,
    tied_embeddings: Numeric,
    learned_positions: Numeric,
    hidden: Numeric,
    pipeline: Numeric,
    predicted_tokens: Numeric,
) -> Numeric:
    """Table weights on the first or last stage: one table on each, both on a single stage [1].

    Predicting further tokens needs the embedding beside the head.

    Parameters
    ----------
    embedding_parameters, padded_share, tied_embeddings
        Weights of a table, their padding, and 1 when head and embedding are the same one.
    learned_positions, hidden
        Length and width of the table of positions [1].
    pipeline, predicted_tokens
        Stages, and further tokens that are predicted [1].
    """
    both = where(pipeline <= 1.0, 1.0, where(predicted_tokens > 0.0, 1.0, 0.0))
    second = both * (1.0 - tied_embeddings)
    return (1.0 + second) * padded_share * embedding_parameters + learned_positions * hidden


@quantity("1", N_("Parameters held"), source="arXiv:2104.04473, section 3", path="memory.held_parameters")
def held_parameters(
    stage_layers: Numeric, device_layer_parameters: Numeric, held_tables: Numeric, tensor: Numeric
) -> Numeric:
    """Parameters of one device before sharding, routed experts apart [1].

    Parameters
    ----------
    stage_layers, device_layer_parameters
        Layers of the fullest stage, and what the device holds of one [1].
    held_tables
        Embedding and head weights of the stage [1].
    tensor
        Devices that share each matrix [1].
    """
    return stage_layers * device_layer_parameters + held_tables / tensor


@quantity("1", N_("Parameters held, shared out"), source=_ZERO, path="memory.sharded_parameters")
def sharded_parameters(
    held_parameters: Numeric, shards: Numeric, held_experts: Numeric, expert_shards: Numeric
) -> Numeric:
    """Parameters of one device if the devices that hold the same ones share them out [1].

    Parameters
    ----------
    held_parameters, shards
        Parameters before sharding, and devices that hold the same ones [1].
    held_experts, expert_shards
        The same of routed experts [1].
    """
    return held_parameters / shards + held_experts / expert_shards


@quantity(
    "B",
    N_("Gathered weights"),
    source="arXiv:2304.11277, section 3.2; arXiv:1910.02054, section 5.3",
    path="memory.gathered",
    shown="GiB",
)
def gathered_memory(
    frozen_bytes: Numeric,
    gradient_bytes: Numeric,
    weight_gradients: Numeric,
    device_layer_parameters: Numeric,
    held_experts: Numeric,
    stage_layers: Numeric,
    live_parameters: Numeric,
    element_bytes: Numeric,
    held_tables: Numeric,
    gathered_tables: Numeric,
    tensor: Numeric,
    sharding: Numeric,
) -> Numeric:
    """With ZeRO-3, the weights of a layer and the next one, a layer's gradients, and the tables [B].

    Embedding and head form a unit, which stays gathered from the first pass to the last, or two.

    Parameters
    ----------
    frozen_bytes, gradient_bytes
        Bytes of a weight that is gathered, and of a gradient [B].
    weight_gradients
        1 where gradients of the layers' weights are computed, else 0.
    device_layer_parameters, held_experts, stage_layers
        Parameters of a layer on the device, its routed experts, and layers of the stage [1].
    live_parameters
        Parameters that the stack leaves gathered at most, where these are more than two layers [1].
    element_bytes, held_tables, gathered_tables, tensor
        Bytes of a 16-bit number, table weights of the stage, the share of them that the stack leaves
        gathered, and devices that share each matrix [B, 1, 1, 1].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    """
    layer = device_layer_parameters + held_experts / stage_layers
    live = maximum(minimum(live_parameters, stage_layers * layer), 2.0 * layer)
    whole = frozen_bytes * live + weight_gradients * gradient_bytes * layer
    whole = whole + element_bytes * gathered_tables * held_tables / tensor
    return where(sharding >= 3.0, 1.0, 0.0) * whole


@quantity(
    "B",
    N_("Buffers"),
    source="one 16-bit weight gradient of a layer; arXiv:2304.11277",
    path="memory.buffers",
    shown="GiB",
)
def memory_buffers(
    framework_memory: Numeric,
    element_bytes: Numeric,
    device_layer_parameters: Numeric,
    weight_gradients: Numeric,
    gathered_memory: Numeric,
) -> Numeric:
    """Framework, one layer's weight gradients, and with ZeRO-3 the gathered layers [B].

    Parameters
    ----------
    framework_memory
        Memory that the framework takes [B].
    element_bytes, device_layer_parameters
        Bytes of a weight gradient, and parameters of a layer on the device [B, 1].
    weight_gradients
        1 where gradients of the layers' weights are computed, else 0.
    gathered_memory
        Gathered weights with their gradients [B].
    """
    return framework_memory + weight_gradients * element_bytes * device_layer_parameters + gathered_memory


@quantity("B", N_("Peak memory"), source="definition: sum of the parts", path="memory.peak", shown="GiB")
def memory_peak(
    memory_weights: Numeric,
    memory_gradients: Numeric,
    memory_optimizer: Numeric,
    memory_activations: Numeric,
    memory_buffers: Numeric,
    beside_memory: Numeric,
) -> Numeric:
    """Memory that one device needs at most [B].

    Parameters
    ----------
    memory_weights, memory_gradients, memory_optimizer, memory_activations, memory_buffers,
    beside_memory
        Its parts [B].
    """
    states = memory_weights + memory_gradients + memory_optimizer
    return states + memory_buffers + memory_activations + beside_memory


@quantity(
    "B",
    N_("Memory of the last stage"),
    source="definition: sum of the parts",
    path="memory.last_stage",
    shown="GiB",
)
def last_stage_memory(
    memory_peak: Numeric, memory_activations: Numeric, last_activations: Numeric
) -> Numeric:
    """Memory that a device of the last stage needs, where it holds as many weights as the others [B].

    Parameters
    ----------
    memory_peak, memory_activations, last_activations
        Memory of the fullest device, its activations, and those of the last stage [B].
    """
    return memory_peak - memory_activations + last_activations


@quantity("B", N_("Free memory"), source="definition", path="memory.free", shown="GiB")
def memory_free(memory: Numeric, memory_peak: Numeric) -> Numeric:
    """Memory that stays free, negative where the plan does not fit [B].

    Parameters
    ----------
    memory, memory_peak
        Memory of a device, and what it needs at most [B].
    """
    return memory - memory_peak
