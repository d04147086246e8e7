"""Activations that one device keeps for the backward pass; every function broadcasts."""

from tcplan.chain.elementwise import maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_ACTIVATIONS = "arXiv:2205.05198, section 4"


@quantity("1", N_("Residual width"), source="arXiv:2205.05198, section 4.2.2", path="memory.residual_width")
def residual_width(hidden: Numeric, tensor: Numeric, sequence_parallel: Numeric) -> Numeric:
    """Width of the residual stream that a device keeps of a token: all, or its part [1].

    Parameters
    ----------
    hidden, tensor
        Width, and devices that share each matrix [1].
    sequence_parallel
        1 when norms and residuals are split over these devices too, else 0.
    """
    return hidden / (1.0 + sequence_parallel * (tensor - 1.0))


@quantity(
    "B",
    N_("Attention scores kept"),
    source="arXiv:2205.05198, equation 1; arXiv:2205.14135, section 3.1",
    path="memory.score_activation",
)
def score_activation(
    element_bytes: Numeric,
    attention_kernel: Numeric,
    dropout: Numeric,
    heads: Numeric,
    sequence: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of the attention core kept for a token and layer; selective recomputation frees them [B].

    Unfused 2 a s of the softmax, with dropout 3 a s for its result and mask; fused 4 a, a 32-bit sum a head.

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    attention_kernel
        0 fused, 1 unfused.
    dropout
        Share of values that dropout sets to nothing [1].
    heads, sequence, tensor
        Heads, tokens of a sequence, and devices that share each matrix [1].
    """
    unfused = where(dropout > 0.0, 2.5, 1.0) * sequence
    return element_bytes * heads / tensor * where(attention_kernel >= 1.0, unfused, 2.0)


@quantity(
    "B",
    N_("Gradient of attention scores"),
    source="arXiv:2205.14135, algorithm 4: without fusing, gradients of all scores are written out",
    path="memory.score_gradient",
)
def score_gradient(
    element_bytes: Numeric, attention_kernel: Numeric, heads: Numeric, sequence: Numeric, tensor: Numeric
) -> Numeric:
    """Bytes for a token at work on the way back through an unfused attention core, which writes in place [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    attention_kernel
        0 fused, 1 unfused.
    heads, sequence, tensor
        Heads, tokens of a sequence, and devices that share each matrix [1].
    """
    return where(attention_kernel >= 1.0, 1.0, 0.0) * element_bytes * heads * sequence / tensor


@quantity(
    "B", N_("Feed-forward activations kept"), source=_ACTIVATIONS, path="memory.feed_forward_activation"
)
def feed_forward_activation(
    element_bytes: Numeric, gated: Numeric, feed_forward: Numeric, tensor: Numeric
) -> Numeric:
    """Bytes kept for a token inside the feed-forward of one layer [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    gated
        1 when gated, else 0.
    feed_forward, tensor
        Width of the layer, and devices that share each matrix [1].
    """
    return element_bytes * (2.0 + gated) * feed_forward / tensor


@quantity(
    "B",
    N_("Dropout masks kept"),
    source="arXiv:2205.05198, section 4.1: one byte for each value",
    path="memory.mask_activation",
)
def mask_activation(half_bytes: Numeric, dropout: Numeric, residual_width: Numeric) -> Numeric:
    """Bytes of the two dropout masks on the residual stream kept for a token [B].

    Parameters
    ----------
    half_bytes
        Bytes of a 16-bit number, as many as of both masks [B].
    dropout
        Share of values that dropout sets to nothing [1].
    residual_width
        Width of the residual stream that a device keeps [1].
    """
    return where(dropout > 0.0, 1.0, 0.0) * half_bytes * residual_width


@quantity(
    "B",
    N_("Projections kept"),
    source=f"{_ACTIVATIONS}; arXiv:2205.14135, section 3.1",
    path="memory.projection_activation",
)
def projection_activation(
    element_bytes: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes of queries, keys, values and the result of attention kept for a token and layer [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    query_width, key_width, value_width, output_width, tensor
        Widths that are kept, and devices that share each matrix [1].
    """
    return element_bytes * (query_width + key_width + value_width + output_width) / tensor


@quantity("B", N_("Activations of a token and layer"), source=_ACTIVATIONS, path="memory.token_activation")
def token_activation(
    element_bytes: Numeric,
    residual_width: Numeric,
    mask_activation: Numeric,
    projection_activation: Numeric,
    score_activation: Numeric,
    feed_forward_activation: Numeric,
    companion_activation: Numeric,
) -> Numeric:
    """Bytes kept for a token in one layer when nothing is recomputed [B].

    With dropout this is the published s b h (10 + 24/t + 5 a s/(h t)) of a plain unfused layer with f = 4 h;
    without masks 8 h are left outside the matrices: two norms, each with its input and its output.

    Parameters
    ----------
    element_bytes
        Bytes of a number [B].
    residual_width
        Width of the residual stream that a device keeps [1].
    mask_activation, projection_activation, score_activation, feed_forward_activation
        Bytes of masks, around attention, of its core and inside the feed-forward [B].
    companion_activation
        Bytes beside the layer [B].
    """
    kept = 4.0 * element_bytes * residual_width + mask_activation + projection_activation
    return kept + score_activation + feed_forward_activation + companion_activation


@quantity(
    "B",
    N_("Latent projections freed"),
    source="definition: none where attention does not compress",
    path="memory.expansion_activation",
)
def expansion_activation() -> Numeric:
    """Bytes for a token that computing the up-projections of latent attention again frees [B]."""
    return 0.0


@quantity(
    "B",
    N_("Routed activations"),
    source="definition: none in a dense model",
    path="memory.routed_activation",
)
def routed_activation() -> Numeric:
    """Bytes kept for a token between dispatch and combination of an average layer [B]."""
    return 0.0


@quantity(
    "B",
    N_("Results of activation functions"),
    source="definition: none in a dense model",
    path="memory.function_activation",
)
def function_activation() -> Numeric:
    """Bytes for a token that computing the activation function of experts again frees [B]."""
    return 0.0


@quantity(
    "B",
    N_("Freed by selective recomputation"),
    source="arXiv:2205.05198, section 5; arXiv:2412.19437, section 3.2.3",
    path="memory.freed_activation",
)
def freed_activation(
    element_bytes: Numeric,
    residual_width: Numeric,
    recompute_core: Numeric,
    score_activation: Numeric,
    recompute_norms: Numeric,
    recompute_projections: Numeric,
    expansion_activation: Numeric,
    recompute_experts: Numeric,
    routed_activation: Numeric,
    recompute_activation: Numeric,
    function_activation: Numeric,
) -> Numeric:
    """Bytes for a token and layer that are not kept because what is selected is computed again [B].

    Parameters
    ----------
    element_bytes, residual_width
        Bytes of a number, and width of the residual stream, of which two norms have their results [B, 1].
    recompute_core, recompute_norms, recompute_projections, recompute_experts, recompute_activation
        1 where the part is selected, else 0.
    score_activation, expansion_activation, routed_activation, function_activation
        Bytes of attention core, latent up-projections, routed experts and their activation function [B].
    """
    norms = recompute_norms * 2.0 * element_bytes * residual_width
    attention = recompute_core * score_activation + recompute_projections * expansion_activation
    function = maximum(recompute_activation - recompute_experts, 0.0) * function_activation
    return norms + attention + recompute_experts * routed_activation + function


@quantity("1", N_("Activations kept by the stack"), source="measured by stack", path="memory.kept_share")
def kept_share(activation_factor: Numeric, compiled: Numeric, compiled_activation: Numeric) -> Numeric:
    """Bytes that a stack keeps for each byte that fused kernels need [1].

    Parameters
    ----------
    activation_factor, compiled, compiled_activation
        What it keeps kernel by kernel, 1 where a compiler fuses them, and what is left then [1].
    """
    return activation_factor * where(compiled >= 1.0, compiled_activation, 1.0)


@quantity(
    "B",
    N_("Activations of a layer"),
    source="arXiv:2205.05198, section 5",
    path="memory.layer_activation",
    shown="GiB",
)
def layer_activation(
    recompute: Numeric,
    layers_again: Numeric,
    element_bytes: Numeric,
    residual_width: Numeric,
    token_activation: Numeric,
    freed_activation: Numeric,
    local_tokens: Numeric,
    kept_share: Numeric,
    offload: Numeric,
) -> Numeric:
    """Activations of one micro-batch that an average layer keeps until its backward pass [B].

    Parameters
    ----------
    recompute, layers_again
        0 nothing is recomputed, 1 what is selected, 2 whole layers from their input; and their share [1].
    element_bytes, residual_width
        Bytes of a number, and width of the residual stream that a device keeps [B, 1].
    token_activation, freed_activation
        Bytes of a token and layer, and those that selective recomputation frees [B].
    local_tokens
        Tokens of a micro-batch on one device [1].
    kept_share
        What the stack keeps for each byte that fused kernels need [1].
    offload
        3 where the host keeps activations.
    """
    some = kept_share * (token_activation - minimum(recompute, 1.0) * freed_activation)
    rest = (1.0 - layers_again) * kept_share * token_activation
    whole = layers_again * element_bytes * residual_width + rest
    kept = where(recompute >= 2.0, whole, some)
    return where(offload >= 3.0, 0.0, 1.0) * local_tokens * kept


@quantity(
    "B",
    N_("Activations at work"),
    source="arXiv:2205.05198, section 5",
    path="memory.live_activation",
    shown="GiB",
)
def live_activation(
    recompute: Numeric,
    token_activation: Numeric,
    freed_activation: Numeric,
    local_tokens: Numeric,
    live_factor: Numeric,
    offload: Numeric,
    score_gradient: Numeric,
) -> Numeric:
    """Activations of one layer that are computed again, all or those selected, or loaded from the host [B].

    Gradients of attention scores are beside them where attention is unfused.

    Parameters
    ----------
    recompute
        0 none, 1 what is selected, 2 whole layers.
    token_activation, freed_activation
        Bytes of a token and layer, and those of them that selective recomputation frees [B].
    local_tokens
        Tokens of a micro-batch on one device [1].
    live_factor
        Bytes at work for each byte that is kept [1].
    offload
        3 where the host keeps activations: one layer is at work while the next one is loaded, unless only
        inputs of layers are.
    score_gradient
        Bytes of the gradient of a token's attention scores [B].
    """
    freed = minimum(recompute, 1.0) * freed_activation
    again = where(recompute >= 2.0, token_activation, freed)
    loaded = where(offload >= 3.0, where(recompute >= 2.0, 0.0, 2.0), 0.0) * (token_activation - freed)
    return local_tokens * (live_factor * again + loaded + score_gradient)


@quantity(
    "1",
    N_("Micro-batches in flight, first stage"),
    source="arXiv:2205.05198, section 4.2.3",
    path="memory.first_in_flight",
)
def first_in_flight(
    micro_batches: Numeric, pipeline: Numeric, interleave: Numeric, schedule: Numeric
) -> Numeric:
    """Micro-batches whose activations the first stage holds at once; one more in DualPipe [1].

    Parameters
    ----------
    micro_batches, pipeline, interleave
        Micro-batches of a step, stages, and virtual stages of each [1].
    schedule
        0 1F1B, 1 zero bubble with the memory of 1F1B, 2 DualPipe.
    """
    further = where(interleave > 1.0, (pipeline - 1.0) / interleave, 0.0)
    most = pipeline + where(schedule >= 2.0, where(pipeline > 1.0, 1.0, 0.0), further)
    return minimum(micro_batches, most)


@quantity(
    "1",
    N_("Micro-batches in flight, last stage"),
    source="arXiv:2205.05198, section 4.2.3",
    path="memory.last_in_flight",
)
def last_in_flight(
    micro_batches: Numeric,
    pipeline: Numeric,
    interleave: Numeric,
    schedule: Numeric,
    first_in_flight: Numeric,
) -> Numeric:
    """Micro-batches whose activations the last stage holds at once, one without virtual stages [1].

    Parameters
    ----------
    micro_batches, pipeline, interleave
        Micro-batches of a step, stages, and virtual stages of each [1].
    schedule, first_in_flight
        0 1F1B, 1 zero bubble, 2 DualPipe, whose last stage is a first one too; and what that one holds [1].
    """
    alone = minimum(micro_batches, (1.0 + (interleave - 1.0) * pipeline) / interleave)
    return where(schedule >= 2.0, first_in_flight, alone)


@quantity(
    "B",
    N_("Activations of the first stage"),
    source=_ACTIVATIONS,
    path="memory.first_activations",
    shown="GiB",
)
def first_activations(
    stage_layers: Numeric, layer_activation: Numeric, first_in_flight: Numeric, live_activation: Numeric
) -> Numeric:
    """Activations that a device of the first stage holds at most [B].

    Parameters
    ----------
    stage_layers, first_in_flight
        Layers of the stage, and micro-batches in flight [1].
    layer_activation, live_activation
        Activations of one layer and micro-batch, and those at work [B].
    """
    return stage_layers * layer_activation * first_in_flight + live_activation


@quantity(
    "B", N_("Activations of the last stage"), source=_ACTIVATIONS, path="memory.last_activations", shown="GiB"
)
def last_activations(
    stage_layers: Numeric,
    layer_activation: Numeric,
    last_in_flight: Numeric,
    live_activation: Numeric,
    logit_memory: Numeric,
    head_gradient_memory: Numeric,
) -> Numeric:
    """Activations that a device of the last stage holds at most, logits included [B].

    A layer is only computed again once the logits are free.

    Parameters
    ----------
    stage_layers, last_in_flight
        Layers of the stage, and micro-batches in flight [1].
    layer_activation, live_activation, logit_memory, head_gradient_memory
        Activations of one layer and micro-batch, those at work, the logits and the head's gradient [B].
    """
    head = maximum(live_activation, logit_memory + head_gradient_memory)
    return stage_layers * layer_activation * last_in_flight + head


@quantity("B", N_("Activations"), source=_ACTIVATIONS, path="memory.activations", shown="GiB")
def memory_activations(
    first_activations: Numeric, last_activations: Numeric, update_memory: Numeric
) -> Numeric:
    """Activations on the stage that holds most, or the work space of the update where that is larger [B].

    Parameters
    ----------
    first_activations, last_activations, update_memory
        Activations of the first and of the last stage, and what the update needs once they are free [B].
    """
    return maximum(maximum(first_activations, last_activations), update_memory)


@quantity("1", N_("Stage with most activations"), source="definition", path="memory.limited_by")
def activations_limited_by(first_activations: Numeric, last_activations: Numeric) -> Numeric:
    """Which stage sets the activations: 0 the first, 1 the last.

    Parameters
    ----------
    first_activations, last_activations
        Activations of the first and of the last stage [B].
    """
    return where(last_activations > first_activations, 1.0, 0.0)
