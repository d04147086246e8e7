"""Each template as its reader gets it: what a board, a reviewer, an auditor and a buyer look for."""

import csv
import datetime
import io
from dataclasses import replace

import pytest

from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example, example_keys
from tcplan.plan.document import Document
from tcplan.plan.plan import Plan, Value
from tcplan.report.bill_lines import bill_lines
from tcplan.report.blocks import Amount, Bars, Block, Heading, Paragraph, Printout, Table, Worked
from tcplan.report.case import Case
from tcplan.report.comma_separated import comma_separated
from tcplan.report.credits import credits_of
from tcplan.report.html import html
from tcplan.report.latex import latex
from tcplan.report.markdown import markdown
from tcplan.report.numbers import figure
from tcplan.report.templates.quotes import names_of
from tcplan.report.templates.registry import TEMPLATES, TemplateError, template
from tcplan.validation.on_paper import sureness_of

TODAY = datetime.date(2026, 11, 25)
HOUR = 3600.0
DAY = 86_400.0
TERA = 1e12


def printed(document: Document, name: str, scenario: str = "Base") -> tuple[Printout, Estimate]:
    there = document.in_scenario(scenario)
    estimate = evaluate(there.plan)
    return TEMPLATES[name].make(Case(there, estimate, TODAY, scenario, sureness_of)), estimate


def of(changes: dict[str, Value], key: str = "llama3.1-70b") -> Document:
    return Document.new(example(key).plan.with_values(changes), "Plan")


def table(sheet: Printout, heading: str) -> Table:
    """Return the first table under a heading."""
    blocks = [*sheet.blocks, *sheet.appendix]
    start = blocks.index(Heading(heading))
    return next(one for one in blocks[start:] if isinstance(one, Table))


def words(blocks: tuple[Block, ...]) -> str:
    texts = [one.text for one in blocks if isinstance(one, Heading | Paragraph)]
    texts += [str(cell) for one in blocks if isinstance(one, Table) for row in one.rows for cell in row]
    return " ".join(texts)


@pytest.fixture
def offers() -> Document:
    """Return one run under two quotes, each with its own way to be dear."""
    document = of({"programme.people": 5.0, "programme.pay": 200_000 / 31_557_600})
    document = document.with_scenario(
        "Quote North",
        {
            "purchase.price": 2.5 / HOUR,
            "purchase.setup_cost": 2e5,
            "purchase.support_share": 0.05,
            "purchase.storage_size": 500 * TERA,
            "purchase.storage_price": 20 / TERA / (31_557_600 / 12),
            "purchase.term": 120 * DAY,
        },
    )
    return document.with_scenario(
        "Quote South",
        {
            "purchase.price": 2.2 / HOUR,
            "purchase.availability": 0.9,
            "purchase.delivery_time": 30 * DAY,
            "purchase.energy_billed": "apart",
        },
    )


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("key", example_keys())
def test_each_template_renders_each_example_in_each_format(name: str, key: str) -> None:
    """Fails when a family of networks lacks a result that a template needs, or a row is ragged."""
    sheet, estimate = printed(example(key), name)
    for one in (*sheet.blocks, *sheet.appendix):
        if isinstance(one, Table):
            assert {len(row) for row in one.rows} <= {len(one.heads)}
    for text in (html(sheet), markdown(sheet), latex(sheet), comma_separated(sheet)):
        assert estimate.plan.fingerprint() in text
        assert " nan" not in text.lower()


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize(
    "changes",
    [
        {"model.family": "speech", "purchase.way": "own"},
        {"model.family": "convnext"},
        {"hardware.devices": 1.0},
        {"hardware.accelerator": "v100-sxm2-32", "training.precision": "fp8"},
        {"training.task": "lora"},
        {"time.step": 20.0},
    ],
)
def test_a_plan_that_cannot_be_computed_is_said_to_be_so(name: str, changes: dict[str, Value]) -> None:
    """Fails when an unknown figure breaks a sheet, or a sheet is silent about what is impossible."""
    plan = Plan().with_values(changes) if "model.family" in changes else of(changes).plan
    sheet, estimate = printed(
        Document.new(plan, "Odd").with_scenario("Other", {"purchase.way": "spot"}), name
    )
    for render in (html, markdown, latex, comma_separated):
        assert " nan" not in render(sheet).lower()
    errors = [one.sentence for one in estimate.findings if one.level == "error"]
    if errors and name != "one-page":
        assert errors[0] in sheet.lead


