"""Each choice of how a run is executed changes time or memory in the direction that physics says."""

import math
from collections.abc import Mapping

import pytest

from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan, Value

STEP, MEMORY, RUN, HOURS, COST = "time.step", "memory.peak", "time.run", "time.device_hours", "money.total"
STATES, HELD, PARAMETERS, FLOP = (
    "memory.optimizer",
    "memory.activations",
    "model.parameters",
    "compute.model_flop",
)

DENSE: Mapping[str, Value] = {
    "model.preset": "llama3.1-8b",
    "hardware.accelerator": "h100-sxm",
    "hardware.devices": 64.0,
    "training.tokens": 1e12,
    "training.batch_tokens": 2.0**21,
    "training.sequence": 8192.0,
    "layout.tensor": 2.0,
    "layout.pipeline": 1.0,
    "layout.context": 1.0,
    "layout.micro_batch": 1.0,
    "layout.interleave": 1.0,
    "layout.recompute": "none",
    "layout.sharding": "zero1",
    "layout.sequence_parallel": "yes",
}
SMALL = {**DENSE, "model.preset": "qwen2.5-0.5b", "layout.tensor": 1.0, "hardware.devices": 8.0}
STAGES = {
    **DENSE,
    "model.preset": "llama3.1-70b",
    "hardware.devices": 256.0,
    "layout.tensor": 8.0,
    "layout.pipeline": 4.0,
}
SPARSE: Mapping[str, Value] = {
    **DENSE,
    "model.preset": "deepseek-v3",
    "hardware.devices": 1024.0,
    "training.batch_tokens": 2.0**25,
    "training.sequence": 4096.0,
    "layout.tensor": 1.0,
    "layout.pipeline": 8.0,
    "layout.expert": 32.0,
    "layout.recompute": "none",
}
SPARSE_AGAIN = {**SPARSE, "layout.recompute": "selective"}
MIXTRAL = {
    **SPARSE,
    "model.preset": "mixtral-8x7b",
    "hardware.devices": 128.0,
    "layout.pipeline": 1.0,
    "layout.expert": 8.0,
}
TUNED = {
    **DENSE,
    "training.task": "lora",
    "layout.tensor": 1.0,
    "hardware.devices": 8.0,
    "layout.sharding": "zero0",
}
AGAIN = {**DENSE, "layout.recompute": "selective"}
BOOKS = {path: value for path, value in DENSE.items() if path != "training.tokens"} | {
    "training.data_unit": "books",
    "training.data_amount": 1e7,
}
PICTURES: Mapping[str, Value] = {
    "hardware.devices": 64.0,
    "training.data_unit": "images",
    "training.data_amount": 1e9,
}
PLAIN: Mapping[str, Value] = {"hardware.devices": 64.0, "training.tokens": 1e12}

MORE, LESS, SAME = 1, -1, 0

