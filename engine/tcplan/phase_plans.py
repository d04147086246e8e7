"""Plans of the later phases of a run: its own plan with tokens, sequence, batch and precision of each."""

from tcplan.language import N_
from tcplan.plan.phases import FIELDS, LATER
from tcplan.plan.plan import Plan, Value

_PLACES = {
    "tokens": "training.tokens",
    "sequence": "training.sequence",
    "batch": "training.batch_tokens",
    "precision": "training.precision",
}
_RATES = ("efficiency.mfu",)
"""Typed results that hold for each phase."""
SUMS = {
    "later_device_time": "useful_device_time",
    "later_model_flop": "model_flop",
    "later_full_flop": "full_model_flop",
    "later_hardware_flop": "hardware_flop",
    "later_steps": "steps",
    "later_tokens": "tokens",
}
"""What the first phase is given of the others: its own name, and the name of what is summed."""
SOURCE = N_("the later phases, each through the same formulas with its own sequence, batch and precision")


def later_plans(plan: Plan) -> tuple[Plan, ...]:
    """Return a plan for each phase after the first that has tokens; none for most plans."""
    return tuple(
        _of_phase(plan, phase) for phase in LATER if plan.get(f"training.{phase}_tokens") is not None
    )


def _of_phase(plan: Plan, phase: str) -> Plan:
    typed: dict[str, Value] = {
        path: value for path, value in plan.typed_fields().items() if path.rpartition(".")[2] not in FIELDS
    }
    for name, path in _PLACES.items():
        value = plan.get(f"training.{phase}_{name}")
        if value is not None:
            typed[path] = value
    for path in ("training.data_amount", *_RATES):
        typed.pop(path, None)
    typed |= {path: value for path, value in plan.overrides.items() if path in _RATES}
    found = Plan()
    for path, value in typed.items():
        found = found.with_value(path, value)
    return found


def place_in_phase(name: str, plan: Plan) -> tuple[int, str] | None:
    """Return which of the later plans a field belongs to, and its path there; None for other fields."""
    for phase in LATER:
        if name.startswith(f"{phase}_") and plan.get(f"training.{phase}_tokens") is not None:
            there = [one for one in LATER if plan.get(f"training.{one}_tokens") is not None]
            return there.index(phase), _PLACES[name.removeprefix(f"{phase}_")]
    return None
