"""The figures by group, and the table of figures beside their targets."""

import json

import numpy as np
import pytest

from training.data.picture_store import Entry
from training.evaluate.large_maps import LOOKS
from training.evaluate.by_group import group_figures
from training.evaluate.table import write_table
from training.network.keras_mobilenet import Predictions
from training.settings import CLASSES, DAISY, OTHER


def entry(name, group, kind="photo"):
    return Entry(name, kind, OTHER, "test", 0, 1, 1, 3, group)


def predictions(*answers):
    logits = 10.0 * np.eye(len(CLASSES))[list(answers)]
    return Predictions(np.zeros((len(answers), len(CLASSES), 7, 7)), logits, temperature=2.0)


ENTRIES = [
    entry("openimages__0001.jpg", "faces"),
    entry("openimages__0002.jpg", "faces"),
    entry("insectdetect__0002.jpg", "hands"),
    entry("decord_video.mov#3", "hands", kind="clip"),
]


def test_other_things_are_counted_by_group_and_by_source():
    found = group_figures(predictions(OTHER, DAISY, OTHER, OTHER), ENTRIES)
    assert found["all"]["called_other"] == 0.75
    assert found["groups"]["faces"]["called_daisy"] == 0.5
    assert found["groups"]["hands"]["pictures"] == 2
    assert found["sources"]["openimages"]["called_other"] == 0.5
    assert found["worst_group"] == 0.5
    assert "rooms" in found["groups_without_pictures"]


def test_a_temperature_makes_a_network_less_sure_of_its_flowers():
    answers = predictions(DAISY)
    assert answers.probabilities[0, DAISY] == pytest.approx(1 / (1 + 5 * np.exp(-5)))


def test_the_table_says_what_was_found_and_what_is_asked_for(tmp_path):
    others = group_figures(predictions(OTHER, DAISY, OTHER, OTHER), ENTRIES)
    metrics = {
        "photographs": {"accuracy_flowers_only": 0.931, "daisy_auc": 0.9971,
                        "peak_of_own_map": {"daisy": 36.2, "other": 3.0}},
        "others": {"of_cameras": others},
        **{name: {"flowers_right": 0.9, "others_called_other": 0.96} for name in LOOKS},
        "small_flowers": {"rose": {"within_half_a_radius": 0.955}},
        "calibration": {"error": 0.021, "error_halves": 0.025,
                        "sure": {"threshold": 0.62, "sure": 0.9, "right_when_sure": 0.97}},
    }  # fmt: skip
    peaks = {"flowers": {"one flower": {"peak_cell_touches_flower": 0.98}}}
    mirror = {"rose": {"offset_px": [0.31, -0.52]}, "tulip": None}
    int8 = {"maps_alike_median": 0.998, "same_class": 0.983}
    for name, figures in (
        ("metrics", metrics),
        ("peaks", peaks),
        ("mirror", mirror),
        ("int8", int8),
    ):
        (tmp_path / f"{name}_test.json").write_text(json.dumps(figures))
    lines = write_table(tmp_path, "test").splitlines()
    assert "| five kinds of flowers | 0.931 | .93 |" in lines
    assert "| faces called other | 0.500 of 2 | .90 |" in lines
    assert "| rooms called other | no pictures | .90 |" in lines
    assert "| mirror test of rose: right, down, in pixels | +0.3, -0.5 | 1 |" in lines
    assert "| median peak of daisy | 36.2 | 36 |" in lines
    assert not any("median peak of other" in line for line in lines)
