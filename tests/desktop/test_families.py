"""Fields of other families are hidden, and what was typed or is looked for is not."""

from PySide6.QtWidgets import QWidget

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
