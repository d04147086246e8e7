"""Time of the host: launching kernels, and what it does for routing; every function broadcasts."""

from tcplan.chain.elementwise import where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_HOST = "planning value: 22 and 40 kernels a layer; device and host joined by a smooth maximum of order 6"
_FORWARD_KERNELS = 22.0
_BACKWARD_KERNELS = 40.0
_COLLECTIVES = 4.0


@quantity(
    "s", N_("Host work of routing"), source="definition: none in a dense model", path="time.routing_host"
)
def routing_host() -> Numeric:
    """Host time that routing adds to the forward pass of an average layer [s]."""
    return 0.0


@quantity(
    "1",
    N_("Launched by the host"),
    source="CUDA C++ Programming Guide, section CUDA Graphs: a recorded graph is launched at once",
    path="time.launched",
)
def launched(graphs: Numeric, partial_graph_host: Numeric, full_graph_host: Numeric) -> Numeric:
    """Share of the host's work for a layer that is left when kernels are recorded as graphs [1].

    Parameters
    ----------
    graphs
        0 none, 1 parts of a layer, 2 whole steps.
    partial_graph_host, full_graph_host
        Share that is left with parts of a layer and with whole steps recorded [1].
    """
    return where(graphs >= 2.0, full_graph_host, where(graphs >= 1.0, partial_graph_host, 1.0))


@quantity("s", N_("Host, forward"), source=_HOST, path="time.host_forward")
def host_forward(host_time: Numeric, tensor: Numeric, routing_host: Numeric, launched: Numeric) -> Numeric:
    """Time of the host to launch the kernels of one layer, forward [s].

    Parameters
    ----------
    host_time
        Host time of a kernel [s].
    tensor
        Devices that share each matrix; with more than one, four collectives are launched [1].
    routing_host, launched
        Host time of routing, and the share of host work that recorded graphs leave [s, 1].
    """
    kernels = _FORWARD_KERNELS + where(tensor > 1.0, _COLLECTIVES, 0.0)
    return launched * (host_time * kernels + routing_host)


@quantity("s", N_("Host, backward"), source=_HOST, path="time.host_backward")
def host_backward(
    host_time: Numeric,
    tensor: Numeric,
    layers_again: Numeric,
    routed_again: Numeric,
    routing_host: Numeric,
    launched: Numeric,
) -> Numeric:
    """Time of the host to launch the kernels of one layer, backward and again [s].

    Parameters
    ----------
    host_time
        Host time of a kernel [s].
    tensor
        Devices that share each matrix [1].
    layers_again, routed_again
        Shares of the layers that are repeated as a whole, and whose experts are repeated [1].
    routing_host
        Host time of routing forward; backward takes 1.5 times as long [s].
    launched
        Share of host work that recorded graphs leave [1].
    """
    kernels = _BACKWARD_KERNELS + where(tensor > 1.0, _COLLECTIVES, 0.0) + layers_again * _FORWARD_KERNELS
    return launched * (host_time * kernels + (1.5 + routed_again) * routing_host)
