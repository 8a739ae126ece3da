"""A sheet of kept-apart photographs and rendered views with their daisy maps laid over them."""

from pathlib import Path

import cv2
import numpy as np

from training.data import rendered_scenes
from training.evaluate.held_out import Network
from training.export.keras_export import FINAL, keras_model
from training.evaluate.metrics import softmax
from training.data.build_stores import PICTURES
from training.settings import ACT_MAX, CLASSES, DAISY, Settings, Split
from training.data.centred_square import SIDE_PX, centred_square
from training.data.picture_store import Picture, Store

COLUMNS = 10
ROWS = (("daisy", 20), ("dandelion", 10), ("sunflower", 10), ("rose", 5), ("tulip", 5),
        ("photo", 5), ("clip", 5), ("synthetic", 10))  # fmt: skip
GAIN = 0.1


def montage(out: Path, target: Path, settings: Settings, split: Split = "test") -> None:
    """Draw the sheet; brightness is exp(0.1 * (A - act_max)), never stretched."""
    model = keras_model(settings.student.alpha)
    model.load_weights(out / FINAL)
    network, store = Network(model), Store(out / PICTURES)
    pictures: list[Picture] = []
    for kind, count in ROWS:
        entries = list(store.pick(split, kind))
        entries = entries[:: max(1, len(entries) // count)][:count]
        pictures += [centred_square(store.picture(entry)) for entry in entries]
    pictures += [view for view, _ in rendered_scenes.test_views(40)][::2]
    pictures += list(rendered_scenes.test_bare_views(30))[::3]
    reply = network.reply(network.features(pictures))
    chances = softmax(reply.logits)
    tiles = [_tile(*shown) for shown in zip(pictures, reply.maps[:, DAISY], chances, strict=True)]
    tiles += [tiles[0] * 0] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(target), np.vstack(rows))


def _tile(picture: Picture, grid: np.ndarray, chances: np.ndarray) -> np.ndarray:
    brightness = np.minimum(np.exp(GAIN * (grid - ACT_MAX)), 1.0)
    heat = cv2.resize((brightness * 255).astype(np.uint8), (SIDE_PX, SIDE_PX))
    heat_bgr = cv2.applyColorMap(heat, cv2.COLORMAP_JET)
    tile = cv2.addWeighted(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), 0.55, heat_bgr, 0.45, 0)
    row, column = np.unravel_index(grid.argmax(), grid.shape)
    cell = SIDE_PX // grid.shape[0]
    middle = (int((column + 0.5) * cell), int((row + 0.5) * cell))
    cv2.circle(tile, middle, 6, (255, 255, 255), 1, cv2.LINE_AA)
    text = f"{CLASSES[chances.argmax()]} {chances.max():.2f}  {grid.max():.0f}"
    cv2.putText(tile, text, (3, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return tile
