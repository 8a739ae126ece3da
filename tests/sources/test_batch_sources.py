"""What `livecam batch` measures: paths, folders with what lies below, globs, lists, addresses."""

import codecs

import cv2
import pytest
from made_clips import other_picture

from livecam.errors import SourceError
from livecam.sources.batch_sources import batch_sources
from livecam.sources.remote_files import list_remote, local_copy, remote_state


@pytest.fixture
def season(tmp_path):
    """A folder with clips and a picture in folders, and something else."""
    for name in ("july/a.mp4", "july/b.mkv", "august/c.mp4", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"clip or text")
    cv2.imwrite(str(tmp_path / "august" / "p.png"), other_picture())
    return tmp_path


def found(*texts, listed=b"", said=None) -> list:
    say = print if said is None else said.append
    return [(of.kind, of.location) for of in batch_sources(map(str, texts), lambda: listed, say)]


def test_a_folder_means_all_that_lies_below(season):
    said = []
    assert found(season, said=said) == [
        ("clip", str(season / "august/c.mp4")),
        ("picture", str(season / "august/p.png")),
        ("clip", str(season / "july/a.mp4")),
        ("clip", str(season / "july/b.mkv")),
    ]
    assert len(said) == 1
    assert "1 .txt" in said[0]


def test_globs_and_paths_are_taken_once_each(season):
    glob, path = season / "*" / "*.mp4", season / "july" / "a.mp4"
    assert found(glob, path, path) == [
        ("clip", str(season / "august/c.mp4")),
        ("clip", str(season / "july/a.mp4")),
    ]


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b"\0"])
def test_a_list_is_taken_as_it_is(tmp_path, monkeypatch, separator):
    monkeypatch.chdir(tmp_path)
    names = [b"x [1].mp4", b"/gone/y.mkv"]
    listed = codecs.BOM_UTF8 + separator.join([*names, b""])
    assert found("-", listed=listed) == [
        ("clip", str(tmp_path / "x [1].mp4")),
        ("clip", "/gone/y.mkv"),
    ]


def test_what_is_not_there_is_refused(tmp_path):
    for text in (tmp_path / "no.mp4", tmp_path / "*.mp4", tmp_path):
        with pytest.raises(SourceError):
            found(text)


def test_object_stores_are_listed_and_copied():
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: livecam[remote]")
    files = fsspec.filesystem("memory")
    for name in ("/store/a.mp4", "/store/deep/b.mkv", "/store/c.txt"):
        files.pipe(name, name.encode())
    try:
        assert list_remote("memory://store") == [
            "memory:///store/a.mp4",
            "memory:///store/deep/b.mkv",
        ]
        assert list_remote("memory://store/*.mp4") == ["memory:///store/a.mp4"]
        assert found("memory://store/a.mp4") == [("clip", "memory://store/a.mp4")]
        before = remote_state("memory://store/a.mp4", "a")
        with local_copy("memory://store/a.mp4") as path:
            assert path.read_bytes() == b"/store/a.mp4"
        files.pipe("/store/a.mp4", b"longer than it was before")
        assert not before.is_unchanged(remote_state("memory://store/a.mp4", "a"))
        for look in (remote_state, lambda address, _: list_remote(address)):
            with pytest.raises(SourceError, match=r"none\.mp4 is not there: check"):
                look("memory://store/none.mp4", "a")
        with pytest.raises(SourceError, match="no picture or clip"):
            list_remote("memory://store/*.txt")
    finally:
        files.rm("/store", recursive=True)


def test_an_unknown_kind_of_address_is_one_line():
    pytest.importorskip("fsspec", reason="fsspec is not installed: livecam[remote]")
    with pytest.raises(SourceError, match=r"nosuch://.*could not be read|nosuch"):
        list_remote("nosuch://bucket/clip.mp4")


@pytest.mark.parametrize("scheme", ["rtsp", "RTSP", "udp"])
def test_a_live_stream_is_no_file_with_fsspec_or_without(scheme):
    with pytest.raises(SourceError, match="is a live stream, not a file: record it") as refused:
        found(f"{scheme}://anna:s3cret@127.0.0.1/x")
    assert "s3cret" not in str(refused.value)


def test_an_empty_path_is_refused_and_an_unknown_user_is_a_name():
    """What a script's unset variable leaves would mean the current folder."""
    with pytest.raises(SourceError, match="a path is empty"):
        batch_sources([""], bytes, print)
    with pytest.raises(SourceError, match="there is no file or folder '~nobody-here/x'"):
        batch_sources(["~nobody-here/x"], bytes, print)
