"""`livecam find` cuts clips and draws pictures of files that lie in an object store."""

import sys

import pytest
from archive_parts import write_part
from made_clips import daisy_clip
from support import probe

from livecam.cli.app import main

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: livecam[remote]")
LOW, HIGH = 0.1, 0.9


@pytest.fixture
def store(tmp_path):
    """Two clips in a store, of which nothing is left afterwards."""
    files = fsspec.filesystem("memory")
    for name in "ab":
        clip = daisy_clip(tmp_path / f"{name}.mp4", "-dd-")
        files.pipe(f"/store/{name}.mp4", clip.read_bytes())
        clip.unlink()
    yield files
    files.rm("/store", recursive=True)


@pytest.fixture
def garden(store, tmp_path):
    archive = tmp_path / "garden"
    for name in "ab":
        write_part(archive, f"memory://store/{name}.mp4", {"daisy": [LOW, HIGH, HIGH, LOW]})
    return archive


def found(*arguments):
    return main(["find", *map(str, arguments), "--csv"])


def test_moments_are_cut_out_of_copies_that_are_gone_afterwards(
    garden, tmp_path, capsys, monkeypatch
):
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    out, sheet = tmp_path / "out", tmp_path / "sheet.html"
    assert found(garden, "daisy > 0.8", "--clips", out, "--sheet", sheet) == 0
    said = capsys.readouterr().err
    assert "2 clips in" in said
    assert said.count("clips behind addresses are copied first, one at a time") == 2  # each output
    cuts = sorted(out.iterdir())
    assert [path.name for path in cuts] == ["a_1.00s.mp4", "b_1.00s.mp4"]
    assert all(1.5 < probe(path).duration_s < 2.6 for path in cuts)
    assert sheet.read_text("utf-8").count("data:image/jpeg") == 2
    assert list(copies.iterdir()) == []


def test_a_clip_is_copied_once_for_all_of_its_moments(garden, tmp_path, monkeypatch):
    from livecam.sources import remote_files

    copied, real = [], remote_files._copy
    monkeypatch.setattr(remote_files, "_copy", lambda *of: copied.append(of[1]) or real(*of))
    for name in "ab":
        path = f"memory://store/{name}.mp4"
        write_part(garden, path, {"daisy": [HIGH, LOW, LOW, HIGH]}, settings="ffff00001111")
    words = ("daisy > 0.8", "--settings", "ffff", "--clips", tmp_path / "out")
    assert found(garden, *words) == 0
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert copied == ["/store/a.mp4", "/store/b.mp4"]


def test_what_is_not_there_any_more_is_one_line_and_the_others_are_cut(
    garden, store, tmp_path, capsys
):
    store.rm("/store/a.mp4")
    assert found(garden, "daisy > 0.8", "--clips", tmp_path / "out") == 4
    said = capsys.readouterr().err
    assert "memory://store/a.mp4 is not there: check the address." in said
    assert "1 clip in" in said


def test_without_the_extra_it_says_what_to_install(garden, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert found(garden, "daisy > 0.8", "--clips", tmp_path / "out") == 4
    assert "needs fsspec: install it with \"pip install 'livecam[remote]'\"" in (
        capsys.readouterr().err
    )
