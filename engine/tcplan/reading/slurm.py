"""Job accounting of SLURM, as `sacct --parsable2` prints it -> devices, device-hours and energy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tcplan.catalogue.shelf import Shelf
from tcplan.language import _, plural
from tcplan.reading.draft import Draft
from tcplan.reading.reading import Reading, ReadingError
from tcplan.reading.text import LARGEST_AMOUNT, Line, header_of, table

_ELAPSED = re.compile(r"^(?:(\d{1,5})-)?(?:(\d{1,5}):)?(\d{1,5}):(\d{1,5}(?:\.\d+)?)$")
_GPU = re.compile(r"^gres/gpu(?::([^=]+))?=(\d{1,9})$")
_ENERGY = re.compile(r"^(\d{1,20}(?:\.\d+)?)([KMGTP]?)$")
_PREFIXES = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_NO_VALUE = frozenset((2.0**32 - 2.0, 2.0**32 - 1.0))
"""With these numbers SLURM says that it has none, and with two beyond every amount."""
_RUNNING = frozenset(("RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING", "STAGE_OUT"))


@dataclass(frozen=True, slots=True)
class _Job:
    """One allocation: its devices, how long it held them [s], its energy [J], and how it ended."""

    devices: float
    kinds: tuple[str, ...]
    seconds: float
    joules: float | None
    state: str

    @property
    def device_seconds(self) -> float:
        return self.devices * self.seconds


def is_slurm(text: str) -> bool:
    """Return whether a text begins as a table of `sacct` does."""
    columns = {name.strip() for name in re.split(r"[|,;\t ]", header_of(text))}
    return bool(columns & {"JobID", "JobIDRaw"}) and len(columns) > 1


def read(text: str, shelf: Shelf) -> Reading:
    """Return what a table of finished jobs says about a run.

    Parameters
    ----------
    text
        The output of `sacct` with a header, cells parted by `|` or as CSV.
    shelf
        The catalogue, in which the accelerators are looked up.

    Raises
    ------
    ReadingError
        When a column that is needed is missing, or no job had an accelerator.
    """
    if not re.search(r"[|,;\t]", header_of(text)):
        raise ReadingError(_("cells of this table may be cut off; write it with sacct --parsable2"))
    lines = table(text, "|,;\t")
    _check_columns(lines[0])
    steps = _steps(lines)
    jobs = [_job(line, steps) for line in lines if "." not in _identity(line)]
    if not jobs:
        raise ReadingError(_("the table has steps of jobs and no line of a job itself"))
    held = [job for job in jobs if job.device_seconds > 0.0]
    if not held:
        raise ReadingError(_("no job of this table held an accelerator (gres/gpu in AllocTRES) for any time"))
    draft = Draft()
    draft.missing.append(
        _("model, tokens and layout: job accounting does not know them; the plan has its defaults")
    )
    draft.notes.append(_job_words(jobs, held))
    _take_devices(held, draft)
    _take_accelerator(held, shelf, draft)
    _take_energy(held, draft)
    return draft.reading("job", "")


def _check_columns(line: Line) -> None:
    wanted = (("JobID", "JobIDRaw"), ("Elapsed", "ElapsedRaw"), ("AllocTRES",))
    for names in wanted:
        if not any(name in line.cells for name in names):
            sentence = _("the column {name} is missing; ask sacct for JobID,Elapsed,AllocTRES,State")
            raise ReadingError(sentence.format(name=names[0]))


def _identity(line: Line) -> str:
    return line.text("JobID") or line.text("JobIDRaw")


def _steps(lines: Iterable[Line]) -> dict[str, list[Line]]:
    steps: dict[str, list[Line]] = {}
    for line in lines:
        job, dot, _step = _identity(line).partition(".")
        if dot:
            steps.setdefault(job, []).append(line)
    return steps


def _job(line: Line, steps: dict[str, list[Line]]) -> _Job:
    devices, kinds = _devices(line)
    joules = _joules(line)
    if joules is None:
        joules = _joules_of_steps(steps.get(_identity(line), []))
    state = line.text("State").partition(" ")[0].upper().rstrip("+")
    return _Job(devices, kinds, _seconds(line), joules, state)


def _seconds(line: Line) -> float:
    raw = line.amount("ElapsedRaw")
    if raw is not None:
        return raw
    cell = line.text("Elapsed")
    found = _ELAPSED.match(cell)
    if found is None:
        sentence = _("{cell} is not a time such as 2-03:04:05").format(cell=cell or "“”")
        raise line.refusal(sentence, "Elapsed")
    days, hours, minutes, seconds = (float(part or 0.0) for part in found.groups())
    return days * 86400.0 + hours * 3600.0 + minutes * 60.0 + seconds


def _devices(line: Line) -> tuple[float, tuple[str, ...]]:
    """Return how many accelerators all nodes of a job gave it, and their kinds where they are named."""
    cell = line.text("AllocTRES")
    if cell and "=" not in cell:
        sentence = _("{cell} is not a list such as node=2,gres/gpu=8").format(cell=cell)
        raise line.refusal(sentence, "AllocTRES")
    plain = 0.0
    kinds: dict[str, float] = {}
    for part in cell.split(","):
        found = _GPU.match(part.strip())
        if found is not None and found[1]:
            kinds[found[1]] = float(found[2])
        elif found is not None:
            plain = float(found[2])
    return plain or sum(kinds.values()), tuple(sorted(kinds, key=lambda kind: -kinds[kind]))


def _joules(line: Line) -> float | None:
    for column in ("ConsumedEnergyRaw", "ConsumedEnergy"):
        cell = line.text(column)
        if not cell:
            continue
        found = _ENERGY.match(cell)
        if found is None:
            raise line.refusal(_("{cell} is not an energy in joules").format(cell=cell), column)
        joules = float(found[1]) * _PREFIXES[found[2]]
        if 0.0 < joules <= LARGEST_AMOUNT and joules not in _NO_VALUE:
            return joules
    return None


def _joules_of_steps(steps: list[Line]) -> float | None:
    """Return the energy of a job whose own line has none.

    `.batch` and `.extern` watch the same nodes for the whole time as the numbered steps do in parts.
    """
    energies = {_identity(step).rpartition(".")[2]: _joules(step) for step in steps}
    numbered = [joules for name, joules in energies.items() if name.isdigit() and joules is not None]
    whole = [joules for name, joules in energies.items() if not name.isdigit() and joules is not None]
    return max([sum(numbered), *whole]) if numbered or whole else None


def _job_words(jobs: list[_Job], held: list[_Job]) -> str:
    words = plural(
        "Measured: {count} job with {hours:,.1f} device-hours in all.",
        "Measured: {count} jobs with {hours:,.1f} device-hours in all.",
        len(held),
    ).format(count=len(held), hours=sum(job.device_seconds for job in held) / 3600.0)
    failed = sum(job.state not in _RUNNING | {"COMPLETED", ""} for job in held)
    running = sum(job.state in _RUNNING for job in held)
    without = len(jobs) - len(held)
    for count, sentence in (
        (failed, _("{count} of them did not end by themselves (failed, cancelled, out of time).")),
        (running, _("{count} still run, and count as far as they have come.")),
        (without, _("{count} without accelerators or without any time are left out.")),
    ):
        if count:
            words += " " + sentence.format(count=count)
    return words


def _take_devices(held: list[_Job], draft: Draft) -> None:
    sizes: dict[float, float] = {}
    for job in held:
        sizes[job.devices] = sizes.get(job.devices, 0.0) + job.device_seconds
    draft.fields["hardware.devices"] = max(sizes, key=lambda size: (sizes[size], size))
    draft.fields["time.device_hours"] = sum(sizes.values())
    if len(sizes) > 1:
        sentence = _(
            "Jobs held between {low:g} and {high:g} devices; the plan has the size that most hours used."
        )
        draft.notes.append(sentence.format(low=min(sizes), high=max(sizes)))


def _take_accelerator(held: list[_Job], shelf: Shelf, draft: Draft) -> None:
    kinds: dict[str, float] = {}
    for job in held:
        for kind in job.kinds:
            kinds[kind] = kinds.get(kind, 0.0) + job.device_seconds
    if not kinds:
        sentence = _("accelerator: AllocTRES counts devices and does not name them; the plan has its default")
        draft.missing.append(sentence)
        return
    names = sorted(kinds, key=lambda kind: -kinds[kind])
    draft.take_accelerator(names[0], shelf)
    if len(names) > 1:
        draft.notes.append(_("The jobs used {names}; the plan has the first.").format(names=", ".join(names)))


def _take_energy(held: list[_Job], draft: Draft) -> None:
    metered = [job for job in held if job.joules is not None]
    if not metered:
        draft.missing.append(_("energy: no job has a metered one; it is predicted for the measured hours"))
        return
    joules = sum(job.joules or 0.0 for job in metered)
    share = sum(job.device_seconds for job in metered) / sum(job.device_seconds for job in held)
    # A job without a meter is taken to have used what the others did for each device-hour.
    draft.fields["energy.computers"] = joules / share
    sentence = _("Metered: {energy:,.1f} kWh of nodes, network and cooling not included.")
    draft.notes.append(sentence.format(energy=joules / 3.6e6))
    if share < 1.0:
        sentence = _("{share:.0%} of the device-hours were metered; the rest is taken to be like them.")
        draft.notes.append(sentence.format(share=share))
