"""Groups of devices that exchange data: which links they use, and what a collective costs."""

from tcplan.chain.elementwise import ceil, clip, log2, maximum, minimum, where
from tcplan.chain.quantity import Numeric


def bus(count: Numeric, stride: Numeric, domain: Numeric, inside_rate: Numeric, nic_rate: Numeric) -> Numeric:
    """Bytes a second at which each device of a group exchanges data with the others [B/s].

    Ranks are laid out tensor first, then context, data and pipeline, so the members of a group lie `stride`
    devices apart. A group that leaves the fast links shares the network cards of its members inside; a group
    that fills its last node only in part has fewer of them. Broadcasts.

    Parameters
    ----------
    count
        Devices of the group [1].
    stride
        Distance between neighbours of the group [1].
    domain
        Devices that share fast links [1].
    inside_rate, nic_rate
        Achieved rate of one device on the fast links and on the network [B/s].
    """
    room = clip(domain / stride, 1.0, count)
    members = count / ceil(count / room)
    return where(room >= count, inside_rate, minimum(inside_rate, nic_rate * members))


def latency(
    count: Numeric, stride: Numeric, domain: Numeric, inside_latency: Numeric, nic_latency: Numeric
) -> Numeric:
    """Time before the first byte of a collective arrives, by doublings of the group [s]. Broadcasts."""
    step = where(count * stride <= domain, inside_latency, nic_latency)
    return step * log2(maximum(count, 1.0))


def half_ring(count: Numeric, size: Numeric, bus: Numeric) -> Numeric:
    """Transfer time of an all-gather or a reduce-scatter of `size` bytes; an all-reduce is two [s].

    Each device sends (n-1)/n of the bytes. Broadcasts.
    """
    return (count - 1.0) / count * size / bus
