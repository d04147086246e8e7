"""Mixture of experts: routed and shared experts in place of some dense feed-forward layers."""

from tcplan.chain.elementwise import clip, maximum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_EXPERTS = "arXiv:2401.06066, section 3"
_SHARED_OUT = "arXiv:2006.16668, section 3"


@quantity("1", N_("Sparse layers"), source="definition", path="model.sparse_layers")
def sparse_layers(layers: Numeric, dense_layers: Numeric) -> Numeric:
    """Layers with experts [1].

    Parameters
    ----------
    layers, dense_layers
        All transformer blocks, and those with a dense feed-forward [1].
    """
    return layers - dense_layers


@quantity(
    "1",
    N_("Width that experts see"),
    source="definition: that of the residual stream",
    path="model.expert_width",
)
def expert_width(hidden: Numeric) -> Numeric:
    """Width of what is sent to routed experts [1].

    Parameters
    ----------
    hidden
        Width of the residual stream [1].
    """
    return hidden


@quantity(
    "1",
    N_("Compression before experts"),
    source="definition: a product in, a product out",
    path="model.compression",
)
def expert_compression(hidden: Numeric, expert_width: Numeric) -> Numeric:
    """Weights that compress tokens for the experts of a layer, and widen what comes back; 0 for none [1].

    Parameters
    ----------
    hidden, expert_width
        Widths of the residual stream, and of what experts see [1].
    """
    return where(expert_width < hidden, 2.0 * hidden * expert_width, 0.0)


@quantity("1", N_("Weights of one expert"), source=_EXPERTS, path="model.expert_weights")
def expert_weights(expert_width: Numeric, expert_feed_forward: Numeric, gated: Numeric) -> Numeric:
    """Weights of one routed expert [1].

    Parameters
    ----------
    expert_width, expert_feed_forward
        Widths of what an expert sees and of an expert [1].
    gated
        1 when gated, else 0.
    """
    return (2.0 + gated) * expert_width * expert_feed_forward


@quantity("1", N_("Biases of one expert"), source=_EXPERTS, path="model.expert_vectors")
def expert_vectors(
    biases: Numeric, expert_width: Numeric, expert_feed_forward: Numeric, gated: Numeric
) -> Numeric:
    """Biases of one routed expert [1].

    Parameters
    ----------
    biases
        2 when every linear layer has one.
    expert_width, expert_feed_forward
        Widths of what an expert sees and of an expert [1].
    gated
        1 when gated, else 0.
    """
    return maximum(biases - 1.0, 0.0) * ((1.0 + gated) * expert_feed_forward + expert_width)


@quantity("1", N_("Width of the shared experts"), source=_EXPERTS, path="model.shared_width")
def shared_width(shared_experts: Numeric, shared_feed_forward: Numeric) -> Numeric:
    """Feed-forward width that every token passes in a sparse layer [1].

    Parameters
    ----------
    shared_experts, shared_feed_forward
        Experts that every token visits, and the width of one [1].
    """
    return where(shared_experts > 0.0, shared_experts * shared_feed_forward, 0.0)


@quantity("1", N_("Router and shared experts"), source=_EXPERTS, path="model.common_weights")
def common_weights(
    hidden: Numeric, experts: Numeric, shared_width: Numeric, gated: Numeric, expert_compression: Numeric
) -> Numeric:
    """Feed-forward weights of a sparse layer that every token meets [1].

    Parameters
    ----------
    hidden, experts, shared_width
        Width, routed experts, and width of the shared ones [1].
    gated
        1 when gated, else 0.
    expert_compression
        Weights that compress tokens for experts [1].
    """
    return hidden * experts + (2.0 + gated) * hidden * shared_width + expert_compression


@quantity("1", N_("Dense feed-forward parameters"), source="definition", path="model.dense_parameters")
def dense_parameters(dense_layers: Numeric, dense_weights: Numeric, dense_vectors: Numeric) -> Numeric:
    """Feed-forward parameters of the dense layers; 0 where there are none [1].

    Parameters
    ----------
    dense_layers, dense_weights, dense_vectors
        Layers, and weights and biases of one [1].
    """
    return where(dense_layers > 0.0, dense_layers * (dense_weights + dense_vectors), 0.0)


@quantity("1", N_("Feed-forward parameters"), source=_EXPERTS, path="model.feed_forward_parameters")
def feed_forward_parameters(
    dense_parameters: Numeric,
    sparse_layers: Numeric,
    common_weights: Numeric,
    experts: Numeric,
    expert_weights: Numeric,
    expert_vectors: Numeric,
) -> Numeric:
    """Feed-forward parameters of all layers, every expert counted [1].

    Parameters
    ----------
    dense_parameters
        Those of the dense layers [1].
    sparse_layers, common_weights
        Layers with experts, and the router and shared experts of one [1].
    experts, expert_weights, expert_vectors
        Routed experts, and weights and biases of one [1].
    """
    return dense_parameters + sparse_layers * (common_weights + experts * (expert_weights + expert_vectors))


