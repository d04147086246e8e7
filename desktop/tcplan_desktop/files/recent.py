"""The plans of late: where they are and what they said when they were last saved."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tcplan.language import _

MOST = 20


@dataclass(frozen=True, slots=True)
class RecentPlan:
    """One plan: cost in dollars, run in seconds, when it was last used and the digest of its bytes then."""

    path: str
    name: str
    used: str
    money: float | None = None
    seconds: float | None = None
    digest: str = ""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    path: str = Field(min_length=1, max_length=8000)
    name: str = Field(max_length=1000)
    used: str = Field(max_length=40)
    money: float | None = Field(default=None, allow_inf_nan=False)
    seconds: float | None = Field(default=None, allow_inf_nan=False)
    digest: str = Field(default="", max_length=64)


class _List(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    plans: tuple[_Entry, ...] = ()


def recent_file() -> Path:
    """Return where the list of this person lives."""
    return Path(platformdirs.user_config_dir("tcplan", appauthor=False)) / "recent.json"


class Recent:
    """The list, the last used first; a damaged file costs the list and nothing else."""

    def __init__(self, place: Path | None = None) -> None:
        self._place = place or recent_file()
        self.plans: tuple[RecentPlan, ...] = ()
        self.notice = ""
        try:
            self.plans = self._read()
        except FileNotFoundError:
            pass
        except (OSError, ValidationError, RecursionError):
            self.notice = _("The list of recent plans could not be read, so it begins anew.")
            self._set_aside()

    def _read(self) -> tuple[RecentPlan, ...]:
        entries = _List.model_validate_json(self._place.read_bytes()).plans
        return tuple(RecentPlan(**entry.model_dump()) for entry in entries[:MOST])

    def _set_aside(self) -> None:
        try:
            self._place.replace(self._place.with_suffix(".damaged"))
        except OSError:
            self.plans = ()

    def find(self, path: Path) -> RecentPlan | None:
        """Return what is known of a plan."""
        return next((plan for plan in self.plans if plan.path == str(path)), None)

    def add(self, plan: RecentPlan) -> None:
        """Put a plan at the head of the list."""
        self._keep((plan, *(other for other in self.plans if other.path != plan.path)))

    def move(self, old: str, new: Path) -> None:
        """Note where a plan that was missing is now."""
        moved = tuple(
            replace(plan, path=str(new), name=new.name) if plan.path == old else plan
            for plan in self.plans
            if plan.path != str(new)
        )
        self._keep(moved)

    def _keep(self, plans: tuple[RecentPlan, ...]) -> None:
        # Another window may have added its own meanwhile.
        try:
            others = self._read()
        except (OSError, ValidationError, RecursionError):
            others = ()
        known = {plan.path for plan in (*plans, *self.plans)}
        self.plans = (*plans, *(plan for plan in others if plan.path not in known))[:MOST]
        self._write()

    def _write(self) -> None:
        draft = self._place.with_name(f".{self._place.name}.{os.getpid()}.tmp")
        text = json.dumps({"plans": [asdict(plan) for plan in self.plans]}, indent=1, sort_keys=True)
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text + "\n", encoding="utf-8")
            draft.replace(self._place)
        except (OSError, UnicodeError):
            draft.unlink(missing_ok=True)


def missing(paths: tuple[str, ...]) -> frozenset[str]:
    """Return the paths at which there is no file; on a drive that is gone this takes its time."""
    return frozenset(path for path in paths if not os.path.isfile(path))  # noqa: PTH113 - odd names do not raise


def now() -> str:
    """Return the time in the form of the list."""
    return datetime.now(UTC).isoformat(timespec="seconds")
