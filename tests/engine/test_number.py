"""The number grammar: what people type, what it means, and what is refused with which words."""

import math
import struct

import pytest
from babel.numbers import get_decimal_symbol
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tcplan.plan import units
from tcplan.plan.field import Shown
from tcplan.plan.marks import decimal_mark
from tcplan.plan.number import NumberError, echo, read, translate, write
from tcplan.plan.plan import descriptions
from tcplan.plan.value import Range

FIELDS = {path: shown for path, shown in descriptions().items() if shown.kind == "number"}
LOCALES = ("en", "en-GB", "fr", "fr-CA", "fr-CH", "de", "de-CH")
HOUR, YEAR, GIB = 3600.0, 31_557_600.0, 2.0**30


def meant(text: str, path: str = "training.tokens", locale: str = "en") -> object:
    value = read(text, FIELDS[path], locale).value
    return (value.low, value.high) if isinstance(value, Range) else value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15T", 15e12),
        ("15 T", 15e12),
        ("15e12", 15e12),
        ("15E12", 15e12),
        ("1.4 trillion", 1.4e12),
        ("15T tokens", 15e12),
        ("15 B", 15e9),
        ("2G", 2e9),
        ("2 bn", 2e9),
        ("2048*8", 16_384.0),
        ("128x16", 2048.0),
        ("3×4÷2", 6.0),
        ("2^10", 1024.0),
        ("9**0.5", 3.0),
        ("-2^2", -4.0),
        ("2^-1", 0.5),
        ("(1 + 2) * 3", 9.0),
        ("5 - 7", -2.0),
        ("5−7", -2.0),
        ("1/3", 1 / 3),
        ("95 %", 0.95),
        (".5", 0.5),
        ("5.", 5.0),
        ("1 000", 1000.0),
        ("1\u00a0000", 1000.0),
        ("1\u202f000", 1000.0),
        ("1\u2009000", 1000.0),
        ("1'000", 1000.0),
        ("1’000.5", 1000.5),
        ("1 234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1_234_567.0),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("2..3.5", (2.0, 3.5)),
        ("2 … 3.5", (2.0, 3.5)),
        ("2 – 3.5", (2.0, 3.5)),
        ("2 to 3.5", (2.0, 3.5)),
        ("2.5±20%", (2.0, 3.0)),
        ("2.5 +/- 0.5", (2.0, 3.0)),
        ("8..15T", (8e12, 15e12)),
        ("256,512,1k", (256.0, 512.0, 1000.0)),
        ("256, 512, 1k", (256.0, 512.0, 1000.0)),
        ("256; 512; 1k", (256.0, 512.0, 1000.0)),
        ("1,5; 2,5", (1.5, 2.5)),
        ("0.5,1,2", (0.5, 1.0, 2.0)),
        ("256;", (256.0,)),
    ],
)
def test_a_count_is_read_as_people_mean_it(text: str, value: object) -> None:
    assert meant(text) == value


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("6 weeks", "programme.deadline", 6 * 604_800.0),
        ("6 weeks/2", "programme.deadline", 3 * 604_800.0),
        ("3", "programme.deadline", 3 * 86_400.0),
        ("1/3 h", "programme.deadline", 1200.0),
        ("2 h + 30 min", "programme.deadline", 9000.0),
        ("2..3 weeks", "programme.deadline", (1_209_600.0, 1_814_400.0)),
        ("12", "programme.work_time", YEAR),
        ("80", "hardware.memory", 80 * GIB),
        ("80 GiB", "hardware.memory", 80 * GIB),
        ("80 GB", "hardware.memory", 80e9),
        ("80 Go", "hardware.memory", 80e9),
        ("80 G", "hardware.memory", 80e9),
        ("80 B", "hardware.memory", 80.0),
        ("80; 160 GB", "hardware.memory", (80e9, 160e9)),
        ("989", "hardware.peak", 989e12),
        ("989 T", "hardware.peak", 989e12),
        ("989 TFLOPS", "hardware.peak", 989e12),
        ("989 TFLOPs", "hardware.peak", 989e12),
        ("0.989 PFLOP/s", "hardware.peak", 989e12),
        ("400 Gb/s", "hardware.nic_bandwidth", 50e9),
        ("400 Gbps", "hardware.nic_bandwidth", 50e9),
        ("50 GB/s", "hardware.nic_bandwidth", 50e9),
        ("0.7 kW", "hardware.device_power", 700.0),
        ("0.7 kw", "hardware.device_power", 700.0),
        ("2.1", "purchase.price", 2.1 / HOUR),
        ("2,1 $/h", "purchase.price", 2.1 / HOUR),
        ("$2.1/h", "purchase.price", 2.1 / HOUR),
        ("2.1 $ per GPU-hour", "purchase.price", 2.1 / HOUR),
        ("1.8..2.7 $/h", "purchase.price", (1.8 / HOUR, 2.7 / HOUR)),
        ("3M", "programme.budget", 3e6),
        ("$3M", "programme.budget", 3e6),
        ("3 M$", "programme.budget", 3e6),
        ("95", "site.contract_share", 0.95),
        ("95 %", "site.contract_share", 0.95),
        ("95±2%", "site.contract_share", (0.93, 0.97)),
        ("36 g/kWh", "site.carbon_location", 1e-8),
        ("36 gCO2e/kWh", "site.carbon_location", 1e-8),
        ("36 kg CO2e per MWh", "site.carbon_location", 1e-8),
        ("0.15 t", "site.embodied_carbon", 150.0),
        ("36 L/kWh", "site.wue", 1e-5),
        ("3.6 m3/MWh", "site.wue", 1e-6),
        ("5 %/yr", "purchase.interest", 0.05 / YEAR),
        ("1/d", "purchase.spot_interruptions", 1 / 86_400),
    ],
)
def test_the_dimension_of_the_field_decides(text: str, path: str, value: object) -> None:
    assert meant(text, path) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "locale", "value", "said", "use", "other"),
    [
        ("1,000", "en", 1000.0, "1000", "1.000", 1.0),
        ("1.000", "fr", 1000.0, "1000", "1,000", 1.0),
        ("1.000", "de", 1000.0, "1000", "1,000", 1.0),
        ("16,384", "de-CH", 16_384.0, "16’384", "16.384", 16.384),
        ("256,512,128", "en", 256_512_128.0, "256\u202f512\u202f128", "256; 512; 128", (256.0, 512.0, 128.0)),
        ("128,16", "en", 128.16, "128.16", "128; 16", (128.0, 16.0)),
        ("8..15T", "en", (8e12, 15e12), "8T", "8", (8.0, 15e12)),
    ],
)
def test_a_doubtful_text_is_read_by_the_locale_and_says_so(
    text: str, locale: str, value: object, said: str, use: str, other: object
) -> None:
    reading = read(text, FIELDS["training.tokens"], locale)
    assert meant(text, locale=locale) == value
    assert reading.doubt is not None
    assert (reading.doubt.read, reading.doubt.use) == (said, use)
    second = reading.doubt.value
    assert ((second.low, second.high) if isinstance(second, Range) else second) == other


