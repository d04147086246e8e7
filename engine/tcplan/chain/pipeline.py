"""How batch, layers and devices are divided; every function broadcasts."""

from math import nan

from tcplan.chain.elementwise import ceil, clip, floor, maximum, minimum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_MEGATRON = "arXiv:2104.04473, section 3"
_PUBLISHED = (
    "batches of published runs: arXiv:2307.09288, arXiv:2407.21783, arXiv:2412.19437, arXiv:2402.00838"
)


@quantity("1", N_("Usual batch"), source=_PUBLISHED, path="training.usual_batch", shown="tokens")
def usual_batch(parameters: Numeric) -> Numeric:
    """Tokens in one step of published dense models of this size [1].

    2 million up to 1.5 billion parameters, 4 million from 7 to 71 billion, 16 million from 405 billion on; a
    power law joins them, so that a curve over the size of the model has no step of its own.

    Parameters
    ----------
    parameters
        Parameters of the model [1].
    """
    small = clip((parameters / 7e9) ** 0.45, 0.5, 1.0)
    return 4e6 * small * clip((parameters / 71e9) ** 0.8, 1.0, 4.0)


@quantity("1", N_("Batch"), source=_PUBLISHED, path="training.batch_tokens", symbol="B s", shown="tokens")
def batch_tokens(usual_batch: Numeric, devices: Numeric, sequence: Numeric) -> Numeric:
    """Tokens in one optimizer step: as usual, and enough for each device [1].

    Enough are 2,048 for each device up to 16 million, beyond that 1,024, and one sequence at least.

    Parameters
    ----------
    usual_batch
        Tokens in one step of published models of this size [1].
    devices, sequence
        Accelerators of the run, and tokens in one sequence [1].
    """
    enough = maximum(minimum(2048.0 * devices, 16e6), 1024.0 * devices)
    return maximum(maximum(usual_batch, enough), sequence)


@quantity("1", N_("Steps"), source="definition: tokens over batch", path="training.steps")
def steps(tokens: Numeric, batch_tokens: Numeric, later_steps: Numeric) -> Numeric:
    """Optimizer steps of the run [1].

    Parameters
    ----------
    tokens, batch_tokens
        Training tokens, and those of one step [1].
    later_steps
        Steps of later phases [1].
    """
    return tokens / batch_tokens + later_steps


@quantity("1", N_("Devices of one replica"), source=_MEGATRON, path="layout.replica_devices")
def replica_devices(tensor: Numeric, pipeline: Numeric, context: Numeric) -> Numeric:
    """Devices that hold one copy of the model [1].

    Parameters
    ----------
    tensor, pipeline, context
        Degrees of parallelism [1].
    """
    return tensor * pipeline * context


@quantity("1", N_("Data parallel"), source=_MEGATRON, path="layout.data", symbol="d")
def data(devices: Numeric, replica_devices: Numeric) -> Numeric:
    """Whole copies of the model that the devices hold; NaN when there are too few for one [1].

    Parameters
    ----------
    devices, replica_devices
        Accelerators of the run, and of one copy [1].
    """
    return where(devices >= replica_devices, floor(devices / replica_devices), nan)


@quantity("1", N_("Busy devices"), source="definition", path="layout.placed_share")
def placed_share(data: Numeric, replica_devices: Numeric, devices: Numeric) -> Numeric:
    """Share of the devices that have a place in the layout; the others are paid for and wait [1].

    Parameters
    ----------
    data, replica_devices, devices
        Copies of the model, devices of one, and all devices [1].
    """
    return data * replica_devices / devices


