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
LONGEST_NAME = 80
"""Letters of a scenario's name; more would fill its tab and the head of its column."""
_SAVES_KEPT = 100
_SCENARIOS = "scenarios"
BASE = "Base"
"""Name of the plan without any scenario's differences."""

Unknown = tuple[tuple[str, ...], object]
"""Something that only a newer version understands: where it stands, and its JSON value."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Differences from the base plan by path; None takes a typed value back.

    `raw` keeps what was typed for them where it differs from what the values alone would show. A `detached`
    scenario holds every value that was typed, and the base says nothing in it.
    """

    name: str
    changes: Mapping[str, Value]
    raw: Mapping[str, str] = field(default_factory=dict)
    detached: bool = False

    def on(self, base: Plan) -> Plan:
        """Return the plan of this scenario over a base plan."""
        return (Plan() if self.detached else base).with_values(self.changes)


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
    `unknown` keeps what a newer version wrote, together with its `format` and `readable_from`. While a
    scenario is in force, `in_force` is its name and `base` the plan that it differs from; neither is written.
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
    base: Plan | None = None
    in_force: str = BASE

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
        scenario = self.scenario(name)
        plan = scenario.on(self.plan)
        shared = {
            path: text for path, text in self.raw.items() if same_value(plan.get(path), self.plan.get(path))
        }
        return replace(self, plan=plan, raw=shared | dict(scenario.raw), base=self.plan, in_force=name)

    def overrides_base(self, path: str) -> bool:
        """Return whether the scenario in force says something else at a path than the base."""
        return self.base is not None and not same_value(self.plan.get(path), self.base.get(path))

    def like_base(self, paths: Iterable[str]) -> "Document":
        """Return the document with values of the base at some paths, in place of those of the scenario."""
        base = self.base
        if base is None:
            return self
        values = {path: base.get(path) for path in paths}
        raw = {path: text for path, text in self.raw.items() if path not in values}
        return replace(self, plan=self.plan.with_values(values), raw=raw)

    def scenario_plan(self, name: str) -> Plan:
        """Return the base plan with the differences of a scenario; for `BASE` the base plan.

        Raises
        ------
        PlanError
            When there is no scenario of this name.
        """
        return self.plan if name == BASE else self.scenario(name).on(self.plan)

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of a name.

        Raises
        ------
        PlanError
            When there is none.
        """
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        sentence = _("there is no scenario {name}; there are: {names}")
        raise PlanError(_SCENARIOS, sentence.format(name=name, names=", ".join(self.scenario_names)))

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """Return the names of the base and of all scenarios, in the order of their tabs."""
        return (BASE, *(scenario.name for scenario in self.scenarios))

    def free_name(self, wanted: str) -> str:
        """Return a name that no scenario has: this one, cleaned and shortened, numbered where it is taken."""
        stem = " ".join(clean(wanted).split())[:LONGEST_NAME].strip() or _("Scenario")
        taken = {name.casefold() for name in self.scenario_names}
        name, number = stem, 2
        while name.casefold() in taken:
            ending = f" {number}"
            name, number = stem[: LONGEST_NAME - len(ending)].rstrip() + ending, number + 1
        return name

    def checked_name(self, wanted: str, but: str = "") -> str:
        """Return a name for a scenario without space at its ends; `but` is the scenario that has it now.

        Raises
        ------
        PlanError
            When it is empty, too long, taken or not printable.
        """
        name = wanted.strip()
        others = {other.casefold() for other in self.scenario_names if other != but}
        if not name:
            raise PlanError(_SCENARIOS, _("a scenario needs a name"))
        if any(forbidden(letter) for letter in name):
            raise PlanError(_SCENARIOS, _("a scenario's name is one line without control characters"))
        if len(name) > LONGEST_NAME:
            sentence = _("a scenario's name has at most {most} letters; this has {count}")
            raise PlanError(_SCENARIOS, sentence.format(most=LONGEST_NAME, count=len(name)))
        if name.casefold() == BASE.casefold():
            raise PlanError(_SCENARIOS, _("{name} is the plan itself; choose another name").format(name=BASE))
        if name.casefold() in others:
            raise PlanError(_SCENARIOS, _("there is already a scenario {name}").format(name=name))
        return name

    def with_scenario(self, name: str, changes: Mapping[str, Value]) -> "Document":
        """Return a document with one more scenario behind the others.

        Raises
        ------
        PlanError
            When the name cannot be given, or a field does not allow its value.
        """
        made = Scenario(self.checked_name(name), dict(changes))
        made.on(self.plan)
        return replace(self, scenarios=(*self.scenarios, made))

    def with_copy(self, name: str, copied: str) -> "Document":
        """Return a document with a scenario that says what another one, or the base, says now, behind it.

        Raises
        ------
        PlanError
            When the name cannot be given, or there is nothing of the other name.
        """
        if copied == BASE:
            return self.with_scenario(name, {})
        source = self.scenario(copied)
        made = replace(source, name=self.checked_name(name))
        place = self.scenarios.index(source) + 1
        return replace(self, scenarios=(*self.scenarios[:place], made, *self.scenarios[place:]))

    def without_scenario(self, name: str) -> "Document":
        """Return a document without a scenario.

        Raises
        ------
        PlanError
            When there is none of this name.
        """
        gone = self.scenario(name)
        return replace(self, scenarios=tuple(one for one in self.scenarios if one is not gone))

    def renamed(self, name: str, wanted: str) -> "Document":
        """Return a document in which a scenario has another name.

        Raises
        ------
        PlanError
            When there is none of this name, or the new one cannot be given.
        """
        old = self.scenario(name)
        return self._with_scenario_as(old, replace(old, name=self.checked_name(wanted, but=name)))

    def moved(self, name: str, place: int) -> "Document":
        """Return a document in which a scenario stands at another place, 0 being the first behind the base.

        Raises
        ------
        PlanError
            When there is none of this name.
        """
        moving = self.scenario(name)
        rest = [one for one in self.scenarios if one is not moving]
        rest.insert(min(max(place, 0), len(rest)), moving)
        return replace(self, scenarios=tuple(rest))

    def detached(self, name: str) -> "Document":
        """Return a document in which a scenario holds all its values itself, whatever the base becomes.

        Raises
        ------
        PlanError
            When there is none of this name.
        """
        old = self.scenario(name)
        there = self.in_scenario(name)
        return self._with_scenario_as(old, Scenario(name, there.plan.typed(), there.raw, detached=True))

    def with_base(self, name: str, former: str) -> "Document":
        """Return a document whose base is what a scenario says; the base until now is a scenario `former`.

        No plan changes by this: the differences of the other scenarios are taken from the new base.

        Raises
        ------
        PlanError
            When there is no scenario of this name, or the name for the former base cannot be given.
        """
        chosen = self.scenario(name)
        there = self.in_scenario(name)
        kept = []
        for one in self.scenarios:
            old = Scenario(self.checked_name(former, but=name), {}) if one is chosen else one
            inside = self if one is chosen else self.in_scenario(one.name)
            kept.append(old if old.detached else _over(there, old.name, inside))
        return replace(self, plan=there.plan, raw=there.raw, scenarios=tuple(kept))

    def with_edited(self, name: str, edited: "Document") -> "Document":
        """Return the document after what it says with a scenario in force was edited.

        Parameters
        ----------
        name
            The scenario that was in force, or `BASE`.
        edited
            `in_scenario(name)` with other values, notes or words. Only the differences of the scenario take
            part in what was edited; a value that equals the base again is no difference any more.
        """
        if name == BASE:
            return edited
        old = self.scenario(name)
        before, after = old.on(self.plan).typed(), edited.plan.typed()
        base = {} if old.detached else self.plan.typed()
        changes = dict(old.changes)
        for path in before.keys() | after.keys():
            value = after.get(path)
            if not same_value(before.get(path), value):
                changes.pop(path, None)
                if not same_value(base.get(path), value):
                    changes[path] = value
        ordered = {path: changes[path] for path in in_order(changes)}
        raw = {path: text for path, text in edited.raw.items() if path in changes}
        made = Scenario(name, ordered, raw, old.detached)
        scenarios = tuple(made if one is old else one for one in self.scenarios)
        stored = replace(edited, plan=self.plan, raw=self.raw, base=None, in_force=BASE)
        return replace(stored, scenarios=scenarios, unknown=self.unknown)

    def _with_scenario_as(self, old: Scenario, new: Scenario) -> "Document":
        return replace(self, scenarios=tuple(new if one is old else one for one in self.scenarios))

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


def _over(base: Document, name: str, inside: Document) -> Scenario:
    """Return the scenario that makes of a base what `inside` says."""
    changes = differences(base.plan, inside.plan)
    return Scenario(name, changes, {path: text for path, text in inside.raw.items() if path in changes})


def differences(one: Plan, other: Plan) -> dict[str, Value]:
    """Return what makes the first plan the second, by path; None where only the first has a typed value."""
    before, after = one.typed(), other.typed()
    changed = {
        path: after.get(path)
        for path in before.keys() | after.keys()
        if not same_value(before.get(path), after.get(path))
    }
    return {path: changed[path] for path in in_order(changed)}


def in_order(paths: Iterable[str]) -> list[str]:
    """Return paths in the order of the forms, typed results behind them."""
    places = {path: place for place, path in enumerate(descriptions())}
    return sorted(paths, key=lambda path: (places.get(path, len(places)), path))


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
