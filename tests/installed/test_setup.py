"""The two commands of README.md: what they refuse, what they say, and what they leave alone."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"

# Runs start.py on a machine where some things are otherwise.
OTHERWISE = """
import ctypes, importlib.util, os, runpy, shutil, sys
sys.path.insert(0, {folder!r})
sys.argv = ["start.py"]
{change}
runpy.run_path({folder!r} + "/start.py", run_name="__main__")
"""

NO_LIBRARIES = """
def missing(name): raise OSError(name)
ctypes.CDLL = missing
os.geteuid = lambda: 1000
os.environ["DISPLAY"] = ":0"
"""


def start(tree: Path, change: str = "") -> subprocess.CompletedProcess[str]:
    code = OTHERWISE.format(folder=str(tree / "packaging"), change=change)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tree)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, timeout=60
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout whose environment is in place; its Python says only what it was asked to run."""
    shutil.copytree(PACKAGING, tmp_path / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    code = (
        "import json, environment as e; "
        "(e.FOLDER / 'tcplan.json').write_text(json.dumps({e.RUNTIME.name: e.stamp(e.RUNTIME)}))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path / "packaging")
    return tmp_path


def test_without_a_display_the_example_is_computed_after_one_line(tree: Path) -> None:
    done = start(tree)
    example = tree / "resources" / "tcplan_resources" / "examples" / "gpt3-175b.tcplan"
    assert done.stdout.split() == ["-m", "tcplan_desktop.program", "evaluate", str(example)]
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr


def test_with_a_display_the_window_opens_at_once(tree: Path) -> None:
    done = start(tree, "ctypes.CDLL = lambda name: None; os.environ['WAYLAND_DISPLAY'] = 'wayland-0'")
    assert (done.stdout.split(), done.stderr) == (["-m", "tcplan_desktop.program"], "")


def test_a_change_of_the_lock_is_installed(tree: Path) -> None:
    lock = tree / "packaging" / "runtime.txt"
    lock.write_text(lock.read_text() + "# newer\n")
    done = start(tree, "import venv; venv.create = lambda *given, **more: sys.exit('made anew')")
    assert "made anew" in done.stderr


def test_a_wrong_python_gets_one_sentence(tree: Path) -> None:
    done = start(tree, "sys.version_info = (3, 14, 0)")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "3.11, 3.12 or 3.13" in done.stderr


@pytest.mark.parametrize(
    ("manager", "package"),
    [("apt-get", "libxcb-cursor0"), ("dnf", "xcb-util-cursor")],
    ids=["debian", "fedora"],
)
def test_without_sudo_the_exact_command_is_named(tree: Path, manager: str, package: str) -> None:
    done = start(tree, f"{NO_LIBRARIES}\nshutil.which = lambda name: name if name == {manager!r} else None")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"as root, run: {manager} install" in done.stderr
    assert package in done.stderr


def test_an_unknown_system_is_told_what_to_install(tree: Path) -> None:
    done = start(tree, f"{NO_LIBRARIES}\nshutil.which = lambda name: None")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "xcb-util-cursor" in done.stderr


def pins(name: str) -> dict[str, str]:
    """Return the pinned versions of a lock, after seeing that each has a hash."""
    text = (PACKAGING / name).read_text(encoding="utf-8")
    assert "//" not in text
    lines = [line for line in text.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    entries = [re.match(r"([\w.-]+)==(\S+) .*--hash=sha256:", line) for line in lines]
    pinned = {entry[1]: entry[2] for entry in entries if entry is not None}
    assert len(pinned) == len(lines)
    return pinned


def test_the_locks_agree_and_hold_no_address() -> None:
    runtime, development = pins("runtime.txt"), pins("requirements.txt")
    assert runtime.items() <= development.items()
    assert (6, 9) <= tuple(int(part) for part in runtime["pyside6-essentials"].split(".")[:2]) < (6, 12)
