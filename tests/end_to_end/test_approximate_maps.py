"""A map of the gradient says what it is wherever it goes; an exact one bears no mark."""

import csv
import json
from pathlib import Path

import cv2
import pytest
from models.formats.small_networks import network as small_network
from models.formats.tflite_files import write_classifier
from pyarrow import parquet
from support import textured

import livecam
from livecam.assembly.finding import Search, open_for
from livecam.assembly.archive_page import uncounted
from livecam.cli.app import main
from livecam.core.map_scale import MapScale
from livecam.sources.archive.opened_archive import EVERY_DAY, open_archive

EXACT, APPROXIMATE = "RELU", "TANH"


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), textured(320, 240))
    return path


def network(tmp_path, activation):
    return write_classifier(tmp_path / "net.tflite", "float", activation=activation)


def shown(tmp_path, photo, activation, target):
    model = str(network(tmp_path, activation))
    flags = ["--no-window", "--stats", str(target), "--save-pictures", f"{target}.pictures"]
    assert main(["run", str(photo), "--model", model, *flags]) == 0


def test_a_run_says_it_once_and_every_record_has_it(tmp_path, photo, cache, capsys):
    shown(tmp_path, photo, APPROXIMATE, tmp_path / "a.jsonl")
    said = capsys.readouterr().err
    assert said.count("its map is approximate, that of the gradient: tanh after the pooling") == 1
    record = json.loads((tmp_path / "a.jsonl").read_text())
    assert record["approximate"] is True
    shown(tmp_path, photo, APPROXIMATE, tmp_path / "a.csv")
    (row,) = csv.DictReader((tmp_path / "a.csv").read_text().splitlines())
    assert row["approximate"] == "true"


def test_an_exact_network_has_no_such_word(tmp_path, photo, cache, capsys):
    shown(tmp_path, photo, EXACT, tmp_path / "a.jsonl")
    assert "approximate" not in capsys.readouterr().err
    assert "approximate" not in (tmp_path / "a.jsonl").read_text()


@pytest.mark.parametrize(("activation", "is_approximate"), [(EXACT, False), (APPROXIMATE, True)])
def test_the_library_says_it_of_each_measurement(
    activation, is_approximate, tmp_path, photo, cache
):
    model = livecam.open_model(network(tmp_path, activation))
    measured = livecam.measure(model, photo, [0, 1])
    assert measured.is_approximate == is_approximate
    assert measured.classes[1].is_approximate == is_approximate
    (annotated,) = livecam.annotate([photo], model, class_name=0)
    assert annotated.stats.is_approximate == is_approximate


def test_a_judgement_says_it(tmp_path, photo, cache, capsys):
    model = str(network(tmp_path, APPROXIMATE))
    target = tmp_path / "judged.json"
    assert main(["judge", str(photo), "--model", model, "--json", str(target)]) == 0
    assert "no boxes, approximate maps (gradient)" in capsys.readouterr().out
    because = json.loads(target.read_text())["approximate"]
    assert because == "tanh after the pooling is not piecewise linear"


def archive_of(tmp_path, photo, activation):
    folder, model = tmp_path / "archive", str(network(tmp_path, activation))
    batch = ["batch", str(photo), "--out", str(folder), "--model", model]
    assert main([*batch, "--grid", "--processes", "1"]) == 0
    opened = open_archive(folder, None, EVERY_DAY, uncounted)
    return open_for(opened, Search(), lambda _: None)[0]


def test_an_archive_keeps_it_with_the_scale_of_the_maps(tmp_path, photo, cache):
    archive = archive_of(tmp_path, photo, APPROXIMATE)
    assert archive.about["approximate"] == "tanh after the pooling is not piecewise linear"
    assert "approximate maps" in archive.made_with
    assert archive.map_scale == MapScale(None, gain_is_relative=True)
    (part,) = Path(archive.folder).rglob("*.parquet")
    about = json.loads(parquet.read_schema(part).metadata[b"livecam"])
    assert about["approximate"] == archive.about["approximate"]
    assert about["map_scale"] == {"act_max": None, "gain_is_relative": True}


def test_networks_of_keras_go_to_the_processes_that_measure(tmp_path, photo, cache):
    """Before, what reads their weights could not be pickled: a traceback."""
    folder, model = tmp_path / "archive", tmp_path / "net.keras"
    small_network("gelu, LayerNormalization").save(model)
    batch = ["batch", str(photo), "--out", str(folder), "--model", str(model)]
    assert main([*batch, "--processes", "1"]) == 0
    about = open_archive(folder, None, EVERY_DAY, uncounted).about
    assert about["approximate"].startswith("gelu and LayerNormalization after the pooling are")


def test_an_archive_learns_a_scale_that_was_measured_later(tmp_path, photo, cache):
    archive = archive_of(tmp_path, photo, EXACT)
    assert "approximate" not in archive.about
    export = livecam.open_model(network(tmp_path, EXACT)).export_folder
    assert archive.map_scale == MapScale(None, gain_is_relative=True)
    (export / "scale.json").write_text('{"act-max": 7.5, "pictures": 50}')
    again = archive_of(tmp_path, photo, EXACT)
    assert again.settings == archive.settings
    assert again.map_scale == MapScale(7.5, gain_is_relative=True)
