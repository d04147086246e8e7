"""The currency of a plan: money is computed in US dollars, and shown and read in the plan's currency."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown

_MONEY = re.compile(r"USD|\$")


@dataclass(frozen=True, slots=True)
class Currency:
    """What one unit of a currency is worth, and what one of every other is, for texts that name them.

    `dollars` is the exact worth of one unit [USD]; `others` are the worths of known currencies by each of
    their words, the plan's own rate first.
    """

    code: str = "USD"
    symbol: str = "$"
    dollars: Fraction = Fraction(1)
    others: tuple[tuple[str, Fraction], ...] = ()

    def amount(self, value: float, unit: str) -> float:
        """Return a value in a unit of dollars as one in the same unit of this currency."""
        if self.dollars == 1 or not has_money(unit):
            return value
        return value / float(self.dollars)

    def unit(self, unit: str) -> str:
        """Return a unit of dollars as it is written in this currency: `$/h` becomes `€/h`."""
        if self.code == "USD":
            return unit
        return _MONEY.sub(lambda found: self.code if found[0] == "USD" else self.symbol, unit)

    def shown(self, shown: Shown) -> Shown:
        """Return the description of a field as it is read and written in this currency."""
        if not has_money(shown.shown):
            return shown
        return _in_currency(shown, self)


@cache
def _in_currency(shown: Shown, currency: Currency) -> Shown:
    words = dict(reversed(currency.others))
    return replace(shown, shown=currency.unit(shown.shown), money=tuple(sorted(words.items())))


def has_money(unit: str) -> bool:
    """Return whether a unit is one of money."""
    return _MONEY.search(unit) is not None


DOLLAR = Currency()

CURRENCIES = (
    Choice("USD", N_("US dollar")),
    Choice("EUR", N_("Euro")),
    Choice("GBP", N_("Pound sterling")),
    Choice("CHF", N_("Swiss franc")),
    Choice("CNY", N_("Renminbi yuan")),
    Choice("JPY", N_("Yen")),
    Choice("INR", N_("Indian rupee")),
    Choice("CAD", N_("Canadian dollar")),
    Choice("AUD", N_("Australian dollar")),
    Choice("AED", N_("UAE dirham")),
    Choice("BRL", N_("Brazilian real")),
    Choice("DKK", N_("Danish krone")),
    Choice("HKD", N_("Hong Kong dollar")),
    Choice("ILS", N_("New shekel")),
    Choice("KRW", N_("Won")),
    Choice("MXN", N_("Mexican peso")),
    Choice("NOK", N_("Norwegian krone")),
    Choice("NZD", N_("New Zealand dollar")),
    Choice("PLN", N_("Zloty")),
    Choice("QAR", N_("Qatari riyal")),
    Choice("SAR", N_("Saudi riyal")),
    Choice("SEK", N_("Swedish krona")),
    Choice("SGD", N_("Singapore dollar")),
    Choice("THB", N_("Baht")),
    Choice("TRY", N_("Turkish lira")),
    Choice("TWD", N_("New Taiwan dollar")),
    Choice("ZAR", N_("Rand")),
    Choice("BGN", N_("Lev")),
    Choice("CLP", N_("Chilean peso")),
    Choice("COP", N_("Colombian peso")),
    Choice("CZK", N_("Czech koruna")),
    Choice("EGP", N_("Egyptian pound")),
    Choice("HUF", N_("Forint")),
    Choice("IDR", N_("Rupiah")),
    Choice("ISK", N_("Icelandic króna")),
    Choice("KES", N_("Kenyan shilling")),
    Choice("MAD", N_("Moroccan dirham")),
    Choice("MYR", N_("Ringgit")),
    Choice("NGN", N_("Naira")),
    Choice("PHP", N_("Philippine peso")),
    Choice("RON", N_("Romanian leu")),
    Choice("UAH", N_("Hryvnia")),
    Choice("VND", N_("Dong")),
)
"""Currencies that a plan may have; one of which the catalogue knows no rate needs a typed one."""
