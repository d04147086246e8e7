"""Constants of memory are fitted by the same law as those of time, to rows that are named."""

import csv
import io
from collections import Counter
from types import MappingProxyType

import pytest
from tests.validation.tables import rows_from

from tcplan.catalogue.shelf import shipped
from tcplan.validation import carried
from tcplan.validation.calibrate import MOST
from tcplan.validation.fit import Constant, comparable, fit
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.steps import Prediction, predict


def measured(source: str, count: int) -> tuple[Prediction, ...]:
    return predict([MeasuredRow(MappingProxyType(row)) for row in rows_from(source, count)], shipped())


def test_a_fit_to_memory_finds_what_memory_was_made_with() -> None:
    # Catches: a fit that looks at times while it is asked for memory.
    rows = measured("fsdp_qlora", 12)
    shelf = shipped()
    key = "logit-bytes-fsdp-qlora"
    true = shelf.find("performance", key).number("value") or 0.0
    made = []
    for one in rows:
        cells = {**one.row.cells, "peak_mem_gib": repr(one.mem_gib), "step_s": "1.0"}
        made.append(MeasuredRow(MappingProxyType(cells)))
    found = fit(predict(made, shelf), [Constant(key, 0.7 * true, 3.0)], shelf, memory=True)
    assert found.constants[0].value == pytest.approx(true, rel=0.01)


def test_rows_without_memory_have_no_part() -> None:
    times = measured("vtrain_single", 3)
    assert len(comparable(times)) == 3
    assert comparable(times, memory=True) == ()


def test_constants_of_memory_and_their_rows_exist_and_are_few() -> None:
    keys = [row["key"] for row in csv.DictReader(io.StringIO(carried.text("memory_constants.csv")))]
    places = Counter(shipped().find("performance", key).get("stack") for key in keys)
    assert max(places.values()) <= MOST
    assert len(keys) == len(set(keys))
    named = carried.memory_calibration()
    rows = {row.id: row for row in carried.rows()}
    assert named <= rows.keys()
    assert all(rows[name].number("peak_mem_gib") for name in named)
    held_out = {row.text("source") for row in rows.values() if row.number("peak_mem_gib")} - {
        rows[name].text("source") for name in named
    }
    assert "simumax_b200" in held_out
