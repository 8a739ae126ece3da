"""The loop while its source is lost: alive, telling, recording as chosen."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from support import Collector, FakeClock, ScriptedScreen, frames_of, picture, probe, textured
from fake_pipeline import VIEW, Slowly, pipeline_of

from livecam.pipeline.screen_messages import ScreenMessages
from livecam.pipeline.loop import run
from livecam.core.playback_pacing import Pacer
from livecam.core.events import KeyPress
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.pipeline.run_limits import RunLimits
from livecam.sources.clip import Clip
from livecam.core.types import BgrImage, Frame, Waiting
from dataclasses import replace


@dataclass
class HoldingScreen(ScriptedScreen):
    """A screen that keeps status cards, too."""

    held: list = field(default_factory=list)

    def show_status(self, card, view) -> None:
        self.held.append((card, view))


@dataclass
class Script:
    """A live source that plays a list of frames and waits."""

    items: list
    is_live: bool = True
    holds_last: bool = False
    title: str = "camera 0"
    rate: float | None = 30.0
    frame_count: None = None

    def __iter__(self):
        yield from self.items


def waits(begin_s, end_s, reason="camera 0 gives no picture"):
    count = round((end_s - begin_s) * 20)
    times_s = [begin_s + number / 20 for number in range(count)]
    return [Waiting(at, reason, at - begin_s, 1.0) for at in times_s]


def lost_for_ten_seconds(**size):
    """Thirty frames, ten seconds without, thirty frames more (of another size, if asked)."""
    before = frames_of(30)
    after = [Frame(BgrImage(picture(**size)), 30 + i, 11.0 + i / 30) for i in range(30)]
    return Script([*before, *waits(1.0, 11.0), *after])


def test_the_placard_counts_the_seconds_and_is_not_drawn_more_often():
    screen = HoldingScreen()
    summary = run(
        pipeline_of(lost_for_ten_seconds(), screen=screen, pacer=pipeline_of(Script([])).pacer),
        VIEW,
    )
    assert len(screen.held) == 10
    assert summary.frames == 60


def test_loss_and_return_are_told_once():
    said = []
    pipeline = pipeline_of(lost_for_ten_seconds(), screen_messages=ScreenMessages(said.append))
    run(pipeline, VIEW)
    assert said == [
        "camera 0 gives no picture; waiting for it",
        "camera 0 is back after 10.0 s",
    ]


def test_the_same_picture_after_opening_again_is_not_called_back():
    said, source = [], lost_for_ten_seconds()
    source.items[-30] = replace(source.items[-30], is_still=True)
    pipeline = pipeline_of(source, screen_messages=ScreenMessages(said.append))
    run(pipeline, VIEW)
    assert said[1:] == ["camera 0 was opened again, still the same picture: a still scene?"]


def test_keys_are_heard_while_it_is_lost():
    screen = HoldingScreen([[]] * 40 + [[KeyPress("m")]] + [[]] * 40 + [[KeyPress("q")]])
    pipeline = pipeline_of(
        lost_for_ten_seconds(), screen=screen, pacer=pipeline_of(Script([])).pacer
    )
    assert run(pipeline, VIEW).frames == 30
    assert [view.mirror for _, view in screen.held][-1]


def test_keys_are_answered_while_it_is_lost():
    screen = HoldingScreen([[]] * 40 + [[KeyPress("h")]] + [[]] * 40 + [[KeyPress("c")]])
    clock = FakeClock()
    pipeline = pipeline_of(
        lost_for_ten_seconds(), screen=screen, pacer=Pacer(real_time=False), clock=clock,
        screen_messages=ScreenMessages(clock=clock),
    )  # fmt: skip
    run(pipeline, VIEW)
    cards = [card for card, _ in screen.held]
    assert not cards[0].shows_help
    assert cards[-1].shows_help
    assert cards[0].notice == ""  # the card says itself what is waited for
    assert cards[-1].notice.startswith("colour map: ")


def test_a_wait_for_the_next_frame_is_no_loss():
    screen = HoldingScreen()
    pipeline = pipeline_of(Script([*frames_of(3), *waits(0.1, 3.0, "")]), screen=screen)
    run(pipeline, VIEW)
    assert screen.held == []


def test_the_limit_in_seconds_holds_while_it_is_lost():
    source = lost_for_ten_seconds()
    seen = []
    source.items = [*source.items[:31], *(seen.append(w) or w for w in source.items[31:])]
    assert run(pipeline_of(source, limits=RunLimits(seconds=4.0)), VIEW).frames == 30


@pytest.mark.parametrize(("gap", "seconds"), [(False, 12.0), (True, 2.0)])
def test_a_recording_freezes_on_the_placard_or_leaves_a_gap(gap, seconds, tmp_path):
    path = tmp_path / "a.mp4"
    with Recorder(RecordingOptions(path, tmp_path, EncoderRequest(rate=30.0))) as recorder:
        slowly = Slowly(recorder)
        pipeline = pipeline_of(
            lost_for_ten_seconds(width=128, height=48),
            sinks=[slowly], recorder=slowly, losses_are_cut=gap,
        )  # fmt: skip
        run(pipeline, replace(VIEW, recording=True))
    made = probe(path)
    assert made.duration_s == pytest.approx(seconds, abs=0.07)
    assert made.frames == 60 + (0 if gap else 10)
    # One file, also after the change of size.
    assert (made.width, made.height) == (64, 48)
    assert [p.name for p in Path(tmp_path).iterdir()] == ["a.mp4"]


@pytest.mark.parametrize(("mirror", "suffix"), [(False, ".mp4"), (True, ".mkv")])
def test_the_clean_twin_of_a_status_card_is_the_last_untouched_picture(mirror, suffix, tmp_path):
    """Neither grey nor with words: the card names the camera and its address."""
    path = tmp_path / f"a{suffix}"
    source = lost_for_ten_seconds()
    source.items = [
        replace(item, bgr=BgrImage(textured(160, 120))) if isinstance(item, Frame) else item
        for item in source.items[:-30]
    ]
    options = RecordingOptions(path, tmp_path, EncoderRequest(rate=30.0), clean=True)
    with Recorder(options) as recorder:
        slowly = Slowly(recorder)
        run(
            pipeline_of(source, sinks=[slowly], recorder=slowly),
            replace(VIEW, recording=True, mirror=mirror),
        )
    clean, annotated = pictures_of(tmp_path / f"a_clean{suffix}"), pictures_of(path)
    assert len(clean) == len(annotated) == 40
    last_seen = clean[29].astype(int)
    for frozen, card in zip(clean[30:], annotated[30:], strict=True):
        assert np.abs(frozen.astype(int) - last_seen).mean() < 2.0
        assert np.abs(card.astype(int) - last_seen).mean() > 20.0


def pictures_of(path):
    with Clip(path) as clip:
        return [frame.bgr for frame in clip]


def test_a_recording_that_is_stopped_while_the_source_is_lost_ends_at_once(tmp_path):
    sink = Collector()
    screen = HoldingScreen([[]] * 40 + [[KeyPress("r")]])
    pipeline = pipeline_of(
        lost_for_ten_seconds(), screen=screen, recorder=sink, losses_are_cut=True,
        pacer=pipeline_of(Script([])).pacer,
    )  # fmt: skip
    run(pipeline, replace(VIEW, recording=True))
    assert sink.annotated_frames
    assert not sink.annotated_frames[0].view.recording
    assert sink.annotated_frames[0].frame.time_s < 3.0


@pytest.mark.parametrize(("gap", "seconds"), [(False, 5.0), (True, 1.0)])
def test_a_pause_before_a_loss_is_left_out_once(gap, seconds):
    """A minute of pause, four seconds lost: the clock of the recording knows what is in it."""
    sink = Collector()
    keys = [[]] * 29 + [[KeyPress(" ")], [], [KeyPress(" ")]]
    after = [Frame(BgrImage(picture()), 30 + i, 65.0 + i / 30) for i in range(3)]
    pipeline = pipeline_of(
        Script([*frames_of(30), *waits(61.0, 65.0), *after]), screen=HoldingScreen(keys),
        sinks=[sink], recorder=sink, losses_are_cut=gap, pacer=pipeline_of(Script([])).pacer,
    )  # fmt: skip
    run(pipeline, replace(VIEW, recording=True))
    assert sink.annotated_frames[-1].status.recording_s == pytest.approx(seconds, abs=0.2)
    assert {
        annotated.status.pauses for annotated in sink.annotated_frames if annotated.waiting_for
    } == (set() if gap else {1})


def test_a_recording_that_begins_on_the_placard_counts_from_there():
    sink = Collector()
    pipeline = pipeline_of(
        lost_for_ten_seconds(), screen=HoldingScreen([[]] * 40 + [[KeyPress("r")]]),
        sinks=[sink], recorder=sink, pacer=pipeline_of(Script([])).pacer,
    )  # fmt: skip
    run(pipeline, VIEW)
    begun_s = next(
        annotated.frame.time_s for annotated in sink.annotated_frames if annotated.view.recording
    )
    assert begun_s < 2.0
    last = sink.annotated_frames[-1]
    assert last.status.recording_s == pytest.approx(last.frame.time_s - begun_s, abs=1.1)


def test_a_snapshot_is_taken_while_the_source_is_lost():
    screen = HoldingScreen([[]] * 110 + [[KeyPress("s")]])
    pipeline = pipeline_of(lost_for_ten_seconds(), screen=screen, pacer=Pacer(real_time=False))
    run(pipeline, VIEW)
    taken = [
        annotated
        for annotated in pipeline.snapshot_writer.annotated_frames
        if annotated.view.snapshots
    ]
    assert taken
    assert taken[0].frame.index == 29  # the last one that there was


def test_a_recorded_status_card_has_the_time_of_day_at_which_it_was_shown():
    recorder, clock, noon = Collector(), FakeClock(), datetime(2026, 5, 1, 12, tzinfo=UTC)
    pipeline = pipeline_of(
        lost_for_ten_seconds(), recorder=recorder, clock=clock, sinks=[recorder],
        now=lambda: noon + timedelta(seconds=len(recorder.annotated_frames)),
    )  # fmt: skip
    run(pipeline, replace(VIEW, recording=True))
    cards = [a.status.at for a in recorder.annotated_frames if a.waiting_for]
    assert len(cards) >= 10
    assert cards == sorted(set(cards))
    assert cards[0] >= noon + timedelta(seconds=30)
