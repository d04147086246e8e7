"""What a measured row says, or its program does unless told otherwise, that only its memory shows."""

import re
from collections.abc import Iterator

from tcplan.validation.rows import MeasuredRow

_TESTS = "megatron_lm_ci_golden"
_DROPOUT = 0.1
"""Default of Megatron-LM for attention and residuals; its release runs turn it off."""
_VOCABULARIES = {"gptsentencepiecetokenizer": 256_000.0, "llama2tokenizer": 32_000.0}
"""Entries of the vocabularies that its release runs use."""
_WHOLE_HEAD = "2024"
"""Until then LitGPT computed its head and loss in pieces of 128 tokens."""
_TEST_VOCABULARY = 50_257.0
"""Of the texts that its other runs use, encoded as for GPT-2; Nemotron has its own."""
_CARDS = 4.0
"""Devices of its full fine-tuning, for which its table prints the memory of one device and of four alike."""
_COMPILED_LOSS = "2025"
"""From then on TorchTitan compiles its loss with the rest."""
_LONGEST = re.compile(r"longest alpaca example ([^;]*?) tokens")
_NODE = 8.0
_LARGE_BATCH = 128.0
_LARGE = 64.0
_SEQUENCES = 8.0
_GROWING = 1024.0
"""Devices of a test run: a node. Of a release run, from 128 sequences on: eight nodes, or a device for each
eight sequences, of which there are 1,024 where the batch grows. Judged by the memory of four such runs, which
count as fitted."""


def memory_of(row: MeasuredRow) -> Iterator[tuple[str, float | str]]:
    """Yield the fields of the plan that decide memory alone, with their values or the keys of choices."""
    words = f"{row.text('notes')}; {row.text('flags')}; {row.text('model')}".lower()
    if re.search(r"fused cross entropy|cross[_ -]entropy[_ -](loss[_ -])?fusion", words):
        yield "layout.loss_kernel", "fused"
    if re.search(r"\bactivation[- ]offload(ing)?\b", words) and "techniques cumulative" not in words:
        yield "layout.offload", "activations"
    if "grad-reduce-in-bf16" in words or "gradients in bf16" in words:
        yield "layout.gradient_sum", "half"
    if "techniques cumulative" in words:
        yield from _techniques(row, words)
    if "all runs are single gpu" in words and row.text("task") != "sft":
        yield "hardware.devices", 1.0
        yield "layout.sharding", "zero0"
    if row.text("source") == "litgpt":
        if row.text("date") < _WHOLE_HEAD:
            yield "layout.loss_kernel", "chunked"
        if row.text("task") == "sft" and _is_too_large(row):
            yield "hardware.devices", _CARDS
            yield "layout.sharding", "zero3"
    if row.text("source") == "torchtitan" and row.text("date") >= _COMPILED_LOSS and "compile" in words:
        yield "layout.loss_kernel", "fused"
    if row.text("source") == _TESTS:
        yield from _test_run(row, words)


def _is_too_large(row: MeasuredRow) -> bool:
    """Return whether states of 8 bytes a parameter alone exceed the memory in the device's name."""
    memory = re.search(r"-(\d+)(?:gb)?\b", row.text("hardware").lower())
    layers, hidden = row.number("layers") or 0.0, row.number("hidden") or 0.0
    matrices = (3.0 if row.number("gated_mlp") else 2.0) * (row.number("ffn") or 4.0 * hidden)
    parameters = layers * hidden * (4.0 * hidden + matrices) + 2.0 * hidden * (row.number("vocab") or 0.0)
    return memory is not None and 8.0 * parameters > float(memory[1]) * 2.0**30


def _techniques(row: MeasuredRow, words: str) -> Iterator[tuple[str, float | str]]:
    """Read a table whose rows add one technique after the other; adapters drop those of the optimizer."""
    stated = re.search(r"cumulative flags: ([^;]*)", words)
    used = stated[1] if stated else words.partition("techniques cumulative")[0]
    whole = row.text("task") == "sft"
    yield "layout.loss_kernel", "chunked" if "chunked cross entropy" in used else "plain"
    if whole and re.search(r"into backward|optimizer in backward", used):
        yield "layout.early_update", "yes"
    if whole and "8-bit adamw" in used:
        yield "training.optimizer", "adam8"
    if "activation offload" in used:
        yield "layout.offload", "activations"


def _test_run(row: MeasuredRow, words: str) -> Iterator[tuple[str, float | str]]:
    """Read Megatron-LM's own tests: what their arguments do not name is as the program has it."""
    if not re.search(r"untie(d\b|-embeddings)", words):
        yield "model.tied_embeddings", "yes"
    if not row.number("gated_mlp") and "release" not in words and "mamba" not in words:
        yield "training.dropout", _DROPOUT
    named = next((size for name, size in _VOCABULARIES.items() if name in words), _TEST_VOCABULARY)
    if not row.number("vocab") and "nemotron" not in words:
        yield "model.vocabulary", named
    if "attention-backend unfused" in words or "transformer-impl local" in words:
        yield "training.attention_kernel", "unfused"
    pieces = _pieces(words)
    if pieces:
        yield "layout.balance", "balanced"
    if pieces and not row.number("vp"):
        yield "layout.interleave", max(float(round(pieces / (row.number("pp") or 1.0))), 1.0)
    experts = row.number("experts")
    if experts and row.number("ep"):
        stated = re.search(r"expert-tensor-parallel-size (\d+)", words)
        split = float(stated[1]) if stated else row.number("tp") or 1.0
        yield "layout.expert", min((row.number("ep") or 1.0) * split, experts)


def _pieces(words: str) -> int:
    """Return into how many pieces a layout of stages such as Et*3|(tt|)*6tmL cuts the layers; 0 if none."""
    found = re.search(r"pipeline-model-parallel-layout ([^\s;]+)", words)
    if found is None:
        return 0
    whole = re.sub(r"\(([^()]*)\)\*(\d+)", lambda part: part[1] * int(part[2]), found[1])
    return whole.count("|") + 1


def longest_sequence(row: MeasuredRow) -> float | None:
    """Return the longest text of a row that pads its sequences, which sets its memory; None if not stated.

    The remark lists a number for each family of models, such as 1304 (Llama 2) / 1044 (phi).
    """
    found = _LONGEST.search(f"{row.text('notes')}; {row.text('flags')}".lower())
    if found is None:
        return None
    model = re.sub(r"[^a-z0-9]", "", row.text("model").lower())
    for size, family in re.findall(r"(\d+) \(([^)]*)\)", found[1]):
        if model.startswith(re.sub(r"[^a-z0-9]", "", family)):
            return float(size)
    return None


def assumed_devices(row: MeasuredRow) -> float | None:
    """Return devices where a row states its degrees alone: as many as such runs use; None without degrees.

    More of them only split the states further; a time cannot be compared then.
    """
    degrees = [row.number(column) for column in ("tp", "pp", "cp")]
    if not any(degrees):
        return None
    replica = 1.0
    for degree in degrees:
        replica *= degree or 1.0
    batch = row.number("global_batch") or _GROWING
    usual = _NODE if batch < _LARGE_BATCH else max(_LARGE, batch / _SEQUENCES)
    return float(round(max(usual, replica, row.number("ep") or 1.0) / replica)) * replica
