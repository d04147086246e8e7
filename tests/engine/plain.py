"""The model inputs that a plain decoder leaves at nothing, for chains that are solved without a plan."""

PLAIN = {
    "extra_parameters": 0.0,
    "extra_active_parameters": 0.0,
    "extra_forward_flop": 0.0,
    "window": 0.0,
    "predicted_tokens": 0.0,
}
