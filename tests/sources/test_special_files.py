"""Pipes, sockets and devices as sources, and the URLs by which file managers name files."""

import errno
import os
import socket
from contextlib import ExitStack
from threading import Thread

import av
import pytest
from support import textured, write_clip

from livecam.assembly.judge_sources import PicturesToJudge
from livecam.assembly.open_source_and_window import open_source_and_window
from livecam.core.input_limits import DEFAULT_LIMITS
from livecam.core.view import View
from livecam.errors import SourceError
from livecam.sources.batch_sources import batch_sources
from livecam.sources.clip import Clip
from livecam.sources.files.format import read_head
from livecam.sources.files.picture import UnreadablePictureError, read_pictures
from livecam.sources.files.special_files import announce_wait
from livecam.sources.open_source import create_source
from livecam.sources.source_argument import SourceArgument, parse_source_argument

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "p.mkv"
    os.mkfifo(path)
    return path


@needs_pipes
def test_what_is_waited_for_is_said_before_a_pipe_is_opened(pipe, tmp_path):
    """It was waited for in silence; the look at its kind took its beginning out of it."""
    clip = write_clip(tmp_path / "x.mkv", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    sender = Thread(target=lambda: pipe.write_bytes(clip.read_bytes()), daemon=True)
    sender.start()
    source = create_source(str(pipe))
    said = []
    announce_wait(source, said.append)
    assert said == [f"{pipe} is a pipe: waiting for what is written into it ..."]
    with source:
        assert len(list(source)) == 3
    sender.join()
    announce_wait(create_source(str(clip)), said.append)
    assert len(said) == 1


@needs_pipes
def test_no_pipe_is_opened_to_learn_what_it_is(pipe):
    assert read_head(pipe) == b""


@needs_pipes
def test_a_pipe_is_no_picture(tmp_path):
    pipe = tmp_path / "p.jpg"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match=r"p\.jpg is a named pipe, which cannot be read"):
        create_source(str(pipe))
    with pytest.raises(UnreadablePictureError, match="is a named pipe"):
        next(read_pictures(pipe, DEFAULT_LIMITS))


@needs_pipes
def test_batch_names_a_pipe_and_waits_for_none(pipe):
    """It was said not to be there, and one of a list was waited for."""
    with pytest.raises(SourceError, match=r"p\.mkv is a named pipe, which cannot be read"):
        batch_sources([str(pipe)], lambda: b"", print)
    said = []
    assert batch_sources(["-"], lambda: os.fsencode(pipe), said.append) == []
    assert said == [f"{pipe} is passed over: it is a named pipe"]


@needs_pipes
def test_a_signal_that_ends_the_wait_is_no_damaged_clip(pipe, monkeypatch):
    """Ctrl-C was answered with "did not open as a clip (interrupted system call)"."""

    def interrupted(_: object) -> None:
        raise av.error.InterruptedError(errno.EINTR, "interrupted")

    monkeypatch.setattr(Clip, "_open", interrupted)
    said = []
    assert list(PicturesToJudge([str(pipe)], said.append)) == []
    assert said == [f"{pipe} is a pipe: waiting for what is written into it ..."]


@needs_pipes
@pytest.mark.parametrize("name", ["s.mp4", "s.jpg"])
def test_a_socket_is_no_source(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the names of sockets are short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(name)
        with pytest.raises(SourceError, match=f"{name} is a socket, which cannot be read"):
            create_source(name)
    with pytest.raises(SourceError, match="/dev/null is a device"):
        create_source("/dev/null")


@pytest.fixture
def spaced(tmp_path):
    """A clip with a space in its name, and the URL that a file manager gives for it."""
    path = tmp_path / "my clip ü.mp4"
    path.touch()
    return path, path.as_uri()


@pytest.mark.parametrize("begins", ["file:///", "FILE:///", "file://localhost/", "file:/"])
def test_the_url_of_a_file_means_the_file(spaced, begins):
    path, url = spaced
    text = url.replace("file:///", begins)
    assert parse_source_argument(text) == SourceArgument("clip", str(path))
    assert [of.location for of in batch_sources([text], lambda: b"", print)] == [str(path)]
    listed = batch_sources(["-"], text.encode, print)
    assert [of.location for of in listed] == [str(path)]


def test_the_url_of_a_folder_or_a_picture_means_that(tmp_path):
    assert parse_source_argument(tmp_path.as_uri()).kind == "files"
    assert parse_source_argument((tmp_path / "a b.png").as_uri()).text.endswith("a b.png")


def test_a_file_of_a_url_that_is_not_there_is_told_as_its_path_is(tmp_path):
    path = tmp_path / "not there.mp4"
    with pytest.raises(SourceError) as of_path:
        create_source(str(path))
    with pytest.raises(SourceError) as of_url:
        create_source(path.as_uri())
    assert str(of_url.value) == str(of_path.value)


@pytest.mark.parametrize("text", ["file://machine/clip.mp4", "file://clip.mp4"])
def test_the_url_of_another_machines_file_is_refused(text):
    with pytest.raises(SourceError, match="is no address that livecam supports"):
        create_source(text)


@needs_pipes
def test_the_line_about_a_pipe_comes_before_it_is_open(pipe):
    class Opened:
        paths = (pipe,)

        def __enter__(self):
            said.append("opened")
            return self

        def __exit__(self, *_: object) -> None:
            pass

    said: list[str] = []
    with ExitStack() as stack:
        open_source_and_window(Opened(), View(0, (0,)), stack, windowed=False, say=said.append)
    assert len(said) == 2
    assert said[1] == "opened"
