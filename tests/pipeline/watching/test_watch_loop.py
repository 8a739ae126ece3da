"""Events come of looks: each is in the list from its start on, with clip, figures and picture."""

import json
from contextlib import contextmanager
from datetime import timedelta

import cv2
import numpy as np
import pytest
from support import FakeClock, FakeModel
from watched_scripts import BEGAN, NotingListener, ScriptSource

from livecam.core.conditions.parse import parse_condition
from livecam.core.stats_record import stats_record
from livecam.core.view import View
from livecam.core.watching.event_rules import RuleLimits
from livecam.core.watching.watch_plan import CameraPlan, WatchRule
from livecam.errors import SinkError, SourceLostError
from livecam.pipeline.watching.camera_watch import CameraWatch
from livecam.pipeline.watching.looker import Looker
from livecam.pipeline.watching.running_event import EventTools
from livecam.pipeline.watching.watch_loop import WatchLoop
from livecam.sinks.events.event_files import EventFiles
from livecam.sinks.events.event_log import EventLog, read_events

ONE = RuleLimits(k=1, n=1, release_s=1.0)
GREEN = "max(daisy) > 20"


def plan_of(*texts, limits=ONE, name="", **more):
    rules = tuple(WatchRule.of(text, parse_condition(text), limits, 0.0) for text in texts)
    return CameraPlan(name, rules, before_s=1.0, after_s=1.5, **more)


class GreenModel(FakeModel):
    """The greener, the more probable the daisy."""

    def infer(self, rgb):
        output = super().infer(rgb)
        output.logits[:] = 0
        output.logits[1] = rgb[:, :, 1].mean() / 25
        return output


class Garden:
    """Cameras that play scripts, watched with a fake network into a real folder."""

    def __init__(self, folder, log):
        self.folder, self.clock = folder, FakeClock()
        self.store, self.listener = EventFiles(log), NotingListener()
        self.said, self.finished, self.states = [], [], []
        self.sources, self.cameras = [], []
        self.model = GreenModel()

    def add(self, script, plan, **more):
        source = ScriptSource(script, self.clock, **more)
        looker = self.looker()
        tools = EventTools(
            plan, source, looker, self.store, self.listener, self.said.append, self.clock
        )
        self.sources.append(source)
        self.cameras.append(CameraWatch(tools, lambda _, event: self.finished.append(event)))
        return source

    def looker(self):
        return Looker(self.model, View(1, (1,)), (1, 2), "script")

    def run(self, rounds=10_000, limit_s=float("inf"), then=lambda: None):
        left = iter(range(rounds))

        def on_round(state):
            self.states.append(state)
            then()

        loop = WatchLoop(
            self.cameras,
            clock=self.clock,
            wait=self.clock.sleep,
            stop_asked=lambda: next(left, None) is None,
            on_round=on_round,
            is_long_enough=lambda: self.cameras[0].watched_s >= limit_s,
        )
        return loop.run()

    def events(self):
        return list(read_events(self.folder).values())


@contextmanager
def garden_in(folder):
    with EventLog(folder) as log:
        yield Garden(folder, log)


@pytest.fixture
def garden(tmp_path):
    with garden_in(tmp_path / "events") as made:
        yield made


def test_an_event_has_times_files_and_its_strongest_picture(garden):
    source = garden.add("....####......", plan_of(GREEN))
    summary = garden.run()
    (event,) = garden.events()
    assert (summary.events, summary.lost) == (1, None)
    assert (event.state, event.class_name, event.source) == ("ended", "daisy", "script")
    assert (event.start_s, event.end_s, event.looks) == (2.0, 3.5, 4)
    assert event.start == BEGAN + timedelta(seconds=2.0)
    assert event.end == BEGAN + timedelta(seconds=3.5)
    assert event.event == "20260701-060002.000-daisy"
    assert event.why == GREEN
    assert set(event.files) == {"clean", "figures", "thumbnail"}
    assert all((garden.folder / name).is_file() for name in event.files.values())
    assert (source.clips[0].begin_s, source.clips[0].until_s) == (1.0, 5.0)
    assert event.strongest.max == pytest.approx(37.0)
    assert event.strongest.into_s == pytest.approx(1.0)
    assert event.strongest.centre == pytest.approx((32.0, 32.0), abs=1)
    assert event.strongest.frame_size == (64, 64)
    figures = (garden.folder / event.files["figures"]).read_text()
    records = [json.loads(line) for line in figures.splitlines()]
    assert [record["time_s"] for record in records] == [n / 2 for n in range(9)]
    assert (event.begin_s, records[2]["at"]) == (1.0, "2026-07-01T06:00:02.000+02:00")
    assert records[2]["classes"]["daisy"]["max"] == pytest.approx(37.0)
    assert records[1]["classes"]["daisy"]["max"] < 20 < records[2]["max"]
    thumbnail = cv2.imread(str(garden.folder / event.files["thumbnail"]))
    assert thumbnail.shape == (64, 64, 3)
    assert thumbnail[32, 32, 1] > 100


