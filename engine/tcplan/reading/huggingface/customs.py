"""What types hold where a file says nothing: a table in the resources, and types with code of their own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

GPT = {"hidden_size": "n_embd", "num_attention_heads": "n_head", "num_hidden_layers": "n_layer"}
OWN: dict[str, dict[str, Any]] = {
    "chatglm": {"names": {"num_hidden_layers": "num_layers"}, "values": {"tie_word_embeddings": False}},
    "RefinedWeb": {
        "names": {
            "num_attention_heads": "n_head",
            "num_hidden_layers": "n_layer",
            "num_kv_heads": "n_head_kv",
        },
        "values": {
            "multi_query": True,
            "bias": False,
            "parallel_attn": True,
            "new_decoder_architecture": True,
            "tie_word_embeddings": True,
        },
    },
    "bloom": {"names": {"hidden_size": "n_embed"}},
    "telechat": {"names": {"num_attention_heads": "n_head", "num_hidden_layers": "n_layer"}},
    "phi-msft": {"names": GPT},
    "mixformer-sequential": {"names": GPT},
    "codeshell": {"names": GPT, "values": {"tie_word_embeddings": True}},
    "jais": {"names": GPT, "values": {"tie_word_embeddings": True, "add_cross_attention": False}},
    "minicpm": {"values": {"tie_word_embeddings": True}},
    "openelm": {
        "names": {"hidden_size": "model_dim", "num_hidden_layers": "num_transformer_layers"},
        "values": {"ffn_dim_divisor": 256},
    },
    "stablelm_epoch": {
        "values": {"use_qkv_bias": False, "qk_layernorm": False, "use_parallel_residual": False}
    },
    "internvl_chat": {"values": {"downsample_ratio": 0.5}},
    "intern_vit_6b": {
        "values": {
            "num_channels": 3,
            "patch_size": 14,
            "image_size": 224,
            "qkv_bias": False,
            "hidden_size": 3200,
            "num_attention_heads": 25,
            "intermediate_size": 12800,
            "qk_normalization": True,
            "num_hidden_layers": 48,
        }
    },
    "moonvit": {
        "values": {
            "patch_size": 14,
            "init_pos_emb_height": 64,
            "init_pos_emb_width": 64,
            "num_attention_heads": 16,
            "num_hidden_layers": 27,
            "hidden_size": 1152,
            "intermediate_size": 4304,
        }
    },
}
OWN["RefinedWebModel"] = {
    **OWN["RefinedWeb"],
    "values": {**OWN["RefinedWeb"]["values"], "new_decoder_architecture": False},
}
"""Names and defaults by type, as the configurations beside their weights have them."""


@dataclass(frozen=True, slots=True)
class Custom:
    """What a type holds where a file says nothing: values, other names of keys, and what its parts hold.

    `parts` is for a part that the file has, `absent` for one that it lacks, where these differ.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    absent: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)


@cache
def customs() -> Mapping[str, Custom]:
    """Return the customs of every type, read once."""
    place = files("tcplan_resources") / "huggingface" / "defaults.json"
    tree = json.loads(place.read_text(encoding="utf-8"))
    table = tree["types"]
    return {kind: Custom(**_joined(table.get(kind, {}), OWN.get(kind, {}))) for kind in {**table, **OWN}}


def _joined(table: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what the table holds of a type, with the names of older files beside its own."""
    return {**table, **own, "names": {**table.get("names", {}), **own.get("names", {})}}
