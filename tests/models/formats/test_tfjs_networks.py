"""Networks of TensorFlow.js: a folder or a zip file, whole or quantised weights."""

import json
import pickle
import shutil
import zipfile

import numpy as np
import pytest
from models.formats.small_networks import (
    keras_2_document,
    keras_2_logits,
    log_probabilities,
    pictures,
    write_keras_2,
)

from livecam.assembly.open_model import open_model
from livecam.core.types import RgbImage
from livecam.errors import ModelError
from livecam.models.catalogue import spec_of


def write_tfjs(folder, weights, quantise=None, parts=1):
    """A folder as Teachable Machine exports it; weights in 8 or 16 bits where asked for."""
    folder.mkdir()
    content, entries = b"", []
    for name, array in weights.items():
        entry = {"name": name, "shape": list(array.shape), "dtype": "float32"}
        if quantise == "float16":
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
            stored = array.astype("<f2")
        elif quantise:
            levels = np.iinfo(quantise).max
            scale, low = float(array.max() - array.min()) / levels, float(array.min())
            entry["quantization"] = {"dtype": quantise, "scale": scale, "min": low}
            stored = np.round((array - low) / scale).astype(quantise)
        else:
            stored = array.astype("<f4")
        content += stored.tobytes()
        entries.append(entry)
    names = [f"weights{n}.bin" for n in range(parts)] if parts > 1 else ["weights.bin"]
    cuts = [round(n * len(content) / parts) for n in range(parts + 1)]
    for number, name in enumerate(names):
        (folder / name).write_bytes(content[cuts[number] : cuts[number + 1]])
    document = keras_2_document()
    document["config"] = document["config"]["layers"]  # as TensorFlow.js 1 writes a Sequential
    (folder / "model.json").write_text(
        json.dumps(
            {
                "modelTopology": document,
                "weightsManifest": [{"paths": names, "weights": entries}],
            }
        )
    )
    (folder / "metadata.json").write_text(
        json.dumps({"tmVersion": "2.4", "labels": ["stone", "paper", "scissors"]})
    )
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_keras_2(tmp_path_factory.mktemp("keras") / "keras_model.h5")


def test_the_logits_are_those_of_the_network(weights, tmp_path, cache):
    folder = write_tfjs(tmp_path / "model", weights, parts=3)
    model = open_model(spec_of(folder), engine="litert")
    assert list(model.labels) == ["stone", "paper", "scissors"]
    for rgb in pictures():
        logits = model.infer(RgbImage(rgb)).logits
        np.testing.assert_allclose(logits, keras_2_logits(weights, rgb), atol=1e-4)


@pytest.mark.parametrize(
    ("quantise", "near"), [(None, 0), ("float16", 2e-3), ("uint16", 1e-4), ("uint8", 0.02)]
)
def test_quantised_weights_are_read(quantise, near, weights, tmp_path):
    file = spec_of(write_tfjs(tmp_path / "model", weights, quantise, parts=2)).network.file
    found = {name.rsplit("/")[-1]: arrays for name, arrays in file.read_weights().items()}
    for name, array in weights.items():
        layer, variable = name.split("/")
        of_layer = found[layer]
        read = of_layer.get(variable, of_layer["kernel"])
        assert read.dtype == np.float32
        np.testing.assert_allclose(read, array, atol=near)


def test_a_zip_file_is_as_good_as_the_folder(weights, tmp_path):
    folder = write_tfjs(tmp_path / "model", weights)
    whole = spec_of(folder)
    assert spec_of(folder / "model.json").facts == whole.facts
    for inside in ("", "my model/"):
        path = tmp_path / "model.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in folder.iterdir():
                archive.write(part, f"{inside}{part.name}")
        spec = spec_of(path)
        assert spec.facts == whole.facts
        assert spec.labels.first_names == whole.labels.first_names
        found, expected = (s.network.file.read_weights() for s in (spec, whole))
        assert found.keys() == expected.keys()


def test_another_part_makes_another_export(weights, tmp_path):
    keys = set()
    for name, factor in (("one", 1.0), ("other", 2.0)):
        changed = {key: array * np.float32(factor) for key, array in weights.items()}
        keys.add(str(spec_of(write_tfjs(tmp_path / name, changed)).key_parts()))
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "weights.bin").unlink(), "weights.bin cannot be read"),
        (lambda folder: (folder / "model.json").write_text("{"), "model.json is damaged"),
        (lambda folder: (folder / "model.json").write_text("{}"), "model.json is damaged"),
        (
            lambda folder: (folder / "model.json").write_text(
                '{"weightsManifest": [{"paths": ["../../secret"]}], "modelTopology": {}}'
            ),
            "structure cannot be read",
        ),
        (
            lambda folder: (folder / "model.json").write_text(
                '{"weightsManifest": [], "modelTopology": {"node": []}}'
            ),
            "layers model",
        ),
    ],
)
def test_a_damaged_folder_is_one_line(damage, words, weights, tmp_path):
    folder = write_tfjs(tmp_path / "model", weights)
    damage(folder)
    with pytest.raises(ModelError, match=words) as caught:
        spec_of(folder)
    assert "\n" not in str(caught.value)


