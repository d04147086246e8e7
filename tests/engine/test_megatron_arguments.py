"""Arguments of training scripts in each form in which they are kept."""

import json

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.reading.document import document_of
from tcplan.reading.kinds import read
from tcplan.reading.reading import Reading, ReadingError

SCRIPT = r"""#!/bin/bash
#SBATCH --nodes=128
GPUS_PER_NODE=8
NUM_NODES=128
WORLD_SIZE=$(($GPUS_PER_NODE*$NUM_NODES))
TP=8
SEQ=${SEQ_LENGTH:-2048}
DISTRIBUTED_ARGS=(
    --nproc_per_node $GPUS_PER_NODE
    --nnodes $NUM_NODES
)
GPT_MODEL_ARGS=(
    --num-layers 96
    --hidden-size 12288
    # --num-layers 12
    --num-attention-heads 96
    --seq-length $SEQ
    --max-position-embeddings 2048
    --attention-backend auto # Can use (flash/fused/unfused/local)
)
TRAINING_ARGS=(
    --micro-batch-size 1
    --global-batch-size 1536
    --rampup-batch-size 16 16 5859375
    --train-samples 146484375
    --fp16
    --lr 6.0e-5
    --recompute-activations
)
MODEL_PARALLEL_ARGS=(
    --tensor-model-parallel-size $TP
    --pipeline-model-parallel-size 16 --num-layers-per-virtual-pipeline-stage 3 \
    --sequence-parallel --use-distributed-optimizer
)
DATA_ARGS=( --data-path $DATA_PATH --vocab-file $VOCAB_FILE --tokenizer-type GPT2BPETokenizer )
torchrun ${DISTRIBUTED_ARGS[@]} pretrain_gpt.py ${GPT_MODEL_ARGS[@]}
"""

TEST_YAML = """ENV_VARS:
  CUDA_DEVICE_MAX_CONNECTIONS: 1
MODEL_ARGS:
  --num-layers: 27
  --hidden-size: 2048
  --ffn-hidden-size: 10944
  --num-attention-heads: 16
  --kv-channels: 128
  --multi-latent-attention: true
  --kv-lora-rank: 512
  --qk-head-dim: 128
  --qk-pos-emb-head-dim: 64
  --v-head-dim: 128
  --num-experts: 64
  --moe-ffn-hidden-size: 1408
  --moe-router-topk: 6
  --moe-shared-expert-intermediate-size: 2816
  --moe-layer-freq: ([0]*1+[1]*26)
  --expert-model-parallel-size: 8
  --swiglu: true
  --disable-bias-linear: true
  --normalization: RMSNorm
  --position-embedding-type: rope
  --untie-embeddings-and-output-weights: true
  --vocab-size: 102400
  --make-vocab-size-divisible-by: 1
  --bf16: true
  --fp8-format: hybrid
  --seq-length: 4096
  --micro-batch-size: 1
  --global-batch-size: 4608
  --train-iters: 1000
"""

NEMO = """trainer:
  devices: 8
  num_nodes: 4
  precision: bf16
  max_steps: 300000 # consumed_samples = global_step * global_batch_size
model:
  micro_batch_size: 4
  global_batch_size: 2048
  tensor_model_parallel_size: 4
  virtual_pipeline_model_parallel_size: null
  encoder_seq_length: 4096
  num_layers: 32
  hidden_size: 4096
  ffn_hidden_size: 11008
  num_attention_heads: 32
  num_query_groups: 8
  normalization: rmsnorm
  bias: False
  activation: fast-swiglu
  share_embeddings_and_output_weights: False
  position_embedding_type: rope
  activations_checkpoint_granularity: selective
  sequence_parallel: True
  optim:
    name: distributed_fused_adam
    sched:
      name: CosineAnnealing
"""

NEOX = """{
   "pipe-parallel-size": 4,
   "model-parallel-size": 2,
   # model settings
   "num-layers": 44,
   "hidden-size": 6144,
   "num-attention-heads": 64,
   "seq-length": 2048,
   "max-position-embeddings": 2048,
   "pos-emb": "rotary",
   "no-weight-tying": true,
   "zero_optimization": {
    "stage": 1,
   },
   "train_micro_batch_size_per_gpu": 4,
   "fp16": {
     "enabled": true,
   },
   "train-iters": 150000,
}
"""

