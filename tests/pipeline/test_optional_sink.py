"""A sink that the run can do without: its failure is one line, and everything else goes on."""

import pytest
from fake_pipeline import VIEW, pipeline_of
from support import Collector, ListSource, frames_of

from livecam.errors import ConsumerGoneError, SinkError
from livecam.pipeline.loop import run
from livecam.pipeline.optional_sink import OptionalSink, optional_sinks
from livecam.pipeline.run_summary import closing_line


class Failing:
    """A BackgroundSink that fails with its third frame."""

    def __init__(self):
        self.shown = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def show(self, annotated):
        self.shown += 1
        if self.shown == 3:
            raise SinkError("the disk is full.")

    def is_full(self):
        return False

    def is_idle(self):
        return True

    def dropped(self):
        return 0


def test_the_run_goes_on_and_its_end_says_so():
    lines, sink, other = [], Failing(), Collector()
    with OptionalSink(sink, lines.append, what="figures") as optional:
        pipeline = pipeline_of(ListSource(frames_of(9)), sinks=[optional, other])
        summary = run(pipeline, VIEW).after_closing(pipeline.sinks)
    assert len(other.annotated_frames) == 9
    assert sink.shown == 3
    assert lines == ["the disk is full. The run goes on."]
    assert summary.failure.exit_code == 5
    assert closing_line(summary).endswith("; the figures are not complete")


def test_a_failure_at_the_end_is_one_line_too():
    lines, sink = [], Failing()
    sink.__class__ = type("FailsAtTheEnd", (Failing,), {"__exit__": _full})
    with OptionalSink(sink, lines.append, what="figures") as optional:
        pass
    assert lines == ["the disk is full. The run goes on."]
    assert optional.failure is not None


def _full(*_):
    raise SinkError("the disk is full.")


def test_a_reader_that_goes_ends_nothing_that_has_another_job():
    lines, sink = [], Failing()
    sink.__class__ = type("ReaderGoes", (Failing,), {"show": _reader_goes})
    (optional,) = optional_sinks([(sink, "figures")], lines.append, has_other_job=True)
    with optional:
        optional.show(None)
        optional.show(None)
    assert lines == ["the reader has closed the pipe. The run goes on."]
    assert optional.failure.exit_code == 5


def test_the_last_of_several_that_fails_ends_a_run_without_another_job():
    lines, sinks = [], [Failing(), Failing()]
    first, second = optional_sinks([(s, "x") for s in sinks], lines.append, has_other_job=False)
    for _ in range(3):
        first.show(None)
    assert lines == ["the disk is full. The run goes on."]
    second.show(None)
    second.show(None)
    with pytest.raises(SinkError, match=r"the disk is full\.$"):
        second.show(None)


def test_a_reader_that_goes_ends_a_run_without_another_job_as_it_is():
    sink = Failing()
    sink.__class__ = type("ReaderGoes", (Failing,), {"show": _reader_goes})
    (optional,) = optional_sinks([(sink, "figures")], [].append, has_other_job=False)
    with pytest.raises(ConsumerGoneError):
        optional.show(None)


def _reader_goes(*_):
    raise ConsumerGoneError("the reader has closed the pipe.")
