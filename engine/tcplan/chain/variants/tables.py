"""Tables of families that keep their embedding, head and front end on one device."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity("1", N_("Embedding and head held"), source="definition: all of them", path="memory.held_tables")
def held_tables(table_parameters: Numeric) -> Numeric:
    """Table weights on the stage that holds them [1].

    Parameters
    ----------
    table_parameters
        Weights before the first and behind the last layer [1].
    """
    return table_parameters


@quantity(
    "1",
    N_("Padding of the vocabulary"),
    source="definition: classes and pixels are not padded",
    path="memory.padded_share",
)
def padded_share() -> Numeric:
    """Rows of a table with its padding, for each of its entries: as many [1]."""
    return 1.0
