"""From a measured row to a plan: architecture, layout, hardware and software, never what was measured."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.plan.panel import refusal
from tcplan.plan.plan import Plan, descriptions
from tcplan.reading.device_names import accelerator_of
from tcplan.validation.hybrid_words import further_of, hybrid_of, mix_of
from tcplan.validation.measured import MEASURED
from tcplan.validation.memory_words import assumed_devices, longest_sequence, memory_of
from tcplan.validation.recipe_words import recipe_of
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.sharding_words import tuning_of
from tcplan.validation.sources import source_of

_SIZES = {
    "layers": "layers",
    "hidden": "hidden",
    "ffn": "feed_forward",
    "heads": "heads",
    "kv_heads": "kv_heads",
    "head_dim": "head_size",
    "vocab": "vocabulary",
}
_DEGREES = {
    "tp": "tensor",
    "pp": "pipeline",
    "cp": "context",
    "ep": "expert",
    "micro_batch": "micro_batch",
    "vp": "interleave",
}
_SHARDING = {
    "ddp": "zero0",
    "zero0": "zero0",
    "zero1": "zero1",
    "zero2": "zero2",
    "zero3": "zero3",
    "fsdp": "zero3",
    "hsdp": "hybrid",
}
_CHOICES = {
    "sharding": frozenset(_SHARDING),
    "task": frozenset(choice.key for choice in descriptions()["training.task"].choices),
}
"""Words that a cell may hold where another word would be taken for nothing."""
_ABOVE_NOTHING = (
    "layers",
    "hidden",
    "n_devices",
    "seq",
    "global_batch",
    "micro_batch",
    "tp",
    "pp",
    *MEASURED,
)
_EXPERTS = ("experts", "top_k", "moe_ffn", "shared_experts", "dense_layers")
_NUMBERS = (*_ABOVE_NOTHING, *_SIZES, *_DEGREES, *_EXPERTS, "devices_per_node", "dp", "gated_mlp")
_LATENT = {"q_rank": 1536.0, "kv_rank": 512.0, "nope_size": 128.0, "rope_size": 64.0, "value_size": 128.0}
_WHOLE_BATCH = frozenset(("maxtext", "maxtext-gpu"))
"""Stacks that shard alone unless they say more, and whose micro-batch is a device's share of the batch."""
_TUNED = ("bridge", "nemo")
_VOCABULARY = 50_257.0
_LARGEST_MEMORY = 1024.0
"""GiB from which a number in the name of a device is the name of a model, as in RTX 4090."""
_TPU_TOKENS = 16_384.0
"""Tokens of a micro-batch on one chip where a page of tuned TPU runs does not say."""
_RENAMED = {
    "h100-sxm-80": "h100-sxm",
    "h100": "h100-sxm",
    "h200": "h200-sxm",
    "h800": "h800-sxm",
    "a100": "a100-sxm-80",
    "a800": "a800-sxm",
    "v100": "v100-sxm2-32",
    "b200": "b200-sxm",
    "b300": "b300-sxm",
    "tpu7x-ironwood": "tpu-v7",
    "tpu7x": "tpu-v7",
    "rtx-a6000-ada": "rtx-6000-ada",
    "a6000-ada": "rtx-6000-ada",
}


