"""A file of any kind that we read -> a reading: its content says what it is, never its name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.plan.disk import Disk, NotAFileError, TooLargeError
from tcplan.reading import arguments, carbontracker, codecarbon, huggingface, megatron, meta, slurm
from tcplan.reading.reading import Reading, ReadingError, json_object
from tcplan.reading.text import LARGEST, header_of, text_of, too_large

_TABLES: tuple[tuple[Callable[[str], bool], Callable[[str, Shelf], Reading]], ...] = (
    (codecarbon.is_codecarbon, codecarbon.read),
    (slurm.is_slurm, slurm.read),
    (carbontracker.is_carbontracker, carbontracker.read),
)


def read_file(path: Path | str, shelf: Shelf, disk: Disk | None = None) -> Reading:
    """Return what a regular file says.

    Raises
    ------
    ReadingError
        When it cannot be read, or is of no kind that we know.
    """
    place = Path(path)
    try:
        data = (disk or Disk()).read(place, LARGEST)
    except TooLargeError as error:
        raise too_large() from error
    except NotAFileError as error:
        raise ReadingError(_("this is a folder or a device, not a file")) from error
    except FileNotFoundError as error:
        raise ReadingError(_("there is no such file")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadingError(_("the file cannot be read: {reason}").format(reason=reason)) from error
    reading = read(data, shelf)
    return reading if reading.title else replace(reading, title=_named(place))


def _named(place: Path) -> str:
    """Return the name of a file, or of its folder where all such files are called alike."""
    alike = place.stem.lower() in ("config", "params", "emissions")
    return (place.absolute().parent.name if alike else "") or place.stem


def read(data: bytes, shelf: Shelf) -> Reading:
    """Return what the bytes of a file say.

    Raises
    ------
    ReadingError
        When they are damaged, or of no kind that we know.
    """
    text = text_of(data)
    if text.lstrip().startswith("{"):
        return _of_json(text)
    for fits, reader in _TABLES:
        if fits(text):
            return reader(text, shelf)
    if arguments.is_arguments(text):
        return megatron.read(text)
    if {"step_s", "layers", "hardware"} <= set(header_of(text).split(",")):
        sentence = _(
            "these are measured steps: File > Calibrate to my measurements takes them, as does validate"
        )
        raise ReadingError(sentence)
    if text.lstrip().startswith("<"):
        raise ReadingError(_("this is a web page or XML, not a file of a run"))
    raise _unknown()


def _of_json(text: str) -> Reading:
    try:
        tree = json_object(text.encode())
    except ReadingError:
        # GPT-NeoX writes its YAML in braces, with comments.
        if arguments.is_arguments(text):
            return megatron.read(text)
        raise
    if {"format", "readable_from"} <= tree.keys():
        raise ReadingError(_("this is a plan of TCPlan already; open it"))
    if huggingface.recognises(tree):
        return huggingface.read_config(tree)
    if meta.is_meta(tree):
        return meta.read(tree)
    if arguments.is_tree_of_arguments(tree):
        return megatron.read(text)
    raise _unknown()


def _unknown() -> ReadingError:
    sentence = _(
        "this is none of the files that can be read: config.json or params.json of a model, Megatron's "
        "arguments, a table of sacct with its header, CodeCarbon's emissions.csv, a log of carbontracker"
    )
    return ReadingError(sentence)
