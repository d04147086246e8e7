"""Whole cases worked out with plain arithmetic from the published formulas, without the chain's parts."""

from collections.abc import Callable
from math import log2, sqrt
from typing import Any

import pytest
from tests.engine.plain import BARE, PLAIN, ROUTED

from tcplan.chain.links import graph_for

GIB = 2.0**30
HOUR = 3600.0
KWH = 3.6e6
YEAR = 31_557_600.0

A100: dict[str, float] = {
    "peak": 312e12,
    "memory": 80 * GIB,
    "memory_bandwidth": 2039e9,
    "scale_up_domain": 8.0,
    "scale_up_bandwidth": 300e9,
    "nic_bandwidth": 25e9,
    "devices_per_node": 8.0,
    "gemm_efficiency": 0.82,
    "wide_efficiency": 0.82,
    "speedup": 2.0,
    "conversion_bytes": 5.0,
    "gemm_half_depth": 95.0,
    "gemm_half_tiles": 0.41,
    "multiprocessors": 108.0,
    "kernel_time": 6.8e-6,
    "memory_share": 0.74,
    "attention_share": 0.45,
    "scale_up_share": 0.77,
    "nic_share": 0.83,
    "scale_up_latency": 15e-6,
    "nic_latency": 26e-6,
    "host_time": 37e-6,
    "jitter": 0.0095,
    "tensor_overlap": 0.0,
    "gather_contention": 0.69,
}
H800: dict[str, float] = {
    **A100,
    "peak": 1978.9e12,
    "memory_bandwidth": 3350e9,
    "scale_up_bandwidth": 200e9,
    "nic_bandwidth": 50e9,
    "gemm_efficiency": 0.65,
    "wide_efficiency": 0.65,
    "gemm_half_depth": 100.0,
    "gemm_half_tiles": 0.3,
    "multiprocessors": 132.0,
    "kernel_time": 6e-6,
    "memory_share": 0.78,
    "attention_share": 0.44,
    "nic_share": 0.8,
    "host_time": 8e-6,
    "jitter": 0.005,
    "tensor_overlap": 0.5,
}
BILL: dict[str, float] = BARE | {
    "failure_time": 50_000 * HOUR,
    "checkpoint_bandwidth": 1e9,
    "restart_time": 600.0,
    "device_power": 400.0,
    "server_power": 812.0,
    "idle_share": 0.3,
    "network_share": 0.05,
    "pue": 1.1,
    "carbon_location": 0.4 / KWH,
    "carbon_market": 0.45 / KWH,
    "contract_share": 0.25,
    "embodied_carbon": 662.5,
    "hardware_life": 5 * YEAR,
    "wue": 0.4 / KWH,
    "grid_water": 3.1 / KWH,
    "price": 3.43 / HOUR,
    "experiments": 0.5,
    "people": 20.0,
    "work_time": 0.5 * YEAR,
    "pay": 250_000.0 / YEAR,
    "data_cost": 1e6,
    "labels": 1e5,
    "label_price": 0.7,
    "storage": 3e5,
    "contingency": 0.1,
    "scaling_law": 0.0,
}


def product(
    on: dict[str, float], m: float, n: float, k: float, batch: float = 1.0, byte: float = 2.0
) -> float:
    """Return the time of a matrix product: its arithmetic, or the passage of its operands and result."""
    tiles = m * n * batch / (128 * 256)
    arithmetic = 2 * m * n * k * batch / (on["peak"] * on["gemm_efficiency"])
    arithmetic *= (1 + on["gemm_half_depth"] / k) * (
        1 + on["gemm_half_tiles"] * on["multiprocessors"] / tiles
    )
    moved = byte * batch * (m * k + k * n + m * n)
    return max(arithmetic, moved / (on["memory_bandwidth"] * on["memory_share"]))


def transposed(
    on: dict[str, float], m: float, n: float, k: float, batch: float = 1.0, byte: float = 2.0
) -> float:
    """Return the time of the products for the gradients of the input (m x k) and of the weight (k x n)."""
    return product(on, m, k, n, batch, byte) + product(on, k, n, m, batch, byte)


