"""What share of the peak a step reaches; every function broadcasts."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_MFU = "arXiv:2204.02311, appendix B"


@quantity("1", N_("MFU, predicted"), source=_MFU, path="efficiency.predicted_mfu")
def predicted_mfu(
    batch_tokens: Numeric,
    token_flop: Numeric,
    attention_flop: Numeric,
    devices: Numeric,
    predicted_step_time: Numeric,
    peak: Numeric,
) -> Numeric:
    """Share of the dense peak of the training precision that goes into the model [1].

    Attention scores are counted in full (PaLM and Megatron), recomputation is not.

    Parameters
    ----------
    batch_tokens
        Tokens of a step [1].
    token_flop, attention_flop
        FLOP of one token in weights and in attention scores [FLOP].
    devices, predicted_step_time, peak
        All devices, time of a step, and peak of one device [1, s, FLOP/s].
    """
    return batch_tokens * (token_flop + attention_flop) / (devices * predicted_step_time * peak)


@quantity(
    "FLOP/s",
    N_("Achieved rate"),
    source="definition: model FLOP by the 6 N convention",
    path="efficiency.achieved",
    shown="TFLOP/s",
)
def achieved(
    predicted_mfu: Numeric,
    peak: Numeric,
    model_flop: Numeric,
    later_model_flop: Numeric,
    full_model_flop: Numeric,
    later_full_flop: Numeric,
) -> Numeric:
    """Model FLOP that one device achieves in a second, attention scores apart [FLOP/s].

    Parameters
    ----------
    predicted_mfu, peak
        Model FLOPs utilisation, and dense peak of one device [1, FLOP/s].
    model_flop, full_model_flop
        Model FLOP of the run without and with attention scores [FLOP].
    later_model_flop, later_full_flop
        The same of later phases, which have rates of their own [FLOP].
    """
    own = (model_flop - later_model_flop) / (full_model_flop - later_full_flop)
    return predicted_mfu * peak * own


@quantity("1", N_("Model FLOPs utilisation"), source=_MFU, path="efficiency.mfu", symbol="MFU")
def mfu(
    achieved: Numeric,
    peak: Numeric,
    model_flop: Numeric,
    later_model_flop: Numeric,
    full_model_flop: Numeric,
    later_full_flop: Numeric,
) -> Numeric:
    """Share of the dense peak of the training precision that goes into the model [1].

    Attention scores are counted in full (PaLM and Megatron), recomputation is not.

    Parameters
    ----------
    achieved, peak
        Model FLOP a second of one device, and its dense peak [FLOP/s].
    model_flop, full_model_flop
        Model FLOP of the run without and with attention scores [FLOP].
    later_model_flop, later_full_flop
        The same of later phases, which have rates of their own [FLOP].
    """
    own = (full_model_flop - later_full_flop) / (model_flop - later_model_flop)
    return achieved / peak * own


@quantity("1", N_("Hardware FLOPs utilisation"), source=_MFU, path="efficiency.hfu", symbol="HFU")
def hfu(mfu: Numeric, hardware_flop: Numeric, full_model_flop: Numeric) -> Numeric:
    """Share of the dense peak that is computed, recomputation counted [1].

    Parameters
    ----------
    mfu
        Model FLOPs utilisation [1].
    hardware_flop, full_model_flop
        FLOP of the run with and without recomputation [FLOP].
    """
    return mfu * hardware_flop / full_model_flop


@quantity("s", N_("Step"), source="definition: FLOP of a step over the rate", path="time.step")
def step_time(
    batch_tokens: Numeric,
    model_flop: Numeric,
    later_model_flop: Numeric,
    tokens: Numeric,
    devices: Numeric,
    achieved: Numeric,
) -> Numeric:
    """Time of one optimizer step at the achieved rate [s]; what is predicted unless a rate was measured.

    Parameters
    ----------
    batch_tokens, tokens
        Tokens of a step and of the run [1].
    model_flop, later_model_flop
        Model FLOP of the run, and of its later phases [FLOP].
    devices, achieved
        All devices, and model FLOP a second of each [1, FLOP/s].
    """
    return batch_tokens * ((model_flop - later_model_flop) / tokens) / (devices * achieved)


@quantity("1/s", N_("Tokens in a second"), source="definition: batch over step", path="efficiency.throughput")
def throughput(batch_tokens: Numeric, step_time: Numeric) -> Numeric:
    """Tokens that the whole cluster trains on in a second [1/s].

    Parameters
    ----------
    batch_tokens, step_time
        Tokens and time of one step [1, s].
    """
    return batch_tokens / step_time
