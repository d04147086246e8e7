"""A reading -> a new plan that nobody has saved yet, and what the person should know about it."""

from dataclasses import dataclass

from tcplan.language import _
from tcplan.plan.document import LONGEST_PROSE, Document
from tcplan.plan.plan import PlanError
from tcplan.plan.reading import quoted
from tcplan.reading.reading import Reading, ReadingError


@dataclass(frozen=True, slots=True)
class Imported:
    """A document made from a file: `missing` says what was assumed, `notes` what was found."""

    document: Document
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def document_of(reading: Reading, file_name: str) -> Imported:
    """Return a new document with what was read; a value that no plan can hold is left out and said.

    A size of the model is not left out: the default of the plan in its place would be half of another model.

    Parameters
    ----------
    reading
        What a reader found.
    file_name
        Where it was found, for the remark of the plan.

    Raises
    ------
    ReadingError
        When the model has a size that no plan can hold.
    """
    document = Document.new(title=reading.title or file_name)
    notes = tuple(quoted(sentence) for sentence in reading.notes)
    missing = [quoted(sentence) for sentence in reading.missing]
    for path, value in reading.fields.items():
        try:
            document = document.with_value(path, value)
        except PlanError as error:
            if path.startswith("model."):
                raise ReadingError(str(error)) from error
            missing.append(
                _("{path}: {value} was not taken; {reason}").format(
                    path=path, value=value, reason=error.sentence
                )
            )
    lines = [_("Read from {file}.").format(file=file_name), *notes]
    if missing:
        lines += [_("Assumed or not in the file:"), *(f"- {sentence}" for sentence in missing)]
    remark = "\n".join(lines)[:LONGEST_PROSE]
    return Imported(document.with_words(remark=remark), tuple(missing), notes)
