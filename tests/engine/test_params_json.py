"""`params.json` of Llama and Mistral: the totals of the real models, or one sentence."""

import json

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.reading.document import document_of
from tcplan.reading.kinds import read
from tcplan.reading.reading import ReadingError

LLAMA_7B = {
    "dim": 4096,
    "multiple_of": 256,
    "n_heads": 32,
    "n_layers": 32,
    "norm_eps": 1e-06,
    "vocab_size": -1,
}
LLAMA_70B = {
    **{"dim": 8192, "multiple_of": 4096, "ffn_dim_multiplier": 1.3, "n_heads": 64, "n_kv_heads": 8},
    **{"n_layers": 80, "norm_eps": 1e-05, "vocab_size": -1},
}
LLAMA_405B = {
    **{"dim": 16384, "ffn_dim_multiplier": 1.2, "multiple_of": 4096, "n_heads": 128, "n_kv_heads": 8},
    **{
        "n_layers": 126,
        "norm_eps": 1e-05,
        "rope_theta": 500000.0,
        "use_scaled_rope": True,
        "vocab_size": 128256,
    },
}
MISTRAL_7B = {
    **{"dim": 4096, "n_layers": 32, "head_dim": 128, "hidden_dim": 14336, "n_heads": 32, "n_kv_heads": 8},
    **{"norm_eps": 1e-05, "sliding_window": 4096, "vocab_size": 32000},
}
MIXTRAL = {**MISTRAL_7B, "moe": {"num_experts_per_tok": 2, "num_experts": 8}}
SCOUT = {
    **{
        "dim": 5120,
        "n_layers": 48,
        "n_heads": 40,
        "n_kv_heads": 8,
        "vocab_size": 202048,
        "multiple_of": 2048,
    },
    **{
        "ffn_dim_multiplier": 1.2,
        "moe_args": {"num_experts": 16, "capacity_factor": 1.0, "auto_scale_F": True},
    },
}
MAVERICK = {
    **SCOUT,
    "moe_args": {"num_experts": 128, "capacity_factor": 1.0, "interleave_moe_layer_step": 2},
}


@pytest.mark.parametrize(
    ("tree", "total", "active"),
    [
        (LLAMA_7B, 6_738_415_616, 6_738_415_616),
        (LLAMA_70B, 68_976_648_192, 68_976_648_192),
        (LLAMA_405B, 405_853_388_800, 405_853_388_800),
        (MISTRAL_7B, 7_241_732_096, 7_241_732_096),
        (MIXTRAL, 46_702_792_704, 12_879_925_248),
        (SCOUT, 107_769_861_120, 17_172_894_720),
        (MAVERICK, 400_711_848_960, 17_184_691_200),
    ],
    ids=[
        "Llama 7B",
        "Llama 2 70B",
        "Llama 3.1 405B",
        "Mistral 7B",
        "Mixtral 8x7B",
        "Llama 4 Scout",
        "Maverick",
    ],
)
def test_the_totals_are_those_of_the_real_model(tree: dict[str, object], total: int, active: int) -> None:
    """A wrong rounding of the feed-forward, an expert too few, or a size of the default preset would show."""
    made = document_of(read(json.dumps(tree).encode(), shipped()), "params.json")
    estimate = evaluate(made.document.plan)
    assert estimate["model.parameters"].value == total
    assert estimate["model.active_parameters"].value == active


def test_an_open_vocabulary_is_assumed_and_said() -> None:
    """The guess of 32,000 would pass for what the file says."""
    reading = read(json.dumps(LLAMA_7B).encode(), shipped())
    assert any("vocab_size" in sentence and "32,000" in sentence for sentence in reading.missing)
    assert read(json.dumps(MISTRAL_7B).encode(), shipped()).missing == ()


def test_a_tower_that_is_not_counted_is_said() -> None:
    """A model with eyes would pass for its text part alone."""
    reading = read(json.dumps({**MISTRAL_7B, "vision_encoder": {"hidden_size": 1024}}).encode(), shipped())
    assert any("vision_encoder" in sentence for sentence in reading.missing)


def test_a_size_that_no_plan_can_hold_is_no_other_size() -> None:
    """The layers of the default preset would stand in a model of other sizes."""
    reading = read(json.dumps({**LLAMA_7B, "n_layers": 5000}).encode(), shipped())
    with pytest.raises(ReadingError, match=r"model\.layers"):
        document_of(reading, "params.json")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dim": None}, "dim"),
        ({"dim": -4096}, "dim is no size"),
        ({"n_layers": True}, "n_layers is no size: true; a whole number from 1"),
        ({"dim": 4096.5}, "dim is no size: 4096.5; a whole number from 1"),
        ({"ffn_dim_multiplier": -1.3}, "ffn_dim_multiplier is no size: -1.3; a number above 0"),
        (
            {"moe": {"num_experts": 8, "num_experts_per_tok": 9}},
            "moe.num_experts_per_tok: 9 is more than the 8",
        ),
        ({"n_layers": "32"}, "n_layers is no size"),
        ({"n_heads": 0}, "n_heads is no size"),
        ({"n_heads": 33}, "dim is no multiple of n_heads"),
        ({"dim": 1e300}, "dim is no size"),
        ({"dim": float("nan")}, "dim is no size"),
        ({"vocab_size": float("inf")}, "vocab_size is no size"),
        ({"moe": {"num_experts": 8}}, "moe.num_experts_per_tok is missing"),
        ({"state_size": 128}, "state-space"),
    ],
)
def test_a_size_that_is_none_is_refused_by_name(changes: dict[str, object], words: str) -> None:
    """A negative or missing size would become a plan of nonsense, or a traceback."""
    with pytest.raises(ReadingError) as refused:
        read(json.dumps({**LLAMA_7B, **changes}).encode(), shipped())
    assert words in refused.value.sentence
