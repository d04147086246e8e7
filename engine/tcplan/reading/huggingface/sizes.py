"""From the counts of a model to the fields of a plan, so that the plan's totals are the counts."""

from collections.abc import Mapping
from math import isfinite, isnan

from tcplan.catalogue.shelf import shipped
from tcplan.given import inputs_of
from tcplan.language import _
from tcplan.plan.field import fields_of as fields_of_panel
from tcplan.plan.model import Model
from tcplan.plan.panel import refusal
from tcplan.plan.plan import Plan, PlanError, descriptions
from tcplan.reading.huggingface.census import Census
from tcplan.reading.reading import ReadingError

Fields = dict[str, float | str]
UNTOLD: Mapping[str, float | str] = {
    "family": "decoder",
    "heads": 1.0,
    "head_size": 1.0,
    "vocabulary": 2.0,
    "gated": "no",
    "tied_embeddings": "yes",
    "biases": "none",
    "norm": "rmsnorm",
    "learned_positions": 0.0,
    "attention": "standard",
    "experts": 0.0,
}
"""What the panel holds of a model that has no such part."""
COMPUTED = {
    "vision": ("learned_positions",),
    "residual": ("learned_positions",),
    "convnext": ("learned_positions",),
}
"""What the chain itself computes for a family."""
WHOLE = frozenset(name for name, shown in fields_of_panel(Model) if shown.whole)
TOTALS = (
    "parameters",
    "active_parameters",
    "token_flop",
    "attention_flop",
    "companion_attention_flop",
    "sequence",
)
EXTRAS = ("model.extra_parameters", "model.extra_active_parameters", "model.extra_forward_flop")


def fields_of(census: Census, sequence: float | None) -> Fields:
    """Return the fields of the model panel that describe a model, and what they leave over as extras.

    Parameters
    ----------
    census
        What the model holds.
    sequence
        Length of a training sequence, None for the plan's own.

    Raises
    ------
    ReadingError
        When no plan holds such a model.
    """
    fields = _panel(census)
    own = fields["model.family"] in COMPUTED
    read = float(census.facts.get("longest_read", 0.0))
    sequence = (read if read < usual_sequence() else None) if read else sequence
    if sequence is not None and not own:
        fields["training.sequence"] = sequence
    if fields["model.family"] == "encoder-decoder":
        # The counts are those of stacks that are equally long.
        fields["model.second_sequence"] = sequence or usual_sequence()
    try:
        known = _solved(fields)
    except PlanError as error:
        raise ReadingError(_("no model has such sizes: {reason}").format(reason=error)) from error
    length = known["sequence"]
    near = min(float(fields.get("model.window", 0.0)), length)
    forward = 2.0 * (census.products + (census.scores - census.near) * length + census.near * near)
    if fields["model.family"] == "state-space":
        # The scan of the states is no matrix product; the chain knows what it takes.
        forward += known["companion_attention_flop"] / 3.0
    found = (
        census.parameters - known["parameters"],
        census.active - known["active_parameters"],
        0.0 if isnan(census.products) else forward - (known["token_flop"] + known["attention_flop"]) / 3.0,
    )
    for path, value in zip(EXTRAS, found, strict=True):
        if not isfinite(value) or refusal(value, descriptions()[path]):
            raise ReadingError(_("no model has so many parameters"))
        if value:
            fields[path] = value
    if fields["model.family"] == "encoder-decoder":
        fields["model.second_sequence"] = _written(census, sequence or usual_sequence())
    return fields


def _written(census: Census, read: float) -> float:
    """Return how many tokens the second stack writes while the first reads so many."""
    longest = float(census.facts["longest_written"])
    return min(longest, read) if longest else float(round(read * float(census.facts["written_share"])))


def usual_sequence() -> float:
    """Return the length of a training sequence in a plan in which nobody typed any."""
    usual = descriptions()["training.sequence"].default
    return float(usual) if isinstance(usual, int | float) else 1.0


def _panel(census: Census) -> Fields:
    """Return what the parts of the model say of themselves, completed where it has no such part."""
    facts: Fields = {**UNTOLD, **census.facts}
    if facts["family"] == "state-space":
        facts = {**dict.fromkeys(("heads", "head_size", "feed_forward"), 0.0), **census.facts}
        facts = {**UNTOLD, **facts}
    for name in ("attending", "longest_read", "longest_written", "written_share"):
        facts.pop(name, None)
    for name in COMPUTED.get(str(facts["family"]), ()):
        facts.pop(name)
    facts["layers"] = max(float(facts.get("layers", 1.0)), 1.0)
    facts.setdefault("hidden", 8.0)
    facts.setdefault("kv_heads", facts["heads"])
    facts.setdefault("feed_forward", facts.get("expert_feed_forward", facts["hidden"]))
    if not facts["experts"]:
        facts.pop("dense_layers", None)
    facts["vocabulary"] = max(float(facts["vocabulary"]), 2.0)
    return {
        f"model.{name}": value if isinstance(value, str) else float(int(value) if name in WHOLE else value)
        for name, value in facts.items()
    }


def _solved(fields: Fields) -> Mapping[str, float]:
    """Return what the chain makes of the fields alone, with the inputs that it made it of."""
    plan = Plan()
    for path, value in fields.items():
        plan = plan.with_value(path, value)
    inputs = inputs_of(plan, shipped())
    values = inputs.values()
    wanted = [name for name in TOTALS if name in inputs.graph.quantities]
    return {**values, **inputs.graph.solve(values, wanted)}
