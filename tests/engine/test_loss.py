from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Bill = Callable[..., dict[str, Any]]


def test_chinchilla_by_both_fits(bill: Bill) -> None:
    # 70 B parameters, 1.4 T tokens; the law with the constants of arXiv:2404.10102 and arXiv:2203.15556.
    refit = bill(active_parameters=70e9, tokens=1.4e12, scaling_law=0.0)["predicted_loss"]
    first = bill(active_parameters=70e9, tokens=1.4e12, scaling_law=1.0)["predicted_loss"]
    assert refit == pytest.approx(1.8172 + 482.01 / 70e9**0.3478 + 2085.43 / 1.4e12**0.3658)
    assert first == pytest.approx(1.69 + 406.4 / 70e9**0.34 + 410.7 / 1.4e12**0.28)
    # Often quoted for Chinchilla itself: 0.083 + 0.163 + 1.69.
    assert first == pytest.approx(1.936, abs=0.005)


def test_more_of_either_lowers_the_loss_towards_the_floor(bill: Bill) -> None:
    # Catches: exponents that are swapped or have the wrong sign.
    sizes = np.geomspace(1e8, 1e13, 6)
    for law, floor in ((0.0, 1.8172), (1.0, 1.69)):
        by_size = bill(active_parameters=sizes, scaling_law=law)["predicted_loss"]
        by_data = bill(tokens=sizes, scaling_law=law)["predicted_loss"]
        assert np.all(np.diff(by_size) < 0)
        assert np.all(np.diff(by_data) < 0)
        assert min(by_size.min(), by_data.min()) > floor


def test_both_laws_side_by_side_in_one_array(bill: Bill) -> None:
    # Catches: a law that is chosen once for a whole array.
    both = bill(scaling_law=np.array([0.0, 1.0]))["predicted_loss"]
    assert both[0] == bill(scaling_law=0.0)["predicted_loss"]
    assert both[1] == bill(scaling_law=1.0)["predicted_loss"]
