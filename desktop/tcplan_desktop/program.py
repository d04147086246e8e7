"""The one program `tcplan`: it opens the window, or runs a command where a command is named."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcplan.estimate import Estimate
    from tcplan.plan.document import Document

NEW_INSTANCE = "--new-instance"
"""The word that asks for a window of its own beside the one that is open."""


def main() -> int:
    """Run the program with the words of the process and return its exit code."""
    words = sys.argv[1:]
    with _ended_by_interrupt():
        from tcplan import cli
        from tcplan.language import _
    if not _for_window(words):
        return cli.main(words, {".pdf": _write_pdf} if _has_qt() else {})
    if not _has_qt():
        sys.stderr.write(_("tcplan: the window needs PySide6; see tcplan --help for what works without it\n"))
        return 2
    if not _has_display():
        sys.stderr.write(
            _("tcplan: there is no display here; see tcplan --help for what works without one\n")
        )
        return 2
    # Nothing that the start makes is garbage: looking for some would take a tenth of its time.
    gc.disable()
    from tcplan_desktop import app

    return app.main()


@contextlib.contextmanager
def _ended_by_interrupt() -> Iterator[None]:
    """End at once, and without a word, when somebody interrupts while modules are still being loaded."""
    before = signal.getsignal(signal.SIGINT)
    # Somebody who starts the program in the background may want interrupts to be ignored.
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))
    yield
    signal.signal(signal.SIGINT, before)


def _for_window(words: Sequence[str]) -> bool:
    """Tell files, which the window opens, from commands, well spelt or not."""
    return all(word == NEW_INSTANCE or word.endswith(".tcplan") or _is_file(word) for word in words)


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except OSError:
        # Such as a name that is too long to be one.
        return False


def _has_qt() -> bool:
    return importlib.util.find_spec("PySide6") is not None


def _has_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in names)


def _write_pdf(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
    # Qt is loaded for this one format only: the other commands answer before it would be there.
    from tcplan_desktop.paper.pdf import write_pdf

    write_pdf(document, estimate, path, options)


if __name__ == "__main__":
    sys.exit(main())
