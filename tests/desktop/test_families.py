"""Fields of other families are hidden, and what was typed or is looked for is not."""

import pytest
from PySide6.QtWidgets import QWidget

from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.text import Label
from tcplan_desktop.window import Window


def row_of(window: Window, path: str) -> QWidget:
    """Return the row of a field whose panel was opened."""
    row = next((panel.row(path) for panel in window.inputs.panels.values() if panel.row(path)), None)
    assert row is not None
    return row


def test_a_family_shows_its_own_sizes_alone(window: Window) -> None:
    """A form with the heads of a network of convolutions would ask for what does not exist."""
    window.inputs.reveal("model.family")
    assert row_of(window, "model.first_blocks").isHidden()
    assert not row_of(window, "model.heads").isHidden()
    window.document.set("model.preset", "resnet-50")
    assert not row_of(window, "model.first_blocks").isHidden()
    assert row_of(window, "model.heads").isHidden()
    assert row_of(window, "model.image_size").isVisible()


def test_what_was_typed_is_never_hidden(window: Window) -> None:
    """A hidden figure that counts could not be taken back."""
    window.inputs.reveal("model.family")
    window.document.set("model.heads", 32.0)
    window.document.set("model.preset", "resnet-50")
    assert not row_of(window, "model.heads").isHidden()
    window.document.set("model.heads", None)
    assert row_of(window, "model.heads").isHidden()


def test_what_is_looked_for_is_shown(window: Window) -> None:
    """The palette would jump to a field that is not there."""
    window.document.set("model.preset", "resnet-50")
    row = window.inputs.reveal("model.kv_heads")
    assert row is not None
    assert row.isVisible()


def test_data_shows_what_turns_it_into_tokens(window: Window) -> None:
    """All conversions at once would hide the one that counts; without any nobody could change it."""
    window.inputs.reveal("training.passes_over_data")
    assert row_of(window, "training.tokens_per_word").isHidden()
    window.document.set("training.data_unit", "books")
    assert not row_of(window, "training.tokens_per_word").isHidden()
    assert not row_of(window, "training.words_per_book").isHidden()
    assert row_of(window, "training.bytes_per_token").isHidden()
    window.document.set("training.data_amount", 1e6)
    assert window.estimate.field("training.tokens").layer == "computed"


def test_a_title_stands_above_fields_alone(window: Window) -> None:
    """A title without a field would be a question without an answer."""
    window.inputs.reveal("model.family")
    titles = {label.text(): label for label in window.inputs.panels["model"].findChildren(Label)}
    assert titles["Fine-tuning"].isHidden()
    assert titles["Images and convolutions"].isHidden()
    window.document.set("training.task", "lora")
    assert titles["Fine-tuning"].isVisible()
    window.document.set("model.preset", "resnet-50")
    assert titles["Images and convolutions"].isVisible()


def test_choices_that_have_no_room_side_by_side_are_a_list(window: Window) -> None:
    """Three choices of which one can read two letters each would be a guess."""
    window.inputs.reveal("failures.practice")
    practice, compiled = row_of(window, "failures.practice"), row_of(window, "layout.compiled")
    assert isinstance(practice, FieldRow)
    assert isinstance(compiled, FieldRow)
    assert isinstance(practice.editor, Choice)
    assert isinstance(compiled.editor, Segments)


def test_options_of_what_the_plan_does_not_do_are_hidden(window: Window) -> None:
    """Nine modules that nothing recomputes would stand where three fields decide."""
    window.inputs.reveal("layout.recompute")
    window.document.set("layout.recompute", "none")
    window.document.set("layout.pipeline", 1.0)
    for path in ("layout.recompute_core", "layout.recompute_share", "layout.schedule", "failures.spares"):
        assert row_of(window, path).isHidden(), path
    window.document.set("layout.recompute", "selective")
    assert row_of(window, "layout.recompute_core").isVisible()
    window.document.set("layout.recompute", "full")
    assert row_of(window, "layout.recompute_share").isVisible()
    assert row_of(window, "layout.recompute_core").isHidden()
    window.document.set("layout.pipeline", 4.0)
    assert row_of(window, "layout.schedule").isVisible()
    window.document.set("failures.repair_time", 3600.0)
    assert row_of(window, "failures.spares").isVisible()


def test_an_idle_field_says_which_field_makes_it_count(window: Window) -> None:
    """A typed figure that does nothing would be believed to count."""
    window.document.set("layout.recompute", "none")
    row = window.inputs.reveal("layout.recompute_norms")
    assert row is not None
    assert row.line.isVisible()
    assert "Recompute: selective" in row.line.sentence.text()
    window.document.set("layout.recompute_norms", "yes")
    assert row.line.isVisible()
    window.document.set("layout.recompute", "selective")
    assert not row.line.isVisible()


@pytest.mark.parametrize(("typed", "unit"), [(4e6, True), (1234567890.0, False)])
def test_a_long_value_is_read_whole_and_its_unit_gives_way(window: Window, typed: float, unit: bool) -> None:
    """Digits that are cut off make another number."""
    row = window.inputs.reveal("training.batch_tokens")
    window.document.set("training.batch_tokens", typed)
    assert row is not None
    assert isinstance(row.editor, QuantityEdit)
    assert not row.editor.line.shortened
    assert row.editor.unit.isVisible() is unit


def test_a_field_that_waits_for_an_amount_is_not_called_idle(window: Window) -> None:
    """Data in books or hours is typed where tokens are given: that is what the field is for."""
    window.document.set("training.tokens", 3e11)
    row = row_of(window, "training.data_amount")
    assert isinstance(row, FieldRow)
    assert row.line.isHidden()
