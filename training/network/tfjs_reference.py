"""Compares the network in torch with the maps of TensorFlow.js, both with the published weights."""

import json
from pathlib import Path

import cv2
import numpy as np

from training.network.inference import maps_of
from training.network.mobilenet import MobileNet
from training.settings import IMAGENET_DAISY, TFJS_REFERENCE

TOLERANCE = 1e-4  # of activations that reach 40


def check_against_tfjs(network: MobileNet, shared: Path) -> float:
    """Return the largest difference between the daisy maps; raise if it is too large."""
    reference = json.loads((shared / TFJS_REFERENCE / "golden.json").read_text())
    pictures = [cv2.imread(str(shared / TFJS_REFERENCE / name))[..., ::-1] for name in reference]
    expected = np.array([picture["grid"] for picture in reference.values()])
    worst = float(np.abs(maps_of(network, pictures)[:, IMAGENET_DAISY] - expected).max())
    if worst > TOLERANCE:
        raise ValueError(f"torch and TensorFlow.js disagree by {worst}")
    return worst
