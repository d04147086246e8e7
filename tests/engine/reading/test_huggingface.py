"""`config.json` of Hugging Face models: the totals of the real models, or one sentence."""

import json
import math
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan
from tcplan.reading.huggingface import read_config, recognises
from tcplan.reading.huggingface.inventory import inventory
from tcplan.reading.kinds import read, read_file
from tcplan.reading.reading import Reading, ReadingError

HERE = Path(__file__).parent
PUBLISHED = json.loads((HERE / "published_configurations.json").read_text(encoding="utf-8"))
COUNTS = json.loads((HERE / "counts.json").read_text(encoding="utf-8"))
"""Parameters of the classes of transformers 5.24.0 for these configurations, counted without weights."""
LLAMA = next(one["config"] for one in PUBLISHED if one["title"] == "Llama 2 7B")


@cache
def _by_title(title: str) -> dict[str, Any]:
    config: dict[str, Any] = next(one["config"] for one in PUBLISHED if one["title"] == title)
    return config


def estimate_of(reading: Reading) -> Estimate:
    plan = Plan()
    for path, value in reading.fields.items():
        plan = plan.with_value(path, value)
    return evaluate(plan)


def counted(config: dict[str, Any]) -> float:
    return estimate_of(read_config(config))["model.parameters"].si


def forward(estimate: Estimate) -> float:
    return (estimate["compute.token_flop"].si + estimate["compute.attention_flop"].si) / 3.0


@pytest.mark.parametrize("case", PUBLISHED, ids=[one["title"] for one in PUBLISHED])
def test_published_models_have_their_parameters(case: dict[str, Any]) -> None:
    # Would fail on a forgotten bias, norm, tower or table, or on a key under another name.
    estimate = estimate_of(read(json.dumps(case["config"]).encode(), shipped()))
    assert estimate["model.parameters"].si == pytest.approx(case["parameters"], rel=1e-6)
    if "active" in case:
        assert estimate["model.active_parameters"].si == pytest.approx(case["active"], rel=1e-3)


@pytest.mark.parametrize("kind", sorted({config["model_type"] for config, _total in COUNTS}))
def test_each_type_has_the_parameters_of_its_class(kind: str) -> None:
    # Would fail on a part that does not follow a key of its configuration.
    for config, total in COUNTS:
        if config["model_type"] == kind:
            assert counted(config) == pytest.approx(total, rel=1e-3), config


def test_more_than_a_hundred_types_are_held_by_counts() -> None:
    held = {config["model_type"] for config, _total in COUNTS}
    assert len(held) >= 280
    assert len(held - inventory().keys()) == 0


def test_forward_flop_are_two_for_each_weight_and_the_scores() -> None:
    # Llama 2 7B by hand: 32 layers of 4 h^2 + 3 h f, the head, and scores of 4 h a token and layer.
    estimate = estimate_of(read_config(LLAMA))
    weights = 32 * (4 * 4096**2 + 3 * 4096 * 11008) + 32000 * 4096
    scores = 32 * 4 * 4096 * estimate.field("training.sequence").value
    assert forward(estimate) == pytest.approx(2.0 * weights + scores, rel=1e-12)


def test_a_token_meets_the_experts_that_it_visits() -> None:
    estimate = estimate_of(read_config(_by_title("Mixtral 8x7B")))
    layer = 2 * 4096**2 + 2 * 4096 * 1024 + 8 * 4096 + 2 * 3 * 4096 * 14336
    weights = 32 * layer + 32000 * 4096
    assert estimate["compute.token_flop"].si / 3.0 == pytest.approx(2.0 * weights, rel=1e-12)


def test_windows_are_seen_in_the_layers_that_have_them() -> None:
    reading = read_config(_by_title("Gemma 2 9B"))
    assert (reading.fields["model.window"], reading.fields["model.window_layers"]) == (4096.0, 21.0)
    unused = read_config(_by_title("Qwen2.5 7B"))
    assert "model.window" not in unused.fields


def test_a_window_that_the_file_takes_back_is_none() -> None:
    assert "model.window" not in read_config({**_by_title("Mistral 7B"), "sliding_window": None}).fields


