"""The sizes of a transformer: the first part of the model panel."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number

NO_YES = (Choice("no", N_("no")), Choice("yes", N_("yes")))
FAMILIES = (
    Choice("decoder", N_("decoder")),
    Choice("encoder", N_("encoder")),
    Choice("encoder-decoder", N_("encoder-decoder")),
    Choice("vision", N_("vision transformer")),
    Choice("diffusion", N_("diffusion transformer")),
    Choice("unet", N_("diffusion U-Net")),
    Choice("state-space", N_("state space or hybrid")),
    Choice("residual", N_("residual convolutions")),
    Choice("convnext", N_("ConvNeXt convolutions")),
    Choice("speech", N_("speech")),
)


class Transformer(Panel):
    """A preset, or the sizes of its layers; each size that is not typed comes from the preset."""

    preset: Annotated[
        str | None,
        Shown(
            N_("Preset"),
            N_("A published model whose sizes fill this panel. What you type yourself is kept."),
            table="models",
            default="llama3.1-70b",
            default_source="arXiv:2407.21783, table 3",
            words=("architecture", "network"),
        ),
    ] = None
    family: Annotated[
        str | None,
        Shown(
            N_("Family"),
            N_("What kind of network it is; the sizes that it does not have are hidden."),
            choices=FAMILIES,
            default="decoder",
            default_source=N_("definition: language models are decoders"),
            more=True,
            words=("architecture", "vision", "diffusion", "speech", "state space", "encoder"),
        ),
    ] = None
    layers: Annotated[
        Number | None,
        Shown(N_("Layers"), N_("Number of transformer blocks."), symbol="L", low=1, high=2000, whole=True),
    ] = None
    hidden: Annotated[
        Number | None,
        Shown(
            N_("Hidden size"),
            N_("Width of the residual stream, also called model dimension."),
            symbol="h",
            low=8,
            high=1e6,
            whole=True,
            words=("width", "d_model"),
        ),
    ] = None
    feed_forward: Annotated[
        Number | None,
        Shown(
            N_("Feed-forward"),
            N_(
                "Width of the dense feed-forward layer; with a preset of other hidden size, keep their ratio."
            ),
            symbol="f",
            low=0,
            high=1e7,
            whole=True,
            words=("ffn", "intermediate size"),
        ),
    ] = None
    heads: Annotated[
        Number | None,
        Shown(N_("Heads"), N_("Attention heads of the queries."), symbol="a", low=0, high=1e5, whole=True),
    ] = None
    kv_heads: Annotated[
        Number | None,
        Shown(
            N_("Key-value heads"),
            N_("Heads of keys and values: as many as heads is multi-head, fewer is grouped-query attention."),
            symbol="g",
            low=0,
            high=1e5,
            whole=True,
            words=("gqa", "mqa"),
        ),
    ] = None
    head_size: Annotated[
        Number | None,
        Shown(
            N_("Head size"),
            N_("Width of one head; hidden size over heads unless the model says otherwise."),
            symbol="d_h",
            low=0,
            high=1e5,
            whole=True,
            more=True,
        ),
    ] = None
    vocabulary: Annotated[
        Number | None,
        Shown(
            N_("Vocabulary"),
            N_("Number of different tokens."),
            symbol="V",
            low=0,
            high=1e8,
            whole=True,
            more=True,
        ),
    ] = None
    gated: Annotated[
        str | None,
        Shown(
            N_("Gated"),
            N_("Gated feed-forward (SwiGLU, GeGLU): three matrices instead of two."),
            choices=NO_YES,
            more=True,
            words=("swiglu", "glu"),
        ),
    ] = None
    tied_embeddings: Annotated[
        str | None,
        Shown(
            N_("Tied embeddings"),
            N_("The output head shares its weights with the input embedding."),
            choices=NO_YES,
            more=True,
        ),
    ] = None
    biases: Annotated[
        str | None,
        Shown(
            N_("Biases"),
            N_("Which linear layers have a bias."),
            choices=(Choice("none", N_("none")), Choice("qkv", N_("q, k, v")), Choice("all", N_("all"))),
            more=True,
        ),
    ] = None
    norm: Annotated[
        str | None,
        Shown(
            N_("Norm"),
            N_("RMS norm has a weight; layer norm a weight and a bias."),
            choices=(Choice("rmsnorm", N_("RMS norm")), Choice("layernorm", N_("layer norm"))),
            more=True,
        ),
    ] = None
    learned_positions: Annotated[
        Number | None,
        Shown(
            N_("Learned positions"),
            N_("Length of a table of learned positions; 0 for rotary or none."),
            low=0,
            high=1e8,
            whole=True,
            more=True,
        ),
    ] = None
    attention: Annotated[
        str | None,
        Shown(
            N_("Attention"),
            N_("Standard (multi-head or grouped-query), or latent attention with low-rank keys and values."),
            choices=(Choice("standard", N_("standard")), Choice("latent", N_("latent"))),
            more=True,
            words=("mla", "multi-head latent attention"),
        ),
    ] = None
    q_rank: Annotated[
        Number | None,
        Shown(
            N_("Query rank"),
            N_("Latent attention: rank of the query projection; 0 when queries are not compressed."),
            low=0,
            high=1e6,
            whole=True,
            more=True,
        ),
    ] = None
    kv_rank: Annotated[
        Number | None,
        Shown(
            N_("Key-value rank"),
            N_("Latent attention: rank of the joint key-value projection."),
            low=0,
            high=1e6,
            whole=True,
            more=True,
        ),
    ] = None
    nope_size: Annotated[
        Number | None,
        Shown(
            N_("Unrotated head size"),
            N_("Latent attention: part of a query or key head without rotary position."),
            low=0,
            high=1e5,
            whole=True,
            more=True,
        ),
    ] = None
    rope_size: Annotated[
        Number | None,
        Shown(
            N_("Rotated head size"),
            N_("Latent attention: part of a query or key head with rotary position."),
            low=0,
            high=1e5,
            whole=True,
            more=True,
        ),
    ] = None
    value_size: Annotated[
        Number | None,
        Shown(
            N_("Value head size"),
            N_("Latent attention: width of a value head."),
            low=0,
            high=1e5,
            whole=True,
            more=True,
        ),
    ] = None
    sinks: Annotated[
        str | None,
        Shown(
            N_("Attention sinks"),
            N_("A learned value beside the scores of each head takes part in the softmax."),
            choices=NO_YES,
            default="no",
            default_source=N_("definition: none"),
            more=True,
        ),
    ] = None
    experts: Annotated[
        Number | None,
        Shown(
            N_("Experts"),
            N_("Routed experts in a sparse layer; 0 is a dense model."),
            symbol="E",
            low=0,
            high=1e5,
            whole=True,
            more=True,
            words=("mixture of experts", "moe"),
        ),
    ] = None
    experts_per_token: Annotated[
        Number | None,
        Shown(
            N_("Experts per token"),
            N_("Routed experts that each token visits (top-k)."),
            symbol="k",
            low=0,
            high=1e4,
            whole=True,
            more=True,
            words=("top-k",),
        ),
    ] = None
    expert_feed_forward: Annotated[
        Number | None,
        Shown(
            N_("Expert feed-forward"),
            N_("Width of one routed expert."),
            symbol="f_e",
            low=0,
            high=1e7,
            whole=True,
            more=True,
        ),
    ] = None
    routed_nodes: Annotated[
        Number | None,
        Shown(
            N_("Nodes of a token"),
            N_("Nodes to which the router may send a token at most; 0 for no limit."),
            low=0,
            high=100000,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
            words=("node-limited routing", "group-limited"),
        ),
    ] = None
    expert_width: Annotated[
        Number | None,
        Shown(
            N_("Expert input width"),
            N_("Tokens are compressed to this width before they travel to routed experts."),
            low=1,
            high=1e06,
            whole=True,
            computed=N_("the hidden size: tokens are not compressed"),
            more=True,
            words=("latent experts", "moe latent size"),
        ),
    ] = None
    shared_experts: Annotated[
        Number | None,
        Shown(
            N_("Shared experts"),
            N_("Experts that every token visits."),
            low=0,
            high=1e4,
            whole=True,
            more=True,
        ),
    ] = None
    shared_feed_forward: Annotated[
        Number | None,
        Shown(
            N_("Shared feed-forward"),
            N_("Width of one shared expert."),
            low=0,
            high=1e7,
            whole=True,
            more=True,
        ),
    ] = None
    dense_layers: Annotated[
        Number | None,
        Shown(
            N_("Dense layers"),
            N_("Layers with a dense feed-forward in a sparse model."),
            low=0,
            high=2000,
            whole=True,
            more=True,
        ),
    ] = None
    window: Annotated[
        Number | None,
        Shown(
            N_("Window"),
            N_("Tokens that a query sees in a layer with sliding-window or local attention; 0 for all."),
            shown="tokens",
            symbol="w",
            low=0,
            high=1e8,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
            words=("sliding window", "local attention"),
        ),
    ] = None
    window_layers: Annotated[
        Number | None,
        Shown(
            N_("Window layers"),
            N_("Layers whose attention sees the window alone; the others see the whole sequence."),
            low=0,
            high=2000,
            whole=True,
            computed=N_("all layers"),
            more=True,
        ),
    ] = None
    predicted_tokens: Annotated[
        Number | None,
        Shown(
            N_("Extra predictions"),
            N_("Depth of multi-token prediction: further tokens that training predicts at each position."),
            symbol="D",
            low=0,
            high=64,
            whole=True,
            default=0.0,
            default_source=N_("definition: none"),
            more=True,
            words=("multi-token prediction", "mtp"),
        ),
    ] = None
