"""What the catalogue calls its tables and columns, with units, and how it writes a cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tcplan.catalogue.age import age_in_words
from tcplan.catalogue.cells import is_text
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions
from tcplan.report.numbers import full
from tcplan_desktop.views.curve_words import number

TABLE_NAMES = {
    "accelerators": N_("Accelerators"),
    "models": N_("Models"),
    "grids": N_("Grids"),
    "sites": N_("Data centres"),
    "regions": N_("Cloud regions"),
    "prices": N_("Rental prices"),
    "runs": N_("Published runs"),
    "costs": N_("Programme costs"),
    "equivalences": N_("Equivalences"),
    "currencies": N_("Currencies"),
    "stacks": N_("Software stacks"),
    "recipes": N_("Recipes"),
    "performance": N_("Constants of performance"),
}
_UNITS = {
    "_usd_per_kwh": "$/kWh",
    "_g_per_kwh": "g/kWh",
    "_l_per_kwh": "L/kWh",
    "_gb_per_s": "GB/s",
    "_usd_per_h": "$/h",
    "_usd_per_unit": "$",
    "usd_per_unit": "$",
    "_tflops": "TFLOP/s",
    "_tops": "TOP/s",
    "_kgco2e": "kgCO2e",
    "_tco2e": "tCO2e",
    "_gib": "GiB",
    "_mwh": "MWh",
    "_usd": "$",
    "_flop": "FLOP",
    "_mm2": "mm²",
    "_nm": "nm",
    "_w": "W",
    "_h": "h",
    "_d": "d",
    "_l": "L",
}
_LABELS = {
    "key": N_("Key"),
    "name": N_("Name"),
    "source": N_("Source"),
    "source_date": N_("Date"),
    "confidence": N_("Confidence"),
    "basis": N_("Basis"),
    "notes": N_("Notes"),
    "year": N_("Year"),
    "vendor": N_("Vendor"),
    "generation": N_("Generation"),
    "fp32": N_("Peak fp32"),
    "tf32": N_("Peak tf32"),
    "fp16": N_("Peak fp16"),
    "bf16": N_("Peak bf16"),
    "fp8": N_("Peak fp8"),
    "fp4": N_("Peak fp4"),
    "int8": N_("Peak int8"),
    "memory": N_("Memory"),
    "memory_bandwidth": N_("Memory bandwidth"),
    "scale_up_domain": N_("Scale-up domain"),
    "scale_up_bandwidth": N_("Scale-up bandwidth"),
    "nic_bandwidth": N_("NIC bandwidth"),
    "devices_per_node": N_("Devices per node"),
    "device_power": N_("Device power"),
    "server_power": N_("Server power"),
    "embodied": N_("Embodied carbon"),
    "server_embodied": N_("Embodied, server"),
    "embodied_low": N_("Embodied, least"),
    "embodied_high": N_("Embodied, most"),
    "device_price": N_("Device price"),
    "die": N_("Die"),
    "process": N_("Process"),
    "publisher": N_("Publisher"),
    "parameters": N_("Parameters"),
    "active_parameters": N_("Active parameters"),
    "level": N_("Level"),
    "iso3": N_("Country"),
    "also_called": N_("Also called"),
    "continent": N_("Continent"),
    "carbon": N_("Carbon"),
    "carbon_basis": N_("Carbon counts"),
    "carbon_low": N_("Carbon, least"),
    "carbon_high": N_("Carbon, most"),
    "residual": N_("Residual mix"),
    "water": N_("Water"),
    "price": N_("Price"),
    "renewable_share": N_("Renewable share"),
    "low_carbon_share": N_("Low-carbon share"),
    "provider_cfe_share": N_("Provider's carbon-free share"),
    "operator": N_("Operator"),
    "country": N_("Country"),
    "pue": N_("PUE"),
    "wue": N_("WUE"),
    "provider": N_("Provider"),
    "region": N_("Region"),
    "city": N_("City"),
    "grid": N_("Grid"),
    "facility": N_("Data centre"),
    "price_region": N_("Price region"),
    "instance": N_("Instance"),
    "accelerator": N_("Accelerator"),
    "devices": N_("Devices"),
    "way": N_("Way of buying"),
    "model": N_("Model"),
    "tokens": N_("Tokens"),
    "precision": N_("Precision"),
    "device_hours": N_("Device-hours"),
    "days": N_("Days"),
    "mfu": N_("MFU"),
    "compute": N_("Compute"),
    "energy": N_("Energy"),
    "location": N_("Carbon, location"),
    "market": N_("Carbon, market"),
    "cost": N_("Cost"),
    "category": N_("Category"),
    "kind": N_("Kind"),
    "value": N_("Value"),
    "low": N_("Least"),
    "high": N_("Most"),
    "unit": N_("Unit"),
    "place": N_("Place"),
    "role": N_("Role"),
    "code": N_("Code"),
    "symbol": N_("Symbol"),
    "usd_per_unit": N_("One unit is worth"),
    "generations": N_("Generations"),
    "follows": N_("Follows"),
    "coefficient": N_("Constant"),
    "stack": N_("Stack"),
    "sigma": N_("Spread"),
}
_SOURCES = {
    "embodied_kgco2e": "embodied_carbon",
    "server_embodied_kgco2e": "embodied_carbon",
    "embodied_low_kgco2e": "embodied_range",
    "embodied_high_kgco2e": "embodied_range",
    "device_price_usd": "device_price",
    "water_l_per_kwh": "grid_water",
    "price_usd_per_kwh": "electricity_price",
    "carbon_low_g_per_kwh": "carbon_range",
    "carbon_high_g_per_kwh": "carbon_range",
    "residual_g_per_kwh": "carbon_market",
    "renewable_share": "shares",
    "low_carbon_share": "shares",
    "provider_cfe_share": "shares",
    "wue_l_per_kwh": "wue",
}
"""Columns whose figures have a source of their own, with the name that its columns bear."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name in the file, what a person calls it, its unit."""

    name: str
    label: str
    unit: str
    words: bool

    @property
    def head(self) -> str:
        """What stands above the column."""
        return f"{self.label}, {self.unit}" if self.unit else self.label


