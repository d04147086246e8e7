"""Models that hear, see and speak: a thinker, and what makes speech of its words."""

from dataclasses import dataclass, replace

from tcplan.reading.huggingface.blocks import Attention, Experts, Piece
from tcplan.reading.huggingface.census import Census, convolution, layernorm, linear, rms, table, vector
from tcplan.reading.huggingface.config import Config
from tcplan.reading.huggingface.entry import Entry, entry_of
from tcplan.reading.huggingface.stack import Decoder

TALKER = Decoder(Attention(qkv=1))
TIME_WIDTH = 256
"""Width of the sines that tell a diffusion transformer its step, the same in every size."""


def talker(config: Config) -> Census:
    """Return the decoder that says words as codes of sound."""
    hidden, wide, codes = config.hidden_size, config.embedding_size, config.vocab_size
    whole = replace(TALKER, width="embedding_size").body(config)
    return whole + linear(wide, hidden, 1) + linear(hidden, codes)


def speaker(config: Config) -> Census:
    """Return the network that hears how a voice sounds."""
    c = config
    widths = c.numbers("enc_channels") or [256, 256, 256, 256, 768]
    taps = c.numbers("enc_kernel_sizes") or [5, 3, 3, 3, 1]
    scale, squeeze = c.get("enc_res2net_scale") or 2, c.enc_se_channels
    whole = convolution(c.mel_dim, widths[0], taps[0])
    for before, wide, reach in zip(widths, widths[1:-1], taps[1:-1], strict=False):
        part = wide / scale
        whole += convolution(before, wide, 1) + convolution(wide, wide, 1)
        whole += convolution(part, part, reach) * (scale - 1)
        whole += convolution(wide, squeeze, 1) + convolution(squeeze, wide, 1)
    last = widths[-1]
    whole += convolution(sum(widths[1:-1]), last, taps[-1])
    whole += convolution(3 * last, c.enc_attention_channels, 1)
    return whole + convolution(c.enc_attention_channels, last, 1) + convolution(2 * last, c.enc_dim, 1)


def painter(config: Config) -> Census:
    """Return the diffusion transformer that paints a spectrogram from codes."""
    c, hidden, narrow = config, config.hidden_size, config.emb_dim
    inner, forward = c.num_attention_heads * c.head_dim, c.ff_mult * hidden
    whole = linear(TIME_WIDTH, hidden, 1) + linear(hidden, hidden, 1) + table(c.num_embeds + 1, narrow)
    whole += linear(c.mel_dim + narrow + c.enc_emb_dim + c.enc_dim, hidden, 1) + speaker(c)
    layer = linear(hidden, 6 * hidden, 1) + linear(hidden, inner, 1) * 3 + linear(inner, hidden, 1)
    layer += linear(hidden, forward, 1) + linear(forward, hidden, 1)
    whole += layer * c.num_hidden_layers + linear(hidden, 2 * hidden, 1)
    return whole + linear(hidden, c.mel_dim, 1)


def voice(config: Config) -> Census:
    """Return the network that makes a waveform of a spectrogram."""
    wide = config.upsample_initial_channel
    whole = convolution(config.mel_dim, wide, 7)
    reaches = config.numbers("resblock_kernel_sizes") or [3, 7, 11]
    for taps in config.numbers("upsample_kernel_sizes") or [11, 7, 4, 4, 4, 4]:
        whole += convolution(wide, wide / 2, taps)
        wide = wide / 2
        for reach in reaches:
            whole += (convolution(wide, wide, reach) + vector(2 * wide)) * 6
    return whole + vector(2 * wide) + convolution(wide, 1, 7, 0)


def speech(config: Config) -> Census:
    """Return the parts with which Qwen2.5-Omni speaks."""
    sound = config.part("token2wav_config")
    spoken = painter(sound.part("dit_config")) + voice(sound.part("bigvgan_config"))
    return talker(config.part("talker_config")) + spoken


SPARSE_TALKER = Decoder(
    Attention("attention_bias", "attention_bias", norm="head"),
    Experts(
        lambda c: c.get("num_experts") or c.get("num_local_experts"),
        shared="shared_expert_intermediate_size",
        share_gate=True,
    ),
)
PREDICTOR = Decoder(Attention("attention_bias", "attention_bias", norm="head"))


def sparse_talker(config: Config) -> Census:
    """Return the decoder of Qwen3-Omni that says words as codes, and the small one that adds codes."""
    part, small = config.part("text_config"), config.part("code_predictor_config")
    hidden, seen = part.hidden_size, config.thinker_hidden_size
    resized = linear(seen, part.intermediate_size, 1) + linear(part.intermediate_size, hidden, 1)
    whole = SPARSE_TALKER.body(part) + resized * 2 + linear(hidden, part.vocab_size)
    further = (small.get("num_code_groups") or config.num_code_groups) - 1
    whole += PREDICTOR.body(small) + table(small.vocab_size, small.hidden_size) * (2 * further - 1)
    return whole


def waves(config: Config) -> Census:
    """Return the network of Qwen3-Omni that makes a waveform of codes."""
    c, hidden, inner = config, config.hidden_size, config.intermediate_size
    layer = Attention("attention_bias", "attention_bias")(c) + linear(hidden, inner) * 3 + vector(4 * hidden)
    whole = layer * c.num_hidden_layers + rms(hidden) + table(c.codebook_size * c.num_quantizers, hidden)
    for ratio in c.numbers("upsampling_ratios") or [2, 2]:
        whole += convolution(hidden, hidden, ratio) + convolution(hidden, hidden, 7, 1, hidden)
        whole += layernorm(hidden) + linear(hidden, 4 * hidden, 1) + linear(4 * hidden, hidden, 1)
        whole += vector(hidden)
    wide = c.decoder_dim
    whole += convolution(hidden, wide, 7)
    for rate in c.numbers("upsample_rates") or [8, 5, 4, 3]:
        out = wide / 2
        whole += vector(2 * wide) + convolution(wide, out, 2 * rate)
        whole += (vector(4 * out) + convolution(out, out, 7) + convolution(out, out, 1)) * 3
        wide = out
    return whole + vector(2 * wide) + convolution(wide, 1, 7)


def sparse_speech(config: Config) -> Census:
    """Return the parts with which Qwen3-Omni speaks."""
    return sparse_talker(config.part("talker_config")) + waves(config.part("code2wav_config"))


@dataclass(frozen=True, slots=True)
class Omni:
    """A thinker with, where it speaks, what makes speech of its words."""

    speech: Piece

    def count(self, config: Config, purpose: str) -> Census:
        """Return the model with the head that its purpose asks for."""
        part = config.part("thinker_config")
        whole = entry_of(part.kind).count(part, purpose or "words")
        if not config.get("enable_audio_output", 1):
            return whole
        return whole + replace(self.speech(config).aside(), facts={})


OMNI: dict[str, Entry] = {"qwen2_5_omni": Omni(speech), "qwen3_omni_moe": Omni(sparse_speech)}
