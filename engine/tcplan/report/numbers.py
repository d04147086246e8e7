"""The one formatter of results: few digits, the prefix that fits, bands, changes, marks of a locale."""

import math
from dataclasses import dataclass

from tcplan.language import N_, _
from tcplan.plan.marks import current, decimal_mark, grouped, superscript

MINUS = "\u2212"
NO_BREAK = "\u00a0"
NARROW = "\u202f"
DASH = "–"
IMPOSSIBLE = "–"

Ladder = tuple[tuple[str, float], ...]


def _steps(*names: str, first: float = 1.0, by: float = 1000.0) -> Ladder:
    return tuple((name, first * by**step) for step, name in enumerate(names))


_TIME: Ladder = (
    (N_("ms"), 1e-3),
    (N_("s"), 1.0),
    (N_("min"), 60.0),
    (N_("h"), 3600.0),
    (N_("d"), 86_400.0),
)
_LADDERS: dict[str, Ladder] = {
    "1": _steps("", "k", "M", "B", "T"),
    "tokens": _steps(N_("tokens"), N_("k tokens"), N_("M tokens"), N_("B tokens"), N_("T tokens")),
    "USD": _steps("$", "k$", "M$", "B$"),
    "s": _TIME,
    "h": _steps("h", "kh", "Mh", "Gh"),
    "J": _steps("J", "kJ", "MJ", "GJ", "TJ"),
    "Wh": _steps("Wh", "kWh", "MWh", "GWh", "TWh"),
    "kWh": _steps("Wh", "kWh", "MWh", "GWh", "TWh", first=1e-3),
    "W": _steps("W", "kW", "MW", "GW"),
    "kW": _steps("W", "kW", "MW", "GW", first=1e-3),
    "g": _steps("g", "kg", "t", "kt", "Mt"),
    "kg": _steps("g", "kg", "t", "kt", "Mt", first=1e-3),
    "kgCO2e": _steps("g", "kg", "t", "kt", "Mt", first=1e-3),
    "L": _steps("mL", "L", "kL", "ML", "GL", first=1e-3),
    "B": _steps("B", "kB", "MB", "GB", "TB", "PB"),
    "B/s": _steps("B/s", "kB/s", "MB/s", "GB/s", "TB/s"),
    "GB/s": _steps("MB/s", "GB/s", "TB/s", first=1e-3),
    "GiB": _steps("MiB", "GiB", "TiB", "PiB", first=1 / 1024, by=1024.0),
    "FLOP/s": _steps("FLOP/s", "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s", "EFLOP/s"),
    "TFLOP/s": _steps("GFLOP/s", "TFLOP/s", "PFLOP/s", "EFLOP/s", first=1e-3),
}
_COUNTS = frozenset({"1", "tokens"})
_SAME = {"$": "USD", "d": "s", "min": "s", "": "1"}
_SIZES = {"d": 86_400.0, "min": 60.0}
_PLAIN_UNTIL = 1e6
"""Below this a number without a prefix is written out, above it gets a power of ten."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number ready to print and its unit; they are set in different weights."""

    text: str
    unit: str = ""

    def __str__(self) -> str:
        if not self.unit:
            return self.text
        return f"{self.text}{NARROW if self.unit == '%' else NO_BREAK}{self.unit}"


def figure(value: float, unit: str, digits: int = 2, locale: str | None = None) -> Figure:
    """Return a result with this many significant digits and the prefix or unit that fits its size."""
    if not math.isfinite(value):
        return Figure(IMPOSSIBLE)
    if _SAME.get(unit, unit) in _COUNTS and value == int(value) and abs(value) < _PLAIN_UNTIL:
        return Figure(_fixed(value, 0, locale or current()), _unit(unit))
    name, _size, scaled = _fitted(value, unit, digits)
    if not math.isfinite(scaled):
        return Figure(IMPOSSIBLE)
    return Figure(_written(scaled, digits, locale or current()), name if name is not None else _unit(unit))


def _unit(unit: str) -> str:
    return "" if unit in ("1", "") else _(unit)


def _fitted(value: float, unit: str, digits: int) -> tuple[str | None, float, float]:
    """Return the step of the unit's ladder that fits (None without ladder), its size and the value in it."""
    base = _SAME.get(unit, unit)
    ladder = _LADDERS.get(base)
    if ladder is None:
        return None, 1.0, value
    total = value * _SIZES.get(unit, 1.0)
    own = next(at for at, step in enumerate(ladder) if step[1] >= 1.0 or at == len(ladder) - 1)
    chosen = own if not total else 0
    for at, (_name, size) in enumerate(ladder):
        if abs(_round(total / size, digits)) >= 1.0:
            chosen = at
    name, size = ladder[chosen]
    return _(name) if name else "", size, total / size


