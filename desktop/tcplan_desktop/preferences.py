"""How the window looks: theme, text size, motion and the arrangement that is remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication

from tcplan_desktop import settings as store
from tcplan_desktop.settings import Settings
from tcplan_desktop.theme import CHOICES, themes

if TYPE_CHECKING:
    from tcplan_desktop.window import Window

SIZES = (100, 125, 150)
_FRAME = QSize(16, 48)
"""What title bar and borders take at most; a window that is not shown yet does not know."""


def slots(window: Window) -> dict[str, Callable[[], object]]:
    """Return what the commands of the View menu do."""
    made: dict[str, Callable[[], object]] = {
        f"theme_{choice}": partial(choose_theme, window, choice) for choice in CHOICES
    }
    made |= {f"text_{size}": partial(choose_text_size, window, size) for size in SIZES}
    made["reduced_motion"] = lambda: reduce_motion(window, not themes.reduced_motion)
    made["reset_layout"] = lambda: reset_layout(window)
    return made


def _change(window: Window, **changes: object) -> None:
    window.settings = window.settings.changed(**changes)
    store.save(window.settings)
    _tick(window)


def _tick(window: Window) -> None:
    """Check what is in force in the menu."""
    named = window.actions_by_name
    named[f"theme_{window.settings.theme}"].setChecked(True)
    if window.settings.text_size in SIZES:
        named[f"text_{window.settings.text_size}"].setChecked(True)
    named["reduced_motion"].setChecked(window.settings.reduced_motion)


def choose_theme(window: Window, choice: str) -> None:
    """Use a theme from now on."""
    themes.choose(choice)
    _change(window, theme=choice)


def choose_text_size(window: Window, size: int) -> None:
    """Use a text size, in per cent, from now on."""
    themes.set_text_size(size / 100)
    _change(window, text_size=size)


def reduce_motion(window: Window, reduced: bool) -> None:
    """Switch every movement off or on."""
    themes.set_reduced_motion(reduced)
    _change(window, reduced_motion=reduced)


def reset_layout(window: Window) -> None:
    """Give columns, panels and the why their first arrangement."""
    fresh = Settings()
    window.workbench.reset_columns()
    window.inputs.set_closed(fresh.closed_panels)
    for panel in window.inputs.panels.values():
        panel.show_more(more=False)
    _change(window, closed_panels=fresh.closed_panels, columns=None, why_open=True)
    if not window.why_place.is_open:
        window.explain("money.total")


def restore(window: Window) -> None:
    """Arrange the window as it was left; a screen that is gone leaves it on one that is there."""
    kept = window.settings
    from tcplan_desktop.window import USUAL

    if kept.geometry is not None:
        window.setGeometry(on_screen(QRect(*kept.geometry)))
    else:
        window.resize(first_size(*USUAL))
    window.inputs.set_closed(kept.closed_panels)
    if kept.columns is not None:
        window.workbench.splitter.setSizes(list(kept.columns))
    window.workbench.centre.choose(min(kept.tab, 2))
    window.workbench.why_column.setVisible(kept.why_open)
    window.workbench.pane.show_estimate(window.document.document, window.estimate)
    window.workbench.pane.ask("money.total")
    _tick(window)


def first_size(width: int, height: int) -> QSize:
    """Return this size, or what a screen has room for beside the frame that the system draws around it."""
    room = QGuiApplication.primaryScreen().availableGeometry().size()
    return QSize(width, height).boundedTo(room - _FRAME)


def on_screen(wanted: QRect) -> QRect:
    """Return a rectangle of this size that lies on a screen."""
    screens = QGuiApplication.screens()
    best = max(screens, key=lambda screen: _shared(screen.availableGeometry(), wanted))
    room = best.availableGeometry()
    size = wanted.size().boundedTo(room.size())
    x = min(max(wanted.x(), room.x()), room.right() - size.width() + 1)
    y = min(max(wanted.y(), room.y()), room.bottom() - size.height() + 1)
    return QRect(x, y, size.width(), size.height())


def _shared(one: QRect, other: QRect) -> int:
    common = one.intersected(other)
    return common.width() * common.height()


def remember(window: Window) -> None:
    """Write down how the window is left."""
    place = window.normalGeometry()
    sizes = window.workbench.splitter.sizes()
    changes: dict[str, object] = {
        "geometry": (place.x(), place.y(), place.width(), place.height()),
        "maximized": window.isMaximized(),
        "tab": window.workbench.centre.tab,
        "closed_panels": window.inputs.closed(),
    }
    if not window.compact:
        changes["why_open"] = window.why_place.is_open
        if window.why_place.is_open and all(sizes):
            changes["columns"] = tuple(sizes)
    window.settings = window.settings.changed(**changes)
    store.save(window.settings)
