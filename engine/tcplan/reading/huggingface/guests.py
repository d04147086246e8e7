"""Further models of several parts, each with a tower or a bridge that no other has."""

from dataclasses import dataclass, replace
from math import log2

from tcplan.reading.huggingface.blocks import Attention, Experts, FeedForward, When
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
from tcplan.reading.huggingface.encoders import BERT
from tcplan.reading.huggingface.entry import Entry, entry_of
from tcplan.reading.huggingface.joint import AUDIO, JOINT, Joint, vision, width
from tcplan.reading.huggingface.pictures import CLIP, PICTURES, SIGLIP, Pictures, patches
from tcplan.reading.huggingface.recent import kind
from tcplan.reading.huggingface.sounds import LISTENER
from tcplan.reading.huggingface.stack import Decoder, layered
from tcplan.reading.huggingface.towers import Tower, heads_of, qwen2_5_merger

SIGNED = Attention(1, 1)


@dataclass(frozen=True, slots=True)
class Blip:
    """BLIP: BERT's layers over words, which look at a tower for pictures."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model that describes a picture."""
        part, tower = config.part("text_config"), config.part("vision_config")
        hidden, seen = part.hidden_size, tower.hidden_size

        def layer(one: Config) -> Census:
            whole = SIGNED(one) + FeedForward(bias=1, gated=0)(one) + layernorm(hidden) * 2
            if one.get("is_decoder", 1):
                whole += linear(hidden, hidden, 1) * 2 + linear(seen, hidden, 1) * 2 + layernorm(hidden)
            return whole

        whole = layered(part, "num_hidden_layers", layer) + layernorm(hidden)
        whole += table(part.vocab_size + part.max_position_embeddings, hidden)
        if purpose != "bare":
            whole += BERT.words(part, tied=True)
        towers = entry_of(tower.kind).count(tower, "tower").aside()
        return (whole + replace(towers, facts={})).known_as(
            layers=part.num_hidden_layers,
            hidden=hidden,
            vocabulary=part.vocab_size,
            norm="layernorm",
            learned_positions=part.max_position_embeddings,
        )


@dataclass(frozen=True, slots=True)
class Pix2Struct:
    """Pix2Struct: patches through an encoder like T5's, words through its decoder."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with its head."""
        part, tower = config.part("text_config"), config.part("vision_config")
        hidden, seen = part.hidden_size, tower.hidden_size
        inner = tower.num_attention_heads * tower.d_kv
        reading = linear(seen, inner) * 3 + linear(inner, seen) + linear(seen, tower.d_ff) * 3 + rms(seen) * 2
        whole = reading * tower.num_hidden_layers + rms(seen) + table(2 * tower.seq_len, seen)
        whole += linear(tower.patch_embed_hidden_size, seen, 1)
        wide = part.hidden_size
        attention = linear(hidden, wide) * 3 + linear(wide, hidden)
        writing = attention * 2 + linear(hidden, part.d_ff) * 3 + rms(hidden) * 3
        whole += (writing + Census(scores=4 * wide)) * part.num_layers + rms(hidden)
        whole += table(part.vocab_size, hidden) + vector(part.relative_attention_num_buckets * part.num_heads)
        if purpose != "bare":
            head = linear(hidden, part.vocab_size)
            whole += head.scaled(0, 0, 1) if config.get("tie_word_embeddings") else head
        return whole.known_as(
            layers=tower.num_hidden_layers + part.num_layers,
            hidden=hidden,
            heads=part.num_heads,
            head_size=part.d_kv,
            feed_forward=part.d_ff,
            vocabulary=part.vocab_size,
            gated="yes",
            tied_embeddings="yes" if config.get("tie_word_embeddings") else "no",
        )


