"""The desk of the window: it opens, saves and keeps plans, and says in a bar what went wrong."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu

from tcplan.catalogue.pack import SUFFIX as PACK
from tcplan.estimate import as_saved
from tcplan.language import _, plural
from tcplan.plan.atomic import remove_leftovers
from tcplan.plan.disk import Fingerprint
from tcplan.plan.document import BASE
from tcplan.plan.document import Document as Content
from tcplan.plan.file import ConflictError, Opened, PlanFileError, SaveError, load, save
from tcplan_desktop.files import backups, conflict, dialogs, headline, importing, lock, recovery, sheet
from tcplan_desktop.files.background import Background
from tcplan_desktop.files.drop import Veil
from tcplan_desktop.files.left_work import LeftWork
from tcplan_desktop.files.menus import RecentMenu, VersionMenu
from tcplan_desktop.files.recent import Recent, RecentPlan, missing, now
from tcplan_desktop.files.recovery import Keeper
from tcplan_desktop.views.notices import Answer, Notice
from tcplan_desktop.views.start_list import RecentItem
from tcplan_desktop.views.time_words import on_the_wall

if TYPE_CHECKING:
    from tcplan_desktop.window import Window

SUFFIX = dialogs.SUFFIX
_OF_THE_DOCUMENT = ("save", "outside", "lock", "history", "left", "import")
"""Notices that go when another document takes the place of the one they are about."""


class PlanDesk(QObject):
    """What the window asks of the files; one for each window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.document = window.document
        self.fingerprint: Fingerprint | None = None
        self.suggestion: Path | None = None
        """Where a recovered copy came from; Save as begins there."""
        self.keeper = Keeper(self.document, lambda: self.fingerprint, self)
        self.recent_plans = Recent()
        self.left_work = LeftWork(self)
        self._recent_menu, self._version_menu = RecentMenu(self), VersionMenu(self)
        window.actions_by_name["open_recent"].setMenu(self._recent_menu)
        window.actions_by_name["revert"].setMenu(self._version_menu)
        self._veil = Veil(window)
        self._veil.dropped.connect(self.open_paths)
        self.dialogs = dialogs.Dialogs(window)
        self._lock = lock.PlanLock()
        self._looking = Background("looking", self)
        self._missing: frozenset[str] = frozenset()
        self._lose = False
        self.document.renamed.connect(self._mind_the_lock)
        self.keeper.failed.connect(self._not_kept)
        self.keeper.kept.connect(lambda _time: window.notices.drop("recovery"))
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._turned)
            app.commitDataRequest.connect(self._session_ends)
        if self.recent_plans.notice:
            self.say("recent", "warning", self.recent_plans.notice)
        self._looking.do(recovery.tidy)

    def say(self, key: str, level: str, sentence: str, answers: tuple[Answer, ...] = ()) -> None:
        """Show a bar in the window."""
        self.window.notices.say(Notice(key, level, sentence, answers))

    # opening

    def open(self) -> None:
        """Let the person choose a file and show it."""
        here = self.document.path.parent if self.document.path else dialogs.plans_folder()
        path = self.dialogs.ask_open(_("Open a plan"), here)
        if path is not None:
            self.open_path(path)

    def import_file(self) -> None:
        """Let the person choose a file of another program, and make a plan of it."""
        importing.ask(self)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Show the first of several plans, and put the others into the list of recent plans."""
        for path in reversed(paths[1:]):
            self.recent_plans.add(RecentPlan(str(path), path.name, now()))
        if len(paths) > 1:
            sentence = plural(
                "{count} more plan is in the list of recent plans.",
                "{count} more plans are in the list of recent plans.",
                len(paths) - 1,
            )
            self.say("several", "advice", sentence.format(count=len(paths) - 1))
        if paths:
            self.open_path(paths[0])

    def ask_plan(self) -> Path | None:
        """Let the person choose the file of another plan."""
        here = self.document.path
        folder = here.parent if here is not None else dialogs.plans_folder()
        return self.dialogs.ask_open(_("Compare with"), folder)

    def open_path(self, path: Path) -> None:
        """Show the plan of a file, or one made from it, or go on with work that an earlier session left."""
        if path.suffix == PACK:
            self.window.catalogue.packs.open(path)
            return
        if path.parent == recovery.folder():
            self.left_work.open(path)
            return
        path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link, which shall stay one
        if self.document.path == path and self.document.modified:
            self.window.show_workbench()
            return
        self._read(path)

    def _read(self, path: Path, *, again: bool = False) -> None:
        try:
            opened = load(path)
        except PlanFileError as error:
            if path.suffix != SUFFIX:
                importing.show(self, path)
                return
            sentence = _("{name} was not opened: {reason}.").format(name=path.name, reason=error)
            self.say("open", "error", sentence)
            return
        self.window.notices.drop("open")
        self._show(opened, path, None if again else self.recent_plans.find(path))

    def _show(self, opened: Opened, path: Path, before: RecentPlan | None) -> None:
        self.leave()
        self.fingerprint = opened.fingerprint
        self.document.open(opened.document, path)
        self._tell_history(opened, before)
        self._remember(path)
        held = lock.holder(lock.beside(path))
        if held is not None:
            self._locked(path, held)
        self.left_work.offer_for(path)
        self._looking.do(lambda: remove_leftovers(path.parent))

    def _tell_history(self, opened: Opened, before: RecentPlan | None) -> None:
        """Say what nobody sees: what was repaired in reading, what others changed, what drifted."""
        told = list(opened.notices)
        if before is not None and before.digest and before.digest != opened.fingerprint.digest:
            when = on_the_wall(datetime.fromisoformat(before.used))
            told.append(_("The file was changed by another program since {when}.").format(when=when))
        drift = headline.drift(opened.document, self.window.estimate)
        if drift:
            told.append(drift)
        if told:
            self.say("history", "advice", " ".join(told))

    def take(self, content: Content) -> None:
        """Show a plan that was never saved; what was open is kept."""
        self.leave()
        # Two plans that begin with the same example are two documents, each with its own backups.
        self.document.open(replace(content, id=uuid.uuid4().hex), None)

    def leave(self) -> None:
        """Let go of the open document; its work stays in its recovery entry."""
        self.keeper.leave()
        self._lock.release()
        self.fingerprint = self.suggestion = None
        self.window.notices.drop_all(_OF_THE_DOCUMENT)

    # saving

    def save(self) -> bool:
        """Save where the document is; return whether it is on the disk."""
        path = self.document.path
        return self.save_as() if path is None else self.save_to(path, self.fingerprint)

    def save_as(self) -> bool:
        """Let the person choose where to save."""
        here = self.document.path or self.suggestion
        proposal = here or dialogs.plans_folder() / (headline.file_name(self.window.estimate) + SUFFIX)
        if here is None and self.document.content.title:
            proposal = proposal.with_name(headline.clean_name(self.document.content.title) + SUFFIX)
        chosen = self.dialogs.ask_save(_("Save the plan as"), proposal)
        if chosen is None:
            return False
        path, confirmed = dialogs.with_suffix(chosen)
        if path == self.document.path:
            return self.save_to(path, self.fingerprint)
        expected = conflict.look(path, None).found if confirmed else None
        return self.save_to(path, expected)

    def save_to(self, path: Path, expected: Fingerprint | None, *, in_place: bool = False) -> bool:
        """Save at a path where the expected file lies, or none."""
        content = self._written_content(path)
        try:
            with lock.saving(path):
                fingerprint = save(content, path, expected, in_place=in_place)
        except ConflictError as error:
            self._in_the_way(path, error)
            return False
        except SaveError as error:
            self._not_saved(path, expected, error)
            return False
        self.fingerprint, self.suggestion = fingerprint, None
        self.document.saved(path, content)
        self.window.notices.drop_all(("save", "outside", "recovery"))
        self._remember(path)
        return True

    def _written_content(self, path: Path) -> Content:
        """Return what goes into the file: the plan, the rows that it uses, and what it says today."""
        content, estimate = self.document.content, self.window.evaluator.estimate_in(BASE)
        if self.document.path is not None and path != self.document.path:
            content = replace(content, id=uuid.uuid4().hex)
        return as_saved(content, estimate, datetime.now(UTC))

    def _in_the_way(self, path: Path, error: ConflictError) -> None:
        self._keep_unsaved()
        if path == self.document.path:
            self._changed_outside(path, error.found, saving=True)
            return
        sentence = _("There is already a file {name} in {folder}.")
        answers = (
            Answer(_("Replace it"), lambda: self.save_to(path, error.found)),
            Answer(_("Save as…"), self.save_as),
        )
        self.say("save", "warning", sentence.format(name=path.name, folder=path.parent), answers)

    def _not_saved(self, path: Path, expected: Fingerprint | None, error: SaveError) -> None:
        kept = self._keep_unsaved()
        sentence = error.sentence
        if kept is not None:
            time = on_the_wall(kept, seconds=True)
            sentence += " " + _("Your work is safe (kept {time}).").format(time=time)
        answers = [
            Answer(_("Save as…"), self.save_as),
            Answer(_("Retry"), lambda: self.save_to(path, expected)),
        ]
        if error.in_place:
            run = lambda: self.save_to(path, expected, in_place=True)  # noqa: E731 - an answer like the others
            answers.append(Answer(_("Write in place"), run))
        self.say("save", "error", sentence, tuple(answers))

    def _keep_unsaved(self) -> datetime | None:
        """Put work that could not be saved into its recovery entry at once; return when it was kept."""
        if self.document.path is None and not self.document.modified:
            self.document.undo_stack.resetClean()
        return self.keeper.keep_now()

    def _not_kept(self, reason: str) -> None:
        sentence = _("No recovery copy can be written ({reason}): save this plan.").format(reason=reason)
        self.say("recovery", "error", sentence, (Answer(_("Save as…"), self.save_as),))

    # others

    def _turned(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()
        else:
            self.keeper.keep()

    def _session_ends(self, _session: object) -> None:
        self.keeper.keep_now()

    def look(self) -> None:
        """Look, away from the window, whether the file is still the one that was read."""
        path, known = self.document.path, self.fingerprint
        if path is not None:
            self._looking.do(lambda: (known, conflict.look(path, known)), self._looked)

    def _looked(self, result: tuple[Fingerprint | None, conflict.Look]) -> None:
        known, seen = result
        if seen.path != self.document.path or self.fingerprint is not known:
            return
        if seen.found is not None and known is not None and seen.found.digest == known.digest:
            self.fingerprint = seen.found
            self.window.notices.drop("outside")
        elif seen.found is not None:
            self._changed_outside(seen.path, seen.found, saving=False)
        elif seen.gone:
            sentence = _("{name} is no longer in {folder}.")
            answers = (Answer(_("Save it again"), self.save), Answer(_("Save as…"), self.save_as))
            words = sentence.format(name=seen.path.name, folder=seen.path.parent)
            self.say("outside", "warning", words, answers)

    def _changed_outside(self, path: Path, found: Fingerprint, *, saving: bool) -> None:
        sentence = _("{name} was changed outside this window.").format(name=path.name)
        if saving:
            sentence += " " + _("It was not overwritten.")
        answers = (
            Answer(_("Show differences"), lambda: self._show_differences(path), stays=True),
            Answer(_("Reload"), lambda: self._read(path, again=True)),
            Answer(_("Keep mine"), lambda: self._keep_mine(path, found, saving=saving)),
        )
        self.say("outside", "warning", sentence, answers)

    def _show_differences(self, path: Path) -> None:
        bar = self.window.notices.bars.get("outside")
        if bar is not None:
            bar.show_details(conflict.differences(self.document.content, path))

    def _keep_mine(self, path: Path, found: Fingerprint, *, saving: bool) -> None:
        """Let the next save replace the other file, whose content goes into the backups."""
        self.fingerprint = found
        if saving:
            self.save_to(path, found)

    def _mind_the_lock(self) -> None:
        path = self.document.path
        if path is None or not self.document.modified:
            self._lock.release()
            return
        held = self._lock.hold(path)
        if held is not None:
            self._locked(path, held)

    def _locked(self, path: Path, held: lock.Holder) -> None:
        where = _("on {host}").format(host=held.host) if held.elsewhere else _("in another window")
        sentence = _("{name} is being changed {where}.").format(name=path.name, where=where)
        answers = (Answer(_("Open a copy"), self._become_copy), Answer(_("Open anyway"), lambda: None))
        self.say("lock", "warning", sentence, answers)

    def _become_copy(self) -> None:
        """Part from the file: the next save asks for another place."""
        path = self.document.path
        if path is not None:
            self._lock.release()
            name = _("{name} (copy)").format(name=path.stem)
            self.suggestion, self.fingerprint = path.with_name(name + SUFFIX), None
            self.document.part_from_file()

    def revert(self, version: backups.Version) -> None:
        """Put an older version in force as a step that can be undone; the file stays as it is."""
        if version.content is None:
            self.say(
                "open",
                "error",
                _("This version is damaged; it stays in {folder}.").format(folder=version.path.parent),
            )
            return
        label = _("version of {when}").format(when=version.when)
        self.document.replace(version.content, label)
        self.window.show_workbench()

    # the list of recent plans

    def choose_recent(self) -> None:
        """Show the list of recent plans below the name of the plan."""
        self._show_below_name(self._recent_menu)

    def choose_version(self) -> None:
        """Show the older versions below the name of the plan."""
        self._show_below_name(self._version_menu)

    def _show_below_name(self, menu: QMenu) -> None:
        name = self.window.title_bar.name
        menu.popup(name.mapToGlobal(QPoint(0, name.height())))

    def _remember(self, path: Path) -> None:
        money, seconds = headline.money_and_time(self.window.estimate)
        digest = self.fingerprint.digest if self.fingerprint else ""
        self.recent_plans.add(RecentPlan(str(path), path.name, now(), money, seconds, digest))

    def recent(self) -> Sequence[RecentItem]:
        """Return unsaved work and the plans of late; which of them are missing is found out meanwhile."""
        paths = tuple(plan.path for plan in self.recent_plans.plans)
        self._looking.do(lambda: missing(paths), self._found_missing)
        return self._items()

    def _items(self) -> list[RecentItem]:
        listed = [headline.item_of(plan, plan.path in self._missing) for plan in self.recent_plans.plans]
        return [*self.left_work.items(), *listed]

    def _found_missing(self, paths: frozenset[str]) -> None:
        if paths != self._missing:
            self._missing = paths
            self.window.start_page.show_recent(self._items())

    def locate(self, path: str) -> None:
        """Let the person say where a missing plan is now."""
        words = _("Where is {name} now?").format(name=Path(path).name)
        found = self.dialogs.ask_open(words, dialogs.plans_folder())
        if found is not None:
            self.recent_plans.move(path, found)
            self.open_path(found)

    def show_in_folder(self) -> None:
        """Show where the plan lies, in the program that the system has for folders."""
        path = self.document.path
        if path is None:
            self.window.problems.say(_("This plan has no file yet."))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    # the sheet

    def print_sheet(self) -> None:
        """Print the sheet."""
        sheet.print_sheet(self.window)

    def export_sheet(self) -> None:
        """Save the sheet as a file."""
        sheet.export_sheet(self.window, self.dialogs)

    # the end

    def may_close(self) -> bool:
        """Return whether the window may go: always, unless its work is neither saved nor kept."""
        if self.keeper.keep_now() is None and not self.keeper.safe and not self._lose:
            give_up = Answer(_("Close and lose the changes"), self._give_up)
            answers = (Answer(_("Save as…"), self.save_as), give_up)
            words = _("The window stays: its changes are neither saved nor could they be kept.")
            self.say("recovery", "error", words, answers)
            return False
        self.keeper.close()
        self._lock.release()
        # A drive that does not answer shall not hold the window.
        self._looking.close(0.0)
        return True

    def _give_up(self) -> None:
        self._lose = True
        self.window.close()
