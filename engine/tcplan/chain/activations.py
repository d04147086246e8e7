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
    element_bytes: Numeric, attention_kernel: Numeric, heads: Numeric, sequence: Numeric, tensor: Numeric
) -> Numeric:
    """Bytes of the attention core kept for a token and layer; selective recomputation frees them [B].

    5 a s unfused (softmax, its dropout and the mask), 4 a fused (one 32-bit sum for each head).

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    attention_kernel
        0 fused, 1 unfused.
    heads, sequence, tensor
        Heads, tokens of a sequence, and devices that share each matrix [1].
    """
    return element_bytes * heads / tensor * where(attention_kernel >= 1.0, 2.5 * sequence, 2.0)


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


@quantity("B", N_("Activations of a token and layer"), source=_ACTIVATIONS, path="memory.token_activation")
def token_activation(
    element_bytes: Numeric,
    attention_kernel: Numeric,
    residual_width: Numeric,
    query_width: Numeric,
    key_width: Numeric,
    value_width: Numeric,
    output_width: Numeric,
    tensor: Numeric,
    score_activation: Numeric,
    feed_forward_activation: Numeric,
    companion_activation: Numeric,
) -> Numeric:
    """Bytes kept for a token in one layer when nothing is recomputed [B].

    Unfused with dropout this is the published s b h (10 + 24/t + 5 a s/(h t)) of a plain layer with f = 4 h;
    the fused kernels of today keep no dropout masks, which leaves 8 h outside the matrices.

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    attention_kernel
        0 fused, 1 unfused.
    residual_width, query_width, key_width, value_width, output_width
        Widths that are kept [1].
    tensor
        Devices that share each matrix [1].
    score_activation, feed_forward_activation
        Bytes of the attention core and inside the feed-forward [B].
    companion_activation
        Bytes beside the layer [B].
    """
    projections = (query_width + key_width + value_width + output_width) / tensor
    kept = element_bytes * ((4.0 + attention_kernel) * residual_width + projections)
    return kept + score_activation + feed_forward_activation + companion_activation


@quantity(
    "B",
    N_("Activations of a layer"),
    source="arXiv:2205.05198, section 5",
    path="memory.layer_activation",
    shown="GiB",
)
def layer_activation(
    recompute: Numeric,
    element_bytes: Numeric,
    residual_width: Numeric,
    token_activation: Numeric,
    score_activation: Numeric,
    local_tokens: Numeric,
) -> Numeric:
    """Activations of one micro-batch that a layer keeps until its backward pass [B].

    Parameters
    ----------
    recompute
        0 nothing is recomputed, 1 the attention core, 2 whole layers from their input.
    element_bytes
        Bytes of a 16-bit number [B].
    residual_width
        Width of the residual stream that a device keeps [1].
    token_activation, score_activation
        Bytes of a token and layer, and those of the attention core [B].
    local_tokens
        Tokens of a micro-batch on one device [1].
    """
    some = token_activation - minimum(recompute, 1.0) * score_activation
    return local_tokens * where(recompute >= 2.0, element_bytes * residual_width, some)


@quantity(
    "B",
    N_("Activations at work"),
    source="arXiv:2205.05198, section 5",
    path="memory.live_activation",
    shown="GiB",
)
def live_activation(recompute: Numeric, token_activation: Numeric, local_tokens: Numeric) -> Numeric:
    """Activations of the one layer that is being recomputed as a whole [B].

    Parameters
    ----------
    recompute
        0 none, 1 the attention core, 2 whole layers.
    token_activation
        Bytes of a token and layer [B].
    local_tokens
        Tokens of a micro-batch on one device [1].
    """
    return where(recompute >= 2.0, 1.0, 0.0) * local_tokens * token_activation


@quantity(
    "1",
    N_("Micro-batches in flight, first stage"),
    source="arXiv:2205.05198, section 4.2.3",
    path="memory.first_in_flight",
)
def first_in_flight(micro_batches: Numeric, pipeline: Numeric, interleave: Numeric) -> Numeric:
    """Micro-batches whose activations the first stage holds at once [1].

    Parameters
    ----------
    micro_batches, pipeline, interleave
        Micro-batches of a step, stages, and virtual stages of each [1].
    """
    return minimum(micro_batches, pipeline + where(interleave > 1.0, (pipeline - 1.0) / interleave, 0.0))


@quantity(
    "1",
    N_("Micro-batches in flight, last stage"),
    source="arXiv:2205.05198, section 4.2.3",
    path="memory.last_in_flight",
)
def last_in_flight(micro_batches: Numeric, pipeline: Numeric, interleave: Numeric) -> Numeric:
    """Micro-batches whose activations the last stage holds at once, one without virtual stages [1].

    Parameters
    ----------
    micro_batches, pipeline, interleave
        Micro-batches of a step, stages, and virtual stages of each [1].
    """
    return minimum(micro_batches, (1.0 + (interleave - 1.0) * pipeline) / interleave)


@quantity(
    "B", N_("Logits"), source="32-bit logits with a fused cross-entropy", path="memory.logits", shown="GiB"
)
def logit_memory(
    gradient_bytes: Numeric,
    local_tokens: Numeric,
    head_share: Numeric,
    head_width: Numeric,
    predicted_tokens: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Output of the head for one micro-batch, on the last stage [B].

    Parameters
    ----------
    gradient_bytes
        Bytes of a 32-bit number [B].
    local_tokens, head_share, head_width
        Tokens on one device, positions of each that pass the head, and its outputs [1].
    predicted_tokens, tensor
        Further tokens that are predicted, and devices that share each matrix [1].
    """
    return (1.0 + predicted_tokens) * gradient_bytes * head_share * local_tokens * head_width / tensor


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
) -> Numeric:
    """Activations that a device of the last stage holds at most, logits included [B].

    Parameters
    ----------
    stage_layers, last_in_flight
        Layers of the stage, and micro-batches in flight [1].
    layer_activation, live_activation, logit_memory
        Activations of one layer and micro-batch, those at work, and the logits [B].
    """
    return stage_layers * layer_activation * last_in_flight + live_activation + logit_memory


@quantity("B", N_("Activations"), source=_ACTIVATIONS, path="memory.activations", shown="GiB")
def memory_activations(first_activations: Numeric, last_activations: Numeric) -> Numeric:
    """Activations on the stage that holds most [B].

    Parameters
    ----------
    first_activations, last_activations
        Activations of the first and of the last stage [B].
    """
    return maximum(first_activations, last_activations)


@quantity("1", N_("Stage with most activations"), source="definition", path="memory.limited_by")
def activations_limited_by(first_activations: Numeric, last_activations: Numeric) -> Numeric:
    """Which stage sets the activations: 0 the first, 1 the last.

    Parameters
    ----------
    first_activations, last_activations
        Activations of the first and of the last stage [B].
    """
    return where(last_activations > first_activations, 1.0, 0.0)
