"""Megatron's arguments, and those of its relatives by their own names, -> a plan with model and layout."""

import math
import re

from tcplan.language import _
from tcplan.reading.arguments import Arguments, arguments_of
from tcplan.reading.draft import Draft
from tcplan.reading.reading import Reading, ReadingError

_LARGEST = 1e15
_ALIASES = {
    "seq-length": ("encoder-seq-length", "seq-len", "sequence-length"),
    "num-query-groups": ("num-kv-heads", "num-key-value-heads"),
    "tensor-model-parallel-size": ("model-parallel-size", "tensor-parallel-size"),
    "pipeline-model-parallel-size": ("pipe-parallel-size", "pipeline-parallel-size"),
    "micro-batch-size": ("train-micro-batch-size-per-gpu", "batch-size"),
    "global-batch-size": ("train-batch-size",),
    "train-iters": ("max-steps", "train-steps"),
    "ffn-hidden-size": ("intermediate-size",),
    "recompute-granularity": ("activations-checkpoint-granularity",),
    "num-experts": ("num-moe-experts", "moe-num-experts"),
    "moe-router-topk": ("moe-top-k",),
    "expert-model-parallel-size": ("moe-expert-parallel-size",),
    "position-embedding-type": ("pos-emb",),
    "normalization": ("norm",),
    "use-flash-attn": ("use-flash-attention", "use-flash-attn-v2"),
    "zero-stage": ("zero-optimization-stage",),
    "optimizer": ("optim-name", "optimizer-name"),
    "enable-cuda-graph": ("external-cuda-graph",),
}
"""Other names of an option, in NeMo, GPT-NeoX and older releases."""

_VOCABULARIES = {"GPT2BPETokenizer": 50257.0, "HFGPT2Tokenizer": 50257.0, "BertWordPieceLowerCase": 30522.0}
_LAYOUT = {
    "layout.tensor": "tensor-model-parallel-size",
    "layout.pipeline": "pipeline-model-parallel-size",
    "layout.context": "context-parallel-size",
    "layout.expert": "expert-model-parallel-size",
    "layout.micro_batch": "micro-batch-size",
}
_ZERO_OF_STRATEGY = {
    "no_shard": "zero0",
    "optim": "zero1",
    "optim_grads": "zero2",
    "optim_grads_params": "zero3",
}
_OPTIMIZERS = ("adafactor", "muon", "sgd", "adam")
_MODULES = {
    "core_attn": "layout.recompute_core",
    "mla_up_proj": "layout.recompute_projections",
    "moe": "layout.recompute_experts",
    "moe_act": "layout.recompute_activation",
    "layernorm": "layout.recompute_norms",
}
"""What selective recomputation repeats, by Megatron's names; others are close to none of the plan's."""

_NO = frozenset(("false", "no", "off", "0", "none"))


class _Options:
    """Options by Megatron's name, whatever the file calls them."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments

    def text(self, name: str) -> str | None:
        """Return a value as it is written, None when the option is not set."""
        for spelling in (name, *_ALIASES.get(name, ())):
            if spelling in self._arguments.values:
                return self._arguments.values[spelling]
        return None

    def on(self, *names: str) -> bool:
        """Return whether one of several switches is on."""
        return any((self.text(name) or "false").lower() not in _NO for name in names)

    def number(self, name: str) -> float | None:
        """Return a size, None when the option is not set."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value = float(text.replace("_", ""))
        except ValueError as error:
            raise ReadingError(
                _("{option}: {text} is not a number").format(option=name, text=text)
            ) from error
        if not 0.0 <= value <= _LARGEST:
            raise ReadingError(_("{option}: {text} is no size").format(option=name, text=text))
        return value or None

    def needed(self, name: str) -> float:
        """Return a size without which there is no model."""
        value = self.number(name)
        if value is None:
            culprit = self._arguments.unclear.get(name)
            sentence = _("{option} is missing").format(option=name)
            if culprit:
                sentence = _("{option}: the script gives {variable} no one value; write it out")
                sentence = sentence.format(option=name, variable=culprit)
            raise ReadingError(sentence)
        return value

    @property
    def unclear(self) -> dict[str, str]:
        """Return the options whose variables have no one value, with the variable."""
        return self._arguments.unclear

    @property
    def own(self) -> bool:
        """Return whether these are Megatron's own arguments, not those of a relative."""
        return self._arguments.own

    def job(self, name: str) -> str | None:
        """Return an option of the job's own lines, or a variable of the script."""
        return self._arguments.job.get(name)


