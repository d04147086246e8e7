"""Formulas as on paper: stacked fractions, brackets where they are needed, lines that fit."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tcplan.estimate import Estimate, evaluate
from tcplan.expression import Binary, Call, Name, Node, Number, Unary
from tcplan.notation import plain_number
from tcplan.plan.plan import Plan
from tcplan.why import measure, why
from tcplan_desktop.parts.fraction import FormulaView, Setter, Writing
from tcplan_desktop.theme import theme, themes

WORDS = Writing(lambda name: name.label, lambda value: plain_number(float(value)))
FIGURES = Writing(
    lambda name: measure(name.value, name.unit),
    lambda value: plain_number(float(value)),
    chosen=True,
    strong=False,
)
RESULTS = (
    "money.total",
    "money.compute",
    "time.run",
    "time.step",
    "time.goodput",
    "time.layer",
    "energy.facility",
    "carbon.location",
    "water.total",
    "compute.model_flop",
    "memory.peak",
    "memory.weights",
    "loss.predicted",
)


def name(text: str, value: float = 1.0) -> Name:
    return Name(text, text, text, value, "1", value)


def binary(operator: str, left: Node, right: Node) -> Binary:
    return Binary(operator, left, right, 1.0)


A, B, C = name("a"), name("b"), name("c")


@pytest.fixture(scope="module")
def estimate() -> Estimate:
    return evaluate(Plan())


def drawn(qtbot: QtBot, tree: Node, writing: Writing = WORDS, width: int = 600) -> QImage:
    view = FormulaView()
    qtbot.addWidget(view)
    view.show_equations((("x", tree),), writing, "x = ...")
    view.resize(width, 80)
    return view.grab().toImage()


@pytest.mark.parametrize("path", RESULTS)
@pytest.mark.parametrize("width", [200.0, 288.0, 340.0])
@pytest.mark.parametrize("writing", [WORDS, FIGURES], ids=["words", "figures"])
def test_no_formula_runs_out_of_the_pane(
    qtbot: QtBot, estimate: Estimate, path: str, width: float, writing: Writing
) -> None:
    """Fails when a long formula is cut off at the edge of the why-pane."""
    reason = why(estimate, path)
    setter = Setter(writing, 13, theme().text, theme().text3)
    equations = [
        (reason.label, reason.expression),
        *((part.label, tree) for part, tree in reason.formula.parts),
    ]
    for lead, tree in equations:
        assert all(line.width <= width for line in setter.lines(lead, tree, width))


def test_a_quotient_is_stacked_where_it_fits(qtbot: QtBot) -> None:
    """Fails when fractions are written in one line, or one too wide is not broken into lines."""
    long_name = name("a rather long name of a quantity")
    view = FormulaView()
    qtbot.addWidget(view)
    view.show_equations((("x", binary("*", A, B)),), WORDS, "")
    flat = view.heightForWidth(600)
    view.show_equations((("x", binary("/", A, B)),), WORDS, "")
    stacked = view.heightForWidth(600)
    assert stacked > 1.6 * flat
    view.show_equations((("x", binary("/", long_name, binary("+", long_name, long_name))),), WORDS, "")
    assert view.heightForWidth(200) > 3 * flat


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (binary("*", A, binary("+", B, C)), binary("+", binary("*", A, B), C)),
        (binary("-", A, binary("-", B, C)), binary("-", binary("-", A, B), C)),
        (binary("**", binary("*", A, B), Number(2.0)), binary("*", A, binary("**", B, Number(2.0)))),
        (Unary("-", binary("+", A, B), 1.0), binary("+", Unary("-", A, 1.0), B)),
        (Call("sqrt", (binary("*", A, B),), 1.0), binary("*", Call("sqrt", (A,), 1.0), B)),
    ],
    ids=["product of sum", "difference", "power", "sign", "root"],
)
def test_what_differs_looks_different(qtbot: QtBot, one: Node, other: Node) -> None:
    """Fails when brackets are lost and a formula says something else."""
    assert drawn(qtbot, one) != drawn(qtbot, other)


def test_a_sum_of_sums_needs_no_brackets(qtbot: QtBot) -> None:
    """Fails when formulas drown in brackets."""
    assert drawn(qtbot, binary("+", binary("+", A, B), C)) == drawn(qtbot, binary("+", A, binary("+", B, C)))


def test_with_numbers_only_the_branch_that_counts_is_drawn(qtbot: QtBot) -> None:
    """Fails when the numbers show a branch that was not taken."""
    condition = Binary(">", name("n", 3.0), Number(1.0), True)
    either = Call("where", (condition, name("b", 7.0), name("c", 9.0)), 7.0)
    assert drawn(qtbot, either, FIGURES) == drawn(qtbot, name("b", 7.0), FIGURES)
    assert drawn(qtbot, either, WORDS) != drawn(qtbot, B, WORDS)


def test_formulas_are_spoken_and_follow_the_text_size(qtbot: QtBot) -> None:
    """Fails when a screen reader finds an empty picture, or a large text is cut below."""
    view = FormulaView()
    qtbot.addWidget(view)
    view.show_equations((("money", binary("*", A, B)),), WORDS, "money = a × b")
    assert view.accessibleName() == "money = a × b"
    before = view.heightForWidth(300)
    themes.set_text_size(1.5)
    assert view.heightForWidth(300) > before
