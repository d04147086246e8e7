"""Every number has a why, and every why ends at inputs with a layer and a source."""

import pytest

from tcplan.examples import example
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import descriptions
from tcplan_desktop.parts.button import Button
from tcplan_desktop.views.why_input import WhyInputRow
from tcplan_desktop.window import Window


def plans() -> dict[str, Content]:
    owned = Content.new().with_value("purchase.way", "own").with_value("model.preset", "gpt3-175b")
    spot = example("deepseek-v3").with_value("purchase.way", "spot")
    return {"default": Content.new(), "sparse, latent, spot": spot, "own": owned}


def asked_for(window: Window) -> set[str]:
    """Return every path that the headline and the breakdown lead to, by pressing what they show."""
    found = set()
    asked: list[str] = []
    window.workbench.pane.explained.connect(asked.append)
    for path, cell in window.headline.cells.items():
        cell.click()
        assert asked[-1] == path
        found.add(path)
    window.show_tab(1)
    for path, group in window.workbench.centre.breakdown.groups.items():
        group.total.click()
        assert asked[-1] == path
        found.add(path)
        for bar in group.bars.bars:
            group.bars.pressed.emit(bar.key)
            assert asked[-1] == bar.key, bar.label
            found.add(bar.key)
    return found


@pytest.mark.parametrize("kind", plans())
def test_all_whys_end_at_inputs_with_layer_and_source(window: Window, kind: str) -> None:
    """A number whose reason stops short would have to be believed."""
    window.take(plans()[kind])
    pane = window.workbench.pane
    left = sorted(asked_for(window))
    seen: set[str] = set()
    ends: set[str] = set()
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        pane.ask(path)
        assert pane.path == path
        assert pane.value.text(), path
        assert pane.inputs or pane.source.text(), path
        for row in pane.inputs:
            one = row.input
            assert one.label, (path, one.name)
            if one.followable:
                left.append(one.path)
                continue
            ends.add(one.name)
            assert one.layer in ("typed", "catalogue", "computed", "default"), (path, one.name)
            assert one.source or one.layer in ("typed", "computed"), (path, one.name, one.layer)
            assert one.date or one.layer != "catalogue", (path, one.name)
            assert row.badge.accessibleName(), (path, one.name)
    assert {"tokens", "devices", "layers"} <= ends
    assert len(seen) > 60


def test_a_press_follows_and_the_end_is_a_field(window: Window) -> None:
    """Names that look like links would lead nowhere."""
    window.explain("money.total")
    pane = window.workbench.pane
    for _step in range(40):
        followed = next((row for row in pane.inputs if row.input.followable), None)
        if followed is None:
            break
        before = pane.path
        assert isinstance(followed.name, Button)
        followed.name.click()
        assert pane.path == followed.input.path != before
    fields = [row for row in pane.inputs if row.input.path in descriptions()]
    assert all(isinstance(row.name, Button) for row in fields)
    assert not any(row.input.followable for row in pane.inputs)
    while len(pane._trail) > 1:
        pane.back.click()
    assert pane.path == "money.total"
    assert all(isinstance(row, WhyInputRow) for row in pane.inputs)
