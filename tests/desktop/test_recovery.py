"""Work that was not saved is kept without asking, and offered without forcing."""

import errno
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tcplan.plan import recovery as entries
from tcplan.plan.disk import Clock, Disk
from tcplan.plan.document import Document as Content
from tcplan.plan.file import load, save
from tcplan.plan.recovery import Meta
from tcplan_desktop.files import recovery
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.parts.button import Kind
from tcplan_desktop.settings import Settings
from tcplan_desktop.views.recovery_page import RecoveryPage
from tcplan_desktop.window import Window

TOKENS = "training.tokens"
DEVICES = "hardware.devices"
_NO_PROCESS = 2**22 + 1


@pytest.fixture
def desk(window: Window) -> PlanDesk:
    """Give the window its files."""
    made = PlanDesk(window)
    window.desk = made
    return made


def left_by_accident(
    content: Content, path: str = "", labels: tuple[str, ...] = (), crashes: int = 0
) -> Path:
    """Write the entry of a session that was killed, and return its folder."""
    folder = entries.new_entry(recovery.folder())
    here = Meta.here(path, None, labels, "0.1.0")
    meta = Meta(here.path, here.base, here.labels, here.version, here.host, _NO_PROCESS, crashes)
    entries.write(folder, content, meta)
    return folder


def page_of(desk: PlanDesk) -> RecoveryPage:
    """Return the page of recovered work, which must be shown."""
    page = desk.window.stack.currentWidget()
    assert isinstance(page, RecoveryPage)
    return page


def kept_content(desk: PlanDesk) -> Content:
    """Return what the entry of the open document holds."""
    assert desk.keeper.keep_now() is not None
    assert desk.keeper.entry is not None
    orphan = next(one for one in entries.orphans(recovery.folder()) if one.folder == desk.keeper.entry)
    assert orphan.document is not None
    return orphan.document


def test_an_edit_is_kept_without_asking(desk: PlanDesk, qtbot: QtBot) -> None:
    """Nothing would be on the disk until somebody saves."""
    with qtbot.waitSignal(desk.keeper.kept, timeout=4 * recovery.IDLE_MILLISECONDS):
        desk.window.edit(TOKENS, 9e12)
    assert kept_content(desk).plan.training.tokens == 9e12


def test_steady_editing_does_not_put_the_snapshot_off(desk: PlanDesk) -> None:
    """Somebody who never pauses for two seconds would have no snapshot at all."""
    desk.window.edit(TOKENS, 9e12)
    first = desk.keeper.most_remaining
    desk.window.edit(TOKENS, 8e12)
    assert 0 < desk.keeper.most_remaining <= first <= recovery.MOST_MILLISECONDS