def test_layers_with_a_state_do_not_attend() -> None:
    # Jamba attends in one layer of eight; a hybrid read as a decoder would attend in all.
    reading = read_config(_by_title("Jamba v0.1"))
    assert (reading.fields["model.family"], reading.fields["model.state_layers"]) == ("state-space", 28.0)
    estimate = estimate_of(reading)
    sequence = estimate.field("training.sequence").value
    attending = 3.0 * 4 * 4 * 4096 * sequence
    assert estimate["compute.attention_flop"].si < 2.0 * attending


def test_tokens_of_text_do_not_pass_a_tower_for_pictures() -> None:
    language = estimate_of(read_config(LLAMA))["compute.token_flop"].si
    whole = estimate_of(read_config(_by_title("LLaVA 1.5 7B")))
    vocabulary = 3.0 * 2.0 * 64 * 4096
    assert whole["compute.token_flop"].si == pytest.approx(language + vocabulary, rel=1e-9)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"torch_dtype": "float16"}, {"dtype": "float16"}),
        ({"rope_theta": 1e6, "rope_scaling": None}, {"rope_parameters": {"rope_theta": 1e6}}),
        ({"num_key_value_heads": 32}, {"num_key_value_heads": None}),
        ({"head_dim": 128}, {}),
    ],
)
def test_older_and_newer_spellings_say_the_same(old: dict[str, Any], new: dict[str, Any]) -> None:
    base = {key: value for key, value in LLAMA.items() if key != "torch_dtype"}
    assert read_config(base | old).fields == read_config(base | new).fields


def test_names_of_a_type_and_the_general_ones_are_the_same_keys() -> None:
    own = _by_title("GPT-2")
    general = {
        **{key: value for key, value in own.items() if not key.startswith("n_")},
        **{"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12},
        "max_position_embeddings": 1024,
    }
    assert counted(general) == counted(own)


def test_a_flat_file_and_one_with_parts_are_the_same_model() -> None:
    flat = _by_title("Qwen2-VL 2B")
    words = {key: flat[key] for key in flat if key not in ("vision_config", "architectures", "model_type")}
    nested = {**flat, "text_config": {"model_type": "qwen2_vl_text", **words}}
    assert counted(nested) == counted(flat)


def test_kinds_of_layers_have_older_and_newer_names() -> None:
    newer, older = ["linear_attention", "full_attention"], ["mamba", "attention"]
    config = {**_by_title("Jamba v0.1"), "num_hidden_layers": 2}
    counts = {counted({**config, "layers_block_type": kinds}) for kinds in (newer, older)}
    assert len(counts) == 1


def test_the_class_says_what_stands_on_top() -> None:
    # A bare model has no head, a classifier has one of its own; Llama's table is untied.
    table = 32000 * 4096
    assert counted(LLAMA) - counted({**LLAMA, "architectures": ["LlamaModel"]}) == table
    classes = {**LLAMA, "architectures": ["LlamaForSequenceClassification"], "num_labels": 5}
    assert counted(LLAMA) - counted(classes) == table - 5 * 4096


def test_a_file_without_type_is_known_by_its_class() -> None:
    nameless = {key: value for key, value in LLAMA.items() if key != "model_type"}
    assert counted(nameless) == counted(LLAMA)


def test_precision_and_length_enter_the_plan() -> None:
    reading = read_config({**_by_title("Llama 3 8B"), "max_position_embeddings": 8192})
    assert reading.fields["training.precision"] == "bf16"
    assert "training.sequence" not in reading.fields
    assert read_config(LLAMA).fields["training.sequence"] == 4096.0


def test_sizes_that_the_file_lacks_are_listed() -> None:
    reading = read_config({"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 128})
    assert any(sentence.startswith("hidden_size: ") and "4,096" in sentence for sentence in reading.missing)
    assert not any("vocab_size" in sentence for sentence in reading.missing)
    assert read_config(LLAMA).missing == ()


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "llama 6.74B"),
        ({"_name_or_path": "meta-llama/Llama-2-7b-hf"}, "Llama-2-7b-hf"),
        ({"_name_or_path": "C:\\\\models\\\\Our model\\\\"}, "Our model"),
        ({"_name_or_path": "/home/me/run/checkpoint-500"}, "llama 6.74B"),
        ({"_name_or_path": "./"}, "llama 6.74B"),
        ({"_name_or_path": 7}, "llama 6.74B"),
        (
            {"num_hidden_layers": 1, "vocab_size": 100, "hidden_size": 512, "intermediate_size": 512},
            "llama 1.94M",
        ),
    ],
)
def test_a_plan_is_called_after_the_model_not_after_its_folder(
    tmp_path: Path, changes: dict[str, object], title: str
) -> None:
    """Ten models in folders called x, new and download would be ten plans of these names."""
    path = tmp_path / "x" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps({**LLAMA, **changes}), encoding="utf-8")
    assert read_file(path, shipped()).title == title


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(ReadingError, match="wonder-net") as refused:
        read_config({**LLAMA, "model_type": "wonder-net"})
    assert "\n" not in refused.value.sentence


