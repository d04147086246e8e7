"""The document: a plan with its scenarios, notes, typed texts, catalogue rows and saved headlines."""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tcplan.catalogue.row import Row
from tcplan.language import _
from tcplan.plan.letters import forbidden
from tcplan.plan.number import NumberError, read, translate, write
from tcplan.plan.plan import Plan, PlanError, Value, descriptions
from tcplan.plan.value import Range

FORMAT = 1
"""Number of the file format that this version writes; each step has a migration."""
READABLE_FROM = 1
"""Oldest format whose programs can open what this version writes."""

LONGEST_LINE = 500
LONGEST_PROSE = 20_000
_SAVES_KEPT = 100
_SCENARIOS = "scenarios"
BASE = "Base"
"""Name of the plan without any scenario's differences."""

Unknown = tuple[tuple[str, ...], object]
"""Something that only a newer version understands: where it stands, and its JSON value."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Differences from the base plan by path; None takes a typed value back."""

    name: str
    changes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Save:
    """The headline at one save, with the versions that computed it."""

    time: str
    engine: str
    catalogue: str
    plan: str
    headline: Mapping[str, float]


def clean(text: str, *, lines: bool = False, longest: int | None = None) -> str:
    """Return a text without what no file may hold: controls, lone surrogates, excess length."""
    kept = "".join(" " if forbidden(letter) and not (lines and letter == "\n") else letter for letter in text)
    return kept[: longest or (LONGEST_PROSE if lines else LONGEST_LINE)]


def same_value(one: Value, other: Value) -> bool:
    """Return whether two values of a field are the same, ranges and lists included."""
    return type(one) is type(other) and one == other


@dataclass(frozen=True)
class Document:
    """A frozen document; each edit returns a new one that shares everything else, so undo may hold thousands.

    `raw` keeps what was typed, with a decimal point, where it differs from what the value alone would show.
    `unknown` keeps what a newer version wrote, together with its `format` and `readable_from`.
    """

    id: str
    title: str = ""
    author: str = ""
    remark: str = ""
    plan: Plan = field(default_factory=Plan)
    raw: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    rows: tuple[Row, ...] = ()
    saves: tuple[Save, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    format: int = FORMAT
    readable_from: int = READABLE_FROM

    @classmethod
    def new(cls, plan: Plan | None = None, title: str = "") -> "Document":
        """Return a document that was never saved."""
        return cls(id=uuid.uuid4().hex, title=clean(title), plan=plan or Plan())

    def with_value(self, path: str, value: Value, raw: str | None = None, locale: str = "en") -> "Document":
        """Return a document with one value set, or taken back when it is None.

        `raw` is the text that was typed in `locale`; it is kept where it says more than the value does.

        Raises
        ------
        PlanError
            When the field does not allow the value.
        """
        if isinstance(value, int | float):
            value = _finite(path, float(value))
        typed = _raw_text(path, value, raw, locale)
        same = same_value(self.plan.get(path), value)
        if same and self.raw.get(path) == typed:
            return self
        plan = self.plan if same else self.plan.with_value(path, value)
        texts = self.raw
        if texts.get(path) != typed:
            texts = {key: text for key, text in texts.items() if key != path}
            texts |= {} if typed is None else {path: typed}
        places = (("plan", *path.split(".")), ("raw", path))
        unknown = self.unknown and tuple(kept for kept in self.unknown if kept[0] not in places)
        return replace(self, plan=plan, raw=texts, unknown=unknown)

    def with_note(self, path: str, text: str) -> "Document":
        """Return a document with a note on a field or result; an empty text takes it away."""
        notes = {key: note for key, note in self.notes.items() if key != path}
        kept = clean(text, lines=True).strip()
        return replace(self, notes=notes | ({path: kept} if kept else {}))

    def with_words(
        self, *, title: str | None = None, author: str | None = None, remark: str | None = None
    ) -> "Document":
        """Return a document with other words on its cover."""
        return replace(
            self,
            title=self.title if title is None else clean(title),
            author=self.author if author is None else clean(author),
            remark=self.remark if remark is None else clean(remark, lines=True),
        )

    def with_rows(self, rows: Iterable[Row]) -> "Document":
        """Return a document with copies of the catalogue rows that it uses."""
        kept = tuple(sorted(rows, key=lambda row: (row.table, row.key)))
        return self if kept == self.rows else replace(self, rows=kept)

    def in_scenario(self, name: str) -> "Document":
        """Return the document with the differences of a scenario in force; for `BASE` as it is.

        Raises
        ------
        PlanError
            When there is no scenario of this name.
        """
        if name == BASE:
            return self
        plan = self.scenario_plan(name)
        raw = {
            path: text for path, text in self.raw.items() if same_value(plan.get(path), self.plan.get(path))
        }
        return replace(self, plan=plan, raw=raw)

    def scenario_plan(self, name: str) -> Plan:
        """Return the base plan with the differences of a scenario.

        Raises
        ------
        PlanError
            When there is no scenario of this name.
        """
        for scenario in self.scenarios:
            if scenario.name == name:
                return _changed(self.plan, scenario.changes)
        names = ", ".join((BASE, *(scenario.name for scenario in self.scenarios)))
        sentence = _("there is no scenario {name}; there are: {names}").format(name=name, names=names)
        raise PlanError(_SCENARIOS, sentence)

    def saved(self, time: datetime, engine: str, catalogue: str, headline: Mapping[str, float]) -> "Document":
        """Return the document to write: with a record of this save if anything that it says is new."""
        fingerprint = self.plan.fingerprint()
        if self.saves:
            last = self.saves[-1]
            if (last.plan, last.engine, last.catalogue) == (fingerprint, engine, catalogue):
                return self
        finite = {path: value for path, value in headline.items() if math.isfinite(value)}
        record = Save(f"{time:%Y-%m-%dT%H:%M:%SZ}", engine, catalogue, fingerprint, finite)
        return replace(self, saves=(*self.saves, record)[-_SAVES_KEPT:])


def _finite(path: str, value: float) -> float:
    if not math.isfinite(value):
        raise PlanError(path, _("a value must be a finite number"))
    return value


def _changed(plan: Plan, changes: Mapping[str, Value]) -> Plan:
    for path, value in changes.items():
        plan = plan.with_value(path, value)
    return plan


def _raw_text(path: str, value: Value, raw: str | None, locale: str) -> str | None:
    """Return the typed text worth keeping: it means the value, and is not what the value shows by itself."""
    shown = descriptions().get(path)
    if raw is None or shown is None or shown.kind != "number" or not isinstance(value, float | Range | tuple):
        return None
    text = translate(clean(raw).strip(), locale, "en")
    if text == write(value, shown):
        return None
    return text if means(text, path, value) else None


def means(text: str, path: str, value: Value) -> bool:
    """Return whether a kept text, with a decimal point, reads as the value of its field."""
    shown = descriptions().get(path)
    if shown is None or shown.kind != "number":
        return False
    try:
        return same_value(read(text, shown).value, value)
    except NumberError:
        return False
