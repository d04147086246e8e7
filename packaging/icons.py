"""Copy the icons that the application shows from an unpacked npm package lucide-static.

    python packaging/icons.py FOLDER WITH house.svg ...

The line is 1.75 instead of 2, which is calmer at 14 and 16 pixels.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "tcplan_resources" / "icons"

NAMES = [
    "house",
    "file-text",
    "folder-open",
    "save",
    "undo-2",
    "redo-2",
    "history",
    "search",
    "plus",
    "x",
    "check",
    "pin",
    "copy",
    "link",
    "ellipsis",
    "chevron-down",
    "chevron-right",
    "arrow-left",
    "arrow-right",
    "corner-down-right",
    "move-horizontal",
    "maximize",
    "book-open",
    "square-function",
    "pencil",
    "layers",
    "rotate-ccw",
    "lock",
    "sticky-note",
    "triangle-alert",
    "circle-alert",
    "lightbulb",
    "circle-check",
    "info",
    "circle-question-mark",
    "loader-circle",
    "git-compare",
    "chart-line",
    "chart-bar-stacked",
    "sigma",
    "target",
    "table-2",
    "sliders-horizontal",
    "box",
    "map-pin",
    "printer",
    "download",
    "settings",
    "sun",
    "moon",
    "cpu",
    "zap",
    "droplets",
    "banknote",
    "clock",
    "memory-stick",
    "users",
    "leaf",
    "flag",
]


def drawing(text: str) -> str:
    """Return the drawing in one line, without the attributes that only a web page needs."""
    body = re.sub(r"<!--.*?-->|\s+class=\"[^\"]*\"", "", text, flags=re.DOTALL)
    one_line = re.sub(r"\s+", " ", body).replace("> <", "><").replace(" >", ">").strip()
    return one_line.replace('stroke-width="2"', 'stroke-width="1.75"') + "\n"


def main() -> None:
    """Write every icon into the resources."""
    if len(sys.argv) != 2:
        sys.exit("Say the folder that holds the SVG files of lucide-static.")
    source = Path(sys.argv[1])
    for name in NAMES:
        text = (source / f"{name}.svg").read_text(encoding="utf-8")
        (TARGET / f"{name}.svg").write_text(drawing(text), encoding="utf-8")


if __name__ == "__main__":
    main()
