"""The formatter of results: digits, prefixes, marks, bands and changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.plan import marks
from tcplan.report import numbers
from tcplan.report.numbers import band, change, difference, figure, full, probability, share

GAP, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "unit", "digits", "text"),
    [
        (9.87e6, "USD", 2, "9.9 M$"),
        (9.87e6, "USD", 3, "9.87 M$"),
        (999_600.0, "USD", 2, "1.0 M$"),
        (-1_234_567.0, "USD", 2, "−1.2 M$"),
        (0.0, "USD", 2, "0 $"),
        (247e3, "kgCO2e", 2, "250 t"),
        (85.2 * 86_400, "s", 2, "85 d"),
        (5400.0, "s", 2, "1.5 h"),
        (0.00042, "s", 2, "0.42 ms"),
        (3.93e6, "h", 3, "3.93 Mh"),
        (5.0e6, "kWh", 2, "5.0 GWh"),
        (1.0e7, "L", 2, "10 ML"),
        (6.4e24, "FLOP", 2, f"6.4{GAP}×{GAP}10²⁴ FLOP"),
        (61.2, "GiB", 2, "61 GiB"),
        (-3.2, "GiB", 2, "−3.2 GiB"),
        (7.06e10, "1", 2, "71 B"),
        (0.944, "1", 2, "0.94"),
        (2048.0, "1", 2, "2048"),
        (16_384.0, "1", 3, "16\u202f384"),
        (16_384.0, "bushel", 3, "16\u202f400 bushel"),
        (1.953, "nat/token", 3, "1.95 nat/token"),
        (4.0e14, "FLOP/s", 2, "400 TFLOP/s"),
    ],
)
def test_a_result_has_the_digits_and_the_prefix_that_fit(
    value: float, unit: str, digits: int, text: str
) -> None:
    shown = figure(value, unit, digits)
    assert f"{shown.text} {shown.unit}".strip() == text


def test_units_stand_behind_spaces_that_do_not_break() -> None:
    assert str(figure(9.9e6, "USD")) == f"9.9{GAP}M$"
    assert str(share(0.64)) == f"64{THIN}%"
    assert str(figure(0.5, "1")) == "0.50"


def test_the_decimal_mark_follows_the_locale() -> None:
    assert figure(9.9e6, "USD", locale="fr").text == "9,9"
    marks.use("fr-CA")
    try:
        assert figure(9.9e6, "USD").text == "9,9"
        assert full(0.1) == "0,1"
    finally:
        marks.use("en")
    assert figure(9.9e6, "USD").text == "9.9"


def test_a_band_has_the_unit_and_the_decimals_of_its_value() -> None:
    assert str(band(8.06e6, 12.1e6, 9.9e6, "USD")) == f"8.1{GAP}–{GAP}12.1{GAP}M$"
    assert band(187e3, 331e3, 250e3, "kg").text == f"190{GAP}–{GAP}330"
    assert band(6e6, 15e6, 10e6, "L").text == f"6{GAP}–{GAP}15"
    assert band(0.0, 0.0, 0.0, "USD").text == f"0{GAP}–{GAP}0"
    assert band(5e24, 7e24, 6.4e24, "FLOP").text.startswith(f"5.0{GAP}×{GAP}10²⁴")


def test_a_change_always_has_a_sign() -> None:
    assert change(88.0, 100.0) == f"−12{THIN}%"
    assert change(110.0, 100.0, 3) == f"+10.0{THIN}%"
    assert change(100.0, 100.0) == "="
    assert change(0.0, 0.0) == "="
    assert change(1.0, 0.0) == numbers.IMPOSSIBLE
    assert difference(88 * 86_400, 85 * 86_400, "s") == f"+3{GAP}d"
    assert difference(8.5e6, 9.9e6, "USD") == f"−1.4{GAP}M$"
    assert difference(5.0, 5.0, "USD") == "="


def test_probabilities_are_open_at_the_ends() -> None:
    assert probability(0.944) == f"94{THIN}%"
    assert probability(1.0) == f">{GAP}99{THIN}%"
    assert probability(0.0) == f"<{GAP}1{THIN}%"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_impossible_cell_is_a_dash_and_never_a_word_of_the_machine(value: float) -> None:
    shown = [
        str(figure(value, "s")),
        str(band(value, 1, 1, "s")),
        change(value, 1),
        difference(value, 1, "s"),
    ]
    assert shown == [numbers.IMPOSSIBLE] * 4
    assert full(value) == ""


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(derandomize=True, deadline=None)
def test_every_digit_is_copied(value: float) -> None:
    assert float(full(value, "en")) == value


@given(
    value=st.floats(1e-30, 1e30), unit=st.sampled_from(["USD", "s", "kWh", "kg", "1", "FLOP", "GiB", "$/h"])
)
@settings(derandomize=True, deadline=None)
def test_two_digits_stay_within_their_rounding(value: float, unit: str) -> None:
    shown = figure(value, unit, 2)
    assert shown.text[0].isdigit()
    digits = shown.text.partition("×")[0].replace(THIN, "").replace(".", "").strip("0\u00a0")
    assert len(digits) <= 2 or (unit == "1" and value == int(value))
