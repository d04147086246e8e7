"""`params.json` of Llama and of Mistral: the sizes of a decoder by other names than Hugging Face's."""

import math
from collections.abc import Mapping

from tcplan.language import _
from tcplan.reading.draft import Draft
from tcplan.reading.reading import Reading, ReadingError, too_many, written

_LARGEST = 1e12
_FACTORS = ("ffn_dim_multiplier", "capacity_factor")
_FIRST_VOCABULARY = 32_000.0
"""The tokenizer of Llama 1 and 2, whose files say -1 and leave it to be counted."""
_FOREIGN = ("ssm_cfg", "d_state", "state_size", "n_groups", "mamba")
_TOWERS = ("vision_encoder", "vision_args", "vision_num_layers", "multimodal", "audio_model_args")


def is_meta(tree: Mapping[str, object]) -> bool:
    """Return whether a JSON object has the sizes of a model by the names of Llama's `params.json`."""
    return {"dim", "n_layers", "n_heads"} <= tree.keys()


def read(tree: Mapping[str, object]) -> Reading:
    """Return the model that a `params.json` describes.

    Parameters
    ----------
    tree
        The JSON object.

    Raises
    ------
    ReadingError
        When a size is missing or no size, or the architecture is not a transformer's.
    """
    foreign = next((name for name in _FOREIGN if name in tree), None)
    if foreign is not None:
        raise ReadingError(
            _("{key}: this is a state-space model, which is read from its config.json").format(key=foreign)
        )
    sizes = _Sizes(tree)
    draft = Draft()
    dim, heads = sizes.needed("dim"), sizes.needed("n_heads")
    head = sizes.optional("head_dim") or dim / heads
    if head % 1.0:
        raise ReadingError(_("dim is no multiple of n_heads, and there is no head_dim"))
    draft.fields |= {
        "model.layers": sizes.needed("n_layers"),
        "model.hidden": dim,
        "model.heads": heads,
        "model.kv_heads": sizes.optional("n_kv_heads") or heads,
        "model.head_size": head,
        "model.gated": "yes",
        "model.tied_embeddings": "yes"
        if tree.get("tied_embeddings") or tree.get("tie_word_embeddings")
        else "no",
        "model.biases": "none",
        "model.norm": "rmsnorm",
        "model.learned_positions": 0.0,
        "model.attention": "standard",
        "model.experts": 0.0,
    }
    _take_vocabulary(sizes, draft)
    _take_latent(sizes, draft)
    if isinstance(tree.get("sliding_window"), int):
        draft.fields["model.window"] = sizes.optional("sliding_window") or 0.0
    _take_feed_forward(sizes, draft)
    for name in _TOWERS:
        if tree.get(name):
            draft.missing.append(_("{key}: only the text model is counted").format(key=name))
    if "max_seq_len" in tree or "max_position_embeddings" in tree:
        draft.notes.append(
            _("The longest sequence of the file is a limit, not the one that it was trained on.")
        )
    return draft.reading("model", "")


class _Sizes:
    """The sizes of a JSON object, each a number that can be computed with."""

    def __init__(self, tree: Mapping[str, object], place: str = "") -> None:
        self.tree = tree
        self.place = place

    def optional(self, name: str) -> float | None:
        value = self.tree.get(name)
        if value is None:
            return None
        right = isinstance(value, int | float) and not isinstance(value, bool)
        number = float(value) if right and isinstance(value, int | float) else math.nan
        whole = name not in _FACTORS
        if not 0.0 < number <= _LARGEST or (whole and number % 1.0):
            sentence = (
                _("{key} is no size: {value}; a whole number from 1 to {most:,.0f} is allowed")
                if whole
                else _("{key} is no size: {value}; a number above 0 and up to {most:,.0f} is allowed")
            )
            raise ReadingError(sentence.format(key=self.place + name, value=written(value), most=_LARGEST))
        return number

    def needed(self, name: str) -> float:
        number = self.optional(name)
        if number is None:
            raise ReadingError(_("{key} is missing").format(key=self.place + name))
        return number

    def experts(self, key: str, chosen: float) -> float:
        """Return how many experts there are, of which a token visits as many as a key says."""
        experts = self.needed("num_experts")
        if chosen > experts:
            raise ReadingError(too_many(self.place + key, chosen, experts))
        return experts

    def inner(self, name: str) -> "_Sizes | None":
        value = self.tree.get(name)
        return _Sizes(value, f"{name}.") if isinstance(value, dict) and value else None


