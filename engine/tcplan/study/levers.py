"""Levers: single changes to a plan, each with its effect on the results, or why it does not apply."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf, isclose, isfinite, nan

from tcplan.estimate import Estimate, evaluate
from tcplan.language import _
from tcplan.plan.document import differences
from tcplan.plan.plan import Plan, PlanError, Value
from tcplan.study.lever_rules import RULES, Proposal

RESULTS = (
    "money.total",
    "time.run",
    "energy.facility",
    "carbon.location",
    "carbon.market",
    "carbon.embodied",
    "water.total",
    "loss.predicted",
)
"""What an effect is told in; of all of these less is better."""
_SAME = 1e-9
_RENTED = ("spot", "reserved", "reserved-3y")


@dataclass(frozen=True, slots=True)
class Effect:
    """A result before and after a lever, in its unit; NaN where it is not known."""

    path: str
    label: str
    unit: str
    before: float
    after: float

    @property
    def delta(self) -> float:
        """Return the difference in the result's unit."""
        return self.after - self.before

    @property
    def relative(self) -> float:
        """Return the difference over what is now, NaN where that is nothing or not known."""
        if self.after == self.before:
            return 0.0
        return self.after / self.before - 1.0 if self.before else nan


@dataclass(frozen=True, slots=True)
class Lever:
    """A change that people may try: with a `reason` it does not apply, and has neither changes nor effects.

    Parameters
    ----------
    key, label
        What programs and people call it.
    changes
        Values by path that it sets, or takes back where None.
    effects
        Results by path, those of `RESULTS`.
    reason
        Why it does not apply, in one sentence; empty when it does.
    note
        The rule by which its values were chosen.
    """

    key: str
    label: str
    changes: Mapping[str, Value]
    effects: Mapping[str, Effect]
    reason: str = ""
    note: str = ""

    def order(self, path: str) -> tuple[bool, float]:
        """Return what sorts levers by their effect on a result: the largest saving first, idle ones last."""
        effect = self.effects.get(path)
        relative = effect.relative if effect is not None else nan
        return bool(self.reason), relative if isfinite(relative) else inf


def levers(estimate: Estimate, check: Callable[[], None] = lambda: None) -> tuple[Lever, ...]:
    """Return every lever for a plan, in the order of the methods.

    Parameters
    ----------
    estimate
        Of the plan as it is; levers use its catalogue.
    check
        Asked between two of them; it raises when the answer is no longer wanted.
    """
    found = []
    for key, label, rule in RULES:
        check()
        found.append(_lever(key, _(label), rule(estimate), estimate))
    return tuple(found)


def in_order(every: Iterable[Lever], path: str) -> tuple[Lever, ...]:
    """Return levers by their effect on a result, the largest saving first, those that do not apply last."""
    return tuple(sorted(every, key=lambda one: one.order(path)))


def _lever(key: str, label: str, proposal: Proposal, now: Estimate) -> Lever:
    if proposal.reason:
        return Lever(key, label, {}, {}, proposal.reason)
    try:
        then = evaluate(now.plan.with_values(proposal.changes), now.shelf)
    except PlanError as error:
        return Lever(key, label, {}, {}, error.sentence)
    effects = {path: _effect(path, now, then) for path in RESULTS if path in now and path in then}
    reason = _obstacle(now, then) or _idle(effects)
    if reason:
        return Lever(key, label, {}, {}, reason)
    for path in proposal.unsaid:
        before = effects[path]
        effects[path] = Effect(path, before.label, before.unit, before.before, nan)
    return Lever(key, label, proposal.changes, effects, note=proposal.note)


def _effect(path: str, now: Estimate, then: Estimate) -> Effect:
    before, after = now[path], then[path]
    return Effect(path, before.label, before.unit, before.value, after.value)


def _obstacle(now: Estimate, then: Estimate) -> str:
    """Return what keeps the changed plan from being carried out and the plan itself not."""
    known = {(one.path, one.sentence) for one in now.findings if one.level == "error"}
    for one in then.findings:
        if one.level == "error" and (one.path, one.sentence) not in known:
            return one.sentence
    price, way = then.inputs.rows.price, then.field("purchase.way").key
    changed = now.field("purchase.way").key != way
    if changed and way in _RENTED and (price is None or price.get("way") != way):
        return _("Nobody has published such a price of this accelerator; type your quote.")
    return ""


def _idle(effects: Mapping[str, Effect]) -> str:
    """Return that a lever moves nothing, empty when it moves any result."""
    for one in effects.values():
        if isfinite(one.after) and not isclose(one.before, one.after, rel_tol=_SAME):
            return ""
    return _("It changes no result of this plan.")


def from_base(base: Plan, now: Plan, changes: Mapping[str, Value]) -> dict[str, Value]:
    """Return the differences from a base that give a plan with a lever's changes.

    Parameters
    ----------
    base
        The plan that scenarios differ from.
    now
        The plan that the lever was computed for: the base, or one of its scenarios.
    changes
        Those of the lever.
    """
    return differences(base, now.with_values(changes))
