"""Vision transformers: patches of a picture through a stack of layers."""

from dataclasses import dataclass, replace
from math import prod

from tcplan.reading.huggingface.blocks import Attention, FeedForward, Piece, Size, When, norm_of, of
from tcplan.reading.huggingface.census import (
    NOTHING,
    Census,
    convolution,
    layernorm,
    linear,
    table,
    vector,
)
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.stack import labels, layered, layers_of
from tcplan.reading.reading import ReadingError

BIASED = Attention(1, 1, kv_heads=0)
PLAIN = FeedForward(bias=1, gated=0)


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


def patches(config: Config) -> float:
    """Return the patches of one picture."""
    down = config.size("image_size", 0) // config.size("patch_size", 0)
    return float(down * (config.size("image_size", 1) // config.size("patch_size", 1)))


@dataclass(frozen=True, slots=True)
class Pictures:
    """A stack of layers over patches.

    `tokens` are vectors beside the patches, `positions` rows of a table of positions (-1 for one for each
    patch and token), `frames` pictures in one patch, `places` the pixels of a patch where its size does not
    say, `scales` vectors of each layer, `pre` and `final` norms before and behind the layers, `seen` how many
    widths the classifier looks at, `pool` what stands on top of a bare model, `top` in place of the
    classifier, `painter` in pre-training.
    """

    mixer: Piece = BIASED
    mlp: Piece = PLAIN
    norm: str = "layernorm"
    norms: Size = 2
    layers: Size = "num_hidden_layers"
    hidden: Size = "hidden_size"
    channels: Size = "num_channels"
    frames: Size = 1
    patch_bias: Size = 1
    tokens: Size = 1
    positions: Size = -1
    pre: Size = 0
    final: Size = 1
    scales: Size = 0
    seen: float = 1
    once: Piece = nothing
    layer: Piece = nothing
    pool: Piece = nothing
    places: Size = 0
    top: Piece | None = None
    painter: Piece = nothing

    def count(self, config: Config, purpose: str) -> Census:
        """Return the stack with what its purpose asks for."""
        hidden = of(config, self.hidden)

        def layer(inner: Config) -> Census:
            whole = self.mixer(inner) + self.mlp(inner) + self.layer(inner)
            whole += norm_of(self.norm, hidden) * of(inner, self.norms)
            return whole + vector(hidden * of(inner, self.scales))

        whole = layered(config, self.layers, layer) + self.front(config, hidden)
        whole += norm_of(self.norm, hidden) * (of(config, self.pre) + of(config, self.final))
        whole += self.once(config)
        if purpose in ("images", "classes", "sounds", "", "words"):
            top = self.top(config) if self.top else linear(self.seen * hidden, labels(config), 1)
            whole += top.scaled(1, 1, 0)
        elif purpose == "pretraining":
            whole += self.painter(config)
        elif purpose == "bare":
            whole += self.pool(config)
        seen = config.get("image_size") if isinstance(_raw(config, "image_size"), int) else 0
        if seen and isinstance(_raw(config, "patch_size"), int):
            whole = whole.known_as(family="vision", image_size=seen, patch_size=config.patch_size)
            whole = whole.known_as(channels=of(config, self.channels) or 3, vocabulary=labels(config))
        else:
            whole = whole.known_as(family="encoder", masked_share=1)
        return whole.known_as(
            layers=layers_of(config, self.layers),
            hidden=hidden,
            norm="layernorm" if self.norm == "layernorm" else "rmsnorm",
        )

    def front(self, config: Config, hidden: float) -> Census:
        """Return what makes vectors of patches."""
        places = of(config, self.places)
        if not places:
            places = config.size("patch_size", 0) * config.size("patch_size", 1) * of(config, self.frames)
        whole = convolution(of(config, self.channels) or 3, hidden, places, of(config, self.patch_bias))
        rows = of(config, self.positions)
        if rows < 0:
            rows = patches(config) + of(config, self.tokens)
        return whole + vector(hidden * of(config, self.tokens)) + table(rows, hidden)


def _raw(config: Config, name: str) -> object:
    """Return what stands under a key, nothing where nobody knows it."""
    try:
        return config.raw(name)
    except ReadingError:
        return None


def siglip_head(config: Config) -> Census:
    """Return the head of SigLIP, which asks all patches one question."""
    if not config.get("vision_use_head", 1):
        return NOTHING
    hidden = config.hidden_size
    whole = vector(hidden) + linear(hidden, 3 * hidden, 1) + linear(hidden, hidden, 1) + layernorm(hidden)
    whole += linear(hidden, config.intermediate_size, 1) + linear(config.intermediate_size, hidden, 1)
    return whole.scaled(1, 1, 0)


def pooler(config: Config) -> Census:
    """Return the linear layer that the first token passes."""
    return linear(config.hidden_size, config.hidden_size, 1).scaled(1, 1, 0)


def swiglu_width(config: Config) -> float:
    """Return the width of DINOv2's gated feed-forward: two thirds of the plain one, in steps of 8."""
    width = int(config.hidden_size * config.mlp_ratio)
    return float((int(width * 2 / 3) + 7) // 8 * 8)


def relative_positions(config: Config) -> Census:
    """Return BEiT's table of relative positions of a layer."""
    if not config.get("use_relative_position_bias"):
        return NOTHING
    return _relative(config)


def _relative(config: Config) -> Census:
    side = config.size("image_size") // config.size("patch_size")
    return vector(((2 * side - 1) ** 2 + 3) * config.num_attention_heads)


def beit_once(config: Config) -> Census:
    """Return what BEiT has once: a mask token, a shared table of relative positions."""
    shared = config.get("use_shared_relative_position_bias")
    masked = vector(config.hidden_size if config.get("use_mask_token") else 0)
    return masked + (_relative(config) if shared else NOTHING)


def aimv2_head(config: Config) -> Census:
    """Return the head of AIMv2, which asks all patches one question."""
    if not config.get("use_head", 1):
        return NOTHING
    hidden, bias = config.hidden_size, config.qkv_bias
    whole = vector(hidden) + linear(hidden, hidden, bias) * 2 + linear(hidden, hidden, 1)
    return whole.scaled(1, 1, 0)


_PAINTER = Attention(
    "qkv_bias",
    1,
    heads="decoder_num_attention_heads",
    kv_heads=0,
    hidden="decoder_hidden_size",
    size=lambda c: c.decoder_hidden_size / c.decoder_num_attention_heads,
)
_FILM_PAINTER = replace(_PAINTER, qkv=0, extra=lambda c: 2 * c.decoder_hidden_size * c.get("qv_bias", 1))
_PAINTED = FeedForward("decoder_intermediate_size", 1, 0, hidden="decoder_hidden_size")


def painted(config: Config) -> Census:
    """Return the decoder with which a masked autoencoder learns to paint pictures."""
    c, hidden = config, config.decoder_hidden_size
    one = _PAINTER(c) + _PAINTED(c) + layernorm(hidden) * 2
    whole = one * c.decoder_num_hidden_layers + layernorm(hidden) + vector(hidden)
    whole += table(patches(c) + 1, hidden) + linear(c.hidden_size, hidden, 1)
    return whole + linear(hidden, c.size("patch_size") ** 2 * c.num_channels, 1)


def filmed(config: Config) -> Census:
    """Return the decoder with which a masked autoencoder learns to paint films."""
    c, hidden = config, config.decoder_hidden_size
    one = _FILM_PAINTER(c) + _PAINTED(c) + layernorm(hidden) * 2
    whole = one * c.decoder_num_hidden_layers + layernorm(hidden) + vector(hidden)
    whole += linear(c.hidden_size, hidden)
    return whole + linear(hidden, c.size("patch_size") ** 2 * c.num_channels * c.tubelet_size, 1)


def boxes(config: Config) -> Census:
    """Return the heads of YOLOS for classes and places."""
    hidden = config.hidden_size
    return linear(hidden, hidden, 1) * 4 + linear(hidden, labels(config) + 1, 1) + linear(hidden, 4, 1)


QKV = Attention("qkv_bias", 1, kv_heads=0)
HALF_BIASED = Attention(0, 1, kv_heads=0, extra=lambda c: 2 * c.hidden_size)
VIT = Pictures(QKV, pool=pooler)
BEIT = Pictures(
    HALF_BIASED,
    positions=lambda c: patches(c) + 1 if c.get("use_absolute_position_embeddings") else 0,
    scales=lambda c: 2 if c.layer_scale_init_value else 0,
    layer=relative_positions,
    once=beit_once,
)
DINO2 = Pictures(
    QKV,
    When(
        "use_swiglu_ffn",
        FeedForward(swiglu_width, 1),
        FeedForward(lambda c: int(c.hidden_size * c.mlp_ratio), 1, 0),
    ),
    scales=2,
    seen=2,
    once=lambda c: vector(c.hidden_size if c.get("use_mask_token", 1) else 0),
)
CLIP = Pictures(BIASED, patch_bias=0, pre=1)
SIGLIP = Pictures(BIASED, tokens=0, once=siglip_head)
IDEFICS = Pictures(BIASED, tokens=0)
PICTURES: dict[str, Pictures] = {
    "vit": VIT,
    "deit": Pictures(QKV, tokens=2, pool=pooler),
    "vit_msn": Pictures(QKV),
    "ijepa": Pictures(QKV, tokens=0),
    "beit": BEIT,
    "data2vec-vision": BEIT,
    "dinov2": DINO2,
    "dinov2_with_registers": replace(
        DINO2,
        once=lambda c: vector(c.hidden_size * (1 + c.num_register_tokens)),
    ),
    "dinov3_vit": Pictures(
        Attention(
            0,
            "proj_bias",
            kv_heads=0,
            extra=lambda c: (c.query_bias + c.key_bias + c.value_bias) * c.hidden_size,
        ),
        FeedForward(bias="mlp_bias", gated="use_gated_mlp"),
        positions=0,
        scales=2,
        seen=2,
        once=lambda c: vector(c.hidden_size * (1 + c.num_register_tokens)),
    ),
    "clip_vision_model": CLIP,
    "chinese_clip_vision_model": CLIP,
    "mlcd_vision_model": replace(
        CLIP, positions=0, once=lambda c: vector(c.hidden_size / c.num_attention_heads / 2)
    ),
    "siglip_vision_model": SIGLIP,
    "siglip2_vision_model": replace(SIGLIP, positions="num_patches"),
    "idefics2_vision": IDEFICS,
    "paddleocr_vl_vision": IDEFICS,
    "idefics3_vision": IDEFICS,
    "smolvlm_vision": IDEFICS,
    "pixtral": Pictures(
        Attention(kv_heads=0), FeedForward(), norm="rms", patch_bias=0, tokens=0, positions=0, pre=1, final=0
    ),
    "aimv2_vision_model": Pictures(
        Attention("qkv_bias", "qkv_bias", kv_heads=0),
        FeedForward(bias="mlp_bias"),
        norm="rms",
        tokens=0,
        pre=1,
        positions=lambda c: 0 if c.get("is_native") else patches(c),
        once=aimv2_head,
    ),
    "internvl_vision": Pictures(
        Attention(
            "attention_bias",
            1,
            kv_heads=0,
            extra=lambda c: 2 * c.hidden_size if c.use_qk_norm else 0,
        ),
        norm="layernorm",
        positions=lambda c: patches(c) + 1 if c.use_absolute_position_embeddings else 0,
        scales=2,
        final=lambda c: 0 if c.use_mean_pooling else 1,
        once=lambda c: vector(c.hidden_size if c.use_mask_token else 0),
    ),
    "blip_vision_model": Pictures(BIASED),
    "blip_2_vision_model": Pictures(QKV),
    "instructblip_vision_model": Pictures(QKV),
    "vit_mae": Pictures(QKV, painter=painted),
    "yolos": Pictures(
        QKV,
        top=boxes,
        pool=pooler,
        tokens=lambda c: 1 + c.num_detection_tokens,
        once=lambda c: vector(
            (patches(c) + 1 + c.num_detection_tokens)
            * c.hidden_size
            * (c.num_hidden_layers - 1)
            * c.use_mid_position_embeddings
        ),
    ),
    "audio-spectrogram-transformer": Pictures(
        QKV,
        channels=1,
        tokens=2,
        positions=lambda c: (
            ((c.num_mel_bins - c.patch_size) // c.frequency_stride + 1)
            * ((c.max_length - c.patch_size) // c.time_stride + 1)
            + 2
        ),
        once=lambda c: layernorm(c.hidden_size),
    ),
    "videomae": Pictures(
        Attention(0, 1, kv_heads=0, extra=lambda c: 2 * c.hidden_size * c.get("qv_bias", 1)),
        painter=filmed,
        frames="tubelet_size",
        tokens=0,
        positions=0,
        final=lambda c: 0 if c.use_mean_pooling else 1,
        top=lambda c: (
            linear(c.hidden_size, labels(c), 1)
            + (layernorm(c.hidden_size) if c.use_mean_pooling else NOTHING)
        ),
    ),
    "vivit": Pictures(
        QKV,
        places=lambda c: prod(c.numbers("tubelet_size") or [2, 16, 16]),
        positions=lambda c: (
            c.num_frames
            // (c.numbers("tubelet_size") or [2, 16, 16])[0]
            * (c.size("image_size") // (c.numbers("tubelet_size") or [2, 16, 16])[1]) ** 2
            + 1
        ),
        pool=pooler,
    ),
    "timesformer": Pictures(
        Attention("qkv_bias", 1, kv_heads=0),
        layer=lambda c: (
            (
                Attention("qkv_bias", 1, kv_heads=0)(c)
                + linear(c.hidden_size, c.hidden_size, 1)
                + layernorm(c.hidden_size)
            )
            if c.text("attention_type", "divided_space_time") == "divided_space_time"
            else NOTHING
        ),
        once=lambda c: table(c.num_frames, c.hidden_size),
    ),
}
