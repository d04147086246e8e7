"""The scenarios of the open plan: what their commands do, and what the changes in the headline refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from tcplan.language import _
from tcplan.plan.document import BASE
from tcplan.plan.plan import PlanError
from tcplan.results import HEADLINE
from tcplan_desktop.views.scenario_tabs import Tab
from tcplan_desktop.views.time_words import local

if TYPE_CHECKING:
    from tcplan.plan.document import Document as Content
    from tcplan_desktop.window import Window

_SAVE = "\n"
"""Stands for the last save among the references; no scenario can be called so."""
_NONE = ""
OF_ONE = (
    "scenario_rename",
    "scenario_left",
    "scenario_right",
    "scenario_base",
    "scenario_detach",
    "scenario_delete",
)
"""The commands that need a scenario other than the base."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the changes in the headline refer to: its name, and its results by path in the unit shown."""

    name: str
    results: Mapping[str, float]


def title_of(name: str) -> str:
    """Return what a scenario is called; the base in the language of the window."""
    return _("Base") if name == BASE else name


class Scenarios(QObject):
    """The scenarios of the window's document; which reference is chosen is no part of the document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._chosen: str | None = None

    def connect_bar(self) -> None:
        """Connect the bar and the document with each other."""
        window, bar = self._window, self._window.scenario_bar
        bar.tabs.picked.connect(self.choose)
        bar.tabs.moved.connect(self._move_to)
        bar.tabs.named.connect(self._name)
        bar.tabs.menu_asked.connect(self._open_menu)
        bar.add.clicked.connect(window.actions_by_name["scenario_new"].trigger)
        bar.compare.clicked.connect(window.actions_by_name["tab_5"].trigger)
        bar.reference_asked.connect(self._ask_reference)
        window.document.opened.connect(self._forget)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the commands of the Scenario menu do."""
        return {
            "scenario_new": self.add,
            "scenario_duplicate": self.duplicate,
            "scenario_rename": self._begin_rename,
            "scenario_left": partial(self._move_by, -1),
            "scenario_right": partial(self._move_by, 1),
            "scenario_base": self.make_base,
            "scenario_detach": self.detach,
            "scenario_delete": self.delete,
            "scenario_previous": partial(self._step, -1),
            "scenario_next": partial(self._step, 1),
        }

    # which is in force

    @property
    def _content(self) -> Content:
        return self._window.document.content

    @property
    def _name_in_force(self) -> str:
        return self._window.document.scenario

    def choose(self, name: str) -> None:
        """Put a scenario in force; what is still being typed belongs to the one that is left."""
        self._window.take_typed_text()
        self._window.inputs.kept.show_kept(())
        self._window.show_workbench()
        self._window.document.choose(name)
        self.show()

    def _step(self, by: int) -> None:
        names = self._content.scenario_names
        self.choose(names[(names.index(self._name_in_force) + by) % len(names)])

    def show(self) -> None:
        """Show the tabs, the reference, and which commands there are."""
        content, bar = self._content, self._window.scenario_bar
        tabs = [Tab(BASE, _("Base"))]
        tabs += [Tab(one.name, one.name, len(one.changes)) for one in content.scenarios]
        bar.tabs.show_tabs(tabs, self._name_in_force)
        bar.show_reference(self.reference().name, offered=bool(content.scenarios))
        for name in OF_ONE:
            self._window.actions_by_name[name].setEnabled(self._name_in_force != BASE)

    # commands; each is one step

    def add(self) -> None:
        """Add a scenario that says what the base says, and let the person name it."""
        self._window.take_typed_text()
        self._window.show_workbench()
        self._window.document.add_scenario(_("Scenario"), {})
        self._window.scenario_bar.tabs.begin_rename()

    def duplicate(self) -> None:
        """Add a scenario that says what the one in force says."""
        self._window.take_typed_text()
        self._window.show_workbench()
        content, copied = self._content, self._name_in_force
        name = content.free_name(_("Scenario") if copied == BASE else copied)
        self._put(content.with_copy(name, copied), _("scenario {name}").format(name=name), name)

    def _begin_rename(self) -> None:
        self._window.show_workbench()
        self._window.scenario_bar.tabs.begin_rename()

    def _name(self, old: str, wanted: str) -> None:
        tabs, problems = self._window.scenario_bar.tabs, self._window.problems
        try:
            content = self._content.renamed(old, wanted)
        except PlanError as error:
            tabs.refuse()
            problems.say(_("The scenario keeps its name: {reason}.").format(reason=error.sentence))
            return
        problems.say("")
        tabs.end_rename()
        new = wanted.strip()
        chosen = new if old == self._name_in_force else self._name_in_force
        if self._chosen == old:
            self._chosen = new
        self._window.comparing.rename(old, new)
        self._put(content, _("scenario {old} → {new}").format(old=old, new=new), chosen)

    def _move_by(self, by: int) -> None:
        self._window.take_typed_text()
        names = self._content.scenario_names
        self._move_to(self._name_in_force, names.index(self._name_in_force) - 1 + by)

    def _move_to(self, name: str, place: int) -> None:
        if name != BASE and place >= 0:
            self._put(self._content.moved(name, place), _("place of {name}").format(name=name))

    def make_base(self) -> None:
        """Make what the scenario says the base; the base until now becomes a scenario."""
        self._window.take_typed_text()
        name = self._name_in_force
        if name != BASE:
            content = self._content.with_base(name, self._content.free_name(_("Former base")))
            self._put(content, _("{name} as the base").format(name=name), BASE)

    def detach(self) -> None:
        """Let the scenario hold every value itself, whatever becomes of the base."""
        self._window.take_typed_text()
        name = self._name_in_force
        if name != BASE:
            self._put(self._content.detached(name), _("detach {name}").format(name=name))
            said = _("{name} holds all its values now; changes of the base no longer reach it.")
            self._window.problems.say(said.format(name=name))

    def delete(self) -> None:
        """Take the scenario away; its neighbour comes into force."""
        self._window.take_typed_text()
        name, names = self._name_in_force, self._content.scenario_names
        if name != BASE:
            neighbour = names[names.index(name) - 1]
            words = _("delete scenario {name}").format(name=name)
            self._put(self._content.without_scenario(name), words, neighbour)

    def _put(self, content: Content, words: str, chosen: str | None = None) -> None:
        self._window.document.replace(content, words, chosen)

    def _open_menu(self, name: str, where: QPoint) -> None:
        """Offer what can be done with a tab, which comes into force."""
        self.choose(name)
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in ("scenario_new", "scenario_duplicate", *OF_ONE):
            menu.addAction(self._window.actions_by_name[command])
        menu.popup(where)

    # the reference

    def _forget(self) -> None:
        self._chosen = None

    def reference(self) -> Reference:
        """Return what the changes refer to: what was chosen, else the base, or for it the last save."""
        content, here = self._content, self._name_in_force
        chosen = self._chosen
        if chosen not in (*content.scenario_names, _SAVE, _NONE):
            chosen = _SAVE if here == BASE else BASE
        if chosen == _SAVE:
            saved = content.saves[-1] if content.saves else None
            if saved is None or (here == BASE and saved.plan == content.plan.fingerprint()):
                return Reference("", {})
            return Reference(_("the save of {time}").format(time=local(saved.time)), saved.headline)
        if chosen in (_NONE, here):
            return Reference("", {})
        estimate = self._window.evaluator.estimate_in(chosen)
        results = {path: estimate[path].value for path in HEADLINE}
        return Reference(title_of(chosen), results)

    def refer_to(self, name: str) -> None:
        """Let the changes in the headline refer to a scenario or the base."""
        self._chosen = name
        self._window.show_headline()
        self.show()

    def _ask_reference(self) -> None:
        content, bar = self._content, self._window.scenario_bar
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices = [(name, title_of(name)) for name in content.scenario_names]
        if content.saves:
            words = _("the save of {time}").format(time=local(content.saves[-1].time))
            choices.append((_SAVE, words))
        for key, words in (*choices, (_NONE, _("nothing"))):
            # An ampersand would underline a letter.
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, key=key: self.refer_to(key))
        menu.popup(bar.reference.mapToGlobal(QPoint(0, bar.reference.height())))