def slower(device: float, host: float) -> float:
    return float((device**6 + host**6) ** (1 / 6))


def check(solved: dict[str, Any], worked: dict[str, float]) -> None:
    for name, value in worked.items():
        assert solved[name] == pytest.approx(value, rel=1e-9), name


L, H, F, A, V, S = 96, 12288, 49152, 96, 50257, 2048
GPT3: dict[str, float] = {
    **A100,
    **BILL,
    **PLAIN,
    "layers": L,
    "hidden": H,
    "feed_forward": F,
    "heads": A,
    "kv_heads": A,
    "head_size": 128,
    "vocabulary": V,
    "gated": 0,
    "tied_embeddings": 1,
    "biases": 2,
    "norm": 1,
    "learned_positions": S,
    "tokens": 300e9,
    "sequence": S,
    "batch_tokens": 1536 * S,
    "precision": 0,
    "attention_kernel": 0,
    "devices": 1024,
    "tensor": 8,
    "pipeline": 8,
    "context": 1,
    "micro_batch": 1,
    "interleave": 3,
    "recompute": 1,
    "sharding": 1,
    "sequence_parallel": 1,
}
# 12 of 96 layers on a stage; each with four matrices, their biases and two norms.
GPT3_LAYER = 12 * H * H + (4 * H + F + H) + 4 * H
# 50257 rows of the table in whole rows on 8 devices.
ROWS = 6283 * 8
GPT3_HELD = (12 * GPT3_LAYER + ROWS * H + S * H) / 8


def gpt3_layer() -> tuple[float, float]:
    """Return the time of a layer and of the head, one sequence on 8 devices that share each matrix."""
    on, tk = A100, A100["kernel_time"]
    bytes_a_second = on["memory_bandwidth"] * on["memory_share"]
    shapes = ((S, 3 * H / 8, H), (S, H, H / 8), (S, F / 8, H), (S, H, F / 8))
    forward = sum(product(on, *shape) + tk for shape in shapes)
    backward = sum(transposed(on, *shape) + 2 * tk for shape in shapes)
    core = 2 * (A / 8) * S * S * (128 + 128) / 2 / (on["peak"] * on["attention_share"]) + tk
    around = (22 * S * H / 8 + 4 * S * 3 * H / 8 + 4 * S * F / 8) / bytes_a_second + 10 * tk
    all_reduce = 2 * 7 / 8 * 2 * S * H / (on["scale_up_bandwidth"] * on["scale_up_share"])
    all_reduces = 2 * (all_reduce + on["scale_up_latency"] * log2(8))
    forward += core + around + all_reduces
    # The attention core is computed again; the split sequence is gathered once more.
    backward += core * 2.5 / 0.8 + 1.6 * around + 1.25 * all_reduces + core
    layer = slower(forward, on["host_time"] * 26) + slower(backward, on["host_time"] * 44)
    head = product(on, S, V / 8, H) + transposed(on, S, V / 8, H)
    return layer, head + 12 * S * V / 8 / bytes_a_second + 6 * tk


def gpt3_step() -> float:
    on = A100
    layer, head = gpt3_layer()
    network = on["nic_bandwidth"] * on["nic_share"]
    average = (96 * layer + head) / 8
    slowest = max(average, 12 * layer + min(head, layer))
    handing_on = 2 * 3 * (2 * S * H / 8 / network + on["nic_latency"])
    gradients = 15 / 16 * (4 + 2) * GPT3_HELD / network + 2 * on["nic_latency"] * log2(16)
    # With virtual stages, gradients of all but the last travel under the last eight micro-batches.
    exposed = max(0.15 * gradients, gradients - 0.8 * 8 * slowest)
    optimizer = 2e-3 + 36 * GPT3_HELD / 16 / (on["memory_bandwidth"] * on["memory_share"])
    step = 96 * (slowest + handing_on) + 7 / 3 * average + exposed + optimizer
    return step * (1 + on["jitter"] * log2(1024 / 8))


