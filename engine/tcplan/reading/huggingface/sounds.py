"""Encoders of sound: convolutions of a waveform or of a spectrogram, then a stack of layers."""

from dataclasses import dataclass, replace
from math import ceil

from tcplan.reading.huggingface.blocks import Attention, FeedForward, Piece, Size, of
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
from tcplan.reading.huggingface.sequences import Sequences, bart, layer
from tcplan.reading.huggingface.stack import labels, layered, layers_of

BIASED = Attention(1, 1, kv_heads=0)
PLAIN = FeedForward(bias=1, gated=0)


def nothing(_config: Config) -> Census:
    """Return what is not there."""
    return NOTHING


def waveform(config: Config) -> Census:
    """Return the convolutions that make frames of a waveform."""
    widths, taps = config.numbers("conv_dim"), config.numbers("conv_kernel")
    grouped = config.text("feat_extract_norm", "group") == "group"
    whole, inputs = NOTHING, 1.0
    for index, (width, reach) in enumerate(zip(widths, taps, strict=False)):
        whole += convolution(inputs, width, reach, config.conv_bias)
        whole += layernorm(width) if index == 0 or not grouped else NOTHING
        inputs = width
    return whole


def normed_waveform(config: Config) -> Census:
    """Return such convolutions with a norm behind each."""
    widths, taps = config.numbers("conv_dim"), config.numbers("conv_kernel")
    whole, inputs = NOTHING, 1.0
    for width, reach in zip(widths, taps, strict=False):
        whole += convolution(inputs, width, reach, config.conv_bias) + layernorm(width)
        inputs = width
    return whole


def positions(config: Config) -> Census:
    """Return the convolution that stands for positions, its weights normed."""
    hidden, taps = config.hidden_size, config.num_conv_pos_embeddings
    whole = convolution(hidden, hidden, taps, 1, config.num_conv_pos_embedding_groups)
    return whole + vector(2 * hidden if config.get("conv_pos_batch_norm") else taps)


def several_positions(config: Config) -> Census:
    """Return the convolutions that stand for positions in data2vec."""
    hidden = config.hidden_size
    one = convolution(hidden, hidden, config.conv_pos_kernel_size, 1, config.num_conv_pos_embedding_groups)
    return one * config.num_conv_pos_embeddings


@dataclass(frozen=True, slots=True)
class Sounds:
    """A stack over frames of sound, with the head for letters, classes or pre-training."""

    mixer: Piece = BIASED
    mlp: Piece = PLAIN
    norms: Size = 2
    front: Piece = waveform
    places: Piece = positions
    projected: Size = lambda config: config.numbers("conv_dim")[-1]
    once: Piece = nothing
    final: Size = 1

    def count(self, config: Config, purpose: str) -> Census:
        """Return the encoder with what its purpose asks for."""
        hidden, inputs = config.hidden_size, of(config, self.projected)

        def layer_of(inner: Config) -> Census:
            return self.mixer(inner) + self.mlp(inner) + layernorm(hidden) * of(inner, self.norms)

        whole = layered(config, "num_hidden_layers", layer_of) + layernorm(hidden) * of(config, self.final)
        whole += self.front(config) + self.places(config) + self.once(config)
        whole += (layernorm(inputs) if config.get("feat_proj_layer_norm", 1) else NOTHING) + linear(
            inputs, hidden, 1
        )
        masked = config.get("mask_time_prob", 0.05) > 0 or config.get("mask_feature_prob") > 0
        whole += vector(hidden if masked else 0) + self.adapter(config)
        return (whole + self.head(config, purpose)).known_as(
            family="encoder",
            layers=layers_of(config, "num_hidden_layers"),
            hidden=hidden,
            norm="layernorm",
        )

    def adapter(self, config: Config) -> Census:
        """Return the convolutions that make the result of the stack coarser."""
        if not config.get("add_adapter") or config.kind == "wav2vec2-bert":
            return NOTHING
        hidden, outputs = config.hidden_size, config.get("output_hidden_size") or config.hidden_size
        whole = linear(hidden, outputs, 1) + layernorm(outputs) if outputs != hidden else NOTHING
        one = convolution(outputs, 2 * outputs, config.adapter_kernel_size)
        return whole + one * config.num_adapter_layers

    def head(self, config: Config, purpose: str) -> Census:
        """Return what stands on top of the encoder."""
        hidden = config.hidden_size
        if purpose in ("letters", "", "words"):
            outputs = config.get("output_hidden_size") or hidden
            return linear(outputs if config.get("add_adapter") else hidden, config.vocab_size, 1)
        if purpose in ("classes", "sounds"):
            narrow = config.classifier_proj_size
            weighted = config.num_hidden_layers + 1 if config.get("use_weighted_layer_sum") else 0
            return linear(hidden, narrow, 1) + linear(narrow, labels(config), 1) + vector(weighted)
        if purpose == "pretraining" and config.has("codevector_dim") | (config.kind == "wav2vec2"):
            codes = config.num_codevector_groups * config.num_codevectors_per_group
            whole = vector(codes * config.codevector_dim / config.num_codevector_groups)
            whole += linear(config.numbers("conv_dim")[-1], codes, 1)
            whole += linear(hidden, config.proj_codevector_dim, 1)
            return whole + linear(config.codevector_dim, config.proj_codevector_dim, 1)
        return NOTHING


