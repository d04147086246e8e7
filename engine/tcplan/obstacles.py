"""What a plan cannot be carried out for: layouts and models that cannot exist, shares that do not fit.

A rule takes values by name, numbers or arrays that broadcast, so one plan, a curve and a sweep have the same
obstacles in the same words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.quantity import Numeric
from tcplan.given import Inputs
from tcplan.language import _
from tcplan.plan.plan import descriptions

Values = Mapping[str, Numeric]

_TAKEN = (
    ("extra_parameters", "parameters"),
    ("extra_active_parameters", "active_parameters"),
    ("extra_forward_flop", "token_flop"),
)
READ = frozenset(("memory_free", "memory_peak", *[whole for _extra, whole in _TAKEN]))
"""Quantities that the rules read beside the inputs and the layout."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One sentence about a field, and where it holds: a number is one plan, an array has a place a point.

    `sentence` is filled with `figures`; `fix` is the path and the value that would settle it, and `fix_label`
    is filled with that value. `possible` says that the plan can exist, so that its figures stand.
    """

    path: str
    where: Numeric
    sentence: str
    figures: Values = field(default_factory=dict)
    fix: tuple[str, Numeric | None] | None = None
    fix_label: str = ""
    possible: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules read; `given` names the inputs that were typed or come from rows."""

    values: Values
    given: frozenset[str]
    graph: Graph
    family: str

    def number(self, name: str) -> Numeric:
        """Return an input, NaN where there is none."""
        return self.values[name] if name in self.given else float("nan")

    @property
    def attends(self) -> bool:
        """Tell layers that all have attention from convolutions and states, which may have none."""
        return self.family != "state-space" and "attention_forward" in self.graph.quantities


Rule = Callable[[Facts], Iterator[Obstacle]]


def facts_of(inputs: Inputs, values: Values) -> Facts:
    """Return what the rules read of the inputs of one plan and all its values."""
    given = frozenset([one.name for one in inputs.given.values()])
    return Facts(values, given, inputs.graph, inputs.given["model.family"].key)


def obstacles_of(facts: Facts) -> list[Obstacle]:
    """Return what stands in the way somewhere."""
    with np.errstate(all="ignore"):
        return [one for rule in _RULES for one in rule(facts) if np.any(one.where)]


def _heads(facts: Facts) -> Iterator[Obstacle]:
    heads, kv_heads = facts.number("heads"), facts.number("kv_heads")
    if facts.attends:
        for name, count in (("heads", heads), ("kv_heads", kv_heads)):
            yield Obstacle(f"model.{name}", np.less(count, 1.0), _("Attention needs at least one head."))
    yield Obstacle(
        "model.kv_heads",
        np.greater(kv_heads, 0.0) & np.greater(np.mod(heads, kv_heads), 0.0),
        _("Key-value heads must divide the {heads:.0f} heads."),
        {"heads": heads},
        ("model.kv_heads", heads),
        _("Use {0:.0f}"),
    )
    yield Obstacle(
        "layout.tensor",
        np.greater(np.mod(heads, facts.number("tensor")), 0.0),
        _("The tensor-parallel degree must divide the {heads:.0f} heads."),
        {"heads": heads},
        ("layout.tensor", None),
        _("Choose for me"),
    )
    yield Obstacle(
        "layout.pipeline",
        np.greater(facts.values.get("pipeline", 1.0), facts.number("layers")),
        _("There are more pipeline stages than layers."),
        fix=("layout.pipeline", None),
        fix_label=_("Choose for me"),
    )


def _experts(facts: Facts) -> Iterator[Obstacle]:
    top, experts = facts.number("experts_per_token"), facts.number("experts")
    sparse = np.greater(experts, 0.0)
    yield Obstacle(
        "model.experts_per_token",
        sparse & np.greater(top, experts),
        _("A token cannot visit more than the {experts:.0f} experts."),
        {"experts": experts},
    )
    yield Obstacle(
        "model.experts_per_token",
        sparse & ~np.greater(top, 0.0),
        _("A sparse model needs at least one expert per token."),
        fix=("model.experts_per_token", 1.0),
        fix_label=_("Use 1"),
    )
    yield Obstacle(
        "model.dense_layers",
        np.greater(facts.number("dense_layers"), facts.number("layers")),
        _("There are more dense layers than layers."),
    )
    expert = facts.number("expert")
    yield Obstacle(
        "layout.expert",
        sparse & np.greater_equal(expert, 1.0) & np.greater(np.mod(experts, expert), 0.0),
        _("The expert-parallel degree must divide the {experts:.0f} experts."),
        {"experts": experts},
        ("layout.expert", None),
        _("Choose for me"),
    )


