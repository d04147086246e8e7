"""Weights, gradients and optimizer states by hand: as stacks, optimizers, sharding and the host keep them."""

from typing import Any

import pytest
from tests.engine.plain import PLAIN, ROUTED
from tests.engine.test_memory import PLAN

from tcplan.chain.links import graph_for

STATES = ("memory_weights", "memory_gradients", "memory_optimizer")
LAYER, TABLE = 12 * 4096**2 + 2 * 4096, 32000 * 4096
HELD = 32 * LAYER + 2 * TABLE
SPARSE = {
    **ROUTED,
    "experts": 64.0,
    "experts_per_token": 4.0,
    "expert_feed_forward": 1024.0,
    "shared_experts": 0.0,
    "shared_feed_forward": 0.0,
    "dense_layers": 1.0,
}
ADAPTERS = {"adapter_rank": 64.0, "adapter_targets": 2.0, "frozen_bits": 0.0}


def solve(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(False, False, "on-demand").solve({**PLAN, **inputs}, want)
    return [solved[name] for name in want]


def adapted(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    graph = graph_for(False, False, "on-demand", adapted=True)
    solved = graph.solve({**PLAN, **PLAIN, **ADAPTERS, "sharding": 0.0, **inputs}, want)
    return [solved[name] for name in want]


@pytest.mark.parametrize(
    ("stack", "weight", "gradient", "optimizer"),
    [
        ({}, 2, 4, 12),
        ({"summed_bytes": 2.0}, 2, 2, 12),
        ({"gradient_sum": 1.0}, 2, 2, 12),
        ({"summed_bytes": 2.0, "gradient_sum": 2.0}, 2, 4, 12),
        # One 32-bit weight and no other: 16 bytes in all.
        ({"working_bytes": 4.0}, 4, 4, 8),
        ({"master_bytes": 0.0, "summed_bytes": 2.0, "moment_bytes": 2.0}, 2, 2, 4),
        # Wide products need wide weights, and no copy of them.
        ({"precision": 6.0}, 4, 4, 8),
    ],
    ids=("megatron", "16-bit-gradients", "16-bit-by-choice", "32-bit-by-choice", "fsdp", "pure-bf16", "fp32"),
)
def test_stacks_keep_their_own_bytes_of_a_parameter(
    stack: dict[str, float], weight: int, gradient: int, optimizer: int
) -> None:
    # Catches: one recipe's 18 bytes for all stacks, or a wide copy beside a weight that is wide.
    states = solve(*STATES, sharding=0.0, **stack)
    assert states == [weight * HELD, gradient * HELD, optimizer * HELD]


@pytest.mark.parametrize(
    ("optimizer", "moments"), [(0.0, 8), (1.0, 2), (2.0, 0), (3.0, 4), (4.0, 4)], ids=str
)
def test_optimizers_remember_as_much_as_their_papers_say(optimizer: float, moments: int) -> None:
    # Adam 2 x 4 bytes, in 8 bit 2 x 1, Adafactor rows and columns alone, Muon and SGD one momentum.
    assert solve("optimizer_bytes", optimizer=optimizer) == [4 + moments]


def test_sharding_inside_a_node_shares_among_its_devices() -> None:
    # Catches: states shared by all devices of a run whose groups are nodes.
    weights, gradients, optimizer = solve(*STATES, sharding=4.0, devices=64.0)
    assert (weights, gradients, optimizer) == (2 * HELD / 8, 4 * HELD / 8, 12 * HELD / 8)


@pytest.mark.parametrize(
    ("offload", "kept"), [(0.0, (2, 4, 12)), (1.0, (2, 4, 0)), (2.0, (0, 0, 0)), (3.0, (2, 4, 12))], ids=str
)
def test_what_the_host_keeps_is_not_on_the_device(offload: float, kept: tuple[int, int, int]) -> None:
    assert solve(*STATES, sharding=0.0, offload=offload) == [each * HELD for each in kept]


def test_activations_in_the_host_leave_two_layers_at_work() -> None:
    kept, live, layer = solve(
        "layer_activation", "live_activation", "token_activation", offload=3.0, micro_batch=2.0
    )
    assert (kept, live) == (0.0, 2 * 2 * 2048 * layer)


def test_an_update_in_backward_keeps_no_gradients() -> None:
    assert solve(*STATES, sharding=0.0, early_update=1.0) == [2 * HELD, 0.0, 12 * HELD]


def test_dualpipe_holds_two_stages_and_one_micro_batch_more() -> None:
    # arXiv:2412.19437, table 2: parameters twice, activations of p + 1 micro-batches.
    held = 8 * LAYER + TABLE
    both = solve("memory_weights", "memory_gradients", sharding=0.0, pipeline=4.0, schedule=2.0)
    assert both == [2 * 2 * held, 2 * 4 * held]
    assert solve("first_in_flight", "last_in_flight", pipeline=4.0, schedule=2.0) == [5.0, 5.0]
    assert solve("stage_copies", schedule=2.0) == [1.0]


def test_tables_are_padded_to_whole_tiles_on_each_device() -> None:
    # Megatron pads the 50,257 words of GPT-2 to 50,304, and with eight devices to 51,200.
    options = {"vocabulary": 50_257.0, "vocabulary_multiple": 128.0}
    assert solve("padded_share", **options) == [50_304 / 50_257]
    assert solve("padded_share", tensor=8.0, **options) == [51_200 / 50_257]
    (tables,) = solve("held_tables", pipeline=2.0, **options)
    assert tables == pytest.approx(50_304 * 4096)


def test_an_update_that_is_not_fused_may_need_more_than_activations() -> None:
    # Catches: work space of the update on top of activations, which are free by then.
    last, update, most = solve(
        "last_activations", "update_memory", "memory_activations", update_bytes=4.0, sharding=0.0
    )
    assert update == 4 * HELD
    assert most == update > last


def test_stages_behind_the_dense_layers_hold_experts_in_all_layers() -> None:
    # Catches: the average share of sparse layers on a stage that has no dense one.
    graph = graph_for(True, False, "on-demand")
    want = ("held_experts", "stage_sparse_layers")
    expert = 2 * 4096 * 1024
    alone = graph.solve({**PLAN, **SPARSE, "expert": 8.0}, want)
    assert alone["held_experts"] == 31 * 8 * expert
    piped = graph.solve({**PLAN, **SPARSE, "expert": 8.0, "pipeline": 8.0}, want)
    assert piped["held_experts"] == 4 * 8 * expert
    # Every second layer sparse: those of a stage are too.
    mixed = graph.solve({**PLAN, **SPARSE, "dense_layers": 16.0, "expert": 8.0, "pipeline": 8.0}, want)
    assert mixed["stage_sparse_layers"] == 2.0


def test_adapters_need_few_states_and_the_model_its_weights() -> None:
    # arXiv:2106.09685, section 4.2: moments of the adapters alone; their weights and gradients in 16 bit.
    trained, *states = adapted("trainable_parameters", *STATES)
    everything = HELD + 2 * 4096  # the final norm is counted, and held nowhere
    share = trained / (everything - 4096)
    assert states[0] == pytest.approx(2 * HELD * (1 + share), rel=1e-6)
    assert states[1:] == [
        pytest.approx(2 * HELD * share, rel=1e-6),
        pytest.approx(8 * HELD * share, rel=1e-6),
    ]


def test_narrow_weights_are_those_of_the_layers() -> None:
    # arXiv:2305.14314, section 3: linear layers in 4 bit with their scales; embedding and head stay in 16.
    weights, share = adapted("memory_weights", "trainable_share", frozen_bits=2.0)
    assert weights == pytest.approx(0.516 * 32 * LAYER + 2 * 2 * TABLE + 2 * share * HELD)
    spread, alike = adapted("memory_weights", "shards", frozen_bits=2.0, sharding=3.0)
    assert spread == pytest.approx(weights / alike)
    assert adapted("memory_weights", frozen_bits=2.0, offload=2.0) == [0.0]


def test_adapters_beside_narrow_weights_are_trained_in_mixed_precision() -> None:
    assert adapted("gradient_bytes", "optimizer_bytes") == [2.0, 8.0]
    assert adapted("gradient_bytes", "optimizer_bytes", frozen_bits=2.0) == [4.0, 12.0]


def test_zero_3_gathers_two_layers_and_the_tables() -> None:
    (gathered,) = solve("gathered_memory", sharding=3.0)
    assert gathered == 2 * 2 * LAYER + 4 * LAYER + 2 * 2 * TABLE
    # DeepSpeed leaves as many gathered as it is told, at most all; embedding and head may be apart.
    (limited,) = solve("gathered_memory", sharding=3.0, live_parameters=1e9, gathered_tables=0.5)
    assert limited == 2 * 1e9 + 4 * LAYER + 2 * TABLE
    (whole,) = solve("gathered_memory", sharding=3.0, live_parameters=1e12, gathered_tables=0.0)
    assert whole == 2 * 32 * LAYER + 4 * LAYER
    assert solve("gathered_memory", sharding=2.0) == [0.0]


def test_frozen_weights_are_gathered_as_they_are_and_have_no_gradients() -> None:
    (gathered,) = adapted("gathered_memory", sharding=3.0, frozen_bits=2.0)
    assert gathered == pytest.approx(0.516 * 2 * LAYER + 2 * 2 * TABLE)
    assert adapted("memory_buffers", sharding=0.0) == [2.0**30]
