"""What the remarks of a measured row say of sharding, adapters, compilers and slices of a torus."""

import re
from collections.abc import Iterator

from tcplan.validation.rows import MeasuredRow

_PCIE = 31.5e9
"""One direction of sixteen lanes of PCIe 4.0 [B/s]; PCI-SIG."""


_SQUAD = 256.0
"""Planning value: tokens of a paragraph of SQuAD, arXiv:1606.05250, with question and answer."""
_PACKED = frozenset(("nvidia_dgxc_benchmarking", "nemo_2024_docs", "nemo_docs_2025", "nemo_megatron_bridge"))
"""Sources that fine-tune on SQuAD packed into full sequences."""


def tuning_of(row: MeasuredRow) -> Iterator[tuple[str, float | str]]:
    """Yield the fields of the plan that the remarks decide, each with its value or the key of the choice."""
    words = f"{row.text('notes')}; {row.text('flags')}".lower()
    yield from _adapters(row, words)
    yield from _kernels(words)
    yield from _offload(words)
    if row.text("task") in ("sft", "lora") and row.text("source") in _PACKED:
        yield "training.packed_length", _SQUAD
    if row.text("hardware").lower().startswith("tpu"):
        yield from _torus(row, words)
    if "no nvlink" in words:
        yield "hardware.scale_up_domain", 1.0
        yield "hardware.scale_up_bandwidth", _PCIE


def _adapters(row: MeasuredRow, words: str) -> Iterator[tuple[str, float | str]]:
    task = row.text("task")
    if task not in ("lora", "qlora"):
        return
    rank = re.search(r"\b(?:lora )?rank[ =]*(\d+)|\br ?= ?(\d+)", words)
    if rank:
        yield "training.adapter_rank", float(rank[1] or rank[2])
    if "lora (emb)" in words or "embedding and output layer trained" in words:
        yield "training.adapter_targets", "tables"
    if task == "qlora" and ("int8" in words or "8-bit weights" in words):
        yield "training.frozen_bits", "8"


def _kernels(words: str) -> Iterator[tuple[str, float | str]]:
    if re.search(r"\bcompile\b", words):
        yield "layout.compiled", "yes"
    if re.search(r"\basync tp\b", words):
        yield "layout.overlap", "split"
    if "rowwise" in words:
        yield "training.scaling", "row"
    if re.search(r"\bselective ac\b", words):
        yield "layout.recompute", "full"
        yield "layout.recompute_share", 0.5


def _offload(words: str) -> Iterator[tuple[str, float | str]]:
    if re.search(r"cpu (parameter )?offload|parameter offload", words):
        yield "layout.offload", "parameters"
    elif "optimizer offload" in words:
        yield "layout.offload", "optimizer"


def _torus(row: MeasuredRow, words: str) -> Iterator[tuple[str, float | str]]:
    """Slices of a torus: states are shared inside a slice, gradients travel between slices."""
    devices = row.number("n_devices") or 1.0
    stated = re.search(r"(\d+) slice|slices (\d+)", words)
    slices = float(stated[1] or stated[2]) if stated else 1.0
    yield "hardware.scale_up_domain", max(devices / slices, 1.0)
    if slices > 1.0:
        yield "layout.sharding", "hybrid"
    ring = re.search(r"ici_context_parallelism=(\d+)", words)
    if ring:
        yield "layout.context", float(ring[1])
