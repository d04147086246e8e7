"""The catalogue in the window: its page, the rows of one's own, data packs, and newer rows for a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tcplan.catalogue import overlay, pack, publishers
from tcplan.catalogue.difference import Difference, differences
from tcplan.catalogue.overlay import OverlayError
from tcplan.catalogue.row import Row
from tcplan.language import _, plural
from tcplan.report.output import write_whole
from tcplan.validation.own_stack import shelf_here
from tcplan_desktop import catalogue_use
from tcplan_desktop.lanes import Lane, Turn, raise_again
from tcplan_desktop.views.notices import Answer, Notice

if TYPE_CHECKING:
    from tcplan.study.newer_rows import Effect
    from tcplan_desktop.files.dialogs import Dialogs
    from tcplan_desktop.views.catalogue_pack import PackPage
    from tcplan_desktop.views.catalogue_page import CataloguePage
    from tcplan_desktop.window import Window

_IMPORT = "own rows"


class Catalogue(QObject):
    """The catalogue of one window; its pages are made when they are first wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.page: CataloguePage | None = None
        self.packs = Packs(self, window)
        self._another = False
        """Whether another document was opened whose estimate is still to come."""
        window.document.opened.connect(self._opened)
        window.document.changed.connect(lambda *_: self._estimated())

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the command of the catalogue does."""
        return {"catalogue": self.show}

    def show(self) -> None:
        """Show the catalogue."""
        from tcplan_desktop.views.catalogue_page import CataloguePage

        if self.page is None:
            page = self.page = CataloguePage()
            page.used.connect(lambda row: catalogue_use.use(self._window, row))
            page.copied.connect(self._copy)
            page.deleted.connect(self._delete)
            page.kept.connect(self._keep)
            page.export_asked.connect(self._export)
            page.import_asked.connect(self._import)
            page.pack_asked.connect(self.packs.choose)
            page.newer_asked.connect(lambda: catalogue_use.use_newer(self._window))
            page.closed.connect(self._window.show_workbench)
            page.rows.selectionModel().selectionChanged.connect(lambda *_: self._mind_copy())
            self._window.document.changed.connect(lambda *_: self._mind_copy())
            self._window.stack.addWidget(page)
        self.page.show_shelf(shelf_here(), catalogue_use.tables())
        self._window.show_page(self.page)
        self.page.enter()

    def _mind_copy(self) -> None:
        """Offer the newer rows beside a row of which the plan keeps another copy."""
        if self.page is not None:
            rows = self.page.chosen
            differs = bool(rows) and catalogue_use.keeps_other(self._window, rows[0])
            self.page.card.offer_newer(there_is=differs)

    def dialogs(self) -> Dialogs:
        """Return what asks for files."""
        from tcplan_desktop.files.dialogs import Dialogs

        return Dialogs(self._window)

    # rows of one's own

    def change(self, work: Callable[[], object], failed: str) -> bool:
        """Change this user's rows; the open plan stays as it is. Return whether it was done."""
        self._window.evaluator.hold_rows()
        try:
            work()
        except OSError as error:
            self._window.problems.say(failed.format(reason=error.strerror or error))
            return False
        self._window.evaluator.take_catalogue()
        if self.page is not None:
            self.page.show_shelf(shelf_here(), catalogue_use.tables())
            self._mind_copy()
        self.offer_newer()
        return True

    def _copy(self, row: Row) -> None:
        made = overlay.copy_of(row, shelf_here())
        name = _("{name} (own)").format(name=row.name)
        if self.page is not None:
            self.page.edit_row(replace(made, values={**made.values, "name": name}))

    def _keep(self, row: Row) -> None:
        failed = _("The row was not kept: {reason}.")
        if self.change(lambda: overlay.keep([row]), failed) and self.page is not None:
            self.page.show_table(row.table, row.key)
            self._window.problems.say(_("{name} is in your catalogue.").format(name=row.name))

    def _delete(self, row: Row) -> None:
        failed = _("The row was not deleted: {reason}.")
        if self.change(lambda: overlay.delete(row.table, row.key), failed):
            again = Answer(_("Bring it back"), lambda: self._keep(row))
            sentence = _("{name} was deleted from your catalogue.").format(name=row.name)
            self._window.notices.say(Notice("deleted", "advice", sentence, (again,)))

    def _export(self) -> None:
        layer = overlay.own()
        if not layer.rows:
            self._window.problems.say(_("There are no own rows to export."))
            return
        kinds = ((_("Catalogue rows"), overlay.SUFFIX),)
        path = self.dialogs().ask_place(_("Export own rows"), Path.home() / "own-rows.json", kinds)
        if path is None:
            return
        try:
            write_whole(overlay.to_bytes(layer), path)
        except OSError as error:
            reason = error.strerror or str(error)
            self._window.problems.say(_("The rows were not written: {reason}.").format(reason=reason))
            return
        self._window.problems.say(_("The rows are in {name}.").format(name=path.name))

    def _import(self) -> None:
        path = self.dialogs().ask_import(_("Import rows of a colleague"), Path.home())
        if path is not None:
            self.import_rows(path)

    def import_rows(self, path: Path) -> None:
        """Bring the rows of a file; where own rows have the same keys the person decides."""
        try:
            rows = overlay.read_bytes(overlay.read_file(path)).rows
        except OverlayError as error:
            sentence = _("{name} was not imported: {reason}.").format(name=path.name, reason=error)
            self._window.notices.say(Notice(_IMPORT, "error", sentence))
            return
        self._window.notices.drop(_IMPORT)
        clash = overlay.conflicts(rows)
        if not clash:
            self._bring(rows)
            return
        sentence = plural(
            "{count} row of {name} has the key of another row of your own: {first}.",
            "{count} rows of {name} have the keys of other rows of your own, such as {first}.",
            len(clash),
        ).format(count=len(clash), name=path.name, first=clash[0].key)
        both = Answer(_("Keep both"), lambda: self._bring(overlay.beside(rows, shelf_here())))
        instead = Answer(_("Replace mine"), lambda: self._bring(rows))
        self._window.notices.say(Notice(_IMPORT, "warning", sentence, (both, instead)))

    def _bring(self, rows: Sequence[Row]) -> None:
        self._window.notices.drop(_IMPORT)
        if self.change(lambda: overlay.keep(rows), _("The rows were not kept: {reason}.")):
            said = plural("{count} row was imported.", "{count} rows were imported.", len(rows))
            self._window.problems.say(said.format(count=len(rows)))

    # newer rows

    def _opened(self) -> None:
        self._window.notices.drop(catalogue_use.NEWER)
        self._another = True

    def _estimated(self) -> None:
        if self._another and self._window.document.content.rows:
            self.offer_newer()
        self._another = False

    def offer_newer(self) -> None:
        """Offer today's rows to a plan that keeps older copies, with what they would do to it."""
        from tcplan.study.newer_rows import Effect, headline
        from tcplan_desktop.views.catalogue_pack import effect_words

        self._window.notices.drop(catalogue_use.NEWER)
        found = catalogue_use.newer_of(self._window)
        if not found.differences:
            return
        before, after = headline(self._window.estimate), headline(found.estimate)
        effect = effect_words(Effect(before, after, used=True))
        names = ", ".join(dict.fromkeys(one.name for one in found.differences))
        sentence = _("The catalogue has newer rows than this plan keeps ({names}). With them: {effect}.")
        use = Answer(_("Use the newer rows"), lambda: catalogue_use.use_newer(self._window))
        said = sentence.format(names=names, effect=effect)
        self._window.notices.say(Notice(catalogue_use.NEWER, "advice", said, (use,)))

    def close(self) -> None:
        """Join the worker."""
        self.packs.close()


