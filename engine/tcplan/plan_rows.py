"""The catalogue rows that a plan uses: those it names, and those that stand in where it names none."""

from dataclasses import dataclass
from functools import lru_cache

from tcplan.catalogue import bill, prices, recipes, regions, sites, stacks
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.plan.plan import Plan, descriptions
from tcplan.plan.value import central

ROW_FIELDS = {
    "model.preset": "models",
    "hardware.accelerator": "accelerators",
    "layout.stack": "stacks",
    "site.grid": "grids",
    "site.facility": "sites",
    "site.region": "regions",
    "purchase.offer": "prices",
}

_OF_BILL = ("programme.pay_country", "programme.label_kind")


@dataclass(frozen=True, slots=True)
class Rows:
    """The catalogue rows that a plan uses; None where none is known."""

    model: Row | None
    accelerator: Row | None
    stack: Row | None
    grid: Row | None
    facility: Row | None
    price: Row | None
    recipes: tuple[Row, ...] = ()
    region: Row | None = None
    committed: Row | None = None
    bill: tuple[tuple[str, Row], ...] = ()
    paid: frozenset[str] = frozenset()

    def used(self) -> tuple[Row, ...]:
        """Return the rows that there are."""
        # A price for three years is a copy of the price itself where no other is published.
        committed = self.committed if self.price is not None else None
        prices_and_place = (self.price, committed, self.region)
        every = (self.model, self.accelerator, self.stack, self.grid, self.facility, *prices_and_place)
        paid = [row for name, row in self.bill if name in self.paid]
        return (*(row for row in every if row is not None), *self.recipes, *dict.fromkeys(paid))


def chosen(plan: Plan, path: str) -> str:
    """Return the key that a choice or row field holds, typed or by default; empty when neither."""
    typed = plan.get(path)
    if isinstance(typed, str):
        return typed
    default = descriptions()[path].default
    return default if isinstance(default, str) else ""


def rows_of(plan: Plan, shelf: Shelf) -> Rows:
    """Find the catalogue rows of a plan; a key that the shelf does not know gives None."""
    experts = _typed(plan, "model.experts")
    keys = {path: chosen(plan, path) for path in (*ROW_FIELDS, "purchase.way", *_OF_BILL)}
    region = shelf.get("regions", keys["site.region"])
    if region is not None:
        places = {"site.grid": regions.grid(region), "site.facility": regions.facility(region)}
        keys |= {path: key for path, key in places.items() if key and plan.get(path) is None}
    return _rows(
        shelf,
        *keys.values(),
        year=_typed(plan, "purchase.year"),
        precision=plan.training.precision,
        sparse=None if experts is None else experts > 0.0,
        paid=frozenset(name for name, amount in bill.PAID.items() if plan.get(f"programme.{amount}")),
    )


def _typed(plan: Plan, path: str) -> float | None:
    """Return the number that stands for what was typed in a field, None when nothing was."""
    value = plan.get(path)
    if value is None or isinstance(value, str):
        return None
    return float(central(value, logarithmic=descriptions()[path].logarithmic))


@lru_cache(maxsize=64)
def _rows(
    shelf: Shelf,
    model: str,
    accelerator: str,
    stack: str,
    grid: str,
    facility: str,
    region: str,
    offer: str,
    way: str,
    country: str,
    kind: str,
    year: float | None,
    precision: str | None,
    sparse: bool | None,
    paid: frozenset[str],
) -> Rows:
    """Return the rows of these keys; `precision` and `sparse` are None where the rows say them.

    Owned hardware is compared with rent on demand.
    """
    network, device, place = (
        shelf.get("models", model),
        shelf.get("accelerators", accelerator),
        shelf.get("grids", grid),
    )
    software = shelf.get("stacks", stack) if stack else stacks.usual(shelf, device)
    has_experts = network is not None and bool(network.number("experts")) if sparse is None else sparse
    iso3 = str(place.get("iso3") or "") if place else ""
    provider = shelf.get("regions", region)
    date = "" if year is None else year

    def rent(wanted: str) -> Row | None:
        return prices.nearest(shelf, accelerator, wanted, iso3, date, provider)

    return Rows(
        model=network,
        accelerator=device,
        stack=software,
        grid=place,
        facility=shelf.get("sites", facility or sites.WORLD),
        price=shelf.get("prices", offer) if offer else rent("on-demand" if way == "own" else way),
        committed=rent("reserved-3y"),
        region=provider,
        recipes=recipes.matching(
            shelf, network, has_experts, device, precision or usual_precision(device), software
        ),
        bill=tuple(bill.rows(shelf, country or iso3, kind).items()),
        paid=paid,
    )


def usual_precision(accelerator: Row | None) -> str:
    """Return the precision in which an accelerator trains while none is typed."""
    return "bf16" if accelerator is None or accelerator.get("bf16_tflops") else "fp16"