def test_gpt3_on_1024_a100() -> None:
    # Catches: any formula of methods of a dense model that has drifted from the published one.
    solved = graph_for(False, False, "on-demand").solve(GPT3)
    parameters = L * GPT3_LAYER + 2 * H + V * H + S * H
    weights = 6 * (L * 12 * H * H + V * H)
    scores = 12 * L * S * H
    step = gpt3_step()
    rate = 1536 * S * weights / (1024 * step)
    kept = 12 * S * (8 * H / 8 + 2 * 4 * H / 8 + 4 * F / 8)
    core = S * 4 * A / 8
    first = kept * (8 + 7 / 3) + core
    last = kept * (1 + 2 * 8) / 3 + 4 * S * ROWS / 8 + 2 * ROWS * H / 8
    memory = 2 * GPT3_HELD + 4 * GPT3_HELD + 12 * GPT3_HELD / 16 + max(first, last)
    worked = {
        "parameters": parameters,
        "model_flop": weights * 300e9,
        "layer_time": gpt3_layer()[0],
        "head_time": gpt3_layer()[1],
        "predicted_step_time": step,
        "step_time": step,
        "achieved": rate,
        "mfu": 1536 * S * (weights + scores) / (1024 * step * 312e12),
        "hfu": 1536 * S * (weights + scores * 4 / 3) / (1024 * step * 312e12),
        "memory_peak": memory + GIB + 2 * GPT3_LAYER / 8,
        "predicted_loss": 1.8172 + 482.01 / parameters**0.3478 + 2085.43 / 300e9**0.3658,
    }
    check(solved, worked)
    check(solved, rented_bill(weights * 300e9 / rate, parameters, solved["hfu"], 1024))


def goodput(parameters: float, devices: float) -> float:
    """Return the share of the time that is kept: Young's interval, half of it lost at each failure."""
    writing = 14 * parameters / (1e9 * devices / 8)
    failure = 50_000 * HOUR / devices
    interval = sqrt(2 * writing * failure)
    return 1 / (1 + writing / interval + (interval / 2 + 600) / failure)


def rented_bill(useful: float, parameters: float, hfu: float, devices: float) -> dict[str, float]:
    kept = goodput(parameters, devices)
    time = useful / kept
    computers = time * 812 * (0.3 + 0.7 * sqrt(hfu))
    facility = computers * 1.05 * 1.1
    rent = time / HOUR * 3.43
    planned = 1.5 * rent + 20 * 0.5 * 250_000 + 1e6 + 1e5 * 0.7 + 3e5
    return {
        "goodput": kept,
        "device_time": time,
        "run_time": time / devices,
        "it_energy": computers * 1.05,
        "facility_energy": facility,
        "location_carbon": facility / KWH * 0.4,
        "market_carbon": facility / KWH * 0.75 * 0.45,
        "embodied_emissions": 662.5 * time / (5 * YEAR),
        "site_water": computers * 1.05 / KWH * 0.4,
        "total_water": computers * 1.05 / KWH * 0.4 + facility / KWH * 3.1,
        "compute_cost": rent,
        "energy_cost": 0.0,
        "total_cost": 1.1 * planned,
    }


def test_owned_hardware() -> None:
    # Catches: idle hours that nobody pays, a price spread over another life, energy that is free when owned.
    inputs = {**PLAIN, **BILL, "parameters": 70e9, "active_parameters": 70e9}
    inputs |= {"model_flop": 6e24, "tokens": 15e12}
    inputs |= {"achieved": 400e12, "hfu": 0.36, "devices": 2048, "devices_per_node": 8}
    inputs |= {"spares": 0, "repair_time": 0, "practice": 0}
    inputs |= {"device_price": 30_000, "server_factor": 1.64, "interconnect_share": 0.19, "busy_share": 0.8}
    inputs |= {"interest": 0.04 / YEAR, "maintenance": 0.06 / YEAR, "electricity_price": 0.08 / KWH}
    time = 6e24 / 400e12 / goodput(70e9, 2048)
    cluster = 30_000 * 1.64 / 0.81
    paid_years = time / 0.8 / YEAR
    compute = cluster * paid_years * (1 / 5 + 0.06 + 0.04 / 2)
    energy = time * 812 * (0.3 + 0.7 * 0.6) * 1.05 * 1.1 / KWH * 0.08
    run = compute + energy
    planned = 1.5 * run + 20 * 0.5 * 250_000 + 1e6 + 1e5 * 0.7 + 3e5
    worked = {
        "device_time": time,
        "acquisition_cost": cluster * 2048,
        "hardware_cost": cluster * paid_years / 5,
        "compute_cost": compute,
        "energy_cost": energy,
        "experiment_cost": 0.5 * run,
        "contingency_cost": 0.1 * planned,
        "total_cost": 1.1 * planned,
        "device_rate": run / time,
    }
    check(graph_for(False, False, "own").solve(inputs, worked), worked)