def test_losing_the_focus_keeps_at_once(desk: PlanDesk, qtbot: QtBot) -> None:
    """Switching off the computer after a glance at another window would lose the last edit."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    desk.window.edit(TOKENS, 9e12)
    with qtbot.waitSignal(desk.keeper.kept, timeout=recovery.IDLE_MILLISECONDS - 500):
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)


def test_the_snapshot_names_the_changes_since_the_save(desk: PlanDesk, tmp_path: Path) -> None:
    """The page could not say what a recovered copy has that the file has not."""
    window = desk.window
    window.edit(TOKENS, 9e12)
    window.edit(DEVICES, 2048.0)
    assert desk.keeper.labels() == ("tokens 15T → 9T", "devices 1024 → 2048")
    assert desk.save_to(tmp_path / "plan.tcplan", None)
    assert desk.keeper.labels() == ()
    window.edit(TOKENS, 8e12)
    assert desk.keeper.labels() == ("tokens 9T → 8T",)
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert desk.keeper.labels() == ("undo devices 1024 → 2048",)


def test_saving_and_taking_back_remove_the_entry(desk: PlanDesk, tmp_path: Path, qtbot: QtBot) -> None:
    """Saved work would be offered as lost at the next start."""
    desk.window.edit(TOKENS, 9e12)
    assert desk.keeper.keep_now()
    first = desk.keeper.entry
    assert first is not None
    assert desk.save_to(tmp_path / "plan.tcplan", None)
    qtbot.waitUntil(lambda: not first.exists())
    desk.window.edit(TOKENS, 8e12)
    assert desk.keeper.keep_now()
    second = desk.keeper.entry
    assert second is not None
    desk.window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: not second.exists())


def test_closing_asks_nothing_and_the_next_window_has_it(desk: PlanDesk, qtbot: QtBot) -> None:
    """Closing would ask, or lose a plan that was never saved."""
    desk.window.edit(TOKENS, 9e12)
    content = desk.window.document.content
    assert desk.window.close()
    other = Window(Settings(theme="light"), Content.new())
    other.desk = again = PlanDesk(other)
    with qtbot.waitSignal(other.settled):
        other.show()
    again.left_work.offer_at_start(behind=False)
    assert not isinstance(other.stack.currentWidget(), RecoveryPage)
    other.show_start_page()
    (item,) = other.start_page.recent
    assert (item.name, item.detail, item.when) == ("Test", "not saved, 1 change", "just now")
    other.start_page.opened.emit(item.path)
    assert other.document.content == content
    assert other.document.modified
    other.show_start_page()
    assert other.start_page.recent == ()
    other.close()
    other.deleteLater()


def test_another_plan_in_its_place_keeps_the_first(desk: PlanDesk) -> None:
    """New or Open would throw away what was not saved."""
    desk.window.edit(TOKENS, 9e12)
    desk.take(Content.new(title="Second"))
    assert not desk.window.document.modified
    (left,) = recovery.found()
    assert left.document is not None
    assert left.document.plan.training.tokens == 9e12
    desk.open_path(left.folder)
    assert desk.window.document.plan.training.tokens == 9e12


def test_the_page_offers_and_never_touches_the_file(desk: PlanDesk, tmp_path: Path, qtbot: QtBot) -> None:
    """Recovery would write over a file, lose the number of changes, or be offered twice."""
    place = tmp_path / "lab.tcplan"
    typed = Content.new().with_value(TOKENS, 9e12)
    saved = typed.saved(datetime.now(UTC), "0.1.0", "2026-11", {"money.total": 2e7})
    save(saved, place, None)
    old = place.read_bytes()
    content = saved.with_value(TOKENS, 8e12)
    labels = tuple(f"change {number}" for number in range(14))
    folder = left_by_accident(content, str(place), labels)
    desk.left_work.offer_at_start(behind=False)
    (card,) = page_of(desk).cards
    assert card.plan.name == "lab.tcplan"
    assert "14 changes after the last save" in card.plan.sentence
    assert card.plan.headline.startswith("20\u00a0M$ at the last save → ")
    assert card.restore.kind is Kind.SOLID
    assert not card.saved.isHidden()
    card.restore.click()
    window = desk.window
    assert window.document.content == content
    assert window.document.modified
    assert window.document.path is None
    assert desk.suggestion == place
    assert place.read_bytes() == old
    assert recovery.found() == ()
    assert desk.keeper.entry == folder
    assert desk.keeper.labels() == labels
    assert desk.save_to(tmp_path / "other.tcplan", None)
    qtbot.waitUntil(lambda: not folder.exists())


def test_later_keeps_everything(desk: PlanDesk) -> None:
    """Putting the question off would lose the answer."""
    folder = left_by_accident(Content.new(title="Kept").with_value(TOKENS, 8e12))
    desk.left_work.offer_at_start(behind=False)
    page_of(desk).not_now.click()
    assert desk.window.stack.currentWidget() is desk.window.start_page
    assert [item.path for item in desk.window.start_page.recent] == [str(folder)]
    assert len(recovery.found()) == 1


def test_open_saved_opens_the_file_and_keeps_the_copy(desk: PlanDesk, tmp_path: Path) -> None:
    """Choosing the file would discard the copy."""
    place = tmp_path / "lab.tcplan"
    saved = Content.new().with_value(TOKENS, 9e12)
    save(saved, place, None)
    left_by_accident(saved.with_value(TOKENS, 8e12), str(place), ("one",))
    desk.left_work.offer_at_start(behind=False)
    page_of(desk).cards[0].saved.click()
    assert desk.window.document.path == place
    assert desk.window.document.plan.training.tokens == 9e12
    assert "never saved (1 change)" in desk.window.notices.bars["left"].sentence.text()


def test_what_is_discarded_stays_a_week(desk: PlanDesk) -> None:
    """A wrong click would end the work for good, or the trash would grow for ever."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12))
    desk.left_work.offer_at_start(behind=False)
    card = page_of(desk).cards[0]
    card.discard.click()
    card.discard.click()
    assert desk.window.stack.currentWidget() is desk.window.start_page
    (kept,) = (recovery.folder() / "trash").iterdir()
    assert kept.name.endswith(folder.name)
    assert (kept / "plan.a").is_file()

    class Later(Clock):
        def now(self) -> datetime:
            return super().now() + timedelta(days=8)

    assert entries.empty_trash(recovery.folder(), clock=Later()) == [kept.name]


