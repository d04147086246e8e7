"""Fields that a training task has: what says nothing about a plan is not asked."""

import pytest

from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan.used import is_used

ADAPTERS = ("adapter_rank", "adapter_targets", "frozen_bits")
WRITING = ("response_share", "rollout_reuse", "judge_parameters")


def asked(plan: Plan, names: tuple[str, ...]) -> list[str]:
    estimate = evaluate(plan)
    return [name for name in names if is_used(f"training.{name}", estimate)]


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ("pretrain", []),
        ("continued", []),
        ("sft", ["adapter_rank"]),
        ("lora", [*ADAPTERS]),
        ("qlora", [*ADAPTERS]),
        ("dpo", ["adapter_rank"]),
        ("ppo", ["adapter_rank", *WRITING]),
        ("grpo", ["adapter_rank", *WRITING]),
        ("distillation", ["adapter_rank", "judge_parameters"]),
    ],
)
def test_a_task_asks_for_what_it_uses(task: str, found: list[str]) -> None:
    # Catches: fields that change nothing, and a method whose inputs cannot be typed.
    assert asked(Plan().set("training.task", task), (*ADAPTERS, *WRITING)) == found


def test_the_next_phase_asks_for_its_tokens_first() -> None:
    # Catches: twelve fields of phases that do not exist, or a phase that nobody can begin.
    names = tuple(
        f"{phase}_{part}" for phase in ("second_phase", "third_phase") for part in ("tokens", "sequence")
    )
    assert asked(Plan(), names) == ["second_phase_tokens"]
    two = Plan().set("training.second_phase_tokens", 1e11)
    assert asked(two, names) == ["second_phase_tokens", "second_phase_sequence", "third_phase_tokens"]


def test_a_structure_asks_for_its_own_sizes() -> None:
    # Catches: ten zeros of experts in the form of a dense model, and sizes that nobody can type.
    names = (
        "model.experts",
        "model.experts_per_token",
        "model.kv_rank",
        "layout.dispatcher",
        "layout.expert",
    )
    dense, sparse = evaluate(Plan()), evaluate(Plan().set("model.preset", "deepseek-v3"))
    assert [name for name in names if is_used(name, dense)] == ["model.experts"]
    assert [name for name in names if is_used(name, sparse)] == list(names)
    some = evaluate(Plan().set("model.experts", 8.0).set("model.kv_rank", 0.0))
    assert [name for name in names if is_used(name, some)] == list(names)
