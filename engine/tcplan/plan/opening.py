"""The bytes of a file -> a document: validation, older and newer formats, one sentence for each refusal."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import ValidationError

from tcplan.language import N_, _, plural
from tcplan.plan import reading
from tcplan.plan.canonical import name_of
from tcplan.plan.content import Content
from tcplan.plan.document import FORMAT, Document, Unknown, means
from tcplan.plan.migrations import upgraded
from tcplan.plan.plan import Plan, PlanError, nearest
from tcplan.plan.reading import PlanFileError

_MOST_UNKNOWN = 1000


def read_bytes(data: bytes) -> Document:
    """Return the document in the bytes of a file.

    Raises
    ------
    PlanFileError
        When the bytes are not a plan.
    """
    return opened(data)[0]


def opened(data: bytes) -> tuple[Document, tuple[str, ...]]:
    """Return the document in the bytes of a file, and notices for the person who opens it.

    Raises
    ------
    PlanFileError
        When the bytes are not a plan.
    """
    text, notices = reading.decoded(data)
    tree = reading.parsed(text)
    number = _format(tree, text)
    tree = upgraded(tree) if number < FORMAT else tree
    unknown: tuple[Unknown, ...] = ()
    if number > FORMAT:
        tree, unknown = _without_unknown(tree, text)
        notices.append(_kept_notice(number, unknown))
    document = replace(_validated(tree, text).document(), unknown=unknown)
    _check_scenarios(document, text)
    document, dropped = _agreeing(document)
    if dropped:
        sentence = _("What was typed in {fields} does not mean its value any more; the value was kept.")
        notices.append(sentence.format(fields=", ".join(dropped)))
    return document, tuple(notices)


def _format(tree: dict[str, Any], text: str) -> int:
    """Return the file's format after checking that this version may read it."""
    for key in ("format", "readable_from"):
        value = tree.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            sentence = _("a plan needs {key}, a whole number from 1").format(key=key)
            raise PlanFileError(sentence, reading.line_of(text, (key,)), key)
    if tree["readable_from"] > FORMAT:
        sentence = _(
            "a newer version wrote this file: it needs a TCPlan that reads format {needed}, this reads {own}"
        )
        raise PlanFileError(
            sentence.format(needed=tree["readable_from"], own=FORMAT),
            reading.line_of(text, ("readable_from",)),
            "readable_from",
        )
    return int(tree["format"])


def _validated(tree: dict[str, Any], text: str) -> Content:
    try:
        return Content.model_validate(_tupled(tree))
    except ValidationError as error:
        raise _refusal(error, tree, text) from error


def _tupled(tree: object) -> Any:  # noqa: ANN401
    """Return the tree with tuples for lists, which strict validation asks for."""
    if isinstance(tree, dict):
        return {key: _tupled(value) for key, value in tree.items()}
    return tuple(_tupled(value) for value in tree) if isinstance(tree, list) else tree


def _place(location: Iterable[str | int], tree: Any) -> reading.Place:  # noqa: ANN401
    """Return the part of an error's location that exists in the file, without the names of types."""
    place: list[str | int] = []
    spot = tree
    for step in location:
        listed = isinstance(spot, list) and isinstance(step, int) and step < len(spot)
        if listed or (isinstance(spot, dict) and step in spot):
            spot = spot[step]
            place.append(step)
    return tuple(place)


