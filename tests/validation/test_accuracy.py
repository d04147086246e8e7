"""No change makes a group of published steps worse, and what is recorded is what the engine says."""

import csv
import io
from collections import Counter
from math import isfinite
from pathlib import Path

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.validation import carried
from tcplan.validation.calibrate import FEWEST, MOST
from tcplan.validation.fit import Constant, fit
from tcplan.validation.groups import GROUPS, Errors, errors_of, summaries
from tcplan.validation.judged import Judged, judge
from tcplan.validation.published import published
from tcplan.validation.steps import predict

ALLOWED = 0.3
"""Points of mean error by which a group may get worse; `packaging/accuracy.py record` takes a gain over."""

RECORDED = Path(__file__).with_name("errors.csv")


def recorded(kind: str) -> dict[str, float]:
    with RECORDED.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == kind and row["part"] == "all"]
    return {row["key"]: float(row["mape"]) for row in rows if row["mape"]}


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    return judge(predict(carried.rows(), shipped()))


def worse(now: dict[str, Errors], before: dict[str, float]) -> dict[str, float]:
    return {
        key: now[key].mape - mape
        for key, mape in before.items()
        if not now[key].mape <= mape + ALLOWED  # a group that lost its rows is NaN, and worse
    }


def test_no_group_got_worse(judged: tuple[Judged, ...]) -> None:
    """A change of a formula that helps one group would spoil another unseen."""
    now = {group.key: errors_of(group.of(judged), memory=group.memory) for group in GROUPS}
    assert worse(now, recorded("group")) == {}


@pytest.mark.parametrize("kind", ["time", "memory"])
def test_no_source_got_worse_on_its_hardware(judged: tuple[Judged, ...], kind: str) -> None:
    """A group can hide a source: a gain of one would pay for the loss of another."""
    now = {" ".join(one.cells): one.errors for one in summaries(judged, memory=kind == "memory")}
    assert worse(now, recorded(kind)) == {}


def test_the_record_is_that_of_this_engine(judged: tuple[Judged, ...]) -> None:
    """Bands and words stand on recorded predictions: old ones would vouch for new numbers."""
    times = {one.prediction.row.id: one.prediction.step_s for one in judged}
    off = {
        row.key: row.predicted_s / times[row.key]
        for row in published()
        if isfinite(row.predicted_s) and not abs(row.predicted_s / times[row.key] - 1.0) < 0.01
    }
    assert off == {}


def test_no_stack_on_one_hardware_has_more_than_five_constants() -> None:
    """With enough constants everything fits, and nothing is predicted."""
    keys = [row["key"] for row in csv.DictReader(io.StringIO(carried.text("constants.csv")))]
    rows = [shipped().find("performance", key) for key in keys]
    places = Counter((row.get("stack"), row.get("generation"), row.get("precision")) for row in rows)
    assert len(keys) == len(set(keys))
    assert [place for place, count in places.items() if count > MOST and place != ("any", "any", "any")] == []


def test_fitted_rows_are_rows_that_are_carried() -> None:
    """A name that no row has would let a row that was fitted count as held out."""
    assert carried.calibration() <= {row.id for row in carried.rows()}
    assert {row.text("source") for row in carried.rows()} <= set(carried.origins())


def test_no_constant_is_fitted_to_one_row_or_two() -> None:
    """A constant of one row is that row told again: it is a planning value, and says so."""
    table = csv.DictReader(io.StringIO(carried.text("constants.csv")))
    constants = [Constant(line["key"], float(line["prior"]), float(line["sigma"])) for line in table]
    rows = predict([row for row in carried.rows() if row.id in carried.calibration()], shipped())
    values = [shipped().find("performance", one.key).number("value") or one.prior for one in constants]
    found = fit(rows, constants, shipped(), held=values)
    assert {one.constant.key: one.rows for one in found.constants if one.rows < FEWEST} == {}
    assert len(found.predictions) > len(carried.rows()) // 4
