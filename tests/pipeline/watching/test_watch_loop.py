"""Events come of looks: each is in the list from its start on, with clip, figures and picture."""

import json
from datetime import timedelta

import cv2
import numpy as np
import pytest
from watched_scripts import BEGAN

from livecam.errors import SourceLostError

from pipeline.watching.scripted_garden import GREEN, plan_of


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


def test_events_of_a_camera_that_other_settings_took_away_are_counted(garden):
    garden.add("..####......", plan_of(GREEN, name="bed"))
    garden.add("......####........" + "." * 60, plan_of(GREEN, name="pot"))
    bed = garden.cameras[0]

    def reload():
        if bed.is_over and bed in garden.cameras:
            garden.cameras.remove(bed)

    assert garden.run(then=reload).events == len(garden.events()) == 2
    assert bed not in garden.cameras


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
