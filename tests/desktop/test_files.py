"""Opening, saving and finding plans again, through the window with real files."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QLockFile, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tcplan.examples import FIRST, example
from tcplan.plan.backups import kept
from tcplan.plan.disk import Disk
from tcplan.plan.document import Document as Content
from tcplan.plan.file import load
from tcplan_desktop.files import lock, recovery
from tcplan_desktop.files.drop import Veil
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.files.recent import Recent, RecentPlan, recent_file
from tcplan_desktop.settings import Settings
from tcplan_desktop.views.notices import NoticeBar
from tcplan_desktop.window import Window

TOKENS = "training.tokens"


class Answers:
    """Stands in for the dialogs of the system: what a person would have chosen, in order."""

    asked: ClassVar[list[tuple[str, Path]]] = []

    def __init__(self, *paths: Path | None) -> None:
        self._paths = list(paths)
        self.asked.clear()

    def ask_open(self, title: str, folder: Path) -> Path | None:
        self.asked.append((title, folder))
        return self._paths.pop(0)

    def ask_save(self, title: str, proposal: Path) -> Path | None:
        self.asked.append((title, proposal))
        return self._paths.pop(0)

    def ask_place(self, title: str, proposal: Path, _kinds: object) -> Path | None:
        return self.ask_save(title, proposal)


def answer(desk: PlanDesk, *paths: Path | None) -> None:
    """Let the next dialogs give these paths."""
    desk.dialogs = Answers(*paths)  # type: ignore[assignment]


@pytest.fixture
def desk(window: Window) -> PlanDesk:
    """Give the window its files."""
    made = PlanDesk(window)
    window.desk = made
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where the test saves its plan."""
    return tmp_path / "lab plan.tcplan"


def saved(desk: PlanDesk, place: Path, tokens: float = 9e12) -> None:
    """Type a value and save the plan."""
    desk.window.edit(TOKENS, tokens)
    answer(desk, place)
    assert desk.save()


def changed_by_another(place: Path, tokens: float) -> bytes:
    """Write the plan as another program would, and return the bytes."""
    data = place.read_bytes()
    value = load(place).document.plan.training.tokens
    assert isinstance(value, float)
    tree = json.loads(data)
    tree["plan"]["training"]["tokens"] = tokens
    tree.pop("raw", None)
    place.write_text(json.dumps(tree))
    os.utime(place, (2e9, 2e9))
    return place.read_bytes()


def bar(desk: PlanDesk, key: str) -> NoticeBar:
    """Return a bar that must be there."""
    return desk.window.notices.bars[key]


def press(desk: PlanDesk, key: str, words: str) -> None:
    """Press the button of a bar."""
    next(button for button in bar(desk, key).buttons if button.text() == words).click()


def words(desk: PlanDesk, key: str) -> list[str]:
    """Return the buttons of a bar."""
    return [button.text() for button in bar(desk, key).buttons]


@pytest.fixture
def another(qtbot: QtBot, desk: PlanDesk) -> Iterator[PlanDesk]:
    """Open a second window of the same person."""
    window = Window(Settings(theme="light"), Content.new())
    window.desk = made = PlanDesk(window)
    with qtbot.waitSignal(window.settled):
        window.show()
    yield made
    window.close()
    window.deleteLater()


def test_a_saved_plan_opens_again_with_rows_and_headline(desk: PlanDesk, place: Path) -> None:
    """A save that lost a value, the rows or the headline would show here, as one that stays modified."""
    saved(desk, place)
    window = desk.window
    assert not window.document.modified
    assert window.windowTitle() == "lab plan.tcplan — TCPlan"
    content = load(place).document
    assert content.plan.training.tokens == 9e12
    assert {row.table for row in content.rows} >= {"accelerators", "grids"}
    assert content.saves[-1].headline["money.total"] == window.estimate["money.total"].value
    desk.take(Content.new())
    assert window.document.plan.training.tokens is None
    desk.open_path(place)
    assert window.document.content == content


def test_a_save_is_recorded_only_when_the_plan_changed(desk: PlanDesk, place: Path) -> None:
    """A record for each press of Ctrl+S would fill the file with copies of one headline."""
    saved(desk, place)
    desk.window.document.replace(desk.window.document.content.with_words(author="Ada"), "author")
    assert desk.save()
    assert load(place).document.author == "Ada"
    assert len(load(place).document.saves) == 1
    desk.window.edit(TOKENS, 8e12)
    assert desk.save()
    assert len(load(place).document.saves) == 2


