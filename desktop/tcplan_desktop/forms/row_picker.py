"""The choice of a catalogue row, with the figures that tell rows apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES, Shelf
from tcplan.language import _
from tcplan.plan.field import Shown
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option


def _figure(row: Row, column: str, unit: str, form: str = "g") -> str:
    number = row.number(column)
    return "" if number is None else f"{number:{form}} {unit}"


def _accelerator(row: Row) -> tuple[tuple[str, ...], str]:
    peak = _figure(row, "bf16_tflops", "TFLOP/s") or _figure(row, "fp16_tflops", "TFLOP/s fp16")
    memory = _figure(row, "memory_gib", "GiB")
    return (_figure(row, "year", "").strip(), memory, peak), ""


def _model(row: Row) -> tuple[tuple[str, ...], str]:
    parameters = row.number("parameters") or 0.0
    return (
        str(row.get("publisher") or ""),
        _figure(row, "year", "").strip(),
        f"{parameters / 1e9:.3g} B",
    ), ""


def _grid(row: Row) -> tuple[tuple[str, ...], str]:
    carbon = _figure(row, "carbon_g_per_kwh", "g/kWh", ".0f")
    return (carbon, _figure(row, "price_usd_per_kwh", "$/kWh", ".2f")), ""


def _site(row: Row) -> tuple[tuple[str, ...], str]:
    pue = row.number("pue")
    shown = "" if pue is None else f"PUE {pue:g}"
    return (shown, _figure(row, "year", "").strip()), ""


def _stack(row: Row) -> tuple[tuple[str, ...], str]:
    return (_("own") if str(row.get("parent") or "") else "", _figure(row, "year", "").strip()), ""


def _region(row: Row) -> tuple[tuple[str, ...], str]:
    return (str(row.get("city") or ""), str(row.get("country") or "")), ""


def _price(row: Row) -> tuple[tuple[str, ...], str]:
    return (_figure(row, "price_usd_per_h", "$/h", ".2f"), row.date), ""


_FIGURES: dict[str, Callable[[Row], tuple[tuple[str, ...], str]]] = {
    "accelerators": _accelerator,
    "models": _model,
    "grids": _grid,
    "sites": _site,
    "regions": _region,
    "stacks": _stack,
    "prices": _price,
}


def options_of(table: str, shelf: Shelf) -> tuple[Option, ...]:
    """Return the rows of a table as options: name, figures in columns, words to find them by."""
    made = []
    for row in shelf.rows(table):
        columns, detail = _FIGURES[table](row)
        words = tuple(str(row.get(column) or "") for column in TABLES[table].searched)
        made.append(Option(row.key, row.name, columns, detail, words))
    return tuple(made)


class RowPicker(Choice):
    """A choice well over the rows of a table; they are made when the list first opens."""

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(_(shown.label), placeholder=_("choose, or type to find"), parent=parent)
        self._table = shown.table
        self._shelf: Shelf | None = None
        self._complete = False

    def show_row(self, key: str, shelf: Shelf) -> None:
        """Show the row in force."""
        if shelf is not self._shelf:
            self._shelf, self._complete = shelf, False
        if not self._complete:
            self.set_options(self._one(key))
        self.show_key(key)

    def _one(self, key: str) -> tuple[Option, ...]:
        if self._shelf is None:
            return ()
        row = next((one for one in self._shelf.rows(self._table) if one.key == key), None)
        if row is None:
            return ()
        columns, detail = _FIGURES[self._table](row)
        return (Option(row.key, row.name, columns, detail),)

    def open_list(self) -> None:
        """Show every row."""
        if self._shelf is not None and not self._complete:
            self._complete = True
            # `set_options` would write over the text that opens the list.
            self._options = options_of(self._table, self._shelf)
        super().open_list()
