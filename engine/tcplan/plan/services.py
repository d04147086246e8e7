"""Earlier runs, evaluation, archive, serving and taxes of a programme."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.corpus import Corpus
from tcplan.plan.field import Choice, Shown
from tcplan.plan.staff import NONE
from tcplan.plan.units import YEAR
from tcplan.plan.value import Number


class Services(Corpus):
    """What else is paid; nothing until you type it."""

    earlier_runs: Annotated[
        Number | None,
        Shown(
            N_("Hours of earlier runs"),
            N_("Device-hours of experiments and failed runs, such as 3*1200 h + 5000 h; each costs as now."),
            unit="s",
            shown="h",
            low=0.0,
            high=1e16,
            default=0.0,
            default_source=NONE,
            words=("ablations", "exploratory", "failed runs"),
            more=True,
        ),
    ] = None
    evaluation_share: Annotated[
        Number | None,
        Shown(
            N_("Evaluation"),
            N_("Compute of evaluations, as a share of the final run."),
            shown="%",
            low=0.0,
            high=100.0,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("benchmarks", "testing"),
            more=True,
        ),
    ] = None
    evaluation_amount: Annotated[
        Number | None,
        Shown(
            N_("Evaluation, paid"),
            N_("What evaluation costs besides compute: testers, red teams, services."),
            unit="USD",
            shown="$",
            low=0.0,
            high=1e12,
            default=0.0,
            default_source=NONE,
            words=("red team", "audit"),
            more=True,
        ),
    ] = None
    archive_size: Annotated[
        Number | None,
        Shown(
            N_("Archive"),
            N_("Data, checkpoints and logs that are kept beside and after the run."),
            unit="B",
            shown="TB",
            low=0.0,
            high=1e21,
            default=0.0,
            default_source=NONE,
            words=("storage", "checkpoints"),
            more=True,
        ),
    ] = None
    archive_time: Annotated[
        Number | None,
        Shown(
            N_("Time of the archive"),
            N_("How long it is kept."),
            unit="s",
            shown="months",
            low=0.0,
            high=1e10,
            default=YEAR,
            default_source="one year",
            words=("storage",),
            more=True,
        ),
    ] = None
    archive_price: Annotated[
        Number | None,
        Shown(
            N_("Price of the archive"),
            N_("Price of keeping data; a published one until you type it."),
            unit="USD/B/s",
            shown="$/TB/month",
            low=0.0,
            high=1e-9,
            words=("object store", "s3"),
            more=True,
        ),
    ] = None
    sent_size: Annotated[
        Number | None,
        Shown(
            N_("Data sent out"),
            N_("Data that leave a provider over the programme."),
            unit="B",
            shown="TB",
            low=0.0,
            high=1e21,
            default=0.0,
            default_source=NONE,
            words=("egress",),
            more=True,
        ),
    ] = None
    sent_price: Annotated[
        Number | None,
        Shown(
            N_("Price of sending"),
            N_("Price of data that leave; a published one until you type it."),
            unit="USD/B",
            shown="$/TB",
            low=0.0,
            high=1e-3,
            words=("egress",),
            more=True,
        ),
    ] = None
    served_tokens: Annotated[
        Number | None,
        Shown(
            N_("Served tokens"),
            N_("Tokens that the model reads and writes for its users over its life."),
            low=0.0,
            high=1e20,
            default=0.0,
            default_source=NONE,
            words=("inference", "serving", "life"),
            more=True,
        ),
    ] = None
    serving_use: Annotated[
        Number | None,
        Shown(
            N_("Serving utilisation"),
            N_("Share of the peak rate that serving reaches."),
            shown="%",
            low=0.0,
            above_low=True,
            high=1.0,
            logarithmic=False,
            default=0.1,
            default_source="a planning value: decoding is bound by memory",
            words=("inference",),
            more=True,
        ),
    ] = None
    serving_price: Annotated[
        Number | None,
        Shown(
            N_("Price of serving"),
            N_("Price of a served token; what this hardware takes for it until you type it."),
            unit="USD",
            shown="$/Mtok",
            low=0.0,
            high=1.0,
            computed=N_("2 FLOP for each active parameter, at the rate of this hardware"),
            words=("inference", "api"),
            more=True,
        ),
    ] = None
    tax_share: Annotated[
        Number | None,
        Shown(
            N_("Taxes"),
            N_("Value-added or sales tax that is not recovered."),
            shown="%",
            low=0.0,
            high=10.0,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("vat", "sales tax"),
            more=True,
        ),
    ] = None
    tax_basis: Annotated[
        str | None,
        Shown(
            N_("Taxed"),
            N_("What the tax is on: what is bought, or everything, staff included."),
            choices=(Choice("bought", N_("what is bought")), Choice("all", N_("everything"))),
            default="bought",
            default_source="nobody pays value-added tax on wages of their own staff",
            words=("vat",),
            more=True,
        ),
    ] = None
