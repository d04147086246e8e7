"""Two real windows on one file: nobody's save is lost without a question."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tcplan.plan.document import Document
from tcplan.plan.file import load, save

_SAVES = 40

_SCRIPT = """
import json, random, sys
from pathlib import Path
from tcplan_desktop import app, settings
from tcplan_desktop.crash import CrashReport

place, seed, saves = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
application = app.application([])
window = app.first_window(settings.Settings(theme="light"))
desk = app.furnish(window, CrashReport())
desk.open_path(place)
done = conflicts = 0
print("ready", flush=True)
sys.stdin.readline()
while done < saves:
    window.edit("training.tokens", chance.uniform(1e12, 2e13))
    before = desk.fingerprint
    if desk.save():
        done += 1
        print(json.dumps([before.digest, desk.fingerprint.digest]), flush=True)
        continue
    conflicts += 1
    bar = window.notices.bars["outside"]
    reload, keep = bar.buttons[1:]
    if chance.random() < 0.5:
        reload.click()
    else:
        # This answer saves over the other's work, which was asked about; that is no loss.
        desk.fingerprint = None
        keep.click()
        if not window.document.modified:
            done += 1
            print(json.dumps(["asked", desk.fingerprint.digest]), flush=True)
window.close()
print(json.dumps(conflicts), flush=True)
"""


def _told(runs: "list[subprocess.Popen[str]]") -> list[object]:
    """Let both begin when both are ready, and return what they said."""
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("\n")
        run.stdin.flush()
    return [json.loads(line) for run in runs for line in run.communicate(timeout=120)[0].splitlines()]


def test_no_save_replaces_what_it_did_not_see(tmp_path: Path) -> None:
    """Two saves that both replaced the same version would mean that one of them vanished unseen."""
    place = tmp_path / "plan.tcplan"
    save(Document.new().with_value("training.tokens", 1e12), place, None)
    runs = []
    for seed in range(2):
        home = tmp_path / f"home{seed}"
        folders = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
        surroundings = os.environ | {name: str(folder) for name, folder in folders.items()}
        surroundings |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", _SCRIPT, str(place), str(seed), str(_SAVES)]
        pipe = subprocess.PIPE
        runs.append(subprocess.Popen(command, env=surroundings, stdin=pipe, stdout=pipe, text=True))
    told = _told(runs)
    assert [run.returncode for run in runs] == [0, 0]
    steps = [line for line in told if isinstance(line, list)]
    replaced = [before for before, _after in steps if before != "asked"]
    written = {after for _before, after in steps}
    assert len(steps) == 2 * _SAVES
    assert sum(line for line in told if isinstance(line, int)) > 0
    assert len(replaced) == len(set(replaced))
    data = place.read_bytes()
    assert load(place).fingerprint.digest in written
    assert data.count(b"\n") > 10
    assert {path.name for path in tmp_path.iterdir()} == {"plan.tcplan", "home0", "home1"}
