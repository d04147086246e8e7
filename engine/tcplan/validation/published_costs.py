"""Costs that Epoch AI published, computed again by its own rules from inputs that are shown one by one."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log

from tcplan.catalogue.age import day
from tcplan.chain import ownership, published_methods
from tcplan.chain.graph import Graph
from tcplan.chain.quantity import quantities
from tcplan.language import N_

SOURCE = "arXiv:2405.21015; github epoch-research/training-cost-trends (CC BY 4.0)"
METHODS = ("cloud_method", "upfront_method", "amortised_method")
"""Cloud, purchase, and amortised with energy: the published columns in their order."""
INTERCONNECT = 0.19
PROGRESS = 0.14 * log(10.0)
"""What the trend of price-performance takes from the value of hardware in a year."""
_DAY, _HOUR, _YEAR, _KWH = 86_400.0, 3600.0, 31_557_600.0, 3.6e6
_COLUMNS = ("cloud_usd", "upfront_usd", "amortised_usd")


@dataclass(frozen=True, slots=True)
class Input:
    """One figure that goes into a published cost, in the unit in which people read it."""

    label: str
    value: float | str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """One of the three costs of a run: as published and as computed here, in dollars of December 2024."""

    name: str
    published: float
    computed: float

    @property
    def error(self) -> float:
        """Return how far the computed cost is from the published one, as a share of it."""
        return self.computed / self.published - 1.0


@dataclass(frozen=True, slots=True)
class PublishedCost:
    """A run with its inputs, its three costs, and which of its inputs nobody has made public."""

    key: str
    name: str
    inputs: tuple[Input, ...]
    methods: tuple[Method, ...]
    not_public: str


@cache
def published_costs() -> tuple[PublishedCost, ...]:
    """Return the runs of the shipped table, each with what the rules make of its inputs."""
    file = resources.files("tcplan_resources").joinpath("validation", "published_costs.csv")
    rows = csv.DictReader(io.StringIO(file.read_text("utf-8"), newline=""))
    return tuple(_cost(row) for row in rows)


def _cost(row: Mapping[str, str]) -> PublishedCost:
    solved = _graph().solve(_inputs_of_the_chain(row), METHODS, keep=False)
    index = float(row["price_index"])
    methods = tuple(
        Method(name, float(row[column]), index * float(solved[name]))
        for name, column in zip(METHODS, _COLUMNS, strict=True)
    )
    return PublishedCost(row["key"], row["name"], _inputs(row), methods, row["not_public"])


@cache
def _graph() -> Graph:
    steps = {one.name: one for module in (ownership, published_methods) for one in quantities(module)}
    chosen = {
        name: steps[name]
        for name in ("cluster_price", "start_value", "method_hardware", "method_energy", *METHODS)
    }
    asked = {name for one in chosen.values() for name in one.parameters} - chosen.keys()
    return Graph(chosen.values(), asked)


def _inputs_of_the_chain(row: Mapping[str, str]) -> dict[str, float]:
    age = (day(row["started"]) - day(row["acquired"])) * _DAY
    return {
        "device_time": float(row["chip_hours"]) * _HOUR,
        "devices": float(row["devices"]),
        "committed_price": float(row["rent_usd_per_h"]) / _HOUR,
        "device_price": float(row["device_price_usd"]),
        "server_factor": float(row["server_factor"]),
        "interconnect_share": INTERCONNECT,
        "progress": PROGRESS / _YEAR,
        "hardware_age": age,
        "server_power": float(row["device_power_w"]) * float(row["server_ratio"]),
        "method_load": float(row["load"]),
        "pue": float(row["pue"]),
        "electricity_price": float(row["electricity_usd_per_kwh"]) / _KWH,
    }


def _inputs(row: Mapping[str, str]) -> tuple[Input, ...]:
    server = N_("the price is that of a whole server, or times the factor of other devices: 1.64")
    index = N_("producer price index of data processing and hosting (FRED PCU518210518210) at December 2024")
    rule = "arXiv:2405.21015"
    return (
        Input(N_("Devices"), float(row["devices"]), "", row["chip_hours_source"]),
        Input(N_("Device-hours"), float(row["chip_hours"]), "h", row["chip_hours_source"]),
        Input(
            N_("Price, 3 years"),
            float(row["rent_usd_per_h"]),
            "$/h",
            f"{row['rent_source']}, {row['rent_date']}",
        ),
        Input(
            N_("Device price"),
            float(row["device_price_usd"]),
            "$",
            f"{row['device_price_source']}, {row['device_price_date']}",
        ),
        Input(N_("Server factor"), float(row["server_factor"]), "", server),
        Input(N_("Interconnect share"), 100.0 * INTERCONNECT, "%", rule),
        Input(N_("Bought"), row["acquired"], "", N_("price, or 90 days after the release where later")),
        Input(N_("Start"), row["started"], "", SOURCE),
        Input(N_("Progress"), 100.0 * PROGRESS, "%/yr", N_("0.14 orders of magnitude a year")),
        Input(N_("Device power"), float(row["device_power_w"]), "W", N_("data sheet of the vendor")),
        Input(N_("Server over device power"), float(row["server_ratio"]), "", rule),
        Input(N_("Load, published method"), 100.0 * float(row["load"]), "%", rule),
        Input(N_("PUE"), float(row["pue"]), "", rule),
        Input(
            N_("Electricity price"),
            float(row["electricity_usd_per_kwh"]),
            "$/kWh",
            N_("US industrial price of the year of publication (EIA)"),
        ),
        Input(N_("Price level"), float(row["price_index"]), "", index),
    )
