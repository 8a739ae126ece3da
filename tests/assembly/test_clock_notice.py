"""`--record-clock` with files that do not say when they were taken."""

from dataclasses import replace
from datetime import UTC, datetime

import cv2
from annotated_frames import annotated_frames_of
from support import textured, write_clip

from livecam.assembly.clock_notice import ClockNotice
from livecam.cli.app import main
from livecam.sources.clip import Clip


def test_it_is_said_once_of_the_first_frame_without_a_time(tmp_path):
    (frame,) = annotated_frames_of([textured(64, 48)])
    dated = replace(frame, status=replace(frame.status, at=datetime(2026, 7, 1, tzinfo=UTC)))
    undated = replace(frame, status=replace(frame.status, at=None))
    said = []
    notice = ClockNotice(Clip(tmp_path / "walk.mp4"), said.append)
    for one in (dated, replace(undated, waiting_for="the camera")):
        notice.show(one)
    assert said == []
    for one in (undated, undated):
        notice.show(one)
    (line,) = said
    assert "--record-clock" in line
    assert "walk.mp4 does not say when it was taken" in line


def test_on_the_command_line_too(tmp_path, capsys):
    clip = tmp_path / "walk.mp4"
    write_clip(clip, [textured(64, 48, seed=n) for n in range(3)], [0, 0.1, 0.2])
    photograph = tmp_path / "still.png"
    cv2.imwrite(str(photograph), textured(64, 48))
    for number, source in enumerate((clip, photograph)):
        to = ["--no-window", "--save-pictures", str(tmp_path / f"out{number}")]
        run = ["run", str(source), "--model", "flowers", "--threads", "1", *to]
        assert main([*run, "--record-clock"]) == 0
        said = capsys.readouterr().err
        assert said.count(f"{source.name} does not say when it was taken") == 1
