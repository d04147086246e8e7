"""Fields of other families are hidden, and what was typed or is looked for is not."""

from PySide6.QtWidgets import QWidget

from tcplan_desktop.forms.field_row import FieldRow
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
