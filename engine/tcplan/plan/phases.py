"""Phases of a run after the first: each has its own tokens, sequence, batch and precision."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Shown
from tcplan.plan.training import PRECISIONS, FirstPhase
from tcplan.plan.value import Number

_AS_BEFORE = N_("as in the first phase")
_WORDS = ("annealing", "long context", "mid-training", "stage")


def _tokens(label: str) -> Shown:
    return Shown(
        label,
        N_("Training tokens of this phase; without them there is no such phase."),
        shown="tokens",
        low=1,
        high=1e18,
        computed=N_("no such phase"),
        more=True,
        words=_WORDS,
    )


def _sequence(label: str) -> Shown:
    return Shown(
        label,
        N_("Tokens in one training sequence of this phase."),
        shown="tokens",
        low=1,
        high=1e8,
        whole=True,
        computed=_AS_BEFORE,
        more=True,
        words=_WORDS,
    )


def _batch(label: str) -> Shown:
    return Shown(
        label,
        N_("Tokens in one optimizer step of this phase."),
        shown="tokens",
        low=1,
        high=1e10,
        computed=_AS_BEFORE,
        more=True,
        words=_WORDS,
    )


def _precision(label: str) -> Shown:
    return Shown(
        label,
        N_("Number format of the matrix multiplications in this phase."),
        choices=PRECISIONS,
        computed=_AS_BEFORE,
        more=True,
        words=_WORDS,
    )


class Training(FirstPhase):
    """How the model is trained: a first phase, and up to three more for long context, annealing and so on."""

    second_phase_tokens: Annotated[Number | None, _tokens(N_("Phase 2: tokens"))] = None
    second_phase_sequence: Annotated[Number | None, _sequence(N_("Phase 2: sequence"))] = None
    second_phase_batch: Annotated[Number | None, _batch(N_("Phase 2: batch"))] = None
    second_phase_precision: Annotated[str | None, _precision(N_("Phase 2: precision"))] = None
    third_phase_tokens: Annotated[Number | None, _tokens(N_("Phase 3: tokens"))] = None
    third_phase_sequence: Annotated[Number | None, _sequence(N_("Phase 3: sequence"))] = None
    third_phase_batch: Annotated[Number | None, _batch(N_("Phase 3: batch"))] = None
    third_phase_precision: Annotated[str | None, _precision(N_("Phase 3: precision"))] = None
    fourth_phase_tokens: Annotated[Number | None, _tokens(N_("Phase 4: tokens"))] = None
    fourth_phase_sequence: Annotated[Number | None, _sequence(N_("Phase 4: sequence"))] = None
    fourth_phase_batch: Annotated[Number | None, _batch(N_("Phase 4: batch"))] = None
    fourth_phase_precision: Annotated[str | None, _precision(N_("Phase 4: precision"))] = None


LATER = ("second_phase", "third_phase", "fourth_phase")
"""Beginnings of the names of fields, phase by phase."""
FIELDS = frozenset(Training.model_fields) - FirstPhase.model_fields.keys()
