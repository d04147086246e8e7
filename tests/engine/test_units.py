import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.chain.graph import Graph, GraphError
from tcplan.chain.inputs import INPUTS
from tcplan.chain.links import APART, DATA, FAMILIES, METHODS, graph_for
from tcplan.chain.quantity import Quantity, quantity
from tcplan.estimate import evaluate
from tcplan.formulas import every_quantity
from tcplan.plan.phases import FIELDS as PHASES
from tcplan.plan.plan import Plan, descriptions
from tcplan.plan.units import unit
from tcplan.results import GROUPS, RESULTS

WAYS = ("on-demand", "reserved", "spot", "own", "on-demand-apart")
PRESETS = {
    "decoder": "deepseek-v3",
    "encoder": "bert-large",
    "encoder-decoder": "t5-11b",
    "vision": "clip-vit-l14",
    "diffusion": "dit-xl-2",
    "unet": "stable-diffusion-1.5",
    "state-space": "jamba-52b",
    "residual": "resnet-50",
    "convnext": "convnext-b",
    "speech": "whisper-large-v3",
}
Variant = tuple[bool, bool, str, str, bool, str, str]
_OF_TEXT = (
    *product((False, True), (False, True), WAYS, ("decoder",), (False,), ("",)),
    *((False, False, "on-demand", family, False, "") for family in FAMILIES if family != "decoder"),
    (True, False, "on-demand", "state-space", False, ""),
    *product((False, True), (False, True), ("on-demand",), ("decoder",), (True,), ("",)),
    *((False, False, "on-demand", "decoder", False, unit) for unit in DATA),
    (False, False, "on-demand", "vision", False, "images"),
)
VARIANTS: tuple[Variant, ...] = (
    *((*variant, "") for variant in _OF_TEXT),
    *((False, False, "on-demand", "decoder", False, "", task) for task in METHODS),
    (True, True, "on-demand", "decoder", False, "", "grpo"),
    (False, False, "on-demand", "decoder", True, "", "dpo"),
)
FEW = (*VARIANTS[: 4 * len(WAYS) : len(WAYS)], *VARIANTS[4 * len(WAYS) :])
"""One way of getting the hardware for each kind of network."""
FIELDS = {path.rpartition(".")[2]: shown for path, shown in descriptions().items()}


def _names(variant: Variant) -> str:
    sparse, latent, way, family, adapted, unit, task = variant
    kind = f"{'sparse' if sparse else 'dense'}-{'latent' if latent else 'standard'}-{way}"
    parts = ("" if family == "decoder" else family, kind, "adapted" if adapted else "", unit, task)
    return "-".join(part for part in parts if part)


@cache
def _plan(variant: Variant) -> Plan:
    sparse, latent, way, family, adapted, unit, task = variant
    plan = Plan().set("model.preset", PRESETS[family]).set("hardware.devices", 2048)
    plan = plan.set("purchase.way", way.removesuffix(APART))
    if way.endswith(APART):
        plan = plan.set("purchase.energy_billed", "apart")
    if not sparse:
        plan = plan.set("model.experts", 0)
    if not latent:
        plan = plan.set("model.attention", "standard")
    if adapted:
        plan = plan.set("training.task", "qlora").set("training.adapter_rank", 64)
    if task:
        plan = plan.set("training.task", task)
    if unit:
        plan = plan.set("training.data_unit", unit).set("training.data_amount", 1e9)
    extras = {"programme.people": 10.0, "programme.pay": 0.01, "purchase.price": 2.0 / 3600}
    extras |= {"purchase.device_price": 3e4, "site.electricity_price": 0.08 / 3.6e6}
    for path, value in extras.items():
        plan = plan.set(path, value)
    return plan


@cache
def _values(variant: Variant) -> dict[str, float]:
    return dict(evaluate(_plan(variant)).values)


def _registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    bases = {"s": "time", "J": "energy", "B": "information", "FLOP": "computation"}
    bases |= {"kg": "emission", "L": "volume", "USD": "currency"}
    for base, dimension in bases.items():
        registry.define(f"{base} = [{dimension}]")
    registry.define("W = J / s")
    return registry


def _measured(registry: pint.UnitRegistry[Any], value: float, text: str) -> Any:  # noqa: ANN401
    return value if text == "1" else registry.Quantity(value, text.replace("1/", "1 / "))


def _unit_of(graph: Graph, name: str) -> str:
    one = graph.quantities.get(name)
    return one.unit if one is not None else INPUTS[name].unit


@pytest.mark.parametrize("variant", VARIANTS, ids=_names)
def test_every_function_gives_the_dimension_that_it_declares(variant: Variant) -> None:
    # Catches: a product with the wrong input, a forgotten division, seconds added to bytes.
    registry = _registry()
    values = _values(variant)
    graph = graph_for(*variant)
    wrong = []
    for one in graph.order:
        arguments = [_measured(registry, values[name], _unit_of(graph, name)) for name in one.parameters]
        try:
            result = registry.Quantity(1.0, "") * one.function(*arguments)
        except pint.DimensionalityError as error:
            wrong.append(f"{one.name}: {error}")
            continue
        expected = registry.Quantity(1.0, "") * _measured(registry, 1.0, one.unit)
        if one.parameters and result.dimensionality != expected.dimensionality:
            wrong.append(f"{one.name} gives {result.units}, declares {one.unit}")
    assert wrong == []


@pytest.mark.parametrize("variant", VARIANTS, ids=_names)
def test_every_input_is_used_and_declared(variant: Variant) -> None:
    # Catches: a field that a person types and that changes nothing; a name without unit and label.
    graph = graph_for(*variant)
    used = {name for one in graph.order for name in one.parameters}
    assert graph.inputs <= used
    assert graph.inputs <= INPUTS.keys()


