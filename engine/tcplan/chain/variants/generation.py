"""Answers that the model writes while it learns (PPO, GRPO): decoding is bound by memory."""

from tcplan.chain.elementwise import ceil, log2, maximum, minimum
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_DECODING = "arXiv:2211.05102, section 2"
_KERNELS = 10.0


@quantity("1", N_("Devices of a generating copy"), source=_DECODING, path="training.generation_devices")
def generation_devices(half_bytes: Numeric, parameters: Numeric, memory: Numeric) -> Numeric:
    """Devices over which one copy is split to write: a power of two that leaves 0.4 of memory to caches [1].

    Parameters
    ----------
    half_bytes, parameters, memory
        Bytes of a weight, parameters, and memory of a device [B, 1, B].
    """
    return 2.0 ** ceil(log2(maximum(half_bytes * parameters / (0.6 * memory), 1.0)))


@quantity("1", N_("Cached width"), source="arXiv:1911.02150, section 2.4", path="model.cache_width")
def cache_width(key_width: Numeric, value_width: Numeric) -> Numeric:
    """Numbers that a layer keeps of each token while the model writes [1].

    Parameters
    ----------
    key_width, value_width
        Widths of keys and values [1].
    """
    return key_width + value_width


@quantity("B", N_("Cache of an answer"), source=_DECODING, path="memory.cache", shown="GiB")
def cache_bytes(
    half_bytes: Numeric,
    layers: Numeric,
    cache_width: Numeric,
    visited: Numeric,
    response_share: Numeric,
) -> Numeric:
    """Keys and values of one sequence, mean over the time in which its answer is written [B].

    Parameters
    ----------
    half_bytes, layers, cache_width
        Bytes of a number, blocks, and numbers kept for each token [B, 1, 1].
    visited
        Keys that a query sees on average, half of a sequence without windows [1].
    response_share
        Share of a sequence that is written [1].
    """
    return half_bytes * layers * cache_width * 2.0 * visited * (1.0 - 0.5 * response_share)


@quantity("1", N_("Answers of a copy"), source="definition", path="training.answers")
def answers(
    batch_tokens: Numeric,
    sequence: Numeric,
    generation_devices: Numeric,
    devices: Numeric,
) -> Numeric:
    """Sequences that each generating copy writes for a batch, at least one [1].

    Parameters
    ----------
    batch_tokens, sequence
        Tokens of a step and of a sequence [1].
    generation_devices, devices
        Devices of a generating copy, and all [1].
    """
    return maximum(batch_tokens / sequence * generation_devices / devices, 1.0)


@quantity("1", N_("Answers at once"), source="arXiv:2309.06180, section 4", path="training.answers_at_once")
def answers_at_once(
    answers: Numeric,
    memory: Numeric,
    generation_devices: Numeric,
    half_bytes: Numeric,
    parameters: Numeric,
    cache_bytes: Numeric,
) -> Numeric:
    """Sequences that a copy writes at the same time: all, or those whose caches fit into 0.9 of memory [1].

    Parameters
    ----------
    answers
        Sequences of a step [1].
    memory, generation_devices
        Memory of a device, and devices of a copy [B, 1].
    half_bytes, parameters, cache_bytes
        Bytes of a weight, parameters, and the cache of a sequence [B, 1, B].
    """
    room = 0.9 * memory * generation_devices - half_bytes * parameters
    return minimum(answers, maximum(room / cache_bytes, 1.0))


@quantity("s", N_("A written token"), source=_DECODING, path="time.decoding")
def decoding_time(
    half_bytes: Numeric,
    parameters: Numeric,
    active_parameters: Numeric,
    answers_at_once: Numeric,
    cache_bytes: Numeric,
    generation_devices: Numeric,
    memory_rate: Numeric,
    wide_peak: Numeric,
    gemm_efficiency: Numeric,
    multiply_add: Numeric,
    layers: Numeric,
    kernel_time: Numeric,
    scale_up_latency: Numeric,
) -> Numeric:
    """Time in which each sequence grows by a token: weights and caches pass through memory once [s].

    With few sequences a sparse model reads only the experts that they visit. Each layer takes ten kernels,
    and two collectives where a copy is split.

    Parameters
    ----------
    half_bytes, parameters, active_parameters
        Bytes of a weight, parameters, and those that a token passes [B, 1, 1].
    answers_at_once, cache_bytes, generation_devices
        Sequences that grow, the cache of each, and devices of a copy [1, B, 1].
    memory_rate, wide_peak, gemm_efficiency, multiply_add
        Achieved memory bandwidth, 16-bit peak and the share of it that is reached, FLOP of a multiply-add.
    layers, kernel_time, scale_up_latency
        Blocks, fixed time of a kernel, and latency of a collective [1, s, s].
    """
    read = half_bytes * minimum(parameters, active_parameters * answers_at_once)
    moved = (read + answers_at_once * cache_bytes) / memory_rate
    products = multiply_add * active_parameters * answers_at_once / (wide_peak * gemm_efficiency)
    fixed = layers * (_KERNELS * kernel_time + 2.0 * scale_up_latency * log2(generation_devices))
    return maximum(moved, products) / generation_devices + fixed


@quantity("s", N_("Generation"), source=_DECODING, path="time.generation")
def generation_time(
    sequence: Numeric,
    response_share: Numeric,
    answers: Numeric,
    answers_at_once: Numeric,
    decoding_time: Numeric,
    pass_time: Numeric,
    rollout_reuse: Numeric,
) -> Numeric:
    """Time to read the questions and to write the answers of a step [s].

    Parameters
    ----------
    sequence, response_share
        Tokens of a sequence, and the share of it that is written [1].
    answers, answers_at_once
        Sequences of a copy, and those written at the same time [1].
    decoding_time, pass_time
        A token of each, and a pass over the batch [s].
    rollout_reuse
        Steps that learn from the same answers [1].
    """
    writing = sequence * response_share * answers / answers_at_once * decoding_time / rollout_reuse
    reading = (1.0 - response_share) * pass_time / rollout_reuse
    return writing + reading


@quantity("1", N_("Generated passes"), source=_DECODING, path="training.written_passes")
def generated_passes(rollout_reuse: Numeric) -> Numeric:
    """Forward passes that generation is worth for each trained token: one for each answer [1].

    Parameters
    ----------
    rollout_reuse
        Steps that learn from the same answers [1].
    """
    return 1.0 / rollout_reuse
