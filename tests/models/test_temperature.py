"""Temperature and threshold of a network reach its probabilities, not its maps or logits."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from support import textured

from livecam.assembly.library_arguments import ClassChoice
from livecam.assembly.measure_pictures import measure_picture
from livecam.assembly.open_model import OpenedModel
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.head import Head
from livecam.core.seen_class import AnswerLevels
from livecam.core.turned_mean import mean_of
from livecam.core.types import CropBox, NetworkOutput
from livecam.core.window_logits import window_probabilities
from livecam.models.catalogue import flowers_spec
from livecam.pipeline.class_maps import SeenArea, class_map_of
from livecam.settings.schema import MapSettings

RNG = np.random.default_rng(0)
FEATURES = RNG.random((7, 7, 8), np.float32)
HEAD = Head(RNG.normal(0, 4, (8, 6)).astype(np.float32), np.zeros(6, np.float32))
LOGITS = FEATURES.mean((0, 1)) @ HEAD.kernel


def measured(temperature, sure_from=0.0):
    levels = (AnswerLevels(sure_from=sure_from), *[AnswerLevels(1.0, 1.0)] * 2)
    spec = replace(flowers_spec(), temperature=temperature, levels=levels)
    engine = SimpleNamespace(infer=lambda _: FEATURES, name="fake", details="fake")
    model = OpenedModel(spec, engine, HEAD)
    wanted = ClassChoice(follows=True, named=(0,))
    return measure_picture(model, textured(224, 224), wanted, MapSettings(), features=False)


def test_a_temperature_changes_probabilities_alone():
    usual, tempered = measured(1.0), measured(2.5)
    assert tempered.probabilities.max() < usual.probabilities.max()
    powers = np.exp(LOGITS.astype(float) / 2.5)
    np.testing.assert_allclose(tempered.probabilities, powers / powers.sum(), rtol=1e-5)
    assert tempered.top[0][2] == pytest.approx(tempered.probabilities.max())
    np.testing.assert_array_equal(tempered.logits, usual.logits)
    for of_tempered, of_usual in zip(
        tempered.classes.values(), usual.classes.values(), strict=True
    ):
        np.testing.assert_array_equal(of_tempered.grid, of_usual.grid)
        index = of_tempered.class_index
        assert of_tempered.probability == pytest.approx(tempered.probabilities[index])


def test_an_answer_below_the_threshold_is_not_sure():
    best = measured(1.0).probabilities.max()
    unsure, sure = measured(1.0, sure_from=best + 1e-6), measured(1.0, sure_from=best)
    assert sure.is_sure
    assert not unsure.is_sure
    assert unsure.seen == sure.seen
    assert f"not sure: {sure.seen or 'something else'}?" in repr(unsure)
    assert "not sure" not in repr(sure)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (AnswerLevels(0.0, 0.5), ("daisy", False)),  # by the daisy, not by how sure "other" is
        (AnswerLevels(0.0, 0.2), ("daisy", True)),
        (AnswerLevels(0.3, 0.5), (None, True)),  # a daisy of one window in sixteen, by chance
    ],
)
def test_the_levels_of_a_large_map_are_asked_of_the_class_that_is_named(turned, levels, expected):
    """Elsewhere in the picture "other" leads, and is quite sure of it."""
    features = np.zeros((14, 14, 6), np.float32)
    features[..., 5] = 9.0  # other, wherever nothing is
    features[:7, :7] = np.array([0.5, 0, 0, 0, 0, 0], np.float32)
    head = Head(np.eye(6, dtype=np.float32), np.zeros(6, np.float32))
    engine = SimpleNamespace(infer=lambda _: features, name="fake", details="fake")
    model = OpenedModel(replace(flowers_spec(), levels=(levels,) * 3), engine, head)
    output = model.infer(np.zeros((448, 448, 3), np.uint8))
    if turned:
        output = mean_of(output, output)
    shown = class_map_of(model, output, 0, SeenArea(CropBox(0, 0, 448, 448)))
    stats = stats_of(shown, model.labels, model.class_choices, FrameTiming())
    assert (stats.seen, stats.is_sure) == expected


def test_the_windows_of_a_larger_map_are_tempered_too():
    features = RNG.random((14, 14, 8), np.float32)
    bias = np.zeros(6, np.float32)
    output = NetworkOutput(features, features.mean((0, 1)) @ HEAD.kernel, HEAD, temperature=2.5)
    untempered = NetworkOutput(features, output.logits, HEAD)
    assert output.probabilities.max() < untempered.probabilities.max()
    halved = window_probabilities(features, Head(HEAD.kernel / 2.5, bias)).max(0)
    np.testing.assert_allclose(output.probabilities, halved, rtol=1e-5)


def test_the_bundled_network_has_both():
    """As the last training fitted them: training/MODEL_CARD.md."""
    assert flowers_spec().temperature == pytest.approx(1.91, abs=0.01)
    assert flowers_spec().levels == ((0.4, 0.78), (0.8, 0.97), (0.9, 0.995))
