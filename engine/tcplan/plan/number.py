"""The number grammar: text as people type it <-> value in the coherent unit of a field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tcplan.language import _
from tcplan.plan import units
from tcplan.plan.expression import Amount, Token, evaluate, is_multiplier, scan, unit_tail
from tcplan.plan.field import Shown
from tcplan.plan.literal import EXPONENT, RUN, NumberError, meaning
from tcplan.plan.marks import decimal_mark, grouped, superscript
from tcplan.plan.units import NONE, Dimension
from tcplan.plan.value import Range

__all__ = ["Alternative", "NumberError", "Reading", "Value", "echo", "read", "translate", "write"]

Value = float | Range | tuple[float, ...]
_LONGEST_TEXT = 100_000
_LONGEST_VALUE = 500
_LONGEST_LIST = 10_000
_PREFIXED = re.compile(r"^(?:[KMGTP]i|[GTPE])(?=B|FLOP)")


@dataclass(frozen=True, slots=True)
class Alternative:
    """The second meaning of a doubtful text: `read` is what was read, `use` what may have been meant."""

    value: Value
    read: str
    use: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in the coherent unit of its field, and the doubt about it if there is one."""

    value: Value
    doubt: Alternative | None = None


def read(text: str, shown: Shown, locale: str = "en") -> Reading:
    """Return the value that a text means in a field.

    Raises
    ------
    NumberError
        With a sentence for the person, and the span of the text that it is about.
    """
    if len(text) > _LONGEST_TEXT:
        raise NumberError(_("this text is too long for a value"), 0, len(text))
    tokens, doubts = scan(text, locale)
    value, shared = _value(tokens, shown, locale, len(text))
    if shared is not None:
        return Reading(value, shared)
    if not doubts:
        return Reading(value)
    try:
        other, _shared = _value(scan(text, locale, second=True)[0], shown, locale, len(text))
    except NumberError:
        return Reading(value)
    said, meant = doubts[0]
    return Reading(value, Alternative(other, _spelled(said, locale), _spelled(meant, locale)))


def _spelled(numbers: str, locale: str) -> str:
    """Return plain digits (`1000`, `1.000`, `256; 512`) with the marks of a locale."""
    parts = []
    for plain in numbers.split("; "):
        head, point, tail = plain.partition(".")
        parts.append(grouped(head, locale) + (decimal_mark(locale) + tail if point else ""))
    return "; ".join(parts)


def _value(tokens: list[Token], shown: Shown, locale: str, length: int) -> tuple[Value, Alternative | None]:
    if not tokens:
        raise NumberError(_("type a value"), 0, length)
    parts = _split(tokens, ";,")
    if len(parts) > 1:
        if not parts[-1]:
            parts.pop()
        return _list(parts, shown, length), None
    ends = _split(tokens, "..")
    if len(ends) == 2:
        return _range(ends[0], ends[1], shown, locale, length)
    if len(ends) > 2:
        raise NumberError(_("a range has two ends"), tokens[0].start, tokens[-1].end)
    spread = _split(tokens, "±")
    if len(spread) == 2:
        return _plus_minus(spread[0], spread[1], shown, length), None
    return _one(tokens, shown, length), None


