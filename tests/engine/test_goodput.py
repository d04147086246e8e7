import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcplan.chain import goodput

Bill = Callable[..., dict[str, Any]]
HOUR = 3600.0


def test_a_run_worked_out_by_hand(bill: Bill) -> None:
    # Catches: bytes of a checkpoint, nodes instead of devices, a missing half.
    values = bill(
        parameters=1e12,
        devices=800.0,
        checkpoint_bandwidth=1e9,
        failure_time=80_000 * HOUR,
        restart_time=900.0,
    )
    q = 14e12 / (1e9 * 100)
    m = 100 * HOUR
    tau = math.sqrt(2 * q * m)
    assert values["checkpoint_time"] == pytest.approx(q) == pytest.approx(140.0)
    assert values["between_failures"] == pytest.approx(m)
    assert values["checkpoint_interval"] == pytest.approx(tau)
    assert values["goodput"] == pytest.approx(1 / (1 + q / tau + (tau / 2 + 900) / m))


def test_no_other_interval_loses_less(bill: Bill) -> None:
    # Catches: an interval that is not the optimum of the overhead that is charged.
    best = bill()
    for factor in (0.5, 0.9, 1.1, 2.0):
        other = bill(checkpoint_interval=best["checkpoint_interval"] * factor)
        assert other["goodput"] < best["goodput"]


def test_the_published_frontier_run_keeps_over_nine_tenths(bill: Bill) -> None:
    # arXiv:2407.21783, section 3.3.4: 16,384 devices, over 90 % effective training time.
    values = bill(devices=16_384.0, parameters=405e9, failure_time=16_384 * 54 * 86_400 / 419)
    assert 0.85 < values["goodput"] < 0.97


def test_spot_interruptions_add_to_failures(bill: Bill) -> None:
    # Catches: a spot price without the interruptions that it comes with.
    firm, spot = bill(), bill(way="spot")
    rate = 1 / firm["between_failures"] + 1024 * 0.05 / 86_400
    assert spot["between_failures"] == pytest.approx(1 / rate)
    assert spot["run_time"] > firm["run_time"]
    assert bill(way="spot", spot_interruptions=0.0)["goodput"] == pytest.approx(firm["goodput"])


def test_parts_of_the_time_sum_to_the_duration(bill: Bill) -> None:
    # Catches: a part that is counted twice, also where a person overrides goodput or device-hours.
    for changes in ({}, {"goodput": 0.7}, {"goodput": 1.0}, {"device_time": 1e9}, {"overhead": 0.0}):
        values = bill(**changes)
        names = ("productive_time", "practice_time", "checkpoints_time", "lost_time")
        parts = sum(values[name] for name in names)
        assert parts == pytest.approx(values["run_time"], rel=1e-12)
        assert min(values["checkpoints_time"], values["lost_time"]) >= -1e-9 * values["run_time"]


def test_the_run_factor_is_a_part_of_its_own(bill: Bill) -> None:
    # Catches: a factor that hides in the time of steps, or that failures multiply twice.
    tuned, typical, first = (bill(practice=float(code)) for code in range(3))
    assert tuned["practice_time"] == 0.0
    assert typical["productive_time"] == pytest.approx(tuned["productive_time"])
    assert typical["run_time"] / tuned["run_time"] == pytest.approx(typical["run_factor"])
    assert first["practice_time"] == pytest.approx(0.6 * first["productive_time"])


def test_spares_cost_hours_and_save_repairs(bill: Bill) -> None:
    # Catches: spares that are free, and a repair that the run waits for although one stands by.
    waiting, ready = bill(repair_time=24 * HOUR), bill(repair_time=24 * HOUR, spares=16.0)
    assert ready["goodput"] == pytest.approx(bill()["goodput"])
    assert waiting["goodput"] < ready["goodput"]
    assert ready["device_time"] / bill()["device_time"] == pytest.approx(1.0 + 16.0 / 1024.0)
    assert ready["run_time"] == pytest.approx(bill()["run_time"])


def test_a_typed_figure_wins_downstream(bill: Bill) -> None:
    # Catches: device-hours that are computed again behind a measured value.
    values = bill(device_time=2.788e6 * HOUR, price=2.0 / HOUR, devices=2048.0)
    assert values["compute_cost"] == pytest.approx(5.576e6)
    assert values["run_time"] == pytest.approx(2.788e6 * HOUR / 2048)
    assert bill(goodput=0.5)["device_time"] == pytest.approx(2 * 6e24 / 400e12)


@given(
    w=st.lists(st.floats(0.0, 1e9), min_size=3, max_size=3),
)
def test_goodput_is_a_share(w: list[float]) -> None:
    # Catches: a first-order loss that turns negative where failures come faster than restarts.
    value = goodput.goodput(goodput.overhead(*w))
    assert 0.0 < value <= 1.0


def test_more_devices_lose_more_but_never_take_longer(bill: Bill) -> None:
    # Catches: failures that do not grow with devices, or an ideal run that slows down.
    devices = np.array([8.0, 64.0, 512.0, 4096.0])
    values = bill(devices=devices)
    assert np.all(np.diff(values["goodput"]) < 0)
    assert np.all(np.diff(values["run_time"]) < 0)