def test_a_board_reads_the_limits_three_risks_and_what_was_left_out() -> None:
    """Fails when a missed deadline looks held, or what costs nothing here is not named."""
    sheet, estimate = printed(of({"programme.budget": 60e6, "programme.deadline": 90 * DAY}), "board")
    assert estimate["time.run"].si > 90 * DAY
    budget, deadline = table(sheet, "Limits").rows
    assert str(budget[-1]).startswith("yes, chance 9")
    assert str(deadline[-1]).startswith("no, chance ")
    assert len([one for one in sheet.blocks if isinstance(one, Paragraph) and one.text[:3] in RISKS]) == 3
    left_out = words(sheet.blocks)
    for name in ("staff", "data", "contingency"):
        assert name in left_out.partition("Not counted")[2]
    assert any(isinstance(one, Bars) and one.total is not None for one in sheet.blocks)


RISKS = ("1. ", "2. ", "3. ")


def test_a_grant_adds_up_and_shows_each_formula_and_price() -> None:
    """Fails when lines and total part, or a price stands without source, date and age."""
    changes: dict[str, Value] = {
        "purchase.way": "own",
        "programme.researchers": 3.0,
        "programme.labels": 1e5,
        "purchase.setup_cost": 1e5,
        "programme.contingency": 0.1,
        "programme.tax_share": 0.2,
    }
    sheet, estimate = printed(
        of(changes).with_words(remark="Only this machine holds it.\nNo other."), "grant"
    )
    asked = table(sheet, "Resources asked for")
    amounts = [cell.value for row in asked.rows for cell in row if isinstance(cell, Amount)]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
    assert amounts[-1] == estimate["money.total"].value
    assert all(row[2] for row in asked.rows)
    prices = {str(row[0]): row for row in table(sheet, "Where the prices come from").rows}
    for name in ("Device price", "Electricity price", "Pay of researchers", "Price per pair"):
        _label, value, source, date, _age, _note = prices[name]
        assert isinstance(value, Amount)
        assert source
        assert date
    blocks = list(sheet.blocks)
    start = blocks.index(Heading("Justification"))
    assert blocks[start + 1 : start + 3] == [Paragraph("Only this machine holds it."), Paragraph("No other.")]


def test_a_grant_says_which_prices_are_stale_or_only_typed() -> None:
    """Fails when a reviewer finds an old price that the sheet passed over."""
    document = of({"programme.labels": 1e5, "purchase.price": 3.0 / HOUR})
    sheet, _estimate = printed(document, "grant")
    assert "older than a year" in words(sheet.blocks)
    assert "Typed without a note that says whose offer it is: Price." in words(sheet.blocks)
    noted, _estimate = printed(document.with_note("purchase.price", "Offer 17 of the vendor"), "grant")
    assert "Typed without a note" not in words(noted.blocks)
    assert "Offer 17 of the vendor" in words(noted.blocks)


@pytest.mark.parametrize("key", example_keys())
def test_the_lines_of_the_bill_are_the_total(key: str) -> None:
    """Fails when a new cost enters the total and not the lines."""
    everything: dict[str, Value] = {
        "programme.experiments": 0.3,
        "programme.evaluation_share": 0.02,
        "programme.served_tokens": 1e12,
        "programme.data_cost": 1e5,
        "programme.cleaning_price": 1e-8,
        "programme.synthetic_tokens": 1e9,
        "programme.ai_pairs": 1e5,
        "programme.storage": 1e4,
        "programme.archive_size": 1e15,
        "programme.sent_size": 1e14,
        "programme.engineers": 2.0,
        "programme.annotators": 7.0,
        "purchase.egress_size": 1e14,
        "purchase.egress_price": 1e-10,
        "purchase.network_fee": 0.01,
        "purchase.support_share": 0.05,
        "programme.tax_share": 0.2,
        "programme.contingency": 0.1,
        "purchase.interest": 1e-9,
        "purchase.device_price": 3e4,
        "purchase.operators": 2.0,
        "purchase.operator_pay": 0.003,
    }
    for way in ("on-demand", "own", "spot"):
        estimate = evaluate(example(key).plan.with_values({**everything, "purchase.way": way}))
        total = sum(line.value for line in bill_lines(estimate))
        assert total == pytest.approx(estimate["money.total"].value, rel=1e-9), way
        typed = evaluate(estimate.plan.set("money.compute", 1e6))
        total = sum(line.value for line in bill_lines(typed))
        assert total == pytest.approx(typed["money.total"].value, rel=1e-9), way


