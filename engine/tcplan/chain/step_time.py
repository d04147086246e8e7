"""One optimizer step: layer, micro-batch, pipeline and what is not hidden; every function broadcasts."""

from tcplan.chain.elementwise import gather, log2, maximum, smooth_maximum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_TRAFFIC = "arXiv:2007.00072: element-wise kernels are bound by memory; planning value: their bytes"
_HOST = "planning value: 22 and 40 kernels a layer; device and host joined by a smooth maximum of order 6"


@quantity("s", N_("Element-wise kernels, forward"), source=_TRAFFIC, path="time.traffic_forward")
def traffic_forward(
    element_bytes: Numeric,
    local_tokens: Numeric,
    residual_width: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    gated: Numeric,
    feed_forward_width: Numeric,
    tensor: Numeric,
    memory_rate: Numeric,
    kernel_time: Numeric,
    traffic_factor: Numeric,
    compiled: Numeric,
    compiled_traffic: Numeric,
) -> Numeric:
    """Norms, residuals, rotary positions and activation function of one layer, about ten kernels [s].

    Parameters
    ----------
    element_bytes, local_tokens
        Bytes of a number, and tokens on one device [B, 1].
    residual_width, query_width, key_width, value_width, feed_forward_width
        Widths that are read and written [1].
    gated, tensor
        1 when gated, and devices that share each matrix [1].
    memory_rate, kernel_time
        Achieved memory bandwidth, and fixed time of a kernel [B/s, s].
    traffic_factor
        Bytes that the stack's kernels move over those of kernels that are fused as usual [1].
    compiled, compiled_traffic
        1 where a compiler fuses kernels, and what is left of their bytes then [1].
    """
    split = 2.0 * (query_width + key_width + value_width) + (2.0 + gated) * feed_forward_width
    width = 11.0 * residual_width + split / tensor
    moved = traffic_factor * where(compiled > 0.0, compiled_traffic, 1.0)
    return moved * element_bytes * local_tokens * width / memory_rate + 10.0 * kernel_time


@quantity(
    "s", N_("Sorting tokens by expert"), source="definition: none in a dense model", path="time.permute"
)
def permute_time() -> Numeric:
    """Time to sort tokens by expert and back, forward [s]."""
    return 0.0


@quantity("s", N_("Computing, forward"), source="definition: sum of the parts", path="time.compute_forward")
def compute_forward(
    projections_forward: Numeric,
    attention_forward: Numeric,
    feed_forward_forward: Numeric,
    traffic_forward: Numeric,
    conversion_time: Numeric,
    permute_time: Numeric,
    companion_forward: Numeric,
    adapter_forward: Numeric,
    widening_time: Numeric,
) -> Numeric:
    """Device time of one layer and micro-batch, forward, without communication [s].

    Parameters
    ----------
    projections_forward, attention_forward, feed_forward_forward, traffic_forward
        Matrix products, attention core and element-wise kernels [s].
    conversion_time, permute_time
        Conversion to fp8, and sorting tokens by expert [s].
    companion_forward
        What stands beside the layers [s].
    adapter_forward, widening_time
        Adapters, and making narrow weights wide again [s].
    """
    products = projections_forward + attention_forward + feed_forward_forward + companion_forward
    return products + traffic_forward + conversion_time + permute_time + adapter_forward + widening_time


@quantity(
    "s",
    N_("Communication, forward"),
    source="definition: sum of the parts",
    path="time.communication_forward",
)
def communication_forward(
    tensor_forward: Numeric, context_forward: Numeric, dispatch_time: Numeric
) -> Numeric:
    """Communication of one layer and micro-batch, forward [s].

    Parameters
    ----------
    tensor_forward, context_forward, dispatch_time
        Tensor, context and expert parallelism [s].
    """
    return tensor_forward + context_forward + dispatch_time


