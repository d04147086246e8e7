"""Older versions of a plan, as its saves left them in the backups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tcplan.language import _
from tcplan.plan.backups import Backup, kept
from tcplan.plan.document import Document as Content
from tcplan.plan.file import PlanFileError, load
from tcplan_desktop.files import headline
from tcplan_desktop.views.time_words import on_the_wall

_MOST = 20


@dataclass(frozen=True, slots=True)
class Version:
    """An older version: when it was current, and its content, None when it is damaged."""

    path: Path
    when: str
    content: Content | None

    @property
    def words(self) -> str:
        """Return the time and what the version said then."""
        if self.content is None:
            return _("{when}, damaged").format(when=self.when)
        saves = self.content.saves
        money = headline.money_text(saves[-1].headline.get("money.total")) if saves else ""
        return f"{self.when}   {money}".strip()


def versions(document_id: str) -> tuple[Version, ...]:
    """Return the latest older versions of a document, the newest first."""
    return tuple(_version(backup) for backup in kept(document_id)[:_MOST])


def _version(backup: Backup) -> Version:
    try:
        content = load(backup.path).document
    except PlanFileError:
        content = None
    return Version(backup.path, on_the_wall(backup.time, seconds=True), content)