@quantity(
    "1",
    N_("Feed-forward parameters that a token visits"),
    source=_EXPERTS,
    path="model.active_feed_forward_parameters",
)
def active_feed_forward_parameters(
    dense_parameters: Numeric,
    sparse_layers: Numeric,
    common_weights: Numeric,
    experts_per_token: Numeric,
    expert_weights: Numeric,
    expert_vectors: Numeric,
) -> Numeric:
    """Feed-forward parameters that one token passes through [1].

    Parameters
    ----------
    dense_parameters
        Those of the dense layers [1].
    sparse_layers, common_weights
        Layers with experts, and the router and shared experts of one [1].
    experts_per_token, expert_weights, expert_vectors
        Experts that a token visits, and weights and biases of one [1].
    """
    visited = experts_per_token * (expert_weights + expert_vectors)
    return dense_parameters + sparse_layers * (common_weights + visited)


@quantity(
    "1",
    N_("Feed-forward weights that a token is multiplied with"),
    source=_EXPERTS,
    path="model.feed_forward_products",
)
def feed_forward_products(
    dense_layers: Numeric,
    dense_weights: Numeric,
    sparse_layers: Numeric,
    common_weights: Numeric,
    experts_per_token: Numeric,
    expert_weights: Numeric,
) -> Numeric:
    """Feed-forward weights in the matrix products of one token, biases apart [1].

    Parameters
    ----------
    dense_layers, dense_weights
        Dense layers, and the weights of one [1].
    sparse_layers, common_weights
        Layers with experts, and the router and shared experts of one [1].
    experts_per_token, expert_weights
        Experts that a token visits, and the weights of one [1].
    """
    dense = where(dense_layers > 0.0, dense_layers * dense_weights, 0.0)
    return dense + sparse_layers * (common_weights + experts_per_token * expert_weights)


@quantity(
    "1",
    N_("Usual batch"),
    source="batches of published runs: arXiv:2409.02060, arXiv:2405.04434, arXiv:2412.19437",
    path="training.usual_batch",
    shown="tokens",
)
def usual_batch(parameters: Numeric) -> Numeric:
    """Tokens in one step of published sparse models of this size [1].

    2 million up to 1.5 billion parameters, 4 million from 7 to 47 billion, 32 million from 236 billion on; a
    power law joins them.

    Parameters
    ----------
    parameters
        Parameters of the model [1].
    """
    small = clip((parameters / 7e9) ** 0.45, 0.5, 1.0)
    return 4e6 * small * clip((parameters / 47e9) ** 1.29, 1.0, 8.0)


@quantity("1", N_("Share of sparse layers"), source="definition", path="model.sparse_share")
def sparse_share(sparse_layers: Numeric, layers: Numeric) -> Numeric:
    """Share of the layers that have experts [1].

    Parameters
    ----------
    sparse_layers, layers
        Layers with experts, and all layers [1].
    """
    return sparse_layers / layers


@quantity("1", N_("Parameters of a layer"), source="definition", path="memory.layer_parameters")
def layer_parameters(
    layers: Numeric,
    attention_weights: Numeric,
    attention_vectors: Numeric,
    norm_width: Numeric,
    dense_parameters: Numeric,
    sparse_share: Numeric,
    common_weights: Numeric,
    companion_parameters: Numeric,
) -> Numeric:
    """Parameters of an average layer, routed experts apart [1].

    Parameters
    ----------
    layers
        Transformer blocks [1].
    attention_weights, attention_vectors, norm_width
        Parameters of one layer's attention and of one norm [1].
    dense_parameters, sparse_share, common_weights
        Dense feed-forward parameters, share of sparse layers, and router and shared experts [1].
    companion_parameters
        Parameters beside the layers [1].
    """
    attention = attention_weights + attention_vectors + 2.0 * norm_width
    return attention + (dense_parameters + companion_parameters) / layers + sparse_share * common_weights


@quantity(
    "1", N_("Sparse layers of the fullest stage"), source=_SHARED_OUT, path="memory.stage_sparse_layers"
)
def stage_sparse_layers(
    stage_layers: Numeric, sparse_share: Numeric, dense_layers: Numeric, pipeline: Numeric
) -> Numeric:
    """Layers with experts on the stage that has most: all where the dense ones stand on the first stage [1].

    Parameters
    ----------
    stage_layers, sparse_share
        Layers of the fullest stage, and the share of all layers that has experts [1].
    dense_layers, pipeline
        Layers without experts, and stages [1].
    """
    first = where(pipeline > 1.0, 1.0, 0.0) * where(dense_layers <= stage_layers, 1.0, 0.0)
    return stage_layers * (sparse_share + first * (1.0 - sparse_share))


