"""The training part of the model panel: data, batch and precision."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.data import Data
from tcplan.plan.field import Choice, Shown
from tcplan.plan.value import Number

PRECISIONS = (
    Choice("bf16", "bf16"),
    Choice("fp16", "fp16"),
    Choice("fp8", "fp8"),
    Choice("mxfp8", "mxfp8"),
    Choice("nvfp4", "nvfp4"),
    Choice("tf32", "tf32"),
    Choice("fp32", "fp32"),
)


class FirstPhase(Data):
    """How much data the model sees first, and how it learns."""

    tokens: Annotated[
        Number | None,
        Shown(
            N_("Tokens"),
            N_("Training tokens, every repetition counted. 15T is 15 trillion."),
            shown="tokens",
            symbol="D",
            low=1,
            high=1e18,
            usual=(1e8, 1e14),
            default=15e12,
            default_source="arXiv:2407.21783, section 3.1",
            words=("data", "corpus"),
        ),
    ] = None
    sequence: Annotated[
        Number | None,
        Shown(
            N_("Sequence"),
            N_("Tokens in one training sequence (context length in training)."),
            shown="tokens",
            symbol="s",
            low=1,
            high=1e8,
            whole=True,
            usual=(128, 131072),
            default=8192,
            default_source="arXiv:2407.21783, section 3.4.1",
            words=("context length",),
        ),
    ] = None
    packed_length: Annotated[
        Number | None,
        Shown(
            N_("Packed texts"),
            N_("Mean tokens of the texts packed into a sequence, each seen by itself; 0: a sequence is one."),
            shown="tokens",
            low=0,
            high=1e8,
            default=0.0,
            default_source="arXiv:2005.14165, section 2.2: texts of one sequence see each other",
            more=True,
            words=("packing", "document mask"),
        ),
    ] = None
    precision: Annotated[
        str | None,
        Shown(
            N_("Precision"),
            N_("Number format of the matrix multiplications."),
            choices=PRECISIONS,
            computed=N_("bf16 where the accelerator has it, else fp16"),
            words=("dtype",),
        ),
    ] = None
    scaling: Annotated[
        str | None,
        Shown(
            N_("Scales"),
            N_("What shares a scale in 8-bit products: a tensor or a block, or each row by itself."),
            choices=(Choice("tensor", N_("tensor or block")), Choice("row", N_("row"))),
            default="tensor",
            default_source="arXiv:2209.05433, section 3",
            more=True,
            words=("fp8", "rowwise", "tensorwise"),
        ),
    ] = None
    batch_tokens: Annotated[
        Number | None,
        Shown(
            N_("Batch"),
            N_("Tokens in one optimizer step over all devices."),
            shown="tokens",
            symbol="B s",
            low=1,
            high=1e10,
            computed=N_("from the size of the model, as published runs do"),
            more=True,
        ),
    ] = None
    dropout: Annotated[
        Number | None,
        Shown(
            N_("Dropout"),
            N_("Share of values set to nothing in training; any needs its masks in memory."),
            shown="%",
            low=0,
            high=1,
            default=0.0,
            default_source="arXiv:2204.02311, section 5; arXiv:2302.13971: none in pre-training",
            more=True,
        ),
    ] = None
    optimizer: Annotated[
        str | None,
        Shown(
            N_("Optimizer"),
            N_("Decides how many bytes of state each parameter carries."),
            choices=(
                Choice("adam", N_("Adam")),
                Choice("adam8", N_("8-bit Adam")),
                Choice("adafactor", N_("Adafactor")),
                Choice("muon", N_("Muon")),
                Choice("sgd", N_("SGD with momentum")),
            ),
            default="adam",
            default_source="arXiv:1711.05101",
            more=True,
            words=("adamw",),
        ),
    ] = None
    task: Annotated[
        str | None,
        Shown(
            N_("Task"),
            N_("From the start or further, the whole model or adapters, from text or from other models."),
            choices=(
                Choice("pretrain", N_("pre-training")),
                Choice("continued", N_("continued pre-training")),
                Choice("sft", N_("supervised fine-tuning")),
                Choice("lora", "LoRA"),
                Choice("qlora", "QLoRA"),
                Choice("dpo", N_("DPO, from preferences")),
                Choice("ppo", N_("PPO, with reward and value")),
                Choice("grpo", N_("GRPO, with groups of answers")),
                Choice("distillation", N_("distillation")),
            ),
            default="pretrain",
            default_source="arXiv:2407.21783, section 3",
            more=True,
            words=("fine-tuning", "lora", "rlhf", "dpo", "ppo", "grpo", "teacher"),
        ),
    ] = None
    response_share: Annotated[
        Number | None,
        Shown(
            N_("Written share"),
            N_("Share of a sequence that the model writes itself in reinforcement learning."),
            shown="%",
            low=0,
            high=1,
            default=0.75,
            default_source="arXiv:2402.03300, section 4.2: short questions, answers up to 1,024 tokens",
            more=True,
            words=("rollout", "generation"),
        ),
    ] = None
    rollout_reuse: Annotated[
        Number | None,
        Shown(
            N_("Steps per answer"),
            N_("Optimizer steps that learn from the same written answers."),
            low=1,
            high=1e4,
            default=1.0,
            default_source="arXiv:2402.03300, section 4.2: a single update follows each exploration",
            more=True,
            words=("ppo epochs",),
        ),
    ] = None
    judge_parameters: Annotated[
        Number | None,
        Shown(
            N_("Judge or teacher"),
            N_("Parameters of the reward model, of the value model, or of the teacher."),
            low=1,
            high=1e15,
            computed=N_("as large as the model"),
            more=True,
            words=("reward model", "critic", "teacher"),
        ),
    ] = None
    adapter_rank: Annotated[
        Number | None,
        Shown(
            N_("Adapter rank"),
            N_("Width of the two small matrices beside each frozen one; 0 trains everything."),
            symbol="r",
            low=0,
            high=65_536,
            whole=True,
            usual=(4, 256),
            default=16,
            default_source="arXiv:2106.09685, section 7.2: ranks from 4 to 64 do equally well",
            more=True,
            words=("lora", "rank"),
        ),
    ] = None
    adapter_targets: Annotated[
        str | None,
        Shown(
            N_("Adapted layers"),
            N_("Matrices that have an adapter; with tables, embedding and head are trained as a whole too."),
            choices=(
                Choice("queries-values", N_("queries and values")),
                Choice("attention", N_("attention")),
                Choice("all", N_("all linear layers")),
                Choice("tables", N_("all linear layers and tables")),
            ),
            default="all",
            default_source="arXiv:2305.14314, section 4",
            more=True,
            words=("lora",),
        ),
    ] = None
    frozen_bits: Annotated[
        str | None,
        Shown(
            N_("Frozen weights"),
            N_("Number format of frozen weights in memory; narrow ones are made wide in each pass."),
            choices=(Choice("16", N_("16 bit")), Choice("8", N_("8 bit")), Choice("4", N_("4 bit"))),
            computed=N_("4 bit with QLoRA, else 16"),
            more=True,
            words=("qlora", "nf4", "gptq", "quantisation"),
        ),
    ] = None
    attention_kernel: Annotated[
        str | None,
        Shown(
            N_("Attention kernel"),
            N_("Fused attention (FlashAttention) keeps scores on the chip; unfused writes them to memory."),
            choices=(Choice("fused", N_("fused")), Choice("unfused", N_("unfused"))),
            default="fused",
            default_source="arXiv:2205.14135",
            more=True,
        ),
    ] = None
    scaling_law: Annotated[
        str | None,
        Shown(
            N_("Scaling law"),
            N_("Fit that predicts the loss from parameters and tokens."),
            choices=(Choice("besiroglu", N_("Besiroglu 2024")), Choice("hoffmann", N_("Hoffmann 2022"))),
            default="besiroglu",
            default_source="arXiv:2404.10102",
            more=True,
        ),
    ] = None
    earlier_flop: Annotated[
        Number | None,
        Shown(
            N_("Earlier compute"),
            N_("Compute already spent on this model by you or others; for the rules, not the cost."),
            unit="FLOP",
            shown="FLOP",
            low=0.0,
            high=1e29,
            default=0.0,
            default_source="none: the model is trained from the start",
            more=True,
            words=("ai act", "cumulated", "fine-tuning", "further training"),
        ),
    ] = None
