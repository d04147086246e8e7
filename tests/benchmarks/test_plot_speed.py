"""A frame of the curves while somebody drags: 16 ms, or the window stutters."""

from itertools import cycle
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tcplan_desktop.theme import themes
from tcplan_desktop.views.plot import Plots
from tcplan_desktop.views.plot_axis import Interval
from tcplan_desktop.views.plot_overlay import Limit, Marker, Pane, Reading

FRAME = 0.016


def test_a_frame_of_two_curves(benchmark: Any, qtbot: QtBot) -> None:  # noqa: ANN401
    """Fails when new data of 400 points on both plots and a grab of 720 x 560 take longer than a frame."""
    themes.wear(QApplication.instance(), "light")  # type: ignore[arg-type]
    plots = Plots()
    qtbot.addWidget(plots)
    plots.resize(720, 560)
    with qtbot.waitExposed(plots):
        plots.show()
    xs = np.geomspace(256.0, 16384.0, 400)
    plots.show_x(Interval(256.0, 16384.0, log=True), tuple((2.0**k, str(2**k)) for k in range(8, 15)))
    shapes = cycle([1.0, 1.05, 1.1])
    ticks = ((0.0, "0"), (10.0, "10"), (20.0, "20"))

    def frame() -> None:
        size = next(shapes)
        money, days = size * (xs / 2000.0 + 2000.0 / xs) * 4.0, size * 160_000.0 / xs
        for index, ys in enumerate((money, days)):
            pane = Pane(y=Interval(0.0, 30.0), limit=Limit(12.0, "Budget 12 M$"))
            plots.show_pane(index, pane, ticks, xs, ys)
        marker = Marker(2048.0 * size, "2048", (8.0, 8.0), ("8 M$", "78 d"), "Your plan")
        reading = Reading(4096.0, "4096", (9.0, 4.0), ("9 M$", "39 d"), ("+1 M$", "−39 d"))
        picture = plots.picture
        plots.show_marks(type(picture)(picture.x, picture.x_ticks, picture.panes, marker, reading, "marker"))
        assert not plots.grab().isNull()

    frame()
    benchmark(frame)
    if benchmark.stats is not None:
        assert benchmark.stats.stats.median <= FRAME
