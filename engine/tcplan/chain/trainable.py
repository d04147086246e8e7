"""What of a model is trained: all of it, unless a variant freezes it; every function broadcasts."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_ALL = "definition: every weight is trained"


@quantity("1", N_("Trained parameters"), source=_ALL, path="model.trainable_parameters")
def trainable_parameters(parameters: Numeric) -> Numeric:
    """Parameters that the optimizer changes [1].

    Parameters
    ----------
    parameters
        Parameters of the model [1].
    """
    return parameters


@quantity(
    "1",
    N_("Trained share"),
    source="definition: trained over all parameters",
    path="model.trainable_share",
    shown="%",
)
def trainable_share(trainable_parameters: Numeric, parameters: Numeric) -> Numeric:
    """Trained parameters for each parameter of the model: gradients, optimizer states and their traffic [1].

    Parameters
    ----------
    trainable_parameters, parameters
        Parameters that are trained, and those of the model [1].
    """
    return trainable_parameters / parameters


@quantity("B", N_("A weight that is read"), source=_ALL, path="memory.frozen_bytes")
def frozen_bytes(element_bytes: Numeric) -> Numeric:
    """Bytes in which a weight of the model lies in memory and is gathered [B].

    Parameters
    ----------
    element_bytes
        Bytes of a 16-bit number [B].
    """
    return element_bytes


@quantity("1", N_("Weight gradients"), source=_ALL, path="compute.weight_gradients")
def weight_gradients() -> Numeric:
    """1 where the backward pass computes gradients of the layers' weights, else 0 [1]."""
    return 1.0


@quantity("1", N_("Weight gradients of the head"), source=_ALL, path="compute.head_gradients")
def head_gradients() -> Numeric:
    """1 where the backward pass computes gradients of embedding and head, else 0 [1]."""
    return 1.0


@quantity("1", N_("Passes"), source="arXiv:2001.08361, section 2.1", path="compute.passes")
def passes(weight_gradients: Numeric) -> Numeric:
    """Forward passes that a training step is worth: forward, gradients of inputs and of weights [1].

    Parameters
    ----------
    weight_gradients
        1 where gradients of the weights are computed, else 0.
    """
    return 2.0 + weight_gradients


@quantity(
    "s", N_("Adapters, forward"), source="definition: none where all is trained", path="time.adapter_forward"
)
def adapter_forward() -> Numeric:
    """Device time of the adapters of one layer and micro-batch, forward [s]."""
    return 0.0


@quantity(
    "s",
    N_("Making weights wide again"),
    source="definition: weights that are trained are kept wide",
    path="time.widening",
)
def widening_time() -> Numeric:
    """Time to turn the narrow weights of a layer into 16 bit, once in each pass [s]."""
    return 0.0


@quantity(
    "1",
    N_("Launches for adapters"),
    source="definition: none where all is trained",
    path="time.adapter_launches",
)
def adapter_launches() -> Numeric:
    """Kernels that adapters add, for each kernel of the layer [1]."""
    return 0.0


@quantity(
    "s",
    N_("Hooks"),
    source="arXiv:1910.02054: gradients are collected parameter by parameter; measured by stack",
    path="time.hooks",
)
def hooks(weight_gradients: Numeric, hook_time: Numeric) -> Numeric:
    """Host time that the framework's gradient hooks add to the backward pass of a layer [s].

    Parameters
    ----------
    weight_gradients
        1 where gradients of the layers' weights are computed, else 0.
    hook_time
        Host time of the hooks of one layer [s].
    """
    return where(weight_gradients > 0.0, 1.0, 0.0) * hook_time
