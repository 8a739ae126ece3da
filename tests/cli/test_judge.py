"""`livecam judge` as it is typed: table, files, errors, signals."""

import json
import os
import re
import signal

import cv2
import pytest
from support import textured, write_clip

from livecam.cli.app import main
from livecam.core.map_quality.metrics import METRICS

FAST = ("--model", "flowers", "--threads", "1")


@pytest.fixture
def photos(tmp_path):
    """A folder of two pictures, named after a class."""
    folder = tmp_path / "daisies" / "roses"
    folder.mkdir(parents=True)
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / name), textured(100, 80, seed=ord(name[0])))
    return folder


def judged(*arguments) -> int:
    return main(["judge", *map(str, arguments)])


def test_table_json_and_page_say_the_same(photos, tmp_path, capsys):
    boxes = tmp_path / "boxes.json"
    boxes.write_text(
        json.dumps({
            "images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 80}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 40, 40]}],
            "categories": [{"id": 1, "name": "rose"}],
        })
    )  # fmt: skip
    out, page = tmp_path / "out.json", tmp_path / "out.html"
    code = judged(
        photos, *FAST, "--by-folder", "--boxes", boxes, "--json", out, "--page", page,
        "--place", "measured", "--place", "page",
    )  # fmt: skip
    assert code == 0
    document, table = json.loads(out.read_text()), capsys.readouterr().out
    assert {metric["name"] for metric in document["metrics"]} == {m.name for m in METRICS}
    assert [p["class"] for p in document["pictures"]] == ["rose", "rose"]
    assert "2 pictures of rose, 1 with boxes" in table
    deletion = document["metrics"][0]["means"]["measured"]
    assert f"{deletion['mean']:.3f} [{deletion['low']:.3f}, {deletion['high']:.3f}]" in table
    assert "measured less page" in table
    html = page.read_text("utf-8")
    assert html.count("<section>") == 2
    assert html.count("data:image/jpeg;base64,") == 4
    assert not re.search(r'(src|href)="(?!data:)', html)
    assert f"{deletion['mean']:.3f}" in html
    curves = document["pictures"][0]["maps"]["page"]
    assert len(curves["deletion_curve"]) == len(curves["insertion_curve"]) == 29


@pytest.mark.parametrize(
    ("flags", "words"), [((), "--limit judges fewer"), (("--detail", "2"), "a lower --detail")]
)
def test_where_a_picture_takes_long_what_is_faster_is_told(
    flags, words, photos, monkeypatch, capsys
):
    """A lower --detail was the way out of the lowest one, too."""
    monkeypatch.setattr("livecam.cli.judge_progress.LONG_S", 0.0)
    monkeypatch.setattr("livecam.cli.judge_progress._TIMED_LOOKS", 1)
    assert judged(photos / "a.png", *FAST, *flags) == 0
    assert words in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text_is_written_as_json_has_it(photos, tmp_path):
    name, out = os.fsdecode(b"\xff.png"), tmp_path / "out.json"
    picture = (photos / "a.png").rename(photos / name)
    assert judged(picture, *FAST, "--json", out, "--page", tmp_path / "page.html") == 0
    (found,) = json.loads(out.read_text("utf-8"))["pictures"]
    assert found["picture"].endswith(name)


def test_json_on_standard_output_is_alone_there(photos, capsys):
    assert judged(photos / "a.png", *FAST, "--json", "-", "--class", "auto") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["whole"]
    assert document["pictures"][0]["picture"].endswith("a.png")


def test_a_folder_that_names_no_class_is_said_and_passed_over(photos, capsys):
    other = photos.rename(photos.parent / "holidays")
    assert judged(other, *FAST, "--by-folder") == 3
    assert "2 pictures passed over: flowers has no class named like the folder 'holidays'" in (
        capsys.readouterr().err
    )