def test_an_unknown_type_of_a_part_is_refused_by_name() -> None:
    with pytest.raises(ReadingError, match="wonder-net"):
        read_config({"model_type": "llava", "text_config": {"model_type": "wonder-net"}})


HOSTILE: tuple[object, ...] = (
    "4096",
    "",
    -4096,
    0,
    10**30,
    1e300,
    math.nan,
    math.inf,
    [],
    [4096],
    {},
    {"a": [[[]]]},
    10**9,
)


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("key", ["hidden_size", "num_hidden_layers", "vocab_size"])
def test_a_size_that_is_none_is_one_sentence(key: str, value: object) -> None:
    with pytest.raises(ReadingError) as refused:
        read_config({**LLAMA, key: value})
    assert "\n" not in refused.value.sentence
    assert len(refused.value.sentence) < 400


@pytest.mark.parametrize(
    "key", ["num_hidden_layers", "num_key_value_heads", "head_dim", "max_position_embeddings"]
)
@pytest.mark.parametrize("value", [True, "32", 32.5, -2, math.nan, [32], {"a": 32}], ids=repr)
def test_what_is_no_count_is_refused_with_what_is_allowed(key: str, value: object) -> None:
    """A yes would be one layer, half a head a head less, and a text no length at all."""
    with pytest.raises(ReadingError) as refused:
        read_config({**LLAMA, key: value})
    shown = json.dumps(value)
    allowed = f"{key}: {shown} is no size; a whole number from 0 to 1,000,000,000,000 is allowed"
    assert refused.value.sentence == allowed


@pytest.mark.parametrize(
    ("title", "changes", "words"),
    [
        ("Mixtral 8x7B", {"num_experts_per_tok": 9}, "num_experts_per_tok: 9 is more than the 8 experts"),
        (
            "Qwen3 30B-A3B",
            {"num_experts_per_tok": 129},
            "num_experts_per_tok: 129 is more than the 128 experts",
        ),
        ("Mixtral 8x7B", {"num_local_experts": True}, "num_local_experts: true is no size"),
    ],
)
def test_a_token_cannot_visit_more_experts_than_there_are(
    title: str, changes: dict[str, object], words: str
) -> None:
    """The surplus would be cut off in silence, and the model be another one."""
    with pytest.raises(ReadingError) as refused:
        read_config({**_by_title(title), **changes})
    assert words in refused.value.sentence


def test_a_size_within_a_part_is_named_with_its_part() -> None:
    """Two parts have keys of one name, and nobody would know which is meant."""
    config = {**_by_title("LLaVA 1.5 7B")}
    config["vision_config"] = {**config["vision_config"], "num_hidden_layers": True}
    with pytest.raises(ReadingError, match=r"^vision_config\.num_hidden_layers: true is no size"):
        read_config(config)


def test_a_length_that_a_file_leaves_open_is_none() -> None:
    """Files that write -1, or more than any sequence has, would be refused for what no size depends on."""
    for open_end in (-1, 10**30, None):
        assert "training.sequence" not in read_config({**LLAMA, "max_position_embeddings": open_end}).fields


