"""A sweep on the workers of a Dask cluster that runs already: the same pieces, hence the same digits."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from tcplan.language import _
from tcplan.plan.reading import quoted
from tcplan.study.sweep import PIECE, Sweep, Table, computed, joined
from tcplan.version import VERSION

_PATIENCE = "10s"
_RETRIES = 3
"""How often a piece that failed is tried again; one that a worker took with it when it died is not lost."""


class ClusterError(Exception):
    """A cluster that cannot be used, with one sentence about why."""


def swept(address: str, one: Sweep, done: Callable[[float], None], piece: int = PIECE) -> Table:
    """Return every point, computed by the workers of a cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as `tcp://node1:8786`.
    one
        What to compute.
    done
        Is told the share that has come back, after each piece.
    piece
        Points of one task.

    Raises
    ------
    ClusterError
        When the library is missing, nobody answers, or the workers cannot compute a piece.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        sentence = _("--scheduler needs the library distributed, which is not in this installation")
        raise ClusterError(sentence) from error
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        sentence = _("no scheduler of Dask answers at {address}").format(address=address)
        raise ClusterError(sentence) from error
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(_("the scheduler at {address} has no worker").format(address=address))
        numbers = {}
        for number, (start, stop) in enumerate(one.pieces(piece)):
            future = client.submit(piece_of, one, start, stop, pure=False, retries=_RETRIES)
            numbers[future] = number
        tables: list[Table] = [{}] * len(numbers)
        for count, future in enumerate(distributed.as_completed(list(numbers)), start=1):
            failure = future.exception()
            if failure is not None:
                raise ClusterError(_refused(failure))
            version, tables[numbers[future]] = future.result()
            if version != VERSION:
                sentence = _("a worker has TCPlan {other}, this is {own}; digits may differ")
                raise ClusterError(sentence.format(other=version, own=VERSION))
            done(count / len(numbers))
    finally:
        client.close()
    return joined(tables)


def piece_of(one: Sweep, start: int, stop: int) -> tuple[str, Table]:
    """Return the version of this worker's engine and the points that it was asked for."""
    return VERSION, computed(one, start, stop)


def _refused(error: BaseException) -> str:
    if isinstance(error, ImportError):
        return _("a worker has no TCPlan {version}: {reason}").format(version=VERSION, reason=error)
    return _("a worker failed: {reason}").format(reason=quoted(f"{type(error).__name__}: {error}"))
