"""Clips measured by `livecam batch`, found again by `livecam find`: the same seconds."""

import csv
import io
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from support import picture

import av
from livecam.cli.app import main
from livecam.core.types import Frame
from livecam.sources.synthetic.source import SyntheticSource

RATE = 5
SIZE = 320, 240
DAISY_S = {"a.mp4": (3, 6), "b.mp4": (1, 2), "none.mp4": (0, 0)}
FLOWERS = ("--model", "flowers", "--threads", "1")


def daisies() -> list[np.ndarray]:
    """Three seconds of the scene."""
    with SyntheticSource(size_px=SIZE, rate=float(RATE)) as source:
        return [found.bgr for found in islice(source, 3 * RATE) if isinstance(found, Frame)]


def write_clip(path: Path, scene: list[np.ndarray], first_s: int, end_s: int) -> None:
    """Seven seconds, a key frame a second; grey but for some seconds of daisies."""
    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = "2026-07-01T10:00:00.000000Z"
        stream = container.add_stream("libx264", rate=RATE, options={"sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.gop_size = RATE
        for number in range(7 * RATE):
            is_daisy = first_s <= number / RATE < end_s
            bgr = scene[number % len(scene)] if is_daisy else picture(*SIZE)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    folder = tmp_path_factory.mktemp("garden")
    (folder / "clips").mkdir()
    scene = daisies()
    for name, (first_s, end_s) in DAISY_S.items():
        write_clip(folder / "clips" / name, scene, first_s, end_s)
    cv2.imwrite(str(folder / "daisy.png"), scene[0])
    batch = ["batch", str(folder / "clips"), "--out", str(folder / "archive"), "--grid"]
    batch += ["--features", "--boxes", "--processes", "1", *FLOWERS]
    assert main(batch) == 0
    return folder


def rows(capsys, folder: Path, *arguments: str) -> list[dict[str, str]]:
    assert main(["find", str(folder / "archive"), *arguments, "--csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_every_moment_is_found_and_none_is_invented(garden, capsys):
    found = rows(capsys, garden, "daisy > 0.8")
    assert [(Path(r["source"]).name, float(r["start_s"]), float(r["end_s"])) for r in found] == [
        ("b.mp4", 1.0, 2.0), ("a.mp4", 3.0, 6.0)
    ]  # fmt: skip
    assert found[0]["start"].startswith("2026-07-01")
    assert [Path(r["source"]).name for r in rows(capsys, garden, "daisy > 0.8 for 2s")] == ["a.mp4"]


def test_a_picture_finds_the_clip_that_shows_the_same(garden, capsys):
    best, *_ = rows(capsys, garden, "--like", str(garden / "daisy.png"), "--most", "3")
    assert Path(best["source"]).name in {"a.mp4", "b.mp4"}
    assert float(best["likeness"]) > 0.9
    again, *_ = rows(capsys, garden, "--like", "a.mp4@4", "--most", "3")
    assert Path(again["source"]).name == "a.mp4"
    assert float(again["likeness"]) > 0.999


def test_cuts_sheet_and_boxes_of_what_batch_has_measured(garden, tmp_path, capsys):
    sheet, cut, boxes = tmp_path / "sheet.html", tmp_path / "cut", tmp_path / "boxes"
    outputs = ("--sheet", str(sheet), "--clips", str(cut), "--coco", str(boxes))
    assert len(rows(capsys, garden, "daisy > 0.8 for 2s", *outputs)) == 1
    with av.open(str(cut / "a_3.00s.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 3 * RATE
    assert sheet.read_text("utf-8").count("data:image/jpeg") == 1
    document = (boxes / "instances.coco.json").read_text("utf-8")
    assert '"bbox"' in document