class Skipped(ValueError):
    """A row that no plan can stand for: a sentence, and a short code."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Device(NamedTuple):
    """What the name of a measured device says: its row, and where it differs from that row."""

    key: str
    memory: float | None
    power: float | None


def plan_of(row: MeasuredRow, shelf: Shelf) -> Plan:
    """Return the plan that describes a measured row.

    Raises
    ------
    Skipped
        When the row lacks what a plan needs, or holds what no plan can.
    """
    plan = Plan()
    for path, value in _fields(row, shelf):
        shown = descriptions()[path]
        if isinstance(value, float) and shown.whole:
            value = float(round(value))
        sentence = refusal(value, shown)
        if sentence:
            raise Skipped(_("{path}: {sentence}").format(path=path, sentence=sentence), "value")
        plan = plan.set(path, value)
    return plan


def _fields(row: MeasuredRow, shelf: Shelf) -> Iterator[tuple[str, float | str]]:
    _refuse_padding(row)
    refuse_numbers(row, _NUMBERS, _ABOVE_NOTHING)
    _refuse_words(row)
    yield from _model(row, shelf)
    yield from _hardware(row, shelf)
    yield from _run(row)
    yield from _layout(row)
    yield from recipe_of(row)
    yield from tuning_of(row)
    yield from memory_of(row)


def _refuse_padding(row: MeasuredRow) -> None:
    """Refuse a row that counts real tokens of padded sequences: how many were padding is not stated."""
    words = f"{row.text('notes')}; {row.text('flags')}".lower()
    if "not packed" in words and not re.search(r"(?<!not )\bpacked\b", words):
        raise Skipped(_("sequences are padded, and by how much is not stated"), "padding")


def refuse_numbers(row: MeasuredRow, columns: Iterable[str], above_nothing: Container[str]) -> None:
    """Refuse a cell that is no number, or not above nothing where it must be, lest it pass for unstated.

    Raises
    ------
    Skipped
        When a cell says what such a column cannot.
    """
    for column in columns:
        if not row.states(column):
            continue
        value, text = row.number(column), row.text(column)[:40]
        if value is None:
            raise Skipped(_("{column}: “{text}” is no number").format(column=column, text=text), "number")
        if value < 0.0 or (value == 0.0 and column in above_nothing):
            raise Skipped(_("{column}: {text} is not above 0").format(column=column, text=text), "number")


def _refuse_words(row: MeasuredRow) -> None:
    for column, words in _CHOICES.items():
        text = row.text(column)
        if row.states(column) and text not in words:
            sentence = _("{column}: {text} is not one of {words}").format(
                column=column, text=text[:40], words=", ".join(sorted(words))
            )
            raise Skipped(sentence, "word")


def _needed(row: MeasuredRow, column: str) -> float:
    value = row.number(column)
    if value is None or value <= 0.0:
        raise Skipped(_("{column} is not stated").format(column=column), f"no-{column}")
    return value


def _model(row: MeasuredRow, shelf: Shelf) -> Iterator[tuple[str, float | str]]:
    preset = _preset(row.text("model"), shelf)
    if preset:
        yield "model.preset", preset
    for column in ("layers", "hidden", "heads"):
        yield f"model.{_SIZES[column]}", _needed(row, column)
    yield "model.kv_heads", row.number("kv_heads") or _needed(row, "heads")
    yield "model.head_size", row.number("head_dim") or _needed(row, "hidden") / _needed(row, "heads")
    yield "model.vocabulary", row.number("vocab") or _VOCABULARY
    yield "model.gated", "yes" if row.number("gated_mlp") else "no"
    experts = row.number("experts") or 0.0
    if experts:
        yield from _experts(row, experts)
    else:
        yield "model.feed_forward", row.number("ffn") or _needed(row, "hidden") * 4.0
        yield "model.experts", 0.0
    if row.text("attention") == "mla":
        yield "model.attention", "latent"
        if not preset:
            for name, size in _LATENT.items():
                yield f"model.{name}", size
    else:
        yield "model.attention", "standard"
    mix = mix_of(row)
    if mix is not None:
        yield from hybrid_of(row, mix)
    yield from further_of(row)


def _experts(row: MeasuredRow, experts: float) -> Iterator[tuple[str, float | str]]:
    dense = row.number("dense_layers") or 0.0
    width = row.number("moe_ffn") or _needed(row, "ffn")
    shared_width = _shared_width(row)
    shared = row.number("shared_experts") or (1.0 if shared_width else 0.0)
    yield "model.experts", experts
    yield "model.experts_per_token", _needed(row, "top_k")
    yield "model.expert_feed_forward", width
    yield "model.shared_experts", shared
    yield "model.shared_feed_forward", shared and (shared_width or width)
    yield "model.dense_layers", dense
    yield "model.feed_forward", row.number("ffn") or width


def _shared_width(row: MeasuredRow) -> float | None:
    words = f"{row.text('notes')}; {row.text('flags')}"
    found = re.search(r"shared[ -]expert[a-z -]*?(?:ffn|size|width)? ?(\d{3,6})", words)
    shared = row.number("shared_experts") or 1.0
    return float(found[1]) / shared if found else None


def _preset(model: str, shelf: Shelf) -> str:
    """Return the preset that a model's name begins with, for what the columns do not say; empty if none."""
    name = re.sub(r"-L\d+$", "", model.lower())
    name = {"deepseekv2": "deepseek-v2", "deepseekv3": "deepseek-v3"}.get(name, name)
    for key in (name, name.replace("llama3-", "llama3.1-")):
        try:
            return shelf.find("models", key).key
        except RowError:
            continue
    return ""


