"""The model panel: what is trained."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.transformer import Transformer
from tcplan.plan.value import Number


class Model(Transformer):
    """What is trained: the sizes of its layers, of other families, and what these do not describe."""

    second_layers: Annotated[
        Number | None,
        Shown(
            N_("Second stack"),
            N_("Layers of the decoder beside an encoder, or of the text tower beside an image tower."),
            low=0,
            high=2000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_hidden: Annotated[
        Number | None,
        Shown(
            N_("Second hidden size"),
            N_("Width of the residual stream in the second stack."),
            low=0,
            high=1e06,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_feed_forward: Annotated[
        Number | None,
        Shown(
            N_("Second feed-forward"),
            N_("Width of the feed-forward layers in the second stack."),
            low=0,
            high=1e07,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_heads: Annotated[
        Number | None,
        Shown(
            N_("Second heads"),
            N_("Heads of the second stack, each as wide as those of the first."),
            low=0,
            high=100000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_sequence: Annotated[
        Number | None,
        Shown(
            N_("Second sequence"),
            N_("Tokens of the second stack for each sequence of the first."),
            shown="tokens",
            low=0,
            high=1e08,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_vocabulary: Annotated[
        Number | None,
        Shown(
            N_("Second vocabulary"),
            N_("Different tokens of its own; 0 where both stacks share one embedding."),
            low=0,
            high=1e08,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    image_size: Annotated[
        Number | None,
        Shown(
            N_("Image size"),
            N_("Points across an image, or across its compressed form in a diffusion model."),
            low=1,
            high=100000,
            whole=True,
            default=224.0,
            default_source="arXiv:2010.11929, section 4.1",
            more=True,
        ),
    ] = None
    patch_size: Annotated[
        Number | None,
        Shown(
            N_("Patch size"),
            N_("Points across one patch, which becomes one token."),
            low=1,
            high=10000,
            whole=True,
            default=16.0,
            default_source="arXiv:2010.11929, table 1",
            more=True,
        ),
    ] = None
    channels: Annotated[
        Number | None,
        Shown(
            N_("Channels"),
            N_("Colours of an image, values of a compressed point, or bands of a spectrogram."),
            low=1,
            high=100000,
            whole=True,
            default=3.0,
            default_source=N_("definition: red, green and blue"),
            more=True,
        ),
    ] = None
    expansion: Annotated[
        Number | None,
        Shown(
            N_("Expansion"),
            N_(
                "Inner over outer width: in a state-space layer, a bottleneck (1 for none), a ConvNeXt block."
            ),
            low=1,
            high=64,
            computed=N_("as published for the family"),
            more=True,
        ),
    ] = None
    first_blocks: Annotated[
        Number | None,
        Shown(
            N_("Blocks, stage 1"),
            N_("Blocks at this resolution; 0 where the network has no such stage."),
            low=0,
            high=1000,
            whole=True,
            default=2.0,
            default_source="arXiv:1512.03385, table 1",
            more=True,
        ),
    ] = None
    second_blocks: Annotated[
        Number | None,
        Shown(
            N_("Blocks, stage 2"),
            N_("Blocks at this resolution; 0 where the network has no such stage."),
            low=0,
            high=1000,
            whole=True,
            default=2.0,
            default_source="arXiv:1512.03385, table 1",
            more=True,
        ),
    ] = None
    third_blocks: Annotated[
        Number | None,
        Shown(
            N_("Blocks, stage 3"),
            N_("Blocks at this resolution; 0 where the network has no such stage."),
            low=0,
            high=1000,
            whole=True,
            default=2.0,
            default_source="arXiv:1512.03385, table 1",
            more=True,
        ),
    ] = None
    fourth_blocks: Annotated[
        Number | None,
        Shown(
            N_("Blocks, stage 4"),
            N_("Blocks at this resolution; 0 where the network has no such stage."),
            low=0,
            high=1000,
            whole=True,
            default=2.0,
            default_source="arXiv:1512.03385, table 1",
            more=True,
        ),
    ] = None
    first_attention: Annotated[
        Number | None,
        Shown(
            N_("Attention, stage 1"),
            N_("Transformer layers behind each of its blocks."),
            low=0,
            high=1000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    second_attention: Annotated[
        Number | None,
        Shown(
            N_("Attention, stage 2"),
            N_("Transformer layers behind each of its blocks."),
            low=0,
            high=1000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    third_attention: Annotated[
        Number | None,
        Shown(
            N_("Attention, stage 3"),
            N_("Transformer layers behind each of its blocks."),
            low=0,
            high=1000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    fourth_attention: Annotated[
        Number | None,
        Shown(
            N_("Attention, stage 4"),
            N_("Transformer layers behind each of its blocks."),
            low=0,
            high=1000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    largest_width: Annotated[
        Number | None,
        Shown(
            N_("Largest width"),
            N_("Stages double the width up to here."),
            low=1,
            high=1e06,
            whole=True,
            computed=N_("four times the first stage"),
            more=True,
        ),
    ] = None
    cross_width: Annotated[
        Number | None,
        Shown(
            N_("Condition width"),
            N_("Width of the text tokens that the network attends to."),
            low=0,
            high=1e06,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    cross_sequence: Annotated[
        Number | None,
        Shown(
            N_("Condition length"),
            N_("Text tokens that the network attends to."),
            shown="tokens",
            low=0,
            high=1e06,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    state_layers: Annotated[
        Number | None,
        Shown(
            N_("State-space layers"),
            N_("Layers with a state in the place of attention."),
            low=0,
            high=2000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    state_size: Annotated[
        Number | None,
        Shown(
            N_("State size"),
            N_("Values of the state for each channel."),
            low=0,
            high=1e06,
            whole=True,
            default=16.0,
            default_source="arXiv:2312.00752, section 3.6",
            more=True,
            symbol="N_s",
        ),
    ] = None
    state_head_size: Annotated[
        Number | None,
        Shown(
            N_("State head size"),
            N_("Channels that share a decay (Mamba-2); 0 where each has its own (Mamba)."),
            low=0,
            high=100000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    state_groups: Annotated[
        Number | None,
        Shown(
            N_("State groups"),
            N_("Groups that share input and output weights of the state (Mamba-2)."),
            low=0,
            high=10000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    convolution: Annotated[
        Number | None,
        Shown(
            N_("Convolution"),
            N_("Taps of the short convolution before the state, or of the one in a Conformer layer."),
            low=0,
            high=10000,
            whole=True,
            default=4.0,
            default_source="arXiv:2312.00752, section 3.4",
            more=True,
        ),
    ] = None
    block: Annotated[
        str | None,
        Shown(
            N_("Layer"),
            N_("Transformer layers, or Conformer layers with a convolution and two feed-forward halves."),
            choices=(Choice("transformer", N_("transformer")), Choice("conformer", N_("Conformer"))),
            default="transformer",
            default_source="arXiv:1706.03762, section 3",
            more=True,
        ),
    ] = None
    front: Annotated[
        str | None,
        Shown(
            N_("Front end"),
            N_("What makes tokens of sound: two convolutions of a spectrogram, or seven of the waveform."),
            choices=(Choice("spectrogram", N_("spectrogram")), Choice("waveform", N_("waveform"))),
            default="spectrogram",
            default_source="arXiv:2212.04356, section 2.2",
            more=True,
        ),
    ] = None
    masked_share: Annotated[
        Number | None,
        Shown(
            N_("Masked"),
            N_("Share of the tokens that an encoder predicts: only these pass its head."),
            shown="%",
            low=0,
            high=1,
            logarithmic=False,
            default=0.15,
            default_source="arXiv:1810.04805, section 3.1",
            more=True,
        ),
    ] = None
    extra_parameters: Annotated[
        Number | None,
        Shown(
            N_("Extra parameters"),
            N_("Parameters that the sizes here do not describe; negative where they count too many."),
            low=-1e15,
            high=1e15,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    extra_active_parameters: Annotated[
        Number | None,
        Shown(
            N_("Extra active"),
            N_("The part of the extra parameters that one token passes through."),
            low=-1e15,
            high=1e15,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    extra_forward_flop: Annotated[
        Number | None,
        Shown(
            N_("Extra FLOP"),
            N_("FLOP of one token in the forward pass that the sizes here do not describe."),
            unit="FLOP",
            shown="FLOP",
            low=-1e18,
            high=1e18,
            logarithmic=False,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
