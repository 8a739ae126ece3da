"""Recordings of a run: from the key to their end, over pauses and the silence of a source."""

from dataclasses import replace

import pytest
from fake_pipeline import VIEW, Slowly, keys, pipeline_of
from support import (
    Collector,
    FakeClock,
    ListSource,
    ScriptedScreen,
    frames_of,
    probe,
)

from livecam.pipeline.frame_judge import FrameJudge
from livecam.pipeline.loop import run
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.pipeline.run_limits import RunLimits
from livecam.core.playback_pacing import Pacer


def test_recording_time_counts_from_the_press_of_the_key():
    screen = ScriptedScreen([[], [], keys("r")])
    pipeline = pipeline_of(ListSource(frames_of(40, width=640, height=480)), screen=screen)
    run(pipeline, VIEW)
    recording = [s for s in pipeline.sinks[0].annotated_frames if s.view.recording]
    assert recording[0].frame.index == 3
    seconds = [s.status.recording_s for s in screen.annotated_frames]
    assert seconds[2] is None
    assert seconds[5] == pytest.approx(0.1, abs=0.05)
    assert seconds[39] == pytest.approx(1.2, abs=0.05)


def test_on_a_picture_that_stands_still_there_is_nothing_to_record_and_it_is_said():
    told = []
    screen = ScriptedScreen([[]] * 25 + [keys("r"), [], [], keys("q")])
    pipeline = pipeline_of(
        ListSource(frames_of(1, rate=1.0)),
        screen=screen,
        holds_end=True,
        screen_messages=ScreenMessages(told.append, screen.clock),
    )
    run(pipeline, VIEW)
    assert told == ["nothing to record: the picture stands still"]
    assert not screen.annotated_frames[-1].view.recording


