"""A disk that is full, or a file that can grow no more: events are listed all the same."""

import errno
import os

import pytest

from livecam.errors import SinkError

from pipeline.watching.scripted_garden import GREEN, plan_of


def test_without_room_for_the_clip_the_event_is_there_all_the_same(garden):
    garden.add("..##......", plan_of(GREEN), clip_error=SinkError("the disk is full"))
    summary = garden.run()
    (event,) = garden.events()
    assert str(summary.failure) == "the disk is full"  # the program said that all went well
    assert set(event.files) == {"figures", "thumbnail"}
    assert any("the disk is full" in line for line in garden.said)


def test_a_clip_that_breaks_off_while_it_begins_is_listed(garden, monkeypatch):
    source = garden.add("..##......", plan_of(GREEN))

    def breaks_off(_, path):
        path.write_text("a part of what was before")
        raise SinkError("the recording broke off at 0.9 s")

    monkeypatch.setattr(source, "begin_clip", breaks_off)
    garden.run()
    (event,) = garden.events()
    assert (garden.folder / event.files["clean"]).is_file()
    assert "the clip is not complete: the recording broke off at 0.9 s" in garden.said[0]


@pytest.mark.parametrize("is_begun", [True, False])
def test_once_the_disk_has_room_again_another_event_has_a_clip(garden, monkeypatch, is_begun):
    full = SinkError("the disk is full")
    source = garden.add("#" * 80, plan_of(GREEN), clip_error=None if is_begun else full)

    def fills_up():
        if source.time_s == 2.0 and source.clips:
            source.clips[0].failure = full
        source.clip_error = None if source.time_s > 15 else full

    monkeypatch.setattr(garden.store, "has_room", lambda: source.time_s > 15, raising=False)
    summary = garden.run(then=fills_up)
    assert summary.failure is full
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
            source.clips[-1].failure = SinkError("broke off")
            source.clips[-1].failure.__cause__ = OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    summary = garden.run(then=breaks_off)
    assert summary.failure is None  # nothing is lost
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
    summary = garden.run()
    (event,) = garden.events()
    assert str(summary.failure) == "no space"
    assert set(event.files) == {"clean"}
    assert sum("figures are not complete" in line for line in garden.said) == 1


def test_a_picture_that_is_saved_at_the_next_try_is_no_failure(garden, monkeypatch):
    save, tries = garden.store.save_thumbnail, []

    def fails_at_first(*how):
        tries.append(1)
        if len(tries) == 1:
            raise SinkError("no space")
        return save(*how)

    monkeypatch.setattr(garden.store, "save_thumbnail", fails_at_first)
    garden.add("..9999####......", plan_of(GREEN))
    summary = garden.run()
    (event,) = garden.events()
    assert len(tries) > 1
    assert "thumbnail" in event.files
    assert summary.failure is None


def test_what_was_lost_of_a_camera_that_is_watched_no_more_is_known_at_the_end(garden):
    garden.add("..##" + "." * 20, plan_of(GREEN), clip_error=SinkError("the disk is full"))
    garden.add("." * 40, plan_of(GREEN))
    gone = garden.cameras[0]

    def taken_away():
        if gone in garden.cameras and gone.watched_s >= 8.0:
            gone.stop(is_cut=True)
            garden.cameras.remove(gone)

    summary = garden.run(then=taken_away)
    assert str(summary.failure) == "the disk is full"