PRINTED = """using world size: 64, data-parallel size: 64
------------------------ arguments ------------------------
  bf16 ............................................ True
  add_bias_linear ................................. False
  ffn_hidden_size ................................. 14336
  global_batch_size ............................... 1024
  group_query_attention ........................... {grouped}
  hidden_size ..................................... 4096
  num_attention_heads ............................. 32
  num_layers ...................................... 32
  num_query_groups ................................ {groups}
  normalization ................................... RMSNorm
  padded_vocab_size ............................... 128256
  position_embedding_type ......................... rope
  recompute_granularity ........................... None
  seq_length ...................................... 8192
  swiglu .......................................... True
  data_parallel_sharding_strategy ................. no_shard
  use_distributed_optimizer ....................... True
  train_samples ................................... 1024000
  untie_embeddings_and_output_weights ............. True
  world_size ...................................... 64
"""

TREE = {
    "args": {
        **{
            "num_layers": 24,
            "hidden_size": 1024,
            "num_attention_heads": 16,
            "seq_length": 2048,
            "bf16": True,
        },
        **{
            "micro_batch_size": 4,
            "global_batch_size": 64,
            "train_iters": 1000,
            "recompute_granularity": "full",
        },
    }
}


def reading(text: str) -> Reading:
    return read(text.encode(), shipped())


def test_a_script_with_variables_becomes_the_run_that_it_starts() -> None:
    """A comment, a default or a sum in a variable would change the size, the layout or the tokens."""
    found = reading(SCRIPT)
    expected = {
        "model.layers": 96.0,
        "model.vocabulary": 51200.0,
        "model.learned_positions": 2048.0,
        "model.tied_embeddings": "yes",
        "training.sequence": 2048.0,
        "training.tokens": 146484375 * 2048.0,
        "training.batch_tokens": 1536 * 2048.0,
        "training.precision": "fp16",
        "hardware.devices": 1024.0,
        "layout.tensor": 8.0,
        "layout.pipeline": 16.0,
        "layout.interleave": 2.0,
        "layout.recompute": "selective",
        "layout.sharding": "zero1",
        "layout.sequence_parallel": "yes",
    }
    assert {path: found.fields[path] for path in expected} == expected
    plan = document_of(found, "gpt3.sh").document.plan
    assert evaluate(plan)["model.parameters"].value == pytest.approx(174.6e9, rel=2e-3)


def test_a_sparse_model_with_latent_attention_is_whole() -> None:
    """DeepSeek-V2-Lite has 15.7 billion parameters, 2.7 of them active (arXiv:2405.04434, appendix B)."""
    found = reading(TEST_YAML)
    assert found.fields["model.dense_layers"] == 1.0
    assert found.fields["training.precision"] == "fp8"
    estimate = evaluate(document_of(found, "model_config.yaml").document.plan)
    assert estimate["model.parameters"].value == pytest.approx(15.7e9, rel=5e-3)
    assert estimate["model.active_parameters"].value == pytest.approx(2.66e9, rel=2e-2)


def test_how_the_work_is_laid_out_is_read() -> None:
    """Only the first of several modules would be recomputed, or all layers where some are."""
    start = "--num-layers 32 --hidden-size 4096 --num-attention-heads 32 --pipeline-model-parallel-size 4 "
    found = reading(
        f"{start} --recompute-granularity selective --recompute-modules core_attn moe_act mlp \\\n  --bf16 "
        "--num-experts 8 --moe-token-dispatcher-type flex --moe-expert-capacity-factor 1 --mtp-num-layers 1 "
        "--optimizer dist_muon --optimizer-cpu-offload --account-for-loss-in-pipeline-split\n"
    )
    expected = {
        "layout.recompute": "selective",
        "layout.recompute_core": "yes",
        "layout.recompute_activation": "yes",
        "layout.recompute_norms": "no",
        "layout.dispatcher": "deduplicating",
        "layout.token_drop": "yes",
        "layout.offload": "optimizer",
        "layout.balance": "balanced",
        "model.predicted_tokens": 1.0,
        "training.optimizer": "muon",
    }
    assert {path: found.fields[path] for path in expected} == expected
    assert any("mlp" in sentence for sentence in found.missing)
    block = reading(
        f"{start} --recompute-granularity full --recompute-method block --recompute-num-layers 2\n"
    )
    assert block.fields["layout.recompute_share"] == 0.25
    whole = reading(
        f"{start} --recompute-granularity full --recompute-method uniform --recompute-num-layers 1\n"
    )
    assert "layout.recompute_share" not in whole.fields


