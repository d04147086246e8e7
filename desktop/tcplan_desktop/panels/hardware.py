"""The hardware panel: which accelerators, how many, how the model lies on them and how they are paid for."""

from tcplan.estimate import Estimate
from tcplan.given import chosen
from tcplan.language import N_, _
from tcplan.report.numbers import figure
from tcplan_desktop.forms.layout_row import layout_words
from tcplan_desktop.panels.outline import Outline, rest_of

_SHOWN = ("hardware.accelerator", "hardware.devices", "purchase.way", "purchase.price")


def _summary(estimate: Estimate) -> str:
    row = estimate.inputs.rows.accelerator
    name = row.name if row is not None else chosen(estimate.plan, "hardware.accelerator")
    devices = figure(estimate.field("hardware.devices").value, "", 6)
    return _("{devices} × {name} · {layout}").format(
        devices=devices, name=name, layout=layout_words(estimate)
    )


HARDWARE = Outline(
    "hardware",
    N_("Hardware"),
    _SHOWN,
    rest_of(("hardware", "layout", "failures"), without=_SHOWN),
    ("hardware", "layout", "failures", "efficiency", "memory", "time", "performance"),
    _summary,
    layout_after="hardware.devices",
)
