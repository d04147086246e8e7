"""`config.json` of a Hugging Face model -> a reading."""

import math
import re
from collections.abc import Mapping

from tcplan.language import _
from tcplan.reading.huggingface.census import Census
from tcplan.reading.huggingface.config import LARGEST, Config, is_count, is_number, refused
from tcplan.reading.huggingface.inventory import inventory
from tcplan.reading.huggingface.purpose import purpose_of
from tcplan.reading.huggingface.sizes import fields_of, usual_sequence
from tcplan.reading.reading import Reading, ReadingError

PRECISIONS = {"bfloat16": "bf16", "float16": "fp16"}
POSITIONS = (
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
    "model_max_length",
    "max_source_positions",
)
PARTS = ("text_config", "llm_config", "language_config", "thinker_config", "decoder")
SIZES = ("hidden_size", "num_hidden_layers", "num_attention_heads", "d_model", "n_embd", "n_layer")
_LONGEST_TITLE = 80
_NAMELESS = re.compile(
    r"\W*|[0-9a-f]{40}|(checkpoint|step|epoch|iter)[-_]?\d*|models?|output|weights", re.IGNORECASE
)
"""Ends of a path that name no model: points, a revision, a place on somebody's disk."""
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


def recognises(data: Mapping[str, object]) -> bool:
    """Return whether a JSON object is the configuration of a model of this kind."""
    return "model_type" in data or "architectures" in data or sum(key in data for key in SIZES) >= 2


def read_config(data: Mapping[str, object]) -> Reading:
    """Return what a configuration says, as fields of a plan.

    Parameters
    ----------
    data
        The JSON object of `config.json`.

    Raises
    ------
    ReadingError
        When the model type is not known, or sizes are missing or none.
    """
    kind = kind_of(data)
    purpose = purpose_of(data.get("architectures"), data.get("auto_map"))
    lacking: dict[str, object] = {}
    config = Config(data, kind, lacking)
    census = _counted(config, kind, purpose)
    fields = fields_of(census, _sequence(data))
    precision = _precision(data)
    if precision:
        fields["training.precision"] = precision
    title = _title(data, kind, census.parameters)
    return Reading("model", title, fields, _missing(lacking, kind), _notes(data, census, fields))


def kind_of(data: Mapping[str, object]) -> str:
    """Return the model type that a configuration names, or that its class belongs to.

    Raises
    ------
    ReadingError
        When it names none, or one that is not known.
    """
    told = data.get("model_type")
    if told is not None and not isinstance(told, str):
        raise ReadingError(_("model_type is no text"))
    if told in inventory():
        return str(told)
    classes = data.get("architectures")
    first = classes[0] if isinstance(classes, list) and classes else ""
    if not told and isinstance(first, str) and first:
        plain = {kind.replace("-", "").replace("_", "").lower(): kind for kind in inventory()}
        name = first.partition("For")[0].removesuffix("LMHeadModel").removesuffix("Model").lower()
        if name in plain:
            return plain[name]
    if told or first:
        raise ReadingError(_("models of the type {kind} are not known").format(kind=told or first))
    raise ReadingError(_("the file has no model_type"))


def _counted(config: Config, kind: str, purpose: str) -> Census:
    try:
        census = inventory()[kind].count(config, purpose)
    except (ZeroDivisionError, OverflowError, LookupError, RecursionError) as error:
        sentence = _("the sizes of the file do not make a model of the type {kind}")
        raise ReadingError(sentence.format(kind=kind)) from error
    if census.parameters < 1:
        raise ReadingError(_("the sizes of the file make a model without parameters"))
    return census


def _sequence(data: Mapping[str, object]) -> float | None:
    """Return the longest sequence that the file tells where it is shorter than what a plan trains on."""
    parts = [part for name in PARTS if isinstance(part := data.get(name), Mapping)]
    told = [(name, part.get(name)) for part in (data, *parts) for name in POSITIONS]
    name, longest = next(((name, one) for name, one in told if one is not None), ("", None))
    if longest is None:
        return None
    # Some files leave the end open, with -1 or a number that no sequence has.
    if longest == -1 or (is_number(longest, 0, math.inf) and longest > LARGEST):
        return None
    if not is_count(longest):
        raise ReadingError(refused(name, longest, whole=True))
    return float(longest) if 0 < longest < usual_sequence() else None


def _precision(data: Mapping[str, object]) -> str:
    parts = [part for name in PARTS if isinstance(part := data.get(name), Mapping)]
    told = [part.get(name) for part in (data, *parts) for name in ("dtype", "torch_dtype")]
    name = next((one for one in told if isinstance(one, str)), "")
    return PRECISIONS.get(name.removeprefix("torch."), "")


def _title(data: Mapping[str, object], kind: str, parameters: float) -> str:
    """Return the name that the file gives the model; its type and size where it gives none."""
    told = data.get("_name_or_path") or data.get("name_or_path")
    name = told.replace("\\", "/").rstrip("/").rpartition("/")[2] if isinstance(told, str) else ""
    if name.isprintable() and len(name) <= _LONGEST_TITLE and not _NAMELESS.fullmatch(name):
        return name
    size, letter = next((one for one in _SCALES if parameters >= one[0]), (1.0, ""))
    return f"{kind} {float(f'{parameters / size:.3g}'):g}{letter}"


def _missing(lacking: Mapping[str, object], kind: str) -> tuple[str, ...]:
    """Return a sentence for each size that the file lacks and the type has by default."""
    sentence = _("{key}: not in the file; {value:,}, the default of {kind}, is taken")
    return tuple(
        sentence.format(key=key, value=value, kind=kind)
        for key, value in lacking.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 1
    )


def _notes(data: Mapping[str, object], census: Census, fields: Mapping[str, float | str]) -> tuple[str, ...]:
    notes = []
    classes = data.get("architectures")
    if isinstance(classes, list) and classes and isinstance(classes[0], str):
        notes.append(_("Counted as {name}.").format(name=classes[0][:_LONGEST_TITLE]))
    if fields["model.family"] == "encoder-decoder":
        read = float(fields.get("training.sequence", usual_sequence()))
        written = float(fields["model.second_sequence"])
        if written == read:
            notes.append(_("As many tokens are taken to be written as read."))
        else:
            words = _("{written:,.0f} tokens are taken to be written for {read:,.0f} that are read.")
            notes.append(words.format(written=written, read=read))
    if fields["model.family"] == "encoder" and "vocabulary" not in census.facts:
        notes.append(_("Operations are those of one place of the input that passes every weight once."))
    aside = census.parameters - census.products
    tables = 2.0 * float(fields["model.vocabulary"]) * float(fields["model.hidden"])
    towers = fields["model.family"] in ("decoder", "state-space") and "experts" not in census.facts
    if towers and aside - tables > 0.02 * census.parameters:
        notes.append(_("What tokens of text do not pass has parameters here, and no operations."))
    return tuple(notes)
