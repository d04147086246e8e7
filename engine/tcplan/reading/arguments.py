"""The arguments of a training script, wherever they are written -> option name and value.

Shell scripts with `--num-layers 40`, YAML and JSON of a run, and the list that Megatron prints at its start.
Nothing is run: variables are put in where the script sets them to one plain value.
"""

import ast
import contextlib
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tcplan.reading.reading import ReadingError, json_object

FLAG = "true"
"""The value of an option that stands without one."""

_OPTION = re.compile(
    r"""(?<![\w-])--([A-Za-z][\w-]*)(?:(?:=|[ \t]+)("[^"\n]*"|'[^'\n]*'|(?!--)[^\s"'\\)]+))?"""
)
_LISTS = frozenset(("recompute-modules",))
_FURTHER = re.compile(r"""(?:[ \t]+(?![-"'\\)])[^\s"'\\)]+)*""")
"""The words after the first one of an option that takes several."""

_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)="""
    r"""("[^"\n]*"|'[^'\n]*'|\$\(\([^\n]*?\)\)|[^\s;#()]*)(?=[\s;#]|$)""",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)")
_SUM = re.compile(r"^\$\(\((.*)\)\)$")
_SBATCH = re.compile(r"^#SBATCH[ \t]+--?([A-Za-z][\w-]*)(?:=|[ \t]+)(\S+)", re.MULTILINE)
_PRINTED = re.compile(r"^(?:.*?[ \t])?([a-z]\w*) \.{3,} (\S.*)$", re.MULTILINE)
_PAIR = re.compile(
    r"""^([ \t]*)(?:-[ \t]+)?["']?(-{0,2}[A-Za-z][\w.-]*)["']?[ \t]*:(?:[ \t]+(.*?))?,?[ \t]*$"""
)
_LAYERS = re.compile(r"""^[ \t{]*["']?(?:--)?num[-_]layers["']?[ \t]*:""", re.MULTILINE)
_OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.floordiv,
}
_NO_VALUE = frozenset(("", "null", "none", "~"))
_DEEPEST_VARIABLE = 8
_LONGEST = 1_000_000
"""Letters that are looked at: a log goes on for long after the list of its arguments."""


@dataclass(slots=True)
class Arguments:
    """Values by option name, in small letters with hyphens; what was unclear, and how it was written."""

    values: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    job: dict[str, str] = field(default_factory=dict)
    """Options of `#SBATCH` lines, and variables that count nodes and devices."""
    own: bool = True
    """Whether these are Megatron's own arguments, with its defaults for what is not there."""

    def put(self, name: str, value: str) -> None:
        """Take a value; of several the last one counts, as in the script itself."""
        key = name.lstrip("-").lower().replace("_", "-")
        plain = value.strip().strip("\"'").strip()
        if plain.lower() in _NO_VALUE:
            self.values.pop(key, None)
        else:
            self.values[key] = plain


def is_arguments(text: str) -> bool:
    """Return whether a text sets the layers of a model as Megatron's scripts do."""
    start = text[:_LONGEST]
    spellings = ("--num-layers", "--num_layers", "num_layers ...")
    return any(one in start for one in spellings) or _LAYERS.search(start) is not None


def is_tree_of_arguments(tree: Mapping[str, Any]) -> bool:
    """Return whether a JSON object sets the layers of a model as Megatron does, and is no model's own."""
    names = {name.lstrip("-").replace("-", "_") for name, _value in _leaves(tree, "")}
    return {"num_layers", "hidden_size"} <= names and not {"model_type", "architectures"} & tree.keys()


def arguments_of(text: str) -> Arguments:
    """Return the options that a text sets."""
    text = text[:_LONGEST]
    if text.lstrip().startswith("{"):
        with contextlib.suppress(ReadingError):
            return _of_pairs(_leaves(json_object(text.encode()), ""), own=False)
    if _PRINTED.search(text):
        return _of_pairs((found[1], found[2]) for found in _PRINTED.finditer(text))
    if _LAYERS.search(text):
        return _of_pairs(_yaml_pairs(text), own="--num-layers" in text)
    return _of_script(text)


