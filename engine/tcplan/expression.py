"""A formula as a tree, read from the source of a function, with the value of every branch."""

import ast
import builtins
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

Value = Any
"""A number, a truth value or a table of numbers."""


@dataclass(frozen=True, slots=True)
class Name:
    """A quantity, an input or a name that the formula itself gives to a part; `value` is in `unit`."""

    name: str
    label: str
    symbol: str
    value: float
    unit: str
    si: Value


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands in the formula."""

    si: Value


@dataclass(frozen=True, slots=True)
class Table:
    """A few numbers of which an index picks one."""

    si: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before a part."""

    operator: str
    operand: "Node"
    si: Value


@dataclass(frozen=True, slots=True)
class Binary:
    """Two parts with an operator between them: arithmetic, a comparison, `and` or `or`."""

    operator: str
    left: "Node"
    right: "Node"
    si: Value


@dataclass(frozen=True, slots=True)
class Call:
    """A function of parts: maximum, where, gather (table, index), sqrt, ceil and the like."""

    function: str
    arguments: tuple["Node", ...]
    si: Value


Node = Name | Number | Table | Unary | Binary | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """The tree of the result, and the parts that it names because they are long and used more than once."""

    tree: Node
    parts: tuple[tuple[Name, Node], ...]


class FormulaError(Exception):
    """A function of the chain has a form that cannot be shown as a formula."""


_OPERATORS: dict[type[ast.AST], tuple[str, Callable[..., Value]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("**", operator.pow),
    ast.Mod: ("%", operator.mod),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.BitAnd: ("and", operator.and_),
    ast.BitOr: ("or", operator.or_),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
}
_SIGNS: dict[type[ast.AST], tuple[str, Callable[[Value], Value]]] = {
    ast.USub: ("-", operator.neg),
    ast.UAdd: ("+", operator.pos),
    ast.Invert: ("not", operator.invert),
    ast.Not: ("not", operator.not_),
}
_SHORT = 3


def formula(source: str, function: Callable[..., Any], names: Mapping[str, Name]) -> Formula:
    """Read a function's statements as a formula.

    Parameters
    ----------
    source
        Its statements: assignments of single names, functions of the same kind, then a return.
    function
        The function, for the constants and functions that it calls.
    names
        What its parameters are, with values.

    Raises
    ------
    FormulaError
        When there is a statement or an expression of another kind.
    """
    reader = _Reader(function, dict(names))
    return Formula(reader.result(ast.parse(source).body), tuple(reader.parts))


def _assignment(statement: ast.stmt, function: Callable[..., Any]) -> tuple[str, ast.expr]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return statement.target.id, statement.value
    message = f"{function.__name__} has a statement that is no formula: {ast.unparse(statement)}"
    raise FormulaError(message)


def _uses(tree: ast.AST, name: str) -> int:
    return sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(tree)
    )