BLOCKS, WIDE, DENSE_F, EXPERT_F, MANY, WORDS, LONG = 61, 7168, 18432, 2048, 128, 129280, 4096
Q_RANK, KV_RANK, NOPE, ROPE, VALUE_HEAD = 1536, 512, 128, 64, 128
EXPERT_COUNT, VISITED, DENSE_BLOCKS = 256, 8, 3
SPARSE = (BLOCKS - DENSE_BLOCKS) / BLOCKS
MEAN_F = DENSE_BLOCKS * DENSE_F / BLOCKS + SPARSE * (EXPERT_F + VISITED * EXPERT_F)
QUERY, VALUE = MANY * (NOPE + ROPE), MANY * VALUE_HEAD

# Two devices share each matrix, 64 the experts; 16 stages, 64 copies of everything else.
DEEPSEEK: dict[str, float] = {
    **H800,
    **BILL,
    **PLAIN,
    **ROUTED,
    "layers": BLOCKS,
    "hidden": WIDE,
    "feed_forward": DENSE_F,
    "expert_feed_forward": EXPERT_F,
    "heads": MANY,
    "kv_heads": MANY,
    "head_size": NOPE + ROPE,
    "vocabulary": WORDS,
    "gated": 1,
    "tied_embeddings": 0,
    "biases": 0,
    "norm": 0,
    "learned_positions": 0,
    "q_rank": Q_RANK,
    "kv_rank": KV_RANK,
    "nope_size": NOPE,
    "rope_size": ROPE,
    "value_size": VALUE_HEAD,
    "experts": EXPERT_COUNT,
    "experts_per_token": VISITED,
    "shared_experts": 1,
    "shared_feed_forward": EXPERT_F,
    "dense_layers": DENSE_BLOCKS,
    "tokens": 14.8e12,
    "sequence": LONG,
    "batch_tokens": 15_360 * LONG,
    "precision": 2,
    "attention_kernel": 0,
    "devices": 2048,
    "tensor": 2,
    "pipeline": 16,
    "context": 1,
    "expert": 64,
    "micro_batch": 1,
    "interleave": 1,
    "recompute": 2,
    "sharding": 1,
    "sequence_parallel": 1,
}

DOWN = WIDE * (Q_RANK + KV_RANK + ROPE)
ATTENTION = DOWN + Q_RANK * QUERY + KV_RANK * MANY * (NOPE + VALUE_HEAD) + VALUE * WIDE
COMMON = EXPERT_COUNT * WIDE + 3 * WIDE * EXPERT_F
# The down projections are whole on both devices, everything else is split.
ON_DEVICE = (
    ATTENTION
    - DOWN
    + Q_RANK
    + KV_RANK
    + 2 * WIDE
    + DENSE_BLOCKS * 3 * WIDE * DENSE_F / BLOCKS
    + SPARSE * COMMON
) / 2 + DOWN
DEEPSEEK_HELD = 4 * ON_DEVICE + WORDS * WIDE / 2
# Dense layers stand on the first stage alone, so all layers of the others have experts.
EXPERTS_HELD = 4 * (EXPERT_COUNT / 64) * 3 * WIDE * EXPERT_F

BANDWIDTH = H800["memory_bandwidth"] * H800["memory_share"]
LINKS = H800["scale_up_bandwidth"] * H800["scale_up_share"]
NETWORK = H800["nic_bandwidth"] * H800["nic_share"]


def in_fp8(law: Callable[..., float], shapes: tuple[tuple[float, ...], ...]) -> float:
    return sum(law(H800, *shape, byte=1) for shape in shapes)


