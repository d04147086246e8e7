"""Recipes of published benchmarks, and what measured rows say of theirs."""

from types import MappingProxyType

import pytest

from tcplan.catalogue import performance, recipes
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan, descriptions
from tcplan.validation.placing import plan_of
from tcplan.validation.rows import MeasuredRow

NANO = "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME"


def plan(**layout: str) -> Plan:
    found = Plan().set("model.preset", "qwen3-235b-a22b").set("hardware.accelerator", "gb200")
    found = found.set("training.precision", "mxfp8").set("layout.expert", 32.0).set("layout.pipeline", 8.0)
    for name, value in layout.items():
        found = found.set(f"layout.{name}", value)
    return found


def row(**cells: str) -> MeasuredRow:
    known = {
        "source": "nemo_megatron_bridge",
        "date": "2026-04",
        "hardware": "gb200-192",
        "n_devices": "64",
        "layers": "48",
        "hidden": "2048",
        "heads": "32",
        "kv_heads": "4",
        "head_dim": "128",
        "experts": "128",
        "top_k": "8",
        "moe_ffn": "768",
        "seq": "4096",
        "micro_batch": "1",
        "global_batch": "512",
        "precision": "mxfp8",
    }
    return MeasuredRow(MappingProxyType({**known, **cells}))


def test_a_recipe_fills_what_nobody_typed() -> None:
    # Catches: a recipe that overrules what was typed, or one of another release, accelerator or model.
    given = evaluate(plan(stack="bridge-2026b")).given["layout.graphs"]
    assert (given.key, given.layer, given.row) == ("full", "catalogue", "recipes/qwen3-nvl72-mxfp8")
    assert evaluate(plan(stack="bridge-2026")).given["layout.graphs"].key == "partial"
    assert evaluate(plan(stack="bridge-2026b", graphs="none")).given["layout.graphs"].key == "none"
    bf16 = plan(stack="bridge-2026b").set("training.precision", "bf16")
    assert evaluate(bf16).given["layout.graphs"].key == "partial"


def test_a_recorded_step_is_faster_than_one_that_the_host_launches() -> None:
    # The same layout gained a third to a half between two releases. Catches: graphs without effect.
    before, after = (evaluate(plan(stack=stack))["time.step"].si for stack in ("bridge-2026", "bridge-2026b"))
    assert 1.1 < before / after < 1.8


def test_the_most_particular_recipe_comes_last() -> None:
    shelf = shipped()
    model, device = shelf.find("models", "qwen3-235b-a22b"), shelf.find("accelerators", "h100-sxm")
    stack = shelf.find("stacks", "bridge-2026")
    found = recipes.matching(shelf, model, sparse=True, accelerator=device, precision="fp8", stack=stack)
    assert [one.key for one in found] == ["bridge-2026-hopper", "qwen3-235b-hopper"]
    assert recipes.matching(shelf, None, sparse=False, accelerator=device, precision="fp8", stack=stack) == ()


def test_recipes_name_what_there_is() -> None:
    # Catches: a recipe that never holds because of a word that no table knows.
    shelf = shipped()
    keys = {table: {one.key for one in shelf.rows(table)} for table in ("models", "accelerators", "stacks")}
    precisions = {choice.key for choice in descriptions()["training.precision"].choices}
    for one in shelf.rows("recipes"):
        words = {name: set(str(one.get(name) or "").split("; ")) - {""} for name in recipes.TABLE.columns[:4]}
        assert words["models"] <= keys["models"] | {recipes.SPARSE}, one.key
        assert words["accelerators"] <= keys["accelerators"], one.key
        assert words["precisions"] <= precisions, one.key
        assert words["stacks"] <= keys["stacks"], one.key
        for name, choice in recipes.inputs(one).items():
            choices = {each.key for each in descriptions()[f"layout.{name}"].choices}
            assert choice in choices, (one.key, name)


def test_constants_of_a_release_hold_for_the_next() -> None:
    # Catches: a new release that falls back to gradients in 32 bit because nothing was measured anew.
    device = shipped().find("accelerators", "gb200")
    found = performance.coefficients(shipped(), device, "mxfp8", "bridge-2026b")["reduce_bytes"]
    assert found.get("value") == 2.0
    assert (
        performance.coefficients(shipped(), device, "mxfp8", "nanotron")["reduce_bytes"].get("value") == 4.0
    )


@pytest.mark.parametrize(
    ("notes", "dispatcher", "graphs", "drop"),
    [
        ("dropless; recipe X at tag v0.4.0; dispatcher hybridep", "deduplicating", "none", None),
        ("dropless; recipe X at tag v0.4.0", None, "none", None),
        ("dropless; recipe X at tag v0.4.0; dispatcher deepep", None, "none", None),
        ("dropless; recipe x at tag v0.6.0; dispatcher hybridep", "deduplicating", None, None),
        ("cuda graph full_iteration:[]; dispatcher hybridep", "deduplicating", "full", None),
        ("cuda graph transformer_engine:['attn']", None, "partial", None),
        ("source label: tokendrop", "plain", None, "yes"),
    ],
)
def test_remarks_decide_the_recipe(
    notes: str, dispatcher: str | None, graphs: str | None, drop: str | None
) -> None:
    # Catches: a dispatcher that a recipe names and does not turn on, and silence taken for a choice of it.
    found = plan_of(row(notes=notes), shipped())
    wanted = {"dispatcher": dispatcher, "graphs": graphs, "token_drop": drop}
    assert {name: found.get(f"layout.{name}") for name in wanted} == wanted


def test_modules_that_are_computed_again_are_read_from_the_remarks() -> None:
    names = ("core", "projections", "experts", "activation", "norms")
    found = plan_of(row(notes="recompute modules moe_act+layernorm; dispatcher hybridep"), shipped())
    typed = [found.get(f"layout.recompute_{name}") for name in names]
    assert typed == ["no", "no", "no", "yes", "yes"]
    silent = plan_of(row(notes="recipe sets no recompute and the base recipe has none"), shipped())
    assert silent.get("layout.recompute_core") is None


def test_a_hybrid_is_made_of_its_layers_by_kind() -> None:
    # Nemotron 3 Nano: 31.6 billion parameters, 3.6 active. Catches: attention or experts in each layer.
    notes = (
        f"hybrid Mamba2-attention MoE: pattern {NANO} (M Mamba), mamba heads 64 x 64, state 128, "
        "shared expert ffn 3712, squared ReLU"
    )
    cells = {
        "layers": "52",
        "hidden": "2688",
        "kv_heads": "2",
        "top_k": "6",
        "moe_ffn": "1856",
        "gated_mlp": "0",
    }
    values = evaluate(plan_of(row(notes=notes, **cells), shipped())).values
    assert (values["layers"], values["state_layers"], values["sparse_layers"]) == (29, 23, 23)
    assert values["parameters"] == pytest.approx(31.6e9, rel=0.01)
    assert values["active_parameters"] == pytest.approx(3.6e9, rel=0.03)


def test_further_tokens_and_narrow_experts_are_read_from_the_remarks() -> None:
    found = plan_of(row(notes=f"hybrid mamba; pattern {NANO} + 2 MTP (*E), MoE latent size 1024"), shipped())
    assert found.get("model.predicted_tokens") == 2.0
    assert found.get("model.expert_width") == 1024.0
    other = plan_of(row(notes=f"mamba; hybrid-layer-pattern {NANO}/*E/*E"), shipped())
    assert other.get("model.predicted_tokens") == 2.0
