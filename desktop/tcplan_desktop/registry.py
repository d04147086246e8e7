"""Everything that can be found by its words: commands, fields, results, catalogue rows and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES
from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.field import Shown
from tcplan.plan.number import NumberError, read
from tcplan.plan.plan import Value, descriptions
from tcplan.plan_rows import ROW_FIELDS
from tcplan_desktop.parts.option_list import plain
from tcplan_desktop.shortcuts import COMMANDS

_KIND_ICONS = {"model": "box", "training": "box", "hardware": "cpu", "layout": "cpu", "failures": "cpu"}
_KIND_ICONS |= {"site": "map-pin", "purchase": "banknote", "programme": "users"}
_ROW_ICONS = {
    "models": "box",
    "accelerators": "cpu",
    "stacks": "layers",
    "grids": "map-pin",
    "sites": "map-pin",
    "regions": "map-pin",
    "prices": "banknote",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found; `run` does it."""

    kind: str
    name: str
    detail: str
    icon: str
    cap: str
    run: Callable[[], object] = field(compare=False)
    words: tuple[str, ...] = ()
    found_by: str = field(init=False)
    called: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "called", plain(self.name))
        every = (self.name, self.kind, self.detail, *self.words)
        object.__setattr__(self, "found_by", " " + plain(" ".join(every)))


@dataclass(frozen=True, slots=True)
class Doors:
    """What entries lead to."""

    command: Callable[[str], None]
    field: Callable[[str], None]
    why: Callable[[str], None]
    edit: Callable[[str, Value, str], None]
    example: Callable[[str], None]
    note: Callable[[str], None]


def entries(
    estimate: Estimate,
    examples: Iterable[tuple[str, str]],
    notes: Mapping[str, tuple[str, str]],
    doors: Doors,
) -> tuple[Entry, ...]:
    """Return everything that can be found, in the order in which equals are listed.

    `examples` are pairs of key and title; `notes` hold, by path, what a note is on and its text.
    """
    made = [*_fields(doors), *_commands(doors), *_results(estimate, doors), *_rows(estimate, doors)]
    made += [_note(path, name, text, doors) for path, (name, text) in notes.items()]
    return (*made, *(_example(key, title, doors) for key, title in examples))


def _note(path: str, name: str, text: str, doors: Doors) -> Entry:
    line = " ".join(text.split())
    return Entry(_("Note"), name, line, "sticky-note", _("open"), partial(doors.note, path), (path,))


def _example(key: str, title: str, doors: Doors) -> Entry:
    return Entry(_("Example"), title, key, "chart-line", _("open"), partial(doors.example, key))


def _commands(doors: Doors) -> Iterator[Entry]:
    for command in COMMANDS:
        yield Entry(
            _("Command"),
            _(command.label),
            "",
            command.icon or "settings",
            command.keys,
            partial(doors.command, command.name),
            command.words,
        )


def _fields(doors: Doors) -> Iterator[Entry]:
    for path, shown in descriptions().items():
        yield Entry(
            _("Field"),
            _(shown.label),
            path,
            _KIND_ICONS.get(path.partition(".")[0], "pencil"),
            _("go"),
            partial(doors.field, path),
            (*shown.words, shown.symbol),
        )


def _results(estimate: Estimate, doors: Doors) -> Iterator[Entry]:
    for path, quantity in estimate.graph.paths.items():
        yield Entry(
            _("Why"),
            _(quantity.label),
            path,
            "circle-question-mark",
            "F4",
            partial(doors.why, path),
            (quantity.symbol,),
        )


def _rows(estimate: Estimate, doors: Doors) -> Iterator[Entry]:
    for path, table in ROW_FIELDS.items():
        label = _(descriptions()[path].label)
        for row in _rows_for(table, estimate):
            words = tuple(str(row.get(column) or "") for column in TABLES[table].searched)
            yield Entry(
                label,
                row.name,
                _("catalogue row"),
                _ROW_ICONS[table],
                _("set"),
                partial(doors.edit, path, row.key, ""),
                (row.key, *words),
            )


def _rows_for(table: str, estimate: Estimate) -> tuple[Row, ...]:
    """Return the rows of a table that this plan can take: prices of other accelerators are noise."""
    rows, device = estimate.shelf.rows(table), estimate.inputs.rows.accelerator
    if table != "prices" or device is None:
        return rows
    return tuple(row for row in rows if row.get("accelerator") == device.key)


def found(every: Iterable[Entry], typed: str, limit: int = 9) -> tuple[Entry, ...]:
    """Return the entries that contain every typed word, those whose name fits best first."""
    text = plain(typed.strip())
    wanted = text.split()
    ranked = []
    for order, entry in enumerate(every):
        if all(word in entry.found_by for word in wanted):
            ranked.append((_rank(entry, text, wanted), order, entry))
    ranked.sort(key=lambda one: one[:2])
    return tuple(entry for _rank_, _order, entry in ranked[:limit])


def _rank(entry: Entry, text: str, wanted: list[str]) -> int:
    if entry.called == text:
        return 0
    if entry.called.startswith(text):
        return 1
    if all(f" {word}" in f" {entry.called}" for word in wanted):
        return 2
    if all(f" {word}" in entry.found_by for word in wanted):
        return 3
    return 4


def assignments(typed: str, doors: Doors) -> tuple[Entry, ...]:
    """Return what `tokens = 15T` would set, for each field that the left side may mean."""
    made = []
    for path, shown, text in _assigned(typed):
        value = _value(text, shown)
        if value is not None:
            name = _("{label} = {text}").format(label=_(shown.label), text=text)
            run = partial(doors.edit, path, value, "" if isinstance(value, str) else text)
            made.append(Entry(_("Set"), name, path, "pencil", _("set"), run))
    return tuple(made[:9])


def refusal(typed: str) -> str:
    """Return why the first field that an assignment may mean cannot have the value; nothing without one."""
    for _path, shown, text in _assigned(typed):
        if shown.kind == "number":
            try:
                read(text, shown, marks.current())
            except NumberError as error:
                return f"{_(shown.label)}: {error.sentence}"
    return ""


def _assigned(typed: str) -> Iterator[tuple[str, Shown, str]]:
    """Yield the fields that the left side of an assignment may mean, with the right side."""
    left, equals, right = (part.strip() for part in typed.partition("="))
    if equals and left and right:
        named = plain(left)
        called = [(path, shown, _names(path, shown)) for path, shown in descriptions().items()]
        meant = [one for one in called if any(name.startswith(named) for name in one[2])]
        # What is called exactly so comes before what only begins so.
        for path, shown, _all_names in sorted(meant, key=lambda one: named not in one[2]):
            yield path, shown, right


def _names(path: str, shown: Shown) -> tuple[str, ...]:
    names = (path, path.rpartition(".")[2], _(shown.label), shown.symbol, *shown.words)
    return tuple(plain(name) for name in names if name)


def _value(text: str, shown: Shown) -> Value:
    if shown.kind == "number":
        try:
            return read(text, shown, marks.current()).value
        except NumberError:
            return None
    wanted = plain(text)
    for choice in shown.choices:
        if wanted in (plain(choice.key), plain(_(choice.label))):
            return choice.key
    return None
