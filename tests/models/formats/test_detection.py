"""A format is known by what a file is; what cannot be used is one line, and no code is run."""

import os
import zipfile
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from models.formats.small_networks import write_keras_2
from support import livecam_here

from livecam.core.head import Head
from livecam.core.teaching.held_out import ClassFigure
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.formats import keras_files
from livecam.models.formats.detection import spec_of_file
from livecam.models.network_options import NetworkOptions
from livecam.models.taught_file import TaughtBase, TaughtModel, taught_bytes


from models.formats.keras_archives import WHOLE, write_archive


def pickled(path):
    path.write_bytes(b"\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system")


def weights_alone(path):
    with h5py.File(path, "w") as file:
        file.create_group("model_weights")


DAMAGED = {
    "no such file": (lambda _: None, "there is no network .*check --model"),
    "empty": (lambda path: path.write_bytes(b""), "it is empty"),
    "text": (lambda path: path.write_text("hello"), "no network of a known kind"),
    "pickled code": (pickled, "no network of a known kind"),
    "an empty folder": (Path.mkdir, "no network of a known kind"),
    "half an HDF5 file": (
        lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50)), "is damaged",
    ),
    "weights alone": (weights_alone, "weights without their network"),
    "another zip file": (
        lambda path: zipfile.ZipFile(path, "w").close(), "no network of a known kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_bad_file_is_one_line(name, tmp_path):
    make, words = DAMAGED[name]
    path = tmp_path / "network.any"
    make(path)
    with pytest.raises(ModelError, match=words) as caught:
        spec_of(path)
    assert "\n" not in str(caught.value)


def test_a_word_that_is_no_model_is_a_mistake_of_the_command_line():
    with pytest.raises(SettingsError, match="there is no model 'flower': use imagenet, flowers"):
        spec_of("flower")


def test_on_the_command_line_too(tmp_path):
    (tmp_path / "net.h5").write_text("nothing")
    arguments = ["daisy", "--no-window", "--stats", "-", "--model", "net.h5"]
    run = livecam_here(*arguments, cwd=tmp_path)
    assert run.returncode == 6
    assert "Traceback" not in run.stderr
    assert "net.h5 cannot be used" in run.stderr.splitlines()[-1]


def test_two_gigabytes_are_the_most(tmp_path, monkeypatch):
    path = write_archive(tmp_path / "net.keras", WHOLE)
    monkeypatch.setattr(keras_files, "LARGEST_BYTES", 100)
    with pytest.raises(ModelError, match="2 GB"):
        spec_of(path)


def test_weights_that_are_missing_are_one_line(tmp_path):
    path = tmp_path / "keras_model.h5"
    write_keras_2(path)
    with h5py.File(path, "r+") as file:
        del file["model_weights"]["classes"]
    with pytest.raises(ModelError, match=r"the kernel of its layer .*dense_Dense1 is missing"):
        spec_of(path).network.file.read_weights()


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_archive_is_one_error(seed, tmp_path):
    """Before, some damages ended in zlib.error, BadZipFile or OverflowError."""
    rng = np.random.default_rng(seed)
    head = Head(rng.normal(size=(8, 3)).astype(np.float32), np.zeros(3, np.float32))
    figures = tuple(ClassFigure(name, 3, 3, 3, (3, 0, 0)) for name in "abc")
    taught = TaughtModel(TaughtBase("flowers", 0.5, "0" * 64), head, 1.0, figures)
    content = bytearray(taught_bytes(taught))
    for place in rng.integers(len(content), size=3):
        content[place] ^= int(rng.integers(1, 256))
    path = tmp_path / "m.livecam"
    path.write_bytes(content)
    with suppress(ModelError):
        spec_of_file(path, NetworkOptions())


def test_a_device_is_no_network():
    with pytest.raises(ModelError, match="neither a file nor a folder"):
        spec_of_file(Path(os.devnull), NetworkOptions())
