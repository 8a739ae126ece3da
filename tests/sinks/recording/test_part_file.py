"""A copy whose disk fails says why, whoever writes it: PyAV says only that a callback failed."""

import errno
import os

import pytest
import numpy as np
from support import write_clip

from livecam.core.types import Frame
from livecam.errors import SinkError
from livecam.sinks.recording.cut import ClipPart, copy_cut, encode_cut
from livecam.sinks.recording.part_file import PartFile


ROOM_BYTES = 10_000


class FullFile:
    """A file on a disk that has room for its header alone."""

    def __init__(self, file):
        self._file = file

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, data):
        if self._file.tell() + len(data) > ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(data)


COUNT, RATE = 30, 10


def noise():
    """Pictures of which more is encoded than waits in memory before the first write."""
    made = np.random.default_rng(1)
    return [made.integers(0, 256, (240, 320, 3), np.uint8) for _ in range(COUNT)]


@pytest.fixture
def full_disk(monkeypatch):
    enter = PartFile.__enter__

    def entered(part):
        enter(part)
        part.file = FullFile(part.file)
        return part

    monkeypatch.setattr(PartFile, "__enter__", entered)


@pytest.fixture
def part(tmp_path):
    times_s = [number / RATE for number in range(COUNT)]
    path = write_clip(tmp_path / "clip.mp4", noise(), times_s)
    return ClipPart(path, 0.0, 0.0, COUNT / RATE)


def copied(part, target):
    return copy_cut(part, target)


def encoded(part, target):
    frames = [Frame(picture, n, n / RATE) for n, picture in enumerate(noise())]
    return encode_cut(part, frames, RATE, target)


@pytest.mark.parametrize("cut", [copied, encoded])
def test_a_cut_is_made_where_there_is_room(cut, part, tmp_path):
    assert cut(part, tmp_path / "cut").path.is_file()


@pytest.mark.parametrize("cut", [copied, encoded])
def test_a_cut_onto_a_full_disk_says_so_and_leaves_nothing(cut, part, full_disk, tmp_path):
    folder = tmp_path / "cuts"
    folder.mkdir()
    with pytest.raises(SinkError, match=os.strerror(errno.ENOSPC).lower()):
        cut(part, folder / "cut")
    assert list(folder.iterdir()) == []
