"""`livecam accuracy` as it is typed: table, JSON, folders that stand for no class, signals."""

import json
import os
import signal

import cv2
import pytest
from support import textured

from livecam.cli import accuracy
from livecam.cli.app import main
from livecam.sources.open_source import create_source

FAST = ("--model", "flowers", "--threads", "1")


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Two daisies that lie right, one that is called a rose, one picture of no class."""
    root = tmp_path_factory.mktemp("photos")
    with create_source("daisy") as scene:
        pictures = [next(iter(scene)).bgr] * 3
    places = ["daisies/a.png", "daisy/b.png", "roses/c.png", "rosse/d.png"]
    for place, bgr in zip(places, [*pictures, textured(80, 80, seed=1)], strict=True):
        (root / place).parent.mkdir()
        cv2.imwrite(str(root / place), bgr)
    return root


def named(*arguments) -> int:
    return main(["accuracy", *map(str, arguments)])


def test_the_table_says_what_is_right_and_what_is_mistaken_for_what(photos, capsys):
    assert named(photos, *FAST) == 0
    printed = capsys.readouterr()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.out.splitlines()]
    table = {row[0]: row[1:] for row in rows if len(row) == 5}
    assert table["daisy"][:2] == ["2", "2"]
    assert table["rose"][:2] == ["1", "0"]
    assert table["rose"][3] == "daisy 1"
    assert table["all pictures"][2].startswith("66.7 [")
    assert ["rose", "1", "0"] in rows  # of the confusion
    assert "c.png: daisy" in printed.out
    assert (
        "1 picture in the folder 'rosse' passed over: there is no class 'rosse': did you mean"
        in (printed.err)
    )


def test_as_json_standard_output_is_nothing_else(photos, capsys):
    assert named(photos, *FAST, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["model"], document["whole"], document["count"]) == ("flowers", True, 3)
    assert document["classes"]["rose"]["named"] == {"daisy": 1}


def test_a_name_in_json_steers_no_terminal(photos, tmp_path, capsys):
    (tmp_path / "rose").mkdir()
    name = "a\u009b2J\u202e.png"
    (tmp_path / "rose" / name).write_bytes((photos / "roses" / "c.png").read_bytes())
    assert named(tmp_path, *FAST, "--json") == 0
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert name in json.dumps(json.loads(printed), ensure_ascii=False)


def test_area_and_detail_are_those_of_a_run(photos, capsys, monkeypatch):
    looks = []
    real = accuracy.name_pictures
    monkeypatch.setattr(
        accuracy, "name_pictures", lambda *given: looks.append(given[-1]) or real(*given)
    )
    assert named(photos, *FAST, "--area", "frame", "--detail", "2", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["area"], document["detail"], document["count"]) == ("frame", 2, 3)
    assert document["classes"]["daisy"]["named"] == {"daisy": 2}
    assert (looks[0].area, looks[0].detail) == ("frame", 2)
    assert named(photos, *FAST, "--detail", "3") == 0
    assert "area square, detail 3" in capsys.readouterr().out


def test_a_folder_may_have_the_class_index_or_be_the_class_called_like_the_scene(
    photos, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(photos)
    assert named("daisy", *FAST, "--json") == 0  # and not 25 views of the scene
    assert json.loads(capsys.readouterr().out)["count"] == 1
    (tmp_path / "2").mkdir()
    (tmp_path / "2" / "link.png").symlink_to(photos / "daisy" / "b.png")
    assert named(tmp_path, *FAST, "--json") == 0
    assert list(json.loads(capsys.readouterr().out)["classes"]) == ["rose"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["rosse"], 3, "no picture was named"),
        (["nowhere"], 3, "there is no file, folder or camera 'nowhere'"),
        (["daisy", "--class", "rose"], 2, "a picture's class is the name of its folder"),
        ([], 2, "FOLDER requires an argument"),
    ],
)
def test_what_cannot_be_counted_is_one_line(photos, arguments, code, words, capsys, monkeypatch):
    monkeypatch.chdir(photos)
    assert named(*arguments, *FAST) == code
    assert words in capsys.readouterr().err.splitlines()[-1]


def test_ctrl_c_gives_what_was_counted_so_far(photos, monkeypatch, capsys):
    every = accuracy.name_pictures

    def then_interrupted(*arguments):
        for number, one in enumerate(every(*arguments)):
            if number == 1:
                os.kill(os.getpid(), signal.SIGINT)
            yield one

    monkeypatch.setattr(accuracy, "name_pictures", then_interrupted)
    assert named(photos, *FAST, "--json") == 130
    document = json.loads(capsys.readouterr().out)
    assert (document["count"], document["whole"]) == (2, False)
