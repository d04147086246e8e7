"""Models of several parts: a language model with towers beside it, or two towers that learn to agree."""

from dataclasses import dataclass, replace

from tcplan.reading.huggingface.blocks import Attention, FeedForward, Piece, Size, When, of
from tcplan.reading.huggingface.census import (
    NOTHING,
    Census,
    convolution,
    layernorm,
    linear,
    rms,
    table,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.entry import Entry, entry_of
from tcplan.reading.huggingface.pictures import patches
from tcplan.reading.huggingface.stack import Decoder, labels, layered

TEXT = ("text_config", "llm_config", "language_config")
VISION = ("vision_config", "visual", "vit_config")
AUDIO = ("audio_config",)


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


def text(config: Config) -> Config:
    """Return the part of a configuration that describes the language model."""
    return config.part(*TEXT)


def vision(config: Config) -> Config:
    """Return the part of a configuration that describes the tower for pictures."""
    return config.part(*VISION)


def width(config: Config) -> float:
    """Return the hidden size of the language model."""
    return float(text(config).hidden_size)


@dataclass(frozen=True, slots=True)
class Joint:
    """A language model, towers beside it, and what leads from them to it.

    `towers` are the keys of their configurations, `bridge` what leads to the text. Tokens of text pass the
    language model alone, so that the rest has parameters and no products.
    """

    towers: tuple[tuple[str, ...], ...] = (VISION,)
    bridge: Piece = nothing
    words: tuple[str, ...] = TEXT
    entry: Entry | None = None

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        part = config.part(*self.words)
        part.tied = _tied(config, part)
        whole = (self.entry or entry_of(part.kind)).count(
            part, "bare" if purpose == "bare" else purpose or "words"
        )
        for names in self.towers:
            tower = config.part(*names)
            whole += replace(entry_of(tower.kind).count(tower, "tower").aside(), facts={})
        return whole + replace(self.bridge(config).aside(), facts={})


FOLLOWING = (
    "llava",
    "llava_onevision",
    "qwen2_vl",
    "qwen2_5_vl",
    "glm4v",
    "glm4v_moe",
    "glm_ocr",
    "paddleocr_vl",
    "hunyuan_vl",
    "shieldgemma2",
)
"""Types whose head is tied where either the whole or its language model says so."""


def _tied(config: Config, part: Config) -> bool:
    """Return whether head and table are tied.

    As the whole says, else its language model. A silent file has the custom of its type; an older one only
    where the language model has it too, as the general custom of that time, that all is tied, was not theirs.
    """
    name = "tie_word_embeddings"
    if config.kind in FOLLOWING:
        return bool(config.get(name) or part.get(name))
    told = next((one for one in (config, part) if one.has(name)), None)
    if told:
        return bool(told.get(name))
    usual = part.get(name)
    return bool(config.get(name, usual) and (_newer(config) or usual))


def _newer(config: Config) -> bool:
    """Return whether a file is in the newer spelling, by its version or by its words."""
    version = config.text("transformers_version")
    if version:
        return version.partition(".")[0].isdigit() and int(version.partition(".")[0]) >= 5
    return config.has("dtype", "rope_parameters")


def two_layers(inputs: Piece | Size, bias: Size = "multimodal_projector_bias") -> Piece:
    """Return two linear layers from the width of a tower to that of the text."""

    def bridge(config: Config) -> Census:
        wide, biased = of(config, inputs), of(config, bias)  # type: ignore[arg-type]
        return linear(wide, width(config), biased) + linear(width(config), width(config), biased)

    return bridge


def tower_width(config: Config) -> float:
    """Return the width of what the text sees of the tower: of one layer or of several side by side."""
    key = "vision_feature_layer"
    several = config.raw(key) if config.has(key) else None
    return float(vision(config).hidden_size * (len(several) if isinstance(several, list) else 1))


def newline(bridge: Piece) -> Piece:
    """Return a bridge with a vector that ends a line of patches."""
    return lambda config: bridge(config) + vector(width(config))


def paligemma(config: Config) -> Census:
    """Return PaliGemma's bridge."""
    return linear(vision(config).hidden_size, config.get("projection_dim") or width(config), 1)


def gemma3(config: Config) -> Census:
    """Return Gemma 3's bridge."""
    wide = vision(config).hidden_size
    return linear(wide, width(config)) + rms(wide)


def internvl(config: Config) -> Census:
    """Return InternVL's bridge, which takes several patches together."""
    wide = vision(config).hidden_size * int(1 / config.downsample_ratio) ** 2
    return layernorm(wide) + linear(wide, width(config), 1) + linear(width(config), width(config), 1)


def mistral3(config: Config) -> Census:
    """Return Mistral 3's bridge, which merges neighbouring patches."""
    wide, bias = vision(config).hidden_size, config.get("multimodal_projector_bias")
    whole = rms(wide) + linear(wide * config.spatial_merge_size**2, wide)
    return whole + linear(wide, width(config), bias) + linear(width(config), width(config), bias)


def idefics2(config: Config) -> Census:
    """Return Idefics2's bridge: a gated layer, and layers that look at all patches."""
    part, wide = config.part("perceiver_config"), width(config)
    inner, tower = text(config).intermediate_size, vision(config).hidden_size
    queries, keys = (
        part.resampler_n_heads * part.resampler_head_dim,
        part.num_key_value_heads * part.resampler_head_dim,
    )
    one = (
        linear(wide, queries + 2 * keys) + linear(queries, wide) + linear(wide, 4 * wide) * 3 + rms(wide) * 3
    )
    whole = linear(tower, inner) * 2 + linear(inner, wide) + one * part.resampler_depth
    return whole + rms(wide) + table(part.resampler_n_latents, wide)


def idefics3(config: Config) -> Census:
    """Return Idefics3's bridge, which takes a square of patches together."""
    return linear(vision(config).hidden_size * config.scale_factor**2, width(config))


def aya(config: Config) -> Census:
    """Return Aya Vision's bridge."""
    wide = vision(config).hidden_size * config.downsample_factor**2
    inner = config.get("alignment_intermediate_size") or width(config)
    return layernorm(wide) + linear(wide, inner, 1) + linear(inner / 2, width(config), 1)


def cohere2(config: Config) -> Census:
    """Return the bridge of Command A Vision."""
    wide, inner = vision(config).hidden_size * config.downsample_factor**2, config.alignment_intermediate_size
    return linear(wide, inner, 1) + linear(inner / 2, width(config), 1)


def lfm2(config: Config) -> Census:
    """Return LFM2-VL's bridge."""
    wide, bias = vision(config).hidden_size * config.downsample_factor**2, config.projector_bias
    whole = layernorm(wide) if config.get("projector_use_layernorm", 1) else NOTHING
    inner = config.projector_hidden_size
    return whole + linear(wide, inner, bias) + linear(inner, width(config), bias)


def ernie(config: Config) -> Census:
    """Return ERNIE's bridge: patches taken together in space, then in time."""
    wide = vision(config).hidden_size * vision(config).spatial_merge_size ** 2
    whole = linear(wide, wide, 1) * 2 + layernorm(wide)
    whole += (
        linear(wide * vision(config).temporal_merge_size, wide, 1) + linear(wide, wide, 1) + layernorm(wide)
    )
    return whole + linear(wide, width(config), 1) + rms(width(config))


def kimi(config: Config) -> Census:
    """Return Kimi's bridge."""
    part = vision(config)
    sides = part.numbers("merge_kernel_size") or [2, 2]
    base = config.get("projection_hidden_size") or part.hidden_size
    wide = base * sides[0] * sides[-1]
    return layernorm(part.hidden_size) + linear(wide, wide, 1) + linear(wide, width(config), 1)


def paddle(config: Config) -> Census:
    """Return PaddleOCR-VL's bridge."""
    part = vision(config)
    wide = part.hidden_size * part.get("spatial_merge_size", 2) ** 2
    return layernorm(part.hidden_size) + linear(wide, wide, 1) + linear(wide, width(config), 1)


def listening(factor: float = 1, bias: float = 1, twice: bool = True) -> Piece:
    """Return the bridge from a tower for sound, whose frames are taken together by a factor."""

    def bridge(config: Config) -> Census:
        part = config.part(*AUDIO)
        wide = (part.get("d_model") or part.hidden_size) * factor
        whole = linear(wide, width(config), bias)
        return whole + linear(width(config), width(config), bias) if twice else whole

    return bridge


def voxtral(config: Config) -> Census:
    """Return Voxtral's bridge."""
    part = config.part(*AUDIO)
    return linear(part.intermediate_size, width(config)) + linear(width(config), width(config))


def qformer(side: str, worded: bool) -> Piece:
    """Return BLIP-2's bridge: questions that look at a tower, some of whose layers see it.

    Parameters
    ----------
    side
        Key of the configuration of the tower.
    worded
        Whether the questions see words too.
    """

    def bridge(config: Config) -> Census:
        part, tower = config.part("qformer_config"), config.part(side)
        hidden, seen = part.hidden_size, tower.hidden_size
        inner = part.intermediate_size

        def layer(one: Config) -> Census:
            whole = linear(hidden, hidden, 1) * 4 + layernorm(hidden)
            forward = linear(hidden, inner, 1) + linear(inner, hidden, 1) + layernorm(hidden)
            whole += forward * (2 if worded or one.get("use_qformer_text_input") else 1)
            if one.index % one.cross_attention_frequency == 0:
                whole += linear(hidden, hidden, 1) * 2 + linear(seen, hidden, 1) * 2 + layernorm(hidden)
            return whole

        whole = layered(part, "num_hidden_layers", layer) + layernorm(hidden)
        if worded:
            whole += table(part.vocab_size + part.max_position_embeddings, hidden)
        whole += table(config.num_query_tokens, hidden)
        out = text(config)
        return whole + linear(hidden, out.get("hidden_size") or out.d_model, 1)

    return bridge


def mllama_vision(config: Config) -> Census:
    """Return the tower of Llama 3.2 Vision: layers, global layers, and tables for tiles."""
    c, hidden = config, config.hidden_size
    layer = linear(hidden, hidden) * 4 + linear(hidden, c.intermediate_size, 1)
    layer += linear(c.intermediate_size, hidden, 1) + layernorm(hidden) * 2
    rows = (c.size("image_size") // c.patch_size) ** 2 + 1
    shapes = len(c.entries("supported_aspect_ratios")) or 8
    whole = layer * c.num_hidden_layers + (layer + vector(2)) * c.num_global_layers + layernorm(hidden) * 2
    whole += vector(hidden) + convolution(c.num_channels, hidden, c.patch_size**2, 0)
    whole += table(rows, hidden) + table(shapes + 1, c.max_num_tiles * rows * hidden) + vector(3)
    return whole + table(shapes + 1, c.max_num_tiles * hidden) * 2


def mllama_crossed(config: Config) -> bool:
    """Return whether a layer of Llama 3.2 Vision looks at pictures."""
    return config.index in (config.entries("cross_attention_layers") or range(3, 40, 5))


def mllama_cross(config: Config) -> Census:
    """Return the attention with which a layer looks at pictures; tokens of text pass half of it."""
    size = config.hidden_size / config.num_attention_heads
    keys = 2 * size * config.num_key_value_heads * config.hidden_size
    whole = Attention(scored=False)(config)
    return replace(whole, products=whole.products - keys, facts={}) + vector(2 * size + 2)


MLLAMA_TEXT = Decoder(
    When(mllama_crossed, mllama_cross, Attention()),
    once=lambda c: table(8, c.hidden_size),
)


@dataclass(frozen=True, slots=True)
class Mllama:
    """Llama 3.2 Vision."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        part, tower = config.part("text_config"), config.part("vision_config")
        part.tied = _tied(config, part)
        layers = len(tower.entries("intermediate_layers_indices") or [3, 7, 15, 23, 30]) + 1
        bridge = linear(tower.get("vision_output_dim") or tower.hidden_size * layers, part.hidden_size, 1)
        whole = MLLAMA_TEXT.count(part, purpose or "words")
        if purpose == "causal":
            return whole
        return whole + (mllama_vision(tower) + bridge).aside()


def llama4(config: Config) -> Census:
    """Return Llama 4's tower and bridge."""
    part = vision(config)
    hidden = part.hidden_size
    layer = linear(hidden, hidden, 1) * 4 + layernorm(hidden) * 2
    layer += linear(hidden, part.intermediate_size, 1) + linear(part.intermediate_size, hidden, 1)
    rows = (part.size("image_size") // part.patch_size) ** 2 + 1
    whole = layer * part.num_hidden_layers + layernorm(hidden) * 2 + vector(hidden) + table(rows, hidden)
    whole += linear(part.num_channels * part.patch_size**2, hidden)
    whole += linear(part.intermediate_size, part.projector_input_dim)
    whole += linear(part.projector_output_dim, part.projector_output_dim)
    return whole + linear(part.vision_output_dim, width(config))


def fuyu(config: Config) -> Census:
    """Return Fuyu's front, which has no tower: patches pass one linear layer."""
    return linear(config.patch_size**2 * config.num_channels, width(config), 1)


def aria(config: Config) -> Census:
    """Return Aria's bridge: questions that look at the patches."""
    part, wide = vision(config), width(config)
    seen, counts = part.hidden_size, config.raw("projector_patch_to_query_dict")
    queries = max((int(value) for value in counts.values()), default=256) if isinstance(counts, dict) else 256
    whole = table(config.get("max_value_projector_patch_to_query_dict") or queries, seen)
    whole += (
        linear(seen, seen) * 3 + linear(seen, 3 * seen, 1) + linear(seen, seen, 1) * 2 + layernorm(seen) * 3
    )
    return whole + linear(seen, wide) + linear(wide, wide)


@dataclass(frozen=True, slots=True)
class Pair:
    """Towers for text and pictures that learn to agree, as CLIP's."""

    bridge: Piece

    def count(self, config: Config, purpose: str) -> Census:
        """Return both towers, or that for pictures with a classifier."""
        seeing = config.part("vision_config")
        tower = entry_of(seeing.kind).count(seeing, "tower")
        if purpose in ("images", "classes"):
            return tower + linear(seeing.hidden_size, labels(config), 1)
        reading = config.part("text_config")
        words = entry_of(reading.kind).count(reading, "tower")
        length = reading.max_position_embeddings
        share = length / (patches(seeing) + 1) if tower.facts.get("family") == "vision" else 1
        whole = tower + replace(words.scaled(1, 1, share), facts={}) + self.bridge(config).scaled(1, 1, 0)
        if tower.facts.get("family") != "vision":
            return whole
        return whole.known_as(
            vocabulary=config.get("projection_dim") or seeing.hidden_size,
            second_layers=reading.num_hidden_layers,
            second_hidden=reading.hidden_size,
            second_feed_forward=reading.intermediate_size,
            second_heads=reading.num_attention_heads,
            second_sequence=length,
            second_vocabulary=reading.vocab_size,
        )


@dataclass(frozen=True, slots=True)
class Caption:
    """A tower for text: a table, positions and layers with a norm behind them."""

    head: Piece = nothing

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower."""
        hidden = config.hidden_size
        mixer, forward = Attention(1, 1, kv_heads=0), FeedForward(bias=1, gated=0)

        def layer(one: Config) -> Census:
            return mixer(one) + forward(one) + layernorm(hidden) * 2

        del purpose
        whole = layered(config, "num_hidden_layers", layer) + layernorm(hidden) + self.head(config)
        whole += table(config.vocab_size + config.max_position_embeddings, hidden)
        return whole.known_as(
            family="encoder",
            layers=config.num_hidden_layers,
            hidden=hidden,
            vocabulary=config.vocab_size,
            norm="layernorm",
            learned_positions=config.max_position_embeddings,
        )


def clip_bridge(config: Config) -> Census:
    """Return CLIP's projections to the width where both towers meet."""
    sides = config.part("vision_config").hidden_size + config.part("text_config").hidden_size
    return linear(sides, config.projection_dim) + vector(1)


LLAVA = Joint(bridge=two_layers(tower_width))
JOINT: dict[str, Entry] = {
    "llava": LLAVA,
    "llava_next": Joint(bridge=newline(two_layers(tower_width))),
    "llava_next_video": Joint(bridge=newline(two_layers(tower_width))),
    "llava_onevision": Joint(bridge=newline(two_layers(tower_width))),
    "video_llava": Joint((VISION, VISION), two_layers(tower_width)),
    "vipllava": Joint(
        bridge=lambda c: (
            layernorm(vision(c).hidden_size * (len(c.entries("vision_feature_layers")) or 5))
            + linear(vision(c).hidden_size * (len(c.entries("vision_feature_layers")) or 5), width(c), 1)
            + linear(width(c), width(c), 1)
        )
    ),
    "qwen2_vl": Joint(),
    "qwen2_5_vl": Joint(),
    "qwen3_vl": Joint(),
    "qwen3_vl_moe": Joint(),
    "qwen3_5": Joint(),
    "qwen3_5_moe": Joint(),
    "glm4v": Joint(),
    "glm4v_moe": Joint(),
    "glm46v": Joint(),
    "glm_ocr": Joint(),
    "paligemma": Joint(bridge=paligemma),
    "gemma3": Joint(bridge=gemma3),
    "shieldgemma2": Joint(bridge=gemma3),
    "internvl": Joint(bridge=internvl),
    "mistral3": Joint(bridge=mistral3),
    "lighton_ocr": Joint(bridge=mistral3),
    "idefics2": Joint(bridge=idefics2),
    "idefics3": Joint(bridge=idefics3),
    "smolvlm": Joint(bridge=idefics3),
    "aya_vision": Joint(bridge=aya),
    "cohere2_vision": Joint(bridge=cohere2),
    "lfm2_vl": Joint(bridge=lfm2),
    "ernie4_5_vl_moe": Joint(bridge=ernie),
    "kimi_k25": Joint(bridge=kimi),
    "paddleocr_vl": Joint(bridge=paddle),
    "deepseek_vl": Joint(
        bridge=lambda c: linear(vision(c).hidden_size, width(c), 1) + linear(width(c), width(c), 1)
    ),
    "fuyu": Joint((), fuyu),
    "llama4": Joint((), llama4),
    "aria": Joint(bridge=aria),
    "mllama": Mllama(),
    "mllama_text_model": MLLAMA_TEXT,
    "blip-2": Joint(bridge=qformer("vision_config", worded=False)),
    "instructblip": Joint(bridge=qformer("vision_config", worded=True)),
    "qwen2_audio": Joint((AUDIO,), listening(twice=False)),
    "audioflamingo3": Joint((AUDIO,), listening()),
    "musicflamingo": Joint((AUDIO,), listening()),
    "voxtral": Joint((AUDIO,), voxtral),
    "qwen2_5_omni_thinker": Joint((AUDIO, VISION)),
    "qwen3_omni_moe_thinker": Joint((AUDIO, VISION)),
    "clip": Pair(clip_bridge),
    "siglip": Pair(lambda _config: vector(2)),
    "siglip2": Pair(lambda _config: vector(2)),
    "clip_text_model": Caption(),
    "siglip_text_model": Caption(
        lambda c: linear(c.hidden_size, c.get("projection_size") or c.hidden_size, 1)
    ),
    "siglip2_text_model": Caption(
        lambda c: linear(c.hidden_size, c.get("projection_size") or c.hidden_size, 1)
    ),
}