def _split(tokens: Sequence[Token], signs: str) -> list[list[Token]]:
    """Return the tokens between separators that stand outside of parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if not depth and (token.text == signs or (len(token.text) == 1 and token.text in signs)):
                parts.append([])
                continue
        parts[-1].append(token)
    return parts


def _wanted(shown: Shown) -> Dimension:
    return units.unit(shown.unit).dimension


def _one(tokens: Sequence[Token], shown: Shown, length: int, borrowed: Sequence[Token] = ()) -> float:
    return _rounded(_exact(tokens, shown, length, borrowed), tokens)


def _exact(tokens: Sequence[Token], shown: Shown, length: int, borrowed: Sequence[Token] = ()) -> Fraction:
    """Return one value exactly, in the coherent unit; a value without unit borrows that of its neighbour."""
    if not tokens:
        raise NumberError(_("a number is missing"), 0, length)
    if tokens[-1].end - tokens[0].start > _LONGEST_VALUE:
        raise NumberError(_("this value is too long to compute"), tokens[0].start, tokens[-1].end)
    wanted = _wanted(shown)
    amount = evaluate(tokens, wanted)
    if amount.bare and borrowed:
        amount = evaluate(
            [Token("number", "", tokens[0].start, tokens[0].end, amount.value), *borrowed], wanted
        )
    if amount.bare:
        return amount.value * _factor(amount, shown)
    if amount.dimension == wanted:
        return amount.value
    culprit = unit_tail(tokens) or list(tokens)
    said = " ".join(token.text for token in culprit).replace(" / ", "/")
    if len(said) > 40:
        said = _("this")
    message = _("{unit} is {kind}, this field is {wanted}").format(
        unit=said.lstrip("/"), kind=units.kind(amount.dimension), wanted=units.kind(wanted)
    )
    if amount.dimension == NONE:
        message = _("{unit} has no unit of {wanted}").format(unit=said, wanted=units.kind(wanted))
    raise NumberError(message, culprit[0].start, culprit[-1].end)


def _factor(amount: Amount, shown: Shown) -> Fraction:
    """Return what one stands for without unit: the unit shown, whose prefix a letter such as T replaces."""
    text = _PREFIXED.sub("", shown.shown) if amount.multiplied else shown.shown
    return units.unit(text).factor


def _rounded(value: Fraction, tokens: Sequence[Token]) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = 0.0
    if value and not number:
        message = _("this number is too large to compute with")
        if abs(value) < 1:
            message = _("this number is too small to compute with")
        raise NumberError(message, tokens[0].start, tokens[-1].end)
    return number


def _list(parts: list[list[Token]], shown: Shown, length: int) -> tuple[float, ...]:
    if len(parts) > _LONGEST_LIST:
        message = _("a list has at most {count} values").format(count=_LONGEST_LIST)
        raise NumberError(message, 0, length)
    values: list[float] = []
    borrowed: list[Token] = []
    for part in reversed(parts):
        if not part:
            raise NumberError(_("a value is missing between two separators"), 0, length)
        for sign in ("..", "±"):
            if len(_split(part, sign)) > 1:
                raise NumberError(_("a list holds single values"), part[0].start, part[-1].end)
        borrowed = unit_tail(part) or borrowed
        values.append(_one(part, shown, length, borrowed))
    return tuple(reversed(values))


def _range(
    low: list[Token], high: list[Token], shown: Shown, locale: str, length: int
) -> tuple[Range, Alternative | None]:
    """Return a range; `8..15T` means 8T, and says so."""
    if not low or not high:
        raise NumberError(_("a range has two ends"), 0, length)
    wanted = _wanted(shown)
    top = _one(high, shown, length, unit_tail(low))
    borrowed = unit_tail(high)
    bottom = _one(low, shown, length, borrowed)
    letters = [token for token in high if is_multiplier(token, wanted)]
    if len(low) > 1 or len(high) < 2 or high[1:2] != letters:
        return _ordered(bottom, top, low, high), None
    shared = _one([*low, letters[0]], shown, length, borrowed)
    if not shared < top:
        return _ordered(bottom, top, low, high), None
    value = _ordered(shared, top, low, high)
    if not bottom < top:
        return value, None
    plain, letter = _spelled(low[0].text, locale), letters[0].text
    return value, Alternative(Range(low=bottom, high=top), f"{plain}{letter}", plain)


def _plus_minus(middle: list[Token], spread: list[Token], shown: Shown, length: int) -> Range:
    """Return middle ± spread; a spread in per cent is relative unless the field itself is in per cent."""
    if not middle or not spread:
        raise NumberError(_("a number is missing beside ±"), 0, length)
    centre = _exact(middle, shown, length, unit_tail(spread) if spread[-1].text != "%" else ())
    if spread[-1].text == "%" and not shown.shown.startswith("%"):
        delta = abs(centre) * evaluate(spread, NONE).value
    else:
        delta = _exact(spread, shown, length, unit_tail(middle))
    low, high = _rounded(centre - delta, middle), _rounded(centre + delta, middle)
    return _ordered(low, high, middle, spread)


def _ordered(low: float, high: float, first: Sequence[Token], last: Sequence[Token]) -> Range:
    if not low < high:
        message = _("the low end of a range must be below its high end")
        raise NumberError(message, first[0].start, last[-1].end)
    return Range(low=low, high=high)


_LETTERS = ((12, "T"), (9, "B"), (6, "M"))
_LETTER_UNITS = frozenset({"", "tokens", "$"})


def write(value: Value, shown: Shown, locale: str = "en") -> str:
    """Return the shortest text in the shown unit that `read` turns back into exactly this value."""
    if isinstance(value, Range):
        ends = [_written(end, shown, locale, letters=True) for end in (value.low, value.high)]
        if len({end[-1].isalpha() for end in ends}) > 1:
            ends = [_written(end, shown, locale, letters=False) for end in (value.low, value.high)]
        return " … ".join(ends)
    if isinstance(value, tuple):
        text = "; ".join(_written(number, shown, locale, letters=True) for number in value)
        return text if len(value) > 1 else f"{text};"
    return _written(value, shown, locale, letters=True)


def _written(value: float, shown: Shown, locale: str, *, letters: bool) -> str:
    digits, power = _shortest(value, units.unit(shown.shown).factor)
    sign = "-" if digits.startswith("-") else ""
    digits = digits.lstrip("-")
    if letters and shown.shown in _LETTER_UNITS:
        for size, letter in _LETTERS:
            if power >= size and len(digits) <= power - size + 3 and power < size + 5:
                return sign + _placed(digits, power - size, locale) + letter
    if not -7 <= power <= 20:
        return sign + _placed(digits, 0, locale) + f"e{power}"
    return sign + _placed(digits, power, locale)


def _placed(digits: str, power: int, locale: str) -> str:
    """Return digits whose first one counts 10^power, with the marks of the locale."""
    if power < 0:
        return "0" + decimal_mark(locale) + "0" * (-power - 1) + digits
    head = grouped(digits[: power + 1].ljust(power + 1, "0"), locale)
    tail = digits[power + 1 :]
    return head + (decimal_mark(locale) + tail if tail else "")


def _shortest(value: float, factor: Fraction) -> tuple[str, int]:
    """Return the fewest digits, and the power of ten of the first, that times factor round to the value."""
    if not value:
        return "0", 0
    target = Fraction(value) / factor
    for count in range(1, 25):
        digits, power = _scientific(target, count)
        if _product(digits, power - count + 1, factor) == value:
            return digits.rstrip("0"), power
    message = f"no decimal text for {value!r}"
    raise ArithmeticError(message)


def _product(digits: str, power: int, factor: Fraction) -> float | None:
    try:
        return float(int(digits) * Fraction(10) ** power * factor)
    except OverflowError:
        return None


def _scientific(value: Fraction, count: int) -> tuple[str, int]:
    """Return a fraction rounded to a count of digits, as digits and the power of ten of the first."""
    size = abs(value)
    power = len(str(size.numerator)) - len(str(size.denominator))
    if Fraction(10) ** power > size:
        power -= 1
    rounded = round(size * Fraction(10) ** (count - 1 - power))
    if rounded == 10**count:
        rounded, power = rounded // 10, power + 1
    return ("-" if value < 0 else "") + str(rounded), power


def echo(value: Value, shown: Shown, locale: str = "en") -> str:
    """Return the value written out with its unit, as confirmation below a field."""
    unit = f"\u00a0{_(shown.shown)}" if shown.shown else ""
    if isinstance(value, Range):
        return f"= {_spoken(value.low, shown, locale)} … {_spoken(value.high, shown, locale)}{unit}"
    if isinstance(value, tuple):
        texts = [_spoken(number, shown, locale) for number in value[:4]]
        more = "; …" if len(value) > 4 else ""
        return f"= {'; '.join(texts)}{more}{unit}"
    return f"= {_spoken(value, shown, locale)}{unit}"


def _spoken(value: float, shown: Shown, locale: str) -> str:
    text = _written(value, shown, locale, letters=False).replace("-", "\u2212", 1 if value < 0 else 0)
    digits, letter, power = text.partition("e")
    return f"{digits}\u00a0×\u00a010{superscript(int(power))}" if letter else text


def translate(text: str, source: str, target: str) -> str:
    """Return a typed text with the marks of another locale and no groups: `2,1 $/h` becomes `2.1 $/h`.

    A text that cannot be scanned is returned as it is.
    """
    mark = decimal_mark(target)
    pieces: list[str] = []
    at = 0
    try:
        while found := RUN.search(text, at):
            plain = "; ".join(meaning(found[0], source, found.start()).plain)
            pieces += [text[at : found.start()], plain.replace(".", mark)]
            at = found.end()
            if power := EXPONENT.match(text, at):
                pieces.append(power[0])
                at = power.end()
    except NumberError:
        return text
    return "".join(pieces) + text[at:]
