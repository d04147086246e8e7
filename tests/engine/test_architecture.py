from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN

from tcplan.chain.links import graph_for
from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan

LLAMA: dict[str, Any] = {
    **PLAIN,
    "layers": 32.0,
    "hidden": 4096.0,
    "feed_forward": 11008.0,
    "heads": 32.0,
    "kv_heads": 32.0,
    "head_size": 128.0,
    "vocabulary": 32000.0,
    "gated": 1.0,
    "tied_embeddings": 0.0,
    "biases": 0.0,
    "norm": 0.0,
    "learned_positions": 0.0,
}
GPT3: dict[str, Any] = {
    **LLAMA,
    "layers": 96.0,
    "hidden": 12288.0,
    "feed_forward": 49152.0,
    "heads": 96.0,
    "kv_heads": 96.0,
    "vocabulary": 50257.0,
    "gated": 0.0,
    "tied_embeddings": 1.0,
    "biases": 2.0,
    "norm": 1.0,
    "learned_positions": 2048.0,
}
MIXTRAL: dict[str, Any] = {
    **LLAMA,
    "feed_forward": 14336.0,
    "kv_heads": 8.0,
    "experts": 8.0,
    "experts_per_token": 2.0,
    "expert_feed_forward": 14336.0,
    "shared_experts": 0.0,
    "shared_feed_forward": 0.0,
    "dense_layers": 0.0,
}
DEEPSEEK: dict[str, Any] = {
    **LLAMA,
    "layers": 61.0,
    "hidden": 7168.0,
    "feed_forward": 18432.0,
    "heads": 128.0,
    "kv_heads": 128.0,
    "head_size": 192.0,
    "vocabulary": 129280.0,
    "q_rank": 1536.0,
    "kv_rank": 512.0,
    "nope_size": 128.0,
    "rope_size": 64.0,
    "value_size": 128.0,
    "experts": 256.0,
    "experts_per_token": 8.0,
    "expert_feed_forward": 2048.0,
    "shared_experts": 1.0,
    "shared_feed_forward": 2048.0,
    "dense_layers": 3.0,
}
RUN: dict[str, Any] = {"tokens": 300e9, "sequence": 2048.0, "recompute": 0.0}


