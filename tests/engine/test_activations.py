"""Activations by hand: dropout, latent attention, experts, what is computed again, and the loss."""

from typing import Any

import pytest
from tests.engine.test_memory import PLAN
from tests.engine.test_states import SPARSE, solve

from tcplan.chain.links import graph_for

TOKENS, WIDE, HEADS, WORDS = 2048, 4096, 32, 32000
LATENT = {"q_rank": 1536.0, "kv_rank": 512.0, "rope_size": 64.0, "nope_size": 128.0, "value_size": 128.0}
STATE = {"state_head_size": 64.0, "state_size": 128.0, "state_groups": 8.0, "convolution": 4.0}


def latent(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(False, True, "on-demand").solve({**PLAN, **LATENT, **inputs}, want)
    return [solved[name] for name in want]


def sparse(*want: str, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(True, False, "on-demand").solve({**PLAN, **SPARSE, **inputs}, want)
    return [solved[name] for name in want]


def test_dropout_needs_masks_and_the_scores_before_it() -> None:
    # arXiv:2205.05198, section 4.1: 2 s b h of masks; 2 a s softmax, 2 a s its result, a s its mask.
    assert solve("mask_activation", "score_activation") == [0.0, 4 * HEADS]
    assert solve("mask_activation", dropout=0.1) == [2 * WIDE]
    unfused = [solve("score_activation", attention_kernel=1.0, dropout=each)[0] for each in (0.0, 0.1)]
    assert unfused == [2 * HEADS * TOKENS, 5 * HEADS * TOKENS]


def test_unfused_attention_writes_gradients_of_scores() -> None:
    # A core of its own kernels has, on its way back, another 2 a s beside the softmax that it kept.
    assert solve("live_activation") == [0.0]
    (live,) = solve("live_activation", attention_kernel=1.0)
    assert live == TOKENS * 2 * HEADS * TOKENS


def test_layers_with_a_state_keep_no_queries() -> None:
    # Of 32 layers 24 have a state: queries and scores are those of the other eight.
    want = ("projection_activation", "score_activation")
    graph = graph_for(False, False, "on-demand", "state-space")
    solved = graph.solve({**PLAN, **STATE, "state_layers": 24.0, "layers": 32.0}, want)
    assert [4.0 * solved[name] for name in want] == pytest.approx(solve(*want))


def test_norms_that_are_computed_again_free_their_results() -> None:
    options = {"recompute": 1.0, "recompute_core": 0.0}
    (kept,) = solve("layer_activation", **options)
    (freed,) = solve("layer_activation", **options, recompute_norms=1.0)
    assert kept - freed == TOKENS * 2 * 2 * WIDE


def test_part_of_the_layers_again_keeps_the_others() -> None:
    (none,) = solve("layer_activation")
    (half,) = solve("layer_activation", recompute=2.0, recompute_share=0.5)
    assert half == (none + TOKENS * 2 * WIDE) / 2


def test_stacks_and_compilers_change_what_is_kept_but_not_the_inputs_of_layers() -> None:
    # Catches: a factor of fusion on the one tensor that full recomputation keeps.
    (plain,) = solve("layer_activation")
    assert solve("layer_activation", activation_factor=1.5) == [1.5 * plain]
    assert solve("layer_activation", compiled=1.0) == [pytest.approx(0.7 * plain)]
    assert solve("layer_activation", recompute=2.0, activation_factor=1.5) == [TOKENS * 2 * WIDE]


def test_latent_attention_keeps_what_is_compressed_and_what_is_expanded() -> None:
    # Before and after their norms 2 (1536 + 512), the shared position, then queries, keys, values, result.
    query, value = HEADS * 192, HEADS * 128
    compressed, expanded = 2 * (1536 + 512) + 64, 2 * query + 2 * value
    assert latent("projection_activation") == [2 * (compressed + expanded)]
    spread = latent("projection_activation", tensor=8.0, sequence_parallel=1.0)
    assert spread == [2 * (compressed + expanded) / 8]
    assert latent("projection_activation", tensor=8.0) == [2 * (compressed + expanded / 8)]
    options = {"recompute": 1.0, "recompute_core": 0.0, "recompute_projections": 1.0}
    assert latent("freed_activation", **options) == [2 * (2 * query + value)]


def test_a_routed_token_is_kept_for_each_expert() -> None:
    # Its input h, then 2 f_e of a plain expert; 31 of 32 layers have experts, the busiest device 5 % more.
    routed = 1.05 * 31 / 32 * 4 * 2 * (WIDE + 2 * 1024)
    assert sparse("routed_activation") == [pytest.approx(routed)]
    assert sparse("routed_activation", tensor=2.0) == [pytest.approx(routed / 2)]
    assert sparse("routed_activation", routing_imbalance=2.1) == [pytest.approx(2 * routed)]
    assert sparse("feed_forward_activation") == [pytest.approx(routed + 2 * 2 * 16384 / 32)]


def test_experts_that_are_computed_again_free_what_they_keep() -> None:
    options = {"recompute": 1.0, "recompute_core": 0.0}
    routed, function = sparse("routed_activation", "function_activation")
    assert function == pytest.approx(1.05 * 31 / 32 * 4 * 2 * 1024)
    assert sparse("freed_activation", **options, recompute_activation=1.0) == [function]
    # The activation function is part of the experts: not freed twice.
    both = sparse("freed_activation", **options, recompute_activation=1.0, recompute_experts=1.0)
    assert both == [routed]


@pytest.mark.parametrize(("kernel", "size"), [(0.0, 6.0), (1.0, 4.0), (2.0, 0.75)], ids=str)
def test_the_loss_keeps_copies_of_the_logits(kernel: float, size: float) -> None:
    # 2 bytes and 4 of the softmax; fused without the copy in 16 bit; in pieces of an eighth.
    (logits,) = solve("logit_memory", logit_bytes=6.0, loss_kernel=kernel)
    assert logits == pytest.approx(size * TOKENS * WORDS)


def test_further_predictions_keep_their_softmax() -> None:
    (logits,) = solve("logit_memory", logit_bytes=6.0, predicted_tokens=2.0)
    assert logits == pytest.approx((6 + 2 * 4) * TOKENS * WORDS)


def test_a_layer_is_only_computed_again_when_the_logits_are_free() -> None:
    # Catches: two peaks added that never meet.
    logits, head, live = solve("logit_memory", "head_gradient_memory", "live_activation", recompute=2.0)
    assert head == 2 * WORDS * WIDE
    (last,) = solve("last_activations", recompute=2.0)
    assert last == 32 * TOKENS * 2 * WIDE + max(live, logits + head)


def test_the_last_stage_is_the_peak_without_the_first_ones_activations() -> None:
    peak, last, first, own = solve(
        "memory_peak", "last_stage_memory", "first_activations", "last_activations", pipeline=8.0
    )
    assert peak - last == pytest.approx(first - own)