def _take_vocabulary(sizes: _Sizes, draft: Draft) -> None:
    if sizes.tree.get("vocab_size") in (None, -1):
        draft.fields["model.vocabulary"] = _FIRST_VOCABULARY
        sentence = _("vocab_size: the file leaves it open; {count:,.0f} is assumed, as of Llama 1 and 2")
        draft.missing.append(sentence.format(count=_FIRST_VOCABULARY))
    else:
        draft.fields["model.vocabulary"] = sizes.needed("vocab_size")


def _take_latent(sizes: _Sizes, draft: Draft) -> None:
    if sizes.optional("kv_lora_rank") is None:
        return
    draft.fields |= {
        "model.attention": "latent",
        "model.q_rank": sizes.optional("q_lora_rank") or 0.0,
        "model.kv_rank": sizes.needed("kv_lora_rank"),
        "model.nope_size": sizes.needed("qk_nope_head_dim"),
        "model.rope_size": sizes.needed("qk_rope_head_dim"),
        "model.value_size": sizes.needed("v_head_dim"),
    }


def _take_feed_forward(sizes: _Sizes, draft: Draft) -> None:
    moe, llama_moe = sizes.inner("moe"), sizes.inner("moe_args")
    stated = sizes.optional("hidden_dim")
    width = stated or _width(sizes)
    draft.fields["model.feed_forward"] = width
    if llama_moe is not None:
        _take_llama_experts(sizes, llama_moe, draft)
    elif moe is not None:
        shared = moe.optional("num_shared_experts") or 0.0
        expert = moe.optional("expert_hidden_dim") or width
        chosen = moe.needed("num_experts_per_tok")
        _take_experts(moe.experts("num_experts_per_tok", chosen), chosen, expert, shared, draft)
        every = moe.optional("route_every_n") or 1.0
        first = moe.optional("first_k_dense_replace") or 0.0
        draft.fields["model.dense_layers"] = _dense(sizes.needed("n_layers"), first, every)


def _width(sizes: _Sizes, halves: float = 1.0) -> float:
    """Return the width of a feed-forward layer: two thirds of 4 dim, scaled, then up to a multiple."""
    width = math.floor(2.0 * math.floor(4.0 * sizes.needed("dim")) / 3.0)
    width = math.floor((sizes.optional("ffn_dim_multiplier") or 1.0) * width)
    width = math.floor(width / halves)
    multiple = sizes.optional("multiple_of") or 256.0
    return multiple * math.ceil(width / multiple)


def _take_llama_experts(sizes: _Sizes, moe: _Sizes, draft: Draft) -> None:
    """Take the experts of Llama 4: one shared beside the routed, each with its part of the width."""
    halves = (moe.optional("capacity_factor") or 1.0) + 1.0 if moe.tree.get("auto_scale_F", True) else 1.0
    width = _width(sizes, halves)
    chosen = moe.optional("top_k") or 1.0
    _take_experts(moe.experts("top_k", chosen), chosen, width, 1.0, draft)
    every = moe.optional("interleave_moe_layer_step") or 1.0
    draft.fields["model.dense_layers"] = _dense(sizes.needed("n_layers"), 0.0, every)


def _take_experts(experts: float, chosen: float, width: float, shared: float, draft: Draft) -> None:
    draft.fields |= {
        "model.experts": experts,
        "model.experts_per_token": chosen,
        "model.expert_feed_forward": width,
        "model.shared_experts": shared,
        "model.shared_feed_forward": width if shared else 0.0,
    }


def _dense(layers: float, first: float, every: float) -> float:
    """Return how many layers have no experts: the first ones, and all but every so many of the rest."""
    rest = max(layers - first, 0.0)
    return layers - math.floor(rest / every)
