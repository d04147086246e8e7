"""The six figures of a sheet, each with its range and a note that puts it into proportion."""

from dataclasses import dataclass

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.data_words import seen
from tcplan.report.numbers import band, figure, share
from tcplan.report.sureness import Sureness


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the six figures."""

    label: str
    text: str
    unit: str
    note: str
    band: str = ""


FACTS = (
    (N_("Money"), "money.total"),
    (N_("Time"), "time.run"),
    (N_("Energy"), "energy.facility"),
    (N_("CO₂e, location"), "carbon.location"),
    (N_("CO₂e, market"), "carbon.market"),
    (N_("Water"), "water.total"),
)


def fact(estimate: Estimate, label: str, path: str, sure: Sureness | None) -> Fact:
    """Return a figure of an estimate; `sure` gives the range that it lies in."""
    result = estimate[path]
    shown = figure(result.value, result.unit, digits=2)
    ends = sure.ends.get(path) if sure is not None else None
    reach = band(*ends, result.value, result.unit).text if ends is not None else ""
    return Fact(label, shown.text, shown.unit, _fact_note(estimate, path), reach)


def _fact_note(estimate: Estimate, path: str) -> str:
    if path == "money.total":
        return _per_million(estimate)
    if path == "time.run":
        hours = figure(estimate["time.device_hours"].value, "1", digits=3)
        return _("{hours} device-h").format(hours=hours)
    if path == "energy.facility":
        return _("{power} on average").format(power=short(estimate, "energy.power"))
    if path == "carbon.location":
        return _("{mass} embodied").format(mass=short(estimate, "carbon.embodied"))
    if path == "carbon.market":
        contracts = share(estimate.field("site.contract_share").value)
        return _("{share} contracts").format(share=contracts)
    if path == "water.total":
        return _("{site} on site").format(site=short(estimate, "water.site"))
    return ""


def _per_million(estimate: Estimate) -> str:
    amount, sentence = seen(estimate)
    shown = figure(estimate["money.total"].value / amount * 1e6, "USD", digits=2)
    million = sentence.format(amount=_("M"))
    return _("{money} per {million}").format(money=f"{shown.text} {shown.unit}", million=million)


def short(estimate: Estimate, path: str, digits: int = 2) -> str:
    """Return a result with its unit in few digits."""
    result = estimate[path]
    shown = figure(result.value, result.unit, digits=digits)
    return f"{shown.text}\u00a0{shown.unit}".strip()