def test_what_is_proposed_and_the_ending(desk: PlanDesk, tmp_path: Path) -> None:
    """A plan would be proposed without a name, or land where the list of plans does not find it."""
    answer(desk, tmp_path / "mine")
    desk.take(Content.new())
    assert desk.save()
    _title, proposal = Answers.asked[0]
    assert proposal.name == "Llama 3.1 70B.tcplan"
    assert proposal.parent == recovery.folder().parent / "plans"
    assert (tmp_path / "mine.tcplan").is_file()


def test_a_thought_better_of_saves_nothing(desk: PlanDesk) -> None:
    """Cancel in the dialog would count as saved."""
    desk.window.edit(TOKENS, 9e12)
    answer(desk, None)
    assert not desk.save()
    assert desk.window.document.modified


def test_a_failed_save_says_why_and_keeps_the_work(desk: PlanDesk, tmp_path: Path, qtbot: QtBot) -> None:
    """A failed save would look like a good one, or lose what it could not write."""
    folder = tmp_path / "drive"
    desk.window.edit(TOKENS, 9e12)
    answer(desk, folder / "plan.tcplan")
    assert not desk.save()
    assert desk.window.document.modified
    sentence = bar(desk, "save").sentence.text()
    assert "the folder is gone" in sentence
    assert str(folder) in sentence
    assert "Your work is safe (kept " in sentence
    assert words(desk, "save") == ["Save as…", "Retry"]
    entry = desk.keeper.entry
    assert entry is not None
    assert (entry / "plan.a").is_file()
    folder.mkdir()
    press(desk, "save", "Retry")
    assert desk.window.windowTitle() == "plan.tcplan — TCPlan"
    assert load(folder / "plan.tcplan").document.plan.training.tokens == 9e12
    assert "save" not in desk.window.notices.bars
    qtbot.waitUntil(lambda: not entry.exists())


