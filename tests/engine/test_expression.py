import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcplan.chain.elementwise import gather, maximum, sqrt, where
from tcplan.chain.quantity import Numeric
from tcplan.expression import FormulaError, Name, formula, nodes
from tcplan.formulas import body
from tcplan.notation import Latex, Plain, latex_number, plain_number

TABLE = (1.0, 2.5)


def _names(**values: float) -> dict[str, Name]:
    return {name: Name(name, name, name, value, "1", value) for name, value in values.items()}


def _plain(chosen: bool = False) -> Plain:
    return Plain(lambda name: name.label, lambda number: f"{number:g}", chosen)


def _latex() -> Latex:
    return Latex(lambda name: name.symbol, lambda number: f"{number:g}")


def brackets(a: float, b: float, c: float) -> float:
    return a - (b - c) * (a + b) / (c * b) ** 2


def chosen(a: float, kind: float) -> Numeric:
    return where(a > 3.0, maximum(a, 1.0), sqrt(a)) * gather(TABLE, kind)


def short_parts(a: float, b: float) -> float:
    both = a + b
    return both * both


def long_parts(a: float, b: float) -> float:
    mean = (a + b) / (a * b)
    return mean / (1.0 + mean)


def nested(a: float, b: float) -> float:
    def square(side: float) -> float:
        return side * side

    return square(a) + square(a + b)


def looping(a: float) -> float:
    for _turn in range(3):
        a = a * 2.0
    return a


def test_brackets_stand_where_they_are_needed_and_nowhere_else() -> None:
    # Catches: text that a person reads as another formula.
    tree = formula(body(brackets), brackets, _names(a=1.0, b=2.0, c=3.0)).tree
    assert _plain().write(tree) == "a − (b − c) × (a + b) / (c × b)^2"
    assert _latex().write(tree) == (
        r"a - \frac{\left(b - c\right) \times \left(a + b\right)}{\left(c \times b\right)^{2}}"
    )


def test_conditions_and_tables_show_what_was_taken() -> None:
    # Catches: numbers put into the branch that does not count.
    one = formula(body(chosen), chosen, _names(a=4.0, kind=1.0)).tree
    assert one.si == pytest.approx(10.0)
    assert _plain().write(one) == "(max(a, 1) if a > 3, else √a) × (1; 2.5) by kind"
    assert _plain(chosen=True).write(one) == "max(a, 1) × 2.5"
    two = formula(body(chosen), chosen, _names(a=1.0, kind=0.0)).tree
    assert _plain(chosen=True).write(two) == "√a × 1"
    assert r"\begin{cases}" in _latex().write(one)


def test_named_parts_are_put_in_when_short_and_kept_when_long() -> None:
    # Catches: formulas that double in length with each name.
    short = formula(body(short_parts), short_parts, _names(a=1.0, b=2.0))
    assert _plain().write(short.tree) == "(a + b) × (a + b)"
    assert short.parts == ()
    long = formula(body(long_parts), long_parts, _names(a=1.0, b=2.0))
    assert _plain().write(long.tree) == "mean / (1 + mean)"
    assert [(part.name, _plain().write(tree)) for part, tree in long.parts] == [("mean", "(a + b) / (a × b)")]
    assert long.tree.si == pytest.approx(1.5 / 2.5)


def test_a_function_inside_is_put_in_with_its_arguments() -> None:
    # Catches: the first call's arguments in the second.
    one = formula(body(nested), nested, _names(a=1.0, b=2.0))
    assert _plain().write(one.tree) == "a × a + (a + b) × (a + b)"
    assert one.tree.si == nested(1.0, 2.0)


def test_a_function_that_is_no_formula_is_refused() -> None:
    # Catches: showing the last line of a loop as if it were the whole.
    with pytest.raises(FormulaError, match="looping"):
        formula(body(looping), looping, _names(a=1.0))


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12), st.floats(1e-6, 1e12))
def test_every_branch_has_the_value_that_the_function_gives(a: float, b: float, c: float) -> None:
    # Catches: an operator that is read as another one.
    tree = formula(body(brackets), brackets, _names(a=a, b=b, c=c)).tree
    assert tree.si == brackets(a, b, c)
    assert sum(isinstance(node, Name) for node in nodes(tree)) == 7


@pytest.mark.parametrize(
    ("value", "plain", "latex"),
    [
        (0.0, "0", "0"),
        (14.0, "14", "14"),
        (1.12345, "1.123", "1.123"),
        (2788000.0, "2\u202f788\u202f000", r"2\,788\,000"),
        (6.354e24, "6.354 × 10²⁴", r"6.354 \times 10^{24}"),
        (-2.5e-7, "−2.5 × 10⁻⁷", r"-2.5 \times 10^{-7}"),
        (1e25, "10²⁵", "10^{25}"),
        (float("nan"), "?", "?"),
    ],
)
def test_numbers_in_formulas(value: float, plain: str, latex: str) -> None:
    # Catches: machine notation in front of people.
    assert plain_number(value) == plain
    assert latex_number(value) == latex
