"""The document and its undo stack."""

import pytest

from tcplan.plan.document import Document as Content
from tcplan.plan.plan import PlanError
from tcplan_desktop.document import UNDO_LIMIT, Document, new_gesture

TOKENS, DEVICES = "training.tokens", "hardware.devices"


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(Content.new())


def test_undo_and_redo_give_the_identical_plans(document: Document) -> None:
    """A command that rebuilt the plan by an inverse edit would lose what was typed beside it."""
    plans = [document.plan.fingerprint()]
    for path, value in ((TOKENS, 2e12), (DEVICES, 512.0), ("model.preset", "gpt3"), (TOKENS, None)):
        document.set(path, value)
        plans.append(document.plan.fingerprint())
    for expected in reversed(plans[:-1]):
        document.undo_stack.undo()
        assert document.plan.fingerprint() == expected
    for expected in plans[1:]:
        document.undo_stack.redo()
        assert document.plan.fingerprint() == expected


def test_one_gesture_is_one_step(document: Document) -> None:
    """Three hundred ticks of a drag would bury the edit before it."""
    gesture = new_gesture()
    for tick in range(300):
        document.set(DEVICES, 1000.0 + tick, gesture=gesture)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.plan.hardware.devices is None


def test_another_gesture_or_field_is_another_step(document: Document) -> None:
    """Merging by time or by neighbourhood would swallow an edit that the person meant apart."""
    first = new_gesture()
    document.set(DEVICES, 1.0, gesture=first)
    document.set(DEVICES, 2.0, gesture=new_gesture())
    document.set(TOKENS, 1e12, gesture=first)
    document.set(TOKENS, 2e12)
    document.set(TOKENS, 3e12)
    assert document.undo_stack.count() == 5


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    """An invisible step makes undo look broken."""
    document.set(TOKENS, 15e12, "15T")
    document.set(TOKENS, 15e12, "15e12")
    document.set(DEVICES, None)
    assert document.undo_stack.count() == 1


def test_a_drag_that_ends_where_it_began_leaves_no_step(document: Document) -> None:
    """There would be an undo step that does nothing."""
    document.set(DEVICES, 1024.0)
    gesture = new_gesture()
    for devices in (2048.0, 4096.0, 1024.0):
        document.set(DEVICES, devices, gesture=gesture)
    assert document.undo_stack.count() == 1


def test_an_edit_after_undo_drops_the_redo_branch(document: Document) -> None:
    """Redo would bring back a plan that contradicts the edit."""
    document.set(DEVICES, 1.0)
    document.undo_stack.undo()
    document.set(TOKENS, 1e12)
    assert not document.undo_stack.canRedo()


def test_a_refused_value_leaves_everything_as_it_was(document: Document) -> None:
    """A half-applied value would be in the plan without a way to undo it."""
    before = document.content
    with pytest.raises(PlanError):
        document.set(DEVICES, 0.5)
    assert document.content is before
    assert document.undo_stack.count() == 0


def test_words_of_a_merged_step_span_the_whole_gesture(document: Document) -> None:
    """After a drag the words would tell of its last pixel only."""
    document.value_words = lambda content, path: f"{content.plan.get(path) or 1024:g}"
    gesture = new_gesture()
    for devices in (1100.0, 1500.0, 2048.0):
        document.set(DEVICES, devices, gesture=gesture)
    assert document.undo_stack.undoText() == "devices 1024 → 2048"


def test_saved_is_clean_until_the_next_edit_and_after_undo(document: Document, tmp_path: object) -> None:
    """The modified mark would stay after a save, or not come back."""
    from pathlib import Path

    document.set(DEVICES, 1.0)
    seen = [document.modified]
    document.saved(Path(str(tmp_path)) / "a.tcplan", document.content)
    seen.append(document.modified)
    document.set(DEVICES, 2.0)
    seen.append(document.modified)
    document.undo_stack.undo()
    seen.append(document.modified)
    assert seen == [True, False, True, False]


def test_undo_keeps_what_was_saved(document: Document, tmp_path: object) -> None:
    """Undo beyond a save would forget the headline of that save."""
    from datetime import UTC, datetime
    from pathlib import Path

    document.set(DEVICES, 1.0)
    written = document.content.saved(datetime(2026, 11, 1, tzinfo=UTC), "1", "2026-11", {"money.total": 1.0})
    document.saved(Path(str(tmp_path)) / "a.tcplan", written)
    document.undo_stack.undo()
    assert document.content.saves == written.saves


def test_the_limit_of_the_stack(document: Document) -> None:
    """Without limit a long session would eat the memory."""
    assert document.undo_stack.undoLimit() == UNDO_LIMIT == 2000


def test_opening_another_document_begins_a_new_history(document: Document) -> None:
    """Undo would put the old document's plan under the new one's name."""
    document.set(DEVICES, 1.0)
    document.open(Content.new(), None)
    assert document.undo_stack.count() == 0
    assert document.plan.hardware.devices is None
