"""The package as its user meets it in a bare Debian 12: installed, opened, used and removed."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.installed

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "linux"
USER = "ada"
HOME = f"home/{USER}"
# What any desktop brings: a display, a window manager, and what xdg-open asks for a file's type.
DESKTOP = (
    "xvfb xauth openbox xdotool xdg-utils libfile-mimeinfo-perl libglib2.0-bin "
    "shared-mime-info desktop-file-utils"
)

# Mounts and processes belong to the one command, so that nothing of it stays on this machine.
APART = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
ENTER = """
set -eu
mount --make-rprivate /
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$3" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot --userspec="$2" "$1" bash -euc "cd; $4"
"""


@dataclass(frozen=True)
class Machine:
    """A Debian root on this disk."""

    root: Path

    def run(self, script: str, user: str = USER) -> subprocess.CompletedProcess[str]:
        """Run a script in it, the user's without a network, and return its end with both outputs."""
        home = "/root" if user == "root" else f"/home/{user}"
        apart = APART if user == "root" else [*APART, "--net"]
        command = [*apart, "bash", "-c", ENTER, "enter", str(self.root), user, home, script]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)

    def must(self, script: str, user: str = USER) -> str:
        """Run a script that has to succeed and return its output."""
        done = self.run(script, user)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, packages: str) -> None:
        """Add packages with what they declare and nothing more."""
        self.must(f"apt-get -qq update; apt-get -qq install --no-install-recommends {packages} -y", "root")


@pytest.fixture(scope="module")
def package() -> Path:
    subprocess.run([ROOT / "packaging" / "linux" / "build"], check=True, timeout=900)
    (built,) = BUILT.glob("tcplan_*.deb")
    return built


@pytest.fixture(scope="module")
def bare() -> Path:
    """A Debian with nothing in it, kept between runs for its download."""
    root = BUILT / "bookworm"
    if not (root / "etc" / "debian_version").exists():
        shutil.rmtree(root, ignore_errors=True)
        BUILT.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root], check=True, timeout=900)
    return root


