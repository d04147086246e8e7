import numpy as np
import pytest

from tcplan.chain.graph import Graph, GraphError
from tcplan.chain.quantity import Numeric, Quantity, quantity


@quantity("1", "Double", source="definition", path="room.double")
def double(start: Numeric) -> Numeric:
    return 2.0 * start


@quantity("1", "Next", source="definition", path="room.next")
def following(double: Numeric) -> Numeric:
    return double + 1.0


@quantity("1", "Sum", source="definition", path="room.sum")
def total(double: Numeric, following: Numeric, other: Numeric) -> Numeric:
    return double + following + other


def described(*functions: object) -> list[Quantity]:
    return [function.quantity for function in functions]  # type: ignore[attr-defined]


@pytest.fixture
def graph() -> Graph:
    return Graph(described(total, following, double), ("start", "other"))


def test_each_quantity_comes_after_those_that_it_needs(graph: Graph) -> None:
    # Catches: an order that follows the file instead of the names.
    assert [one.name for one in graph.order] == ["double", "following", "total"]
    assert graph.solve({"start": 3.0, "other": 10.0})["total"] == 6.0 + 7.0 + 10.0


def test_a_given_quantity_wins_over_its_function(graph: Graph) -> None:
    # Catches: an override that is computed over, or that does not reach what comes after it.
    solved = graph.solve({"start": 3.0, "other": 0.0, "double": 100.0})
    assert solved["double"] == 100.0
    assert solved["following"] == 101.0


def test_only_what_is_wanted_is_computed(graph: Graph) -> None:
    # Catches: an input that is asked for although nothing wanted needs it.
    assert graph.solve({"start": 1.0}, ("following",), keep=False) == {"following": 3.0}
    assert "total" not in graph.solve({"start": 1.0}, ("following",))


def test_freeing_what_is_done_with_changes_no_result(graph: Graph) -> None:
    inputs = {"start": np.arange(4.0), "other": np.ones(4)}
    kept, freed = graph.solve(inputs), graph.solve(inputs, ("total", "double"), keep=False)
    assert freed.keys() == {"total", "double"}
    np.testing.assert_array_equal(freed["total"], kept["total"])
    np.testing.assert_array_equal(freed["double"], kept["double"])


def test_inputs_are_left_as_they_were(graph: Graph) -> None:
    inputs = {"start": 1.0, "other": 1.0}
    graph.solve(inputs)
    assert inputs == {"start": 1.0, "other": 1.0}


def test_a_name_that_nothing_gives_is_refused() -> None:
    with pytest.raises(GraphError, match="other, which nothing gives"):
        Graph(described(total, following, double), ("start",))


def test_two_functions_of_one_name_are_refused() -> None:
    with pytest.raises(GraphError, match="two functions are called double"):
        Graph(described(double, double), ("start",))


def test_two_quantities_of_one_path_are_refused() -> None:
    @quantity("1", "Copy", source="definition", path="room.double")
    def copy(start: Numeric) -> Numeric:
        return start

    with pytest.raises(GraphError, match="same path"):
        Graph(described(double, copy), ("start",))


def test_a_circle_is_refused() -> None:
    @quantity("1", "Chicken", source="definition")
    def chicken(egg: Numeric) -> Numeric:
        return egg

    @quantity("1", "Egg", source="definition")
    def egg(chicken: Numeric) -> Numeric:
        return chicken

    with pytest.raises(GraphError, match="circle"):
        Graph(described(chicken, egg), ())
