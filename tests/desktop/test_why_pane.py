"""The why of a number: what it says, where it leads, and what one can take from it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tcplan.why import sensitivities, why
from tcplan_desktop.views.why_input import WhyInputRow
from tcplan_desktop.window import Window


def row_of(window: Window, name: str) -> WhyInputRow:
    return next(row for row in window.workbench.pane.inputs if row.input.name == name)


def test_pressing_a_headline_number_explains_it_and_marks_it(window: Window) -> None:
    """The why would stay with the number before."""
    for path, cell in window.headline.cells.items():
        cell.click()
        assert window.workbench.pane.path == path
        assert [one for one, own in window.headline.cells.items() if own._chosen] == [path]


def test_the_formula_is_the_one_of_the_engine(window: Window) -> None:
    """A formula written again for the window could lie."""
    window.explain("money.compute")
    pane = window.workbench.pane
    reason = why(window.estimate, "money.compute")
    assert pane.names.accessibleName() == f"{reason.label} = {reason.text_formula()}"
    assert [row.input for row in pane.inputs] == list(reason.inputs)
    assert pane.source.text() == reason.source


def test_a_sum_is_unfolded_to_the_term_that_makes_it(window: Window) -> None:
    """The first why of all would say "before contingency + contingency" and nothing of hours and price."""
    window.explain("money.total")
    spoken = window.workbench.pane.names.accessibleName()
    assert spoken.splitlines()[0].startswith("Total cost = Before contingency")
    assert spoken.splitlines()[-1] == "Compute = Device-hours to pay for × Price × Price left"


def test_every_result_can_be_explained_down_to_its_inputs(window: Window) -> None:
    """A number without a why would be a dead end."""
    pane = window.workbench.pane
    for path in window.estimate.graph.paths:
        pane.ask(path)
        assert pane.value.text()
        for row in pane.inputs:
            assert row.input.followable or row.input.path or row.input.source, (path, row.input.name)


def test_following_and_back(window: Window) -> None:
    """One could go into an input and not return."""
    window.explain("money.compute")
    pane = window.workbench.pane
    row_of(window, "paid_device_time").name.click()  # type: ignore[union-attr]
    assert pane.path == "money.paid_device_hours"
    pane.back.click()
    assert pane.path == "money.compute"
    assert not pane.back.isVisible()


def test_an_input_from_the_plan_leads_to_its_field(window: Window) -> None:
    """The price in the formula could be read but not be found."""
    window.explain("money.compute")
    row_of(window, "price").name.click()  # type: ignore[union-attr]
    row = window.inputs.row_of(QApplication.focusWidget())
    assert row is not None
    assert row.path == "purchase.price"


def test_a_typed_input_offers_the_rows_value(window: Window) -> None:
    """What was typed against the catalogue would not say what the catalogue says."""
    window.edit("purchase.price", 2.0 / 3600)
    window.explain("money.compute")
    row = row_of(window, "price")
    assert row.input.layer == "typed"
    assert row.input.alternative == pytest.approx(6.88)
    assert row.about.whole.startswith("Row says 6.88\u00a0$/h")
    row.taken_back.emit("purchase.price")
    assert window.document.plan.purchase.price is None
    assert row_of(window, "price").input.layer == "catalogue"


def test_what_moves_the_result_is_sorted_and_signed(window: Window) -> None:
    """Bars in the order of the code would hide what matters."""
    window.explain("money.total")
    bars = window.workbench.pane.moves.bars
    expected = sensitivities(window.estimate, "money.total")
    assert [bar.label for bar in bars] == [label for _path, label, _moved in expected]
    assert bars[0].text == "+10\u202f%"


def test_a_result_can_be_typed_and_taken_back_from_its_why(window: Window) -> None:
    """A measured MFU could not be told to the program."""
    window.explain("efficiency.mfu")
    pane = window.workbench.pane
    computed = window.estimate["efficiency.mfu"].value
    pane.type_value.click()
    assert pane.editor is not None
    QTest.keyClicks(pane.editor.line, "41 %")
    QTest.keyClick(pane.editor.line, Qt.Key.Key_Return)
    assert window.document.plan.overrides == {"efficiency.mfu": 0.41}
    assert pane.value.text() == "0.410"
    assert "formula" in pane.typed_line.text()
    assert window.inputs.row("efficiency.mfu") is not None
    pane.take_back.click()
    assert not window.document.plan.overrides
    assert window.estimate["efficiency.mfu"].value == computed


def test_each_edit_explains_anew(window: Window) -> None:
    """The why would show numbers of the plan before."""
    window.explain("money.compute")
    before = window.workbench.pane.value.text()
    window.edit("training.tokens", 1e12)
    assert window.workbench.pane.value.text() != before
    assert window.workbench.pane.path == "money.compute"


def test_a_result_that_the_plan_loses_does_not_break_the_why(window: Window) -> None:
    """Owned hardware has results that a rent has not."""
    window.edit("purchase.way", "own")
    window.explain("money.hardware")
    window.edit("purchase.way", "on-demand")
    assert window.workbench.pane.path != "money.hardware"


def test_f4_and_escape_give_the_focus_back(window: Window) -> None:
    """Reading the why would cost the place in the window."""
    cell = window.headline.cells["energy.facility"]
    cell.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(cell, Qt.Key.Key_F4)
    assert window.workbench.pane.path == "energy.facility"
    held = QApplication.focusWidget()
    assert held is not None
    assert window.workbench.pane.isAncestorOf(held)
    QTest.keyClick(held, Qt.Key.Key_Escape)
    assert not window.workbench.pane.isVisible()
    assert QApplication.focusWidget() is cell


def test_copy_as_text_and_as_latex(window: Window) -> None:
    """A number could not be taken into a paper with its reason."""
    window.explain("money.compute")
    pane = window.workbench.pane
    pane.copy.click()
    assert QGuiApplication.clipboard().text() == why(window.estimate, "money.compute").text()
    pane.copy_latex.click()
    assert "aligned" in QGuiApplication.clipboard().text()


def test_used_by_leads_on(window: Window) -> None:
    """Nobody would see what hangs on a number."""
    window.explain("time.device_hours")
    pane = window.workbench.pane
    users = why(window.estimate, "time.device_hours").used_by
    first = pane.user_buttons[0]
    first.click()
    assert pane.path == users[0]
