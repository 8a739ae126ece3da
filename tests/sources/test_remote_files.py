"""Copies of files behind addresses, where the store fails, is silent, or gives a part."""

import errno
import os
from pathlib import Path

import pytest

from livecam.errors import SourceError
from livecam.sources.remote_files import local_copy

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: livecam[remote]")
CONTENT = bytes(range(256)) * 40
ADDRESS = "failing://store/a.mp4"


class FailingFiles(fsspec.AbstractFileSystem):
    """A store with one file, whose copies fail one after the other in the ways of `failures`."""

    protocol = "failing"
    cachable = False
    failures: list = []

    def info(self, path, **_):
        if not path.endswith("a.mp4"):
            raise FileNotFoundError(path)
        return {"name": path, "size": len(CONTENT), "type": "file"}

    def get_file(self, rpath, lpath, **_):
        failure = self.failures.pop(0) if self.failures else len(CONTENT)
        with Path(lpath).open("wb") as file:
            file.write(CONTENT[: failure if isinstance(failure, int) else 1000])
        if not isinstance(failure, int):
            raise failure


@pytest.fixture
def copied(monkeypatch):
    """What comes of a copy from a store that fails so, and the waits before it was tried again."""
    fsspec.register_implementation("failing", FailingFiles, clobber=True)

    def copy(*failures):
        monkeypatch.setattr(FailingFiles, "failures", list(failures))
        waits = []
        with local_copy(ADDRESS, waits.append) as path:
            content = path.read_bytes()
        assert not path.parent.exists()
        return content, waits

    return copy


@pytest.mark.parametrize("failure", [5000, OSError("connection reset"), TimeoutError()])
def test_a_copy_that_breaks_off_once_is_begun_again(copied, failure):
    assert copied(failure) == (CONTENT, [2.0])


def test_a_part_is_never_taken_for_the_whole(copied):
    with pytest.raises(SourceError, match="5000 of 10240 bytes came"):
        copied(5000, 5000)


def silent_store() -> Exception:
    """As s3fs fails where the store says nothing: over its own message."""
    error = IndexError("tuple index out of range")
    error.__context__ = TimeoutError()
    return error


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (PermissionError("Forbidden"), "may not be read: check the login"),
        (FileNotFoundError("store/a.mp4"), "is not there: check the address"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the temporary folder is full"),
    ],
)
def test_what_trying_again_does_not_help_is_told_at_once(copied, failure, words):
    with pytest.raises(SourceError, match=words):
        copied(failure)  # a second try would go well


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (RuntimeError("Slow Down\nRequest 7"), r"could not be read \(slow down\): check address"),
        (silent_store(), r"could not be read \(no answer in time\)"),
    ],
)
def test_a_store_that_goes_on_failing_is_one_line(copied, failure, words):
    with pytest.raises(SourceError, match=words) as caught:
        copied(failure, failure)
    assert str(caught.value).startswith(ADDRESS)
    assert "\n" not in str(caught.value)