@quantity("s", N_("Computing, backward"), source="definition: sum of the parts", path="time.compute_backward")
def compute_backward(
    projections_backward: Numeric,
    attention_backward: Numeric,
    feed_forward_backward: Numeric,
    traffic_forward: Numeric,
    conversion_time: Numeric,
    permute_time: Numeric,
    companion_backward: Numeric,
    adapter_forward: Numeric,
    widening_time: Numeric,
) -> Numeric:
    """Device time of one layer and micro-batch, backward, without communication and recomputation [s].

    Parameters
    ----------
    projections_backward, attention_backward, feed_forward_backward
        Matrix products and attention core [s].
    traffic_forward, conversion_time, permute_time
        Forward times; backward takes 1.6, 1 and 1.5 times as long [s].
    companion_backward
        What stands beside the layers [s].
    adapter_forward, widening_time
        Forward times; adapters take 1.5 times as long backward [s].
    """
    products = projections_backward + attention_backward + feed_forward_backward + companion_backward
    other = conversion_time + 1.5 * (permute_time + adapter_forward) + widening_time
    return products + 1.6 * traffic_forward + other


@quantity(
    "s",
    N_("Communication, backward"),
    source="definition: sum of the parts",
    path="time.communication_backward",
)
def communication_backward(
    tensor_backward: Numeric, context_backward: Numeric, dispatch_time: Numeric
) -> Numeric:
    """Communication of one layer and micro-batch, backward [s].

    Parameters
    ----------
    tensor_backward, context_backward, dispatch_time
        Tensor, context and expert parallelism [s].
    """
    return tensor_backward + context_backward + dispatch_time


@quantity("s", N_("Device time of a layer"), source="definition: sum of the parts", path="time.layer_compute")
def layer_compute(
    compute_forward: Numeric, compute_backward: Numeric, recomputed_compute: Numeric
) -> Numeric:
    """Device time of one layer and micro-batch without communication [s].

    Parameters
    ----------
    compute_forward, compute_backward, recomputed_compute
        Its parts [s].
    """
    return compute_forward + compute_backward + recomputed_compute


@quantity(
    "s",
    N_("Communication of a layer"),
    source="definition: sum of the parts",
    path="time.layer_communication",
)
def layer_communication(
    communication_forward: Numeric, communication_backward: Numeric, recomputed_communication: Numeric
) -> Numeric:
    """Communication of one layer and micro-batch [s].

    Parameters
    ----------
    communication_forward, communication_backward, recomputed_communication
        Its parts [s].
    """
    return communication_forward + communication_backward + recomputed_communication


@quantity("s", N_("Layer"), source=_HOST, path="time.layer")
def layer_time(
    compute_forward: Numeric,
    communication_forward: Numeric,
    host_forward: Numeric,
    layer_compute: Numeric,
    layer_communication: Numeric,
    host_backward: Numeric,
    adapter_launches: Numeric,
    hooks: Numeric,
) -> Numeric:
    """Time of one layer and micro-batch; in each pass the device or the host sets the pace [s].

    Parameters
    ----------
    compute_forward, communication_forward, host_forward
        Forward: device, links, host [s].
    layer_compute, layer_communication
        Both passes: device and links [s].
    host_backward
        Backward: host [s].
    adapter_launches, hooks
        Kernels of adapters for each of the layer, and host time of gradient hooks [1, s].
    """
    forward = compute_forward + communication_forward
    backward = layer_compute + layer_communication - forward
    launches = 1.0 + adapter_launches
    collected = launches * host_backward + hooks
    return smooth_maximum(forward, launches * host_forward) + smooth_maximum(backward, collected)


@quantity("s", N_("Layer with gathering"), source="definition", path="time.block")
def block_time(layer_time: Numeric, exposed_gather: Numeric) -> Numeric:
    """Time of one layer and micro-batch with what ZeRO-3 adds [s].

    Parameters
    ----------
    layer_time, exposed_gather
        The layer, and gathering that is not hidden [s].
    """
    return layer_time + exposed_gather


@quantity(
    "s",
    N_("Start of the optimizer"),
    source="planning value: gradient norm and launches, 2 ms",
    path="time.optimizer_start",
)
def optimizer_start() -> Numeric:
    """Time of an optimizer step however few its parameters [s]."""
    return 2e-3


