"""The bytes of a document: keys in the order of the schema, one field a line, the shortest exact numbers."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tcplan.plan.document import Document, Scenario, Unknown
from tcplan.plan.plan import PANELS, Plan, Value, descriptions
from tcplan.plan.value import Range


def number(value: float) -> str:
    """Return the shortest text of a number; whole numbers have no decimal point and zero no sign."""
    if not value:
        return "0"
    text = repr(value).removesuffix(".0").replace("e+", "e")
    return text.replace("e-0", "e-")


def written(tree: object, indent: str = "") -> str:
    """Return a JSON value as text: a line for each entry, but one for a range or a list of numbers."""
    if isinstance(tree, dict) and tree:
        if tree.keys() == {"low", "high"}:
            return "{" + ", ".join(f"{_text(key)}: {written(value)}" for key, value in tree.items()) + "}"
        inner = indent + "  "
        lines = ",\n".join(f"{inner}{_text(key)}: {written(value, inner)}" for key, value in tree.items())
        return f"{{\n{lines}\n{indent}}}"
    if isinstance(tree, list) and tree:
        if not any(isinstance(item, dict | list) for item in tree):
            return "[" + ", ".join(written(item) for item in tree) + "]"
        inner = indent + "  "
        lines = ",\n".join(inner + written(item, inner) for item in tree)
        return f"[\n{lines}\n{indent}]"
    if isinstance(tree, float):
        return number(tree)
    return _text(tree)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def to_bytes(document: Document) -> bytes:
    """Return the content of the document's file; the same document always gives the same bytes."""
    return (written(tree_of(document)) + "\n").encode()


def tree_of(document: Document) -> dict[str, Any]:
    """Return the document as a tree of JSON values in the order of the schema, without what is empty."""
    parts: dict[str, Any] = {
        "format": document.format,
        "readable_from": document.readable_from,
        "id": document.id,
        "title": document.title,
        "author": document.author,
        "remark": document.remark,
        "plan": _plan(document.plan),
        "raw": _ordered(document.raw),
        "notes": _ordered(document.notes),
        "scenarios": [_scenario(scenario) for scenario in document.scenarios],
        "rows": [row.to_json() for row in document.rows],
        "saves": [
            {
                "time": save.time,
                "engine": save.engine,
                "catalogue": save.catalogue,
                "plan": save.plan,
                "headline": dict(save.headline),
            }
            for save in document.saves
        ],
    }
    tree = {key: part for key, part in parts.items() if part or key == "plan"}
    _put_back(tree, document.unknown)
    return tree


def _value(value: Value) -> object:
    if isinstance(value, Range):
        return {"low": value.low, "high": value.high}
    return list(value) if isinstance(value, tuple) else value


def _plan(plan: Plan) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for panel in PANELS:
        group = getattr(plan, panel)
        typed = {name: getattr(group, name) for name in type(group).model_fields}
        tree[panel] = {name: _value(value) for name, value in typed.items() if value is not None}
    tree["overrides"] = {path: _value(value) for path, value in sorted(plan.overrides.items())}
    return {key: part for key, part in tree.items() if part}


def _ordered(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts by path in the order of the forms, other paths behind them."""
    places = {path: place for place, path in enumerate(descriptions())}
    return {
        path: texts[path] for path in sorted(texts, key=lambda path: (places.get(path, len(places)), path))
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "name": scenario.name,
        "changes": {path: _value(value) for path, value in scenario.changes.items()},
    }
    if scenario.raw:
        tree["raw"] = _ordered(scenario.raw)
    return tree | ({"detached": True} if scenario.detached else {})


def name_of(item: object) -> str:
    """Return what tells one entry of a list (a scenario, a row, a save) from the others."""
    if not isinstance(item, dict):
        return ""
    return "/".join(str(item[key]) for key in ("name", "table", "key", "time") if key in item)


def _put_back(tree: dict[str, Any], unknown: Iterable[Unknown]) -> None:
    """Put what only a newer version understands back where it stood, unless its place is gone or taken."""
    for place, value in unknown:
        spot: Any = tree
        for step in place[:-1]:
            if isinstance(spot, list):
                spot = next((item for item in spot if name_of(item) == step), None)
            elif isinstance(spot, dict):
                spot = spot.setdefault(step, {})
        if isinstance(spot, dict):
            spot.setdefault(place[-1], value)
