"""A formula drawn as on paper: stacked fractions, raised powers, broken into lines where it is too wide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan.expression import Binary, Call, Name, Node, Number, Table, Unary
from tcplan.language import _
from tcplan_desktop.parts.painting import smooth
from tcplan_desktop.theme import font, px, theme, themes

_STRENGTH = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5, "//": 5, "%": 5, "**": 7}
_COMPARISON, _SIGN, _ATOM = 3, 6, 9
_SIGNS = {"*": "×", "-": "−", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "%": "mod", "//": "÷", "/": "/"}
_WORDS = {"maximum": "max", "minimum": "min"}
_RAISE, _SHRINK = 0.42, 0.78


@dataclass(frozen=True, slots=True)
class Writing:
    """How a tree is written; with `chosen` only the branch and the table entry that count are drawn."""

    name: Callable[[Name], str]
    number: Callable[[float], str]
    chosen: bool = False
    strong: bool = True


@dataclass(frozen=True, slots=True)
class _Box:
    """A piece that is drawn as one: its width, its reach above and below the baseline, and its strokes."""

    width: float
    above: float
    below: float
    draw: Callable[[QPainter, float, float], None]


class Setter:
    """Sets trees as boxes with one size of type and these colours."""

    def __init__(self, writing: Writing, size: float, ink: QColor, sign_ink: QColor) -> None:
        self._writing = writing
        self._size = size
        self._ink, self._sign_ink = ink, sign_ink
        self._face = _sized(size, 600 if writing.strong else 400)
        self._plain = _sized(size, 400)
        self._known: dict[int, tuple[_Box, int, Node]] = {}

    def box(self, tree: Node) -> _Box:
        """Return a tree as one box."""
        return self._box(tree)[0]

    def _box(self, tree: Node) -> tuple[_Box, int]:
        # A tree is measured for each width that a layout tries, and each of its branches within it.
        known = self._known.get(id(tree))
        if known is None:
            self._known[id(tree)] = known = (*self._made(tree), tree)
        return known[:2]

    def _made(self, tree: Node) -> tuple[_Box, int]:
        if isinstance(tree, Name | Number | Table):
            return self._words(self._leaf(tree)), _ATOM
        if isinstance(tree, Unary):
            sign = f"{_('not')} " if tree.operator == "not" else _SIGNS.get(tree.operator, tree.operator)
            return _across([self._sign(sign), self._inside(tree.operand, _SIGN)]), _SIGN
        if isinstance(tree, Binary):
            return self._binary(tree)
        return self._call(tree)

    def _words(self, text: str) -> _Box:
        return _text(text, self._face, self._ink)

    def _sign(self, text: str) -> _Box:
        return _text(text, self._plain, self._sign_ink)

    def _infix(self, operator: str) -> _Box:
        word = {"and": _("and"), "or": _("or")}.get(operator, _SIGNS.get(operator, operator))
        return self._sign(f" {word} ")

    def _inside(self, tree: Node, strength: int) -> _Box:
        box, own = self._box(tree)
        if own >= strength:
            return box
        return _across([self._sign("("), box, self._sign(")")])

    def _binary(self, tree: Binary) -> tuple[_Box, int]:
        if tree.operator == "/":
            return self._fraction(tree), _STRENGTH["*"]
        if tree.operator == "**":
            return _across([self._inside(tree.left, _ATOM), self._power(tree)]), _STRENGTH["**"]
        left, right = _needs(tree.operator)
        parts = [self._inside(tree.left, left), self._infix(tree.operator), self._inside(tree.right, right)]
        return _across(parts), left

    def _power(self, tree: Binary) -> _Box:
        small = Setter(self._writing, self._size * _SHRINK, self._ink, self._sign_ink)
        return _shifted(small.box(tree.right), self._size * _RAISE)

    def _fraction(self, tree: Binary) -> _Box:
        top, bottom = self.box(tree.left), self.box(tree.right)
        pad, gap = self._size * 0.2, self._size * 0.16
        axis = self._size * 0.36
        width = max(top.width, bottom.width) + 2 * pad
        ink = self._ink

        def draw(painter: QPainter, x: float, baseline: float) -> None:
            rule = baseline - axis
            top.draw(painter, x + (width - top.width) / 2, rule - gap - top.below)
            painter.fillRect(QRectF(x, round(rule), width, 1), ink)
            bottom.draw(painter, x + (width - bottom.width) / 2, rule + 1 + gap + bottom.above)

        above = axis + gap + top.above + top.below
        below = 1 + gap + bottom.above + bottom.below - axis
        margin = self._size * 0.08
        return _Box(width + 2 * margin, above, below, lambda p, x, y: draw(p, x + margin, y))

    def _call(self, tree: Call) -> tuple[_Box, int]:
        if tree.function == "gather":
            if self._writing.chosen:
                return self._words(self._writing.number(tree.si)), _ATOM
            table, index = tree.arguments
            return _across(
                [self._inside(table, _ATOM), self._sign("["), self.box(index), self._sign("]")]
            ), _ATOM
        if tree.function == "where":
            condition, yes, no = tree.arguments
            if self._writing.chosen:
                return self._box(yes if condition.si else no)
            words = [
                self.box(yes),
                self._sign(_(" if ")),
                self.box(condition),
                self._sign(_(", else ")),
                self.box(no),
            ]
            return _across([self._sign("("), *words, self._sign(")")]), _ATOM
        if tree.function == "sqrt":
            return _across([self._sign("√"), self._inside(tree.arguments[0], _ATOM)]), _SIGN
        parts = [self._sign(f"{_function(tree)}(")]
        for number, argument in enumerate(tree.arguments):
            parts += [self._sign(", ")] * bool(number) + [self.box(argument)]
        return _across([*parts, self._sign(")")]), _ATOM

    def pieces(self, tree: Node, room: float) -> list[_Box]:
        """Return a tree as boxes between which a line may end, so narrow that brackets and signs fit too."""
        box = self.box(tree)
        if box.width <= room:
            return [box]
        if isinstance(tree, Name | Number | Table):
            return self._broken(self._leaf(tree))
        if isinstance(tree, Unary):
            sign = _SIGNS.get(tree.operator, tree.operator)
            return self._joined([(sign, self._loose(tree.operand, _SIGN, room), "")])
        if isinstance(tree, Call):
            return self._loose_call(tree, room)
        if tree.operator == "**":
            base = self._loose(tree.left, _ATOM, room)
            return [*base[:-1], _across([base[-1], self._power(tree)])]
        left, right = _needs(tree.operator)
        after = self._loose(tree.right, right, room)
        after[0] = _across([self._infix(tree.operator), after[0]])
        return [*self._loose(tree.left, left, room), *after]

    def _leaf(self, tree: Name | Number | Table) -> str:
        if isinstance(tree, Name):
            return self._writing.name(tree)
        if isinstance(tree, Number):
            return self._writing.number(tree.si)
        return f"({'; '.join(self._writing.number(one) for one in tree.si)})"

    def _broken(self, text: str) -> list[_Box]:
        words = text.split(" ")
        return [self._words(f"{word} ") for word in words[:-1]] + [self._words(words[-1])]

    def _loose(self, tree: Node, strength: int, room: float) -> list[_Box]:
        pieces = self.pieces(tree, room)
        own = _ATOM
        if isinstance(tree, Binary) and (len(pieces) > 1 or tree.operator != "/"):
            own = _STRENGTH.get(tree.operator, _COMPARISON)
        elif isinstance(tree, Unary):
            own = _SIGN
        return self._joined([("(", pieces, ")")]) if own < strength else pieces

    def _joined(self, parts: Sequence[tuple[str, list[_Box], str]]) -> list[_Box]:
        """Return the pieces in a row, with a sign before the first and after the last of each part."""
        row: list[_Box] = []
        for before, pieces, after in parts:
            pieces[0] = _across([self._sign(before), pieces[0]])
            pieces[-1] = _across([pieces[-1], self._sign(after)])
            row += pieces
        return row

    def _loose_call(self, tree: Call, room: float) -> list[_Box]:
        if self._writing.chosen and tree.function == "gather":
            return self._broken(self._writing.number(tree.si))
        if self._writing.chosen and tree.function == "where":
            condition, yes, no = tree.arguments
            return self.pieces(yes if condition.si else no, room)
        parts = [self.pieces(argument, room) for argument in tree.arguments]
        if tree.function == "gather":
            return self._joined([("", parts[0], ""), ("[", parts[1], "]")])
        if tree.function == "where":
            branches = [("(", parts[1], ""), (_(" if "), parts[0], ""), (_(", else "), parts[2], ")")]
            return self._joined(branches)
        last = len(parts) - 1
        opening = "√(" if tree.function == "sqrt" else f"{_function(tree)}("
        row = [("", one, ")" if n == last else ", ") for n, one in enumerate(parts)]
        return [self._sign(opening), *self._joined(row)]

    def lines(self, lead: str, tree: Node, room: float) -> list[_Box]:
        """Return "lead = tree" as lines that fit the room; later lines are set in."""
        indent = self._size * 1.2
        # What is left out here is for the brackets that a piece may gain at either end.
        pieces = self.pieces(tree, room - indent - 3 * self._size)
        if lead:
            start = self._broken(lead)
            start[-1] = _across([start[-1], self._sign(" = ")])
            pieces = [*start, *pieces]
        lines: list[_Box] = []
        row: list[_Box] = []
        used = 0.0
        for piece in pieces:
            if row and used + piece.width > room:
                lines.append(_across(row))
                row, used = [_space(indent)], indent
            row.append(piece)
            used += piece.width
        return [*lines, _across(row)]


def _needs(operator: str) -> tuple[int, int]:
    strength = _STRENGTH.get(operator, _COMPARISON)
    return strength, strength if operator in "+*" else strength + 1


def _function(tree: Call) -> str:
    return _WORDS.get(tree.function, tree.function.replace("_", " "))


def _sized(size: float, weight: int) -> QFont:
    face = QFont(font(13, weight))
    face.setPixelSize(max(round(size), 1))
    return face


def _text(text: str, face: QFont, ink: QColor) -> _Box:
    metrics = QFontMetricsF(face)

    def draw(painter: QPainter, x: float, baseline: float) -> None:
        painter.setFont(face)
        painter.setPen(ink)
        painter.drawText(QPointF(x, baseline), text)

    return _Box(metrics.horizontalAdvance(text), metrics.ascent(), metrics.descent(), draw)


def _space(width: float) -> _Box:
    return _Box(width, 0, 0, lambda _p, _x, _y: None)


def _shifted(box: _Box, up: float) -> _Box:
    return _Box(box.width, box.above + up, box.below - up, lambda p, x, y: box.draw(p, x, y - up))


def _across(boxes: Sequence[_Box]) -> _Box:
    def draw(painter: QPainter, x: float, baseline: float) -> None:
        for box in boxes:
            box.draw(painter, x, baseline)
            x += box.width

    return _Box(
        sum(box.width for box in boxes),
        max(box.above for box in boxes),
        max(box.below for box in boxes),
        draw,
    )


def draw_lines(painter: QPainter, lines: Sequence[_Box], x: float, y: float, gap: float) -> float:
    """Draw lines below each other from a top edge and return the bottom edge."""
    for line in lines:
        line.draw(painter, x, y + line.above)
        y += line.above + line.below + gap
    return y - gap if lines else y


class FormulaView(QWidget):
    """Equations below each other; screen readers hear `spoken`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equations: tuple[tuple[str, Node], ...] = ()
        self._writing: Writing | None = None
        self._setter: Setter | None = None
        self._laid: dict[int, list[_Box]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        themes.changed.connect(self._restyle)

    def show_equations(self, equations: Sequence[tuple[str, Node]], writing: Writing, spoken: str) -> None:
        """Show each pair of a left side and a tree as one equation."""
        self._equations = tuple(equations)
        self._writing = writing
        self.setAccessibleName(spoken)
        self._restyle()

    def _restyle(self) -> None:
        self._laid = {}
        self._setter = None
        self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[_Box]:
        # A layout asks for the height many times before it settles.
        if width not in self._laid:
            self._laid[width] = self._lay(width)
        return self._laid[width]

    def _lay(self, width: int) -> list[_Box]:
        if self._writing is None:
            return []
        if self._setter is None:
            look = theme()
            ink = look.text if self._writing.strong else look.text2
            self._setter = Setter(self._writing, px(13), ink, look.text3)
        setter = self._setter
        return [line for lead, tree in self._equations for line in setter.lines(lead, tree, width)]

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return int(sum(line.above + line.below for line in lines) + px(6) * max(len(lines) - 1, 0) + 0.99)

    def sizeHint(self) -> QSize:
        width = max(self.width(), px(160))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.heightForWidth(max(self.width(), px(120))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        smooth(painter)
        draw_lines(painter, self._lines(self.width()), 0, 0, px(6))
        painter.end()
