"""Time that devices spend on each other's data; every function broadcasts."""

from tcplan.chain.collective import bus, half_ring, latency
from tcplan.chain.elementwise import gather, maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_MEGATRON = "arXiv:1909.08053, section 3"
_ZERO = "arXiv:1910.02054, section 7"
_RING = "arXiv:2310.01889, section 3"


@quantity(
    "B/s",
    N_("Achieved fast-link bandwidth"),
    source="definition",
    path="hardware.scale_up_rate",
    shown="GB/s",
)
def scale_up_rate(
    scale_up_bandwidth: Numeric, scale_up_share: Numeric, scale_up_domain: Numeric, bus_share: Numeric
) -> Numeric:
    """Bytes a second of collectives inside a node: on fast links, or on PCIe where there are none [B/s].

    Parameters
    ----------
    scale_up_bandwidth
        All fast links of a device, one direction [B/s].
    scale_up_share
        Share of it that collectives reach [1].
    scale_up_domain, bus_share
        Devices with fast links, one where there are none; and the share of PCIe that is reached [1].
    """
    return scale_up_bandwidth * where(scale_up_domain > 1.0, scale_up_share, bus_share)


@quantity("1", N_("Devices linked in a node"), source="definition", path="hardware.linked_devices")
def linked_devices(scale_up_domain: Numeric, devices_per_node: Numeric) -> Numeric:
    """Devices that exchange data without the network: by fast links, or by PCIe where there are none [1].

    Parameters
    ----------
    scale_up_domain, devices_per_node
        Devices with fast links, one where there are none; and devices of a node [1].
    """
    return where(scale_up_domain > 1.0, scale_up_domain, devices_per_node)


@quantity(
    "B/s", N_("Achieved network bandwidth"), source="definition", path="hardware.nic_rate", shown="GB/s"
)
def nic_rate(nic_bandwidth: Numeric, nic_share: Numeric, oversubscription: Numeric) -> Numeric:
    """Bytes a second that collectives reach on the network of one device [B/s].

    Parameters
    ----------
    nic_bandwidth
        Network of a device, one direction [B/s].
    nic_share, oversubscription
        Share of it that collectives reach, and all ports over what the switches pass on [1].
    """
    return nic_bandwidth * nic_share / oversubscription


@quantity("s", N_("Tensor parallel, forward"), source=_MEGATRON, path="time.tensor_forward")
def tensor_forward(
    tensor: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    reduced_width: Numeric,
    linked_devices: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
    tensor_overlap: Numeric,
    overlap: Numeric,
) -> Numeric:
    """Two all-reduces of a layer's activations, or as many bytes as all-gathers and reduce-scatters [s].

    Parameters
    ----------
    tensor
        Devices that share each matrix [1].
    element_bytes, local_tokens, reduced_width
        Bytes of a number, tokens on one device, and values of each that are summed [B, 1, 1].
    linked_devices, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    scale_up_latency, nic_latency
        Latency of a collective for each doubling of the group [s].
    tensor_overlap, overlap
        Share that hides under split products; 0 as the stack does, 1 never, 2 always.
    """
    rate = bus(tensor, 1.0, linked_devices, scale_up_rate, nic_rate)
    wait = latency(tensor, 1.0, linked_devices, scale_up_latency, nic_latency)
    transfer = 4.0 * half_ring(tensor, element_bytes * local_tokens * reduced_width, rate)
    hidden_share = where(
        overlap >= 2.0, maximum(tensor_overlap, 0.5), where(overlap >= 1.0, 0.0, tensor_overlap)
    )
    return (1.0 - hidden_share) * (transfer + 2.0 * wait)


@quantity(
    "s",
    N_("Tensor parallel, backward"),
    source="arXiv:2205.05198, section 4.2.2",
    path="time.tensor_backward",
)
def tensor_backward(tensor_forward: Numeric, sequence_parallel: Numeric) -> Numeric:
    """As forward, with one more all-gather when the sequence is split too [s].

    Parameters
    ----------
    tensor_forward
        Two all-reduces, four half rings [s].
    sequence_parallel
        1 when norms and residuals are split too, else 0.
    """
    return tensor_forward * (1.0 + 0.25 * sequence_parallel)


