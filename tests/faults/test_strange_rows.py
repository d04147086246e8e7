"""Catalogue rows that came with a file and say anything: results with findings, or one refusal."""

import datetime
import json
import random
from contextlib import suppress
from itertools import cycle
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, as_saved, evaluate
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan.plan.file import PlanFileError, read_bytes, to_bytes
from tcplan.report.templates.registry import TEMPLATES
from tcplan.results import RESULTS
from tcplan.study.curve import curve
from tcplan.why import sensitivities, why
from tcplan.writers import WRITERS

NUMBERS = (-1.0, 0.0, 1e308, -1e308, 1e-320, 0.5, 1e30, 3.7, 2.0**53)
WORDS = ("", "text", "=1+1", "<b>x</b>", "1e5", "NaN", "\u202e", "x" * 500)
TEXTS = ("", "x", "=cmd", "<img src=x>", "2026-13-45", "0", "٣", "9" * 400, "-", "2026-02-30", "1", "2026")
FORMATS = cycle(WRITERS)
"""Of another number than the templates, so that each check writes other pairs."""
NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


def tree_of(key: str) -> dict[str, Any]:
    """Return the file of an example with the rows that it uses, and rows that no file needs."""
    plan = example(key)
    tree: dict[str, Any] = json.loads(to_bytes(as_saved(plan, evaluate(plan.plan), NOW)))
    tree["rows"] += [row.to_json() for row in shipped().rows("performance")[:12]]
    return tree


def spoiled(tree: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a file of which some rows say something else."""
    tree = json.loads(json.dumps(tree))
    for _turn in range(dice.randint(1, 8)):
        row = dice.choice(tree["rows"])
        columns = [*row["values"], "odd", "coefficient", "price_source"]
        way = dice.random()
        if way < 0.6:
            row["values"][dice.choice(columns)] = dice.choice((*NUMBERS, *WORDS))
        elif way < 0.75:
            row["values"].pop(dice.choice(columns), None)
        elif way < 0.88:
            row[dice.choice(("source", "date", "key"))] = dice.choice(TEXTS)
        elif way < 0.94:
            row["values"] = {}
        else:
            row["table"] = dice.choice(("odd", "runs", "performance", "prices", "models", "grids"))
    return tree


def opened(tree: dict[str, Any]) -> tuple[Document, Estimate]:
    document = read_bytes(json.dumps(tree).encode())
    return document, evaluate(document.plan, shipped().with_rows(document.rows))


def check(document: Document, estimate: Estimate, folder: Path) -> None:
    """Go everywhere that a person would go with a plan."""
    errors = [one for one in estimate.findings if one.level == "error"]
    if not all(isfinite(estimate[path].value) for path in RESULTS):
        assert errors
    for path in RESULTS:
        assert why(estimate, path).text()
        sensitivities(estimate, path)
    curve(estimate, "hardware.devices", [8.0, 64.0, 4096.0], ["money.total"])
    for template, suffix in zip(TEMPLATES, FORMATS, strict=False):
        WRITERS[suffix](document, estimate, folder / f"sheet{suffix}", {"template": template})
    again = to_bytes(as_saved(document, estimate, NOW))
    assert to_bytes(read_bytes(again)) == again


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("key", ["gpt3-175b", "deepseek-v3"])
def test_rows_that_say_anything_give_results_with_findings(tmp_path: Path, key: str, seed: int) -> None:
    """Fails when a price of -1, a memory of 0 or a word for a number ends in an exception anywhere."""
    dice, tree = random.Random(seed), tree_of(key)
    for _turn in range(6):
        # Two rows with one key are no plan.
        with suppress(PlanFileError):
            check(*opened(spoiled(tree, dice)), tmp_path)


BAD_FIGURES = (
    ("accelerators", "memory_gib", 0.0, "hardware.memory"),
    ("accelerators", "memory_gib", "much", "hardware.memory"),
    ("accelerators", "device_power_w", -5.0, "hardware.device_power"),
    ("accelerators", "fp16_tflops", 1e300, "hardware.peak"),
    ("accelerators", "scale_up_domain", 2.5, "hardware.scale_up_domain"),
    ("models", "layers", "many", "model.layers"),
    ("models", "gated", "perhaps", "model.gated"),
    ("models", "heads", 2.5, "model.heads"),
    ("grids", "carbon_g_per_kwh", -1.0, "site.carbon_location"),
    ("sites", "pue", 0.2, "site.pue"),
)


@pytest.mark.parametrize(("table", "column", "value", "path"), BAD_FIGURES)
def test_a_figure_that_its_field_does_not_allow_is_left_out_and_said(
    table: str, column: str, value: float | str, path: str
) -> None:
    """Fails when a file can plan with a PUE below 1 or a negative price, or when nobody is told."""
    tree = tree_of("gpt3-175b")
    for row in tree["rows"]:
        if row["table"] == table:
            row["values"][column] = value
    _document, estimate = opened(tree)
    given = estimate.inputs.given.get(path)
    assert given is None or given.layer != "catalogue"
    assert any(one.path == path for one in estimate.findings)


def test_a_negative_price_never_counts() -> None:
    """Fails when a file can bring a price below zero, and with it a run that earns money."""
    tree = tree_of("gpt3-175b")
    for row in shipped().rows("prices"):
        if row.get("accelerator") == tree["plan"]["hardware"]["accelerator"]:
            tree["rows"] = [old for old in tree["rows"] if (old["table"], old["key"]) != ("prices", row.key)]
            tree["rows"].append(row.to_json() | {"values": {**row.values, "price_usd_per_h": -2.0}})
    _document, estimate = opened(tree)
    assert "purchase.price" not in estimate.inputs.given
    assert any(one.path == "purchase.price" and one.level == "error" for one in estimate.findings)


def test_a_row_cannot_take_the_place_of_what_was_typed() -> None:
    """Fails when a performance row that calls itself tokens or tensor decides the plan."""
    plain = evaluate(example("gpt3-175b").plan)
    tree = tree_of("gpt3-175b")
    for row, name in zip(tree["rows"][-4:], ("tokens", "tensor", "price", "total_cost"), strict=True):
        row["values"] |= {"coefficient": name, "value": 7.0, "generation": "any", "precision": "any"}
        row["key"] = f"{name}-any"
    _document, estimate = opened(tree)
    assert estimate["money.total"].si == plain["money.total"].si
    assert estimate.layout == plain.layout
