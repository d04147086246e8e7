"""The arithmetic of one value: numbers, multipliers, units, + - * / ^ and parentheses, computed exactly."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tcplan.language import _
from tcplan.plan import units
from tcplan.plan.literal import EXPONENT, RUN, SPACES, NumberError, exact, meaning
from tcplan.plan.units import NONE, Dimension

DEEPEST = 50
_LARGEST_BITS = 4096
_MULTIPLIERS = {
    "k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "G": 10**9, "T": 10**12, "bn": 10**9,
    "hundred": 100, "thousand": 10**3, "million": 10**6, "millions": 10**6,
    "billion": 10**9, "billions": 10**9,
    "trillion": 10**12, "trillions": 10**12, "quadrillion": 10**15,
    "mille": 10**3, "milliard": 10**9, "milliards": 10**9,
}  # fmt: skip
_SIGNS = {
    "\u2212": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "∕": "/", "**": "^", "…": "..", "...": "..",
    "–": "..", "—": "..", "+-": "±", "+/-": "±",
}  # fmt: skip
_OPERATOR = re.compile(r"\+/-|\+-|\*\*|\.{2,3}|[-\u2212+*×·⋅/÷∕^()±;,…–—~]")
_WORD = re.compile(r"[^\W\d_]*CO[2₂](?:eq?)?|m[3³]|US\$|[^\W\d_]*[$€£¥%‰]|[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD_SIGNS = {"x": "*", "X": "*", "per": "/", "to": "..", "à": ".."}
_FOREIGN = {"€": "€", "£": "£", "¥": "¥", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "eur": "€"}
_NOT_FINITE = frozenset({"nan", "inf", "infinity", "∞"})


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the text: a number (with its exact value), a word or a sign."""

    kind: str
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact value with its dimension; `bare` has no unit yet, `multiplied` has a letter such as k or T."""

    value: Fraction
    dimension: Dimension = NONE
    bare: bool = True
    multiplied: bool = False


def scan(text: str, locale: str, *, second: bool = False) -> tuple[list[Token], list[tuple[str, str]]]:
    """Return the tokens of a text and its doubtful runs as (this reading, the other reading).

    With `second`, doubtful runs get their other reading.

    Raises
    ------
    NumberError
        At the first character that belongs to no value.
    """
    tokens: list[Token] = []
    doubts: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        if text[at] in SPACES or text[at] in "\t\n":
            at += 1
        elif found := RUN.match(text, at):
            at = _scan_number(text, found, locale, second, tokens, doubts)
        elif found := _OPERATOR.match(text, at):
            sign = _SIGNS.get(found[0], found[0])
            tokens.append(Token("sign", sign, at, found.end()))
            at = found.end()
        elif found := _WORD.match(text, at):
            sign = _WORD_SIGNS.get(found[0], "")
            tokens.append(Token("sign" if sign else "word", sign or found[0], at, found.end()))
            at = found.end()
        else:
            message = _("{letter} has no place in a value").format(letter=text[at])
            raise NumberError(message, at, at + 1)
    return tokens, doubts


def _scan_number(
    text: str,
    found: re.Match[str],
    locale: str,
    second: bool,
    tokens: list[Token],
    doubts: list[tuple[str, str]],
) -> int:
    start, end = found.span()
    literal = meaning(found[0], locale, start)
    plain = literal.plain
    if literal.doubtful:
        doubts.append(("; ".join(plain), "; ".join(literal.other_plain)))
        plain = literal.other_plain if second else plain
    power = EXPONENT.match(text, end)
    last_end = power.end() if power else end
    for position, digits in enumerate(plain):
        last = position == len(plain) - 1
        if position:
            tokens.append(Token("sign", ",", start, end))
        value = exact(digits, power[0] if power and last else "", start, last_end)
        tokens.append(Token("number", digits, start, last_end, value))
    return last_end


def evaluate(tokens: Sequence[Token], wanted: Dimension) -> Amount:
    """Return the exact amount of one value's tokens.

    A unit after the whole expression belongs to all of it (`1/3 h`); a unit inside belongs to its number.

    Raises
    ------
    NumberError
        With the span of the part that cannot be computed.
    """
    head, tail = _split_unit(tokens)
    amount = _Parser(head, wanted).whole()
    return _Parser(tail, wanted).applied_to(amount) if tail else amount


def unit_tail(tokens: Sequence[Token]) -> list[Token]:
    """Return the unit that follows a whole value, for the others of a list or range that have none."""
    head, tail = _split_unit(tokens)
    return tail if head else []


def is_multiplier(token: Token, wanted: Dimension) -> bool:
    """Return whether a word multiplies: B is a billion in a count and a byte where the field is data."""
    if token.kind != "word" or token.text not in _MULTIPLIERS:
        return False
    return not (token.text == "B" and wanted[units.BASES.index("B")])


def _is_unit(token: Token) -> bool:
    return token.kind == "word" and token.text not in _MULTIPLIERS


def _split_unit(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Return the expression and the unit behind it; no unit when units also stand inside."""
    first = next((at for at, token in enumerate(tokens) if _is_unit(token)), len(tokens))
    if first and tokens[first - 1].text == "/":
        first -= 1
    tail = list(tokens[first:])
    if not any(token.kind == "number" for token in tokens[:first]) or any(
        token.kind == "number" or (token.kind == "sign" and token.text not in "/*") for token in tail
    ):
        return list(tokens), []
    return list(tokens[:first]), tail


