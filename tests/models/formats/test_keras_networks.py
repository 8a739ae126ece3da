"""Networks from files of Keras: the same logits as Keras says, exact and approximate maps."""

import numpy as np
import pytest
from models.formats.small_networks import (
    CURVED_HEADS,
    HEADS,
    SIDE_PX,
    gradient_map,
    keras_2_logits,
    log_probabilities,
    network,
    pictures,
    write_keras_2,
)
from support import textured

from livecam.assembly.calibration import calibration_of
from livecam.assembly.open_model import open_model
from livecam.core.types import RgbImage
from livecam.core.window_logits import window_of
from livecam.models.catalogue import spec_of
from livecam.models.int8_quantisation import Calibration
from livecam.native.tensorflow import import_keras


def check_maps(model, rgb):
    """The mean of every class's map and the constant are its logit."""
    output = model.infer(RgbImage(rgb))
    for index in range(len(model.labels)):
        activation = model.activation(output, index)
        part = window_of(activation.grid, activation.window, output.window_cells)
        assert part.mean() + activation.constant == pytest.approx(
            activation.logits[index], abs=1e-4
        )
    return output


@pytest.mark.parametrize(
    ("head", "ending"), [*((head, ".keras") for head in HEADS), ("relu", ".h5")]
)
def test_a_network_of_keras_3_says_what_keras_says(head, ending, tmp_path, cache):
    keras_model = network(head)
    path = tmp_path / f"network{ending}"
    keras_model.save(path)
    expected = keras_model.predict(pictures().astype(np.float32), verbose=0)
    model = open_model(spec_of(path), engine="litert")
    assert model.input_size.side_px == SIDE_PX
    assert model.input_size.cells == 4
    assert model.input_size.is_fixed == (head == "flattened")
    for rgb, said in zip(pictures(), expected, strict=True):
        logits = check_maps(model, rgb).logits
        if head == "logits":
            np.testing.assert_allclose(logits, said, atol=1e-4)
            continue
        whole = np.array([1 - said[0], said[0]]) if head == "two classes" else said
        ours = log_probabilities(logits, model.spec.temperature)
        np.testing.assert_allclose(np.exp(ours), whole, atol=1e-5)


@pytest.mark.parametrize(
    ("head", "ending"), [*((head, ".keras") for head in CURVED_HEADS), ("swish", ".h5")]
)
def test_a_head_that_is_not_piecewise_linear_has_the_map_of_the_gradient(
    head, ending, tmp_path, cache
):
    keras_model = network(head)
    path = tmp_path / f"network{ending}"
    keras_model.save(path)
    said = []
    model = open_model(spec_of(path), engine="litert", say=said.append)
    assert model.spec.approximate_because == model.head.approximate_because
    assert "its map is approximate, that of the gradient" in said[-1]
    for rgb in pictures(3):
        output = check_maps(model, rgb)
        expected = keras_model.predict(rgb[np.newaxis].astype(np.float32), verbose=0)[0]
        np.testing.assert_allclose(output.logits, expected, rtol=1e-5, atol=1e-4)
        for index in range(3):
            activation = model.activation(output, index)
            assert activation.is_approximate
            tape = gradient_map(keras_model, rgb, index)
            np.testing.assert_allclose(activation.grid, tape, rtol=1e-3, atol=1e-3)


def test_an_exact_network_says_nothing_of_that(tmp_path, cache):
    path, said = tmp_path / "network.keras", []
    network("relu").save(path)
    model = open_model(spec_of(path), engine="litert", say=said.append)
    assert not any("approximate" in line for line in said)
    assert not model.measure(RgbImage(pictures(1)[0]), 1).is_approximate


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_the_layer_of_its_own_that_convnext_has_is_read(ending, tmp_path, cache):
    keras = import_keras()
    layers = keras.layers
    from keras.src.applications.convnext import LayerScale

    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((SIDE_PX, SIDE_PX, 3)), layers.Rescaling(1 / 255),
        layers.Conv2D(6, 4, strides=4), layers.LayerNormalization(),
        LayerScale(0.5, 6, name="scale"), layers.GlobalAveragePooling2D(),
        layers.LayerNormalization(), layers.Dense(3),
    ])  # fmt: skip
    model.get_layer("scale").set_weights([np.linspace(-2, 3, 6)])
    path = tmp_path / f"network{ending}"
    model.save(path)
    opened = open_model(spec_of(path), engine="litert")
    for rgb in pictures(2):
        said = model.predict(rgb[np.newaxis].astype(np.float32), verbose=0)[0]
        np.testing.assert_allclose(check_maps(opened, rgb).logits, said, atol=1e-4)