def test_the_names_of_relatives_mean_the_same() -> None:
    """A NeMo or GPT-NeoX file would be read with Megatron's defaults instead of its own values."""
    nemo = reading(NEMO).fields
    assert (nemo["hardware.devices"], nemo["model.kv_heads"], nemo["model.gated"]) == (32.0, 8.0, "yes")
    assert (nemo["model.biases"], nemo["layout.sharding"], nemo["layout.recompute"]) == (
        "none",
        "zero1",
        "selective",
    )
    assert nemo["training.tokens"] == 300000 * 2048 * 4096.0
    neox = reading(NEOX).fields
    assert (neox["layout.tensor"], neox["layout.pipeline"], neox["layout.micro_batch"]) == (2.0, 4.0, 4.0)
    assert (neox["training.precision"], neox["layout.sharding"], neox["model.layers"]) == (
        "fp16",
        "zero1",
        44.0,
    )


def test_the_printed_list_and_json_are_read() -> None:
    """The log of a run holds every value; None and a switch that is off would count as set."""
    printed = reading(PRINTED.format(grouped="True", groups=8)).fields
    assert (printed["model.kv_heads"], printed["layout.recompute"]) == (8.0, "none")
    assert (printed["layout.sharding"], printed["hardware.devices"]) == ("zero1", 64.0)
    # Megatron prints one group for a model without groups.
    assert reading(PRINTED.format(grouped="False", groups=1)).fields["model.kv_heads"] == 32.0
    tree = reading(json.dumps(TREE)).fields
    assert (tree["layout.recompute"], tree["training.precision"]) == ("full", "bf16")


def test_a_variable_with_several_values_is_named() -> None:
    """The last branch of a script for four sizes would pass for the size that was trained."""
    branches = "if [ $SIZE = 7B ]; then\n  LAYERS=32\nelse\n  LAYERS=80\nfi\n"
    options = "--num-layers $LAYERS --hidden-size 4096 --num-attention-heads 32 --bf16\n"
    with pytest.raises(ReadingError) as refused:
        reading(branches + options)
    assert "LAYERS" in refused.value.sentence
    found = reading(
        "B=1\nB=2\np.py --num-layers 2 --hidden-size 64 --num-attention-heads 4 --global-batch-size $B\n"
    )
    assert any("global-batch-size" in sentence and "B" in sentence for sentence in found.missing)


def test_what_a_file_does_not_say_is_listed() -> None:
    """The default of the plan would pass for what the file says."""
    found = reading("python p.py --num-layers 2 --hidden-size 64 --num-attention-heads 4\n")
    said = " ".join(found.missing)
    for word in ("vocab-size", "seq-length", "precision", "devices", "accelerator"):
        assert word in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--num-layers many --hidden-size 64 --num-attention-heads 4", "num-layers: many is not a number"),
        ("--num-layers -3 --hidden-size 64 --num-attention-heads 4", "num-layers"),
        ("--num-layers nan --hidden-size 64 --num-attention-heads 4", "nan is no size"),
        ("--num-layers 1e400 --hidden-size 64 --num-attention-heads 4", "1e400 is no size"),
        ("--num-layers 4 --hidden-size 64", "num-attention-heads is missing"),
        ("--num-layers 4 --hidden-size $(rm -rf /) --num-attention-heads 4", "hidden-size"),
    ],
)
def test_a_value_that_is_no_size_is_refused_by_name(text: str, words: str) -> None:
    """A text in the place of a size would end in a traceback, or in a plan of nonsense."""
    with pytest.raises(ReadingError) as refused:
        reading(text)
    assert words in refused.value.sentence


def test_losses_sums_and_dropout_are_read_as_far_as_they_are_stated() -> None:
    # Catches: masks, or copies of the logits, that memory counts although the script has none.
    more = "  --cross-entropy-loss-fusion: true\n  --grad-reduce-in-bf16: true\n  --hidden-dropout: 0.1\n"
    stated, plain = (reading(TEST_YAML + lines).fields for lines in (more, ""))
    paths = ("layout.loss_kernel", "layout.gradient_sum", "training.dropout")
    assert [stated.get(path) for path in paths] == ["fused", "half", 0.1]
    assert [plain.get(path) for path in paths] == [None, None, None]