def idefics_once(config: Config) -> Census:
    """Return the layers of IDEFICS that look at pictures, and its tower."""
    c, hidden, tower = config, config.hidden_size, config.part("vision_config")
    seen = tower.embed_dim
    cross = linear(hidden, hidden) * 2 + linear(seen, hidden) * 2 + FeedForward()(c) + rms(hidden) * 2
    size = hidden // c.num_attention_heads
    cross += vector(2 * size * c.get("qk_layer_norms") + 2)
    whole = replace(cross * (c.num_hidden_layers // c.cross_layer_interval), facts={})
    whole += table(c.get("additional_vocab_size"), hidden) * 2
    picture = replace(CLIP, hidden="embed_dim", mixer=heads_of("embed_dim"), mlp=IDEFICS_FORWARD)
    return whole + replace(picture.count(tower, "tower").aside(), facts={})


IDEFICS_FORWARD = FeedForward(bias=1, gated=0, hidden="embed_dim")


def step_bridge(config: Config) -> Census:
    """Return the tower and the bridge of Step3."""
    c, hidden = vision(config), vision(config).hidden_size
    inner = int(hidden * c.mlp_ratio)
    layer = linear(hidden, hidden, 1) * 4 + linear(hidden, inner, 1) + linear(inner, hidden, 1)
    layer += layernorm(hidden) * 2 + vector(2 * hidden)
    whole = layer * c.num_hidden_layers + layernorm(hidden) + table(patches(c), hidden)
    whole += convolution(c.num_channels, hidden, c.patch_size**2, 0)
    whole += convolution(hidden, 2 * hidden, 9) + convolution(2 * hidden, 4 * hidden, 9)
    return whole + linear(4 * hidden, width(config), config.get("projector_bias"))


def step_attention(config: Config) -> Census:
    """Return attention of a layer of Step3, of other heads where it sees a window."""
    c = config
    other = c.raw("attention_other_setting") if c.has("attention_other_setting") else None
    near = kind(c, "layer_types", "full_attention") == "sliding_attention"
    told = Config(other if near and isinstance(other, dict) else {}, "", {})
    heads = told.get("num_attention_heads") or c.num_attention_heads
    keys = told.get("num_attention_groups") or c.num_key_value_heads
    return Attention(
        "attention_bias", "attention_bias", heads=heads, kv_heads=keys, norm="head", gate="head"
    )(c)


def step_sparse(config: Config) -> bool:
    """Return whether a layer of Step3 has experts: listed, or all but the first three have."""
    return kind(config, "mlp_layer_types", "dense" if config.index < 3 else "sparse") == "sparse"


def glm_bridge(config: Config) -> Census:
    """Return the bridge of GLM-ASR, which takes several frames together."""
    part, wide = config.part(*AUDIO), width(config)
    return linear(part.intermediate_size, 2 * wide, 1) + linear(2 * wide, wide, 1)


def qwen3_asr(config: Config) -> Census:
    """Return the bridge of Qwen3-ASR."""
    part = config.part(*AUDIO)
    return linear(part.d_model, part.d_model, 1) + linear(part.d_model, part.output_dim, 1)


def ovis(config: Config) -> Census:
    """Return the head of Ovis's tower, which speaks of visual words, and their table."""
    part = vision(config)
    words = part.vocab_size - part.num_visual_indicator_tokens
    whole = linear(part.hidden_size * part.hidden_stride**2, words) + layernorm(words)
    return whole + table(part.vocab_size, config.get("hidden_size") or width(config))


def sam(config: Config) -> Census:
    """Return the tower of Segment Anything: windows, and some layers that see all."""
    c, hidden = config, config.hidden_size
    heads, inner = c.num_attention_heads, c.get("mlp_dim") or int(c.hidden_size * c.mlp_ratio)
    layer = (
        linear(hidden, 3 * hidden, c.get("qkv_bias", 1)) + linear(hidden, hidden, 1) + layernorm(hidden) * 2
    )
    layer += linear(hidden, inner, 1) + linear(inner, hidden, 1)
    side = c.image_size // c.patch_size
    told = c.numbers("global_attn_indexes") or [2, 5, 8, 11]
    far = sum(1 for index in told if index < c.num_hidden_layers)
    size = hidden / heads
    near = c.num_hidden_layers - far
    whole = layer * c.num_hidden_layers + table(side * side, hidden)
    whole += vector(2 * size * ((2 * side - 1) * far + (2 * c.window_size - 1) * near))
    whole += convolution(c.num_channels, hidden, c.patch_size**2)
    out = c.output_channels
    return whole + convolution(hidden, out, 1, 0) + convolution(out, out, 9, 0) + layernorm(out) * 2


def got_bridge(config: Config) -> Census:
    """Return the tower and the bridge of GOT-OCR 2."""
    part = vision(config)
    out, wide = part.output_channels, width(config)
    whole = sam(part) + convolution(out, 2 * out, 9, 0) + convolution(2 * out, wide, 9, 0)
    return whole + linear(wide, wide, 1)


def granite_bridge(config: Config) -> Census:
    """Return the Conformer of Granite Speech and the questions that look at it."""
    part = config.part("encoder_config")
    hidden, inner = part.hidden_dim, part.hidden_dim * part.feedforward_mult
    size = part.get("dim_head") or hidden // part.num_heads
    wide = part.num_heads * size
    layer = (layernorm(hidden) + linear(hidden, inner, 1) + linear(inner, hidden, 1)) * 2
    layer += layernorm(hidden) * 3 + linear(hidden, 3 * wide) + linear(wide, hidden, 1)
    layer += table(2 * part.max_pos_emb + 1, size)
    across = hidden * part.get("conv_expansion_factor", 2)
    layer += linear(hidden, 2 * across, 1) + linear(across, hidden, 1) + layernorm(across)
    layer += convolution(across, across, part.conv_kernel_size, 0, across)
    outputs = part.get("output_dim", 42)
    whole = layer * part.num_layers + linear(part.input_dim, hidden, 1)
    whole += linear(hidden, outputs, 1) + linear(outputs, hidden, 1)
    return whole + questions(
        config.part("projector_config"), config.window_size / config.downsample_rate, width(config)
    )


def questions(part: Config, count: float, wide: float) -> Census:
    """Return layers of questions that look at a tower, as many as given, and a map to a width."""
    hidden, seen, inner = part.hidden_size, part.encoder_hidden_size, part.intermediate_size

    def layer(one: Config) -> Census:
        whole = linear(hidden, hidden, 1) * 4 + layernorm(hidden) * 2
        whole += linear(hidden, inner, 1) + linear(inner, hidden, 1)
        if one.index % one.cross_attention_frequency == 0:
            whole += linear(hidden, hidden, 1) * 2 + linear(seen, hidden, 1) * 2 + layernorm(hidden)
        return whole

    whole = layered(part, "num_hidden_layers", layer) + layernorm(hidden) + table(count, hidden)
    return whole + linear(hidden, wide, 1)


def vq_once(config: Config) -> Census:
    """Return the network that makes words of pictures, as Chameleon has it."""
    c = config.part("vq_config")
    base = c.base_channels
    steps = [base * step for step in c.numbers("channel_multiplier") or [1, 1, 2, 2, 4]]
    whole, inputs = convolution(c.in_channels, base, 9), base
    for index, outputs in enumerate(steps):
        for _ in range(int(c.num_res_blocks)):
            whole += block(inputs, outputs)
            inputs = outputs
        whole += convolution(inputs, inputs, 9) if index < len(steps) - 1 else NOTHING
    whole += block(inputs, inputs) * 2 + layernorm(inputs) * 2 + convolution(inputs, inputs, 1) * 4
    latent = c.latent_channels * (2 if c.double_latent else 1)
    whole += convolution(inputs, latent, 9) + table(c.num_embeddings, c.embed_dim)
    whole += convolution(c.latent_channels, c.embed_dim, 1) + convolution(c.embed_dim, c.latent_channels, 1)
    return replace(whole.aside(), facts={})


def block(inputs: float, outputs: float) -> Census:
    """Return a residual block of convolutions."""
    whole = layernorm(inputs) + convolution(inputs, outputs, 9) + layernorm(outputs)
    whole += convolution(outputs, outputs, 9)
    return whole + (convolution(inputs, outputs, 1) if inputs != outputs else NOTHING)


def phi4_bridge(config: Config) -> Census:
    """Return the towers of Phi-4 multimodal and what leads from them to the text."""
    seen, heard, wide = config.part("vision_config"), config.part("audio_config"), config.hidden_size
    whole = SIGLIP.count(seen, "tower") + vector(2 * seen.hidden_size)
    for inputs in (seen.hidden_size, heard.hidden_size * heard.downsample_rate, heard.hidden_size):
        whole += linear(inputs, wide, 1) + linear(wide, wide, 1)
    return replace((whole + phi4_audio(heard)).aside(), facts={})


def phi4_audio(config: Config) -> Census:
    """Return Phi-4's tower for sound: convolutions of a spectrogram, then Conformer layers."""
    c, hidden, inner = config, config.hidden_size, config.intermediate_size
    width, steps = c.nemo_conv_channels, int(log2(c.time_reduction)) - 1
    whole = convolution(1, width, 9) + linear(width * (-(-c.input_size // c.time_reduction)), hidden, 1)
    whole += (convolution(width, width, 9, 1, width) + convolution(width, width, 1)) * steps
    rows = c.bias_max_distance * (1 if c.bias_symmetric else 2)
    whole += vector(rows * c.num_attention_heads)
    forward = layernorm(hidden) + linear(hidden, 2 * inner, 1) + linear(inner, hidden, 1)
    out, deep = c.ext_pw_out_channel, hidden * c.depthwise_multiplier
    layer = forward * 2 + linear(hidden, hidden, 1) * 4 + layernorm(hidden) * 3 + vector(2 * out)
    layer += linear(hidden, 2 * out, 1) + convolution(hidden, deep, c.kernel_size, 1, hidden)
    layer += linear(deep, c.depthwise_separable_out_channel, 1) + linear(hidden, out, 1)
    return whole + layer * c.num_blocks


@dataclass(frozen=True, slots=True)
class Bytes:
    """BLT: a model over patches of bytes, between two small ones over the bytes themselves."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        first, last = config.part("encoder_config"), config.part("decoder_config")
        large, cutter = config.part("global_config"), config.part("patcher_config")
        whole = stacked(large).repeated(1.0 / (config.get("patch_size") or 4))
        whole += stacked(first) + stacked(last) + rms(last.hidden_size)
        for part, everywhere in ((first, first.cross_attn_all_layers), (last, last.cross_attn_all_layers)):
            hidden = part.hidden_size
            cross = linear(hidden, hidden) * 4 + rms(hidden) * 2
            whole += cross * (part.num_hidden_layers if everywhere else 1)
        whole += linear(first.hidden_size, first.hidden_size * config.cross_attn_k)
        whole += linear(large.hidden_size, last.hidden_size * config.cross_attn_k)
        rows = config.encoder_hash_byte_group_vocab * config.encoder_hash_byte_group_nb_functions
        whole += table(rows * (len(config.entries("encoder_hash_byte_group_size")) or 6), first.hidden_size)
        whole += table(config.vocab_size, first.hidden_size)
        if config.get("patch_in_forward"):
            whole += stacked(cutter) + rms(cutter.hidden_size)
            whole += table(cutter.vocab_size, cutter.hidden_size) + linear(
                cutter.hidden_size, cutter.vocab_size
            )
        if purpose != "bare":
            whole += linear(last.hidden_size, config.vocab_size)
        return whole.known_as(
            layers=large.num_hidden_layers,
            hidden=large.hidden_size,
            vocabulary=config.vocab_size,
            tied_embeddings="no",
        )


def hunyuan_merger(config: Config) -> Census:
    """Return what brings patches of HunyuanOCR's tower, two by two, to the text, with marks around them."""
    wide, out = config.hidden_size, config.text_hidden_size
    whole = rms(wide) + convolution(wide, 2 * wide, config.spatial_merge_size**2)
    whole += linear(2 * wide, 4 * wide, 1) + linear(4 * wide, out, 1)
    return whole + vector(4 * wide + 3 * out) + rms(out)


@dataclass(frozen=True, slots=True)
class Retriever:
    """ColPali and its kin: a model of pictures and words without its head, and a projection behind it."""

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model, which has no other purpose."""
        del purpose
        whole = config.part("vlm_config")
        return entry_of(whole.kind).count(whole, "bare") + linear(width(whole), config.embedding_dim, 1)


def stacked(config: Config) -> Census:
    """Return plain layers of attention and a gated feed-forward."""
    mixer = Attention()
    forward = FeedForward(config.get("intermediate_size") or int(8 * config.hidden_size / 3))

    def layer(one: Config) -> Census:
        return mixer(one) + forward(one) + rms(one.hidden_size) * 2

    return layered(config, "num_hidden_layers", layer)


def davit(config: Config) -> Census:
    """Return Florence-2's tower, whose layers attend over windows and over channels, and its bridge."""
    c = vision(config)
    widths, depths = c.numbers("embed_dim") or [128, 256, 512, 1024], c.numbers("depths") or [1, 1, 9, 1]
    taps = c.numbers("patch_size") or [7, 3, 3, 3]
    whole, inputs = layernorm(widths[0]), c.in_channels
    for index, (wide, depth, tap) in enumerate(zip(widths, depths, taps, strict=False)):
        whole += convolution(inputs, wide, tap * tap) + (layernorm(inputs) if index else NOTHING)
        inner = int(c.mlp_ratio * wide)
        half = convolution(wide, wide, 9, 1, wide) * 2 + layernorm(wide) * 2
        half += linear(wide, 3 * wide, c.qkv_bias) + linear(wide, wide, 1)
        whole += (half + linear(wide, inner, 1) + linear(inner, wide, 1)) * (2 * depth)
        inputs = wide
    whole += linear(inputs, c.projection_dim) + layernorm(c.projection_dim)
    return whole + table(2 * c.max_position_embeddings, inputs / 2)


def hybrid_bridge(config: Config) -> Census:
    """Return the second tower of DeepSeek-VL, for large pictures, and what joins both."""
    large, wide = config.part("high_res_vision_config"), width(config)
    out = large.output_channels
    whole = sam(large) + convolution(large.hidden_size, out, 1, 0) + convolution(out, out, 9, 0)
    whole += layernorm(out) * 2 + convolution(out, 2 * out, 9, 0) + convolution(2 * out, 4 * out, 9, 0)
    whole += linear(vision(config).hidden_size, wide / 2, 1) + linear(4 * out, wide / 2, 1)
    return whole + linear(wide, wide, 1) + vector(1)


CHAMELEON = Decoder(
    Attention(
        "attention_bias",
        "attention_bias",
        extra=lambda c: (
            2
            * (c.num_attention_heads + (c.get("num_key_value_heads") or c.num_attention_heads))
            * (c.hidden_size // c.num_attention_heads)
        ),
    ),
    FeedForward(bias="mlp_bias"),
    once=vq_once,
)
VIDEO_LLAMA = Pictures(Attention(1, 1, kv_heads=0), tokens=0, positions=0)
GUESTS: dict[str, Entry] = {
    "blip": Blip(),
    "pix2struct": Pix2Struct(),
    "instructblipvideo": JOINT["instructblip"],
    "instructblipvideo_vision_model": Pictures(Attention("qkv_bias", 1, kv_heads=0)),
    "idefics": Decoder(once=idefics_once),
    "step3p7": Joint((), step_bridge),
    "step3p5": Decoder(
        step_attention,
        When(
            step_sparse,
            Experts("n_routed_experts", shared="share_expert_dim", shared_bias="mlp_bias"),
            FeedForward(bias="mlp_bias"),
        ),
    ),
    "exaone4_5": Joint(),
    "exaone4_5_vision": Tower(
        Attention(1, 1, kv_heads="num_key_value_heads", size=lambda c: c.hidden_size / c.num_attention_heads),
        FeedForward(bias=1),
        qwen2_5_merger,
        norm="rms",
    ),
    "video_llama_3": Joint(
        bridge=lambda c: linear(vision(c).hidden_size, width(c), 1) + linear(width(c), width(c), 1)
    ),
    "video_llama_3_vision": VIDEO_LLAMA,
    "glmasr": Joint((AUDIO,), glm_bridge),
    "qwen3_asr": Joint((AUDIO,), qwen3_asr),
    "qwen3_asr_encoder": replace(
        LISTENER,
        positions=0,
        key_bias=1,
        once=lambda c: (
            convolution(1, c.downsample_hidden_size, 9)
            + convolution(c.downsample_hidden_size, c.downsample_hidden_size, 9) * 2
            + linear(c.downsample_hidden_size * ((((c.num_mel_bins + 1) // 2 + 1) // 2 + 1) // 2), c.d_model)
        ),
    ),
    "ovis2": Joint(bridge=ovis),
    "ovis2_vision": replace(PICTURES["aimv2_vision_model"], once=lambda _c: NOTHING),
    "got_ocr2": Joint((), got_bridge),
    "pp_chart2table": Joint((), got_bridge),
    "granite_speech": Joint((), granite_bridge),
    "chameleon": CHAMELEON,
    "florence2": Joint((), davit),
    "deepseek_vl_hybrid": Joint(bridge=hybrid_bridge),
    "phi4_multimodal": Decoder(once=phi4_bridge),
    "blt": Bytes(),
    "hunyuan_vl": Joint(),
    "hunyuan_vl_vision": Tower(
        heads_of("hidden_size"),
        FeedForward(bias=1, gated=0),
        hunyuan_merger,
        channels="num_channels",
        frames=1,
        patch_bias=1,
        positions=lambda c: (c.max_image_size // c.patch_size) ** 2 + 1,
    ),
    "colpali": Retriever(),
    "colqwen2": Retriever(),
    "modernvbert": Joint(
        bridge=lambda c: linear(vision(c).hidden_size * c.pixel_shuffle_factor**2, width(c))
    ),
    "emu3_text_model": Decoder(),
}