def column(table: str, name: str) -> Column:
    """Return a column of a table by its name in the file."""
    ending = next((one for one in _UNITS if name.endswith(one)), "")
    stem = name.removesuffix(ending) or name
    words = is_text(TABLES[table], name)
    return Column(name, _label(stem), "" if words else _UNITS.get(ending, ""), words)


def _label(stem: str) -> str:
    if stem in _LABELS:
        return _(_LABELS[stem])
    known = next((one for path, one in descriptions().items() if path.endswith(f".{stem}")), None)
    return _(known.label) if known is not None else stem.replace("_", " ").capitalize()


def is_about_source(name: str) -> bool:
    """Return whether a column says where other columns come from, or how sure a row is."""
    return name.endswith(("_source", "_date")) or name in ("source", "confidence", "basis", "notes")


def figures(table: str, rows: tuple[Row, ...]) -> tuple[Column, ...]:
    """Return the columns of facts of which at least one of some rows knows something."""
    known = {name for row in rows for name in row.values}
    names = [name for name in TABLES[table].columns if name in known and not is_about_source(name)]
    return tuple(column(table, name) for name in names)


def numbers(table: str, rows: tuple[Row, ...]) -> tuple[Column, ...]:
    """Return the columns of numbers that at least two of some rows know."""
    named = [one for one in figures(table, rows) if not one.words]
    return tuple(one for one in named if sum(row.number(one.name) is not None for row in rows) >= 2)


def shown(column_name: str, cell: float | str | None) -> str:
    """Return a cell as it is read; a dash where nothing is known."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, str):
        return cell
    if column_name == "year":
        return f"{cell:g}" if cell < 10_000 else full(cell)
    return number(cell) if abs(cell) < 1e15 else full(cell)


def source_of(row: Row, column_name: str) -> tuple[str, str]:
    """Return source and date of one figure: its own where it has one, else those of the row."""
    stem = _SOURCES.get(column_name, column_name)
    own = row.get(f"{stem}_source")
    date = row.get(f"{stem}_date")
    return str(own or row.source), str(date or ("" if own else row.date))


def is_recalled(row: Row) -> bool:
    """Return whether nobody looked a row up again: it was written from memory."""
    return "recalled" in str(row.get("basis") or "")


def today() -> str:
    """Return the date of today as ISO text."""
    return datetime.now(UTC).date().isoformat()


def age(date: str) -> str:
    """Return how old a date is in words; nothing within a year."""
    return age_in_words(date, today())