class _Reader:
    """Turns one function's expressions into nodes; later statements see the names of earlier ones."""

    def __init__(self, function: Callable[..., Any], names: dict[str, Name]) -> None:
        self.function = function
        self.names: dict[str, Node] = dict(names)
        self.lists: dict[str, tuple[Node, ...]] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.parts: list[tuple[Name, Node]] = []

    def result(self, statements: list[ast.stmt]) -> Node:
        last = statements[-1]
        if not isinstance(last, ast.Return) or last.value is None:
            message = f"{self.function.__name__} does not end with a result"
            raise FormulaError(message)
        for index, statement in enumerate(statements[:-1]):
            if isinstance(statement, ast.FunctionDef):
                self.functions[statement.name] = statement
            else:
                name, value = _assignment(statement, self.function)
                self.define(name, value, sum(_uses(later, name) for later in statements[index + 1 :]))
        return self.read(last.value)

    def define(self, name: str, value: ast.expr, uses: int) -> None:
        if isinstance(value, ast.Tuple):
            self.lists[name] = tuple(self.read(one) for one in value.elts)
            return
        node = self.read(value)
        if uses > 1 and sum(1 for _one in nodes(node)) > _SHORT:
            words = name.replace("_", " ")
            part = Name(name, words, "", number_of(node), "", node.si)
            self.parts.append((part, node))
            node = part
        self.names[name] = node

    def read(self, tree: ast.expr) -> Node:
        if isinstance(tree, ast.Name):
            return self.names[tree.id] if tree.id in self.names else _constant(self.resolve(tree))
        if isinstance(tree, ast.Constant):
            return Number(tree.value)
        if isinstance(tree, ast.Tuple):
            return Table(tuple(self.read(one).si for one in tree.elts))
        if isinstance(tree, ast.BinOp):
            return self.binary(tree.op, tree.left, tree.right)
        if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
            return self.binary(tree.ops[0], tree.left, tree.comparators[0])
        if isinstance(tree, ast.UnaryOp):
            sign, act = _SIGNS[type(tree.op)]
            operand = self.read(tree.operand)
            return Unary(sign, operand, act(operand.si))
        if isinstance(tree, ast.Call):
            return self.call(tree)
        message = f"{self.function.__name__} has a part that is no formula: {ast.unparse(tree)}"
        raise FormulaError(message)

    def binary(self, kind: ast.operator | ast.cmpop, left: ast.expr, right: ast.expr) -> Node:
        sign, act = _OPERATORS[type(kind)]
        a, b = self.read(left), self.read(right)
        return Binary(sign, a, b, _value(act, a.si, b.si))

    def call(self, tree: ast.Call) -> Node:
        if isinstance(tree.func, ast.Name) and tree.func.id in self.functions:
            return self.inner(self.functions[tree.func.id], tree.args)
        function = self.resolve(tree.func)
        arguments = tuple(node for one in tree.args for node in self.argument(one))
        named = {str(one.arg): self.read(one.value) for one in tree.keywords}
        name = getattr(function, "__name__", ast.unparse(tree.func)).lstrip("_")
        values = {key: one.si for key, one in named.items()}
        value = _value(partial(function, **values), *[one.si for one in arguments])
        return Call(name, (*arguments, *named.values()), value)

    def inner(self, function: ast.FunctionDef, arguments: list[ast.expr]) -> Node:
        """Read the call of a function inside this one: its result with the arguments put in."""
        reader = _Reader(self.function, {})
        parameters = [one.arg for one in function.args.args]
        reader.names = self.names | dict(zip(parameters, map(self.read, arguments), strict=True))
        reader.lists, reader.functions, reader.parts = dict(self.lists), dict(self.functions), self.parts
        return reader.result(function.body)

    def argument(self, tree: ast.expr) -> tuple[Node, ...]:
        if isinstance(tree, ast.Starred) and isinstance(tree.value, ast.Name):
            return self.lists[tree.value.id]
        return (self.read(tree),)

    def resolve(self, tree: ast.expr) -> Any:  # noqa: ANN401
        if isinstance(tree, ast.Attribute):
            return getattr(self.resolve(tree.value), tree.attr)
        if isinstance(tree, ast.Name):
            scope = self.function.__globals__
            return scope[tree.id] if tree.id in scope else getattr(builtins, tree.id)
        message = f"{self.function.__name__} names something unknown: {ast.unparse(tree)}"
        raise FormulaError(message)


def _value(function: Callable[..., Any], *arguments: Value) -> Value:
    """Return what a part of a formula comes to, NaN where it cannot be computed, such as 1/0."""
    try:
        return function(*arguments)
    except (ArithmeticError, ValueError):
        return float("nan")


def _constant(value: Value) -> Node:
    return Table(tuple(value)) if isinstance(value, tuple | list) else Number(value)


def number_of(tree: Node) -> float:
    """Return the value of a node in coherent units, NaN for a table."""
    return float("nan") if isinstance(tree, Table) else float(tree.si)


def nodes(tree: Node) -> Iterator[Node]:
    """Yield a node and everything under it."""
    yield tree
    if isinstance(tree, Unary):
        yield from nodes(tree.operand)
    elif isinstance(tree, Binary):
        yield from nodes(tree.left)
        yield from nodes(tree.right)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from nodes(argument)
