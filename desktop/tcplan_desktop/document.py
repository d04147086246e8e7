"""The open document: one frozen content at a time, the undo stack, and the signal that everything follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.document import BASE
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import Plan, descriptions
from tcplan_desktop.change_plan import ChangePlan, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcplan.plan.plan import Value

UNDO_LIMIT = 2000

_gestures = count(1)


def new_gesture() -> int:
    """Return the key of one gesture: press to release, or focus-in to focus-out."""
    return next(_gestures)


class Document(QObject):
    """What is open. Only an undo command replaces the content, and every view hears of it the same way.

    `content` is what is stored, `document` is the same with the differences of the chosen scenario in force;
    which scenario is chosen is no part of the content, but undo returns to the one that it changes.
    """

    changed = Signal(object, object)
    """What was in force before, and what is now."""
    returned = Signal(str)
    """A path to which undo or redo went back, so that the window shows and flashes it."""
    opened = Signal()
    """Another document took the place of this one."""
    renamed = Signal()
    """The path or the modified mark changed."""

    def __init__(self, content: Content | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.content = content if content is not None else Content.new()
        self.document = self.content
        """The frozen content with the chosen scenario in force."""
        self.scenario = BASE
        """The name of the chosen scenario, or `BASE`."""
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self.undo_stack.cleanChanged.connect(self._clean_changed)
        self.value_words: Callable[[Content, str], str] = lambda content, path: content.raw.get(path, "")
        """How the words of an undo step show a value; the window knows the values that were not typed."""
        self.subject_words: Callable[[str], str] = subject_of
        """What the words of an undo step call a field; the window knows the labels of results too."""

    @property
    def plan(self) -> Plan:
        """Return the plan in force."""
        return self.document.plan

    @property
    def modified(self) -> bool:
        """Return whether there is a change since the last save."""
        return not self.undo_stack.isClean()

    # edits

    def set(self, path: str, value: Value, raw: str | None = None, gesture: int = 0, label: str = "") -> None:
        """Set one value in the chosen scenario, or take it back when it is None.

        Raises
        ------
        PlanError
            When the field does not allow the value; the content stays as it is.
        """
        after = self.document.with_value(path, value, raw or None, marks.current())
        if label:
            words = Words(label)
        else:
            was, becomes = (self.value_words(document, path) for document in (self.document, after))
            words = Words(self.subject_words(path), was, becomes)
        self._push(self.content.with_edited(self.scenario, after), self.scenario, path, gesture, words)

    def edit(self, document: Content, label: str, path: str = "", gesture: int = 0) -> None:
        """Put in force an edited `document`, as one step; in a scenario only its differences change."""
        after = self.content.with_edited(self.scenario, document)
        self._push(after, self.scenario, path, gesture, Words(label))

    def replace(self, content: Content, label: str, scenario: str | None = None) -> None:
        """Store a whole content as one step, and choose a scenario of it."""
        self._push(content, self.scenario if scenario is None else scenario, "", 0, Words(label))

    def add_scenario(self, name: str, changes: Mapping[str, Value], *, select: bool = True) -> str:
        """Add a scenario with these differences from the base as one step, and return its name.

        The name is numbered where it is taken.

        Raises
        ------
        PlanError
            When a field does not allow its value.
        """
        own = self.content.free_name(name)
        after = self.content.with_scenario(own, changes)
        self.replace(after, _("scenario {name}").format(name=own), own if select else None)
        return own

    def _push(self, after: Content, scenario: str, path: str, gesture: int, words: Words) -> None:
        # The same value spelled in another way is no change worth a step.
        if after is self.content or _says_the_same(after, self.content):
            return
        self.undo_stack.push(ChangePlan(self, after, scenario, path, gesture, words))

    # what is in force

    def choose(self, scenario: str) -> None:
        """Put a scenario, or the base, in force; this is no step."""
        if scenario != self.scenario and scenario in self.content.scenario_names:
            self._show(self.content, scenario)

    def put(self, content: Content, scenario: str) -> None:
        """Replace the content and tell everybody; only an undo command calls this."""
        # What was saved stays saved, however far back undo goes.
        self._show(replace(content, saves=self.content.saves), scenario)

    def _show(self, content: Content, scenario: str) -> None:
        before = self.document
        self.content = content
        self.scenario = scenario if scenario in content.scenario_names else BASE
        after = content.in_scenario(self.scenario)
        if after is not content and after.plan == before.plan:
            # Who sees the same plan as before has nothing to compute.
            after = replace(after, plan=before.plan)
        self.document = after
        self.changed.emit(before, after)

    def open(self, content: Content, path: Path | None, *, modified: bool = False) -> None:
        """Show another document; its undo history begins here."""
        before, self.path = self.document, path
        self.content = self.document = content
        self.scenario = BASE
        self.undo_stack.clear()
        if modified:
            self.undo_stack.resetClean()
        else:
            # An empty stack that was marked as modified stays so when it is cleared.
            self.undo_stack.setClean()
        self.opened.emit()
        self.changed.emit(before, content)
        self.renamed.emit()

    def saved(self, path: Path, content: Content) -> None:
        """Remember where the document is and that this content is on the disk."""
        self.path = path
        self.undo_stack.setClean()
        self._show(content, self.scenario)
        self.renamed.emit()

    def part_from_file(self) -> None:
        """Go on as a document that was never saved."""
        self.path = None
        self.undo_stack.resetClean()
        self.renamed.emit()

    def _clean_changed(self, _clean: bool) -> None:
        self.renamed.emit()


def _says_the_same(one: Content, other: Content) -> bool:
    """Return whether two contents differ in nothing but how values were typed."""
    return _unspelled(one) == _unspelled(other)


def _unspelled(content: Content) -> Content:
    scenarios = tuple(replace(scenario, raw={}) for scenario in content.scenarios)
    return replace(content, raw={}, scenarios=scenarios)


def subject_of(path: str) -> str:
    """Return what the words of an undo step call a field: its label, else its last segment."""
    shown = descriptions().get(path)
    return in_a_sentence(_(shown.label)) if shown else path.rpartition(".")[2].replace("_", " ")


def in_a_sentence(label: str) -> str:
    """Return a label as it stands within a sentence."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
