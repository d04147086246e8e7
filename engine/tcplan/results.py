"""The results that everybody names: their order, and the group that each belongs to."""

from tcplan.chain.quantity import Quantity
from tcplan.language import N_
from tcplan.plan.field import Shown

GROUPS = {
    "model": N_("Model"),
    "compute": N_("Compute"),
    "time": N_("Time"),
    "efficiency": N_("Efficiency"),
    "memory": N_("Memory of one device"),
    "energy": N_("Energy"),
    "carbon": N_("Carbon"),
    "water": N_("Water"),
    "money": N_("Money"),
    "loss": N_("Loss"),
}

HEADLINE = (
    "money.total",
    "time.run",
    "energy.facility",
    "carbon.location",
    "water.total",
    "compute.model_flop",
    "memory.peak",
)
"""What each save keeps, and what the window shows above everything else."""

RESULTS = (
    "model.parameters",
    "model.active_parameters",
    "compute.model_flop",
    "compute.hardware_flop",
    "time.step",
    "time.run",
    "time.device_hours",
    "time.goodput",
    "efficiency.mfu",
    "efficiency.hfu",
    "memory.weights",
    "memory.optimizer",
    "memory.activations",
    "memory.peak",
    "energy.it",
    "energy.facility",
    "energy.power",
    "carbon.location",
    "carbon.market",
    "carbon.embodied",
    "water.site",
    "water.grid",
    "water.total",
    "money.compute",
    "money.energy",
    "money.staff",
    "money.data",
    "money.total",
    "loss.predicted",
)


def shown_of_quantity(quantity: Quantity) -> Shown:
    """Return the description with which a typed result is read and shown."""
    return Shown(
        quantity.label,
        (quantity.function.__doc__ or "").strip().partition("\n")[0],
        unit=quantity.unit,
        shown="" if quantity.shown == "1" else quantity.shown,
        symbol=quantity.symbol,
        computed=quantity.source,
    )
