"""Clips of events out of a camera's packets: the very same pictures at their own times."""

import pytest
from sources.watched.numbered import (
    RATE,
    Sent,
    heard_in,
    number_of,
    seen_by_opencv,
    shown_in,
    write_numbered,
)
from sources.watched.watching import event_clip, looks_of, watched
from support import eventually

import av
from livecam.sources.watched.source_state import WatchOptions
from livecam.sources.watched.watched_clip import WatchedClip

KINDS = {
    "H.264, key picture each second": Sent(),
    "H.264, B-frames": Sent(b_frames=3),
    "H.264, key picture each 5 s": Sent(key_every=150),
    "H.264, key picture each 5 s, B-frames": Sent(key_every=150, b_frames=2),
    "H.264, key pictures often enough": Sent(key_every=15),
    "H.265": Sent("libx265"),
    "H.265, B-frames": Sent("libx265", b_frames=3),
}


@pytest.fixture(scope="module", params=KINDS)
def sent(request, tmp_path_factory):
    """How a clip was encoded, and the clip."""
    folder = tmp_path_factory.mktemp("sent")
    return KINDS[request.param], write_numbered(folder / "sent.mp4", KINDS[request.param])


@pytest.mark.parametrize("from_s", [1.0, 1.4, 2.0 - 1 / RATE])
def test_a_copied_clip_begins_with_the_wanted_frame_and_has_the_very_same_pictures(
    sent, from_s, tmp_path
):
    how, path = sent
    source = watched(path)
    assert isinstance(source, WatchedClip)
    source.open()
    made = tmp_path / "made" / "event.mp4"  # its folder is made, too
    result = event_clip(source, made, begin_at_s=2.4, from_s=from_s, until_s=3.5)
    source.close()
    whole, copied = shown_in(path), shown_in(made)
    first = round(from_s * RATE)
    last = 105 + how.b_frames
    assert [shown.number for shown in copied] == list(range(first, first + len(copied)))
    assert 105 <= first + len(copied) <= last  # pictures before the end may need one after it
    assert [shown.digest for shown in copied] == [
        shown.digest for shown in whole[first : first + len(copied)]
    ]
    assert [shown.time_s for shown in copied] == pytest.approx(
        [number / RATE for number in range(len(copied))], abs=0.001
    )
    assert result.path == made
    assert (result.begin_s, result.end_s) == pytest.approx(
        (from_s, from_s + copied[-1].time_s), abs=0.001
    )
    assert (result.frames, result.is_cut) == (len(copied), False)
    assert seen_by_opencv(made) == [shown.number for shown in copied]


def test_it_is_an_ordinary_mp4_with_its_index_in_front(sent, tmp_path):
    how, path = sent
    source = watched(path)
    source.open()
    made = tmp_path / "event.mp4"
    event_clip(source, made, begin_at_s=2.4, from_s=1.4, until_s=3.5)
    source.close()
    data = made.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data
    with av.open(str(made)) as container:
        tag = container.streams.video[0].codec_context.codec_tag
        assert tag == ("hvc1" if how.codec == "libx265" else "avc1")


def test_looks_come_at_their_distance_with_the_newest_picture(sent):
    how, path = sent
    source = watched(path)
    source.open()
    looks = list(looks_of(source))
    source.close()
    numbers = [number_of(look.frame) for look in looks]
    assert numbers == [round(look.time_s * RATE) for look in looks]
    late = how.b_frames + 3 if how.b_frames else 1  # so many wait to be put in order
    assert all(abs(number - 15 * k) <= late for k, number in enumerate(numbers))
    assert len(looks) in (10, 11)
    assert not looks[0].frame.flags.writeable


@pytest.mark.parametrize("codec", ["aac", "pcm_mulaw"])
def test_sound_is_kept_also_where_mp4_takes_no_such(codec, tmp_path):
    path = write_numbered(tmp_path / "sent.mov", Sent(sound=codec))
    source = watched(path)
    source.open()
    made = tmp_path / "event.mp4"
    result = event_clip(source, made, begin_at_s=2.4, from_s=1.4, until_s=3.5)
    source.close()
    name, seconds, loudest = heard_in(made)
    assert name == "aac"
    assert seconds == pytest.approx(2.1, abs=0.2)
    assert loudest > 0.1
    assert result.frames == 63


def test_two_clips_at_once_may_overlap(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent(b_frames=2))
    source = watched(path)
    source.open()
    clips = {}
    for look in looks_of(source, 4.5):
        if "a" not in clips and look.time_s >= 1.4:
            clips["a"] = source.begin_clip(0.5, tmp_path / "a.mp4")
        if "b" not in clips and look.time_s >= 2.4:
            clips["b"] = source.begin_clip(1.5, tmp_path / "b.mp4")
            clips["a"].end(3.0)
            clips["b"].end(4.0)
    results = {}
    for name, clip in clips.items():
        eventually(lambda clip=clip: clip.is_finished)
        results[name] = clip.close()
    source.close()
    for name, first in (("a", 15), ("b", 45)):
        numbers = [shown.number for shown in shown_in(tmp_path / f"{name}.mp4")]
        assert numbers == list(range(first, first + results[name].frames))


def test_an_end_in_the_past_takes_out_what_was_written_after_it(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    source = watched(path)
    source.open()
    for _ in looks_of(source, 2.0):
        pass
    clip = source.begin_clip(0.5, tmp_path / "event.mp4")
    *_, last = looks_of(source, 3.5)
    clip.end(2.5)
    assert last.time_s >= 3.4
    list(looks_of(source, 4.0))
    eventually(lambda: clip.is_finished)
    result = clip.close()
    source.close()
    assert [shown.number for shown in shown_in(result.path)] == list(range(15, 75))
    assert (result.frames, result.end_s) == (60, pytest.approx(74 / RATE))


def test_what_the_ring_no_longer_holds_is_not_promised(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    source = watched(path, WatchOptions(0.5, keeps_s=1.0))
    source.open()
    result = event_clip(source, tmp_path / "event.mp4", begin_at_s=3.4, from_s=0.5, until_s=4.0)
    source.close()
    assert result.begin_s == pytest.approx(2.0)
    assert shown_in(result.path)[0].number == 60


def test_a_clip_that_the_source_does_not_live_to_see_ends_with_it(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    source = watched(path)
    source.open()
    *_, last = looks_of(source, 4.0)
    clip = source.begin_clip(2.0, tmp_path / "event.mp4")
    clip.end(20.0)
    list(looks_of(source))
    eventually(lambda: clip.is_finished)
    result = clip.close()
    assert last.time_s < 4.6
    assert [shown.number for shown in shown_in(result.path)] == list(range(60, 150))
    assert clip.close() == result
    source.close()


def test_a_clip_is_finished_when_the_source_is_closed(tmp_path):
    path = write_numbered(tmp_path / "sent.mp4", Sent())
    source = watched(path)
    source.open()
    list(looks_of(source, 2.0))
    clip = source.begin_clip(1.0, tmp_path / "event.mp4")
    source.close()
    assert clip.close().frames >= 30
    assert shown_in(tmp_path / "event.mp4")[0].number == 30