def _round(value: float, digits: int) -> float:
    if not value:
        return 0.0
    if not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _decimals(value: float, digits: int) -> int:
    """Return how many decimals show this many significant digits of a value."""
    rounded = _round(value, digits)
    return max(0, digits - 1 - math.floor(math.log10(abs(rounded)))) if rounded else 0


def _written(value: float, digits: int, locale: str) -> str:
    size = abs(_round(value, digits))
    if size and (size >= _PLAIN_UNTIL or size < 1e-4):
        return _power(value, digits, locale)
    return _fixed(_round(value, digits), _decimals(value, digits), locale)


def _fixed(value: float, decimals: int, locale: str) -> str:
    text = f"{abs(value):.{decimals}f}"
    head, _point, tail = text.partition(".")
    sign = MINUS if value < 0 and text.strip("0.") else ""
    return sign + grouped(head, locale) + (decimal_mark(locale) + tail if tail else "")


def _power(value: float, digits: int, locale: str) -> str:
    mantissa, _e, exponent = f"{abs(value):.{digits - 1}e}".partition("e")
    sign = MINUS if value < 0 else ""
    marked = mantissa.replace(".", decimal_mark(locale))
    return f"{sign}{marked}{NO_BREAK}×{NO_BREAK}10{superscript(int(exponent))}"


def scale(value: float, unit: str, digits: int = 2) -> tuple[str, float]:
    """Return the unit that fits a value's size and what to divide by, for axes that share one unit."""
    name, _size, scaled = _fitted(value, unit, digits)
    return (name if name is not None else _unit(unit)), (value / scaled if scaled else 1.0)


def share(value: float, digits: int = 2, locale: str | None = None) -> Figure:
    """Return a fraction of one in per cent."""
    return figure(value * 100.0, "%", digits, locale)


def band(
    low: float, high: float, value: float, unit: str, digits: int = 2, locale: str | None = None
) -> Figure:
    """Return a 5-95 % band with the unit and the decimals of its value, as in `8.1 – 12.1`."""
    if not all(math.isfinite(number) for number in (low, high, value)):
        return Figure(IMPOSSIBLE)
    marks = locale or current()
    name, _size, scaled = _fitted(value, unit, digits)
    ratio = scaled / value if value else 1.0
    if abs(scaled) >= _PLAIN_UNTIL or 0 < abs(scaled) < 1e-4:
        ends = [_power(end * ratio, digits, marks) for end in (low, high)]
    else:
        step = _decimals(scaled, digits)
        coarse = digits - 1 - math.floor(math.log10(abs(scaled))) if scaled else 0
        ends = [_fixed(round(end * ratio, coarse), step, marks) for end in (low, high)]
    return Figure(f"{ends[0]}{NO_BREAK}{DASH}{NO_BREAK}{ends[1]}", name if name is not None else _unit(unit))


def change(value: float, reference: float, digits: int = 2, locale: str | None = None) -> str:
    """Return the relative change from a reference, always with a sign; `=` when there is none."""
    if not (math.isfinite(value) and math.isfinite(reference)) or not reference:
        return "=" if value == reference else IMPOSSIBLE
    relative = value / reference - 1.0
    if abs(relative) < 5e-4:
        return "="
    return _signed(str(figure(abs(relative) * 100.0, "%", digits, locale)), relative)


def difference(value: float, reference: float, unit: str, digits: int = 2, locale: str | None = None) -> str:
    """Return the change from a reference in its unit, always with a sign; `=` when it would print as none."""
    if not (math.isfinite(value) and math.isfinite(reference)):
        return "=" if value == reference else IMPOSSIBLE
    scale = max(abs(value), abs(reference))
    delta = value - reference
    if abs(delta) <= 5e-4 * scale:
        return "="
    shown = figure(abs(delta), unit, digits, locale)
    whole = shown.text.removesuffix(f"{decimal_mark(locale or current())}0")
    return _signed(str(Figure(whole, shown.unit)), delta)


def _signed(text: str, direction: float) -> str:
    return f"{'+' if direction > 0 else MINUS}{text}"


def probability(value: float) -> str:
    """Return a probability as a whole per cent, open at both ends."""
    if not math.isfinite(value):
        return IMPOSSIBLE
    if value < 0.01:
        return f"<{NO_BREAK}1{NARROW}%"
    if value > 0.99:
        return f">{NO_BREAK}99{NARROW}%"
    return f"{round(value * 100)}{NARROW}%"


def full(value: float, locale: str | None = None) -> str:
    """Return every digit of a value, for copying into another program."""
    if not math.isfinite(value):
        return ""
    text = str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(value)
    return text.replace(".", decimal_mark(locale or current()))