def test_a_damaged_copy_is_kept_and_said(desk: PlanDesk) -> None:
    """A damaged copy would be deleted, or would stop the start."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12))
    (folder / "plan.a").write_bytes(b"\0" * 300)
    desk.left_work.offer_at_start(behind=False)
    (card,) = page_of(desk).cards
    assert card.restore.isHidden()
    assert "both copies are damaged" in card.plan.sentence
    card.restore.click()
    assert folder.exists()


def test_a_copy_that_ends_the_program_is_not_pressed_on_anybody(desk: PlanDesk) -> None:
    """The program would end each time it is started."""
    left_by_accident(Content.new().with_value(TOKENS, 8e12), crashes=2)
    desk.left_work.offer_at_start(behind=False)
    (card,) = page_of(desk).cards
    assert card.restore.kind is Kind.OUTLINE
    assert "ended unexpectedly" in card.plan.warning
    assert QApplication.focusWidget() is page_of(desk).not_now


def test_opening_a_copy_is_counted_before_it_is_used(desk: PlanDesk) -> None:
    """Two crashes on one copy would not be noticed."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12))
    desk.open_path(folder)
    assert json.loads((folder / "meta.json").read_text())["crashes"] == 1


def test_leaving_a_recovered_copy_in_order_is_no_crash(desk: PlanDesk) -> None:
    """Looking at unsaved work three times would mark it as dangerous."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12), labels=("one",))
    for _turn in range(3):
        desk.open_path(folder)
        assert desk.keeper.entry == folder
        desk.take(Content.new())
        assert not desk.window.document.modified
    (left,) = recovery.found()
    assert left.meta.crashes == 0
    assert left.meta.labels == ("one",)
    assert recovery.was_left(left)


def test_a_plan_asked_for_is_not_hidden_by_the_page(desk: PlanDesk) -> None:
    """Double click on a file would show something else."""
    left_by_accident(Content.new().with_value(TOKENS, 8e12))
    desk.window.show_workbench()
    desk.left_work.offer_at_start(behind=True)
    bar = desk.window.notices.bars["accidents"]
    assert desk.window.stack.currentWidget() is desk.window.workbench
    assert bar.sentence.text() == "1 plan of an earlier session was not saved."
    bar.buttons[0].click()
    assert page_of(desk).cards


def test_an_open_plan_is_not_offered_to_others(desk: PlanDesk) -> None:
    """A second window would offer, and then share, what the first is working on."""
    desk.window.edit(TOKENS, 9e12)
    assert desk.keeper.keep_now()
    assert recovery.found() == ()


def test_the_number_of_a_dead_process_taken_by_another(desk: PlanDesk) -> None:
    """After a restart of the computer work would be hidden because its process number lives again."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12))
    meta = Meta.here("", None, (), "0.1.0")
    entries.write(folder, Content.new(), Meta(pid=os.getppid(), host=meta.host))
    assert [orphan.folder for orphan in recovery.found()] == [folder]


def test_a_file_changed_since_is_said(desk: PlanDesk, tmp_path: Path) -> None:
    """The person would save the copy over newer work."""
    place = tmp_path / "lab.tcplan"
    base = save(Content.new().with_value(TOKENS, 9e12), place, None)
    folder = entries.new_entry(recovery.folder())
    here = Meta.here(str(place), base, (), "0.1.0")
    entries.write(folder, load(place).document, Meta(here.path, base, host=here.host, pid=_NO_PROCESS))
    place.write_bytes(place.read_bytes() + b"\n")
    desk.left_work.offer_at_start(behind=False)
    assert page_of(desk).cards[0].plan.warning == "Its file was changed since."


def test_a_window_that_cannot_keep_its_work_stays(desk: PlanDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk closing would lose everything without a word."""

    def full(disk: Disk, handle: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Disk, "write", full)
        desk.window.edit(TOKENS, 9e12)
        assert not desk.window.close()
        assert desk.window.isVisible()
        bar = desk.window.notices.bars["recovery"]
        assert [button.text() for button in bar.buttons] == ["Save as…", "Close and lose the changes"]
    assert desk.window.close()
    (left,) = recovery.found()
    assert left.document is not None
    assert left.document.plan.training.tokens == 9e12


def test_old_forgotten_work_goes_to_the_trash(desk: PlanDesk) -> None:
    """The folder would grow with each plan that was looked at once."""
    folder = left_by_accident(Content.new().with_value(TOKENS, 8e12))

    class Earlier(Clock):
        def now(self) -> datetime:
            return super().now() - timedelta(days=40)

    entries.write(folder, Content.new(), Meta(pid=_NO_PROCESS), clock=Earlier())
    recovery.tidy()
    assert folder.exists()
    (folder / "left").touch()
    recovery.tidy()
    assert not folder.exists()
    assert len(list((recovery.folder() / "trash").iterdir())) == 1
