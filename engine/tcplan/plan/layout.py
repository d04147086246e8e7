"""How the model is cut over the devices; what is not fixed is chosen: memory first, then time."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.model import NO_YES
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number

_CHOSEN = N_("chosen: the fastest layout that fits")


class Layout(Panel):
    """Degrees of parallelism, recomputation and sharding."""

    tensor: Annotated[
        Number | None,
        Shown(
            N_("Tensor parallel"),
            N_("Devices that share each matrix."),
            symbol="t",
            low=1,
            high=1024,
            whole=True,
            computed=_CHOSEN,
            more=True,
            words=("tp",),
        ),
    ] = None
    pipeline: Annotated[
        Number | None,
        Shown(
            N_("Pipeline parallel"),
            N_("Stages of consecutive layers."),
            symbol="p",
            low=1,
            high=1024,
            whole=True,
            computed=_CHOSEN,
            more=True,
            words=("pp",),
        ),
    ] = None
    context: Annotated[
        Number | None,
        Shown(
            N_("Context parallel"),
            N_("Devices that share each sequence."),
            symbol="c",
            low=1,
            high=1024,
            whole=True,
            computed=_CHOSEN,
            more=True,
            words=("cp",),
        ),
    ] = None
    expert: Annotated[
        Number | None,
        Shown(
            N_("Expert parallel"),
            N_("Devices that share the experts of a layer."),
            symbol="e",
            low=1,
            high=4096,
            whole=True,
            computed=_CHOSEN,
            more=True,
            words=("ep",),
        ),
    ] = None
    micro_batch: Annotated[
        Number | None,
        Shown(
            N_("Micro-batch"),
            N_("Sequences that one pipeline works on at a time."),
            symbol="b",
            low=1,
            high=4096,
            whole=True,
            computed=_CHOSEN,
            more=True,
        ),
    ] = None
    interleave: Annotated[
        Number | None,
        Shown(
            N_("Virtual stages"),
            N_("Pieces of the model on each pipeline stage; more than one is the interleaved schedule."),
            symbol="v",
            low=1,
            high=256,
            whole=True,
            computed=_CHOSEN,
            more=True,
            words=("virtual pipeline",),
        ),
    ] = None
    recompute: Annotated[
        str | None,
        Shown(
            N_("Recompute"),
            N_("Activations computed again in the backward pass: none, the attention core, or whole layers."),
            choices=(
                Choice("none", N_("none")),
                Choice("selective", N_("selective")),
                Choice("full", N_("full")),
            ),
            computed=_CHOSEN,
            more=True,
            words=("activation checkpointing", "remat"),
        ),
    ] = None
    sharding: Annotated[
        str | None,
        Shown(
            N_("Sharding"),
            N_("ZeRO stage: what the data-parallel devices share (optimizer, gradients, weights)."),
            choices=(
                Choice("zero0", N_("ZeRO-0")),
                Choice("zero1", N_("ZeRO-1")),
                Choice("zero2", N_("ZeRO-2")),
                Choice("zero3", N_("ZeRO-3")),
            ),
            computed=_CHOSEN,
            more=True,
            words=("fsdp", "distributed optimizer"),
        ),
    ] = None
    sequence_parallel: Annotated[
        str | None,
        Shown(
            N_("Sequence parallel"),
            N_("Norms and residuals are split over the tensor-parallel devices too."),
            choices=NO_YES,
            default="yes",
            default_source="arXiv:2205.05198, section 4.2.2",
            more=True,
        ),
    ] = None
