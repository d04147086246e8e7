"""Multi-token prediction: DeepSeek-V3 trains one further module (arXiv:2412.19437, section 2.2)."""

import pytest

from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan

HIDDEN, VOCABULARY = 8192, 128256


def estimate(depth: float, pipeline: float = 1.0) -> Estimate:
    plan = (
        Plan().set("model.predicted_tokens", depth).set("layout.tensor", 8).set("layout.pipeline", pipeline)
    )
    for name in ("context", "micro_batch", "interleave"):
        plan = plan.set(f"layout.{name}", 1)
    plan = plan.set("layout.sharding", "zero1").set("layout.recompute", "none")
    return evaluate(plan.set("hardware.devices", 1024))


def test_a_module_is_a_projection_a_layer_and_the_head() -> None:
    # Catches: a module that costs nothing, or a second embedding.
    without, once = estimate(0.0), estimate(1.0)
    layer = (without.values["layer_products"]) / 80
    added = 6 * (2 * HIDDEN**2 + layer + VOCABULARY * HIDDEN)
    assert once.values["token_flop"] - without.values["token_flop"] == pytest.approx(added)


def test_published_parameters_leave_the_modules_out() -> None:
    assert estimate(1.0)["model.parameters"] == estimate(0.0)["model.parameters"]


def test_a_module_takes_the_time_and_memory_of_a_layer_and_a_head() -> None:
    without, once, twice = (estimate(depth) for depth in (0.0, 1.0, 2.0))
    layer = without.values["block_time"] + without.values["head_time"]
    assert once.values["average_stage"] - without.values["average_stage"] == pytest.approx(layer, rel=0.08)
    assert twice.values["tail_time"] > once.values["tail_time"] > layer
    assert once.values["stage_layers"] == without.values["stage_layers"] + 1
    assert once.values["logit_memory"] == 2 * without.values["logit_memory"]


def test_a_module_moves_layers_off_the_last_of_many_stages() -> None:
    # Catches: a last stage that carries the whole module although the others have room: 80 + 1 in 16 stages.
    without, once = estimate(0.0, 16.0), estimate(1.0, 16.0)
    assert once.values["slowest_stage"] <= without.values["slowest_stage"] + without.values["block_time"]
