"""How tokens reach their experts and come back, and what experts exchange; every function broadcasts."""

from tcplan.chain.collective import bus, half_ring, latency
from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_SHARED_OUT = "arXiv:2006.16668, section 3"
_ROUTED = "arXiv:2412.19437, section 3.2"
_GATHERED = "arXiv:1910.02054, section 7.2.2, over the devices that hold the same experts"
_HIDDEN = "arXiv:2412.19437, section 3.2.1; planning value: at least 15 % outside"


@quantity("s", N_("Sorting tokens by expert"), source="arXiv:2211.15841, section 5", path="time.permute")
def permute_time(
    sparse_share: Numeric,
    graphs: Numeric,
    permute_bytes: Numeric,
    fused_permute_bytes: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    experts_per_token: Numeric,
    expert_width: Numeric,
    memory_rate: Numeric,
) -> Numeric:
    """Time to sort tokens by expert and back, forward, in an average layer [s].

    Parameters
    ----------
    sparse_share
        Share of sparse layers [1].
    graphs
        2 where whole steps are recorded, with kernels that sort while they send.
    permute_bytes, fused_permute_bytes
        Bytes that are read and written for each value, by kernels of their own and by these [B].
    local_tokens, tensor, experts_per_token, expert_width
        Tokens on one device, devices that share each matrix, experts of a token, and width that they see [1].
    memory_rate
        Achieved memory bandwidth [B/s].
    """
    values = local_tokens / tensor * experts_per_token * expert_width
    return sparse_share * where(graphs >= 2.0, fused_permute_bytes, permute_bytes) * values / memory_rate


@quantity("1", N_("Nodes of the experts"), source=_ROUTED, path="layout.expert_nodes")
def expert_nodes(expert: Numeric, linked_devices: Numeric) -> Numeric:
    """Nodes, or other groups of devices with fast links, over which the experts of a layer are spread [1].

    Parameters
    ----------
    expert, linked_devices
        Devices that share the experts, and devices with fast links [1].
    """
    return maximum(expert / minimum(expert, linked_devices), 1.0)


@quantity("1", N_("Copies of a token"), source=_ROUTED, path="layout.token_copies")
def token_copies(
    dispatcher: Numeric, experts_per_token: Numeric, expert_nodes: Numeric, routed_nodes: Numeric
) -> Numeric:
    """Count copies of a token that are sent where experts lie evenly: for each expert, or for each node [1].

    M (1 - (1 - 1/M)^k) is how many of M nodes hold one of k experts that are drawn at random.

    Parameters
    ----------
    dispatcher
        0 plain all-to-all, 1 one copy for each node.
    experts_per_token, expert_nodes, routed_nodes
        Experts of a token, nodes that hold experts, and those that a token may visit, 0 for all [1].
    """
    allowed = where(routed_nodes > 0.0, minimum(routed_nodes, expert_nodes), expert_nodes)
    met = allowed * (1.0 - (1.0 - 1.0 / allowed) ** experts_per_token)
    return where(dispatcher >= 1.0, met, experts_per_token)


@quantity(
    "1",
    N_("Devices of a token"),
    source="DeepEP, DeepSeek, 2025: a token travels once to each device that holds one of its experts",
    path="layout.device_copies",
)
def device_copies(dispatcher: Numeric, experts_per_token: Numeric, expert: Numeric) -> Numeric:
    """Count copies of a token on fast links: for each expert, or for each device that holds one [1].

    e (1 - (1 - 1/e)^k) is how many of e devices hold one of k experts that are drawn at random.

    Parameters
    ----------
    dispatcher
        0 plain all-to-all, 1 one copy for each node and device.
    experts_per_token, expert
        Experts of a token, and devices that share the experts [1].
    """
    met = expert * (1.0 - (1.0 - 1.0 / expert) ** experts_per_token)
    return where(dispatcher >= 1.0, met, experts_per_token)


