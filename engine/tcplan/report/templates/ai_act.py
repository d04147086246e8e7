"""The sheet for the EU AI Act: cumulated compute against the thresholds, and the fields of annex XI."""

from math import isfinite

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.annex import SOURCE, annex
from tcplan.report.blocks import Amount, Block, Cell, Facts, Heading, Paragraph, Printout, Table
from tcplan.report.case import Case, amount, facts_of, printout, remark_blocks, source_blocks, worked_blocks
from tcplan.report.numbers import figure

LABEL = N_("EU AI Act")
_NO_ADVICE = N_(
    "This sheet is not legal advice. It puts the figures of a plan beside the text of the law; whether and "
    "how the law applies is for the provider and its counsel to say."
)
_FACTS = (
    (N_("Compute"), "compute.cumulated"),
    (N_("Time"), "time.run"),
    (N_("Energy"), "energy.facility"),
    (N_("Parameters"), "model.parameters"),
)
_TEXTS = (
    (
        "Regulation (EU) 2024/1689, OJ L, 2024/1689, 12.7.2024, article 51(2)",
        N_(
            "“A general-purpose AI model shall be presumed to have high impact capabilities pursuant to "
            "paragraph 1, point (a), when the cumulative amount of computation used for its training "
            "measured in floating point operations is greater than 10²⁵.”"
        ),
    ),
    (
        "Regulation (EU) 2024/1689, annex XI, section 1, point 2(d)",
        N_(
            "“the computational resources used to train the model (e.g. number of floating point "
            "operations), training time, and other relevant details related to the training;”"
        ),
    ),
    (
        "Regulation (EU) 2024/1689, annex XI, section 1, point 2(e)",
        N_("“known or estimated energy consumption of the model.”"),
    ),
    (
        "Commission guidelines C(2025) 5045 of 18 July 2025, sections 2.1 and 3.2",
        N_(
            "In short: more than 10²³ FLOP, with language, images or video as output, are the indicative "
            "sign of a general-purpose model; who modifies one with more than a third of its compute becomes "
            "a provider."
        ),
    ),
)
_THRESHOLDS = (
    (
        N_("General-purpose model, indicative"),
        "compute.general_purpose",
        "compute.cumulated",
        "compute.general_purpose_share",
    ),
    (N_("Systemic risk, presumed"), "compute.threshold", "compute.cumulated", "compute.threshold_share"),
    (
        N_("Provider by modifying another’s model"),
        "compute.modification_limit",
        "compute.model_flop",
        "compute.modification_share",
    ),
)


def ai_act(case: Case) -> Printout:
    """Return the sheet for the EU AI Act."""
    estimate = case.estimate
    sure = case.sureness(estimate)
    counted = _(
        "Counted by the architecture: floating-point operations of the model itself, over all phases and "
        "further training by the same provider; what hardware computes again is not in it."
    )
    blocks: tuple[Block, ...] = (
        Facts(facts_of(case, sure, *_FACTS)),
        Heading(_("Compute against the thresholds")),
        _thresholds(estimate),
        Paragraph(_verdict(estimate)),
        Heading(_("What the compute is made of")),
        _sum(estimate),
        Paragraph(counted, grey=True),
        Heading(_("Annex XI: what this plan can say")),
        Table((_("Point"), _("Content")), tuple(annex(estimate))),
        *remark_blocks(case, _("Remark")),
        Heading(_("The text")),
        Table((_("Where"), _("What it says")), tuple((where, _(text)) for where, text in _TEXTS)),
        Paragraph(_(SOURCE), grey=True),
    )
    explained = ("compute.cumulated", "compute.model_flop", "compute.modification_limit", "energy.facility")
    appendix = (*worked_blocks(estimate, *explained), *source_blocks(estimate))
    return printout(case, LABEL, _answer(estimate), _(_NO_ADVICE), blocks, appendix)


def _answer(estimate: Estimate) -> str:
    compute = estimate["compute.cumulated"]
    flop = str(figure(compute.value, compute.unit, 3))
    if not isfinite(compute.value):
        return _("The compute of this model is not known.")
    if estimate["compute.threshold_share"].value > 1.0:
        return _("With {flop} this model passes both thresholds of the EU AI Act.").format(flop=flop)
    if estimate["compute.general_purpose_share"].value > 1.0:
        sentence = _(
            "With {flop} this model is above the indicative threshold of general-purpose models, 10²³ FLOP, "
            "and below that of systemic risk, 10²⁵ FLOP."
        )
        return sentence.format(flop=flop)
    return _("With {flop} this model stays below both thresholds of the EU AI Act.").format(flop=flop)


def _thresholds(estimate: Estimate) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for label, limit, measured, part in _THRESHOLDS:
        times = estimate[part].value
        verdict = _("passed") if times > 1.0 else _("not passed")
        amounts = (amount(estimate, path) for path in (limit, measured, part))
        rows.append((_(label), *amounts, verdict if isfinite(times) else _("not known")))
    heads = (_("Threshold"), _("From"), _("This model"), _("Multiple"), _("Verdict"))
    return Table(heads, tuple(rows))


def _verdict(estimate: Estimate) -> str:
    if estimate["compute.threshold_share"].value > 1.0:
        return _(
            "Above 10²⁵ FLOP a general-purpose model is presumed to have systemic risk: the provider "
            "notifies the Commission within two weeks (article 52(1)), and articles 53 and 55 apply, annex "
            "XI with its section 2."
        )
    if estimate["compute.general_purpose_share"].value > 1.0:
        return _(
            "Above 10²³ FLOP a model that can write, speak, or make images or video is taken for a "
            "general-purpose model: the provider draws up the documentation of annex XI, section 1 "
            "(article 53(1)(a))."
        )
    return _(
        "Below 10²³ FLOP a model is not taken for a general-purpose one by its compute; other duties of the "
        "Act do not depend on compute."
    )


def _sum(estimate: Estimate) -> Table:
    total, later = estimate["compute.model_flop"], estimate["compute.later_model_flop"]
    rows = [(_("First phase of this run"), Amount(total.value - later.value, total.unit))]
    if later.value:
        rows.append((_("Later phases of this run"), amount(estimate, later.path)))
    earlier = estimate.field("training.earlier_flop").value
    rows.append((_("Earlier training of the same model"), Amount(earlier, total.unit)))
    rows.append((_("Cumulated"), amount(estimate, "compute.cumulated")))
    return Table((_("Part"), _("Compute")), tuple(rows), total=True)
