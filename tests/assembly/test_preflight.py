"""Checks before anything is opened: what contradicts itself is refused."""

import sys
from types import SimpleNamespace

import pytest

from livecam.cli.app import main
from livecam.assembly.preflight import (
    report_endless_file,
)
from support import probe, textured, write_clip

from livecam.settings.pace import PaceSettings
from livecam.settings.schema import (
    RecordingSettings,
    Settings,
)

CAMERA = ("0", SimpleNamespace(is_live=True, title="camera 0"))


@pytest.mark.parametrize("adding", [["--record-clean"], ["--record-stats"], ["--clip-before", "5"]])
def test_what_adds_to_a_recording_needs_one(adding, capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, *adding]) == 2
    assert f"{adding[0]} adds to a recording" in capsys.readouterr().err


def test_without_a_window_every_other_output_is_named(capsys):
    assert main(["daisy", "--model", "flowers", "--no-window"]) == 2
    said = capsys.readouterr().err
    assert all(flag in said for flag in ("--serve", "--record", "--stats", "--save-pictures"))


def test_nobody_could_end_a_pause_without_a_screen(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--paused"]) == 2
    assert "--paused waits for the key Space" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--keep-gb", "5"], ["--keep-days", "7"]])
@pytest.mark.parametrize("how", [["--no-window", "--stats", "-"], ["--serve"], []])
def test_limits_of_what_is_kept_need_names_of_recordings(capsys, flags, how):
    """Before, a run with a page took --keep-gb in silence."""
    assert main(["daisy", "--model", "flowers", "--frames", "1", *how, *flags]) == 2
    assert f"{flags[0]} adds to a recording under names of --record" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("recording", "frames", "lines"),
    [({"keep_gb": 5.0}, None, 1), ({"keep_gb": 5.0, "split": "1h"}, None, 0), ({}, None, 0),
     ({"keep_gb": 5.0}, 9, 0)],
)  # fmt: skip
def test_one_file_without_end_is_told(recording, frames, lines):
    said = []
    asked = Settings(recording=RecordingSettings(**recording), pace=PaceSettings(frames=frames))
    report_endless_file(CAMERA[1], asked, said.append)
    assert len(said) == lines
    assert all("add --split 1h" in line for line in said)


@pytest.mark.parametrize("source", ["fold", "fold/*.mp4", "./fold/../fold"])
@pytest.mark.parametrize("flag", ["--record", "--stats", "--record-stats", "--record-clean"])
def test_no_output_replaces_a_file_of_the_source_even_forced(
    source, flag, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fold").mkdir()
    for name in ("a.mp4", "b.mp4"):
        write_clip(tmp_path / "fold" / name, [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    before = (tmp_path / "fold" / "b.mp4").read_bytes()
    names = {"--record": "x.mp4", "--stats": "s.jsonl", "--record-stats": "x.jsonl"}
    (tmp_path / names.get(flag, "x_clean.mp4")).hardlink_to("fold/b.mp4")
    words = [flag, "s.jsonl"] if flag == "--stats" else ["--record", "x.mp4"]
    words += [flag] if flag.startswith("--record-") else []
    assert main([source, "--model", "flowers", "--no-window", "--force", *words]) == 2
    assert f"{flag} " in (err := capsys.readouterr().err)
    assert "is one of the files of SOURCE: give another name." in err
    assert (tmp_path / "fold" / "b.mp4").read_bytes() == before


def test_the_very_file_of_a_folder_is_not_recorded_over(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    clip = write_clip(tmp_path / "c.mp4", [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    before = clip.read_bytes()
    words = ["--model", "flowers", "--no-window", "--force", "--record", "c.mp4"]
    assert main([str(tmp_path), *words]) == 2
    assert main(["*.mp4", *words]) == 2
    assert main(["'c.mp4'", *words]) == 2  # cmd.exe leaves quotes where they are
    assert capsys.readouterr().err.count("is one of the files of SOURCE") == 3
    assert clip.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no current folder")
def test_whole_paths_work_where_the_current_folder_is_gone(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    clip = write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    words = [str(clip), "--model", "flowers", "--no-window", "--record"]
    figures = tmp_path / "figures.jsonl"
    assert main([*words, str(tmp_path / "a.mp4"), "--stats", str(figures)]) == 0
    assert probe(tmp_path / "a.mp4").frames == len(figures.read_text("utf-8").splitlines()) == 3
    assert main([*words, "a.mp4"]) == 2
    assert "--record a.mp4: the current folder is gone" in capsys.readouterr().err
