"""The rules that hold the tree together: who imports whom, how large a part may be, what is never written."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"tcplan": "engine", "tcplan_desktop": "desktop", "tcplan_resources": "resources"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
LONGEST_MODULE, LONGEST_FUNCTION = 500, 60


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on a tree: its own packages come before the installed ones."""
    start = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    paths = [str(tree / room) for room in ROOMS.values()]
    code = f"import sys; sys.path[:0] = {paths!r}; {start}"
    command = [sys.executable, "-I", "-c", code, "--no-cache", "pyproject.toml"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tree)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package, room in ROOMS.items():
        shutil.copytree(ROOT / room / package, tmp_path / room / package, ignore=leave_data_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def leave_data_out(folder: str, names: list[str]) -> set[str]:
    return {each for each in names if Path(folder, each).is_file() and not each.endswith(".py")}


def test_imports_follow_the_arrows() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


# Each of these once passed unseen somewhere: a contract that cannot fail holds nothing.
PLANTED = {
    "a window library in the engine": ("tcplan/plan/plan.py", "import PySide6.QtCore\n"),
    "the desktop in the engine": ("tcplan/estimate.py", "import tcplan_desktop.document\n"),
    "a step of the chain in another": (
        "tcplan/chain/water.py",
        "from tcplan.chain.energy import it_energy\n",
    ),
    "the plan in a step of the chain": ("tcplan/chain/money.py", "from tcplan.plan.plan import Plan\n"),
    "an import when a function runs": (
        "tcplan/chain/loss.py",
        "def late() -> object:\n    from tcplan_desktop import document\n    return document\n",
    ),
    "an import for types only": (
        "tcplan/chain/loss.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from PySide6 import QtCore\n",
    ),
    "a slow library in the engine": (
        "tcplan/study/curve.py",
        "def late() -> None:\n    import scipy.stats\n",
    ),
    "a plot outside its file": ("tcplan_desktop/document.py", "import pyqtgraph\n"),
    "the engine in the resources": ("tcplan_resources/__init__.py", "import tcplan.plan.plan\n"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_a_forbidden_import_breaks_a_contract(copy: Path, planted: tuple[str, str]) -> None:
    file, line = planted
    path = copy / ROOMS[file.partition("/")[0]] / file
    path.write_text(path.read_text(encoding="utf-8") + "\n" + line, encoding="utf-8")
    done = lint_imports(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def is_step(path: Path) -> bool:
    """Tell a file of quantities from one that says how quantities are written and tied together."""
    functions = [
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    return any("quantity" in set(called(mark)) for function in functions for mark in function.decorator_list)


def test_every_step_of_the_chain_is_under_contract() -> None:
    independent = [contract["modules"] for contract in contracts() if contract["type"] == "independence"]
    steps = {path.stem for path in (ROOT / "engine/tcplan/chain").glob("*.py") if is_step(path)}
    assert {each.rpartition(".")[2] for each in chain.from_iterable(independent)} == steps


def test_the_engine_loads_no_window_and_no_slow_library() -> None:
    parts = [
        ".".join(path.relative_to(ROOT / "engine").with_suffix("").parts).removesuffix(".__init__")
        for path in modules("engine")
        if path.stem != "__main__"
    ]
    code = (
        "import importlib, sys\nfor part in sys.argv[1:]: importlib.import_module(part)\nprint(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *parts], capture_output=True, text=True, check=True, cwd=ROOT / "engine"
    )
    loaded = {each.partition(".")[0] for each in done.stdout.split()}
    assert not loaded & {
        "PySide6",
        "shiboken6",
        "pyqtgraph",
        "scipy",
        "pandas",
        "xlsxwriter",
        "tcplan_desktop",
    }


def test_a_command_loads_nothing_of_the_others() -> None:
    code = (
        "import sys\nfrom tcplan.cli import main\nmain(['catalogue', 'list', 'stacks'])\nprint(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "engine"
    )
    rooms = ("tcplan.reading.", "tcplan.study.layout", "tcplan.validation.fit", "tcplan.commands.sweep")
    assert [each for each in done.stdout.split() if each.startswith(rooms)] == []


EVERYWHERE = ("engine", "desktop", "resources", "tests", "packaging")


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in modules(*EVERYWHERE) if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_is_too_long() -> None:
    lengths = {name(path): path.read_text(encoding="utf-8").count("\n") for path in modules(*EVERYWHERE)}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(path)}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_too_long() -> None:
    lengths = dict(chain.from_iterable(function_lengths(path) for path in modules(*EVERYWHERE)))
    assert {function: lines for function, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def names(tree: ast.AST) -> Iterator[str]:
    """Yield every plain name."""
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def called(tree: ast.AST) -> Iterator[str]:
    """Yield the last name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the first name of everything that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_no_document_can_run_code_or_slip_past_validation() -> None:
    for path in modules("engine", "desktop", "resources"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not set(imported(tree)) & {"pickle", "marshal", "shelve", "yaml", "dill", "joblib"}, name(path)
        assert not set(names(tree)) & {"eval", "exec", "compile", "__import__"}, name(path)
        assert not set(called(tree)) & {"model_copy", "model_construct"}, name(path)


def test_text_reaches_the_screen_through_one_file() -> None:
    for path in modules("desktop"):
        if path.name == "text.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shown = set(called(tree)) & {"setToolTip", "setStatusTip", "setWhatsThis", "QLabel", "QMessageBox"}
        assert not shown, f"{name(path)}: {shown}"
        bases = {
            base.id
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for base in node.bases
            if isinstance(base, ast.Name)
        }
        assert not bases & {"QLabel", "QMessageBox"}, name(path)


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield the text files of the tree; a file that is no text, such as a font, is passed over."""
    done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT)
    for each in done.stdout.split("\0"):
        path = ROOT / each
        if each and path.is_file():
            try:
                yield each, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(r"(?<![\w.<])/(?:root|work)/[A-Za-z_]\w*")
    home = re.compile(r"(?<![\w.<])/(?:home|Users)/[A-Za-z_]\w*|[A-Z]:\\\\?Users\\\\?\w")
    for file, text in tracked_texts():
        if file == name(Path(__file__)):
            continue
        assert place.search(text) is None, f"{file}: {place.search(text)}"
        # A test may give an invented person a home.
        assert file.startswith("tests/") or home.search(text) is None, f"{file}: {home.search(text)}"


def unfinished(line: str) -> bool:
    return re.search(r"\b(?:TODO|FIXME|XXX)\b|coming soon", line) is not None


def test_nothing_is_left_for_later() -> None:
    for path in modules("engine", "desktop", "resources", "packaging"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert not unfinished(line), f"{name(path)}:{number}: {line.strip()}"
