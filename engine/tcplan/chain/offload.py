"""What is kept in the memory of the host: loading it, and updating it there; every function broadcasts."""

from tcplan.chain.elementwise import gather, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_OFFLOAD = "arXiv:2101.06840, section 4"


@quantity("B/s", N_("Host link"), source="definition", path="hardware.host_rate", shown="GB/s")
def host_rate(host_bandwidth: Numeric, bus_share: Numeric) -> Numeric:
    """Bytes a second that pass between a device and the memory of its host [B/s].

    Parameters
    ----------
    host_bandwidth, bus_share
        Link to the host, one direction, and the share of it that is reached [B/s, 1].
    """
    return host_bandwidth * bus_share


@quantity("s", N_("Loading a layer from the host"), source=_OFFLOAD, path="time.loading")
def loading_time(
    offload: Numeric,
    frozen_bytes: Numeric,
    trainable_share: Numeric,
    half_bytes: Numeric,
    sharding: Numeric,
    device_layer_parameters: Numeric,
    shards: Numeric,
    held_experts: Numeric,
    stage_layers: Numeric,
    expert_shards: Numeric,
    host_rate: Numeric,
) -> Numeric:
    """Time to load a device's part of a layer in both passes, and to hand its gradients back [s].

    Parameters
    ----------
    offload
        0 nothing is kept by the host, 1 the optimizer, 2 parameters and optimizer, 3 activations.
    frozen_bytes, half_bytes
        Bytes of a weight that is loaded, and of a gradient [B].
    trainable_share
        Trained parameters for each parameter; the others have no gradients [1].
    sharding
        ZeRO stage; from 3 on a device loads its share, below that the whole layer.
    device_layer_parameters, shards
        Parameters of a layer on the device before sharding, and devices that share them [1].
    held_experts, stage_layers, expert_shards
        Routed experts on the device, layers of the stage, and devices that share each expert [1].
    host_rate
        Bytes a second between device and host [B/s].
    """
    experts = held_experts / stage_layers
    share = device_layer_parameters / shards + experts / expert_shards
    part = where(sharding >= 3.0, share, device_layer_parameters + experts)
    size = (2.0 * frozen_bytes + trainable_share * half_bytes) * part
    return gather((0.0, 0.0, 1.0, 0.0), offload) * size / host_rate


@quantity("s", N_("Optimizer in the host"), source=_OFFLOAD, path="time.host_optimizer")
def host_optimizer_time(
    optimizer_start: Numeric,
    trainable_share: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    host_update_rate: Numeric,
    half_bytes: Numeric,
    host_rate: Numeric,
) -> Numeric:
    """Time of an update by the host: gradients come, states pass through its memory, weights go [s].

    Parameters
    ----------
    optimizer_start
        Fixed time [s].
    trainable_share
        Trained parameters for each parameter [1].
    sharding
        ZeRO stage; from 1 on each device updates its part.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    host_update_rate
        Parameters that the host updates in a second for each device [1/s].
    half_bytes, host_rate
        Bytes of a gradient and of a weight, and bytes a second between device and host [B, B/s].
    """
    updated = trainable_share * where(sharding >= 1.0, sharded_parameters, held_parameters + held_experts)
    return optimizer_start + updated * (1.0 / host_update_rate + 2.0 * half_bytes / host_rate)
