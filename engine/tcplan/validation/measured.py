"""The measured time of a step: stated, or from the rate that a source states instead."""

from math import nan

from tcplan.estimate import Estimate
from tcplan.validation.rows import MeasuredRow

MEASURED = (
    "step_s",
    "tokens_per_s_per_device",
    "model_tflops_per_device",
    "mfu_reported",
    "hfu_reported",
    "peak_mem_gib",
)
"""Columns that hold what was measured; nothing of a plan is read from them."""
_RECOMPUTED = 4.0 / 3.0


def measured_step(row: MeasuredRow, estimate: Estimate | None) -> float:
    """Return the measured time of one optimizer step [s], NaN where the row states none.

    Without a number of devices a time says nothing.

    Parameters
    ----------
    row
        The measurement.
    estimate
        The plan of the row, whose model FLOP turn a stated FLOP/s into a time; attention in full.
    """
    if row.number("n_devices") is None and row.number("dp") is None:
        return nan
    stated = row.number("step_s")
    if stated:
        return stated
    if estimate is None:
        return nan
    values = estimate.values
    tokens, devices = float(values["batch_tokens"]), float(values["devices"])
    rate = row.number("tokens_per_s_per_device")
    if rate:
        return tokens / (rate * devices)
    flop = tokens * float(values["token_flop"] + values["attention_flop"])
    model = row.number("model_tflops_per_device")
    if model:
        return flop / (model * 1e12 * devices)
    used = row.number("mfu_reported")
    if used:
        return flop / (used / 100.0 * float(values["peak"]) * devices)
    hardware = row.number("hfu_reported")
    if hardware:
        return _RECOMPUTED * flop / (hardware / 100.0 * float(values["peak"]) * devices)
    return nan