def test_writing_in_place_is_offered_where_replacing_is_refused(
    desk: PlanDesk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a folder that allows no replacing nobody could ever save."""
    saved(desk, place)
    whole = Disk.replace

    def refuse(disk: Disk, source: Path, target: Path) -> None:
        if target == place:
            raise OSError(errno.EPERM, "no")
        whole(disk, source, target)

    monkeypatch.setattr(Disk, "replace", refuse)
    desk.window.edit(TOKENS, 8e12)
    assert not desk.save()
    assert load(place).document.plan.training.tokens == 9e12
    press(desk, "save", "Write in place")
    assert load(place).document.plan.training.tokens == 8e12
    assert not desk.window.document.modified


def test_a_file_changed_outside_is_never_overwritten_silently(desk: PlanDesk, place: Path) -> None:
    """Somebody else's changes would be lost by a save."""
    saved(desk, place)
    theirs = changed_by_another(place, 5e12)
    desk.window.edit(TOKENS, 8e12)
    assert not desk.save()
    assert place.read_bytes() == theirs
    assert desk.window.document.modified
    press(desk, "outside", "Keep mine")
    assert load(place).document.plan.training.tokens == 8e12
    versions = [backup.path.read_bytes() for backup in kept(desk.window.document.content.id)]
    assert theirs in versions


def test_coming_back_to_the_window_shows_changes_outside(desk: PlanDesk, place: Path, qtbot: QtBot) -> None:
    """A person would go on with an old plan without knowing that the file is newer."""
    saved(desk, place)
    changed_by_another(place, 5e12)
    desk.look()
    qtbot.waitUntil(lambda: "outside" in desk.window.notices.bars)
    press(desk, "outside", "Show differences")
    assert bar(desk, "outside").details.text() == "Tokens: 9T here, 5T on the disk"
    press(desk, "outside", "Reload")
    assert desk.window.document.plan.training.tokens == 5e12
    assert "outside" not in desk.window.notices.bars
    assert not desk.window.document.modified


def test_reloading_keeps_what_was_not_saved(desk: PlanDesk, place: Path, qtbot: QtBot) -> None:
    """Reload would throw away an hour of work."""
    saved(desk, place)
    changed_by_another(place, 5e12)
    desk.window.edit(TOKENS, 8e12)
    desk.look()
    qtbot.waitUntil(lambda: "outside" in desk.window.notices.bars)
    press(desk, "outside", "Reload")
    assert desk.window.document.plan.training.tokens == 5e12
    press(desk, "left", "Open them")
    assert desk.window.document.plan.training.tokens == 8e12
    assert desk.window.document.path is None
    assert load(place).document.plan.training.tokens == 5e12


def test_a_new_time_alone_is_no_change(desk: PlanDesk, place: Path, qtbot: QtBot) -> None:
    """A synchronising program that only touches files would raise the alarm each time."""
    saved(desk, place)
    os.utime(place, (2e9, 2e9))
    before = desk.fingerprint
    desk.look()
    qtbot.waitUntil(lambda: desk.fingerprint is not before)
    assert "outside" not in desk.window.notices.bars
    desk.window.edit(TOKENS, 8e12)
    assert desk.save()


def test_a_file_that_is_gone_is_said_and_can_be_saved_again(
    desk: PlanDesk, place: Path, qtbot: QtBot
) -> None:
    """A deleted file would be noticed only when it is missed."""
    saved(desk, place)
    place.unlink()
    desk.look()
    qtbot.waitUntil(lambda: "outside" in desk.window.notices.bars)
    press(desk, "outside", "Save it again")
    assert load(place).document.plan.training.tokens == 9e12


def test_an_ending_that_was_added_overwrites_nothing(desk: PlanDesk, place: Path) -> None:
    """The dialog asked about "lab plan", but "lab plan.tcplan" would be replaced."""
    saved(desk, place)
    old = place.read_bytes()
    desk.take(Content.new())
    answer(desk, place.with_suffix(""))
    assert not desk.save()
    assert place.read_bytes() == old
    press(desk, "save", "Replace it")
    assert load(place).document.plan.training.tokens is None


def test_a_broken_file_is_refused_with_its_line(desk: PlanDesk, place: Path) -> None:
    """A broken file would take the place of the plan that is open, or end in a traceback."""
    saved(desk, place)
    broken = place.with_name("broken.tcplan")
    broken.write_bytes(place.read_bytes().replace(b'"tokens": ', b'"tokns": '))
    desk.open_path(broken)
    sentence = bar(desk, "open").sentence.text()
    assert sentence.startswith("broken.tcplan was not opened: line ")
    assert "did you mean" in sentence
    assert desk.window.document.path == place
    desk.open_path(place.with_name("missing.tcplan"))
    assert "there is no such file" in bar(desk, "open").sentence.text()


def test_two_windows_do_not_change_one_file_unwarned(desk: PlanDesk, another: PlanDesk, place: Path) -> None:
    """The second window would begin to work on a file that the first is changing."""
    saved(desk, place)
    mark = lock.beside(place)
    assert not mark.exists()
    desk.window.edit(TOKENS, 8e12)
    assert mark.exists()
    another.open_path(place)
    assert "lab plan.tcplan is being changed in another window." in bar(another, "lock").sentence.text()
    press(another, "lock", "Open a copy")
    assert another.window.document.path is None
    another.window.edit(TOKENS, 7e12)
    answer(another, None)
    another.save()
    assert Answers.asked[0][1].name == "lab plan (copy).tcplan"
    answer(desk)
    assert desk.save()
    assert not mark.exists()


def test_a_foreign_lock_is_left_alone(desk: PlanDesk, place: Path) -> None:
    """Saving would break the lock of a living program."""
    saved(desk, place)
    other = QLockFile(str(lock.beside(place)))
    assert other.tryLock(0)
    desk.window.edit(TOKENS, 8e12)
    assert words(desk, "lock") == ["Open a copy", "Open anyway"]
    press(desk, "lock", "Open anyway")
    assert desk.save()
    assert lock.beside(place).exists()
    other.unlock()


def test_an_older_version_comes_back_as_one_step(desk: PlanDesk, place: Path) -> None:
    """Going back would write the file at once, or could not be undone."""
    saved(desk, place)
    desk.window.edit(TOKENS, 8e12)
    assert desk.save()
    now = place.read_bytes()
    menu = desk.window.actions_by_name["revert"].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert len(menu.actions()) == 1
    menu.actions()[0].trigger()
    assert desk.window.document.plan.training.tokens == 9e12
    assert desk.window.document.modified
    assert place.read_bytes() == now
    desk.window.document.undo_stack.undo()
    assert desk.window.document.plan.training.tokens == 8e12
    assert not desk.window.document.modified


def test_two_plans_from_one_example_are_two_documents(desk: PlanDesk, tmp_path: Path) -> None:
    """The backups of one would be offered as older versions of the other."""
    ids = set()
    for name in ("one.tcplan", "two.tcplan"):
        desk.take(example(FIRST))
        answer(desk, tmp_path / name)
        assert desk.save()
        ids.add(load(tmp_path / name).document.id)
    answer(desk, tmp_path / "three.tcplan")
    assert desk.save_as()
    ids.add(load(tmp_path / "three.tcplan").document.id)
    assert len(ids) == 3


def test_the_start_page_lists_plans_with_what_they_say(desk: PlanDesk, place: Path, qtbot: QtBot) -> None:
    """The list would be empty, without numbers, or open a plan that is gone."""
    saved(desk, place)
    window = desk.window
    window.show_start_page()
    (item,) = window.start_page.recent
    assert (item.name, item.when, item.missing) == ("lab plan.tcplan", "just now", False)
    assert item.money.endswith("M$")
    assert item.time.endswith("d")
    moved = place.with_name("moved.tcplan")
    place.rename(moved)
    window.show_start_page()
    qtbot.waitUntil(lambda: window.start_page.recent[0].missing)
    answer(desk, moved)
    window.start_page.located.emit(str(place))
    assert window.document.path == moved
    assert [plan.path for plan in Recent().plans] == [str(moved)]


def test_a_damaged_list_of_recent_plans_costs_only_the_list(own_home: Path, window: Window) -> None:
    """A half-written list would keep the program from starting."""
    for damage in (b"{", b"[]", b'{"plans": [{"path": 3}]}', b"\xff\xfe", b'{"plans": ' + b"[" * 5000):
        recent_file().parent.mkdir(parents=True, exist_ok=True)
        recent_file().write_bytes(damage)
        recent = Recent()
        assert recent.plans == ()
        assert "could not be read" in recent.notice
    recent_file().write_bytes(b"{")
    window.desk = made = PlanDesk(window)
    assert "begins anew" in bar(made, "recent").sentence.text()


def test_two_windows_keep_one_list(own_home: Path) -> None:
    """The window that closes last would forget the plans of the other."""
    one, other = Recent(), Recent()
    one.add(RecentPlan("/a.tcplan", "a", "2026-01-01T00:00:00+00:00"))
    other.add(RecentPlan("/b.tcplan", "b", "2026-01-02T00:00:00+00:00"))
    assert [plan.path for plan in Recent().plans] == ["/b.tcplan", "/a.tcplan"]


def test_a_change_by_another_program_since_the_last_time_is_said(desk: PlanDesk, place: Path) -> None:
    """A flipped bit or a colleague's edit would pass for what was saved here."""
    saved(desk, place)
    desk.take(Content.new())
    changed_by_another(place, 5e12)
    desk.open_path(place)
    assert "was changed by another program since" in bar(desk, "history").sentence.text()


def test_a_result_that_drifted_since_the_save_is_said(desk: PlanDesk, place: Path) -> None:
    """A new catalogue would move the money of an old plan without a word."""
    saved(desk, place)
    tree = json.loads(place.read_bytes())
    tree["saves"][-1]["headline"]["money.total"] *= 0.9
    tree["saves"][-1]["engine"] = "0.0.9"
    desk.take(Content.new())
    place.write_text(json.dumps(tree))
    desk.open_path(place)
    sentence = bar(desk, "history").sentence.text()
    assert "this plan said" in sentence
    assert "TCPlan 0.0.9 → " in sentence


def test_a_plan_dropped_on_the_window_is_opened(desk: PlanDesk, place: Path) -> None:
    """A drop would do nothing, or the person would not know what it does."""
    saved(desk, place)
    desk.take(Content.new())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(place)), QUrl.fromLocalFile("/tmp/b.tcplan")])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    (veil,) = desk.window.findChildren(Veil)
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    assert veil.isVisible()
    assert veil.words == "Open lab plan.tcplan and list 1 more plan"
    assert veil.size() == desk.window.size()
    QApplication.sendEvent(veil, QDropEvent(QPoint(50, 50), copy, data, left, none))
    assert veil.isHidden()
    assert desk.window.document.path == place
    data.setUrls([QUrl.fromLocalFile("/tmp/picture.png")])
    other = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    other.ignore()
    QApplication.sendEvent(desk.window, other)
    assert veil.isHidden()


def test_the_sheet_is_written_in_the_chosen_format(desk: PlanDesk, tmp_path: Path) -> None:
    """Each format would need its own command, or an unknown one would end in a traceback."""
    starts = {
        ".pdf": b"%PDF",
        ".html": b"<!",
        ".xlsx": b"PK",
        ".md": b"#",
        ".tex": b"\\document",
        ".csv": b"\xef\xbb\xbf",
    }
    for suffix, start in starts.items():
        answer(desk, tmp_path / f"sheet{suffix}")
        desk.export_sheet()
        assert (tmp_path / f"sheet{suffix}").read_bytes().lstrip().startswith(start), suffix
    desk.window.actions_by_name["sheet_carbon"].trigger()
    answer(desk, tmp_path / "sheet.md")
    desk.export_sheet()
    assert "## Emissions, both bases side by side" in (tmp_path / "sheet.md").read_text("utf-8")
    answer(desk, tmp_path / "sheet.doc")
    desk.export_sheet()
    assert "sheet.doc is none of these" in bar(desk, "sheet").sentence.text()
    answer(desk, tmp_path / "nowhere" / "sheet.pdf")
    desk.export_sheet()
    assert "was not written in" in bar(desk, "sheet").sentence.text()
