"""What other rows of the catalogue would do to a plan's headline, one by one and together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tcplan.catalogue.cells import FACTS, OF_THE_PROGRAM
from tcplan.catalogue.difference import Difference
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES, Shelf
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan
from tcplan.plan_rows import ROW_FIELDS, chosen

HEADLINE = ("money.total", "time.run", "carbon.location")
"""What an effect is told in: money, time, carbon."""
_PRICES = "prices"


@dataclass(frozen=True, slots=True)
class Effect:
    """The headline before and after, in the units in which it is printed.

    `used` tells whether the plan uses the row; the headline of one that it does not use stays.
    """

    before: Mapping[str, float]
    after: Mapping[str, float]
    used: bool


def headline(estimate: Estimate) -> dict[str, float]:
    """Return the figures of an estimate that an effect is told in."""
    return {path: estimate[path].value for path in HEADLINE}


def with_differences(shelf: Shelf, every: Iterable[Difference]) -> Shelf:
    """Return a catalogue in which some differences are taken."""
    found = tuple(every)
    gone = [(one.table, one.key) for one in found if one.new is None]
    return shelf.with_own([one.new for one in found if one.new is not None], gone)


def effects(
    plan: Plan,
    now: Estimate,
    catalogue: Shelf,
    every: Sequence[Difference],
    check: Callable[[], None] = lambda: None,
) -> tuple[Effect, ...]:
    """Return what each difference alone would do to a plan that used the newer row.

    Parameters
    ----------
    plan
        The plan in force.
    now
        Its estimate as it stands, with the copies of rows that the plan keeps.
    catalogue
        The catalogue of this user, without those copies.
    every
        The differences from that catalogue.
    check
        Asked between two of them; it raises when the answer is no longer wanted.
    """
    before = headline(now)
    in_use = {(row.table, row.key) for row in now.inputs.rows.used()}
    kept = [row for table in TABLES for row in now.shelf.kept(table)]
    made = []
    for one in every:
        check()
        used = (one.table, one.key) in in_use
        after = before
        if one.new is not None and _is_wanted(plan, now, one):
            others = [row for row in kept if _stays(row, one)]
            then = evaluate(plan, with_differences(catalogue, [one]).with_rows(others))
            moved = one.table != _PRICES and headline(then) != before
            used = used or moved or any(row == one.new for row in then.inputs.rows.used())
            after = headline(then) if used else before
        made.append(Effect(before, after, used))
    return tuple(made)


def together(plan: Plan, now: Estimate, catalogue: Shelf, every: Sequence[Difference]) -> Effect:
    """Return what all differences together would do to a plan that used the newer rows.

    Parameters
    ----------
    plan, now, catalogue, every
        As in `effects`.
    """
    before = headline(now)
    newest = [one for one in every if one.new is not None and _is_wanted(plan, now, one)]
    if not newest:
        return Effect(before, before, used=False)
    kept = [row for table in TABLES for row in now.shelf.kept(table)]
    others = [row for row in kept if all(_stays(row, one) for one in newest)]
    then = evaluate(plan, with_differences(catalogue, newest).with_rows(others))
    after = headline(then)
    rows = [one.new for one in newest]
    return Effect(before, after, after != before or any(row in rows for row in then.inputs.rows.used()))


def _is_wanted(plan: Plan, now: Estimate, one: Difference) -> bool:
    """Return whether a newer row may matter to a plan: it uses the row, or could come to use it."""
    if one.new is None:
        return False
    in_use = any((row.table, row.key) == (one.table, one.key) for row in now.inputs.rows.used())
    return in_use or _could_be_used(plan, one.new)


def _could_be_used(plan: Plan, row: Row) -> bool:
    """Return whether a plan may come to use a row that it does not name: one of other hardware never."""
    if row.table in ROW_FIELDS.values() and row.table != _PRICES:
        paths = [path for path, table in ROW_FIELDS.items() if table == row.table]
        return any(chosen(plan, path) == row.key for path in paths)
    device = row.get("accelerator")
    return row.table != "runs" and device in (None, chosen(plan, "hardware.accelerator"))


def _stays(row: Row, taken: Difference) -> bool:
    """Return whether a plan's copy stays beside a newer row; a kept price would hide a newer one."""
    if row.table == taken.table == _PRICES:
        return False
    return (row.table, row.key) != (taken.table, taken.key)


@dataclass(frozen=True, slots=True)
class Newer:
    """What a plan would be with today's rows: the rows that it would keep, and its estimate with them."""

    rows: tuple[Row, ...]
    estimate: Estimate
    differences: tuple[Difference, ...]


def newer(plan: Plan, now: Estimate, catalogue: Shelf, kept: Iterable[Row]) -> Newer:
    """Return what a plan would be if it took today's rows in the place of its copies.

    Copies of rows that the catalogue has no more stay.

    Parameters
    ----------
    plan, now, catalogue
        As in `effects`.
    kept
        The copies that the document brings with it.
    """
    in_use = now.inputs.rows.used()
    facts = [row for row in in_use if row.table in FACTS]
    left = [row for row in facts if row.table != _PRICES and _is_missing(catalogue, row)]
    own = [row for row in kept if row.table in OF_THE_PROGRAM]
    then = evaluate(plan, catalogue.with_rows([*own, *left]))
    found = [row for row in then.inputs.rows.used() if row.table in FACTS]
    stale = {(row.table, row.key) for row in facts}
    rest = [row for row in kept if (row.table, row.key) not in stale]
    rows = {(row.table, row.key): row for row in (*rest, *found)}
    changed = [_difference(facts, row) for row in found if row not in facts]
    return Newer(tuple(rows.values()), then, tuple(changed))


def _difference(before: Sequence[Row], row: Row) -> Difference:
    same = [one for one in before if one.table == row.table]
    # A price that is nearer now has another key than the one that it stands for.
    other = same[0] if row.table == _PRICES and same else None
    old = next((one for one in same if one.key == row.key), other)
    return Difference(row.table, row.key, old, row)


def _is_missing(catalogue: Shelf, row: Row) -> bool:
    return all(one.key != row.key for one in catalogue.rows(row.table))
