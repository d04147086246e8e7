"""Measure training steps of small transformers on the NVIDIA devices that are here, into a CSV.

It needs PyTorch and nothing of TCPlan, so it may be copied to the machine that is to be measured:

    python tests/validation/measure_steps.py --out steps.csv
    torchrun --nproc-per-node 8 tests/validation/measure_steps.py --out steps.csv --network "400 Gb/s per device"

`tcplan validate --steps steps.csv` then holds the predictions against what was measured, and `--fit NAME` fits the
constants of a stack of one's own. With `--device cpu` the code can be tried where there is no device.
"""  # noqa: E501

from __future__ import annotations

import argparse
import csv
import importlib
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

COLUMNS = (
    *(
        "id",
        "source",
        "where",
        "date",
        "hardware",
        "n_devices",
        "devices_per_node",
        "network",
        "model",
        "family",
    ),
    *("layers", "hidden", "ffn", "heads", "kv_heads", "head_dim", "vocab", "gated_mlp", "experts", "top_k"),
    *("moe_ffn", "shared_experts", "dense_layers", "attention", "params_total", "params_active", "seq"),
    *("micro_batch", "global_batch", "tp", "pp", "vp", "cp", "ep", "dp", "sequence_parallel", "sharding"),
    *("recompute", "precision", "fused_attention", "task", "step_s", "tokens_per_s_per_device"),
    *("model_tflops_per_device", "mfu_reported", "hfu_reported", "peak_mem_gib", "notes"),
)
VOCABULARY = 32_000


@dataclass(frozen=True)
class Size:
    """A decoder by its sizes; the gated feed-forward is 8/3 of the hidden size, in steps of 256."""

    layers: int
    hidden: int
    heads: int

    @property
    def feed_forward(self) -> int:
        return -(-8 * self.hidden // 3 // 256) * 256


SIZES = {
    "tiny": Size(2, 128, 2),
    "125m": Size(12, 768, 12),
    "350m": Size(24, 1024, 16),
    "760m": Size(24, 1536, 16),
    "1.3b": Size(24, 2048, 16),
    "2.7b": Size(32, 2560, 20),
}


@dataclass(frozen=True)
class Case:
    """One training step to measure."""

    name: str
    sequence: int
    micro_batch: int
    precision: str
    recompute: bool

    @property
    def size(self) -> Size:
        return SIZES[self.name]

    @property
    def words(self) -> str:
        recompute = "full" if self.recompute else "no"
        return (
            f"{self.name}, sequence {self.sequence}, micro-batch {self.micro_batch}, {self.precision}, "
            f"{recompute} recomputation"
        )


@dataclass(frozen=True)
class Place:
    """Where the steps are measured: this process among all of a run."""

    device: str
    name: str
    devices: int
    in_node: int
    rank: int
    local_rank: int
    software: str


@dataclass(frozen=True)
class Measured:
    """What one case took: the steps [s], the peak of memory [GiB, None on a CPU], and the parameters."""

    steps: tuple[float, ...]
    memory: float | None
    parameters: int

    @property
    def step(self) -> float:
        return statistics.median(self.steps)


def say(sentence: str) -> None:
    sys.stderr.write(f"measure_steps: {sentence}\n")


def main(words: Sequence[str] | None = None) -> int:
    """Measure every case and write a row for each; return the exit code."""
    options = parser().parse_args(words)
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        say("PyTorch is not installed here, so no step can be measured.")
        return 1
    if not hasattr(torch.nn, "RMSNorm"):
        say(f"this is PyTorch {torch.__version__}; 2.4 or newer is needed.")
        return 1
    if options.device == "cuda" and not torch.cuda.is_available():
        say("there is no NVIDIA device here, so no step can be measured.")
        return 1
    before = rows_in(options.out)
    if before is None:
        say(f"{options.out} holds something else than measured steps; choose another name.")
        return 2
    place = place_of(torch, options.device)
    torch.manual_seed(options.seed + place.rank)
    if place.devices > 1:
        torch.distributed.init_process_group("nccl" if options.device == "cuda" else "gloo")
    try:
        return measure_all(torch, options, place, before)
    finally:
        if place.devices > 1:
            torch.distributed.destroy_process_group()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description="Measure training steps of small transformers into a CSV.")
    made.add_argument("--out", required=True, type=Path, metavar="CSV")
    made.add_argument("--sizes", type=listed, default=["125m", "350m", "760m", "1.3b"], metavar="NAME,NAME")
    made.add_argument("--sequence", type=counts, default=[1024, 2048, 4096], metavar="N,N")
    made.add_argument("--micro-batch", type=counts, default=[1, 4, 16], metavar="N,N")
    made.add_argument("--precision", type=precisions, default=["bf16", "fp32"], metavar="bf16,tf32,fp32")
    made.add_argument("--recompute", choices=("none", "full", "both"), default="both")
    made.add_argument("--steps", type=count, default=10, help="steps that are measured; the median counts")
    made.add_argument("--warm-up", type=count, default=3, help="steps before them")
    made.add_argument(
        "--network", default="", help='such as "400 Gb/s per device"; it is copied into the rows'
    )
    made.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu only to try the code")
    made.add_argument("--seed", type=int, default=1)
    return made


