"""How a formula's tree is written: in one line of plain text, or in LaTeX."""

from collections.abc import Callable
from dataclasses import dataclass

from tcplan.expression import Binary, Call, Name, Node, Number, Table, Unary
from tcplan.language import _

# How tightly each operator binds; what binds less than its surroundings is put in brackets.
_STRENGTH = {"or": 1, "and": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3}
_STRENGTH |= {"+": 4, "-": 4, "*": 5, "/": 5, "//": 5, "%": 5, "**": 7}
_SIGN = 6
_ATOM = 9
_ASSOCIATIVE = "+*"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Plain:
    """One line of plain text.

    `name` and `number` write a name and a number. With `chosen` only the entry that a table gives and the
    branch that a condition takes are written, as suits a formula with its numbers put in.
    """

    name: Callable[[Name], str]
    number: Callable[[float], str]
    chosen: bool = False

    def write(self, tree: Node) -> str:
        """Return the text of a tree."""
        return self._text(tree)[0]

    def _text(self, tree: Node) -> tuple[str, int]:
        if isinstance(tree, Name):
            return _with_strength(self.name(tree))
        if isinstance(tree, Number):
            return _with_strength(self.number(tree.si))
        if isinstance(tree, Table):
            return f"({'; '.join(self.number(one) for one in tree.si)})", _ATOM
        if isinstance(tree, Unary):
            sign = {"-": "−", "not": f"{_('not')} "}.get(tree.operator, tree.operator)
            return f"{sign}{self._inside(tree.operand, _SIGN)}", _SIGN
        if isinstance(tree, Binary):
            return self._binary(tree)
        return self._call(tree)

    def _inside(self, tree: Node, strength: int) -> str:
        text, own = self._text(tree)
        return text if own >= strength else f"({text})"

    def _binary(self, tree: Binary) -> tuple[str, int]:
        strength = _STRENGTH[tree.operator]
        if tree.operator == "**":
            return f"{self._inside(tree.left, _ATOM)}^{self._inside(tree.right, _ATOM)}", strength
        signs = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "%": "mod", "//": "div"}
        signs |= {"and": _("and"), "or": _("or")}
        right = strength if tree.operator in _ASSOCIATIVE else strength + 1
        sign = signs.get(tree.operator, tree.operator)
        return f"{self._inside(tree.left, strength)} {sign} {self._inside(tree.right, right)}", strength

    def _call(self, tree: Call) -> tuple[str, int]:
        if tree.function == "gather":
            if self.chosen:
                return _with_strength(self.number(tree.si))
            table, index = map(self.write, tree.arguments)
            return _("{table} by {index}").format(table=table, index=index), _ATOM
        if tree.function == "where":
            condition, yes, no = tree.arguments
            if self.chosen:
                return self._text(yes if condition.si else no)
            words = _("{yes} if {condition}, else {no}")
            parts = {"yes": self.write(yes), "condition": self.write(condition), "no": self.write(no)}
            return f"({words.format(**parts)})", _ATOM
        if tree.function == "sqrt":
            return f"√{self._inside(tree.arguments[0], _ATOM)}", _SIGN
        word = {"maximum": "max", "minimum": "min"}.get(tree.function, tree.function.replace("_", " "))
        return f"{word}({', '.join(self.write(one) for one in tree.arguments)})", _ATOM


