"""Files of other programs through the window: by the menu, by dropping them, by opening them."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from tcplan.validation.on_paper import sheet_today
from tcplan_desktop.files.drop import Veil
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.forms.row_picker import RowPicker
from tcplan_desktop.window import Window

PARAMS = {"dim": 4096, "n_layers": 32, "n_heads": 32, "multiple_of": 256, "norm_eps": 1e-5, "vocab_size": -1}
JOBS = (
    "JobID|State|Elapsed|AllocTRES|ConsumedEnergyRaw\n"
    "7|COMPLETED|1-00:00:00|cpu=64,gres/gpu:h100=8,node=1|300000000\n"
)


@pytest.fixture
def desk(window: Window) -> PlanDesk:
    """Give the window its files."""
    made = PlanDesk(window)
    window.desk = made
    return made


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """Write a model's configuration in a folder of its name."""
    path = tmp_path / "llama-7b" / "params.json"
    path.parent.mkdir()
    path.write_text(json.dumps(PARAMS))
    return path


class Chosen:
    """Stands in for the dialog of the system."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def ask_import(self, _title: str, _folder: Path) -> Path | None:
        return self.path


def test_the_menu_makes_a_new_plan_and_says_what_was_assumed(desk: PlanDesk, params: Path) -> None:
    """The person would not know that the vocabulary is a guess, or lose the plan that was open."""
    window = desk.window
    window.edit("training.tokens", 9e12)
    desk.dialogs = Chosen(params)  # type: ignore[assignment]
    window.show_start_page()
    window.actions_by_name["import"].trigger()
    content = window.document.content
    assert content.title == "llama-7b"
    assert content.plan.model.layers == 32.0
    assert content.plan.training.tokens is None
    assert window.document.path is None
    assert window.stack.currentWidget() is window.workbench
    assert window.estimate["model.parameters"].value == 6_738_415_616
    notice = window.notices.bars["import"]
    assert "vocab_size" in notice.sentence.text()
    assert window.document.undo_stack.count() == 0


def test_thinking_better_of_it_changes_nothing(desk: PlanDesk) -> None:
    """Closing the dialog would empty the plan."""
    before = desk.window.document.content
    desk.dialogs = Chosen(None)  # type: ignore[assignment]
    desk.window.actions_by_name["import"].trigger()
    assert desk.window.document.content is before


def test_a_table_of_jobs_dropped_on_the_window_becomes_a_plan(desk: PlanDesk, tmp_path: Path) -> None:
    """A drop would do nothing, or the person would not know what letting go does."""
    path = tmp_path / "jobs.txt"
    path.write_text(JOBS)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    (veil,) = desk.window.findChildren(Veil)
    QApplication.sendEvent(desk.window, QDragEnterEvent(QPoint(50, 50), copy, data, left, none))
    assert veil.words == "Make a plan from jobs.txt"
    QApplication.sendEvent(veil, QDropEvent(QPoint(50, 50), copy, data, left, none))
    estimate = desk.window.estimate
    assert estimate.plan.hardware.devices == 8.0
    assert estimate["time.device_hours"].value == pytest.approx(192.0)
    assert estimate["energy.computers"].value == pytest.approx(300e6 / 3.6e6)
    assert desk.recent() == desk.left_work.items()


def test_a_drop_of_a_plan_and_a_table_opens_the_plan(desk: PlanDesk, tmp_path: Path) -> None:
    """A table beside a plan would be listed as a recent plan."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("jobs.csv", "a.tcplan")])
    (veil,) = desk.window.findChildren(Veil)
    QApplication.sendEvent(
        desk.window,
        QDragEnterEvent(
            QPoint(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    assert veil.words == "Open a.tcplan"


def test_a_plan_of_another_ending_is_opened_as_a_plan(desk: PlanDesk, tmp_path: Path) -> None:
    """A plan that somebody renamed would be refused, or lose its name and saves."""
    place = tmp_path / "lab.tcplan"
    desk.window.edit("training.tokens", 9e12)
    assert desk.save_to(place, None)
    renamed = place.rename(tmp_path / "lab.json")
    desk.open_path(renamed)
    assert desk.window.document.path == renamed
    assert desk.window.document.plan.training.tokens == 9e12


@pytest.mark.parametrize("text", ["", "{", "a,b\n1,2\n", '{"format": 1, "readable_from": 1}'])
def test_a_file_of_no_kind_leaves_the_plan_and_is_said(desk: PlanDesk, tmp_path: Path, text: str) -> None:
    """A wrong file would take the place of the plan, or end in a report of a crash."""
    path = tmp_path / "wrong.json"
    path.write_text(text)
    before = desk.window.document.content
    desk.open_path(path)
    assert desk.window.document.content is before
    assert "wrong.json was not opened" in desk.window.notices.bars["open"].sentence.text()


def test_a_model_of_its_own_is_not_called_like_the_usual_preset(desk: PlanDesk, params: Path) -> None:
    """Window and sheet would name a model of ten times the size."""
    window = desk.window
    desk.dialogs = Chosen(params)  # type: ignore[assignment]
    window.actions_by_name["import"].trigger()
    row = window.inputs.row("model.preset")
    assert row is not None
    assert isinstance(row.editor, RowPicker)
    assert row.editor.key == ""
    sheet = sheet_today(window.document.content, window.estimate)
    assert next(one for one in sheet.assumptions if one.label == "Model").value.startswith("a model of 6.7")
