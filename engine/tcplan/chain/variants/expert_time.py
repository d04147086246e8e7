"""Time of routed and shared experts, with the dispatch of tokens; stands in for the dense feed-forward."""

from tcplan.chain.collective import bus, half_ring, latency
from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.matrix_product import backward_time, forward_time
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_SHARED_OUT = "arXiv:2006.16668, section 3"
_ROUTED = "arXiv:2412.19437, section 3.2"
_GATHERED = "arXiv:1910.02054, section 7.2.2, over the devices that hold the same experts"
_LAUNCHES_PER_EXPERT = 0.157


@quantity("1", N_("Rows of one expert"), source=_SHARED_OUT, path="layout.expert_rows")
def expert_rows(
    local_tokens: Numeric,
    tensor: Numeric,
    expert: Numeric,
    experts_per_token: Numeric,
    experts: Numeric,
    routing_imbalance: Numeric,
) -> Numeric:
    """Tokens that reach one expert of the busiest device, from all devices that share the experts [1].

    Parameters
    ----------
    local_tokens, tensor
        Tokens of a micro-batch on one device, and devices that share each matrix [1].
    expert, experts_per_token, experts
        Devices that share the experts, experts that a token visits, and all experts [1].
    routing_imbalance
        Tokens of the busiest device over the mean [1].
    """
    return local_tokens / tensor * expert * experts_per_token / experts * routing_imbalance