@quantity(
    "s",
    N_("Optimizer"),
    source="arXiv:1910.02054, section 3.1: states read and written once; arXiv:2110.02861; arXiv:1804.04235; "
    "arXiv:2502.16982, section 2: five products of Newton and Schulz",
    path="time.optimizer",
)
def optimizer_time(
    optimizer_start: Numeric,
    optimizer: Numeric,
    half_bytes: Numeric,
    sharding: Numeric,
    sharded_parameters: Numeric,
    held_parameters: Numeric,
    held_experts: Numeric,
    memory_rate: Numeric,
    trainable_share: Numeric,
    hidden: Numeric,
    multiply_rate: Numeric,
    offload: Numeric,
    host_optimizer_time: Numeric,
) -> Numeric:
    """Time to update the weights: states pass through memory once, and Muon multiplies each matrix [s].

    Adam moves 36 bytes for each parameter that the device updates, 8-bit Adam 24, Adafactor and SGD 22, Muon
    28; its five iterations of three products take 15 h multiply-adds for each parameter.

    Parameters
    ----------
    optimizer_start
        Fixed time [s].
    optimizer
        0 Adam, 1 8-bit Adam, 2 Adafactor, 3 Muon, 4 SGD with momentum.
    half_bytes
        Bytes of a 16-bit number [B].
    sharding
        ZeRO stage; from 1 on each device updates its part.
    sharded_parameters, held_parameters, held_experts
        Parameters of the device when shared out, and when not [1].
    memory_rate
        Achieved memory bandwidth [B/s].
    trainable_share
        Trained parameters for each parameter [1].
    hidden, multiply_rate
        Width of the residual stream, and multiply-adds in a second [1, 1/s].
    offload, host_optimizer_time
        1 or 2 where the host keeps the states, and the time of its update [1, s].
    """
    updated = trainable_share * where(sharding >= 1.0, sharded_parameters, held_parameters + held_experts)
    passes = gather((18.0, 12.0, 11.0, 14.0, 11.0), optimizer) * half_bytes * updated / memory_rate
    products = gather((0.0, 0.0, 0.0, 15.0, 0.0), optimizer) * hidden * updated / multiply_rate
    own = optimizer_start + passes + products
    return where(gather((0.0, 1.0, 1.0, 0.0), offload) > 0.0, host_optimizer_time, own)


@quantity(
    "1",
    N_("Stragglers"),
    source="planning value: slow-down for each doubling of the nodes",
    path="time.spread",
)
def spread(
    jitter: Numeric,
    devices: Numeric,
    devices_per_node: Numeric,
    copies_jitter: Numeric,
    sharded_copies: Numeric,
) -> Numeric:
    """Factor by which waiting for the slowest node lengthens a step [1].

    Parameters
    ----------
    jitter
        Slow-down for each doubling [1].
    devices, devices_per_node
        Accelerators of the run and of a node [1].
    copies_jitter, sharded_copies
        Slow-down for each doubling of the groups that hold all states, and their number [1].
    """
    nodes = log2(maximum(devices / devices_per_node, 1.0))
    return 1.0 + jitter * nodes + copies_jitter * log2(maximum(sharded_copies, 1.0))


@quantity(
    "s", N_("Step, predicted"), source="arXiv:2104.04473, section 2.2", path="time.predicted_step", symbol="T"
)
def predicted_step_time(
    micro_batches: Numeric,
    slowest_stage: Numeric,
    point_to_point: Numeric,
    bubble_time: Numeric,
    exposed_gradients: Numeric,
    optimizer_time: Numeric,
    spread: Numeric,
    beside_time: Numeric,
) -> Numeric:
    """Time of one optimizer step [s].

    Parameters
    ----------
    micro_batches
        Micro-batches of each pipeline [1].
    slowest_stage, point_to_point, bubble_time
        One micro-batch on the slowest stage, handing it on, and the bubble [s].
    exposed_gradients, optimizer_time
        Gradients that are not hidden, and the optimizer [s].
    spread
        Factor for stragglers [1].
    beside_time
        Other models, and writing answers [s].
    """
    pipelined = micro_batches * (slowest_stage + point_to_point) + bubble_time
    return spread * (pipelined + exposed_gradients + optimizer_time + beside_time)