class _Parser:
    """A recursive descent over the tokens of one value."""

    def __init__(self, tokens: Sequence[Token], wanted: Dimension) -> None:
        self.tokens = tokens
        self.wanted = wanted
        self.at = 0
        self.depth = 0

    def whole(self) -> Amount:
        amount = self._sum()
        if self.at < len(self.tokens):
            raise self._unexpected()
        return amount

    def applied_to(self, amount: Amount) -> Amount:
        """Return an amount multiplied by the units that are this parser's tokens."""
        while self.at < len(self.tokens):
            sign = self.tokens[self.at]
            if sign.kind == "sign":
                self.at += 1
            if self.at == len(self.tokens) or self.tokens[self.at].kind == "sign":
                raise self._unexpected()
            unit = self._unit(self.tokens[self.at])
            amount = self._scaled(amount, unit, -1 if sign.text == "/" else 1)
        return amount

    def _next_sign(self, allowed: str) -> Token | None:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "sign" and token.text in allowed:
                self.at += 1
                return token
        return None

    def _unexpected(self) -> NumberError:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            message = _("{text} is not expected here").format(text=token.text)
            return NumberError(message, token.start, token.end)
        start, end = (self.tokens[-1].start, self.tokens[-1].end) if self.tokens else (0, 0)
        return NumberError(_("the value is not complete"), start, end)

    def _sum(self) -> Amount:
        total = self._product()
        while sign := self._next_sign("+-"):
            first = self.at
            other = self._product()
            if other.dimension != total.dimension:
                message = _("{one} and {other} cannot be added").format(
                    one=units.kind(total.dimension), other=units.kind(other.dimension)
                )
                raise NumberError(message, self.tokens[first].start, self.tokens[self.at - 1].end)
            value = total.value + (other.value if sign.text == "+" else -other.value)
            total = self._joined(total, other, self._held(value))
        return total

    def _product(self) -> Amount:
        product = self._signed()
        while sign := self._next_sign("*/"):
            other = self._signed()
            power = 1 if sign.text == "*" else -1
            if power < 0 and not other.value:
                raise NumberError(_("this divides by zero"), sign.start, self.tokens[self.at - 1].end)
            product = self._multiplied(product, other, power)
        return product

    def _signed(self) -> Amount:
        self._deeper()
        sign = self._next_sign("+-")
        amount = self._signed() if sign else self._power()
        self.depth -= 1
        return replace(amount, value=-amount.value) if sign and sign.text == "-" else amount

    def _power(self) -> Amount:
        base = self._juxtaposed()
        sign = self._next_sign("^")
        if not sign:
            return base
        exponent = self._signed()
        if exponent.dimension != NONE or base.dimension != NONE:
            raise NumberError(_("only plain numbers can be raised to a power"), sign.start, sign.end)
        return replace(base, value=self._raised(base.value, exponent.value, sign))

    def _raised(self, base: Fraction, exponent: Fraction, sign: Token) -> Fraction:
        if not base and exponent <= 0:
            raise NumberError(_("this divides by zero"), sign.start, sign.end)
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if exponent.denominator == 1 and abs(exponent) * bits <= _LARGEST_BITS:
            return self._held(base ** int(exponent))
        try:
            return Fraction(math.pow(base, exponent))
        except (ValueError, OverflowError) as error:
            message = _("this power is not a number that can be computed with")
            raise NumberError(message, sign.start, sign.end) from error

    def _juxtaposed(self) -> Amount:
        amount = self._atom()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "sign" and token.text != "(":
                break
            if token.kind != "word" and self.tokens[self.at - 1].kind != "word":
                message = _("an operator or a separator is missing before {text}").format(text=token.text)
                raise NumberError(message, token.start, token.end)
            amount = self._multiplied(amount, self._atom(), 1)
        return amount

    def _atom(self) -> Amount:
        if self.at == len(self.tokens):
            raise self._unexpected()
        token = self.tokens[self.at]
        if token.kind == "word":
            if is_multiplier(token, self.wanted) and self.at:
                self.at += 1
                return Amount(Fraction(_MULTIPLIERS[token.text]), multiplied=True)
            return self._scaled(Amount(Fraction(1)), self._unit(token), 1)
        if token.kind == "number":
            self.at += 1
            return Amount(token.value)
        if not self._next_sign("("):
            raise self._unexpected()
        self._deeper()
        amount = self._sum()
        if not self._next_sign(")"):
            raise NumberError(_("a parenthesis is not closed"), token.start, token.end)
        self.depth -= 1
        return amount

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            token = self.tokens[min(self.at, len(self.tokens) - 1)]
            raise NumberError(_("there are too many parentheses or signs"), token.start, token.end)

    def _unit(self, token: Token) -> units.Unit:
        self.at += 1
        unit = units.find(token.text, self.wanted)
        if unit is not None:
            return unit
        raise NumberError(_unknown(token.text), token.start, token.end)

    def _scaled(self, amount: Amount, unit: units.Unit, power: int) -> Amount:
        return self._multiplied(amount, Amount(unit.factor, unit.dimension, bare=False), power)

    def _multiplied(self, one: Amount, other: Amount, power: int) -> Amount:
        product = units.Unit(one.dimension, one.value)
        product = product.times(units.Unit(other.dimension, other.value), power)
        joined = self._joined(one, other, self._held(product.factor))
        return replace(joined, dimension=product.dimension)

    def _joined(self, one: Amount, other: Amount, value: Fraction) -> Amount:
        return Amount(value, one.dimension, one.bare and other.bare, one.multiplied or other.multiplied)

    def _held(self, value: Fraction) -> Fraction:
        """Return the value, rounded when its exact digits grow beyond all use."""
        if value.numerator.bit_length() + value.denominator.bit_length() <= _LARGEST_BITS:
            return value
        try:
            return Fraction(float(value))
        except OverflowError as error:
            token = self.tokens[min(self.at, len(self.tokens) - 1)]
            message = _("this number is too large to compute with")
            raise NumberError(message, token.start, token.end) from error


def _unknown(word: str) -> str:
    if word.casefold() in _NOT_FINITE:
        return _("a value must be a finite number")
    if word in _FOREIGN:
        sentence = _("{sign} is not converted: exchange rates change, so type the amount in $")
        return sentence.format(sign=_FOREIGN[word])
    close = units.nearest(word)
    if close:
        return _("{word} is not a unit known here; did you mean {close}?").format(word=word, close=close)
    return _("{word} is not a unit known here").format(word=word)
