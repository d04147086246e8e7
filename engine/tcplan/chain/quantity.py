"""One quantity of the chain: a plain function, its unit, its words and its source."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

Numeric = Any
"""A Python number or a NumPy array; every function of the chain broadcasts."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What the program knows of a quantity besides its function.

    `name` is the function's name and the name of the parameter in other functions; `path` is the address that
    the window, the command line and the file use. `unit` is coherent (s, J, W, B, FLOP, kg, L, USD, 1 and
    products of them), `shown` the unit in which people read it.
    """

    name: str
    path: str
    unit: str
    label: str
    source: str
    symbol: str
    shown: str
    function: Callable[..., Numeric]
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """A value that the chain is given: from the plan, a catalogue row or a default with a source."""

    name: str
    unit: str
    label: str
    symbol: str = ""


def quantity(
    unit: str, label: str, *, source: str, path: str = "", symbol: str = "", shown: str = ""
) -> Callable[[Callable[..., Numeric]], Callable[..., Numeric]]:
    """Declare the function below as a quantity; the function itself stays an ordinary function.

    Parameters
    ----------
    unit
        Coherent unit of the returned value.
    label
        What a person calls it, marked with `N_`.
    source
        Paper and section, or the definition in words when it is only arithmetic.
    path
        Public address; by default `<module>.<function>`.
    symbol
        The field's symbol in formulas; by default the label.
    shown
        Unit in which results are printed; by default `unit`.
    """

    def declare(function: Callable[..., Numeric]) -> Callable[..., Numeric]:
        room = function.__module__.rpartition(".")[2]
        described = Quantity(
            name=function.__name__,
            path=path or f"{room}.{function.__name__}",
            unit=unit,
            label=label,
            source=source,
            symbol=symbol,
            shown=shown or unit,
            function=function,
            parameters=tuple(signature(function).parameters),
        )
        function.quantity = described  # type: ignore[attr-defined]
        return function

    return declare


def described(function: Callable[..., Numeric]) -> Quantity:
    """Return what was declared of a function."""
    declared: Quantity = function.quantity  # type: ignore[attr-defined]
    return declared


def quantities(module: object) -> list[Quantity]:
    """Return the quantities that a module declares, in the order in which it declares them."""
    return [
        value.quantity
        for value in vars(module).values()
        if callable(value)
        and getattr(value, "__module__", "") == getattr(module, "__name__", None)
        and hasattr(value, "quantity")
    ]