@quantity("s", N_("Passing keys and values round the ring"), source=_RING, path="time.ring")
def ring_time(
    context: Numeric,
    tensor: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    linked_devices: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
) -> Numeric:
    """Time to pass the keys and values of one layer to all devices that share a sequence [s].

    Parameters
    ----------
    context, tensor
        Devices that share each sequence and each matrix [1].
    element_bytes, local_tokens, key_width, value_width
        Bytes of a number, tokens on one device, and widths of keys and values [B, 1, 1, 1].
    linked_devices, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    """
    rate = bus(context, tensor, linked_devices, scale_up_rate, nic_rate)
    block = element_bytes * local_tokens * (key_width + value_width) / tensor
    return (context - 1.0) * block / rate


@quantity("s", N_("Context parallel, forward"), source=_RING, path="time.context_forward")
def context_forward(ring_time: Numeric, attention_forward: Numeric) -> Numeric:
    """Time of the ring that does not hide under the attention core [s].

    Parameters
    ----------
    ring_time, attention_forward
        Time of the ring, and of the attention core [s].
    """
    return maximum(ring_time - attention_forward, 0.0 * ring_time)


@quantity("s", N_("Context parallel, backward"), source=_RING, path="time.context_backward")
def context_backward(ring_time: Numeric, attention_backward: Numeric) -> Numeric:
    """Time of the ring that does not hide under the attention core; gradients go round as well [s].

    Parameters
    ----------
    ring_time, attention_backward
        Time of the ring, and of the attention core backward [s].
    """
    return maximum(2.0 * ring_time - attention_backward, 0.0 * ring_time)


@quantity(
    "s", N_("Dispatch of tokens to experts"), source="definition: none in a dense model", path="time.dispatch"
)
def dispatch_time() -> Numeric:
    """Time to send tokens to their experts and back in one pass [s]."""
    return 0.0


