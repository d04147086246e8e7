"""The chain as a graph: sorted once, solved for floats, arrays and open meshes with the same functions."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import numpy as np

from tcplan.chain.quantity import Numeric, Quantity


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
        wanted = frozenset(self.quantities if want is None else want)
        given = frozenset(inputs)
        steps = self.needed(wanted, given)
        spent = None if keep else self._spent(wanted, given)
        values = dict(inputs)
        with np.errstate(all="ignore"):
            for index, one in enumerate(steps):
                arguments = [values[name] for name in one.parameters]
                try:
                    values[one.name] = one.function(*arguments)
                except (ArithmeticError, ValueError):
                    values[one.name] = _by_numpy(one, arguments)
                if spent is not None:
                    for name in spent[index]:
                        values.pop(name, None)
        return values if keep else {name: values[name] for name in wanted}

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


def _by_numpy(one: Quantity, arguments: list[Numeric]) -> Numeric:
    """Return a quantity where Python's floats raise, such as 1/0: what NumPy's give, infinite or NaN."""
    plain = not any(isinstance(argument, np.ndarray) for argument in arguments)
    found = one.function(*[np.atleast_1d(np.asarray(argument, np.float64)) for argument in arguments])
    return float(np.ravel(found)[0]) if plain else found
