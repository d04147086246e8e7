"""What a comparison says in words: what an input is, what changed, which plan is cheaper and why."""

from math import isfinite

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan import marks
from tcplan.plan.at_rest import at_rest
from tcplan.plan.field import Shown
from tcplan.plan.number import write
from tcplan.plan.plan import descriptions
from tcplan.plan.value import Range
from tcplan.report.numbers import MINUS, difference, figure, probability
from tcplan.results import shown_of_quantity
from tcplan.study.compare import Cell, Column, Comparison, ResultCell
from tcplan.study.waterfall import Part, Waterfall

LABELS = {
    "money.total": N_("Money"),
    "time.run": N_("Time"),
    "time.device_hours": N_("Device-hours"),
    "energy.facility": N_("Energy"),
    "carbon.location": N_("CO₂e, location"),
    "carbon.market": N_("CO₂e, market"),
    "water.total": N_("Water"),
    "compute.model_flop": N_("Compute"),
    "loss.predicted": N_("Loss"),
}
_GROUPS = {"model": N_("Model"), "layout": N_("Layout")}
_NONE = "–"
_NOTHING = 1e-6


def shown_of(path: str, estimate: Estimate) -> Shown | None:
    """Return how an input is shown: a field, or a typed result; None for a result that this plan lacks."""
    if path in descriptions():
        return descriptions()[path]
    quantity = estimate.graph.paths.get(path)
    return shown_of_quantity(quantity) if quantity is not None else None


def label_of(path: str, estimate: Estimate) -> str:
    """Return what an input is called, with its unit."""
    shown = shown_of(path, estimate)
    if shown is None:
        return path
    unit = shown.shown if shown.kind == "number" and shown.shown not in ("", "1") else ""
    return f"{_(shown.label)}, {_(unit)}" if unit else _(shown.label)


def text_of(path: str, cell: Cell, estimate: Estimate, locale: str | None = None) -> str:
    """Return an input of a plan as people read it, in the unit that its label names."""
    shown = shown_of(path, estimate)
    if shown is None:
        return _NONE
    if shown.kind == "row":
        rows = estimate.shelf.rows(shown.table) if cell.key else ()
        return next((row.name for row in rows if row.key == cell.key), cell.key) or _("none")
    if shown.kind == "choice":
        return next((_(choice.label) for choice in shown.choices if choice.key == cell.key), cell.key)
    if isinstance(cell.typed, str) or shown.kind == "text":
        return cell.key or _("none")
    marked = locale or marks.current()
    if isinstance(cell.typed, Range | tuple):
        return write(cell.typed, shown, marked)
    return at_rest(cell.number, shown, marked) or _("none")


def part_label(part: Part, estimate: Estimate) -> str:
    """Return what a group of changes is called."""
    if len(part.paths) == 1:
        shown = shown_of(part.paths[0], estimate)
        return _(shown.label) if shown is not None else part.paths[0]
    return _(_GROUPS.get(part.paths[0].partition(".")[0], N_("Inputs")))


def part_words(part: Part, comparison: Comparison, one: int, other: int) -> str:
    """Return what a group of changes changes, such as `2048 → 1024`."""
    if len(part.paths) > 1:
        return _("{count} values").format(count=len(part.paths))
    path = part.paths[0]
    row = next((row for row in comparison.inputs if row.path == path), None)
    if row is None:
        return ""
    ends = (text_of(path, row.cells[at], comparison.columns[at].estimate) for at in (one, other))
    return " → ".join(ends)


def parts_that_differ(found: Waterfall, comparison: Comparison, one: int, other: int) -> list[Part]:
    """Return the parts of a waterfall but those in which one plan types what the other has anyway."""
    rows = {row.path: row for row in comparison.inputs}

    def differs(part: Part) -> bool:
        known = [rows[path].cells for path in part.paths if path in rows]
        return len(known) < len(part.paths) or any(not cells[one].says(cells[other]) for cells in known)

    return [part for part in found.parts if not is_nothing(part.change, found) or differs(part)]