@quantity("s", N_("Step: computing"), source="definition: part of the step", path="time.step_compute")
def step_compute(
    micro_batches: Numeric,
    layers: Numeric,
    layer_compute: Numeric,
    tail_time: Numeric,
    pipeline: Numeric,
    optimizer_time: Numeric,
) -> Numeric:
    """Part of a step in which an average device computes [s].

    Parameters
    ----------
    micro_batches, layers, pipeline
        Micro-batches, transformer blocks and stages [1].
    layer_compute, tail_time, optimizer_time
        Computing of a layer, what comes behind the last one, and the optimizer [s].
    """
    return micro_batches * (layers * layer_compute + tail_time) / pipeline + optimizer_time


@quantity(
    "s", N_("Step: communication"), source="definition: part of the step", path="time.step_communication"
)
def step_communication(
    micro_batches: Numeric,
    layers: Numeric,
    pipeline: Numeric,
    layer_communication: Numeric,
    exposed_gather: Numeric,
    point_to_point: Numeric,
    exposed_gradients: Numeric,
) -> Numeric:
    """Part of a step in which a device waits for data of others [s].

    Parameters
    ----------
    micro_batches, layers, pipeline
        Micro-batches, transformer blocks and stages [1].
    layer_communication, exposed_gather, point_to_point, exposed_gradients
        Communication in a layer, gathering, between stages, and of gradients [s].
    """
    inside = layers / pipeline * (layer_communication + exposed_gather)
    return micro_batches * (inside + point_to_point) + exposed_gradients


@quantity("s", N_("Step: bubble"), source="definition: part of the step", path="time.step_bubble")
def step_bubble(
    bubble_time: Numeric, micro_batches: Numeric, slowest_stage: Numeric, average_stage: Numeric
) -> Numeric:
    """Part of a step in which a stage waits for other stages [s].

    Parameters
    ----------
    bubble_time
        Filling and draining the pipeline [s].
    micro_batches
        Micro-batches of each pipeline [1].
    slowest_stage, average_stage
        One micro-batch on the slowest and on an average stage [s].
    """
    return bubble_time + micro_batches * (slowest_stage - average_stage)


@quantity("s", N_("Step: host"), source="definition: part of the step", path="time.step_host")
def step_host(
    micro_batches: Numeric,
    layers: Numeric,
    pipeline: Numeric,
    layer_time: Numeric,
    layer_compute: Numeric,
    layer_communication: Numeric,
) -> Numeric:
    """Part of a step in which a device waits for its host [s].

    Parameters
    ----------
    micro_batches, layers, pipeline
        Micro-batches, transformer blocks and stages [1].
    layer_time, layer_compute, layer_communication
        A layer, and what of it is computing and communication [s].
    """
    return micro_batches * layers / pipeline * (layer_time - layer_compute - layer_communication)


@quantity("s", N_("Step: stragglers"), source="definition: part of the step", path="time.step_spread")
def step_spread(predicted_step_time: Numeric, spread: Numeric) -> Numeric:
    """Part of a step in which all wait for the slowest node [s].

    Parameters
    ----------
    predicted_step_time
        The step [s].
    spread
        Factor for stragglers [1].
    """
    return predicted_step_time * (1.0 - 1.0 / spread)


@quantity("1", N_("What limits a step"), source="definition: the largest part", path="time.limited_by")
def step_limited_by(
    step_compute: Numeric, step_communication: Numeric, step_bubble: Numeric, step_host: Numeric
) -> Numeric:
    """Which part of a step is the largest: 0 computing, 1 communication, 2 bubble, 3 host.

    Parameters
    ----------
    step_compute, step_communication, step_bubble, step_host
        The parts [s].
    """
    first = where(step_communication > step_compute, 1.0, 0.0)
    second = where(step_host > step_bubble, 3.0, 2.0)
    larger = maximum(step_communication, step_compute)
    return where(maximum(step_bubble, step_host) > larger, second, first)