@quantity("s", N_("Dispatch of tokens to experts"), source=_ROUTED, path="time.dispatch")
def dispatch_time(
    sparse_share: Numeric,
    routing_imbalance: Numeric,
    expert: Numeric,
    device_copies: Numeric,
    expert_nodes: Numeric,
    token_copies: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    expert_width: Numeric,
    dispatcher: Numeric,
    linked_devices: Numeric,
    scale_up_bandwidth: Numeric,
    nic_bandwidth: Numeric,
    dispatch_share: Numeric,
    plain_dispatch_share: Numeric,
    dispatch_nic_share: Numeric,
    plain_dispatch_nic_share: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """Time to send tokens to their experts and back in one pass of an average layer [s].

    Tokens cross the network between nodes and the fast links inside them at the same time; the slower of the
    two sets the pace.

    Parameters
    ----------
    sparse_share, routing_imbalance
        Share of sparse layers, and tokens of the busiest device over the mean [1].
    expert, device_copies, expert_nodes, token_copies
        Devices that share the experts, copies on fast links, nodes, and copies on the network [1].
    element_bytes, local_tokens, tensor, expert_width
        Bytes of a number, tokens on one device, devices that share each matrix, and width [B, 1, 1, 1].
    dispatcher
        0 plain all-to-all, 1 one copy for each node.
    linked_devices, scale_up_bandwidth, nic_bandwidth
        Devices with fast links, and rated bandwidths [1, B/s, B/s].
    dispatch_share, plain_dispatch_share, dispatch_nic_share, plain_dispatch_nic_share
        Shares of the fast links and of the network that each dispatcher reaches [1].
    scale_up_latency, nic_latency
        Latency for each doubling of the group [s].
    """
    inside = expert / expert_nodes
    size = routing_imbalance * element_bytes * local_tokens / tensor * expert_width
    fast_rate = scale_up_bandwidth * where(dispatcher >= 1.0, dispatch_share, plain_dispatch_share)
    slow_rate = nic_bandwidth * where(dispatcher >= 1.0, dispatch_nic_share, plain_dispatch_nic_share)
    fast = size * device_copies * (inside - 1.0) / inside / fast_rate
    slow = size * token_copies * (expert_nodes - 1.0) / expert_nodes / slow_rate
    wait = latency(expert, 1.0, linked_devices, scale_up_latency, nic_latency)
    return sparse_share * (2.0 * maximum(fast, slow) + wait)


@quantity("s", N_("Dispatch that waits, forward"), source=_HIDDEN, path="time.exposed_dispatch_forward")
def exposed_dispatch_forward(
    dispatch_overlap: Numeric,
    dispatch_time: Numeric,
    attention_forward: Numeric,
    projections_forward: Numeric,
    feed_forward_forward: Numeric,
    permute_time: Numeric,
    dispatch_hiding: Numeric,
) -> Numeric:
    """Dispatch that does not hide under the computing of another micro-batch, forward [s].

    Parameters
    ----------
    dispatch_overlap
        1 where micro-batches hide each other's dispatch, else 0.
    dispatch_time
        Time to send tokens to their experts and back [s].
    attention_forward, projections_forward, feed_forward_forward, permute_time
        Computing of a layer [s].
    dispatch_hiding
        Share of the computing under which dispatch hides [1].
    """
    computing = attention_forward + projections_forward + feed_forward_forward + permute_time
    left = maximum(0.15 * dispatch_time, dispatch_time - dispatch_hiding * computing)
    return where(dispatch_overlap >= 1.0, left, dispatch_time)


@quantity("s", N_("Dispatch that waits, backward"), source=_HIDDEN, path="time.exposed_dispatch_backward")
def exposed_dispatch_backward(
    dispatch_overlap: Numeric,
    dispatch_time: Numeric,
    attention_backward: Numeric,
    projections_backward: Numeric,
    feed_forward_backward: Numeric,
    permute_time: Numeric,
    dispatch_hiding: Numeric,
) -> Numeric:
    """Dispatch that does not hide under the computing of another micro-batch, backward [s].

    Parameters
    ----------
    dispatch_overlap
        1 where micro-batches hide each other's dispatch, else 0.
    dispatch_time
        Time to send gradients to the experts and back [s].
    attention_backward, projections_backward, feed_forward_backward, permute_time
        Computing of a layer [s].
    dispatch_hiding
        Share of the computing under which dispatch hides [1].
    """
    computing = attention_backward + projections_backward + feed_forward_backward + 1.5 * permute_time
    left = maximum(0.15 * dispatch_time, dispatch_time - dispatch_hiding * computing)
    return where(dispatch_overlap >= 1.0, left, dispatch_time)


@quantity(
    "s",
    N_("Communication, forward"),
    source="definition: sum of the parts",
    path="time.communication_forward",
)
def communication_forward(
    tensor_forward: Numeric, context_forward: Numeric, exposed_dispatch_forward: Numeric
) -> Numeric:
    """Communication of one layer and micro-batch, forward [s].

    Parameters
    ----------
    tensor_forward, context_forward, exposed_dispatch_forward
        Tensor, context and expert parallelism [s].
    """
    return tensor_forward + context_forward + exposed_dispatch_forward


@quantity(
    "s",
    N_("Communication, backward"),
    source="definition: sum of the parts",
    path="time.communication_backward",
)
def communication_backward(
    tensor_backward: Numeric, context_backward: Numeric, exposed_dispatch_backward: Numeric
) -> Numeric:
    """Communication of one layer and micro-batch, backward [s].

    Parameters
    ----------
    tensor_backward, context_backward, exposed_dispatch_backward
        Tensor, context and expert parallelism [s].
    """
    return tensor_backward + context_backward + exposed_dispatch_backward


@quantity(
    "s",
    N_("Communicating again"),
    source="arXiv:2205.05198, section 5",
    path="time.recomputed_communication",
)
def recomputed_communication(
    layers_again: Numeric,
    communication_forward: Numeric,
    routed_again: Numeric,
    exposed_dispatch_forward: Numeric,
) -> Numeric:
    """Communication that recomputing whole layers or their experts repeats [s].

    Parameters
    ----------
    layers_again, communication_forward
        Share of the layers that are repeated as a whole, and their communication [1, s].
    routed_again, exposed_dispatch_forward
        Share of the layers whose experts are repeated, and their dispatch [1, s].
    """
    whole = layers_again * communication_forward
    return maximum(whole, routed_again * exposed_dispatch_forward)


@quantity(
    "s",
    N_("Host work of routing"),
    source="planning value: router, dispatcher and launches for each expert",
    path="time.routing_host",
)
def routing_host(
    sparse_share: Numeric,
    routing_host_time: Numeric,
    expert_launches: Numeric,
    experts: Numeric,
    expert: Numeric,
    token_drop: Numeric,
    drop_host: Numeric,
) -> Numeric:
    """Host time that routing adds to the forward pass of an average layer [s].

    Parameters
    ----------
    sparse_share
        Share of sparse layers [1].
    routing_host_time, expert_launches
        Host time of routing with no expert on the device, and what each expert adds to it [s, 1].
    experts, expert
        Routed experts, and devices that share them [1].
    token_drop, drop_host
        1 where tokens beyond a capacity are dropped, so that the host need not wait for the router, and the
        share of its time that is left then [1].
    """
    routed = routing_host_time * (1.0 + expert_launches * experts / expert)
    return sparse_share * routed * where(token_drop >= 1.0, drop_host, 1.0)


@quantity("s", N_("Gradients of experts"), source=_SHARED_OUT, path="time.expert_gradients")
def expert_gradient_time(
    sharding: Numeric,
    reduce_bytes: Numeric,
    element_bytes: Numeric,
    trainable_share: Numeric,
    held_experts: Numeric,
    expert_shards: Numeric,
    expert: Numeric,
    linked_devices: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
) -> Numeric:
    """Time to sum the gradients of routed experts over the devices that hold the same ones [s].

    An all-reduce, or with ZeRO-1 and 2 a reduce-scatter of gradients and an all-gather of weights.

    Parameters
    ----------
    sharding
        ZeRO stage; from 3 on gradients are summed layer by layer instead.
    reduce_bytes, element_bytes
        Bytes in which a gradient is sent, and those of a weight [B].
    trainable_share, held_experts
        Trained parameters for each parameter, and parameters of routed experts on the device [1].
    expert_shards, expert
        Devices that hold the same experts, and the distance between them [1].
    linked_devices, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    """
    rate = bus(expert_shards, expert, linked_devices, scale_up_rate, nic_rate)
    sent = where(sharding >= 1.0, reduce_bytes + element_bytes, 2.0 * reduce_bytes)
    size = where(sharding >= 3.0, 0.0, 1.0) * sent * trainable_share * held_experts
    return half_ring(expert_shards, size, rate)


@quantity("s", N_("Gathering of experts"), source=_GATHERED, path="time.expert_gather")
def expert_gather_time(
    frozen_bytes: Numeric,
    trainable_share: Numeric,
    reduce_bytes: Numeric,
    held_experts: Numeric,
    stage_layers: Numeric,
    expert_shards: Numeric,
    expert: Numeric,
    linked_devices: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """ZeRO-3: two all-gathers of a layer's experts and one reduce-scatter, for each micro-batch [s].

    Experts that no other device holds are not gathered.

    Parameters
    ----------
    frozen_bytes, reduce_bytes
        Bytes of a weight that is gathered, and in which a gradient is sent [B].
    trainable_share
        Trained parameters for each parameter; the others have no gradients [1].
    held_experts, stage_layers
        Parameters of routed experts on the device, and layers of the stage [1].
    expert_shards, expert
        Devices that hold the same experts, and the distance between them [1].
    linked_devices, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    scale_up_latency, nic_latency
        Latency for each doubling of the group [s].
    """
    rate = bus(expert_shards, expert, linked_devices, scale_up_rate, nic_rate)
    wait = latency(expert_shards, expert, linked_devices, scale_up_latency, nic_latency)
    size = (2.0 * frozen_bytes + trainable_share * reduce_bytes) * held_experts / stage_layers
    return half_ring(expert_shards, size, rate) + 3.0 * wait
