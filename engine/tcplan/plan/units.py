"""One table of units: what people type, what results are printed in, and the exact coherent factor."""

import difflib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from tcplan.language import N_, _

BASES = ("s", "J", "B", "FLOP", "kg", "L", "USD")
Dimension = tuple[int, ...]
"""Exponents of the bases, in their order; power is J/s."""

NONE: Dimension = (0,) * len(BASES)
YEAR = 31_557_600
"""Seconds in a Julian year of 365.25 days; a month is a twelfth of it."""


def _of(**powers: int) -> Dimension:
    return tuple(powers.get(base, 0) for base in BASES)


TIME, ENERGY, DATA = _of(s=1), _of(J=1), _of(B=1)
COMPUTE, MASS, VOLUME, MONEY = _of(FLOP=1), _of(kg=1), _of(L=1), _of(USD=1)
POWER, COMPUTE_RATE, DATA_RATE = _of(J=1, s=-1), _of(FLOP=1, s=-1), _of(B=1, s=-1)

KINDS: dict[Dimension, str] = {
    NONE: N_("a plain number"),
    TIME: N_("time"),
    ENERGY: N_("energy"),
    POWER: N_("power"),
    DATA: N_("data"),
    DATA_RATE: N_("data per time"),
    COMPUTE: N_("compute"),
    COMPUTE_RATE: N_("compute per time"),
    MASS: N_("mass"),
    VOLUME: N_("volume"),
    MONEY: N_("money"),
    _of(s=-1): N_("a rate in time"),
    _of(USD=1, s=-1): N_("money per time"),
    _of(USD=1, J=-1): N_("money per energy"),
    _of(kg=1, J=-1): N_("emissions per energy"),
    _of(L=1, J=-1): N_("water per energy"),
    _of(USD=1, B=-1): N_("money per data"),
    _of(USD=1, B=-1, s=-1): N_("money per data and time"),
    _of(USD=1, J=-1, s=1): N_("money per power"),
}
"""What a person calls a dimension."""


def kind(dimension: Dimension) -> str:
    """Return what a person calls a dimension."""
    return _(KINDS.get(dimension, N_("another kind of quantity")))


@dataclass(frozen=True, slots=True)
class Unit:
    """A dimension and the exact size of the unit in coherent units."""

    dimension: Dimension
    factor: Fraction

    def times(self, other: "Unit", power: int = 1) -> "Unit":
        """Return the product with another unit raised to +1 or -1."""
        dimension = tuple(a + power * b for a, b in zip(self.dimension, other.dimension, strict=True))
        return Unit(dimension, self.factor * other.factor**power)


ONE = Unit(NONE, Fraction(1))

_SI = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21, "Y": 24}
_SMALL = {"m": -3, "µ": -6, "μ": -6, "u": -6, "n": -9}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}

_TIMES: tuple[tuple[str, Fraction | int], ...] = (
    ("s sec second seconds seconde secondes", 1),
    ("min minute minutes", 60),
    ("h hr hrs hour hours heure heures", 3600),
    ("d day days j jour jours", 86_400),
    ("wk week weeks semaine semaines", 604_800),
    ("month months mois", Fraction(YEAR, 12)),
    ("yr y a year years an ans année années", YEAR),
)
_WORDS = (
    "token tokens jeton jetons gpu gpus GPU GPUs tpu tpus TPU TPUs device devices chip chips card cards"
    " person people pair pairs parameter parameters CO2 CO2e CO2eq CO₂ CO₂e CO₂eq nat"
)


def _prefixed(names: str, dimension: Dimension, size: Fraction, prefixes: dict[str, int]) -> dict[str, Unit]:
    return {
        prefix + name: Unit(dimension, size * Fraction(10) ** power)
        for name in names.split()
        for prefix, power in prefixes.items()
    }


def _data() -> dict[str, Unit]:
    units = _prefixed("B o", DATA, Fraction(1), _SI)
    units |= _prefixed("b bit bits", DATA, Fraction(1, 8), _SI)
    units |= {name: Unit(DATA, Fraction(1)) for name in ("byte", "bytes", "octet", "octets")}
    units |= {"KB": units["kB"], "Ko": units["ko"], "kiB": Unit(DATA, Fraction(1024))}
    for prefix, power in _BINARY.items():
        for name in ("B", "o"):
            units[prefix + name] = Unit(DATA, Fraction(1024) ** power)
    for prefix in ("k", "M", "G", "T"):
        units[f"{prefix}bps"] = Unit(DATA_RATE, units[f"{prefix}b"].factor)
    return units


def _money() -> dict[str, Unit]:
    units = _prefixed("$ USD US$", MONEY, Fraction(1), {key: _SI[key] for key in ("", "k", "M", "G", "T")})
    for prefix in ("B", "bn"):
        units |= {prefix + name: Unit(MONEY, Fraction(10) ** 9) for name in ("$", "USD")}
    return units | {name: Unit(MONEY, Fraction(1)) for name in ("usd", "dollar", "dollars")}