@pytest.mark.parametrize(
    ("tokens", "earlier", "verdicts"),
    [
        (1e11, 0.0, ("not passed", "not passed")),
        (15e12, 0.0, ("passed", "not passed")),
        (15e12, 2e25, ("passed", "passed")),
        (30e12, 0.0, ("passed", "passed")),
    ],
)
def test_the_thresholds_of_the_ai_act_count_further_training(
    tokens: float, earlier: float, verdicts: tuple[str, str]
) -> None:
    """Fails when earlier compute of the same model is not added, or a threshold is a power off."""
    changes: dict[str, Value] = {"training.tokens": tokens, "training.earlier_flop": earlier}
    sheet, estimate = printed(of(changes), "ai-act")
    rows = table(sheet, "Compute against the thresholds").rows
    assert tuple(str(row[-1]) for row in rows[:2]) == verdicts
    limits = [row[1].value for row in rows[:2] if isinstance(row[1], Amount)]
    assert limits == [1e23, 1e25]
    parts = table(sheet, "What the compute is made of").rows
    amounts = [row[1].value for row in parts if isinstance(row[1], Amount)]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
    assert amounts[-1] == pytest.approx(estimate["compute.model_flop"].value + earlier)


def test_the_ai_act_sheet_cites_the_law_and_gives_no_advice() -> None:
    """Fails when annex XI lacks a point, or a reader takes the sheet for counsel."""
    sheet, _estimate = printed(of({"training.earlier_flop": 2e25}), "ai-act")
    text = words(sheet.blocks)
    assert "not legal advice" in sheet.lead
    assert "Regulation (EU) 2024/1689" in text
    assert "greater than 10²⁵" in text
    points = [str(row[0]) for row in table(sheet, "Annex XI: what this plan can say").rows]
    for point in ("1(a)", "1(d)", "2(b)", "2(c)", "2(d)", "2(e)", "Section 2"):
        assert any(one.startswith(point) for one in points), point


def test_carbon_stands_on_both_bases_and_offsets_lower_nothing() -> None:
    """Fails when contracts change the location basis, or offsets are subtracted anywhere."""
    changes: dict[str, Value] = {"site.contract_share": 0.5, "site.hourly_share": 0.4}
    plain, estimate = printed(of(changes), "carbon")
    bought, _other = printed(of({**changes, "site.offsets": 1e6}), "carbon")
    found = table(plain, "Emissions, both bases side by side")
    assert table(bought, "Emissions, both bases side by side") == found
    assert "subtracted nowhere" in words(bought.blocks)
    first, *_rest, last = found.rows
    assert [cell.value for cell in first if isinstance(cell, Amount)] == [
        estimate["carbon.location"].value,
        estimate["carbon.market"].value,
    ]
    whole = [cell.value for cell in last if isinstance(cell, Amount)]
    assert whole[0] == pytest.approx(estimate["carbon.total"].value)
    assert whole[0] - whole[1] == pytest.approx(
        estimate["carbon.location"].value - estimate["carbon.market"].value
    )
    text = words(plain.blocks)
    assert "only in the hour in which it delivers" in text
    for part in ("Scope 2", "Scope 3", "Lowest published figure", "Highest published figure", "SCI", "PUE"):
        assert part in text
    assert "London" in text
    assert "none of these is used in a figure" in text


def test_carbon_says_what_was_measured() -> None:
    """Fails when a modelled figure passes for one that a meter has read."""
    modelled, _estimate = printed(of({}), "carbon")
    measured, _estimate = printed(of({"site.mean_power": 600.0}), "carbon")
    assert modelled.lead.startswith("Modelled, not measured")
    assert "states mean power of a device as measured" in measured.lead


def test_quotes_are_brought_to_one_basis(offers: Document) -> None:
    """Fails when lines and total part, energy billed apart is lost, or goodput is not in the hourly cost."""
    sheet, _estimate = printed(offers, "quotes")
    costs = table(sheet, "On one basis")
    assert costs.heads == ("Cost", "Quote North", "Quote South")
    for column, name in enumerate(costs.heads[1:], start=1):
        estimate = evaluate(offers.scenario_plan(name))
        cells = [row[column] for row in costs.rows]
        amounts = [cell.value for cell in cells if isinstance(cell, Amount)]
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1])
        assert amounts[-1] == pytest.approx(estimate["money.total"].value)
        basis = next(one for one in sheet.blocks if isinstance(one, Table) and one.heads[0] == "Basis")
        rows = {str(row[0]): row[column] for row in basis.rows}
        hourly = rows["Total, for each useful device-hour"]
        assert isinstance(hourly, Amount)
        useful = estimate["time.useful_device_hours"].value
        assert hourly.value == pytest.approx(estimate["money.total"].value / useful)
        days = rows["From order to end"]
        assert isinstance(days, Amount)
        assert days.value == estimate["time.until_done"].value
    south = {str(row[0]): row[2] for row in costs.rows}
    assert isinstance(south["Energy"], Amount)
    assert south["Energy"].value > 0.0
    assert "ranges" in words(sheet.blocks)


