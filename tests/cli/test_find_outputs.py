"""What `livecam find` writes, from real clips: cuts, the contact sheet, data sets, packages."""

import csv
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import cv2
import frictionless
import numpy as np
import pyarrow as pa
import pytest
from archive_parts import write_part
from support import picture

import av
from livecam.cli.app import main

JULY = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
RATE, GROUP = 10, 10
LOW, HIGH = 0.1, 0.9


def write_numbered(path: Path, count: int) -> Path:
    """A clip of 64 x 48, 10 frames and a key frame a second: frame n is of grey 10 + 8 n."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=RATE, options={"sc_threshold": "0", "bf": "2", "preset": "fast"}
        )
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = GROUP
        for n in range(count):
            frame = av.VideoFrame.from_ndarray(picture(value=10 + 8 * n), format="bgr24")
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def numbers_in(path: Path) -> list[tuple[float, int]]:
    """Time and number of every frame of such a clip, or of a part of it."""
    with av.open(str(path)) as container:
        return [
            (round(float(frame.pts * frame.time_base), 3),
             round((float(frame.to_ndarray(format="bgr24").mean()) - 6) / 8))
            for frame in container.decode(video=0)
        ]  # fmt: skip


def objects_of(count: int) -> pa.Array:
    fields = [(name, pa.float32()) for name in ("x", "y", "width", "height", "score")]
    kind = pa.list_(pa.struct([("class", pa.string()), *fields]))
    box = {"class": "daisy", "x": 4.0, "y": 5.0, "width": 10.0, "height": 12.0, "score": 0.75}
    return pa.array([[box]] * count, kind)


@pytest.fixture
def garden(tmp_path):
    """Two clips of three seconds, measured five times a second; one lies in a folder of its own."""
    archive = tmp_path / "garden"
    for number, folder in enumerate(("north", "south bed")):
        (tmp_path / folder).mkdir()
        clip = write_numbered(tmp_path / folder / f"clip {number}.mp4", 30)
        high = {0: range(5, 11), 1: range(7, 12)}[number]  # from 1.0 and from 1.4 s on
        daisy = [HIGH if n in high else LOW for n in range(15)]
        write_part(
            archive, str(clip), {"daisy": daisy}, look_s=0.2, extra={"objects": objects_of(15)},
            start=JULY.replace(day=1 + number),
        )  # fmt: skip
    return archive


def found(*arguments) -> int:
    return main(["find", *map(str, arguments)])


def test_a_moment_that_begins_with_a_key_frame_is_copied_and_others_are_encoded_exactly(
    garden, tmp_path, capsys
):
    out = tmp_path / "cut"
    assert found(garden, "daisy > 0.8", "--clips", out, "--csv") == 0
    assert "2 clips in" in (said := capsys.readouterr().err)
    assert "1 copied, 1 encoded" in said
    copied, encoded = out / "clip 0_1.00s.mp4", out / "clip 1_1.40s.mp4"
    assert sorted(out.iterdir()) == [copied, encoded]
    times, numbers = zip(*numbers_in(copied), strict=True)
    assert numbers[:12] == tuple(range(10, 22))
    assert times[:12] == tuple(n / 10 for n in range(12))
    assert len(numbers) <= 12 + 3  # what pictures before the end are computed from
    assert numbers_in(encoded) == [(n / 10, 14 + n) for n in range(10)]
    before = copied.read_bytes()
    assert found(garden, "daisy > 0.8", "--clips", out, "--csv") == 0
    assert "2 were there already" in capsys.readouterr().err
    assert copied.read_bytes() == before


def test_cut_clips_keep_the_time_of_day_where_the_source_has_one(garden, tmp_path):
    clip = write_numbered(tmp_path / "no clock.mp4", 30)
    daisy = [HIGH if 5 <= n < 11 else LOW for n in range(15)]
    write_part(garden, str(clip), {"daisy": daisy}, look_s=0.2)
    out = tmp_path / "cut"
    assert found(garden, "daisy > 0.8", "--clips", out, "--csv") == 0
    times = {}
    for path in out.iterdir():
        with av.open(str(path)) as cut:
            times[path.name] = cut.metadata.get("creation_time")
    second = JULY + timedelta(days=1, seconds=1)  # from 1.4 s on: MP4 has whole seconds
    assert {name: at and datetime.fromisoformat(at) for name, at in times.items()} == {
        "clip 0_1.00s.mp4": JULY + timedelta(seconds=1),
        "clip 1_1.40s.mp4": second,
        "no clock_1.00s.mp4": None,
    }


def test_the_packets_of_a_copied_cut_are_those_of_the_clip(garden, tmp_path):
    out = tmp_path / "cut"
    assert found(garden, "daisy > 0.8", "--clips", out, "--csv") == 0
    with av.open(str(tmp_path / "north" / "clip 0.mp4")) as clip:
        every = [bytes(packet) for packet in clip.demux(video=0) if packet.size]
    with av.open(str(out / "clip 0_1.00s.mp4")) as cut:
        ours = [bytes(packet) for packet in cut.demux(video=0) if packet.size]
    begin = every.index(ours[0])
    assert every[begin : begin + len(ours)] == ours


def test_clips_that_are_gone_are_told_and_the_others_go_on(garden, tmp_path, capsys):
    moved = tmp_path / "north" / "clip 0.mp4"
    moved.rename(tmp_path / "elsewhere.mp4")
    out, sheet = tmp_path / "cut", tmp_path / "sheet.html"
    assert found(garden, "daisy > 0.8", "--clips", out, "--sheet", sheet, "--csv") == 4
    said = capsys.readouterr().err
    assert f"{moved} is not there any more" in said
    assert "measure it in its new place with livecam batch" in said
    assert f"{sheet}: 1 picture, 1 missing" in said
    assert [path.name for path in out.iterdir()] == ["clip 1_1.40s.mp4"]
    html = sheet.read_text("utf-8")
    assert html.count("<img") == 1
    assert html.count("the clip is not there any more") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_clip_whose_name_is_no_text_is_cut_and_shown(garden, tmp_path):
    clip = write_numbered(tmp_path / "flower.mp4", 30).rename(tmp_path / "\udcff.mp4")
    text = str(clip).encode("utf-8", "backslashreplace").decode()
    write_part(garden, text, {"daisy": [HIGH if n < 11 else LOW for n in range(15)]}, look_s=0.2)
    out, sheet = tmp_path / "cut", tmp_path / "sheet.html"
    flags = ("--clips", out, "--sheet", sheet, "--csv")
    assert found(garden, "daisy > 0.8", *flags) == 0
    assert len(list(out.iterdir())) == 3
    assert "not there any more" not in sheet.read_text("utf-8")


def test_the_sheet_needs_no_other_file_and_opens_each_clip_at_its_second(garden, tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    sheet = pages / "sheet.html"
    assert found(garden, "daisy > 0.8 for 1s", "--sheet", sheet, "--csv") == 0
    html = sheet.read_text("utf-8")
    assert not re.search(r'(src|href)="(?!data:image/jpeg|#day-|\.\./)', html)
    links = re.findall(r'<figure><a href="([^"#]+)#t=([\d.]+)"', html)
    assert [float(second) for _, second in links] == [1.0, 1.4]
    assert all((pages / unquote(link)).is_file() for link, _ in links)
    assert html.count("<rect") == 2
    assert re.findall(r'<section id="day-(2026-07-0\d)"', html) == ["2026-07-01", "2026-07-02"]
    assert "<h1>daisy &gt; 0.8 for 1 s</h1>" in html


def test_the_sheet_shows_the_strongest_look_with_its_map(garden, tmp_path):
    import base64

    sheet = tmp_path / "sheet.html"
    assert found(garden, "daisy > 0.8", "--sheet", sheet, "--csv") == 0
    jpegs = re.findall(r"base64,([^\"]+)", sheet.read_text("utf-8"))
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(jpegs[0]), np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (48, 64, 3)
    # Beside the square that the network saw, the picture as it is: frame 10 is of grey 90.
    assert abs(float(shown[:, :6].mean()) - 90) < 4
    middle, corner = shown[24, 32].astype(int), shown[4, 12].astype(int)
    assert middle.max() > 150 > corner.max()  # the map's one bright cell is the middle one


def test_ended_by_a_signal_nothing_is_half_written(garden, tmp_path, monkeypatch, capsys):
    import os
    import signal

    from livecam.assembly import archived_clips

    cut = archived_clips.ArchivedClips.cut

    def cut_and_interrupt(self, moment, target):
        made = cut(self, moment, target)
        os.kill(os.getpid(), signal.SIGINT)
        return made

    monkeypatch.setattr(archived_clips.ArchivedClips, "cut", cut_and_interrupt)
    out = tmp_path / "cut"
    assert found(garden, "daisy > 0.8", "--clips", out, "--csv") == 130
    assert [path.name for path in out.iterdir()] == ["clip 0_1.00s.mp4"]
    assert "1 clip in" in capsys.readouterr().err


def test_coco_has_a_picture_for_each_moment_with_its_boxes(garden, tmp_path, capsys):
    out = tmp_path / "set"
    assert found(garden, "daisy > 0.8", "--coco", out, "--csv") == 0
    document = json.loads((out / "instances.coco.json").read_text("utf-8"))
    assert [image["time_s"] for image in document["images"]] == [1.0, pytest.approx(1.4)]
    for image, grey in zip(document["images"], (90, 122), strict=True):
        bgr = cv2.imread(str(out / image["file_name"]))
        assert bgr.shape == (image["height"], image["width"], 3)
        assert abs(float(bgr.mean()) - grey) < 4
    assert [one["bbox"] for one in document["annotations"]] == [[4.0, 5.0, 10.0, 12.0]] * 2
    assert {one["image_id"] for one in document["annotations"]} == {1, 2}
    assert document["categories"] == [{"id": 1, "name": "daisy"}]
    assert found(garden, "daisy > 0.8", "--coco", out) == 2
    assert "exists already" in capsys.readouterr().err


PLACE = ("--latitude", "47.5", "--longitude", "9.75")


@pytest.fixture
def package(garden, tmp_path):
    """A Camtrap DP package of the garden, and of a clip without a time of day."""
    write_part(garden, str(tmp_path / "no_clock.mp4"), {"daisy": [HIGH] * 5})
    out = tmp_path / "package"
    species = ("--species", "daisy=Bellis perennis")
    assert found(garden, "daisy > 0.8", "--camtrap-dp", out, *PLACE, *species, "--csv") == 0
    return out


def rows_of(package: Path, name: str) -> list[dict[str, str]]:
    with (package / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_package_keeps_every_rule_of_the_published_tables(package, shared):
    schemas = shared / "schemas" / "camtrap-dp-1.0.2"
    described = json.loads((package / "datapackage.json").read_text("utf-8"))
    profile = json.loads((schemas / "camtrap-dp-profile.json").read_text("utf-8"))
    needed = profile["allOf"][1]
    assert set(needed["required"]) <= set(described)
    assert set(needed["properties"]["project"]["required"]) <= set(described["project"])
    for resource in described["resources"]:
        name = resource["schema"].rpartition("/")[2]
        assert re.search(profile["$defs"]["version"]["pattern"], resource["schema"])
        resource["schema"] = json.loads((schemas / name).read_text("utf-8"))
    # Its own profile would be fetched, and hides errors of rows.
    described["profile"] = "tabular-data-package"
    offline = frictionless.Package.from_descriptor(described, basepath=str(package))
    report = offline.validate()
    assert report.valid, report.flatten(["type", "rowNumber", "note"])


def test_the_package_says_what_was_found(package, garden, capsys):
    # frictionless does not look whether an end is before its start, nor for files.
    tables = ("deployments", "media", "observations")
    deployments, media, observations = (rows_of(package, name) for name in tables)
    assert [d["locationName"] for d in deployments] == ["north", "south bed"]
    assert [m["fileName"] for m in media] == ["clip 0.mp4", "clip 1.mp4"]
    for row in media:
        assert row["filePath"].startswith("file:///")
        assert Path(unquote(row["filePath"].removeprefix("file://"))).is_file()
    for row in deployments:
        assert row["deploymentStart"] < row["deploymentEnd"]
    known = {m["mediaID"]: m for m in media}
    for row in observations:
        start = datetime.fromisoformat(row["eventStart"])
        assert start <= datetime.fromisoformat(row["eventEnd"])
        assert known[row["mediaID"]]["deploymentID"] == row["deploymentID"]
        assert (row["scientificName"], row["observationType"]) == ("Bellis perennis", "animal")
        assert float(row["classificationProbability"]) == pytest.approx(HIGH)
    assert [o["eventStart"] for o in observations] == [
        "2026-07-01T04:00:01Z", "2026-07-02T04:00:01Z"
    ]  # fmt: skip
    again = ("--camtrap-dp", package, *PLACE)
    assert found(garden, "daisy > 0.8", *again, "--csv") == 2
    assert found(garden, "daisy > 0.8", *again, "--csv", "--force") == 0
    assert "1 clip left out" in capsys.readouterr().err
    assert {o["observationType"] for o in rows_of(package, "observations")} == {"unclassified"}


def test_clips_left_out_of_a_package_are_named_and_animals_said(garden, tmp_path, capsys):
    for n in range(7):
        write_part(garden, f"/clips/undated {n}.mp4", {"daisy": [HIGH] * 5})
    out, species = tmp_path / "package", ("--species", "daisy=Bellis perennis")
    assert found(garden, "daisy > 0.8", "--camtrap-dp", out, *PLACE, *species, "--csv") == 0
    said = capsys.readouterr().err
    assert "7 clips left out" in said
    assert re.findall(r"undated (\d)", said) == list("01234")
    assert "  and 2 more" in said
    assert "Bellis perennis are of the type animal, those of a plant, too" in said
    assert found(garden, "daisy > 0.8", "--camtrap-dp", out, *PLACE, "--force", "--csv") == 0
    assert "animal" not in capsys.readouterr().err


def test_a_package_needs_clips_with_a_time_of_day(tmp_path, capsys):
    archive = tmp_path / "garden"
    write_part(archive, "/clips/a.mp4", {"daisy": [HIGH] * 5})
    out = tmp_path / "package"
    assert found(archive, "daisy > 0.8", "--camtrap-dp", out, *PLACE) == 2
    assert "says when it was taken" in capsys.readouterr().err
    assert not out.exists()
