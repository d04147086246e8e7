"""The fit of constants: what leaves out a row would say, and what a wild row may do."""

from dataclasses import replace
from math import log
from types import MappingProxyType

import numpy as np
import pytest
from tests.validation.tables import rows_from

from tcplan.catalogue.shelf import shipped
from tcplan.validation.fit import Constant, Fit, fit
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.steps import Prediction, predict


def constants() -> list[Constant]:
    """Return what matrix products and the host decide on one node of A100."""
    found = predict([MeasuredRow(MappingProxyType(row)) for row in rows_from("vtrain_single", 1)], shipped())
    given = found[0].estimate.given if found[0].estimate else {}
    keys = [given[f"performance.{name}"].row.partition("/")[2] for name in ("gemm_efficiency", "host_time")]
    rows = [shipped().find("performance", key) for key in keys]
    return [Constant(row.key, row.number("value") or 1.0, 0.3) for row in rows]


def steps(count: int, factor: float = 1.0) -> tuple[Prediction, ...]:
    """Return measured steps of one node, the first of them longer by a factor."""
    rows = rows_from("vtrain_single", count)
    rows[0]["step_s"] = repr(float(rows[0]["step_s"]) * factor)
    return predict([MeasuredRow(MappingProxyType(row)) for row in rows], shipped())


@pytest.fixture(scope="module")
def whole() -> Fit:
    return fit(steps(40), constants(), shipped())


def test_the_error_of_a_row_left_out_is_that_of_a_fit_without_it(whole: Fit) -> None:
    """The short way would flatter: it must say what the long way says."""
    rows = steps(40)
    for at in (0, 13, 39):
        without = fit([row for other, row in enumerate(rows) if other != at], constants(), shipped())
        values = {one.constant.key: one.value for one in without.constants}
        changed = [
            replace(row, values=MappingProxyType({**row.values, "value": values[row.key]}))
            for row in (shipped().find("performance", key) for key in values)
        ]
        long_way = predict([rows[at].row], shipped().with_rows(changed))[0]
        residual = log(rows[at].measured_step_s / long_way.step_s)
        assert whole.left_out[at] == pytest.approx(residual, abs=0.006)


def test_rows_left_out_together_do_no_better_than_alone(whole: Fit) -> None:
    """A model that vouches for itself would make the band too narrow."""
    labels = [row.row.text("model") for row in whole.predictions]
    alone = np.abs(whole.left_out).mean()
    together = np.abs(whole.without(labels)).mean()
    everything_named_apart = whole.without([str(at) for at in range(len(labels))])
    assert together >= 0.99 * alone
    assert np.allclose(everything_named_apart, whole.left_out, atol=1e-9)


def test_a_fit_ends_at_the_same_place_wherever_it_began(whole: Fit) -> None:
    """A search that stops halfway gives constants that depend on where it began."""
    rows = steps(40)
    far = [replace(one, prior=one.prior * 1.5) for one in constants()]
    begun_far = fit(rows, far, shipped())
    assert np.square(begun_far.after).sum() < 0.5 * np.square(begun_far.before).sum()
    for one, other in zip(whole.constants, begun_far.constants, strict=True):
        assert one.value == pytest.approx(other.value, rel=0.05)


def test_one_wild_row_moves_a_constant_only_a_little(whole: Fit) -> None:
    """A typing error of a factor ten in one row would spoil the constants of all."""
    wild = fit(steps(40, factor=10.0), constants(), shipped())
    for one, other in zip(whole.constants, wild.constants, strict=True):
        assert abs(log(one.value / other.value)) < 0.15


def test_without_rows_a_constant_stays_at_its_prior() -> None:
    """An empty table would give NaN, or a constant out of nothing."""
    found = fit((), constants(), shipped())
    for one in found.constants:
        assert one.value == pytest.approx(one.constant.prior)
        assert one.spread == pytest.approx(one.constant.sigma)
        assert one.rows == 0


def test_a_share_of_a_rated_figure_never_passes_it() -> None:
    """Rows that are too fast would say that a device does more than it can, and hide what is wrong."""
    rows = rows_from("vtrain_single", 12)
    fast = [{**row, "step_s": repr(0.3 * float(row["step_s"]))} for row in rows]
    told = predict([MeasuredRow(MappingProxyType(row)) for row in fast], shipped())
    for one in fit(told, constants(), shipped()).constants:
        if one.constant.key.startswith("gemm-efficiency"):
            assert one.constant.prior < one.value <= 1.0 + 1e-9
