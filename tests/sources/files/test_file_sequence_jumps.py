"""Jumps in a folder: from file to file, and back by single pictures, of animations, too."""

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

import cv2
import pytest
from sources.files.picture_samples import animation
from support import textured

from livecam.core.seek_and_speed import TO_START, Jump
from livecam.errors import SourceLostError
from livecam.sources.files.file_sequence import FileSequence


@pytest.fixture
def folder(tmp_path):
    """Two pictures, an animation of several, a broken file, and a picture."""
    for number in (1, 2, 5):
        cv2.imwrite(str(tmp_path / f"{number}.png"), textured(32, 24, seed=number))
    first, *more = animation()
    first.save(tmp_path / "3.gif", save_all=True, append_images=more, duration=200)
    (tmp_path / "4.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    return tmp_path


def played(source):
    frames = []
    with suppress(SourceLostError):  # the broken file
        frames.extend(source)
    return frames


def names(frames, count):
    return [Path(frame.name).name for frame in islice(frames, count)]


def test_steps_go_from_file_to_file_and_over_the_broken_one(folder):
    with FileSequence(str(folder)) as source:
        frames = played(source)
        first, last = frames[0], frames[-1]
        assert names(source.frames_after(Jump(steps=1), first), 2) == ["2.png", "3.gif"]
        assert names(source.frames_after(Jump(steps=-1), last), 1) == ["3.gif"]
        assert names(source.frames_after(Jump(steps=-9), last), 1) == ["1.png"]
        assert names(source.frames_after(Jump(steps=9), first), 1) == ["5.png"]
        assert names(source.frames_after(TO_START, last), 1) == ["1.png"]


def test_a_jump_keeps_numbers_and_times_of_files_that_were_seen(folder):
    with FileSequence(str(folder)) as source:
        frames = played(source)
        last = frames[-1]
        again = list(islice(source.frames_after(Jump(steps=-2), last), 4))
        begin = next(n for n, f in enumerate(frames) if f.name == again[0].name)
        expected = frames[begin : begin + 4]
        assert [(f.index, f.time_s) for f in again] == [(f.index, f.time_s) for f in expected]


@pytest.mark.parametrize("back", [1, 2, 3, 99])
def test_single_pictures_back_also_inside_an_animation(folder, back):
    with FileSequence(str(folder)) as source:
        frames = played(source)
        for shown in frames[1:]:
            found = next(source.frames_after(Jump(frames_back=back), shown))
            expected = frames[max(0, shown.index - back)]
            assert (found.index, found.name) == (expected.index, expected.name)
            assert found.bgr.tobytes() == expected.bgr.tobytes()


def test_a_file_that_was_not_reached_yet_begins_where_the_shown_one_ends(folder):
    with FileSequence(str(folder)) as source:
        first = next(iter(source))
        jumped = next(source.frames_after(Jump(steps=2), first))
        assert (Path(jumped.name).name, jumped.index, jumped.time_s) == ("3.gif", 1, 1.0)


def test_files_that_cannot_be_read_are_reported_once(folder):
    with FileSequence(str(folder)) as source:
        frames = played(source)
        with pytest.raises(SourceLostError, match=r"1 of 5 pictures .*4\.png\."):
            list(source.frames_after(TO_START, frames[-1]))


def test_the_place_is_the_files_name(folder):
    with FileSequence(str(folder)) as source:
        first = next(iter(source))
        assert source.describe_place(first) == "1 / 5  1.png"
        at_last = replace(first, name=str(folder / "5.png"))
        assert source.describe_place(at_last) == "5 / 5  5.png"
    with FileSequence(str(folder / "1.png")) as source:
        assert source.describe_place(next(iter(source))) == "1.png"
