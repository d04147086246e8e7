"""Data packs, own rows, and what they do to a plan: signed, checked to the last cell, nothing by itself."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.catalogue_rows import KEY, cleaner_grid, layer, pack_file, price

from tcplan.catalogue import overlay, pack, prices, publishers, signature
from tcplan.catalogue.cells import FACTS, CellError, all_checked, value_of
from tcplan.catalogue.difference import differences
from tcplan.catalogue.overlay import OverlayError
from tcplan.catalogue.pack import PackError
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES, shipped
from tcplan.estimate import evaluate, rows_in_use
from tcplan.plan.document import Document
from tcplan.plan.plan import Plan
from tcplan.study.newer_rows import effects, newer, together
from tcplan.validation.own_stack import shelf_here

OTHER = signature.SigningKey(
    "Acme Data",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
)
"""The second pair of keys in RFC 8032, section 7.1."""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    yield overlay.folder()
    overlay.forget()
    publishers.forget()


def test_a_signature_is_that_of_the_standard() -> None:
    """A pack that no other program could check would be trusted on our word alone."""
    expected = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert signature.sign(b"", KEY) == expected
    assert signature.is_signed(b"", expected, KEY.public)
    assert not signature.is_signed(b"", expected, OTHER.public)


def test_a_pack_is_read_as_it_was_made(tmp_path: Path) -> None:
    """A row that lost a figure on the way would be believed for its signature."""
    path = pack_file(tmp_path)
    found = pack.read(path)
    assert found.rows == (cleaner_grid(),)
    assert (found.publisher, found.key, found.edition) == ("Acme Data", KEY.public, "2026-11-25")
    assert pack.signed(found.rows, found.removed, found.edition, KEY) == path.read_bytes()


def test_any_changed_byte_is_refused(tmp_path: Path) -> None:
    """One digit of a price changed on the way would be taken for the publisher's."""
    data = pack_file(tmp_path).read_bytes()
    at = data.index(b"100.0")
    for changed in (
        data[:at] + b"900.0" + data[at + 5 :],
        data + b" ",
        data.replace(b"\n", b"\r\n"),
        data[:-40],
    ):
        with pytest.raises(PackError):
            pack.read_bytes(changed)