def _positions(facts: Facts) -> Iterator[Obstacle]:
    positions = facts.number("learned_positions")
    alone = ~np.greater(facts.number("second_layers"), 0.0)
    yield Obstacle(
        "training.sequence",
        np.greater(positions, 0.0) & np.less(positions, facts.number("sequence")) & alone,
        _("The model has learned positions for {positions:.0f} tokens only."),
        {"positions": positions},
        ("training.sequence", positions),
        _("Use {0:.0f}"),
    )


def _taken_away(facts: Facts) -> Iterator[Obstacle]:
    """Say where negative extras leave nothing."""
    for extra, whole in _TAKEN:
        less = np.less(facts.number(extra), 0.0)
        if np.any(less):
            path = f"model.{extra}"
            # Where nothing is left, an estimate holds no value of the whole either.
            where = less & ~np.greater(facts.values[whole], 1.0)
            sentence = _("This takes away more than there is.")
            yield Obstacle(path, where, sentence, fix=(path, None), fix_label=_("Use none"))


def overdrawn(values: Mapping[str, float]) -> tuple[str, ...]:
    """Return the negative extras that leave nothing of what they are taken from, by the name of the input."""
    return tuple(extra for extra, whole in _TAKEN if values[extra] < 0.0 and values[whole] <= 1.0)


def _undivided(facts: Facts) -> Iterator[Obstacle]:
    """Say that convolutions are copied, not divided."""
    if "network_forward" not in facts.graph.quantities:
        return
    for name in ("tensor", "context"):
        path = f"layout.{name}"
        where = np.greater(facts.number(name), 1.0)
        sentence = _("A network of convolutions is not divided in this way.")
        yield Obstacle(path, where, sentence, fix=(path, None), fix_label=_("Choose for me"))


def _degrees(facts: Facts) -> Iterator[Obstacle]:
    used = facts.values["tensor"] * facts.values["pipeline"] * facts.values["context"]
    devices = facts.number("devices")
    yield Obstacle(
        "hardware.devices",
        np.greater(used, devices),
        _("The layout needs {used:.0f} devices; there are {devices:.0f}."),
        {"used": used, "devices": devices},
        ("hardware.devices", used),
        _("Use {0:.0f}"),
    )


def _memory(facts: Facts) -> Iterator[Obstacle]:
    free = facts.values.get("memory_free", 0.0)
    large = np.isfinite(free) & np.less(free, 0.0)
    if np.any(large):
        need, there = facts.values["memory_peak"] / 2**30, facts.number("memory") / 2**30
        yield Obstacle(
            "hardware.devices",
            large,
            _("Needs {need:.0f} GiB a device, {there:.0f} there. Take more or larger devices."),
            {"need": np.rint(need), "there": np.rint(there)},
            possible=True,
        )


_RULES: tuple[Rule, ...] = (_heads, _experts, _positions, _taken_away, _undivided, _degrees, _memory)


@dataclass(frozen=True, slots=True)
class Problems:
    """What stands in the way of each of n points: the first sentence, empty where nothing does."""

    possible: NDArray[np.bool_]
    sentences: NDArray[np.str_]


def problems_of(obstacles: Iterable[Obstacle], size: int) -> Problems:
    """Return the problem of each point: what cannot exist before what only does not fit, as in the forms."""
    order = {path: index for index, path in enumerate(descriptions())}
    found = sorted(obstacles, key=lambda one: (one.possible, order.get(one.path, len(order))))
    possible = np.ones(size, np.bool_)
    said = [""]
    which = np.zeros(size, np.intp)
    for one in found:
        where = np.broadcast_to(np.asarray(one.where, np.bool_), (size,))
        if not one.possible:
            possible &= ~where
        fresh = np.flatnonzero(where & (which == 0))
        if fresh.size:
            sentences, kind = _worded(one, fresh, size)
            which[fresh] = len(said) + kind
            said += sentences
    return Problems(possible, np.array(said)[which])


def _worded(one: Obstacle, at: NDArray[np.intp], size: int) -> tuple[Sequence[str], NDArray[np.intp]]:
    """Return the different sentences of an obstacle at some points, and which of them each point has."""
    if not one.figures:
        return [one.sentence], np.zeros(at.size, np.intp)
    columns = [np.broadcast_to(np.asarray(value, np.float64), (size,))[at] for value in one.figures.values()]
    rows, kind = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    sentences = [one.sentence.format(**dict(zip(one.figures, row.tolist(), strict=True))) for row in rows]
    return sentences, kind.ravel()
