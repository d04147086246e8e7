"""Which layers see a window of the sequence only, and how wide it is."""

from collections.abc import Callable

from tcplan.reading.huggingface.config import Config

NEAR = ("sliding_attention", "chunked_attention", "local_attention", "sliding", "local")
WIDTHS = ("sliding_window", "attention_chunk_size", "local_attention", "sliding_window_size", "window_size")


def each(_config: Config) -> bool:
    """Return true: every layer has the window."""
    return True


def all_but_every(nth: int, key: str = "") -> Callable[[Config], bool]:
    """Return the rule by which every n-th layer sees the whole sequence, n told under a key or as given."""

    def near(config: Config) -> bool:
        step = int((config.get(key) if key else 0) or nth)
        return (config.index + 1) % step != 0

    return near


def beyond(config: Config) -> bool:
    """Return whether a layer of Qwen's models has a window: where windows are used, from some layer on."""
    return bool(config.get("use_sliding_window") and config.index >= config.get("max_window_layers"))


def even(config: Config) -> bool:
    """Return whether a layer is the first, third, fifth."""
    return config.index % 2 == 0


def told(config: Config) -> bool:
    """Return whether a layer of GPT-Neo is a local one, of kinds that repeat."""
    kinds = config.entries("attention_layers")
    return kinds[config.index % len(kinds)] == "local" if kinds else config.index % 2 == 1


def llama4(config: Config) -> bool:
    """Return whether a layer of Llama 4 sees chunks: those with rotary positions do."""
    told_of = config.entries("no_rope_layers")
    if told_of:
        return config.index < len(told_of) and bool(told_of[config.index])
    return (config.index + 1) % 4 != 0


RULES: dict[str, Callable[[Config], bool]] = {
    "mistral": each,
    "mixtral": each,
    "ministral3": each,
    "starcoder2": each,
    "phi3": each,
    "phimoe": each,
    "recurrent_gemma": each,
    "qwen2": beyond,
    "qwen2_moe": beyond,
    "qwen2_vl_text": beyond,
    "qwen2_5_vl_text": beyond,
    "qwen3": beyond,
    "qwen3_moe": beyond,
    "smollm3": beyond,
    "gemma2": even,
    "vaultgemma": even,
    "gpt_oss": even,
    "gemma3_text": all_but_every(6, "sliding_window_pattern"),
    "gemma4_text": all_but_every(6),
    "gemma3n_text": all_but_every(5),
    "cohere2": all_but_every(4, "sliding_window_pattern"),
    "cohere2_moe": all_but_every(4, "sliding_window_pattern"),
    "exaone4": all_but_every(4, "sliding_window_pattern"),
    "olmo3": all_but_every(4),
    "afmoe": all_but_every(4, "global_attn_every_n_layers"),
    "modernbert": lambda c: c.index % int(c.get("global_attn_every_n_layers") or 3) != 0,
    "modernbert-decoder": lambda c: c.index % int(c.get("global_attn_every_n_layers") or 3) != 0,
    "gpt_neo": told,
    "llama4_text": llama4,
}
"""The layers with a window of each type, where a file does not list the kinds of its layers."""


def window(config: Config) -> float:
    """Return the width of the window of a layer, 0 where it sees the whole sequence."""
    kinds = config.entries("layer_types")
    if config.index < len(kinds):
        near = kinds[config.index] in NEAR
    else:
        rule = RULES.get(config.kind)
        near = rule is not None and rule(config)
    if not near:
        return 0.0
    width = next((wide for name in WIDTHS if (wide := config.get(name)) and wide > 0), 0)
    return float(width)
