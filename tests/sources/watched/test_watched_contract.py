"""What every watched source promises (core/watching/watched_source.py), asked in the same words."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from sources.stream_server import serving
from sources.watched.numbered import Sent, shown_in, write_numbered
from sources.watched.watching import EVERY, NOON, event_clip, looks_of, watched
from support import FakeClock, eventually, textured

import av
from livecam.core.watching.watched_source import WatchedSource
from livecam.errors import SourceError
from livecam.settings.schema import Settings
from livecam.settings.scene import SceneSettings
from livecam.sources.live.clock_and_threads import SYSTEM
from livecam.sources.watched.watched_clip import WatchedClip
from livecam.sources.watched.watched_frames import WatchedFrames
from livecam.sources.watched.watched_live import WatchedLive

SMALL_SCENE = Settings(scene=SceneSettings(scene_size="160x120", scene_rate=10.0))


@dataclass
class Case:
    """A way to a fresh source."""

    source: Callable[[], WatchedSource]
    kind: type
    is_endless: bool = False
    is_live: bool = False


@cache
def written(codec: str) -> Path:
    """One clip for all tests; it is not changed."""
    folder = Path(tempfile.mkdtemp(prefix="livecam-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write_numbered(folder / "clip.mp4", Sent(codec))


def _clip(codec: str, kind: type):
    def case(tmp_path, host) -> Case:
        path = written(codec)
        return Case(lambda: watched(path, now=lambda: NOON), kind)

    return case


def _folder(tmp_path, host) -> Case:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(6):
        cv2.imwrite(str(folder / f"{number}.png"), textured(64, 48, number))
    return Case(lambda: watched(folder, now=lambda: NOON), WatchedFrames)


def _daisy(tmp_path, host) -> Case:
    clock = FakeClock()

    def tick():
        clock.sleep(0.02)  # time goes on whenever somebody asks for it
        return clock()

    system = replace(SYSTEM, clock=tick)
    return Case(
        lambda: watched("daisy", settings=SMALL_SCENE, now=lambda: NOON, system=system),
        WatchedFrames,
        is_endless=True,
    )


def _mjpeg(tmp_path, host) -> Case:
    address = f"http://anna:s3cret@{host}/live"
    options = replace(EVERY, look_every_s=0.02)  # of a server that sends as fast as it can
    return Case(lambda: watched(address, options), WatchedLive, is_endless=True, is_live=True)


CASES = {
    "H.264 clip": _clip("libx264", WatchedClip),
    "H.265 clip": _clip("libx265", WatchedClip),
    "clip of another codec": _clip("mpeg4", WatchedFrames),
    "folder": _folder,
    "daisy": _daisy,
    "MJPEG over HTTP": _mjpeg,
}


@pytest.fixture(scope="module")
def host():
    with serving({}) as where:
        yield where


@pytest.fixture(params=CASES)
def case(request, tmp_path, host) -> Case:
    return CASES[request.param](tmp_path, host)


@pytest.fixture
def source(case):
    source = case.source()
    assert isinstance(source, case.kind)
    source.open()
    yield source
    source.close()


def some_looks(source, count=6):
    looks = []
    for look in looks_of(source):
        looks.append(look)
        if len(looks) == count:
            break
    return looks


def test_looks_have_rising_times_read_only_pixels_and_a_zone(source):
    looks = some_looks(source)
    assert len(looks) == 6
    assert all(later.time_s > earlier.time_s for earlier, later in pairwise(looks))
    for look in looks:
        assert (look.frame.dtype, look.frame.ndim) == (np.uint8, 3)
        assert not look.frame.flags.writeable
        assert look.at.tzinfo is not None
    assert not looks[0].is_still
    assert source.waiting_for == ""


def test_wall_clock_and_source_time_go_on_together(source, case):
    looks = some_looks(source)
    # What is live measures its delay anew all the time.
    within_s = 30.0 if case.is_live else 1e-3
    for look in looks:
        apart_s = (look.at - looks[0].at).total_seconds() - (look.time_s - looks[0].time_s)
        assert abs(apart_s) < within_s


def test_what_has_an_end_is_over_after_its_last_look(source, case):
    if case.is_endless:
        assert some_looks(source)
        assert not source.is_over
        return
    assert not source.is_over
    list(looks_of(source))
    assert source.is_over
    assert source.next_look() is None


def test_a_clip_of_an_event_begins_and_ends_where_it_should(source, case, tmp_path):
    looks = some_looks(source, 3)
    path = tmp_path / "made" / "event.mp4"
    clip = source.begin_clip(looks[1].time_s, path)
    assert clip.begin_s == pytest.approx(looks[1].time_s, abs=0.001)
    until_s = None
    for look in looks_of(source):
        if until_s is None:
            until_s = look.time_s + 0.001
            clip.end(until_s)
        if clip.is_finished or look.time_s > until_s + 2.0:
            break
    eventually(lambda: clip.is_finished)
    result = clip.close()
    assert not result.is_cut
    assert result.begin_s == pytest.approx(looks[1].time_s, abs=0.001)
    assert result.end_s <= until_s + 0.1
    shown = shown_in(path)
    assert len(shown) == result.frames >= 2
    assert shown[0].time_s == pytest.approx(0.0, abs=0.001)
    lasts_s = result.end_s - result.begin_s
    assert shown[-1].time_s == pytest.approx(lasts_s, abs=0.002)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        assert b"untouched" in container.metadata["comment"].encode()
        assert container.metadata["creation_time"]


def test_closing_ends_what_was_begun_and_is_harmless_when_done_again(case, tmp_path):
    source = case.source()
    source.close()
    source = case.source()
    source.open()
    looks = some_looks(source, 3)
    clip = source.begin_clip(looks[0].time_s, tmp_path / "event.mp4")
    source.close()
    source.close()
    result = clip.close()
    assert result.is_cut or not case.is_live
    assert shown_in(result.path)
    assert source.next_look() is None or case.is_live


def test_a_clip_that_cannot_be_written_is_told_and_ends_no_looks(case, tmp_path):
    from livecam.errors import SinkError

    source = case.source()
    source.open()
    looks = some_looks(source, 3)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SinkError, match="taken"):
        source.begin_clip(looks[0].time_s, tmp_path / "taken" / "event.mp4")
    assert len(some_looks(source, 2)) == 2
    source.close()


def test_the_title_has_no_credentials(source):
    assert source.title
    assert "s3cret" not in source.title


@pytest.mark.parametrize("text", ["missing.mp4", "empty.mp4", "no/folder/"])
def test_what_cannot_be_opened_is_told_when_it_is_opened_at_the_latest(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(SourceError, match=text.strip("/")):
        watched(text).open()


def test_the_pictures_of_an_encoded_clip_are_those_of_the_source(tmp_path):
    path = write_numbered(tmp_path / "clip.avi", Sent("mpeg4"))
    source = watched(path)
    source.open()
    made = tmp_path / "event.mp4"
    result = event_clip(source, made, begin_at_s=2.4, from_s=1.4, until_s=3.5)
    source.close()
    shown = shown_in(made)
    assert [picture.number for picture in shown] == list(range(42, 105))
    assert [picture.time_s for picture in shown] == pytest.approx([k / 30 for k in range(63)])
    assert (result.begin_s, result.frames) == (pytest.approx(1.4), 63)
