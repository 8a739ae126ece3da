"""`livecam teach` as it is typed: folders of classes, clips, results, errors, signals."""

import os
import re
import signal

import cv2
import numpy as np
import pytest
from support import fresh_python, write_clip

from livecam.cli.app import main
from livecam.models import other_things
from livecam.models.taught_file import read_taught_file
from livecam.sinks.sample_folder import SampleFolder

FAST = ("--model", "flowers", "--threads", "1")


def flower(colour: tuple[int, int, int], seed: int) -> np.ndarray:
    """A round thing of a colour (blue, green, red) somewhere on noise."""
    rng = np.random.default_rng(seed)
    bgr = rng.integers(60, 120, (96, 96, 3), np.uint8)
    middle = tuple(int(n) for n in rng.integers(35, 60, 2))
    cv2.circle(bgr, middle, 28, colour, -1)
    return bgr


RED, BLUE = (30, 30, 220), (220, 60, 30)


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """A folder with two classes of four pictures, and the current folder beside it."""
    monkeypatch.chdir(tmp_path)
    for name, colour in (("rose", RED), ("flax", BLUE)):
        (tmp_path / "garden" / name).mkdir(parents=True)
        for n in range(4):
            path = tmp_path / "garden" / name / f"{n}.png"
            cv2.imwrite(str(path), flower(colour, n))
    return tmp_path / "garden"


def clip_of(path, colour):
    """A clip of a second and a half, twenty pictures a second."""
    times_s = [n / 20 for n in range(30)]
    return write_clip(path, [flower(colour, n) for n in range(30)], times_s)


def taught(*arguments) -> int:
    return main(["teach", *map(str, arguments)])


def test_a_folder_of_classes_becomes_a_model_that_runs(garden, capsys):
    assert taught(garden, *FAST) == 0
    said = capsys.readouterr()
    assert "flax" in said.out
    assert "4 of 4" in said.out
    assert "100 % recognised" in said.out
    assert "livecam --model garden.livecam" in said.err

    cv2.imwrite("new.png", flower(RED, 99))
    run = ["new.png", "--model", "garden.livecam", "--threads", "1", "--no-window", "--stats", "-"]
    assert main(run) == 0
    assert '"class": "rose"' in capsys.readouterr().out


def test_other_is_there_without_teaching_it(garden, capsys):
    assert taught(garden, *FAST) == 0
    said = capsys.readouterr()
    assert "built in" in said.out
    assert "whatever is shown" not in said.err
    found = read_taught_file(garden.parent / "garden.livecam")
    assert found.class_names == ("flax", "rose", "other")


@pytest.fixture
def no_other_things(tmp_path, monkeypatch):
    """No network has features of other things, as imagenet of another alpha than 0.75."""
    monkeypatch.setattr(other_things, "OTHER_THINGS_FOLDER", tmp_path / "none")


@pytest.mark.usefixtures("no_other_things")
def test_a_model_that_knows_no_other_things_says_so(garden, capsys):
    taught(garden, *FAST)
    assert "whatever is shown will be one of the classes" in capsys.readouterr().err


def test_a_folder_named_other_is_what_is_none_of_the_classes(garden, capsys):
    (garden / "Other").mkdir()
    for n in range(3):
        noise = np.random.default_rng(n).integers(0, 255, (96, 96, 3), np.uint8)
        cv2.imwrite(str(garden / "Other" / f"{n}.png"), noise)
    assert taught(garden, *FAST) == 0
    found = read_taught_file(garden.parent / "garden.livecam")
    assert found.class_names == ("flax", "rose", "other")
    assert found.has_other
    assert "whatever is shown" not in capsys.readouterr().err


def test_what_the_others_contradict_is_named_and_red_on_the_page(garden, tmp_path, capsys):
    cv2.imwrite(str(garden / "flax" / "wrong.png"), flower(RED, 50))
    assert taught(garden, *FAST, "--page", tmp_path / "page.html") == 0
    assert "flax/wrong.png: looks like rose" in capsys.readouterr().out
    html = (tmp_path / "page.html").read_text("utf-8")
    assert html.count("<figure") == 9
    assert '<figure class="wrong"><img alt="flax/wrong.png"' in html
    assert not re.search(r'(src|href)="(?!data:)', html)


def test_a_part_of_a_clip_becomes_samples_and_the_folder_is_taught(garden, tmp_path, capsys):
    clip = clip_of(tmp_path / "daisy.mp4", (240, 240, 240))
    how = ("--from", "0.2", "--to", "0.8", "--per-second", "5", "--samples", garden, *FAST)
    assert taught(clip, "--class", "daisy", *how) == 0
    files = sorted(path.name for path in (garden / "daisy").iterdir())
    assert files == ["daisy_0000.200.png", "daisy_0000.400.png", "daisy_0000.600.png",
                     "daisy_0000.800.png"]  # fmt: skip
    found = read_taught_file(tmp_path / "garden.livecam")
    assert found.class_names == ("daisy", "flax", "rose", "other")
    assert "4 samples of daisy in" in capsys.readouterr().err


