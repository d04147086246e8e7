"""Whose data packs this user trusts: a name and its public key each, accepted once by hand."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tcplan.catalogue.overlay import OverlayError, folder, read_file
from tcplan.catalogue.pack import Pack, PackError
from tcplan.catalogue.shelf import fold
from tcplan.catalogue.signature import fingerprint, is_key
from tcplan.language import _
from tcplan.plan.atomic import replace_whole
from tcplan.plan.disk import Clock, Disk
from tcplan.plan.reading import PlanFileError, decoded, parsed

_FORMAT = 1
_FILE = "publishers.json"
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody whose packs are taken; `since` is the ISO date of that decision."""

    name: str
    key: str
    since: str


def publishers() -> tuple[Publisher, ...]:
    """Return whom this user trusts.

    Raises
    ------
    PackError
        When the list cannot be read: a damaged list must not make a known name new again.
    """
    return _read(folder() / _FILE)


@cache
def _read(path: Path) -> tuple[Publisher, ...]:
    if not path.exists():
        return ()
    try:
        tree = parsed(decoded(read_file(path, _LARGEST))[0])
    except (OverlayError, PlanFileError) as error:
        raise PackError(_damaged(path, str(error))) from error
    found = tree.get("publishers")
    if tree.get("format") != _FORMAT or not isinstance(found, list):
        raise PackError(_damaged(path, _("it is of another version")))
    made = []
    for one in found:
        texts = [one.get(part) for part in ("name", "key", "since")] if isinstance(one, dict) else []
        if not all(isinstance(text, str) for text in texts) or not texts or not is_key(texts[1]):
            raise PackError(_damaged(path, _("it is of another version")))
        made.append(Publisher(*(str(text) for text in texts)))
    return tuple(made)


def _damaged(path: Path, reason: str) -> str:
    return _("the list of trusted publishers in {file} cannot be read: {reason}").format(
        file=path, reason=reason
    )


def is_known(pack: Pack) -> bool:
    """Return whether this user has accepted the publisher of a pack.

    Raises
    ------
    PackError
        When the name is known with another key.
    """
    for one in publishers():
        if fold(one.name) == fold(pack.publisher):
            if one.key != pack.key:
                sentence = _(
                    "{name} signed with another key than before ({now} instead of {before}); nothing is taken"
                )
                now, before = fingerprint(pack.key), fingerprint(one.key)
                raise PackError(sentence.format(name=pack.publisher, now=now, before=before))
            return True
    return False


def accept(pack: Pack) -> None:
    """Trust the publisher of a pack from now on.

    Raises
    ------
    PackError
        When the name is known with another key.
    OSError
        When the list cannot be written.
    """
    forget()
    if is_known(pack):
        return
    since = datetime.now(UTC).date().isoformat()
    _write((*publishers(), Publisher(pack.publisher, pack.key, since)))


def drop(name: str) -> None:
    """Trust a publisher no more; its next pack asks anew.

    Raises
    ------
    PackError
        When nobody of this name is trusted.
    OSError
        When the list cannot be written.
    """
    forget()
    left = tuple(one for one in publishers() if fold(one.name) != fold(name))
    if len(left) == len(publishers()):
        raise PackError(_("no trusted publisher is called “{name}”").format(name=name))
    _write(left)


def _write(every: tuple[Publisher, ...]) -> None:
    listed = [{"name": one.name, "key": one.key, "since": one.since} for one in every]
    tree = {"format": _FORMAT, "publishers": listed}
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    data = (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()
    replace_whole(data, place / _FILE, 0o600, Disk(), Clock())
    forget()


def forget() -> None:
    """Read the list anew when it is asked for next."""
    _read.cache_clear()
