"""The search for layouts against every layout one by one, its rules, and what it says."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.chain.layout_choice import MEMORY_SHARE, NAMES
from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example
from tcplan.layout_words import against_plan, beside_best, degrees_of, left_out, none_fits, summary, verdict
from tcplan.plan.file import to_bytes
from tcplan.plan.plan import Plan
from tcplan.study.layout_mesh import AXES
from tcplan.study.layouts import OBJECTIVES, Found, search

Cells = dict[str, np.ndarray[Any, Any]]


def dense(**more: Any) -> Estimate:  # noqa: ANN401
    return estimate(
        "llama3.2-1b", **{"hardware.devices": 32.0, "training.batch_tokens": 131_072.0 * 96, **more}
    )


def sparse(**more: Any) -> Estimate:  # noqa: ANN401
    typed = {"hardware.devices": 32.0, "training.batch_tokens": 3e6, "layout.interleave": 1.0}
    return estimate("mixtral-8x7b", **{**typed, **more})


def estimate(preset: str, **typed: Any) -> Estimate:  # noqa: ANN401
    plan = Plan().with_value("model.preset", preset)
    for path, value in typed.items():
        plan = plan.with_value(path, value)
    return evaluate(plan)


def degrees(limit: float, divided: float) -> list[float]:
    """All that the search is to look at, said in another way than the search says it."""
    whole = np.arange(1.0, limit + 1)
    usual = np.isin(whole, [a * 2.0**k for k in range(40) for a in (1, 3)])
    return [float(one) for one in whole[usual | (divided % whole == 0)]]


def every_cell(of: Estimate) -> Cells:
    v = of.values
    inputs = of.inputs.values()
    experts = inputs["experts"]
    batch = v["batch_tokens"] / inputs["sequence"]
    axes = {
        "recompute": [0.0, 1.0, 2.0],
        "sharding": [0.0, 1.0, 2.0, 3.0, 4.0],
        "micro_batch": degrees(batch, 1.0),
        "interleave": degrees(inputs["layers"], inputs["layers"]),
        "expert": degrees(min(max(experts, 1.0), inputs["devices"]), max(experts, 1.0)),
        "context": degrees(min(inputs["sequence"] / 2, inputs["devices"]), 1.0),
        "tensor": degrees(min(inputs["heads"], inputs["devices"]), inputs["heads"]),
        "pipeline": degrees(min(inputs["layers"], inputs["devices"]), inputs["layers"]),
    }
    axes |= {name: [inputs[name]] for name in of.inputs.fixed}
    grids = np.meshgrid(*axes.values(), indexing="ij")
    return {name: grid.ravel() for name, grid in zip(axes, grids, strict=True)}


def obeys_rules(of: Estimate, cells: Cells, *, whole_batch: bool) -> np.ndarray[Any, Any]:
    inputs = of.inputs.values()
    t, p, c, e, b, v = (
        cells[name] for name in ("tensor", "pipeline", "context", "expert", "micro_batch", "interleave")
    )
    copies = np.floor(inputs["devices"] / (t * p * c))
    sequences = of.values["batch_tokens"] / inputs["sequence"]
    good = (inputs["heads"] % t == 0) & (t <= inputs["scale_up_domain"]) & (inputs["kv_heads"] % t == 0)
    good &= (c == 1) | ((inputs["sequence"] % (2 * c) == 0) & (inputs["sequence"] / c >= 4096))
    good &= (inputs["layers"] % (p * v) == 0) & ((v == 1) | (p > 1)) & (copies >= 1)
    good &= (cells["sharding"] < 3) | (p == 1)
    good &= (e == 1) | ((inputs["experts"] % e == 0) & (copies * c * t % e == 0))
    good &= np.isin(e, [1, 2, 4]) | (e % inputs["scale_up_domain"] == 0)
    with np.errstate(all="ignore"):
        good &= (sequences % (copies * b) == 0) if whole_batch else (copies * b <= 1.15 * sequences)
    return np.asarray(good)


def flat(of: Estimate, cells: Cells, names: tuple[str, ...]) -> dict[str, np.ndarray[Any, Any]]:
    """Every cell as one entry of flat arrays, through the same functions of the chain."""
    inputs = {name: value for name, value in of.inputs.values().items() if name not in NAMES}
    count = len(cells["tensor"])
    found: dict[str, list[Any]] = {name: [] for name in names}
    for start in range(0, count, 50_000):
        piece = {name: value[start : start + 50_000] for name, value in cells.items()}
        solved = of.graph.solve({**inputs, **piece}, names, keep=False)
        for name in names:
            found[name].append(np.broadcast_to(solved[name], len(piece["tensor"])))
    return {name: np.concatenate(parts) for name, parts in found.items()}


@pytest.mark.parametrize(("of", "whole_batch"), [(dense(), True), (sparse(), False)], ids=["dense", "sparse"])
def test_a_million_layouts_one_by_one_have_no_better_one(of: Estimate, whole_batch: bool) -> None:
    # Catches: a term on the wrong axes, a place lost between two blocks, a rule or a count that is wrong.
    cells = every_cell(of)
    assert len(cells["tensor"]) >= 1_000_000
    solved = flat(of, cells, ("memory_peak", *OBJECTIVES.values()))
    fits = obeys_rules(of, cells, whole_batch=whole_batch)
    fits &= solved["memory_peak"] <= MEMORY_SHARE * of.inputs.values()["memory"]
    for by, name in OBJECTIVES.items():
        found = search(of, by, top=50)
        cost = np.where(fits, solved[name], np.inf)
        assert found.examined == len(fits)
        assert found.feasible == fits.sum() > 100
        assert found.near == (cost <= 1.02 * cost.min()).sum()
        best = np.sort(cost)[:50]
        np.testing.assert_allclose([one.values[name] for one in found.layouts], best, rtol=1e-12)


def same(one: Found, other: Found) -> bool:
    # Written out, for what has no value is equal to nothing.
    return repr(replace(one, seconds=0.0)) == repr(replace(other, seconds=0.0))


@pytest.mark.parametrize("of", [dense(), sparse()], ids=["dense", "sparse"])
def test_blocks_of_any_size_give_the_same_digits(of: Estimate) -> None:
    # Catches: a block that knows its neighbours, or equals that are ordered as they arrive.
    for by in OBJECTIVES:
        whole = search(of, by, cells=10**9)
        for cells in (1, 100, 1_999, 32_768):
            assert same(search(of, by, cells=cells), whole)


@pytest.mark.parametrize("key", ["gpt3-175b", "llama3.1-405b", "deepseek-v3", "megatron-1t", "bloom-176b"])
def test_layouts_are_those_that_people_could_run(key: str) -> None:
    # Catches: a cut head, tensor parallelism over the network, copies that share no batch, a lost count.
    of = evaluate(example(key).plan)
    found = search(of, top=200)
    inputs = of.inputs.values()
    assert found.layouts
    assert found.feasible + sum(count for _code, _sentence, count in left_out(found)) == found.examined
    for one in found.layouts:
        t, p = one.choice["tensor"], one.choice["pipeline"]
        assert inputs["heads"] % t == 0
        assert t <= inputs["scale_up_domain"] or "tensor" in of.inputs.fixed
        assert t * p * one.choice["context"] * one.values["data"] <= inputs["devices"]
        assert not inputs["experts"] or inputs["experts"] % one.choice["expert"] == 0
        assert one.values["memory_peak"] <= MEMORY_SHARE * inputs["memory"]
        if inputs["layers"] % 4 == 0:
            assert inputs["layers"] % (p * one.choice["interleave"]) == 0
    steps = [one.values["step_time"] for one in found.layouts]
    assert steps == sorted(steps)
    assert steps[0] <= found.current.values["step_time"] or found.obstacle


def test_every_model_of_the_catalogue_is_searched() -> None:
    # Catches: a family without heads, sequence or layers, and a search that is worse than the quick choice.
    for row in shipped().rows("models"):
        found = search(estimate(row.key, **{"hardware.devices": 64.0}), top=1)
        assert found.feasible + sum(count for _code, _sentence, count in left_out(found)) == found.examined
        assert found.layouts or none_fits(found)
        if found.layouts and not found.obstacle:
            best, own = (one.values["predicted_step_time"] for one in (found.layouts[0], found.current))
            assert best <= own * (1 + 1e-9), row.key


def test_ten_million_layouts_of_gpt3_are_examined() -> None:
    assert search(evaluate(example("gpt3-175b").plan)).examined >= 10_000_000


def test_what_is_typed_stays() -> None:
    # Catches: a degree that a person typed and that the search replaces, or a habit that forbids it.
    of = dense(**{"layout.tensor": 16.0, "layout.sharding": "zero2", "layout.pipeline": 2.0})
    found = search(of)
    assert found.layouts
    for one in found.layouts:
        assert [one.choice[name] for name in ("tensor", "sharding", "pipeline")] == [16.0, 2.0, 2.0]


def test_a_whole_typed_layout_is_the_only_one() -> None:
    layout = {"tensor": 2.0, "pipeline": 2.0, "context": 1.0, "expert": 1.0, "micro_batch": 1.0}
    typed: dict[str, Any] = {f"layout.{name}": value for name, value in layout.items()}
    typed |= {"layout.interleave": 1.0, "layout.recompute": "full", "layout.sharding": "zero1"}
    of = dense(**typed)
    found = search(of)
    assert (found.examined, found.feasible) == (1, 1)
    assert found.layouts[0].values == of.values
    assert against_plan(found) == "The plan has this layout."
    assert verdict(found).endswith("is the only layout that fits.")


def test_tensor_parallelism_leaves_the_fast_links_only_where_that_is_allowed() -> None:
    of = estimate("llama3.1-70b", **{"hardware.devices": 256.0, "hardware.scale_up_domain": 4.0})
    assert {one.choice["tensor"] for one in search(of, top=40_000).layouts} == {1.0, 2.0, 4.0}
    anywhere = search(of, top=40_000, anywhere=True)
    assert max(one.choice["tensor"] for one in anywhere.layouts) == 64.0
    assert "domain" not in [code for code, _sentence, _count in left_out(anywhere)]


def test_the_layout_that_is_chosen_gives_the_plan_its_digits() -> None:
    # Catches: a row of the table that says another figure than the headline after it was taken.
    of = dense()
    best = search(of).layouts[0]
    plan = of.plan
    for name, value in best.choice.items():
        keys = {"recompute": ("none", "selective", "full"), "sharding": ("zero0", "zero1", "zero2", "zero3")}
        plan = plan.with_value(f"layout.{name}", keys[name][int(value)] if name in keys else value)
    assert evaluate(plan).values == best.values


def test_a_measured_step_of_the_plan_says_nothing_of_other_layouts() -> None:
    of = dense()
    for path, value in (("time.step", 9.0), ("efficiency.mfu", 0.1), ("money.total", 5.0)):
        measured, predicted = search(evaluate(of.plan.with_value(path, value))), search(of)
        assert [one.choice for one in measured.layouts] == [one.choice for one in predicted.layouts]
        for one, other in zip(measured.layouts, predicted.layouts, strict=True):
            assert one.values["step_time"] == other.values["step_time"]
        assert "Compared as predicted" in summary(measured)
        assert "Compared as predicted" not in summary(predicted)


def test_among_equals_the_simplest_is_first() -> None:
    # Catches: recomputation or sharding that buys nothing, put before the layout without it.
    found = search(dense(**{"training.attention_kernel": "fused"}), top=500)
    for one, after in zip(found.layouts, found.layouts[1:], strict=False):
        if one.values["predicted_step_time"] == after.values["predicted_step_time"]:
            assert [one.choice[name] for name in AXES[:2]] <= [after.choice[name] for name in AXES[:2]]


def test_where_nothing_fits_the_least_need_is_said() -> None:
    found = search(estimate("llama3.1-405b", **{"hardware.devices": 8.0}))
    assert found.layouts == ()
    assert found.least > found.limit
    assert f"{found.least / 2**30:.1f} GiB a device" in none_fits(found)
    assert "0 fit" in summary(found)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"layout.tensor": 5.0}, "heads"),
        ({"layout.expert": 2.0}, "experts"),
        ({"layout.interleave": 2.0, "layout.pipeline": 1.0}, "stages"),
        ({"layout.tensor": 32.0, "layout.context": 32.0}, "devices"),
        ({"layout.tensor": 8.0, "hardware.devices": 4.0}, "devices"),
        ({"hardware.accelerator": "none"}, "unknown"),
    ],
)
def test_a_layout_that_cannot_be_has_a_code_and_a_sentence(typed: dict[str, Any], code: str) -> None:
    found = search(dense(**typed))
    assert found.layouts == ()
    assert code in [one.code for one in found.excluded]
    assert found.sentences[code] in none_fits(found)
    assert isnan(found.least)


def test_the_plans_own_layout_is_named_with_what_keeps_it_out() -> None:
    found = search(dense(**{"layout.tensor": 5.0}))
    assert found.obstacle == "heads"
    of = estimate("deepseek-v3")
    assert search(of).current.choice == dict(of.layout)


def test_words_say_which_part_of_the_step_differs() -> None:
    plain = example("gpt3-175b").plan.with_value("layout.interleave", 1.0)
    found = search(evaluate(plain), top=200, free=True)
    assert "pipeline bubble" in against_plan(found)
    assert degrees_of(found.layouts[0]).startswith("TP\u00a08 · PP")
    assert beside_best(found, found.layouts[0]) == "As good as the best."
    assert "slower than the best: " in beside_best(found, found.layouts[-1])
    assert "within 2\u202f% of the best" in summary(found)


def test_a_search_can_be_ended_between_two_blocks() -> None:
    # Catches: a search that asks only when it is over.
    seen: list[float] = []

    class EndedError(Exception):
        pass

    def between(share: float) -> None:
        seen.append(share)
        if len(seen) == 3:
            raise EndedError

    with pytest.raises(EndedError):
        search(dense(), cells=1, between=between)
    assert seen[0] == 0.0 < seen[1] < seen[2] < 1.0


def test_the_search_knows_every_name_of_a_layout() -> None:
    assert set(AXES) == set(NAMES)


# the command


def tcplan(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tcplan.cli", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.tcplan").write_bytes(to_bytes(example("gpt3-175b")))
    return tmp_path


def test_json_has_the_names_that_others_rely_on(folder: Path) -> None:
    answer = tcplan(folder, "layouts", "plan.tcplan", "--json", "--top", "3")
    assert (answer.returncode, answer.stderr) == (0, "")
    found = json.loads(answer.stdout)
    assert list(found) == ["examined", "feasible", "seconds", "layouts"]
    assert len(found["layouts"]) == 3
    first = found["layouts"][0]
    degrees = ["tp", "pp", "dp", "cp", "ep", "micro_batch", "interleave", "recompute", "sharding"]
    assert list(first) == [*degrees, "time.step", "memory.peak", "efficiency.mfu", "money.total"]
    best = search(evaluate(example("gpt3-175b").plan), top=1).layouts[0]
    assert first["tp"] == best.choice["tensor"]
    assert first["time.step"] == best.values["step_time"]
    assert first["memory.peak"] == best.values["memory_peak"] / 2**30


def test_the_table_has_the_layouts_the_why_and_the_reasons(folder: Path) -> None:
    answer = tcplan(folder, "layouts", "plan.tcplan", "--top", "4", "--by", "money")
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert lines[0].split()[:7] == ["TP", "PP", "DP", "CP", "EP", "b", "v"]
    assert lines[5] == ""
    assert "dearer" in answer.stdout
    energy = tcplan(folder, "layouts", "plan.tcplan", "--top", "4", "--by", "energy").stdout
    assert "GWh" in energy.splitlines()[1]
    assert any(line.split()[-1].startswith("memory") or " memory " in line for line in lines[6:])


def test_no_layout_is_code_1_with_the_reason(folder: Path) -> None:
    for words in (("hardware.devices=8",), ("layout.tensor=5",)):
        answer = tcplan(folder, "layouts", "plan.tcplan", "--json", "--set", *words)
        assert answer.returncode == 1
        assert json.loads(answer.stdout)["layouts"] == []
        assert answer.stderr.startswith("tcplan: ")
        assert answer.stderr.count("\n") == 1


def test_a_fixed_degree_that_cannot_be_is_the_reason(folder: Path) -> None:
    """The most frequent reason would be named, which has nothing to do with what the person typed."""
    fixed = ("layouts", "plan.tcplan", "--set", "layout.pipeline=200")
    answer = tcplan(folder, *fixed)
    assert answer.returncode == 1
    assert answer.stderr == "tcplan: layout.pipeline: There are more pipeline stages than layers.\n"
    assert tcplan(folder, *fixed, "--free").returncode == 0


@pytest.mark.parametrize("words", [("--top", "0"), ("--top", "many"), ("--by", "luck"), ("--set", "x=1")])
def test_bad_input_is_code_2_and_one_sentence(folder: Path, words: tuple[str, str]) -> None:
    answer = tcplan(folder, "layouts", "plan.tcplan", *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    assert "Traceback" not in answer.stderr


def test_an_interrupt_ends_the_search_without_a_traceback(folder: Path) -> None:
    program = (
        # A test run in the background hands down that interrupts are ignored.
        "import signal, sys, tcplan.cli as cli, tcplan.commands.layouts as command\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "search = command.search\n"
        "def for_ever(*words, **more):\n"
        "    print('ready', flush=True)\n"
        "    while True: search(*words, **more)\n"
        "command.search = for_ever\n"
        "sys.exit(cli.main(['layouts', 'plan.tcplan']))"
    )
    command = subprocess.Popen([sys.executable, "-c", program], stdout=-1, stderr=-1, text=True, cwd=folder)
    assert command.stdout is not None
    assert command.stdout.readline() == "ready\n"
    os.kill(command.pid, signal.SIGINT)
    rest, errors = command.communicate(timeout=30)
    assert (command.returncode, rest, errors) == (130, "", "")


def test_an_interrupt_while_modules_are_loaded_is_as_quiet(folder: Path) -> None:
    # Catches: the traceback of an import, which is where most of the time of a short command goes.
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'tcplan.study.layouts': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from tcplan_desktop.program import main\n"
        "sys.argv = ['tcplan', 'layouts', 'plan.tcplan']\n"
        "sys.exit(main())"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")
