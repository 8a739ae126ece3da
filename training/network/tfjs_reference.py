"""Holds the network in torch against what TensorFlow.js said with the same published weights."""

import json
from pathlib import Path

import cv2
import numpy as np

from training.network.inference import maps_of
from training.network.mobilenet import MobileNet
from training.settings import IMAGENET_DAISY

FOLDER = "reference/tfjs_mobilenet_v1_075_daisy"
TOLERANCE = 1e-4  # of activations that reach 40


def check_golden(network: MobileNet, shared: Path) -> float:
    """Return the largest difference between the daisy maps; raise if it is too large."""
    golden = json.loads((shared / FOLDER / "golden.json").read_text())
    pictures = [cv2.imread(str(shared / FOLDER / name))[..., ::-1] for name in golden]
    truth = np.array([known["grid"] for known in golden.values()])
    worst = float(np.abs(maps_of(network, pictures)[:, IMAGENET_DAISY] - truth).max())
    if worst > TOLERANCE:
        raise ValueError(f"torch and TensorFlow.js disagree by {worst}")
    return worst
