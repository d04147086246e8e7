"""The real window, killed at work: what was kept is there again, and no file is damaged."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tcplan.plan.file import load

_START = """
import json, random, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from tcplan_desktop import app, settings
from tcplan_desktop.crash import CrashReport

def say(**facts):
    print(json.dumps(facts), flush=True)

application = app.application([])
report = CrashReport()
report.install()
window = app.first_window(settings.Settings(theme="light"))
desk = app.furnish(window, report)
"""

_WORK = """
place, seed = Path(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
steps = iter(range(1, 100_000))

def step():
    number = next(steps)
    say(begun=number)
    window.edit("training.tokens", 1e12 + number * 1e9)
    say(edited=number)
    wish = chance.random()
    if wish < 0.15 and desk.keeper.keep_now():
        say(kept=number)
    elif wish < 0.25:
        if window.document.path is None:
            done = desk.save_to(place, None)
        else:
            done = desk.save()
        if done:
            say(saved=number)

timer = QTimer()
timer.timeout.connect(step)
timer.start(0)
application.exec()
"""

_AGAIN = """
from tcplan_desktop.views.recovery_page import RecoveryPage

desk.left_work.offer_at_start(behind=False)
page = window.stack.currentWidget()
cards = page.cards if isinstance(page, RecoveryPage) else []
say(offered=len(cards))
if cards:
    cards[0].restore.click()
    path = window.document.path
    tokens = window.document.plan.training.tokens
    say(tokens=tokens, modified=window.document.modified, path=path and str(path))
    desk.save_to(Path(sys.argv[1]), None)
QTimer.singleShot(0, window.close)
application.exec()
report.uninstall()
"""


def started(script: str, home: Path, *words: str) -> "subprocess.Popen[str]":
    """Run a script with the window in a home of its own."""
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
    }
    surroundings = os.environ | {name: str(folder) for name, folder in folders.items()}
    surroundings |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _START + script, *words]
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)


def worked(home: Path, place: Path, seed: int) -> dict[str, int]:
    """Let the window work, kill it at a random moment, and return the last number of each kind."""
    chance = random.Random(seed)
    last = {"begun": 0, "edited": 0, "kept": 0, "saved": 0}
    process = started(_WORK, home, str(place), str(seed))
    assert process.stdout is not None
    end = chance.randrange(20, 160)
    for count, line in enumerate(process.stdout):
        last |= json.loads(line)
        if count == end:
            process.kill()
    process.stdout.close()
    assert process.wait(60) != 0
    return last


def restarted(home: Path, place: Path) -> dict[str, object]:
    """Start again, open what is offered and save it; return what was there."""
    process = started(_AGAIN, home, str(place))
    text, _errors = process.communicate(timeout=60)
    assert process.returncode == 0
    found: dict[str, object] = {}
    for line in text.splitlines():
        found |= json.loads(line)
    return found


def number_of(tokens: object) -> int:
    """Return the number of the edit that typed these tokens."""
    assert isinstance(tokens, float)
    return round((tokens - 1e12) / 1e9)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_kept_survives_a_kill(tmp_path: Path, seed: int) -> None:
    """A kill would lose kept work, damage the saved file, or offer the same work at each start."""
    place, again = tmp_path / "plan.tcplan", tmp_path / "again.tcplan"
    last = worked(tmp_path / "home", place, seed)
    assert last["edited"] > 0
    in_file = number_of(load(place).document.plan.training.tokens) if place.exists() else 0
    assert last["saved"] <= in_file <= last["begun"]
    found = restarted(tmp_path / "home", again)
    # A save may be done without the word of it having arrived.
    if last["kept"] > in_file:
        assert found["offered"] == 1
    if found["offered"]:
        assert found["modified"] is True
        assert found["path"] is None
        assert last["kept"] <= number_of(found["tokens"]) <= last["begun"]
        assert load(again).document.plan.training.tokens == found["tokens"]
    if seed == 0:
        assert restarted(tmp_path / "home", again) == {"offered": 0}
