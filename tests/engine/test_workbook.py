"""The workbook: opened it shows the engine's values, recalculated it comes to them, changed it follows."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.engine.cell_formulas import Book, read_book

from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example, example_keys
from tcplan.plan.document import Document
from tcplan.plan.plan import Plan, Value
from tcplan.report.templates.registry import TEMPLATES
from tcplan.report.workbook import workbook
from tcplan.results import RESULTS
from tcplan.validation.on_paper import printout_today

OWNED: dict[str, Value] = {
    "purchase.way": "own",
    "purchase.setup_cost": 2e5,
    "purchase.resale_share": 0.1,
    "programme.researchers": 4.0,
    "programme.contingency": 0.1,
    "programme.tax_share": 0.2,
    "site.contract_share": 0.5,
    "hardware.power_cap": 600.0,
}


def made(plan: Plan, template: str = "one-page") -> tuple[bytes, Estimate]:
    estimate = evaluate(plan)
    sheet = printout_today(Document.new(plan, "Plan"), estimate, name=template)
    return workbook(sheet, estimate), estimate


def plans() -> dict[str, Plan]:
    found = {key: example(key).plan for key in example_keys()}
    found["owned"] = found["llama3.1-70b"].with_values(OWNED)
    found["typed"] = found["gpt3-175b"].set("efficiency.mfu", 0.4).set("money.total", 5e6)
    found["phases"] = found["llama3.1-70b"].set("training.second_phase_tokens", 1e12)
    found["family"] = Plan().with_values({"model.family": "convnext"})
    return found


PLANS = plans()


def by_path(book: Book) -> dict[str, str]:
    """Return the row of the model of each address."""
    places = {at: value for (sheet, at), value in book.cached.items() if sheet == "Model" and at[0] == "I"}
    return {str(path): at[1:] for at, path in places.items() if path}


@pytest.mark.parametrize("key", PLANS)
def test_recalculated_it_equals_the_engine(key: str) -> None:
    """Fails when a formula of a cell is not that of the chain, or a cached value is missing or stale."""
    data, estimate = made(PLANS[key])
    book = read_book(data)
    assert len(book.formulas) > 300
    for place, cached in book.cached.items():
        if place in book.formulas:
            assert book.value(place) == pytest.approx(cached, rel=1e-9), (place, book.formulas[place])
    rows = by_path(book)
    for path in RESULTS:
        assert book.cached["Model", f"B{rows[path]}"] == pytest.approx(estimate[path].value, rel=1e-12), path
        assert book.cached["Model", f"D{rows[path]}"] == pytest.approx(estimate[path].si, rel=1e-12), path


def test_the_results_of_the_summary_are_those_of_the_model() -> None:
    """Fails when the summary holds numbers that do not move with the inputs."""
    data, estimate = made(PLANS["owned"])
    book = read_book(data)
    shown = {str(book.cached["Summary", f"A{row}"]): f"B{row}" for row in range(2, 2 + len(RESULTS))}
    for path in RESULTS:
        at = shown[estimate[path].label]
        assert book.formulas["Summary", at].startswith("'Model'!$B$")
        assert book.cached["Summary", at] == pytest.approx(estimate[path].value, rel=1e-12)


@pytest.mark.parametrize(
    ("path", "value", "follows"),
    [
        ("purchase.price", 3.0 / 3600, ("money.total", "money.compute")),
        ("site.pue", 1.1, ("energy.facility", "carbon.location", "water.total")),
        ("training.tokens", 2e12, ("compute.model_flop", "time.run", "money.total", "energy.facility")),
        ("site.contract_share", 0.8, ("carbon.market",)),
        ("programme.contingency", 0.25, ("money.total",)),
    ],
)
def test_an_input_that_is_changed_in_the_workbook_moves_what_it_moves_in_the_engine(
    path: str, value: float, follows: tuple[str, ...]
) -> None:
    """Fails when a worksheet is a picture of numbers."""
    plan = example("gpt3-175b").plan
    data, estimate = made(plan)
    layout = {f"layout.{name}": found for name, found in estimate.layout.items() if name not in CODES}
    book, after = read_book(data), evaluate(plan.with_values({**layout, path: value}))
    row = by_path(book)[path]
    field = after.field(path)
    scale = float(book.formulas["Model", f"D{row}"].partition("*")[2].strip("()"))
    changed = book.changed(("Model", f"B{row}"), field.value / scale)
    for result in follows:
        at = ("Model", f"B{by_path(book)[result]}")
        assert changed.value(at) == pytest.approx(after[result].value, rel=1e-6), result
        assert changed.value(at) != pytest.approx(book.cached[at], rel=1e-6)


CODES = ("recompute", "sharding")


def test_what_no_cell_can_compute_says_so() -> None:
    """Fails when a number that will not follow the inputs looks like one that does."""
    data, _estimate = made(PLANS["llama3.1-70b"])
    book, rows = read_book(data), by_path(read_book(data))
    for path in ("layout.tensor", "time.feed_forward_forward"):
        at = f"D{rows[path]}"
        assert book.formulas.get(("Model", at), "").partition("*")[0] in ("", f"$B${rows[path]}")
        assert "entered as a value" in str(book.cached["Model", f"G{rows[path]}"])


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_has_a_worksheet_and_the_model(template: str) -> None:
    """Fails when a template's workbook lacks its own page, or its cells refer to nothing."""
    data, _estimate = made(PLANS["llama3.1-70b"], template)
    book = read_book(data)
    sheets = list(dict.fromkeys(sheet for sheet, _at in book.cached))
    assert sheets == [TEMPLATES[template].label, "Summary", "Model"]
    for place in (place for place in book.formulas if place[0] == sheets[0]):
        assert book.value(place) == pytest.approx(book.cached[place], rel=1e-9)


def test_a_spreadsheet_program_comes_to_the_same_values(tmp_path: Path) -> None:
    """Fails when only our own reader takes a formula; LibreOffice is asked where it is on the machine."""
    program = shutil.which("soffice")
    data, _estimate = made(PLANS["owned"])
    bare = tmp_path / "bare.xlsx"
    bare.write_bytes(without_values(data))
    assert b"<f>" in data or read_book(data).formulas
    if program is None:
        return
    words = ["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out")]
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    subprocess.run([program, home, *words, str(bare)], check=True, capture_output=True, timeout=120)
    found, wanted = read_book((tmp_path / "out" / "bare.xlsx").read_bytes()), read_book(data)
    for place, value in wanted.cached.items():
        if place in wanted.formulas:
            assert found.cached[place] == pytest.approx(value, rel=1e-9), place


def without_values(data: bytes) -> bytes:
    """Return the workbook without the values of its formulas, so that they must be computed."""
    store = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(store, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if "worksheets/" in name:
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            new.writestr(name, text)
    return store.getvalue()