@dataclass(frozen=True)
class Latex:
    """LaTeX for mathematics mode; `name` and `number` write a name and a number."""

    name: Callable[[Name], str]
    number: Callable[[float], str]

    def write(self, tree: Node) -> str:
        """Return the LaTeX of a tree."""
        return self._text(tree)[0]

    def _text(self, tree: Node) -> tuple[str, int]:
        if isinstance(tree, Name):
            return self.name(tree), _ATOM
        if isinstance(tree, Number):
            return self.number(tree.si), _ATOM
        if isinstance(tree, Table):
            numbers = ", ".join(self.number(one) for one in tree.si)
            return rf"\left({numbers}\right)", _ATOM
        if isinstance(tree, Unary):
            sign = r"\lnot " if tree.operator == "not" else tree.operator
            return f"{sign}{self._inside(tree.operand, _SIGN)}", _SIGN
        if isinstance(tree, Binary):
            return self._binary(tree)
        return self._call(tree)

    def _inside(self, tree: Node, strength: int) -> str:
        text, own = self._text(tree)
        return text if own >= strength else rf"\left({text}\right)"

    def _binary(self, tree: Binary) -> tuple[str, int]:
        strength = _STRENGTH[tree.operator]
        if tree.operator in ("/", "//"):
            fraction = rf"\frac{{{self.write(tree.left)}}}{{{self.write(tree.right)}}}"
            whole = rf"\left\lfloor {fraction} \right\rfloor"
            return (fraction, strength + 1) if tree.operator == "/" else (whole, _ATOM)
        if tree.operator == "**":
            return f"{self._inside(tree.left, _ATOM)}^{{{self.write(tree.right)}}}", strength
        signs = {"*": r"\times", "<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "%": r"\bmod"}
        signs |= {"and": r"\land", "or": r"\lor"}
        sign = signs.get(tree.operator, tree.operator)
        right = strength if tree.operator in _ASSOCIATIVE else strength + 1
        return f"{self._inside(tree.left, strength)} {sign} {self._inside(tree.right, right)}", strength

    def _call(self, tree: Call) -> tuple[str, int]:
        arguments = [self.write(one) for one in tree.arguments]
        if tree.function == "gather":
            return f"{arguments[0]}_{{{arguments[1]}}}", _ATOM
        if tree.function == "where":
            condition, yes, no = arguments
            word = _("otherwise")
            rows = rf"{yes} & {condition} \\ {no} & \text{{{word}}}"
            return rf"\begin{{cases}} {rows} \end{{cases}}", _ATOM
        if tree.function == "sqrt":
            return rf"\sqrt{{{arguments[0]}}}", _ATOM
        if tree.function in ("ceil", "floor"):
            return rf"\left\l{tree.function} {arguments[0]} \right\r{tree.function}", _ATOM
        known = {"maximum": r"\max", "minimum": r"\min", "exp": r"\exp", "log2": r"\log_2"}
        word = rf"\operatorname{{{tree.function.replace('_', ' ')}}}"
        return rf"{known.get(tree.function, word)}\left({', '.join(arguments)}\right)", _ATOM


def _with_strength(text: str) -> tuple[str, int]:
    """Return a name or number with how tightly it binds: a power of ten is a product, a unit a factor."""
    if "×" in text:
        return text, _STRENGTH["*"]
    return text, _SIGN if " " in text or "\u00a0" in text else _ATOM


def plain_number(value: float, digits: int = 4) -> str:
    """Return a number with some significant digits as plain text: 12 345, 0.0123, 6.4 × 10²⁴."""
    mantissa, power = _digits(value, digits)
    if power is None:
        return mantissa
    raised = f"10{str(power).translate(_RAISED)}"
    return raised if mantissa == "1" else f"{mantissa} × {raised}"


def latex_number(value: float, digits: int = 4) -> str:
    """Return a number with some significant digits in LaTeX."""
    mantissa, power = _digits(value, digits)
    text = mantissa.replace("\u202f", r"\,").replace("−", "-")
    if power is None:
        return text
    return f"10^{{{power}}}" if text == "1" else rf"{text} \times 10^{{{power}}}"


def _digits(value: float, digits: int) -> tuple[str, int | None]:
    if value != value or abs(value) == float("inf"):
        return ("?" if value != value else "∞"), None
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        exact = float(f"{value:.{digits}g}") if abs(value) < 10**digits else round(value)
        return f"{exact:,.10g}".replace(",", "\u202f").replace("-", "−"), None
    mantissa, _e, power = f"{value:.{digits - 1}e}".partition("e")
    return mantissa.rstrip("0").rstrip(".").replace("-", "−"), int(power)
