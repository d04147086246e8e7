"""Work that an earlier session left: shown as a page after an accident, else in the list of recent plans."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tcplan.language import _, plural
from tcplan.plan import recovery as entries
from tcplan.plan.document import Document as Content
from tcplan.plan.file import PlanFileError
from tcplan.plan.recovery import Orphan
from tcplan_desktop.evaluator import shelf_of
from tcplan_desktop.files import conflict, headline, recovery
from tcplan_desktop.views.notices import Answer
from tcplan_desktop.views.recovery_page import FoundPlan, RecoveryPage
from tcplan_desktop.views.start_list import RecentItem
from tcplan_desktop.views.time_words import ago, on_the_wall

if TYPE_CHECKING:
    from tcplan_desktop.files.open_save import PlanDesk

_LISTED = 6
_CRASHES = 2
"""After so many failed attempts to open it, work is no longer the first thing offered."""


class LeftWork:
    """Finds it, describes it, and opens or discards what the person chooses."""

    def __init__(self, desk: PlanDesk) -> None:
        self._desk = desk
        self._page: RecoveryPage | None = None

    def offer_at_start(self, *, behind: bool) -> None:
        """Show the page if a session ended by accident; behind a plan that was asked for, only a bar."""
        accidents = [orphan for orphan in recovery.found() if not recovery.was_left(orphan)]
        if not accidents:
            return
        if not behind:
            self.show_page()
            return
        sentence = plural(
            "{count} plan of an earlier session was not saved.",
            "{count} plans of an earlier session were not saved.",
            len(accidents),
        ).format(count=len(accidents))
        answers = (Answer(_("Show"), self.show_page), Answer(_("Later"), lambda: None))
        self._desk.say("accidents", "warning", sentence, answers)

    def show_page(self) -> None:
        """Show the page with what was left by accident."""
        if self._page is None:
            self._page = RecoveryPage()
            self._page.restored.connect(lambda key: self.open(Path(key)))
            self._page.saved_wanted.connect(self._open_saved)
            self._page.discarded.connect(lambda key: self.discard(Path(key)))
            self._page.later.connect(self._desk.window.show_start_page)
            self._desk.window.stack.addWidget(self._page)
        accidents = [orphan for orphan in recovery.found() if not recovery.was_left(orphan)]
        self._page.show_plans([_described(orphan) for orphan in accidents])
        self._desk.window.show_page(self._page)
        self._page.enter()

    def offer_for(self, path: Path) -> None:
        """Say that there are changes of this file that were never saved."""
        for orphan in recovery.found():
            if orphan.meta.path == str(path) and orphan.document is not None:
                words = _("Changes of {when} to this plan were never saved ({count}).")
                sentence = words.format(when=on_the_wall(orphan.time), count=_counted(orphan))
                answers = (
                    Answer(_("Open them"), partial(self.open, orphan.folder)),
                    Answer(_("Discard them"), partial(self.discard, orphan.folder)),
                )
                self._desk.say("left", "advice", sentence, answers)
                return

    def items(self) -> list[RecentItem]:
        """Return unsaved work as the start page lists it."""
        return [_item(orphan) for orphan in recovery.found()[:_LISTED]]

    def open(self, folder: Path) -> None:
        """Show recovered work as a plan that is not saved; the file that it came from is left alone."""
        desk = self._desk
        orphan = next((one for one in recovery.found() if one.folder == folder), None)
        if orphan is None:
            desk.say("open", "warning", _("This work is no longer there."))
            return
        try:
            content = entries.restore(orphan)
        except (PlanFileError, OSError) as error:
            desk.say("open", "error", _("This work was not opened: {reason}.").format(reason=error))
            return
        desk.leave()
        desk.document.open(content, None, modified=True)
        desk.keeper.adopt(orphan)
        desk.suggestion = Path(orphan.meta.path) if orphan.meta.path else None
        desk.window.notices.drop_all(("accidents", "open"))
        desk.window.show_workbench()
        self._offer_the_rest()

    def _offer_the_rest(self) -> None:
        if self._page is not None:
            self.offer_at_start(behind=True)

    def _open_saved(self, key: str) -> None:
        for orphan in recovery.found():
            if str(orphan.folder) == key:
                self._desk.open_path(Path(orphan.meta.path))

    def discard(self, folder: Path) -> None:
        """Put work into the trash, from which it is removed after a week."""
        try:
            entries.discard(folder)
        except FileNotFoundError:
            self._refresh()
            return
        except OSError as error:
            words = _("This work could not be discarded: {reason}.")
            self._desk.say("open", "error", words.format(reason=error.strerror or error))
            return
        self._desk.window.problems.say(_("Discarded; it stays in the trash of TCPlan for 7 days."))
        self._refresh()

    def _refresh(self) -> None:
        window = self._desk.window
        if self._page is None or window.stack.currentWidget() is not self._page:
            return
        self.show_page()
        if not self._page.cards:
            window.show_start_page()


def _name(orphan: Orphan) -> str:
    if orphan.meta.path:
        return Path(orphan.meta.path).name
    return (orphan.document.title if orphan.document else "") or _("Untitled plan")


def _counted(orphan: Orphan) -> str:
    count = len(orphan.meta.labels)
    return plural("{count} change", "{count} changes", count).format(count=count)


def _item(orphan: Orphan) -> RecentItem:
    money = seconds = None
    if orphan.document is not None:
        money, seconds = _money_and_time(orphan.document)
    detail = _("not saved, {count}").format(count=_counted(orphan))
    when, text = ago(orphan.time), headline.money_text(money)
    return RecentItem(str(orphan.folder), _name(orphan), detail, text, headline.time_text(seconds), when)


def _money_and_time(content: Content) -> tuple[float | None, float | None]:
    from tcplan.estimate import evaluate

    return headline.money_and_time(evaluate(content.plan, shelf_of(content)))


def _described(orphan: Orphan) -> FoundPlan:
    return FoundPlan(
        key=str(orphan.folder),
        name=_name(orphan),
        sentence=_sentence(orphan),
        changes=orphan.meta.labels,
        headline=_before_and_after(orphan),
        warning=_warning(orphan),
        readable=orphan.document is not None,
        has_file=bool(orphan.meta.path) and Path(orphan.meta.path).is_file(),
        risky=orphan.meta.crashes >= _CRASHES,
    )


def _sentence(orphan: Orphan) -> str:
    content = orphan.document
    if content is None:
        return _("It cannot be read: {reason}.").format(reason=orphan.problem)
    when = on_the_wall(orphan.time, seconds=True)
    if content.saves and orphan.meta.path:
        words = _("Kept {when}, {count} after the last save.")
    else:
        words = _("Kept {when}, {count}, never saved.")
    return words.format(when=when, count=_counted(orphan))


def _before_and_after(orphan: Orphan) -> str:
    content = orphan.document
    if content is None:
        return ""
    money, seconds = _money_and_time(content)
    after = ", ".join(text for text in (headline.money_text(money), headline.time_text(seconds)) if text)
    if not content.saves:
        return after
    before = headline.money_text(content.saves[-1].headline.get("money.total"))
    return _("{before} at the last save → {after}").format(before=before, after=after) if before else after


def _warning(orphan: Orphan) -> str:
    told = []
    if orphan.meta.crashes >= _CRASHES:
        told.append(_("TCPlan ended unexpectedly after opening this copy before."))
    if orphan.elsewhere:
        host = orphan.meta.host
        told.append(_("It was written on {host} and may still be open there.").format(host=host))
    base = orphan.meta.base
    if base is not None and orphan.meta.path:
        seen = conflict.look(Path(orphan.meta.path), base)
        if seen.gone:
            told.append(_("Its file is gone."))
        elif seen.found is not None and seen.found.digest != base.digest:
            told.append(_("Its file was changed since."))
    return " ".join(told)
