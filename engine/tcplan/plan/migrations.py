"""One pure function for each step of the file format, from n to n + 1; a released step is never edited."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tcplan.plan.document import FORMAT

Tree = dict[str, Any]
STEPS: Mapping[int, Callable[[Tree], Tree]] = {}
"""The step from each older format; format 1 is the first."""


def upgraded(tree: Tree, steps: Mapping[int, Callable[[Tree], Tree]] = STEPS, newest: int = FORMAT) -> Tree:
    """Return the content of a file in the newest format; the tree that is passed stays as it is."""
    changed = copy.deepcopy(tree) if tree["format"] < newest else tree
    for number in range(tree["format"], newest):
        changed = steps[number](changed) | {"format": number + 1}
    return changed