def _most_fitting(error: ValidationError, tree: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return the error that says most: of several for one value, the one about its own kind."""
    details = error.errors(include_url=False, include_context=False)
    first = details[0]
    place = _place(first["loc"], tree)
    same = [detail for detail in details if _place(detail["loc"], tree)[: len(place)] == place]
    value = _at(tree, place)
    kind = "Range" if isinstance(value, dict) else "tuple" if isinstance(value, list) else ""
    fitting = [detail for detail in same if any(kind and kind in str(step) for step in detail["loc"])]
    return (fitting or [first])[0]


def _at(tree: Any, place: reading.Place) -> Any:  # noqa: ANN401
    for step in place:
        tree = tree[step]
    return tree


_ALLOWED = {
    "float_type": N_("a number"),
    "int_type": N_("a whole number"),
    "string_type": N_("a text"),
    "string_unicode": N_("a text without control characters"),
    "string_pattern_mismatch": N_("written as this format has it"),
    "string_too_short": N_("a text that is not empty"),
    "string_too_long": N_("a shorter text"),
    "too_short": N_("a list of at least one number"),
    "too_long": N_("a list of at most 10 000 numbers"),
    "greater_than_equal": N_("a whole number from 1"),
    "tuple_type": N_("a list"),
    "dict_type": N_("a group of fields"),
    "model_type": N_("a group of fields"),
    "model_attributes_type": N_("a group of fields"),
}


def _refusal(error: ValidationError, tree: dict[str, Any], text: str) -> PlanFileError:
    detail = _most_fitting(error, tree)
    place = _place(detail["loc"], tree)
    kind = str(detail["type"])
    field = ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
    field = field.removeprefix("plan.").removeprefix("overrides.")
    line = reading.line_of(text, place)
    if kind == "extra_forbidden":
        return PlanFileError(_unknown_key(detail["loc"], place), line, field)
    if kind == "missing":
        sentence = _("{key} is missing").format(key=detail["loc"][-1])
    elif detail["loc"] and detail["loc"][-1] == "[key]":
        sentence = _("{key} is not the path of a field or result").format(key=detail["loc"][-2])
    elif kind in _ALLOWED:
        sentence = _("this must be {kind}").format(kind=_(_ALLOWED[kind]))
    else:
        sentence = str(detail["msg"]).removeprefix("Value error, ")
    return PlanFileError(sentence, line, field)


def _unknown_key(location: tuple[str | int, ...], place: reading.Place) -> str:
    """Return the sentence for a key that this format does not have, with the nearest one that it has."""
    known = _known_keys(location[:-1])
    sentence = _("{key} is not a key of this format").format(key=place[-1] if place else location[-1])
    close = nearest(str(location[-1]), known).partition("; ")[2]
    return f"{sentence}; {close}" if close else sentence


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    return list(_schema_at(_schema(), location))


@cache
def _schema() -> dict[str, Any]:
    return Content.model_json_schema()


def _schema_at(schema: dict[str, Any], location: tuple[str | int, ...]) -> dict[str, Any]:
    spot: dict[str, Any] = schema
    for step in location:
        inner = spot.get("items") if isinstance(step, int) else spot.get("properties", {}).get(step)
        if not inner:
            return {}
        reference = inner.get("$ref", "").rpartition("/")[2]
        spot = schema["$defs"][reference] if reference else inner
    return dict(spot.get("properties", {}))


def _without_unknown(tree: dict[str, Any], text: str) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    """Return a newer file's tree without what this version does not know, and that, to be written back.

    A value of the plan that this version does not allow counts as unknown too: its field is as if not typed.
    """
    unknown: list[Unknown] = []
    while True:
        try:
            Content.model_validate(_tupled(tree))
        except ValidationError as error:
            found = _unknown_places(error, tree)
            if not found or len(unknown) + len(found) > _MOST_UNKNOWN:
                raise _refusal(error, tree, text) from error
            unknown += [(_named(place, tree), _at(tree, place)) for place in found]
            for place in sorted(found, key=len, reverse=True):
                tree = _removed(tree, place)
        else:
            return tree, tuple(unknown)


def _unknown_places(error: ValidationError, tree: dict[str, Any]) -> list[reading.Place]:
    found: dict[reading.Place, None] = {}
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = _place(detail["loc"], tree)
        if place[:1] == ("plan",) and len(place) >= 3:
            found[place[:3]] = None
            typed: reading.Place = ("raw", ".".join(map(str, place[1:3])))
            if typed[1] in tree.get("raw", {}):
                found[typed] = None
        elif detail["type"] == "extra_forbidden" and len(place) == len(detail["loc"]):
            found[place] = None
    return [place for place in found if not any(place[:end] in found for end in range(1, len(place)))]


def _named(place: reading.Place, tree: object) -> tuple[str, ...]:
    """Return a place with the names of list entries instead of their positions, which may change."""
    steps: list[str] = []
    spot: Any = tree
    for step in place:
        spot = spot[step]
        steps.append(name_of(spot) if isinstance(step, int) else step)
    return tuple(steps)


def _removed(tree: Any, place: reading.Place) -> Any:  # noqa: ANN401
    """Return the tree without one key; the tree that is passed stays as it is."""
    step = place[0]
    if len(place) == 1:
        return {key: value for key, value in tree.items() if key != step}
    if isinstance(step, int):
        return [_removed(item, place[1:]) if at == step else item for at, item in enumerate(tree)]
    return tree | {step: _removed(tree[step], place[1:])}


def _kept_notice(number: int, unknown: tuple[Unknown, ...]) -> str:
    if not unknown:
        return _(
            "A newer version wrote this file (format {number}); everything in it was understood."
        ).format(number=number)
    sentence = plural(
        "A newer version wrote this file (format {number}); one part is kept, not understood: {names}.",
        "A newer version wrote this file (format {number}); {count} parts are kept, not understood: {names}.",
        len(unknown),
    )
    names = ", ".join(".".join(place) for place, _value in unknown[:5])
    return sentence.format(number=number, count=len(unknown), names=reading.quoted(names))


def _check_scenarios(document: Document, text: str) -> None:
    for number, scenario in enumerate(document.scenarios):
        try:
            document.scenario_plan(scenario.name)
        except PlanError as error:
            line = reading.line_of(text, ("scenarios", number, "changes", error.path))
            raise PlanFileError(error.sentence, line, f"scenarios.{number + 1}.{error.path}") from error


def _agreeing(document: Document) -> tuple[Document, list[str]]:
    """Return the document without typed texts that contradict their values, and the fields concerned."""
    raw, wrong = _meant(document.raw, document.plan)
    scenarios = []
    for one in document.scenarios:
        texts, more = _meant(one.raw, one.on(document.plan)) if one.raw else (one.raw, [])
        scenarios.append(replace(one, raw=texts))
        wrong += [path for path in more if path not in wrong]
    return (replace(document, raw=raw, scenarios=tuple(scenarios)) if wrong else document), wrong


def _meant(raw: Mapping[str, str], plan: Plan) -> tuple[dict[str, str], list[str]]:
    """Return the typed texts that mean the values of a plan, and the paths of those that do not."""
    kept = {path: text for path, text in raw.items() if means(text, path, plan.get(path))}
    return kept, [path for path in raw if path not in kept]