@cache
def device_of(name: str, shelf: Shelf) -> Device:
    """Return the catalogue row of a measured device, such as h100-96-hbm2e-500w.

    Raises
    ------
    Skipped
        When the catalogue has no such device.
    """
    text = name.lower()
    power = re.search(r"-(\d+)w\b", text)
    sizes = re.findall(r"-(\d+)(?:gb)?(?=-|$)", re.sub(r"-\d+w\b", "", text))
    memory = float(sizes[-1]) if sizes and float(sizes[-1]) < _LARGEST_MEMORY else None
    plain = re.sub(r"-hbm\w+|-\d+w\b", "", text)
    short = re.sub(r"-\d+(?:gb)?$", "", plain)
    keys = {one.key for one in shelf.rows("accelerators")}
    for candidate in (text, _RENAMED.get(text, ""), plain, _RENAMED.get(plain, ""), short, f"rtx-{short}"):
        if candidate in keys:
            break
    else:
        candidate = _RENAMED.get(short, "")
        if candidate not in keys:
            # A table of one's own has the name by which the driver calls the device.
            row = accelerator_of(name, shelf)
            if row is None:
                raise Skipped(_("the catalogue has no accelerator {name}").format(name=name), "hardware")
            return Device(row.key, None, None)
    return Device(candidate, memory, float(power[1]) if power else None)


def _hardware(row: MeasuredRow, shelf: Shelf) -> Iterator[tuple[str, float | str]]:
    if not row.text("hardware"):
        raise Skipped(_("{column} is not stated").format(column="hardware"), "no-hardware")
    device = device_of(row.text("hardware"), shelf)
    known = shelf.find("accelerators", device.key)
    yield "hardware.accelerator", device.key
    yield "hardware.devices", devices_of(row)
    stated = known.number("memory_gib")
    if device.memory and stated and not 0.9 < device.memory / stated < 1.1:
        yield "hardware.memory", device.memory * 2.0**30
    if device.power:
        yield "hardware.power_cap", device.power
    if "hbm2e" in row.text("hardware").lower() and device.key.startswith("h100"):
        yield "hardware.memory_bandwidth", 2.4e12
    node = row.number("devices_per_node")
    if node:
        yield "hardware.devices_per_node", node
    domain = known.number("scale_up_domain") or 1.0
    if node and known.get("vendor") == "NVIDIA" and domain == known.number("devices_per_node"):
        yield "hardware.scale_up_domain", min(node, domain)
    network = _network(row.text("network"), node or known.number("devices_per_node") or 1.0)
    if network:
        yield "hardware.nic_bandwidth", network


def devices_of(row: MeasuredRow) -> float:
    """Return the devices of a row: stated, those of its degrees, or for its memory what such runs use."""
    stated = row.number("n_devices")
    if stated:
        return stated
    degrees = [row.number(column) or 1.0 for column in ("tp", "pp", "cp")]
    copies = row.number("dp")
    if copies is None:
        assumed = assumed_devices(row)
        if assumed is not None:
            return assumed
        raise Skipped(_("{column} is not stated").format(column="n_devices"), "no-n_devices")
    return degrees[0] * degrees[1] * degrees[2] * copies