@pytest.fixture(scope="module")
def machine(bare: Path, package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    root = tmp_path_factory.mktemp("debian") / "root"
    subprocess.run(["cp", "-a", bare, root], check=True)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    shutil.copy(package, root / "srv" / "tcplan.deb")
    machine = Machine(root)
    machine.must(f"useradd --create-home --shell /bin/bash {USER}", "root")
    machine.install("/srv/tcplan.deb")
    yield machine
    shutil.rmtree(root)


SCREEN = """
    mkfifo screen
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3<>screen 2>/dev/null &
    read -r number <>screen
    rm screen
    export DISPLAY=:$number
    openbox 2>/dev/null &
    within() { timeout "$1" bash -c "until $2; do read -rt 0.1 <> <(:) || :; done"; }
    window() { timeout 30 xdotool search --sync --onlyvisible --name "$1" | head -n 1; }
"""


def test_the_command_line_works_with_the_declared_packages_alone(machine: Machine) -> None:
    assert machine.must("tcplan --version").startswith("tcplan ")
    machine.must("mkdir -p plans; tcplan new --from gpt3-175b plans/gpt3.tcplan")
    assert "money.total" in machine.must("tcplan evaluate plans/gpt3.tcplan --csv")


LLAMA = """{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
"intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
"vocab_size": 32000, "tie_word_embeddings": false, "torch_dtype": "float16", "max_position_embeddings": 4096}
"""


def test_every_command_works_without_a_network_and_without_python(machine: Machine) -> None:
    assert machine.run("command -v python3").returncode == 1
    (machine.root / HOME / "config.json").write_text(LLAMA, encoding="utf-8")
    machine.must("tcplan import config.json llama.tcplan")
    results = json.loads(machine.must("tcplan evaluate llama.tcplan --json"))["results"]
    assert results["model.parameters"]["value"] == 6_738_415_616
    assert results["money.total"]["p95"] > results["money.total"]["p5"]
    assert "6.738 × 10⁹" in machine.must("tcplan explain llama.tcplan model.parameters")
    assert len(json.loads(machine.must("tcplan layouts llama.tcplan --top 3 --json"))["layouts"]) == 3
    groups = json.loads(machine.must("tcplan validate --out rows.csv --json"))["groups"]
    assert groups
    assert json.loads(machine.must("tcplan validate --steps rows.csv --json"))["groups"] == groups
    table = machine.must("tcplan sweep llama.tcplan --vary training.tokens=1T,2T --out s.csv; cat s.csv")
    assert len(table.splitlines()) == 3
    for suffix in ("html", "xlsx", "md", "tex"):
        assert machine.must(f"tcplan sheet llama.tcplan sheet.{suffix}; stat -c %s sheet.{suffix}") > "0"
    assert "bridge-2025" in machine.must("tcplan catalogue list stacks")
    json.loads(machine.must("tcplan schema"))


@pytest.mark.parametrize(
    ("words", "library"),
    [("--out s.parquet", "pyarrow"), ("--out s.csv --scheduler tcp://node1:8786", "distributed")],
    ids=["parquet", "scheduler"],
)
def test_what_a_sweep_lacks_is_named_in_one_sentence(machine: Machine, words: str, library: str) -> None:
    machine.must("test -e swept.tcplan || tcplan new --from gpt3-175b swept.tcplan")
    done = machine.run(f"tcplan sweep swept.tcplan --vary training.tokens=1T,2T {words}")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"needs the library {library}, which is not in this installation" in done.stderr


def test_without_a_display_the_window_is_refused_in_one_sentence(machine: Machine) -> None:
    done = machine.run("tcplan")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr


def test_the_sheet_prints_to_pdf_without_a_display(machine: Machine) -> None:
    machine.must("tcplan new --from gpt3-175b sheet.tcplan; tcplan sheet sheet.tcplan sheet.pdf --paper a4")
    reader = PdfReader(machine.root / HOME / "sheet.pdf")
    text = "".join(page.extract_text() for page in reader.pages)
    assert "GPT-3" in text
    fonts = re.findall(rb"/BaseFont */([\w+-]+)", (machine.root / HOME / "sheet.pdf").read_bytes())
    assert fonts
    assert all(b"TCPlanSans" in font for font in fonts)


@pytest.mark.parametrize(
    ("name", "copy"), [("gpt3", "one"), ("Études de coûts/ein Plan, größer", "two")], ids=["plain", "accents"]
)
def test_a_double_click_opens_the_plan_and_it_saves(machine: Machine, name: str, copy: str) -> None:
    machine.install(DESKTOP)
    machine.must(f'''{SCREEN}
    mkdir -p "$(dirname "{name}")"
    tcplan new --from gpt3-175b "{name}.tcplan"
    xdg-open "$PWD/{name}.tcplan" &
    main=$(window "$(basename "{name}")")
    xdotool windowactivate --sync "$main" key ctrl+shift+s
    window "Save" >/dev/null
    xdotool type --delay 20 "$PWD/{copy}.tcplan"
    xdotool key Return
    within 20 "test -s '{copy}.tcplan'"
    xdotool key ctrl+q
    within 20 "! xdotool search --onlyvisible --name . >/dev/null"
    ''')
    saved = machine.root / HOME / f"{copy}.tcplan"
    assert '"preset": "gpt3"' in saved.read_text(encoding="utf-8")


def test_every_view_opens_and_nothing_is_missing_from_the_program(machine: Machine) -> None:
    machine.install(DESKTOP)
    (machine.root / HOME / "config.json").write_text(LLAMA, encoding="utf-8")
    machine.must(f"""{SCREEN}
    tcplan new --from llama3.1-70b views.tcplan
    tcplan views.tcplan 2>views.err &
    main=$(window views)
    xdotool windowactivate --sync "$main"
    ask() {{ xdotool key ctrl+k; xdotool type --delay 20 "$1"; xdotool key Return; }}
    xdotool key ctrl+4
    ask "How good are these"
    xdotool key Escape
    ask "Calibrate to my"
    xdotool key Escape ctrl+3 ctrl+2 ctrl+1 ctrl+i
    window "Make a plan from a file" >/dev/null
    xdotool type --delay 20 "$PWD/config.json"
    xdotool key Return
    within 20 "! xdotool search --onlyvisible --name views >/dev/null"
    xdotool key ctrl+shift+s
    window "Save" >/dev/null
    xdotool type --delay 20 "$PWD/imported.tcplan"
    xdotool key Return
    within 20 "test -s imported.tcplan"
    xdotool key ctrl+q
    within 20 "! xdotool search --onlyvisible --name . >/dev/null"
    """)
    home = machine.root / HOME
    assert '"hidden": 4096' in (home / "imported.tcplan").read_text(encoding="utf-8")
    logs = [home / "views.err", *(home / ".local/state/tcplan/log").iterdir()]
    assert [path.read_text(encoding="utf-8") for path in logs if path.stat().st_size] == []


def test_the_desktop_knows_the_program_and_its_files(machine: Machine) -> None:
    machine.install(DESKTOP)
    machine.must("tcplan new --from gpt3-175b known.tcplan")
    assert machine.must("xdg-mime query filetype known.tcplan").strip() == "application/x-tcplan+json"
    default = machine.must("xdg-mime query default application/x-tcplan+json").strip()
    assert default == "tcplan.desktop"


def test_removal_leaves_the_files_of_the_user_and_nothing_else(machine: Machine) -> None:
    machine.must("tcplan new --from gpt3-175b mine.tcplan")
    machine.must("apt-get -qq purge -y tcplan", "root")
    assert (machine.root / HOME / "mine.tcplan").exists()
    owner = (machine.root / HOME).stat().st_uid
    left = [path for path in machine.root.rglob("*[tT][cC][pP]lan*") if path.lstat().st_uid != owner]
    assert left == [machine.root / "srv" / "tcplan.deb"]
    traces = machine.run("grep -rl tcplan /usr/share/mime /usr/share/applications /usr/share/icons", "root")
    assert traces.stdout == ""
