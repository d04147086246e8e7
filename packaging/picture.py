"""Take the picture of README.md: the window with the GPT-3 example, in a home of its own.

.venv/bin/python packaging/picture.py
"""

import os
import tempfile
from pathlib import Path

PICTURE = Path(__file__).with_name("picture.png")
SIZE = (1440, 900)
EXAMPLE = "gpt3-175b"
SETTLED_MS = 2000


def main() -> None:
    """Open the example and save what the window shows once its curves are there."""
    with tempfile.TemporaryDirectory() as home:
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        take()


def take() -> None:
    """Take the picture; Qt is loaded only now, in the environment that was prepared for it."""
    from PySide6.QtTest import QTest

    from tcplan.examples import example
    from tcplan_desktop.app import application, first_window
    from tcplan_desktop.settings import Settings
    from tcplan_desktop.theme import themes

    app = application([])
    window = first_window(Settings())
    themes.choose("light")
    window.resize(*SIZE)
    window.document.open(example(EXAMPLE), None)
    window.show_workbench()
    QTest.qWait(SETTLED_MS)
    window.grab().save(str(PICTURE))
    window.close()
    app.processEvents()


if __name__ == "__main__":
    main()
