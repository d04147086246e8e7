"""Every model type that is read, by the name that configurations give it."""

from collections.abc import Mapping
from functools import cache

from tcplan.reading.huggingface.dense import DENSE
from tcplan.reading.huggingface.documents import DOCUMENTS
from tcplan.reading.huggingface.duos import DUOS
from tcplan.reading.huggingface.encoders import ENCODERS
from tcplan.reading.huggingface.entry import ENTRIES, Entry
from tcplan.reading.huggingface.foreign import FOREIGN
from tcplan.reading.huggingface.gemma import GEMMA
from tcplan.reading.huggingface.guests import GUESTS
from tcplan.reading.huggingface.hybrids import HYBRIDS
from tcplan.reading.huggingface.joint import JOINT
from tcplan.reading.huggingface.omni import OMNI
from tcplan.reading.huggingface.pictures import PICTURES
from tcplan.reading.huggingface.recent import RECENT
from tcplan.reading.huggingface.sequences import SEQUENCES
from tcplan.reading.huggingface.small import SMALL
from tcplan.reading.huggingface.sounds import SOUNDS
from tcplan.reading.huggingface.sparse import SPARSE
from tcplan.reading.huggingface.stages import STAGES
from tcplan.reading.huggingface.towers import TOWERS


@cache
def inventory() -> Mapping[str, Entry]:
    """Return the descriptions of all model types."""
    tables: tuple[Mapping[str, Entry], ...] = (
        DENSE,
        SPARSE,
        HYBRIDS,
        ENCODERS,
        SEQUENCES,
        PICTURES,
        TOWERS,
        STAGES,
        SOUNDS,
        JOINT,
        GEMMA,
        DUOS,
        FOREIGN,
        RECENT,
        GUESTS,
        DOCUMENTS,
        OMNI,
        SMALL,
    )
    for entries in tables:
        ENTRIES.update(entries)
    return ENTRIES
