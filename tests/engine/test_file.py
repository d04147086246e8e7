"""The file: canonical bytes, exact round trips, strict reading, newer versions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.catalogue.row import Row
from tcplan.plan import migrations
from tcplan.plan.canonical import number
from tcplan.plan.document import FORMAT, Document, Save, Scenario
from tcplan.plan.field import Shown
from tcplan.plan.file import (
    PlanFileError,
    load,
    opened,
    read_bytes,
    schema,
    to_bytes,
)
from tcplan.plan.plan import Plan, descriptions
from tcplan.plan.value import Range

ID = "0123456789abcdef0123456789abcdef"
ROW = Row(
    "grids", "fr", {"name": "France", "carbon": 1.5e-08, "region": "Europe"}, "a table", "2026-01", "high"
)
FULL = Document(
    id=ID,
    title="Llama, again",
    author="A. Person",
    remark="first line\nsecond “line”",
    plan=Plan()
    .with_value("model.preset", "llama3.1-70b")
    .with_value("training.tokens", 16_384.0)
    .with_value("training.precision", "bf16")
    .with_value("hardware.devices", (256.0, 512.0, 1000.0))
    .with_value("purchase.price", Range(low=0.0005, high=0.00075))
    .with_value("efficiency.mfu", 0.4),
    raw={"training.tokens": "2048*8"},
    notes={"money.total": "signed by the board"},
    scenarios=(Scenario("Spot", {"purchase.way": "spot", "training.tokens": None}),),
    rows=(ROW,),
    saves=(Save("2026-11-02T12:00:00Z", "0.1.0", "2026-11", "ab12-cd34", {"money.total": 9_900_000.0}),),
)
GOLDEN = """{
  "format": 1,
  "readable_from": 1,
  "id": "0123456789abcdef0123456789abcdef",
  "title": "Llama, again",
  "author": "A. Person",
  "remark": "first line\\nsecond “line”",
  "plan": {
    "model": {
      "preset": "llama3.1-70b"
    },
    "training": {
      "tokens": 16384,
      "precision": "bf16"
    },
    "hardware": {
      "devices": [256, 512, 1000]
    },
    "purchase": {
      "price": {"low": 0.0005, "high": 0.00075}
    },
    "overrides": {
      "efficiency.mfu": 0.4
    }
  },
  "raw": {
    "training.tokens": "2048*8"
  },
  "notes": {
    "money.total": "signed by the board"
  },
  "scenarios": [
    {
      "name": "Spot",
      "changes": {
        "purchase.way": "spot",
        "training.tokens": null
      }
    }
  ],
  "rows": [
    {
      "table": "grids",
      "key": "fr",
      "values": {
        "name": "France",
        "carbon": 1.5e-8,
        "region": "Europe"
      },
      "source": "a table",
      "date": "2026-01",
      "confidence": "high"
    }
  ],
  "saves": [
    {
      "time": "2026-11-02T12:00:00Z",
      "engine": "0.1.0",
      "catalogue": "2026-11",
      "plan": "ab12-cd34",
      "headline": {
        "money.total": 9900000
      }
    }
  ]
}
"""


def test_the_bytes_of_a_document_never_change() -> None:
    assert to_bytes(FULL).decode() == GOLDEN
    assert read_bytes(GOLDEN.encode()) == FULL


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (15e12, "15000000000000"),
        (1e22, "1e22"),
        (1e16, "1e16"),
        (9_007_199_254_740_993.0, "9007199254740992"),
        (0.1, "0.1"),
        (1e-07, "1e-7"),
        (5e-324, "5e-324"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (1.7976931348623157e308, "1.7976931348623157e308"),
    ],
)
def test_numbers_have_one_shortest_text(value: float, text: str) -> None:
    assert number(value) == text
    assert json.loads(text) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(derandomize=True, deadline=None)
def test_every_number_survives_the_file(value: float) -> None:
    assert float(json.loads(number(value))) == value


def _values(shown: Shown) -> st.SearchStrategy[object]:
    if shown.kind == "choice":
        return st.sampled_from([choice.key for choice in shown.choices])
    if shown.kind != "number":
        return st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)
    low, high = (shown.low, shown.high) if not shown.above_low else (shown.high / 1e9, shown.high)
    if shown.whole:
        single = st.integers(int(low), int(min(high, 2.0**53))).map(float)
    else:
        single = st.floats(low, high).map(lambda value: value + 0.0)
    pairs = st.tuples(single, single).filter(lambda pair: pair[0] != pair[1])
    ranges = pairs.map(lambda pair: Range(low=min(pair), high=max(pair)))
    return single | ranges | st.lists(single, min_size=1, max_size=4).map(tuple)


TEXTS = st.text(max_size=30)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    document = Document(id=ID).with_words(title=draw(TEXTS), author=draw(TEXTS), remark=draw(TEXTS))
    for path in draw(st.lists(st.sampled_from(sorted(descriptions())), unique=True, max_size=12)):
        value = draw(_values(descriptions()[path]))
        document = document.with_value(path, value, draw(TEXTS))  # type: ignore[arg-type]
        document = document.with_note(path, draw(TEXTS))
        if draw(st.booleans()):
            other = Scenario("Other", {path: value, "training.tokens": None})  # type: ignore[dict-item]
            document = replace(document, scenarios=(other,))
    if draw(st.booleans()):
        document = document.with_value("efficiency.mfu", draw(st.floats(0.1, 0.9))).with_rows([ROW])
    return document


@given(documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_document_survives_the_file_and_gives_the_same_bytes(document: Document) -> None:
    data = to_bytes(document)
    again = read_bytes(data)
    assert again == document
    assert to_bytes(again) == data


def test_one_field_takes_one_line() -> None:
    other = to_bytes(FULL.with_value("training.tokens", 32_768.0, "2048*16")).decode().splitlines()
    differing = [line for line, old in zip(other, GOLDEN.splitlines(), strict=True) if line != old]
    assert [line.strip() for line in differing] == ['"tokens": 32768,', '"training.tokens": "2048*16"']


def broken(old: str, new: str) -> bytes:
    assert old in GOLDEN
    return GOLDEN.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("data", "words", "line", "field"),
    [
        (b"", "empty", None, ""),
        (b" \n\t", "empty", None, ""),
        (b"\0" * 4096, "zero bytes", None, ""),
        (b"{", "not JSON", 1, ""),
        (b"[]", "a plan is a JSON object", 1, ""),
        (b"null", "a plan is a JSON object", 1, ""),
        (b"{}", "needs format", 1, "format"),
        (b"\xff\xfe{\0}\0", "UTF-16", 1, ""),
        (b'{\n"title": "\xe9"}', "not UTF-8", 2, ""),
        (b"<!DOCTYPE html><html></html>", "web page", 1, ""),
        (broken('  "plan": {', '<<<<<<< ours\n  "plan": {'), "merge conflict", 8, ""),
        (broken('"format": 1', '"format": true'), "whole number from 1", 2, "format"),
        (broken('"format": 1', '"format": 1.0'), "whole number from 1", 2, "format"),
        (broken('"format": 1', '"format": 0'), "whole number from 1", 2, "format"),
        (broken('"tokens": 16384', '"tokens": "16384"'), "must be a number", 13, "training.tokens"),
        (broken('"tokens": 16384', '"tokens": true'), "must be a number", 13, "training.tokens"),
        (broken('"tokens": 16384', '"tokens": NaN'), "NaN is not a number", 13, ""),
        (broken('"tokens": 16384', '"tokens": -Infinity'), "-Infinity is not a number", 13, ""),
        (broken('"tokens": 16384', '"tokens": 1e400'), "beyond", 13, ""),
        (broken('"tokens": 16384', '"tokens": ' + "9" * 5000), "beyond", 13, ""),
        (broken('"tokens": 16384', '"tokens": 0.5e0'), "or more", 13, "training.tokens"),
        (broken('"tokens": 16384', '"tokens": []'), "at least one", 13, "training.tokens"),
        (broken('"tokens": 16384', '"tokens": 1, "tokens": 2'), "tokens occurs twice", 13, ""),
        (broken('"tokens": 16384', '"tokns": 16384'), "did you mean tokens?", 13, "training.tokns"),
        (broken('"training": {', '"trainin": {'), "did you mean training?", 12, "trainin"),
        (broken('"bf16"', '"bf17"'), "bf17 is not one of bf16, fp16, fp8", 14, "training.precision"),
        (broken("1000]", '"x"]'), "must be a number", 17, "hardware.devices.3"),
        (broken("1000]", "0]"), "or more", 17, "hardware.devices"),
        (broken('"low": 0.0005', '"low": 0.5'), "low end", 20, "purchase.price"),
        (broken('"low": 0.0005, ', ""), "low is missing", 20, "purchase.price"),
        (broken('"title": "Llama', '"title": "\\u0000Llama'), "control characters", 5, "title"),
        (broken('"title": "Llama', '"title": "\\ud800Llama'), "half a letter", 5, ""),
        (broken('"title": "Llama', '"title": "\x01Llama'), "not JSON", 5, ""),
        (broken('"title": "Llama', '"title": "\\nLlama'), "line break", 5, "title"),
        (broken('"id": "01', '"id": "../01'), "as this format has it", 4, "id"),
        (broken('  "id": "0123456789abcdef0123456789abcdef",\n', ""), "id is missing", 1, ""),
        (broken('"money.total": "signed', '"money": "signed'), "money is not the path", 30, "notes.money"),
        (
            broken('"purchase.way": "spot"', '"purchase.way": "steal"'),
            "one of",
            36,
            "scenarios.1.purchase.way",
        ),
        (broken('"confidence": "high"', '"confidence": "sure"'), "one of", 42, "rows.1"),
        (broken('"engine": "0.1.0",', ""), "engine is missing", 56, "saves.1"),
        (broken('"readable_from": 1', '"readable_from": 7'), "reads format 7", 3, "readable_from"),
    ],
)
def test_a_refusal_names_line_field_and_what_is_allowed(
    data: bytes, words: str, line: int | None, field: str
) -> None:
    with pytest.raises(PlanFileError) as refused:
        opened(data)
    assert words in refused.value.sentence
    assert (refused.value.line, refused.value.field) == (line, field)
    assert "\n" not in str(refused.value)


LITERALS = (
    *(
        "1.",
        ".5",
        "+1",
        "01",
        "0x10",
        "1_000",
        "1e",
        "--1",
        "1,5",
        "'1'",
        "nan",
        "inf",
        "None",
        "True",
        "/*1*/1",
    ),
    *(
        "{}",
        '{"low": 1}',
        '{"low": 1, "high": 1}',
        '{"low": 1, "high": 2, "mid": 1}',
        "[[1]]",
        '["1"]',
        "[null]",
    ),
    *("-1", "1e19", "-0", "1e-400", '"1e3"', "false"),
)


@pytest.mark.parametrize("literal", LITERALS)
def test_a_literal_that_is_no_token_count_is_refused(literal: str) -> None:
    with pytest.raises(PlanFileError):
        opened(broken('"tokens": 16384', f'"tokens": {literal}'))


def test_a_byte_order_mark_is_taken_off_with_a_notice() -> None:
    document, notices = opened(b"\xef\xbb\xbf" + GOLDEN.encode())
    assert document == FULL
    assert "byte order mark" in notices[0]


def test_a_typed_text_that_contradicts_its_value_gives_way_with_a_notice() -> None:
    document, notices = opened(broken('"tokens": 16384', '"tokens": 16385'))
    assert document.plan.get("training.tokens") == 16_385.0
    assert document.raw == {}
    assert "training.tokens" in notices[0]


NEWER = (
    GOLDEN.replace('"format": 1', '"format": 2')
    .replace('"tokens": 16384', '"tokens": {"p5": 1.5, "shape": [1, 2]}')
    .replace('"precision": "bf16"', '"precision": "fp4",\n      "moon": 1e300')
    .replace('"engine": "0.1.0",', '"engine": "0.2.0",\n      "motor": {"a": [{"b": null}]},')
    .replace('"title"', '"colour": "blue",\n  "title"')
    .replace('"purchase": {', '"orbit": {"low": 1},\n    "purchase": {')
    .encode()
)


def test_a_newer_file_opens_with_everything_unknown_kept_and_written_back() -> None:
    document, notices = opened(NEWER)
    assert "7 parts are kept" in notices[0]
    assert document.plan.get("training.precision") is None
    written = json.loads(to_bytes(document))
    assert written == json.loads(NEWER)
    assert to_bytes(read_bytes(to_bytes(document))) == to_bytes(document)


def test_typing_a_field_replaces_what_only_a_newer_version_understood() -> None:
    document = read_bytes(NEWER).with_value("training.tokens", 1e12)
    written = json.loads(to_bytes(document))
    assert written["plan"]["training"]["tokens"] == 1e12
    assert "raw" not in written
    assert written["plan"]["training"]["moon"] == 1e300


def test_a_newer_file_marks_itself_as_such(tmp_path: Path) -> None:
    path = tmp_path / "new.tcplan"
    path.write_bytes(NEWER)
    assert load(path).newer
    path.write_bytes(GOLDEN.encode())
    assert not load(path).newer


def test_a_newer_file_whose_known_parts_are_damaged_is_refused() -> None:
    with pytest.raises(PlanFileError, match="id is missing"):
        opened(NEWER.replace(b'"id"', b'"identity"'))


def test_the_steps_between_formats_are_complete_and_pure() -> None:
    assert set(migrations.STEPS) == set(range(1, FORMAT))
    old = {"format": 1, "plan": {"length": [5]}}

    def renamed(tree: migrations.Tree) -> migrations.Tree:
        tree["plan"]["width"] = tree["plan"].pop("length")
        return tree

    new = migrations.upgraded(old, {1: renamed, 2: lambda tree: tree}, newest=3)
    assert new == {"format": 3, "plan": {"width": [5]}}
    assert old == {"format": 1, "plan": {"length": [5]}}


def test_the_schema_describes_every_field_in_order_and_no_path_of_a_file() -> None:
    described = schema()
    for path, shown in descriptions().items():
        panel, _dot, name = path.partition(".")
        part = described["$defs"][panel.capitalize()]["properties"][name]
        assert part["title"] == shown.label
        if shown.kind == "number":
            assert part["anyOf"][0]["maximum"] == shown.high
    assert list(described["properties"])[:4] == ["format", "readable_from", "id", "title"]
    assert described["additionalProperties"] is False
    json.dumps(described, allow_nan=False)


def test_hostile_words_in_a_refusal_are_one_short_printable_line() -> None:
    for key in ("\\n\\u001b[31m", "\\u202e", "x" * 100_000):
        with pytest.raises(PlanFileError) as refused:
            opened(broken('"title"', f'"{key}"'))
        for text in (str(refused.value), refused.value.field, refused.value.sentence):
            assert text.isprintable()
            assert len(text) < 1000
    newer, notices = opened(NEWER.replace(b'"colour"', b'"col\\u001b\\nour"'))
    assert notices[0].isprintable()
    assert ("col\x1b\nour",) in [place for place, _value in newer.unknown]
