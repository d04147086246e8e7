"""The model panel: what is trained, on how much data."""

from tcplan.estimate import Estimate
from tcplan.given import chosen
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions
from tcplan.report.data_words import seen
from tcplan.report.numbers import figure
from tcplan_desktop.forms.quantity_edit import text_at_rest
from tcplan_desktop.panels.outline import Outline, rest_of

_SHOWN = (
    "model.preset",
    "training.tokens",
    "training.data_amount",
    "training.data_unit",
    "training.sequence",
    "training.precision",
    "model.layers",
    "model.hidden",
)


def _summary(estimate: Estimate) -> str:
    row = estimate.inputs.rows.model
    name = row.name if row is not None else chosen(estimate.plan, "model.preset")
    parameters = figure(estimate["model.parameters"].value, "1", 3)
    tokens = descriptions()["training.tokens"]
    amount, sentence = seen(estimate)
    data = sentence.format(amount=text_at_rest(amount, tokens))
    return _("{name} · {parameters} parameters · {data}").format(name=name, parameters=parameters, data=data)


MODEL = Outline(
    "model",
    N_("Model"),
    _SHOWN,
    rest_of(("model", "training"), without=_SHOWN),
    ("model", "compute", "loss", "training"),
    _summary,
)
