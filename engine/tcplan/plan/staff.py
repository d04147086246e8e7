"""People of a programme by role: how many, how long, and what they are paid in a country."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.units import YEAR
from tcplan.plan.value import Number

NONE = "not counted unless you type it"
COUNTRIES = (
    Choice("USA", N_("United States")),
    Choice("GBR", N_("United Kingdom")),
    Choice("FRA", N_("France")),
    Choice("DEU", N_("Germany")),
    Choice("NLD", N_("Netherlands")),
    Choice("CHE", N_("Switzerland")),
    Choice("SWE", N_("Sweden")),
    Choice("ESP", N_("Spain")),
    Choice("POL", N_("Poland")),
    Choice("CAN", N_("Canada")),
    Choice("ISR", N_("Israel")),
    Choice("IND", N_("India")),
    Choice("CHN", N_("China")),
    Choice("JPN", N_("Japan")),
    Choice("KOR", N_("South Korea")),
    Choice("SGP", N_("Singapore")),
    Choice("ARE", N_("United Arab Emirates")),
    Choice("AUS", N_("Australia")),
    Choice("BRA", N_("Brazil")),
    Choice("KEN", N_("Kenya")),
    Choice("PHL", N_("Philippines")),
)
"""Countries of which the catalogue knows pay."""


class Staff(Panel):
    """Researchers, engineers and annotators; nobody until you type them."""

    researchers: Annotated[
        Number | None,
        Shown(
            N_("Researchers"),
            N_("Researchers who work on the programme."),
            low=0.0,
            high=1e6,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("scientists", "staff", "team"),
            more=True,
        ),
    ] = None
    researcher_time: Annotated[
        Number | None,
        Shown(
            N_("Time of researchers"),
            N_("How long each of them works on it."),
            unit="s",
            shown="months",
            low=0.0,
            high=1e10,
            default=YEAR,
            default_source="one year",
            more=True,
        ),
    ] = None
    researcher_pay: Annotated[
        Number | None,
        Shown(
            N_("Pay of researchers"),
            N_("Yearly cost of one with all overheads; published pay of the country until you type it."),
            unit="USD/s",
            shown="$/yr",
            low=0.0,
            high=10.0,
            words=("salary", "wage"),
            more=True,
        ),
    ] = None
    engineers: Annotated[
        Number | None,
        Shown(
            N_("Engineers"),
            N_("Engineers who work on the programme."),
            low=0.0,
            high=1e6,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("developers", "staff", "team"),
            more=True,
        ),
    ] = None
    engineer_time: Annotated[
        Number | None,
        Shown(
            N_("Time of engineers"),
            N_("How long each of them works on it."),
            unit="s",
            shown="months",
            low=0.0,
            high=1e10,
            default=YEAR,
            default_source="one year",
            more=True,
        ),
    ] = None
    engineer_pay: Annotated[
        Number | None,
        Shown(
            N_("Pay of engineers"),
            N_("Yearly cost of one with all overheads; published pay of the country until you type it."),
            unit="USD/s",
            shown="$/yr",
            low=0.0,
            high=10.0,
            words=("salary", "wage"),
            more=True,
        ),
    ] = None
    annotators: Annotated[
        Number | None,
        Shown(
            N_("Annotators"),
            N_("People who write, label or operate, paid by the hour."),
            low=0.0,
            high=1e6,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("labellers", "operators", "staff"),
            more=True,
        ),
    ] = None
    annotator_time: Annotated[
        Number | None,
        Shown(
            N_("Hours of annotators"),
            N_("Paid hours of each of them."),
            unit="s",
            shown="h",
            low=0.0,
            high=1e9,
            default=1720 * 3600.0,
            default_source="EU Horizon 2020 Model Grant Agreement, article 6.2.A: a year has 1,720 hours",
            more=True,
        ),
    ] = None
    annotator_pay: Annotated[
        Number | None,
        Shown(
            N_("Pay of annotators"),
            N_("Cost of one paid hour; published pay of the country until you type it."),
            unit="USD/s",
            shown="$/h",
            low=0.0,
            high=1.0,
            words=("wage", "hourly"),
            more=True,
        ),
    ] = None
    pay_country: Annotated[
        str | None,
        Shown(
            N_("Country of pay"),
            N_("Where these people are paid; the country of the grid until you choose one."),
            choices=COUNTRIES,
            computed=N_("the country of the grid, the USA where no pay of it is known"),
            words=("salary", "staff"),
            more=True,
        ),
    ] = None
    pay_rise: Annotated[
        Number | None,
        Shown(
            N_("Pay rise"),
            N_("How much pay rises in a year: from the year of the figures to the middle of the work."),
            unit="1/s",
            shown="%/yr",
            low=0.0,
            high=1e-7,
            logarithmic=False,
            default=0.0,
            default_source=NONE,
            words=("escalation", "inflation"),
            more=True,
        ),
    ] = None
    price_year: Annotated[
        Number | None,
        Shown(
            N_("Year of pay"),
            N_("Year of whose prices the pay is; the year of the start until you type it."),
            low=2000.0,
            high=2100.0,
            logarithmic=False,
            computed=N_("the year of the start"),
            words=("price year", "escalation"),
            more=True,
        ),
    ] = None
