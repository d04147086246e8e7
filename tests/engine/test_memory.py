from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN

from tcplan.chain.links import graph_for

GIB = 2.0**30
PLAN = {
    "precision": 0.0,
    **PLAIN,
    "layers": 32.0,
    "hidden": 4096.0,
    "feed_forward": 16384.0,
    "heads": 32.0,
    "kv_heads": 32.0,
    "head_size": 128.0,
    "vocabulary": 32000.0,
    "gated": 0.0,
    "tied_embeddings": 0.0,
    "biases": 0.0,
    "norm": 0.0,
    "learned_positions": 0.0,
    "sequence": 2048.0,
    "batch_tokens": 4e6,
    "devices": 64.0,
    "attention_kernel": 0.0,
    "tensor": 1.0,
    "pipeline": 1.0,
    "context": 1.0,
    "expert": 1.0,
    "micro_batch": 1.0,
    "interleave": 1.0,
    "recompute": 0.0,
    "sharding": 0.0,
    "sequence_parallel": 0.0,
    "memory": 80 * GIB,
}
STATES = ("memory_weights", "memory_gradients", "memory_optimizer")


def solve(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(False, False, "on-demand").solve({**PLAN, **inputs}, want)
    return [solved[name] for name in want]


def test_states_take_eighteen_bytes_a_parameter() -> None:
    # arXiv:2205.05198, section 5: 18 bytes with 32-bit gradients.
    parameters, *states = solve("parameters", *STATES)
    assert sum(states) == pytest.approx(18 * parameters, rel=1e-6)


@pytest.mark.parametrize(
    ("stage", "whole"), [(0.0, 18.0), (1.0, 6.0), (2.0, 2.0), (3.0, 0.0)], ids=("0", "1", "2", "3")
)
def test_each_stage_of_zero_shares_out_more(stage: float, whole: float) -> None:
    # arXiv:1910.02054, figure 1, with 32-bit gradients: 64 devices share what a stage splits.
    parameters, *states = solve("parameters", *STATES, sharding=stage)
    assert sum(states) == pytest.approx(parameters * (whole + (18.0 - whole) / 64), rel=1e-6)


def test_stages_hold_one_table_each_and_a_single_stage_both() -> None:
    # Catches: tied tables counted twice on one stage, or both tables on every stage.
    layer, table = 12 * 4096**2 + 2 * 4096, 32000 * 4096
    assert solve("held_parameters") == [32 * layer + 2 * table]
    assert solve("held_parameters", tied_embeddings=1.0) == [32 * layer + table]
    assert solve("held_parameters", pipeline=4.0, tensor=2.0) == [(8 * layer + table) / 2]
    # arXiv:2412.19437, section 2.2: modules for further tokens share embedding and head.
    assert solve("held_tables", pipeline=4.0, predicted_tokens=1.0) == [2 * table]


@pytest.mark.parametrize("tensor", [1.0, 2.0, 8.0])
@pytest.mark.parametrize("sequence", [1024.0, 2048.0])
def test_unfused_activations_are_the_published_formula(tensor: float, sequence: float) -> None:
    # arXiv:2205.05198, equation 2: s b h (10 + 24/t + 5 a s / (h t)) bytes of a plain layer.
    (kept,) = solve(
        "layer_activation",
        attention_kernel=1.0,
        dropout=0.1,
        tensor=tensor,
        sequence=sequence,
        micro_batch=4.0,
    )
    h, a = 4096, 32
    assert kept == pytest.approx(4 * sequence * h * (10 + 24 / tensor + 5 * a * sequence / (h * tensor)))


def test_splitting_the_sequence_divides_all_of_it() -> None:
    # arXiv:2205.05198, equation 4: s b h / t (34 + 5 a s / h).
    (kept,) = solve("layer_activation", attention_kernel=1.0, dropout=0.1, tensor=8.0, sequence_parallel=1.0)
    assert kept == pytest.approx(2048 * 4096 / 8 * (34 + 5 * 32 * 2048 / 4096))


def test_selective_recomputation_frees_the_scores() -> None:
    # arXiv:2205.05198, equation 6: 34 s b h / t is left.
    options = {
        "attention_kernel": 1.0,
        "dropout": 0.1,
        "tensor": 8.0,
        "sequence_parallel": 1.0,
        "recompute": 1.0,
    }
    assert solve("layer_activation", **options) == [pytest.approx(34 * 2048 * 4096 / 8)]


def test_recomputing_layers_keeps_their_inputs_and_one_layer_at_work() -> None:
    kept, live = solve("layer_activation", "live_activation", recompute=2.0)
    (whole,) = solve("layer_activation")
    assert kept == 2 * 2048 * 4096
    assert live == whole


def test_the_first_stage_holds_as_many_micro_batches_as_stages() -> None:
    # arXiv:2104.04473, section 2.2: p in flight, or all there are; (1 + (p-1)/(p v)) p when interleaved.
    assert solve("first_in_flight", "last_in_flight", pipeline=8.0) == [8.0, 1.0]
    assert solve("first_in_flight", pipeline=8.0, micro_batches=3.0) == [3.0]
    assert solve("first_in_flight", pipeline=8.0, interleave=2.0) == [8 + 7 / 2]


def test_the_worse_of_first_and_last_stage_counts() -> None:
    # Catches: logits that are forgotten, or added to the first stage.
    small = solve("memory_activations", "first_activations", "last_activations", "activations_limited_by")
    assert small[0] == small[2] > small[1]
    assert small[3] == 1.0
    many = solve("memory_activations", "first_activations", "activations_limited_by", pipeline=8.0)
    assert many[0] == many[1]
    assert many[2] == 0.0


def test_parts_add_up_to_the_peak_and_the_rest_is_free() -> None:
    names = (*STATES, "memory_activations", "memory_buffers", "memory_peak", "memory_free")
    *parts, peak, free = solve(*names, sharding=3.0, pipeline=2.0, tensor=2.0)
    assert sum(parts) == pytest.approx(peak)
    assert free == pytest.approx(80 * GIB - peak)


def test_zero_3_gathers_the_experts_of_a_layer_too() -> None:
    # Catches: a layout that holds all experts of a layer at once and counts none of them.
    sparse = {"experts": 8.0, "experts_per_token": 2.0, "expert_feed_forward": 14336.0, "dense_layers": 0.0}
    sparse |= {"shared_experts": 0.0, "shared_feed_forward": 0.0}
    graph = graph_for(True, False, "on-demand")
    alone, spread = (
        graph.solve({**PLAN, **sparse, "expert": expert, "sharding": 3.0}, ("memory_buffers",))[
            "memory_buffers"
        ]
        for expert in (1.0, 8.0)
    )
    assert alone - spread == pytest.approx(7 * 2 * 4096 * 14336 * 8)


def test_routed_experts_are_shared_by_the_devices_that_hold_the_same() -> None:
    # Catches: expert states sharded over all data-parallel devices although these hold different experts.
    sparse = {
        "experts": 8.0,
        "experts_per_token": 2.0,
        "expert_feed_forward": 14336.0,
        "shared_experts": 0.0,
        "shared_feed_forward": 0.0,
        "dense_layers": 0.0,
    }
    graph = graph_for(True, False, "on-demand")
    want = ("held_experts", "expert_shards", "memory_optimizer", "held_parameters")
    solved = graph.solve({**PLAN, **sparse, "expert": 4.0, "sharding": 1.0, "tensor": 2.0}, want)
    assert solved["held_experts"] == 32 * 2 * (2 * 4096 * 14336)
    assert solved["expert_shards"] == 64 / 4
    optimizer = 12 * (solved["held_parameters"] / 32 + solved["held_experts"] / 16)
    assert solved["memory_optimizer"] == pytest.approx(optimizer)


@given(st.sampled_from([1.0, 2.0, 4.0, 8.0]), st.integers(1, 64), st.sampled_from([0.0, 1.0, 2.0, 3.0]))
def test_a_larger_micro_batch_never_needs_less(tensor: float, micro_batch: int, sharding: float) -> None:
    options = {"tensor": tensor, "sharding": sharding, "devices": 4096.0, "batch_tokens": 1e9}
    less, more = (
        solve("memory_peak", **options, micro_batch=float(size))[0] for size in (micro_batch, micro_batch + 1)
    )
    assert more > less


def test_an_open_mesh_gives_what_single_cells_give() -> None:
    # Catches: a function that needs equal shapes, or that treats an array as one number.
    tensor = np.array([1.0, 2.0, 8.0]).reshape(3, 1, 1, 1)
    pipeline = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1, 1)
    recompute = np.array([0.0, 1.0, 2.0]).reshape(1, 1, 3, 1)
    sharding = np.array([0.0, 1.0, 2.0, 3.0])
    (mesh,) = solve("memory_peak", tensor=tensor, pipeline=pipeline, recompute=recompute, sharding=sharding)
    assert mesh.shape == (3, 4, 3, 4)
    for at in np.ndindex(mesh.shape):
        cell = {
            "tensor": float(tensor.flat[at[0]]),
            "pipeline": float(pipeline.flat[at[1]]),
            "recompute": float(recompute.flat[at[2]]),
            "sharding": float(sharding[at[3]]),
        }
        assert mesh[at] == pytest.approx(solve("memory_peak", **cell)[0])


def test_down_projections_of_latent_attention_are_on_every_device() -> None:
    # Catches: memory that splits what the time of a layer counts as whole on each device.
    latent = {"q_rank": 1536.0, "kv_rank": 512.0, "rope_size": 64.0, "nope_size": 128.0, "value_size": 128.0}
    graph = graph_for(False, True, "on-demand")
    want = ("layer_parameters", "device_layer_parameters")
    layer, whole = graph.solve({**PLAN, **latent, "tensor": 1.0}, want, keep=False).values()
    solved = graph.solve({**PLAN, **latent, "tensor": 8.0}, want)
    down = PLAN["hidden"] * (1536 + 512 + 64)
    assert solved["layer_parameters"] == layer == whole
    assert solved["device_layer_parameters"] == (layer - down) / 8 + down