def test_existing_files_are_refused_before_the_work(photos, tmp_path, capsys):
    page = tmp_path / "page.html"
    page.write_text("mine")
    assert judged(photos, *FAST, "--page", page) == 2
    assert "exists already" in capsys.readouterr().err
    assert page.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing.jpg"], 3, "nothing.jpg"),
        (["0"], 3, "cannot be judged"),
        (["daisy", "--boxes", "none.json"], 2, "none.json"),
        (["daisy", "--class", "unicorn"], 2, "unicorn"),
        (["daisy", "--place", "elsewhere"], 2, "measured"),
        (["daisy", "--limit", "0"], 2, "limit"),
        (["daisy", "--json", "no/folder/a.json"], 2, "no/folder"),
        (["daisy", "--json", "a", "--page", "a"], 2, "same file"),
        (["daisy", "--class", "tulip", "--class", "daisy"], 2, "one --class"),
        (["daisy", "--class", "auto", "--class", "tulip"], 2, "one --class"),
        (["daisy", "--class", "tulip", "--by-folder"], 2, "leave one out"),
        (["text.txt"], 3, "text.txt did not open"),
    ],
)
def test_wrong_input_is_one_line_and_its_code(
    arguments, code, words, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("words")
    assert judged(*arguments, *FAST) == code
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert words in said[0]


def test_ctrl_c_gives_what_was_judged_so_far(photos, tmp_path, monkeypatch, capsys):
    from livecam.assembly.judging import PictureJudge

    whole, out = PictureJudge.judge, tmp_path / "out.json"

    def then_interrupted(self, picture, class_index):
        found = whole(self, picture, class_index)
        os.kill(os.getpid(), signal.SIGINT)
        return found

    monkeypatch.setattr(PictureJudge, "judge", then_interrupted)
    assert judged(photos, *FAST, "--json", out) == 130
    document = json.loads(out.read_text())
    assert len(document["pictures"]) == 1
    assert not document["whole"]
    assert "stopped before the end" in capsys.readouterr().out


def test_ctrl_c_ends_it_also_while_pictures_are_passed_over(photos, monkeypatch, capsys):
    from livecam.cli import judge

    def interrupted(labels, folder):
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(judge, "class_by_folder", interrupted)
    assert judged(photos, *FAST, "--by-folder") == 130
    assert "1 picture passed over" in capsys.readouterr().err


def test_what_was_judged_before_a_source_that_cannot_be_read_is_kept(
    photos, tmp_path, monkeypatch, capsys
):
    from livecam.assembly.judging import PictureJudge

    whole, out = PictureJudge.judge, tmp_path / "out.json"
    (photos / "c.png").write_bytes((photos / "a.png").read_bytes())

    def then_one_is_gone(self, picture, class_index):
        (photos / "b.png").unlink(missing_ok=True)
        return whole(self, picture, class_index)

    monkeypatch.setattr(PictureJudge, "judge", then_one_is_gone)
    files = (photos / name for name in ("a.png", "b.png", "c.png"))
    assert judged(*files, *FAST, "--json", out) == 3
    document = json.loads(out.read_text())
    assert [p["picture"][-5:] for p in document["pictures"]] == ["a.png", "c.png"]
    assert "b.png is gone" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_file(photos, tmp_path, monkeypatch, capsys):
    from pathlib import Path

    def refuse(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    assert judged(photos / "a.png", *FAST, "--json", tmp_path / "out.json") == 5
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.glob("*out.json*")) == []


def test_a_clip_is_judged_picture_by_picture(tmp_path, capsys):
    clip, out = tmp_path / "daisy" / "walk.mp4", tmp_path / "out.json"
    clip.parent.mkdir()
    write_clip(clip, [textured(100, 80, seed=n) for n in range(3)], [0, 0.1, 0.2])
    assert judged(clip, *FAST, "--limit", "2", "--by-folder", "--json", out) == 0
    document = json.loads(out.read_text())
    assert [p["class"] for p in document["pictures"]] == ["daisy", "daisy"]
    assert document["pictures"][0]["picture"] == "walk.mp4 at 0.00 s"
    assert "Traceback" not in capsys.readouterr().err


def test_by_folder_goes_into_the_class_folders(photos, tmp_path):
    (photos.parent / "tulip").mkdir()
    (photos / "b.png").rename(photos.parent / "tulip" / "b.png")
    out = tmp_path / "out.json"
    assert judged(photos.parent, *FAST, "--by-folder", "--json", out) == 0
    document = json.loads(out.read_text())
    assert [p["class"] for p in document["pictures"]] == ["rose", "tulip"]


def coco_of(tmp_path, name):
    path = tmp_path / "other.json"
    images = [{"id": 1, "file_name": name, "width": 100, "height": 80}]
    path.write_text(json.dumps({"images": images, "annotations": [], "categories": []}))
    return path


def test_boxes_of_other_pictures_are_refused_before_the_work(photos, tmp_path, capsys):
    boxes = coco_of(tmp_path, "z.png")
    assert judged(photos, *FAST, "--boxes", boxes) == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert f"none of the 2 pictures is in {boxes} (it names z.png)" in said


def test_boxes_of_pictures_beyond_the_limit_are_told(photos, tmp_path, capsys):
    boxes = coco_of(tmp_path, "b.png")
    assert judged(photos, *FAST, "--boxes", boxes, "--limit", "1") == 0
    assert f"a.png is not in {boxes} (it names b.png)" in capsys.readouterr().err
