"""--record without room on the disk: where somebody watches it waits; else it is refused."""

from dataclasses import replace

import pytest
from annotated_frames import annotated_frame_of
from support import FakeClock, eventually, livecam_here, picture
from web.serving import QUIET, serving

from livecam.core.annotated_frame import RecorderState
from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.disk_space_wait import LOOK_INTERVAL_S, DiskSpaceWait


class FakeRecorder:
    def __init__(self):
        self.wanted = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def show(self, annotated):
        self.wanted.append(annotated.view.recording)

    def state(self):
        return RecorderState()


def shown(sink, *, recording=True):
    annotated = annotated_frame_of(picture(), 1, 0.0)
    sink.show(replace(annotated, view=replace(annotated.view, recording=recording)))


def test_it_begins_by_itself_when_there_is_space_and_looks_at_once_at_a_key(tmp_path):
    free, said, clock, recorder = [5], [], FakeClock(), FakeRecorder()
    monitor = DiskSpaceMonitor(10, lambda _: free[0])
    with DiskSpaceWait(recorder, tmp_path / "a.mp4", monitor, said.append, clock=clock) as sink:
        shown(sink)
        shown(sink)
        assert sink.state().is_broken
        assert len(said) == 1
        assert f"{tmp_path / 'a.mp4'} is not recorded yet: less than" in said[0]
        shown(sink, recording=False)
        assert not sink.state().is_broken
        shown(sink)  # the key again: it is told again
        assert len(said) == 2
        free[0] = 50
        shown(sink)  # not looked at yet
        clock.sleep(LOOK_INTERVAL_S)
        shown(sink)
        assert recorder.wanted == [False] * 5 + [True]
        assert "there is room again" in said[-1]
        assert not sink.state().is_broken
        free[0] = 5
        shown(sink)  # from now on the recorder itself watches the disk
        assert recorder.wanted[-1]


def test_a_recording_for_which_there_was_never_space_is_an_error_at_the_end(tmp_path):
    sink = DiskSpaceWait(
        FakeRecorder(), tmp_path / "a.mp4", DiskSpaceMonitor(10, lambda _: 5), list
    )
    with pytest.raises(SinkError, match="was not recorded: less than"), sink:
        shown(sink)


def test_with_a_page_a_full_disk_at_the_start_ends_nothing(tmp_path):
    """Before, a service that was started again ended at once, every five seconds."""
    reserve = (*QUIET, "--record", "a.mp4", "--disk-reserve", 1e9)
    with serving(tmp_path, *reserve) as program:
        assert eventually(lambda: program.state()["recording"]["failed"])
        eventually(lambda: "a.mp4 is not recorded yet" in "".join(program.stderr_lines))
        assert not (tmp_path / "a.mp4").exists()
        program.request("POST", "/api/recording", {"recording": False})
        # The next frame is recorded with what holds then: both at once would be no change.
        eventually(lambda: not program.state()["recording"]["wanted"])
        shown = program.state()["figures"]["frame"]
        eventually(lambda: program.state()["figures"]["frame"] > shown + 1)
        program.request("POST", "/api/recording", {"recording": True})
        eventually(lambda: "".join(program.stderr_lines).count("is not recorded yet") == 2)
        assert program.get("/healthz").status == 200
        program.request("POST", "/api/key", {"key": "q"})
        assert program.process.wait(60) == 5


@pytest.mark.parametrize("flags", [["--no-window"], []])
def test_without_window_and_page_it_is_refused_as_before(tmp_path, flags):
    run = livecam_here(
        "daisy", "--model", "flowers", "--record", "a.mp4", "--disk-reserve", 1e9, *flags,
        cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 5
    assert "a.mp4 cannot be recorded: less than" in run.stderr.splitlines()[-1]