@quantity("s", N_("Feed-forward, forward"), source=_SHARED_OUT, path="time.feed_forward_forward")
def feed_forward_forward(
    local_tokens: Numeric,
    hidden: Numeric,
    dense_layers: Numeric,
    feed_forward: Numeric,
    layers: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    expert_rows: Numeric,
    expert_feed_forward: Numeric,
    experts: Numeric,
    expert: Numeric,
    gated: Numeric,
    tensor: Numeric,
    grouped_share: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Forward time of dense, shared and routed products, router included, in an average layer [s].

    Parameters
    ----------
    local_tokens, hidden, tensor
        Tokens on one device, width, and devices that share each matrix [1].
    dense_layers, feed_forward, layers
        Dense layers, their width, and all layers [1].
    sparse_share, shared_width
        Share of sparse layers, and width of the shared experts [1].
    expert_rows, expert_feed_forward, experts, expert, gated
        Tokens and width of one expert, routed experts, devices that share them, 1 when gated [1].
    grouped_share
        Grouped over plain efficiency [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    up = 1.0 + gated

    def layer(width: Numeric) -> Numeric:
        inward = forward_time(local_tokens, up * width, hidden, *law)
        return inward + forward_time(local_tokens, hidden, width, *law)

    dense = where(dense_layers > 0.0, (1.0 - sparse_share) * layer(feed_forward / tensor), 0.0 * kernel_time)
    shared = where(shared_width > 0.0, layer(maximum(shared_width, 1.0) / tensor), 0.0 * kernel_time)
    router = forward_time(local_tokens / tensor, experts, hidden, *law)
    local = experts / expert
    routed = forward_time(expert_rows, up * expert_feed_forward, hidden, *law, local)
    routed = routed + forward_time(expert_rows, hidden, expert_feed_forward, *law, local)
    return dense + sparse_share * (shared + router + routed / grouped_share) + 7.0 * kernel_time


@quantity("s", N_("Feed-forward, backward"), source=_SHARED_OUT, path="time.feed_forward_backward")
def feed_forward_backward(
    local_tokens: Numeric,
    hidden: Numeric,
    dense_layers: Numeric,
    feed_forward: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    expert_rows: Numeric,
    expert_feed_forward: Numeric,
    experts: Numeric,
    expert: Numeric,
    gated: Numeric,
    tensor: Numeric,
    grouped_share: Numeric,
    multiply_rate: Numeric,
    gemm_half_depth: Numeric,
    half_area: Numeric,
    operand_time: Numeric,
    kernel_time: Numeric,
) -> Numeric:
    """Backward time of dense, shared and routed products, router included, in an average layer [s].

    Parameters
    ----------
    local_tokens, hidden, tensor
        Tokens on one device, width, and devices that share each matrix [1].
    dense_layers, feed_forward
        Dense layers and their width [1].
    sparse_share, shared_width
        Share of sparse layers, and width of the shared experts [1].
    expert_rows, expert_feed_forward, experts, expert, gated
        Tokens and width of one expert, routed experts, devices that share them, 1 when gated [1].
    grouped_share
        Grouped over plain efficiency [1].
    multiply_rate, gemm_half_depth, half_area, operand_time, kernel_time
        The law of a matrix product [1/s, 1, 1, s, s].
    """
    law = (multiply_rate, gemm_half_depth, half_area, operand_time)
    up = 1.0 + gated

    def layer(width: Numeric) -> Numeric:
        inward = backward_time(local_tokens, up * width, hidden, *law)
        return inward + backward_time(local_tokens, hidden, width, *law)

    dense = where(dense_layers > 0.0, (1.0 - sparse_share) * layer(feed_forward / tensor), 0.0 * kernel_time)
    shared = where(shared_width > 0.0, layer(maximum(shared_width, 1.0) / tensor), 0.0 * kernel_time)
    router = backward_time(local_tokens / tensor, experts, hidden, *law)
    local = experts / expert
    routed = backward_time(expert_rows, up * expert_feed_forward, hidden, *law, local)
    routed = routed + backward_time(expert_rows, hidden, expert_feed_forward, *law, local)
    return dense + sparse_share * (shared + router + routed / grouped_share) + 14.0 * kernel_time


@quantity(
    "s",
    N_("Sorting tokens by expert"),
    source="arXiv:2211.15841, section 5; planning value: 22 bytes for each value",
    path="time.permute",
)
def permute_time(
    sparse_share: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    experts_per_token: Numeric,
    hidden: Numeric,
    memory_rate: Numeric,
) -> Numeric:
    """Time to sort tokens by expert and back, forward, in an average layer [s].

    Parameters
    ----------
    sparse_share
        Share of sparse layers [1].
    element_bytes
        Bytes of a 16-bit number [B].
    local_tokens, tensor, experts_per_token, hidden
        Tokens on one device, devices that share each matrix, experts of a token, and width [1].
    memory_rate
        Achieved memory bandwidth [B/s].
    """
    values = local_tokens / tensor * experts_per_token * hidden
    return sparse_share * 11.0 * element_bytes * values / memory_rate


@quantity("s", N_("Dispatch of tokens to experts"), source=_ROUTED, path="time.dispatch")
def dispatch_time(
    sparse_share: Numeric,
    routing_imbalance: Numeric,
    expert: Numeric,
    experts_per_token: Numeric,
    element_bytes: Numeric,
    local_tokens: Numeric,
    tensor: Numeric,
    hidden: Numeric,
    scale_up_domain: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """Time to send tokens to their experts and back in one pass of an average layer [s].

    A token crosses the network once to each node that holds one of its experts, and is copied there over the
    fast links; the slower of the two sets the pace.

    Parameters
    ----------
    sparse_share, routing_imbalance
        Share of sparse layers, and tokens of the busiest device over the mean [1].
    expert, experts_per_token
        Devices that share the experts, and experts of a token [1].
    element_bytes, local_tokens, tensor, hidden
        Bytes of a number, tokens on one device, devices that share each matrix, and width [B, 1, 1, 1].
    scale_up_domain, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    scale_up_latency, nic_latency
        Latency for each doubling of the group [s].
    """
    inside = minimum(expert, scale_up_domain)
    nodes = maximum(expert / inside, 1.0)
    copies = nodes * (1.0 - (1.0 - 1.0 / nodes) ** experts_per_token)
    size = routing_imbalance * element_bytes * local_tokens / tensor * hidden
    fast = size * experts_per_token * (inside - 1.0) / inside / scale_up_rate
    slow = size * copies * (nodes - 1.0) / nodes / nic_rate
    wait = latency(expert, 1.0, scale_up_domain, scale_up_latency, nic_latency)
    return sparse_share * (2.0 * maximum(fast, slow) + wait)


@quantity(
    "s",
    N_("Host work of routing"),
    source="planning value: router, dispatcher and launches for each expert",
    path="time.routing_host",
)
def routing_host(
    sparse_share: Numeric, routing_host_time: Numeric, experts: Numeric, expert: Numeric
) -> Numeric:
    """Host time that routing adds to the forward pass of an average layer [s].

    Parameters
    ----------
    sparse_share
        Share of sparse layers [1].
    routing_host_time
        Host time of routing with no expert on the device [s].
    experts, expert
        Routed experts, and devices that share them [1].
    """
    return sparse_share * routing_host_time * (1.0 + _LAUNCHES_PER_EXPERT * experts / expert)


@quantity("s", N_("Gradients of experts"), source=_SHARED_OUT, path="time.expert_gradients")
def expert_gradient_time(
    sharding: Numeric,
    gradient_bytes: Numeric,
    held_experts: Numeric,
    expert_shards: Numeric,
    expert: Numeric,
    scale_up_domain: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
) -> Numeric:
    """Time to sum the gradients of routed experts over the devices that hold the same ones [s].

    Parameters
    ----------
    sharding
        ZeRO stage; from 3 on gradients are summed layer by layer instead.
    gradient_bytes, held_experts
        Bytes of a gradient, and parameters of routed experts on the device [B, 1].
    expert_shards, expert
        Devices that hold the same experts, and the distance between them [1].
    scale_up_domain, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    """
    rate = bus(expert_shards, expert, scale_up_domain, scale_up_rate, nic_rate)
    size = where(sharding >= 3.0, 0.0, where(sharding >= 1.0, 1.5, 2.0)) * gradient_bytes * held_experts
    return half_ring(expert_shards, size, rate)


@quantity("s", N_("Gathering of experts"), source=_GATHERED, path="time.expert_gather")
def expert_gather_time(
    element_bytes: Numeric,
    gradient_bytes: Numeric,
    held_experts: Numeric,
    stage_layers: Numeric,
    expert_shards: Numeric,
    expert: Numeric,
    scale_up_domain: Numeric,
    scale_up_rate: Numeric,
    nic_rate: Numeric,
    scale_up_latency: Numeric,
    nic_latency: Numeric,
) -> Numeric:
    """ZeRO-3: two all-gathers of a layer's experts and one reduce-scatter, for each micro-batch [s].

    Experts that no other device holds are not gathered.

    Parameters
    ----------
    element_bytes, gradient_bytes
        Bytes of a weight and of a gradient [B].
    held_experts, stage_layers
        Parameters of routed experts on the device, and layers of the stage [1].
    expert_shards, expert
        Devices that hold the same experts, and the distance between them [1].
    scale_up_domain, scale_up_rate, nic_rate
        Devices with fast links, and achieved rates [1, B/s, B/s].
    scale_up_latency, nic_latency
        Latency for each doubling of the group [s].
    """
    rate = bus(expert_shards, expert, scale_up_domain, scale_up_rate, nic_rate)
    wait = latency(expert_shards, expert, scale_up_domain, scale_up_latency, nic_latency)
    size = (2.0 * element_bytes + gradient_bytes) * held_experts / stage_layers
    return half_ring(expert_shards, size, rate) + 3.0 * wait