@quantity("1", N_("Routed experts held"), source=_SHARED_OUT, path="memory.held_experts")
def held_experts(
    stage_sparse_layers: Numeric,
    experts: Numeric,
    expert: Numeric,
    expert_weights: Numeric,
    expert_vectors: Numeric,
) -> Numeric:
    """Parameters of routed experts that one device holds before sharding [1].

    Parameters
    ----------
    stage_sparse_layers
        Layers with experts of the fullest stage [1].
    experts, expert
        Routed experts, and devices that share them [1].
    expert_weights, expert_vectors
        Weights and biases of one [1].
    """
    return stage_sparse_layers * experts / expert * (expert_weights + expert_vectors)


@quantity("1", N_("Devices with the same experts"), source=_SHARED_OUT, path="memory.expert_shards")
def expert_shards(data: Numeric, context: Numeric, tensor: Numeric, expert: Numeric) -> Numeric:
    """Devices that hold the same routed experts and share their states [1].

    Parameters
    ----------
    data, context, tensor, expert
        Degrees of parallelism [1].
    """
    return maximum(data * context * tensor / expert, 1.0)


@quantity(
    "B",
    N_("Routed activations"),
    source="arXiv:2211.15841, section 5; arXiv:2205.05198, section 4",
    path="memory.routed_activation",
)
def routed_activation(
    element_bytes: Numeric,
    gated: Numeric,
    sparse_share: Numeric,
    experts_per_token: Numeric,
    expert_width: Numeric,
    expert_feed_forward: Numeric,
    tensor: Numeric,
    routing_imbalance: Numeric,
) -> Numeric:
    """Bytes that the busiest device keeps for a token between dispatch and combination of a layer [B].

    A token is kept for each expert that it visits, with what the expert makes of it; its weight is applied
    before the last product, whose result need not be kept.

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    gated
        1 when gated, else 0.
    sparse_share
        Share of sparse layers [1].
    experts_per_token, expert_width, expert_feed_forward
        Experts that a token visits, and widths [1].
    tensor, routing_imbalance
        Devices that share each matrix and the tokens that are routed, and what the busiest device gets of
        these over the mean [1].
    """
    visit = expert_width + (2.0 + gated) * expert_feed_forward
    return element_bytes * sparse_share * experts_per_token * visit * routing_imbalance / tensor


@quantity(
    "B",
    N_("Results of activation functions"),
    source="arXiv:2412.19437, section 3.2.3",
    path="memory.function_activation",
)
def function_activation(
    element_bytes: Numeric,
    sparse_share: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
    tensor: Numeric,
    routing_imbalance: Numeric,
) -> Numeric:
    """Bytes for a token that computing the activation function of experts again frees: its results [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    sparse_share, experts_per_token, expert_feed_forward
        Share of sparse layers, experts that a token visits, and width of one [1].
    tensor, routing_imbalance
        Devices that share each matrix and the tokens that are routed, and what the busiest device gets of
        these over the mean [1].
    """
    visits = sparse_share * experts_per_token * routing_imbalance
    return element_bytes * visits * expert_feed_forward / tensor


@quantity(
    "B",
    N_("Feed-forward activations kept"),
    source="arXiv:2205.05198, section 4",
    path="memory.feed_forward_activation",
)
def feed_forward_activation(
    element_bytes: Numeric,
    gated: Numeric,
    dense_width: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    routed_activation: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Bytes kept for a token inside the feed-forward of an average layer [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    gated
        1 when gated, else 0.
    dense_width, sparse_share, shared_width
        Width of the dense layers, share of sparse layers, and width of the shared experts [1].
    routed_activation
        Bytes between dispatch and combination [B].
    tensor
        Devices that share each matrix [1].
    """
    met = (2.0 + gated) * (dense_width + sparse_share * shared_width)
    return element_bytes * met / tensor + routed_activation


@quantity("1", N_("Dense width of an average layer"), source="definition", path="model.dense_width")
def dense_width(dense_layers: Numeric, feed_forward: Numeric, layers: Numeric) -> Numeric:
    """Feed-forward width of the dense layers, spread over all [1].

    Parameters
    ----------
    dense_layers, feed_forward, layers
        Dense layers, their width, and all layers [1].
    """
    return where(dense_layers > 0.0, dense_layers * feed_forward, 0.0) / layers


@quantity(
    "1", N_("Feed-forward width of an average layer"), source="definition", path="model.feed_forward_width"
)
def feed_forward_width(
    dense_layers: Numeric,
    feed_forward: Numeric,
    layers: Numeric,
    sparse_share: Numeric,
    shared_width: Numeric,
    experts_per_token: Numeric,
    expert_feed_forward: Numeric,
) -> Numeric:
    """Feed-forward width that a token passes in an average layer [1].

    Parameters
    ----------
    dense_layers, feed_forward, layers
        Dense layers, their width, and all layers [1].
    sparse_share, shared_width
        Share of sparse layers, and width of the shared experts [1].
    experts_per_token, expert_feed_forward
        Experts that a token visits, and the width of one [1].
    """
    dense = where(dense_layers > 0.0, dense_layers * feed_forward, 0.0) / layers
    return dense + sparse_share * (shared_width + experts_per_token * expert_feed_forward)
