"""Rules across fields: what is impossible, unusual, or worth a try; they never stop an edit or a save."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from tcplan.catalogue import accelerators, prices
from tcplan.catalogue.shelf import edition
from tcplan.given import ROW_FIELDS, Given, Inputs, chosen
from tcplan.language import _, plural
from tcplan.plan.marks import current
from tcplan.plan.number import write
from tcplan.plan.plan import Plan, Value, descriptions
from tcplan.plan.value import Range, numbers
from tcplan.results import RESULTS

_YEAR = 366.0
LEVELS = ("error", "warning", "advice")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a field; `fix` is the path and the value that would settle it."""

    level: str
    path: str
    sentence: str
    fix: tuple[str, Value] | None = None
    fix_label: str = ""


Values = Mapping[str, float]
Rule = Callable[[Plan, Inputs, Values], Iterator[Finding]]


def findings_of(plan: Plan, inputs: Inputs, values: Values) -> tuple[Finding, ...]:
    """Return the findings of a plan, errors first, in the order of the forms."""
    found = [finding for rule in _RULES for finding in rule(plan, inputs, values)]
    if not any(one.level == "error" for one in found):
        found += _uncomputed(plan, inputs, values)
    order = {path: index for index, path in enumerate(descriptions())}
    return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), order.get(one.path, len(order)))))


def _number(inputs: Inputs, path: str) -> float:
    given = inputs.given.get(path)
    return given.value if given is not None else float("nan")


