"""Models that read what the model learns from: the reference of DPO, judges of PPO and GRPO, a teacher."""

from tcplan.chain.elementwise import gather, smooth_maximum, where
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_METHODS = (
    "DPO arXiv:2305.18290, section 4; PPO arXiv:2203.02155, section 3.5; GRPO arXiv:2402.03300, section 4.1; "
    "distillation arXiv:1503.02531, section 2"
)


@quantity("1", N_("Passes of the reference"), source=_METHODS, path="training.reference_passes")
def reference_passes(task: Numeric) -> Numeric:
    """Forward passes of a frozen copy of the model over each trained token [1].

    Parameters
    ----------
    task
        5 DPO, 6 PPO, 7 GRPO, 8 distillation.
    """
    return gather((0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0), task)


@quantity("1", N_("Passes of judges"), source=_METHODS, path="training.judge_passes")
def judge_passes(task: Numeric) -> Numeric:
    """Forward passes that the reward model or the teacher is worth for each trained token [1].

    The value model of PPO reads like the reward model and is trained as well, which is worth three passes.

    Parameters
    ----------
    task
        5 DPO, 6 PPO, 7 GRPO, 8 distillation.
    """
    return gather((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 1.0, 1.0), task)


@quantity(
    "1",
    N_("Judge or teacher"),
    source="arXiv:2203.02155, section 3.5: any size up to that of the model, which is assumed",
    path="training.judge_parameters",
)
def judge_parameters(active_parameters: Numeric) -> Numeric:
    """Parameters of the reward model, of the value model, or of the teacher [1].

    Parameters
    ----------
    active_parameters
        Parameters of the model that a token passes [1].
    """
    return active_parameters


@quantity("1", N_("Judge over model"), source="definition", path="training.judge_size")
def judge_size(judge_parameters: Numeric, active_parameters: Numeric) -> Numeric:
    """Size of the judge or teacher over that of the model [1].

    Parameters
    ----------
    judge_parameters, active_parameters
        Parameters of the judge, and those of the model that a token passes [1].
    """
    return judge_parameters / active_parameters


@quantity("s", N_("A pass over the batch"), source="definition: sum of the parts", path="time.pass")
def pass_time(
    micro_batches: Numeric,
    layers: Numeric,
    pipeline: Numeric,
    compute_forward: Numeric,
    communication_forward: Numeric,
    host_forward: Numeric,
    exposed_gather: Numeric,
    head_time: Numeric,
) -> Numeric:
    """Time of one forward pass of the model over the batch of a step [s].

    Parameters
    ----------
    micro_batches, layers, pipeline
        Micro-batches of a pipeline, transformer blocks and stages [1].
    compute_forward, communication_forward, host_forward
        Device, links and host of a layer and micro-batch, forward [s].
    exposed_gather
        Gathering that is not hidden; one of its two gathers is for the forward pass [s].
    head_time
        Both passes of the head, a third of it forward [s].
    """
    layer = smooth_maximum(compute_forward + communication_forward, host_forward) + 0.5 * exposed_gather
    return micro_batches * (layers * layer + head_time / 3.0) / pipeline


@quantity(
    "s",
    N_("Generation"),
    source="definition: none where answers are given",
    path="time.generation",
)
def generation_time() -> Numeric:
    """Time to write the answers of a step [s]."""
    return 0.0


@quantity(
    "1",
    N_("Generated passes"),
    source="definition: none where answers are given",
    path="training.written_passes",
)
def generated_passes() -> Numeric:
    """Forward passes that generation is worth for each trained token [1]."""
    return 0.0


@quantity("s", N_("Step: other models"), source=_METHODS, path="time.step_beside")
def beside_time(
    reference_passes: Numeric,
    judge_passes: Numeric,
    judge_size: Numeric,
    pass_time: Numeric,
    generation_time: Numeric,
) -> Numeric:
    """Part of a step in which other models read, and the model writes what it learns from [s].

    Parameters
    ----------
    reference_passes, judge_passes, judge_size
        Passes of the frozen copy and of judges, and their size over that of the model [1].
    pass_time, generation_time
        One pass of the model over the batch, and writing the answers [s].
    """
    return (reference_passes + judge_passes * judge_size) * pass_time + generation_time


@quantity("FLOP", N_("Other models, FLOP of a token"), source=_METHODS, path="compute.beside")
def beside_flop(
    reference_passes: Numeric,
    judge_passes: Numeric,
    judge_size: Numeric,
    generated_passes: Numeric,
    token_flop: Numeric,
    passes: Numeric,
    attention_flop: Numeric,
) -> Numeric:
    """FLOP of other models and of generation for each trained token [FLOP].

    Parameters
    ----------
    reference_passes, judge_passes, judge_size, generated_passes
        Passes of the frozen copy, of judges and of generation, and the size of judges over the model's [1].
    token_flop, passes, attention_flop
        FLOP of a trained token, the passes that they are, and attention FLOP in three passes [FLOP, 1, FLOP].
    """
    forward = token_flop / passes + attention_flop / 3.0
    return (reference_passes + judge_passes * judge_size + generated_passes) * forward


@quantity("B", N_("Other models"), source=_METHODS, path="memory.beside", shown="GiB")
def beside_memory(
    task: Numeric,
    weight_gradients: Numeric,
    judge_parameters: Numeric,
    parameters: Numeric,
    memory_weights: Numeric,
    memory_gradients: Numeric,
    memory_optimizer: Numeric,
) -> Numeric:
    """Memory of other models on one device, divided as the model is [B].

    With adapters the frozen model is its own reference. PPO holds a reward model and trains a value model.

    Parameters
    ----------
    task
        5 DPO, 6 PPO, 7 GRPO, 8 distillation.
    weight_gradients
        1 where the weights of the model are trained, so that the reference is a copy of its own.
    judge_parameters, parameters
        Parameters of a judge, and of the model [1].
    memory_weights, memory_gradients, memory_optimizer
        Weights and states of the model on one device [B].
    """
    copies = gather((0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0), task) * where(
        weight_gradients > 0.0, 1.0, 0.0
    )
    judges = gather((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 1.0, 1.0), task) * memory_weights
    trained = where(task == 6.0, memory_gradients + memory_optimizer, 0.0 * memory_optimizer)
    return copies * memory_weights + judge_parameters / parameters * (judges + trained)
