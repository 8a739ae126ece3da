"""Keras' MobileNet with its head taken apart: features, class maps and logits.

Needs Keras; torch is not imported.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data.picture_store import Picture
from training.evaluate.metrics import softmax
from training.output_files import FINAL_WEIGHTS, HEAD
from training.settings import CLASSES, IMAGENET_ALPHA, IMAGENET_WEIGHTS, Settings


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Outputs of a network: maps `[N, classes, 7, 7]` and logits `[N, classes]`.

    The softmax of the logits divided by `temperature` are the probabilities.
    """

    maps: np.ndarray
    logits: np.ndarray
    temperature: float = 1.0

    @property
    def probabilities(self) -> np.ndarray:
        """Calibrated probabilities `[N, classes]`."""
        return softmax(self.logits / self.temperature)


class KerasMobileNet:
    """A network whose features, maps and logits can be asked for."""

    def __init__(self, model: Any, temperature: float = 1.0) -> None:
        import keras

        self._temperature = temperature
        outputs = [model.get_layer("conv_pw_13_relu").output, model.output]
        self._model = keras.Model(model.input, outputs)
        kernel, bias = (np.asarray(w) for w in model.get_layer("conv_preds").get_weights())
        self._columns, self._bias = kernel[0, 0], bias

    def features_and_probabilities(
        self, pictures: list[Picture] | np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return `[N, 7, 7, C]` and `[N, classes]` of 224 x 224 RGB pictures."""
        inputs = np.stack(pictures).astype(np.float32) * (2.0 / 255.0) - 1.0
        features, probabilities = self._model.predict(inputs, verbose=0, batch_size=32)
        return np.asarray(features), np.asarray(probabilities)

    def features(self, pictures: list[Picture]) -> np.ndarray:
        """Return `[N, 7, 7, C]` of 224 x 224 RGB pictures."""
        return self.features_and_probabilities(pictures)[0]

    def predictions(self, features: np.ndarray) -> Predictions:
        """Return maps and logits; mean(map) + bias is the logit."""
        maps = (features @ self._columns).transpose(0, 3, 1, 2)
        return Predictions(maps, maps.mean((2, 3)) + self._bias, self._temperature)

    def predict(self, pictures: list[Picture]) -> Predictions:
        """Return maps and logits of 224 x 224 RGB pictures."""
        return self.predictions(self.features(pictures))


def keras_model(alpha: float, classes: int = len(CLASSES), side_px: int = 224) -> Any:
    """Return Keras' MobileNet with random weights and its softmax."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return keras.applications.MobileNet(
        alpha=alpha, input_shape=(side_px, side_px, 3), weights=None, classes=classes
    )


def exported_network(out: Path, settings: Settings, side_px: int = 224) -> KerasMobileNet:
    """Return the student as it was exported, for pictures of this size."""
    model = keras_model(settings.student.alpha, side_px=side_px)
    model.load_weights(out / FINAL_WEIGHTS)
    return KerasMobileNet(model, json.loads((out / HEAD).read_text())["temperature"])


def imagenet_network(shared: Path) -> KerasMobileNet:
    """Return the published ImageNet network."""
    model = keras_model(IMAGENET_ALPHA, 1000)
    model.load_weights(shared / IMAGENET_WEIGHTS)
    return KerasMobileNet(model)
