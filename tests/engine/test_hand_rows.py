"""Published steps by plain arithmetic: experts in 8 bit, gathered weights, and narrow frozen ones.

The constants are those of the catalogue; sizes and layouts are written down here as the source states them.
"""

from math import log2

import pytest
from tests.engine.test_hand_worked import product, slower, transposed

from tcplan.catalogue.shelf import shipped
from tcplan.validation import carried
from tcplan.validation.steps import Prediction, predicted


def row(name: str) -> tuple[Prediction, dict[str, float]]:
    """Return a published row as predicted, and the constants that its prediction takes."""
    found = predicted(next(one for one in carried.rows() if one.id == name), shipped())
    assert found.estimate is not None
    known = {one.name: one.value for one in found.estimate.given.values()}
    return found, known


def bandwidth(on: dict[str, float]) -> float:
    return on["memory_bandwidth"] * on["memory_share"]


def core(on: dict[str, float], peak: float, sequences: float, heads: float, length: float) -> float:
    """Return the time of a causal fused kernel with heads of 128: half of two products of all pairs."""
    flop = 2 * sequences * heads * length**2 * (128 + 128) / 2
    return flop / (peak * on["attention_share"]) + on["kernel_time"]


def test_gathered_weights_of_mpt_7b_on_8_h100() -> None:
    # Catches: any formula of ZeRO-3 or full recomputation that has drifted, in time or memory.
    found, on = row("llm_foundry-0038")
    layers, h, f, heads, words, length, sequences, devices = 32, 4096, 16_384, 32, 50_368, 4096, 16, 8
    rows, tk, rate = sequences * length, on["kernel_time"], bandwidth(on)
    shapes = ((rows, 3 * h, h), (rows, h, h), (rows, f, h), (rows, h, f))
    attention = core(on, on["peak"], sequences, heads, length)
    traffic = on["traffic_factor"] * 2 * rows * (11 * h + 2 * 3 * h + 2 * f) / rate + 10 * tk
    forward = sum(product(on, *shape) for shape in shapes) + 4 * tk + attention + traffic
    backward = (
        sum(transposed(on, *shape) for shape in shapes) + 8 * tk + 2.5 / 0.8 * attention + 1.6 * traffic
    )
    layer = slower(forward, 22 * on["host_time"]) + slower(backward + forward, 62 * on["host_time"])
    weights = 12 * h * h + 2 * h
    links = on["scale_up_bandwidth"] * on["scale_up_share"]
    gather = 7 / 8 * (2 * 2 + 4) * weights / links + 3 * on["scale_up_latency"] * log2(devices)
    layer += max(gather - 0.8 * layer, 0) + on["gather_contention"] * min(gather, layer)
    head = product(on, rows, words, h) + transposed(on, rows, words, h)
    head += on["loss_bytes"] * rows * words / rate + 6 * tk
    held = (layers * weights + words * h) / devices
    assert found.step_s == pytest.approx(2 * (layers * layer + head) + 2e-3 + 36 * held / rate, rel=1e-9)

    states = (4 + 4 + 8) * held
    gathered = 2 * 2 * weights + 4 * weights + 2 * words * h
    kept = layers * 2 * rows * h
    at_work = rows * (8 * h + 2 * 4 * h + 4 * heads + 2 * 2 * f)
    logits = on["logit_bytes"] * rows * words + 2 * words * h
    peak = states + on["base_memory"] + 2 * weights + gathered + kept + max(at_work, logits)
    assert found.mem_gib * 2**30 == pytest.approx(peak, rel=1e-9)


