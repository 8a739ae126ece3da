"""Several classes in one pass, and the class that follows what is seen, as a user runs them."""

import csv
import io
import json
from datetime import datetime

import cv2
import numpy as np
import pytest
from support import livecam_here, records, textured

import livecam as library

SCENE = ("daisy", "--model", "flowers", "--no-window", "--frames", 2)


def figures_of(tmp_path, *arguments):
    run = livecam_here(*SCENE, *arguments, "--stats", "-", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    return records(run.stdout)


def test_all_classes_are_in_every_record_and_equal_to_each_alone(tmp_path):
    both = figures_of(tmp_path, "--class", "tulip", "--class", "daisy", "--grid")
    for name in ("tulip", "daisy"):
        alone = figures_of(tmp_path, "--class", name, "--grid")
        for line, single in zip(both, alone, strict=True):
            of_class = line["classes"][name]
            assert of_class == {key: single[key] for key in of_class}
            assert "classes" not in single
    assert [line["class"] for line in both] == ["tulip", "tulip"]
    assert list(both[0]["classes"]) == ["tulip", "daisy"]


def test_in_csv_and_beside_a_recording_as_well(tmp_path):
    run = livecam_here(*SCENE, "--class", "tulip", "--class", "daisy", "--stats", "s.csv",
                  "--record", "r.mp4", "--record-stats", cwd=tmp_path)  # fmt: skip
    assert run.returncode == 0, run.stderr
    rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text())))
    lines = records((tmp_path / "r.jsonl").read_text())
    for row, line in zip(rows, lines, strict=True):
        assert float(row["daisy_max"]) == line["classes"]["daisy"]["max"]
        assert datetime.fromisoformat(row["at"]) == datetime.fromisoformat(line["at"])


def test_every_record_has_the_time_of_day_with_its_zone(tmp_path):
    before = datetime.now().astimezone()
    times = [datetime.fromisoformat(line["at"]) for line in figures_of(tmp_path)]
    assert times == sorted(times)
    assert all(before.replace(microsecond=0) <= at <= datetime.now().astimezone() for at in times)


@pytest.fixture
def two_flowers(tmp_path, shared):
    """A folder with a daisy and a tulip, as the model sees them."""
    folder, model = tmp_path / "photos", library.open_model("flowers")
    folder.mkdir()
    for kind in ("daisy", "tulip"):
        photos = sorted((shared / "photos" / "flowers").rglob("*.jpg"))
        named = (p for p in photos if p.parent.name.startswith(kind))
        path = next(p for p in named if library.measure(model, p, kind).probability > 0.9)
        cv2.imwrite(str(folder / f"{kind}.png"), cv2.imread(str(path)))
    return folder


@pytest.mark.parametrize("spelled", ["auto", "Auto"])
def test_auto_follows_what_is_seen(two_flowers, tmp_path, spelled):
    run = livecam_here(two_flowers, "--model", "flowers", "--no-window", "--class", spelled,
                  "--stats", "-", cwd=tmp_path)  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert [line["class"] for line in records(run.stdout)] == ["daisy", "tulip"]


def test_auto_beside_names_follows_among_these_and_measures_all_of_them(two_flowers, tmp_path):
    run = livecam_here(two_flowers, "--model", "flowers", "--no-window", "--class", "auto",
                  "--class", "rose", "--class", "daisy", "--stats", "-", cwd=tmp_path)  # fmt: skip
    lines = records(run.stdout)
    assert lines[0]["class"] == "daisy"
    assert {line["class"] for line in lines} <= {"rose", "daisy"}
    assert all(list(line["classes"]) == ["rose", "daisy"] for line in lines)


def test_the_library_follows_and_measures_several(two_flowers):
    model = library.open_model("flowers")
    paths = sorted(two_flowers.iterdir())
    followed = list(library.annotate(paths, model, class_name="auto"))
    assert [annotated.stats.class_name for annotated in followed] == ["daisy", "tulip"]
    assert library.measure(model, paths[1], "auto").class_name == "tulip"
    measured = library.measure(model, paths[1], ["auto", "rose"])
    assert list(measured.classes) == ["tulip", "rose"]
    assert measured.classes["auto"] is measured.classes["tulip"]
    (annotated,) = library.annotate(textured(64, 64), model, class_name=["rose", "tulip"])
    assert list(annotated.stats.classes) == ["rose", "tulip"]
    assert np.allclose(annotated.stats.classes["rose"].grid, annotated.activation.grid)


def test_the_columns_are_described_on_the_terminal(tmp_path):
    (record,) = figures_of(tmp_path, "--top", "--class", "rose", "--class", "tulip")[:1]
    described = json.loads(livecam_here("stats-columns", "--json", cwd=tmp_path).stdout)
    assert set(record) <= {column["name"] for column in described}
    shown = livecam_here("stats-columns", cwd=tmp_path).stdout
    assert all(name in shown for name in record)
    assert max(map(len, shown.splitlines())) <= 80


PAIR = library.HeatSettings(view="pair", opacity=1.0, act_max="auto")


def test_a_pair_of_classes_is_drawn_in_magenta_and_green():
    """Both maps are those of the classes alone: red and blue hold one, green the other."""
    model, bgr = library.open_model("flowers"), textured(160, 120)
    pair, swapped = (
        library.draw(bgr, library.measure(model, bgr, names), heat=PAIR, figures=False)
        for names in (["daisy", "tulip"], ["tulip", "daisy"])
    )
    middle = np.s_[30:90, 50:110]  # within the square's line
    assert (pair[middle][..., 2] == swapped[middle][..., 1]).all()
    assert (pair[middle][..., 1] == swapped[middle][..., 2]).all()
    assert (pair[middle][..., 1] != pair[middle][..., 2]).any()
    named = library.draw(bgr, library.measure(model, bgr, ["daisy", "tulip"]), heat=PAIR)
    assert (named != pair).any()
    (annotated,) = library.annotate(bgr, model, class_name=["daisy", "tulip"], heat=PAIR)
    assert annotated.second.class_name == "tulip"
    assert annotated.second.probability == annotated.stats.classes["tulip"].probability
    alone = library.draw(bgr, library.measure(model, bgr, "daisy"), heat=PAIR, figures=False)
    assert not alone[middle][..., 1].any()
