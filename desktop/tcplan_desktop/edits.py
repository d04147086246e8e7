"""Edits of more than one value: the size of a model, what its row says, the words of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplan.language import N_, _
from tcplan.plan.shape import STRUCTURE, shape_for

if TYPE_CHECKING:
    from tcplan_desktop.window import Window

_PARTS = {"title": N_("title"), "author": N_("author"), "remark": N_("remark")}


def set_size(window: Window, parameters: float, gesture: int) -> None:
    """Give the model the sizes of a dense one of about this many parameters, as one step."""
    content = window.document.document
    for name, size in shape_for(parameters).items():
        content = content.with_value(f"model.{name}", size)
    for name, part in STRUCTURE.items():
        given = window.estimate.field(f"model.{name}")
        if (given.key or given.value) != part:
            content = content.with_value(f"model.{name}", part)
    window.document.edit(content, _("model size"), "model.layers", gesture)


def use_rows(window: Window, paths: tuple[str, ...]) -> None:
    """Take typed values back in favour of what the catalogue row says, as one step."""
    content = window.document.document
    for path in paths:
        content = content.with_value(path, None)
    window.document.edit(content, _("use the row's values"), paths[0])
    window.inputs.kept.show_kept(())


def set_words(window: Window, part: str, text: str) -> None:
    """Write title, author or remark of the sheet."""
    content = window.document.document.with_words(**{part: text})
    window.document.edit(content, _("{part} of the sheet").format(part=_(_PARTS[part])))
