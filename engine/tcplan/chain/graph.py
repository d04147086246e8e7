"""The chain as a graph: sorted once, solved for floats, arrays and open meshes with the same functions."""

from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from operator import itemgetter

import numpy as np

from tcplan.chain.quantity import Numeric, Quantity

_Call = tuple[str, Callable[..., Numeric], Callable[[Mapping[str, Numeric]], tuple[Numeric, ...]]]
"""Name and function of a quantity, and what takes its arguments out of all values."""


class GraphError(Exception):
    """The functions do not form a chain: a name is missing, doubled or goes round in a circle."""


class Graph:
    """Quantities in an order in which each comes after those it needs."""

    def __init__(self, quantities: Iterable[Quantity], inputs: Iterable[str]) -> None:
        self.quantities: dict[str, Quantity] = {}
        for one in quantities:
            if one.name in self.quantities:
                message = f"two functions are called {one.name}"
                raise GraphError(message)
            self.quantities[one.name] = one
        self.inputs = frozenset(inputs)
        self.paths = {one.path: one for one in self.quantities.values()}
        if len(self.paths) != len(self.quantities):
            message = "two quantities have the same path"
            raise GraphError(message)
        self.order = self._sorted()
        self._every = frozenset(self.quantities)
        self._calls: dict[tuple[frozenset[str], frozenset[str]], tuple[_Call, ...]] = {}
        self._frees: dict[tuple[frozenset[str], frozenset[str]], tuple[tuple[str, ...], ...]] = {}
        self._plans: dict[tuple[frozenset[str], frozenset[str]], tuple[Quantity, ...]] = {}

    def _sorted(self) -> tuple[Quantity, ...]:
        needs = {name: set(one.parameters) & self.quantities.keys() for name, one in self.quantities.items()}
        for name, one in self.quantities.items():
            missing = set(one.parameters) - self.quantities.keys() - self.inputs
            if missing:
                message = f"{name} needs {', '.join(sorted(missing))}, which nothing gives"
                raise GraphError(message)
        try:
            names = list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            message = f"quantities in a circle: {' -> '.join(error.args[1])}"
            raise GraphError(message) from error
        return tuple(self.quantities[name] for name in names)

    def needed(self, want: frozenset[str], given: frozenset[str]) -> tuple[Quantity, ...]:
        """Return the quantities to compute, in order, for `want` when `given` is known."""
        key = (want, given)
        if key not in self._plans:
            marked: set[str] = set()
            stack = [name for name in want if name not in given]
            while stack:
                name = stack.pop()
                if name in marked or name not in self.quantities:
                    continue
                marked.add(name)
                stack.extend(p for p in self.quantities[name].parameters if p not in given)
            self._plans[key] = tuple(one for one in self.order if one.name in marked)
        return self._plans[key]

    def solve(
        self, inputs: Mapping[str, Numeric], want: Iterable[str] | None = None, *, keep: bool = True
    ) -> dict[str, Numeric]:
        """Compute quantities from inputs; a name present in `inputs` wins over the function of that name.

        Parameters
        ----------
        inputs
            Values by name: numbers or arrays that broadcast together.
        want
            Names of the quantities to return; all when None.
        keep
            Whether to return every intermediate as well; without it each is freed after its last use.

        Returns
        -------
        dict
            Values by name, the inputs included when `keep`.
        """
        wanted = self._every if want is None else frozenset(want)
        given = frozenset(inputs)
        spent = None if keep else self._spent(wanted, given)
        values = dict(inputs)
        with np.errstate(all="ignore"):
            for index, (name, function, arguments_in) in enumerate(self._called(wanted, given)):
                arguments = arguments_in(values)
                try:
                    values[name] = function(*arguments)
                except (ArithmeticError, ValueError):
                    values[name] = _by_numpy(function, arguments)
                if spent is not None:
                    for one in spent[index]:
                        values.pop(one, None)
        return values if keep else {name: values[name] for name in wanted}

    def _called(self, want: frozenset[str], given: frozenset[str]) -> tuple[_Call, ...]:
        """Return the steps of `needed` as calls: of hundreds, each look-up costs as much as a sum."""
        key = (want, given)
        if key not in self._calls:
            steps = self.needed(want, given)
            self._calls[key] = tuple((one.name, one.function, _taking(one.parameters)) for one in steps)
        return self._calls[key]

    def _spent(self, want: frozenset[str], given: frozenset[str]) -> tuple[tuple[str, ...], ...]:
        """Return for each step the names that no later step needs and nobody wants."""
        key = (want, given)
        if key not in self._frees:
            steps = self.needed(want, given)
            last = {name: index for index, one in enumerate(steps) for name in one.parameters}
            frees: list[list[str]] = [[] for _step in steps]
            for name, index in last.items():
                if name not in want:
                    frees[index].append(name)
            self._frees[key] = tuple(tuple(names) for names in frees)
        return self._frees[key]


def _taking(names: tuple[str, ...]) -> Callable[[Mapping[str, Numeric]], tuple[Numeric, ...]]:
    """Return what takes these values out of a mapping."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _by_numpy(function: Callable[..., Numeric], arguments: tuple[Numeric, ...]) -> Numeric:
    """Return a quantity where Python's floats raise, such as 1/0: what NumPy's give, infinite or NaN."""
    plain = not any(isinstance(argument, np.ndarray) for argument in arguments)
    found = function(*[np.atleast_1d(np.asarray(argument, np.float64)) for argument in arguments])
    return float(np.ravel(found)[0]) if plain else found