def verdict(comparison: Comparison, other: int) -> str:
    """Return in one sentence what the other plan costs more or less, and when it ends."""
    name, base = comparison.columns[other].name, comparison.columns[comparison.reference].name
    parts = [_money(comparison, other), _time(comparison, other)]
    said = [part for part in parts if part]
    if not said:
        return _("{name} costs as much as {base} and takes as long").format(name=name, base=base)
    return _("{name} {what}").format(name=name, what=_(" and ").join(said))


def _moved(comparison: Comparison, path: str, other: int) -> tuple[str, float]:
    """Return the change of a result without its sign, and its direction."""
    row = comparison.result(path)
    if row is None:
        return "", 0.0
    value, base = row.cells[other].value, row.cells[comparison.reference].value
    text = difference(value, base, row.unit)
    if not (isfinite(value) and isfinite(base)) or text == "=":
        return "", 0.0
    return text.lstrip(f"+{MINUS}"), value - base


def _money(comparison: Comparison, other: int) -> str:
    text, moved = _moved(comparison, "money.total", other)
    if not text:
        return ""
    return (_("costs {amount} more") if moved > 0 else _("costs {amount} less")).format(amount=text)


def _time(comparison: Comparison, other: int) -> str:
    text, moved = _moved(comparison, "time.run", other)
    if not text:
        return ""
    return (_("ends {time} later") if moved > 0 else _("ends {time} sooner")).format(time=text)


def likely(comparison: Comparison, other: int, path: str = "money.total") -> str:
    """Return how likely the other plan is to be cheaper, or that the two cannot be told apart."""
    row = comparison.result(path)
    if row is None or not isfinite(row.cells[other].lower):
        return ""
    cell = row.cells[other]
    chance = probability(cell.lower)
    if cell.unclear:
        return _("within the bands: {chance} likely to be cheaper").format(chance=chance)
    return _("{chance} likely to be cheaper").format(chance=chance)


def chance_words(cell: ResultCell) -> str:
    """Return what stands behind a change: that the bands hide it, else the chance to be lower."""
    if not isfinite(cell.lower):
        return ""
    return _("within bands") if cell.unclear else probability(cell.lower)


def why_title(comparison: Comparison, other: int, path: str) -> str:
    """Return the head of a waterfall."""
    name = comparison.columns[other].name
    text, moved = _moved(comparison, path, other)
    if not text:
        return _("{name}: what each change does").format(name=name)
    if path == "money.total":
        words = _("Why {name} costs {amount} more") if moved > 0 else _("Why {name} costs {amount} less")
    elif path == "time.run":
        words = _("Why {name} ends {amount} later") if moved > 0 else _("Why {name} ends {amount} sooner")
    else:
        label = _(LABELS[path])
        more, less = _("{label}: why {name} has {amount} more"), _("{label}: why {name} has {amount} less")
        return (more if moved > 0 else less).format(label=label, name=name, amount=text)
    return words.format(name=name, amount=text)


def method(found: Waterfall) -> str:
    """Return how the parts of a waterfall were found."""
    if not found.parts:
        return _("no input differs")
    if found.orders:
        return _("each change averaged over {count} orders").format(count=found.orders)
    return _("each change averaged over all orders")


def residual_words(found: Waterfall, one: Column, other: Column) -> str:
    """Return what the residual of a waterfall consists of."""
    if found.path in one.stated or found.path in other.stated:
        return _("published figure against computed")
    if is_nothing(found.residual, found):
        return _("nothing is left")
    return _("other catalogue rows, or no such plan")


def is_nothing(value: float, found: Waterfall) -> bool:
    """Return whether a part of a waterfall is no more than the rounding of its sum."""
    return abs(value) <= _NOTHING * max(abs(found.start), abs(found.end))


def signed(value: float, found: Waterfall) -> str:
    """Return a part of a waterfall with its sign and unit."""
    if not isfinite(value):
        return _NONE
    if is_nothing(value, found):
        return "0"
    return f"{'+' if value > 0 else MINUS}{figure(abs(value), found.unit, 3)}"