def test_no_input_is_declared_for_nothing() -> None:
    # Catches: an input that no variant uses.
    used = {name for variant in VARIANTS for name in graph_for(*variant).inputs}
    assert set(INPUTS) == used


def test_inputs_have_the_units_of_their_fields() -> None:
    # Catches: a field in hours that a function takes for seconds.
    for name, one in INPUTS.items():
        assert one.name == name
        assert one.label
        if name in FIELDS and not FIELDS[name].choices:
            assert one.unit == FIELDS[name].unit, name
    fields = {name for name, shown in FIELDS.items() if shown.kind == "number"}
    quantities = {one.name for one in every_quantity()}
    assert fields - INPUTS.keys() - quantities - PHASES == {
        "budget",
        "deadline",
        "year",
        "price_year",
    }


def test_every_quantity_is_described() -> None:
    # Catches: a number that cannot be shown, explained or overridden.
    for one in every_quantity():
        assert one.label, one.name
        assert one.source, one.name
        assert one.function.__doc__, one.name
        assert re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", one.path), one.path
        assert unit(one.unit).factor == 1, one.name
        assert unit(one.shown).dimension == unit(one.unit).dimension, one.name


@pytest.mark.parametrize("variant", VARIANTS, ids=_names)
def test_nothing_is_computed_for_nothing(variant: Variant) -> None:
    # Catches: a dead step, and a result that everybody names and nothing computes.
    graph = graph_for(*variant)
    used = {name for one in graph.order for name in one.parameters}
    ends = {one.path for one in graph.order if one.name not in used}
    assert {path.partition(".")[0] for path in ends} <= GROUPS.keys() | {"training", "layout"}
    assert set(RESULTS) <= graph.paths.keys()


def test_variants_keep_path_and_unit() -> None:
    # Catches: a curve or a file that breaks when a person switches from rent to own.
    by_name: dict[str, set[tuple[str, str, str]]] = {}
    for one in every_quantity():
        by_name.setdefault(one.name, set()).add((one.path, one.unit, one.shown))
    assert {name: found for name, found in by_name.items() if len(found) > 1} == {}


def _cells(
    graph: Graph, values: dict[str, float], factors: list[float]
) -> Iterator[tuple[Quantity, list[Any]]]:
    for one in graph.order:
        columns = []
        for position, name in enumerate(one.parameters):
            turned = np.roll(factors, position)
            whole = name in FIELDS and (FIELDS[name].choices or name in ("experts_per_token",))
            columns.append(np.full(len(factors), values[name]) if whole else values[name] * turned)
        yield one, columns


@pytest.mark.parametrize("variant", [*FEW, VARIANTS[3]], ids=_names)
@settings(max_examples=10, deadline=None)
@given(factors=st.lists(st.floats(0.25, 4.0), min_size=3, max_size=5))
def test_each_function_takes_numbers_and_arrays_alike(variant: Variant, factors: list[float]) -> None:
    # Catches: an `if` on an array, and a short cut for floats that gives another number.
    for one, columns in _cells(graph_for(*variant), _values(variant), factors):
        if columns:
            array = np.broadcast_to(one.function(*columns), (len(factors),))
            single = [
                one.function(*[float(column[cell]) for column in columns]) for cell in range(len(factors))
            ]
            np.testing.assert_allclose(array, single, rtol=1e-9, err_msg=one.name)


@pytest.mark.parametrize("variant", FEW, ids=_names)
def test_an_open_mesh_gives_what_single_estimates_give(variant: Variant) -> None:
    # Catches: a step that flattens axes or mixes cells.
    graph = graph_for(*variant)
    values = _values(variant)
    given_names = {name: value for name, value in values.items() if name not in graph.quantities}
    devices = np.array([1024.0, 2048.0, 4096.0])
    tokens = np.array([1e12, 1e13])
    names = [graph.paths[path].name for path in RESULTS]
    mesh = {**given_names, "devices": devices[:, None], "tokens": tokens[None, :]}
    solved = graph.solve(mesh, names, keep=False)
    for row, column in product(range(3), range(2)):
        cell = {**given_names, "devices": float(devices[row]), "tokens": float(tokens[column])}
        single = graph.solve(cell, names, keep=False)
        for name in names:
            found = np.broadcast_to(solved[name], (3, 2))[row, column]
            assert found == pytest.approx(single[name], rel=1e-9, nan_ok=True), name


def test_a_graph_refuses_what_is_no_chain() -> None:
    # Catches: a missing name or a circle that would only show when a result is wanted.
    @quantity("1", "a", source="test", path="test.first")
    def first(second: float) -> float:
        return second

    @quantity("1", "b", source="test", path="test.second")
    def second(first: float) -> float:
        return first

    one, two = first.quantity, second.quantity  # type: ignore[attr-defined]
    with pytest.raises(GraphError, match="circle"):
        Graph([one, two], [])
    with pytest.raises(GraphError, match="second"):
        Graph([one], [])
    with pytest.raises(GraphError, match="two functions"):
        Graph([one, one], ["second"])


def test_a_given_value_wins_and_stops_the_computation() -> None:
    # Catches: an override that is computed over.
    graph = graph_for(*VARIANTS[0])
    known = {"paid_device_time": 7200.0, "price": 1.0, "price_share": 0.5}
    solved = graph.solve(known, ["compute_cost"], keep=False)
    assert solved == {"compute_cost": 3600.0}