def wavlm(config: Config) -> Census:
    """Return WavLM's attention, whose relative positions pass a gate."""
    heads = config.num_attention_heads
    buckets = vector(config.num_buckets * heads if config.index == 0 else 0)
    return BIASED(config) + linear(config.hidden_size / heads, 8, 1) + vector(heads) + buckets


def conformer(config: Config) -> Census:
    """Return a Conformer layer: two halves of a feed-forward around attention and a convolution."""
    hidden = config.hidden_size
    whole = BIASED(config) + PLAIN(config) * 2 + layernorm(hidden) * 6
    whole += convolution(hidden, 2 * hidden, 1, 0) + convolution(hidden, hidden, 1, 0)
    whole += convolution(hidden, hidden, config.conv_depthwise_kernel_size, 0, hidden)
    kind = config.text("position_embeddings_type", "relative")
    size = hidden / config.num_attention_heads
    if kind == "relative":
        whole += linear(hidden, hidden) + vector(2 * hidden)
    elif kind == "relative_key":
        rows = config.left_max_position_embeddings + config.right_max_position_embeddings + 1
        whole += table(rows, size)
    return whole


def whisper_attention(side: str) -> Attention:
    """Return Whisper's attention, whose keys have no bias."""
    return Attention(
        0,
        1,
        heads=f"{side}_attention_heads",
        kv_heads=0,
        size=lambda c: c.hidden_size / c.get(f"{side}_attention_heads"),
        extra=lambda c: 2 * c.hidden_size,
    )


def spectrogram(config: Config) -> Census:
    """Return Whisper's two convolutions of a spectrogram."""
    hidden = config.hidden_size
    return convolution(config.num_mel_bins, hidden, 3) + convolution(hidden, hidden, 3)


def speech_front(config: Config) -> Census:
    """Return the gated convolutions of Speech2Text."""
    whole, inputs = NOTHING, config.input_feat_per_channel * config.input_channels
    taps = config.numbers("conv_kernel_sizes")
    for index, reach in enumerate(taps):
        outputs = 2 * config.d_model if index == len(taps) - 1 else config.conv_channels
        whole += convolution(inputs, outputs, reach)
        inputs = outputs // 2
    return whole


def speech_tokens(config: Config) -> float:
    """Return what Speech2Text's convolutions leave of the longest sound, each of them half."""
    return ceil(config.max_source_positions / 2.0 ** len(config.entries("conv_kernel_sizes")))


