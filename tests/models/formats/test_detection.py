"""A format is known by what a file is; what cannot be used is one line, and no code is run."""

import json
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from models.formats.small_networks import keras_2_document, write_keras_2
from support import livecam_here

from livecam.cli.app import main
from livecam.core.head import Head
from livecam.core.teaching.held_out import ClassFigure
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.formats import keras_files
from livecam.models.formats.detection import spec_of_file
from livecam.models.formats.keras_layers import _applied, refusal_of
from livecam.models.formats.layer_graph import Layer, variables_of
from livecam.models.network_options import NetworkOptions
from livecam.models.taught_file import TaughtBase, TaughtModel, taught_bytes


def keras_3_layer(kind, name, inputs=(), **config):
    """A layer as a `.keras` file has it."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [given, 0, 0]}}
        for given in inputs
    ]
    nodes = [{"args": tensors, "kwargs": {}}] if tensors else []
    return {"module": "keras.layers", "class_name": kind, "name": name,
            "config": {"name": name, **config}, "inbound_nodes": nodes}  # fmt: skip


def write_archive(path, layers, inputs=None, outputs=None):
    """A `.keras` file without any weights in it."""
    config = {
        "class_name": "Functional", "module": "keras.src.models.functional",
        "config": {
            "name": "net", "layers": layers,
            "input_layers": inputs or [[layers[0]["name"], 0, 0]],
            "output_layers": outputs or [[layers[-1]["name"], 0, 0]],
        },
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", b"")
    return path


PICTURE = keras_3_layer("InputLayer", "picture", batch_shape=[None, 32, 32, 3])
CONVOLUTION = keras_3_layer("Conv2D", "conv", ["picture"], filters=4, kernel_size=[3, 3])
POOLING = keras_3_layer("GlobalAveragePooling2D", "pool", ["conv"])
CLASSES = keras_3_layer("Dense", "classes", ["pool"], units=3, activation="softmax")
WHOLE = [PICTURE, CONVOLUTION, POOLING, CLASSES]


def test_a_whole_structure_is_taken(tmp_path):
    spec = spec_of(write_archive(tmp_path / "net.keras", WHOLE))
    assert spec.labels.first_names == ("class 0", "class 1", "class 2")
    assert spec.facts["map"] == "exact"


def changed(layer, **config):
    return {**layer, "config": {**layer["config"], **config}}


APPROXIMATE = {
    "swish after the pooling is": [
        keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="swish"),
        keras_3_layer("Dense", "classes", ["hidden"], units=3),
    ],
    "LayerNormalization after the pooling is": [
        keras_3_layer("LayerNormalization", "norm", ["pool"]),
        keras_3_layer("Dense", "classes", ["norm"], units=3),
    ],
    "sigmoid and elu after the pooling are": [
        keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="sigmoid"),
        keras_3_layer("ELU", "bend", ["hidden"]),
        keras_3_layer("Dense", "classes", ["bend"], units=3, activation="softmax"),
        keras_3_layer("Dropout", "drop", ["classes"]),
    ],
}


@pytest.mark.parametrize("reason", APPROXIMATE)
def test_a_map_of_the_gradient_is_called_approximate_and_the_reason_given(reason, tmp_path, capsys):
    layers = [PICTURE, CONVOLUTION, POOLING, *APPROXIMATE[reason]]
    path = write_archive(tmp_path / "net.keras", layers)
    assert main(["models", str(path)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("map ")]
    assert line == f"map       approximate, the gradient's: {reason} not piecewise linear"


REFUSED = {
    "code": (
        [PICTURE, keras_3_layer("Lambda", "trick", ["picture"], function="rm -rf"),
         changed(CONVOLUTION), POOLING, CLASSES],
        "",
    ),
    "a Lambda on the way": (
        [PICTURE, keras_3_layer("Lambda", "trick", ["picture"]),
         keras_3_layer("Conv2D", "conv", ["trick"], filters=4, kernel_size=[3, 3]), POOLING,
         CLASSES],
        "Python code (Lambda), which is never run",
    ),
    "a layer of one's own": (
        [PICTURE, keras_3_layer("MyLayer", "conv", ["picture"]), POOLING, CLASSES],
        "is a MyLayer, which is not known here",
    ),
    "no pooling": ([PICTURE, CONVOLUTION], "in pooling|no pooling"),
    "the maximum": (
        [PICTURE, CONVOLUTION, keras_3_layer("GlobalMaxPooling2D", "pool", ["conv"]), CLASSES],
        "pools by the maximum",
    ),
    "an activation of one's own after the pooling": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="wiggle"),
         keras_3_layer("Dense", "classes", ["hidden"], units=3)],
        "its activation wiggle after the pooling is not known here",
    ),
    "a normalisation over another axis": (
        [PICTURE, CONVOLUTION, changed(POOLING, keepdims=True),
         keras_3_layer("LayerNormalization", "norm", ["pool"], axis=[1]),
         keras_3_layer("Flatten", "flat", ["norm"]),
         keras_3_layer("Dense", "classes", ["flat"], units=3)],
        "is over another axis",
    ),
    "a threshold after the pooling": (
        [PICTURE, CONVOLUTION, POOLING, keras_3_layer("ReLU", "bend", ["pool"], threshold=0.5),
         keras_3_layer("Dense", "classes", ["bend"], units=3)],
        "has a threshold",
    ),
    "two paths after the pooling": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "gate", ["pool"], units=4, activation="sigmoid"),
         keras_3_layer("Multiply", "gated", ["pool", "gate"]),
         keras_3_layer("Dense", "classes", ["gated"], units=3)],
        "several paths lead to its classes, joined by Multiply",
    ),
    "attention after the features": (
        [PICTURE, CONVOLUTION, keras_3_layer("Reshape", "tokens", ["conv"], target_shape=[900, 4]),
         keras_3_layer("MultiHeadAttention", "attention", ["tokens", "tokens"]),
         keras_3_layer("GlobalAveragePooling1D", "pool", ["attention"]),
         keras_3_layer("Dense", "classes", ["pool"], units=3)],
        "GlobalAveragePooling1D before its classes is no pooling",
    ),
    "no sums of classes at its end": (
        [PICTURE, CONVOLUTION, POOLING, changed(CLASSES, activation="tanh")],
        "it ends in tanh, not in the sums or probabilities of classes",
    ),
    "several labels at once": (
        [PICTURE, CONVOLUTION, POOLING, changed(CLASSES, activation="sigmoid")],
        "its 3 classes do not exclude each other (sigmoid), so none is named",
    ),
    "a softmax in the middle": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="softmax"),
         keras_3_layer("Dense", "classes", ["hidden"], units=3)],
        "layers follow its softmax",
    ),
    "no picture": (
        [changed(PICTURE, batch_shape=[None, 128]), CONVOLUTION, POOLING, CLASSES],
        "not a picture of three colours",
    ),
    "no square": (
        [changed(PICTURE, batch_shape=[None, 32, 64, 3]), CONVOLUTION, POOLING, CLASSES],
        "64 x 32 pixels, not a square",
    ),
    "the channels first": (
        [PICTURE, changed(CONVOLUTION, data_format="channels_first"), POOLING, CLASSES],
        "channels first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (_, words) in REFUSED.items() if words])
def test_what_has_no_map_is_said_in_one_line(name, tmp_path):
    layers, words = REFUSED[name]
    path = write_archive(tmp_path / "net.keras", layers)
    with pytest.raises(ModelError, match=r"cannot be used") as caught:
        spec_of(path)
    assert any(part in str(caught.value) for part in words.split("|")), caught.value
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 6


def test_several_inputs_and_outputs_are_refused(tmp_path):
    other = keras_3_layer("InputLayer", "other", batch_shape=[None, 32, 32, 3])
    two = [["picture", 0, 0], ["other", 0, 0]]
    path = write_archive(tmp_path / "in.keras", [PICTURE, other, *WHOLE[1:]], inputs=two)
    with pytest.raises(ModelError, match="2 inputs"):
        spec_of(path)
    path = write_archive(tmp_path / "out.keras", WHOLE, outputs=[["classes", 0, 0], ["pool", 0, 0]])
    with pytest.raises(ModelError, match="2 outputs"):
        spec_of(path)


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


def test_numbers_before_the_names_are_left_out_and_others_stay(tmp_path):
    write_keras_2(tmp_path / "keras_model.h5")
    labels = tmp_path / "labels.txt"
    for text, names in {
        "0 stone\n1 paper\n2 scissors\n": ("stone", "paper", "scissors"),
        "0: stone\r\n1: paper\r\n2: a pair of scissors": ("stone", "paper", "a pair of scissors"),
        "7 dwarfs\n3 bears\n101 dogs\n\n": ("7 dwarfs", "3 bears", "101 dogs"),
        "\ufeffstone\npaper\nscissors": ("stone", "paper", "scissors"),
        '{"labels": ["a", "b", "c"]}': ("a", "b", "c"),
    }.items():
        labels.write_text(text, "utf-8")
        assert spec_of(tmp_path / "keras_model.h5").labels.first_names == names


def test_another_number_of_names_is_refused_and_a_file_can_be_named(tmp_path):
    write_keras_2(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_text("stone\npaper\n")
    with pytest.raises(ModelError, match=r"names 2 classes, and the network .* has 3"):
        spec_of(tmp_path / "keras_model.h5")
    mine = tmp_path / "mine.txt"
    mine.write_text("a\nb\nc\n")
    spec = spec_of(tmp_path / "keras_model.h5", options=NetworkOptions(labels=mine))
    assert spec.labels.first_names == ("a", "b", "c")
    with pytest.raises(ModelError, match="check --labels"):
        spec_of(tmp_path / "keras_model.h5", options=NetworkOptions(labels=tmp_path / "none"))


def test_one_name_of_one_output_says_yes_or_no(tmp_path):
    one = changed(CLASSES, units=1, activation="sigmoid")
    path = write_archive(tmp_path / "net.keras", [PICTURE, CONVOLUTION, POOLING, one])
    assert spec_of(path).labels.first_names == ("class 0", "class 1")
    assert spec_of(path).temperature == 2.0
    (tmp_path / "labels.txt").write_text("cat\n")
    assert spec_of(path).labels.first_names == ("not cat", "cat")


def test_flags_stand_above_what_the_maker_does(tmp_path):
    write_keras_2(tmp_path / "keras_model.h5")
    usual = spec_of(tmp_path / "keras_model.h5")
    assert usual.facts["picture"].startswith("32 x 32, RGB, -1 to 1.008")
    options = NetworkOptions(preprocess="unit", channel_order="bgr", input_size_px=48)
    asked = spec_of(tmp_path / "keras_model.h5", options=options)
    assert asked.facts["picture"] == "48 x 48, BGR, 0 to 1 (as asked for)"
    assert asked.key_parts() != usual.key_parts()


def test_flags_of_networks_in_files_are_for_these(tmp_path):
    with pytest.raises(SettingsError, match="network of your own"):
        spec_of("flowers", options=NetworkOptions(preprocess="tf"))
    write_keras_2(tmp_path / "net.h5")
    with pytest.raises(SettingsError, match="has no alpha"):
        spec_of(tmp_path / "net.h5", alpha=0.5)
    with pytest.raises(SettingsError, match="brings its own"):
        spec_of(tmp_path / "net.h5", weights_file=tmp_path / "net.h5")


FAMILIES = {
    "conv_pw_1": "RGB, -1 to 1", "block_1_expand": "RGB, -1 to 1",
    "conv2_block1_0_conv": "BGR, -103.939 to 151.061", "block1_conv1": "BGR, -103.939 to 151.061",
    "conv2_block1_0_bn": "RGB, -2.118 to 2.249", "block1_conv1_bn": "RGB, -1 to 1",
    "something": "RGB, 0 to 1",
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_families_of_keras_are_known_by_their_layers(name, tmp_path):
    layers = [
        PICTURE,
        keras_3_layer("Conv2D", name, ["picture"], filters=4, kernel_size=[3, 3]),
        keras_3_layer("GlobalAveragePooling2D", "pool", [name]),
        CLASSES,
    ]
    facts = spec_of(write_archive(tmp_path / "net.keras", layers)).facts
    assert FAMILIES[name] in facts["picture"]
    assert ("assumed" in facts["picture"]) == (name == "something")


def test_a_network_that_scales_its_pictures_itself_gets_them_as_they_are(tmp_path):
    layers = [
        PICTURE,
        keras_3_layer("Rescaling", "scale", ["picture"], scale=1 / 255),
        keras_3_layer("Conv2D", "conv", ["scale"], filters=4, kernel_size=[3, 3]),
        POOLING,
        CLASSES,
    ]
    facts = spec_of(write_archive(tmp_path / "net.keras", layers)).facts
    assert "0 to 255 (the network scales them itself)" in facts["picture"]


def test_a_layer_that_is_used_twice_is_refused(tmp_path):
    document = keras_2_document()
    model = document["config"]["layers"][0]["config"]["layers"][0]
    model["config"]["layers"][1]["inbound_nodes"] *= 2
    path = tmp_path / "net.h5"
    write_keras_2(path)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = json.dumps(document)
    with pytest.raises(ModelError, match="is used 2 times"):
        spec_of(path)


@pytest.mark.parametrize(("told", "names"), [(None, ("mean", "variance")), ([1.0, 2.0, 3.0], ())])
def test_a_normalisation_has_weights_where_it_was_not_told(told, names):
    layer = Layer(("norm",), "Normalization", {"axis": -1, "mean": told})
    assert variables_of(layer) == names


def test_models_says_what_is_known_of_a_network(tmp_path, capsys):
    write_keras_2(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_text("0 stone\n1 paper\n2 scissors\n")
    assert main(["models", str(tmp_path / "keras_model.h5")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "model     keras_model.h5"
    assert "picture   32 x 32, RGB, -1 to 1.008 (as Teachable Machine does)" in lines
    assert lines[-1] == "classes   3: stone, paper, scissors"


def test_models_also_says_what_is_known_of_those_that_come_here(capsys):
    """Before: "models has no command 'flowers'"."""
    assert main(["models", "flowers"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["model     MobileNet 0.5 flowers", "licence   MIT (livecam)"]
    assert lines[-1].startswith("classes   6: daisy, dandelion")
    assert main(["models", "flower"]) == 2


def test_classes_of_a_network_are_listed(tmp_path, capsys):
    write_keras_2(tmp_path / "keras_model.h5")
    assert main(["classes", "--model", str(tmp_path / "keras_model.h5")]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{n}  class {n}" for n in range(3)]


def test_a_layer_that_keras_itself_calls_custom_is_known():
    layer = Layer(("mixed",), "CustomScaleLayer", {"scale": 0.17}, ("one", "other"))
    assert refusal_of(layer, is_keras_2=False) == ""
    applied = _applied(None, layer, [np.ones(2), np.full(2, 100.0)], {})
    assert applied == pytest.approx([18.0, 18.0])


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


def test_a_structure_that_makes_no_sense_is_one_error(tmp_path):
    for topology in (5, "model", {"model_config": {"config": {"layers": [{"config": 3}]}}}):
        (tmp_path / "model.json").write_text(json.dumps({"modelTopology": topology}))
        with pytest.raises(ModelError, match="cannot be used"):
            spec_of_file(tmp_path, NetworkOptions())
