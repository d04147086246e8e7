"""The sheet says how sure its figures are, and what they rest on."""

import pytest

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan.report.markdown import markdown
from tcplan.report.numbers import band
from tcplan.validation.certainty import certainty
from tcplan.validation.on_paper import printout_today, sheet_today


@pytest.fixture
def document() -> Document:
    return example("llama3.1-70b")


def test_the_sheet_has_the_bands_of_the_headline(document: Document) -> None:
    # Catches: a sheet whose figures look exact, or with other ranges than the window's.
    estimate = evaluate(document.plan)
    sure = certainty(estimate, ["money.total", "time.run"])
    assert sure is not None
    sheet = sheet_today(document, estimate)
    ranges = {fact.label: fact.band for fact in sheet.facts}
    for label, path in (("Money", "money.total"), ("Time", "time.run")):
        result = estimate[path]
        assert ranges[label] == band(*sure.results[path], result.value, result.unit).text
    assert all(ranges.values())
    shown = markdown(printout_today(document, estimate))
    assert sure.confidence.word in sheet.lead
    assert ranges["Money"].replace("\u00a0", " ") in shown.replace("\u00a0", " ")


def test_a_measured_step_has_no_band_and_says_so(document: Document) -> None:
    # Catches: a range around what somebody measured, or a sentence about ranges that are not there.
    measured = document.plan.set("time.step", 20.0)
    sheet = sheet_today(document, evaluate(measured))
    assert not any(fact.band for fact in sheet.facts)
    assert "ranges" not in sheet.lead


def test_the_sheet_names_software_task_family_and_practice(document: Document) -> None:
    # Catches: two sheets with the same assumptions and other answers.
    plan = document.plan.set("training.task", "lora").set("failures.practice", "first")
    plan = plan.set("layout.stack", "torchtitan")
    told = {one.label: one.value for one in sheet_today(document, evaluate(plan)).assumptions}
    assert told["Software"] == "TorchTitan"
    assert told["Task"] == "LoRA"
    assert told["Family"] == "decoder"
    assert told["Practice"] == "first large run"
