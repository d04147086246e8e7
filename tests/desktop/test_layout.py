"""Nothing is cut off without saying so, and no words lie on others, at any size and in any language."""

import gettext
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tcplan import language
from tcplan.examples import example
from tcplan.plan.document import Document
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.parts.well_frame import Line
from tcplan_desktop.settings import Settings
from tcplan_desktop.theme import px, themes
from tcplan_desktop.window import Window

SIZES = [(1100, 700), (1280, 800), (1440, 900)]
TABS = range(4)


class Longer(gettext.NullTranslations):
    """A language whose texts are 40 % longer, of letters as wide as ours; gaps for values stay whole."""

    def gettext(self, message: str) -> str:
        words = message.strip("&… ")
        return message + " " + words[: max(round(0.4 * len(words)) - 1, 0)].translate({123: "(", 125: ")"})

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


def shown(window: Window) -> Iterator[QWidget]:
    """Yield what a person could read now: visible, and not scrolled away."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            yield widget


def place(widget: QWidget, rect: QRect, window: Window) -> QRect:
    return QRect(widget.mapTo(window, QPoint(rect.x(), rect.y())), rect.size())


def text_rect(label: QLabel) -> QRect:
    """Return where the letters of a label are, in the label."""
    flags = int(label.alignment().value) | int(Qt.TextFlag.TextWordWrap.value if label.wordWrap() else 0)
    return label.fontMetrics().boundingRect(label.contentsRect(), flags, label.text())


def card_of(widget: QWidget | None) -> QWidget | None:
    """Return the floating card that a widget stands on; what a card covers is not cut."""
    while widget is not None and not isinstance(widget, Popover):
        widget = widget.parentWidget()
    return widget


def said(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{getattr(widget, 'text', lambda: '')()}” {widget.size()}"


def cut_off(window: Window) -> list[str]:
    """Return what is cut without an ellipsis."""
    found = []
    for widget in shown(window):
        if isinstance(widget, QLabel) and widget.text():
            letters, room = text_rect(widget), widget.contentsRect()
            if letters.width() > room.width() + 1 or letters.height() > room.height() + 3:
                found.append(f"{said(widget)} has {letters} in {room}")
        elif isinstance(widget, Line) and widget.text() and not widget.shortened:
            if (
                not widget.hasFocus()
                and widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width()
            ):
                found.append(said(widget))
        elif isinstance(widget, Pressable) and widget.height() < widget.sizeHint().height():
            found.append(said(widget))
    return found


def overlapping(window: Window) -> list[str]:
    """Return pairs of labels and buttons of every kind whose places share more than a hair."""
    places = []
    for widget in shown(window):
        if isinstance(widget, QLabel) and widget.text():
            rect = place(widget, text_rect(widget).intersected(widget.rect()), window)
        elif isinstance(widget, Pressable):
            rect = place(widget, widget.rect().adjusted(2, 2, -2, -2), window)
        else:
            continue
        seen = widget.visibleRegion().boundingRect()
        rect = rect.intersected(place(widget, seen, window))
        rect = rect.adjusted(1, 2, -1, -2)
        if rect.isValid():
            places.append((rect, widget))
    found = []
    for at, (first, one) in enumerate(places):
        for second, other in places[at + 1 :]:
            apart = not (one.isAncestorOf(other) or other.isAncestorOf(one))
            if apart and card_of(one) is card_of(other) and first.intersects(second):
                found.append(f"{said(one)} and {said(other)}")
    return found


def outside(window: Window) -> list[str]:
    """Return buttons that stick out of what holds them, where nobody can press or read them."""
    found = []
    for widget in shown(window):
        if isinstance(widget, Pressable):
            whole = widget.visibleRegion().boundingRect().width() >= widget.width() - 1
            if not whole:
                found.append(said(widget))
    return found


def cells_cut(window: Window) -> list[str]:
    """Return the headline numbers whose painted value or unit runs into the edge of its cell."""
    found = []
    for path, cell in window.headline.cells.items():
        image = cell.grab().toImage()
        scale = image.devicePixelRatio()
        rows = range(round(px(30) * scale), round(px(80) * scale))
        edge = {image.pixel(image.width() - round(away * scale), y) for away in (2, 3, 4) for y in rows}
        if len(edge) > 1:
            found.append(path)
    return found


def problems(window: Window) -> list[str]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Layouts within layouts ask each other in turns.
    for _turn in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    return cut_off(window) + overlapping(window) + outside(window) + cells_cut(window)


def on_each_page(window: Window) -> list[str]:
    """Return what is wrong on the tabs, with all panels and a long why, and on the start page."""
    window.inputs.set_closed(())
    found = []
    for tab in TABS:
        window.show_tab(tab)
        window.explain("money.total" if tab != 1 else "time.step")
        found += [f"tab {tab}: {one}" for one in problems(window)]
        window.why_place.close()
        found += [f"tab {tab}, why closed: {one}" for one in problems(window)]
    window.show_start_page()
    return found + [f"start page: {one}" for one in problems(window)]


@pytest.fixture
def plan() -> Document:
    return example("deepseek-v3-published").with_note("money.total", "as the authors count it")


def made(qtbot: QtBot, plan: Document, width: int, height: int) -> Window:
    window = Window(Settings(theme="light"), plan)
    window.resize(width, height)
    with qtbot.waitSignal(window.settled):
        window.show()
    return window


@pytest.mark.parametrize("text_size", [1.0, 1.5])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_and_nothing_overlaps(
    qtbot: QtBot, plan: Document, width: int, height: int, text_size: float
) -> None:
    """Words would be cut off, or lie on others, in a small window or with large text."""
    themes.set_text_size(text_size)
    window = made(qtbot, plan, width, height)
    found = on_each_page(window)
    window.close()
    window.deleteLater()
    assert not found, "\n".join(found)


def test_a_larger_text_size_is_taken_up_by_the_open_window(qtbot: QtBot, plan: Document) -> None:
    """What was measured when the window was made would cut larger letters."""
    window = made(qtbot, plan, 1440, 900)
    on_each_page(window)
    themes.set_text_size(1.5)
    found = on_each_page(window)
    window.close()
    window.deleteLater()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_longer_words_of_another_language_are_not_cut(
    qtbot: QtBot, plan: Document, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    """A translation, which is longer than English, would not fit."""
    monkeypatch.setattr(language, "_catalogue", lambda _chosen: Longer())
    window = made(qtbot, plan, width, height)
    assert window.title_bar.search.text() == "Find or set anything Find or"
    found = on_each_page(window)
    window.close()
    window.deleteLater()
    assert not found, "\n".join(found)
