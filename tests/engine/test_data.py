"""Data in the unit that people have, and the tokens that it comes to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.chain.links import DATA
from tcplan.chain.variants import data
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan, descriptions


def estimate(unit: str, amount: float, preset: str = "llama3.1-8b", **fields: float) -> Estimate:
    plan = Plan().set("model.preset", preset).set("training.data_unit", unit)
    plan = plan.set("training.data_amount", amount)
    for name, value in fields.items():
        plan = plan.set(f"training.{name}", value)
    return evaluate(plan)


@pytest.mark.parametrize(
    ("unit", "preset", "tokens"),
    [
        ("tokens", "llama3.1-8b", 1e6),
        ("words", "llama3.1-8b", 1e6 * 4 / 3),
        ("books", "llama3.1-8b", 1e6 * 68_986 * 4 / 3),
        ("bytes", "llama3.1-8b", 1e6 / 3.94),
        ("images", "llama3.1-8b", 1e6 * 576),
        ("images", "vit-b16", 1e6 * 197),
        ("images", "resnet-50", 1e6),
        ("audio", "whisper-large-v3", 1e6 * 3600 * 50),
        ("video", "llama3.1-8b", 1e6 * 3600 * 576),
        ("samples", "dit-xl-2", 1e6 * 256),
        ("samples", "bert-large", 1e6 * 512),
    ],
)
def test_an_amount_becomes_tokens(unit: str, preset: str, tokens: float) -> None:
    # Catches: hours taken for seconds, bytes multiplied instead of divided, images of another family.
    found = estimate(unit, 1e6, preset)
    assert found["training.tokens"].value == pytest.approx(tokens)
    assert found.field("training.tokens").layer == "computed"


def test_a_language_is_cut_as_finely_as_it_was_measured() -> None:
    # arXiv:2305.15425, table of FLORES-200: 83,450 tokens of German for 52,835 of English, 307,304 bytes.
    german = Plan().set("training.data_language", "german")
    words = evaluate(german.set("training.data_unit", "words").set("training.data_amount", 1e9))
    assert words["training.tokens"].value == pytest.approx(1e9 * 4 / 3 * 83_450 / 52_835)
    size = evaluate(german.set("training.data_unit", "bytes").set("training.data_amount", 1e9))
    density = 3.94 * (307_304 / 83_450) / (259_396 / 52_835)
    assert size["training.tokens"].value == pytest.approx(1e9 / density)


def test_each_language_has_its_figures() -> None:
    # Catches: a language without tokens or bytes, and a table in another order than the choices.
    keys = [choice.key for choice in descriptions()["training.data_language"].choices]
    assert len(keys) == len(data.TOKENS) == len(data.BYTES)
    known = dict(zip(keys, data.TOKENS, strict=True))
    assert (known["english"], known["hindi"], known["chinese"]) == (52_835, 253_270, 101_138)
    assert min(size / tokens for size, tokens in zip(data.BYTES, data.TOKENS, strict=True)) > 2


def test_a_typed_conversion_wins_over_the_language() -> None:
    found = estimate("words", 1e9, tokens_per_word=2.0)
    assert found["training.tokens"].value == 2e9


def test_an_epoch_more_is_the_data_once_more() -> None:
    once, four = estimate("images", 1e6, "vit-b16"), estimate("images", 1e6, "vit-b16", passes_over_data=4.0)
    assert four["training.tokens"].value == 4 * once["training.tokens"].value
    assert four["compute.model_flop"].value == pytest.approx(4 * once["compute.model_flop"].value)


def test_typed_tokens_win_and_the_plan_says_so() -> None:
    found = estimate("words", 1e12, tokens=5e9)
    assert found.field("training.tokens").value == 5e9
    said = next(one for one in found.findings if one.path == "training.data_amount")
    assert (said.level, said.fix) == ("warning", ("training.tokens", None))


def test_the_conversion_is_said() -> None:
    said = [one.sentence for one in estimate("books", 1e6, passes_over_data=4.0).findings]
    assert said == ["1M books × 92\u202f000 tokens × 4 passes = 368B tokens"]


def test_a_unit_without_an_amount_asks_for_it() -> None:
    found = evaluate(Plan().set("training.data_unit", "words"))
    assert found.field("training.tokens").value == 15e12
    assert "Type how many words" in found.findings[0].sentence


def test_every_unit_can_be_chosen() -> None:
    assert [choice.key for choice in descriptions()["training.data_unit"].choices] == list(DATA)


@given(st.sampled_from(sorted(DATA)), st.floats(1e3, 1e9), st.floats(0.1, 10.0))
@settings(max_examples=30, deadline=None)
def test_tokens_grow_with_the_data(unit: str, amount: float, factor: float) -> None:
    one, other = estimate(unit, amount), estimate(unit, amount * factor)
    grown = other["training.tokens"].value / one["training.tokens"].value
    assert grown == pytest.approx(factor)