def test_experts_of_qwen3_30b_in_8_bit_on_8_gb200() -> None:
    # Catches: any formula of experts on fast links, of partial graphs or of the bf16 head that has drifted.
    found, on = row("nemo_megatron_bridge-0144")
    layers, h, f, heads, words, length, sequences, devices = 48, 2048, 768, 32, 151_936, 4096, 4, 8
    experts, visited, queries, keys = 128, 8, 32 * 128, 4 * 128
    rows, tk, rate, wide = sequences * length, on["kernel_time"], bandwidth(on), on["peak"] / on["speedup"]
    around = ((rows, queries + 2 * keys, h), (rows, h, queries), (rows, experts, h))
    of_one = rows * devices * visited / experts * on["routing_imbalance"]
    routed = ((of_one, 2 * f, h, experts / devices), (of_one, h, f, experts / devices))
    passes = []
    for one, launches in ((product, 9), (transposed, 18)):
        time = sum(one(on, *shape, byte=1) for shape in around) + launches * tk
        passes.append(time + sum(one(on, *shape, byte=1) for shape in routed) / on["grouped_share"])
    attention = core(on, wide, sequences, heads, length)
    traffic = 2 * rows * (11 * h + 2 * (queries + 2 * keys) + 3 * visited * f) / rate + 10 * tk
    converted = 2 * h + (2 * queries + 2 * keys) / 2 + visited * (h + 1.5 * f)
    conversion = on["conversion_bytes"] * rows * converted / rate
    sorting = on["permute_bytes"] * rows * visited * h / rate
    sent = on["routing_imbalance"] * 2 * rows * h * devices * (1 - (7 / 8) ** visited) * 7 / 8
    wait = on["scale_up_latency"] * log2(devices)
    dispatch = 2 * sent / (on["scale_up_bandwidth"] * on["dispatch_share"]) + wait
    forward = passes[0] + attention + traffic + conversion + sorting + dispatch
    backward = passes[1] + 2.5 / 0.8 * attention + 1.6 * traffic + conversion + 1.5 * sorting + dispatch
    routing = on["routing_host_time"] * (1 + on["expert_launches"] * experts / devices)
    left, host = on["partial_graph_host"], on["host_time"]
    layer = slower(forward, left * (22 * host + routing))
    layer += slower(backward, left * (40 * host + 1.5 * routing))
    plain = {**on, "peak": wide, "gemm_efficiency": on["wide_efficiency"]}
    head = product(plain, rows, words, h) + transposed(plain, rows, words, h)
    stage = layers * layer + head + on["loss_bytes"] * rows * words / rate + 6 * tk
    always = h * (queries + 2 * keys) + queries * h + 2 * h + h * experts
    common, of_experts = layers * always + 2 * words * h, layers * experts / devices * 3 * h * f
    links = on["scale_up_bandwidth"] * on["scale_up_share"]
    gradients = 7 / 8 * (on["reduce_bytes"] + 2) * common / links + 2 * wait
    exposed = max(0.15 * gradients, gradients - 0.8 * stage)
    update = 2e-3 + 36 * (common / devices + of_experts) / rate
    step = (16 * stage + exposed + update) * (1 + on["jitter"] * log2(devices / 4))
    assert found.step_s == pytest.approx(step, rel=1e-6)

    states = (2 + on["summed_bytes"]) * (common + of_experts) + 12 * (common / devices + of_experts)
    kept = visited * on["routing_imbalance"]
    token = 8 * h + 2 * (2 * queries + 2 * keys) + 4 * heads + 2 * kept * (h + 3 * f)
    logits = on["logit_bytes"] * 2 / 3 * rows * words + 2 * words * h
    peak = states + on["base_memory"] + 2 * always + layers * rows * token + logits
    assert found.mem_gib * 2**30 == pytest.approx(peak, rel=1e-6)


def test_narrow_frozen_weights_of_qwen_14b_on_one_a100() -> None:
    # Catches: any formula of adapters, widening or frozen weights that has drifted, in time or memory.
    found, on = row("qwen_finetune-0067")
    layers, h, f, heads, words, rows, rank = 40, 5120, 13_696, 40, 152_064, 4096, 64
    tk, rate = on["kernel_time"], bandwidth(on)
    shapes = ((rows, 3 * h, h), (rows, h, h), (rows, 2 * f, h), (rows, h, f))
    attention = core(on, on["peak"], 1, heads, rows)
    traffic = on["traffic_factor"] * 2 * rows * (11 * h + 2 * 3 * h + 3 * f) / rate + 10 * tk
    width = 8 * h + 3 * (h + f)
    adapters = rows * width * (on["adapter_bytes"] / rate + 2 * rank / (on["peak"] * on["gemm_efficiency"]))
    weights = 4 * h * h + 3 * h * f + 2 * h
    widening = on["widening_bytes"] * weights / rate
    forward = (
        sum(product(on, *shape) for shape in shapes) + 4 * tk + attention + traffic + adapters + widening
    )
    inputs = sum(product(on, m, k, n) for m, n, k in shapes) + 4 * tk
    backward = inputs + 2.5 / 0.8 * attention + 1.6 * traffic + 1.5 * adapters + widening + forward
    launches = 1 + 7 * (on["adapter_kernels"] + on["widening_kernels"]) / 22
    host = launches * on["host_time"]
    layer = slower(forward, 22 * host) + slower(backward, 62 * host)
    head = product(on, rows, words, h) + product(on, rows, h, words)
    head += on["loss_bytes"] * rows * words / rate + 6 * tk
    trained = layers * rank * width
    step = 8 * (layers * layer + head) + 2e-3 + 36 * trained / rate
    assert found.step_s == pytest.approx(step, rel=1e-6)

    frozen = 0.258 * 2 * layers * weights + 2 * 2 * words * h
    states = frozen + (2 + on["summed_bytes"] + on["master_bytes"] + 2 * on["moment_bytes"]) * trained
    at_work = rows * (8 * h + 2 * 4 * h + 4 * heads + 2 * 3 * f)
    logits = on["logit_bytes"] * rows * words
    peak = states + on["base_memory"] + layers * 2 * rows * h + max(at_work, logits)
    assert found.mem_gib * 2**30 == pytest.approx(peak, rel=1e-6)
