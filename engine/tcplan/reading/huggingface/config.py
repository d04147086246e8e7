"""A configuration as its model sees it: what the file says, under any spelling, then the type's defaults."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from tcplan.language import _
from tcplan.reading.huggingface.customs import Custom, customs
from tcplan.reading.reading import ReadingError, too_many, written

LARGEST = 1e12
"""Largest size that is read; a vocabulary, the largest of any published model, has some millions."""
COUNTED = re.compile(
    r"(?!share_|use_|is_|has_|block_auto_|cross_attn_all_)((num|n|d)_\w+|max_\w*(positions|embeddings|length)|dff|dim_ff|"
    r"(\w+_)?(sizes?|dims?|layers|heads|channels|rank|experts|depths?|kernel|width))"
)
"""Keys of what is counted: whole, never below nought and never a yes or no."""

FLAT = ("text_config", "llm_config", "language_config")
"""Parts whose keys older files keep beside those of the whole."""
OUTSIDE = ("model_type", "architectures")


class Config:
    """The keys of one configuration, or of a part of one.

    An attribute is the number under that key: 0 for null and false, 1 for true.
    """

    def __init__(
        self,
        data: Mapping[str, object],
        kind: str,
        lacking: dict[str, object],
        place: str = "",
        defaults: Mapping[str, object] | None = None,
    ) -> None:
        self._data = data
        self._custom = customs().get(kind, Custom())
        self._defaults = {**self._custom.values, **(defaults or {})}
        self._place = place
        self._spellings: dict[str, tuple[str, ...]] = {}
        self._lacking = lacking
        self.kind = kind
        self.index = 0
        self.tied: bool | None = None
        """Whether head and table are tied, where the whole that this is a part of decides it."""

    def __getattr__(self, name: str) -> float:
        """Return the number under a key; an int where it is whole."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._number(name, self.raw(name))

    def raw(self, name: str) -> object:
        """Return what stands under a key, in the file or by default.

        Raises
        ------
        ReadingError
            When neither the file nor the type knows the key.
        """
        found, value = self._look_up(name)
        if not found:
            raise ReadingError(_("the file has no {key}").format(key=self._place + name))
        return value

    def has(self, *names: str) -> bool:
        """Return whether the file itself holds one of these keys."""
        return any(spelling in self._data for name in names for spelling in self._spelled(name))

    def get(self, name: str, default: float = 0) -> float:
        """Return the number under a key, the default where nobody knows the key or it is null."""
        found, value = self._look_up(name)
        return default if not found or value is None else self._number(name, value)

    def text(self, name: str, default: str = "") -> str:
        """Return the text under a key, the default where there is none."""
        found, value = self._look_up(name)
        return value if found and isinstance(value, str) else default

    def visited(self, name: str, chosen: float, experts: float) -> float:
        """Return how many experts a token visits, as the key says.

        Raises
        ------
        ReadingError
            When they are more than there are.
        """
        if chosen > experts > 0:
            raise ReadingError(too_many(self._told_as(name), chosen, experts))
        return min(chosen, experts)

    def entries(self, name: str) -> list[Any]:
        """Return the list under a key, an empty one where it is null or unknown.

        Raises
        ------
        ReadingError
            When something else stands there.
        """
        found, value = self._look_up(name)
        if not found or value is None:
            return []
        if not isinstance(value, (list, tuple)) or len(value) > 100_000:
            raise ReadingError(_("{key} is no list").format(key=self._place + name))
        return list(value)

    def numbers(self, name: str) -> list[float]:
        """Return the list of numbers under a key."""
        return [self._number(name, one) for one in self.entries(name)]

    def size(self, name: str, index: int = 0) -> float:
        """Return the number under a key, or the entry of a list of them, as image sizes are given."""
        value = self.raw(name)
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            value = value[min(index, len(value) - 1)] if value else None
        return self._number(name, value)

    def part(self, *names: str, kind: str = "") -> "Config":
        """Return the part of the configuration under the first of these keys that the file has.

        A file that keeps the keys of the language model beside its own, as older ones do, is that part too.
        """
        for name in names:
            value = self._data.get(name)
            if isinstance(value, Mapping):
                default = self._custom.parts.get(name, {})
                told = value.get("model_type")
                usual = str(default.get("model_type", kind))
                # Older files call a part by the name of the whole.
                known = told if isinstance(told, str) and told and told != self.kind else usual
                if known != usual:
                    default = {}
                return Config(value, known, self._lacking, f"{self._place}{name}.", default)
            if value is not None:
                raise ReadingError(_("{key} is no part of a configuration").format(key=self._place + name))
        whole = {**self._custom.parts, **self._custom.absent}
        default = next((whole[name] or {} for name in names if name in whole), {})
        flat = names[0] in FLAT
        mine = {key: value for key, value in self._data.items() if flat and key not in OUTSIDE}
        known = str(default.get("model_type", kind))
        return Config(mine, known, self._lacking, self._place, default)

    def parted(self, name: str) -> bool:
        """Return whether the file or the type has such a part."""
        value = self._data.get(name)
        whole = {**self._custom.parts, **self._custom.absent}
        return isinstance(value, Mapping) or (name not in self._data and bool(whole.get(name)))

    def _look_up(self, name: str) -> tuple[bool, object]:
        if name == "tie_word_embeddings" and self.tied is not None:
            return True, self.tied
        for spelling in self._spelled(name):
            if spelling in self._data:
                return True, self._data[spelling]
        for spelling in self._spelled(name):
            if spelling in self._defaults:
                self._lacking[self._place + name] = self._defaults[spelling]
                return True, self._defaults[spelling]
        return False, None

    def _spelled(self, name: str) -> tuple[str, ...]:
        if name not in self._spellings:
            names = self._custom.names
            others = [key for key, told in names.items() if told == name]
            self._spellings[name] = (name, *([names[name]] if name in names else []), *others)
        return self._spellings[name]

    def _told_as(self, name: str) -> str:
        """Return a key as the file spells it, with the part in which it stands."""
        spelled = self._spelled(name)
        return self._place + next((one for one in spelled if one in self._data), name)

    def _number(self, name: str, value: object) -> float:
        if value is None:
            return 0
        counted = COUNTED.fullmatch(name) is not None
        number = int(value) if isinstance(value, bool) and not counted else value
        if not is_number(number, -1) or (counted and not is_count(number)):
            raise ReadingError(refused(self._told_as(name), value, whole=counted))
        return number


def is_number(value: object, low: float, high: float = LARGEST) -> TypeGuard[float]:
    """Return whether a value is a number between two others, and neither a yes nor a no."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def is_count(value: object) -> TypeGuard[float]:
    """Return whether a value is a number of things that a model can have."""
    return is_number(value, 0) and value % 1 == 0


def refused(key: str, value: object, *, whole: bool) -> str:
    """Return the sentence about a value that is no number of a model."""
    if whole:
        words = _("{key}: {value} is no size; a whole number from 0 to {most:,.0f} is allowed")
    else:
        words = _("{key}: {value} is no number that a model can have; one from -1 to {most:,.0f} is allowed")
    return words.format(key=key, value=written(value), most=LARGEST)
