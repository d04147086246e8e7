"""Annex XI of the EU AI Act: what a plan can say of its points, and what the provider has to fill in.

Regulation (EU) 2024/1689, annex XI, with article 53(1)(a); section 2 with article 55. Not legal advice.
"""

from math import isfinite

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions
from tcplan.report.numbers import figure

SOURCE = N_("Regulation (EU) 2024/1689 (AI Act), annex XI; guidelines C(2025) 5045. Not legal advice.")
OPEN = N_("to be filled by the provider")


def annex(estimate: Estimate) -> list[tuple[str, str]]:
    """Return the points of annex XI with what the plan knows of each.

    Section 2 is there where the compute passes the threshold of article 51(2).
    """
    points = [*_description(estimate), *_process(estimate)]
    if estimate.values["threshold_share"] >= 1.0:
        points += _systemic()
    return points


def _description(estimate: Estimate) -> list[tuple[str, str]]:
    family = _choice(estimate, "model.family")
    sizes = _("{family}, {parameters} parameters, {active} of them at work for a token").format(
        family=family,
        parameters=_of(estimate, "model.parameters"),
        active=_of(estimate, "model.active_parameters"),
    )
    return [
        (_("1(a) Tasks, and systems that may integrate the model"), _(OPEN)),
        (_("1(b) Acceptable use policies"), _(OPEN)),
        (_("1(c) Date of release and methods of distribution"), _(OPEN)),
        (_("1(d) Architecture and number of parameters"), sizes),
        (_("1(e) Modality and format of inputs and outputs"), _(OPEN)),
        (_("1(f) Licence"), _(OPEN)),
    ]


def _process(estimate: Estimate) -> list[tuple[str, str]]:
    training = _(
        "{task}; {precision}; sequences of {sequence} tokens; optimizer {optimizer}; reasons: {open}"
    )
    data = _("{tokens}; type, origin, cleaning, scope: {open}")
    return [
        (_("2(a) Technical means to integrate the model"), _(OPEN)),
        (
            _("2(b) Design and training process"),
            training.format(
                task=_choice(estimate, "training.task"),
                precision=_choice(estimate, "training.precision"),
                sequence=figure(estimate.field("training.sequence").value, "1", 3),
                optimizer=_choice(estimate, "training.optimizer"),
                open=_(OPEN),
            ),
        ),
        (
            _("2(c) Data of training, testing and validation"),
            data.format(tokens=_of(estimate, "training.run_tokens"), open=_(OPEN)),
        ),
        (_("2(d) Computational resources and training time"), _resources(estimate)),
        (_("2(e) Energy consumption, known or estimated"), _energy(estimate)),
    ]


def _resources(estimate: Estimate) -> str:
    accelerator = estimate.inputs.rows.accelerator
    words = _(
        "{flop} of this run, {all} with earlier training; {count} × {device}; {time}, {hours} device-hours"
    )
    return words.format(
        flop=_of(estimate, "compute.model_flop"),
        all=_of(estimate, "compute.cumulated"),
        count=figure(estimate.field("hardware.devices").value, "1", 6),
        device=accelerator.name if accelerator is not None else _(OPEN),
        time=_of(estimate, "time.run"),
        hours=figure(estimate["time.device_hours"].value, "1", 3),
    )


def _energy(estimate: Estimate) -> str:
    words = _("{facility} at the meter, {devices} of them in the accelerators; estimated from the compute")
    return words.format(facility=_of(estimate, "energy.facility"), devices=_of(estimate, "energy.devices"))


def _systemic() -> list[tuple[str, str]]:
    return [
        (_("Section 2, 1. Evaluation strategies and results"), _(OPEN)),
        (_("Section 2, 2. Adversarial testing and model adaptations"), _(OPEN)),
        (_("Section 2, 3. System architecture"), _(OPEN)),
    ]


def _of(estimate: Estimate, path: str) -> str:
    result = estimate[path]
    return str(figure(result.value, result.unit, 3)) if isfinite(result.value) else _(OPEN)


def _choice(estimate: Estimate, path: str) -> str:
    key = estimate.field(path).key
    return next((_(one.label) for one in descriptions()[path].choices if one.key == key), _(OPEN))