def _of_pairs(pairs: Iterator[tuple[str, str]], *, own: bool = True) -> Arguments:
    arguments = Arguments(own=own)
    for name, value in pairs:
        arguments.put(name, value)
    return arguments


def _leaves(tree: Mapping[str, Any], parent: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, name)
        elif isinstance(value, bool | int | float | str):
            yield _named(name, parent), str(value).lower() if isinstance(value, bool) else str(value)


def _named(name: str, parent: str) -> str:
    """Return the name of an option: a switch inside a group is called as the group is."""
    if name == "enabled":
        return parent
    if name in ("stage", "name") and parent:
        return f"{parent}-{name}"
    return name.rpartition(".")[2]


def _yaml_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a YAML text without its lists; the indentation says what belongs to a group."""
    groups: list[tuple[int, str]] = []
    for line in text.splitlines():
        found = _PAIR.match(re.sub(r"(?:^|\s)#.*$", "", line))
        if found is None:
            continue
        indent, name, value = len(found[1].expandtabs()), found[2], (found[3] or "").strip()
        while groups and groups[-1][0] >= indent:
            groups.pop()
        if value in ("", "{"):
            groups.append((indent, name))
        elif not value.startswith(("[", "{", "&", "*", "|", ">")) or name.endswith("freq"):
            yield _named(name, groups[-1][1] if groups else ""), value


def _of_script(text: str) -> Arguments:
    arguments = Arguments()
    for found in _SBATCH.finditer(text):
        arguments.job[found[1].lower()] = found[2]
    plain = re.sub(r"\\[ \t]*\n", " ", _without_comments(text))
    variables, several = _variables(plain)
    for found in _OPTION.finditer(plain):
        name = found[1].lower().replace("_", "-")
        value = FLAG if found[2] is None else found[2].strip("\"'").strip()
        if name in _LISTS:
            further = _FURTHER.match(plain, found.end())
            value += further[0] if further else ""
        known, culprit = _substituted(value, variables, several)
        if known is None:
            arguments.unclear[name] = culprit
        else:
            arguments.unclear.pop(name, None)
            arguments.put(name, known or FLAG)
    for name in ("WORLD_SIZE", "NNODES", "NUM_NODES", "GPUS_PER_NODE"):
        known, _culprit = _substituted(f"${name}", variables, several)
        if known:
            arguments.job.setdefault(name, known)
    return arguments


def _without_comments(text: str) -> str:
    """Return a script without comments; a comment between continued lines leaves the line continued."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(re.sub(r"[ \t]#[ \t].*$", "", line) for line in lines) + "\n"


def _variables(text: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return the last value of each variable, and those that are set to several, as in branches."""
    values: dict[str, str] = {}
    several: set[str] = set()
    for found in _ASSIGNMENT.finditer(text):
        name, value = found[1], found[2].strip("\"'")
        if name in values and values[name] != value:
            several.add(name)
        values[name] = value
    return values, frozenset(several)


def _substituted(
    text: str, variables: Mapping[str, str], several: frozenset[str], depth: int = 0
) -> tuple[str | None, str]:
    """Return a text with its variables put in, or None and the variable that has no one value."""
    pieces: list[str] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        name, otherwise = found[1] or found[3], found[2]
        value: str | None = variables.get(name, otherwise)
        if value is None or name in several or depth > _DEEPEST_VARIABLE:
            return None, name
        known, culprit = _substituted(value, variables, several, depth + 1)
        if known is None:
            return None, culprit
        pieces += [text[at : found.start()], known]
        at = found.end()
    whole = "".join(pieces) + text[at:]
    total = _SUM.match(whole.strip())
    if total is None:
        return whole, ""
    number = _computed(total[1])
    return (None, total[1].strip()) if number is None else (str(number), "")


def _computed(text: str) -> int | None:
    """Return the value of whole numbers with + - * / between them, None for anything else."""
    if not re.fullmatch(r"[\d\s+*/()-]{1,200}", text):
        return None
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp):
        operation = _OPERATIONS.get(type(node.op))
        if operation is not None:
            return operation(_value(node.left), _value(node.right))
    message = "not a sum of whole numbers"
    raise ValueError(message)
