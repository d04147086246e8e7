"""`tcplan catalogue`: own rows, keys, packs and their differences, with one sentence for bad input."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.catalogue_rows import KEY, cleaner_grid, pack_file, price, rows_file

from tcplan import cli
from tcplan.catalogue import overlay, publishers, signature
from tcplan.catalogue.signature import write_key


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    yield
    overlay.forget()
    publishers.forget()


def test_a_team_publishes_rows_and_others_take_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only one side of the exchange would work, or a pack would be taken before its publisher is accepted."""
    assert cli.main(["catalogue", "key", "Our Team"]) == 0
    printed = capsys.readouterr().out.splitlines()[1]
    assert (tmp_path / "Our-Team.tckey").stat().st_mode & 0o777 == 0o600
    assert cli.main(["catalogue", "key", "Our Team"]) == 2
    rows_file(tmp_path)
    assert cli.main(["catalogue", "pack", "rows.json", "ours.tcdata", "--key", "Our-Team.tckey"]) == 0
    assert cli.main(["catalogue", "add", "ours.tcdata"]) == 2
    assert printed in capsys.readouterr().err
    assert cli.main(["catalogue", "add", "ours.tcdata", "--accept", "0000"]) == 2
    assert overlay.packs().rows == ()
    assert cli.main(["catalogue", "add", "ours.tcdata", "--accept", printed]) == 0
    capsys.readouterr()
    assert cli.main(["catalogue", "show", "prices", "acme-h100", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["price_usd_per_h"] == 1.0
    assert cli.main(["catalogue", "distrust", "our team"]) == 0
    assert publishers.publishers() == ()


def test_diff_tells_rows_cells_and_the_effect_on_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person could not see what a pack does before taking it."""
    pack_file(tmp_path)
    assert cli.main(["new", "--from", "llama3.1-70b", "plan.tcplan"]) == 0
    before = (tmp_path / "plan.tcplan").read_bytes()
    assert cli.main(["catalogue", "diff", "acme.tcdata", "plan.tcplan", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["publisher"], tree["trusted"]) == ("Acme Data", False)
    assert tree["fingerprint"] == signature.fingerprint(KEY.public)
    (row,) = tree["changes"]
    assert (row["table"], row["key"], row["kind"], row["used"]) == ("grids", "USA", "changed", True)
    assert {"column": "carbon_g_per_kwh", "old": row["old"]["carbon_g_per_kwh"], "new": 100.0} in row["cells"]
    carbon = row["effect"]["carbon.location"]
    assert carbon["after"] < carbon["before"]
    assert tree["together"] == row["effect"]
    assert cli.main(["catalogue", "diff", "acme.tcdata", "plan.tcplan"]) == 0
    text = capsys.readouterr().out
    assert "carbon_g_per_kwh" in text
    assert "carbon −" in text
    assert (tmp_path / "plan.tcplan").read_bytes() == before
    assert overlay.packs().rows == ()


def test_diff_of_a_plan_that_cannot_be_carried_out_is_code_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script would go on with figures of a plan that does not fit."""
    pack_file(tmp_path)
    assert cli.main(["new", "--from", "llama3.1-405b", "plan.tcplan"]) == 0
    from tcplan.plan.file import load, save

    document = load(tmp_path / "plan.tcplan").document.with_value("hardware.devices", 8.0)
    save(document, tmp_path / "small.tcplan", None)
    assert cli.main(["catalogue", "diff", "acme.tcdata", "small.tcplan"]) == 1
    assert capsys.readouterr().err


def test_own_rows_go_in_and_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A colleague's file would write over one's own row unasked."""
    rows_file(tmp_path)
    assert cli.main(["catalogue", "add", "rows.json"]) == 0
    rows_file(tmp_path, price(price_usd_per_h=7.0))
    assert cli.main(["catalogue", "add", "rows.json"]) == 2
    assert "--keep-both" in capsys.readouterr().err
    assert cli.main(["catalogue", "add", "rows.json", "--keep-both"]) == 0
    assert [row.get("price_usd_per_h") for row in overlay.own().rows] == [1.0, 7.0]
    assert cli.main(["catalogue", "add", "rows.json", "--replace"]) == 0
    assert [row.get("price_usd_per_h") for row in overlay.own().rows] == [7.0, 7.0]
    assert cli.main(["catalogue", "export", "out.json"]) == 0
    assert overlay.read_bytes((tmp_path / "out.json").read_bytes()) == overlay.own()
    assert cli.main(["catalogue", "remove", "prices", "acme-h100-2"]) == 0
    assert cli.main(["catalogue", "remove", "prices", "acme-h10"]) == 2
    assert "acme-h100" in capsys.readouterr().err


BAD = [
    (["show", "prices", "acme"], "prices has no row"),
    (["list", "nothing"], "nothing"),
    (["add", "absent.json"], "no such file"),
    (["add", "plan.json"], "no catalogue rows"),
    (["add", "negative.json"], "price_usd_per_h"),
    (["add", "twice.json"], "twice"),
    (["add", "."], "folder"),
    (["diff", "short.tcdata"], "short.tcdata"),
    (["diff", "changed.tcdata"], "signature"),
    (["diff", "rows.json"], "data pack"),
    (["diff", "acme.tcdata", "absent.tcplan"], "no such file"),
    (["pack", "rows.json", "x.tcdata", "--key", "rows.json"], "no key"),
    (["pack", "rows.json", "x.json", "--key", "k.tckey"], ".tcdata"),
    (["pack", "rows.json", "x.tcdata", "--key", "k.tckey", "--edition", "soon"], "edition"),
    (["key", "a\x1b[31m"], "printable"),
    (["distrust", "Nobody"], "Nobody"),
    (["export", "x.json"], "no own rows"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[" ".join(words) for words, _said in BAD])
def test_bad_input_is_one_sentence_and_changes_nothing(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback says nothing to a person, and half of a file might be in the catalogue."""
    rows_file(tmp_path, price(price_usd_per_h=-1.0)).rename(tmp_path / "negative.json")
    rows_file(tmp_path, price(), price()).rename(tmp_path / "twice.json")
    rows_file(tmp_path)
    (tmp_path / "plan.json").write_text('{"format": 1, "plan": {}}', encoding="utf-8")
    data = pack_file(tmp_path).read_bytes()
    (tmp_path / "short.tcdata").write_bytes(data[:300])
    (tmp_path / "changed.tcdata").write_bytes(data.replace(b"100.0", b"101.0"))
    write_key(KEY, tmp_path / "k.tckey")
    files = sorted(path.name for path in tmp_path.iterdir())
    assert cli.main(["catalogue", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    assert overlay.own().rows == overlay.packs().rows == ()


def test_a_removed_row_that_a_plan_uses_stays_in_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A saved plan would lose its price with the next pack."""
    assert cli.main(["new", "--from", "llama3.1-70b", "plan.tcplan"]) == 0
    assert cli.main(["evaluate", "plan.tcplan", "--csv"]) == 0
    before = capsys.readouterr().out
    from tcplan.plan.file import load

    used = next(row for row in load(tmp_path / "plan.tcplan").document.rows if row.table == "prices")
    pack_file(tmp_path, (cleaner_grid(),), (("prices", used.key),))
    words = ["catalogue", "add", "acme.tcdata", "--accept", signature.fingerprint(KEY.public)]
    assert cli.main(words) == 0
    assert cli.main(["evaluate", "plan.tcplan", "--csv"]) == 0
    assert capsys.readouterr().out == before
