"""What every command raises when it was given something that it cannot work with."""

from collections.abc import Sequence

from tcplan.plan.plan import nearest


class InputError(Exception):
    """Bad input: one sentence that says what, where, and what is allowed."""


def hint(key: str, known: Sequence[str]) -> str:
    """Return what to write behind a sentence about an unknown key: the nearest known one, if any."""
    sentence = nearest(key, list(known))
    return sentence[sentence.index(";") :] if ";" in sentence else ""