@given(st.data())
def test_no_mutation_gives_anything_but_our_error(data: st.DataObject) -> None:
    """A damaged file must be a sentence, never a crash of the window that it was dropped on."""
    whole = pack.signed((cleaner_grid(),), (("prices", "x"),), "2026-11-25", KEY)
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(0, 40))
    junk = data.draw(st.binary(max_size=20))
    changed = whole[:at] + junk + whole[at + cut :]
    if changed != whole:
        with pytest.raises(PackError):
            pack.read_bytes(changed)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_signed_rubbish_gives_anything_but_our_error(rubbish: object) -> None:
    """Whoever holds a key can sign anything: rows of the wrong kind must be a sentence too."""
    tree = {"format": 1, "publisher": "Acme Data", "key": KEY.public, "edition": "2026-11-25"}
    for part in ("rows", "removed", "publisher", "edition"):
        whole = {**tree, "rows": [], "removed": [], part: rubbish}
        data = json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        try:
            signed = {**whole, "signature": signature.sign(data.encode(), KEY)}
            text = json.dumps(signed, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            with pytest.raises(PackError):
                pack.read_bytes(text.encode())
        except UnicodeEncodeError:
            continue


HOSTILE = [
    ({"price_usd_per_h": -1.0}, "price_usd_per_h"),
    ({"price_usd_per_h": 1e40}, "price_usd_per_h"),
    ({"price_usd_per_h": "free"}, "price_usd_per_h"),
    ({"provider": 5.0}, "provider"),
    ({"provider": "=HYPERLINK(1)"}, "provider"),
    ({"provider": "\u202eevil"}, "provider"),
    ({"provider": "a\nb"}, "provider"),
    ({"provider": "x" * 501}, "provider"),
    ({"provider": ""}, "provider"),
    ({"currency": "EUR"}, "currency"),
    ({"date": "soon"}, "source_date"),
    ({"table": "performance"}, "table"),
    ({"key": " a"}, "key"),
]


@pytest.mark.parametrize(("changes", "column"), HOSTILE)
def test_a_hostile_cell_is_named(changes: dict[str, object], column: str) -> None:
    """A cell that would run in a spreadsheet, or fool the eye, would be ours once it is in the catalogue."""
    with pytest.raises(OverlayError, match=column):
        layer(price(**changes))


def test_what_is_typed_is_held_against_the_same_form() -> None:
    """A negative price typed by hand would pass where one in a pack is refused."""
    form = TABLES["prices"]
    assert value_of(form, "k", "price_usd_per_h", " 2.5 ") == 2.5
    assert value_of(form, "k", "devices", "") is None
    for text in ("-1", "two", "nan", "inf", ""):
        with pytest.raises(CellError):
            value_of(form, "k", "price_usd_per_h", text)


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing", "large"])
def test_what_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    """A pipe would hang the window for ever, a gigabyte would fill the memory."""
    path = tmp_path / "x.tcdata"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "large":
        with path.open("wb") as out:
            out.truncate(1_000_000_000)
    with pytest.raises(PackError):
        pack.read(path)


def test_a_known_name_with_another_key_is_refused(tmp_path: Path) -> None:
    """Anybody could sign in the name of a publisher that is trusted."""
    found = pack.read(pack_file(tmp_path))
    assert not publishers.is_known(found)
    publishers.accept(found)
    assert publishers.is_known(found)
    forged = pack.read_bytes(pack.signed((cleaner_grid(),), (), "2026-11-26", OTHER))
    for use in (publishers.is_known, publishers.accept):
        with pytest.raises(PackError, match="another key"):
            use(forged)
    assert [one.key for one in publishers.publishers()] == [KEY.public]


def test_a_damaged_list_of_publishers_makes_nobody_new_again(own_folder: Path, tmp_path: Path) -> None:
    """Whoever can damage the list could then bring a key of his own."""
    publishers.accept(pack.read(pack_file(tmp_path)))
    (own_folder / "publishers.json").write_text("{", encoding="utf-8")
    publishers.forget()
    with pytest.raises(PackError, match="cannot be read"):
        publishers.is_known(pack.read(pack_file(tmp_path)))


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    """A key that others of the same computer can read signs for them too."""
    path = tmp_path / "k.tckey"
    made = signature.new_key("Ours")
    signature.write_key(made, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert signature.read_key(path) == made
    path.write_text(path.read_text().replace(made.public, KEY.public))
    with pytest.raises(OverlayError, match="do not belong together"):
        signature.read_key(path)


def test_own_rows_lie_over_packs_over_shipped_rows() -> None:
    """An update, or a pack, would write over what somebody typed."""
    overlay.take([cleaner_grid(100.0)], [("prices", shipped().rows("prices")[0].key)])
    assert shelf_here().find("grids", "USA").get("carbon_g_per_kwh") == 100.0
    assert len(shelf_here().rows("prices")) == len(shipped().rows("prices")) - 1
    overlay.keep([cleaner_grid(50.0)])
    assert shelf_here().find("grids", "USA").get("carbon_g_per_kwh") == 50.0
    assert overlay.layer_of(cleaner_grid()) == "own"
    overlay.take([cleaner_grid(75.0)], [])
    assert shelf_here().find("grids", "USA").get("carbon_g_per_kwh") == 50.0
    overlay.delete("grids", "USA")
    assert shelf_here().find("grids", "USA").get("carbon_g_per_kwh") == 75.0


def test_a_damaged_file_of_own_rows_is_set_aside(own_folder: Path) -> None:
    """The next row that is kept would write over rows that could still be saved by hand."""
    overlay.keep(layer(price()).rows)
    path = own_folder / "own.json"
    path.write_text(path.read_text()[:-20], encoding="utf-8")
    overlay.forget()
    assert overlay.own().rows == ()
    overlay.keep([cleaner_grid()])
    assert "acme-h100" in (own_folder / "own.json.bak").read_text()
    assert overlay.own().rows == (cleaner_grid(),)


def test_a_copy_has_a_key_of_its_own() -> None:
    """The second copy of a row would take the place of the first."""
    row = shipped().find("accelerators", "h100-sxm")
    first = overlay.copy_of(row, shelf_here())
    overlay.keep([first])
    second = overlay.copy_of(row, shelf_here())
    assert (first.key, second.key) == ("own-h100-sxm", "own-h100-sxm-2")


def test_rows_of_a_colleague_can_stand_beside_ones_own() -> None:
    """Importing would lose the row of the same key that was here."""
    overlay.keep(layer(price()).rows)
    theirs = layer(price(price_usd_per_h=9.0), price(key="new")).rows
    assert [row.key for row in overlay.conflicts(theirs)] == ["acme-h100"]
    overlay.keep(overlay.beside(theirs, shelf_here()))
    assert {row.key: row.get("price_usd_per_h") for row in overlay.own().rows} == {
        "acme-h100": 1.0,
        "acme-h100-2": 9.0,
        "new": 1.0,
    }


def test_a_pack_cannot_take_away_what_new_plans_begin_with() -> None:
    """A new plan would open without a country, and every result would be missing."""
    for removed in (("grids", "USA"), ("sites", "world-average")):
        with pytest.raises(OverlayError, match="cannot be removed"):
            differences(shipped(), (), [removed])
    with pytest.raises(OverlayError, match="no row"):
        differences(shipped(), (), [("prices", "never-was")])
    assert differences(shipped(), (), [("prices", "was")], frozenset({("prices", "was")})) == ()


def saved(plan: Plan) -> Document:
    document = Document.new(plan)
    return document.with_rows(rows_in_use(document, evaluate(plan, shelf_here())))


def test_a_plan_does_not_change_by_a_pack_until_it_takes_the_rows() -> None:
    """Last year's offer would say something else after a pack was dropped on another plan."""
    plan = Plan()
    document = saved(plan)
    before = evaluate(plan, shelf_here().with_rows(document.rows))
    near = price(price_usd_per_h=0.5)
    cheap = [Row.from_json({**near, "key": f"cheap-{number}"}) for number in range(60)]
    cheap = [Row(r.table, r.key, {**r.values, "provider": r.key}, r.source, r.date, "high") for r in cheap]
    changed = differences(shelf_here(), [cleaner_grid(), *cheap])
    overlay.take([one.new for one in changed if one.new is not None], [])
    kept = evaluate(plan, shelf_here().with_rows(document.rows))
    assert kept["money.total"].value == before["money.total"].value
    assert kept["carbon.location"].value == before["carbon.location"].value
    found = newer(plan, kept, shelf_here(), document.rows)
    assert {one.table for one in found.differences} == {"grids", "prices"}
    taken = evaluate(plan, shelf_here().with_rows(found.rows))
    assert taken["money.total"].value == found.estimate["money.total"].value < before["money.total"].value
    assert taken["carbon.location"].value < before["carbon.location"].value
    again = newer(plan, taken, shelf_here(), found.rows)
    assert again.differences == ()


def test_a_copied_price_gives_way_to_one_that_is_nearer() -> None:
    """A plan moved to another continent would go on with the price of the first."""
    usual = prices.nearest(shipped(), "h100-sxm", "on-demand", "USA")
    assert usual is not None
    shelf = shipped().with_rows([usual])
    assert prices.nearest(shelf, "h100-sxm", "on-demand", "USA") == usual
    moved = prices.nearest(shelf, "h100-sxm", "on-demand", "DEU")
    assert moved is not None
    assert moved.get("continent") == "Europe"


def test_the_effect_of_each_row_is_told_before_it_is_taken() -> None:
    """A pack would be taken blind, or an effect be told of a row that the plan does not use."""
    plan = Plan()
    now = evaluate(plan, shelf_here())
    other = Row.from_json(price(accelerator="a100-40gb-sxm"))
    changed = differences(shelf_here(), [cleaner_grid(), other])
    told = dict(zip((one.table for one in changed), effects(plan, now, shelf_here(), changed), strict=True))
    assert told["grids"].used
    assert not told["prices"].used
    assert told["prices"].after == told["prices"].before
    alone = evaluate(plan, shelf_here().with_own([cleaner_grid()]))
    assert told["grids"].after["carbon.location"] == alone["carbon.location"].value
    assert told["grids"].after["money.total"] == now["money.total"].value
    assert together(plan, now, shelf_here(), changed).after == told["grids"].after


def test_every_shipped_fact_can_be_published() -> None:
    """A pack that carries the next edition of a table would be refused for what we ship ourselves."""
    rows = tuple(row for table in FACTS for row in shipped().rows(table))
    assert all_checked(rows) == rows
    data = pack.signed(rows, (), "2026-11-25", KEY)
    assert len(data) < pack.LARGEST
    assert differences(shipped(), pack.read_bytes(data).rows) == ()
