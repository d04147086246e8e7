"""Encoders of words on pages and beside pictures, and further pairs of towers."""

from dataclasses import replace

from tcplan.reading.huggingface.blocks import Attention, FeedForward
from tcplan.reading.huggingface.census import (
    Census,
    convolution,
    layernorm,
    linear,
    rms,
    table,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.dense import DENSE
from tcplan.reading.huggingface.encoders import BERT, ROBERTA
from tcplan.reading.huggingface.entry import Entry
from tcplan.reading.huggingface.joint import Caption, Pair, clip_bridge
from tcplan.reading.huggingface.pictures import CLIP, patches
from tcplan.reading.huggingface.sparse import SPARSE
from tcplan.reading.huggingface.stack import layered

SPEAKING = ("bare", "classes", "tokens", "spans", "choices", "masked", "pretraining")


def pages(config: Config) -> Census:
    """Return what LayoutLMv3 has beside words: patches, places on the page, and biases of distances."""
    c, hidden = config, config.hidden_size
    side = c.input_size // c.patch_size
    whole = convolution(c.num_channels, hidden, c.patch_size**2) + vector(hidden) + layernorm(hidden) * 2
    whole += table(side * side + 1, hidden)
    whole += table(2 * c.max_2d_position_embeddings, c.coordinate_size + c.shape_size)
    near = (
        c.rel_pos_bins * c.has_relative_attention_bias + 2 * c.rel_2d_pos_bins * c.has_spatial_attention_bias
    )
    return whole + vector(c.num_attention_heads * near)


def boxes_layer(config: Config) -> Census:
    """Return the narrow stream of a layer of LiLT, which carries places on the page."""
    narrow = config.hidden_size // config.channel_shrink_ratio
    inner = config.intermediate_size // config.channel_shrink_ratio
    whole = linear(narrow, narrow, 1) * 4 + layernorm(narrow) * 2
    return whole + linear(narrow, inner, 1) + linear(inner, narrow, 1)


def boxes_once(config: Config) -> Census:
    """Return the tables of places of LiLT."""
    narrow = config.hidden_size // config.channel_shrink_ratio
    whole = table(4 * config.max_2d_position_embeddings, config.hidden_size // 6) + layernorm(narrow)
    return whole + table(config.max_position_embeddings, narrow) + linear(config.hidden_size, narrow, 1)


def paths(config: Config) -> Census:
    """Return the tables of MarkupLM, which say where in a web page a word stands."""
    c, hidden = config, config.hidden_size
    units = c.max_depth * c.xpath_unit_hidden_size
    whole = linear(units, 4 * hidden, 1) + linear(4 * hidden, hidden, 1) + linear(units, hidden, 1)
    return whole + table(c.max_xpath_tag_unit_embeddings + c.max_xpath_subs_unit_embeddings, units)


def seen_words(config: Config) -> Census:
    """Return what VisualBERT has beside words: a map of what a detector saw, and tables for it."""
    hidden = config.hidden_size
    whole = table(config.type_vocab_size + config.max_position_embeddings, hidden)
    return whole + linear(config.visual_embedding_dim, hidden, 1)


def spans(config: Config) -> Census:
    """Return the head with which Splinter finds spans."""
    hidden = config.hidden_size
    return (linear(hidden, hidden, 1) + layernorm(hidden)) * 4 + linear(hidden, hidden) * 2


class Splinter:
    """Splinter, which learns by finding repeated spans."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the encoder with its head, or bare."""
        bare = replace(BERT, pooled=()).count(config, "bare")
        return bare if purpose == "bare" else bare + spans(config)


def patched(config: Config) -> Census:
    """Return what ViLT has beside words: patches, their places, and the kinds of both."""
    hidden = config.hidden_size
    whole = convolution(config.num_channels, hidden, config.patch_size**2) + vector(hidden)
    return whole + table(patches(config) + 1 + config.modality_type_vocab_size, hidden)


def told_width(config: Config) -> Census:
    """Return AltCLIP's map to the width of its pictures."""
    return linear(config.hidden_size, config.project_dim, 1) + layernorm(config.hidden_size)


class PlainCaption:
    """AIMv2's tower for text: gated layers without biases."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower; its purpose changes nothing."""
        hidden = config.hidden_size
        mixer = Attention("qkv_bias", "qkv_bias", kv_heads=0)
        forward = FeedForward(bias="mlp_bias")

        def layer(one: Config) -> Census:
            return mixer(one) + forward(one) + rms(hidden) * 2

        del purpose
        whole = layered(config, "num_hidden_layers", layer) + rms(hidden)
        return whole + table(config.vocab_size + config.max_position_embeddings, hidden)


class Decisions:
    """Decision Transformer: GPT-2 over returns, states and actions."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model; its purpose changes nothing."""
        del purpose
        c, hidden = config, config.hidden_size
        whole = DENSE["gpt2"].count(c, "bare") + table(c.max_ep_len, hidden) + layernorm(hidden)
        whole += linear(1 + c.state_dim + c.act_dim, hidden) + vector(3 * hidden)
        return whole + linear(hidden, c.state_dim + c.act_dim + 1, 1)


def told_bridge(config: Config) -> Census:
    """Return AltCLIP's projections, of which that for text begins at the width of the pictures."""
    sides = config.part("vision_config").hidden_size + config.part("text_config").project_dim
    return linear(sides, config.projection_dim) + vector(1)


PAIR = Pair(clip_bridge)
DOCUMENTS: dict[str, Entry] = {
    "layoutlmv3": replace(BERT, once=pages, pooled=(), classed=("classes",)),
    "lilt": replace(ROBERTA, once=boxes_once, layer=boxes_layer),
    "bros": replace(
        BERT,
        once=lambda c: linear(c.hidden_size // 4, c.hidden_size // c.num_attention_heads),
        pooled=SPEAKING,
    ),
    "markuplm": replace(BERT, once=paths),
    "visual_bert": replace(BERT, once=seen_words),
    "splinter": Splinter(),
    "vilt": replace(BERT, once=patched, final=1, pooled=SPEAKING),
    "owlvit": PAIR,
    "owlv2": PAIR,
    "altclip": Pair(told_bridge),
    "chinese_clip": PAIR,
    "metaclip_2": PAIR,
    "aimv2": PAIR,
    "owlvit_text_model": Caption(),
    "owlvit_vision_model": CLIP,
    "owlv2_text_model": Caption(),
    "owlv2_vision_model": CLIP,
    "metaclip_2_text_model": Caption(),
    "metaclip_2_vision_model": CLIP,
    "altclip_text_model": replace(ROBERTA, once=told_width),
    "altclip_vision_model": CLIP,
    "chinese_clip_text_model": BERT,
    "aimv2_text_model": PlainCaption(),
    "decision_transformer": Decisions(),
    "openai_privacy_filter": SPARSE["gpt_oss"],
}