CASES: Mapping[str, tuple[Mapping[str, Value], str, Value, Value, Mapping[str, int]]] = {
    # Precision
    "half precision": (DENSE, "training.precision", "fp32", "tf32", {STEP: LESS}),
    "brain floats": (DENSE, "training.precision", "tf32", "bf16", {STEP: LESS, HELD: LESS}),
    "8 bits": (DENSE, "training.precision", "bf16", "fp8", {STEP: LESS}),
    "16 bits": (DENSE, "training.precision", "fp32", "fp16", {STEP: LESS, HELD: LESS}),
    "blocks of 8 bits": (
        {**DENSE, "hardware.accelerator": "b200-sxm"},
        "training.precision",
        "bf16",
        "mxfp8",
        {STEP: LESS},
    ),
    "4 bits": (
        {**STAGES, "hardware.accelerator": "b200-sxm"},
        "training.precision",
        "mxfp8",
        "nvfp4",
        {STEP: LESS},
    ),
    # Sharding
    "states sharded": (DENSE, "layout.sharding", "zero0", "zero1", {MEMORY: LESS, STATES: LESS}),
    "gradients sharded": (DENSE, "layout.sharding", "zero1", "zero2", {MEMORY: LESS}),
    "weights sharded": (DENSE, "layout.sharding", "zero2", "zero3", {MEMORY: LESS, STEP: MORE}),
    "sharded inside the node": (
        {**DENSE, "layout.tensor": 1.0, "hardware.devices": 512.0},
        "layout.sharding",
        "zero3",
        "hybrid",
        {MEMORY: MORE},
    ),
    # Tensor parallelism
    "sequence parallelism": (DENSE, "layout.sequence_parallel", "no", "yes", {HELD: LESS}),
    "tensor parallelism": (DENSE, "layout.tensor", 1.0, 8.0, {MEMORY: LESS, STEP: MORE}),
    "tensor parallelism in view": (
        {**STAGES, "layout.tensor": 4.0},
        "layout.overlap",
        "none",
        "split",
        {STEP: LESS},
    ),
    # Pipelines
    "a pipeline": (DENSE, "layout.pipeline", 1.0, 4.0, {"memory.weights": LESS, STEP: MORE}),
    "virtual stages": (STAGES, "layout.interleave", 1.0, 5.0, {STEP: LESS, HELD: MORE}),
    "no bubble": (STAGES, "layout.schedule", "1f1b", "zero-bubble", {STEP: LESS}),
    "both directions": (STAGES, "layout.schedule", "1f1b", "dualpipe", {STEP: LESS, "memory.weights": MORE}),
    "even stages": (STAGES, "layout.balance", "equal", "balanced", {STEP: LESS}),
    # Context and experts
    "context parallelism": (DENSE, "layout.context", 1.0, 4.0, {HELD: LESS}),
    "expert parallelism": (MIXTRAL, "layout.expert", 1.0, 8.0, {"memory.weights": LESS}),
    "tokens sent once to a node": (SPARSE, "layout.dispatcher", "plain", "deduplicating", {STEP: LESS}),
    "dispatch behind computation": (SPARSE, "layout.dispatch_overlap", "no", "yes", {STEP: LESS}),
    "an uneven router": (SPARSE, "layout.routing_imbalance", 1.0, 2.0, {STEP: MORE, PARAMETERS: SAME}),
    "tokens dropped": (SPARSE, "layout.token_drop", "no", "yes", {STEP: LESS}),
    "tokens on few nodes": (
        {**SPARSE, "layout.dispatcher": "deduplicating"},
        "model.routed_nodes",
        2.0,
        8.0,
        {STEP: MORE},
    ),
    "further predictions": (SPARSE, "model.predicted_tokens", 0.0, 1.0, {STEP: MORE, FLOP: MORE}),
    "shared experts": (SPARSE, "model.shared_experts", 1.0, 2.0, {PARAMETERS: MORE, STEP: MORE}),
    "dense layers first": (SPARSE, "model.dense_layers", 0.0, 3.0, {PARAMETERS: LESS}),
    "experts of a token": (SPARSE, "model.experts_per_token", 4.0, 8.0, {STEP: MORE, PARAMETERS: SAME}),
    # Recomputation and offload
    "attention again": (
        {**DENSE, "training.attention_kernel": "unfused"},
        "layout.recompute",
        "none",
        "selective",
        {HELD: LESS},
    ),
    "layers again": (DENSE, "layout.recompute", "none", "full", {HELD: LESS, STEP: MORE}),
    "half of the layers again": (
        {**DENSE, "layout.recompute": "full"},
        "layout.recompute_share",
        0.5,
        1.0,
        {HELD: LESS, STEP: MORE},
    ),
    "core again": (
        {**AGAIN, "training.attention_kernel": "unfused"},
        "layout.recompute_core",
        "no",
        "yes",
        {HELD: LESS},
    ),
    "latent projections again": (
        SPARSE_AGAIN,
        "layout.recompute_projections",
        "no",
        "yes",
        {HELD: LESS, STEP: MORE},
    ),
    "experts again": (
        SPARSE_AGAIN,
        "layout.recompute_experts",
        "no",
        "yes",
        {HELD: LESS, STEP: MORE},
    ),
    "activation function again": (
        SPARSE_AGAIN,
        "layout.recompute_activation",
        "no",
        "yes",
        {HELD: LESS, STEP: MORE},
    ),
    "norms again": (AGAIN, "layout.recompute_norms", "no", "yes", {HELD: LESS, STEP: MORE}),
    "states on the host": (DENSE, "layout.offload", "none", "optimizer", {MEMORY: LESS, STEP: MORE}),
    "weights on the host": (
        {**DENSE, "layout.sharding": "zero3"},
        "layout.offload",
        "none",
        "parameters",
        {MEMORY: LESS, STEP: MORE},
    ),
    "activations on the host": (DENSE, "layout.offload", "none", "activations", {HELD: LESS}),
    # Batches
    "sums over micro-batches": (DENSE, "training.batch_tokens", 2.0**21, 2.0**22, {STEP: MORE, RUN: LESS}),
    "larger micro-batches": (SMALL, "layout.micro_batch", 1.0, 4.0, {HELD: MORE, STEP: LESS}),
    # Optimizers
    "8-bit states": (DENSE, "training.optimizer", "adam", "adam8", {STATES: LESS}),
    "factored states": (DENSE, "training.optimizer", "adam", "adafactor", {STATES: LESS}),
    "one moment": (DENSE, "training.optimizer", "adam", "muon", {STATES: LESS}),
    "orthogonal steps": (DENSE, "training.optimizer", "sgd", "muon", {STEP: MORE}),
    "plain descent": (DENSE, "training.optimizer", "adam", "sgd", {STATES: LESS}),
    # Kernels
    "unfused attention": (DENSE, "training.attention_kernel", "fused", "unfused", {STEP: MORE, HELD: MORE}),
    "graphs": (SMALL, "layout.graphs", "none", "full", {STEP: LESS}),
    "compiled": ({**SMALL, "layout.stack": "torchtitan"}, "layout.compiled", "no", "yes", {STEP: LESS}),
    "fused loss": (DENSE, "layout.loss_kernel", "plain", "fused", {MEMORY: LESS}),
    "dropout": (
        {**DENSE, "training.attention_kernel": "unfused"},
        "training.dropout",
        0.0,
        0.1,
        {HELD: MORE},
    ),
    "updates in backward": (
        {
            **DENSE,
            "layout.tensor": 1.0,
            "layout.sharding": "zero0",
            "hardware.devices": 1.0,
            "training.batch_tokens": 8192.0,
        },
        "layout.early_update",
        "no",
        "yes",
        {MEMORY: LESS},
    ),
    "sums in half the bytes": (DENSE, "layout.gradient_sum", "full", "half", {MEMORY: LESS}),
    "stack": (DENSE, "layout.stack", "bridge-2026", "hf-deepspeed", {STEP: MORE}),
    "stack of another year": (STAGES, "layout.stack", "megatron-2020", "nemo-2024", {STEP: LESS}),
    # Models
    "latent attention": (SPARSE, "model.kv_rank", 256.0, 1024.0, {PARAMETERS: MORE}),
    "windows": (
        {**DENSE, "model.window_layers": 32.0},
        "model.window",
        1024.0,
        8192.0,
        {STEP: MORE, "compute.attention_flop": MORE},
    ),
    "some windows": ({**DENSE, "model.window": 512.0}, "model.window_layers", 32.0, 16.0, {STEP: MORE}),
    "longer sequences": (DENSE, "training.sequence", 4096.0, 16384.0, {STEP: MORE, HELD: MORE}),
    "state-space layers": (
        {**PLAIN, "model.preset": "mamba-2.8b"},
        "model.state_size",
        16.0,
        128.0,
        {STEP: MORE},
    ),
    "hybrid layers": (
        {**PLAIN, "model.preset": "jamba-52b"},
        "model.state_layers",
        28.0,
        16.0,
        {"compute.attention_flop": MORE},
    ),
    "pictures": ({**PLAIN, "model.preset": "vit-l16"}, "model.image_size", 224.0, 448.0, {STEP: MORE}),
    "masked words": ({**PLAIN, "model.preset": "bert-large"}, "model.masked_share", 0.15, 1.0, {FLOP: MORE}),
    "diffusion": (
        {**PICTURES, "model.preset": "dit-xl-2"},
        "model.patch_size",
        4.0,
        2.0,
        {"time.device_hours": MORE},
    ),
    "convolutions": (
        {**PLAIN, "model.preset": "resnet-50"},
        "model.third_blocks",
        6.0,
        23.0,
        {PARAMETERS: MORE, STEP: MORE},
    ),
    "two stacks": (
        {**PLAIN, "model.preset": "t5-11b"},
        "model.second_layers",
        12.0,
        24.0,
        {PARAMETERS: MORE},
    ),
    "speech": (
        {**PLAIN, "model.preset": "whisper-large-v3"},
        "model.layers",
        16.0,
        32.0,
        {PARAMETERS: MORE, FLOP: MORE},
    ),
    # Tasks
    "adapters": (
        {**TUNED, "layout.sharding": "zero1"},
        "training.task",
        "sft",
        "lora",
        {STATES: LESS, STEP: LESS},
    ),
    "narrow frozen weights": (TUNED, "training.task", "lora", "qlora", {"memory.weights": LESS, STEP: MORE}),
    "rank": (TUNED, "training.adapter_rank", 8.0, 256.0, {STATES: MORE}),
    "adapted layers": (
        TUNED,
        "training.adapter_targets",
        "queries-values",
        "all",
        {STATES: MORE, STEP: MORE},
    ),
    "a reference": (DENSE, "training.task", "sft", "dpo", {STEP: MORE, MEMORY: MORE}),
    "generation": (DENSE, "training.task", "sft", "grpo", {HOURS: MORE}),
    "critic": (DENSE, "training.task", "grpo", "ppo", {HOURS: MORE}),
    "a teacher": (DENSE, "training.task", "pretrain", "distillation", {STEP: MORE}),
    "a larger teacher": (
        {**DENSE, "training.task": "distillation"},
        "training.judge_parameters",
        8e9,
        70e9,
        {STEP: MORE},
    ),
    "a larger judge": (
        {**DENSE, "training.task": "ppo"},
        "training.judge_parameters",
        8e9,
        70e9,
        {HOURS: MORE},
    ),
    "more is written": (
        {**DENSE, "training.task": "grpo"},
        "training.response_share",
        0.2,
        0.9,
        {HOURS: MORE},
    ),
    "answers used again": (
        {**DENSE, "training.task": "grpo"},
        "training.rollout_reuse",
        1.0,
        4.0,
        {HOURS: LESS},
    ),
    "a longer later phase": (
        {**DENSE, "training.second_phase_tokens": 1e11},
        "training.second_phase_sequence",
        8192.0,
        65536.0,
        {RUN: MORE},
    ),
    "a narrower later phase": (
        {**DENSE, "training.second_phase_tokens": 5e11},
        "training.second_phase_precision",
        "bf16",
        "fp8",
        {RUN: LESS},
    ),
    # Data
    "books": (BOOKS, "training.data_amount", 1e6, 1e7, {RUN: MORE, STEP: SAME}),
    "passes": (BOOKS, "training.passes_over_data", 1.0, 4.0, {RUN: MORE}),
    "another language": (
        {**BOOKS, "training.data_unit": "words"},
        "training.data_language",
        "english",
        "hindi",
        {RUN: MORE},
    ),
    "hours of sound": (
        {**PICTURES, "training.data_unit": "audio", "model.preset": "whisper-medium"},
        "training.data_amount",
        1e5,
        1e6,
        {RUN: MORE},
    ),
    "hours of moving pictures": (
        {**BOOKS, "training.data_unit": "video"},
        "training.video_rate",
        1.0,
        24.0,
        {RUN: MORE},
    ),
    # Hardware
    "no fast links": (STAGES, "hardware.scale_up_domain", 8.0, 1.0, {STEP: MORE}),
    "links of a rack": (
        {**MIXTRAL, "hardware.accelerator": "gb200"},
        "hardware.scale_up_domain",
        4.0,
        72.0,
        {STEP: LESS},
    ),
    "network": (
        {**DENSE, "layout.tensor": 1.0, "layout.sharding": "zero3", "training.batch_tokens": 2.0**19},
        "hardware.nic_bandwidth",
        5e9,
        50e9,
        {STEP: LESS},
    ),
    "oversubscription": (
        {
            **DENSE,
            "layout.tensor": 1.0,
            "layout.sharding": "zero3",
            "hardware.devices": 1024.0,
            "training.batch_tokens": 2.0**23,
        },
        "hardware.oversubscription",
        1.0,
        8.0,
        {STEP: MORE},
    ),
    "a newer generation": (DENSE, "hardware.accelerator", "a100-sxm-80", "h100-sxm", {STEP: LESS}),
    "a torus": (
        {**DENSE, "hardware.accelerator": "tpu-v5e", "layout.stack": "maxtext", "layout.sharding": "zero3"},
        "hardware.scale_up_bandwidth",
        25e9,
        200e9,
        {STEP: LESS},
    ),
    "cards without links": (
        {**SMALL, "layout.sharding": "zero3"},
        "hardware.accelerator",
        "a100-sxm-80",
        "rtx-4090",
        {STEP: MORE},
    ),
    "spares": (
        {**DENSE, "failures.failure_time": 3.6e6, "failures.repair_time": 86400.0},
        "failures.spares",
        0.0,
        16.0,
        {RUN: LESS},
    ),
    "power cap": (DENSE, "hardware.power_cap", 700.0, 350.0, {STEP: MORE}),
    "partly filled nodes": (
        {**DENSE, "layout.tensor": 1.0, "layout.sharding": "zero3", "hardware.nic_bandwidth": 5e9},
        "hardware.devices_per_node",
        8.0,
        2.0,
        {STEP: MORE},
    ),
    # Failures
    "failures": (DENSE, "failures.failure_time", 3.6e8, 3.6e6, {RUN: MORE, STEP: SAME}),
    "slow checkpoints": (DENSE, "failures.checkpoint_bandwidth", 1e11, 1e9, {RUN: MORE, STEP: SAME}),
    "rare checkpoints": (
        {**DENSE, "failures.failure_time": 3.6e7},
        "failures.checkpoint_interval",
        3600.0,
        360000.0,
        {RUN: MORE},
    ),
    "slow restarts": (DENSE, "failures.restart_time", 300.0, 7200.0, {RUN: MORE}),
    "spot": (DENSE, "purchase.way", "on-demand", "spot", {RUN: MORE}),
    "first run": (DENSE, "failures.practice", "tuned", "first", {RUN: MORE, STEP: SAME}),
}


def estimate_of(fields: Mapping[str, Value]) -> Estimate:
    plan = Plan()
    for path, value in fields.items():
        plan = plan.set(path, value)
    return evaluate(plan)


@pytest.mark.parametrize("name", CASES)
def test_a_choice_changes_results_in_the_direction_of_physics(name: str) -> None:
    """A field would be asked for and have no effect, or the wrong one."""
    base, path, first, second, expected = CASES[name]
    before, after = (estimate_of({**base, path: value}) for value in (first, second))
    for result, sign in expected.items():
        change = after[result].si / before[result].si - 1.0
        assert math.isfinite(change)
        seen = 0 if abs(change) < 1e-9 else math.copysign(1, change)
        assert seen == sign, f"{result}: {before[result].si:.6g} to {after[result].si:.6g}"
