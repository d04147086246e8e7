"""Rules across fields: what is impossible, unusual, or worth a try; they never stop an edit or a save."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from tcplan.catalogue import accelerators
from tcplan.catalogue.age import is_old
from tcplan.catalogue.shelf import edition
from tcplan.given import Given, Inputs
from tcplan.language import _, plural
from tcplan.obstacles import facts_of, obstacles_of
from tcplan.plan.marks import current
from tcplan.plan.number import write
from tcplan.plan.plan import Plan, Value, descriptions
from tcplan.plan.value import Range, numbers
from tcplan.plan_rows import ROW_FIELDS, chosen
from tcplan.results import RESULTS

_GENERATIVE = frozenset(("decoder", "encoder-decoder", "state-space", "diffusion", "unet"))
"""Families that write text or make images, of which the Commission's criterion speaks."""
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
    if wanted == "own" or plan.purchase.offer is not None:
        return
    labels = {choice.key: _(choice.label) for choice in descriptions()["purchase.way"].choices}
    sentence = _("No price is known for {wanted}; the price {there} stands in. Type your quote.").format(
        wanted=labels[wanted], there=labels.get(str(row.get("way")), str(row.get("way")))
    )
    yield Finding("warning", "purchase.price", sentence)


def _old_price(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    row, given = inputs.rows.price, inputs.given.get("purchase.price")
    if row is None or given is None or given.layer == "typed" or chosen(plan, "purchase.way") == "own":
        return
    if is_old(row, edition()):
        sentence = _("This price is of {date}. Prices move: type your quote.").format(date=row.date)
        yield Finding("advice", "purchase.price", sentence)


def _offer(plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    """Say what a chosen offer is not: for this accelerator, for this purchase, or used at all."""
    row = inputs.rows.price
    if plan.purchase.offer is None or row is None:
        return
    path, fix = "purchase.offer", ("purchase.offer", None)
    accelerator, wanted = inputs.rows.accelerator, chosen(plan, "purchase.way")
    if accelerator is not None and row.get("accelerator") != accelerator.key:
        sentence = _("This offer is for {there}, the plan has {here}.").format(
            there=row.get("accelerator"), here=accelerator.name
        )
        yield Finding("warning", path, sentence, fix, _("Take the nearest price"))
    if wanted != "own" and row.get("way") != wanted:
        labels = {choice.key: _(choice.label) for choice in descriptions()["purchase.way"].choices}
        there = labels.get(str(row.get("way")), str(row.get("way")))
        sentence = _("This offer is a price {there}, the plan has {wanted}.").format(
            there=there, wanted=labels[wanted]
        )
        yield Finding("warning", path, sentence, fix, _("Take the nearest price"))
    if inputs.given["purchase.price"].layer == "typed":
        yield Finding("advice", path, _("The typed price holds; the offer has no effect."), fix, _("Remove"))


def _break_even(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Say why there is no utilisation from which on owning pays, where both costs are known."""
    standing_rate, rent = values["standing_rate"], values["rent_alternative"]
    if isfinite(values["break_even"]) or not (isfinite(standing_rate) and isfinite(rent)):
        return
    if isfinite(values["electricity_rate"]) and values["device_time"] > 0.0:
        running = values["facility_energy"] * values["electricity_rate"] / values["device_time"]
        owned = standing_rate / values["availability"] + running
        if not isfinite(owned):
            return
        sentence = _(
            "Owning never costs less than renting here: hardware that always works costs {owned}\xa0$/h,"
            " the rent is {rent}\xa0$/h."
        ).format(owned=_hourly(owned), rent=_hourly(rent / values["device_time"]))
        yield Finding("advice", "money.break_even", sentence)


def _hourly(rate: float) -> str:
    """Return a cost of a device in a second as a short figure by the hour."""
    shown = descriptions()["purchase.price"]
    return write(float(f"{rate * 3600.0:.3g}") / 3600.0, shown, current())


def _obstacles(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    for one in obstacles_of(facts_of(inputs, values)):
        fix = one.fix
        label = one.fix_label.format(fix[1]) if fix is not None else ""
        yield Finding("error", one.path, one.sentence.format(**one.figures), fix, label)


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


def _waiting(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    used = values["tensor"] * values["pipeline"] * values["context"]
    devices = _number(inputs, "hardware.devices")
    idle = devices % used
    if used <= devices and idle:
        sentence = plural(
            "{idle:.0f} of the {devices:.0f} devices has no place in the layout and waits.",
            "{idle:.0f} of the {devices:.0f} devices have no place in the layout and wait.",
            idle,
        ).format(idle=idle, devices=devices)
        best = devices - idle
        yield Finding(
            "warning", "hardware.devices", sentence, ("hardware.devices", best), _("Use {0:.0f}").format(best)
        )


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
        ("programme.deadline", "until_done", _("The run takes {share:.0f}\u202f% longer than the deadline.")),
    ):
        given = inputs.given.get(path)
        if given is not None and values[name] > given.value:
            sentence = label.format(share=100.0 * (values[name] / given.value - 1.0))
            yield Finding("warning", path, sentence)


def _law_of_the_union(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Say from which compute on the EU AI Act has duties for a model; a help, not legal advice."""
    described = any(path.partition(".")[0] in ("model", "training") for path in _typed(inputs))
    if not described or inputs.given["model.family"].key not in _GENERATIVE:
        return
    if not isfinite(values["cumulated_flop"]):
        return
    flop = f"{_short(values['cumulated_flop'])} FLOP"
    if values["threshold_share"] >= 1.0:
        sentence = _(
            "{flop} in all: above 10²⁵ FLOP the EU presumes systemic risk (AI Act, article 51(2)); the"
            " provider tells the Commission within two weeks (article 52(1)). Not legal advice."
        )
        yield Finding("advice", "compute.threshold_share", sentence.format(flop=flop))
    elif values["general_purpose_share"] >= 1.0:
        sentence = _(
            "{flop} in all: above 10²³ FLOP the Commission takes such a model for general-purpose (guidelines"
            " of July 2025); its provider has the duties of article 53 of the EU AI Act. Not legal advice."
        )
        yield Finding("advice", "compute.general_purpose_share", sentence.format(flop=flop))
    if _number(inputs, "training.earlier_flop") > 0.0:
        above = values["modification_share"] > 1.0
        sentence = _("Less than a third of the earlier compute: the model's provider stays its provider.")
        if above:
            sentence = _("More than a third of the earlier compute: who trains so far becomes a provider.")
        yield Finding("advice", "compute.modification_share", sentence)


def _hours(_plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Say that chosen hours change neither carbon nor price until somebody types what they change."""
    factors = ("site.hour_factor", "site.season_factor", "site.price_factor")
    if values["hours_share"] < 1.0 and not any(path in _typed(inputs) for path in factors):
        sentence = _("Carbon and price are those of all hours until you type what they are in these hours.")
        yield Finding("advice", "site.hours_share", sentence)


def _offsets(_plan: Plan, inputs: Inputs, _values: Values) -> Iterator[Finding]:
    if _number(inputs, "site.offsets") > 0.0:
        sentence = _("Offsets stand on a line of their own; no figure of emissions is lower for them.")
        yield Finding("advice", "site.offsets", sentence)


def _uncomputed(plan: Plan, inputs: Inputs, values: Values) -> Iterator[Finding]:
    """Yield the first result without a value, and the typed result of zero that may be why."""
    graph = inputs.graph
    unknown = next((path for path in RESULTS if not isfinite(values[graph.paths[path].name])), None)
    if unknown is None:
        return
    sentence = not_computed(_(graph.paths[unknown].label))
    zero = next((path for path, value in plan.overrides.items() if 0.0 in numbers(value)), None)
    if zero is None:
        yield Finding("error", unknown, sentence)
    else:
        yield Finding("error", zero, sentence, (zero, None), _("Remove"))


def not_computed(label: str) -> str:
    """Return what is said of a result without a value."""
    return _("{label} cannot be computed from these values.").format(label=label)


def standing(plan: Plan, inputs: Inputs) -> tuple[Finding, ...]:
    """Return the errors of a plan that no number of it decides: rows and figures that are not there."""
    rules = (_unknown_rows, _missing_figures, _precision)
    return tuple(one for rule in rules for one in rule(plan, inputs, {}))


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
    _offer,
    _break_even,
    _obstacles,
    _data,
    _law,
    _waiting,
    _precision,
    _limits,
    _law_of_the_union,
    _hours,
    _offsets,
)
