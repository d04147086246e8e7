"""Parameter counts of the presets, computed by the chain from their sizes, against the published ones."""

import pytest

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.given import inputs_of
from tcplan.plan.plan import Plan

PRESETS = shipped().rows("models")
EXACT = {
    "gpt2": 124_439_808,
    "gpt2-xl": 1_557_611_200,
    "opt-13b": 12_853_473_280,
    "pythia-6.9b": 6_857_302_016,
    "gpt-neox-20b": 20_554_567_680,
    "llama-65b": 65_285_660_672,
    "llama2-7b": 6_738_415_616,
    "llama2-70b": 68_976_648_192,
    "llama3.1-8b": 8_030_261_248,
    "llama3.1-70b": 70_553_706_496,
    "llama3.1-405b": 405_853_388_800,
    "mistral-7b": 7_241_732_096,
    "mistral-large-123b": 122_610_069_504,
    "mixtral-8x7b": 46_702_792_704,
    "mixtral-8x22b": 140_630_071_296,
    "qwen2.5-7b": 7_615_616_512,
    "qwen2.5-72b": 72_706_203_648,
    "gemma-7b": 8_537_680_896,
    "falcon-180b": 179_522_565_120,
    "deepseek-67b": 67_425_001_472,
    "deepseek-v2": 235_741_434_880,
    "deepseek-v2-lite": 15_706_484_224,
    "yi-34b": 34_388_917_248,
    "tinyllama-1.1b": 1_100_048_384,
}


def counts(preset: str) -> tuple[float, float]:
    inputs = inputs_of(Plan().with_value("model.preset", preset), shipped())
    solved = inputs.graph.solve(inputs.values(), ("parameters", "active_parameters"))
    return float(solved["parameters"]), float(solved["active_parameters"])


@pytest.mark.parametrize("row", PRESETS, ids=lambda row: row.key)
def test_a_preset_has_its_published_parameters(row: Row) -> None:
    published = row.number("parameters")
    assert published is not None
    total, active = counts(row.key)
    assert total == pytest.approx(published, rel=0.005)
    assert 0 < active <= total
    if row.number("experts") == 0:
        assert active == total


@pytest.mark.parametrize(("preset", "published"), EXACT.items())
def test_a_preset_counts_to_the_last_parameter(preset: str, published: int) -> None:
    assert counts(preset)[0] == published


@pytest.mark.parametrize(
    ("preset", "billions"),
    [
        ("mixtral-8x7b", 12.9),
        ("deepseek-v2", 21.4),
        ("deepseek-v3", 37.6),
        ("qwen3-235b-a22b", 22.2),
        ("kimi-k2", 32.9),
    ],
)
def test_a_sparse_preset_has_its_active_parameters(preset: str, billions: float) -> None:
    assert counts(preset)[1] == pytest.approx(billions * 1e9, rel=0.02)
