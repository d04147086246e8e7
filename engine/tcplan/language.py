"""Translation of every sentence that a person reads, for the engine, the sheet and the window alike."""

import gettext
from functools import lru_cache
from importlib import resources

LANGUAGES = ("en",)
_chosen = "en"


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = resources.files("tcplan_resources") / "locale" / language / "LC_MESSAGES" / "tcplan.mo"
    if not folder.is_file():
        return gettext.NullTranslations()
    with folder.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def choose(language: str) -> None:
    """Use this language from now on; words already on screen stay until they are drawn again."""
    global _chosen
    _chosen = language


def _(text: str) -> str:
    """Return the text in the chosen language."""
    return _catalogue(_chosen).gettext(text)


def N_(text: str) -> str:
    """Mark a text for translation where it is written; `_` translates it where it is shown."""
    return text


def plural(one: str, many: str, count: float) -> str:
    """Return the right one of two forms for a count."""
    return _catalogue(_chosen).ngettext(one, many, 1 if count == 1 else 2)
