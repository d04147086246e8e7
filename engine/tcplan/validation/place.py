"""Where a plan stands among published measurements: its kind of work, hardware and software."""

from dataclasses import dataclass

from tcplan.catalogue.row import Row
from tcplan.estimate import Estimate
from tcplan.given import Inputs

_GATHERED = 3.0
_BRIDGED = 2.0
_EIGHT_BITS = ("fp8", "mxfp8")
_WARPED = 64.0
_HEAD = 16.0
ANY = "any"
PRETRAIN = "pretrain"


@dataclass(frozen=True, slots=True)
class OwnBand:
    """The band of a stack that somebody calibrated: measured over predicted, and for what it was measured."""

    low: float
    high: float
    devices: float
    hardware: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What decides how far a prediction can be trusted.

    `regime` names a row of the table of bands, `size` is the number of parameters, `off_grid` tells of widths
    that fill no whole tiles of a matrix unit, `own` is the band of a stack that was calibrated here.
    """

    regime: str
    stack: str
    generation: str
    precision: str
    task: str
    sparse: bool
    devices: float
    size: float
    off_grid: bool = False
    own: OwnBand | None = None


def place_at(estimate: Estimate) -> Place:
    """Return where the plan of an estimate stands; what is not typed counts as what the program takes."""
    inputs = estimate.inputs
    sharding = estimate.layout.get("sharding", _number(inputs, "layout.sharding"))
    accelerator = inputs.rows.accelerator
    generation = str(accelerator.get("generation") or ANY) if accelerator else ANY
    sparse = _number(inputs, "model.experts") > 0.0
    task = _key(inputs, "training.task").replace("continued", PRETRAIN)
    return Place(
        regime=_regime(inputs, generation, task, sparse, gathered=sharding >= _GATHERED),
        stack=inputs.rows.stack.key if inputs.rows.stack else ANY,
        generation=generation,
        precision=inputs.precision,
        task=task,
        sparse=sparse,
        devices=_number(inputs, "hardware.devices"),
        size=float(estimate.values["parameters"]),
        off_grid=_number(inputs, "model.hidden") % _WARPED > 0.0
        or _number(inputs, "model.head_size") % _HEAD > 0.0,
        own=_own(inputs.rows.stack),
    )


def _regime(inputs: Inputs, generation: str, task: str, sparse: bool, *, gathered: bool) -> str:
    if generation.startswith("TPU"):
        return "tpu-sparse" if sparse else "tpu-dense"
    if task != PRETRAIN:
        return "tuning-card" if _is_card(inputs) else "tuning"
    if sparse:
        return "sparse" if _unknown(inputs) else "sparse-recipe"
    if gathered:
        return "gathered"
    if inputs.precision == "nvfp4":
        return "dense-4-bit"
    if inputs.precision in _EIGHT_BITS:
        return "dense-8-bit"
    several = _number(inputs, "hardware.devices") > _number(inputs, "hardware.devices_per_node")
    return "dense-nodes" if several else "dense-node"


def _own(stack: Row | None) -> OwnBand | None:
    if stack is None:
        return None
    low, high = stack.number("band_low"), stack.number("band_high")
    if low is None or high is None or not 0.0 < low <= high:
        return None
    hardware = str(stack.get("band_hardware") or "").split("; ")
    return OwnBand(low, high, stack.number("band_devices") or 1.0, tuple(hardware))


def _is_card(inputs: Inputs) -> bool:
    """Return whether the device has no fast links, or only a bridge to one other."""
    accelerator = inputs.rows.accelerator
    return accelerator is not None and (accelerator.number("scale_up_domain") or 1.0) <= _BRIDGED


_OF_A_RECIPE = ("layout.dispatcher", "layout.dispatch_overlap", "layout.graphs", "layout.balance")


def _unknown(inputs: Inputs) -> bool:
    """Return whether some choice of a sparse recipe is neither typed nor in a row of recipes."""
    return any(inputs.given[path].layer == "default" for path in _OF_A_RECIPE if path in inputs.given)


def _number(inputs: Inputs, path: str) -> float:
    one = inputs.given.get(path)
    return one.value if one is not None else 0.0


def _key(inputs: Inputs, path: str) -> str:
    one = inputs.given.get(path)
    return one.key if one is not None else ""
