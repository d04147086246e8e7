"""Networks beside the decoder: parameters and FLOP by hand and as published, and estimates that are whole."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.chain.links import FAMILIES
from tcplan.estimate import Estimate, evaluate
from tcplan.plan.plan import Plan, descriptions
from tcplan.report.sheet import answer
from tcplan.results import RESULTS

OTHERS = tuple(row for row in shipped().rows("models") if row.get("family") != "decoder")
EXACT = {
    "bert-large": 335_141_888,
    "roberta-large": 355_359_744,
    "t5-base": 222_903_552,
    "t5-11b": 11_307_321_344,
    "flan-t5-xxl": 11_135_332_352,
    "vit-b16": 86_567_656,
    "vit-h14": 632_045_800,
    "clip-vit-l14": 427_616_513,
    "dit-xl-2": 675_129_632,
    "stable-diffusion-1.5": 859_520_964,
    "sdxl": 2_567_463_684,
    "resnet-18": 11_689_512,
    "resnet-50": 25_557_032,
    "resnet-152": 60_192_808,
    "convnext-t": 28_589_128,
    "convnext-b": 88_591_464,
    "mamba-2.8b": 2_768_345_600,
    "falcon-mamba-7b": 7_272_665_088,
    "mamba2-2.7b": 2_702_599_680,
    "whisper-small": 241_734_912,
    "whisper-large-v3": 1_543_490_560,
}
MULTIPLY_ADDS = {
    # forward, of one image, as published: in all, or without attention scores where said
    "resnet-50": (4.09e9, True),
    "resnet-152": (11.5e9, True),
    "convnext-t": (4.5e9, True),
    "convnext-b": (15.4e9, True),
    "vit-b16": (17.6e9, True),
    "vit-l16": (61.6e9, True),
    "dit-b-2": (23.01e9, True),
    "dit-xl-2": (118.64e9, True),
    "stable-diffusion-1.5": (338.7e9, False),
}


@cache
def estimate(preset: str) -> Estimate:
    return evaluate(Plan().set("model.preset", preset).set("hardware.devices", 64))


@pytest.mark.parametrize(("preset", "published"), EXACT.items())
def test_a_family_counts_to_the_last_parameter(preset: str, published: int) -> None:
    assert estimate(preset)["model.parameters"].value == published


@pytest.mark.parametrize(("preset", "published"), MULTIPLY_ADDS.items())
def test_an_image_takes_the_published_multiply_adds(preset: str, published: tuple[float, bool]) -> None:
    # arXiv:1512.03385 and 2201.03545 (table 1), 2010.11929, 2212.09748 (table 4), 2305.15798 (table 1).
    values = estimate(preset).values
    scores = values["attention_flop"] if published[1] else 0.0
    found = (values["token_flop"] + scores) / 6 * values["sequence"]
    assert found == pytest.approx(published[0], rel=0.01)


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.key)
def test_an_estimate_of_any_family_is_whole(row: Row) -> None:
    # Catches: a family whose memory, days or money is not a number, or that asks for a decoder's sizes.
    devices = 512 if (row.number("parameters") or 0.0) > 1e11 else 64
    found = evaluate(Plan().set("model.preset", row.key).set("hardware.devices", devices))
    assert [one.sentence for one in found.findings if one.level == "error"] == []
    for path in RESULTS:
        assert math.isfinite(found[path].value), path
        assert found[path].value >= 0.0, path
    assert 0.01 < found["efficiency.mfu"].value < 0.75
    assert found.fits


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_chosen_over_another_preset_still_computes(family: str) -> None:
    # Catches: sizes of the preset's own family that stand where the chosen one computes its own.
    found = evaluate(Plan().set("model.family", family))
    assert math.isfinite(found["time.run"].value)
    assert found["model.parameters"].value > 0


def test_masked_tokens_alone_pass_the_head_of_an_encoder() -> None:
    few, all_of_them = (
        evaluate(Plan().set("model.preset", "bert-large").set("model.masked_share", share)).values
        for share in (0.15, 1.0)
    )
    head = 6 * 30522 * 1024
    assert all_of_them["token_flop"] - few["token_flop"] == pytest.approx(0.85 * head)
    assert all_of_them["head_time"] > 2 * few["head_time"]


def test_an_encoder_sees_both_ways() -> None:
    # Catches: a causal half where nothing is masked.
    encoder = estimate("bert-large").values
    assert encoder["visited"] == encoder["attended"] == 512
    decoder = evaluate(Plan().set("model.preset", "bert-large").set("model.family", "decoder")).values
    assert decoder["visited"] == 256


def test_windows_of_an_encoder_reach_both_ways() -> None:
    # ModernBERT, arXiv:2412.13663: 18 of 28 layers see 128 tokens, the others all 1,024.
    values = estimate("modernbert-large").values
    assert values["attended"] == values["visited"] == pytest.approx((18 * 128 + 10 * 1024) / 28)


def test_a_decoder_beside_an_encoder_counted_by_hand() -> None:
    # T5 base, arXiv:1910.10683: two stacks of 12 layers, one embedding; 114 target tokens for 512.
    h, f, s, t = 768, 3072, 512, 114
    own, crossing = 4 * h * h + 2 * h * h + 2 * h * f, 2 * h * h
    values = estimate("t5-base").values
    forward = 12 * (4 * h * h + 2 * h * f) + 12 * (own * t / s + crossing) + 32128 * h * t / s
    assert values["token_flop"] == pytest.approx(6 * forward)
    scores = 12 * 2 * h * s + 12 * 2 * h * (t + s) * t / s
    assert values["attention_flop"] == pytest.approx(6 * scores)


def test_a_longer_target_takes_longer_and_keeps_more() -> None:
    short, long = (
        evaluate(Plan().set("model.preset", "t5-base").set("model.second_sequence", length)).values
        for length in (114, 512)
    )
    assert long["companion_forward"] > short["companion_forward"]
    assert long["companion_backward"] > 1.5 * long["companion_forward"]
    assert long["companion_activation"] > 2 * short["companion_activation"]


def test_devices_that_share_matrices_sum_both_stacks() -> None:
    # Catches: a decoder whose activations cross no link. One layer in each stack, three sums to two.
    plan = Plan().set("model.preset", "t5-base").set("layout.tensor", 4).set("hardware.devices", 64)
    both = evaluate(plan.set("model.second_sequence", 512)).values
    assert both["reduced_width"] == 768 * 2.5
    none = evaluate(plan.set("model.second_layers", 0)).values
    assert both["tensor_forward"] > 1.8 * none["tensor_forward"]


def test_convolutions_are_not_divided() -> None:
    found = evaluate(Plan().set("model.preset", "resnet-50").set("layout.tensor", 2))
    assert [one.path for one in found.findings if one.level == "error"] == ["layout.tensor"]


def test_a_larger_image_has_more_tokens() -> None:
    found = evaluate(Plan().set("model.preset", "vit-b16").set("model.image_size", 384))
    assert found["training.sequence"].value == 24 * 24 + 1
    # arXiv:2010.11929: 86.9 M with the positions of 384 x 384.
    assert found["model.parameters"].value == 86_567_656 + (577 - 197) * 768


def test_layers_with_a_state_counted_by_hand() -> None:
    # Mamba 2.8B, arXiv:2312.00752: in, step, out; convolution, decay, skip and step's bias; one norm.
    h, inner, state, rank = 2560, 5120, 16, 160
    weights = h * 3 * inner + inner * (rank + 2 * state) + rank * inner
    vectors = inner * (4 + 1 + state + 1 + 1) + h
    assert estimate("mamba-2.8b")["model.parameters"].value == 64 * (weights + vectors) + h + 50280 * h


def test_attention_counts_where_there_is_attention() -> None:
    # Jamba, arXiv:2403.19887: four of 32 layers attend, the others hold a state.
    values = estimate("jamba-52b").values
    assert values["attended"] == 4096 * 4 / 32
    assert values["companion_attention_flop"] == 18 * 28 * 8192 * 16
    assert values["active_parameters"] == pytest.approx(12e9, rel=0.02)


@given(st.integers(1, 8), st.integers(1, 8))
@settings(max_examples=20, deadline=None)
def test_a_block_more_is_a_block_more(third: int, more: int) -> None:
    # Catches: a block that is counted with its stage, or a stage that grows with another.
    counts = [
        evaluate(
            Plan().set("model.preset", "resnet-50").set("model.third_blocks", third + step * more)
        ).values
        for step in range(3)
    ]
    sizes = [one["parameters"] for one in counts]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] == more * (512 * 256 * 4 + 9 * 256 * 256 + 2 * 1536)
    assert counts[0]["network_forward"] < counts[1]["network_forward"]


@pytest.mark.parametrize("preset", ["resnet-50", "convnext-b", "stable-diffusion-1.5", "vit-b16"])
def test_more_images_take_longer_but_never_more_than_in_proportion(preset: str) -> None:
    plan = Plan().set("model.preset", preset).set("hardware.devices", 8).set("training.batch_tokens", 1e6)
    small, large = (
        evaluate(plan.set("layout.micro_batch", images)).values["layer_time"] for images in (4, 32)
    )
    assert small < large < 8 * small


def test_published_throughput_of_a_residual_network_is_in_reach() -> None:
    # NVIDIA's published figure for ResNet-50 on eight A100 is 2,500 to 2,900 images a second and device.
    plan = Plan().set("model.preset", "resnet-50").set("hardware.accelerator", "a100-sxm-80")
    found = evaluate(plan.set("hardware.devices", 8).set("training.batch_tokens", 2048))
    assert 1800 < found["efficiency.throughput"].value / 8 < 3600


def test_a_conformer_layer_has_a_convolution_and_two_halves() -> None:
    # arXiv:2005.08100, table 1: Conformer L has 118.8 M parameters; its one-layer decoder has 3.6 M of them,
    # its front end of two-dimensional convolutions 7.4 M where this one has 0.9 M.
    plan = Plan().set("model.preset", "whisper-small").set("model.block", "conformer")
    sizes = {"layers": 17, "hidden": 512, "feed_forward": 2048, "heads": 8, "kv_heads": 8, "head_size": 64}
    sizes |= {"second_layers": 0, "second_hidden": 0, "convolution": 32, "channels": 80, "vocabulary": 0}
    sizes |= {"extra_parameters": 0, "learned_positions": 0}
    for name, value in sizes.items():
        plan = plan.set(f"model.{name}", value)
    assert evaluate(plan)["model.parameters"].value == pytest.approx(
        118.8e6 - 3.6e6 - 7.4e6 + 0.9e6, rel=0.005
    )


@pytest.mark.parametrize("row", OTHERS[::4], ids=lambda row: row.key)
def test_a_family_gives_the_same_for_arrays(row: Row) -> None:
    found = evaluate(Plan().set("model.preset", row.key).set("hardware.devices", 64))
    inputs = {**found.inputs.values(), **found.layout}
    name = "hidden"
    sizes = np.array([0.5, 1.0, 2.0]) * inputs[name]
    together = found.graph.solve({**inputs, name: sizes}, ["predicted_step_time", "memory_peak"])
    for index, size in enumerate(sizes):
        alone = found.graph.solve({**inputs, name: float(size)}, ["predicted_step_time", "memory_peak"])
        for one in ("predicted_step_time", "memory_peak"):
            assert together[one][index] == pytest.approx(alone[one])


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("vit-b16", "ViT-B/16 on 115.3 M images"),
        ("resnet-50", "ResNet-50 on 115.3 M images"),
        ("whisper-large-v3", "Whisper large-v3 on 10 M hours of sound"),
        ("bert-large", "BERT large on 131.1 B tokens"),
    ],
)
def test_the_sheet_says_what_people_count(preset: str, said: str) -> None:
    # Catches: tokens of an image in a sentence for people who count images.
    assert said in answer(estimate(preset)).replace("\u00a0", " ")


def test_every_family_can_be_chosen() -> None:
    keys = [choice.key for choice in descriptions()["model.family"].choices]
    assert keys == list(FAMILIES)
    assert {str(row.get("family")) for row in shipped().rows("models")} == set(keys)
