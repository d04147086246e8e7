"""Other models in a step of training: reference, judges, teacher, and answers that are written."""

import pytest

from tcplan.chain.variants.generation import (
    answers,
    answers_at_once,
    cache_bytes,
    decoding_time,
    generation_devices,
    generation_time,
)
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan


def trained(task: str, **training: float) -> Estimate:
    plan = Plan().set("model.preset", "llama3.1-8b").set("hardware.devices", 64.0)
    plan = plan.set("training.task", task).set("training.sequence", 4096.0)
    plan = plan.set("training.batch_tokens", 4096.0 * 1024).set("layout.sharding", "zero3")
    for name in ("tensor", "pipeline", "micro_batch", "context", "interleave"):
        plan = plan.set(f"layout.{name}", 1.0)
    plan = plan.set("layout.recompute", "none")
    for name, value in training.items():
        plan = plan.set(f"training.{name}", value)
    return evaluate(plan)


def test_preferences_cost_one_more_forward_pass() -> None:
    # Catches: a reference that is free, or that is trained.
    plain, preferred = trained("sft"), trained("dpo")
    added = preferred.values["predicted_step_time"] - plain.values["predicted_step_time"]
    assert added == pytest.approx(plain.values["spread"] * preferred.values["pass_time"])
    flop = preferred.values["hardware_flop"] / plain.values["hardware_flop"]
    assert flop == pytest.approx(4.0 / 3.0)
    assert preferred.values["model_flop"] == plain.values["model_flop"]


def test_a_reference_is_a_copy_unless_adapters_leave_the_model_as_it_was() -> None:
    # Catches: memory of a second model that LoRA does not need, or that DPO forgets.
    plain, preferred = trained("sft"), trained("dpo")
    more = preferred.values["memory_peak"] - plain.values["memory_peak"]
    assert more == pytest.approx(plain.values["memory_weights"])
    assert trained("dpo", adapter_rank=16.0).values["beside_memory"] == 0.0


def test_a_teacher_costs_by_its_size() -> None:
    # Catches: a teacher as large as its pupil whatever was typed.
    same, larger = trained("distillation"), trained("distillation", judge_parameters=70.6e9)
    ratio = 70.6e9 / same.values["active_parameters"]
    assert larger.values["beside_time"] == pytest.approx(ratio * same.values["beside_time"])
    assert same.values["judge_size"] == 1.0


def test_methods_by_their_passes() -> None:
    # Catches: GRPO with a value model, PPO without one.
    ppo, grpo = trained("ppo"), trained("grpo")
    pass_time = grpo.values["pass_time"]
    assert grpo.values["beside_time"] - grpo.values["generation_time"] == pytest.approx(2 * pass_time)
    assert ppo.values["beside_time"] - ppo.values["generation_time"] == pytest.approx(6 * pass_time)
    assert ppo.values["beside_memory"] > grpo.values["beside_memory"]


def test_writing_by_hand() -> None:
    # Catches: weights read once for each sequence, caches forgotten, splits that cost nothing. 70 billion
    # weights of 2 bytes need four devices of 80e9 bytes with 0.4 left: 140 / 48 is 2.9.
    assert generation_devices(2.0, 70e9, 80e9) == 4.0
    # 80 layers x 2048 numbers x 2 bytes x (4096 - 1536) tokens kept on average where 0.75 is written.
    cache = cache_bytes(2.0, 80.0, 2048.0, 2048.0, 0.75)
    assert cache == pytest.approx(2 * 80 * 2048 * 4096 * 0.625)
    # 1024 sequences over 64 devices in groups of four: 64 each.
    written = answers(4096.0 * 1024, 4096.0, 4.0, 64.0)
    assert written == 64.0
    room = (0.9 * 80e9 * 4 - 140e9) / cache
    assert answers_at_once(written, 80e9, 4.0, 2.0, 70e9, cache) == pytest.approx(min(64.0, room))
    moved = (140e9 + 64 * cache) / 2.5e12
    fixed = 80 * (10 * 6e-6 + 2 * 15e-6 * 2)
    once = decoding_time(2.0, 70e9, 70e9, 64.0, cache, 4.0, 2.5e12, 1e15, 0.7, 2.0, 80.0, 6e-6, 15e-6)
    assert once == pytest.approx(moved / 4 + fixed)
    assert generation_time(4096.0, 0.75, 64.0, 32.0, 0.02, 8.0, 1.0) == pytest.approx(3072 * 2 * 0.02 + 2.0)


def test_answers_that_are_used_twice_are_written_half_as_often() -> None:
    # Catches: reuse that changes the time of learning.
    once, twice = trained("grpo"), trained("grpo", rollout_reuse=2.0)
    assert twice.values["generation_time"] == pytest.approx(once.values["generation_time"] / 2)
    assert twice.values["pass_time"] == once.values["pass_time"]
