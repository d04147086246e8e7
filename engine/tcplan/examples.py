"""The examples that are shipped: published runs and a plan to begin with."""

from functools import cache
from importlib import resources

from tcplan.plan.document import Document
from tcplan.plan.file import read_bytes

_FOLDER = resources.files("tcplan_resources") / "examples"
_SUFFIX = ".tcplan"
FIRST = "llama3.1-70b"


@cache
def example_keys() -> tuple[str, ...]:
    """Return the keys of the examples, in alphabetical order."""
    names = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def example(key: str) -> Document:
    """Return the document of an example.

    Raises
    ------
    FileNotFoundError
        When there is no example of this key.
    """
    return read_bytes((_FOLDER / f"{key}{_SUFFIX}").read_bytes())
