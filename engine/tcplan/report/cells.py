"""A formula's tree as the formula of a worksheet cell."""

from collections.abc import Callable
from math import isfinite

from tcplan.expression import Binary, Call, Name, Node, Number, Table, Unary, number_of

_SIGNS = {"+": "+", "-": "-", "*": "*", "/": "/", "**": "^", "==": "=", "!=": "<>"}
_SIGNS |= {sign: sign for sign in ("<", "<=", ">", ">=")}
_CALLS: dict[str, Callable[..., str]] = {
    "maximum": lambda a, b: f"MAX({a},{b})",
    "minimum": lambda a, b: f"MIN({a},{b})",
    "clip": lambda a, low, high: f"MIN(MAX({a},{low}),{high})",
    "where": lambda condition, a, b: f"IF({condition},{a},{b})",
    "sqrt": lambda a: f"SQRT({a})",
    "log2": lambda a: f"LOG({a},2)",
    "exp": lambda a: f"EXP({a})",
    "ceil": lambda a: f"(-INT(-({a})))",
    "floor": lambda a: f"INT({a})",
    "smooth_maximum": lambda a, b: f"((({a})^6+({b})^6)^(1/6))",
}
LONGEST = 8192
"""Letters of the longest formula that a spreadsheet takes."""


class NoCellError(Exception):
    """A tree has a part that a worksheet has no function for, or passes through what is no number."""


def cell_formula(tree: Node, place: Callable[[Name], str]) -> str:
    """Return a tree as a formula; `place` gives the name of the cell that holds a value.

    Raises
    ------
    NoCellError
        When a worksheet could not come to the same value.
    """
    text = f"={_text(tree, place)}"
    if len(text) > LONGEST:
        raise NoCellError
    return text


def _text(tree: Node, place: Callable[[Name], str]) -> str:
    if isinstance(tree, Table) or not isfinite(tree.si):
        raise NoCellError
    if isinstance(tree, Name):
        return place(tree)
    if isinstance(tree, Number):
        return number_text(tree.si)
    if isinstance(tree, Unary):
        inside = _text(tree.operand, place)
        return f"NOT({inside})" if tree.operator == "not" else f"({tree.operator}{inside})"
    if isinstance(tree, Binary):
        return _binary(tree, place)
    return _call(tree, place)


def number_text(value: float) -> str:
    """Return a number as it stands in a formula."""
    text = repr(float(value)).upper().removesuffix(".0")
    return f"({text})" if value < 0 else text


def _binary(tree: Binary, place: Callable[[Name], str]) -> str:
    left, right = _text(tree.left, place), _text(tree.right, place)
    if tree.operator in ("and", "or"):
        return f"{tree.operator.upper()}({left},{right})"
    if tree.operator == "%":
        return f"MOD({left},{right})"
    if tree.operator == "//":
        return f"INT({left}/{right})"
    return f"({left}{_SIGNS[tree.operator]}{right})"


def _call(tree: Call, place: Callable[[Name], str]) -> str:
    if tree.function == "gather":
        table, index = tree.arguments
        if not isinstance(table, Table):
            raise NoCellError
        entries = ",".join(number_text(one) for one in table.si)
        return f"CHOOSE({_text(index, place)}+1,{entries})"
    if tree.function == "where":
        condition, yes, no = tree.arguments
        branches = (_branch(one, place) for one in (yes, no))
        return _CALLS["where"](_text(condition, place), *branches)
    if tree.function not in _CALLS:
        raise NoCellError
    return _CALLS[tree.function](*(_text(one, place) for one in tree.arguments))


def _branch(tree: Node, place: Callable[[Name], str]) -> str:
    """Return one side of a threshold; what is no number on the side that is not taken is not available."""
    return _text(tree, place) if isfinite(number_of(tree)) else "NA()"