def deepseek_products() -> tuple[float, float]:
    """Return forward and backward time of the matrix products of an average layer, in fp8."""
    tk = H800["kernel_time"]
    around = (
        (LONG, Q_RANK + KV_RANK + ROPE, WIDE),
        (LONG, QUERY / 2, Q_RANK),
        (LONG, MANY * (NOPE + VALUE_HEAD) / 2, KV_RANK),
        (LONG, WIDE, VALUE / 2),
    )
    dense = ((LONG, DENSE_F, WIDE), (LONG, WIDE, DENSE_F / 2))
    shared = ((LONG, EXPERT_F, WIDE), (LONG, WIDE, EXPERT_F / 2), (LONG / 2, EXPERT_COUNT, WIDE))
    rows = LONG / 2 * 64 * VISITED / EXPERT_COUNT * 1.05
    routed = ((rows, 2 * EXPERT_F, WIDE, EXPERT_COUNT / 64), (rows, WIDE, EXPERT_F, EXPERT_COUNT / 64))
    totals = []
    for one, launches in ((product, 12), (transposed, 24)):
        time = in_fp8(one, around)
        time += (1 - SPARSE) * in_fp8(one, dense)
        time += SPARSE * in_fp8(one, shared)
        time += SPARSE * in_fp8(one, routed) / 0.85
        totals.append(time + launches * tk)
    return totals[0], totals[1]


def deepseek_dispatch() -> float:
    size = 1.05 * 2 * LONG / 2 * WIDE
    # On fast links once to each of 64 devices that holds one.
    inside = (
        size
        * 64
        * (1 - (63 / 64) ** VISITED)
        * 7
        / 8
        / (H800["scale_up_bandwidth"] * ROUTED["dispatch_share"])
    )
    # Eight nodes: a token goes once to each that holds one of its experts.
    outside = (
        size * 8 * (1 - (7 / 8) ** VISITED) * 7 / 8 / (H800["nic_bandwidth"] * ROUTED["dispatch_nic_share"])
    )
    return SPARSE * (2 * max(inside, outside) + H800["nic_latency"] * log2(64))


def deepseek_layer() -> float:
    on, tk = H800, H800["kernel_time"]
    forward, backward = deepseek_products()
    core = (
        2
        * (MANY / 2)
        * LONG
        * LONG
        * (NOPE + ROPE + VALUE_HEAD)
        / 2
        / (on["peak"] / 2 * on["attention_share"])
        + tk
    )
    moved = 22 * LONG * WIDE / 2 + 4 * LONG * (2 * QUERY + VALUE) / 2 + 6 * LONG * MEAN_F / 2
    traffic = moved / BANDWIDTH + 10 * tk
    # In mean over both passes: what enters a product, and the gradient of what leaves it.
    entering = 2 * WIDE + (2 * QUERY + 2 * VALUE) / 2 / 2 + 1.5 * MEAN_F / 2 + SPARSE * VISITED * WIDE / 2
    conversion = 5 * LONG * entering / BANDWIDTH
    sorting = SPARSE * 22 * LONG / 2 * VISITED * WIDE / BANDWIDTH
    all_reduces = 2 * (2 * 1 / 2 * 2 * LONG * WIDE / LINKS + on["scale_up_latency"]) * (1 - 0.5)
    forward += core + traffic + conversion + sorting + all_reduces + deepseek_dispatch()
    backward += core * 2.5 / 0.8 + 1.6 * traffic + conversion + 1.5 * sorting
    backward += 1.25 * all_reduces + deepseek_dispatch() + forward
    routing = SPARSE * ROUTED["routing_host_time"] * (1 + 0.157 * EXPERT_COUNT / 64)
    host = on["host_time"]
    return slower(forward, 26 * host + routing) + slower(backward, 66 * host + 2.5 * routing)


def deepseek_head() -> float:
    wide = {**H800, "peak": H800["peak"] / 2}
    time = product(wide, LONG, WORDS / 2, WIDE) + transposed(wide, LONG, WORDS / 2, WIDE)
    return time + 12 * LONG * WORDS / 2 / BANDWIDTH + 6 * H800["kernel_time"]