@pytest.mark.parametrize(
    ("text", "locale"), [("1.000", "en"), ("1,000", "fr"), ("0,5", "en"), ("1 000", "fr")]
)
def test_a_clear_text_raises_no_doubt(text: str, locale: str) -> None:
    assert read(text, FIELDS["training.tokens"], locale).doubt is None


@pytest.mark.parametrize(
    ("text", "path", "words", "span"),
    [
        ("5 kWh", "hardware.device_power", "kWh is energy, this field is power", "kWh"),
        ("80 GB", "training.tokens", "GB is data, this field is a plain number", "GB"),
        ("300 W * 2 h", "hardware.device_power", "is energy, this field is power", "300 W * 2 h"),
        ("1 h + 2 W", "programme.deadline", "time and power cannot be added", "2 W"),
        ("1 h + 3", "programme.deadline", "time and a plain number cannot be added", "3"),
        ("2 €/h", "purchase.price", "€ is not converted", "€"),
        ("80 gb", "hardware.memory", "did you mean GB or Gb", "gb"),
        ("3 wek", "programme.deadline", "did you mean week", "wek"),
        ("nan", "training.tokens", "finite", "nan"),
        ("-inf", "training.tokens", "finite", "inf"),
        ("1e400", "training.tokens", "too large", "1e400"),
        ("1e99999999999", "training.tokens", "more digits", "1e99999999999"),
        ("1e300*1e300", "training.tokens", "too large", "1e300*1e300"),
        ("1e-400", "training.tokens", "too small", "1e-400"),
        ("9^9^9^9", "training.tokens", "power", "^"),
        ("(-8)^0.5", "training.tokens", "power", "^"),
        ("1/0", "training.tokens", "divides by zero", "/0"),
        ("0^-1", "training.tokens", "divides by zero", "^"),
        ("(1+2", "training.tokens", "not closed", "("),
        ("1+", "training.tokens", "not complete", "+"),
        ("1)", "training.tokens", "not expected", ")"),
        ("1 2", "training.tokens", "not one number", "1 2"),
        ("1.2.3", "training.tokens", "not one number", "1.2.3"),
        ("2(3)", "training.tokens", "operator or a separator is missing", "("),
        ("5..3", "training.tokens", "low end", "5..3"),
        ("1..2..3", "training.tokens", "two ends", "1..2..3"),
        ("1;;2", "training.tokens", "missing between", "1;;2"),
        ("1;2..3", "training.tokens", "single values", "2..3"),
        ("__import__('os')", "training.tokens", "no place", "_"),
        ("=3", "training.tokens", "no place", "="),
        ("", "training.tokens", "type a value", ""),
        ("(" * 60 + "1" + ")" * 60, "training.tokens", "too many parentheses", "("),
        ("-" * 60 + "1", "training.tokens", "too many", "-"),
        ("1+" * 400 + "1", "training.tokens", "too long to compute", "1+" * 400 + "1"),
    ],
)
def test_a_refusal_says_why_and_where(text: str, path: str, words: str, span: str) -> None:
    with pytest.raises(NumberError) as refused:
        read(text, FIELDS[path])
    assert words in refused.value.sentence
    assert text[refused.value.start : refused.value.end] == span