def _unknown_rows(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    known = {row.table: row for row in inputs.rows.used()}
    for path, table in ROW_FIELDS.items():
        typed = plan.get(path)
        if isinstance(typed, str) and table not in known:
            sentence = _("The catalogue has no {key}. Choose a row from the list.").format(key=typed)
            yield Finding("error", path, sentence, (path, None), _("Use the default"))


def _missing_figures(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    names = {path.rpartition(".")[2]: path for path in descriptions()}
    for name in inputs.missing:
        path = names.get(name)
        if path is not None:
            label = _(descriptions()[path].label)
            sentence = _("No figure is known for {label}. Type one.").format(label=label)
            yield Finding("error", path, sentence)


def _refused_figures(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    for one in inputs.refused:
        given = inputs.given.get(one.path)
        if given is None or given.layer != "typed":
            sentence = _("The figure of {row} is not used ({reason}).").format(
                row=one.row.name, reason=one.sentence
            )
            yield Finding("warning", one.path, sentence)


def _unknown_overrides(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    for path in inputs.unknown:
        sentence = _("{path} is not a result of this plan, so its typed value has no effect.").format(
            path=path
        )
        yield Finding("warning", path, sentence, (path, None), _("Remove"))


def _unusual(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    for path, shown in descriptions().items():
        given = inputs.given.get(path)
        if given is None or given.layer != "typed" or shown.usual is None:
            continue
        low, high = shown.usual
        if not low <= given.value <= high:
            usual = _("{low} to {high}").format(
                low=write(low, shown, current()), high=write(high, shown, current())
            )
            sentence = _("Unusual: most plans have {usual} {unit}.").format(usual=usual, unit=shown.shown)
            yield Finding("warning", path, sentence.replace(" .", "."))


def _below_site(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    given = inputs.given.get("site.pue")
    if given is None or given.layer != "typed" or given.alternative is None:
        return
    if given.value < given.alternative.value - 1e-9:
        text = write(given.alternative.value, descriptions()["site.pue"], current())
        chosen_site = plan.site.facility is not None
        sentence = _("Below the site's {value}.") if chosen_site else _("Below the average site's {value}.")
        sentence = sentence.format(value=text)
        yield Finding(
            "warning", "site.pue", sentence, ("site.pue", None), _("Use {value}").format(value=text)
        )


def _elsewhere(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    facility, grid = inputs.rows.facility, inputs.rows.grid
    if plan.site.facility is None or facility is None or grid is None:
        return
    country = facility.get("country")
    if country and grid.get("iso3") and country != grid.get("iso3"):
        sentence = _("This data centre is in {country}; the electricity is that of {grid}.").format(
            country=country, grid=grid.name
        )
        fix = ("site.grid", str(country))
        yield Finding("warning", "site.facility", sentence, fix, _("Use {country}").format(country=country))


def _stand_ins(plan: Plan, _inputs: Inputs, _values: Values) -> Iterator[Finding]:
    for path, value in plan.typed().items():
        if isinstance(value, Range):
            yield Finding("advice", path, _("A range computes at its median."))
        elif isinstance(value, tuple):
            yield Finding("advice", path, _("A list computes at its first value."))


def _other_price(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    row, wanted = inputs.rows.price, chosen(plan, "purchase.way")
    given = inputs.given.get("purchase.price")
    if row is None or given is None or given.layer == "typed" or row.get("way") == wanted:
        return
    labels = {choice.key: _(choice.label) for choice in descriptions()["purchase.way"].choices}
    sentence = _("No price is known for {wanted}; the price {there} stands in. Type your quote.").format(
        wanted=labels[wanted], there=labels.get(str(row.get("way")), str(row.get("way")))
    )
    yield Finding("warning", "purchase.price", sentence)


def _old_price(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    row, given = inputs.rows.price, inputs.given.get("purchase.price")
    if row is None or given is None or given.layer == "typed":
        return
    if prices.age(row, edition()) > _YEAR:
        sentence = _("This price is of {date}. Prices move: type your quote.").format(date=row.date)
        yield Finding("advice", "purchase.price", sentence)


def _attends(inputs: Inputs) -> bool:
    """Tell layers that all have attention from convolutions and states, which may have none."""
    family = inputs.given["model.family"].key
    return family != "state-space" and "attention_forward" in inputs.graph.quantities


def _heads(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    heads, kv_heads = _number(inputs, "model.heads"), _number(inputs, "model.kv_heads")
    for path in ("model.heads", "model.kv_heads"):
        one = inputs.given.get(path)
        if one is not None and one.value < 1.0 and _attends(inputs):
            yield Finding("error", path, _("Attention needs at least one head."))
    tensor = inputs.given.get("layout.tensor")
    if kv_heads > 0 and heads % kv_heads > 0:
        sentence = _("Key-value heads must divide the {heads:.0f} heads.").format(heads=heads)
        yield Finding(
            "error", "model.kv_heads", sentence, ("model.kv_heads", heads), _("Use {0:.0f}").format(heads)
        )
    if tensor is not None and heads % tensor.value > 0:
        sentence = _("The tensor-parallel degree must divide the {heads:.0f} heads.").format(heads=heads)
        yield Finding("error", tensor.path, sentence, (tensor.path, None), _("Choose for me"))
    if values.get("pipeline", 1.0) > _number(inputs, "model.layers"):
        sentence = _("There are more pipeline stages than layers.")
        yield Finding("error", "layout.pipeline", sentence, ("layout.pipeline", None), _("Choose for me"))


def _experts(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    top, experts = _number(inputs, "model.experts_per_token"), _number(inputs, "model.experts")
    if experts > 0 and top > experts:
        sentence = _("A token cannot visit more than the {experts:.0f} experts.").format(experts=experts)
        yield Finding("error", "model.experts_per_token", sentence)
    if experts > 0 and not top > 0:
        sentence = _("A sparse model needs at least one expert per token.")
        yield Finding(
            "error", "model.experts_per_token", sentence, ("model.experts_per_token", 1.0), _("Use 1")
        )
    if _number(inputs, "model.dense_layers") > _number(inputs, "model.layers"):
        yield Finding("error", "model.dense_layers", _("There are more dense layers than layers."))
    expert = inputs.given.get("layout.expert")
    if experts > 0 and expert is not None and expert.value >= 1.0 and experts % expert.value > 0:
        sentence = _("The expert-parallel degree must divide the {experts:.0f} experts.").format(
            experts=experts
        )
        yield Finding("error", expert.path, sentence, (expert.path, None), _("Choose for me"))


def _positions(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    positions, sequence = _number(inputs, "model.learned_positions"), _number(inputs, "training.sequence")
    if 0.0 < positions < sequence and not _number(inputs, "model.second_layers") > 0.0:
        sentence = _("The model has learned positions for {positions:.0f} tokens only.").format(
            positions=positions
        )
        fix = ("training.sequence", positions)
        yield Finding("error", "training.sequence", sentence, fix, _("Use {0:.0f}").format(positions))


def _data(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Say what an amount of data comes to, or why it has no effect."""
    unit, amount = inputs.given["training.data_unit"], inputs.given.get("training.data_amount")
    tokens = inputs.given.get("training.tokens")
    label = next(_(one.label) for one in descriptions()["training.data_unit"].choices if one.key == unit.key)
    if amount is None:
        if unit.key != "tokens":
            sentence = _("Type how many {unit} there are; until then the tokens hold.").format(unit=label)
            yield Finding("warning", "training.data_amount", sentence)
    elif tokens is not None and tokens.layer == "typed":
        sentence = _("The typed tokens hold; the amount of data has no effect.")
        fix = ("training.tokens", None)
        yield Finding("warning", "training.data_amount", sentence, fix, _("Compute the tokens"))
    else:
        passes = values["passes_over_data"]
        sentence = _("{amount} {unit} × {each} tokens × {passes} = {tokens} tokens").format(
            amount=_short(values["data_amount"]),
            unit=label,
            each=_short(values["tokens_of_each"]),
            passes=plural("{count:g} pass", "{count:g} passes", passes).format(count=passes),
            tokens=_short(values["tokens"]),
        )
        yield Finding("advice", "training.data_amount", sentence)


def _short(value: float) -> str:
    return write(float(f"{value:.3g}"), descriptions()["training.tokens"], current())


def _law(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    family = inputs.given["model.family"]
    if family.key not in ("decoder", "state-space"):
        sentence = _("The scaling law was fitted on decoders of text; the loss of other families is another.")
        yield Finding("advice", "loss.predicted", sentence)


def _taken_away(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Say where negative extras leave nothing."""
    for name, whole in (
        ("extra_parameters", "parameters"),
        ("extra_active_parameters", "active_parameters"),
        ("extra_forward_flop", "token_flop"),
    ):
        given = inputs.given[f"model.{name}"]
        if given.value < 0.0 and values[whole] <= 1.0:
            sentence = _("This takes away more than there is.")
            yield Finding("error", given.path, sentence, (given.path, None), _("Use none"))


def _undivided(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    """Say that convolutions are copied, not divided."""
    if "network_forward" not in inputs.graph.quantities:
        return
    for path in ("layout.tensor", "layout.context"):
        given = inputs.given.get(path)
        if given is not None and given.value > 1.0:
            sentence = _("A network of convolutions is not divided in this way.")
            yield Finding("error", path, sentence, (path, None), _("Choose for me"))


def _degrees(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    used = values["tensor"] * values["pipeline"] * values["context"]
    devices = _number(inputs, "hardware.devices")
    if used > devices:
        sentence = _("The layout needs {used:.0f} devices; there are {devices:.0f}.").format(
            used=used, devices=devices
        )
        yield Finding(
            "error", "hardware.devices", sentence, ("hardware.devices", used), _("Use {0:.0f}").format(used)
        )
    elif devices % used:
        idle = devices % used
        sentence = plural(
            "{idle:.0f} of the {devices:.0f} devices has no place in the layout and waits.",
            "{idle:.0f} of the {devices:.0f} devices have no place in the layout and wait.",
            idle,
        ).format(idle=idle, devices=devices)
        best = devices - idle
        yield Finding(
            "warning", "hardware.devices", sentence, ("hardware.devices", best), _("Use {0:.0f}").format(best)
        )


def _memory(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    free = values.get("memory_free", 0.0)
    if isfinite(free) and free < 0.0:
        need, there = values["memory_peak"] / 2**30, _number(inputs, "hardware.memory") / 2**30
        sentence = _("Needs {need:.0f} GiB a device, {there:.0f} there. Take more or larger devices.").format(
            need=need, there=there
        )
        yield Finding("error", "hardware.devices", sentence)


def _precision(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    row = inputs.rows.accelerator
    given: Given | None = inputs.given.get("training.precision")
    if row is None or given is None or given.layer != "typed":
        return
    if not accelerators.peak(row, given.key) and "hardware.peak" not in _typed(inputs):
        sentence = _("{name} has no {precision} rate in the catalogue.").format(
            name=row.name, precision=given.key
        )
        yield Finding(
            "error", "training.precision", sentence, ("training.precision", None), _("Choose for me")
        )


def _typed(inputs: Inputs) -> set[str]:
    return {path for path, given in inputs.given.items() if given.layer == "typed"}


def _limits(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    for path, name, label in (
        ("programme.budget", "total_cost", _("The plan costs {share:.0f}\u202f% more than the budget.")),
        ("programme.deadline", "run_time", _("The run takes {share:.0f}\u202f% longer than the deadline.")),
    ):
        given = inputs.given.get(path)
        if given is not None and values[name] > given.value:
            sentence = label.format(share=100.0 * (values[name] / given.value - 1.0))
            yield Finding("warning", path, sentence)


def _uncomputed(plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Yield the first result without a value, and the typed result of zero that may be why."""
    graph = inputs.graph
    unknown = next((path for path in RESULTS if not isfinite(values[graph.paths[path].name])), None)
    if unknown is None:
        return
    sentence = _("{label} cannot be computed from these values.").format(label=_(graph.paths[unknown].label))
    zero = next((path for path, value in plan.overrides.items() if 0.0 in numbers(value)), None)
    if zero is None:
        yield Finding("error", unknown, sentence)
    else:
        yield Finding("error", zero, sentence, (zero, None), _("Remove"))


_RULES: tuple[Rule, ...] = (
    _unknown_rows,
    _missing_figures,
    _refused_figures,
    _unknown_overrides,
    _unusual,
    _below_site,
    _elsewhere,
    _stand_ins,
    _other_price,
    _old_price,
    _heads,
    _experts,
    _positions,
    _data,
    _law,
    _taken_away,
    _undivided,
    _degrees,
    _memory,
    _precision,
    _limits,
)
