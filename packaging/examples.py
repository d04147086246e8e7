"""Write the shipped examples: `python3 packaging/examples.py` after a change of the list below.

Each value is the text that a person would type, so that the examples pass through the number grammar, the
bounds of the fields and the writer of documents like everything else.
"""

import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tcplan.catalogue.shelf import shipped
from tcplan.given import inputs_of
from tcplan.plan.document import Document
from tcplan.plan.field import Shown
from tcplan.plan.file import to_bytes
from tcplan.plan.number import read
from tcplan.plan.plan import descriptions

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "tcplan_resources" / "examples"
_NAMES = uuid.UUID("8a5c2a54-5b1f-4c07-9f0e-6d1c6b0c7a11")


@dataclass(frozen=True)
class Example:
    """A plan as it is typed, with the notes that say where its values come from."""

    title: str
    remark: str
    typed: dict[str, str]
    notes: dict[str, str] = field(default_factory=dict)


_GPT3 = {
    "model.preset": "gpt3",
    "training.tokens": "300B",
    "training.sequence": "2048",
    "training.precision": "fp16",
    "training.batch_tokens": "3.2M",
    "hardware.accelerator": "v100-sxm2-32",
    "hardware.devices": "10000",
    "site.grid": "USA",
}
_DEEPSEEK = {
    "model.preset": "deepseek-v3",
    "training.tokens": "14.8T",
    "training.sequence": "4096",
    "training.precision": "fp8",
    "training.batch_tokens": "15360*4096",
    "hardware.accelerator": "h800-sxm",
    "hardware.devices": "2048",
    "site.grid": "CHN",
}
_DEEPSEEK_LAYOUT = {
    "layout.tensor": "1",
    "layout.pipeline": "16",
    "layout.context": "1",
    "layout.expert": "64",
    "layout.sharding": "zero1",
    "layout.interleave": "1",
    "layout.schedule": "dualpipe",
    "layout.balance": "balanced",
    "layout.dispatch_overlap": "yes",
    "layout.recompute": "selective",
    "layout.recompute_experts": "yes",
    "layout.recompute_projections": "yes",
    "layout.recompute_norms": "yes",
    "failures.practice": "tuned",
}
_PATTERSON = "arXiv:2104.10350, table 4"