def test_a_huge_text_is_refused_at_once() -> None:
    for text in ("9" * 10**6, "1;" * 10**5, "9" * 50_000):
        with pytest.raises(NumberError):
            read(text, FIELDS["training.tokens"])


FINITE = st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)


@given(path=st.sampled_from(sorted(FIELDS)), locale=st.sampled_from(LOCALES), value=FINITE)
@example(path="hardware.memory", locale="de-CH", value=16_384.5 * GIB)
@example(path="site.carbon_location", locale="fr", value=math.ulp(0.0))
@example(path="purchase.interest", locale="fr", value=1.7976931348623157e308)
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_what_is_written_reads_back_exactly(path: str, locale: str, value: float) -> None:
    reading = read(write(value, FIELDS[path], locale), FIELDS[path], locale)
    assert isinstance(reading.value, float)
    assert struct.pack("d", reading.value) == struct.pack("d", value)
    assert reading.doubt is None


@given(
    path=st.sampled_from(sorted(FIELDS)),
    locale=st.sampled_from(LOCALES),
    values=st.lists(st.floats(1e-9, 1e18), min_size=1, max_size=6),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_lists_and_ranges_read_back_exactly(path: str, locale: str, values: list[float]) -> None:
    shown = FIELDS[path]
    listed = tuple(values)
    assert read(write(listed, shown, locale), shown, locale).value == listed
    low, high = min(values), max(values)
    if low < high:
        ends = Range(low=low, high=high)
        assert read(write(ends, shown, locale), shown, locale).value == ends


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_every_field_reads_its_own_unit_and_its_bounds(path: str) -> None:
    shown = FIELDS[path]
    assert units.unit(shown.unit).dimension == units.unit(shown.shown).dimension
    assert units.unit(shown.unit).factor == 1
    unit = shown.shown if not shown.shown.startswith("1/") else shown.shown[1:]
    assert read(f"7 {unit}", shown).value == read("7", shown).value
    for bound in (shown.low, shown.high):
        assert read(write(bound, shown), shown).value == bound


@given(text=st.text(alphabet="0123456789.,; '’\u202f-+*/^()±%…kMBTGheW$µ=_€x", max_size=30))
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_any_text_is_a_value_or_a_sentence(text: str) -> None:
    for locale in ("en", "fr"):
        try:
            reading = read(text, FIELDS["purchase.price"], locale)
        except NumberError as error:
            refused = error
        else:
            assert write(reading.value, FIELDS["purchase.price"], locale)
            continue
        assert refused.sentence
        assert 0 <= refused.start <= refused.end <= len(text)


def test_the_text_of_a_well_is_short() -> None:
    tokens, price, budget = (
        FIELDS[path] for path in ("training.tokens", "purchase.price", "programme.budget")
    )
    assert write(15e12, tokens) == "15T"
    assert write(1.4e12, tokens, "fr") == "1,4T"
    assert write(16_384.0, tokens) == "16\u202f384"
    assert write(2048.0, tokens, "de-CH") == "2048"
    assert write(16_384.0, tokens, "de-CH") == "16’384"
    assert write(2.1 / HOUR, price, "fr") == "2,1"
    assert write(Range(low=1.9 / HOUR, high=2.75 / HOUR), price) == "1.9 … 2.75"
    assert write((256.0, 512.0, 1000.0), tokens) == "256; 512; 1000"
    assert write(12e6, budget) == "12M"
    assert write(5e-324, tokens) == "5e-324"


def test_the_echo_spells_the_value_out() -> None:
    tokens = FIELDS["training.tokens"]
    groups = "\u202f"
    assert echo(15e12, tokens) == f"= 15{groups}000{groups}000{groups}000{groups}000\u00a0tokens"
    assert echo(2.5, Shown("x", "x", shown="h", unit="s"), "fr") == "= 0,0006944444444444444\u00a0h"
    assert echo(-1e30, tokens) == "= −1\u00a0×\u00a010³⁰\u00a0tokens"
    assert echo(Range(low=1.0, high=2.5), tokens, "fr") == "= 1 … 2,5\u00a0tokens"
    assert echo((1.0, 2.0, 3.0, 4.0, 5.0), tokens) == "= 1; 2; 3; 4; …\u00a0tokens"


def test_a_typed_text_moves_between_locales_without_changing_its_meaning() -> None:
    assert translate("2,1 $/h", "fr", "en") == "2.1 $/h"
    assert translate("128*16,5e3", "fr", "en") == "128*16.5e3"
    assert translate("2.1..2.8 $/h", "en", "fr") == "2,1..2,8 $/h"
    assert translate("256,512,1k", "en", "fr") == "256; 512; 1k"
    assert translate("1.2.3", "en", "fr") == "1.2.3"


@pytest.mark.parametrize(
    "locale", [*LOCALES, "en-US", "es-ES", "es-MX", "it-IT", "it-CH", "pt-BR", "ru-RU", "ja-JP"]
)
def test_decimal_marks_agree_with_the_unicode_locale_data(locale: str) -> None:
    assert decimal_mark(locale) == get_decimal_symbol(locale.replace("-", "_"))


def test_units_convert_results() -> None:
    assert units.factor("kWh") == (units.ENERGY, 3.6e6)
    assert units.factor("GiB") == (units.DATA, GIB)
    assert units.factor("nat/token") == (units.NONE, 1.0)
    assert units.factor("kgCO2e")[1] == units.factor("L")[1] == units.factor("USD")[1] == 1.0
    assert units.from_coherent(7200.0, "h") == 2.0
    assert units.from_coherent(0.95, "%") == 95.0
    assert units.from_coherent(1e-8, "g/kWh") == pytest.approx(36.0)
    with pytest.raises(KeyError):
        units.unit("parsec")