def listed(text: str) -> list[str]:
    names = [name.strip().lower() for name in text.split(",")]
    if not names or not set(names) <= SIZES.keys():
        message = f"sizes are {', '.join(SIZES)}"
        raise argparse.ArgumentTypeError(message)
    return names


def count(text: str) -> int:
    number = int(text)
    if number < 1:
        message = "a count is 1 or more"
        raise argparse.ArgumentTypeError(message)
    return number


def counts(text: str) -> list[int]:
    return [count(part) for part in text.split(",")]


def precisions(text: str) -> list[str]:
    names = [name.strip().lower() for name in text.split(",")]
    if not set(names) <= {"bf16", "tf32", "fp32"}:
        message = "precisions are bf16, tf32, fp32"
        raise argparse.ArgumentTypeError(message)
    return names


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Yield the cases, small ones first, so that what fits is measured before what may not."""
    recompute = {"none": [False], "full": [True], "both": [False, True]}[options.recompute]
    parts = (options.sizes, options.precision, options.sequence, options.micro_batch, recompute)
    for name, precision, sequence, micro_batch, again in product(*parts):
        yield Case(name, sequence, micro_batch, precision, again)


def place_of(torch: Any, device: str) -> Place:  # noqa: ANN401  # PyTorch itself
    devices, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    local_rank = int(os.environ.get("LOCAL_RANK", "0"))
    in_node = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    software = f"PyTorch {torch.__version__}"
    if device == "cpu":
        return Place("cpu", "cpu", devices, in_node, rank, local_rank, software)
    torch.cuda.set_device(local_rank)
    name = torch.cuda.get_device_name(local_rank)
    software += f", CUDA {torch.version.cuda}"
    return Place(f"cuda:{local_rank}", name, devices, in_node, rank, local_rank, software)


def rows_in(path: Path) -> int | None:
    """Return how many rows a table has to which more will be added, None when it is no such table."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with path.open(newline="", encoding="utf-8", errors="replace") as stream:
        table = csv.reader(stream)
        return sum(1 for _row in table) if tuple(next(table, ())) == COLUMNS else None


def measure_all(torch: Any, options: argparse.Namespace, place: Place, before: int) -> int:  # noqa: ANN401
    written = 0
    for case in cases(options):
        try:
            measured = measure(torch, case, place, options.steps, options.warm_up)
        except torch.cuda.OutOfMemoryError:
            if place.devices > 1:
                # The other processes wait for this one; who starts them ends them.
                say(f"out of memory: {case.words}; leave it out and start again.")
                raise
            say(f"out of memory: {case.words}.")
            continue
        if place.rank == 0:
            written += 1
            append(options.out, row_of(case, measured, place, options.network, before + written))
            say(f"{case.words}: {measured.step:.4f} s a step.")
    return 0 if written or place.rank else 1


