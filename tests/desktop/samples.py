"""Parts with something in them, for the tests that look at them and those that use them."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from tcplan_desktop.parts.bars import Bar, Bars
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.finding import FindingLine
from tcplan_desktop.parts.headline_cell import Change, Headline, Scale
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.panel_head import PanelHead
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.table import FULL, INK, REFERENCE, SECOND, WEIGHT, Table
from tcplan_desktop.parts.tabs import Tabs
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State

MONEY = Headline(
    "Money",
    "9.9",
    "M$",
    "calibrated",
    band="8.1 – 12.1",
    change=Change("−12\u202f%", -1, "good"),
    scale=Scale(9.9, 8.1, 12.1, 11.2),
)
DEVICES = (
    Option("h100", "H100 SXM", ("80 GB", "989 TFLOP/s"), "80 GB", ("hopper",)),
    Option("b200", "B200", ("192 GB", "2250 TFLOP/s"), "192 GB", ("blackwell",)),
    Option("a100", "A100 SXM", ("80 GB", "312 TFLOP/s"), "80 GB", ("ampere",)),
    Option("svk", "Suède, moyenne", ("29 g/kWh",)),
)


class Stage(Protocol):
    """The windows of the fixture."""

    def alone(self, widget: QWidget) -> QWidget: ...

    def column(self, *widgets: QWidget, size: tuple[int, int] = ...) -> QWidget: ...


def well() -> Well:
    made = Well("Price")
    made.show_text("1.9 … 2.75")
    made.set_unit("$/h")
    made.set_note(True)
    return made


def refused() -> Well:
    made = Well("Power")
    made.show_text("3 kWh")
    made.set_unit("kW")
    made.refuse("kWh is energy, this is power", 2, 5)
    return made


def unusual() -> Well:
    made = Well("PUE")
    made.show_text("1.2")
    made.set_state(State.UNUSUAL)
    return made


def choice() -> Choice:
    made = Choice("Accelerator")
    made.set_options(DEVICES)
    made.show_key("h100")
    return made


def segments() -> Segments:
    made = Segments("Precision", (("bf16", "bf16"), ("fp8", "fp8")))
    made.show_key("bf16")
    return made


def tabs() -> Tabs:
    made = Tabs("Views")
    for name in ("Curves", "Breakdown", "Uncertainty"):
        made.addTab(name)
    return made


def closed_panel() -> PanelHead:
    made = PanelHead("Programme", is_open=False)
    made.set_summary("Final run only")
    return made


def finding(level: str) -> FindingLine:
    made = FindingLine()
    made.show_finding(level, "PUE below the site’s 1.35.", "Use 1.35")
    return made


def bars() -> Bars:
    made = Bars("If an input rises by 10 %", signed=True)
    made.show_bars((Bar("tokens", 10.0, "+10.0\u202f%", key="tokens"), Bar("MFU", -9.1, "−9.1\u202f%")))
    return made


def breakdown() -> Bars:
    made = Bars("Where the money goes")
    made.show_bars(
        (Bar("Devices", 8.4, "8.42", "85\u202f%"), Bar("Total", 9.9, "9.90", "100\u202f%", strong=True))
    )
    return made


def table() -> Table:
    model = QStandardItemModel(2, 2)
    model.setHorizontalHeaderLabels(["Run", "error"])
    right = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
    model.setHeaderData(1, Qt.Orientation.Horizontal, right, Qt.ItemDataRole.TextAlignmentRole)
    for row, (name, error, full) in enumerate((("70B <dense>", "+6 %", "5.98"), ("65B", "−4 %", "-4.02"))):
        first, second = QStandardItem(name), QStandardItem(error)
        first.setData("2024", SECOND)
        second.setData(right, Qt.ItemDataRole.TextAlignmentRole)
        second.setData(full, FULL)
        second.setData(600, WEIGHT)
        second.setData("text3", INK)
        second.setData(True, REFERENCE)
        model.setItem(row, 0, first)
        model.setItem(row, 1, second)
    made = Table("Published runs")
    model.setParent(made)
    made.setModel(model)
    return made