def test_a_part_outside_of_the_folder_is_not_read(weights, tmp_path):
    folder = write_tfjs(tmp_path / "model", weights)
    shutil.move(folder / "weights.bin", tmp_path / "weights.bin")
    text = (folder / "model.json").read_text()
    (folder / "model.json").write_text(text.replace('"weights.bin"', '"../weights.bin"'))
    with pytest.raises(ModelError, match="outside of its folder"):
        spec_of(folder)


@pytest.mark.parametrize("quantise", [None, "uint8", "float16"])
def test_weights_that_are_cut_off_are_found_at_once(quantise, weights, tmp_path):
    """Before, after the structure was read, in NumPy's words on buffers."""
    folder = write_tfjs(tmp_path / "model", weights, quantise)
    content = (folder / "weights.bin").read_bytes()
    (folder / "weights.bin").write_bytes(content[:-7])
    said = f"cut off: weights.bin has {len(content) - 7} of {len(content)} bytes"
    with pytest.raises(ModelError, match=said) as caught:
        spec_of(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", [{"dtype": "float99"}, {"shape": "wide"}, {"shape": None}])
def test_a_list_of_weights_that_makes_no_sense_is_told_without_pythons_words(
    change, weights, tmp_path
):
    folder = write_tfjs(tmp_path / "model", weights)
    document = json.loads((folder / "model.json").read_text())
    document["weightsManifest"][0]["weights"][0] |= change
    (folder / "model.json").write_text(json.dumps(document))
    with pytest.raises(ModelError, match="list of weights is damaged") as caught:
        spec_of(folder)
    assert "Error" not in str(caught.value)


def test_a_real_export_of_teachable_machine_for_the_browser(shared, cache):
    folder = shared / "models" / "tm_tfjs"
    model = open_model(spec_of(folder), engine="litert")
    assert list(model.labels) == ["Class 1", "Class 2"]
    tf_keras = pytest.importorskip("tf_keras", reason="it is what builds such networks")
    whole = _in_tf_keras(tf_keras, folder)
    for rgb in pictures(20, 224):
        said = whole(rgb[np.newaxis].astype(np.float32) / 127 - 1).numpy()[0]
        output = model.infer(RgbImage(rgb))
        np.testing.assert_allclose(log_probabilities(output.logits), np.log(said), atol=1e-4)
        for index in range(2):
            activation = model.activation(output, index)
            mean = activation.grid.mean()
            assert mean + activation.constant == pytest.approx(output.logits[index], abs=1e-4)


def _in_tf_keras(tf_keras, folder):
    """The network as Keras 2 builds it of the same structure, the weights set by their names."""
    document = json.loads((folder / "model.json").read_text())
    topology = document["modelTopology"]
    model = tf_keras.models.model_from_json(json.dumps(_as_keras_2(topology)))
    found = spec_of(folder).network.file.read_weights()
    flat = {name.split("/")[-1]: arrays for name, arrays in found.items()}
    for layer in _flattened(model):
        if layer.weights:
            names = [w.name.split("/")[-1].split(":")[0] for w in layer.weights]
            arrays = flat[layer.name]
            layer.set_weights([arrays.get(n, arrays.get("kernel")) for n in names])
    return model


def _flattened(model):
    for layer in model.layers:
        yield from _flattened(layer) if hasattr(layer, "layers") else [layer]


def _as_keras_2(document):
    """TensorFlow.js 1 writes a Sequential's layers without a name."""
    if isinstance(document.get("config"), list):
        layers = [_as_keras_2(layer) for layer in document["config"]]
        return {**document, "config": {"name": f"sequential_{id(document)}", "layers": layers}}
    return document


def test_a_network_goes_to_other_processes(weights, tmp_path):
    spec = spec_of(write_tfjs(tmp_path / "model", weights))
    copy = pickle.loads(pickle.dumps(spec))  # noqa: S301  (our own)
    read, expected = (of.network.file.read_weights() for of in (copy, spec))
    assert read.keys() == expected.keys()
    for name, arrays in expected.items():
        for variable, values in arrays.items():
            np.testing.assert_array_equal(read[name][variable], values)
