"""The document: edits share and never change what was there, typed texts, notes, scenarios and saves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tcplan.catalogue.row import Row
from tcplan.plan.document import BASE, Document, Scenario
from tcplan.plan.plan import Plan, PlanError
from tcplan.plan.value import Range

DOCUMENT = Document.new(Plan().with_value("hardware.devices", 2048), "A plan")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_an_edit_leaves_the_old_document_and_shares_the_rest() -> None:
    edited = DOCUMENT.with_value("training.tokens", 15e12, "15T")
    assert DOCUMENT.plan.get("training.tokens") is None
    assert edited.plan.get("training.tokens") == 15e12
    assert edited.plan.hardware is DOCUMENT.plan.hardware
    assert edited.notes is DOCUMENT.notes
    assert edited.id == DOCUMENT.id


def test_an_edit_that_changes_nothing_is_the_same_document() -> None:
    assert DOCUMENT.with_value("hardware.devices", 2048.0, "2048") is DOCUMENT
    assert DOCUMENT.with_rows(()) is DOCUMENT
    ranged = DOCUMENT.with_value("hardware.devices", Range(low=1.0, high=2.0))
    assert ranged.with_value("hardware.devices", Range(low=1.0, high=2.0)) is ranged


@pytest.mark.parametrize(
    ("raw", "locale", "kept"),
    [
        ("15T", "en", None),
        ("3T*5", "en", "3T*5"),
        ("15e12", "en", "15e12"),
        ("15 000 000 000 000", "fr", "15000000000000"),
        ("1,5e13", "fr", "1.5e13"),
        ("1.4T", "en", None),
        ("nonsense", "en", None),
    ],
)
def test_the_typed_text_is_kept_where_it_says_more_than_the_value(
    raw: str, locale: str, kept: str | None
) -> None:
    assert DOCUMENT.with_value("training.tokens", 15e12, raw, locale).raw.get("training.tokens") == kept


def test_the_same_value_typed_in_another_way_is_an_edit() -> None:
    first = DOCUMENT.with_value("training.tokens", 16_384.0, "2048*8")
    second = first.with_value("training.tokens", 16_384.0, "16384")
    assert second != first
    assert second.plan is first.plan
    assert "training.tokens" not in second.raw or second.raw["training.tokens"] == "16384"


def test_taking_a_value_back_takes_its_text_along() -> None:
    typed = DOCUMENT.with_value("training.tokens", 16_384.0, "2048*8")
    assert typed.with_value("training.tokens", None) == DOCUMENT


def test_a_value_outside_of_its_bounds_is_refused_with_its_path() -> None:
    with pytest.raises(PlanError, match="or more") as refused:
        DOCUMENT.with_value("hardware.devices", 0.0)
    assert refused.value.path == "hardware.devices"
    for value in (float("nan"), float("inf")):
        with pytest.raises(PlanError, match="finite"):
            DOCUMENT.with_value("efficiency.mfu", value)


def test_words_lose_what_no_file_may_hold() -> None:
    noted = DOCUMENT.with_note("money.total", "one\r\ntwo\x00\ud800")
    assert noted.notes["money.total"] == "one \ntwo"
    assert noted.with_note("money.total", "  ").notes == {}
    worded = DOCUMENT.with_words(title="a\nb", author="x" * 600, remark="a\nb")
    assert worded.title == "a b"
    assert len(worded.author) == 500
    assert worded.remark == "a\nb"


def test_a_scenario_follows_the_base_where_it_does_not_differ() -> None:
    changes = {"purchase.way": "spot", "hardware.devices": None}
    document = replace(DOCUMENT, scenarios=(Scenario("Spot", changes),))
    assert document.scenario_plan("Spot").get("purchase.way") == "spot"
    assert document.scenario_plan("Spot").get("hardware.devices") is None
    moved = document.with_value("training.tokens", 1e12)
    assert moved.scenario_plan("Spot").get("training.tokens") == 1e12


def test_a_document_in_a_scenario_keeps_only_the_typed_texts_that_still_mean_its_values() -> None:
    typed = (
        Document(id="x").with_value("training.tokens", 15e12, "1.5e13").with_value("site.pue", 1.2, "1.20")
    )
    document = replace(typed, scenarios=(Scenario("Less", {"training.tokens": 1e12}),))
    assert document.in_scenario(BASE) is document
    there = document.in_scenario("Less")
    assert there.plan == document.scenario_plan("Less")
    assert dict(there.raw) == {"site.pue": "1.20"}
    with pytest.raises(PlanError, match="there is no scenario Sport; there are: Base, Less"):
        document.in_scenario("Sport")


def test_a_save_is_recorded_only_when_it_says_something_new() -> None:
    first = DOCUMENT.saved(NOON, "0.1.0", "2026-11", {"money.total": 1e6, "time.run": float("nan")})
    assert first.saves[-1].time == "2026-11-02T12:00:00Z"
    assert first.saves[-1].headline == {"money.total": 1e6}
    assert first.saved(NOON, "0.1.0", "2026-11", {"money.total": 1e6}) is first
    assert len(first.saved(NOON, "0.1.0", "2026-12", {}).saves) == 2
    assert len(first.with_value("hardware.devices", 1024.0).saved(NOON, "0.1.0", "2026-11", {}).saves) == 2


def test_only_the_last_hundred_saves_are_kept() -> None:
    document = DOCUMENT
    for number in range(103):
        document = document.saved(NOON, f"0.1.{number}", "2026-11", {})
    assert [document.saves[0].engine, document.saves[-1].engine, len(document.saves)] == [
        "0.1.3",
        "0.1.102",
        100,
    ]


def test_rows_are_kept_in_one_order() -> None:
    rows = [Row("grids", key, {"name": key}, "x", "2026", "high") for key in ("fr", "de")]
    assert [row.key for row in DOCUMENT.with_rows(rows).rows] == ["de", "fr"]
    assert DOCUMENT.with_rows(rows) == DOCUMENT.with_rows(reversed(rows))
