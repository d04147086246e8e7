"""What later phases of a run add: nothing, unless a plan has them; then they are given, each from a chain."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_ONE = "definition: a run has one phase unless more are typed"


@quantity("s", N_("Later phases"), source=_ONE, path="time.later_device_hours", shown="h")
def later_device_time() -> float:
    """Sum of the useful device time of the phases after the first, each at its own rate [s]."""
    return 0.0


@quantity("FLOP", N_("Model compute of later phases"), source=_ONE, path="compute.later_model_flop")
def later_model_flop() -> float:
    """Model FLOP of the phases after the first, attention scores apart [FLOP]."""
    return 0.0


@quantity(
    "FLOP",
    N_("Model compute of later phases with attention scores"),
    source=_ONE,
    path="compute.later_full_flop",
)
def later_full_flop() -> float:
    """Model FLOP of the phases after the first with attention scores in full [FLOP]."""
    return 0.0


@quantity("FLOP", N_("Hardware compute of later phases"), source=_ONE, path="compute.later_hardware_flop")
def later_hardware_flop() -> float:
    """FLOP of the phases after the first with everything that is computed again [FLOP]."""
    return 0.0


@quantity("1", N_("Steps of later phases"), source=_ONE, path="training.later_steps")
def later_steps() -> float:
    """Optimizer steps of the phases after the first [1]."""
    return 0.0


@quantity("1", N_("Tokens of later phases"), source=_ONE, path="training.later_tokens", shown="tokens")
def later_tokens() -> float:
    """Training tokens of the phases after the first [1]."""
    return 0.0


@quantity(
    "1", N_("Tokens of all phases"), source="definition: sum", path="training.run_tokens", shown="tokens"
)
def run_tokens(tokens: Numeric, later_tokens: Numeric) -> Numeric:
    """Training tokens of the whole run [1].

    Parameters
    ----------
    tokens, later_tokens
        Tokens of the first phase and of the others [1].
    """
    return tokens + later_tokens
