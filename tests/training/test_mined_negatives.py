"""Which other things are drawn more often; torch is installed for the training only."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.data.picture_store import LabelledPicture, write_store
from training.data.rendered_scenes import held_out_views
from training.network.bundled_weights import unpack_bundle
from training.network.mobilenet import load_mobilenet
from training.output_files import LOCALISED, PICTURES, REFINED
from training.settings import OTHER, Settings
from training.train.mined_negatives import STORE, mined_negatives


def test_what_the_network_takes_for_a_daisy_is_drawn_more_often(tmp_path):
    unpack_bundle(tmp_path, Settings())
    network = load_mobilenet(tmp_path / LOCALISED, Settings().student.alpha)
    shown = {"wall": np.full((224, 224, 3), 90, np.uint8), "daisy": next(held_out_views(1))[0]}
    write_store(
        tmp_path / PICTURES,
        (LabelledPicture(name, "photo", OTHER, "train", rgb) for name, rgb in shown.items()),
    )
    hard = mined_negatives(network, tmp_path, Settings())
    wall, daisy = hard.weights([(STORE, name) for name in shown])
    assert daisy > 3 * wall


def test_weights_that_went_on_from_others_do_not_stay(tmp_path):
    (tmp_path / REFINED).write_bytes(b"of an earlier training")
    unpack_bundle(tmp_path, Settings())
    assert not (tmp_path / REFINED).exists()