class Packs(QObject):
    """Shows data packs, and takes of them what the person wants."""

    def __init__(self, catalogue: Catalogue, window: Window) -> None:
        super().__init__(window)
        self._catalogue, self._window = catalogue, window
        self.page: PackPage | None = None
        self._pack: pack.Pack | None = None
        self._lane = Lane("pack", self, aside=True)
        self._lane.done.connect(self._show_effects)
        self._lane.failed.connect(raise_again)
        window.document.changed.connect(lambda *_: self._compute())

    def choose(self) -> None:
        """Let the person choose a pack."""
        path = self._catalogue.dialogs().ask_import(_("Open a data pack"), Path.home())
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show what the pack of a file would change; one that must not be used is refused in a sentence."""
        from tcplan_desktop.views.catalogue_pack import PackPage

        try:
            found = pack.read(path)
            known = publishers.is_known(found)
            changed = self._differences(found)
        except OverlayError as error:
            sentence = _("{name} was not opened: {reason}.").format(name=path.name, reason=error)
            self._window.notices.say(Notice("pack", "error", sentence))
            return
        self._window.notices.drop("pack")
        if self.page is None:
            self.page = PackPage()
            self.page.accepted.connect(self._accept)
            self.page.taken.connect(self._take)
            self.page.closed.connect(self._leave)
            self._window.stack.addWidget(self.page)
        self._pack = found
        self.page.show_pack(found, changed, known=known)
        self._window.show_page(self.page)
        self.page.enter()
        self._compute()

    def _differences(self, found: pack.Pack) -> tuple[Difference, ...]:
        return differences(shelf_here(), found.rows, found.removed, overlay.packs().removed)

    def _compute(self) -> None:
        """Compute what each row does to the plan as it stands, away from the thread of the window."""
        if self._pack is None or self.page is None:
            return
        changed, estimate = self.page.model.differences, self._window.estimate
        plan, catalogue = self._window.document.plan, shelf_here()

        def work(turn: Turn) -> tuple[tuple[Effect, ...], Effect]:
            from tcplan.study.newer_rows import effects, together

            each = effects(plan, estimate, catalogue, changed, turn.check)
            return each, together(plan, estimate, catalogue, changed)

        self._lane.request(work)

    def _show_effects(self, made: object) -> None:
        if self.page is not None and self._pack is not None and isinstance(made, tuple):
            self.page.show_effects(*made)

    def _accept(self) -> None:
        if self._pack is None or self.page is None:
            return
        try:
            publishers.accept(self._pack)
        except (OSError, OverlayError) as error:
            sentence = _("The publisher was not accepted: {reason}.").format(reason=error)
            self._window.notices.say(Notice("pack", "error", sentence))
            return
        self.page.show_known(known=True)

    def _take(self, wanted: Sequence[Difference]) -> None:
        rows = [one.new for one in wanted if one.new is not None]
        gone = [(one.table, one.key) for one in wanted if one.new is None]
        self._pack = None
        if self._catalogue.change(lambda: overlay.take(rows, gone), _("The rows were not taken: {reason}.")):
            count = len(wanted)
            said = plural(
                "{count} row was taken; this plan is as it was.",
                "{count} rows were taken; this plan is as it was.",
                count,
            )
            self._leave()
            self._window.problems.say(said.format(count=count))

    def _leave(self) -> None:
        self._pack = None
        self._lane.drop()
        self._window.show_workbench()

    def close(self) -> None:
        """Join the worker."""
        self._lane.close()
