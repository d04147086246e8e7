"""Every sentence that a person reads goes through gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWING = frozenset(
    [
        "Label",
        "Elided",
        "Button",
        "Tabs",
        "Well",
        "Choice",
        "Segments",
        "Notice",
        "Answer",
        "Finding",
        "Assumption",
        "PlanError",
        "NumberError",
        "setText",
        "setWindowTitle",
        "setAccessibleName",
        "setAccessibleDescription",
        "setPlaceholderText",
        "addAction",
        "addMenu",
        "set_text",
        "set_name",
        "set_message",
        "tooltip",
        "message_box",
        "say",
        "refuse",
    ]
)
SENTENCE = re.compile(r"[A-Za-z]{3,} [a-z]|^[A-Z][a-z]{2,}")
STYLE = ("ink", "kind", "icon_name", "key")


def bare(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of words that are shown without translation."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in SHOWING:
            values = [*node.args, *(one.value for one in node.keywords if one.arg not in STYLE)]
            for value in values:
                parts = value.values if isinstance(value, ast.JoinedStr) else [value]
                for part in parts:
                    text = part.value if isinstance(part, ast.Constant) else None
                    if isinstance(text, str) and SENTENCE.search(text):
                        yield part.lineno, text


@pytest.mark.parametrize("room", ["engine", "desktop"])
def test_no_words_are_shown_without_translation(room: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}": text
        for path in (ROOT / room).rglob("*.py")
        for line, text in bare(ast.parse(path.read_text("utf-8")))
        if text != "TCPlan"
    }
    assert found == {}


def test_the_search_sees_bare_words() -> None:
    code = 'Label("Money left")\nrow.say(f"Saved at {time}")\nLabel(_("Money left"), ink="text")'
    assert [line for line, _text in bare(ast.parse(code))] == [1, 2]