def _network(text: str, node: float) -> float | None:
    """Return bytes a second of one device where a text states its network."""
    found = re.search(r"(\d+(?:\.\d+)?) ?(Gb/s|Gbps|Gbit/s)", text)
    if not found:
        return None
    rate = float(found[1]) * 1e9 / 8.0
    alone = re.search(r"per (GPU|device|card|chip)", text)
    return rate if alone else rate / node


def _sequence(row: MeasuredRow) -> float:
    """Return the tokens of a sequence: stated, or the longest of texts that are padded to it."""
    return row.number("seq") or longest_sequence(row) or _needed(row, "seq")


def _run(row: MeasuredRow) -> Iterator[tuple[str, float | str]]:
    sequence = _sequence(row)
    yield "training.sequence", sequence
    yield "training.tokens", 1e12
    yield "training.batch_tokens", _batch(row) * sequence
    yield "training.precision", row.text("precision") or "bf16"
    task = row.text("task")
    if task in {choice.key for choice in descriptions()["training.task"].choices}:
        yield "training.task", task
    if row.text("fused_attention") in ("0", "1"):
        yield "training.attention_kernel", "fused" if row.text("fused_attention") == "1" else "unfused"


def _batch(row: MeasuredRow) -> float:
    """Return sequences of a step: stated, or one micro-batch on each copy of the model."""
    stated = row.number("global_batch")
    if stated:
        return stated
    copies = devices_of(row)
    for column in ("tp", "pp", "cp"):
        copies /= row.number(column) or 1.0
    if not row.number("micro_batch") and row.text("hardware").lower().startswith("tpu"):
        return max(_TPU_TOKENS / _needed(row, "seq"), 1.0) * max(copies, 1.0)
    return _needed(row, "micro_batch") * max(copies, 1.0)


def _layout(row: MeasuredRow) -> Iterator[tuple[str, float | str]]:
    """Yield what a row says of its layout; where it says nothing of the degrees, the plan chooses them."""
    source = source_of(row)
    if source.stack:
        yield "layout.stack", source.stack
    whole = source.stack in _WHOLE_BATCH
    stated = whole or any(row.number(column) for column in ("tp", "pp", "cp"))
    for column, name in _DEGREES.items():
        degree = row.number(column)
        if degree:
            yield f"layout.{name}", degree
        elif stated and column in ("tp", "pp", "cp"):
            yield f"layout.{name}", 1.0
    if whole:
        share = _share_of_the_batch(row)
        yield "layout.micro_batch", min(row.number("micro_batch") or share, share)
    if stated and not row.number("vp"):
        yield "layout.interleave", _virtual_stages(row)
    if stated and row.number("experts") and not row.number("ep"):
        ranks = devices_of(row) / (row.number("pp") or 1.0)
        yield "layout.expert", max(min(ranks, _needed(row, "experts"), 64.0), 1.0)
    yield "layout.sharding", _SHARDING.get(row.text("sharding"), source.sharding or "zero1")
    if stated or row.text("recompute"):
        yield "layout.recompute", row.text("recompute") or source.recompute or "none"
    if row.text("sequence_parallel") in ("0", "1"):
        yield "layout.sequence_parallel", "yes" if row.text("sequence_parallel") == "1" else "no"


def _share_of_the_batch(row: MeasuredRow) -> float:
    copies = devices_of(row)
    for column in ("tp", "pp", "cp"):
        copies /= row.number(column) or 1.0
    return max(_batch(row) / max(copies, 1.0), 1.0)


def _virtual_stages(row: MeasuredRow) -> float:
    """Return virtual stages where none are stated: as many as tuned recipes use, one to four."""
    stages = row.number("pp") or 1.0
    if stages <= 1.0 or not source_of(row).stack.startswith(_TUNED):
        return 1.0
    return min(max(_needed(row, "layers") / stages // 3.0, 1.0), 4.0)