EXAMPLES = {
    "llama3.1-70b": Example(
        "Llama 3.1 70B on 2,048 H100",
        "A plan to begin with: a well-known model on a cluster that can be rented.",
        {
            "model.preset": "llama3.1-70b",
            "training.tokens": "15T",
            "training.sequence": "8192",
            "hardware.accelerator": "h100-sxm",
            "hardware.devices": "2048",
            "site.grid": "USA",
        },
        {"training.tokens": "arXiv:2407.21783, section 3.1"},
    ),
    "gpt3-175b": Example(
        "GPT-3 175B",
        "The public plan only; nothing measured is typed. Published: 3.14e23 FLOP (arXiv:2005.14165, "
        "table D.1).",
        _GPT3,
        {
            "training.tokens": "arXiv:2005.14165, table 2.2 and section 2.2",
            "training.batch_tokens": "arXiv:2005.14165, table 2.1",
            "hardware.devices": "arXiv:2104.10350, table 4: 10,000 V100",
        },
    ),
    "gpt3-175b-published": Example(
        "GPT-3 175B, with its measurements",
        "Published: 1,287 MWh and 552 tCO2e (arXiv:2104.10350, table 4). What was measured is typed: "
        "rate and power of "
        "a device, PUE, carbon of the electricity; no failures and no switches are counted there.",
        _GPT3
        | {
            "efficiency.achieved": "24.6 TFLOP/s",
            "time.goodput": "1",
            "energy.mean_device_power": "330 W",
            "site.pue": "1.10",
            "site.carbon_location": "429 g/kWh",
            "site.network_share": "0",
        },
        {
            "training.tokens": "arXiv:2005.14165, table 2.2 and section 2.2",
            "training.batch_tokens": "arXiv:2005.14165, table 2.1",
            "hardware.devices": "arXiv:2104.10350, table 4: 10,000 V100",
            "efficiency.achieved": f"{_PATTERSON}: measured 24.6 TFLOP/s",
            "time.goodput": f"{_PATTERSON}: the rate counts the whole run",
            "energy.mean_device_power": f"{_PATTERSON}: average power of a processor in the data centre",
            "site.pue": _PATTERSON,
            "site.carbon_location": _PATTERSON,
            "site.network_share": f"{_PATTERSON}: switches are not counted",
        },
    ),
    "deepseek-v3": Example(
        "DeepSeek-V3 671B",
        "The public plan only. Published: 2.788 million H800-hours for all stages, 2.664 million for "
        "pre-training "
        "(arXiv:2412.19437, table 1). The published layout is typed; the inputs of "
        "experts, kept there in 8 bit, are computed again here.",
        _DEEPSEEK | _DEEPSEEK_LAYOUT,
        {
            "layout.pipeline": "arXiv:2412.19437, section 3.2: 16 stages, 64 devices share experts",
            "layout.schedule": "arXiv:2412.19437, section 3.2.1",
            "layout.recompute_experts": "arXiv:2412.19437, section 3.3.3: kept in 8 bit",
            "layout.recompute_norms": "arXiv:2412.19437, section 3.2.3",
            "training.tokens": "arXiv:2412.19437, section 4.1",
            "training.batch_tokens": "arXiv:2412.19437, section 4.2: 15,360 sequences after a ramp",
            "hardware.devices": "arXiv:2412.19437, section 3.1",
        },
    ),
    "deepseek-v3-published": Example(
        "DeepSeek-V3 671B, with its hours and price",
        "Published: 5.576 million USD (arXiv:2412.19437, table 1), from the hours and the price that "
        "are typed here.",
        _DEEPSEEK | {"time.device_hours": "2.788e6 h", "purchase.price": "2"},
        {
            "training.tokens": "arXiv:2412.19437, section 4.1",
            "training.batch_tokens": "arXiv:2412.19437, section 4.2: 15,360 sequences after a ramp",
            "hardware.devices": "arXiv:2412.19437, section 3.1",
            "time.device_hours": "arXiv:2412.19437, table 1: all stages",
            "purchase.price": "arXiv:2412.19437, table 1: assumed rent of an H800",
        },
    ),
    "llama3.1-405b": Example(
        "Llama 3.1 405B",
        "The public plan only. Published: 30.84 million H100-hours and 8,930 tCO2e (model card), MFU 38 "
        "to 43 % "
        "(arXiv:2407.21783, table 4).",
        {
            "model.preset": "llama3.1-405b",
            "training.tokens": "15.6T",
            "training.sequence": "8192",
            "training.precision": "bf16",
            "training.batch_tokens": "2048*8192",
            "hardware.accelerator": "h100-sxm",
            "hardware.devices": "16384",
            "layout.stack": "typical-2024",
            "layout.tensor": "8",
            "layout.pipeline": "16",
            "layout.context": "1",
            "layout.sharding": "zero2",
            "failures.practice": "tuned",
            "site.grid": "USA",
            "site.facility": "meta-fleet",
        },
        {
            "layout.tensor": "arXiv:2407.21783, table 4: 8 x 16, section 3.3.2: gradients are sharded",
            "training.tokens": "arXiv:2407.21783, section 3.4.1",
            "training.batch_tokens": "arXiv:2407.21783, table 4: 16 million tokens",
            "hardware.devices": "arXiv:2407.21783, section 3.3.1",
        },
    ),
    "llama-65b": Example(
        "LLaMA 65B",
        "Published: 1,022,362 GPU-hours, 449 MWh and 173 tCO2e (arXiv:2302.13971, table 15), at the PUE "
        "and the carbon "
        "of electricity that are typed here.",
        {
            "model.preset": "llama-65b",
            "training.tokens": "1.4T",
            "training.sequence": "2048",
            "training.precision": "bf16",
            "training.batch_tokens": "4M",
            "hardware.accelerator": "a100-sxm-80",
            "hardware.devices": "2048",
            "layout.stack": "typical-2023",
            "site.grid": "USA",
            "site.pue": "1.1",
            "site.carbon_location": "385",
        },
        {
            "training.tokens": "arXiv:2302.13971, table 2",
            "training.batch_tokens": "arXiv:2302.13971, table 2",
            "hardware.devices": "arXiv:2302.13971, section 2.4",
            "site.pue": "arXiv:2302.13971, section 6",
            "site.carbon_location": "arXiv:2302.13971, section 6: average of the United States",
        },
    ),
    "bloom-176b": Example(
        "BLOOM 176B",
        "Published: 1,082,990 GPU-hours, 433 MWh, 24.7 tCO2e for the dynamic power and 50.5 tCO2e with "
        "idle power and "
        "manufacture (arXiv:2211.02001).",
        {
            "model.preset": "bloom-176b",
            "training.tokens": "366B",
            "training.sequence": "2048",
            "training.precision": "bf16",
            "training.batch_tokens": "2048*2048",
            "hardware.accelerator": "a100-sxm-80",
            "hardware.devices": "384",
            "layout.stack": "megatron-deepspeed",
            "layout.tensor": "4",
            "layout.pipeline": "12",
            "layout.recompute": "full",
            "layout.sharding": "zero1",
            "site.grid": "FRA",
            "site.facility": "hpc-jean-zay",
            "site.carbon_location": "57",
        },
        {
            "training.tokens": "arXiv:2211.05100, section 3.2",
            "training.batch_tokens": "arXiv:2211.05100, table 3",
            "hardware.devices": "arXiv:2211.05100, section 3.3",
            "layout.tensor": "arXiv:2211.05100, section 3.4: 4 x 12 x 8, ZeRO-1",
            "site.carbon_location": "arXiv:2211.02001, section 4.2",
        },
    ),
    "palm-540b": Example(
        "PaLM 540B",
        "The public plan only. Published: MFU 46.2 % and HFU 57.8 % on 6,144 TPU v4 (arXiv:2204.02311, "
        "table 3).",
        {
            "model.preset": "palm-540b",
            "training.tokens": "780B",
            "training.sequence": "2048",
            "training.precision": "bf16",
            "training.batch_tokens": "2048*2048",
            "hardware.accelerator": "tpu-v4",
            "hardware.devices": "6144",
            "layout.recompute": "full",
            "failures.practice": "tuned",
            "site.grid": "US-OK",
            "site.pue": "1.08",
        },
        {
            "layout.recompute": "arXiv:2204.02311, section 4.1: rematerialization",
            "training.tokens": "arXiv:2204.02311, section 3",
            "training.batch_tokens": "arXiv:2204.02311, section 5: the last of three sizes",
            "hardware.devices": "arXiv:2204.02311, section 4",
            "site.pue": "arXiv:2204.02311, appendix B",
        },
    ),
    "megatron-1t": Example(
        "Megatron 1T",
        "Published: 163 TFLOP/s per device, 52 % of the peak, with the layout that is typed here "
        "(arXiv:2104.04473, table 1).",
        {
            "model.preset": "gpt3",
            "model.layers": "128",
            "model.hidden": "25600",
            "model.feed_forward": "4*25600",
            "model.heads": "160",
            "model.kv_heads": "160",
            "model.head_size": "160",
            "model.vocabulary": "51200",
            "training.tokens": "450B",
            "training.sequence": "2048",
            "training.precision": "fp16",
            "training.batch_tokens": "3072*2048",
            "hardware.accelerator": "a100-sxm-80",
            "hardware.devices": "3072",
            "layout.tensor": "8",
            "layout.pipeline": "64",
            "layout.recompute": "full",
            "site.grid": "USA",
        },
        {
            "model.layers": "arXiv:2104.04473, table 1",
            "training.tokens": "arXiv:2104.04473, section 5.1: the end-to-end estimate",
            "training.batch_tokens": "arXiv:2104.04473, table 1",
            "layout.recompute": "arXiv:2104.04473, section 3.5",
        },
    ),
}


def document(key: str) -> Document:
    """Return the document of an example, with the same identity each time it is made."""
    example = EXAMPLES[key]
    made = Document(id=uuid.uuid5(_NAMES, key).hex)
    made = made.with_words(title=example.title, remark=example.remark)
    for path, text in example.typed.items():
        shown = descriptions().get(path) or _overridden(made, path)
        if shown.kind == "number":
            made = made.with_value(path, read(text, shown).value, text)
        else:
            made = made.with_value(path, text)
    for path, note in example.notes.items():
        made = made.with_note(path, note)
    return made


def _overridden(made: Document, path: str) -> Shown:
    quantity = inputs_of(made.plan, shipped()).graph.paths[path]
    return Shown(quantity.label, "", unit=quantity.unit, shown=quantity.shown)


def main() -> None:
    """Write every example."""
    for key in EXAMPLES:
        (FOLDER / f"{key}.tcplan").write_bytes(to_bytes(document(key)))


if __name__ == "__main__":
    main()
