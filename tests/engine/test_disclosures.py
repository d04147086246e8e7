"""Published disclosures of energy and carbon, with the inputs that they state typed."""

from dataclasses import dataclass

import pytest

from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan

HOUR = 3600.0
KWH = 3.6e6
MWH = 1000 * KWH
YEAR = 31_557_600.0


@dataclass(frozen=True)
class Disclosed:
    """A run as its makers describe it: device-hours, power of a device, PUE, grid; then what they state."""

    name: str
    accelerator: str
    hours: float
    watts: float
    pue: float
    grams: float
    mwh: float
    tonnes: float


RUNS = (
    # arXiv:2104.10350, table 4: chips x days, mean power of a processor.
    Disclosed("GPT-3", "v100-sxm2-32", 10_000 * 14.8 * 24, 330, 1.10, 429, 1287, 552.1),
    Disclosed("T5-11B", "tpu-v3", 512 * 20 * 24, 310, 1.12, 545, 85.7, 46.7),
    Disclosed("Meena", "tpu-v3", 1024 * 30 * 24, 289, 1.09, 415, 232, 96.4),
    Disclosed("GShard-600B", "tpu-v3", 1024 * 3.1 * 24, 288, 1.09, 200, 24.1, 4.8),
    Disclosed("Switch-C", "tpu-v3", 1024 * 27 * 24, 245, 1.10, 403, 179, 72.2),
    # arXiv:2302.13971, table 15: 400 W, PUE 1.1, 385 g/kWh.
    Disclosed("LLaMA-7B", "a100-sxm-80", 82_432, 400, 1.1, 385, 36, 14),
    Disclosed("LLaMA-13B", "a100-sxm-80", 135_168, 400, 1.1, 385, 59, 23),
    Disclosed("LLaMA-33B", "a100-sxm-80", 530_432, 400, 1.1, 385, 233, 90),
    Disclosed("LLaMA-65B", "a100-sxm-80", 1_022_362, 400, 1.1, 385, 449, 173),
    # arXiv:2307.09288, table 2: rated power, PUE apart; the grid follows from hours and tonnes.
    Disclosed("Llama 2 7B", "a100-sxm-80", 184_320, 400, 1.0, 423.4, 73.7, 31.22),
    Disclosed("Llama 2 13B", "a100-sxm-80", 368_640, 400, 1.0, 423.4, 147.5, 62.44),
    Disclosed("Llama 2 34B", "a100-sxm-80", 1_038_336, 350, 1.0, 423.4, 363.4, 153.90),
    Disclosed("Llama 2 70B", "a100-sxm-80", 1_720_320, 400, 1.0, 423.4, 688.1, 291.42),
    # Model card of Llama 3.1: rated power of 700 W.
    Disclosed("Llama 3.1 8B", "h100-sxm", 1_460_000, 700, 1.0, 413.6, 1022, 420),
    Disclosed("Llama 3.1 70B", "h100-sxm", 7_000_000, 700, 1.0, 413.6, 4900, 2040),
    Disclosed("Llama 3.1 405B", "h100-sxm", 30_840_000, 700, 1.0, 413.6, 21_588, 8930),
)


def _of(run: Disclosed) -> Plan:
    fields: dict[str, str | float] = {
        "hardware.accelerator": run.accelerator,
        "time.device_hours": run.hours * HOUR,
        "site.mean_power": run.watts,
        "site.network_share": 0.0,
        "site.pue": run.pue,
        "site.carbon_location": run.grams / 1000 / KWH,
    }
    plan = Plan()
    for path, value in fields.items():
        plan = plan.set(path, value)
    return plan


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_a_disclosure_follows_from_its_own_inputs(run: Disclosed) -> None:
    # Catches: an overhead that a typed power already holds, PUE counted twice or not at all.
    estimate = evaluate(_of(run))
    assert estimate["energy.facility"].si / MWH == pytest.approx(run.mwh, rel=0.10)
    assert estimate["carbon.location"].si / 1000 == pytest.approx(run.tonnes, rel=0.10)


def _with(plan: Plan, **fields: float) -> Estimate:
    for name, value in fields.items():
        plan = plan.set(name.replace("__", "."), value)
    return evaluate(plan)


METERED = (
    # arXiv:2112.11446, appendix F: 4,096 chips x 920 h x 283 W before PUE.
    ("Gopher", 1066.0, 1.08, 330.0, 380.0),
    # arXiv:2402.00838, section on power: metered energy times PUE; 0.61 kg/kWh on A100s, hydropower on LUMI.
    ("OLMo 7B, A100", 104.0, 1.1, 610.0, 70.0),
    # arXiv:2503.05804: metered GPU energy, PUE and grid of the site.
    ("OLMo 2 7B", 131.0, 1.2, 332.0, 52.0),
    ("OLMo 2 13B", 257.0, 1.12, 351.0, 101.0),
)


@pytest.mark.parametrize(("name", "mwh", "pue", "grams", "tonnes"), METERED, ids=[one[0] for one in METERED])
def test_metered_energy_becomes_the_published_carbon(
    name: str, mwh: float, pue: float, grams: float, tonnes: float
) -> None:
    # Catches: a typed energy that does not reach the meter, the grid or the scopes.
    del name
    grid = grams / 1000 / KWH
    estimate = _with(Plan(), energy__it=mwh * MWH, site__pue=pue, site__carbon_location=grid)
    assert estimate["carbon.location"].si / 1000 == pytest.approx(tonnes, rel=0.10)
    assert estimate["energy.facility"].si / MWH == pytest.approx(mwh * pue, rel=1e-9)


def test_water_of_olmo_2() -> None:
    # arXiv:2503.05804: 1.29 and 3.10 L/kWh of grid water, none evaporated on site: 202 and 892 kL.
    for mwh, pue, litres, published in ((131, 1.2, 1.29, 202e3), (257, 1.12, 3.10, 892e3)):
        estimate = _with(
            Plan(), energy__it=mwh * MWH, site__pue=pue, site__grid_water=litres / KWH, site__wue=0.0
        )
        assert estimate["water.total"].value == pytest.approx(published, rel=0.10)


def test_bloom_with_its_life_cycle() -> None:
    # arXiv:2211.02001, tables 2 and 3: 433 MWh and 24.7 t dynamic, 256.6 MWh and 14.6 t idle, 11.2 t of
    # making (server 2,500 kg, device 150 kg, six years at 85 %), 50.5 t in all.
    plan = _of(Disclosed("BLOOM", "a100-sxm-80", 1_082_990, 400, 1.0, 57, 433.2, 24.7))
    plan = plan.set("site.embodied_carbon", 150.0 + 2500.0 / 8).set("site.life_use", 0.85)
    plan = plan.set("site.hardware_life", 6 * 365 * 24 * HOUR)
    dynamic = evaluate(plan)
    assert dynamic["energy.facility"].si / MWH == pytest.approx(433.2, rel=0.01)
    assert dynamic["carbon.location"].si / 1000 == pytest.approx(24.69, rel=0.01)
    assert dynamic["carbon.embodied"].si / 1000 == pytest.approx(11.2, rel=0.01)
    with_idle = evaluate(plan.set("energy.idle", 256_646 * KWH))
    assert with_idle["carbon.location"].si / 1000 == pytest.approx(24.69 + 14.6, rel=0.01)
    assert with_idle["carbon.total"].si / 1000 == pytest.approx(50.5, rel=0.01)
    # The same without metering what waits: its idle power, half of the nodes at work.
    shared = evaluate(plan.set("site.cluster_use", 0.5))
    assert shared["carbon.total"].si / 1000 == pytest.approx(50.5, rel=0.10)
