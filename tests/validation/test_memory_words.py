"""What measured rows say that only their memory shows."""

from types import MappingProxyType

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.validation.memory_words import assumed_devices, longest_sequence
from tcplan.validation.placing import plan_of
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.steps import predicted

TESTED = {
    "source": "megatron_lm_ci_golden",
    "date": "2026-08",
    "hardware": "h100-sxm-80",
    "n_devices": "8",
    "model": "gpt:of_a_test",
    "layers": "12",
    "hidden": "512",
    "ffn": "2048",
    "heads": "8",
    "kv_heads": "8",
    "head_dim": "64",
    "vocab": "50257",
    "seq": "1024",
    "micro_batch": "4",
    "global_batch": "32",
    "tp": "1",
    "pp": "1",
    "sharding": "zero1",
    "recompute": "none",
    "precision": "bf16",
}


def row(**cells: str) -> MeasuredRow:
    return MeasuredRow(MappingProxyType({**TESTED, **cells}))


def placed(path: str, **cells: str) -> object:
    return plan_of(row(**cells), shipped()).get(path)


@pytest.mark.parametrize(
    ("path", "notes", "value"),
    [
        ("model.tied_embeddings", "", "yes"),
        ("model.tied_embeddings", "untie-embeddings-and-output-weights", None),
        ("model.tied_embeddings", "untied", None),
        ("training.dropout", "", 0.1),
        ("training.attention_kernel", "attention-backend unfused", "unfused"),
        ("training.attention_kernel", "transformer-impl local", "unfused"),
        ("layout.loss_kernel", "fused cross entropy", "fused"),
        ("layout.gradient_sum", "grad-reduce-in-bf16", "half"),
        ("layout.offload", "fine-grained-activation-offloading", "activations"),
    ],
)
def test_what_a_test_run_does_not_say_is_as_the_program_has_it(path: str, notes: str, value: object) -> None:
    assert placed(path, notes=notes) == value


def test_release_runs_use_no_dropout() -> None:
    assert placed("training.dropout", model="gpt:gpt3_15b_8t_release") is None
    assert placed("training.dropout", gated_mlp="1") is None


def test_the_vocabulary_of_a_named_tokenizer() -> None:
    words = {"notes": "tokenizer-type GPTSentencePieceTokenizer"}
    assert placed("model.vocabulary", vocab="", **words) == 256_000
    assert placed("model.vocabulary", vocab="1000", **words) == 1000
    assert placed("model.vocabulary", vocab="") == 50_257
    hybrid = {"notes": "hybrid Mamba-attention test; pattern MEM*EMEM*EME*", "vocab": ""}
    found = [placed("model.vocabulary", **hybrid, model=name) for name in ("hybrid:small", "nemotron:nano")]
    assert found == [50_257, 131_072]


def test_experts_are_split_as_the_rest_unless_told_otherwise() -> None:
    experts = {"experts": "8", "top_k": "2", "moe_ffn": "1024", "tp": "2", "ep": "2"}
    assert placed("layout.expert", **experts) == 4
    assert placed("layout.expert", notes="expert-tensor-parallel-size 1", **experts) == 2


def test_a_layout_of_stages_says_how_many_pieces_each_device_has() -> None:
    # Eight pieces on two stages: Et*3, six times tt, tmL.
    layout = {"notes": "pipeline-model-parallel-layout Et*3|(tt|)*6tmL; untied", "pp": "2"}
    assert placed("layout.interleave", **layout) == 4
    assert placed("layout.interleave", notes="pipeline-model-parallel-layout Et*7|t*7mL", pp="2") == 1
    assert placed("layout.interleave", **layout, vp="2") == 2


def test_techniques_count_as_far_as_a_row_has_come() -> None:
    # Catches: the list of all techniques read as those of each row; adapters with the optimizer's.
    tuned = {"source": "torchtune", "task": "sft"}
    first = {**tuned, "notes": "cumulative flags: Baseline + Packed Dataset; packed; techniques cumulative"}
    assert placed("layout.loss_kernel", **first) == "plain"
    stages = "Packed Dataset + Chunked Cross Entropy + Fuse optimizer step into backward + 8-bit AdamW"
    last = {**tuned, "notes": f"cumulative flags: {stages}; packed; techniques cumulative"}
    assert placed("layout.loss_kernel", **last) == "chunked"
    assert placed("layout.early_update", **last) == "yes"
    assert placed("training.optimizer", **last) == "adam8"
    assert placed("layout.early_update", **{**last, "task": "lora"}) is None


