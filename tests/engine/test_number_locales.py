"""The table of what people type against what is read, in the five locales that differ."""

import pytest

from tcplan.plan.number import Reading, read
from tcplan.plan.plan import descriptions
from tcplan.plan.value import Range

LOCALES = ("en", "fr", "de", "de-CH", "fr-CA")
POINT = ("en", "de-CH")
"""The locales that write a decimal point."""

COUNT, LIMIT, MEMORY = "training.tokens", "programme.deadline", "hardware.memory"
SAME = (
    *[
        (text, COUNT, 1000.0)
        for text in ("1 000", "1\u00a0000", "1\u202f000", "1\u2009000", "1'000", "1’000")
    ],
    *[(text, COUNT, 15e12) for text in ("15T", "15 T", "15e12", "15 000 000 000 000", "15 trillion")],
    ("2048*8", COUNT, 16_384.0),
    ("6 weeks", LIMIT, 3_628_800.0),
    ("80 GB", MEMORY, 80e9),
    ("80 GiB", MEMORY, 80.0 * 2**30),
    ("2..3.5", COUNT, Range(low=2.0, high=3.5)),
    ("2..3,5", COUNT, Range(low=2.0, high=3.5)),
    ("2.5±20%", COUNT, Range(low=2.0, high=3.0)),
    ("2,5±20%", COUNT, Range(low=2.0, high=3.0)),
    ("256,512,1k", COUNT, (256.0, 512.0, 1000.0)),
    ("256, 512", COUNT, (256.0, 512.0)),
    ("1,5; 2,5", COUNT, (1.5, 2.5)),
    ("0,5", COUNT, 0.5),
    ("0.500", COUNT, 0.5),
    ("1.000,5", COUNT, 1000.5),
    ("1,000.5", COUNT, 1000.5),
    ("1.000.000", COUNT, 1e6),
)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("text", "path", "value"), SAME)
def test_a_clear_text_means_the_same_everywhere(text: str, path: str, value: object, locale: str) -> None:
    """Fails when a plan typed in one country means another thing in the next."""
    assert read(text, descriptions()[path], locale) == Reading(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("text", "points"), [("1,000", False), ("1.000", True)])
def test_a_doubtful_text_follows_the_locale_and_asks(text: str, points: bool, locale: str) -> None:
    """Fails when 1,000 tokens become one token, or the other way round, without a word."""
    reading = read(text, descriptions()[COUNT], locale)
    decimal = points is (locale in POINT)
    assert reading.value == (1.0 if decimal else 1000.0)
    assert (reading.doubt is None) is decimal
    if reading.doubt is not None:
        assert reading.doubt.value == 1.0


@pytest.mark.parametrize("locale", LOCALES)
def test_equal_groups_may_be_a_list_and_ask(locale: str) -> None:
    """Fails when a list of three is taken for one number without a chip that offers the list."""
    reading = read("256,512,128", descriptions()[COUNT], locale)
    assert reading.value == 256_512_128.0
    assert reading.doubt is not None
    assert reading.doubt.value == (256.0, 512.0, 128.0)
