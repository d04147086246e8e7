"""What a reader found in a file of somebody else, or the one sentence about why it found nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tcplan.language import _
from tcplan.plan.reading import PlanFileError, decoded, parsed, quoted

_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, in the words of a plan.

    `kind` is model, job or energy. `fields` holds values by plan path, in the coherent unit of the field or
    as the key of a choice. `missing` names what the file lacks and what was assumed in its place; `notes` are
    sentences for the person who opened the file.
    """

    kind: str
    title: str
    fields: Mapping[str, float | str]
    missing: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


class ReadingError(ValueError):
    """A file that cannot be read, with one sentence about why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = quoted(sentence)
        super().__init__(self.sentence)


def json_object(data: bytes) -> dict[str, object]:
    """Return the JSON object that a file holds, read as strictly as a plan but for infinite numbers.

    Published configurations hold `Infinity` as the open end of an interval, so it is read, as NaN is, and
    refused by the reader where a size belongs.

    Raises
    ------
    ReadingError
        When the file is too large, nested too deeply, no JSON object or has a key twice.
    """
    try:
        text, _notices = decoded(data)
        return parsed(text, constant=float)
    except PlanFileError as error:
        raise ReadingError(str(error)) from error


def written(value: object) -> str:
    """Return a value of a JSON file as it stands there, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def too_many(key: str, chosen: float, experts: float) -> str:
    """Return the sentence about a token that visits more experts than there are."""
    sentence = _("{key}: {chosen:,.0f} is more than the {experts:,.0f} experts that there are")
    return sentence.format(key=key, chosen=chosen, experts=experts)
