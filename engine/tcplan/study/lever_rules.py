"""What each lever would change in a plan, or why it cannot: one rule a lever, without computing an effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite, log

from tcplan.catalogue import accelerators, regions
from tcplan.catalogue.row import Row
from tcplan.estimate import Estimate
from tcplan.given import RATES
from tcplan.language import N_, _
from tcplan.plan.phases import LATER
from tcplan.plan.plan import Value, descriptions

Changes = dict[str, Value]

OPTIMAL_TOKENS = 20.0
"""Tokens for each parameter that cost least compute for their loss: arXiv:2203.15556."""
PASSES = 4.0
"""Passes over data that cost next to no loss: arXiv:2305.16264."""
DISTILLED = 40.0
"""How many times fewer tokens a distilled model needs, at best: arXiv:2407.14679."""
TEACHER = 15.0 / 8.0
"""Parameters of the teacher over those of the student: arXiv:2407.14679, 15B to 8B."""
EXAMPLES = 1000.0
"""Examples that taught a 65B model to follow instructions: arXiv:2305.11206."""
CAP = 0.8
"""The cap that the lever sets, as a share of the device's rated power."""
LONGER = 6 * 31_557_600.0
"""The life that the lever sets [s]: a year more than the default."""

_FP8 = ("fp8", "mxfp8", "nvfp4")
_FROM_SCRATCH = ("pretrain", "continued")
_HARDWARE = tuple(
    f"hardware.{name}"
    for name in (
        *("peak", "memory", "memory_bandwidth", "scale_up_domain", "scale_up_bandwidth", "nic_bandwidth"),
        *("devices_per_node", "device_power", "server_power", "power_cap"),
    )
)
_OF_DEVICE = (
    *(*_HARDWARE, "site.mean_power", "site.embodied_carbon", "site.embodied_low", "site.embodied_high"),
    *("purchase.price", "purchase.committed_price", "purchase.offer", "purchase.device_price"),
)
"""Fields that describe the device; typed, they would describe the old one."""
_OF_PLACE = tuple(
    f"site.{name}"
    for name in (
        *("grid", "facility", "pue", "wue", "carbon_location", "carbon_market", "grid_water"),
        "electricity_price",
    )
)
_DEGREES = tuple(
    f"layout.{name}" for name in ("tensor", "pipeline", "context", "expert", "micro_batch", "interleave")
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a lever would change, by path; with a `reason` it does not apply.

    `note` says by which rule the values were chosen. `unsaid` names results of which the chain's law says
    nothing for such a plan.
    """

    changes: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    unsaid: tuple[str, ...] = ()


def _not(reason: str) -> Proposal:
    return Proposal(reason=reason)


def _typed_back(estimate: Estimate, paths: tuple[str, ...]) -> Changes:
    """Return the changes that take typed values back."""
    return {path: None for path in paths if estimate.plan.get(path) is not None}


def _speed_is_typed(estimate: Estimate) -> str:
    """Return why no lever on speed applies to a plan whose speed was typed, empty when it was not."""
    typed = next((path for path in estimate.plan.overrides if path in RATES), None)
    if typed is None:
        return ""
    words = _("{result} is typed: it belongs to the run as it is. Take it back to try another.")
    return words.format(result=estimate[typed].label)


def _precision(estimate: Estimate) -> Proposal:
    row, now = estimate.inputs.rows.accelerator, estimate.inputs.precision
    if now in _FP8:
        return _not(_("The plan computes in {precision} already.").format(precision=now))
    if row is None or not accelerators.peak(row, "fp8"):
        name = row.name if row is not None else _("This accelerator")
        return _not(_("{name} has no fp8 rate in the catalogue.").format(name=name))
    if estimate.plan.get("hardware.peak") is not None:
        return _not(_("The peak rate is typed, so no other precision can be faster."))
    note = _("Matrix products in fp8; the loss is taken to stay.")
    return Proposal({"training.precision": "fp8"}, _speed_is_typed(estimate), note)


def _attention(estimate: Estimate) -> Proposal:
    if estimate.field("training.attention_kernel").key != "unfused":
        return _not(_("The plan has fused attention already."))
    return Proposal({"training.attention_kernel": "fused"}, _speed_is_typed(estimate))


def _recomputation(estimate: Estimate) -> Proposal:
    now = estimate.field("layout.recompute").key
    if now != "full":
        some, none = _("The plan recomputes selectively already."), _("The plan recomputes nothing already.")
        return _not(some if now == "selective" else none)
    return Proposal({"layout.recompute": "selective"}, _speed_is_typed(estimate))


def _experts(estimate: Estimate) -> Proposal:
    """Take the published sparse decoder nearest in active parameters.

    No published rule says which sparse model is as good as a dense one; the chain's law counts active
    parameters only, which is cautious.
    """
    if estimate.field("model.experts").value > 0.0:
        return _not(_("The model has sparse experts already."))
    if estimate.field("model.family").key != "decoder":
        return _not(_("The catalogue has sparse models of decoders only."))
    active = float(estimate.values["active_parameters"])
    row = _nearest_sparse(estimate, active)
    if row is None:
        return _not(_("The catalogue has no sparse model."))
    typed = tuple(path for path in estimate.plan.typed_fields() if path.startswith("model."))
    changes = _typed_back(estimate, typed) | {"model.preset": row.key}
    for path in ("training.tokens", "training.sequence"):
        given = estimate.given.get(path)
        if given is not None and given.layer == "catalogue":
            # The run stays: another model's row would bring its own.
            changes[path] = given.value
    note = _(
        "{name}, the published sparse model nearest in active parameters, on the same tokens. The law of the"
        " loss counts active parameters only, which is cautious for a sparse model."
    )
    return Proposal(changes, _speed_is_typed(estimate), note.format(name=row.name))


def _nearest_sparse(estimate: Estimate, active: float) -> Row | None:
    def apart(row: Row) -> tuple[float, str]:
        return abs(log((row.number("active_parameters") or 1.0) / active)), row.key

    sparse = [
        row
        for row in estimate.shelf.rows("models")
        if row.number("experts") and row.number("active_parameters") and row.get("family") == "decoder"
    ]
    return min(sparse, key=apart, default=None) if isfinite(active) and active > 0.0 else None


def _first_phase_only(estimate: Estimate) -> Changes:
    return _typed_back(estimate, tuple(f"training.{phase}_tokens" for phase in LATER))


def _tokens(estimate: Estimate) -> Proposal:
    if estimate.field("training.task").key not in _FROM_SCRATCH:
        return _not(_("The law of the loss holds for pre-training only."))
    active = float(estimate.values["active_parameters"])
    if not float(estimate.values["run_tokens"]) > OPTIMAL_TOKENS * active:
        return _not(_("There are no more than 20 tokens for each active parameter already."))
    note = _("20 tokens for each active parameter, the least compute for its loss (arXiv:2203.15556).")
    changes = _first_phase_only(estimate) | {"training.tokens": OPTIMAL_TOKENS * active}
    return Proposal(changes, note=note)


def _repetition(estimate: Estimate) -> Proposal:
    passes = estimate.field("training.passes_over_data").value
    if passes >= PASSES:
        return _not(_("Training sees the data four times or more already."))
    changes: Changes = {}
    prices = {"cleaned_tokens": "money.cleaning", "synthetic_tokens": "money.synthetic"}
    for name, cost in prices.items():
        if estimate[cost].si > 0.0:
            path = f"programme.{name}"
            changes[path] = estimate.field(path).value * passes / PASSES
    if not changes:
        return _not(_("The plan pays nothing for data by the token, so repeating it saves nothing."))
    note = _("A smaller set, seen four times: next to no loss (arXiv:2305.16264). Licences stay as typed.")
    return Proposal(changes, note=note)


def _distillation(estimate: Estimate) -> Proposal:
    if estimate.field("training.task").key not in _FROM_SCRATCH:
        return _not(_("The plan does not train from scratch."))
    changes = _first_phase_only(estimate) | {
        "training.task": "distillation",
        "training.tokens": estimate.field("training.tokens").value / DISTILLED,
        "training.judge_parameters": float(estimate.values["parameters"]) * TEACHER,
    }
    note = _(
        "From a teacher 15/8 as large, on a fortieth of the tokens: the best published case"
        " (arXiv:2407.14679). The teacher must exist; the law of the loss says nothing of distillation."
    )
    return Proposal(changes, _speed_is_typed(estimate), note, ("loss.predicted",))


def _adaptation(estimate: Estimate) -> Proposal:
    if estimate.field("training.task").key not in _FROM_SCRATCH:
        return _not(_("The plan does not train from scratch."))
    if estimate.field("model.family").key != "decoder":
        return _not(_("The published case is a language model; this is none."))
    sequence = estimate.field("training.sequence").value
    server = estimate.field("hardware.devices_per_node").value
    if not isfinite(server):
        return _not(_("The number of devices in a server is not known."))
    devices = min(server, estimate.field("hardware.devices").value)
    changes = (
        _first_phase_only(estimate)
        | _typed_back(estimate, _DEGREES)
        | {
            "training.task": "lora",
            "training.tokens": EXAMPLES * sequence,
            "training.batch_tokens": devices * sequence,
            "hardware.devices": devices,
        }
    )
    note = _(
        "Adapters (LoRA) over published weights: 1,000 examples as in arXiv:2305.11206, each as long as a"
        " sequence, on one server. The law of the loss says nothing of fine-tuning."
    )
    return Proposal(changes, _speed_is_typed(estimate), note, ("loss.predicted",))


def _feedback(estimate: Estimate) -> Proposal:
    labels = estimate.field("programme.labels").value
    if not labels > 0.0:
        return _not(_("The plan pays for no pairs that people compare."))
    pairs = estimate.field("programme.ai_pairs").value
    note = _("The same pairs, compared by a model (arXiv:2212.08073).")
    return Proposal({"programme.labels": 0.0, "programme.ai_pairs": labels + pairs}, note=note)


def _rent(estimate: Estimate, way: str) -> Proposal:
    now = estimate.field("purchase.way").key
    if now == way:
        return _not(_("The plan buys this way already."))
    for path in ("purchase.price", "purchase.offer"):
        if estimate.plan.get(path) is not None:
            return _not(
                _("The plan's price is typed or chosen, and holds for each way. Type that of this way.")
            )
    return Proposal({"purchase.way": way})


def _spot(estimate: Estimate) -> Proposal:
    return _rent(estimate, "spot")


def _one_year(estimate: Estimate) -> Proposal:
    return _rent(estimate, "reserved")


def _three_years(estimate: Estimate) -> Proposal:
    return _rent(estimate, "reserved-3y")


def _own(estimate: Estimate) -> Proposal:
    if estimate.field("purchase.way").key == "own":
        return _not(_("The plan owns its hardware already."))
    given = estimate.given.get("purchase.device_price")
    if given is None or not isfinite(given.value):
        return _not(_("No purchase price of this accelerator is known; type one."))
    return Proposal({"purchase.way": "own"})


def _accelerator(estimate: Estimate) -> Proposal:
    """Take the fastest newer accelerator of the same vendor that somebody rents out."""
    now, precision = estimate.inputs.rows.accelerator, estimate.inputs.precision
    if now is None:
        return _not(_("The accelerator is not in the catalogue."))
    priced = {row.get("accelerator") for row in estimate.shelf.rows("prices")}

    def speed(row: Row) -> float:
        return accelerators.peak(row, precision) or 0.0

    newer = [
        row
        for row in estimate.shelf.rows("accelerators")
        if row.get("vendor") == now.get("vendor")
        and (row.number("year") or 0.0) > (now.number("year") or 0.0)
        and speed(row) > speed(now)
        and row.key in priced
    ]
    # Of equals the older one is for sale at more places.
    row = max(newer, key=lambda one: (speed(one), -(one.number("year") or 0.0), one.key), default=None)
    if row is None:
        return _not(_("The catalogue has no newer, faster accelerator of this vendor with a price."))
    changes = _typed_back(estimate, _OF_DEVICE) | {"hardware.accelerator": row.key}
    note = _("{name}: as many devices, at their own price.").format(name=row.name)
    return Proposal(changes, _speed_is_typed(estimate), note)


def _region(estimate: Estimate) -> Proposal:
    """Take the cloud region whose grid emits least: of the plan's provider where it has one."""
    here = estimate.inputs.rows.region
    now = estimate.given["site.carbon_location"].value
    places = []
    for row in estimate.shelf.rows("regions"):
        if here is not None and row.get("provider") != here.get("provider"):
            continue
        carbon = _carbon_of(estimate, regions.grid(row))
        if carbon is not None:
            places.append((carbon, row.key, row))
    best = min(places, key=lambda one: one[:2], default=None)
    if best is None or not best[0] / 3.6e9 < now:
        return _not(_("No region in the catalogue has a grid with less carbon."))
    changes = _typed_back(estimate, _OF_PLACE) | {"site.region": best[2].key}
    words = _("{name}, the region whose grid emits least; its data centre, water and prices come with it.")
    return Proposal(changes, note=words.format(name=best[2].name))


def _carbon_of(estimate: Estimate, key: str) -> float | None:
    row = estimate.shelf.get("grids", key)
    return row.number("carbon_g_per_kwh") if row is not None else None


def _contract(estimate: Estimate) -> Proposal:
    if estimate.field("site.contract_share").value >= 1.0:
        return _not(_("All energy is under clean contracts already."))
    note = _(
        "All energy under clean contracts: market-based carbon only; the price of the contract is not in."
    )
    return Proposal({"site.contract_share": 1.0}, note=note)


def _hours(estimate: Estimate) -> Proposal:
    if estimate.field("site.running").key != "always":
        return _not(_("The run computes in chosen hours only already."))
    if estimate.field("site.hour_factor").value >= 1.0:
        words = _("What the grid emits in its cleaner hours is not known: type {field} first.")
        return _not(words.format(field=_(descriptions()["site.hour_factor"].label)))
    note = _("Eight sunny hours a day, with the carbon of these hours as typed.")
    return Proposal({"site.running": "sunny"}, note=note)


def _power_cap(estimate: Estimate) -> Proposal:
    rated = estimate.field("hardware.device_power").value
    if not isfinite(rated):
        return _not(_("The rated power of this accelerator is not known."))
    if estimate.field("hardware.power_cap").value <= CAP * rated:
        return _not(_("The devices are capped at this power or below already."))
    note = _("A cap at 80 % of the rated power: {watts:.0f} W a device.").format(watts=CAP * rated)
    return Proposal({"hardware.power_cap": CAP * rated}, _speed_is_typed(estimate), note)


def _cooling(estimate: Estimate) -> Proposal:
    """Take the published data centre with the lowest PUE: in the country, on the continent, or anywhere."""
    now = estimate.given["site.pue"].value
    grid = estimate.inputs.rows.grid
    country = str(grid.get("iso3") or "") if grid else ""
    continent = str(grid.get("continent") or "") if grid else ""
    every = [row for row in estimate.shelf.rows("sites") if (row.number("pue") or now) < now - 1e-9]
    for near in (
        [row for row in every if country and row.get("country") == country],
        [row for row in every if continent and row.get("continent") == continent],
        every,
    ):
        row = min(near, key=lambda one: (one.number("pue") or now, one.key), default=None)
        if row is not None:
            changes = _typed_back(estimate, ("site.pue", "site.wue")) | {"site.facility": row.key}
            words = _("{name}, PUE {pue:g}; its water comes with it.")
            return Proposal(changes, note=words.format(name=row.name, pue=row.number("pue")))
    return _not(_("No data centre in the catalogue has a lower PUE."))


def _life(estimate: Estimate) -> Proposal:
    if estimate.field("site.hardware_life").value >= LONGER:
        return _not(_("The hardware lives six years or longer already."))
    return Proposal({"site.hardware_life": LONGER}, note=_("Six years of use."))


RULES: tuple[tuple[str, str, Callable[[Estimate], Proposal]], ...] = (
    ("precision", N_("Lower precision (fp8)"), _precision),
    ("attention", N_("Fused attention"), _attention),
    ("recomputation", N_("Selective recomputation"), _recomputation),
    ("experts", N_("Sparse experts"), _experts),
    ("tokens", N_("Fewer tokens"), _tokens),
    ("repetition", N_("Repeated tokens"), _repetition),
    ("distillation", N_("Distillation"), _distillation),
    ("adaptation", N_("Fine-tuning instead"), _adaptation),
    ("feedback", N_("AI feedback"), _feedback),
    ("spot", N_("Spot capacity"), _spot),
    ("reserved", N_("Reserved, 1 year"), _one_year),
    ("reserved-3y", N_("Reserved, 3 years"), _three_years),
    ("own", N_("Own hardware"), _own),
    ("accelerator", N_("Newer accelerator"), _accelerator),
    ("region", N_("Low-carbon region"), _region),
    ("contract", N_("Renewable contract"), _contract),
    ("hours", N_("Low-carbon hours"), _hours),
    ("power-cap", N_("Power cap"), _power_cap),
    ("cooling", N_("Better PUE"), _cooling),
    ("life", N_("Longer hardware life"), _life),
)
"""Every lever in the order of the methods: key, label, and the rule that proposes its changes."""
