"""How far a long command has come: a bar on a terminal, nothing anywhere else."""

from collections.abc import Callable
from typing import TextIO

_WIDTH = 30


def bar(stream: TextIO) -> Callable[[float], None]:
    """Return what draws the share that is done, on a stream that is a terminal."""
    if not stream.isatty():
        return lambda _share: None

    def draw(done: float) -> None:
        filled = round(done * _WIDTH)
        stream.write(
            f"\r[{'#' * filled}{' ' * (_WIDTH - filled)}]" if done < 1.0 else f"\r{' ' * (_WIDTH + 2)}\r"
        )
        stream.flush()

    return draw