def _carbon(masses: dict[str, Unit]) -> dict[str, Unit]:
    labels = ("CO2", "CO2e", "CO2eq", "CO₂", "CO₂e", "CO₂eq")
    return {name + label: unit for name, unit in masses.items() for label in labels}


@cache
def table() -> dict[str, Unit]:
    """Return every single unit by each of its spellings."""
    units: dict[str, Unit] = {"1": ONE, "%": Unit(NONE, Fraction(1, 100)), "‰": Unit(NONE, Fraction(1, 1000))}
    units |= dict.fromkeys(_WORDS.split(), ONE)
    units |= _prefixed("tok", NONE, Fraction(1), {key: _SI[key] for key in ("", "k", "M", "G", "T")})
    units["MTok"] = units["Mtok"]
    for names, size in _TIMES:
        units |= {name: Unit(TIME, Fraction(size)) for name in names.split()}
    units |= _prefixed("s", TIME, Fraction(1), _SMALL)
    units |= _prefixed("h", TIME, Fraction(3600), {key: _SI[key] for key in ("k", "M", "G", "T")})
    units |= _prefixed("J", ENERGY, Fraction(1), _SI)
    units |= _prefixed("Wh", ENERGY, Fraction(3600), _SI)
    units |= _prefixed("W", POWER, Fraction(1), _SI | {"m": -3})
    units |= _data() | _money()
    units |= _prefixed("FLOP FLOPs flop flops", COMPUTE, Fraction(1), _SI)
    units |= _prefixed("FLOPS", COMPUTE_RATE, Fraction(1), _SI)
    masses = _prefixed("g", MASS, Fraction(1, 1000), _SI | _SMALL)
    masses |= _prefixed("t", MASS, Fraction(1000), {key: _SI[key] for key in ("", "k", "M", "G")})
    masses |= {name: Unit(MASS, Fraction(1000)) for name in ("tonne", "tonnes")}
    units |= masses | _carbon(masses)
    units |= _prefixed("L l", VOLUME, Fraction(1), _SI | _SMALL)
    gallon = Fraction(3_785_411_784, 10**9)
    return units | {
        "m3": Unit(VOLUME, Fraction(1000)),
        "m³": Unit(VOLUME, Fraction(1000)),
        "gal": Unit(VOLUME, gallon),
    }


@cache
def _folded() -> dict[str, Unit | None]:
    """Return units by lower-case spelling; None where two different units share it."""
    folded: dict[str, Unit | None] = {}
    for name, unit in table().items():
        key = name.casefold()
        folded[key] = unit if folded.get(key, unit) == unit else None
    return folded


def find(word: str, wanted: Dimension = NONE) -> Unit | None:
    """Return the unit of one word, None when there is none.

    What a person calls FLOPs is an amount, or a rate where the field is one. Letter case decides where it
    matters (MB and Mb) and is forgiven elsewhere (kwh).
    """
    unit = table().get(word)
    if unit is None and "-" in word:
        unit = _product(word.split("-"), wanted)
    if unit is None:
        unit = _folded().get(word.casefold())
    if unit is not None and unit.dimension == COMPUTE and wanted == COMPUTE_RATE and word[-1:] in "sS":
        return Unit(COMPUTE_RATE, unit.factor)
    return unit


def _product(words: list[str], wanted: Dimension) -> Unit | None:
    product = ONE
    for word in words:
        unit = find(word, wanted)
        if unit is None:
            return None
        product = product.times(unit)
    return product


def nearest(word: str) -> str | None:
    """Return the unit whose spelling is nearest to an unknown word."""
    same = sorted(name for name in table() if name.casefold() == word.casefold())
    if same:
        return _(" or ").join(same)
    close = difflib.get_close_matches(word, list(table()), n=1, cutoff=0.6)
    return close[0] if close else None


@cache
def unit(text: str) -> Unit:
    """Return the unit of a text such as `$/h`, `kg/J` or an empty one.

    Raises
    ------
    KeyError
        When a part of the text is not a unit.
    """
    product = ONE
    for position, part in enumerate(text.split("/")):
        found = find(part.strip()) if part.strip() else ONE
        if found is None:
            raise KeyError(text)
        product = product.times(found, 1 if position == 0 else -1)
    return product


@cache
def factor(text: str) -> tuple[Dimension, float]:
    """Return the dimension of a unit and the number of coherent units in one of it."""
    found = unit(text)
    return found.dimension, float(found.factor)


def from_coherent(value: float, text: str) -> float:
    """Return a value in coherent units as a number of the given units."""
    exact = unit(text).factor
    if exact.denominator == 1:
        return value / exact.numerator
    if exact.numerator == 1:
        return value * exact.denominator
    return value / float(exact)
