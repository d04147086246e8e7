"""Prices of a programme: which row of the costs says what a role, a pair, a token or a byte costs."""

from typing import TYPE_CHECKING

from tcplan.catalogue import costs
from tcplan.catalogue.row import Row

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

HOME = "USA"
"""The country whose pay stands in where none is published."""
_PAIRS = {
    "general": "label-pair-general",
    "expert": "label-pair-expert",
    "summaries": "label-pair-rlaif-paper",
    "crowd": "label-pair-alpacafarm",
}
_FIXED = {
    "synthetic_price": "api-out-gpt-oss-120b",
    "feedback_price": "aifb-gpt-4o",
    "archive_price": "stor-aws-s3",
    "sent_price": "egress-aws",
}
_PAIR_TOKENS = 1700.0
"""Tokens, read and written, that the catalogue's price of a judged pair stands for."""
_ROLES = {
    "researcher_pay": ("researcher", "engineer"),
    "engineer_pay": ("engineer",),
    "annotator_pay": ("annotator",),
}
"""Roles by field; the first that is published in a country counts."""
PAID = {
    "researcher_pay": "researchers",
    "engineer_pay": "engineers",
    "annotator_pay": "annotators",
    "label_price": "labels",
    "synthetic_price": "synthetic_tokens",
    "feedback_price": "ai_pairs",
    "archive_price": "archive_size",
    "sent_price": "sent_size",
}
"""The amount that each price is paid for."""


def rows(shelf: "Shelf", country: str, kind: str) -> dict[str, Row]:
    """Return the row of each price by the name of its field.

    Parameters
    ----------
    country
        Three letters of the country in which people are paid.
    kind
        What people compare, a key of the kinds of pairs.
    """
    keys = {**_FIXED, "label_price": _PAIRS[kind]}
    found = {name: row for name, key in keys.items() if (row := shelf.get(costs.TABLE.name, key)) is not None}
    for name, roles in _ROLES.items():
        row = _pay(shelf, roles, country) or _pay(shelf, roles, HOME)
        if row is not None:
            found[name] = row
    return found


def value(name: str, row: Row) -> float:
    """Return what a row says of a field, in its coherent unit."""
    central = costs.coherent(row)[0]
    return central / _PAIR_TOKENS if name == "feedback_price" else central


def _pay(shelf: "Shelf", roles: tuple[str, ...], country: str) -> Row | None:
    return next((row for role in roles if (row := costs.pay(shelf, role, country)) is not None), None)
