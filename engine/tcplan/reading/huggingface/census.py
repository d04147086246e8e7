"""What a part of a network holds and what one token does in it: the sums of which every model is made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of a part of a network; parts add up, and a part times a number is that many copies.

    `parameters` are the trained numbers, `active` those that one token passes through. `products` counts the
    weights in the matrix products of one token, and `scores` the multiply-adds of attention for one token and
    one token that it looks at, `near` the part of these in layers with a window. `facts` holds fields of the
    model panel that the part stands for.
    """

    parameters: float = 0
    active: float = 0
    products: float = 0
    scores: float = 0
    near: float = 0
    facts: Mapping[str, float | str] = field(default_factory=dict)

    def __add__(self, other: "Census") -> "Census":
        """Return both parts together; where both know a field, the first one keeps it."""
        return Census(
            self.parameters + other.parameters,
            self.active + other.active,
            self.products + other.products,
            self.scores + other.scores,
            self.near + other.near,
            {**other.facts, **self.facts} if other.facts else self.facts,
        )

    def __mul__(self, copies: float) -> "Census":
        """Return that many copies, each with weights of its own."""
        return self.scaled(copies, copies, copies)

    __rmul__ = __mul__

    def scaled(self, parameters: float, active: float, products: float) -> "Census":
        """Return the part with its counts of parameters, active parameters and products multiplied."""
        return Census(
            self.parameters * parameters,
            self.active * active,
            self.products * products,
            self.scores * products,
            self.near * products,
            self.facts,
        )

    def visited(self, copies: float, chosen: float) -> "Census":
        """Return `copies` of the part of which a token visits `chosen`, as experts are."""
        return self.scaled(copies, chosen, chosen)

    def repeated(self, times: float) -> "Census":
        """Return the part with one set of weights that a token passes `times` times."""
        return self.scaled(1, 1, times)

    def aside(self) -> "Census":
        """Return the part as one that tokens of text do not pass, as the tower of another medium is."""
        return Census(self.parameters)

    def known_as(self, **facts: float | str) -> "Census":
        """Return the part with more fields of the model panel that it stands for."""
        return replace(self, facts={**self.facts, **facts})


NOTHING = Census()


def together(parts: Iterable[Census]) -> Census:
    """Return the sum of parts."""
    return sum(parts, NOTHING)


def vector(length: float) -> Census:
    """Return a norm weight, a bias or another list of numbers that is no matrix."""
    return Census(length, length)


def table(rows: float, width: float) -> Census:
    """Return a table in which rows are looked up."""
    return Census(rows * width, rows * width)


def linear(inputs: float, outputs: float, bias: float = 0) -> Census:
    """Return a linear layer."""
    weights = inputs * outputs
    numbers = weights + (outputs if bias else 0)
    return Census(numbers, numbers, weights)


def convolution(inputs: float, outputs: float, taps: float, bias: float = 1, groups: float = 1) -> Census:
    """Return a convolution whose kernel has `taps` places; products are those of one place of its output."""
    weights = inputs / (groups or 1) * outputs * taps
    numbers = weights + (outputs if bias else 0)
    return Census(numbers, numbers, weights)


def rms(width: float) -> Census:
    """Return a norm with a weight."""
    return vector(width)


def layernorm(width: float) -> Census:
    """Return a norm with a weight and a bias."""
    return vector(2 * width)
