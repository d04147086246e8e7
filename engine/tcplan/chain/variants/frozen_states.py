"""States of a model whose weights are frozen: narrow weights of the layers, and adapters with their own."""

from tcplan.chain.elementwise import gather, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_LORA = "arXiv:2106.09685, section 4"
_QLORA = "arXiv:2305.14314, section 3"


@quantity("B", N_("Gradient of one parameter"), source=_LORA, path="memory.gradient_bytes")
def gradient_bytes(element_bytes: Numeric, frozen_bits: Numeric, summed_bytes: Numeric) -> Numeric:
    """Bytes of an adapter's gradient: as computed, or as the stack sums them beside narrow weights [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    frozen_bits
        0 16 bit, 1 8 bit, 2 4 bit.
    summed_bytes
        Bytes that the stack keeps of one gradient in mixed precision [B].
    """
    return where(frozen_bits > 0.0, summed_bytes, element_bytes)


@quantity("B", N_("Optimizer state of one parameter"), source=_LORA, path="memory.optimizer_bytes")
def optimizer_bytes(moments_bytes: Numeric, frozen_bits: Numeric, copy_bytes: Numeric) -> Numeric:
    """Bytes of the moments of one parameter, beside narrow weights with the stack's wide copy [B].

    Parameters
    ----------
    moments_bytes
        Bytes of the moments [B].
    frozen_bits
        0 16 bit, 1 8 bit, 2 4 bit, where the rest is trained in mixed precision.
    copy_bytes
        Bytes of the wide copy that the stack keeps [B].
    """
    return moments_bytes + where(frozen_bits > 0.0, 1.0, 0.0) * copy_bytes


@quantity(
    "1", N_("Narrow parameters held"), source=f"{_QLORA}: linear layers alone", path="memory.narrow_held"
)
def narrow_parameters(
    stage_layers: Numeric,
    device_layer_parameters: Numeric,
    held_experts: Numeric,
    shards: Numeric,
    expert_shards: Numeric,
    sharding: Numeric,
) -> Numeric:
    """Parameters of the layers on one device, which lie in the width of frozen weights [1].

    Parameters
    ----------
    stage_layers, device_layer_parameters, held_experts
        Layers of the stage, what the device holds of one, and its routed experts [1].
    shards, expert_shards, sharding
        Devices that hold the same ones and the same experts, which share them out from ZeRO stage 3 [1].
    """
    layers = stage_layers * device_layer_parameters
    apart = layers / shards + held_experts / expert_shards
    return where(sharding >= 3.0, apart, layers + held_experts)


@quantity("B", N_("Weights"), source=_QLORA, path="memory.weights", shown="GiB")
def memory_weights(
    narrow_parameters: Numeric,
    frozen_bytes: Numeric,
    element_bytes: Numeric,
    trainable_share: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    offload: Numeric,
) -> Numeric:
    """Weights on one device: narrow layers, tables in 16 bit, and the adapters [B].

    Parameters
    ----------
    narrow_parameters, frozen_bytes
        Parameters of the layers on the device, and bytes of one [1, B].
    element_bytes
        Bytes of a 16-bit number, in which tables and adapters lie [B].
    trainable_share
        Parameters of adapters for each parameter [1].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    offload
        2 where the host keeps the weights.
    """
    held = where(sharding >= 3.0, sharded_parameters, held_parameters + held_experts)
    wide = held - narrow_parameters + trainable_share * held
    return gather((1.0, 1.0, 0.0, 1.0), offload) * (frozen_bytes * narrow_parameters + element_bytes * wide)


@quantity("1", N_("Activations kept by the stack"), source="measured by stack", path="memory.kept_share")
def kept_share(
    activation_factor: Numeric,
    compiled: Numeric,
    compiled_activation: Numeric,
    frozen_bits: Numeric,
    narrow_activation: Numeric,
) -> Numeric:
    """Bytes that a stack keeps for each byte that fused kernels need, beside narrow weights too [1].

    Parameters
    ----------
    activation_factor, compiled, compiled_activation
        What it keeps kernel by kernel, 1 where a compiler fuses them, and what is left then [1].
    frozen_bits, narrow_activation
        0 where weights lie in 16 bit, and activations beside narrower weights over others [1].
    """
    beside = where(frozen_bits > 0.0, narrow_activation, 1.0)
    return beside * activation_factor * where(compiled >= 1.0, compiled_activation, 1.0)