def read(text: str) -> Reading:
    """Return the run that a file of arguments describes.

    Parameters
    ----------
    text
        A shell script, YAML or JSON of a run, or the arguments that Megatron prints.

    Raises
    ------
    ReadingError
        When a size is missing or no number.
    """
    options = _Options(arguments_of(text))
    draft = Draft()
    _take_model(options, draft)
    _take_vocabulary(options, draft)
    _take_experts(options, draft)
    _take_layout(options, draft)
    _take_training(options, draft)
    _take_devices(options, draft)
    for name in sorted(_WANTED & options.unclear.keys()):
        sentence = _("{option}: the script gives {variable} no one value")
        draft.missing.append(sentence.format(option=name, variable=options.unclear[name]))
    return draft.reading("model", "")


def _take_model(options: _Options, draft: Draft) -> None:
    hidden, heads = options.needed("hidden-size"), options.needed("num-attention-heads")
    gated = options.on("swiglu", "geglu") or "glu" in (options.text("activation") or "").lower()
    latent = options.on("multi-latent-attention")
    draft.fields |= {
        "model.layers": options.needed("num-layers"),
        "model.hidden": hidden,
        "model.feed_forward": options.number("ffn-hidden-size") or _usual_width(hidden, gated=gated),
        "model.heads": heads,
        "model.kv_heads": _key_value_heads(options, heads, draft),
        "model.head_size": options.number("kv-channels") or float(hidden // heads),
        "model.gated": "yes" if gated else "no",
        "model.tied_embeddings": "yes" if _tied(options) else "no",
        "model.biases": _biases(options),
        "model.norm": "rmsnorm" if "rms" in (options.text("normalization") or "").lower() else "layernorm",
        "model.learned_positions": _positions(options),
        "model.attention": "latent" if latent else "standard",
    }
    if latent:
        # The sizes of a file that turns it on and names none are those of Megatron.
        draft.fields |= {
            "model.q_rank": options.number("q-lora-rank") or 0.0,
            "model.kv_rank": options.number("kv-lora-rank") or 32.0,
            "model.nope_size": options.number("qk-head-dim") or 128.0,
            "model.rope_size": options.number("qk-pos-emb-head-dim") or 64.0,
            "model.value_size": options.number("v-head-dim") or 128.0,
        }


def _key_value_heads(options: _Options, heads: float, draft: Draft) -> float:
    groups = options.number("num-query-groups")
    # Megatron reads the number of groups only where grouping is switched on, and prints 1 otherwise.
    if groups is None or (options.own and not options.on("group-query-attention")):
        if options.own and groups not in (None, 1.0, heads):
            draft.notes.append(_("num-query-groups has no effect without group-query-attention."))
        return heads
    return groups


def _usual_width(hidden: float, *, gated: bool) -> float:
    """Return the width that Megatron takes when none is given; a gated one in steps of 64."""
    return float(int(4.0 * hidden * 2.0 / 3.0) // 64 * 64) if gated else 4.0 * hidden


def _tied(options: _Options) -> bool:
    if options.text("share-embeddings-and-output-weights") is not None:
        return options.on("share-embeddings-and-output-weights")
    return not options.on("untie-embeddings-and-output-weights", "no-weight-tying")


def _biases(options: _Options) -> str:
    none = options.on("disable-bias-linear") or options.text("bias") in ("false", "False")
    if not none and options.text("add-bias-linear") is not None:
        none = not options.on("add-bias-linear")
    if not none:
        return "all"
    return "qkv" if options.on("add-qkv-bias", "qkv-bias") else "none"


def _positions(options: _Options) -> float:
    kind = options.text("position-embedding-type") or "learned"
    rotary = options.on("use-rotary-position-embeddings", "no-position-embedding")
    if rotary or not kind.startswith("learned"):
        return 0.0
    return options.number("max-position-embeddings") or options.number("seq-length") or 0.0


def _take_vocabulary(options: _Options, draft: Draft) -> None:
    padded = options.number("padded-vocab-size")
    own = options.number("vocab-size") or _VOCABULARIES.get(options.text("tokenizer-type") or "")
    if padded is None and own is None:
        draft.missing.append(_("vocab-size: the file leaves it to the tokenizer; the plan has its default"))
        return
    step = (options.number("make-vocab-size-divisible-by") or 128.0) * (
        options.number("tensor-model-parallel-size") or 1.0
    )
    draft.fields["model.vocabulary"] = padded or step * math.ceil((own or 0.0) / step)


def _take_experts(options: _Options, draft: Draft) -> None:
    experts = options.number("num-experts") or 0.0
    draft.fields["model.experts"] = experts
    if not experts:
        return
    width = options.number("moe-ffn-hidden-size") or float(draft.fields["model.feed_forward"])
    shared = options.number("moe-shared-expert-intermediate-size") or 0.0
    draft.fields |= {
        "model.experts_per_token": options.number("moe-router-topk") or 2.0,
        "model.expert_feed_forward": width,
        "model.shared_experts": 1.0 if shared else 0.0,
        "model.shared_feed_forward": shared,
        "model.dense_layers": _dense_layers(options, float(draft.fields["model.layers"]), draft),
    }


def _dense_layers(options: _Options, layers: float, draft: Draft) -> float:
    first = options.number("first-k-dense-replace")
    text = options.text("moe-layer-freq") or "1"
    if first is not None:
        return min(first, layers)
    if text.strip().isdigit():
        every = float(text[:9]) or 1.0
        return layers - math.ceil(layers / every)
    dense = listed = 0
    for found in re.finditer(r"\[([01,\s]+)\](?:\s*\*\s*(\d{1,4}))?", text):
        digits = re.findall(r"[01]", found[1])
        times = int(found[2] or 1)
        dense += digits.count("0") * times
        listed += len(digits) * times
    if listed != layers:
        draft.missing.append(_("moe-layer-freq: {text} does not name each layer").format(text=text))
        return 0.0
    return float(dense)


def _take_layout(options: _Options, draft: Draft) -> None:
    for path, name in _LAYOUT.items():
        value = options.number(name)
        if value is not None:
            draft.fields[path] = value
        elif path != "layout.micro_batch":
            draft.fields[path] = 1.0
    draft.fields["layout.interleave"] = _interleave(options, draft)
    _take_recompute(options, draft)
    _take_execution(options, draft)
    draft.fields["layout.sharding"] = _sharding(options)
    draft.fields["layout.sequence_parallel"] = "yes" if options.on("sequence-parallel") else "no"


def _interleave(options: _Options, draft: Draft) -> float:
    stages = float(draft.fields["layout.pipeline"])
    pieces = options.number("num-virtual-stages-per-pipeline-rank") or options.number(
        "virtual-pipeline-model-parallel-size"
    )
    layers = options.number("num-layers-per-virtual-pipeline-stage")
    if pieces is None and layers is not None:
        pieces = float(draft.fields["model.layers"]) / (stages * layers)
    return max(float(round(pieces or 1.0)), 1.0) if stages > 1.0 else 1.0


def _take_recompute(options: _Options, draft: Draft) -> None:
    granularity = (options.text("recompute-granularity") or "").lower()
    if options.on("recompute-activations"):
        granularity = granularity or "selective"
    if options.on("checkpoint-activations"):
        granularity = granularity or "full"
    draft.fields["layout.recompute"] = granularity if granularity in ("selective", "full") else "none"
    if granularity == "selective":
        _take_modules(options.text("recompute-modules"), draft)
    layers = options.number("recompute-num-layers")
    if granularity == "full" and options.text("recompute-method") == "block" and layers:
        # Each virtual stage recomputes so many of its layers.
        stages = float(draft.fields["layout.pipeline"]) * float(draft.fields["layout.interleave"])
        share = layers * stages / float(draft.fields["model.layers"])
        draft.fields["layout.recompute_share"] = min(share, 1.0)


def _take_modules(text: str | None, draft: Draft) -> None:
    names = re.findall(r"[a-z_]+", (text or "core_attn").lower())
    for name, path in _MODULES.items():
        draft.fields[path] = "yes" if name in names else "no"
    others = [name for name in names if name not in _MODULES]
    if others:
        sentence = _("recompute-modules: the plan does not know {names}")
        draft.missing.append(sentence.format(names=", ".join(others)))


def _take_execution(options: _Options, draft: Draft) -> None:
    """Take how the work is laid out in time and memory, as far as the file says something of it."""
    fields = draft.fields
    if options.on("account-for-embedding-in-pipeline-split", "account-for-loss-in-pipeline-split"):
        fields["layout.balance"] = "balanced"
    if options.on("enable-cuda-graph"):
        whole = options.text("cuda-graph-scope") in (None, "full", "full_iteration")
        fields["layout.graphs"] = "full" if whole else "partial"
    if options.on("optimizer-cpu-offload", "cpu-offloading"):
        fields["layout.offload"] = "optimizer" if options.on("optimizer-cpu-offload") else "activations"
    if options.on("cross-entropy-loss-fusion"):
        fields["layout.loss_kernel"] = "fused"
    if options.on("grad-reduce-in-bf16"):
        fields["layout.gradient_sum"] = "half"
    elif options.on("accumulate-allreduce-grads-in-fp32"):
        fields["layout.gradient_sum"] = "full"
    dropped = [options.number(name) or 0.0 for name in ("hidden-dropout", "attention-dropout")]
    if max(dropped) > 0.0:
        fields["training.dropout"] = min(max(dropped), 1.0)
    if fields["model.experts"]:
        flexible = options.text("moe-token-dispatcher-type") == "flex" or options.on("moe-enable-deepep")
        fields["layout.dispatcher"] = "deduplicating" if flexible else "plain"
        fields["layout.token_drop"] = "yes" if options.number("moe-expert-capacity-factor") else "no"
        if options.on("overlap-moe-expert-parallel-comm"):
            fields["layout.dispatch_overlap"] = "yes"


def _sharding(options: _Options) -> str:
    strategy = options.text("data-parallel-sharding-strategy") or "no_shard"
    stage = options.number("zero-stage")
    if options.on("use-megatron-fsdp", "use-custom-fsdp") and strategy in _ZERO_OF_STRATEGY:
        return _ZERO_OF_STRATEGY[strategy]
    if options.on("use-torch-fsdp2", "fully-shard"):
        return "zero3"
    if stage is not None:
        return f"zero{min(int(stage), 3)}"
    fused = "distributed" in (options.text("optim-name") or "")
    return "zero1" if fused or options.on("use-distributed-optimizer") else "zero0"


def _take_training(options: _Options, draft: Draft) -> None:
    sequence, batch = options.number("seq-length"), options.number("global-batch-size")
    samples, steps = options.number("train-samples"), options.number("train-iters")
    draft.fields["training.precision"] = _precision(options, draft)
    optimizer = (options.text("optimizer") or "adam").lower()
    draft.fields["training.optimizer"] = next((one for one in _OPTIMIZERS if one in optimizer), "adam")
    draft.fields["model.predicted_tokens"] = options.number("mtp-num-layers") or 0.0
    if options.on("use-flash-attn"):
        draft.fields["training.attention_kernel"] = "fused"
    elif options.text("attention-backend") in ("unfused", "local"):
        draft.fields["training.attention_kernel"] = "unfused"
    if sequence is None:
        draft.missing.append(_("seq-length: not in the file; the plan has its default"))
        return
    draft.fields["training.sequence"] = sequence
    if batch is not None:
        draft.fields["training.batch_tokens"] = batch * sequence
    else:
        draft.missing.append(_("global-batch-size: not in the file; the plan has the usual one"))
    if samples is not None:
        draft.fields["training.tokens"] = samples * sequence
    elif steps is not None and batch is not None:
        draft.fields["training.tokens"] = steps * batch * sequence
        if options.text("rampup-batch-size") is not None:
            draft.notes.append(
                _("The batch grows at the start, so the tokens are somewhat fewer than counted.")
            )
    else:
        draft.missing.append(
            _("train-samples or train-iters: not in the file; the plan has its default tokens")
        )


def _precision(options: _Options, draft: Draft) -> str:
    if options.on("fp4", "fp4-format"):
        return "nvfp4"
    if options.text("fp8-recipe") == "mxfp8" and options.on("fp8", "fp8-format"):
        return "mxfp8"
    if options.on("fp8", "fp8-format", "fp8-hybrid", "fp8-e4m3"):
        return "fp8"
    stated = (options.text("precision") or "").lower()
    for precision in ("bf16", "fp16"):
        if options.on(precision) or precision in stated:
            return precision
    if stated.startswith("16"):
        return "fp16"
    draft.missing.append(_("precision: neither --bf16 nor --fp16, so 32 bits are assumed"))
    return "fp32"


def _take_devices(options: _Options, draft: Draft) -> None:
    world = options.number("world-size") or _whole(options.job("WORLD_SIZE"))
    nodes = options.number("nnodes") or options.number("num-nodes")
    nodes = nodes or _whole(options.job("nodes")) or _whole(options.job("NNODES"))
    each = options.number("nproc-per-node") or options.number("gpus-per-node") or options.number("devices")
    each = each or _whole(options.job("gpus-per-node")) or _whole(options.job("gres"))
    each = each or _whole(options.job("GPUS_PER_NODE"))
    nodes = nodes or _whole(options.job("NUM_NODES"))
    count = world or (nodes * each if nodes and each else None)
    if count:
        draft.fields["hardware.devices"] = count
    else:
        draft.missing.append(_("devices: the file does not say on how many; the plan has its default"))
    draft.missing.append(_("accelerator: arguments do not name it; the plan has its default"))


def _whole(text: str | None) -> float | None:
    """Return the count at the end of a text such as `gpu:a100:4`, None where there is none."""
    found = re.search(r"(\d{1,9})$", text or "")
    return float(found[1]) or None if found else None


_WANTED = frozenset(
    (
        *("micro-batch-size", "global-batch-size", "seq-length", "train-iters", "train-samples"),
        *("tensor-model-parallel-size", "pipeline-model-parallel-size", "context-parallel-size"),
        *("expert-model-parallel-size", "num-experts", "vocab-size", "ffn-hidden-size", "num-query-groups"),
        *("kv-channels", "max-position-embeddings", "moe-router-topk", "nnodes", "nproc-per-node"),
        *("num-layers-per-virtual-pipeline-stage", "moe-ffn-hidden-size", "recompute-granularity"),
    )
)
"""Options whose absence changes the plan, so that an unclear one is worth a word."""