def test_programs_change_their_loss_from_a_date_on() -> None:
    titan = {"source": "torchtitan", "notes": "compile, float8"}
    found = [placed("layout.loss_kernel", **titan, date=date) for date in ("2024-12", "2025-06")]
    assert found == [None, "fused"]
    found = [placed("layout.loss_kernel", source="litgpt", date=date) for date in ("2023-10", "2024")]
    assert found == ["chunked", None]


def test_full_tuning_that_one_card_cannot_hold_is_spread_over_four() -> None:
    # Phi-3 has 3.8 billion parameters, 28 GiB of states in 16 bit; LitGPT's table names one card of 24.
    phi = {"source": "litgpt", "date": "2024", "hardware": "a10g-24", "n_devices": "1", "task": "sft"}
    phi |= {"layers": "32", "hidden": "3072", "ffn": "8192", "vocab": "32064", "gated_mlp": "1"}
    paths = ("hardware.devices", "layout.sharding")
    assert [placed(path, **phi) for path in paths] == [4, "zero3"]
    assert placed("hardware.devices", **{**phi, "layers": "16"}) == 1
    assert placed("hardware.devices", **{**phi, "task": "lora"}) == 1


def test_padded_sequences_need_the_memory_of_the_longest() -> None:
    notes = "longest Alpaca example 1304 (Llama 2) / 1044 (phi) / 1079 (Falcon) tokens, mean far shorter"
    found = [longest_sequence(row(model=name, notes=notes)) for name in ("falcon-40b", "llama2-7b", "gpt2")]
    assert found == [1079.0, 1304.0, None]
    assert longest_sequence(row(model="falcon-40b")) is None


def test_memory_is_compared_where_the_number_of_devices_is_not_stated_and_time_is_not() -> None:
    small, large = row(n_devices="", pp="2"), row(n_devices="", tp="8", global_batch="1024", step_s="2.0")
    assert (assumed_devices(small), assumed_devices(large)) == (8.0, 128.0)
    others = [row(n_devices="", tp="2", pp="3", global_batch=batch) for batch in ("256", "")]
    assert [assumed_devices(one) for one in others] == [66.0, 126.0]
    assert assumed_devices(row(n_devices="", tp="", pp="")) is None
    prediction = predicted(row(n_devices="", tp="8", step_s="2.0", peak_mem_gib="2.0"), shipped())
    assert prediction.mem_gib > 0.0
    assert prediction.memory_error_pct == prediction.memory_error_pct
    assert prediction.error_pct != prediction.error_pct


def test_the_memory_of_a_test_run_is_that_of_its_last_stage() -> None:
    # Catches: the first stage's activations held against a log of the last one.
    run = {"pp": "4", "global_batch": "64", "notes": "attention-backend unfused"}
    own, other = predicted(row(**run), shipped()), predicted(row(**run, source="mine"), shipped())
    assert own.estimate is not None
    assert other.estimate is not None
    values = own.estimate.values
    assert own.mem_gib == pytest.approx(values["last_stage_memory"] / 2**30)
    assert own.mem_gib < values["memory_peak"] / 2**30
    assert other.mem_gib == pytest.approx(other.estimate.values["memory_peak"] / 2**30)


def test_published_memory_of_a_stack_apart_is_met() -> None:
    # SimuMax, Llama 3 70B of 12 layers on eight B200, tensor parallel 8: 28.29 GiB allocated.
    measured = row(
        source="simumax_b200", hardware="b200-sxm-192", model="llama3-70b-L12", layers="12", hidden="8192",
        ffn="28672", heads="64", kv_heads="8", head_dim="128", vocab="128256", gated_mlp="1", seq="4096",
        micro_batch="1", global_batch="4", tp="8", sequence_parallel="1", notes="fused cross entropy",
        peak_mem_gib="28.29",
    )  # fmt: skip
    assert abs(predicted(measured, shipped()).memory_error_pct) < 1.0