def solve(*want: str, sparse: bool = False, latent: bool = False, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(sparse, latent, "on-demand").solve({**LLAMA, **RUN, **inputs}, want)
    return [solved[name] for name in want]


def test_a_plain_model_counted_by_hand() -> None:
    # Catches: a missing bias, norm or table. GPT-3: 12 h^2 weights, 13 h biases and norms in each layer.
    h, layers = 12288, 96
    expected = layers * (12 * h**2 + 13 * h) + 2 * h + (50257 + 2048) * h
    assert solve("parameters", **GPT3) == [expected]


def test_a_gated_model_counted_by_hand() -> None:
    expected = 32 * (4 * 4096**2 + 3 * 4096 * 11008 + 2 * 4096) + 4096 + 2 * 32000 * 4096
    assert solve("parameters", "active_parameters") == [expected, expected]


def test_grouped_queries_share_keys_and_values() -> None:
    # Catches: kv_heads that change nothing, or keys counted once instead of keys and values.
    (many,), (few,) = solve("parameters"), solve("parameters", kv_heads=8.0)
    assert many - few == 32 * 2 * 4096 * 24 * 128


@pytest.mark.parametrize(("biases", "each"), [(1.0, 3 * 4096), (2.0, 4 * 4096 + 2 * 11008 + 4096)])
def test_biases_are_where_they_are_said_to_be(biases: float, each: int) -> None:
    (without,), (with_biases,) = solve("parameters"), solve("parameters", biases=biases)
    assert with_biases - without == 32 * each


def test_a_sparse_model_counted_by_hand() -> None:
    # Catches: a router left out, active experts counted as all. Mixtral 8x7B (arXiv:2401.04088): 47 B, 13 B.
    total, active = solve("parameters", "active_parameters", sparse=True, **MIXTRAL)
    assert total == 46_702_792_704
    assert total - active == 32 * 6 * 3 * 4096 * 14336


def test_latent_attention_and_shared_experts_counted_by_hand() -> None:
    # DeepSeek-V3, arXiv:2412.19437: 671 B and 37 B; 3 dense layers, then one shared and 256 routed experts.
    h, heads = 7168, 128
    attention = h * 1536 + 1536 * heads * 192 + h * (512 + 64) + 512 * heads * 256 + heads * 128 * h
    each = attention + 1536 + 512 + 2 * h
    sparse = h * 256 + 257 * 3 * h * 2048
    expected = 61 * each + 3 * 3 * h * 18432 + 58 * sparse + h + 2 * 129280 * h
    total, active = solve("parameters", "active_parameters", sparse=True, latent=True, **DEEPSEEK)
    assert total == expected
    assert total == pytest.approx(671e9, rel=0.001)
    assert active == pytest.approx(37e9, rel=0.02)


def test_queries_that_are_not_compressed() -> None:
    # DeepSeek-V2-Lite has no query rank: a rank of 0 must not remove the query weights.
    (weights,) = solve("attention_weights", latent=True, **{**DEEPSEEK, "q_rank": 0.0})
    assert weights == 7168 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168


def test_the_published_compute_of_gpt3() -> None:
    # arXiv:2005.14165, appendix D: 3.14e23 FLOP, which is 6 N D.
    flop, full = solve("model_flop", "full_model_flop", **GPT3)
    assert flop == pytest.approx(3.14e23, rel=0.01)
    assert full - flop == pytest.approx(12 * 96 * 2048 * 12288 * 300e9)


def test_only_visited_experts_are_multiplied() -> None:
    flop, active = solve("token_flop", "active_parameters", sparse=True, latent=True, **DEEPSEEK)
    assert flop == pytest.approx(6 * (active - 129280 * 7168), rel=0.001)


def test_recomputation_repeats_a_forward_pass_of_the_layers() -> None:
    # Catches: recomputing the head, or counting attention scores three times.
    none, full = (solve("hardware_flop", **{**GPT3, "recompute": mode})[0] for mode in (0.0, 2.0))
    selective = solve("hardware_flop", **{**GPT3, "recompute": 1.0})[0]
    forward = 2 * 96 * 12 * 12288**2 + 4 * 96 * 2048 * 12288
    assert full - none == pytest.approx(forward * 300e9)
    assert selective - none == pytest.approx(4 * 96 * 2048 * 12288 * 300e9)


@given(st.floats(1e9, 1e14), st.floats(0.1, 10.0))
def test_compute_is_proportional_to_tokens(tokens: float, factor: float) -> None:
    once, more = solve("model_flop", tokens=tokens)[0], solve("model_flop", tokens=tokens * factor)[0]
    assert more == pytest.approx(once * factor)


@given(st.integers(1, 200))
def test_a_layer_more_is_a_layer_more(layers: int) -> None:
    # Catches: something in a layer that is counted per model, or the other way round.
    counts = [solve("parameters", layers=float(layers + one))[0] for one in range(3)]
    assert counts[2] - counts[1] == counts[1] - counts[0] > 0


def test_arrays_give_what_numbers_give() -> None:
    hidden = np.array([1024.0, 4096.0, 8192.0])
    together = solve("parameters", "full_model_flop", hidden=hidden)
    for index, value in enumerate(hidden):
        alone = solve("parameters", "full_model_flop", hidden=float(value))
        assert [one[index] for one in together] == pytest.approx(alone)
        assert all(isinstance(one, float) for one in alone)


def test_what_the_sizes_do_not_describe_is_added() -> None:
    # Catches: extras that count as active only, or FLOP of one pass for those of three.
    extra: dict[str, Any] = {"extra_parameters": 3e9, "extra_active_parameters": 1e9}
    extra["extra_forward_flop"] = 2e9
    names = ("parameters", "active_parameters", "token_flop", "layer_parameters")
    without, with_extra = solve(*names), solve(*names, **extra)
    added = [after - before for before, after in zip(without, with_extra, strict=True)]
    assert added == pytest.approx([3e9, 1e9, 6e9, 3e9 / 32])


def test_extras_that_take_away_leave_something() -> None:
    assert solve("parameters", extra_parameters=-1e12) == [1.0]
    found = evaluate(Plan().set("model.extra_parameters", -1e12)).findings[0]
    assert (found.level, found.path) == ("error", "model.extra_parameters")