def test_a_recording_asked_for_in_a_pause_begins_when_it_ends():
    told = []
    screen = ScriptedScreen([[], keys(" "), [], keys("r"), [], [], keys(" ")])
    pipeline = pipeline_of(
        ListSource(frames_of(5, width=640, height=480)),
        screen=screen,
        screen_messages=ScreenMessages(told.append, screen.clock),
    )
    run(pipeline, VIEW)
    assert told == ["the recording begins when the pause ends"]
    assert [s.view.recording for s in pipeline.sinks[0].annotated_frames] == [
        False,
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(("cut", "seconds"), [(True, 1.0), (False, 61.0)])
def test_the_recording_clock_counts_a_pause_only_where_it_is_kept(cut, seconds):
    """A camera's own time goes on while the user holds the picture."""
    frames = frames_of(40)
    late = [replace(f, time_s=f.time_s + 60.0) for f in frames[20:]]
    screen = ScriptedScreen([[]] * 19 + [keys(" "), keys(" ")])
    pipeline = pipeline_of(
        ListSource([*frames[:20], *late], is_live=True),
        screen=screen,
        pacer=Pacer(real_time=False),
        pauses_are_cut=cut,
    )
    run(pipeline, replace(VIEW, recording=True))
    shown = screen.annotated_frames[-1].status
    assert shown.recording_s == pytest.approx(seconds, abs=0.4)


def test_a_recording_that_is_ended_in_a_pause_is_closed_there_and_another_one_can_begin():
    told = []
    screen = ScriptedScreen([keys("r"), [], keys(" "), [], keys("r"), [], keys("r"), [], keys(" ")])
    recorder = Collector()
    pipeline = pipeline_of(
        ListSource(frames_of(6, width=640, height=480)),
        screen=screen,
        sinks=[recorder],
        recorder=recorder,
        screen_messages=ScreenMessages(told.append, screen.clock),
    )
    run(pipeline, VIEW)
    assert told == ["the recording begins when the pause ends"]
    seen = [(s.view.recording, bool(s.waiting_for)) for s in recorder.annotated_frames]
    assert (False, True) in seen  # it ends with the pause's own annotated frame
    assert seen[seen.index((False, True)) + 1] == (True, False)


class SilentAtTheEnd(ListSource):
    """A live source whose pictures are `age_s` old when they come; then nothing for a time."""

    def __init__(self, clock, *, age_s=0.0, until_s=0.0, is_live=True):
        super().__init__(frames_of(4, rate=10.0), is_live=is_live)
        self.clock, self.age_s, self.until_s = clock, age_s, until_s

    def __iter__(self):
        for frame in self.frames:
            self.clock.now_s = max(self.clock.now_s, frame.time_s)
            captured_s = frame.time_s - self.age_s if self.is_live else None
            yield replace(frame, captured_s=captured_s)
        self.clock.now_s = max(self.clock.now_s, self.until_s)


def end_of_recording(source, **more):
    """The source's time at which the last picture ends; None where nobody says it."""
    recorder = Collector()
    pacer = Pacer(real_time=not source.is_live)
    more = {"sinks": [recorder], "clock": source.clock, "pacer": pacer, **more}
    run(pipeline_of(source, recorder=recorder, **more), replace(VIEW, recording=True))
    last = recorder.annotated_frames[-1]
    return None if last.view.recording else last.frame.time_s


@pytest.mark.parametrize(("is_live", "ends_at_s"), [(True, 3.1), (False, None)])
def test_the_last_picture_of_a_live_recording_lasts_until_the_run_ends(is_live, ends_at_s):
    source = SilentAtTheEnd(FakeClock(), until_s=3.1, is_live=is_live)
    expected = None if ends_at_s is None else pytest.approx(ends_at_s)
    assert end_of_recording(source, screen=ScriptedScreen(clock=source.clock)) == expected


class AtTimes(ScriptedScreen):
    """Keys at times of its clock."""

    def __init__(self, clock, presses):
        super().__init__(clock=clock)
        self.presses = dict(presses)

    def events(self, wait_s):
        super().events(wait_s)
        due = [at_s for at_s in self.presses if at_s <= self.clock()]
        return keys(*(self.presses.pop(at_s) for at_s in due))


PAUSED_AT_S, CLOSED_AT_S = 0.3, 10.4


@pytest.mark.parametrize(
    ("cut", "presses", "lasts_s"),
    [
        (True, {10.3: "q"}, 0.0),
        (False, {10.3: "q"}, 10.0),
        (True, {10.3: "r"}, 0.0),
        (False, {10.3: "r"}, 10.0),
        (True, {10.3: " "}, 0.1),  # the source ends before it gives another picture
        (False, {10.3: " "}, 10.1),
    ],
)
def test_a_recording_that_ends_in_a_pause_or_right_after_it_has_the_pause_where_it_is_kept(
    cut, presses, lasts_s
):
    """Before, who quit or pressed r lost a pause that is kept, and one that is cut was kept."""
    source = SilentAtTheEnd(FakeClock(), until_s=CLOSED_AT_S)
    leaving = {} if " " in presses.values() else {20.0: "q"}
    screen = AtTimes(source.clock, {PAUSED_AT_S: " ", **presses, **leaving})
    ends_at_s = end_of_recording(source, screen=screen, pauses_are_cut=cut)
    assert ends_at_s == pytest.approx(PAUSED_AT_S + lasts_s, abs=0.06)


@pytest.mark.parametrize("key", ["q", "r"])
@pytest.mark.parametrize(("cut", "lasts_s"), [(True, 0.4), (False, 10.3)])
def test_the_file_of_a_recording_that_ends_in_a_pause_is_as_long(cut, lasts_s, key, tmp_path):
    path = tmp_path / "a.mp4"
    source = SilentAtTheEnd(FakeClock(), until_s=CLOSED_AT_S)
    screen = AtTimes(source.clock, {PAUSED_AT_S: " ", 10.3: key, 20.0: "q"})
    request = EncoderRequest(rate=10.0, live=True)
    with Recorder(RecordingOptions(path, tmp_path, request, cut_pauses=cut)) as recorder:
        slowly = Slowly(recorder)
        pipeline = pipeline_of(
            source, screen=screen, clock=source.clock, sinks=[slowly], recorder=slowly,
            pauses_are_cut=cut, pacer=Pacer(real_time=False),
        )  # fmt: skip
        run(pipeline, replace(VIEW, recording=True))
    assert probe(path).duration_s == pytest.approx(lasts_s, abs=0.06)


@pytest.mark.parametrize("until_s", [0.3, 2.3])
@pytest.mark.parametrize("age_s", [0.0, 12.5])
def test_the_last_picture_lasts_from_when_it_was_shown_however_old_it_was(age_s, until_s):
    """A stream in segments is shown late: its age says nothing of how long it was silent."""
    source = SilentAtTheEnd(FakeClock(), age_s=age_s, until_s=until_s)
    assert end_of_recording(source) == pytest.approx(until_s)


@pytest.mark.parametrize("limits", [RunLimits(frames=3), RunLimits(seconds=0.3)])
def test_a_limit_ends_the_last_picture_where_the_next_one_would_come(limits):
    source = SilentAtTheEnd(FakeClock(), age_s=12.5)
    lasts_s = end_of_recording(source, limits=limits) - 0.2
    assert lasts_s == pytest.approx(0.0 if limits.frames else 0.1)  # the recorder: at least nominal


def test_pictures_that_wait_for_the_recorder_or_the_judge_are_no_silence(monkeypatch):
    """Where every picture is wanted they come ever later: the recorder had no room."""
    clock = FakeClock()

    class SlowRecorder(Collector):
        def show(self, annotated):
            super().show(annotated)
            clock.sleep(5.0)

    recorder = SlowRecorder()
    monkeypatch.setattr(FrameJudge, "close", lambda _: clock.sleep(9.0))
    pipeline = pipeline_of(SilentAtTheEnd(clock), clock=clock, sinks=[recorder], recorder=recorder)
    run(pipeline, replace(VIEW, recording=True))
    last = recorder.annotated_frames[-1]
    assert not last.view.recording
    assert last.frame.time_s == pytest.approx(0.3)
