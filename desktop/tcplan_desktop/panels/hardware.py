"""The hardware panel: which accelerators, how many, how the model lies on them and how they are paid for."""

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan_rows import chosen
from tcplan.report.numbers import figure
from tcplan_desktop.forms.layout_row import layout_words
from tcplan_desktop.panels.outline import Outline, group

_SHOWN = ("hardware.accelerator", "hardware.devices", "layout.stack", "purchase.way", "purchase.price")
_GROUPS = (
    group(
        N_("Split over devices"),
        "layout",
        "tensor pipeline context expert sequence_parallel micro_batch interleave schedule balance sharding",
    ),
    group(
        N_("Memory"),
        "layout",
        "recompute recompute_share recompute_core recompute_projections recompute_experts "
        "recompute_activation recompute_norms offload",
    ),
    group(N_("Software"), "layout", "compiled overlap graphs loss_kernel gradient_sum early_update"),
    group(N_("Experts"), "layout", "dispatcher dispatch_overlap routing_imbalance token_drop"),
    group(
        N_("Whole run"),
        "failures",
        "practice failure_time restart_time checkpoint_bandwidth checkpoint_interval spares repair_time",
    ),
    group(
        N_("Device and network"),
        "hardware",
        "peak memory memory_bandwidth scale_up_domain scale_up_bandwidth devices_per_node nic_bandwidth "
        "oversubscription device_power power_cap server_power",
    ),
)


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
    _GROUPS,
    ("hardware", "layout", "failures", "efficiency", "memory", "time", "performance"),
    _summary,
    layout_after="hardware.devices",
)
