"""Rows, keys and packs for the tests of what people add to the catalogue."""

import json
from pathlib import Path
from typing import Any

from tcplan.catalogue.overlay import Layer, rows_in
from tcplan.catalogue.pack import signed
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.catalogue.signature import SigningKey

KEY = SigningKey(
    "Acme Data",
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
)
"""The first pair of keys in RFC 8032, section 7.1."""


def price(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a price as a file holds it."""
    values = {
        "name": "Acme H100",
        "provider": "Acme",
        "accelerator": "h100-sxm",
        "way": "on-demand",
        "price_usd_per_h": 1.0,
        "country": "USA",
        "continent": "North America",
        "basis": "quote",
    }
    row = {
        "table": "prices",
        "key": "acme-h100",
        "values": values,
        "source": "offer 12",
        "date": "2026-11-20",
        "confidence": "high",
    }
    for name, value in changes.items():
        (row if name in row else values)[name] = value
    return row


def cleaner_grid(grams: float = 100.0) -> Row:
    """Return the grid of the United States with another carbon intensity."""
    row = shipped().find("grids", "USA")
    values = {**row.values, "carbon_g_per_kwh": grams}
    return Row(row.table, row.key, values, "a newer table", "2026-11", "high")


def pack_file(folder: Path, rows: tuple[Row, ...] = (), removed: tuple[tuple[str, str], ...] = ()) -> Path:
    """Write a pack of a cleaner grid, or of other rows, signed by Acme Data."""
    path = folder / "acme.tcdata"
    every = rows if rows or removed else (cleaner_grid(),)
    path.write_bytes(signed(every, removed, "2026-11-25", KEY))
    return path


def rows_file(folder: Path, *rows: dict[str, Any]) -> Path:
    """Write rows as a colleague exports them."""
    path = folder / "rows.json"
    path.write_text(json.dumps({"format": 1, "rows": list(rows) or [price()]}), encoding="utf-8")
    return path


def layer(*rows: dict[str, Any]) -> Layer:
    """Return checked rows as a layer."""
    return Layer(rows_in(list(rows)))
