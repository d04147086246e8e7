"""Vision towers that end in a merger of neighbouring patches, as those of Qwen's models."""

from dataclasses import dataclass

from tcplan.reading.huggingface.blocks import Attention, FeedForward, Piece, Size, norm_of, of
from tcplan.reading.huggingface.census import Census, convolution, layernorm, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.stack import layered, layers_of


@dataclass(frozen=True, slots=True)
class Tower:
    """A stack over patches of pictures and films, and what brings its result to the width of the text."""

    mixer: Piece
    mlp: Piece
    merger: Piece
    norm: str = "layernorm"
    norms: Size = 2
    layers: Size = "num_hidden_layers"
    hidden: Size = "hidden_size"
    channels: Size = "in_channels"
    frames: Size = "temporal_patch_size"
    patch_bias: Size = 0
    positions: Size = 0

    def count(self, config: Config, purpose: str) -> Census:
        """Return the tower; its purpose changes nothing."""
        hidden = of(config, self.hidden)

        def layer(inner: Config) -> Census:
            return self.mixer(inner) + self.mlp(inner) + norm_of(self.norm, hidden) * of(inner, self.norms)

        places = config.size("patch_size", 0) * config.size("patch_size", 1) * of(config, self.frames)
        channels = of(config, self.channels) or 3
        whole = layered(config, self.layers, layer) + table(of(config, self.positions), hidden)
        whole += convolution(channels, hidden, places, of(config, self.patch_bias)) + self.merger(config)
        del purpose
        return whole.known_as(
            family="encoder", layers=layers_of(config, self.layers), hidden=hidden, norm="layernorm"
        )


def heads_of(hidden: Size, qkv: Size = 1, out: Size = 1, norm: str = "") -> Attention:
    """Return attention whose heads share the width of the tower."""
    return Attention(
        qkv,
        out,
        kv_heads=0,
        hidden=hidden,
        size=lambda c: of(c, hidden) / c.num_attention_heads,
        norm=norm,
    )


def merged(width: float, outputs: float, norm: Census) -> Census:
    """Return a norm and two linear layers from merged patches to the width of the text."""
    return norm + linear(width, width, 1) + linear(width, outputs, 1)


def qwen2_merger(config: Config) -> Census:
    """Return the merger of Qwen2-VL."""
    wide = config.embed_dim * config.spatial_merge_size**2
    return merged(wide, config.hidden_size, layernorm(config.embed_dim))


def qwen2_5_merger(config: Config) -> Census:
    """Return the merger of Qwen2.5-VL."""
    wide = config.hidden_size * config.spatial_merge_size**2
    return merged(wide, config.out_hidden_size, rms(config.hidden_size))


def qwen3_merger(config: Config) -> Census:
    """Return the mergers of Qwen3-VL, one more for each layer whose patches the text sees."""
    wide = config.hidden_size * config.spatial_merge_size**2
    deep = merged(wide, config.out_hidden_size, layernorm(wide)) * len(
        config.entries("deepstack_visual_indexes")
    )
    return merged(wide, config.out_hidden_size, layernorm(config.hidden_size)) + deep


def glm_merger(config: Config) -> Census:
    """Return what leads from GLM's tower to the text: a convolution, and a gated layer."""
    c, wide = config, config.out_hidden_size
    inner = c.out_hidden_size * c.in_channels if c.kind == "glm_ocr_vision" else c.intermediate_size
    whole = linear(wide, wide) + layernorm(wide) + linear(wide, inner) * 3
    whole += convolution(c.hidden_size, wide, c.spatial_merge_size**2) + rms(c.hidden_size)
    return whole + (rms(c.hidden_size) if c.kind != "glm_ocr_vision" else vector(0))


def ernie_merger(config: Config) -> Census:
    """Return the norm behind ERNIE's tower."""
    return layernorm(config.hidden_size)


def kimi_merger(config: Config) -> Census:
    """Return what Kimi's tower has once: a table of positions of a grid, and a norm."""
    return vector(config.pos_emb_height * config.pos_emb_width * config.hidden_size) + layernorm(
        config.hidden_size
    )


QWEN3 = Tower(
    heads_of("hidden_size"),
    FeedForward(bias=1, gated=0),
    qwen3_merger,
    patch_bias=1,
    positions="num_position_embeddings",
)
GLM = Tower(
    heads_of("hidden_size", "attention_bias", 0),
    FeedForward("out_hidden_size"),
    glm_merger,
    norm="rms",
    patch_bias=1,
    positions=lambda c: (c.size("image_size") // c.size("patch_size")) ** 2,
)
TOWERS: dict[str, Tower] = {
    "qwen2_vl_vision": Tower(
        heads_of("embed_dim"),
        FeedForward(lambda c: int(c.embed_dim * c.mlp_ratio), 1, 0, hidden="embed_dim"),
        qwen2_merger,
        hidden="embed_dim",
    ),
    "qwen2_5_vl_vision": Tower(heads_of("hidden_size"), FeedForward(bias=1), qwen2_5_merger, norm="rms"),
    "qwen3_vl_vision": QWEN3,
    "glm4v_vision": GLM,
    "glm4v_moe_vision": GLM,
    "glm_ocr_vision": Tower(
        heads_of("hidden_size", "attention_bias", "attention_bias", norm="head"),
        FeedForward(bias="attention_bias"),
        glm_merger,
        norm="rms",
        patch_bias=1,
    ),
    "ernie4_5_vl_moe_vision": Tower(
        heads_of("hidden_size"), FeedForward(bias=1, gated=0), ernie_merger, frames=1
    ),
    "kimi_k25_vision": Tower(
        heads_of("hidden_size"),
        FeedForward(bias=1, gated=0),
        kimi_merger,
        channels=3,
        frames=1,
        patch_bias=1,
    ),
}
TOWERS["qwen2_5_omni_vision_encoder"] = TOWERS["qwen2_5_vl_vision"]
for _same in ("qwen3_vl_moe", "qwen3_vl", "qwen3_5", "qwen3_5_moe", "qwen3_omni_moe"):
    TOWERS[f"{_same}_vision"] = QWEN3
TOWERS["qwen3_omni_moe_vision_encoder"] = QWEN3
