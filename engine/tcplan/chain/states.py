"""Weights, gradients and optimizer states that one device holds; every function broadcasts."""

from tcplan.chain.elementwise import gather, maximum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_ZERO = "arXiv:1910.02054, section 3.1 and 5"
_OFFLOAD = "arXiv:2101.06840, section 4"


@quantity("B", N_("Weight of one parameter"), source=_ZERO, path="memory.weight_bytes")
def weight_bytes(working_bytes: Numeric, element_bytes: Numeric) -> Numeric:
    """Bytes in which a trained weight stays on the device between steps [B].

    Parameters
    ----------
    working_bytes
        Bytes that the stack keeps: 2 beside a 32-bit copy, 4 where the 32-bit weight is the only one [B].
    element_bytes
        Bytes of a number in products; wide precisions keep no narrower copy [B].
    """
    return maximum(working_bytes, element_bytes)


@quantity("B", N_("Gradient of one parameter"), source=_ZERO, path="memory.gradient_bytes")
def gradient_bytes(summed_bytes: Numeric, half_bytes: Numeric, gradient_sum: Numeric) -> Numeric:
    """Bytes in which gradients are summed over micro-batches [B].

    Parameters
    ----------
    summed_bytes, half_bytes
        Bytes that the stack keeps of one gradient, and of a 16-bit number [B].
    gradient_sum
        0 as the stack does, 1 in 16 bit, 2 in 32 bit.
    """
    return where(gradient_sum >= 1.0, half_bytes * gradient_sum, summed_bytes)


@quantity("B", N_("32-bit copy of one parameter"), source=_ZERO, path="memory.copy_bytes")
def copy_bytes(master_bytes: Numeric, weight_bytes: Numeric, half_bytes: Numeric) -> Numeric:
    """Bytes of the wide copy of a weight that the optimizer keeps, none where the weight is wide [B].

    Parameters
    ----------
    master_bytes
        Bytes of the copy that the stack keeps beside a narrow weight [B].
    weight_bytes, half_bytes
        Bytes of a weight, and of a 16-bit number [B].
    """
    return where(weight_bytes > half_bytes, 0.0, 1.0) * master_bytes


@quantity(
    "B",
    N_("Moments of one parameter"),
    source="arXiv:1412.6980; arXiv:2110.02861; arXiv:1804.04235, section 3; arXiv:2502.16982, section 2",
    path="memory.moments_bytes",
)
def moments_bytes(moment_bytes: Numeric, half_bytes: Numeric, optimizer: Numeric) -> Numeric:
    """Bytes of what the optimizer remembers of the gradients of one parameter [B].

    Adam keeps two moments, its 8-bit form two bytes. Adafactor keeps one number for each row and column, next
    to nothing. Muon and SGD keep one momentum.

    Parameters
    ----------
    moment_bytes, half_bytes
        Bytes in which the stack keeps one moment, and of two moments in 8 bit [B].
    optimizer
        0 Adam, 1 8-bit Adam, 2 Adafactor, 3 Muon, 4 SGD.
    """
    narrow = gather((0.0, 1.0, 0.0, 0.0, 0.0), optimizer) * half_bytes
    return gather((2.0, 0.0, 0.0, 1.0, 1.0), optimizer) * moment_bytes + narrow


@quantity("B", N_("Optimizer state of one parameter"), source=_ZERO, path="memory.optimizer_bytes")
def optimizer_bytes(copy_bytes: Numeric, moments_bytes: Numeric) -> Numeric:
    """Bytes of the 32-bit weight and the moments of one parameter: 12 of Adam [B].

    Parameters
    ----------
    copy_bytes, moments_bytes
        Bytes of the wide copy, and of the moments [B].
    """
    return copy_bytes + moments_bytes


@quantity(
    "1", N_("Copies of a stage"), source="arXiv:2412.19437, table 2: DualPipe", path="layout.stage_copies"
)
def stage_copies(schedule: Numeric, pipeline: Numeric) -> Numeric:
    """Stages whose weights a device holds: two where both ends of the pipeline are fed [1].

    Parameters
    ----------
    schedule, pipeline
        0 1F1B, 1 zero bubble, 2 DualPipe; and stages [1].
    """
    return where(schedule >= 2.0, 1.0, 0.0) * where(pipeline > 1.0, 1.0, 0.0) + 1.0


@quantity("B", N_("Weights"), source=_ZERO, path="memory.weights", shown="GiB")
def memory_weights(
    weight_bytes: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    stage_copies: Numeric,
    offload: Numeric,
) -> Numeric:
    """Weights on one device; shared out from ZeRO stage 3 [B].

    Parameters
    ----------
    weight_bytes
        Bytes of a weight [B].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    stage_copies
        Stages whose weights a device holds [1].
    offload
        0 nothing is kept by the host, 1 the optimizer, 2 parameters and optimizer, 3 activations.
    """
    held = where(sharding >= 3.0, sharded_parameters, held_parameters + held_experts)
    return gather((1.0, 1.0, 0.0, 1.0), offload) * weight_bytes * stage_copies * held


@quantity("B", N_("Gradients"), source=_ZERO, path="memory.gradients", shown="GiB")
def memory_gradients(
    gradient_bytes: Numeric,
    trainable_share: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    stage_copies: Numeric,
    offload: Numeric,
    early_update: Numeric,
) -> Numeric:
    """Gradients on one device; shared out from ZeRO stage 2 [B].

    Parameters
    ----------
    gradient_bytes
        Bytes of a gradient [B].
    trainable_share
        Trained parameters for each parameter; the others have no gradients [1].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    stage_copies
        Stages whose weights a device holds [1].
    offload
        2 where the host keeps parameters, and takes their gradients.
    early_update
        1 where each gradient is used and released as soon as it is there, else 0.
    """
    held = where(sharding >= 2.0, sharded_parameters, held_parameters + held_experts)
    kept = gather((1.0, 1.0, 0.0, 1.0), offload) * where(early_update >= 1.0, 0.0, 1.0)
    return kept * gradient_bytes * trainable_share * stage_copies * held


@quantity("B", N_("Optimizer"), source=f"{_ZERO}; {_OFFLOAD}", path="memory.optimizer", shown="GiB")
def memory_optimizer(
    optimizer_bytes: Numeric,
    trainable_share: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    offload: Numeric,
) -> Numeric:
    """Optimizer states on one device; shared out from ZeRO stage 1 [B].

    Parameters
    ----------
    optimizer_bytes
        Bytes of the states of one parameter [B].
    trainable_share
        Trained parameters for each parameter; the others have no states [1].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    offload
        1 or 2 where the host keeps the optimizer.
    """
    held = where(sharding >= 1.0, sharded_parameters, held_parameters + held_experts)
    return gather((1.0, 0.0, 0.0, 1.0), offload) * optimizer_bytes * trainable_share * held


@quantity(
    "B",
    N_("Work space of the update"),
    source="measured by stack: gradients and steps of the optimizer in 32 bit",
    path="memory.update",
    shown="GiB",
)
def update_memory(
    update_bytes: Numeric,
    trainable_share: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    offload: Numeric,
) -> Numeric:
    """Memory that the update needs once activations are free [B].

    Parameters
    ----------
    update_bytes
        Bytes for each parameter that is updated [B].
    trainable_share
        Trained parameters for each parameter [1].
    sharding
        ZeRO stage; from 1 on each device updates its part.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    offload
        1 or 2 where the host updates.
    """
    held = where(sharding >= 1.0, sharded_parameters, held_parameters + held_experts)
    return gather((1.0, 0.0, 0.0, 1.0), offload) * update_bytes * trainable_share * held