def test_a_result_of_before_is_replaced_and_no_other_file(garden, tmp_path, capsys):
    assert taught(garden, *FAST) == 0
    assert taught(garden, *FAST) == 0
    (tmp_path / "mine.livecam").write_text("keep")
    assert taught(garden, *FAST, "--output", "mine.livecam") == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "mine.livecam").read_text() == "keep"


def test_a_file_that_is_no_picture_is_left_out_and_named(garden, capsys):
    (garden / "rose" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    assert taught(garden, *FAST) == 0
    assert "broken.jpg has no picture to be read: left out" in capsys.readouterr().err


def test_of_many_pictures_some_are_taken(garden, capsys):
    assert taught(garden, *FAST, "--per-class", "2") == 0
    assert "2 of 2" in capsys.readouterr().out


ERRORS = {
    "nothing": ([], 2, "nothing to teach from"),
    "no class": (["clip.mp4"], 3, "clip.mp4"),
    "no class for a picture": (
        ["new.png"],
        2,
        "does new.png show? Give --class NAME (and --from and --to for a part",
    ),
    "another ending": (["garden", "--output", "gq.txt"], 2, "is a .livecam file: give gq.livecam"),
    "a bad name": (["new.png", "--class", "a/b"], 2, "no folder may have"),
    "a hidden name": (["new.png", "--class", ".a"], 2, "is no name for a folder"),
    "weights": (["garden", "--weights", "w.h5"], 2, "teach takes no --weights"),
    "a flag of a run": (["garden", "--gain", "0.2"], 2, "--gain is no setting of livecam teach"),
    "order": (["new.png", "--class", "a", "--from", "3", "--to", "2"], 2, "must come after"),
    "too late": (["new.png", "--class", "a", "--from", "9"], 2, "no picture from 9 s on"),
    "samples": (["garden", "--samples", "x"], 2, "has folders of its own"),
    "one class alone": (["new.png", "--class", "a", "--samples", "one", *FAST], 2, "one class"),
    "keys without names": (["0"], 2, "needs the names of the classes"),
    "more than keys": (
        ["0", *(word for n in range(10) for word in ("--class", f"c{n}"))],
        2,
        "more than the keys",
    ),
}


@pytest.mark.usefixtures("no_other_things")  # else one class is enough
@pytest.mark.parametrize(("arguments", "code", "words"), ERRORS.values(), ids=ERRORS)
def test_mistakes_get_one_line(arguments, code, words, garden, capsys):
    cv2.imwrite("new.png", flower(RED, 1))
    assert taught(*arguments) == code
    said = capsys.readouterr().err.strip().splitlines()
    assert words in said[-1]
    assert not list(garden.parent.glob("*.livecam"))


def test_ctrl_c_loses_no_sample(garden, tmp_path, monkeypatch, capsys):
    save, saved = SampleFolder.save, []

    def save_and_stop(self, *how):
        saved.append(save(self, *how))
        if len(saved) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return saved[-1]

    monkeypatch.setattr(SampleFolder, "save", save_and_stop)
    clip = clip_of(tmp_path / "daisy.mp4", BLUE)
    how = ("--per-second", "10", "--samples", garden, *FAST)
    assert taught(clip, "--class", "daisy", *how) == 130
    assert "the samples are in" in capsys.readouterr().err
    assert len(list((garden / "daisy").glob("*.png"))) == 3
    assert not list(tmp_path.glob("*.livecam"))


@pytest.mark.parametrize("classes", [["daisy"], ["daisy", "rose"]], ids=["a clip", "by keys"])
def test_samples_are_taken_by_one_program_at_a_time(classes, garden, tmp_path, capsys):
    """Two numbered their samples alike, and one replaced the other's."""
    clip = clip_of(tmp_path / "daisy.mp4", BLUE)
    named = [word for name in classes for word in ("--class", name)]
    with SampleFolder(garden):
        assert taught(clip, *named, "--samples", garden, *FAST) == 2
        said = capsys.readouterr().err.strip().splitlines()
        assert len(said) == 1
        assert f"another livecam takes samples into {garden}" in said[0]
        assert taught(garden, *FAST) == 0  # what is there can be learnt
    assert not (garden / "daisy").exists()


def test_livecam_models_lists_what_was_taught(garden, capsys):
    assert taught(garden, *FAST) == 0
    (garden.parent / "broken.livecam").write_bytes(b"no")
    capsys.readouterr()
    assert main(["models"]) == 0
    said = capsys.readouterr().out
    assert "garden.livecam: flax, rose" in said
    assert "broken.livecam is no whole .livecam file" in said
    assert main(["models", "garden.livecam"]) == 0
    assert "flax 4 of 4, rose 4 of 4" in capsys.readouterr().out


def test_teaching_imports_no_tensorflow(garden):
    words = ["teach", "garden", *FAST]
    code = f"import sys\nfrom livecam.cli.app import main\nmain({words})\nprint(*sys.modules)"
    run = fresh_python(code, cwd=garden.parent)
    assert not {"tensorflow", "keras"} & set(run.stdout.splitlines()[-1].split())
    assert (garden.parent / "garden.livecam").is_file()
