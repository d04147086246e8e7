"""The model panel: what is trained, on how much data."""

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.phases import LATER
from tcplan.plan.plan import descriptions
from tcplan.plan_rows import chosen
from tcplan.report.data_words import seen
from tcplan.report.numbers import figure
from tcplan.report.sheet import has_own_sizes
from tcplan_desktop.forms.quantity_edit import text_at_rest
from tcplan_desktop.panels.outline import Outline, group

_SHOWN = (
    "model.preset",
    "training.task",
    "training.tokens",
    "training.data_amount",
    "training.data_unit",
    "training.sequence",
    "training.precision",
    "model.layers",
    "model.hidden",
)


def _summary(estimate: Estimate) -> str:
    row = estimate.inputs.rows.model
    name = row.name if row is not None else chosen(estimate.plan, "model.preset")
    if has_own_sizes(estimate) and estimate.plan.get("model.preset") is None:
        name = _("Own sizes")
    parameters = figure(estimate["model.parameters"].value, "1", 3)
    tokens = descriptions()["training.tokens"]
    amount, sentence = seen(estimate)
    data = sentence.format(amount=text_at_rest(amount, tokens))
    return _("{name} · {parameters} parameters · {data}").format(name=name, parameters=parameters, data=data)


_GROUPS = (
    group(
        N_("Fine-tuning"),
        "training",
        "adapter_rank adapter_targets frozen_bits response_share rollout_reuse judge_parameters",
    ),
    group(
        N_("From data to tokens"),
        "training",
        "passes_over_data data_language tokens_per_word words_per_book bytes_per_token tokens_per_image "
        "audio_rate video_rate packed_length",
    ),
    group(
        N_("Later phases"),
        "training",
        " ".join(
            f"{phase}_{part}" for phase in LATER for part in ("tokens", "sequence", "batch", "precision")
        ),
    ),
    group(N_("Rules of the EU AI Act"), "training", "earlier_flop"),
    group(N_("Steps"), "training", "batch_tokens optimizer dropout scaling attention_kernel scaling_law"),
    group(
        N_("Network"),
        "model",
        "family feed_forward vocabulary gated tied_embeddings biases norm learned_positions block front "
        "masked_share predicted_tokens",
    ),
    group(
        N_("Attention"),
        "model",
        "attention heads kv_heads head_size q_rank kv_rank nope_size rope_size value_size sinks window "
        "window_layers",
    ),
    group(
        N_("Experts"),
        "model",
        "experts experts_per_token expert_feed_forward shared_experts shared_feed_forward dense_layers "
        "routed_nodes expert_width",
    ),
    group(
        N_("Second stack"),
        "model",
        "second_layers second_hidden second_feed_forward second_heads second_sequence second_vocabulary",
    ),
    group(
        N_("Images and convolutions"),
        "model",
        "image_size patch_size channels expansion first_blocks second_blocks third_blocks fourth_blocks "
        "first_attention second_attention third_attention fourth_attention largest_width cross_width "
        "cross_sequence",
    ),
    group(N_("State space"), "model", "state_layers state_size state_head_size state_groups convolution"),
    group(
        N_("Beside the layers"),
        "model",
        "extra_parameters extra_active_parameters extra_forward_flop",
    ),
)


MODEL = Outline(
    "model",
    N_("Model"),
    _SHOWN,
    _GROUPS,
    ("model", "compute", "loss", "training"),
    _summary,
)
