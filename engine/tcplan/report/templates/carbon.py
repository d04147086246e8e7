"""The sheet on carbon and water: both bases side by side, scopes, ranges, factors, what was not measured."""

from collections.abc import Iterator

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions
from tcplan.plan.units import from_coherent
from tcplan.report.blocks import Amount, Bars, Block, Cell, Facts, Heading, Paragraph, Printout, Table
from tcplan.report.case import Case, amount, facts_of, printout, remark_blocks, source_blocks, worked_blocks
from tcplan.report.equivalences import equivalences
from tcplan.report.facts import short
from tcplan.report.sheet import energy_parts, model_name
from tcplan.report.sureness import Sureness
from tcplan.why import LAYERS

LABEL = N_("Carbon and water")
_FACTS = (
    (N_("CO₂e, location"), "carbon.location"),
    (N_("CO₂e, market"), "carbon.market"),
    (N_("Embodied"), "carbon.embodied"),
    (N_("Energy"), "energy.facility"),
    (N_("Water"), "water.total"),
)
_MEASURED = {
    "energy.facility": N_("energy at the meter"),
    "energy.it": N_("energy of the computers"),
    "site.mean_power": N_("mean power of a device"),
    "energy.mean_device_power": N_("mean power of a device"),
}
_FACTORS = (
    "site.pue",
    "site.wue",
    "site.carbon_location",
    "site.carbon_market",
    "site.contract_share",
    "site.contract_carbon",
    "site.hourly_share",
    "site.upstream_carbon",
    "site.grid_water",
    "site.embodied_carbon",
    "site.hardware_life",
    "site.hour_factor",
    "site.season_factor",
)
_EXPLAINED = (
    "energy.facility",
    "energy.it",
    "energy.mean_device_power",
    "carbon.location",
    "carbon.market",
    "carbon.embodied",
    "carbon.sci",
    "water.total",
)


def carbon(case: Case) -> Printout:
    """Return the sheet on carbon and water."""
    estimate = case.estimate
    sure = case.sureness(estimate)
    bases = (_("Emissions"), _("Location-based"), _("Market-based"))
    water = (_("Water"), _("Amount"))
    factors = (_("Factor"), _("Value"), _("From"), _("Source"), _("Date"))
    blocks: tuple[Block, ...] = (
        Facts(facts_of(case, sure, *_FACTS)),
        Heading(_("Emissions, both bases side by side")),
        Table(bases, tuple(_emissions(estimate)), total=True),
        *_hourly(estimate),
        Heading(_("By scope of who trains")),
        Table((_("GHG Protocol"), *bases[1:]), tuple(_scopes(estimate))),
        Paragraph(_offsets(estimate)),
        Heading(_("Making the hardware")),
        Table((_("Embodied carbon"), _("Amount")), tuple(_amounts(estimate, _EMBODIED))),
        Heading(_("Water")),
        Table(water, tuple(_amounts(estimate, _WATER)), total=True),
        Heading(_("Software carbon intensity")),
        Table((_("ISO/IEC 21031"), _("Value")), tuple(_intensity(estimate))),
        Heading(_("Where the energy goes")),
        Bars(energy_parts(estimate)),
        Heading(_("Factors")),
        Table(factors, tuple(_factors(estimate))),
        *remark_blocks(case, _("Remark")),
        *_alike(estimate),
    )
    appendix = (*worked_blocks(estimate, *_EXPLAINED), *source_blocks(estimate))
    return printout(case, LABEL, _answer(estimate), _lead(estimate, sure), blocks, appendix)


_EMBODIED = (
    (N_("Lowest published figure"), "carbon.embodied_low"),
    (N_("Used here"), "carbon.embodied"),
    (N_("Highest published figure"), "carbon.embodied_high"),
    (N_("Of which the building"), "carbon.building"),
)
_WATER = (
    (N_("Evaporated at the site"), "water.site"),
    (N_("Consumed where the electricity is made"), "water.grid"),
    (N_("Consumed to make the hardware"), "water.manufacture"),
    (N_("Together"), "water.total"),
)


def _answer(estimate: Estimate) -> str:
    words = {
        "model": model_name(estimate),
        "location": short(estimate, "carbon.location"),
        "market": short(estimate, "carbon.market"),
        "embodied": short(estimate, "carbon.embodied"),
        "water": short(estimate, "water.total"),
    }
    sentence = _(
        "Training {model} emits {location} of CO₂e by the grid of the place, {market} by its contracts, and "
        "{embodied} from making the hardware; it takes {water} of water."
    )
    return sentence.format(**words)