def test_activations_that_are_functions_are_read(tmp_path, cache):
    keras = import_keras()
    layers, functions = keras.layers, keras.activations
    keras.utils.set_random_seed(4)
    picture = keras.Input((SIDE_PX, SIDE_PX, 3))
    x = functions.silu(layers.Conv2D(6, 4, strides=4)(layers.Rescaling(1 / 255)(picture)))
    x = layers.GlobalAveragePooling2D()(x)
    x = functions.gelu(layers.Dense(8)(x))
    x = functions.relu(layers.Dense(7)(x))
    x = functions.tanh(layers.Dense(6)(x))
    model = keras.Model(picture, layers.Dense(3)(x))
    path = tmp_path / "network.keras"
    model.save(path)
    opened = open_model(spec_of(path), engine="litert")
    assert opened.spec.approximate_because.startswith("gelu and tanh after the pooling are")
    for rgb in pictures(2):
        said = model.predict(rgb[np.newaxis].astype(np.float32), verbose=0)[0]
        np.testing.assert_allclose(check_maps(opened, rgb).logits, said, atol=1e-4)


def test_a_tangent_of_what_is_linear_after_all_is_the_exact_map(tmp_path, cache):
    """swish(x) - swish(-x) is x: two units with swish for each class of `flowers` are `flowers`."""
    keras, spec = import_keras(), spec_of("flowers")
    built = spec.build(spec.weights_path())
    full, head = built.keras_model, built.head
    classes = head.bias.size
    features = full.get_layer("conv_pw_13_relu").output
    x = keras.layers.GlobalAveragePooling2D()(features)
    hidden = keras.layers.Dense(2 * classes, activation="swish")
    last = keras.layers.Dense(classes, use_bias=False)
    model = keras.Model(full.input, last(hidden(x)))
    hidden.set_weights([np.hstack([head.kernel, -head.kernel]), np.hstack([head.bias, -head.bias])])
    last.set_weights([np.vstack([np.eye(classes), -np.eye(classes)])])
    model.save(tmp_path / "flowers.keras")
    approximate = open_model(spec_of(tmp_path / "flowers.keras"), engine="litert")
    exact, rgb = open_model(spec), RgbImage(textured(224, 224))
    for index in range(classes):
        one, other = (m.measure(rgb, index) for m in (exact, approximate))
        assert not one.is_approximate
        assert other.is_approximate
        np.testing.assert_allclose(other.grid, one.grid, atol=1e-3)


def test_keras_2_in_a_sequential_of_sequentials(tmp_path, cache):
    """Keras 3 does not load such a file."""
    weights = write_keras_2(tmp_path / "keras_model.h5")
    (tmp_path / "labels.txt").write_text("0 stone\n1 paper\n2 scissors\n")
    with pytest.raises(Exception, match=r"groups|inputs"):
        import_keras().models.load_model(tmp_path / "keras_model.h5")
    spec = spec_of(tmp_path / "keras_model.h5")
    assert "Teachable Machine" in spec.facts["picture"]
    model = open_model(spec, engine="litert")
    assert list(model.labels) == ["stone", "paper", "scissors"]
    for rgb in pictures():
        logits = check_maps(model, rgb).logits
        np.testing.assert_allclose(logits, keras_2_logits(weights, rgb), atol=1e-4)


def test_both_engines_take_any_multiple_of_a_cell(tmp_path, cache):
    path = tmp_path / "network.keras"
    network("relu").save(path)
    models = [open_model(spec_of(path), engine=name) for name in ("litert", "tensorflow")]
    rng = np.random.default_rng(4)
    rgb = rng.integers(0, 256, (SIDE_PX * 2, SIDE_PX * 3, 3), np.uint8)
    one, other = (check_maps(model, rgb) for model in models)
    assert one.features.shape == (8, 12, 9)
    assert not one.is_one_window
    np.testing.assert_allclose(one.features, other.features, atol=1e-4)
    np.testing.assert_allclose(one.logits, other.logits, atol=1e-4)


def test_int8_is_near_to_float32_and_has_its_own_export(tmp_path, cache):
    path = tmp_path / "network.keras"
    network("one layer").save(path)
    seen = pictures(40)
    few = Calibration("forty", lambda: [RgbImage(rgb) for rgb in seen])
    exact = open_model(spec_of(path), engine="litert")
    small = open_model(spec_of(path), precision="int8", calibration=few)
    assert small.description.endswith("int8")
    for rgb in seen[:5]:
        maps = [model.measure(RgbImage(rgb), 1).grid.ravel() for model in (exact, small)]
        assert np.corrcoef(*maps)[0, 1] > 0.95
        check_maps(small, rgb)
    assert calibration_of(None).is_bundled


def test_a_real_export_of_teachable_machine_for_keras(shared, cache):
    path = shared / "models" / "tm_keras" / "keras_model.h5"
    model = open_model(spec_of(path), engine="litert")
    assert list(model.labels) == ["PLASTIC", "PAPER", "METAL", "CARDBOARD", "GLASS"]
    tf_keras = pytest.importorskip("tf_keras", reason="it is what loads such files")
    whole = tf_keras.models.load_model(path, compile=False)
    for rgb in pictures(20, 224):
        said = whole(rgb[np.newaxis].astype(np.float32) / 127 - 1).numpy()[0]
        ours = log_probabilities(check_maps(model, rgb).logits)
        np.testing.assert_allclose(ours, np.log(said), atol=1e-4)