@pytest.mark.parametrize(
    ("title", "preset"), [("Whisper large v3", "whisper-large-v3"), ("T5 base", "t5-base")]
)
def test_an_imported_model_and_its_preset_do_the_same_work(title: str, preset: str) -> None:
    """Whisper would write 1,500 tokens for 30 s of sound in place of 448, and T5 as many as it reads."""
    small = _by_title("T5 small")
    wider = {"d_model": 768, "d_ff": 3072, "num_heads": 12, "num_layers": 12}
    reading = read_config({**small, **wider} if title == "T5 base" else _by_title(title))
    imported, own = estimate_of(reading), evaluate(Plan().set("model.preset", preset))
    for path in ("training.sequence", "model.second_sequence"):
        assert imported.field(path).value == own.field(path).value
    assert imported["model.parameters"].si == pytest.approx(own["model.parameters"].si, rel=1e-4)
    assert forward(imported) == pytest.approx(forward(own), rel=1e-3)
    assert any("tokens are taken to be written for" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("config", "read_tokens", "written"),
    [
        ({"model_type": "speech_to_text", "max_source_positions": 6000}, 1500.0, 1024.0),
        ({"model_type": "led", "max_encoder_position_embeddings": 4096}, 4096.0, 1024.0),
        ({"model_type": "bart", "max_position_embeddings": 1024}, 1024.0, 1024.0),
        ({"model_type": "whisper", "max_target_positions": 200}, 1500.0, 200.0),
    ],
)
def test_each_stack_has_a_length_of_its_own(
    config: dict[str, object], read_tokens: float, written: float
) -> None:
    """The decoder would be as long as what the encoder hears, before its convolutions even."""
    fields = read_config(config).fields
    assert (fields["training.sequence"], fields["model.second_sequence"]) == (read_tokens, written)


def test_at_equal_lengths_the_work_of_both_stacks_is_that_of_their_weights() -> None:
    """Work that was compared at other lengths than the counts would be left over, or lacking."""
    reading = read_config(_by_title("Whisper large v3"))
    plan = Plan()
    for path, value in reading.fields.items():
        plan = plan.with_value(path, value)
    equal = forward(evaluate(plan.set("model.second_sequence", 1500.0)))
    hidden, layers, vocabulary = 1280, 32, 51866
    weights = layers * (12 + 16) * hidden**2 + vocabulary * hidden + 3 * 128 * hidden + 3 * hidden**2
    scores = layers * 3 * 2 * hidden * 1500
    assert equal == pytest.approx(2.0 * (weights + scores), rel=0.03)


@pytest.mark.parametrize("kind", sorted(inventory()))
def test_null_everywhere_is_read_or_refused(kind: str) -> None:
    # Any other exception would reach the person as a traceback.
    keys = {key for config, _total in COUNTS if config["model_type"] == kind for key in config}
    keys |= {"hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "intermediate_size"}
    values: tuple[object, ...] = (None, "x", -1, [], {}, 0)
    for value in values:
        config = {**dict.fromkeys(keys, value), "model_type": kind}
        with suppress(ReadingError):
            assert read_config(config).fields


@pytest.mark.parametrize(
    "text",
    [
        '{"model_type": "llama", "model_type": "gpt2"}',
        '{"model_type": "llama", "a": ' + "[" * 2000 + "]" * 2000 + "}",
        '{"model_type": "llama", "a": "' + "x" * 17_000_000 + '"}',
        '{"model_type": ["llama"]}',
        '{"model_type": "llama", "hidden_size": NaN}',
        '{"architectures": [null]}',
        '{"model_type": "llama"',
    ],
    ids=["twice", "deep", "large", "list", "nan", "nothing", "cut"],
)
def test_hostile_files_are_one_sentence(text: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read(text.encode(), shipped())
    assert "\n" not in refused.value.sentence


def test_an_open_interval_is_no_reason_to_refuse() -> None:
    # Mamba-2's files hold Infinity as the end of an interval that no size depends on.
    config = {**_by_title("Mamba-2 2.7B"), "time_step_limit": [0.0, math.inf]}
    assert counted(config) == counted(_by_title("Mamba-2 2.7B"))


def test_what_is_no_configuration_is_not_taken_for_one() -> None:
    assert not recognises({"dim": 4096, "n_layers": 32})
    assert recognises({"model_type": "anything"})
