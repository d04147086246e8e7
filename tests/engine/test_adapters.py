"""Adapters beside frozen weights, worked out by hand."""

import pytest

from tcplan.chain.variants.adapters import adapter_forward, adapter_launches, frozen_bytes, widening_time
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.sharding_words import tuning_of


def tuned(task: str, preset: str = "llama3.1-8b", **training: float | str) -> Estimate:
    plan = Plan().set("model.preset", preset).set("hardware.devices", 8.0).set("training.task", task)
    plan = plan.set("training.sequence", 4096.0).set("training.batch_tokens", 131_072.0)
    plan = plan.set("layout.micro_batch", 1.0).set("layout.tensor", 1.0).set("layout.pipeline", 1.0)
    plan = plan.set("layout.sharding", "zero3").set("layout.recompute", "none")
    for name, value in training.items():
        plan = plan.set(f"training.{name}", value)
    return evaluate(plan)


def test_adapters_of_llama_8b_by_hand() -> None:
    # Catches: a matrix without an adapter, or one counted twice. 32 layers, rank 16: q and o 2 x 8192,
    # k and v 2 x 5120, gate, up and down 3 x 18432.
    width = 2 * 8192 + 2 * 5120 + 3 * (4096 + 14336)
    assert tuned("lora", adapter_rank=16.0).values["trainable_parameters"] == 32 * 16 * width
    two = tuned("lora", adapter_rank=16.0, adapter_targets="queries-values")
    assert two.values["trainable_parameters"] == 32 * 16 * (8192 + 5120)


def test_trained_tables_count_whole() -> None:
    # Catches: embedding and head that are trained with a low rank, or not at all.
    plain, tables = tuned("lora"), tuned("lora", adapter_targets="tables")
    more = tables.values["trainable_parameters"] - plain.values["trainable_parameters"]
    assert more == 2 * 128_256 * 4096
    assert tables.values["head_time"] > plain.values["head_time"]


def test_experts_have_adapters_of_their_own() -> None:
    # Catches: adapters of the visited experts alone. Mixtral: 8 experts, 2 visited, rank 16 on all matrices.
    one = tuned("lora", "mixtral-8x7b", adapter_rank=16.0)
    attention = 2 * (4096 + 4096) + 2 * (4096 + 1024)
    experts = 8 * 3 * (4096 + 14336)
    assert one.values["trainable_parameters"] == pytest.approx(32 * 16 * (attention + experts))


def test_frozen_weights_save_their_gradients() -> None:
    # Catches: LoRA that computes, sends or updates what it does not train.
    whole, small = tuned("sft"), tuned("lora")
    assert small.values["passes"] == 2.0
    assert small.values["projections_backward"] < 0.6 * whole.values["projections_backward"]
    assert small.values["optimizer_time"] < 0.2 * whole.values["optimizer_time"]
    bare = small.values["gather_time"] - 3.0 * small.values["data_latency"]
    shared = whole.values["gather_time"] - 3.0 * whole.values["data_latency"]
    share = small.values["trainable_share"]
    reduce_bytes = whole.values["reduce_bytes"]
    assert bare / shared == pytest.approx((4.0 + share * reduce_bytes) / (4.0 + reduce_bytes))


def test_a_typed_rank_adapts_any_task_and_none_trains_all() -> None:
    # Catches: preference training that cannot use adapters, or a rank of 0 that still freezes.
    assert tuned("dpo", adapter_rank=8.0).values["trainable_share"] < 0.01
    assert tuned("lora", adapter_rank=0.0).values["trainable_share"] == 1.0


def test_narrow_weights_are_made_wide_in_each_pass() -> None:
    # Catches: quantised weights that cost nothing. 200 million weights x 7 bytes over 2 TB/s: 0.7 ms.
    assert widening_time(2.0, 7.0, 2e8, 0.0, 1.0, 2e12) == pytest.approx(7e-4)
    assert widening_time(0.0, 7.0, 2e8, 0.0, 1.0, 2e12) == 0.0
    wide, narrow = tuned("lora"), tuned("qlora")
    added = narrow.values["widening_time"]
    forward = narrow.values["compute_forward"] - wide.values["compute_forward"]
    backward = narrow.values["compute_backward"] - wide.values["compute_backward"]
    assert forward == pytest.approx(added)
    assert backward == pytest.approx(added)


def test_narrow_weights_travel_narrow() -> None:
    # Catches: 4-bit weights that are gathered in 16 bit. NF4 with narrow scales is 0.516 bytes.
    assert frozen_bytes(2.0, 2.0) == pytest.approx(0.516)
    assert frozen_bytes(2.0, 0.0) == 2.0
    assert tuned("qlora").values["gather_time"] < 0.4 * tuned("lora").values["gather_time"]


def test_time_of_an_adapter_by_hand() -> None:
    # Catches: adapters without products or without traffic. 1000 tokens x (2000 + 3000) values: 10 bytes each
    # over 1 TB/s, and 16 multiply-adds each at 1e14 a second.
    args = (16.0, 1000.0, 2000.0, 3000.0, 1.0, 1e12, 1e14)
    assert adapter_forward(10.0, 0.0, 0.5, *args) == pytest.approx(5e6 * (1e-11 + 1.6e-13))
    assert adapter_forward(10.0, 1.0, 0.5, *args) == pytest.approx(5e6 * (5e-12 + 1.6e-13))


def test_launches_of_adapters_by_hand() -> None:
    # Catches: kernels of matrices that are not adapted. Seven matrices, 4.4 kernels each, over 22.
    assert adapter_launches(4.4, 2.0, 1.0, 4.0, 0.0) == pytest.approx(7 * 4.4 / 22)
    assert adapter_launches(4.4, 0.0, 1.0, 4.0, 0.0) == pytest.approx(2 * 4.4 / 22)
    assert adapter_launches(4.4, 0.0, 1.0, 4.0, 2.0) == pytest.approx((2 * 4.4 + 7 * 4) / 22)


def test_rows_say_what_is_adapted() -> None:
    # Catches: a remark that changes nothing.
    row = MeasuredRow({"task": "lora", "notes": "method LoRA (emb); LoRA rank 32", "hardware": "a100"})
    assert dict(tuning_of(row)) == {"training.adapter_rank": 32.0, "training.adapter_targets": "tables"}
