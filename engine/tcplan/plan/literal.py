"""One number as people write it: decimal point or comma, groups, exponent; which mark is which."""

import re
from dataclasses import dataclass
from fractions import Fraction

from tcplan.language import _
from tcplan.plan.marks import decimal_mark


class NumberError(ValueError):
    """A text that is not a value of its field: a sentence, and the span of the text that it is about."""

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Literal:
    """What a run of digits and marks means: one number, or several when its commas separate a list.

    `plain` and, for a doubtful run, `other_plain` spell its meanings with a decimal point.
    """

    plain: tuple[str, ...]
    other_plain: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Return whether the run can be read in two ways."""
        return bool(self.other_plain)


SPACES = " \u00a0\u202f\u2009\u2007"
_GROUPS_ONLY = SPACES + "'\u2019"
RUN = re.compile(
    rf"[0-9]+(?:[.,{_GROUPS_ONLY}][0-9]+)*\.?(?![.0-9])"
    rf"|[0-9]+(?:[.,{_GROUPS_ONLY}][0-9]+)*"
    r"|(?<![.,0-9])[.,][0-9]+"
)
EXPONENT = re.compile(r"[eE][+\-\u2212]?[0-9]+(?![0-9])")
LONGEST_EXPONENT = 400


def meaning(run: str, locale: str, start: int = 0) -> Literal:
    """Return what a run of digits and marks means in a locale.

    Raises
    ------
    NumberError
        When the marks fit no reading.
    """
    text = run.rstrip(".")
    groups = re.split(rf"[.,{_GROUPS_ONLY}]", text)
    marks = re.findall(rf"[.,{_GROUPS_ONLY}]", text)
    points, commas = marks.count("."), marks.count(",")
    whole = "".join(groups)
    if not points and not commas:
        if _valid_groups(groups):
            return Literal((whole,))
        raise _unclear(run, start)
    last = marks[-1]
    if (points == 1 or commas == 1) and marks.count(last) == 1:
        decimal = _decimal(groups, marks, locale)
        if decimal is not None:
            return decimal
    elif not (points and commas) and _valid_groups(groups):
        return Literal((whole,), tuple(groups) if last == "," and len(set(marks)) == 1 else ())
    return _comma_list(text, locale, run, start)


def _decimal(groups: list[str], marks: list[str], locale: str) -> Literal | None:
    """Return the reading of a run whose last mark, which occurs once, may be its decimal mark."""
    last = marks[-1]
    head = "".join(groups[:-1])
    if len(marks) > 1:
        if last in _GROUPS_ONLY or not _valid_groups(groups[:-1]):
            return None
        return Literal((f"{head}.{groups[-1]}",))
    decimal = f"{head or '0'}.{groups[-1]}"
    own = decimal_mark(locale)
    if head and _valid_groups(groups) and not head.startswith("0"):
        if last == own:
            return Literal((decimal,))
        return Literal((head + groups[-1],), (decimal,))
    if last == "," and own == "." and head.strip("0") and len(groups[-1]) > 1:
        return Literal((decimal,), (head, groups[-1]))
    return Literal((decimal,))


def _valid_groups(groups: list[str]) -> bool:
    return len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def _comma_list(text: str, locale: str, run: str, start: int) -> Literal:
    parts = text.split(",")
    if len(parts) < 2:
        raise _unclear(run, start)
    plain: list[str] = []
    for part in parts:
        plain += meaning(part, "en", start).plain if part else ("",)
    if not all(plain):
        raise _unclear(run, start)
    return Literal(tuple(plain))


def _unclear(run: str, start: int) -> NumberError:
    sentence = _("{run} is not one number: check its points, commas and spaces").format(run=run)
    return NumberError(sentence, start, start + len(run))


def exact(plain: str, exponent: str, start: int, end: int) -> Fraction:
    """Return the exact value of digits with a decimal point and of an exponent text such as `e-7`.

    Raises
    ------
    NumberError
        When the exponent or the digits are beyond what a number holds.
    """
    power = int(exponent[1:].replace("\u2212", "-")) if exponent and len(exponent) < 8 else 0
    if len(exponent) >= 8 or abs(power) > LONGEST_EXPONENT or len(plain) > LONGEST_EXPONENT:
        raise NumberError(_("this number has more digits than can be computed with"), start, end)
    return Fraction(plain) * Fraction(10) ** power