@dataclass(frozen=True, slots=True)
class Listener:
    """The encoder of Whisper alone, as other models have it as a tower."""

    once: Piece = spectrogram
    positions: Size = "max_source_positions"
    layers: Size = "num_hidden_layers"
    forward: Size = "intermediate_size"
    heads: Size = "num_attention_heads"
    width: Size = "hidden_size"
    key_bias: float = 0

    def count(self, config: Config, purpose: str) -> Census:
        """Return the encoder; its purpose changes nothing."""
        hidden = of(config, self.width)
        attention = Attention(
            self.key_bias,
            1,
            heads=self.heads,
            kv_heads=0,
            hidden=self.width,
            size=lambda c: hidden / of(c, self.heads),
            extra=0 if self.key_bias else 2 * hidden,
        )
        forward = FeedForward(self.forward, 1, 0, hidden=self.width)

        def layer_of(inner: Config) -> Census:
            return attention(inner) + forward(inner) + layernorm(hidden) * 2

        del purpose
        whole = layered(config, self.layers, layer_of) + self.once(config) + layernorm(hidden)
        whole += table(of(config, self.positions), hidden)
        return whole.known_as(
            family="encoder", layers=layers_of(config, self.layers), hidden=hidden, norm="layernorm"
        )


WAV = Sounds()
LISTENER = Listener(
    layers="encoder_layers", forward="encoder_ffn_dim", heads="encoder_attention_heads", width="d_model"
)
SOUNDS: dict[str, Sounds | Sequences | Listener] = {
    "wav2vec2": WAV,
    "hubert": WAV,
    "unispeech": WAV,
    "unispeech-sat": WAV,
    "sew": replace(WAV, once=lambda c: linear(c.hidden_size, c.hidden_size * c.squeeze_factor, 1)),
    "wavlm": replace(WAV, mixer=wavlm),
    "data2vec-audio": replace(WAV, front=normed_waveform, places=several_positions),
    "wav2vec2-conformer": replace(WAV, mixer=conformer, mlp=nothing, norms=0),
    "wav2vec2-bert": Sounds(
        conformer,
        nothing,
        0,
        nothing,
        nothing,
        "feature_projection_input_dim",
        final=0,
    ),
    "whisper": bart(
        reader=layer(whisper_attention("encoder"), FeedForward("encoder_ffn_dim", 1, 0)),
        writer=layer(whisper_attention("decoder"), FeedForward("decoder_ffn_dim", 1, 0)),
        cross=whisper_attention("decoder"),
        final=1,
        reader_positions="max_source_positions",
        writer_positions="max_target_positions",
        reader_once=spectrogram,
        loose=False,
        read="max_source_positions",
        written="max_target_positions",
    ),
    "speech_to_text": bart(
        final=1,
        reader_positions=0,
        writer_positions=0,
        reader_once=speech_front,
        loose=False,
        read=speech_tokens,
        written="max_target_positions",
    ),
    "qwen2_audio_encoder": LISTENER,
    "audioflamingo3_encoder": Listener(),
    "voxtral_encoder": Listener(),
    "glmasr_encoder": Listener(),
    "qwen2_5_omni_audio_encoder": replace(
        LISTENER,
        positions=0,
        once=lambda c: spectrogram(c) + linear(c.d_model, c.output_dim, 1) + vector(2 * c.output_dim),
    ),
    "qwen3_omni_moe_audio_encoder": replace(
        LISTENER,
        positions=0,
        key_bias=1,
        once=lambda c: (
            convolution(1, c.downsample_hidden_size, 9)
            + convolution(c.downsample_hidden_size, c.downsample_hidden_size, 9) * 2
            + linear(c.downsample_hidden_size * ((((c.num_mel_bins + 1) // 2 + 1) // 2 + 1) // 2), c.d_model)
            + linear(c.d_model, c.d_model, 1)
            + linear(c.d_model, c.output_dim, 1)
        ),
    ),
}
