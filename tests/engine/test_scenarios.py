"""Scenarios in the document: only differences, names that can be given, what each operation leaves alone."""

from datetime import UTC, datetime

import pytest

from tcplan.estimate import as_saved, evaluate
from tcplan.plan.document import BASE, Document, differences
from tcplan.plan.file import PlanFileError, read_bytes, to_bytes
from tcplan.plan.plan import Plan, PlanError
from tcplan.plan.value import Range

TOKENS, DEVICES, WAY, PUE = "training.tokens", "hardware.devices", "purchase.way", "site.pue"
BASE_PLAN = Plan().with_values({TOKENS: 1e12, DEVICES: 512.0})


def made(*names: str) -> Document:
    document = Document.new(BASE_PLAN)
    for name in names:
        document = document.with_scenario(name, {WAY: "spot"})
    return document


def edited(document: Document, name: str, path: str, value: float | None, raw: str | None = None) -> Document:
    return document.with_edited(name, document.in_scenario(name).with_value(path, value, raw))


def test_an_edit_in_a_scenario_changes_its_differences_alone() -> None:
    """An edit that lands in the base, or copies the whole plan into the scenario."""
    after = edited(made("Spot"), "Spot", DEVICES, 1024.0)
    assert after.plan == BASE_PLAN
    assert dict(after.scenario("Spot").changes) == {DEVICES: 1024.0, WAY: "spot"}
    assert edited(after, BASE, TOKENS, 2e12).scenario_plan("Spot").get(TOKENS) == 2e12


def test_a_value_like_the_base_again_is_no_difference() -> None:
    """A scenario that keeps what equals the base, so that later changes of the base miss it."""
    there = edited(made("Spot"), "Spot", DEVICES, 1024.0)
    assert DEVICES not in edited(there, "Spot", DEVICES, 512.0).scenario("Spot").changes
    # What the base says now by chance, and nobody touched, stays the scenario's own.
    base = edited(there, BASE, DEVICES, 1024.0)
    assert edited(base, "Spot", PUE, 1.2).scenario("Spot").changes[DEVICES] == 1024.0


def test_a_value_of_the_base_can_be_taken_back_and_brought_back() -> None:
    """A scenario in which a typed value of the base cannot be removed."""
    without = edited(made("Auto"), "Auto", DEVICES, None)
    assert without.scenario_plan("Auto").get(DEVICES) is None
    assert without.scenario("Auto").changes[DEVICES] is None
    back = without.with_edited("Auto", without.in_scenario("Auto").like_base([DEVICES]))
    assert DEVICES not in back.scenario("Auto").changes


def test_what_was_typed_in_a_scenario_is_kept_with_it() -> None:
    """A text typed in a scenario that replaces the base's, or is lost at the next save."""
    base = Document.new(Plan()).with_value(DEVICES, 512.0, "256*2").with_scenario("Big", {})
    there = edited(base, "Big", DEVICES, 16384.0, "128*128")
    again = read_bytes(to_bytes(there))
    assert again == there
    assert again.in_scenario("Big").raw == {DEVICES: "128*128"}
    assert again.raw == {DEVICES: "256*2"}


def test_notes_and_words_are_those_of_the_whole_document() -> None:
    """A note written while a scenario is in force that vanishes with it."""
    document = made("Spot")
    after = document.with_edited("Spot", document.in_scenario("Spot").with_note(DEVICES, "as offered"))
    assert after.notes == {DEVICES: "as offered"}
    assert (after.plan, after.scenarios) == (document.plan, document.scenarios)
    assert (after.base, after.in_force) == (None, BASE)


def test_typed_results_belong_to_their_scenario() -> None:
    """An override that reaches the base."""
    after = edited(made("Fast"), "Fast", "efficiency.mfu", 0.5)
    assert after.plan.overrides == {}
    assert evaluate(after.scenario_plan("Fast"))["efficiency.mfu"].value == pytest.approx(0.5)


def test_order_copies_and_removal() -> None:
    """A tab that lands at another place, or takes its neighbour along."""
    document = made("A", "B", "C")
    names = document.moved("C", 0).scenario_names
    assert names == (BASE, "C", "A", "B")
    assert document.moved("A", 99).scenario_names == (BASE, "B", "C", "A")
    assert document.with_copy("A 2", "A").scenario_names == (BASE, "A", "A 2", "B", "C")
    assert document.with_copy("A 2", "A").scenario("A 2").changes == document.scenario("A").changes
    assert document.with_copy("New", BASE).scenario("New").changes == {}
    assert document.without_scenario("B").scenario_names == (BASE, "A", "C")


