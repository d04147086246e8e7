"""Tables of measured steps to try things on, and a home of its own for each test."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.validation.tables import Cells, Tcplan, Write

from tcplan.cli import main
from tcplan.validation import own_stack


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep stacks of one's own in a home that the test alone has."""
    home = tmp_path / "home"
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    own_stack.forget()
    yield home
    own_stack.forget()


@pytest.fixture
def tcplan(capsys: pytest.CaptureFixture[str]) -> Tcplan:
    """Return the program: it gives the exit code, and leaves what it printed to `capsys`."""

    def run(*words: object) -> int:
        capsys.readouterr()
        return main([str(word) for word in words])

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes cells as a table and gives its place."""

    def table(rows: Sequence[Cells], name: str = "steps.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(column for row in rows for column in row)))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return table
