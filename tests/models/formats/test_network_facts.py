"""What is known of a network in a file: its names, how it takes pictures, what its family is."""

import pytest
from models.formats.small_networks import write_keras_2

from livecam.cli.app import main
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.network_options import NetworkOptions


from models.formats.keras_archives import (
    CLASSES,
    CONVOLUTION,
    PICTURE,
    POOLING,
    changed,
    keras_3_layer,
    write_archive,
)


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
