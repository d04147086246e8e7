"""Bytes that somebody else wrote -> a tree of JSON values, or one sentence about why not, with the line."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from tcplan.language import _

LARGEST = 16_000_000
"""Largest file that is read, in bytes; a plan takes some thousands."""
DEEPEST = 32
_MOST_PARTS = 200_000
_LONGEST_NUMBER = 400
_LONGEST_SENTENCE = 300
_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")
_MERGE = re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.MULTILINE)

Place = tuple[str | int, ...]


class PlanFileError(ValueError):
    """A file that is not a plan: what is wrong, in which line and field, and what is allowed."""

    def __init__(self, sentence: str, line: int | None = None, field: str = "") -> None:
        self.sentence = quoted(sentence)
        self.line = line
        self.field = quoted(field)
        parts = (_("line {line}").format(line=line) if line else "", self.field)
        where = ", ".join(part for part in parts if part)
        super().__init__(f"{where}: {self.sentence}" if where else self.sentence)


def quoted(text: str) -> str:
    """Return a text with words from a file in it as one line of printable letters, of bearable length."""
    line = "".join(
        letter if letter.isprintable() or unicodedata.category(letter) == "Zs" else "�" for letter in text
    )
    return line if len(line) <= _LONGEST_SENTENCE else f"{line[:_LONGEST_SENTENCE]} …"


def decoded(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file and notices about it.

    Raises
    ------
    PlanFileError
        When it is too large, empty, of another encoding or evidently another kind of file.
    """
    if len(data) > LARGEST:
        raise too_large()
    notices: list[str] = []
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        notices.append(_("The file began with a byte order mark; the next save leaves it out."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PlanFileError(_("this is UTF-16 text; a plan is UTF-8"), 1)
    if not data.strip(b" \t\r\n\0"):
        sentence = _("the file is empty") if not data.strip() else _("the file holds only zero bytes")
        raise PlanFileError(sentence)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanFileError(_("this is not UTF-8 text"), line) from error
    if text.lstrip().startswith("<") and not _MERGE.match(text):
        raise PlanFileError(_("this is a web page or XML, not a plan"), 1)
    return text, notices


def too_large() -> PlanFileError:
    """Return the refusal of a file that is too large to be a plan."""
    return PlanFileError(_("the file is larger than 16 MB; a plan takes some thousand bytes"))


def parsed(text: str, constant: Callable[[str], float] | None = None) -> dict[str, Any]:
    """Return the JSON object of a text.

    Parameters
    ----------
    text
        The whole file.
    constant
        What `NaN` and `Infinity` are read as; without it they are refused.

    Raises
    ------
    PlanFileError
        When it is not strict JSON, is nested too deeply, or an object has a key twice.
    """
    _check_depth(text)
    try:
        tree = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_float=_float,
            parse_int=_int,
            parse_constant=constant or _constant,
        )
    except json.JSONDecodeError as error:
        marks = _MERGE.search(text)
        if marks:
            line = text.count("\n", 0, marks.start()) + 1
            raise PlanFileError(_("a merge conflict was left in the file"), line) from error
        raise PlanFileError(_("this is not JSON: {reason}").format(reason=error.msg), error.lineno) from error
    except _RefusedError as error:
        raise PlanFileError(error.sentence, _line_of_literal(text, error.literal)) from error
    except RecursionError as error:
        raise PlanFileError(_("the file is nested too deeply")) from error
    if not isinstance(tree, dict):
        raise PlanFileError(_("a plan is a JSON object"), 1)
    half = _HALF_LETTER.search(text)
    if half and not _is_unicode(tree):
        raise PlanFileError(_("a text holds half a letter"), text.count("\n", 0, half.start()) + 1)
    return dict(tree)


def _is_unicode(tree: dict[str, Any]) -> bool:
    """Return whether every text of the tree can be written as UTF-8; JSON can escape half a letter."""
    try:
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _RefusedError(ValueError):
    def __init__(self, sentence: str, literal: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.literal = literal


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        seen: set[str] = set()
        twice = ""
        for key, _value in pairs:
            if key in seen:
                twice = key
                break
            seen.add(key)
        raise _RefusedError(
            _("the key {key} occurs twice").format(key=twice), json.dumps(twice, ensure_ascii=False)
        )
    return tree


def _float(literal: str) -> float:
    value = float(literal) if len(literal) <= _LONGEST_NUMBER else float("inf")
    if value in (float("inf"), float("-inf")):
        raise _RefusedError(_("a number is beyond what can be computed with"), literal)
    return value


def _int(literal: str) -> int:
    if len(literal) > 300:
        raise _RefusedError(_("a number is beyond what can be computed with"), literal)
    return int(literal)


def _constant(literal: str) -> NoReturn:
    raise _RefusedError(_("{literal} is not a number that a plan can hold").format(literal=literal), literal)


def _line_of_literal(text: str, literal: str) -> int:
    """Return the line of the last place where a refused literal stands; for a double key, the second one."""
    at = text.rfind(literal)
    return text.count("\n", 0, max(at, 0)) + 1


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") + text.count(":") > _MOST_PARTS:
        raise PlanFileError(_("the file has too many parts for a plan"))
    depth = 0
    for found in re.finditer(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', text, re.DOTALL):
        piece = found[0]
        depth += (piece in "[{") - (piece in "]}")
        if depth > DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise PlanFileError(_("the file is nested too deeply"), line)


def places(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the place of each key and list entry of a JSON text, with its line."""
    stack: list[str | int] = []
    opened: list[str] = []
    key: str | None = None
    line, at = 1, 0
    for found in _PIECE.finditer(text):
        piece = found[0]
        line += text.count("\n", at, found.start())
        at = found.start()
        if opened and opened[-1] == "[" and piece not in "],":
            yield tuple(stack), line
        if piece in ("{", "["):
            opened.append(piece)
            stack.append(0 if piece == "[" else "")
        elif piece in ("}", "]"):
            opened.pop()
            stack.pop()
        elif piece == ",":
            stack[-1] = stack[-1] + 1 if isinstance(stack[-1], int) else ""
        elif piece == ":" and key is not None:
            stack[-1] = key
            yield tuple(stack), line
        key = json.loads(piece) if piece.startswith('"') else None


def line_of(text: str, place: Place) -> int | None:
    """Return the line of a place in a JSON text that was read before, or of what surrounds it."""
    lines: dict[Place, int] = dict(places(text))
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return 1
