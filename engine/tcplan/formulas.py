"""The source of every quantity as data, so that a frozen program without source files can show its formulas.

`python -m tcplan.formulas` writes the table anew after a function of the chain has changed.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import tcplan.chain
from tcplan.chain.quantity import Quantity, quantities

FILE = "formulas.json"


def every_quantity() -> Iterator[Quantity]:
    """Yield the quantities of all steps and variants of the chain."""
    for module in pkgutil.walk_packages(tcplan.chain.__path__, "tcplan.chain."):
        yield from quantities(importlib.import_module(module.name))


def key(function: Callable[..., Any]) -> str:
    """Return the name of a function in the table."""
    return f"{function.__module__}.{function.__name__}"


def body(function: Callable[..., Any]) -> str:
    """Return the statements of a function without its docstring, read from its source file."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        message = f"{function.__name__} is not a plain function"
        raise TypeError(message)
    statements = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    return "\n".join(ast.unparse(statement) for statement in statements)


def written() -> str:
    """Return the table as the text of its file."""
    table = {key(one.function): body(one.function) for one in every_quantity()}
    return json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@cache
def shipped() -> dict[str, str]:
    """Return the table that is shipped with the program."""
    text = resources.files("tcplan_resources").joinpath(FILE).read_text("utf-8")
    table: dict[str, str] = json.loads(text)
    return table


if __name__ == "__main__":
    Path(str(resources.files("tcplan_resources").joinpath(FILE))).write_text(written(), "utf-8")
