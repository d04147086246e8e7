"""Every model type that is read, by the name that configurations give it."""

from collections.abc import Mapping
from functools import cache
from typing import Protocol

from tcplan.reading.huggingface.census import Census
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import DENSE
from tcplan.reading.huggingface.encoders import ENCODERS
from tcplan.reading.huggingface.hybrids import HYBRIDS
from tcplan.reading.huggingface.sequences import SEQUENCES
from tcplan.reading.huggingface.sparse import SPARSE


class Entry(Protocol):
    """A description of a model type."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return what a model of this type holds, with the head that its purpose asks for."""
        ...


@cache
def inventory() -> Mapping[str, Entry]:
    """Return the descriptions of all model types."""
    return {**DENSE, **SPARSE, **HYBRIDS, **ENCODERS, **SEQUENCES}