def deepseek_step() -> float:
    on = H800
    average = (BLOCKS * deepseek_layer() + deepseek_head()) / 16
    # 16 stages of 4 have room for three layers more than there are: the last stage holds as many fewer.
    slowest = max(
        average, 4 * deepseek_layer() + min(max(deepseek_head() - 3 * deepseek_layer(), 0), deepseek_layer())
    )
    handing_on = 2 * (2 * LONG * WIDE / 2 / NETWORK + on["nic_latency"])
    gradients = 63 / 64 * 6 * DEEPSEEK_HELD / min(LINKS, 4 * NETWORK) + 2 * on["nic_latency"] * log2(64)
    gradients += 1 / 2 * 6 * EXPERTS_HELD / NETWORK
    exposed = max(0.15 * gradients, gradients - 0.8 * slowest)
    optimizer = 2e-3 + 36 * (DEEPSEEK_HELD / 64 + EXPERTS_HELD / 2) / BANDWIDTH
    total = 240 * (slowest + handing_on) + 15 * average + exposed + optimizer
    return total * (1 + on["jitter"] * log2(2048 / 8))


def test_deepseek_v3_on_2048_h800() -> None:
    # Catches: any formula of experts or latent attention that has drifted from the published one.
    solved = graph_for(True, True, "on-demand").solve(DEEPSEEK)
    vectors = Q_RANK + KV_RANK + 2 * WIDE
    always = (
        BLOCKS * (ATTENTION + vectors)
        + DENSE_BLOCKS * 3 * WIDE * DENSE_F
        + (BLOCKS - DENSE_BLOCKS) * COMMON
        + 2 * WORDS * WIDE
        + WIDE
    )
    matrices = (
        BLOCKS * ATTENTION
        + DENSE_BLOCKS * 3 * WIDE * DENSE_F
        + (BLOCKS - DENSE_BLOCKS) * (COMMON + VISITED * 3 * WIDE * EXPERT_F)
    )
    weights, scores = 6 * (matrices + WORDS * WIDE), 6 * BLOCKS * LONG * MANY * (NOPE + ROPE + VALUE_HEAD)
    again = 2 * matrices + scores / 3
    rate = 15_360 * LONG / (2048 * deepseek_step())
    kept = 8 * WIDE / 2 + 2 * (2 * QUERY + 2 * VALUE) / 2 + 4 * MANY / 2
    kept += 2 * (2 * (Q_RANK + KV_RANK) + ROPE) / 2
    kept += (
        6 * (DENSE_BLOCKS * DENSE_F / BLOCKS + SPARSE * EXPERT_F)
        + 1.05 * SPARSE * VISITED * (2 * WIDE + 6 * EXPERT_F)
    ) / 2
    states = 6 * (DEEPSEEK_HELD + EXPERTS_HELD) + 12 * (DEEPSEEK_HELD / 64 + EXPERTS_HELD / 2)
    behind = 4 * LONG * WORDS / 2 + 2 * WORDS * WIDE / 2
    first, last = 4 * 16 * LONG * WIDE + LONG * kept, 4 * LONG * WIDE + max(LONG * kept, behind)
    worked = {
        "parameters": always + (BLOCKS - DENSE_BLOCKS) * EXPERT_COUNT * 3 * WIDE * EXPERT_F,
        "active_parameters": always + (BLOCKS - DENSE_BLOCKS) * VISITED * 3 * WIDE * EXPERT_F,
        "model_flop": weights * 14.8e12,
        "dispatch_time": deepseek_dispatch(),
        "layer_time": deepseek_layer(),
        "head_time": deepseek_head(),
        "predicted_step_time": deepseek_step(),
        "achieved": rate * weights,
        "mfu": rate * (weights + scores) / H800["peak"],
        "hfu": rate * (weights + scores + again) / H800["peak"],
        "memory_peak": states + max(first, last) + GIB + 2 * ON_DEVICE,
    }
    check(solved, worked)
    # The published checkpoint has one more number for each expert, which no gradient trains: its bias.
    assert worked["parameters"] + (BLOCKS - DENSE_BLOCKS) * EXPERT_COUNT == 671_026_419_200
    assert round(worked["active_parameters"] / 1e9) in (37, 38)
