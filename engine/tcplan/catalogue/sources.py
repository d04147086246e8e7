"""Credits: whose figures the tables hold, under which licence, and what for."""

from dataclasses import dataclass

from tcplan.language import N_


@dataclass(frozen=True, slots=True)
class Credit:
    """A source that asks to be named: its name and licence as they are, and what its figures are used for."""

    name: str
    licence: str
    use: str


CREDITS = (
    Credit("Ember, yearly electricity data (ember-energy.org)", "CC BY 4.0", N_("carbon of grids")),
    Credit("Our World in Data", "CC BY 4.0", N_("carbon and renewable share of grids")),
    Credit(
        "US EPA, eGRID; US EIA; US BLS; US IRS",
        "public domain",
        N_("carbon and prices of electricity in the USA; pay; exchange rates"),
    ),
    Credit(
        "Center for Resource Solutions, Green-e Residual Mix",
        N_("published for use with citation"),
        N_("residual mix of US subregions"),
    ),
    Credit("Eurostat", N_("reuse with credit"), N_("electricity prices in Europe")),
    Credit(
        "Environment and Climate Change Canada",
        "Open Government Licence - Canada",
        N_("carbon of Canadian provinces"),
    ),
    Credit(
        "Australian Government, National Greenhouse Accounts Factors",
        "CC BY 4.0",
        N_("carbon of Australian states"),
    ),
    Credit("World Resources Institute", N_("facts"), N_("water of electricity")),
    Credit("codecarbon", "MIT", N_("carbon of Nordic price areas, Chinese provinces and US states")),
    Credit("Google Cloud, region carbon data", "Apache 2.0", N_("carbon of Google's regions")),
    Credit("Epoch AI (epoch.ai)", "CC BY 4.0", N_("prices, chips and runs")),
    Credit(
        "SkyPilot catalogue; karpenter-provider-aws; karpenter-provider-azure",
        "Apache 2.0",
        N_("rental prices"),
    ),
    Credit("genai-prices", "MIT", N_("prices of language models by token")),
    Credit("Lightning-AI/litgpt; NVIDIA Megatron Bridge", "Apache 2.0", N_("sizes of models; recipes")),
    Credit("Boavizta", N_("computed with its open model"), N_("carbon of making devices")),
    Credit(
        "Green Software Foundation, real-time-cloud",
        N_("facts of the operators"),
        N_("PUE and WUE of cloud regions"),
    ),
)
"""Every source that asks for credit; `licence` and `use` go through the language."""