def measure(torch: Any, case: Case, place: Place, steps: int, warm_up: int) -> Measured:  # noqa: ANN401
    """Train on random tokens and return what the steps after the warm-up took."""
    on_device = place.device != "cpu"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = case.precision == "tf32"
    size = case.size
    module = importlib.import_module("small_transformer").SmallTransformer(
        size.layers, size.hidden, size.heads, size.feed_forward, VOCABULARY, recompute=case.recompute
    )
    model = module.to(place.device)
    parameters = sum(one.numel() for one in model.parameters())
    if place.devices > 1:
        among = [place.local_rank] if on_device else None
        model = torch.nn.parallel.DistributedDataParallel(model, device_ids=among)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=on_device)
    tokens = torch.randint(VOCABULARY, (case.micro_batch, case.sequence + 1), device=place.device)
    if on_device:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    taken = []
    for _step in range(warm_up + steps):
        begin = now(torch, on_device=on_device)
        kind = place.device.partition(":")[0]
        with torch.autocast(kind, torch.bfloat16, enabled=case.precision == "bf16"):
            loss = model(tokens)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        taken.append(now(torch, on_device=on_device) - begin)
    memory = torch.cuda.max_memory_allocated() / 2.0**30 if on_device else None
    return Measured(tuple(taken[warm_up:]), memory, parameters)


def now(torch: Any, *, on_device: bool) -> float:  # noqa: ANN401
    """Return the time when everything that was asked of the device is done."""
    if on_device:
        torch.cuda.synchronize()
    return time.perf_counter()


def row_of(case: Case, measured: Measured, place: Place, network: str, number: int) -> dict[str, object]:
    """Return the row of a measured case; a cell that is absent was not stated."""
    size = case.size
    batch = case.micro_batch * place.devices
    spread = max(measured.steps) / min(measured.steps)
    kept = "32-bit weights under autocast" if case.precision == "bf16" else "32-bit weights"
    return {
        "id": f"measured-{number:04d}",
        "source": "measured",
        "where": f"measure_steps.py, {place.software}",
        "date": f"{datetime.now(UTC):%Y-%m}",
        "hardware": place.name,
        "n_devices": place.devices,
        "devices_per_node": place.in_node,
        "network": network,
        "model": f"decoder-{case.name}",
        "family": "dense",
        "layers": size.layers,
        "hidden": size.hidden,
        "ffn": size.feed_forward,
        "heads": size.heads,
        "kv_heads": size.heads,
        "head_dim": size.hidden // size.heads,
        "vocab": VOCABULARY,
        "gated_mlp": 1,
        "attention": "mha",
        "params_total": measured.parameters,
        "params_active": measured.parameters,
        "seq": case.sequence,
        "micro_batch": case.micro_batch,
        "global_batch": batch,
        "tp": 1,
        "pp": 1,
        "cp": 1,
        "dp": place.devices,
        "sharding": "ddp",
        "recompute": "full" if case.recompute else "none",
        "precision": case.precision,
        "fused_attention": 1,
        "task": "pretrain",
        "step_s": f"{measured.step:.6g}",
        "tokens_per_s_per_device": f"{case.micro_batch * case.sequence / measured.step:.6g}",
        "peak_mem_gib": "" if measured.memory is None else f"{measured.memory:.4g}",
        "notes": f"AdamW, {kept}; median of {len(measured.steps)} steps, slowest over fastest {spread:.2f}",
    }


def append(path: Path, row: dict[str, object]) -> None:
    """Add a row, and the header before the first; what was measured is safe when a later case fails."""
    fresh = not path.exists() or path.stat().st_size == 0
    with path.open("a", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, COLUMNS, lineterminator="\n", restval="")
        if fresh:
            table.writeheader()
        table.writerow(row)


if __name__ == "__main__":
    sys.exit(main())