def test_the_cheaper_quote_is_named_or_neither(offers: Document) -> None:
    """Fails when two offers of one price are told apart, or the dearer one is called cheaper."""
    sheet, _estimate = printed(offers, "quotes")
    first, second = sorted(
        ("Quote North", "Quote South"),
        key=lambda name: evaluate(offers.scenario_plan(name))["money.total"].si,
    )
    assert sheet.answer.startswith(first)
    assert second in sheet.answer
    same = offers.with_copy("Quote North again", "Quote North").without_scenario("Quote South")
    assert "cannot be told apart" in printed(same, "quotes")[0].answer


@pytest.mark.parametrize(
    ("names", "compared"),
    [
        (("Base",), ("Base",)),
        (("Base", "Spot", "Own"), ("Base", "Spot", "Own")),
        (("Base", "Quote A", "Own"), ("Base", "Quote A", "Own")),
        (("Base", "Quote A", "quote B", "Own"), ("Quote A", "quote B")),
    ],
)
def test_which_scenarios_are_quotes(names: tuple[str, ...], compared: tuple[str, ...]) -> None:
    """Fails when a plan that is no offer stands among the offers."""
    assert names_of(names) == compared


def test_the_scenario_in_force_changes_no_quote(offers: Document) -> None:
    """Fails when the differences of the scenario in force leak into the others."""
    base, _estimate = printed(offers, "quotes")
    inside, _other = printed(offers, "quotes", "Quote South")
    assert inside.blocks == base.blocks
    assert inside.scenario == "Quote South"


def test_more_quotes_than_a_page_is_wide_go_into_tables_below(offers: Document) -> None:
    """Fails when a sixth offer is dropped or makes every column too narrow to read."""
    for number in range(4):
        offers = offers.with_copy(f"Quote {number}", "Quote North")
    sheet, _estimate = printed(offers, "quotes")
    costs = [one for one in sheet.blocks if isinstance(one, Table) and one.heads[0] == "Cost"]
    assert [len(one.heads) - 1 for one in costs] == [4, 2]


def test_credits_stand_at_the_foot_and_only_of_what_was_used() -> None:
    """Fails when a licence's condition is broken, or a source is thanked that gave nothing."""
    plan = of({})
    names = {one.name for one in credits_of(evaluate(plan.plan))}
    assert any(name.startswith("Ember") for name in names)
    assert any(name.startswith("Epoch AI") for name in names)
    assert not any(name.startswith("Australian") for name in names)
    sheet, _estimate = printed(plan, "carbon")
    last = sheet.appendix[-1]
    assert isinstance(last, Paragraph)
    assert last.text.startswith("Credits: ")
    assert "CC BY 4.0" in last.text


def test_the_table_of_a_sheet_has_every_digit_and_its_unit() -> None:
    """Fails when the CSV holds rounded numbers or numbers without a unit."""
    sheet, estimate = printed(of({}), "carbon")
    rows = list(csv.reader(io.StringIO(comma_separated(sheet))))
    electricity = next(row for row in rows if row[:1] == ["Electricity of the run"])
    assert float(electricity[1]) == estimate["carbon.location"].value
    assert electricity[2] == "kgCO2e"
    pue = next(row for row in rows if row[:1] == ["PUE"])
    assert float(pue[1]) == estimate.field("site.pue").value


def test_each_formula_of_an_appendix_comes_with_its_numbers() -> None:
    """Fails when a sheet shows results without saying how they come about."""
    for name in TEMPLATES:
        sheet, estimate = printed(of({}), name)
        worked = [one for one in sheet.appendix if isinstance(one, Worked)]
        assert len(worked) >= 3, name
        for one in worked:
            result = estimate[one.formula.path]
            assert one.shown == str(figure(result.value, result.unit, 3))
            assert one.formula.numbers


def test_an_unknown_template_is_refused_with_the_list() -> None:
    """Fails when a misspelt template prints another sheet."""
    with pytest.raises(TemplateError) as caught:
        template("bord")
    for name in TEMPLATES:
        assert name in str(caught.value)


def test_the_author_and_a_remark_of_several_lines_are_printed() -> None:
    """Fails when a template forgets who speaks, or joins paragraphs."""
    document = replace(of({}), author="Zoe Ångström", remark="First.\n\nSecond.")
    for name in TEMPLATES:
        if name != "one-page":
            sheet, _estimate = printed(document, name)
            assert "Zoe Ångström" in sheet.byline
            assert Paragraph("First.") in sheet.blocks
            assert Paragraph("Second.") in sheet.blocks
