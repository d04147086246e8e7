"""The JSON Schema of a `.tcplan` file, for editors and for programs that write plans."""

from typing import Any

from tcplan.plan.content import Content
from tcplan.plan.field import Shown, fields_of
from tcplan.plan.plan import PANELS, Plan


def schema() -> dict[str, Any]:
    """Return the JSON Schema, with the words, the units and the bounds of every field."""
    described = Content.model_json_schema()
    for panel in PANELS:
        kind = type(getattr(Plan(), panel))
        described["$defs"][kind.__name__]["properties"] = {
            name: _property(shown) for name, shown in fields_of(kind)
        }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "TCPlan document"}
    return head | {key: part for key, part in described.items() if key != "title"}


def _property(shown: Shown) -> dict[str, Any]:
    words = {"title": shown.label, "description": shown.help}
    if shown.kind == "choice":
        return words | {"enum": [choice.key for choice in shown.choices]}
    if shown.kind == "row":
        return words | {"type": "string", "$comment": f"a key of the catalogue table {shown.table}"}
    if shown.kind == "text":
        return words | {"type": "string"}
    lowest = "exclusiveMinimum" if shown.above_low else "minimum"
    number = {"type": "integer" if shown.whole else "number", lowest: shown.low, "maximum": shown.high}
    ends = {
        "type": "object",
        "properties": {"low": number, "high": number},
        "required": ["low", "high"],
        "additionalProperties": False,
    }
    values = {"type": "array", "items": number, "minItems": 1, "maxItems": 10_000}
    return words | {"$comment": f"in {shown.unit}", "anyOf": [number, ends, values]}
