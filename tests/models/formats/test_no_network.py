"""What is said of a file or folder that is no network, where a network is near."""

import zipfile

import pytest

from livecam.errors import ModelError
from livecam.models.formats.detection import spec_of_file
from livecam.models.network_options import NetworkOptions


def said_of(path) -> str:
    with pytest.raises(ModelError) as caught:
        spec_of_file(path, NetworkOptions())
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def archive(tmp_path):
    """As Teachable Machine gives its Keras export."""
    path = tmp_path / "converted_keras.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("keras_model.h5", bytes(1000))
        file.writestr("labels.txt", "0 rose\n1 tulip\n")
    return path


@pytest.mark.parametrize("percent", [10, 50, 99])
@pytest.mark.parametrize("name", ["x.keras", "x.livecam", "x.zip"])
def test_a_zip_file_that_is_cut_off_is_called_so(archive, tmp_path, percent, name):
    """It was called a network of no known kind."""
    content = archive.read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) * percent // 100])
    assert "damaged or cut off: copy or export it again" in said_of(tmp_path / name)


def test_a_zip_file_with_a_network_has_to_be_unpacked(archive):
    assert "it has to be unpacked: give 'keras_model.h5' of it" in said_of(archive)


def test_a_folder_with_a_network_names_it(tmp_path):
    (tmp_path / "labels.txt").write_text("0 rose\n")
    assert "of a known kind" in said_of(tmp_path)
    (tmp_path / "net.tflite").write_bytes(b"x")
    assert f"give '{tmp_path / 'net.tflite'}'" in said_of(tmp_path)
