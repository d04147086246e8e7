"""Write the defaults of configurations by model type, where the library `transformers` is installed.

    python packaging/configuration_defaults.py

TCPlan itself needs no such library: the table that this writes is shipped. Only keys that the reader of
`config.json` names in its source are kept, and only for types that it knows.
"""

import dataclasses
import importlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "engine" / "tcplan" / "reading" / "huggingface"
TABLE = ROOT / "resources" / "tcplan_resources" / "huggingface" / "defaults.json"
OF_ALL = ("tie_word_embeddings", "is_decoder", "add_cross_attention")
"""Keys of the class that all configurations descend from which some model depends on."""

SIDES = ("encoder", "decoder", "swa")
"""Beginnings that the reader puts before other keys."""


class Defaults:
    """The defaults of every type, gathered from the classes of the library."""

    def __init__(self, auto: Any, base: Any, known: set[str], keys: set[str]) -> None:  # noqa: ANN401
        self.base = base
        self.common = {one.name for one in dataclasses.fields(base)} - set(OF_ALL)
        self.auto, self.known, self.keys = auto, known, keys
        self.types: dict[str, dict[str, Any]] = {}

    def gather(self) -> dict[str, dict[str, Any]]:
        """Return what each known type holds, and each type that stands in one as a part."""
        for kind in self.auto.CONFIG_MAPPING_NAMES:
            if kind in self.known:
                self.take(kind, self.auto.CONFIG_MAPPING[kind])
        return self.types

    def take(self, kind: str, made: Any) -> None:  # noqa: ANN401
        """Take what one class declares; what it computes from other keys is left to the reader."""
        if kind in self.types:
            return
        names = {key: told for key, told in made.attribute_map.items() if {key, told} & self.keys}
        kept = (self.keys | set(names.values())) - self.common
        values = self._declared(made, kept)
        values |= {key: getattr(made, key) for key in OF_ALL if isinstance(getattr(made, key, None), bool)}
        self.types[kind] = {"values": {key: value for key, value in values.items() if _is_small(value)}}
        if names:
            self.types[kind]["names"] = names
        self._take_parts(kind, made)

    def _declared(self, made: Any, kept: set[str] | None = None) -> dict[str, Any]:  # noqa: ANN401
        """Return the defaults that a class declares for some keys, or for all that the reader knows."""
        return {
            one.name: _plain(_default(one))
            for one in dataclasses.fields(made)
            if one.name in (kept or self.keys - self.common) and _default(one) is not dataclasses.MISSING
        }

    def _take_parts(self, kind: str, made: Any) -> None:  # noqa: ANN401
        parts: dict[str, Any] = {}
        absent: dict[str, Any] = {}
        whole = _tried(made)
        for name, declared in made.sub_configs.items():
            part = getattr(whole, name, None)
            told = getattr(part, "model_type", "") or getattr(declared, "model_type", "")
            if name not in self.keys or not (told or dataclasses.is_dataclass(declared)):
                continue
            if not told:
                parts[name] = {key: value for key, value in self._declared(declared).items() if value}
                continue
            if part is None:
                self.take(told, declared)
                parts[name], absent[name] = {"model_type": told}, None
                continue
            self.take(told, type(part))
            given = getattr(_tried(made, **{name: {"model_type": told}}), name, part)
            untold = getattr(_tried(made, **{name: {}}), name, part)
            parts[name] = {"model_type": untold.model_type, **self._differences(given)}
            lacking = {"model_type": told, **self._differences(part)}
            if lacking != parts[name]:
                absent[name] = lacking
        if parts:
            self.types[kind]["parts"] = parts
        if absent:
            self.types[kind]["absent"] = absent

    def _differences(self, part: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what a part holds that its own class does not by default."""
        usual, held = _plain(type(part)().to_dict()), _plain(part.to_dict())
        found = {
            key: value for key, value in held.items() if key in self.keys and usual.get(key, "?") != value
        }
        size, hidden, heads = (held.get(key) for key in ("head_dim", "hidden_size", "num_attention_heads"))
        if size and hidden and heads and size != hidden // heads:
            found["head_dim"] = size
        found.pop("model_type", None)
        return {key: value for key, value in found.items() if _is_small(value)}


def _default(one: Any) -> Any:  # noqa: ANN401
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return one.default


def _tried(made: Any, **given: Any) -> Any:  # noqa: ANN401
    try:
        return made(**given)
    except Exception:  # noqa: BLE001
        # Some classes ask for what has no default.
        return None


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _is_small(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, dict):
        return len(value) <= 12 and all(_is_small(one) for one in value.values())
    if isinstance(value, list):
        return len(value) <= 64 and all(_is_small(one) for one in value)
    return value is None or isinstance(value, (bool, int, float, str))


def main() -> int:
    """Write the table and say how large it is."""
    library = importlib.import_module("transformers")
    auto = importlib.import_module("transformers.models.auto.configuration_auto")
    base = importlib.import_module("transformers.configuration_utils").PreTrainedConfig
    sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "resources")]
    known = set(importlib.import_module("tcplan.reading.huggingface.inventory").inventory())
    words = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.py")))
    keys = set(re.findall(r"\w+", words))
    keys |= {f"{side}_{key}" for side in SIDES for key in keys}
    types = Defaults(auto, base, known, keys).gather()
    order = sorted(types.items())
    rows = ",\n".join(f"  {json.dumps(kind)}: {json.dumps(one, sort_keys=True)}" for kind, one in order)
    source = f"transformers {library.__version__} (Apache-2.0): class defaults of its configurations"
    date = datetime.now(UTC).date().isoformat()
    TABLE.write_text(
        f'{{\n "source": {json.dumps(source)},\n "date": "{date}",\n "types": {{\n{rows}\n }}\n}}\n',
        encoding="utf-8",
    )
    print(f"{len(types)} types, {TABLE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
