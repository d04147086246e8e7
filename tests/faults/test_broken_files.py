"""Files that are damaged, foreign or hostile: a sentence or a valid plan, nothing else, and soon."""

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.plan.document import Document
from tcplan.plan.file import PlanFileError, load, opened, read_bytes, to_bytes

WHOLE = (Path(__file__).parents[1] / "old_files" / "0.1.0" / "maximal.tcplan").read_bytes()
FLIPS_TRIED = 1500


def read(data: bytes) -> Document | None:
    """Return the document, None when it is refused; any other outcome fails the test."""
    try:
        return read_bytes(data)
    except PlanFileError as error:
        sentence = str(error)
    assert sentence
    assert "\n" not in sentence
    return None


def test_no_part_of_a_file_passes_for_the_whole() -> None:
    step = max(1, len(WHOLE) // 1500)
    for length in range(0, len(WHOLE.rstrip()), step):
        assert read(WHOLE[:length]) is None


def test_a_flipped_bit_gives_a_sentence_or_a_valid_plan() -> None:
    bits = len(WHOLE) * 8
    accepted = 0
    for bit in range(0, bits, bits // FLIPS_TRIED):
        data = bytearray(WHOLE)
        data[bit // 8] ^= 1 << (bit % 8)
        document = read(bytes(data))
        if document is not None:
            accepted += 1
            again = to_bytes(document)
            assert to_bytes(read_bytes(again)) == again
    assert accepted > 0


@given(st.data())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_pieces_moved_about_give_a_sentence_or_a_valid_plan(data: st.DataObject) -> None:
    mutant = bytearray(WHOLE)
    for _turn in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(mutant))] * 2)))
        piece = data.draw(
            st.sampled_from(
                [b"", b"{", b"]", b'"', b"1e999", b"null", b"\\u0000", b"\xff", b"[[", b",", b"-"]
            )
            | st.just(bytes(mutant[start:end]) * 2)
        )
        mutant[start : min(end, start + 40)] = piece
    read(bytes(mutant))


@given(st.binary(max_size=200))
@settings(derandomize=True, deadline=None)
def test_noise_is_refused(noise: bytes) -> None:
    assert read(noise) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_foreign_json_in_any_place_gives_a_sentence_or_a_valid_plan(value: object) -> None:
    for key in json.loads(WHOLE):
        tree = json.loads(WHOLE) | {key: value}
        read(json.dumps(tree).encode())


BOMBS = {
    "brackets": b"[" * 10**7,
    "braces": b'{"a":' * 10**6,
    "pairs of brackets": b"[" + b"[]," * 5_000_000 + b"[]]",
    "many keys": b"{" + b",".join(b'"k%d":1' % at for at in range(500_000)) + b"}",
    "one key often": b"{" + b",".join([b'"k":1'] * 1_000_000) + b"}",
    "digits": WHOLE.replace(b'"tokens": ', b'"tokens": ' + b"9" * 10**6, 1),
    "decimals": WHOLE.replace(b'"tokens": ', b'"tokens": 0.' + b"9" * 10**6, 1),
    "spaces": b" " * 15_999_999,
    "one long text": WHOLE.replace(b'"title": "', b'"title": "' + b"x" * 10**7, 1),
    "quotes": b'"' * 10**7,
    "backslashes": b'"' + b"\\" * 10**7,
    "numbers": b"[" + b"1," * 7_000_000 + b"1]",
    "too large": b" " * 17_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused(bomb: bytes) -> None:
    assert read(bomb) is None


def test_newer_files_are_no_way_around_the_limits() -> None:
    newer = WHOLE.replace(b'"format": 1', b'"format": 2', 1)
    keys = b",".join(b'"k%d": 1' % at for at in range(5000))
    assert read(newer.replace(b'"title"', keys + b', "title"', 1)) is None
    assert read(newer.replace(b'"title"', b'"x": ' + b"[" * 100 + b"]" * 100 + b', "title"', 1)) is None
    assert read(newer.replace(b'"title"', b'"x": "\\ud800", "title"', 1)) is None


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.tcplan"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(PlanFileError, match="folder or a device"):
            load(path)
    with pytest.raises(PlanFileError, match="no such file"):
        load(tmp_path / "gone.tcplan")
    with pytest.raises(PlanFileError, match="cannot be read"):
        load(tmp_path / "nul\0byte")
    with pytest.raises(PlanFileError, match="cannot be read"):
        load(tmp_path / ("x" * 300))


def test_a_huge_sparse_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.tcplan"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(PlanFileError, match="16 MB"):
        load(path)


def test_names_of_code_in_a_file_stay_texts() -> None:
    payloads = (
        "__import__('os').system('true')",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "../../etc/passwd",
        "<img src=x>",
    )
    for payload in payloads:
        document = read_bytes(to_bytes(Document(id="0" * 32).with_words(title=payload, remark=payload)))
        assert document.title == payload
        assert document.remark == payload


def test_reading_calls_nothing_but_reading() -> None:
    seen: list[str] = []
    watching = [True]

    def watch(event: str, _arguments: tuple[object, ...]) -> None:
        if watching[0]:
            seen.append(event)

    opened(WHOLE)
    sys.addaudithook(watch)
    try:
        opened(WHOLE)
        read(WHOLE[:-50])
    finally:
        watching[0] = False
    forbidden = ("open", "socket", "subprocess", "os.", "pickle", "exec", "compile", "import", "shutil")
    assert [event for event in seen if event.startswith(forbidden)] == []
