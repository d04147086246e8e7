"""The results that everybody names: their order, and the group that each belongs to."""

from tcplan.language import N_

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
