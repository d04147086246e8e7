"""A small reader of workbooks that computes every formula anew, as a spreadsheet does."""

import io
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

Value = float | bool | str
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:E[-+]?\d+)?)|(?P<cell>(?:'(?P<sheet>[^']+)'!)?\$?(?P<at>[A-Z]{1,3}\$?\d+)(?![\w.(]))"
    r"|(?P<name>[A-Za-z][\w.]*)|(?P<sign><=|>=|<>|[-+*/^=<>(),]))"
)
_BINDING = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "^": 5}
_NEGATION = 4
_SIGNS: dict[str, Callable[[float, float], Value]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}
_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "MAX": max,
    "MIN": min,
    "SQRT": math.sqrt,
    "EXP": math.exp,
    "INT": lambda a: float(math.floor(a)),
    "LOG": lambda a, base: math.log(a, base) if base != 2.0 else math.log2(a),
    "MOD": lambda a, b: a - b * math.floor(a / b),
    "AND": lambda *parts: all(parts),
    "OR": lambda *parts: any(parts),
    "NOT": lambda part: not part,
}


@dataclass
class Book:
    """The cells of a workbook: `cached` values and formulas by worksheet and address."""

    cached: dict[tuple[str, str], Value]
    formulas: dict[tuple[str, str], str]
    names: dict[str, tuple[str, str]]
    computed: dict[tuple[str, str], Value]

    def value(self, place: tuple[str, str]) -> Value:
        """Return what a cell comes to when everything that it needs is computed anew."""
        if place not in self.formulas:
            return self.cached[place]
        if place not in self.computed:
            self.computed[place] = _Formula(self, place[0], self.formulas[place]).result()
        return self.computed[place]

    def changed(self, place: tuple[str, str], value: float) -> "Book":
        """Return the workbook with another number in a cell."""
        return Book({**self.cached, place: value}, self.formulas, self.names, {})


def read_book(data: bytes) -> Book:
    """Read a workbook from the bytes of its file."""
    with zipfile.ZipFile(io.BytesIO(data)) as store:
        parts = {name: ElementTree.fromstring(store.read(name)) for name in store.namelist() if "xl/" in name}
    texts = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"]]
    book = Book({}, {}, {}, {})
    root = parts["xl/workbook.xml"]
    for number, sheet in enumerate(root.iter(f"{_MAIN}sheet"), start=1):
        for cell in parts[f"xl/worksheets/sheet{number}.xml"].iter(f"{_MAIN}c"):
            _take(book, (sheet.attrib["name"], cell.attrib["r"]), cell, texts)
    for name in root.iter(f"{_MAIN}definedName"):
        sheet_name, _mark, at = str(name.text).rpartition("!")
        book.names[name.attrib["name"]] = (sheet_name.strip("'"), at.replace("$", ""))
    return book


def _take(book: Book, place: tuple[str, str], cell: ElementTree.Element, texts: list[str]) -> None:
    formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
    if formula is not None:
        book.formulas[place] = str(formula.text)
    if value is not None:
        text = str(value.text)
        book.cached[place] = texts[int(text)] if cell.attrib.get("t") == "s" else float(text)


class _Formula:
    """One formula as functions without arguments: what IF does not take is never computed."""

    def __init__(self, book: Book, sheet: str, text: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens = [match for match in _TOKEN.finditer(text) if match.group().strip()]
        assert "".join(one.group().strip() for one in self.tokens) == text.replace(" ", ""), text
        self.at = 0

    def result(self) -> Value:
        made = self.expression(0)
        assert self.at == len(self.tokens)
        return made()

    def peek(self) -> str:
        return self.tokens[self.at].group().strip() if self.at < len(self.tokens) else ""

    def take(self, sign: str) -> None:
        assert self.peek() == sign, (self.peek(), sign)
        self.at += 1

    def expression(self, least: int) -> Callable[[], Value]:
        left = self.term()
        while _BINDING.get(self.peek(), 0) > least:
            sign = self.peek()
            self.at += 1
            left = self.joined(sign, left, self.expression(_BINDING[sign]))
        return left

    def joined(self, sign: str, left: Callable[[], Value], right: Callable[[], Value]) -> Callable[[], Value]:
        return lambda: _SIGNS[sign](_number(left()), _number(right()))

    def term(self) -> Callable[[], Value]:
        token = self.tokens[self.at]
        self.at += 1
        text = token.group().strip()
        if text in ("-", "+"):
            inside = self.expression(_NEGATION)
            return (lambda: -_number(inside())) if text == "-" else inside
        if text == "(":
            inside = self.expression(0)
            self.take(")")
            return inside
        if token["number"]:
            number = float(text)
            return lambda: number
        if token["cell"]:
            place = (token["sheet"] or self.sheet, token["at"].replace("$", ""))
            return lambda: self.book.value(place)
        if self.peek() == "(":
            return self.call(text)
        return lambda: self.book.value(self.book.names[text])

    def call(self, name: str) -> Callable[[], Value]:
        self.take("(")
        arguments = []
        while self.peek() != ")":
            arguments.append(self.expression(0))
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        if name == "IF":
            condition, yes, no = arguments
            return lambda: yes() if condition() else no()
        if name == "CHOOSE":
            index, *entries = arguments
            return lambda: entries[int(_number(index())) - 1]()
        if name == "NA":
            return lambda: math.nan
        return lambda: _FUNCTIONS[name](*(one() for one in arguments))


def _number(value: Value) -> float:
    assert not isinstance(value, str), value
    return float(value)
