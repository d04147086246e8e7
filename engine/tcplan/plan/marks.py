"""Decimal and group marks of a locale, for reading and writing numbers alike."""

NARROW_SPACE = "\u202f"
APOSTROPHE = "\u2019"

_COMMA_LANGUAGES = frozenset(
    {
        "af",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "et",
        "eu",
        "fi",
        "fr",
        "gl",
        "hr",
        "hu",
        "id",
        "is",
        "it",
    }
    | {"ka", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv"}
    | {"tr", "uk", "vi"}
)
_POINT_REGIONS = frozenset({"de-CH", "de-LI", "it-CH"})
_APOSTROPHE_REGIONS = frozenset({"de-CH", "de-LI", "it-CH"})
_SPANISH_POINT = frozenset({"BZ", "CU", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"})


class Chosen:
    """The locale of this process, for results that nobody gave a locale."""

    locale = "en"


def use(locale: str) -> None:
    """Write results with the marks of this locale from now on."""
    Chosen.locale = locale


def current() -> str:
    """Return the locale chosen by `use`."""
    return Chosen.locale


def _parts(locale: str) -> tuple[str, str]:
    language, _dash, region = locale.replace("_", "-").partition(".")[0].partition("-")
    return language.lower(), region.rpartition("-")[2].upper()


def decimal_mark(locale: str) -> str:
    """Return `,` where people write a decimal comma, `.` elsewhere."""
    language, region = _parts(locale)
    if f"{language}-{region}" in _POINT_REGIONS or (language == "es" and region in _SPANISH_POINT):
        return "."
    if language == "en" and region == "ZA":
        return ","
    return "," if language in _COMMA_LANGUAGES else "."


def group_mark(locale: str) -> str:
    """Return the mark between groups of three digits: a narrow space, an apostrophe in Switzerland."""
    language, region = _parts(locale)
    return APOSTROPHE if f"{language}-{region}" in _APOSTROPHE_REGIONS else NARROW_SPACE


def grouped(digits: str, locale: str) -> str:
    """Return an integer's digits in groups of three from five digits on."""
    if len(digits) < 5:
        return digits
    first = len(digits) % 3 or 3
    groups = [digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))]
    return group_mark(locale).join(groups)


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def superscript(power: int) -> str:
    """Return an exponent in superscript digits."""
    return str(power).translate(_SUPERSCRIPTS)