@quantity("s", N_("Between stages"), source="arXiv:2104.04473, section 4.1", path="time.point_to_point")
def point_to_point(
    pipeline: Numeric,
    interleave: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    hidden: Numeric,
    tensor: Numeric,
    devices: Numeric,
    linked_devices: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """Time to hand one micro-batch on, forward and backward, once for each virtual stage [s].

    Parameters
    ----------
    pipeline, interleave
        Stages, and virtual stages of each [1].
    element_bytes, local_tokens, hidden, tensor
        Bytes of a number, tokens on one device, width, and devices that share each matrix [B, 1, 1, 1].
    devices, linked_devices
        All devices, and those with fast links [1].
    scale_up_rate, nic_rate
        Achieved rates [B/s].
    scale_up_latency, nic_latency
        Latency of an exchange [s].
    """
    near = devices <= linked_devices
    rate = where(near, scale_up_rate, nic_rate)
    wait = where(near, scale_up_latency, nic_latency)
    exchange = element_bytes * local_tokens * hidden / tensor / rate + wait
    return where(pipeline > 1.0, 2.0, 0.0) * interleave * exchange


@quantity("B/s", N_("Data-parallel bandwidth"), source=_MEGATRON, path="hardware.data_rate", shown="GB/s")
def data_rate(
    shards: Numeric, tensor: Numeric, linked_devices: Numeric, scale_up_rate: Numeric, nic_rate: Numeric
) -> Numeric:
    """Rate at which devices with the same weights exchange data [B/s].

    Parameters
    ----------
    shards, tensor
        Devices with the same weights, and the distance between them [1].
    linked_devices, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    """
    return bus(shards, tensor, linked_devices, scale_up_rate, nic_rate)


@quantity("s", N_("Data-parallel latency"), source=_MEGATRON, path="time.data_latency")
def data_latency(
    shards: Numeric,
    tensor: Numeric,
    linked_devices: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """Latency of one collective between devices with the same weights [s].

    Parameters
    ----------
    shards, tensor
        Devices with the same weights, and the distance between them [1].
    linked_devices
        Devices with fast links [1].
    scale_up_latency, nic_latency
        Latency for each doubling of the group [s].
    """
    return latency(shards, tensor, linked_devices, scale_up_latency, nic_latency)


@quantity(
    "s", N_("Gradients of experts"), source="definition: none in a dense model", path="time.expert_gradients"
)
def expert_gradient_time() -> Numeric:
    """Time to sum the gradients of routed experts [s]."""
    return 0.0


@quantity("s", N_("Gradients"), source=_ZERO, path="time.gradients")
def gradient_time(
    sharding: Numeric,
    reduce_bytes: Numeric,
    element_bytes: Numeric,
    held_parameters: Numeric,
    shards: Numeric,
    sharded_copies: Numeric,
    nic_rate: Numeric,
    data_rate: Numeric,
    data_latency: Numeric,
    expert_gradient_time: Numeric,
    trainable_share: Numeric,
) -> Numeric:
    """Time to sum the gradients after the last micro-batch, and to spread the new weights [s].

    An all-reduce, or with ZeRO-1 and 2 a reduce-scatter of gradients and an all-gather of weights. ZeRO-3
    does it layer by layer instead; inside a node its parts are then summed over the nodes.

    Parameters
    ----------
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    reduce_bytes, element_bytes, held_parameters
        Bytes in which a gradient is sent, those of a weight, and parameters of the device [B, B, 1].
    shards, data_rate, data_latency
        Devices with the same weights, their rate and latency [1, B/s, s].
    sharded_copies, nic_rate
        Groups that hold all states, and the network's rate of one device [1, B/s].
    expert_gradient_time
        Time for the routed experts [s].
    trainable_share
        Trained parameters for each parameter; the others have no gradients [1].
    """
    trained = trainable_share * held_parameters
    copied = half_ring(sharded_copies, 2.0 * reduce_bytes * trained / shards, nic_rate)
    apart = where(sharding >= 3.0, 0.0, where(sharding >= 1.0, 1.0, 0.0))
    whole = where(sharding >= 1.0, 0.0, 2.0)
    size = ((whole + apart) * reduce_bytes + apart * element_bytes) * trained
    wait = (whole + 2.0 * apart) * data_latency
    return half_ring(shards, size, data_rate) + copied + wait + expert_gradient_time


@quantity(
    "s",
    N_("Gradients of earlier micro-batches"),
    source="arXiv:1910.02054, section 7.2.1; arXiv:2407.21783, section 3.3.2; planning value: 3 % outside",
    path="time.early_gradients",
)
def early_gradients(
    sharding: Numeric,
    micro_batches: Numeric,
    gradient_time: Numeric,
    slowest_stage: Numeric,
    overlap: Numeric,
) -> Numeric:
    """Time that ZeRO-2 adds: gradients are shared out after every micro-batch, beside the next one [s].

    Parameters
    ----------
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    micro_batches
        Micro-batches of each pipeline [1].
    gradient_time, slowest_stage
        Time to sum gradients once, and of one micro-batch on the slowest stage [s].
    overlap
        1 where collectives wait for the computing, else 0 or 2.
    """
    beside = where(overlap >= 1.0, where(overlap >= 2.0, 1.0, 0.0), 1.0)
    once = maximum(0.03 * gradient_time, 0.6 * gradient_time - beside * slowest_stage)
    return gather((0.0, 0.0, 1.0, 0.0, 0.0), sharding) * maximum(micro_batches - 1.0, 0.0) * once


@quantity(
    "s",
    N_("Gradients not hidden"),
    source="overlap of arXiv:2006.15704; planning values: under 0.8 of a micro-batch, at least 15 % outside",
    path="time.exposed_gradients",
)
def exposed_gradients(
    sharding: Numeric,
    gradient_time: Numeric,
    slowest_stage: Numeric,
    pipeline: Numeric,
    interleave: Numeric,
    micro_batches: Numeric,
    overlap: Numeric,
    early_gradients: Numeric,
) -> Numeric:
    """Time of gradients that does not hide under 0.8 of the last micro-batches, at least 15 % [s].

    Virtual stages finish one after the other, each after the last of p micro-batches, so that their gradients
    travel while the others still compute. In ZeRO-2 each of these micro-batches has gradients of its own.

    Parameters
    ----------
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    gradient_time, slowest_stage
        Time to sum gradients, and of one micro-batch on the slowest stage [s].
    pipeline, interleave, micro_batches
        Stages, virtual stages of each, and micro-batches of a step [1].
    overlap
        1 where collectives wait for the computing, else 0 or 2.
    early_gradients
        What does not hide of the gradients of the other micro-batches, where they are shared out [s].
    """
    several = where(interleave > 1.0, minimum(pipeline, micro_batches) - 1.0, 0.0)
    last = 1.0 + gather((1.0, 1.0, 0.0, 1.0, 1.0), sharding) * several
    hidden = maximum(0.15 * gradient_time, gradient_time - 0.8 * last * slowest_stage)
    waits = where(overlap >= 1.0, where(overlap >= 2.0, 0.0, 1.0), 0.0)
    return hidden + waits * (gradient_time - hidden) + early_gradients


@quantity(
    "s", N_("Gathering of experts"), source="definition: none in a dense model", path="time.expert_gather"
)
def expert_gather_time() -> Numeric:
    """Time to gather the routed experts of a layer, and to sum their gradients, with ZeRO-3 [s]."""
    return 0.0


@quantity(
    "s",
    N_("Gathering a layer's weights"),
    source="arXiv:1910.02054, section 7.2.2; arXiv:2304.11277",
    path="time.gather",
)
def gather_time(
    frozen_bytes: Numeric,
    trainable_share: Numeric,
    reduce_bytes: Numeric,
    device_layer_parameters: Numeric,
    shards: Numeric,
    data_rate: Numeric,
    data_latency: Numeric,
    expert_gather_time: Numeric,
    loading_time: Numeric,
) -> Numeric:
    """ZeRO-3: two all-gathers of a layer and one reduce-scatter, for each micro-batch [s].

    Parameters
    ----------
    frozen_bytes, reduce_bytes
        Bytes of a weight that is gathered, and in which a gradient is sent [B].
    trainable_share
        Trained parameters for each parameter; the others have no gradients [1].
    device_layer_parameters
        Parameters of a layer on the device, routed experts apart [1].
    shards, data_rate, data_latency
        Devices with the same weights, their rate and latency [1, B/s, s].
    expert_gather_time
        Time for the routed experts of the layer [s].
    loading_time
        Loading what the host keeps [s].
    """
    size = (2.0 * frozen_bytes + trainable_share * reduce_bytes) * device_layer_parameters
    return half_ring(shards, size, data_rate) + 3.0 * data_latency + expert_gather_time + loading_time


@quantity(
    "s",
    N_("Gathering not hidden"),
    source="planning value: gathers slow the kernels that they run beside",
    path="time.exposed_gather",
)
def exposed_gather(
    sharding: Numeric,
    gather_time: Numeric,
    loading_time: Numeric,
    layer_time: Numeric,
    gather_contention: Numeric,
) -> Numeric:
    """Time that ZeRO-3 or loading from the host adds to a layer: beyond 0.8 of it, and contention [s].

    Parameters
    ----------
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    gather_time, loading_time, layer_time
        Time of the gathers with loading, of loading alone, and of the layer for one micro-batch [s].
    gather_contention
        Slow-down for each second of overlap [1].
    """
    beside = where(sharding >= 3.0, gather_time, loading_time)
    beyond = maximum(beside - 0.8 * layer_time, 0.0 * beside)
    return beyond + gather_contention * minimum(beside, layer_time)
