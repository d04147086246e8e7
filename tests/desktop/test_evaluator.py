"""When what is computed: the estimate at once, the rest where its cost allows, the latest request only."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from tcplan.plan.document import Document as Content
from tcplan_desktop.document import Document
from tcplan_desktop.evaluator import Evaluator
from tcplan_desktop.lanes import Cancelled, Lane, Turn


@pytest.fixture
def lane(qapp: object) -> object:
    made = Lane("test")
    yield made
    made.close()


def make_slow(lane: Lane) -> None:
    """Let the lane believe that its work takes long."""
    lane._cost = 1.0


def test_the_estimate_belongs_to_the_plan_in_force(qapp: object) -> None:
    """A view that is told before the estimate is new would paint an old number."""
    document = Document(Content.new())
    evaluator = Evaluator(document)
    seen = []
    document.changed.connect(lambda _before, _after: seen.append(evaluator.estimate.plan is document.plan))
    document.set("training.tokens", 1e12)
    document.undo_stack.undo()
    assert seen == [True, True]
    evaluator.close()


def test_words_on_the_cover_compute_nothing(qapp: object) -> None:
    """Typing a title would compute everything at each key."""
    document = Document(Content.new())
    evaluator = Evaluator(document)
    before = evaluator.estimate
    document.replace(document.content.with_words(title="Grant"), "title")
    assert evaluator.estimate is before
    evaluator.close()


def test_quick_work_is_done_at_once_on_the_thread_of_the_window(lane: Lane) -> None:
    """A queue for quick work would leave the curves one frame behind the headline."""
    results: list[object] = []
    lane.done.connect(results.append)
    lane.request(lambda _turn: threading.current_thread())
    assert results == [threading.main_thread()]


def test_slow_work_goes_to_a_worker(lane: Lane, qtbot: QtBot) -> None:
    """The window would stand still while curves are computed."""
    make_slow(lane)
    with qtbot.waitSignal(lane.done) as done:
        lane.request(lambda _turn: threading.current_thread())
    assert done.args is not None
    assert done.args[0] is not threading.main_thread()


def test_results_of_an_older_request_are_dropped(lane: Lane, qtbot: QtBot) -> None:
    """An old curve would be painted over the new one."""
    make_slow(lane)
    begun, go_on = threading.Event(), threading.Event()

    def old(_turn: Turn) -> str:
        begun.set()
        go_on.wait(5)
        return "old"

    results: list[object] = []
    lane.done.connect(results.append)
    lane.request(old)
    assert begun.wait(5)
    lane.request(lambda _turn: "middle")
    with qtbot.waitSignal(lane.done):
        lane.request(lambda _turn: "new")
        go_on.set()
    assert results == ["new"]


def test_long_work_hears_that_nobody_waits_any_more(lane: Lane) -> None:
    """A search that nobody waits for would go on to its end, and the window could not close."""
    make_slow(lane)
    begun, ended = threading.Event(), threading.Event()

    def work(turn: Turn) -> None:
        begun.set()
        try:
            while True:
                turn.check()
        except Cancelled:
            ended.set()
            raise

    lane.request(work)
    assert begun.wait(5)
    lane.close()
    assert ended.wait(5)


def test_a_failure_is_told_and_the_lane_lives_on(lane: Lane, qtbot: QtBot) -> None:
    """An exception in a worker would vanish, and the next request would wait for ever."""
    make_slow(lane)

    def fail(_turn: Turn) -> None:
        message = "no"
        raise ValueError(message)

    with qtbot.waitSignal(lane.failed) as failed:
        lane.request(fail)
    assert failed.args is not None
    assert isinstance(failed.args[0], ValueError)
    make_slow(lane)
    with qtbot.waitSignal(lane.done):
        lane.request(lambda _turn: 1)


def test_closing_joins_the_worker(lane: Lane, qtbot: QtBot) -> None:
    """A worker that outlives the window aborts the process at exit."""
    make_slow(lane)
    with qtbot.waitSignal(lane.done):
        lane.request(lambda _turn: 1)
    lane.close()
    assert not any(thread.name == "test" for thread in threading.enumerate())
    lane.request(lambda _turn: 2)
