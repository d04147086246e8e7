import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.plain import PLAIN

from tcplan.chain.links import graph_for

INPUTS: dict[str, Any] = {
    "precision": 0.0,
    **PLAIN,
    "layers": 80.0,
    "devices": 1024.0,
    "sequence": 4096.0,
    "batch_tokens": 4096.0 * 1024,
    "tensor": 8.0,
    "pipeline": 8.0,
    "context": 1.0,
    "micro_batch": 1.0,
    "interleave": 1.0,
    "block_time": 1.0,
    "tail_time": 0.0,
}


def solve(*want: str, sparse: bool = False, **inputs: Any) -> list[Any]:  # noqa: ANN401
    solved = graph_for(sparse, False, "on-demand").solve({**INPUTS, **inputs}, want)
    return [solved[name] for name in want]


def test_the_bubble_is_p_minus_one_over_m() -> None:
    # arXiv:2104.04473, section 2.2.1: (p-1)/m of the ideal time, divided by v when interleaved.
    bubble, micro_batches, stage = solve("bubble_time", "micro_batches", "average_stage")
    assert micro_batches == 64.0
    assert bubble / (micro_batches * stage) == pytest.approx(7 / 64)
    (interleaved,) = solve("bubble_time", interleave=5.0)
    assert interleaved == pytest.approx(bubble / 5)
    assert solve("bubble_time", pipeline=1.0) == [0.0]


def test_virtual_stages_need_as_many_micro_batches_as_stages() -> None:
    # Catches: an interleaved schedule that gains without bound from few micro-batches.
    (few,) = solve("bubble_time", interleave=2.0, micro_batches=5.0)
    assert few == pytest.approx((7 / 2 + 3) * 10)


def test_devices_without_a_place_wait() -> None:
    # Catches: fractions of a copy of the model, or an error for a number that does not divide.
    assert solve("data", "placed_share", devices=1000.0) == [15.0, 960 / 1000]
    assert solve("data", "placed_share", devices=1024.0) == [16.0, 1.0]


def test_too_few_devices_for_one_copy_give_no_number() -> None:
    (data, step) = solve("data", "micro_batches", devices=63.0)
    assert math.isnan(data)
    assert math.isnan(step)


def test_a_batch_is_divided_over_copies_and_micro_batches() -> None:
    assert solve("micro_batches", micro_batch=4.0) == [16.0]
    assert solve("micro_batches", devices=1e6) == [1.0]


@pytest.mark.parametrize(
    ("parameters", "dense", "sparse"), [(1e9, 2e6, 2e6), (46.7e9, 4e6, 4e6), (405e9, 16e6, 32e6)]
)
def test_a_batch_is_as_large_as_published_ones(parameters: float, dense: float, sparse: float) -> None:
    def batch(**inputs: Any) -> Any:  # noqa: ANN401
        graph = graph_for(inputs.pop("sparse"), False, "on-demand")
        values = {"parameters": parameters, "devices": 64.0, "sequence": 4096.0, **inputs}
        return graph.solve(values, ("batch_tokens",))["batch_tokens"]

    assert batch(sparse=False) == dense
    assert batch(sparse=True) == sparse
    # 2,048 tokens for each device until a batch has 16 million, 1,024 where that is more.
    assert batch(sparse=False, devices=4096.0) == max(dense, 4096 * 2048)
    assert batch(sparse=False, devices=12_000.0) == 16e6
    assert batch(sparse=False, devices=1e6) == 1024e6
    assert batch(sparse=False, devices=1.0, sequence=1e8) == 1e8


@given(st.floats(1e8, 1e13), st.booleans())
def test_a_slightly_larger_model_has_about_the_same_batch(parameters: float, sparse: bool) -> None:
    # Catches: a curve over the size of the model that jumps where only a default does.
    values: dict[str, Any] = {"devices": 64.0, "sequence": 4096.0}
    graph = graph_for(sparse, False, "on-demand")
    before, after = (
        graph.solve({**values, "parameters": parameters * factor}, ("usual_batch",))["usual_batch"]
        for factor in (1.0, 1.01)
    )
    assert before <= after <= 1.02 * before


def test_layers_between_whole_numbers_divide_evenly() -> None:
    # Catches: a size on a curve that is punished for a number of layers that nobody would choose.
    assert solve("stage_layers", layers=96.1, pipeline=4.0, interleave=4.0) == [pytest.approx(24.025)]
    assert solve("stage_layers", layers=96.0, pipeline=4.0, interleave=4.0) == [24.0]


def test_the_last_stage_carries_the_head() -> None:
    # Catches: a head that is spread over all stages although layers are whole.
    assert solve("slowest_stage") == [10.0]
    assert solve("slowest_stage", tail_time=0.5) == [10.5]
    assert solve("slowest_stage", tail_time=3.0) == [11.0]
    assert solve("slowest_stage", pipeline=1.0, tail_time=3.0) == [83.0]


def test_a_stage_with_a_spare_layer_takes_the_head() -> None:
    # Llama 3.1 405B, arXiv:2407.21783, section 3.3.2: 126 layers, so that 16 stages balance.
    assert solve("stage_layers", "slowest_stage", layers=126.0, pipeline=16.0, tail_time=1.5) == [8.0, 8.0]
    assert solve("stage_layers", layers=126.0, pipeline=16.0, interleave=3.0) == [9.0]


@given(
    st.integers(1, 300),
    st.sampled_from([1, 2, 4, 8, 16, 32]),
    st.sampled_from([1, 2, 4]),
    st.floats(0.0, 9.0),
)
def test_no_stage_is_slower_than_all_and_faster_than_the_average(
    layers: int, stages: int, virtual: int, head: float
) -> None:
    sizes: dict[str, Any] = {
        "layers": float(layers),
        "pipeline": float(stages),
        "interleave": float(virtual),
        "tail_time": head,
    }
    slowest, average, fullest = solve("slowest_stage", "average_stage", "stage_layers", **sizes)
    assert fullest * stages >= layers
    assert average <= slowest <= fullest + 1 + head


@given(st.integers(64, 100_000))
def test_another_device_never_makes_more_micro_batches(devices: int) -> None:
    before, after = (
        solve("micro_batches", devices=float(devices)),
        solve("micro_batches", devices=devices + 1.0),
    )
    assert after <= before
