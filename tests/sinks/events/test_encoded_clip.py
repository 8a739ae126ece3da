"""The clip of an event out of pictures: whatever fails in its thread is raised by `close`."""

import threading
from datetime import UTC, datetime

import pytest
from support import eventually, picture, probe

import av
from livecam.core.jpeg import jpeg_of
from livecam.core.watching.kept_media import ClipBeginning, KeptMedia, MediaFormat
from livecam.errors import SinkError
from livecam.sinks.events import copied_clip, encoded_clip
from livecam.sinks.events.copied_clip import CopiedClip
from livecam.sinks.events.encoded_clip import EncodedClip
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.watched_encoder import WatchedEncoder

AT = datetime(2026, 7, 1, tzinfo=UTC)
DISK_THREADS = {"livecam-writer", "livecam-sync"}


def beginning_in(folder):
    return ClipBeginning(folder / "clip.mp4", 0.0, AT)


def clip_in(folder):
    return EncodedClip(
        beginning_in(folder), MediaFormat(rate=10.0), DiskSpaceMonitor(0), EncoderRequest()
    )


def media(number, jpeg=None):
    jpeg = jpeg or jpeg_of(picture(64, 48, 10 * number), 90)
    return KeptMedia(jpeg, number / 10, number / 10, 0.1, len(jpeg), is_key=True)


def disk_threads():
    return {thread for thread in threading.enumerate() if thread.name in DISK_THREADS}


def test_pictures_become_a_clip(tmp_path):
    clip = clip_in(tmp_path)
    for number in range(10):
        clip.add(media(number))
    clip.finish(0.75)
    clip.close()
    assert probe(tmp_path / "clip.mp4").times_s == pytest.approx([n / 10 for n in range(8)])
    assert clip.is_finished


def broken_after(count):
    """An encoder that raises what FFmpeg may raise, after so many pictures."""
    encode, left = WatchedEncoder.encode, [None] * count

    def encode_or_fail(encoder, *given):
        if not left:
            raise av.error.ExternalError(542398533, "Generic error in an external library")
        left.pop()
        return encode(encoder, *given)

    return encode_or_fail


def test_an_encoder_that_fails_is_no_clip_that_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(WatchedEncoder, "encode", broken_after(20))
    clip = clip_in(tmp_path)
    for number in range(24):
        clip.add(media(number))
    eventually(lambda: clip.is_finished)
    clip.finish(None)
    with pytest.raises(SinkError, match=r"clip.mp4 broke off \(generic error in an external"):
        clip.close()
    assert probe(tmp_path / "clip.mp4").frames >= 15  # what is safe stays
    with pytest.raises(SinkError, match="broke off"):
        clip.add(media(24))


def test_a_picture_that_cannot_be_decoded_is_told(tmp_path):
    clip = clip_in(tmp_path)
    clip.add(media(0, b"no JPEG"))
    clip.finish(None)
    with pytest.raises(SinkError, match=r"broke off \(a picture that was held cannot be decoded"):
        clip.close()


def test_clips_that_never_begin_leave_no_threads_behind(tmp_path, monkeypatch):
    """Weeks of events: threads would run out one day."""
    before = disk_threads()

    def refused(*_, **__):
        raise SinkError("no encoder works here")

    monkeypatch.setattr(encoded_clip, "open_encoder", refused)
    monkeypatch.setattr(copied_clip, "VideoFile", refused)
    with pytest.raises(SinkError):
        CopiedClip(beginning_in(tmp_path), MediaFormat(), DiskSpaceMonitor(0))
    for pictures in (0, 1):
        clip = clip_in(tmp_path)
        for number in range(pictures):
            clip.add(media(number))
        clip.finish(None)
        with pytest.raises(SinkError):
            clip.close()
    eventually(lambda: disk_threads() <= before)