def test_a_new_base_changes_no_plan() -> None:
    """Other scenarios that move when one of them becomes the base, or an old base that is lost."""
    document = edited(edited(made("A", "B"), "A", DEVICES, 2048.0), "B", PUE, 1.1)
    after = document.with_base("A", "Former base")
    assert after.plan == document.scenario_plan("A")
    assert after.scenario_plan("Former base") == document.plan
    assert after.scenario_plan("B") == document.scenario_plan("B")
    assert after.scenario_names == (BASE, "Former base", "B")


def test_a_detached_scenario_hears_nothing_of_the_base() -> None:
    """A base that types a field for the first time and so changes a scenario that was detached."""
    document = made("Spot").detached("Spot")
    before = document.scenario_plan("Spot")
    moved = edited(edited(document, BASE, TOKENS, 9e12), BASE, PUE, 1.1)
    assert moved.scenario_plan("Spot") == before
    changed = edited(moved, "Spot", PUE, 1.3)
    assert changed.scenario_plan("Spot").get(PUE) == 1.3
    assert edited(changed, "Spot", PUE, None).scenario_plan("Spot") == before
    assert read_bytes(to_bytes(changed)) == changed


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        ("   ", "needs a name"),
        ("spot", "already a scenario spot"),
        ("base", "the plan itself"),
        ("x" * 500, "at most 80 letters; this has 500"),
        ("two\nlines", "without control characters"),
        ("bell\x07", "without control characters"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused_in_a_sentence(name: str, reason: str) -> None:
    """Two tabs of one name, one that cannot be read, or a file that does not open again."""
    document = made("Spot", "Other")
    with pytest.raises(PlanError, match=reason):
        document.renamed("Other", name)
    with pytest.raises(PlanError, match=reason):
        document.with_scenario(name, {})


def test_a_name_may_change_its_capitals_and_is_numbered_where_it_is_taken() -> None:
    document = made("spot")
    assert document.renamed("spot", " Spot ").scenario_names == (BASE, "Spot")
    assert document.free_name("SPOT") == "SPOT 2"
    assert document.free_name("Base") == "Base 2"
    assert document.free_name("\x00\n") == "Scenario"
    long = document.free_name("y" * 500)
    assert document.with_scenario(long, {}).free_name("y" * 500) == f"{'y' * 78} 2"


def test_a_value_that_no_field_holds_makes_no_scenario() -> None:
    """A scenario in the file that the next start refuses."""
    with pytest.raises(PlanError, match=r"^hardware\.devices: "):
        made().with_scenario("Bad", {DEVICES: -1.0})
    with pytest.raises(PlanError, match="there is no scenario Nowhere; there are: Base, Spot"):
        made("Spot").without_scenario("Nowhere")


def test_a_file_cannot_call_a_scenario_as_the_base() -> None:
    """A scenario that no tab can reach."""
    data = to_bytes(made("Spot")).replace(b'"name": "Spot"', b'"name": "Base"')
    with pytest.raises(PlanFileError, match="Base is the plan itself"):
        read_bytes(data)


def test_several_values_are_set_as_one_by_one_and_a_refusal_names_the_field() -> None:
    """A plan that differs by the way its values were set."""
    changes = {TOKENS: Range(low=1e12, high=2e12), DEVICES: None, WAY: "spot", "time.goodput": 0.9}
    one_by_one = BASE_PLAN
    for path, value in changes.items():
        one_by_one = one_by_one.with_value(path, value)
    assert BASE_PLAN.with_values(changes) == one_by_one
    assert differences(BASE_PLAN, one_by_one) == changes
    with pytest.raises(PlanError, match=r"^site\.pue: "):
        BASE_PLAN.with_values({"site.wue": 1e-10, PUE: -3.0})


def test_a_save_keeps_the_rows_of_every_scenario() -> None:
    """A scenario that means another accelerator once the catalogue has changed."""
    document = made().with_scenario("B200", {"hardware.accelerator": "b200-sxm", "site.grid": "SWE"})
    saved = as_saved(document, evaluate(document.plan), datetime(2026, 11, 2, tzinfo=UTC))
    keys = {(row.table, row.key) for row in saved.rows}
    assert {("accelerators", "b200-sxm"), ("grids", "SWE"), ("accelerators", "h100-sxm")} <= keys
    assert len(keys) == len(saved.rows)
