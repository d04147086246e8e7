"""Make what TCPlan needs on this machine, once: system packages, `.venv` and the locked Python packages.

Only the standard library is used here, and no word of it is newer than Python 3.8, so that a wrong Python
gets a sentence and not a syntax error.

    python3 packaging/environment.py     # everything that developers and tests need
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
RUNTIME = ROOT / "packaging" / "runtime.txt"
DEVELOPMENT = ROOT / "packaging" / "requirements.txt"
OLDEST, NEWEST = (3, 11), (3, 13)

# Each library that Qt loads, with the package that holds it on Debian and Ubuntu, and on Fedora.
LIBRARIES = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libcups.so.2": ("libcups2", "cups-libs"),
}


class SetupError(Exception):
    """What is missing and how to get it, in one sentence."""


def say(sentence: str) -> None:
    """Tell the user what happens, apart from the results on standard output."""
    print(sentence, file=sys.stderr, flush=True)


def display() -> bool:
    """Tell whether a window can be opened."""
    chosen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & os.environ.keys()
    return sys.platform in ("win32", "darwin") or any(os.environ[name] for name in chosen)


def check_python() -> None:
    """Refuse a Python for which no locked packages exist."""
    here = sys.version_info[:2]
    if not OLDEST <= here <= NEWEST:
        found = f"{here[0]}.{here[1]} ({sys.executable})"
        message = f"TCPlan needs Python 3.11, 3.12 or 3.13, and this is Python {found}."
        raise SetupError(message)


def loads(library: str) -> bool:
    """Tell whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(window: bool, debian: bool) -> list[str]:
    """Return the system packages that are needed and not there."""
    column = 0 if debian else 1
    packages = [names[column] for library, names in LIBRARIES.items() if window and not loads(library)]
    # Debian keeps the wheels that a new environment starts with in a package of their own.
    if debian and not FOLDER.exists() and importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python3.{sys.version_info[1]}-venv")
    return packages


def add_system_packages(window: bool) -> None:
    """Install the missing system packages of a Debian, Ubuntu or Fedora machine."""
    debian = shutil.which("apt-get") is not None
    packages = missing_packages(window, debian)
    if not packages:
        return
    names = " ".join(packages)
    if debian:
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    elif shutil.which("dnf"):
        command = ["dnf", "install", "--assumeyes", *packages]
    else:
        message = f"Install these system packages (named as on Fedora), then start this again: {names}"
        raise SetupError(message)
    by_hand = " ".join(command)
    if os.geteuid() != 0 and shutil.which("sudo") is None:
        message = f"System packages are missing and there is no sudo here; as root, run: {by_hand}"
        raise SetupError(message)
    way = command[0] if os.geteuid() == 0 else f"sudo {command[0]}"
    say(f"Installing the system packages that are missing, with {way}: {names}")
    script = " ".join([command[0], "-q", *command[1:]])
    if debian:
        # One of several sources that cannot be reached is no reason to stop; the installation says so itself.
        script = f"apt-get -qq update; {script}"
    if as_root(script) != 0:
        message = f"The system packages could not be installed (the reason is above); as root, run: {by_hand}"
        raise SetupError(message)


def as_root(script: str) -> int:
    """Run a package manager, through sudo when needed, and return its exit code; only errors are shown."""
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "DEBCONF_NOWARNINGS=yes", "sh", "-c", script]
    if os.geteuid() != 0:
        command.insert(0, "sudo")
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode


def interpreter() -> Path:
    """Return where the environment's Python lies."""
    return FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def stamp(lock: Path) -> str:
    """Return what an environment that serves this tree would have written down."""
    digest = hashlib.sha256()
    for part in (lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()):
        digest.update(part)
    return f"{sys.version_info[0]}.{sys.version_info[1]} {digest.hexdigest()}"


def stamps() -> dict[str, str]:
    """Return what the environment says it was made from, by the name of the lock."""
    path = FOLDER / "tcplan.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def works() -> bool:
    """Tell whether the environment's Python runs and is of this version, which an upgraded system breaks."""
    question = "import sys, pip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([interpreter(), "-c", question], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def install(*arguments: str) -> None:
    """Run the environment's pip; its words go to a file that an error names."""
    log = FOLDER / "setup.log"
    command = [str(interpreter()), "-m", "pip", "--disable-pip-version-check", "install", *arguments]
    with log.open("a", encoding="utf-8") as stream:
        done = subprocess.run(command, stdout=stream, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        message = (
            f"The Python packages could not be installed; is the network there? pip's own words are in {log}."
        )
        raise SetupError(message)


def add_python_packages(lock: Path) -> None:
    """Make the environment and put the locked packages and the project into it."""
    amount = 180 if lock == DEVELOPMENT else 110
    say(f"Setting up TCPlan in .venv (once; some {amount} MB are downloaded).")
    if not works():
        try:
            venv.create(FOLDER, clear=True, with_pip=True, symlinks=os.name != "nt")
        except (OSError, subprocess.CalledProcessError) as error:
            message = f"The environment {FOLDER} could not be made: {error}."
            raise SetupError(message) from error
    (FOLDER / "setup.log").unlink(missing_ok=True)
    install("--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    made = {**stamps(), lock.name: stamp(lock)}
    (FOLDER / "tcplan.json").write_text(json.dumps(made, indent=1), encoding="utf-8")


def prepare(lock: Path, window: bool) -> Path:
    """Return a Python that can run TCPlan, making what is missing; what is in place costs no time."""
    check_python()
    if sys.platform == "linux":
        add_system_packages(window)
    # The developers' lock holds the runtime lock's packages in the same versions.
    made = stamps()
    served = {lock, DEVELOPMENT}
    if not any(made.get(each.name) == stamp(each) for each in served) or not interpreter().exists():
        add_python_packages(lock)
    return interpreter()


def prepared(lock: Path, window: bool) -> Path:
    """Return such a Python, or end the program with one sentence."""
    try:
        return prepare(lock, window)
    except SetupError as error:
        say(str(error))
    except OSError as error:
        say(f"TCPlan could not be set up: {error}.")
    except KeyboardInterrupt:
        say("Stopped; start it again to go on.")
    sys.exit(2)


def become(command: list[str]) -> NoReturn:
    """Go on as another program; Windows has no such thing, so there this one waits for its end."""
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    prepared(DEVELOPMENT, window=True)