@quantity("1", N_("Sharding devices"), source="arXiv:1910.02054, section 5", path="layout.shards")
def shards(
    data: Numeric,
    context: Numeric,
    sharding: Numeric,
    devices_per_node: Numeric,
    scale_up_domain: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Devices that share gradients and states: all with the same weights, or those of them in a node [1].

    Parameters
    ----------
    data, context
        Degrees of parallelism [1].
    sharding
        ZeRO stage, 0 to 3; 4 is ZeRO-3 inside a node.
    devices_per_node, scale_up_domain, tensor
        Devices of a node, those with fast links, and those that share each matrix [1].
    """
    alike = data * context
    return where(
        sharding >= 4.0, clip(maximum(devices_per_node, scale_up_domain) / tensor, 1.0, alike), alike
    )


@quantity("1", N_("Sharded copies"), source="arXiv:2304.11277, section 3.2.2", path="layout.sharded_copies")
def sharded_copies(data: Numeric, context: Numeric, shards: Numeric) -> Numeric:
    """Count groups of devices that each hold all states; one unless sharding stays inside a node [1].

    Parameters
    ----------
    data, context, shards
        Degrees of parallelism, and devices that share gradients and states [1].
    """
    return data * context / shards


@quantity("1", N_("Micro-batches"), source=_MEGATRON, path="layout.micro_batches", symbol="m")
def micro_batches(batch_tokens: Numeric, sequence: Numeric, data: Numeric, micro_batch: Numeric) -> Numeric:
    """Micro-batches that each pipeline works through in a step, at least one [1].

    Not rounded: where the batch is no multiple, people choose the next one that is, and the time of a token
    stays the same.

    Parameters
    ----------
    batch_tokens, sequence
        Tokens of a step and of a sequence [1].
    data, micro_batch
        Copies of the model, and sequences of one micro-batch [1].
    """
    return maximum(batch_tokens / sequence / (data * micro_batch), 1.0)


@quantity("1", N_("Tokens of a micro-batch"), source=_MEGATRON, path="layout.local_tokens", symbol="T")
def local_tokens(micro_batch: Numeric, sequence: Numeric, context: Numeric) -> Numeric:
    """Tokens of one micro-batch on one device [1].

    Parameters
    ----------
    micro_batch, sequence
        Sequences of a micro-batch, and tokens of one [1].
    context
        Devices that share each sequence [1].
    """
    return micro_batch * sequence / context


@quantity("1", N_("Layers of the fullest stage"), source=_MEGATRON, path="layout.stage_layers")
def stage_layers(
    layers: Numeric, predicted_tokens: Numeric, pipeline: Numeric, interleave: Numeric, balance: Numeric
) -> Numeric:
    """Layers of the pipeline stage that has most: whole layers in each of its virtual stages [1].

    Virtual stages that are balanced by hand need not be equal. A number of layers that is not whole stands
    for all models of about that size on a curve: theirs divide evenly.

    Parameters
    ----------
    layers, predicted_tokens, pipeline, interleave
        Transformer blocks, those that predict further tokens, stages, and virtual stages of each [1].
    balance
        1 where stages are balanced by hand, else 0.
    """
    even = (layers + predicted_tokens) / pipeline
    pieces = where(balance >= 1.0, 1.0, interleave)
    return where(layers == floor(layers), pieces * ceil(even / pieces), even)


@quantity("s", N_("Average stage"), source=_MEGATRON, path="time.average_stage")
def average_stage(layers: Numeric, block_time: Numeric, tail_time: Numeric, pipeline: Numeric) -> Numeric:
    """Forward and backward time of one micro-batch on an average stage [s].

    Parameters
    ----------
    layers, pipeline
        Transformer blocks and stages [1].
    block_time, tail_time
        Time of one micro-batch in one layer, and behind the last one [s].
    """
    return (layers * block_time + tail_time) / pipeline


@quantity("s", N_("Slowest stage"), source=_MEGATRON, path="time.slowest_stage")
def slowest_stage(
    average_stage: Numeric,
    stage_layers: Numeric,
    layers: Numeric,
    pipeline: Numeric,
    block_time: Numeric,
    tail_time: Numeric,
    balance: Numeric,
) -> Numeric:
    """Time of one micro-batch on the slowest stage, which sets the pace [s].

    The last stage carries the output head. It may hold fewer layers than the others where their number does
    not divide evenly; beyond that, moving one layer to the other stages costs one layer. Stages that are
    balanced by hand all take the average.

    Parameters
    ----------
    average_stage
        Time of an average stage [s].
    stage_layers, layers, pipeline
        Layers of the fullest stage, all layers, and stages [1].
    block_time, tail_time
        Time of one micro-batch in one layer, and behind the last one [s].
    balance
        1 where fewer layers stand beside embedding and head, else 0.
    """
    spare = stage_layers * pipeline - layers
    excess = clip(tail_time - spare * block_time, 0.0 * block_time, block_time)
    equal = maximum(average_stage, stage_layers * block_time + excess)
    return where(balance >= 1.0, average_stage, equal)


@quantity(
    "1",
    N_("Stages of a bubble"),
    source="arXiv:2104.04473, section 2.2; arXiv:2401.10241, table 1; arXiv:2412.19437, table 2",
    path="layout.bubble_stages",
)
def bubble_stages(pipeline: Numeric, interleave: Numeric, schedule: Numeric) -> Numeric:
    """Count the times of a stage that a device waits while the pipeline fills and drains [1].

    (p-1)/v in 1F1B. Zero bubble (ZB-H1) fills it with weight gradients, which leaves a third; DualPipe, which
    feeds both ends, leaves (p/2-1) (F&B + B - 3 W), two thirds of a stage where all three passes are equal.

    Parameters
    ----------
    pipeline, interleave
        Stages, and virtual stages of each [1].
    schedule
        0 1F1B, 1 zero bubble, 2 DualPipe.
    """
    fill = (pipeline - 1.0) / interleave * where(schedule >= 1.0, 1.0 / 3.0, 1.0)
    return where(schedule >= 2.0, 2.0 / 3.0 * maximum(0.5 * pipeline - 1.0, 0.0), fill)


@quantity("s", N_("Bubble"), source="arXiv:2104.04473, section 2.2", path="time.bubble")
def bubble_time(
    bubble_stages: Numeric,
    pipeline: Numeric,
    interleave: Numeric,
    micro_batches: Numeric,
    average_stage: Numeric,
) -> Numeric:
    """Time in a step in which a stage waits for the pipeline to fill and to drain [s].

    With virtual stages, a round takes as long as p micro-batches even where there are fewer.

    Parameters
    ----------
    bubble_stages
        Times of a stage that a device waits [1].
    pipeline, interleave, micro_batches
        Stages, virtual stages of each, and micro-batches of a step [1].
    average_stage
        Time of one micro-batch on an average stage [s].
    """
    idle = where(interleave > 1.0, maximum(pipeline - micro_batches, 0.0), 0.0)
    return (bubble_stages + idle) * average_stage
