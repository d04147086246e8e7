"""How the model is cut over the devices; what is not fixed is chosen: memory first, then time."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.transformer import NO_YES
from tcplan.plan.value import Number

_CHOSEN = N_("chosen: the fastest layout that fits")


class Layout(Panel):
    """Software, degrees of parallelism, recomputation, sharding and how the work overlaps."""

    stack: Annotated[
        str | None,
        Shown(
            N_("Software"),
            N_("The training software and its release: as large an effect as a generation of hardware."),
            table="stacks",
            computed=N_("the tuned stack of the accelerator's time"),
            words=("framework", "megatron", "fsdp", "deepspeed", "nemo"),
        ),
    ] = None
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
                Choice("hybrid", N_("ZeRO-3 inside a node")),
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
    compiled: Annotated[
        str | None,
        Shown(
            N_("Compiled"),
            N_("A compiler fuses the kernels between matrix products."),
            choices=NO_YES,
            default="no",
            default_source="PyTorch documentation, torch.compile: off unless asked for",
            more=True,
            words=("torch.compile", "fused kernels"),
        ),
    ] = None
    overlap: Annotated[
        str | None,
        Shown(
            N_("Overlap"),
            N_("Whether collectives of tensor and data parallelism run beside the computing."),
            choices=(
                Choice("stack", N_("as the stack does")),
                Choice("none", N_("collectives wait")),
                Choice("split", N_("products are split")),
            ),
            default="stack",
            default_source="arXiv:2402.15627, section 3.2",
            more=True,
            words=("communication overlap",),
        ),
    ] = None
    schedule: Annotated[
        str | None,
        Shown(
            N_("Schedule"),
            N_("Order of forward and backward passes in the pipeline."),
            choices=(
                Choice("1f1b", N_("1F1B")),
                Choice("zero-bubble", N_("zero bubble")),
                Choice("dualpipe", N_("DualPipe")),
            ),
            default="1f1b",
            default_source="arXiv:2104.04473, section 2.2",
            more=True,
            words=("zero bubble", "dualpipe", "1f1b"),
        ),
    ] = None
    balance: Annotated[
        str | None,
        Shown(
            N_("Stages"),
            N_("Equal layers on each stage, or fewer where embedding, head and loss are."),
            choices=(Choice("equal", N_("equal")), Choice("balanced", N_("balanced"))),
            default="equal",
            default_source="arXiv:2104.04473, section 2.2",
            more=True,
            words=("uneven pipeline",),
        ),
    ] = None
    dispatcher: Annotated[
        str | None,
        Shown(
            N_("Dispatcher"),
            N_("How tokens travel to experts: once for each expert, or once to each node that holds some."),
            choices=(Choice("plain", N_("plain all-to-all")), Choice("deduplicating", N_("one copy a node"))),
            default="deduplicating",
            default_source="arXiv:2412.19437, section 3.2",
            more=True,
            words=("deepep", "hybridep", "all-to-all"),
        ),
    ] = None
    dispatch_overlap: Annotated[
        str | None,
        Shown(
            N_("Dispatch overlap"),
            N_("Dispatch of one micro-batch hides under the computing of another."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2412.19437, section 3.2.1",
            more=True,
        ),
    ] = None
    routing_imbalance: Annotated[
        Number | None,
        Shown(
            N_("Imbalance"),
            N_("Tokens of the busiest device over the mean of all: 1 where a router balances perfectly."),
            low=1.0,
            high=64.0,
            usual=(1.0, 4.0),
            default=1.05,
            default_source="a planning value for a balanced router, arXiv:2408.15664",
            more=True,
            words=("load balance", "router"),
        ),
    ] = None
    graphs: Annotated[
        str | None,
        Shown(
            N_("Graphs"),
            N_("What is launched as one recorded graph instead of kernel by kernel."),
            choices=(
                Choice("none", N_("none")),
                Choice("partial", N_("parts of a layer")),
                Choice("full", N_("whole steps")),
            ),
            default="none",
            default_source="CUDA C++ Programming Guide, section CUDA Graphs",
            more=True,
            words=("cuda graph",),
        ),
    ] = None
    token_drop: Annotated[
        str | None,
        Shown(
            N_("Tokens dropped"),
            N_("Tokens beyond the capacity of an expert are dropped, so that shapes are known in advance."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2101.03961, section 2.2",
            more=True,
            words=("capacity factor",),
        ),
    ] = None
    offload: Annotated[
        str | None,
        Shown(
            N_("Offload"),
            N_("What is kept in the memory of the host."),
            choices=(
                Choice("none", N_("none")),
                Choice("optimizer", N_("optimizer")),
                Choice("parameters", N_("parameters and optimizer")),
                Choice("activations", N_("activations")),
            ),
            default="none",
            default_source="arXiv:2101.06840, section 4",
            more=True,
            words=("cpu offload",),
        ),
    ] = None
    recompute_share: Annotated[
        Number | None,
        Shown(
            N_("Layers again"),
            N_("Share of the layers that full recomputation repeats."),
            shown="%",
            low=0,
            high=1,
            default=1.0,
            default_source="arXiv:2205.05198, section 5",
            more=True,
        ),
    ] = None
    recompute_core: Annotated[
        str | None,
        Shown(
            N_("Core again"),
            N_("Selective recomputation repeats the attention core."),
            choices=NO_YES,
            default="yes",
            default_source="arXiv:2205.05198, section 5",
            more=True,
        ),
    ] = None
    recompute_projections: Annotated[
        str | None,
        Shown(
            N_("Projections again"),
            N_("Selective recomputation repeats the up-projections of latent attention."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2412.19437, section 3.2.3",
            more=True,
        ),
    ] = None
    recompute_experts: Annotated[
        str | None,
        Shown(
            N_("Experts again"),
            N_("Selective recomputation repeats routed experts with their dispatch."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2412.19437, section 3.2.3",
            more=True,
        ),
    ] = None
    recompute_activation: Annotated[
        str | None,
        Shown(
            N_("Activation again"),
            N_("Selective recomputation repeats the activation function of experts."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2412.19437, section 3.2.3",
            more=True,
        ),
    ] = None
    recompute_norms: Annotated[
        str | None,
        Shown(
            N_("Norms again"),
            N_("Selective recomputation repeats norms."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2412.19437, section 3.2.3",
            more=True,
        ),
    ] = None
    loss_kernel: Annotated[
        str | None,
        Shown(
            N_("Loss"),
            N_("How the loss follows from the head's outputs: several copies, one, or a part at a time."),
            choices=(
                Choice("plain", N_("plain")),
                Choice("fused", N_("fused")),
                Choice("chunked", N_("in pieces")),
            ),
            default="plain",
            default_source="arXiv:2410.10989, section 3.2",
            more=True,
            words=("cross entropy", "chunked", "liger"),
        ),
    ] = None
    early_update: Annotated[
        str | None,
        Shown(
            N_("Update in backward"),
            N_("Each gradient is used and released as soon as it is there; with one micro-batch alone."),
            choices=NO_YES,
            default="no",
            default_source="arXiv:2306.09782, section 3.1",
            more=True,
            words=("fused optimizer", "lomo", "optimizer in backward"),
        ),
    ] = None
    gradient_sum: Annotated[
        str | None,
        Shown(
            N_("Gradient sums"),
            N_("Width in which gradients are summed over micro-batches and kept until the update."),
            choices=(
                Choice("stack", N_("as the stack does")),
                Choice("half", N_("16 bit")),
                Choice("full", N_("32 bit")),
            ),
            default="stack",
            default_source="arXiv:1910.02054, section 3.1",
            more=True,
            words=("grad_reduce_in_fp32", "gradient accumulation"),
        ),
    ] = None