def figures_of(garden, event):
    text = (garden.folder / event.files["figures"]).read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_figures_have_the_columns_of_stats(garden):
    garden.add("..#....", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    looker = garden.looker()
    looked = looker.look_at(ScriptSource("#", garden.clock).next_look())
    annotated = looker.annotated(looked, 1)
    wanted = json.loads(json.dumps(stats_record(annotated, grid=True, top=True)))
    (record,) = (one for one in figures_of(garden, event) if one["time_s"] == 1.0)
    assert list(record) == list(wanted)
    differ = {name for name in wanted if record[name] != wanted[name]}
    assert differ <= {"frame", "time_s", "at", "latency_ms"}


def test_a_picture_that_stood_still_before_an_event_is_told_at_the_beginning(garden):
    garden.add("3sssssss##......", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    records = figures_of(garden, event)
    assert (event.start_s, event.begin_s) == (4.0, 3.0)
    assert [one["time_s"] for one in records[:3]] == [0.0, 1.0, 1.5]
    assert records[0]["at"] == "2026-07-01T06:00:03.000+02:00"
    assert records[0]["max"] < 20 < records[1]["max"]


def test_figures_count_from_where_the_clip_does_begin_in_the_end(garden):
    """Its first key picture came later than was known at its start."""
    source = garden.add("....####......", plan_of(GREEN))
    source.first_key_s = 1.25
    garden.run()
    (event,) = garden.events()
    assert (event.begin_s, event.strongest.into_s) == (1.25, 0.75)
    times_s = [one["time_s"] for one in figures_of(garden, event)]
    assert times_s == [n / 2 - 0.25 for n in range(9)]


def test_figures_of_the_past_are_kept_as_long_as_a_clip_may_begin_before_them(garden):
    garden.add("." * 60, plan_of(GREEN))
    garden.run()
    assert len(garden.cameras[0]._past) == 1 + garden.cameras[0].plan.held_s / 0.5


def test_the_line_is_there_from_the_start_on(garden):
    garden.add("..##", plan_of(GREEN))
    camera = garden.cameras[0]
    for _ in range(3):
        camera.step()
    (event,) = garden.events()
    assert (event.state, event.end) == ("open", None)
    assert set(event.files) == {"clean", "figures", "thumbnail"}
    assert garden.listener.words == ["started"]
    camera.stop(is_cut=True)


def test_who_listens_is_told_of_start_end_and_every_look(garden):
    garden.add("..####......", plan_of(GREEN, name="bed"))
    garden.run()
    assert garden.listener.words == ["started", "ended"]
    (_, first, jpeg), (_, last, _) = garden.listener.told
    assert (first.state, last.state, last.end_s) == ("open", "ended", 2.5)
    assert first.event == last.event == "20260701-060001.000-bed-daisy"
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (64, 64, 3)
    assert [look[:2] for look in garden.listener.looks[:2]] == [("bed", "daisy"), ("bed", "leaf")]
    assert len(garden.listener.looks) == 2 * 12


def test_a_stronger_picture_is_told_but_not_with_every_look(garden):
    garden.add("..123456789#........", plan_of("max(daisy) > 3"))
    garden.run()
    (event,) = garden.events()
    assert event.strongest.max == pytest.approx(37.0)
    assert event.strongest.at == BEGAN + timedelta(seconds=5.5)
    assert garden.listener.words == ["started", "updated", "updated", "ended"]
    shown = [
        cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[5, 32, 1]
        for _, _, jpeg in garden.listener.told
    ]
    assert shown == sorted(shown)


def test_two_conditions_make_events_of_their_own_at_once(garden):
    garden.add("..####......", plan_of(GREEN, "max(leaf) > 20"))
    garden.run()
    assert [event.class_name for event in garden.events()] == ["daisy", "leaf"]
    assert len({event.event for event in garden.events()}) == 2


def test_two_cameras_are_looked_at_by_turns(garden):
    garden.add("..####......", plan_of(GREEN, name="bed"))
    garden.add("..####......", plan_of(GREEN, name="pot"))
    garden.run()
    assert [event.camera for event in garden.events()] == ["bed", "pot"]
    cameras = [camera for camera, name, _, _ in garden.listener.looks if name == "daisy"]
    assert cameras == ["bed", "pot"] * 12


def test_the_same_name_is_never_given_twice(garden):
    for _ in range(2):
        garden.add("..##......", plan_of(GREEN))
    garden.run()
    assert [event.event for event in garden.events()] == [
        "20260701-060001.000-daisy",
        "20260701-060001.000-daisy_2",
    ]


def test_a_still_picture_asks_the_network_nothing_and_an_event_goes_on(garden):
    garden.add(".." + "#" + "s" * 20 + ".......", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    assert (event.start_s, event.end_s) == (1.0, 11.0)
    assert garden.model.calls < 15
    assert any(state.cameras[0].is_still for state in garden.states)


def test_a_lost_source_ends_the_event_where_it_was_last_seen(garden):
    garden.add("..##" + "x" * 20 + "....##......", plan_of(GREEN))
    garden.run()
    first, second = garden.events()
    assert (first.state, first.end_s) == ("cut", 1.5)
    assert (second.state, second.start_s) == ("ended", 14.0)
    assert garden.said.count("the camera is away; waiting for it") == 1
    assert garden.said.count("pictures come") == 1


def test_a_short_loss_cuts_nothing(garden):
    garden.add("..##" + "x" * 4 + "##......", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    assert (event.state, event.start_s, event.end_s) == ("ended", 1.0, 4.5)


def test_a_source_that_is_lost_for_good_ends_alone(garden):
    gone = SourceLostError("the camera was lost")
    garden.add("..##", plan_of(GREEN, name="bed"), error=gone)
    garden.add("......##......", plan_of(GREEN, name="pot"))
    summary = garden.run()
    assert summary.lost is gone
    assert [(event.camera, event.state) for event in garden.events()] == [
        ("bed", "cut"),
        ("pot", "ended"),
    ]
    assert "bed: the camera was lost" in garden.said
    assert all(source.closed == 1 for source in garden.sources)


def test_stopping_closes_everything(garden):
    source = garden.add("..##########", plan_of(GREEN))
    garden.run(rounds=6)
    (event,) = garden.events()
    assert (event.state, event.end_s) == ("cut", 2.5)
    assert (source.closed, source.clips[0].closed) == (1, 1)
    assert garden.listener.words == ["started", "ended"]


def test_the_end_that_was_asked_for_cuts_nothing(garden):
    source = garden.add("..##########", plan_of(GREEN))
    garden.run(limit_s=2.5)
    (event,) = garden.events()
    assert (event.state, event.end_s) == ("ended", 2.5)
    assert (source.closed, source.clips[0].closed) == (1, 1)
    assert garden.listener.words == ["started", "ended"]


def test_a_clip_at_its_end_ends_its_event_in_order(garden):
    garden.add("..####", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    assert (event.state, event.end_s) == ("ended", 2.5)


def test_without_room_for_the_clip_the_event_is_there_all_the_same(garden):
    garden.add("..##......", plan_of(GREEN), clip_error=SinkError("the disk is full"))
    garden.run()
    (event,) = garden.events()
    assert set(event.files) == {"figures", "thumbnail"}
    assert any("the disk is full" in line for line in garden.said)


@pytest.mark.parametrize("is_begun", [True, False])
def test_once_the_disk_has_room_again_another_event_has_a_clip(garden, monkeypatch, is_begun):
    full = SinkError("the disk is full")
    source = garden.add("#" * 80, plan_of(GREEN), clip_error=None if is_begun else full)

    def fills_up():
        if source.time_s == 2.0 and source.clips:
            source.clips[0].failure = full
        source.clip_error = None if source.time_s > 15 else full

    monkeypatch.setattr(garden.store, "has_room", lambda: source.time_s > 15, raising=False)
    garden.run(then=fills_up)
    first, second = garden.events()
    assert (first.state, second.state) == ("cut", "ended")
    assert 15 < first.end_s < 30
    assert second.start_s - first.end_s == pytest.approx(0.5)  # at the very next look
    assert "clean" in second.files
    assert sum("the disk is full" in line for line in garden.said) == 1  # and at once
    assert "the disk is full" in garden.said[1 if is_begun else 0]


def test_a_file_that_can_grow_no_more_is_followed_by_the_next_one_at_once(garden):
    source = garden.add("#" * 60, plan_of(GREEN))

    def breaks_off():
        if source.time_s in (4.0, 5.0) and source.clips:
            source.clips[-1].failure = SinkError("file too large")

    garden.run(then=breaks_off)
    ends = [event.end_s for event in garden.events()]
    assert ends == [4.5, 14.5, 29.5]  # a disk that breaks off again and again makes no flood


def test_while_the_disk_is_full_one_event_goes_on(garden, monkeypatch):
    monkeypatch.setattr(garden.store, "has_room", lambda: False, raising=False)
    garden.add("#" * 200, plan_of(GREEN), clip_error=SinkError("the disk is full"))
    garden.run()
    (event,) = garden.events()
    assert event.end_s == pytest.approx(99.5)


def test_figures_that_cannot_be_written_are_said_once(garden, monkeypatch):
    def fails(*_):
        raise SinkError("no space")

    monkeypatch.setattr(garden.store, "add_figures", fails)
    monkeypatch.setattr(garden.store, "save_thumbnail", fails)
    garden.add("..######......", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    assert set(event.files) == {"clean"}
    assert sum("figures are not complete" in line for line in garden.said) == 1


def test_a_condition_without_a_class_has_events_of_other(garden):
    garden.model.class_choices = (2, 3)  # what leads is none of them
    garden.add("..##", plan_of("seen == other"))
    garden.run()
    (event,) = garden.events()
    assert (event.class_name, event.strongest.seen) == ("other", "other")


def test_rules_change_while_it_watches(garden):
    garden.add("..#########......", plan_of(GREEN, "max(leaf) > 20"))
    camera = garden.cameras[0]
    for _ in range(5):
        camera.step()
    before = {event.event: event.state for event in garden.events()}
    assert set(before.values()) == {"open"}
    camera.change(plan_of(GREEN, "max(daisy) > 30"), garden.looker())
    garden.run()
    states = {event.event: event.state for event in garden.events()}
    daisy, leaf = "20260701-060001.000-daisy", "20260701-060001.000-leaf"
    assert (states[daisy], states[leaf]) == ("ended", "cut")
    assert len(states) == 3


def test_an_event_of_a_lost_source_ends_also_where_rules_change_meanwhile(garden):
    garden.add("..####" + "x" * 30, plan_of(GREEN))
    camera = garden.cameras[0]
    for number in range(30):
        if number == 8:
            camera.change(plan_of(GREEN, "max(leaf) > 20"), garden.looker())
            assert camera.watched_s == 2.5
        camera.step()
    (event,) = garden.events()
    assert (event.state, event.end_s) == ("cut", 2.5)


def test_the_state_says_when_it_was_looked_at_last(garden):
    garden.add("..##" + "x" * 200, plan_of(GREEN, name="bed"))
    garden.run()
    early, late = garden.states[3], garden.states[-3]
    (camera,) = early.cameras
    assert (camera.name, camera.title, camera.conditions) == ("bed", "script", (GREEN,))
    assert camera.open_events == ("20260701-060001.000-bed-daisy",)
    assert (camera.last.seen, early.events) == ("daisy", 1)
    assert early.is_healthy(early.cameras[0].looked_s + 60.0)
    assert not late.is_healthy(garden.clock())
    assert late.since_last_look_s(101.5) == pytest.approx(100.0)