def _lead(estimate: Estimate, sure: Sureness | None) -> str:
    stated = [_(label) for path, label in _MEASURED.items() if _is_typed(estimate, path)]
    if stated:
        words = _("The plan states {names} as measured; everything else is modelled.")
        first = words.format(names=", ".join(dict.fromkeys(stated)))
    else:
        first = _("Modelled, not measured: no meter has read these figures.")
    return f"{first} {sure.sentence}" if sure is not None else first


def _is_typed(estimate: Estimate, path: str) -> bool:
    given = estimate.given.get(path)
    return given is not None and given.layer == "typed"


def _amounts(estimate: Estimate, wanted: tuple[tuple[str, str], ...]) -> Iterator[tuple[Cell, ...]]:
    for label, path in wanted:
        yield _(label), amount(estimate, path)


def _emissions(estimate: Estimate) -> Iterator[tuple[Cell, ...]]:
    """Yield the electricity, fuels, making, and everything together, on both bases."""
    yield (
        _("Electricity of the run"),
        amount(estimate, "carbon.location"),
        amount(estimate, "carbon.market"),
    )
    upstream, embodied = amount(estimate, "carbon.upstream"), amount(estimate, "carbon.embodied")
    yield _("Fuels and losses before the meter (scope 3, category 3)"), upstream, upstream
    yield _("Making hardware and building"), embodied, embodied
    beside = upstream.value + embodied.value
    location, market = (estimate[path].value + beside for path in ("carbon.location", "carbon.market"))
    yield _("Together"), Amount(location, embodied.unit, 3, "carbon.total"), Amount(market, embodied.unit)


def _hourly(estimate: Estimate) -> tuple[Block, ...]:
    """Return what a stricter market basis says, nothing where it says the same."""
    if not estimate["carbon.hourly"].value > estimate["carbon.market"].value:
        return ()
    words = _(
        "Where a contract counts only in the hour in which it delivers, the electricity emits {amount}."
    )
    return (Paragraph(words.format(amount=short(estimate, "carbon.hourly", 3))),)


def _scopes(estimate: Estimate) -> Iterator[tuple[Cell, ...]]:
    yield _("Scope 1, fuel burnt on the site"), _("not modelled"), _("not modelled")
    for label, location, market in (
        (N_("Scope 2, bought electricity"), "carbon.scope2_location", "carbon.scope2_market"),
        (N_("Scope 3, everything else"), "carbon.scope3", "carbon.scope3_market"),
    ):
        yield _(label), amount(estimate, location), amount(estimate, market)


def _offsets(estimate: Estimate) -> str:
    bought = estimate["carbon.offsets"].value
    own = estimate.field("purchase.way").key == "own"
    scope = (
        _("The machines are owned: their electricity is scope 2.")
        if own
        else _("The machines are rented: everything is scope 3 of who trains; scope 2 is their owner's.")
    )
    offsets = (
        _("Offsets of {amount} are bought; they are subtracted nowhere.").format(
            amount=short(estimate, "carbon.offsets")
        )
        if bought
        else _("No offsets are in these figures.")
    )
    return f"{scope} {offsets}"


def _intensity(estimate: Estimate) -> Iterator[tuple[Cell, ...]]:
    unit = descriptions()["site.functional_unit"]
    key = estimate.field("site.functional_unit").key
    name = next((_(one.label) for one in unit.choices if one.key == key), key)
    yield _("Functional unit R"), name
    yield _("Functional units"), amount(estimate, "site.functional_units")
    yield _("E × I, electricity by the grid"), amount(estimate, "carbon.location")
    yield _("M, making"), amount(estimate, "carbon.embodied")
    yield _("SCI = (E × I + M) / R, for each unit"), amount(estimate, "carbon.sci")


def _factors(estimate: Estimate) -> Iterator[tuple[Cell, ...]]:
    for path in _FACTORS:
        shown = descriptions()[path]
        given = estimate.field(path)
        unit = shown.shown or shown.unit or "1"
        value = from_coherent(given.value, unit)
        source = _(given.source) if given.source else _("your plan") if given.layer == "typed" else ""
        yield _(shown.label), Amount(value, unit, 3, path), _(LAYERS[given.layer]), source, given.date


def _alike(estimate: Estimate) -> tuple[Block, ...]:
    """Return what carbon, energy and water are as much as, a help for readers and no result."""
    paths = ("carbon.location", "energy.facility", "water.total")
    found = [one.sentence for path in paths for one in equivalences(estimate, path)]
    if not found:
        return ()
    help_only = Paragraph(_("A help for the reader; none of these is used in a figure."), grey=True)
    return (Heading(_("As much as")), *(Paragraph(text) for text in found), help_only)
