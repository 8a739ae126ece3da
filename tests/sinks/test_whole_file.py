"""A file is there whole or as it was before, with the rights of any other new file."""

import os
import stat
from pathlib import Path

import pytest

from livecam.errors import SinkError
from livecam.sinks.whole_file import whole_file, write_whole


def test_a_file_is_replaced_when_the_new_one_is_whole(tmp_path):
    path = tmp_path / "figures.json"
    path.write_text("before")
    with whole_file(path, "--json") as file:
        file.write(b"after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_file_of_before_alone(error, tmp_path):
    path = tmp_path / "figures.json"
    path.write_text("before")

    def write_half():
        with whole_file(path, "--json") as file:
            file.write(b"half")
            raise error

    with pytest.raises(SinkError if isinstance(error, OSError) else KeyboardInterrupt):
        write_half()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told(tmp_path):
    path = tmp_path / "missing" / "figures.json"
    with pytest.raises(SinkError, match=r"could not be written \(No such file"):
        write_whole(path, "text", "--json")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_files_of_other_threads_keep_the_rights_that_the_user_chose(tmp_path, monkeypatch):
    """The umask is that of all threads: one that reads it by setting it changes their files."""
    set_umask, others = os.umask, tmp_path / "of another thread"

    def switching(mask):
        """Threads may be switched right after the call."""
        before = set_umask(mask)
        others.touch()
        return before

    before = set_umask(0o027)
    try:
        monkeypatch.setattr(os, "umask", switching)
        write_whole(tmp_path / "figures.json", "text", "--json")
        others.touch()
    finally:
        monkeypatch.undo()
        set_umask(before)
    assert [stat.S_IMODE(Path(path).stat().st_mode) for path in tmp_path.iterdir()] == [0o640] * 2
